package stochastic

import "strconv"

// Op is what an expression does with its arguments.
type Op uint8

// The operations, named as in the Model Exchange Format.
const (
	undefined Op = iota
	Constant
	MissionTime
	Parameter // the value of its one argument; made by Program.Reserve
	Neg
	Add
	Sub
	Mul
	Div
	Pi
	Abs
	Acos
	Asin
	Atan
	Cos
	Cosh
	Exp
	Log
	Log10
	Mod
	Pow
	Sin
	Sinh
	Tan
	Tanh
	Sqrt
	Ceil
	Floor
	Min
	Max
	Mean
	Not
	And
	Or
	Eq
	Df
	Lt
	Gt
	Leq
	Geq
	Ite
	Switch // condition, value, condition, value, …, value otherwise
	Share  // its one argument, which must lie in [0, 1]
	Exponential
	GLM
	Weibull
	PeriodicTest
	UniformDeviate
	NormalDeviate
	LognormalDeviate // mean, error factor, level; or µ and σ of the logarithm
	GammaDeviate
	BetaDeviate
	Histogram // lower bound, then upper bound and value of each bin
	opCount
)

const many = 1 << 30

// arity is the least and greatest number of arguments; step, where it is not 0,
// says that the number beyond the least is a multiple of it.
type arity struct {
	name              string
	least, most, step int
}

var operations = [opCount]arity{
	undefined: {"undefined", 0, 0, 0}, Constant: {"float", 0, 0, 0}, MissionTime: {"system-mission-time", 0, 0, 0}, Parameter: {"parameter", 1, 1, 0},
	Neg: {"neg", 1, 1, 0}, Add: {"add", 1, many, 0}, Sub: {"sub", 1, many, 0}, Mul: {"mul", 1, many, 0}, Div: {"div", 1, many, 0}, Pi: {"pi", 0, 0, 0},
	Abs: {"abs", 1, 1, 0}, Acos: {"acos", 1, 1, 0}, Asin: {"asin", 1, 1, 0}, Atan: {"atan", 1, 1, 0}, Cos: {"cos", 1, 1, 0}, Cosh: {"cosh", 1, 1, 0},
	Exp: {"exp", 1, 1, 0}, Log: {"log", 1, 1, 0}, Log10: {"log10", 1, 1, 0}, Mod: {"mod", 2, 2, 0}, Pow: {"pow", 2, 2, 0}, Sin: {"sin", 1, 1, 0},
	Sinh: {"sinh", 1, 1, 0}, Tan: {"tan", 1, 1, 0}, Tanh: {"tanh", 1, 1, 0}, Sqrt: {"sqrt", 1, 1, 0}, Ceil: {"ceil", 1, 1, 0}, Floor: {"floor", 1, 1, 0},
	Min: {"min", 1, many, 0}, Max: {"max", 1, many, 0}, Mean: {"mean", 1, many, 0},
	Not: {"not", 1, 1, 0}, And: {"and", 1, many, 0}, Or: {"or", 1, many, 0}, Eq: {"eq", 2, 2, 0}, Df: {"df", 2, 2, 0}, Lt: {"lt", 2, 2, 0},
	Gt: {"gt", 2, 2, 0}, Leq: {"leq", 2, 2, 0}, Geq: {"geq", 2, 2, 0}, Ite: {"ite", 3, 3, 0}, Switch: {"switch", 1, many, 2}, Share: {"factor", 1, 1, 0},
	Exponential: {"exponential", 2, 2, 0}, GLM: {"GLM", 4, 4, 0}, Weibull: {"Weibull", 4, 4, 0}, PeriodicTest: {"periodic-test", 4, 11, 0},
	UniformDeviate: {"uniform-deviate", 2, 2, 0}, NormalDeviate: {"normal-deviate", 2, 2, 0}, LognormalDeviate: {"lognormal-deviate", 2, 3, 0},
	GammaDeviate: {"gamma-deviate", 2, 2, 0}, BetaDeviate: {"beta-deviate", 2, 2, 0}, Histogram: {"histogram", 3, many, 2},
}

// String is the name of the operation in the Model Exchange Format.
func (op Op) String() string {
	if op < opCount {
		return operations[op].name
	}
	return "unknown"
}

// Random reports whether the operation draws: it is a random deviate.
func (op Op) Random() bool { return op >= UniformDeviate && op <= Histogram }

// Arity says how many arguments the operation takes, for people: "2", "1 or
// more"; numbers and English words only.
func (op Op) Arity() string {
	a := operations[op]
	switch {
	case op == PeriodicTest:
		return "4, 5 or 11"
	case op == Histogram:
		return "3, 5, 7…"
	case op == Switch:
		return "1, 3, 5…"
	case a.most == many:
		return "≥ " + strconv.Itoa(a.least)
	case a.most > a.least:
		return strconv.Itoa(a.least) + "–" + strconv.Itoa(a.most)
	}
	return strconv.Itoa(a.least)
}

// accepts reports whether n is a number of arguments that the operation takes.
func (op Op) accepts(n int) bool {
	if op >= opCount || op == undefined {
		return false
	}
	if op == PeriodicTest {
		return n == 4 || n == 5 || n == 11
	}
	a := operations[op]
	return n >= a.least && n <= a.most && (a.step == 0 || (n-a.least)%a.step == 0)
}
