// Package servicelevel is service level management: what is promised to
// customers, whether teams, contracts and design can keep it, and whether it was
// kept.
package servicelevel

import (
	"sync"

	"diapason/internal/engine/reliance"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis computes what service levels rest on, for one set of facts. It is
// safe for use by several rules at once and remembers what it computed.
type Analysis struct {
	f *finding.Facts

	links    *reliance.Solver // supporting promises that alone break a service
	restores *reliance.Solver // nodes whose failure alone stops a service
	profiles *profiles

	coverages sync.Map // coverageKey → *Coverage
	hours     sync.Map // model.Ref of a team, contract or person → *working
	worsts    sync.Map // worstKey → outcome
	elapses   sync.Map // elapsedKey → elapsed
	works     sync.Map // workKey → time.Duration
	composed  sync.Map // int32 of the link graph → *Support
	exacts    sync.Map // int32 of the link graph → exactly
	spreads   sync.Map // spreadKey → worktime.Spread
	rhythms   sync.Map // model.Handle → pulse

	clocksMu sync.Mutex
	clocks   map[int][]*working // one for equal hours, by number of intervals
	numbers  sync.Map           // model.Handle → int32, of profiles

	suppliersOnce sync.Once
	ofSupplier    map[model.Handle][]model.Handle // contracts

	times     *finding.Gathered[timeGap]
	uncovered *finding.Gathered[hoursGap]
	recovery  *finding.Gathered[recoveryGap]
	unagreed  *finding.Gathered[unagreed]

	promisesOnce sync.Once
	promises     map[model.Handle][]model.Handle // contracts and agreements of teams in force, by what they are about
}

// New makes the analysis of facts.
func New(f *finding.Facts) *Analysis {
	a := &Analysis{f: f, profiles: newProfiles(), clocks: map[int][]*working{}}
	a.links = reliance.New(linkGraph{a})
	a.restores = reliance.New(restoreGraph{a})
	a.times = finding.Gather(f, []string{"agreement"}, a.lookAtTimes)
	a.uncovered = finding.Gather(f, []string{"agreement"}, a.lookAtHours)
	a.recovery = finding.Gather(f, []string{"agreement"}, a.lookAtRecovery)
	a.unagreed = finding.Gather(f, []string{"service"}, a.lookAtUse)
	return a
}

func use(f *finding.Facts) *Analysis {
	if a, ok := finding.Use[*Analysis](f); ok {
		return a
	}
	return New(f)
}

// Carry takes over what a change cannot have touched.
func (a *Analysis) Carry(prev any, c *finding.Change) {
	p, ok := prev.(*Analysis)
	if !ok || p.f.On != a.f.On {
		return
	}
	changed := func(visit func(int32)) {
		for h := range c.Closure {
			visit(int32(h))
			visit(inner(h))
		}
	}
	a.links.Inherit(p.links, changed)
	a.restores.Inherit(p.restores, changed)
	a.times.Carry(p.times, c)
	a.uncovered.Carry(p.uncovered, c)
	a.recovery.Carry(p.recovery, c)
	a.unagreed.Carry(p.unagreed, c)
}

// handles calls fn for each object of a kind that refers to h, once. Whom it
// belongs to is no such reference: a contract does not cover its owner.
func handles(f *finding.Facts, h model.Handle, kind string, fn func(model.Handle)) {
	last := model.Missing
	for _, in := range f.Snap.In(h) {
		if in.From == last || in.Pointer == "/metadata/owner" { // the references of one object stand together
			continue
		}
		if o := f.Snap.Object(in.From); o != nil && o.Kind.Slug == kind {
			last = in.From
			fn(in.From)
		}
	}
}

// contractsOf lists the contracts with a supplier.
func (a *Analysis) contractsOf(supplier model.Handle) []model.Handle {
	a.suppliersOnce.Do(func() {
		a.ofSupplier = map[model.Handle][]model.Handle{}
		for _, h := range a.f.Snap.OfKind("contract") {
			if s, ok := a.f.Snap.Find(finding.Spec[model.Contract](a.f, h).Supplier); ok {
				a.ofSupplier[s] = append(a.ofSupplier[s], h)
			}
		}
	})
	return a.ofSupplier[supplier]
}

// handle finds a reference; Missing where its name was never heard of.
func handle(f *finding.Facts, r model.Ref) model.Handle {
	if h, ok := f.Snap.Find(r); ok {
		return h
	}
	return model.Missing
}
