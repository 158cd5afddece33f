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
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"diapason/internal/engine/faulttree"
	"diapason/internal/engine/paged"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis is the availability of everything in one snapshot. It is safe for use
// by several rules at once, computes each figure when first asked for, and takes
// over from an earlier snapshot whatever a change cannot have touched.
type Analysis struct {
	f        *finding.Facts
	defaults map[string]model.Availability
	releases map[release]releaseFigure // what is declared of products

	before *model.Snapshot // that of the analysis taken over from, nil where there is none
	change *finding.Change // what lies between, nil likewise
	// touched is everything of which the structure or the own failures may differ.
	touched map[model.Handle]bool
	// reloaded is of what the load now takes another number.
	reloaded   []model.Handle
	relabelled bool                  // something touched has failure data that had none, or none any more
	retained   *retained             // the solved graph of all services; nil where there is none
	stale      map[model.Handle]bool // of what the retained graph no longer has the structure
	done       sync.Once
	mu         sync.Mutex // held while results are shared, and while changed is used

	solve    sync.Once
	services paged.Array[*figure]        // of all services
	stops    paged.Array[[]model.Handle] // by cause: the delivered services it stops, by name
	others   sync.Map                    // model.Handle → *figure: components, sites… asked for one by one

	shares sync.Once
	shared paged.Array[[]share] // by holder, of those with a thing in common
	// running has, by holder, the groups whose alternatives run one release.
	running map[model.Handle][]share
	telling sync.Once
	told    told
	toldOf  sync.Map // release → *told
	asking  sync.Once
	asked   map[model.Handle][]undeclared

	changed  paged.Array[[]Change] // of services; nil where not known
	required sync.Map              // model.Handle → []model.Handle
	making   sync.Once
	owns     []own // by handle
	keeping  sync.Once
	kept     []atomic.Pointer[[]need] // by handle
	loaded   sync.Map                 // model.Handle → []Load
	waits    sync.Map                 // model.Handle → *Waiting
	delays   sync.Map                 // work and who does it → delayed
	scratch  sync.Pool

	important  sync.Once
	critical   []bool
	noted      sync.Map // model.Handle → note
	compared   sync.Once
	unlike     map[model.Handle][]model.Handle // by cause: services that it stopped or stops, of which something changed
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
	causes    []model.Handle // those of them that no alternative claims to replace, ascending
	missing   []model.Handle // what has no failure data
	known     bool           // something has failure data
	releases  []release      // products with a declared figure a fault of which alone fails it
}

// New makes the analysis of facts.
func New(f *finding.Facts) *Analysis {
	return &Analysis{f: f, defaults: classDefaults(f), releases: releaseFigures(f)}
}

// Carry takes over the figures of services of which no part of the structure
// changed, nor the organisation's defaults.
func (a *Analysis) Carry(prev any, c *finding.Change) {
	p, ok := prev.(*Analysis)
	if !ok || p.f.On != a.f.On || !maps.Equal(p.defaults, a.defaults) || !maps.Equal(p.releases, a.releases) {
		return
	}
	p.Prepare()
	p.mu.Lock()
	defer p.mu.Unlock()
	a.before, a.change = p.f.Snap, c
	a.services, a.stops, a.shared, a.changed = p.services.Share(), p.stops.Share(), p.shared.Share(), p.changed.Share()
	a.running = maps.Clone(p.running)
	a.touched = a.reachedBy(p, c)
	a.takeOwn(p)
	a.outdate(p, c)
	for h := range a.touched {
		if a.changed.At(int32(h)) != nil {
			a.changed.Put(int32(h), nil)
		}
	}
}

// all solves every service that was not taken over, in one graph, and gives the
// figures of all of them.
func (a *Analysis) all() *paged.Array[*figure] {
	a.solve.Do(func() {
		if a.change == nil {
			list := a.f.Snap.OfKind("service")
			stops := map[model.Handle][]model.Handle{}
			figures, b, m, tops := a.solveIn(list)
			if m != nil {
				a.retained = retain(b, m, list, tops)
			}
			for i, fig := range figures {
				a.services.Put(int32(list[i]), fig)
				for _, c := range a.stoppedBy(a.f, list[i], fig) {
					stops[c] = append(stops[c], list[i])
				}
			}
			for c, services := range stops {
				a.stops.Put(int32(c), services)
			}
			return
		}
		before := finding.Facts{Snap: a.before}
		var open []model.Handle
		for h := range a.touched {
			if finding.Spec[model.Service](a.f, h) != nil {
				open = append(open, h)
			} else if was := a.services.At(int32(h)); was != nil {
				a.restop(h, a.stoppedBy(&before, h, was), nil)
				a.services.Put(int32(h), nil)
			}
		}
		slices.Sort(open)
		for i, fig := range a.again(open) {
			h := open[i]
			was := a.stoppedBy(&before, h, a.services.At(int32(h)))
			a.services.Put(int32(h), fig)
			a.restop(h, was, a.stoppedBy(a.f, h, fig))
		}
	})
	return &a.services
}

