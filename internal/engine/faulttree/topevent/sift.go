package topevent

import "slices"

// sifter reorders the variables of a diagram in place (Rudell 1993): each
// variable in turn is moved through all levels by swapping neighbours and left
// where the diagram was smallest. References to functions stay valid.
type sifter struct {
	d       *diagram
	uses    []int32   // edges and roots that name a cell
	of      [][]int32 // cells of a variable
	scratch []int32
	work    int // cells looked at
}

// sift reorders within about budget cells looked at. Everything that roots do not lead to is freed.
func (d *diagram) sift(roots []ref, budget int) {
	d.collect(roots)
	if d.stopped {
		return
	}
	s := &sifter{d: d, uses: make([]int32, cap(d.cells)), of: make([][]int32, len(d.at))}
	for i := range d.cells {
		c := &d.cells[i]
		if i == 0 || c.variable < 0 {
			continue
		}
		s.of[c.variable] = append(s.of[c.variable], int32(i))
		s.uses[c.low>>1]++
		s.uses[c.high>>1]++
	}
	for _, r := range roots {
		s.uses[r>>1]++
	}
	s.uses[0]++
	order := slices.Clone(d.at)
	slices.SortStableFunc(order, func(x, y int32) int { return len(s.of[y]) - len(s.of[x]) })
	for _, v := range order {
		if s.work > budget || d.stopped || d.watch != nil && d.watch() {
			break
		}
		if len(s.of[v]) > 0 {
			s.place(v)
		}
	}
	d.clearCache()
}

// place moves one variable to its best level.
func (s *sifter) place(v int32) {
	d := s.d
	n := int32(len(d.at))
	best, where := d.used, d.level[v]
	most := d.used + d.used/8 + 16
	down := func() {
		for d.level[v] < n-1 && d.used < most && !d.stopped {
			s.swap(d.level[v])
			if d.used < best {
				best, where = d.used, d.level[v]
			}
		}
	}
	up := func() {
		for d.level[v] > 0 && d.used < most && !d.stopped {
			s.swap(d.level[v] - 1)
			if d.used < best {
				best, where = d.used, d.level[v]
			}
		}
	}
	if d.level[v] > n/2 {
		down()
		for d.level[v] > where {
			s.swap(d.level[v] - 1)
		}
		up()
	} else {
		up()
		for d.level[v] < where {
			s.swap(d.level[v])
		}
		down()
	}
	for d.level[v] > where && !d.stopped {
		s.swap(d.level[v] - 1)
	}
	for d.level[v] < where && !d.stopped {
		s.swap(d.level[v])
	}
}

// swap exchanges the variables at a level and the next one below.
func (s *sifter) swap(level int32) {
	d := s.d
	x, y := d.at[level], d.at[level+1]
	d.at[level], d.at[level+1] = y, x
	d.level[x], d.level[y] = level+1, level
	list := s.of[x]
	s.work += len(list) + 8
	if len(list) == 0 || len(s.of[y]) == 0 {
		return
	}
	move := s.scratch[:0]
	stay := list[:0]
	for _, i := range list {
		c := &d.cells[i]
		if d.cells[c.low>>1].variable == y || d.cells[c.high>>1].variable == y {
			move = append(move, i)
		} else {
			stay = append(stay, i)
		}
	}
	s.scratch = move
	if len(move) == 0 {
		s.of[x] = stay
		return
	}
	s.of[x] = stay
	ofY := s.of[y]
	for _, i := range move {
		low, high := d.cells[i].low, d.cells[i].high
		f00, f01, f10, f11 := low, low, high, high
		if c := &d.cells[low>>1]; c.variable == y {
			f00, f01 = c.low^low&1, c.high^low&1
		}
		if c := &d.cells[high>>1]; c.variable == y {
			f10, f11 = c.low, c.high
		}
		newLow := s.node(x, f00, f10)
		newHigh := s.node(x, f01, f11)
		if d.stopped {
			return
		}
		s.uses[newLow>>1]++
		s.uses[newHigh>>1]++
		s.unlink(i)
		d.cells[i].variable, d.cells[i].low, d.cells[i].high = y, newLow, newHigh
		h := hash3(y, newLow, newHigh) & uint32(len(d.buckets)-1)
		d.cells[i].next = d.buckets[h]
		d.buckets[h] = i
		ofY = append(ofY, i)
		s.drop(low >> 1)
		s.drop(high >> 1)
	}
	kept := ofY[:0]
	for _, i := range ofY {
		if d.cells[i].variable == y {
			kept = append(kept, i)
		}
	}
	s.of[y] = kept
	s.work += 4 * len(move)
}

// node finds or makes a cell and counts its edges.
func (s *sifter) node(v int32, low, high ref) ref {
	if low == high {
		return low
	}
	d := s.d
	limit := d.limit
	d.limit = 1 << 30
	before := d.used
	r := d.make(v, low, high)
	d.limit = limit
	if d.used > before {
		if int(r>>1) >= len(s.uses) {
			s.uses = append(s.uses, make([]int32, cap(d.cells)-len(s.uses))...)
		}
		s.uses[r>>1] = 0
		s.uses[low>>1]++
		s.uses[high>>1]++
		s.of[v] = append(s.of[v], r>>1)
	}
	return r
}

func (s *sifter) unlink(i int32) {
	d := s.d
	c := &d.cells[i]
	at := &d.buckets[hash3(c.variable, c.low, c.high)&uint32(len(d.buckets)-1)]
	for *at != i {
		at = &d.cells[*at].next
	}
	*at = c.next
}

// drop takes one use away and frees the cell with its last one.
func (s *sifter) drop(i int32) {
	if i == 0 {
		return
	}
	s.uses[i]--
	if s.uses[i] > 0 {
		return
	}
	d := s.d
	s.unlink(i)
	c := &d.cells[i]
	low, high := c.low>>1, c.high>>1
	c.variable, c.next = -1, d.free
	d.free = i
	d.used--
	s.drop(low)
	s.drop(high)
}
