package servicelevel

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// chainRecovery puts plans, and for a recovery point copies of the data, beside a
// recovery time or point: the longest counts. A copy counts for a plan only where it
// is not lost with what the plan takes as lost; of several the latest is restored.
func (a *Analysis) chainRecovery(c *Chain, service model.Handle) {
	point := c.Target.Metric == model.MetricRecoveryPoint
	c.Verdict, c.Recovers = Unknown, nil
	var plans []model.Handle
	handles(a.f, service, "recovery-plan", func(p model.Handle) {
		if slices.Contains(finding.Spec[model.RecoveryPlan](a.f, p).Services, c.Service) {
			plans = append(plans, p)
		}
	})
	silent := len(plans) == 0
	if silent {
		c.Lacking = append(c.Lacking, c.Service)
	}
	for _, p := range plans {
		link := ChainLink{By: a.f.Snap.Ref(p)}
		if d, ok := a.recovers(p, c.Target.Metric); ok {
			link.Value = d
		} else {
			silent = true
			c.Lacking = append(c.Lacking, link.By)
		}
		c.Links = append(c.Links, link)
	}
	if spec := finding.Spec[model.Service](a.f, service); point && spec != nil {
		for _, r := range spec.Data {
			if d := finding.SpecOf[model.DataAsset](a.f, r); d != nil {
				link, known := a.copyOf(r, d, plans)
				silent = silent || !known
				c.Links = append(c.Links, link)
			}
		}
	}
	failed := false
	for i := range c.Links {
		l := &c.Links[i]
		d, ok := l.Value.(model.Duration)
		if ok && (c.Recovers == nil || d > *c.Recovers) {
			c.Recovers = &d
		}
		if ok && d > c.Target.Within {
			l.Fails, l.Late = true, (d - c.Target.Within).Std()
		}
		failed = failed || l.Fails
	}
	switch {
	case failed:
		c.Verdict = Uncovered
	case !silent:
		c.Verdict = Covered
	}
	slices.SortStableFunc(c.Links, func(x, y ChainLink) int {
		a, _ := x.Value.(model.Duration)
		b, _ := y.Value.(model.Duration)
		return cmp.Or(cmp.Compare(b, a), x.By.Compare(y.By))
	})
}

// copyOf is how old the latest copy of some data may be that survives each plan's
// loss: the oldest over the plans. It fails where none survives; known is false
// where an interval is not stated.
func (a *Analysis) copyOf(r model.Ref, d *model.DataAsset, plans []model.Handle) (link ChainLink, known bool) {
	link = ChainLink{By: r}
	oldest, known := model.Duration(-1), true
	latest := func(loses []model.Ref) {
		best, any := model.Duration(-1), false
		for _, b := range d.Backups {
			if slices.Contains(loses, b.Site) && !b.Site.IsZero() || slices.Contains(loses, b.On) && !b.On.IsZero() {
				continue
			}
			any = true
			if b.Interval > 0 && (best < 0 || b.Interval < best) {
				best, link.What = b.Interval, b.Name
			}
		}
		switch {
		case !any:
			link.Fails = true
		case best < 0:
			known = false
		default:
			oldest = max(oldest, best)
		}
	}
	if len(plans) == 0 {
		latest(nil)
	}
	for _, p := range plans {
		latest(finding.Spec[model.RecoveryPlan](a.f, p).Loses)
	}
	if oldest >= 0 && !link.Fails {
		link.Value = oldest
	}
	return link, known
}