// stoppedBy are the causes that stop a service by themselves, where it is
// delivered.
func (a *Analysis) stoppedBy(f *finding.Facts, service model.Handle, fig *figure) []model.Handle {
	if fig == nil || !delivered(finding.Spec[model.Service](f, service)) {
		return nil
	}
	return fig.causes
}

// restop notes that a service is stopped by other causes than it was.
func (a *Analysis) restop(service model.Handle, was, now []model.Handle) {
	if slices.Equal(was, now) {
		return
	}
	name := a.f.Snap.Ref(service).Name
	change := func(cause model.Handle, stops bool) {
		list := slices.Clone(a.stops.At(int32(cause))) // the one before is read elsewhere
		i, found := slices.BinarySearchFunc(list, name, func(s model.Handle, n string) int { return cmp.Compare(a.f.Snap.Ref(s).Name, n) })
		switch {
		case stops && !found:
			list = slices.Insert(list, i, service)
		case !stops && found:
			list = slices.Delete(list, i, i+1)
		}
		a.stops.Put(int32(cause), list)
	}
	for _, c := range was {
		if _, still := slices.BinarySearch(now, c); !still {
			change(c, false)
		}
	}
	for _, c := range now {
		if _, already := slices.BinarySearch(was, c); !already {
			change(c, true)
		}
	}
}

// solveTogether solves objects over one graph; a figure is nil where the graph
// cannot be solved at all, which its size alone could bring about.
func (a *Analysis) solveTogether(list []model.Handle) []*figure {
	out, _, _, _ := a.solveIn(list)
	return out
}

// solveIn is solveTogether with the graph, what it compiles to (nil where that failed),
// and the nodes of the objects. What has no failure data is left as failed.
func (a *Analysis) solveIn(list []model.Handle) (out []*figure, b *graph, m *faulttree.Model, tops []faulttree.NodeID) {
	out = make([]*figure, len(list))
	if len(list) == 0 {
		return out, nil, nil, nil
	}
	b = a.newGraph(len(list) * 8)
	tops = make([]faulttree.NodeID, len(list))
	for i, h := range list {
		tops[i] = b.add(h)
	}
	m, err := b.compile(tops)
	if err != nil {
		return out, b, nil, tops
	}
	for i, r := range m.Unavailabilities() {
		out[i] = &figure{low: float64(r.Lower), high: float64(r.Upper), worst: float64(r.Upper), exact: r.Exact, singles: b.singles(m, tops[i]), releases: b.singleReleases(m, tops[i])}
		slices.Sort(out[i].singles)
		a.complete(list[i], out[i])
	}
	if b.failMissing(m) {
		for i, r := range m.Unavailabilities() {
			out[i].worst = float64(r.Upper)
		}
	}
	return out, b, m, tops
}

// failMissing takes everything without failure data as always failed.
func (b *graph) failMissing(m *faulttree.Model) bool {
	any := false
	for id, h := range b.owner {
		if h == model.Missing {
			continue
		}
		if _, state := b.a.ownOf(h); state == ownMissing && m.SetProbability(faulttree.NodeID(id), 1) == nil {
			any = true
		}
	}
	return any
}

// complete finds out which single points are not hidden behind alternatives, and
// which failure data are missing.
func (a *Analysis) complete(h model.Handle, fig *figure) {
	for _, x := range a.series(h) {
		if _, single := slices.BinarySearch(fig.singles, x); single && a.f.Snap.Ref(x).Kind != "service" && !spare(finding.Spec[model.Component](a.f, x)) {
			fig.causes = append(fig.causes, x)
		}
	}
	slices.Sort(fig.causes)
	a.label(h, fig)
}

// label finds out of what failure data are missing, and whether any are known.
func (a *Analysis) label(h model.Handle, fig *figure) {
	fig.missing, fig.known = nil, false
	note := func(x model.Handle) {
		switch _, state := a.ownOf(x); state {
		case ownMissing:
			fig.missing = append(fig.missing, x)
		case ownKnown:
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
		return a.all().At(int32(h))
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
		if r, ok := releaseOf(a.f.Snap.Object(x)); ok {
			if in := a.releaseInput(r); in.Source != "" && !slices.ContainsFunc(out, func(o Input) bool { return o.Ref == in.Ref && o.Pointer == in.Pointer }) {
				out = append(out, in)
			}
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
