package app

import (
	"slices"
	"strings"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// serviceLevelPage answers: can what is promised be kept, which agreements want
// attention, where is the budget spent or the measure missing.
func serviceLevelPage(p *page) {
	p.askOf("kept", nil, "SLM-003", "SLM-004", "SLM-005", "SLM-006", "SLM-008", "SLM-009", "SLM-010", "SUP-002")
	p.askOf("agreements", nil, "SLM-001", "SLM-007", "SLM-012", "SLM-014", "SLM-015", "SLM-016", "SLM-018")
	p.askMeasured()
	p.promiseTable()
	p.attainment()
	p.agreements()
}

// askMeasured asks for targets that are missed, and for those without a figure.
func (p *page) askMeasured() {
	silent := 0
	p.promises(func(o *model.Object, x *model.Agreement, t *model.Target, _ string) {
		for _, s := range x.Services {
			if latestFigures(p.state.Snap, o.Ref(), t.Name, s) == nil {
				silent++
			}
		}
	})
	p.askOf("measured", finding.Args{"silent": silent}, "SLM-002", "SLM-011", "SLM-013", "SLM-017")
	if q := &p.Questions[len(p.Questions)-1]; silent > 0 {
		q.Mark = q.Mark.Worst(MarkUnknown)
	}
}

// promiseTable sets promise, prediction and measurement of every target in force
// side by side.
func (p *page) promiseTable() {
	t := p.list("promises", [2]string{"agreement", "ref"}, [2]string{"customer", "ref"}, [2]string{"service", "ref"}, [2]string{"target", "text"}, [2]string{"promised", "text"}, [2]string{"predicted", "availability"}, [2]string{"measured", "text"}, [2]string{"hours", "ref"}, [2]string{"mark", "mark"})
	av, predicts := finding.Use[*availability.Analysis](p.state.Result.Facts)
	p.promises(func(o *model.Object, x *model.Agreement, target *model.Target, part string) {
		for _, service := range x.Services {
			cells := map[string]any{
				"agreement": p.name(o.Ref()), "customer": p.name(x.Customer), "service": p.name(service), "target": p.w.Value(target.Metric), "promised": PromisedValue(p.w, *target), "hours": p.name(x.Hours),
				"mark": p.partMark(o.Ref(), part),
			}
			if target.Priority != "" {
				cells["target"] = p.w.Value(target.Metric) + " " + target.Priority
			}
			if !target.Calendar.IsZero() {
				cells["hours"] = p.name(target.Calendar)
			}
			if h, ok := p.state.Snap.Find(service); ok && predicts && target.Metric == model.MetricAvailability {
				if value, _, _, _, _, known := av.Predicted(h); known {
					cells["predicted"] = value.String()
				}
			}
			if f := latestFigures(p.state.Snap, o.Ref(), target.Name, service); f != nil {
				switch {
				case f.Attained != nil:
					cells["measured"] = p.w.Value(*f.Attained)
				case f.Value != nil:
					cells["measured"] = p.w.Value(*f.Value)
				}
				if f.Declared && cells["measured"] != nil {
					cells["measured"] = p.w.Message("page.declared", finding.Args{"value": cells["measured"]})
				}
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
	var months []model.Date
	for range monthsShown + 1 {
		months = append(months, month)
		t.Columns = append(t.Columns, Column{"month-" + month.String()[:7], monthInWords(p.w, month), "availability"})
		month = month.AddMonths(1)
	}
	p.promises(func(o *model.Object, x *model.Agreement, target *model.Target, _ string) {
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
