package topevent

import (
	"math"
	"math/big"
	"math/bits"
)

// products holds the families of minimal products of all blocks that the top
// needs, by literal of the block's root.
type products struct {
	a        *Analysis
	kind     CutSetKind
	family   map[lit]*family
	needed   []lit // literals of blocks, users before what they use
	top      lit
	oriented []bool  // of a vertex: it holds when nothing has failed
	partial  bool    // larger products are not among them
	last     [][]lit // blocks that no family visited after that of needed names
}

// products computes the families; false when the budget did not suffice.
func (a *Analysis) products(watch func() bool) (*products, bool) {
	p := &products{a: a, kind: MinimalCutSets, family: make(map[lit]*family), top: a.g.top}
	if !a.g.coherent() {
		p.kind = MinimalPCuts
		if a.opts.Primes {
			p.kind = PrimeImplicants
		}
	}
	p.oriented = make([]bool, len(a.g.vertices))
	for i, b := range a.blocks {
		f := a.solved[i]
		if f == nil {
			return nil, false
		}
		flip := make([]bool, len(f.leaves))
		for l, x := range f.leaves {
			flip[l] = p.oriented[x]
		}
		p.oriented[b.root] = f.atZero(flip)
	}
	wanted := map[lit]bool{p.top: true}
	for i := len(a.blocks) - 1; i >= 0; i-- {
		for sign := lit(0); sign < 2; sign++ {
			root := lit(a.blocks[i].root*2) + sign
			if !wanted[root] {
				continue
			}
			f, ok := p.solve(a.solved[i], ref(sign), watch)
			if !ok {
				return nil, false
			}
			p.family[root] = f
			p.needed = append(p.needed, root)
			for n := 2; n < len(f.variable); n++ {
				wanted[f.literal(f.variable[n])] = true
			}
		}
	}
	return p, true
}

func (p *products) solve(f *function, sign ref, watch func() bool) (*family, bool) {
	z := newZDiagram(4*len(f.variable), &p.a.mem, watch)
	defer z.release()
	var root int32
	if p.kind == PrimeImplicants {
		d := newDiagram(len(f.leaves), 2*len(f.variable), &p.a.mem, watch)
		defer d.release()
		d.limit = p.a.opts.NodeBudget
		run := &primes{d: d, z: z, memo: make(map[ref]int32)}
		root = run.of(f.restore(d) ^ sign)
		if d.stopped {
			return nil, false
		}
	} else {
		m := &minimizer{f: f, z: z, flip: make([]bool, len(f.leaves)), memo: make([]int32, 2*len(f.variable))}
		if !p.a.mem.take(int64(len(m.memo)) * 4) {
			return nil, false
		}
		defer p.a.mem.take(-int64(len(m.memo)) * 4)
		for l, x := range f.leaves {
			m.flip[l] = p.oriented[x]
		}
		for i := range m.memo {
			m.memo[i] = -1
		}
		root = m.minimal(f.root ^ sign)
	}
	if z.stopped {
		return nil, false
	}
	return z.extract(root, f.leaves), true
}

// count returns the number of products by order, exactly. Numbers below 2^64
// are counted as such; larger ones modulo several primes (Chinese remainders). False
// when the work had to end.
func (p *products) count(beat *pulse) ([]*big.Int, bool) {
	if _, ok := p.family[p.top]; !ok {
		return p.trivial(), true
	}
	size, ok := p.sizes(beat)
	if !ok {
		return nil, false
	}
	if size < 62 {
		var out []*big.Int
		r, ok := p.residues(0, beat)
		for _, n := range r {
			out = append(out, new(big.Int).SetUint64(n))
		}
		return out, ok
	}
	var out []*big.Int
	modulus := big.NewInt(1)
	goal := new(big.Int).Lsh(modulus, uint(size)+2)
	candidate := big.NewInt(1<<62 - 1)
	for modulus.Cmp(goal) <= 0 {
		for !candidate.ProbablyPrime(20) {
			candidate.Sub(candidate, big.NewInt(2))
		}
		prime := new(big.Int).Set(candidate)
		candidate.Sub(candidate, big.NewInt(2))
		r, ok := p.residues(prime.Uint64(), beat)
		if !ok {
			return nil, false
		}
		if out == nil {
			out = make([]*big.Int, len(r))
			for i := range out {
				out[i] = new(big.Int)
			}
		}
		inverse := new(big.Int).ModInverse(modulus, prime)
		for i := range out {
			step := new(big.Int).SetUint64(r[i])
			step.Sub(step, out[i])
			step.Mul(step, inverse).Mod(step, prime)
			out[i].Add(out[i], step.Mul(step, modulus))
			if beat.beat(1 + modulus.BitLen()/256) {
				return nil, false
			}
		}
		modulus.Mul(modulus, prime)
	}
	return out, true
}

// trivial counts where the top is a constant or a single event.
func (p *products) trivial() []*big.Int {
	one, none := big.NewInt(1), new(big.Int)
	switch {
	case p.top == litTrue:
		return []*big.Int{one}
	case p.top == litFalse:
		return []*big.Int{none}
	case p.top&1 == 1 && p.kind != PrimeImplicants:
		return []*big.Int{one}
	}
	return []*big.Int{none, one}
}

// each walks the families that others need first, and gives the nodes of one
// at a time, with the blocks that none after it asks for. False when the work had to
// end.
func (p *products) each(beat *pulse, visit func(root lit, f *family, done []lit)) bool {
	last := p.lastUses()
	for i := len(p.needed) - 1; i >= 0; i-- {
		if beat.beat(1) {
			return false
		}
		visit(p.needed[i], p.family[p.needed[i]], last[i])
	}
	return beat == nil || !beat.ended
}

