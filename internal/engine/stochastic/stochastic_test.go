package stochastic

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// build makes an expression of an operation on numbers.
func build(t *testing.T, p *Program, op Op, values ...float64) Expr {
	t.Helper()
	var args []Expr
	for _, v := range values {
		args = append(args, p.Constant(v))
	}
	e, err := p.Operation(op, args...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func evaluator(t *testing.T, p *Program, roots ...Expr) *Evaluator {
	t.Helper()
	v, err := p.Compile(roots)
	if err != nil {
		t.Fatal(err)
	}
	v.Point(8760)
	return v
}

func TestOperations(t *testing.T) {
	for _, c := range []struct {
		name string
		op   Op
		args []float64
		want float64
	}{
		{"a sum", Add, []float64{1, 2, 3}, 6},
		{"a difference of three", Sub, []float64{10, 2, 3}, 5},
		{"a product", Mul, []float64{2, 3, 4}, 24},
		{"a quotient of three", Div, []float64{12, 2, 3}, 2},
		{"a remainder", Mod, []float64{7, 4}, 3},
		{"a power", Pow, []float64{2, 10}, 1024},
		{"a mean", Mean, []float64{1, 2, 6}, 3},
		{"the least", Min, []float64{3, 1, 2}, 1},
		{"the greatest", Max, []float64{3, 1, 2}, 3},
		{"the sign turned", Neg, []float64{3}, -3},
		{"a root", Sqrt, []float64{2}, math.Sqrt2},
		{"a decimal logarithm", Log10, []float64{1000}, 3},
		{"rounded up", Ceil, []float64{1.2}, 2},
		{"not", Not, []float64{0}, 1},
		{"and", And, []float64{1, 1, 0}, 0},
		{"or", Or, []float64{0, 1, 0}, 1},
		{"equal", Eq, []float64{2, 2}, 1},
		{"less or equal", Leq, []float64{3, 2}, 0},
		{"a choice", Ite, []float64{0, 10, 20}, 20},
		{"the first case that holds", Switch, []float64{0, 1, 1, 2, 1, 3, 4}, 2},
		{"no case holds", Switch, []float64{0, 1, 0, 2, 4}, 4},
		{"an exponential", Exponential, []float64{1e-4, 1000}, 1 - math.Exp(-0.1)},
		{"a repairable component", GLM, []float64{0, 1e-3, 1e-1, 1e9}, 1e-3 / 0.101},
		{"a Weibull", Weibull, []float64{1000, 2, 100, 600}, 1 - math.Exp(-0.25)},
		{"the mean of a uniform deviate", UniformDeviate, []float64{2, 6}, 4},
		{"the mean of a lognormal deviate", LognormalDeviate, []float64{1e-3, 3, 0.95}, 1e-3},
		{"the mean of a lognormal deviate by its logarithm", LognormalDeviate, []float64{-7, 0.5}, math.Exp(-7 + 0.125)},
		{"the mean of a gamma deviate", GammaDeviate, []float64{3, 2}, 6},
		{"the mean of a beta deviate", BetaDeviate, []float64{2, 6}, 0.25},
		{"the mean of the histogram in the format's chapter", Histogram, []float64{100, 170, 0.70e-4, 200, 1.10e-4, 210, 1.30e-4, 230, 1.00e-4, 280, 0.50e-4}, (70*0.7 + 30*1.1 + 10*1.3 + 20*1.0 + 50*0.5) * 1e-4 / 180},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Program
			e := build(t, &p, c.op, c.args...)
			if got := evaluator(t, &p, e).Value(e); math.Abs(got-c.want) > 1e-12*math.Abs(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheExpressionThatHasNoValueIsNamed(t *testing.T) {
	for _, c := range []struct {
		name string
		op   Op
		args []float64
		arg  string
	}{
		{"the logarithm of a negative number", Log, []float64{-1}, "result"},
		{"division by nothing", Div, []float64{1, 0}, "result"},
		{"a rate below 0", Exponential, []float64{-1, 1}, "failure rate"},
		{"an error factor below 1", LognormalDeviate, []float64{1e-3, 0.5, 0.95}, "error factor"},
		{"a level of 1", LognormalDeviate, []float64{1e-3, 3, 1}, "level"},
		{"bounds the wrong way round", UniformDeviate, []float64{2, 1}, "upper bound"},
		{"bins out of order", Histogram, []float64{0, 2, 1, 1, 1}, "upper bound of a bin"},
		{"a share of two", Share, []float64{2}, "value"},
		{"an indicator of a half", PeriodicTest, []float64{1, 1, 1, 10, 1, 0, 1, 0.5, 1, 0, 100}, "indicator of availability during the test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Program
			bad := build(t, &p, c.op, c.args...)
			root, _ := p.Operation(Add, p.Constant(1), bad)
			b := evaluator(t, &p, root).Blame(root)
			if b == nil || b.Expr != bad || b.Name != c.arg {
				t.Errorf("got %v", b)
			}
		})
	}
	t.Run("the branch not taken is not blamed", func(t *testing.T) {
		var p Program
		bad := build(t, &p, Log, -1)
		root, _ := p.Operation(Ite, p.Constant(1), p.Constant(5), bad)
		v := evaluator(t, &p, root)
		if b := v.Blame(root); b != nil || v.Value(root) != 5 {
			t.Errorf("got %v, %v", v.Value(root), b)
		}
	})
}

func TestParametersMayBeDefinedLaterAndCirclesAreFound(t *testing.T) {
	var p Program
	a, b := p.Reserve(), p.Reserve()
	sum, _ := p.Operation(Add, a, b)
	p.Define(a, p.Constant(1))
	p.Define(b, a)
	if v := evaluator(t, &p, sum); v.Value(sum) != 2 {
		t.Errorf("got %v", v.Value(sum))
	}
	twice, _ := p.Operation(Mul, b, b)
	p.Define(a, twice)
	_, err := p.Compile([]Expr{sum})
	var circle *CircleError
	if !errors.As(err, &circle) || len(circle.Circle) != 3 {
		t.Errorf("got %v", err)
	}
}

func TestWrongNumbersOfArgumentsAreRefused(t *testing.T) {
	var p Program
	c := p.Constant(1)
	for op, args := range map[Op]int{Pow: 1, Exponential: 3, PeriodicTest: 6, Switch: 2, Histogram: 2, LognormalDeviate: 4, Add: 0} {
		_, err := p.Operation(op, slices.Repeat([]Expr{c}, args)...)
		var arity *ArityError
		if !errors.As(err, &arity) {
			t.Errorf("%s with %d arguments: %v", op, args, err)
		}
	}
}

// Each deviate is compared with what is known of its distribution: mean and
// quantiles of 200 000 draws.
func TestDrawsFollowTheirDistribution(t *testing.T) {
	for _, c := range []struct {
		name         string
		op           Op
		args         []float64
		mean, median float64
		p95          float64
	}{
		{"uniform", UniformDeviate, []float64{2, 6}, 4, 4, 5.8},
		{"normal", NormalDeviate, []float64{10, 2}, 10, 10, 13.2897},
		{"lognormal with an error factor", LognormalDeviate, []float64{1e-3, 3, 0.95}, 1e-3, 8.0e-4, 2.4e-3},
		{"lognormal by its logarithm", LognormalDeviate, []float64{0, 0.5}, 1.1331, 1, 2.2760},
		{"gamma with shape 1 is exponential", GammaDeviate, []float64{1, 2}, 2, 1.38629, 5.99146},
		{"beta", BetaDeviate, []float64{2, 2}, 0.5, 0.5, 0.864650},
		{"histogram", Histogram, []float64{0, 1, 10, 4, 20}, 17.5, 20, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Program
			e := build(t, &p, c.op, c.args...)
			v := evaluator(t, &p, e)
			source := rand.New(rand.NewPCG(1, 2))
			const n = 200_000
			draws := make([]float64, n)
			sum := 0.0
			for i := range draws {
				v.Sample(source)
				draws[i] = v.Value(e)
				sum += draws[i]
			}
			slices.Sort(draws)
			for what, pair := range map[string][2]float64{"mean": {sum / n, c.mean}, "median": {draws[n/2], c.median}, "95 %": {draws[n*95/100], c.p95}} {
				if math.Abs(pair[0]-pair[1]) > 0.015*pair[1] {
					t.Errorf("%s: got %v, want %v", what, pair[0], pair[1])
				}
			}
		})
	}
}

func TestEventsThatShareAParameterShareItsDraw(t *testing.T) {
	var p Program
	lambda := p.Reserve()
	p.Define(lambda, build(t, &p, LognormalDeviate, 1e-4, 5, 0.95))
	a, _ := p.Operation(Exponential, lambda, p.Constant(100))
	b, _ := p.Operation(Exponential, lambda, p.Constant(100))
	fixed := build(t, &p, Exponential, 1e-4, 100)
	v := evaluator(t, &p, a, b, fixed)
	before := v.Value(fixed)
	source := rand.New(rand.NewPCG(3, 4))
	last := v.Value(a)
	for range 100 {
		v.Sample(source)
		if v.Value(a) != v.Value(b) || v.Value(a) == last || v.Value(fixed) != before {
			t.Fatalf("%v, %v, %v", v.Value(a), v.Value(b), v.Value(fixed))
		}
		last = v.Value(a)
	}
	if v.Random(fixed) || !v.Random(a) {
		t.Error("what is uncertain is not what a deviate reaches")
	}
}

// Q = 0.1 in a group of three; the values are those SCRAM 0.16.2 writes with six
// digits, and for MGL and alpha those of the formulas of NUREG/CR-5485.
func TestCommonCauseModels(t *testing.T) {
	for _, c := range []struct {
		name    string
		model   CommonCause
		factors map[int]float64
		want    []float64 // by level
	}{
		{"beta", BetaFactor, map[int]float64{3: 0.2}, []float64{0.08, math.NaN(), 0.02}},
		{"MGL", MGL, map[int]float64{2: 0.2, 3: 0.3}, []float64{0.08, 0.007, 0.006}},
		{"MGL without its last letter", MGL, map[int]float64{2: 0.2}, []float64{0.08, 0.01, math.NaN()}},
		{"alpha", AlphaFactor, map[int]float64{1: 0.9, 2: 0.07, 3: 0.03}, []float64{0.1 * 0.9 / 1.13, 0.1 * 0.07 / 1.13, 0.1 * 3 * 0.03 / 1.13}},
		{"phi", PhiFactor, map[int]float64{1: 0.9, 2: 0.07, 3: 0.03}, []float64{0.09, 0.007, 0.003}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Program
			factors := map[int]Expr{}
			for k, f := range c.factors {
				factors[k] = p.Constant(f)
			}
			levels, err := p.Levels(c.model, 3, p.Constant(0.1), factors)
			if err != nil {
				t.Fatal(err)
			}
			v := evaluator(t, &p, levels...)
			for k, want := range c.want {
				e := levels[k+1]
				if math.IsNaN(want) != (e == None) {
					t.Errorf("level %d: %v", k+1, e)
				} else if e != None && math.Abs(v.Value(e)-want) > 1e-12 {
					t.Errorf("level %d: got %v, want %v", k+1, v.Value(e), want)
				}
			}
		})
	}
	for name, bad := range map[string]struct {
		model   CommonCause
		factors map[int]float64
	}{
		"a beta factor of a lower level":  {BetaFactor, map[int]float64{2: 0.1}},
		"two beta factors":                {BetaFactor, map[int]float64{2: 0.1, 3: 0.1}},
		"a letter left out":               {MGL, map[int]float64{3: 0.1}},
		"a level above the members":       {PhiFactor, map[int]float64{1: 0.9, 4: 0.1}},
		"an alpha factor without level 1": {AlphaFactor, map[int]float64{2: 0.1}},
		"no factor at all":                {MGL, nil},
	} {
		var p Program
		factors := map[int]Expr{}
		for k, f := range bad.factors {
			factors[k] = p.Constant(f)
		}
		var refused *FactorError
		if _, err := p.Levels(bad.model, 3, p.Constant(0.1), factors); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// In beta, MGL and alpha models each member still fails with probability Q in all.
func TestMembersKeepTheirProbability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "n")
		model := CommonCause(rapid.IntRange(0, 2).Draw(t, "model"))
		var p Program
		factors := map[int]Expr{}
		first := map[CommonCause]int{BetaFactor: n, MGL: 2, AlphaFactor: 1}[model]
		for k := first; k <= n; k++ {
			factors[k] = p.Constant(rapid.Float64Range(0.01, 1).Draw(t, "factor"))
		}
		levels, err := p.Levels(model, n, p.Constant(0.3), factors)
		if err != nil {
			t.Fatal(err)
		}
		v, err := p.Compile(levels)
		if err != nil {
			t.Fatal(err)
		}
		v.Point(1)
		sum := 0.0
		for k := 1; k <= n; k++ {
			if levels[k] != None {
				sum += choose(n-1, k-1) * v.Value(levels[k])
			}
		}
		if math.Abs(sum-0.3) > 1e-12 {
			t.Fatalf("members fail with %v in all", sum)
		}
	})
}
