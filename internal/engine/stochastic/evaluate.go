package stochastic

import (
	"errors"
	"math"
	"slices"

	"diapason/internal/engine/lifetime"
)

// Source gives numbers drawn uniformly from [0, 1).
type Source interface{ Float64() float64 }

// Evaluator computes the values of the expressions that some roots need. It is
// used by one goroutine at a time.
type Evaluator struct {
	p      *Program
	order  []Expr // what the roots need, arguments first
	drawn  []Expr // those among them that a random deviate reaches, in order
	random []bool // by expression: it is among drawn
	value  []float64
	hours  lifetime.Hours
	source Source
	buffer []float64
}

// Point computes all values for a mission time, with random deviates at their
// means.
func (v *Evaluator) Point(mission lifetime.Hours) {
	v.hours, v.source = mission, nil
	v.run(v.order)
}

// Sample computes all values with random deviates drawn from the source, for the
// mission time of the last call of Point, which must have come before.
func (v *Evaluator) Sample(source Source) {
	v.source = source
	v.run(v.drawn)
}

// Value is the value of an expression that the roots need; NaN where it has none.
func (v *Evaluator) Value(e Expr) float64 { return v.value[e] }

// Random reports whether the value of an expression is uncertain.
func (v *Evaluator) Random(e Expr) bool { return v.random[e] }

// AnyRandom reports whether anything is uncertain.
func (v *Evaluator) AnyRandom() bool { return len(v.drawn) > 0 }

func (v *Evaluator) run(order []Expr) {
	for _, e := range order {
		v.value[e] = v.compute(e)
	}
}

func (v *Evaluator) compute(e Expr) float64 {
	p := v.p
	switch p.op[e] {
	case Constant:
		return p.value[e]
	case MissionTime:
		return float64(v.hours)
	case Pi:
		return math.Pi
	}
	a := v.buffer[:0]
	for _, x := range p.Arguments(e) {
		if x == None {
			a = append(a, math.NaN())
			continue
		}
		a = append(a, v.value[x])
	}
	v.buffer = a
	value, err := v.apply(p.op[e], a)
	if err != nil {
		return math.NaN()
	}
	return value
}

