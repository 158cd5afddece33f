package app

import (
	"slices"
	"strings"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// serviceLevelPage answers: can what is promised be kept, which agreements want
// attention, where is the budget spent or the measure missing.
func serviceLevelPage(p *page) {
	p.askOf("kept", nil, "SLM-003", "SLM-004", "SLM-005", "SLM-006", "SLM-008", "SLM-009", "SLM-010", "SUP-002")
	p.askOf("agreements", nil, "SLM-001", "SLM-007", "SLM-012", "SLM-014", "SLM-015", "SLM-016", "SLM-018", "SLM-020", "SLM-021")
	p.askMeasured()
	p.promiseTable()
	p.agreements()
	p.agreementReviews()
}

// askMeasured asks for promises that are broken or at risk in their period, for targets
// that cannot be measured, and for those without a figure: what is broken comes first, then
// agreement by agreement what nobody measures.
func (p *page) askMeasured() {
	silent, risk := 0, 0
	var without []model.Ref
	var broken []*ObjectiveView
	targets := map[model.Ref][]string{}
	p.promises(func(o *model.Object, x *model.Agreement, t *model.Target, _ int) {
		unmeasured := false
		for _, s := range x.Services {
			switch v := p.stand(o.Ref(), t.Name, s); {
			case v == nil || v.Mark == MarkUnknown:
				if latestFigures(p.state.Snap, o.Ref(), t.Name, s) == nil {
					silent++
					unmeasured = true
				}
			case v.Mark == MarkGap:
				broken = append(broken, v)
			case v.Mark == MarkRisk:
				risk++
			}
		}
		if !unmeasured {
			return
		}
		if targets[o.Ref()] == nil {
			without = append(without, o.Ref())
		}
		label := p.w.Value(t.Metric)
		if t.Priority != "" {
			label += " " + t.Priority
		}
		targets[o.Ref()] = append(targets[o.Ref()], label)
	})
	args := finding.Args{"silent": silent, "risk": risk, "broken": len(broken), "worst": ""}
	if len(broken) > 0 {
		args["worst"] = broken[0].Service.Title.In(string(p.w.Lang)) + p.w.Colon() + broken[0].Label
	}
	p.askOf("measured", args, "SLM-002", "SLM-011", "SLM-013", "SLM-017")
	q := &p.Questions[len(p.Questions)-1]
	var items []QuestionItem
	for _, v := range broken {
		items = append(items, p.item(v.Of.Ref, p.w.Message("page.servicelevel.broken", finding.Args{"service": v.Service.Title.In(string(p.w.Lang)), "target": v.Label, "attained": v.Attained, "promised": v.Promised, "window": v.Window.Label})))
	}
	q.Items = append(items, q.Items...)
	q.Items = q.Items[:min(len(q.Items), itemsShown)]
	switch {
	case len(broken) > 0:
		q.Mark = q.Mark.Worst(MarkGap)
	case risk > 0:
		q.Mark = q.Mark.Worst(MarkRisk)
	case silent > 0:
		q.Mark = q.Mark.Worst(MarkUnknown)
	}
	for _, r := range without {
		if len(q.Items) < itemsShown {
			q.Items = append(q.Items, p.item(r, p.w.Message("page.servicelevel.unmeasured", finding.Args{"targets": targets[r]})))
		}
	}
}

// promiseTable sets promise, prediction and measurement of every target in force
// side by side.
func (p *page) promiseTable() {
	t := p.list("promises", [2]string{"agreement", "ref"}, [2]string{"service", "ref"}, [2]string{"target", "text"}, [2]string{"mark", "mark"}, [2]string{"promised", "figure"}, [2]string{"predicted", "figure"}, [2]string{"measured", "figure"}, [2]string{"customer", "ref"}, [2]string{"hours", "ref"})
	behind := map[model.Ref]map[promiseKey]*servicelevel.Promise{}
	p.promises(func(o *model.Object, x *model.Agreement, target *model.Target, i int) {
		for _, service := range x.Services {
			h, ok := p.state.Snap.Find(service)
			if !ok || p.state.Snap.Object(h) == nil {
				continue
			}
			if behind[service] == nil {
				behind[service] = p.state.behind(h)
			}
			v := p.state.promise(p.w, o, x, i, h, behind[service])
			cells := map[string]any{
				"agreement": p.name(o.Ref()), "customer": p.name(x.Customer), "service": p.name(service), "target": v.Label, "promised": v.Promised,
				"hours": p.name(x.Hours), "mark": v.Verdict,
			}
			if !target.Calendar.IsZero() {
				cells["hours"] = p.name(target.Calendar)
			}
			if v.Predicted != "" {
				cells["predicted"] = v.Predicted
			}
			x := p.stand(o.Ref(), target.Name, service)
			switch {
			case x != nil && x.Attained != "" && x.Basis != "declared":
				cells["measured"] = x.Attained
			case v.Measured == "":
			case v.Declared:
				cells["measured"] = p.w.Message("page.declared", finding.Args{"value": v.Measured})
			default:
				cells["measured"] = v.Measured
			}
			t.add(o.Ref(), cells)
		}
	})
}

// monthInWords writes the month of a date: "March 2027".
func monthInWords(w language.Writer, d model.Date) string {
	_, month, _ := strings.Cut(w.Date(d), "\u00a0")
	return capital(month)
}

// agreements lists all agreements with the days that matter, the next first.
func (p *page) agreements() {
	t := p.list("agreements", [2]string{"agreement", "ref"}, [2]string{"type", "text"}, [2]string{"with", "ref"}, [2]string{"services", "list"}, [2]string{"next", "date"}, [2]string{"noticeBy", "date"}, [2]string{"end", "date"}, [2]string{"signatures", "text"}, [2]string{"mark", "mark"})
	for _, h := range p.state.Snap.OfKind("agreement") {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.Agreement)
		s := calendars.AgreementStanding(x, p.state.On)
		with := x.Customer
		if x.Type == "ola" {
			with = x.Provider
		}
		cells := map[string]any{
			"agreement": p.name(o.Ref()), "type": p.label("agreement", "type", x.Type), "with": p.name(with), "services": names(p.state, x.Services), "noticeBy": day(s.NoticeBy), "end": day(s.Last),
			"mark": p.markAbout(o.Ref()),
		}
		cells["next"] = cells["end"]
		if s.Renews && !s.NoticePassed {
			cells["next"] = day(s.NoticeBy)
		}
		var signed []string
		for _, sig := range x.Signatures {
			if name := choiceOf("agreement", "party", sig.Party).In(string(p.w.Lang)); !slices.Contains(signed, name) {
				signed = append(signed, name)
			}
		}
		cells["signatures"] = p.w.List(signed)
		if s.Ended() {
			cells["next"] = nil
		}
		t.add(o.Ref(), cells)
	}
	sortByDate(t, "next")
}

// stand is how a promise stands in its present period, by what is recorded; nil where the
// page shows another day or another version, or where nothing is recorded anywhere.
func (p *page) stand(of model.Ref, target string, service model.Ref) *ObjectiveView {
	if p.standing == nil {
		return nil
	}
	i, ok := p.standing.by[of.String()+"#"+target+"#"+service.String()]
	if !ok {
		return nil
	}
	x := p.standing.view(p.w, i)
	return &x
}
