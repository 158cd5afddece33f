package topevent

// family is the minimal products of a block at rest, sons before nodes; nodes
// 0 and 1 are no set and the empty set. Variables are literals of the leaves:
// 2·level, plus one for the complement of the vertex.
type family struct {
	leaves   []int32
	variable []int32
	low      []int32
	high     []int32
	root     int32
}

func (f *family) literal(variable int32) lit {
	return lit(f.leaves[variable>>1]*2 + variable&1)
}

// extract copies what a root leads to.
func (z *zdiagram) extract(root int32, leaves []int32) *family {
	f := &family{leaves: leaves, variable: []int32{1 << 30, 1 << 30}, low: []int32{0, 0}, high: []int32{0, 0}}
	index := make([]int32, len(z.cells))
	index[noSet], index[emptySet] = 1, 2
	stack := []int32{root}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		if index[i] != 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		c := &z.cells[i]
		low, high := index[c.low]-1, index[c.high]-1
		if high < 0 {
			stack = append(stack, c.high)
		}
		if low < 0 {
			stack = append(stack, c.low)
		}
		if low < 0 || high < 0 {
			continue
		}
		stack = stack[:len(stack)-1]
		index[i] = int32(len(f.variable)) + 1
		f.variable = append(f.variable, c.variable)
		f.low = append(f.low, low)
		f.high = append(f.high, high)
	}
	f.root = index[root] - 1
	return f
}

// atZero is the value of a function when no oriented leaf holds.
func (f *function) atZero(flip []bool) bool {
	r := f.root
	value := true
	for r>>1 != 0 {
		if r&1 == 1 {
			value = !value
		}
		if i := r >> 1; flip[f.variable[i]] {
			r = f.high[i]
		} else {
			r = f.low[i]
		}
	}
	return value != (r&1 == 1)
}

// minimizer computes the least sets of leaves that fail a function. For a
// coherent one they are the minimal cut sets; otherwise those of its hull
// "some state in which nothing else has failed": the minimal p-cuts. Leaves
// are oriented so that they do not hold when nothing has failed; whatever
// asks for the contrary costs nothing.
type minimizer struct {
	f    *function
	z    *zdiagram
	flip []bool // of a leaf: its complement is what needs failures
	memo []int32
}

func (m *minimizer) minimal(r ref) int32 {
	switch r {
	case refTrue:
		return emptySet
	case refFalse:
		return noSet
	}
	if m.memo[r] >= 0 {
		return m.memo[r]
	}
	if m.z.stopped {
		return noSet
	}
	i := r >> 1
	v := m.f.variable[i]
	low, high := m.f.low[i]^r&1, m.f.high[i]^r&1
	name := 2 * v
	if m.flip[v] {
		low, high = high, low
		name++
	}
	without := m.minimal(low)
	with := m.z.without(m.minimal(high), without)
	s := m.z.make(name, without, with)
	if !m.z.stopped {
		m.memo[r] = s
	}
	return s
}

// primes computes all prime implicants (Coudert and Madre 1992) of a function
// brought back into a diagram.
type primes struct {
	d    *diagram
	z    *zdiagram
	memo map[ref]int32
}

func (p *primes) of(r ref) int32 {
	switch r {
	case refTrue:
		return emptySet
	case refFalse:
		return noSet
	}
	if s, ok := p.memo[r]; ok {
		return s
	}
	if p.z.stopped || p.d.stopped {
		return noSet
	}
	v := p.d.cells[r>>1].variable
	low, high := p.d.cofactors(r, p.d.level[v])
	both := p.of(p.d.and(low, high))
	with := p.z.minus(p.of(high), both)
	against := p.z.minus(p.of(low), both)
	s := p.z.make(2*v, p.z.make(2*v+1, both, against), with)
	if !p.z.stopped && !p.d.stopped {
		p.memo[r] = s
	}
	return s
}

// restore brings a function back into a diagram.
func (f *function) restore(d *diagram) ref {
	at := make([]ref, len(f.variable))
	at[0] = refTrue
	for i := 1; i < len(at); i++ {
		low, high := at[f.low[i]>>1]^f.low[i]&1, at[f.high[i]>>1]^f.high[i]&1
		at[i] = d.make(f.variable[i], low, high)
	}
	return at[f.root>>1] ^ f.root&1
}
