package allocation

import (
	"math"
	"strconv"
	"strings"

	"diapason/internal/model"
)

// formula is what a number x of components uses, as an arithmetic expression:
// numbers, x, + - * / ^, parentheses, and exp, ln, log (natural), sqrt, ceil,
// floor, abs.
type formula func(x float64) float64

// deepest bounds the nesting of a formula.
const deepest = 100

// functions of one argument that a formula may call.
var functions = map[string]func(float64) float64{
	"exp": math.Exp, "ln": math.Log, "log": math.Log, "sqrt": math.Sqrt, "ceil": math.Ceil, "floor": math.Floor, "abs": math.Abs,
}

// parseFormula reads a formula.
func parseFormula(text string) (formula, *model.Fault) {
	p := &formulaParser{rest: text, text: text}
	f := p.sum(0)
	if p.fault == nil && p.skip() != "" {
		p.fail("%q cannot be read from %q on", clip(text), clip(p.rest))
	}
	return f, p.fault
}

type formulaParser struct {
	text, rest string
	fault      *model.Fault
}

func (p *formulaParser) fail(format string, args ...any) formula {
	if p.fault == nil {
		p.fault = &model.Fault{Format: format, Args: args}
	}
	p.rest = ""
	return func(float64) float64 { return 0 }
}

func (p *formulaParser) skip() string {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	return p.rest
}

func (p *formulaParser) take(signs string) byte {
	if r := p.skip(); r != "" && strings.IndexByte(signs, r[0]) >= 0 {
		p.rest = r[1:]
		return r[0]
	}
	return 0
}

func (p *formulaParser) sum(depth int) formula {
	left := p.product(depth)
	for p.fault == nil {
		a := left
		switch p.take("+-") {
		case '+':
			b := p.product(depth)
			left = func(x float64) float64 { return a(x) + b(x) }
		case '-':
			b := p.product(depth)
			left = func(x float64) float64 { return a(x) - b(x) }
		default:
			return left
		}
	}
	return left
}

func (p *formulaParser) product(depth int) formula {
	left := p.signed(depth)
	for p.fault == nil {
		a := left
		switch p.take("*/") {
		case '*':
			b := p.signed(depth)
			left = func(x float64) float64 { return a(x) * b(x) }
		case '/':
			b := p.signed(depth)
			left = func(x float64) float64 {
				by := b(x)
				if by == 0 { // no amount, unlike one that is too large to hold
					return math.NaN()
				}
				return a(x) / by
			}
		default:
			return left
		}
	}
	return left
}

func (p *formulaParser) signed(depth int) formula {
	if depth > deepest {
		return p.fail("the formula nests more than %d levels deep", deepest)
	}
	switch p.take("+-") {
	case '-':
		a := p.signed(depth + 1)
		return func(x float64) float64 { return -a(x) }
	case '+':
		return p.signed(depth + 1)
	}
	return p.power(depth)
}

func (p *formulaParser) power(depth int) formula {
	a := p.atom(depth)
	if p.fault == nil && p.take("^") != 0 {
		b := p.signed(depth + 1)
		return func(x float64) float64 { return math.Pow(a(x), b(x)) }
	}
	return a
}

func (p *formulaParser) atom(depth int) formula {
	r := p.skip()
	if r == "" {
		return p.fail("%q ends where a number, x or a parenthesis was expected", clip(p.text))
	}
	if r[0] == '(' {
		p.rest = r[1:]
		f := p.sum(depth + 1)
		if p.fault == nil && p.take(")") == 0 {
			return p.fail("%q lacks a closing parenthesis", clip(p.text))
		}
		return f
	}
	if n := numeral(r); n > 0 {
		v, err := strconv.ParseFloat(r[:n], 64)
		if err != nil {
			return p.fail("%q is no number", clip(r[:n]))
		}
		p.rest = r[n:]
		return func(float64) float64 { return v }
	}
	n := 0
	for n < len(r) && (r[n] >= 'a' && r[n] <= 'z' || r[n] >= 'A' && r[n] <= 'Z') {
		n++
	}
	word := r[:n]
	if word == "x" || word == "n" {
		p.rest = r[n:]
		return func(x float64) float64 { return x }
	}
	call, ok := functions[word]
	if !ok {
		return p.fail("%q cannot be read from %q on: write numbers, x for the number of components, + - * / ^, parentheses, exp, ln, sqrt, ceil, floor, abs", clip(p.text), clip(r))
	}
	p.rest = r[n:]
	if p.take("(") == 0 {
		return p.fail("%q needs its argument in parentheses", word)
	}
	a := p.sum(depth + 1)
	if p.fault == nil && p.take(")") == 0 {
		return p.fail("%q lacks a closing parenthesis", clip(p.text))
	}
	return func(x float64) float64 { return call(a(x)) }
}

// numeral is the length of the number at the start of a text.
func numeral(s string) int {
	digits := func(i int) int {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i
	}
	n := digits(0)
	if n < len(s) && s[n] == '.' {
		if after := digits(n + 1); after > n+1 || n > 0 {
			n = after
		}
	}
	if n == 0 || s[:n] == "." {
		return 0
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		at := n + 1
		if at < len(s) && (s[at] == '+' || s[at] == '-') {
			at++
		}
		if end := digits(at); end > at {
			n = end
		}
	}
	return n
}

// clip shortens what is quoted from a file.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}
