package lifetime

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, got, want, rel float64) {
	t.Helper()
	if math.Abs(got-want) > rel*math.Abs(want)+1e-300 {
		t.Errorf("got %.12g, want %.12g", got, want)
	}
}

func TestDistributions(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func() (float64, error)
		want float64
	}{
		{"a pump with 1.23e-4 failures an hour after a year", func() (float64, error) { return Exponential(1.23e-4, 8760) }, 1 - math.Exp(-1.23e-4*8760)},
		{"a tiny rate keeps its precision", func() (float64, error) { return Exponential(1e-20, 1) }, 1e-20},
		{"a rate that never fails", func() (float64, error) { return Exponential(0, 8760) }, 0},
		{"a repairable component in the long run is MTTR/(MTTF+MTTR)", func() (float64, error) { return GLM(0, 1e-3, 1e-1, 1e9) }, 1e-3 / (1e-3 + 1e-1)},
		{"a component that fails on demand only", func() (float64, error) { return GLM(0.02, 0, 0, 100) }, 0.02},
		{"without repair it is the exponential", func() (float64, error) { return GLM(0, 1e-4, 0, 1000) }, 1 - math.Exp(-0.1)},
		{"the formula of the format", func() (float64, error) { return GLM(0.1, 2e-3, 3e-2, 50) }, 2e-3/3.2e-2 - (2e-3-0.1*3.2e-2)/3.2e-2*math.Exp(-3.2e-2*50)},
		{"Weibull with shape 1 is the exponential", func() (float64, error) { return Weibull(1000, 1, 0, 500) }, 1 - math.Exp(-0.5)},
		{"Weibull with wear", func() (float64, error) { return Weibull(1000, 2.5, 100, 500) }, 1 - math.Exp(-math.Pow(0.4, 2.5))},
		{"nothing fails before the shift", func() (float64, error) { return Weibull(1000, 2.5, 600, 500) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.f()
			if err != nil {
				t.Fatal(err)
			}
			near(t, got, c.want, 1e-12)
		})
	}
}

// The values with five or six digits were computed by SCRAM 0.16.2, an
// independent implementation of the same built-in.
func TestPeriodicallyTestedComponents(t *testing.T) {
	full := func(lambda, lambdaTest, mu Rate, tau, theta Hours, gamma float64, pi Hours, x bool, sigma, omega float64) PeriodicTest {
		return PeriodicTest{lambda, lambdaTest, mu, tau, theta, gamma, pi, x, sigma, omega}
	}
	usual := full(1e-4, 2e-4, 1e-2, 4000, 500, 0.01, 20, true, 0.9, 0.05)
	absent := usual
	absent.AvailableInTest = false
	harmful := full(1e-9, 1e-9, 1e-2, 4000, 500, 0.4, 20, true, 1, 0)
	half := harmful
	half.Coverage = 0.5
	half.BadRestart = 0.5
	slow := full(1e-3, 1e-9, 1e-3, 200, 500, 0, 20, true, 1, 0)
	slowAbsent := slow
	slowAbsent.AvailableInTest = false
	all := full(1e-3, 2e-3, 1e-3, 200, 500, 0.01, 20, true, 0.8, 0.5)
	for _, c := range []struct {
		name string
		p    PeriodicTest
		t    Hours
		want float64
	}{
		{"before the first test it is the exponential", usual, 400, 1 - math.Exp(-0.04)},
		{"repaired at once it is as new after each test", InstantRepair(1e-4, 4000, 500), 8760, 1 - math.Exp(-0.026)},
		{"at the moment of a test the test does not count", InstantRepair(1e-4, 4000, 500), 4500, 1 - math.Exp(-0.4)},
		{"an instant test", InstantTest(1e-4, 1e-2, 4000, 500), 8760, 0.0470088},
		{"an instant test where repair is as slow as failure", InstantTest(1e-4, 1e-4, 4000, 500), 8760, 0.471851},
		{"several instant tests during one repair", InstantTest(1e-3, 1e-3, 200, 500), 1650, 0.512037},
		{"all eleven parameters after a year", usual, 8760, 0.101689},
		{"during the first test", usual, 505, 0.0592241},
		{"during the first test, unavailable", absent, 505, 1},
		{"after the first test", usual, 530, 0.0579343},
		{"before the second test", usual, 4490, 0.333354},
		{"during the second test", usual, 4505, 0.341339},
		{"a test that breaks four of ten", harmful, 519.9, 0.4},
		{"and repair begins at its end", harmful, 620, 0.147152},
		{"half of the failures found, half of the repairs bad", half, 620, 0.336788},
		{"repair goes on during the next test", slow, 720, 0.427783},
		{"what comes back from repair is not tested", slowAbsent, 710, 0.996746},
		{"everything at once", all, 750, 0.522244},
		{"everything at once, six tests later", all, 1650, 0.67865},
		{"everything at once, during a test", all, 1510, 0.671457},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.p.Unavailability(c.t)
			if err != nil {
				t.Fatal(err)
			}
			near(t, got, c.want, 1e-5)
		})
	}
}