// lastUses finds, for each of needed, the blocks whose users are all visited with it:
// what was computed of them can go, which a long chain of blocks depends on.
func (p *products) lastUses() [][]lit {
	if p.last != nil {
		return p.last
	}
	p.last = make([][]lit, len(p.needed))
	seen := make(map[lit]bool, len(p.needed))
	for i, root := range p.needed {
		f := p.family[root]
		for n := 2; n < len(f.variable); n++ {
			l := f.literal(f.variable[n])
			if p.a.g.isGate(l.id()) && p.family[l] != nil && !seen[l] {
				seen[l] = true
				p.last[i] = append(p.last[i], l)
			}
		}
	}
	return p.last
}

// fold computes a number of every family bottom-up: 0 for no set, 1 for the
// empty one, low + leaf·high for a node. False when the work had to end.
func (p *products) fold(leaf func(lit) float64, beat *pulse) (map[lit]float64, bool) {
	out := make(map[lit]float64)
	var value []float64
	ok := p.each(beat, func(root lit, f *family, _ []lit) {
		value = append(value[:0], 0, 1)
		for n := 2; n < len(f.variable); n++ {
			if beat.beat(1) {
				return
			}
			l := f.literal(f.variable[n])
			x, ok := out[l]
			if !ok {
				x = leaf(l)
			}
			if x != 0 { // which an infinite sum times nothing would not be
				x *= value[f.high[n]]
			}
			value = append(value, value[f.low[n]]+x)
		}
		out[root] = value[f.root]
	})
	return out, ok
}

// sizes bounds the number of products from above, as its logarithm to base 2: more
// than a double holds are not rare. False when the work had to end.
func (p *products) sizes(beat *pulse) (float64, bool) {
	whole := make(map[lit]float64)
	var value []float64
	ok := p.each(beat, func(root lit, f *family, _ []lit) {
		value = append(value[:0], math.Inf(-1), 0)
		for n := 2; n < len(f.variable); n++ {
			if beat.beat(1) {
				return
			}
			x, y := value[f.low[n]], value[f.high[n]]+whole[f.literal(f.variable[n])]
			if x < y {
				x, y = y, x
			}
			if y-x > -64 { // less than that is below the precision of the sum
				x += math.Log2(1 + math.Exp2(y-x))
			}
			value = append(value, x)
		}
		whole[root] = value[f.root]
	})
	return math.Max(0, whole[p.top]*(1+1e-6)+1e-6), ok
}

// polynomial has the number of products of order i + shift at i.
type polynomial struct {
	shift int
	c     []uint64
}

// residues counts by order modulo m, or modulo 2^64 for m = 0. False when the work had
// to end.
func (p *products) residues(m uint64, beat *pulse) ([]uint64, bool) {
	add := func(x, y uint64) uint64 {
		s := x + y
		if m != 0 && s >= m {
			s -= m
		}
		return s
	}
	mul := func(x, y uint64) uint64 {
		if m == 0 {
			return x * y
		}
		hi, lo := bits.Mul64(x, y)
		_, r := bits.Div64(hi, lo, m)
		return r
	}
	whole := make(map[lit]polynomial)
	ok := p.each(beat, func(root lit, f *family, done []lit) {
		uses := make([]int32, len(f.variable))
		for n := 2; n < len(f.variable); n++ {
			uses[f.low[n]]++
			uses[f.high[n]]++
		}
		uses[f.root]++
		uses[0], uses[1] = 1<<30, 1<<30
		value := make([]polynomial, len(f.variable))
		value[1] = polynomial{c: []uint64{1}}
		var pool [][]uint64
		fresh := func(n int) []uint64 {
			for len(pool) > 0 {
				s := pool[len(pool)-1]
				pool = pool[:len(pool)-1]
				if cap(s) >= n {
					s = s[:n]
					clear(s)
					return s
				}
			}
			return make([]uint64, n, n+8)
		}
		for n := 2; n < len(f.variable); n++ {
			low, high := value[f.low[n]], value[f.high[n]]
			if beat.beat(1 + len(low.c)) {
				return
			}
			leaf, composed := whole[f.literal(f.variable[n])]
			if !composed {
				leaf = polynomial{shift: 1, c: []uint64{1}}
			}
			from := high.shift + leaf.shift
			to := from + len(high.c) + len(leaf.c) - 1
			start, end := from, to
			if len(high.c) == 0 || len(leaf.c) == 0 {
				start, end = low.shift, low.shift+len(low.c)
			} else if len(low.c) > 0 {
				start, end = min(from, low.shift), max(to, low.shift+len(low.c))
			}
			c := fresh(end - start)
			copy(c[max(0, low.shift-start):], low.c)
			for i, x := range leaf.c {
				if x == 0 {
					continue
				}
				if beat.beat(len(high.c)) {
					return
				}
				at := c[from+i-start:]
				if x == 1 {
					for j, y := range high.c {
						at[j] = add(at[j], y)
					}
					continue
				}
				for j, y := range high.c {
					at[j] = add(at[j], mul(x, y))
				}
			}
			value[n] = polynomial{start, c}
			for _, son := range [2]int32{f.low[n], f.high[n]} {
				if uses[son]--; uses[son] == 0 {
					pool = append(pool, value[son].c)
					value[son] = polynomial{}
				}
			}
		}
		whole[root] = value[f.root]
		for _, l := range done {
			delete(whole, l)
		}
	})
	if !ok {
		return nil, false
	}
	top := whole[p.top]
	out := make([]uint64, top.shift+len(top.c))
	copy(out[top.shift:], top.c)
	return out, true
}
