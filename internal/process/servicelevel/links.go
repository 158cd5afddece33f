package servicelevel

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/engine/reliance"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// linkGraph is the model as supporting promises see it. A node that an agreement
// of a team (OLA) or a contract promises is labelled with that promise and looked
// at no further: what lies behind is the promiser's matter. An external node that
// nobody promises is labelled with itself.
//
// Below zero stands, for the agreement of a team on a node, the node without its
// promises by teams.
type linkGraph struct{ a *Analysis }

func inner(h model.Handle) int32 { return -int32(h) - 1 }

func handleOf(n int32) model.Handle {
	if n < 0 {
		return model.Handle(-n - 1)
	}
	return model.Handle(n)
}

// Needs implements reliance.Graph.
func (g linkGraph) Needs(n int32) []reliance.Need {
	h := handleOf(n)
	if _, ok := g.a.promiseOf(h, n < 0); ok || g.a.external(h) {
		return nil
	}
	return g.a.needs(h)
}

// Labels implements reliance.Graph.
func (g linkGraph) Labels(n int32) []int32 {
	h := handleOf(n)
	if p, ok := g.a.promiseOf(h, n < 0); ok {
		return []int32{int32(p.by)}
	}
	if g.a.external(h) {
		return []int32{int32(h)}
	}
	return nil
}

// promise is the availability that an agreement or a contract promises.
type promise struct {
	by           model.Handle
	target       string
	availability model.Availability
}

// promiseOf is the strictest availability that a team or a supplier promises for
// a node, in force.
func (a *Analysis) promiseOf(h model.Handle, contractsOnly bool) (best promise, ok bool) {
	consider := func(by model.Handle, targets []model.Target) {
		for i := range targets {
			if t := &targets[i]; t.Metric == model.MetricAvailability && t.Availability != nil && (!ok || best.availability.Less(*t.Availability)) {
				best, ok = promise{by, t.Name, *t.Availability}, true
			}
		}
	}
	a.contractsOn(h, func(c model.Handle, spec *model.Contract) { consider(c, spec.Targets) })
	if !contractsOnly {
		a.promisers(h, "agreement", func(x model.Handle) {
			if spec := finding.Spec[model.Agreement](a.f, x); !isSLA(spec) && len(spec.Targets) > 0 && a.InForce(x, a.f.On) {
				consider(x, spec.Targets)
			}
		})
	}
	return best, ok
}

// hub is the number of references from which an index is faster than reading
// them.
const hub = 128

// promisers calls fn for each contract, or each agreement, about a node.
func (a *Analysis) promisers(h model.Handle, kind string, fn func(model.Handle)) {
	if len(a.f.Snap.In(h)) < hub {
		handles(a.f, h, kind, fn)
		return
	}
	a.promisesOnce.Do(func() {
		a.promises = map[model.Handle][]model.Handle{}
		add := func(by model.Handle, about []model.Ref) {
			for _, r := range about {
				if x, ok := a.f.Snap.Find(r); ok {
					if list := a.promises[x]; len(list) == 0 || list[len(list)-1] != by {
						a.promises[x] = append(list, by)
					}
				}
			}
		}
		for _, c := range a.f.Snap.OfKind("contract") {
			add(c, finding.Spec[model.Contract](a.f, c).Covers)
		}
		for _, x := range a.f.Snap.OfKind("agreement") {
			add(x, finding.Spec[model.Agreement](a.f, x).Services)
		}
	})
	for _, by := range a.promises[h] {
		if a.f.Snap.Object(by).Kind.Slug == kind {
			fn(by)
		}
	}
}

// contractsOn calls fn for each contract in force that covers a node; for a
// supplier, that is with it.
func (a *Analysis) contractsOn(h model.Handle, fn func(model.Handle, *model.Contract)) {
	each := func(c model.Handle) {
		if spec := finding.Spec[model.Contract](a.f, c); calendars.ContractStanding(spec, a.f.On).InForce() {
			fn(c, spec)
		}
	}
	if finding.Spec[model.Supplier](a.f, h) != nil {
		for _, c := range a.contractsOf(h) {
			each(c)
		}
		return
	}
	a.promisers(h, "contract", each)
}

// external tells that somebody outside delivers a node.
func (a *Analysis) external(h model.Handle) bool {
	o := a.f.Snap.Object(h)
	if o == nil {
		return false
	}
	switch spec := o.Spec.(type) {
	case *model.Component:
		return spec.External || !spec.Supplier.IsZero()
	case *model.Site:
		return spec.External || !spec.Supplier.IsZero()
	case *model.Tool:
		return spec.External
	case *model.Supplier:
		return true
	}
	return false
}

