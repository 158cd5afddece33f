package lifetime

import "math"

// PeriodicTest describes a component whose failures show only when it is tested:
// first after FirstTest, then every Interval. It is the built-in "periodic-test"
// of the Open-PSA Model Exchange Format with all its eleven parameters, the
// mission time apart; [InstantTest] and [InstantRepair] are its short forms.
//
// The component is working, failed and not known to be, or in repair:
//
//   - Outside tests it fails with Failing; what is failed stays so until a test.
//   - A test begins with a failure, caused by it, with probability TestFailure.
//     While tested a component fails with FailingInTest. It counts as failed all
//     the time unless AvailableInTest.
//   - At the end of the test a failure is found with probability Coverage, and
//     repair begins; otherwise the component stays failed until the next test.
//   - A component in repair is not tested. Repair ends with rate Repairing; with
//     probability BadRestart the component has then failed again unnoticed.
//
// At the very moment of a test its result does not count yet.
type PeriodicTest struct {
	Failing         Rate    // λ, outside tests
	FailingInTest   Rate    // λ*, during a test
	Repairing       Rate    // µ
	Interval        Hours   // τ, between the beginnings of two tests
	FirstTest       Hours   // θ, beginning of the first test
	TestFailure     float64 // γ
	Duration        Hours   // π, of a test; less than Interval
	AvailableInTest bool    // x
	Coverage        float64 // σ
	BadRestart      float64 // ω
}

// InstantTest is the form with five parameters: the test takes no time, finds
// every failure and does no harm; repair takes time.
func InstantTest(lambda, mu Rate, tau, theta Hours) PeriodicTest {
	return PeriodicTest{Failing: lambda, FailingInTest: lambda, Repairing: mu, Interval: tau, FirstTest: theta, AvailableInTest: true, Coverage: 1}
}

// InstantRepair is the form with four parameters: neither test nor repair takes
// time, so that the component is as new after each test.
func InstantRepair(lambda Rate, tau, theta Hours) PeriodicTest {
	return InstantTest(lambda, Rate(math.Inf(1)), tau, theta)
}

// Check refuses parameters out of their range with a *[ParameterError].
func (p PeriodicTest) Check() error {
	if err := refuse(
		check{"failure rate", float64(p.Failing), notNegative},
		check{"failure rate during the test", float64(p.FailingInTest), notNegative},
		check{"repair rate", float64(p.Repairing), notNegative},
		check{"time between tests", float64(p.Interval), positive},
		check{"time of the first test", float64(p.FirstTest), notNegative},
		check{"probability of failure due to the test", p.TestFailure, chance},
		check{"duration of the test", float64(p.Duration), notNegative},
		check{"test coverage", p.Coverage, chance},
		check{"probability of a bad restart", p.BadRestart, chance}); err != nil {
		return err
	}
	if p.Duration >= p.Interval {
		return &ParameterError{"duration of the test", float64(p.Duration), "less than the time between tests"}
	}
	return nil
}

// Unavailability is the probability that the component is failed, in repair, or
// unavailable because of its test, at time t. The error is a *[ParameterError].
func (p PeriodicTest) Unavailability(t Hours) (float64, error) {
	if err := p.Check(); err != nil {
		return math.NaN(), err
	}
	if !(t >= 0) || math.IsInf(float64(t), 1) {
		return math.NaN(), &ParameterError{"time", float64(t), notNegative + " and finite"}
	}
	if t <= p.FirstTest {
		return gone(float64(p.Failing) * float64(t)), nil
	}
	since := float64(t - p.FirstTest)
	cycles := math.Ceil(since/float64(p.Interval)) - 1 // complete ones; t itself belongs to the cycle that ends with it
	rest := Hours(since - cycles*float64(p.Interval))
	failed := gone(float64(p.Failing) * float64(p.FirstTest))
	s := states{1 - failed, failed, 0}
	s = p.cycle().power(uint64(min(cycles, 1<<53))).apply(s)
	if rest > p.Duration {
		s = p.operation(rest - p.Duration).apply(p.test().apply(s))
		return min(1, s[failedState]+s[repairState]), nil
	}
	inTest := p.during(rest).apply(s)
	down := inTest[failedState] + inTest[repairState]
	if !p.AvailableInTest {
		// Only what came back from repair, and was not tested, is available.
		down += p.during(rest).apply(states{s[workingState], 0, 0})[workingState]
	}
	return min(1, down), nil
}

// states are the probabilities of the three states; their sum is 1.
type states [3]float64

const (
	workingState = iota
	failedState
	repairState
)

// transition is a matrix: transition[from][to].
type transition [3][3]float64

func (m transition) apply(s states) states {
	var out states
	for from, p := range s {
		for to := range out {
			out[to] += p * m[from][to]
		}
	}
	return out
}

func (m transition) then(n transition) transition {
	var out transition
	for from := range m {
		out[from] = n.apply(m[from])
	}
	return out
}

// power is m applied n times.
func (m transition) power(n uint64) transition {
	out := transition{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out = out.then(m)
		}
		m = m.then(m)
	}
	return out
}

// repaired says what a component in repair has become after d: still in repair,
// working, or repaired and failed again.
func (p PeriodicTest) repaired(d Hours) states {
	lambda, mu, x := float64(p.Failing), float64(p.Repairing), float64(d)
	if math.IsInf(mu, 1) {
		failed := gone(lambda * x)
		return states{(1 - p.BadRestart) * (1 - failed), p.BadRestart + (1-p.BadRestart)*failed, 0}
	}
	working := 0.0
	if lambda == mu {
		working = mu * x * math.Exp(-mu*x)
	} else {
		// µ/(λ−µ) · (e^(−µx) − e^(−λx)), with the smaller rate outside.
		low, high := min(lambda, mu), max(lambda, mu)
		working = mu * math.Exp(-low*x) * gone((high-low)*x) / (high - low)
	}
	left := math.Exp(-mu * x)
	working *= 1 - p.BadRestart
	return states{working, max(0, 1-left-working), left}
}

// operation is the time d between two tests.
func (p PeriodicTest) operation(d Hours) transition {
	failed := gone(float64(p.Failing) * float64(d))
	return transition{{1 - failed, failed, 0}, {0, 1, 0}, p.repaired(d)}
}

// during is the time d from the beginning of a test, which has not ended yet.
func (p PeriodicTest) during(d Hours) transition {
	works := (1 - p.TestFailure) * math.Exp(-float64(p.FailingInTest)*float64(d))
	fails := p.TestFailure + (1-p.TestFailure)*gone(float64(p.FailingInTest)*float64(d))
	return transition{{works, fails, 0}, {0, 1, 0}, p.repaired(d)}
}

// test is a whole test, with what it finds.
func (p PeriodicTest) test() transition {
	m := p.during(p.Duration)
	// What was in repair has not been tested: only the first two rows are.
	for from := range 2 {
		found := m[from][failedState] * p.Coverage
		m[from][failedState] -= found
		m[from][repairState] += found
	}
	return m
}

// cycle is a test and the time up to the next one.
func (p PeriodicTest) cycle() transition {
	return p.test().then(p.operation(p.Interval - p.Duration))
}
