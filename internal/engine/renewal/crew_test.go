package renewal

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCrew(t *testing.T) {
	for _, tc := range []struct {
		name   string
		crew   Crew
		repair time.Duration
		want   time.Duration
		ok     bool
	}{
		{"one person at half load waits as long as a repair takes", Crew{1, .5}, time.Hour, time.Hour, true},
		{"two people at half load each wait a third of a repair", Crew{2, 1}, time.Hour, time.Hour / 3, true},
		{"without work nobody waits", Crew{3, 0}, time.Hour, 0, true},
		{"a crew with as much work as hours does not keep up", Crew{1, 1}, time.Hour, 0, false},
		{"nobody does not keep up", Crew{0, .1}, time.Hour, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := tc.crew.Wait(tc.repair)
			if ok != tc.ok || (got-tc.want).Abs() > time.Microsecond {
				t.Errorf("waits %v, %v, want %v, %v", got, ok, tc.want, tc.ok)
			}
		})
	}
}

// The machine repairman solved as a birth and death process: n machines, each failing
// at rate λ while it runs, m people, exponential repairs of mean 1.
func repairman(n, m int, lambda float64) (meanWait, work float64) {
	p, sum, waiting, rate := 1.0, 0.0, 0.0, 0.0
	for down := 0; down <= n; down++ {
		sum += p
		waiting += p * float64(max(down-m, 0))
		rate += p * float64(n-down) * lambda
		p *= float64(n-down) * lambda / float64(min(down+1, m))
	}
	return waiting / rate, float64(n) * lambda // Little's law
}

func TestCrewBoundsTheMachineRepairman(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 60).Draw(t, "machines"), rapid.IntRange(1, 6).Draw(t, "people")
		lambda := rapid.Float64Range(1e-5, .5).Draw(t, "rate")
		exact, work := repairman(n, m, lambda)
		wait, ok := Crew{m, work}.Wait(time.Hour)
		if !ok {
			return
		}
		if bound := wait.Hours(); bound < exact-1e-9 || math.IsNaN(bound) {
			t.Fatalf("%d machines, %d people: the bound %v lies below %v", n, m, bound, exact)
		}
	})
}