func TestPeriodicTestOverVeryLongMissions(t *testing.T) {
	p := InstantTest(1e-6, 1e-1, 1, 0)
	got, err := p.Unavailability(1e12)
	if err != nil || !(got > 0 && got < 1e-4) {
		t.Errorf("got %v, %v", got, err)
	}
	// A month between tests, repair in ten hours: close to λτ/2 + λ/µ in the mean.
	q := InstantTest(1e-6, 1e-1, 720, 720)
	sum := 0.0
	const n = 7200
	for i := range n {
		u, _ := q.Unavailability(Hours(720*1000 + float64(i)/10))
		sum += u
	}
	near(t, sum/n, 1e-6*720/2+1e-6/1e-1, 0.01)
}

func TestParametersOutOfRangeAreRefused(t *testing.T) {
	nan := math.NaN()
	for name, f := range map[string]func() (float64, error){
		"a negative failure rate":                 func() (float64, error) { return Exponential(-1, 1) },
		"a rate that is no number":                func() (float64, error) { return Exponential(Rate(nan), 1) },
		"a negative time":                         func() (float64, error) { return Exponential(1, -1) },
		"a probability above 1":                   func() (float64, error) { return GLM(1.5, 1, 1, 1) },
		"a scale of 0":                            func() (float64, error) { return Weibull(0, 1, 0, 1) },
		"a shape that is no number":               func() (float64, error) { return Weibull(1, nan, 0, 1) },
		"a test longer than the time between":     func() (float64, error) { return PeriodicTest{Interval: 1, Duration: 1}.Unavailability(1) },
		"no time between tests":                   func() (float64, error) { return InstantRepair(1, 0, 0).Unavailability(1) },
		"a coverage above 1":                      func() (float64, error) { return PeriodicTest{Interval: 1, Coverage: 2}.Unavailability(1) },
		"a mission that never ends, with tests":   func() (float64, error) { return InstantRepair(1, 1, 0).Unavailability(Hours(math.Inf(1))) },
		"a mission that is no number, with tests": func() (float64, error) { return InstantRepair(1, 1, 0).Unavailability(Hours(nan)) },
	} {
		t.Run(name, func(t *testing.T) {
			v, err := f()
			var p *ParameterError
			if !errors.As(err, &p) || !math.IsNaN(v) {
				t.Errorf("got %v, %v", v, err)
			}
		})
	}
}

func TestUnavailabilityIsAProbability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chance := rapid.Float64Range(0, 1)
		tau := rapid.Float64Range(1e-3, 1e5).Draw(t, "tau")
		p := PeriodicTest{
			Failing: Rate(rapid.Float64Range(0, 10).Draw(t, "lambda")), FailingInTest: Rate(rapid.Float64Range(0, 10).Draw(t, "lambda*")),
			Repairing: Rate(rapid.Float64Range(0, 10).Draw(t, "mu")), Interval: Hours(tau), FirstTest: Hours(rapid.Float64Range(0, 1e5).Draw(t, "theta")),
			TestFailure: chance.Draw(t, "gamma"), Duration: Hours(tau * rapid.Float64Range(0, 0.99).Draw(t, "share")),
			AvailableInTest: rapid.Bool().Draw(t, "x"), Coverage: chance.Draw(t, "sigma"), BadRestart: chance.Draw(t, "omega"),
		}
		at := Hours(rapid.Float64Range(0, 1e6).Draw(t, "t"))
		u, err := p.Unavailability(at)
		if err != nil || !(u >= 0 && u <= 1) {
			t.Fatalf("%+v at %v: %v, %v", p, at, u, err)
		}
	})
}
