package topevent

// function is a diagram at rest: nodes in an order in which both sons come
// before their node, so that every figure is one pass over slices. Node 0 is
// the constant true.
type function struct {
	leaves   []int32 // vertex id of a variable; variables are numbered by level
	variable []int32
	low      []ref
	high     []ref
	root     ref
}

// extract copies what root leads to out of a diagram; order says which vertex
// a variable stands for.
func (d *diagram) extract(root ref, order []int32) *function {
	f := &function{}
	for _, v := range d.at {
		f.leaves = append(f.leaves, order[v])
	}
	// Depth first, sons before nodes, without recursion.
	index := make([]int32, len(d.cells)) // place in f, plus one
	index[0] = 1
	f.variable = append(f.variable, int32(len(order)))
	f.low = append(f.low, refTrue)
	f.high = append(f.high, refTrue)
	stack := []int32{root >> 1}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		if index[i] != 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		c := &d.cells[i]
		low, high := index[c.low>>1]-1, index[c.high>>1]-1
		if high < 0 {
			stack = append(stack, c.high>>1)
		}
		if low < 0 {
			stack = append(stack, c.low>>1)
		}
		if low < 0 || high < 0 {
			continue
		}
		stack = stack[:len(stack)-1]
		index[i] = int32(len(f.variable)) + 1
		f.variable = append(f.variable, d.level[c.variable])
		f.low = append(f.low, low<<1|c.low&1)
		f.high = append(f.high, high<<1|c.high&1)
	}
	f.root = (index[root>>1]-1)<<1 | root&1
	return f
}

// pair is the probability of a function and of its complement. Both are kept,
// as sums and products of non-negative numbers: small ones stay precise.
type pair struct{ yes, no float64 }

func (p pair) of(f ref) pair {
	if f&1 == 1 {
		return pair{p.no, p.yes}
	}
	return p
}

// evaluate returns the probability of every node, given that of the leaves.
func (f *function) evaluate(values []pair, at func(vertex int32) pair) []pair {
	leaf := make([]pair, len(f.leaves))
	for i, x := range f.leaves {
		leaf[i] = at(x)
	}
	if cap(values) < len(f.variable) {
		values = make([]pair, len(f.variable))
	}
	values = values[:len(f.variable)]
	values[0] = pair{1, 0}
	for i := 1; i < len(f.variable); i++ {
		q := leaf[f.variable[i]]
		low := values[f.low[i]>>1]
		if f.low[i]&1 == 1 {
			low.yes, low.no = low.no, low.yes
		}
		high := values[f.high[i]>>1]
		values[i] = pair{q.yes*high.yes + q.no*low.yes, q.yes*high.no + q.no*low.no}
	}
	return values
}
