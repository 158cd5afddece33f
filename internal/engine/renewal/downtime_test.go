package renewal

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDowntimeOfAWindow(t *testing.T) {
	month := 730 * time.Hour
	for _, c := range []struct {
		name    string
		w       Downtime
		allowed time.Duration
		want    float64
	}{
		{"no failure at all keeps everything", Downtime{Window: month}, 0, 1},
		{"nothing allowed is kept when nothing fails: e^−1", Downtime{1. / 730, time.Hour, month}, 0, math.Exp(-1)},
		{"the whole window is always enough", Downtime{1, time.Hour, month}, month, 1},
		{"less than nothing is never enough", Downtime{1. / 730, time.Hour, month}, -1, 0},
		// Poisson(n; 729/730) with Erlang(n; 1): e^−μ·(1 + μ(1−e^−1) + μ²/2(1−2e^−1) + …)
		// = 0.36838 · 1.77714.
		{"one failure expected, one mean repair allowed", Downtime{1. / 730, time.Hour, month}, time.Hour, 0.65468},
	} {
		if got := c.w.Below(c.allowed); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%s: %.5f, want %.4f", c.name, got, c.want)
		}
	}
}

func TestDowntimeAgreesWithDraws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	w := Downtime{Rate: 1. / 200, Lasts: 3 * time.Hour, Window: 730 * time.Hour}
	const draws = 200_000
	for _, d := range []time.Duration{0, 2 * time.Hour, 6 * time.Hour, 15 * time.Hour, 30 * time.Hour} {
		kept := 0
		for range draws {
			at, down := 0.0, 0.0
			for {
				if at += r.ExpFloat64() / w.Rate; at >= 730 {
					break
				}
				lasts := min(r.ExpFloat64()*3, 730-at)
				at, down = at+lasts, down+lasts
			}
			if down <= d.Hours() {
				kept++
			}
		}
		if got, drawn := w.Below(d), float64(kept)/draws; math.Abs(got-drawn) > .005 {
			t.Errorf("%s: %.4f, drawn %.4f", d, got, drawn)
		}
	}
}

func TestDowntimeGrowsWithWhatIsAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Downtime{Rate: rapid.Float64Range(1e-6, 30).Draw(t, "rate"), Lasts: time.Duration(rapid.Int64Range(1, 1e14).Draw(t, "lasts")), Window: 730 * time.Hour}
		a := time.Duration(rapid.Int64Range(0, int64(w.Window)).Draw(t, "a"))
		b := a + time.Duration(rapid.Int64Range(0, int64(w.Window-a)).Draw(t, "more"))
		if x, y := w.Below(a), w.Below(b); x > y+1e-9 || x < 0 || y > 1 || math.IsNaN(x) {
			t.Fatalf("%v at %s, %v at %s", x, a, y, b)
		}
	})
}

func TestLeastIsTheSmallestThatKeepsTheRisk(t *testing.T) {
	w := Downtime{Rate: 1. / 200, Lasts: 3 * time.Hour, Window: 730 * time.Hour}
	d := w.Least(.05)
	if over := 1 - w.Below(d); over > .05 {
		t.Errorf("%s is exceeded with %.4f", d, over)
	}
	if over := 1 - w.Below(d-time.Minute); over <= .05 {
		t.Errorf("a minute less than %s would do: %.4f", d, over)
	}
	if d := (Downtime{Rate: 1e-9, Lasts: time.Hour, Window: time.Hour}).Least(.05); d != 0 {
		t.Errorf("what hardly ever fails is allowed %s", d)
	}
}
