package topevent

import (
	"cmp"
	"slices"
)

// force improves an order of leaves by the centre-of-gravity heuristic FORCE
// (Aloul, Markov, Sakallah 2003): gates and their arguments pull each other
// together until the sum of spans no longer shrinks. Light gates pull less the
// more arguments they have.
func (g *graph) force(b *block, order []int32, light bool, rounds int, beat *pulse) []int32 {
	n := len(order)
	place := make(map[int32]int32, n+len(b.gates)) // vertex to row
	for i, x := range order {
		place[x] = int32(i)
	}
	// One net a gate: its arguments and itself.
	nets := make([][]int32, 0, len(b.gates))
	position := make([]float64, n+len(b.gates))
	for i := range order {
		position[i] = float64(i)
	}
	for i, id := range b.gates {
		place[id] = int32(n + i)
		net := []int32{int32(n + i)}
		sum := 0.0
		for _, a := range g.vertices[id].args {
			net = append(net, place[a.id()])
			sum += position[place[a.id()]]
		}
		position[n+i] = sum / float64(len(net)-1)
		nets = append(nets, net)
	}
	ranks := newRanking(len(position))
	span := func() float64 {
		s := 0.0
		for _, net := range nets {
			low, high := position[net[0]], position[net[0]]
			for _, i := range net[1:] {
				low, high = min(low, position[i]), max(high, position[i])
			}
			s += high - low
		}
		return s
	}
	settle := func() {
		for p, i := range ranks.of(position) {
			position[i] = float64(p)
		}
	}
	settle()
	best := span()
	kept := slices.Clone(position)
	sum := make([]float64, len(position))
	count := make([]float64, len(position))
	worse := 0
	for round := 0; round < rounds && worse < 5 && !beat.beat(4*len(position)); round++ {
		clear(sum)
		clear(count)
		for _, net := range nets {
			c := 0.0
			for _, i := range net {
				c += position[i]
			}
			c /= float64(len(net))
			w := 1.0
			if light {
				w = 1 / float64(len(net))
			}
			for _, i := range net {
				sum[i] += c * w
				count[i] += w
			}
		}
		for i := range position {
			if count[i] > 0 {
				position[i] = sum[i] / count[i]
			}
		}
		settle()
		if s := span(); s < best {
			best, worse = s, 0
			copy(kept, position)
		} else {
			worse++
		}
	}
	out := slices.Clone(order)
	slices.SortStableFunc(out, func(x, y int32) int { return cmp.Compare(kept[place[x]], kept[place[y]]) })
	return out
}

// span sums over the gates of a block how far apart an order puts their arguments; a
// gate is where its arguments are on average.
func (g *graph) span(b *block, order []int32) float64 {
	position := make(map[int32]float64, len(order)+len(b.gates))
	for i, x := range order {
		position[x] = float64(i)
	}
	sum := 0.0
	for _, id := range b.gates {
		args := g.vertices[id].args
		low, high, total := position[args[0].id()], position[args[0].id()], 0.0
		for _, a := range args {
			p := position[a.id()]
			low, high, total = min(low, p), max(high, p), total+p
		}
		position[id] = total / float64(len(args))
		sum += high - low
	}
	return sum
}
