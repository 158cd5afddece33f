package availability

import (
	"math"
	"slices"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
)

const improvable = `
organisation/o: {zone: UTC, currency: EUR, horizon: P2Y, recordedSince: 2026-03-12}
service/s: {stage: live, requires: [component/app, component/known, {anyOf: [component/a, component/b]}]}
service/t: {stage: live, requires: [component/app]}
component/app:
  mtbf: 1000 h
  mttr: 10 h
  site: site/one
  requires: [component/net]
  improvements:
    - {name: spares, mttr: 1 h, cost: 2000 EUR}
    - {name: here, adds: 1, cost: 10000 EUR, running: 100 EUR/month}
    - {name: there, adds: 1, site: site/two, cost: 12000 EUR}
    - {name: foreign, adds: 1, cost: 12000 USD}
component/known:
  mtbf: 500 h
  mttr: 5 h
  inService: 2020-01-01
  improvements: [{name: quicker, mttr: 1 h}, {name: twin, adds: 1}, {name: afar, adds: 1, site: site/two}]
outage/x: {cause: component/known, start: 2027-01-01T00:00:00Z, end: 2027-01-01T09:00:00Z}
outage/y: {cause: component/known, start: 2027-02-01T00:00:00Z, end: 2027-02-01T09:00:00Z}
component/net: {availability: 99.9%}
component/a: {mtbf: 100 h, mttr: 10 h, site: site/one}
component/b: {mtbf: 100 h, mttr: 10 h, site: site/two, improvements: [{name: better, availability: 99%}]}
site/one: {availability: 99.5%, improvements: [{name: feed, availability: 99.9%, running: 5000 EUR/year}]}
site/two: {availability: 99.5%}
`

func improvements(t *testing.T) (*finding.Facts, *Analysis, *Improvements) {
	t.Helper()
	f, a := facts(t, improvable)
	x, ok := a.ImprovementsOf(handle(t, f, "service/s"))
	if !ok {
		t.Fatal("no improvements")
	}
	return f, a, x
}

func optionNamed(t *testing.T, x *Improvements, name string) Option {
	t.Helper()
	for _, g := range x.Groups() {
		for _, o := range g {
			if o.Improvement.Name == name {
				return o
			}
		}
	}
	t.Fatalf("no option %s", name)
	return Option{}
}

func TestWhatAnImprovementCostsAYear(t *testing.T) {
	_, _, x := improvements(t)
	for name, want := range map[string]string{"spares": "1000.00 EUR/year", "here": "6200.00 EUR/year", "there": "6000.00 EUR/year", "feed": "5000.00 EUR/year"} {
		o := optionNamed(t, x, name)
		got := o.Yearly
		got.Minor = (got.Minor + 500) / 1000 * 1000 // two years are not quite 730.5 days
		if !o.Priced || got.String() != want {
			t.Errorf("%s costs %v (priced %v), want %s", name, o.Yearly, o.Priced, want)
		}
	}
	for _, name := range []string{"foreign", "better"} {
		if o := optionNamed(t, x, name); o.Priced {
			t.Errorf("%s is priced %v", name, o.Yearly)
		}
	}
}

// What an improvement is said to bring is what the model yields once it is made.
func TestAnAppliedImprovementBringsWhatWasSaid(t *testing.T) {
	f, a, x := improvements(t)
	if before := a.figure(handle(t, f, "service/s")).high; math.Abs(before-x.Unavailability()) > 1e-15 {
		t.Fatalf("with improvements in the tree the service is at %v, without at %v", x.Unavailability(), before)
	}
	for _, g := range x.Groups() {
		for _, o := range g {
			t.Run(o.Improvement.Name, func(t *testing.T) {
				objects, ok := a.Applied(o)
				if !ok {
					t.Fatal("not applied")
				}
				next := finding.NewFacts(f.Snap.With(2, objects, nil), f.On, Analyses)
				b, _ := finding.Use[*Analysis](next)
				got := b.figure(handle(t, next, "service/s")).high
				if want := x.With(o); math.Abs(got-want) > 1e-6*want || got >= x.Unavailability() {
					t.Errorf("applied it yields %v, said was %v; before %v", got, want, x.Unavailability())
				}
				if again := x.With(); again != x.Unavailability() {
					t.Errorf("the question left %v behind", again)
				}
			})
		}
	}
}

func TestASecondOneElsewhereIsTakenByEverythingThatNeedsTheFirst(t *testing.T) {
	f, a, x := improvements(t)
	objects, ok := a.Applied(optionNamed(t, x, "there"))
	if !ok {
		t.Fatal("not applied")
	}
	got := []string{}
	for _, o := range objects {
		got = append(got, o.Ref().String())
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"component/app", "component/app-2", "service/s", "service/t"}) {
		t.Errorf("changed are %v", got)
	}
	if f.Snap.Get(model.Ref{Kind: "service", Name: "t"}).Spec.(*model.Service).Requires[0].On.IsZero() {
		t.Error("the model itself was changed")
	}
}

// The front is compared with every possible choice.
func TestTheFrontMissesNothing(t *testing.T) {
	_, _, x := improvements(t)
	front := x.Front(t.Context())
	if !front.Proven || len(front.Points) < 3 {
		t.Fatalf("%+v", front)
	}
	var all []Point
	var visit func(i int, chosen []Option)
	visit = func(i int, chosen []Option) {
		if i == len(x.groups) {
			p := Point{Unavailability: x.With(chosen...)}
			for _, o := range chosen {
				p.Cost.Minor += o.Yearly.Minor
			}
			all = append(all, p)
			return
		}
		visit(i+1, chosen)
		for _, o := range x.groups[i] {
			if o.Priced {
				visit(i+1, append(slices.Clone(chosen), o))
			}
		}
	}
	visit(0, nil)
	for _, p := range all {
		if p.Unavailability < x.Unavailability() && !slices.ContainsFunc(front.Points, func(f Point) bool {
			return f.Cost.Minor <= p.Cost.Minor && f.Unavailability <= p.Unavailability
		}) {
			t.Errorf("nothing on the front is as good as %d for %v", p.Cost.Minor, p.Unavailability)
		}
	}
	for i := 1; i < len(front.Points); i++ {
		if a, b := front.Points[i-1], front.Points[i]; a.Cost.Minor >= b.Cost.Minor || a.Unavailability <= b.Unavailability {
			t.Errorf("%v is beside %v", a, b)
		}
	}
}
