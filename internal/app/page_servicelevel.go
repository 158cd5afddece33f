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
	p.attainment()
	p.agreements()
	p.agreementReviews()
}

// askMeasured asks for targets that are missed, and for those without a figure:
// what is missed comes first, then agreement by agreement what nobody measures.
func (p *page) askMeasured() {
	silent := 0
	var without []model.Ref
	targets := map[model.Ref][]string{}
	p.promises(func(o *model.Object, x *model.Agreement, t *model.Target, _ int) {
		unmeasured := false
		for _, s := range x.Services {
			if latestFigures(p.state.Snap, o.Ref(), t.Name, s) == nil {
				silent++
				unmeasured = true
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
	p.askOf("measured", finding.Args{"silent": silent}, "SLM-002", "SLM-011", "SLM-013", "SLM-017")
	q := &p.Questions[len(p.Questions)-1]
	if silent > 0 {
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
			switch {
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

// monthsShown is how many months the table of attainment shows.
const monthsShown = 6

// attainment is the table of services and months: what was attained of each
// availability target, worst where several figures fall in a month.
func (p *page) attainment() {
	t := p.list("attainment", [2]string{"service", "ref"}, [2]string{"agreement", "ref"}, [2]string{"promised", "text"})
	first := p.state.On.UTC()
	month := model.NewDate(first.Year(), first.Month(), 1).AddMonths(-monthsShown)
	for range monthsShown + 1 {
		t.Columns = append(t.Columns, Column{"month-" + month.String()[:7], monthInWords(p.w, month), "availability"})
		month = month.AddMonths(1)
	}
	p.promises(func(o *model.Object, x *model.Agreement, target *model.Target, _ int) {
		if target.Availability == nil && target.Percentile == nil {
			return
		}
		h, _ := p.state.Snap.Find(o.Ref())
		byService := map[model.Ref]map[string]model.Availability{}
		for _, in := range p.state.Snap.In(h) {
			f, ok := p.state.Snap.Object(in.From).Spec.(*model.CaseFigures)
			if !ok || f.Target != target.Name || f.Attained == nil || f.Until.IsZero() {
				continue
			}
			key := "month-" + f.Until.String()[:7]
			for _, s := range x.Services {
				if !f.Service.IsZero() && f.Service != s {
					continue
				}
				if byService[s] == nil {
					byService[s] = map[string]model.Availability{}
				}
				if known, ok := byService[s][key]; !ok || f.Attained.Less(known) {
					byService[s][key] = *f.Attained
				}
			}
		}
		for _, s := range x.Services {
			cells := map[string]any{"service": p.name(s), "agreement": p.name(o.Ref()), "promised": p.w.Value(target.Metric) + " " + PromisedValue(p.w, *target)}
			for key, value := range byService[s] {
				cells[key] = value.String()
			}
			if len(byService[s]) > 0 {
				t.add(s, cells)
			}
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
