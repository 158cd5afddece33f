package app

import (
	"context"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/servicelevel"
)

// Comparison sets promise, prediction and measurement of promises side by side.
type Comparison struct {
	Items []Compared    `json:"items"`
	Total int           `json:"total"`
	Next  string        `json:"next,omitempty"`
	At    model.Instant `json:"at" doc:"Instant up to which things may be known"`
}

// Compared is one promise: what was promised, what the design gives, what was measured.
type Compared struct {
	ID        string     `json:"id"`
	Of        Named      `json:"of"`
	Customer  *Named     `json:"customer,omitempty"`
	Service   Named      `json:"service"`
	Label     string     `json:"label"`
	Window    WindowView `json:"window"`
	Promised  string     `json:"promised"`
	Predicted string     `json:"predicted,omitempty" doc:"What the design, the teams and the contracts give; absent where nothing predicts it"`
	Measured  string     `json:"measured,omitempty"`
	Declared  bool       `json:"declared,omitempty" doc:"The figure was typed by hand"`
	Mark      Mark       `json:"mark"`
	Sentence  string     `json:"sentence" doc:"What the three say together"`
	// Lost are the shares that are lost, from 0 to 1, for drawing; absent where a side is
	// no share.
	Lost ComparedLost `json:"lost"`
}

// ComparedLost are three shares of time, events or cases that are lost.
type ComparedLost struct {
	Promised  *float64 `json:"promised,omitempty"`
	Predicted *float64 `json:"predicted,omitempty"`
	Measured  *float64 `json:"measured,omitempty"`
}

