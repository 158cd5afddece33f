package topevent

// collect frees every cell that no root leads to.
func (d *diagram) collect(roots []ref) {
	mark := make([]uint64, (len(d.cells)+63)/64)
	mark[0] = 1
	var stack []int32
	push := func(f ref) {
		i := f >> 1
		if mark[i>>6]&(1<<(i&63)) == 0 {
			mark[i>>6] |= 1 << (i & 63)
			stack = append(stack, i)
		}
	}
	for _, f := range roots {
		push(f)
		for len(stack) > 0 {
			c := &d.cells[stack[len(stack)-1]]
			stack = stack[:len(stack)-1]
			push(c.low)
			push(c.high)
		}
	}
	d.free, d.used = 0, 1
	for i := len(d.cells) - 1; i > 0; i-- {
		if mark[i>>6]&(1<<(i&63)) == 0 {
			d.cells[i].variable = -1
			d.cells[i].next = d.free
			d.free = int32(i)
		} else {
			d.used++
		}
	}
	d.rehash()
	d.clearCache()
}

// size counts the cells that roots lead to, the terminal included.
func (d *diagram) size(roots ...ref) int {
	seen := make(map[int32]bool, 64)
	seen[0] = true
	stack := []int32{}
	for _, r := range roots {
		stack = append(stack, r>>1)
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[i] {
			continue
		}
		seen[i] = true
		stack = append(stack, d.cells[i].low>>1, d.cells[i].high>>1)
	}
	return len(seen)
}