// needs are the needs of a node while running: what it requires, and the site on
// which it stands.
func (a *Analysis) needs(h model.Handle) []reliance.Need {
	o := a.f.Snap.Object(h)
	if o == nil {
		return nil
	}
	switch spec := o.Spec.(type) {
	case *model.Service:
		return a.convert(spec.Requires)
	case *model.Component:
		out := a.convert(spec.Requires)
		if !spec.Site.IsZero() {
			out = append(out, reliance.Need{Node: int32(handle(a.f, spec.Site))})
		}
		return out
	case *model.Site:
		return a.convert(spec.Requires)
	case *model.Tool:
		return a.convert(spec.Requires)
	}
	return nil
}

func (a *Analysis) convert(list []model.Need) []reliance.Need {
	out := make([]reliance.Need, 0, len(list)+1)
	for _, n := range list {
		if group, atLeast := n.Group(); group != nil {
			if of := a.convert(group); len(of) > 0 {
				// An alternative that does not count while running is never lost.
				out = append(out, reliance.Need{Group: of, AtLeast: atLeast - (len(group) - len(of))})
			}
			continue
		}
		if h, ok := a.f.Snap.Find(n.On); ok && n.Counts(model.PhaseRun) {
			out = append(out, reliance.Need{Node: int32(h)})
		}
	}
	return out
}

// Verdict says whether what stands behind a promise carries it.
type Verdict string

// The verdicts on a promise.
const (
	Covered   Verdict = "covered"
	Uncovered Verdict = "uncovered"
	Unknown   Verdict = "unknown"
)

// Link is a promise that another one rests on.
type Link struct {
	Promise      model.Ref // agreement of a team or contract
	Target       string
	Availability model.Availability
}

// Support is what supporting promises guarantee for an availability promised.
type Support struct {
	Service  model.Ref
	Promised model.Availability
	// Links are the promises each of which alone breaks the service, weakest first.
	Links []Link
	// Groups is how many alternatives stand between; each counts in Product as
	// 1 − ∏(1 − a) and in Bound as what is guaranteed however they fail together.
	Groups int
	// Product holds if links fail independently, Bound (1 − Σ(1 − a), for two
	// a + b − 1) whatever they do.
	Product, Bound model.Availability
	// Unpromised are external nodes that nobody promises, sorted.
	Unpromised []model.Ref
	Verdict    Verdict
}

// First is the first failing link: the weakest one that promises less than is
// promised itself, nil where only the links together fall short.
func (s *Support) First() *Link {
	if len(s.Links) > 0 && s.Links[0].Availability.Less(s.Promised) {
		return &s.Links[0]
	}
	return nil
}

// Support composes the promises behind a service or component. Where the promise
// is an agreement of a team, other agreements of teams on the same node stand
// beside it and not behind.
func (a *Analysis) Support(service model.Handle, promised model.Availability, ofTeam bool) *Support {
	root := int32(service)
	if ofTeam {
		root = inner(service)
	}
	hit, known := a.composed.Load(root)
	if !known {
		hit, _ = a.composed.LoadOrStore(root, a.compose(root))
	}
	s := *hit.(*Support)
	s.Promised = promised
	switch {
	case s.Product.Less(promised):
		s.Verdict = Uncovered
	case len(s.Unpromised) > 0:
		s.Verdict = Unknown
	default:
		s.Verdict = Covered
	}
	return &s
}

func (a *Analysis) compose(root int32) *Support {
	s := &Support{Service: a.f.Snap.Ref(handleOf(root))}
	product, loss := 1.0, 0.0
	alone := a.links.Alone(root)
	for _, l := range alone {
		h := model.Handle(l)
		link, ok := a.linkBy(h)
		if !ok {
			s.Unpromised = append(s.Unpromised, a.f.Snap.Ref(h))
			continue
		}
		s.Links = append(s.Links, link)
		product *= link.Availability.Ratio()
		loss += link.Availability.Unavailability()
	}
	groups := groupWalk{a: a, links: alone, seen: map[int32]bool{}, memo: map[int32]guarantee{}}
	groups.series(root)
	s.Groups = groups.count
	product *= 1 - groups.total.independent
	loss += groups.total.bound
	s.Product, s.Bound = model.AvailabilityOf(1-product), model.AvailabilityOf(min(loss, 1))
	slices.SortFunc(s.Links, func(x, y Link) int {
		switch {
		case x.Availability.Less(y.Availability):
			return -1
		case y.Availability.Less(x.Availability):
			return 1
		}
		return x.Promise.Compare(y.Promise)
	})
	slices.SortFunc(s.Unpromised, model.Ref.Compare)
	return s
}

// linkBy is the link of a contract or an agreement of a team: its strictest
// availability.
func (a *Analysis) linkBy(h model.Handle) (link Link, ok bool) {
	o := a.f.Snap.Object(h)
	if o == nil || o.Kind.Slug != "contract" && o.Kind.Slug != "agreement" {
		return Link{}, false
	}
	for _, t := range targetsOf(a.f, h) {
		if t.Metric == model.MetricAvailability && t.Availability != nil && (!ok || link.Availability.Less(*t.Availability)) {
			link, ok = Link{o.Ref(), t.Name, *t.Availability}, true
		}
	}
	return link, ok
}
