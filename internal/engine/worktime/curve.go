package worktime

import "slices"

// curve is the end of a part of a chain as a function of the failure, over a
// window of failures (lo, hi]. Ends never decrease, are continuous from the
// left, jump upwards only, and between jumps either stand still or grow as
// fast as time: so the pieces below describe them exactly. Kept with equal
// neighbours joined, a curve has at most a few pieces for each closing of each
// step, however the steps fork and join.
type curve struct {
	lo, hi offset
	pieces []piece
}

// piece holds for failures in (from, from of the next piece]. Its value is the
// limit just after from.
type piece struct {
	from, value offset
	rising      bool
}

// identity is the curve of a part that restores at once.
func identity(lo, hi offset) curve {
	return curve{lo, hi, []piece{{lo, lo, true}}}
}

// to returns the last failure of piece i.
func (c curve) to(i int) offset {
	if i+1 < len(c.pieces) {
		return c.pieces[i+1].from
	}
	return c.hi
}

// valueAt returns the value of the piece at a failure within it.
func (p piece) valueAt(x offset) offset {
	if p.rising {
		return p.value + (x - p.from)
	}
	return p.value
}

// add appends a piece, joining it to the last where it merely continues it.
func (c *curve) add(p piece) {
	if n := len(c.pieces); n > 0 {
		last := c.pieces[n-1]
		if last.rising == p.rising && last.valueAt(p.from) == p.value {
			return
		}
	}
	c.pieces = append(c.pieces, p)
}

// then returns the curve after one more step.
func (c curve) then(s Step, breaks []offset) curve {
	next := curve{lo: c.lo, hi: c.hi}
	for i, p := range c.pieces {
		if !p.rising {
			// The step is handed over at p.value exactly, not just after it.
			next.add(piece{p.from, s.end(moment{at: p.value}).at, false})
			continue
		}
		to := c.to(i)
		top := p.valueAt(to)
		k, found := slices.BinarySearch(breaks, p.value)
		if found {
			k++
		}
		for at := p.value; at < top; k++ {
			end := s.end(moment{at, true})
			next.add(piece{p.from + (at - p.value), end.at, end.after})
			if k >= len(breaks) || breaks[k] >= top {
				break
			}
			at = breaks[k]
		}
	}
	return next
}

// breaks returns, sorted, every hand-over at which the growth of the step's
// end may change: where its clock starts or stops, and where an end falls on a
// start or stop.
func (s Step) breaks() []offset {
	c := s.Clock
	all := make([]offset, 0, 4*len(c.starts))
	for i := range c.starts {
		all = append(all, c.starts[i], c.ends[i])
		// Ends move from the closing of i to the next opening at this reading.
		if reading := c.total[i+1] - s.Duration; reading > 0 {
			all = append(all, c.first(reading))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// latest returns the curve of waiting for both parts.
func latest(a, b curve) curve {
	joined := curve{lo: a.lo, hi: a.hi}
	for i, j := 0, 0; i < len(a.pieces) && j < len(b.pieces); {
		p, q := a.pieces[i], b.pieces[j]
		from, to := max(p.from, q.from), min(a.to(i), b.to(j))
		joined.addLatest(p, q, from, to)
		if a.to(i) == to {
			i++
		}
		if b.to(j) == to {
			j++
		}
	}
	return joined
}

// addLatest appends the greater of two pieces over (from, to].
func (c *curve) addLatest(p, q piece, from, to offset) {
	vp, vq := p.valueAt(from), q.valueAt(from)
	if p.rising == q.rising {
		c.add(piece{from, max(vp, vq), p.rising})
		return
	}
	flat, rising := vp, vq
	if p.rising {
		flat, rising = vq, vp
	}
	if rising >= flat {
		c.add(piece{from, rising, true})
		return
	}
	c.add(piece{from, flat, false})
	if cross := from + (flat - rising); flat != never && cross < to {
		c.add(piece{cross, flat, true})
	}
}

// curve returns the restoration as a function of the failure in (lo, hi].
func (c *Chain) curve(lo, hi offset) curve {
	ends := make([]curve, len(c.steps))
	for i, s := range c.steps {
		begin := identity(lo, hi)
		for k, before := range c.after[i] {
			if k == 0 {
				begin = ends[before]
				continue
			}
			begin = latest(begin, ends[before])
		}
		ends[i] = begin.then(s, s.breaks())
	}
	restored := identity(lo, hi)
	for _, i := range c.last {
		restored = latest(restored, ends[i])
	}
	return restored
}
