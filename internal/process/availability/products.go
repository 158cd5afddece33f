package availability

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/engine/faulttree"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// A product at a version is a cause common to all that runs it: a fault in it, or a
// bad update, stops every copy at once, however far apart they stand. It is a node
// like a site or a power supply. How often that happens is counted only where it is
// declared, over and above what each one's own figures say; where it is not, the
// prediction leaves it out and AVL-005 asks for it.

// release is a product at a version, as things that run it name it.
type release struct{ product, version string }

func (r release) String() string { return r.product + " " + r.version }

// releaseOf is what a component or tool runs; ok is false where it does not name
// both product and version: two machines of one make are two machines.
func releaseOf(o *model.Object) (release, bool) {
	if o == nil {
		return release{}, false
	}
	var r release
	switch s := o.Spec.(type) {
	case *model.Component:
		r = release{s.Product, s.Version}
	case *model.Tool:
		r = release{s.Product, s.Version}
	}
	r.product, r.version = strings.TrimSpace(r.product), strings.TrimSpace(r.version)
	return r, r.product != "" && r.version != ""
}

// productClass is the class of default that speaks of products.
const productClass = "product"

// releaseFigure is how available a release is, and where that is declared.
type releaseFigure struct {
	availability model.Availability
	pointer      string
}

// releaseFigures are what the organisation declares of products: of one at a
// version, of one at any version, of all.
func releaseFigures(f *finding.Facts) map[release]releaseFigure {
	out := map[release]releaseFigure{}
	for i, d := range f.Snap.Organisation().Defaults {
		if d.Class == productClass {
			out[release{strings.TrimSpace(d.Product), strings.TrimSpace(d.Version)}] = releaseFigure{d.Availability, "/spec/defaults/" + strconv.Itoa(i)}
		}
	}
	return out
}

// common is the unavailability of all that runs a release at once; known is false
// where nobody has declared it.
func (a *Analysis) common(r release) (q float64, known bool) {
	for _, key := range []release{r, {r.product, ""}, {}} {
		if x, ok := a.releases[key]; ok {
			return x.availability.Unavailability(), true
		}
	}
	return 0, false
}

// releaseInput is the declared figure of a release as an input of predictions: it
// stands in the settings of the organisation.
func (a *Analysis) releaseInput(r release) Input {
	for _, key := range []release{r, {r.product, ""}, {}} {
		x, ok := a.releases[key]
		if !ok {
			continue
		}
		in := Input{Source: SourceDefault, Product: r.String(), Pointer: x.pointer, Availability: x.availability}
		for _, h := range a.f.Snap.OfKind("organisation") {
			in.Ref = a.f.Snap.Ref(h)
		}
		return in
	}
	return Input{}
}

// release gives the event of what h runs; ok is false where it is no part of the
// graph: no figure is declared, and only the structure is not asked for.
func (b *graph) release(h model.Handle) (id faulttree.NodeID, ok bool) {
	if len(b.a.releases) == 0 && !b.allReleases {
		return 0, false
	}
	r, ok := releaseOf(b.a.f.Snap.Object(h))
	if !ok {
		return 0, false
	}
	q, known := b.a.common(r)
	if !known && !b.allReleases {
		return 0, false
	}
	if id, there := b.releases[r]; there {
		return id, true
	}
	id, err := b.g.AddEvent(faulttree.Probability(q))
	b.check(err)
	b.own(id, model.Missing)
	if b.releases == nil {
		b.releases, b.releaseAt = map[release]faulttree.NodeID{}, map[faulttree.NodeID]release{}
	}
	b.releases[r], b.releaseAt[id] = id, r
	return id, true
}

// singleReleases are the releases a fault of which alone fails a top, by name.
func (b *graph) singleReleases(m *faulttree.Model, top faulttree.NodeID) []release {
	if len(b.releaseAt) == 0 {
		return nil
	}
	points, err := m.SinglePoints(top)
	if err != nil {
		return nil
	}
	var out []release
	for _, p := range points {
		if r, ok := b.releaseAt[p]; ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, compareReleases)
	return out
}

func compareReleases(x, y release) int { return strings.Compare(x.String(), y.String()) }

// sharedReleases drops what a single thing brings that the alternatives share, or
// that the holder needs anyway, from the releases that fail a group.
func (a *Analysis) sharedReleases(holder model.Handle, points []model.Handle, found []release) []release {
	if len(found) == 0 {
		return nil
	}
	brought := map[release]bool{}
	note := func(h model.Handle) {
		if r, ok := releaseOf(a.f.Snap.Object(h)); ok {
			brought[r] = true
		}
	}
	note(holder)
	for _, h := range a.series(holder) {
		note(h)
	}
	for _, h := range points {
		note(h)
	}
	return slices.DeleteFunc(found, func(r release) bool { return brought[r] })
}

// carriers are the alternatives, and what they need, that run a release, by name.
func (a *Analysis) carriers(alternatives []model.Handle, r release) []model.Handle {
	var out []model.Handle
	for _, x := range alternatives {
		for _, h := range a.within(x) {
			if o, ok := releaseOf(a.f.Snap.Object(h)); ok && o == r {
				out = append(out, h)
			}
		}
	}
	slices.SortFunc(out, func(x, y model.Handle) int { return a.f.Snap.Ref(x).Compare(a.f.Snap.Ref(y)) })
	return slices.Compact(out)
}

// undeclared is a release that alternatives share and of which nobody has declared
// how often it fails.
type undeclared struct {
	release  release
	carriers []model.Handle // by name; the first speaks for all
	holders  []model.Handle // of the groups
}

