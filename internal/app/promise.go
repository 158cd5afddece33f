package app

import (
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/servicelevel"
)

// promiseKey names a target of an agreement.
type promiseKey struct {
	agreement model.Ref
	target    int
}

// behind gives what stands behind the promises of a service: worst cases of its
// times, what its recovery plans attain.
func (s *State) behind(service model.Handle) map[promiseKey]*servicelevel.Promise {
	x, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	if !ok {
		return nil
	}
	list := x.Promises(service)
	out := make(map[promiseKey]*servicelevel.Promise, len(list))
	for i := range list {
		out[promiseKey{list[i].Agreement, list[i].Index}] = &list[i]
	}
	return out
}

// promise sets promise, prediction and measurement of a target side by side. Its
// verdict is that of the findings on it; without any, a target that nothing
// predicts and nothing measures is not assessed.
func (s *State) promise(w language.Writer, o *model.Object, ag *model.Agreement, i int, service model.Handle, behind map[promiseKey]*servicelevel.Promise) PromiseView {
	t := &ag.Targets[i]
	p := PromiseView{Agreement: Name(s.Snap, o.Ref()), Target: t.Name, Title: t.Title, Metric: string(t.Metric), Label: w.Value(t.Metric), Verdict: MarkUnknown}
	if !ag.Customer.IsZero() {
		n := Name(s.Snap, ag.Customer)
		p.Customer = &n
	}
	if t.Priority != "" {
		p.Label += " " + t.Priority
	}
	p.Promised = PromisedValue(w, *t)
	if t.Metric == model.MetricAvailability {
		if av, ok := finding.Use[*availability.Analysis](s.Result.Facts); ok {
			if value, _, _, _, _, known := av.Predicted(service); known {
				p.Predicted, p.Why, p.Verdict = w.Value(value), "availability", MarkOK
			}
		}
	}
	if b := behind[promiseKey{o.Ref(), i}]; b != nil {
		switch {
		case b.Worst != nil && b.Worst.Never:
			p.Predicted = w.Message("promise.never", nil)
		case b.Worst != nil:
			p.Predicted = w.Value(b.Worst.Elapsed)
		case b.Recovers != nil:
			p.Predicted = w.Value(*b.Recovers)
		}
		if p.Predicted != "" && b.Verdict != servicelevel.Unknown {
			p.Verdict = MarkOK
		}
	}
	if f := latestFigures(s.Snap, o.Ref(), t.Name, s.Snap.Ref(service)); f != nil {
		if f.Attained != nil {
			p.Measured = w.Value(*f.Attained)
		} else if f.Value != nil {
			p.Measured = w.Value(*f.Value)
		}
		p.Period, p.Declared = w.Date(f.From)+" – "+w.Date(f.Until), f.Declared
		if p.Verdict == MarkUnknown {
			p.Verdict = MarkOK
		}
	}
	part := "targets/" + t.Name
	if t.Name == "" {
		part = "targets/" + strconv.Itoa(i)
	}
	for _, j := range s.About(o.Ref()) {
		if j.Shows(o.Ref(), part) && j.Counts() {
			p.Verdict = p.Verdict.Worst(markOf(j))
			p.Findings = append(p.Findings, j.Fingerprint())
		}
	}
	return p
}