// Comparison compares the promises that a query selects, with those most at risk first.
func (a *App) Comparison(ctx context.Context, actor identity.Actor, q ObjectivesQuery, lang language.Lang) (*Comparison, error) {
	list, err := a.Objectives(ctx, actor, q, lang)
	if err != nil {
		return nil, err
	}
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	snap := v.state.Snap
	w := WriterFor(snap, lang)
	predicts := a.May(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"})
	behind := map[model.Ref]map[promiseKey]*servicelevel.Promise{}
	out := &Comparison{Items: []Compared{}, Total: list.Total, Next: list.Next, At: list.At}
	for _, each := range list.Items {
		i, ok := v.by[each.ID]
		if !ok {
			continue // it went while this was asked
		}
		st := &v.list[i]
		x := Compared{ID: each.ID, Of: each.Of, Customer: each.Customer, Service: each.Service, Label: each.Label, Window: each.Window, Promised: each.Promised, Measured: each.Attained, Declared: each.Basis == string(servicelevel.BasisDeclared), Mark: each.Mark}
		x.Lost.Promised, x.Lost.Measured = st.lost()
		foreseen := servicelevel.Unknown
		if h, found := snap.Find(st.o.Service); predicts && found {
			of, known := behind[st.o.Service]
			if !known {
				of = v.state.behind(h)
				behind[st.o.Service] = of
			}
			foreseen = v.predict(w, st, h, of, &x)
		}
		x.Sentence = w.Message("compare."+foreseenKey(foreseen)+"-"+measuredKey(st), finding.Args{"promised": x.Promised, "predicted": x.Predicted, "measured": x.Measured})
		out.Items = append(out.Items, x)
	}
	return out, nil
}

// predict fills in what the design gives, and says whether it keeps the promise.
func (v *overview) predict(w language.Writer, st *standing, service model.Handle, behind map[promiseKey]*servicelevel.Promise, x *Compared) servicelevel.Verdict {
	ag := finding.SpecOf[model.Agreement](v.state.Result.Facts, st.o.Of)
	if ag == nil {
		return servicelevel.Unknown
	}
	x.Predicted = v.state.promise(w, v.state.Snap.Get(st.o.Of), ag, st.o.Index, service, behind).Predicted
	if x.Predicted == "" {
		return servicelevel.Unknown
	}
	if st.o.Target.Metric == model.MetricAvailability {
		if av, ok := finding.Use[*availability.Analysis](v.state.Result.Facts); ok {
			if value, _, _, _, _, known := av.Predicted(service); known && st.o.Target.Availability != nil {
				lost := value.Unavailability()
				x.Lost.Predicted = &lost
				if value.Less(*st.o.Target.Availability) {
					return servicelevel.Uncovered
				}
				return servicelevel.Covered
			}
		}
	}
	if b := behind[promiseKey{st.o.Of, st.o.Index}]; b != nil {
		return b.Verdict
	}
	return servicelevel.Unknown
}

// lost are the shares that may be lost and that were; nil where a side is no share.
func (st *standing) lost() (promised, measured *float64) {
	t := st.o.Target
	share := func(s *slo.Share) *float64 {
		if s == nil {
			return nil
		}
		lost := max(0, 1-s.Ratio())
		return &lost
	}
	switch {
	case t.Availability != nil:
		lost := t.Availability.Unavailability()
		promised = &lost
	case t.Metric.IsTime():
		due := slo.Share(t.Share())
		promised = share(&due)
	}
	switch {
	case st.figures != nil && st.figures.Attained != nil:
		lost := st.figures.Attained.Unavailability()
		measured = &lost
	case st.reached != nil:
		measured = share(st.reached.Attained)
	case st.cases != nil:
		measured = share(st.cases.Result.Attained)
	}
	return promised, measured
}

func foreseenKey(v servicelevel.Verdict) string {
	switch v {
	case servicelevel.Covered:
		return "kept"
	case servicelevel.Uncovered:
		return "missed"
	}
	return "unknown"
}

func measuredKey(st *standing) string {
	switch st.verdict {
	case slo.Kept.String():
		return "kept"
	case slo.Missed.String():
		return "missed"
	}
	return "unknown"
}

// ComparisonRows are compared promises as rows of a spreadsheet, with its title and columns.
func ComparisonRows(c *Comparison, lang language.Lang) (title string, labels []string, rows [][]any) {
	w := language.Writer{Lang: lang}
	for _, key := range []string{"agreement", "customer", "service", "target", "window", "promised"} {
		labels = append(labels, w.Message("objective.column."+key, nil))
	}
	for _, key := range []string{"predicted", "measured", "declared", "together"} {
		labels = append(labels, w.Message("compare.column."+key, nil))
	}
	for _, x := range c.Items {
		customer, declared := "", ""
		if x.Customer != nil {
			customer = x.Customer.Title.In(string(lang))
		}
		if x.Declared {
			declared = w.Message("objective.basis.declared", nil)
		}
		rows = append(rows, []any{x.Of.Title.In(string(lang)), customer, x.Service.Title.In(string(lang)), x.Label, x.Window.Label, x.Promised, x.Predicted, x.Measured, declared, x.Sentence})
	}
	return w.Message("compare.title", nil), labels, rows
}

// TimelineRows are the interruptions of an objective, the time that nobody measured and
// the time that was left out, as rows of a spreadsheet.
func TimelineRows(x *ObjectiveSheet, lang language.Lang) (title string, labels []string, rows [][]any) {
	w := language.Writer{Lang: lang}
	for _, key := range []string{"what", "from", "until", "length", "reason"} {
		labels = append(labels, w.Message("timeline.column."+key, nil))
	}
	add := func(what string, from, until model.Instant, length, reason string) {
		rows = append(rows, []any{what, w.Value(from), w.Value(until), length, reason})
	}
	for _, i := range x.Interruptions {
		add(w.Message("timeline.interruption", nil), i.From, i.Until, i.Length, "")
	}
	for _, i := range x.Unseen {
		add(w.Message("timeline.unseen", nil), i.From, i.Until, i.Length, "")
	}
	for _, i := range x.Excluded {
		length := ""
		if !i.Until.IsZero() {
			length = w.Duration(i.Until.Sub(i.From.Time))
		}
		add(i.Kind, i.From, i.Until, length, i.Standing+w.Colon()+i.Reason)
	}
	return w.Message("timeline.title", nil), labels, rows
}

// DayRows are the days of an objective as rows of a spreadsheet.
func DayRows(x *ObjectiveSheet, lang language.Lang) (title string, labels []string, rows [][]any) {
	w := language.Writer{Lang: lang}
	labels = append(labels, w.Message("timeline.column.day", nil), w.Message("objective.column.attained", nil))
	for _, state := range []string{"good", "bad", "unknown"} {
		labels = append(labels, w.Message("evidence.state."+state, nil))
	}
	for _, d := range x.Days {
		rows = append(rows, []any{d.Date, d.Attained, d.Good, d.Bad, d.Unknown})
	}
	return w.Message("timeline.days", nil), labels, rows
}

// WindowRows are the windows of an objective that are over as rows of a spreadsheet.
func WindowRows(x *ObjectiveSheet, lang language.Lang) (title string, labels []string, rows [][]any) {
	w := language.Writer{Lang: lang}
	for _, key := range []string{"window", "attained", "mark", "basis"} {
		labels = append(labels, w.Message("objective.column."+key, nil))
	}
	for _, c := range x.Trend {
		basis := ""
		if c.Declared {
			basis = w.Message("objective.basis.declared", nil)
		}
		rows = append(rows, []any{c.Label, c.Attained, ObjectiveMark(w, c.Mark), basis})
	}
	return w.Message("timeline.windows", nil), labels, rows
}
