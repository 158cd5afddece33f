package servicelevel

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Override is a promise that counts in place of another one of the same kind, to the same
// customer, for the same service.
type Override struct {
	By     model.Ref // the agreement that counts
	Target string    // the name of its target
	// For is the customer for whom it counts; zero where it is everybody to whom the other
	// promise was made.
	For model.Ref
}

// levels ranks agreements: the one closer to the service counts before that of the
// customer and that before the corporate one.
var levels = map[string]int{"corporate": 1, "customer": 2, "service": 3}

// prevails tells that a counts before b where both bind: by stated precedence, else by
// level. Of two that state neither, none prevails (SLM-016).
func prevails(a, b *model.Agreement) bool {
	switch {
	case a.Precedence != nil && b.Precedence != nil:
		return *a.Precedence > *b.Precedence
	case a.Precedence != nil || b.Precedence != nil:
		return a.Precedence != nil
	}
	return levels[a.Level] > levels[b.Level] && b.Level != ""
}

// ordered tells that one of two agreements counts before the other.
func ordered(a, b *model.Agreement) bool { return prevails(a, b) || prevails(b, a) }

// sameKind tells that two targets promise the same thing, in whatever measure.
func sameKind(a, b *model.Target) bool {
	custom := a.Metric == model.MetricThreshold || a.Metric == model.MetricRatio
	return a.Metric != "" && a.Metric == b.Metric && samePriority(a.Priority, b.Priority) && (!custom || a.Name == b.Name)
}

// Overrides lists the agreements in force that count in place of a target of an agreement
// for a service, by name.
func (a *Analysis) Overrides(agreement model.Handle, t *model.Target, service model.Handle) []Override {
	spec := finding.Spec[model.Agreement](a.f, agreement)
	if spec == nil || !isSLA(spec) {
		return nil
	}
	var out []Override
	for _, h := range a.agreementsOn(service) {
		o := finding.Spec[model.Agreement](a.f, h)
		if h == agreement || !isSLA(o) || !sameCustomer(spec, o) || !prevails(o, spec) || !a.InForce(h, a.f.On) {
			continue
		}
		at := slices.IndexFunc(o.Targets, func(x model.Target) bool { return sameKind(t, &x) && x.Value() != nil })
		if at < 0 {
			continue
		}
		x := Override{By: a.f.Snap.Ref(h), Target: o.Targets[at].Name}
		if spec.Customer.IsZero() {
			x.For = o.Customer
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y Override) int { return x.By.Compare(y.By) })
	return slices.CompactFunc(out, func(x, y Override) bool { return x.By == y.By })
}

// overridden is the agreement that counts in place of a promise for everybody; ok is false
// where the promise itself counts for somebody.
func overridden(list []Override) (by model.Ref, ok bool) {
	for _, x := range list {
		if x.For.IsZero() {
			return x.By, true
		}
	}
	return model.Ref{}, false
}
