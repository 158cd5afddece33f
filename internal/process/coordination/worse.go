package coordination

import (
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// What other processes tell of a service, where they are at hand.
type (
	predictor interface {
		Predicted(service model.Handle) (value, lower, upper model.Availability, exact bool, missing []model.Ref, ok bool)
	}
	promiser interface {
		Promised(service model.Handle) (availability model.Availability, agreement model.Ref, target string, ok bool)
	}
	recoverer interface {
		Attainable(plan model.Handle) (time.Duration, bool)
	}
	assurer interface {
		Assured(service model.Handle, p model.Pillar) (level int, weakest model.Ref, ok bool)
	}
)

// nothingWorse is the check of COO-009 on one model: none, since it takes two.
// See Worse.
func nothingWorse(*finding.Facts, model.Handle, func(finding.Finding)) {}

// Worse is COO-009: what a change makes worse for services that are live before
// it: availability, capacity, continuity, security, or their being there at all.
// An error where a promise kept before is broken after, a warning where only
// margin is lost. Findings are ordered; only services that the change can reach
// are compared. after must derive from before.
func Worse(before, after *finding.Facts) []finding.Finding {
	c := comparison{before: before, after: after}
	for _, h := range reachable(before.Snap, after.Snap) {
		if s := finding.Spec[model.Service](before, h); s != nil && (s.Stage == model.StageLive || s.Stage == model.StageRetiring) {
			c.service(h, s)
		}
	}
	for i := range c.found {
		c.found[i].Normalise()
	}
	slices.SortStableFunc(c.found, func(a, b finding.Finding) int { return finding.Compare(&a, &b) })
	return c.found
}

// reachable are the handles that the difference of two snapshots can make worse:
// what changed and what it speaks of, all that stands on these, and the services
// whose recovery plans count on them.
func reachable(before, after *model.Snapshot) []model.Handle {
	seen := map[model.Handle]bool{}
	var queue []model.Handle
	enter := func(h model.Handle) {
		if !seen[h] {
			seen[h] = true
			queue = append(queue, h)
		}
	}
	snaps := []*model.Snapshot{before, after}
	spoken := func(s *model.Snapshot, h model.Handle) {
		if s.Object(h) == nil {
			return
		}
		for _, e := range s.Out(h) {
			if e.Field.Flow == model.FlowBoth {
				enter(e.To)
			}
		}
	}
	after.ChangedSince(before, func(h model.Handle) {
		enter(h)
		for _, s := range snaps {
			spoken(s, h)
		}
	})
	for i := 0; i < len(queue); i++ {
		for _, s := range snaps {
			if int(queue[i]) >= s.Size() {
				continue
			}
			for _, in := range s.In(queue[i]) {
				if in.Field.Structure {
					enter(in.From)
				} else if s.Ref(in.From).Kind == "recovery-plan" {
					spoken(s, in.From)
				}
			}
		}
	}
	return queue
}

type comparison struct {
	before, after *finding.Facts
	found         []finding.Finding
}

// tell keeps a finding; broken says that a promise is broken.
func (c *comparison) tell(h model.Handle, variant, part, at string, broken bool, args finding.Args) {
	x := finding.Finding{Rule: "COO-009", Outcome: finding.Violated, Severity: finding.Warning, Subject: c.before.Snap.Ref(h), Variant: variant, Part: part, Pointer: at, Args: args}
	if broken {
		x.Severity = finding.Error
	}
	args["broken"] = broken
	for _, label := range []string{"before", "after", "promised"} {
		if v, ok := args[label]; ok {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: label, Value: v})
		}
	}
	c.found = append(c.found, x)
}

func (c *comparison) service(h model.Handle, s *model.Service) {
	now := finding.Spec[model.Service](c.after, h)
	if now == nil || now.Stage.Rank() < model.StageLive.Rank() || now.Stage == model.StageRetired {
		promised := c.agreements(h)
		c.tell(h, "removed", "stage", "/spec/stage", len(promised) > 0, finding.Args{"agreements": promised, "n": len(promised)})
		return
	}
	c.availability(h)
	c.capacity(h, s, now)
	c.continuity(h, now)
	c.security(h, now)
}

// agreements are those in force with customers that promise the service.
func (c *comparison) agreements(h model.Handle) []model.Ref {
	var out []model.Ref
	for _, in := range c.before.Snap.In(h) {
		if g := finding.Spec[model.Agreement](c.before, in.From); g != nil && in.Field.Name == "services" && g.Type != "ola" && inForce(c.before, in.From, c.before.On) {
			out = append(out, c.before.Snap.Ref(in.From))
		}
	}
	return sorted(out)
}