// Blame names the expression because of which e has no value that is a finite
// number, and says why: the deepest one whose own arguments have values. It is
// nil when e has a finite value.
func (v *Evaluator) Blame(e Expr) *DomainError {
	for !finite(v.value[e]) {
		next := None
		for i, x := range v.p.Arguments(e) {
			if x != None && !finite(v.value[x]) && v.matters(e, i) {
				next = x
				break
			}
		}
		if next == None {
			return v.explain(e)
		}
		e = next
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// matters reports whether the value of an argument can have reached the result:
// of a choice only the branch that was taken.
func (v *Evaluator) matters(e Expr, argument int) bool {
	if op := v.p.op[e]; op != Ite && op != Switch {
		return true
	}
	a := v.p.Arguments(e)
	for i := 0; i+1 < len(a); i += 2 {
		if argument == i {
			return true
		}
		if v.value[a[i]] != 0 {
			return argument == i+1
		}
	}
	return argument == len(a)-1
}

func (v *Evaluator) explain(e Expr) *DomainError {
	op := v.p.op[e]
	var a []float64
	for _, x := range v.p.Arguments(e) {
		if x == None {
			return &DomainError{Expr: e, Op: op, Name: "result", Value: math.NaN()}
		}
		a = append(a, v.value[x])
	}
	if op != Constant && op != MissionTime && op != Pi {
		_, err := v.apply(op, a)
		var domain *DomainError
		if errors.As(err, &domain) {
			domain.Expr, domain.Op = e, op
			return domain
		}
		var parameter *lifetime.ParameterError
		if errors.As(err, &parameter) {
			return &DomainError{e, op, parameter.Name, parameter.Value, parameter.Want}
		}
	}
	return &DomainError{Expr: e, Op: op, Name: "result", Value: v.value[e]}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// apply computes one operation; the error says which argument is refused.
func (v *Evaluator) apply(op Op, a []float64) (float64, error) {
	switch {
	case op >= UniformDeviate:
		return v.deviate(op, a)
	case op >= Exponential:
		return builtIn(op, a)
	case op >= Not:
		return logic(op, a)
	}
	return arithmetic(op, a), nil
}

func arithmetic(op Op, a []float64) float64 {
	x := a[0]
	switch op {
	case Neg:
		return -x
	case Add, Mean:
		for _, y := range a[1:] {
			x += y
		}
		if op == Mean {
			x /= float64(len(a))
		}
	case Sub:
		for _, y := range a[1:] {
			x -= y
		}
	case Mul:
		for _, y := range a[1:] {
			x *= y
		}
	case Div:
		for _, y := range a[1:] {
			x /= y
		}
	case Min:
		return slices.Min(a)
	case Max:
		return slices.Max(a)
	case Mod:
		return math.Mod(x, a[1])
	case Pow:
		return math.Pow(x, a[1])
	case Parameter:
	default:
		return functions[op](x)
	}
	return x
}

var functions = [opCount]func(float64) float64{
	Abs: math.Abs, Acos: math.Acos, Asin: math.Asin, Atan: math.Atan, Cos: math.Cos, Cosh: math.Cosh, Exp: math.Exp, Log: math.Log, Log10: math.Log10,
	Sin: math.Sin, Sinh: math.Sinh, Tan: math.Tan, Tanh: math.Tanh, Sqrt: math.Sqrt, Ceil: math.Ceil, Floor: math.Floor,
}

func logic(op Op, a []float64) (float64, error) {
	switch op {
	case Not:
		return truth(a[0] == 0), nan(a[0])
	case And:
		return truth(!slices.Contains(a, 0)), nan(a...)
	case Or:
		return truth(slices.ContainsFunc(a, func(x float64) bool { return x != 0 })), nan(a...)
	case Eq:
		return truth(a[0] == a[1]), nan(a...)
	case Df:
		return truth(a[0] != a[1]), nan(a...)
	case Lt:
		return truth(a[0] < a[1]), nan(a...)
	case Gt:
		return truth(a[0] > a[1]), nan(a...)
	case Leq:
		return truth(a[0] <= a[1]), nan(a...)
	case Geq:
		return truth(a[0] >= a[1]), nan(a...)
	case Share:
		return a[0], within("value", a[0], a[0] >= 0 && a[0] <= 1, "between 0 and 1")
	}
	// A choice: its conditions are met in order.
	for ; len(a) > 1; a = a[2:] {
		if err := nan(a[0]); err != nil {
			return 0, err
		}
		if a[0] != 0 {
			return a[1], nil
		}
	}
	return a[0], nil
}

// nan refuses arguments that are not numbers where the operation would hide them.
func nan(a ...float64) error {
	for _, x := range a {
		if math.IsNaN(x) {
			return &DomainError{Name: "argument", Value: x, Want: "a number"}
		}
	}
	return nil
}

func within(name string, x float64, ok bool, want string) error {
	if ok {
		return nil
	}
	return &DomainError{Name: name, Value: x, Want: want}
}

func builtIn(op Op, a []float64) (float64, error) {
	rate, hours := func(i int) lifetime.Rate { return lifetime.Rate(a[i]) }, func(i int) lifetime.Hours { return lifetime.Hours(a[i]) }
	switch op {
	case Exponential:
		return lifetime.Exponential(rate(0), hours(1))
	case GLM:
		return lifetime.GLM(a[0], rate(1), rate(2), hours(3))
	case Weibull:
		return lifetime.Weibull(hours(0), a[1], hours(2), hours(3))
	}
	switch len(a) {
	case 4:
		return lifetime.InstantRepair(rate(0), hours(1), hours(2)).Unavailability(hours(3))
	case 5:
		return lifetime.InstantTest(rate(0), rate(1), hours(2), hours(3)).Unavailability(hours(4))
	}
	if err := within("indicator of availability during the test", a[7], a[7] == 0 || a[7] == 1, "0 or 1"); err != nil {
		return 0, err
	}
	return lifetime.PeriodicTest{Failing: rate(0), FailingInTest: rate(1), Repairing: rate(2), Interval: hours(3), FirstTest: hours(4),
		TestFailure: a[5], Duration: hours(6), AvailableInTest: a[7] == 1, Coverage: a[8], BadRestart: a[9]}.Unavailability(hours(10))
}
