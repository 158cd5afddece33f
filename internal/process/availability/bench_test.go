package availability

import (
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// The organisation of these benchmarks has 10 000 services over 100 000 components,
// as the model has them: figures through the analysis, not through the engine alone.
const benchServices, benchComponents = 10_000, 100_000

func organisation(b *testing.B) (*finding.Facts, *Analysis) {
	b.Helper()
	snap, _ := model.NewSnapshot(1, estate(1, benchServices, benchComponents))
	f := finding.NewFacts(snap, model.NewDate(2027, 3, 12), analyses)
	a, _ := finding.Use[*Analysis](f)
	return f, a
}

// BenchmarkOrganisationFigures predicts every service with its single points and finds
// the alternatives that fail together, from nothing.
func BenchmarkOrganisationFigures(b *testing.B) {
	f, _ := organisation(b)
	b.ReportAllocs()
	for b.Loop() {
		a := New(f)
		a.all()
		a.groupShares()
	}
}

// BenchmarkOrganisationRanking ranks what hurts most, once the services are solved.
func BenchmarkOrganisationRanking(b *testing.B) {
	_, a := organisation(b)
	a.Prepare()
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(a.Ranking())), "ranked")
	}
}

// BenchmarkOrganisationImportances ranks what each service needs by importance, all
// services over one graph, from nothing.
func BenchmarkOrganisationImportances(b *testing.B) {
	f, _ := organisation(b)
	b.ReportAllocs()
	for b.Loop() {
		a, rows := New(f), 0
		for _, s := range a.Studies(f.Snap.OfKind("service")) {
			list, _ := s.Importance()
			rows += len(list)
		}
		b.ReportMetric(float64(rows), "rows")
	}
}

// BenchmarkOrganisationAfterOneChange has all predictions, single points and shared
// requirements again after the figures of one
// component changed: of one that a few services need, and of one that hundreds do.
func BenchmarkOrganisationAfterOneChange(b *testing.B) {
	for _, name := range []string{"app-7-0", "host-7", "rack-7", "wan"} {
		b.Run(name, func(b *testing.B) {
			f, a := organisation(b)
			a.Prepare()
			o := f.Snap.Get(model.Ref{Kind: "component", Name: name}).Clone()
			q := model.AvailabilityOf(2e-3)
			o.Spec.(*model.Component).Availability = &q
			next := f.Snap.With(2, []*model.Object{o}, nil)
			h, _ := next.Find(o.Ref())
			touched := map[model.Handle]bool{h: true}
			services := 0
			for _, x := range a.Dependents(h) {
				touched[x] = true
				if finding.Spec[model.Service](f, x) != nil {
					services++
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				g := finding.NewFacts(next, f.On, analyses)
				now, _ := finding.Use[*Analysis](g)
				now.Carry(a, &finding.Change{Changed: []model.Handle{h}, Closure: touched, Structure: touched})
				now.Prepare()
			}
			b.ReportMetric(float64(services), "services-reached")
		})
	}
}

// BenchmarkOrganisationEachDown asks for every component in turn what falls with it.
func BenchmarkOrganisationEachDown(b *testing.B) {
	f, a := organisation(b)
	list := f.Snap.OfKind("component")
	b.ReportAllocs()
	for b.Loop() {
		lost := 0
		for _, h := range list {
			lost += len(a.Down([]model.Ref{f.Snap.Ref(h)}).Services)
		}
		b.ReportMetric(float64(lost), "services-lost")
	}
	b.ReportMetric(float64(len(list)), "questions")
}
