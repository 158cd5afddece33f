package openpsa

import "diapason/internal/engine/faulttree/topevent"

// bruteForce is the probability of the top of a small tree, over all states of
// its events.
func bruteForce(t *Tree) float64 {
	events := t.Events()
	top, _ := t.Tree.Top()
	sum := 0.0
	for state := range 1 << len(events) {
		p := 1.0
		down := map[topevent.Node]bool{}
		for i, e := range events {
			down[e] = state>>i&1 == 1
			q := float64(t.Probability(e))
			if !down[e] {
				q = 1 - q
			}
			p *= q
		}
		if p > 0 && holds(t, top, down) {
			sum += p
		}
	}
	return sum
}

func holds(t *Tree, n topevent.Node, down map[topevent.Node]bool) bool {
	if v, known := down[n]; known {
		return v
	}
	f, ok := t.Formula(n)
	if !ok {
		return t.Probability(n) == 1
	}
	count := 0
	var args []bool
	for _, a := range f.Args {
		v := holds(t, a.Node, down) != a.Negated
		args = append(args, v)
		if v {
			count++
		}
	}
	all, none := count == len(args), count == 0
	v := false
	switch f.Operator {
	case topevent.And:
		v = all
	case topevent.Or:
		v = !none
	case topevent.AtLeast:
		v = count >= f.Min
	case topevent.Cardinality:
		v = count >= f.Min && count <= f.Max
	case topevent.Xor:
		v = count%2 == 1
	case topevent.Not:
		v = none
	case topevent.Nand:
		v = !all
	case topevent.Nor:
		v = none
	case topevent.Iff:
		v = args[0] == args[1]
	case topevent.Imply:
		v = !args[0] || args[1]
	case topevent.Pass:
		v = args[0]
	}
	down[n] = v
	return v
}
