// Package availability predicts how often services are up from the structure of
// what they need and how often its parts fail, finds single points of failure of
// any kind, says what falls when something is down, and holds the coherence rules
// of availability management.
//
// One graph serves all services: a service, component, site, supplier, team,
// person or tool fails when it fails by itself or when what it requires fails.
// Sites, suppliers and power shared by alternatives are single nodes, never
// multiplied along branches. What only degrades a service is not in the graph.
// Circles of run-time dependencies have the meaning of a steady state: what is
// running stays up unless something breaks (least fixpoint of failure).
package availability

import (
	"maps"
	"slices"
	"sync"

	"diapason/internal/engine/faulttree"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis is the availability of everything in one snapshot. It is safe for use
// by several rules at once, computes each figure when first asked for, and takes
// over from an earlier snapshot whatever a change cannot have touched.
type Analysis struct {
	f        *finding.Facts
	defaults map[string]model.Availability

	solve    sync.Once
	solved   bool
	services map[model.Handle]*figure // of all services
	carried  map[model.Handle]*figure
	others   sync.Map // model.Handle → *figure: components, sites… asked for one by one

	shares        sync.Once
	shared        map[model.Handle][]share
	sharesKnown   bool
	carriedShares map[model.Handle][]share
	touchedShares func(model.Handle) bool // false where the carried shares hold

	changed  sync.Map // model.Handle → []Change
	required sync.Map // model.Handle → []model.Handle
	scratch  sync.Pool

	important  sync.Once
	critical   []bool
	index      sync.Once
	noted      sync.Map                        // model.Handle → note
	byCause    map[model.Handle][]model.Handle // of the services solved here
	whole      sync.Once
	wholeIndex map[model.Handle][]model.Handle
	indexed    map[model.Handle][]model.Handle // of the analysis taken over from
	solvedAnew map[model.Handle]bool           // services whose causes are not those of indexed
	dependents sync.Map                        // model.Handle → []model.Handle
	recorded   sync.Once
	byOutage   map[model.Handle][]model.Handle // outages by what caused them
	fell       sync.Map                        // outage → []model.Ref: services that fell with its cause
	collect    sync.Once
	missing    map[model.Handle]*wanting
}

// figure is what is known of one object.
type figure struct {
	low, high float64        // bounds on the unavailability with what is missing never failing; equal when exact
	worst     float64        // an upper bound on it whatever is missing
	exact     bool           // low and high are one value
	singles   []model.Handle // single points of failure, ascending
	causes    []model.Handle // those of them that no alternative claims to replace
	missing   []model.Handle // what has no failure data
	known     bool           // something has failure data
}

// New makes the analysis of facts.
func New(f *finding.Facts) *Analysis {
	return &Analysis{f: f, defaults: classDefaults(f)}
}

// Carry takes over the figures of services of which no part of the structure
// changed, nor the organisation's defaults.
func (a *Analysis) Carry(prev any, touched, structure func(model.Handle) bool) {
	p, ok := prev.(*Analysis)
	if !ok || !p.solved || p.f.On != a.f.On || !maps.Equal(p.defaults, a.defaults) {
		return
	}
	a.carried = make(map[model.Handle]*figure, len(p.services))
	for h, fig := range p.services {
		if !structure(h) {
			a.carried[h] = fig
		}
	}
	a.indexed = p.fullIndex()
	p.changed.Range(func(h, list any) bool {
		if !structure(h.(model.Handle)) {
			a.changed.Store(h, list)
		}
		return true
	})
	a.carryShares(p, structure)
}

// all solves every service that was not taken over, in one graph.
func (a *Analysis) all() map[model.Handle]*figure {
	a.solve.Do(func() {
		list := a.f.Snap.OfKind("service")
		a.services = make(map[model.Handle]*figure, len(list))
		open := make([]model.Handle, 0, len(list))
		for _, h := range list {
			if fig := a.carried[h]; fig != nil {
				a.services[h] = fig
				continue
			}
			open = append(open, h)
		}
		a.solvedAnew = make(map[model.Handle]bool, len(open))
		for i, fig := range a.solveTogether(open) {
			a.services[open[i]] = fig
			a.solvedAnew[open[i]] = true
		}
		a.carried = nil
		a.solved = true
	})
	return a.services
}

// solveTogether solves objects over one graph; a figure is nil where the graph
// cannot be solved at all, which its size alone could bring about.
func (a *Analysis) solveTogether(list []model.Handle) []*figure {
	out := make([]*figure, len(list))
	if len(list) == 0 {
		return out
	}
	b := a.newGraph(len(list) * 8)
	tops := make([]faulttree.NodeID, len(list))
	for i, h := range list {
		tops[i] = b.add(h)
	}
	m, err := b.compile(tops)
	if err != nil {
		return out
	}
	for i, r := range m.Unavailabilities() {
		out[i] = &figure{low: float64(r.Lower), high: float64(r.Upper), worst: float64(r.Upper), exact: r.Exact, singles: b.singles(m, tops[i])}
		slices.Sort(out[i].singles)
		a.complete(list[i], out[i])
	}
	if b.failMissing(m) {
		for i, r := range m.Unavailabilities() {
			out[i].worst = float64(r.Upper)
		}
	}
	return out
}

// failMissing takes everything without failure data as always failed.
func (b *graph) failMissing(m *faulttree.Model) bool {
	any := false
	for id, h := range b.owner {
		if h == model.Missing {
			continue
		}
		if in, own := b.a.input(h); own && in.Source == SourceNone && m.SetProbability(faulttree.NodeID(id), 1) == nil {
			any = true
		}
	}
	return any
}

// complete finds out which single points are not hidden behind alternatives, and
// which failure data are missing.
func (a *Analysis) complete(h model.Handle, fig *figure) {
	for _, x := range a.series(h) {
		if _, single := slices.BinarySearch(fig.singles, x); single && a.f.Snap.Ref(x).Kind != "service" {
			fig.causes = append(fig.causes, x)
		}
	}
	note := func(x model.Handle) {
		in, own := a.input(x)
		switch {
		case !own || in.Source == SourceNotOwn:
		case in.Source == SourceNone:
			fig.missing = append(fig.missing, x)
		default:
			fig.known = true
		}
	}
	note(h)
	for _, x := range a.Required(h) {
		note(x)
	}
}

func (a *Analysis) figure(h model.Handle) *figure {
	o := a.f.Snap.Object(h)
	if o == nil {
		return nil
	}
	if o.Kind.Slug == "service" {
		return a.all()[h]
	}
	if !fails(o.Kind.Slug) {
		return nil
	}
	if hit, ok := a.others.Load(h); ok {
		return hit.(*figure)
	}
	hit, _ := a.others.LoadOrStore(h, a.solveTogether([]model.Handle{h})[0])
	return hit.(*figure)
}

// Predicted is the steady-state availability that the design gives a service (or
// anything else that can fail): a value, and bounds that hold whatever is not
// known. exact says that the three are one. Where failure data are missing, the
// value and the upper bound take it as never failing, the lower bound as always
// failed; missing lists what it is. Where the structure is too entangled for an
// exact solution, the bounds are proven and the value is the prudent one. ok is
// false when nothing at all is known.
func (a *Analysis) Predicted(h model.Handle) (value, lower, upper model.Availability, exact bool, missing []model.Ref, ok bool) {
	fig := a.figure(h)
	if fig == nil {
		return value, lower, upper, false, nil, false
	}
	for _, x := range fig.missing {
		missing = append(missing, a.f.Snap.Ref(x))
	}
	slices.SortFunc(missing, model.Ref.Compare)
	value, lower, upper = model.AvailabilityOf(fig.high), model.AvailabilityOf(fig.worst), model.AvailabilityOf(fig.low)
	return value, lower, upper, fig.exact && len(missing) == 0, missing, fig.known
}

// SinglePoints are the single points of failure of a service: each fails it alone
// while everything else works. They are found from the structure, whether or not
// failure data are known, and are exact even where a probability is only bounded.
func (a *Analysis) SinglePoints(h model.Handle) []model.Ref {
	fig := a.figure(h)
	if fig == nil {
		return nil
	}
	out := make([]model.Ref, 0, len(fig.singles))
	for _, x := range fig.singles {
		if x != h {
			out = append(out, a.f.Snap.Ref(x))
		}
	}
	slices.SortFunc(out, model.Ref.Compare)
	return out
}

// Inputs are the failure data that the prediction of h rests on, by reference.
func (a *Analysis) Inputs(h model.Handle) []Input {
	var out []Input
	for _, x := range a.within(h) {
		if in, own := a.input(x); own {
			out = append(out, in)
		}
	}
	slices.SortFunc(out, func(x, y Input) int { return x.Ref.Compare(y.Ref) })
	return out
}

// within is h and everything it needs to run.
func (a *Analysis) within(h model.Handle) []model.Handle {
	return append([]model.Handle{h}, a.Required(h)...)
}

func specOf[T any](f *finding.Facts, h model.Handle) (*T, bool) {
	s := finding.Spec[T](f, h)
	return s, s != nil
}
