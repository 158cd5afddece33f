// Package continuity derives how long business activities can be interrupted, how
// long recovery plans take with the people and means they have, and holds the
// coherence rules of service continuity management (PCA, PRA).
package continuity

import (
	"sync"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis is the continuity of everything in one snapshot. It is safe for use by
// several rules at once, computes each schedule when first asked for, and takes
// over those that a change cannot have touched.
type Analysis struct {
	f         *finding.Facts
	timelines sync.Map // model.Handle → *Timeline

	changesOnce sync.Once
	changesOn   map[model.Handle][]model.Handle
}

// New makes the analysis of facts.
func New(f *finding.Facts) *Analysis { return &Analysis{f: f} }

// Carry takes over the timelines of plans that the change has not touched.
func (a *Analysis) Carry(prev any, c *finding.Change) {
	p, ok := prev.(*Analysis)
	if !ok || p.f.On != a.f.On {
		return
	}
	p.timelines.Range(func(h, t any) bool {
		if !c.Closure[h.(model.Handle)] {
			a.timelines.Store(h, t)
		}
		return true
	})
}

// Attainable is how long a recovery plan takes until everything is back and
// verified, from the moment at which its RTO clock starts. ok is false when that
// cannot be said: no steps, no durations, nobody to do a step.
func (a *Analysis) Attainable(plan model.Handle) (time.Duration, bool) {
	t := a.Timeline(plan)
	if t == nil || t.Fault != "" {
		return 0, false
	}
	return t.Attainable, true
}

func use(f *finding.Facts) *Analysis {
	a, ok := finding.Use[*Analysis](f)
	if !ok {
		a = New(f)
	}
	return a
}

// delivered reports a service that users have or are about to have: in
// transition, live or retiring.
func delivered(s *model.Service) bool {
	return s != nil && (s.Stage == model.StageTransition || s.Stage == model.StageLive || s.Stage == model.StageRetiring)
}

// critical reports a service that the organisation cannot do without.
func critical(s *model.Service) bool {
	return s != nil && (s.Criticality == model.CriticalityCritical || s.Vital)
}

// plansOf lists the recovery plans that name h among their services or activities.
func plansOf(f *finding.Facts, h model.Handle) []model.Handle {
	var out []model.Handle
	for _, in := range f.Snap.In(h) {
		if (in.Field.Name == "services" || in.Field.Name == "activities") && finding.Spec[model.RecoveryPlan](f, in.From) != nil {
			out = append(out, in.From)
		}
	}
	return out
}