func (c *comparison) availability(h model.Handle) {
	old, ok1 := finding.Use[predictor](c.before)
	now, ok2 := finding.Use[predictor](c.after)
	if !ok1 || !ok2 {
		return
	}
	was, wasLow, _, exact1, _, known1 := old.Predicted(h)
	is, _, isHigh, exact2, _, known2 := now.Predicted(h)
	worse := is.Less(was)
	if !exact1 || !exact2 {
		worse = isHigh.Less(wasLow) // proven, whatever the true values are
	}
	const noise = 1e-9
	if !known1 || !known2 || !worse || is.Unavailability()-was.Unavailability() < noise {
		return
	}
	const month = 30 * 24 * time.Hour
	lost := func(a model.Availability) time.Duration {
		return time.Duration(a.Unavailability() * float64(month)).Round(time.Second)
	}
	args := finding.Args{"before": was, "after": is, "more": lost(is) - lost(was)}
	broken := false
	if levels, ok := finding.Use[promiser](c.after); ok {
		if p, agreement, _, promised := levels.Promised(h); promised {
			args["promised"], args["agreement"] = p, agreement
			broken = is.Less(p) && !was.Less(p)
		}
	}
	c.tell(h, "availability", "availability", "/spec/requires", broken, args)
}

func (c *comparison) capacity(h model.Handle, was, is *model.Service) {
	for i := range was.Capacity {
		old := &was.Capacity[i]
		j := slices.IndexFunc(is.Capacity, func(x model.Capacity) bool { return x.Name == old.Name })
		if j < 0 || is.Capacity[j].Limit.Unit != old.Limit.Unit || is.Capacity[j].Limit.Value >= old.Limit.Value {
			continue
		}
		limit := is.Capacity[j].Limit
		args := finding.Args{"before": old.Limit, "after": limit, "resource": old.Label()}
		broken := false
		if asked, ok := c.asked(h, old.Name, limit.Unit); ok {
			args["promised"] = asked
			broken = limit.Value < asked.Value && asked.Value <= old.Limit.Value
		}
		c.tell(h, "capacity", "capacity/"+old.Name, pointer("/spec/capacity", j, "limit"), broken, args)
	}
}

// asked is the most that demand, or a promise of throughput, asks of a resource.
func (c *comparison) asked(h model.Handle, resource, unit string) (model.Quantity, bool) {
	var most model.Quantity
	ok := false
	consider := func(q *model.Quantity) {
		if q != nil && q.Unit == unit && (!ok || q.Value > most.Value) {
			most, ok = *q, true
		}
	}
	for _, in := range c.after.Snap.In(h) {
		o := c.after.Snap.Object(in.From)
		if o == nil {
			continue
		}
		switch x := o.Spec.(type) {
		case *model.Demand:
			if x.Resource == resource {
				consider(x.Current)
				consider(x.Peak)
			}
		case *model.Agreement:
			if in.Field.Name != "services" || !inForce(c.after, in.From, c.after.On) {
				continue
			}
			for i := range x.Targets {
				if x.Targets[i].Metric == model.MetricThroughput {
					consider(x.Targets[i].AtLeast)
				}
			}
		}
	}
	return most, ok
}

func (c *comparison) continuity(h model.Handle, is *model.Service) {
	old, ok1 := finding.Use[recoverer](c.before)
	now, ok2 := finding.Use[recoverer](c.after)
	if !ok1 || !ok2 {
		return
	}
	for _, in := range c.before.Snap.In(h) {
		if in.Field.Name != "services" || finding.Spec[model.RecoveryPlan](c.before, in.From) == nil {
			continue
		}
		plan := c.before.Snap.Ref(in.From)
		rto := is.Continuity.RTO.Std()
		if finding.Spec[model.RecoveryPlan](c.after, in.From) == nil {
			c.tell(h, "plan-lost", "continuity/"+plan.Name, "/spec/continuity", rto > 0, finding.Args{"plan": plan})
			continue
		}
		was, known1 := old.Attainable(in.From)
		takes, known2 := now.Attainable(in.From)
		if !known1 || !known2 || takes <= was {
			continue
		}
		args := finding.Args{"before": was, "after": takes, "plan": plan}
		if rto > 0 {
			args["promised"] = rto
		}
		c.tell(h, "continuity", "continuity/"+plan.Name, "/spec/continuity", rto > 0 && was <= rto && rto < takes, args)
	}
}

func (c *comparison) security(h model.Handle, is *model.Service) {
	old, ok1 := finding.Use[assurer](c.before)
	now, ok2 := finding.Use[assurer](c.after)
	if !ok1 || !ok2 {
		return
	}
	for _, p := range model.Pillars {
		pillar := model.Pillar(p.Value)
		was, _, known1 := old.Assured(h, pillar)
		level, weakest, known2 := now.Assured(h, pillar)
		if !known1 || !known2 || level >= was {
			continue
		}
		args := finding.Args{"before": was, "after": level, "pillar": pillar, "weakest": weakest}
		broken := false
		if need := is.Security.Of(pillar); need != nil {
			args["promised"] = *need
			broken = level < *need && *need <= was
		}
		c.tell(h, "security", "security/"+p.Value, "/spec/security", broken, args)
	}
}
