package stochastic

// Program is a set of expressions, each an operation on others. The zero value
// is empty and ready to use. It is filled by one goroutine.
type Program struct {
	op    []Op
	first []int32 // of the arguments in args; None of a parameter not yet defined
	count []int32
	args  []Expr
	value []float64 // of constants
}

// Len is the number of expressions.
func (p *Program) Len() int { return len(p.op) }

func (p *Program) add(op Op, value float64, args ...Expr) Expr {
	e := Expr(len(p.op))
	p.op = append(p.op, op)
	p.first = append(p.first, int32(len(p.args)))
	p.count = append(p.count, int32(len(args)))
	p.args = append(p.args, args...)
	p.value = append(p.value, value)
	return e
}

// Constant adds a number.
func (p *Program) Constant(v float64) Expr { return p.add(Constant, v) }

// Operation adds an operation on expressions of this program. The error is an
// *[ArityError].
func (p *Program) Operation(op Op, args ...Expr) (Expr, error) {
	if !op.accepts(len(args)) {
		return None, &ArityError{op, len(args)}
	}
	return p.add(op, 0, args...), nil
}

// must is Operation where the number of arguments is right by construction.
func (p *Program) must(op Op, args ...Expr) Expr { return p.add(op, 0, args...) }

// Reserve adds a parameter whose definition follows, so that it can be used
// before it is defined.
func (p *Program) Reserve() Expr { return p.add(Parameter, 0, None) }

// Define gives a reserved parameter its value.
func (p *Program) Define(parameter, value Expr) { p.args[p.first[parameter]] = value }

// Op is what an expression does.
func (p *Program) Op(e Expr) Op { return p.op[e] }

// Arguments are the arguments of an expression; the slice belongs to the program.
func (p *Program) Arguments(e Expr) []Expr {
	return p.args[p.first[e] : p.first[e]+p.count[e]]
}

// Value is the number of a constant.
func (p *Program) Value(e Expr) float64 { return p.value[e] }

// Compile orders what the roots need. The error is a *[CircleError]. A parameter
// that was reserved and not defined has the value NaN.
func (p *Program) Compile(roots []Expr) (*Evaluator, error) {
	v := &Evaluator{p: p, value: make([]float64, p.Len()), random: make([]bool, p.Len())}
	const (
		untouched uint8 = iota
		open
		done
	)
	state := make([]uint8, p.Len())
	type frame struct {
		e    Expr
		next int32
	}
	var path []frame
	for _, root := range roots {
		if root == None || state[root] != untouched {
			continue
		}
		path = append(path[:0], frame{root, 0})
		state[root] = open
		for len(path) > 0 {
			f := &path[len(path)-1]
			if f.next == p.count[f.e] {
				state[f.e] = done
				v.order = append(v.order, f.e)
				path = path[:len(path)-1]
				continue
			}
			a := p.args[p.first[f.e]+f.next]
			f.next++
			if a == None {
				continue
			}
			switch state[a] {
			case untouched:
				state[a] = open
				path = append(path, frame{a, 0})
			case open:
				var circle []Expr
				for i := len(path) - 1; ; i-- {
					circle = append([]Expr{path[i].e}, circle...)
					if path[i].e == a {
						return nil, &CircleError{circle}
					}
				}
			}
		}
	}
	for _, e := range v.order {
		random := p.op[e].Random()
		for _, a := range p.Arguments(e) {
			random = random || a != None && v.random[a]
		}
		v.random[e] = random
		if random {
			v.drawn = append(v.drawn, e)
		}
	}
	return v, nil
}