// undeclaredReleases lists, by the thing that speaks for it, the releases to ask for.
func (a *Analysis) undeclaredReleases() map[model.Handle][]undeclared {
	a.asking.Do(func() {
		a.groupShares()
		byRelease := map[release]*undeclared{}
		for _, holder := range slices.Sorted(maps.Keys(a.running)) {
			for _, s := range a.running[holder] {
				for _, r := range s.releases {
					if _, known := a.common(r); known {
						continue
					}
					u := byRelease[r]
					if u == nil {
						u = &undeclared{release: r}
						byRelease[r] = u
					}
					u.carriers = append(u.carriers, a.carriers(s.alternatives, r)...)
					u.holders = append(u.holders, s.holder)
				}
			}
		}
		a.asked = map[model.Handle][]undeclared{}
		for _, u := range byRelease {
			slices.SortFunc(u.carriers, func(x, y model.Handle) int { return a.f.Snap.Ref(x).Compare(a.f.Snap.Ref(y)) })
			u.carriers = slices.Compact(u.carriers)
			slices.Sort(u.holders)
			u.holders = slices.Compact(u.holders)
			a.asked[u.carriers[0]] = append(a.asked[u.carriers[0]], *u)
		}
		for _, list := range a.asked {
			slices.SortFunc(list, func(x, y undeclared) int { return compareReleases(x.release, y.release) })
		}
	})
	return a.asked
}

// noReleaseFigure is the part of AVL-005 that asks how often all that runs one
// product at a version fails at once, where alternatives of a delivered service
// count on its not doing so.
func (a *Analysis) noReleaseFigure(h model.Handle, emit func(finding.Finding)) {
	for _, u := range a.undeclaredReleases()[h] {
		var services []model.Ref
		for _, holder := range u.holders {
			for _, s := range append([]model.Handle{holder}, a.Dependents(holder)...) {
				if delivered(finding.Spec[model.Service](a.f, s)) {
					services = append(services, a.f.Snap.Ref(s))
				}
			}
		}
		if len(services) == 0 {
			continue
		}
		slices.SortFunc(services, model.Ref.Compare)
		services = slices.Compact(services)
		carriers := a.refs(u.carriers)
		emit(finding.Finding{
			Outcome: finding.Unknown, Variant: "product", Part: "product/" + u.release.String(), Pointer: "/spec/product", Hits: services,
			Args: finding.Args{"product": u.release.product, "version": u.release.version, "carriers": carriers, "n": len(carriers), "services": services, "m": len(services)},
			Evidence: []finding.Evidence{
				{Label: "carriers", Value: carriers}, {Label: "services", Value: services}},
		})
	}
}

// beyondReleases visits what speaks for a release before or after a change.
func beyondReleases(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
	for _, f := range []*finding.Facts{before, now} {
		if a, ok := finding.Use[*Analysis](f); ok {
			for h := range a.undeclaredReleases() {
				visit(h)
			}
		}
	}
}

// commonRelease is the part of AVL-002 about a release that alternatives share, with
// a declared figure that breaks a promise: what is declared and kept is a risk that
// somebody has looked at.
func (a *Analysis) commonRelease(h model.Handle, emit func(finding.Finding)) {
	for _, r := range a.sharedReleasesAt(h) {
		q, known := a.common(r)
		if !known {
			continue
		}
		where := a.runningTogether(r)
		for _, same := range [][]share{where.alone[h], where.common[h]} {
			if len(same) > 0 {
				a.emitRelease(r, q, same, emit)
			}
		}
	}
}

// sharedReleasesAt are the releases that may be told at h: those that alternatives of
// its own groups run, and the one that it runs itself.
func (a *Analysis) sharedReleasesAt(h model.Handle) (out []release) {
	a.groupShares()
	for _, s := range a.running[h] {
		for _, r := range s.releases {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	if r, ok := releaseOf(a.f.Snap.Object(h)); ok && len(a.running) > 0 && !slices.Contains(out, r) {
		out = append(out, r)
	}
	return out
}

func (a *Analysis) emitRelease(r release, q float64, same []share, emit func(finding.Finding)) {
	services, _ := a.fallingWith(same, func(fig *figure) bool { return slices.Contains(fig.releases, r) })
	var list []hit
	for _, x := range services {
		n := a.noteOf(x)
		list = append(list, hit{service: x, promise: n.promise, weighty: n.weighty, broken: n.promised && a.all().At(int32(x)).breaks(n.promise, q)})
	}
	if gravity(list) != finding.Error {
		return
	}
	refs := a.refs(services)
	slices.SortFunc(refs, model.Ref.Compare)
	var carriers []model.Ref
	for _, s := range same {
		carriers = append(carriers, a.refs(a.carriers(s.alternatives, r))...)
	}
	slices.SortFunc(carriers, model.Ref.Compare)
	carriers = slices.Compact(carriers)
	holders, alternatives := a.holdersOf(same)
	out := finding.Finding{
		Severity: finding.Error, Variant: "product", Part: "product/" + r.String(), Pointer: same[0].pointer, Causes: carriers, Hits: refs,
		Args: finding.Args{
			"alternatives": alternatives, "product": r.product, "version": r.version, "carriers": carriers, "n": len(refs), "services": refs, "broken": false,
		},
		Evidence: []finding.Evidence{{Label: "carriers", Value: carriers}},
	}
	if len(holders) > 1 {
		a.atCause(&out, holders, alternatives)
	} else {
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "alternatives", Value: alternatives})
	}
	out.Evidence = append(out.Evidence, finding.Evidence{Label: "common", Value: model.AvailabilityOf(q)}, finding.Evidence{Label: "services", Value: refs})
	a.explainWith(&out, list, q)
	emit(out)
}
