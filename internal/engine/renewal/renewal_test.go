package renewal

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

const day = 24 * time.Hour

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*math.Abs(want) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestMeanTimesOfARecord(t *testing.T) {
	r := Record{Window: 1000 * time.Hour, Downs: []time.Duration{2 * time.Hour, 4 * time.Hour, 4 * time.Hour, 10 * time.Hour}}
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	b := r.MTBF(.9)
	near(t, "MTBF", b.Mean.Hours(), 245, 1e-9)
	near(t, "lower limit", b.Low.Hours(), 2*980/18.307038, 1e-6) // χ²(0.95; 10)
	near(t, "upper limit", b.High.Hours(), 2*980/2.7326368, 1e-6)
	m := r.MTTR(.9)
	near(t, "MTTR", m.Mean.Hours(), 5, 1e-9)
	near(t, "lower limit of MTTR", m.Low.Hours(), 40/15.507313, 1e-6) // χ²(0.95; 8)
	near(t, "upper limit of MTTR", m.High.Hours(), 40/2.7326368, 1e-6)
	near(t, "MTBSI", r.MTBSI(.9).Mean.Hours(), 250, 1e-9)
	a := r.Availability(.9)
	near(t, "availability", a.Mean, .98, 1e-12)
	near(t, "lower limit of availability", a.Low, 1/(1+20./980*3.438101), 1e-6) // F(0.95; 8, 8)
	near(t, "upper limit of availability", a.High, 1/(1+20./980/3.438101), 1e-6)
}

func TestWithoutInterruptionsOnlyALowerLimitIsKnown(t *testing.T) {
	r := Record{Window: 365 * day}
	b := r.MTBF(.9)
	if b.Known || !b.Unbounded {
		t.Errorf("a mean or an upper limit is claimed: %+v", b)
	}
	near(t, "lower limit", b.Low.Hours(), 8760/math.Log(10), 1e-9)
	if m := r.MTTR(.9); m.Known {
		t.Errorf("a time to restore is claimed: %+v", m)
	}
	if a := r.Availability(.9); a.Mean != 1 || a.Bounded {
		t.Errorf("availability %+v", a)
	}
}

func TestImpossibleRecordsAreRefused(t *testing.T) {
	for name, r := range map[string]Record{
		"no time observed":         {},
		"down longer than watched": {Window: time.Hour, Downs: []time.Duration{2 * time.Hour}},
		"together longer":          {Window: time.Hour, Downs: []time.Duration{40 * time.Minute, 40 * time.Minute}},
		"negative time down":       {Window: time.Hour, Downs: []time.Duration{-time.Minute}},
	} {
		if r.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestABeliefStartsAtWhatIsDeclaredAndFollowsWhatIsSeen(t *testing.T) {
	b := Declared(8000*time.Hour, 4*time.Hour)
	near(t, "declared MTBF", b.MTBF().Hours(), 8000, 1e-9)
	near(t, "declared MTTR", b.MTTR().Hours(), 4, 1e-9)
	near(t, "declared unavailability", b.Unavailability(), 4./8004, 1e-9)

	seen := b.Observed(Record{Window: 8012 * time.Hour, Downs: []time.Duration{6 * time.Hour, 6 * time.Hour}})
	near(t, "MTBF after two failures", seen.MTBF().Hours(), (4000.+8000)/2.5, 1e-9)
	near(t, "MTTR after two repairs", seen.MTTR().Hours(), (4.+12)/3, 1e-9)

	quiet := b.Observed(Record{Window: 4000 * time.Hour})
	near(t, "MTBF after a quiet time", quiet.MTBF().Hours(), 16000, 1e-9)
	near(t, "MTTR after a quiet time", quiet.MTTR().Hours(), 4, 1e-9)

	much := Record{Window: 100000 * time.Hour}
	for range 100 {
		much.Downs = append(much.Downs, 10*time.Hour)
	}
	near(t, "MTBF after a hundred failures", b.Observed(much).MTBF().Hours(), 990, .05)
	near(t, "MTTR after a hundred repairs", b.Observed(much).MTTR().Hours(), 10, .02)
}

// The intervals are tried on simulated histories: the true value lies inside as
// often as the confidence says.
func TestIntervalsHoldTheTruthAsOftenAsTheySay(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const mtbf, mttr, runs = 300., 6., 4000
	in := map[string]int{}
	total := 0
	for range runs {
		r := Record{Window: 3000 * time.Hour}
		for at := rng.ExpFloat64() * mtbf; at < 3000; {
			down := min(rng.ExpFloat64()*mttr, 3000-at)
			r.Downs = append(r.Downs, hours(down))
			at += down + rng.ExpFloat64()*mtbf
		}
		if len(r.Downs) == 0 {
			continue
		}
		total++
		if b := r.MTBF(.9); b.Low.Hours() <= mtbf && mtbf <= b.High.Hours() {
			in["MTBF"]++
		}
		if b := r.MTTR(.9); b.Low.Hours() <= mttr && mttr <= b.High.Hours() {
			in["MTTR"]++
		}
		if a := r.Availability(.9); a.Low <= mtbf/(mtbf+mttr) && mtbf/(mtbf+mttr) <= a.High {
			in["availability"]++
		}
	}
	for what, n := range in {
		if share := float64(n) / float64(total); share < .87 || share > .96 {
			t.Errorf("the interval of %s holds the truth in %.3f of cases, want about 0.9", what, share)
		}
	}
}

func TestSamplesFollowTheBelief(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	b := Declared(5000*time.Hour, 5*time.Hour).Observed(Record{Window: 50000 * time.Hour, Downs: slices.Repeat([]time.Duration{5 * time.Hour}, 20)})
	const n = 20000
	sum, over := 0., 0
	for range n {
		q := b.Sample(rng)
		if q <= 0 || q >= 1 {
			t.Fatalf("sample %v", q)
		}
		sum += q
		if q > b.Unavailability() {
			over++
		}
	}
	near(t, "mean of the samples", sum/n, b.Unavailability(), .03)
	if over < n*35/100 || over > n*60/100 {
		t.Errorf("%d of %d samples lie above the mean", over, n)
	}
}

func TestTheErrorFactorIsTheRatioOfPercentileToMedian(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	list := make([]float64, 40001)
	sum := 0.
	for i := range list {
		list[i] = LogNormal(rng, 1e-3, 3)
		sum += list[i]
	}
	slices.Sort(list)
	near(t, "mean", sum/float64(len(list)), 1e-3, .03)
	near(t, "error factor", list[len(list)*95/100]/list[len(list)/2], 3, .05)
}
