package availability

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// estate is a made-up organisation in layers: sites with power, racks, hosts,
// replicated databases, application components, services that lean on services.
func estate(seed uint64, services, components int) []*model.Object {
	r := rand.New(rand.NewPCG(seed, 3))
	var out []*model.Object
	put := func(kind, name string, spec any) model.Ref {
		k := model.KindOf(kind)
		out = append(out, &model.Object{Kind: k, Metadata: model.Metadata{Name: name}, Spec: spec})
		return model.Ref{Kind: k.Slug, Name: name}
	}
	q := func(v float64) *model.Availability { a := model.AvailabilityOf(v); return &a }
	leaf := func(r model.Ref) model.Need { return model.Need{On: r} }
	any := func(list ...model.Ref) model.Need {
		var n model.Need
		for _, r := range list {
			n.AnyOf = append(n.AnyOf, leaf(r))
		}
		return n
	}
	pick := func(list []model.Ref) model.Ref { return list[r.IntN(len(list))] }
	pair := func(list []model.Ref) (model.Ref, model.Ref) {
		i := r.IntN(len(list))
		return list[i], list[(i+1+r.IntN(len(list)-1))%len(list)]
	}
	wan := put("component", "wan", &model.Component{Class: "network", Availability: q(1e-5)})
	var sites, racks, hosts, databases, all []model.Ref
	for i := range 6 {
		grid := put("component", fmt.Sprintf("grid-%d", i), &model.Component{Class: "power", Availability: q(1e-4)})
		diesel := put("component", fmt.Sprintf("diesel-%d", i), &model.Component{Class: "power", Availability: q(1e-2)})
		sites = append(sites, put("site", fmt.Sprintf("site-%d", i), &model.Site{Availability: q(1e-5), Requires: []model.Need{any(grid, diesel)}}))
	}
	for i := range max(components/200, 2) {
		racks = append(racks, put("component", fmt.Sprintf("rack-%d", i), &model.Component{Class: "network", Availability: q(1e-6), Site: sites[i%len(sites)]}))
	}
	for i := range max(components/10, 4) {
		hosts = append(hosts, put("component", fmt.Sprintf("host-%d", i), &model.Component{Class: "server", Availability: q(1e-3), Requires: []model.Need{leaf(racks[i%len(racks)])}}))
	}
	for i := range max(components/100, 2) {
		a, b := pair(hosts)
		one := put("component", fmt.Sprintf("db-%d-a", i), &model.Component{Class: "database", Availability: q(1e-3), Requires: []model.Need{leaf(a)}})
		two := put("component", fmt.Sprintf("db-%d-b", i), &model.Component{Class: "database", Availability: q(1e-3), Requires: []model.Need{leaf(b)}})
		databases = append(databases, put("component", fmt.Sprintf("db-%d", i), &model.Component{Class: "database", Availability: q(1e-6), Requires: []model.Need{any(one, two)}}))
	}
	each := max((components-len(out))/services, 1)
	for i := range services {
		s := &model.Service{Stage: model.StageLive, Criticality: model.CriticalityMedium, Requires: []model.Need{leaf(wan), leaf(pick(databases))}}
		if i%10 == 0 {
			s.Criticality = model.CriticalityCritical
		}
		for j := range each {
			c := &model.Component{Class: "application", Requires: []model.Need{leaf(pick(hosts))}}
			if j%4 != 0 {
				c.Availability = q(1e-4)
			}
			s.Requires = append(s.Requires, leaf(put("component", fmt.Sprintf("app-%d-%d", i, j), c)))
		}
		for range r.IntN(3) {
			if i > 20 {
				s.Requires = append(s.Requires, leaf(all[r.IntN(1+r.IntN(len(all)))]))
			}
		}
		all = append(all, put("service", fmt.Sprintf("service-%d", i), s))
	}
	return out
}

func evaluate(rules []finding.Rule, f *finding.Facts) int {
	n := 0
	for i := range rules {
		for _, kind := range rules[i].Kinds {
			for _, h := range f.Snap.OfKind(kind) {
				rules[i].Check(f, h, func(finding.Finding) { n++ })
			}
		}
	}
	return n
}

// TestLargeEstate measures, without a limit that a slow machine could break, and
// guards what must not grow: a change to one component recomputes one service.
func TestLargeEstate(t *testing.T) {
	services, components := 1000, 10_000
	if testing.Verbose() && !testing.Short() {
		services, components = 10_000, 100_000
	}
	snap, _ := model.NewSnapshot(1, estate(1, services, components))
	on := model.NewDate(2027, 3, 12)
	f := finding.NewFacts(snap, on, analyses)
	a, _ := finding.Use[*Analysis](f)
	start := time.Now()
	lap := func(what string) {
		t.Logf("%-30s %v", what, time.Since(start).Round(time.Millisecond))
		start = time.Now()
	}
	a.all()
	lap("solve all services")
	a.groupShares()
	lap("shared requirements")
	for i := range Rules() {
		n := evaluate(Rules()[i:i+1], f)
		lap(fmt.Sprintf("%s (%d)", Rules()[i].ID, n))
	}
	changed := snap.Get(model.Ref{Kind: "component", Name: "app-7-0"}).Clone()
	changed.Spec.(*model.Component).Availability = nil
	next := snap.With(2, []*model.Object{changed}, nil)
	g := finding.NewFacts(next, on, analyses)
	b, _ := finding.Use[*Analysis](g)
	touched := map[model.Handle]bool{}
	h, _ := next.Find(changed.Ref())
	for _, x := range append([]model.Handle{h}, a.Dependents(h)...) {
		touched[x] = true
	}
	start = time.Now()
	b.Carry(a, &finding.Change{Changed: []model.Handle{h}, Closure: touched, Structure: touched})
	b.all()
	b.groupShares()
	lap("one component changed")
	evaluate(Rules(), g)
	lap("all rules after the change")
	reused := 0
	for _, s := range next.OfKind("service") {
		if a.services.At(int32(s)) == b.services.At(int32(s)) {
			reused++
		} else if !touched[s] {
			t.Fatalf("%s was solved again", next.Ref(s))
		}
	}
	t.Logf("%d of %d services taken over", reused, services)
}
