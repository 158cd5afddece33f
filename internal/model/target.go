package model

// IsTime tells that a metric is measured as a length of time.
func (m Metric) IsTime() bool {
	switch m {
	case MetricRespond, MetricRestore, MetricResponseTime, MetricRecoveryTime, MetricRecoveryPoint:
		return true
	}
	return false
}

// Value is what a target promises: an Availability, a Duration or a Quantity; nil
// where it states none. A recovery point may be zero.
func (t *Target) Value() any {
	switch {
	case t.Metric == MetricAvailability:
		if t.Availability != nil {
			return *t.Availability
		}
	case t.Metric.IsTime():
		if t.Within > 0 || t.Metric == MetricRecoveryPoint {
			return t.Within
		}
	case t.AtLeast != nil:
		return *t.AtLeast
	case t.AtMost != nil:
		return *t.AtMost
	case t.Availability != nil:
		return *t.Availability
	}
	return nil
}

// Share is the share of cases that must keep a time; all where none is stated.
func (t *Target) Share() Percent {
	if t.Percentile != nil {
		return *t.Percentile
	}
	return availabilityScale
}

// Label is what people call a resource: its title, else its name.
func (c *Capacity) Label() Text {
	if c.Title.IsZero() {
		return Text{All: c.Name}
	}
	return c.Title
}

// WeakerThan tells that a target promises less than another one asks for;
// comparable is false where their values are not of one kind or unit.
func (t *Target) WeakerThan(asked *Target) (weaker, comparable bool) {
	if t.Share() < asked.Share() {
		return true, true
	}
	switch v := asked.Value().(type) {
	case Availability:
		agreed, ok := t.Value().(Availability)
		return ok && agreed.Less(v), ok
	case Duration:
		agreed, ok := t.Value().(Duration)
		return ok && agreed > v, ok
	case Quantity:
		agreed, ok := t.Value().(Quantity)
		if !ok || agreed.Unit != v.Unit || (asked.AtLeast != nil) != (t.AtLeast != nil) {
			return false, false
		}
		if asked.AtLeast != nil {
			return agreed.Value < v.Value, true
		}
		return agreed.Value > v.Value, true
	}
	return false, false
}

// Attainment compares figures with a target: what was due, what was attained, and
// whether that keeps the target; ok is false where they cannot be compared, as the
// figure is missing or has another unit.
func (t *Target) Attainment(c *CaseFigures) (due, attained any, kept, ok bool) {
	switch {
	case t.Metric == MetricAvailability:
		if t.Availability == nil || c.Attained == nil {
			return nil, nil, false, false
		}
		return *t.Availability, *c.Attained, !c.Attained.Less(*t.Availability), true
	case t.Metric.IsTime() && c.Attained != nil:
		share := Availability{availabilityScale - int64(t.Share())}
		return share, *c.Attained, !c.Attained.Less(share), true
	case t.AtLeast != nil && c.Value != nil && c.Value.Unit == t.AtLeast.Unit:
		return *t.AtLeast, *c.Value, c.Value.Value >= t.AtLeast.Value, true
	case t.AtMost != nil && c.Value != nil && c.Value.Unit == t.AtMost.Unit:
		return *t.AtMost, *c.Value, c.Value.Value <= t.AtMost.Value, true
	case t.Availability != nil && c.Attained != nil:
		return *t.Availability, *c.Attained, !c.Attained.Less(*t.Availability), true
	}
	return nil, nil, false, false
}

// Missed tells that figures are below the target.
func (t *Target) Missed(c *CaseFigures) bool {
	_, _, kept, ok := t.Attainment(c)
	return ok && !kept
}

// CreditFor is the credit due for an attainment: that of the band that holds it,
// zero where none does.
func (t *Target) CreditFor(attained Availability) Percent {
	for _, b := range t.Credits {
		if !attained.Less(b.From) && attained.Less(b.Below) {
			return b.Credit
		}
	}
	return 0
}
