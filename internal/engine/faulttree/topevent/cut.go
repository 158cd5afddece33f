package topevent

import "slices"

// untouched is the size up to which no diagram is cut.
const untouched = 32

// marks makes room to mark cells and begins a new round of marks.
func (d *diagram) marks() {
	if len(d.mark) < len(d.cells) {
		d.mark, d.place = make([]uint32, cap(d.cells)), make([]int32, cap(d.cells))
		d.stamp = 0
		d.account()
	}
	if d.stamp++; d.stamp == 0 { // after 2³² rounds
		clear(d.mark)
		d.stamp = 1
	}
}

// small reports whether a function has at most size cells.
func (d *diagram) small(f ref, size int) bool {
	d.marks()
	stack := append(d.stack[:0], f>>1)
	n := 0
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if d.mark[i] == d.stamp {
			continue
		}
		d.mark[i] = d.stamp
		if n++; n > size {
			d.stack = stack
			return false
		}
		if i != 0 {
			stack = append(stack, d.cells[i].low>>1, d.cells[i].high>>1)
		}
	}
	d.stack = stack
	return true
}

// unfolded is a function with its cells in an order in which both sons come before
// their cell; the slices are used again by the next one.
type unfolded struct {
	level     []int32
	low, high []ref
	root      ref
	value     []pair
	reach     []float64
	cost      []float64
	made      []ref
}

// unfold is extract into slices that stay.
func (d *diagram) unfold(f ref, h *unfolded) {
	d.marks()
	h.level, h.low, h.high = append(h.level[:0], int32(len(d.at))), append(h.low[:0], refTrue), append(h.high[:0], refTrue)
	d.mark[0], d.place[0] = d.stamp, 0
	stack := append(d.stack[:0], f>>1)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		if d.mark[i] == d.stamp {
			stack = stack[:len(stack)-1]
			continue
		}
		c := &d.cells[i]
		low, high := c.low>>1, c.high>>1
		open := len(stack)
		if d.mark[high] != d.stamp {
			stack = append(stack, high)
		}
		if d.mark[low] != d.stamp {
			stack = append(stack, low)
		}
		if len(stack) > open {
			continue
		}
		stack = stack[:open-1]
		d.mark[i], d.place[i] = d.stamp, int32(len(h.level))
		h.level = append(h.level, d.level[c.variable])
		h.low = append(h.low, d.place[low]<<1|c.low&1)
		h.high = append(h.high, d.place[high]<<1|c.high&1)
	}
	d.stack = stack
	h.root = d.place[f>>1]<<1 | f&1
}

// again is a slice of n zeros in the memory of another.
func again[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	s = s[:n]
	clear(s)
	return s
}

// cut returns a smaller function that implies f: where a branch contributes
// less to the probability of f than it has to, it becomes false.
func (x *approximator) cut(f ref) ref {
	d := x.d
	if d.stopped || d.small(f, min(untouched, x.most)) {
		return f
	}
	h := &x.unfolded
	d.unfold(f, h)
	n := len(h.level)
	x.work += uint64(n)
	h.value = again(h.value, n)
	h.value[0] = pair{1, 0}
	for i := 1; i < n; i++ {
		q := x.weight[h.level[i]]
		low, high := h.value[h.low[i]>>1].of(h.low[i]&1), h.value[h.high[i]>>1]
		h.value[i] = pair{q*high.yes + (1-q)*low.yes, q*high.no + (1-q)*low.no}
	}
	// Probability of coming to a reference, plain and complemented.
	h.reach, h.cost = again(h.reach, 2*n), h.cost[:0]
	h.reach[h.root] = 1
	for i := n - 1; i >= 1; i-- {
		q := x.weight[h.level[i]]
		for sign := ref(0); sign < 2; sign++ {
			w := h.reach[ref(i)<<1|sign]
			if w == 0 {
				continue
			}
			h.reach[h.low[i]^sign] += w * (1 - q)
			h.reach[h.high[i]^sign] += w * q
			h.cost = append(h.cost, w*h.value[i].of(sign).yes)
		}
	}
	least := x.least
	if len(h.cost) > x.most {
		slices.Sort(h.cost)
		least = max(least, h.cost[len(h.cost)-max(1, x.most/2)])
	} else if least <= slices.Min(h.cost) {
		return f
	}
	x.exact = false
	h.made = again(h.made, 2*n)
	for i := range h.made {
		h.made[i] = refFalse // where so little comes that it is no number any more
	}
	h.made[0] = refTrue
	for i := 1; i < n; i++ {
		for sign := ref(0); sign < 2; sign++ {
			at := ref(i)<<1 | sign
			if h.reach[at] == 0 || h.reach[at]*h.value[i].of(sign).yes < least {
				continue
			}
			h.made[at] = d.make(d.at[h.level[i]], h.made[h.low[i]^sign], h.made[h.high[i]^sign])
		}
	}
	return h.made[h.root]
}
