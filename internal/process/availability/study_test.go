package availability

import (
	"math"
	"slices"
	"testing"
	"time"

	"diapason/internal/model"
)

const redundantPair = `
service/s: {stage: live, requires: [component/front, {anyOf: [component/a, component/b], takeover: 5 min}, {anyOf: [component/c, component/d]}]}
component/front: {mtbf: 999 h, mttr: 1 h}
component/a: {mtbf: 990 h, mttr: 10 h, site: site/one}
component/b: {mtbf: 990 h, mttr: 10 h, site: site/one}
component/c: {mtbf: 95 h, mttr: 5 h}
component/d: {mtbf: 95 h, mttr: 5 h}
site/one: {availability: 99.95%}
`

func itemNames(list []Item) []string {
	out := []string{}
	for _, i := range list {
		out = append(out, i.Ref.String()+i.Product)
	}
	return out
}

func study(t *testing.T, text string) *Study {
	t.Helper()
	f, a := facts(t, text)
	s, ok := a.Study(handle(t, f, "service/s"))
	if !ok {
		t.Fatal("no structure")
	}
	return s
}

func TestCutSetsOfAService(t *testing.T) {
	sets, ok := study(t, redundantPair).CutSets(2, 10)
	if !ok || !sets.Complete || sets.Count.Int64() != 4 {
		t.Fatalf("%+v %v", sets, ok)
	}
	want := []struct {
		of    []string
		share float64
	}{{[]string{"component/c", "component/d"}, .05 * .05}, {[]string{"component/front"}, .001}, {[]string{"site/one"}, .0005}, {[]string{"component/a", "component/b"}, .01 * .01}}
	for i, w := range want {
		got := sets.List[i]
		if !slices.Equal(itemNames(got.Of), w.of) || math.Abs(got.Share-w.share) > 1e-12 {
			t.Errorf("cut set %d is %v with %v, want %v with %v", i, got.Of, got.Share, w.of, w.share)
		}
	}
}

func TestLettersOfTheImpactAnalysis(t *testing.T) {
	letters, ok := study(t, redundantPair).Letters()
	if !ok {
		t.Fatal("not solved")
	}
	for ref, want := range map[string]Letter{"component/front": LetterStops, "site/one": LetterStops, "component/a": LetterSwitched, "component/b": LetterSwitched, "component/c": LetterHot, "component/d": LetterHot} {
		r, _ := model.ParseRef(ref)
		if got := letters[Item{Ref: r}]; got != want {
			t.Errorf("%s has %q, want %q", ref, got, want)
		}
	}
}

func TestImportanceAgreesWithItsFormulas(t *testing.T) {
	s := study(t, redundantPair)
	list, ok := s.Importance()
	if !ok || len(list) != 6 {
		t.Fatalf("%v %v", list, ok)
	}
	u := s.t.unavailability
	for _, x := range list {
		q := x.Input.unavailability()
		if math.Abs(x.Criticality-q*x.Birnbaum/u) > 1e-12 || math.Abs(x.Achievement-(1+(1-q)*x.Birnbaum/u)) > 1e-9 || math.Abs(x.Reduction-u/(u-q*x.Birnbaum)) > 1e-9 {
			t.Errorf("%v: %+v", x.Input.Ref, x)
		}
	}
	if first := list[0].Input.Ref.Name; first != "c" && first != "d" {
		t.Errorf("%s comes first", first)
	}
}

func TestRhythmTellsManyShortFromFewLong(t *testing.T) {
	short, ok := study(t, "service/s: {stage: live, requires: [component/a]}\ncomponent/a: {mtbf: 99 h, mttr: 1 h}").Rhythm()
	if !ok || math.Abs(short.PerYear-87.66) > 1e-6 || short.MTTR.Round(time.Second) != time.Hour {
		t.Errorf("%+v", short)
	}
	long, ok := study(t, "service/s: {stage: live, requires: [component/a]}\ncomponent/a: {mtbf: 990 h, mttr: 10 h}").Rhythm()
	if !ok || math.Abs(long.PerYear-8.766) > 1e-6 || long.MTTR.Round(time.Second) != 10*time.Hour {
		t.Errorf("%+v", long)
	}
	// Two of which one is enough: down together when the second fails while the
	// first is repaired, 2·λ·P(one works) times, for half the time of a repair.
	pair, ok := study(t, "service/s: {stage: live, requires: [component/a]}\ncomponent/a: {mtbf: 90 h, mttr: 10 h, instances: 2, needed: 1}").Rhythm()
	if !ok || math.Abs(pair.PerYear-8766*(2*.9*.1)/90) > 1e-6 || pair.MTTR.Round(time.Second) != 5*time.Hour {
		t.Errorf("%+v", pair)
	}
	some, ok := study(t, "service/s: {stage: live, requires: [component/a, component/b]}\ncomponent/a: {mtbf: 99 h, mttr: 1 h}\ncomponent/b: {availability: 99%}").Rhythm()
	if !ok || len(some.WithoutTimes) != 1 {
		t.Errorf("%+v", some)
	}
}

func TestUncertaintySurroundsThePrediction(t *testing.T) {
	s := study(t, redundantPair)
	q, ok := s.Uncertainty()
	if !ok || q.Samples != samples {
		t.Fatal("not sampled")
	}
	value := model.AvailabilityOf(s.t.unavailability)
	if !q.Low.Less(value) || !value.Less(q.High) || !q.Low.Less(q.Median) || !q.Median.Less(q.High) {
		t.Errorf("%v is not within %v, %v, %v", value, q.Low, q.Median, q.High)
	}
	if again, _ := s.Uncertainty(); again != q {
		t.Errorf("a second draw gives %v after %v", again, q)
	}
	if r, _ := s.t.m.Unavailability(s.t.top); float64(r.Upper) != s.t.unavailability {
		t.Errorf("the draws left %v behind, want %v", r.Upper, s.t.unavailability)
	}
}

func TestRankingPutsWhatHurtsMostFirst(t *testing.T) {
	_, a := facts(t, `
service/s: {stage: live, criticality: critical, requires: [component/a, component/c]}
service/t: {stage: live, criticality: low, requires: [component/b, component/c]}
service/u: {stage: live, criticality: low, requires: [component/b]}
service/v: {stage: design, criticality: critical, requires: [component/b]}
component/a: {mtbf: 1000 h, mttr: 1 h}
component/b: {mtbf: 10 h, mttr: 1 h}
component/c: {}`)
	got := []string{}
	for _, r := range a.Ranking() {
		got = append(got, r.Of.Name)
		if r.Of.Name == "b" && (r.Weight != 2 || len(r.Services) != 2) {
			t.Errorf("%+v", r)
		}
	}
	if !slices.Equal(got, []string{"c", "a", "b"}) {
		t.Errorf("the order is %v", got)
	}
}
