package topevent

// sums returns the sum of the probabilities of the products of each order up
// to most, as polynomials cut at that degree. False when the work had to end.
func (p *products) sums(leaf func(lit) float64, most int, beat *pulse) ([]float64, bool) {
	whole := make(map[lit][]float64)
	single := make([]float64, 2)
	ok := p.each(beat, func(root lit, f *family, done []lit) {
		uses := make([]int32, len(f.variable))
		for n := 2; n < len(f.variable); n++ {
			uses[f.low[n]]++
			uses[f.high[n]]++
		}
		uses[f.root]++
		uses[0], uses[1] = 1<<30, 1<<30
		value := make([][]float64, len(f.variable))
		value[1] = []float64{1}
		var pool [][]float64
		for n := 2; n < len(value); n++ {
			low, high := value[f.low[n]], value[f.high[n]]
			if beat.beat(1 + len(low)) {
				return
			}
			l := f.literal(f.variable[n])
			x, ok := whole[l]
			if !ok {
				single[1] = leaf(l)
				x = single
			}
			size := min(most+1, max(len(low), len(x)+len(high)-1))
			var c []float64
			if k := len(pool); k > 0 && cap(pool[k-1]) >= size {
				c, pool = pool[k-1][:size], pool[:k-1]
				clear(c)
			} else {
				c = make([]float64, size, min(most+1, size+8))
			}
			copy(c, low)
			for i, y := range x {
				if y == 0 {
					continue
				}
				if beat.beat(len(high)) {
					return
				}
				for j, z := range high {
					if i+j <= most {
						c[i+j] += y * z
					}
				}
			}
			value[n] = c
			for _, son := range [2]int32{f.low[n], f.high[n]} {
				if uses[son]--; uses[son] == 0 {
					pool = append(pool, value[son])
					value[son] = nil
				}
			}
		}
		whole[root] = value[f.root]
		for _, l := range done {
			delete(whole, l)
		}
	})
	return whole[p.top], ok
}
