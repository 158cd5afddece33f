package redundancy

import (
	"encoding/binary"
	"slices"
)

// mostStates bounds the states of a network while its function is built.
const mostStates = 400_000

// network builds the function "working links lead from source to target through
// working nodes". A node that fails counts as two, its entry and its exit, with a link
// from one to the other that works when the node does (Ball 1980). It
// decides one subsystem after the other; what matters of the past is which nodes
// that later links touch can reach which others, so that equal states are
// continued once.
func (m *manager) network(n *Network, index map[string]int) int32 {
	w := newWalk(n, index)
	reach := make([]uint64, len(w.names)*w.words)
	for i := range len(w.names) {
		w.set(reach, i, i)
	}
	states := 0
	memo := make([]map[string]int32, len(w.order)+1)
	for i := range memo {
		memo[i] = map[string]int32{}
	}
	var decide func(level int, reach []uint64) int32
	decide = func(level int, reach []uint64) int32 {
		if w.has(reach, w.source, w.target) {
			return 1
		}
		if level == len(w.order) || m.full {
			return 0
		}
		key := w.key(level, reach)
		if id, ok := memo[level][key]; ok {
			return id
		}
		if states++; states > mostStates {
			m.full = true
			return 0
		}
		fails := decide(level+1, reach)
		with := slices.Clone(reach)
		for _, l := range w.links[level] {
			w.join(with, l[0], l[1])
		}
		works := decide(level+1, with)
		id := m.node(int32(w.order[level]), fails, works)
		memo[level][key] = id
		return id
	}
	return decide(0, reach)
}

// walk is a network with its subsystems in the order in which they are decided.
type walk struct {
	names          map[side]int
	source, target int
	words          int
	order          []int      // subsystems, ascending
	links          [][][2]int // by place in the order
	live           [][]int    // nodes that links from a place on touch
}

// side is the entry or the exit of a node; of one that always works they are the same.
type side struct {
	node string
	exit bool
}

func newWalk(n *Network, index map[string]int) *walk {
	w := &walk{names: map[side]int{}}
	failing := map[string]bool{}
	for _, x := range n.Nodes {
		failing[x.Name] = true
	}
	name := func(s side) int {
		s.exit = s.exit && failing[s.node]
		i, ok := w.names[s]
		if !ok {
			i = len(w.names)
			w.names[s] = i
		}
		return i
	}
	w.source, w.target = name(side{n.Source, false}), name(side{n.Target, true})
	by := map[int][][2]int{}
	pass := func(subsystem, from, to string) {
		s := index[subsystem]
		by[s] = append(by[s], [2]int{name(side{from, true}), name(side{to, false})})
	}
	for _, l := range n.Links {
		pass(l.Subsystem, l.From, l.To)
		if !l.Directed {
			pass(l.Subsystem, l.To, l.From)
		}
	}
	for _, x := range n.Nodes {
		s := index[x.Subsystem]
		by[s] = append(by[s], [2]int{name(side{x.Name, false}), name(side{x.Name, true})})
	}
	w.words = (len(w.names) + 63) / 64
	for s := range by {
		w.order = append(w.order, s)
	}
	slices.Sort(w.order)
	w.live = make([][]int, len(w.order)+1)
	touched := map[int]bool{w.source: true, w.target: true}
	w.live[len(w.order)] = []int{w.source, w.target}
	w.links = make([][][2]int, len(w.order))
	for i := len(w.order) - 1; i >= 0; i-- {
		w.links[i] = by[w.order[i]]
		for _, l := range w.links[i] {
			touched[l[0]], touched[l[1]] = true, true
		}
		for x := range touched {
			w.live[i] = append(w.live[i], x)
		}
		slices.Sort(w.live[i])
	}
	return w
}

func (w *walk) set(reach []uint64, a, b int) { reach[a*w.words+b/64] |= 1 << (b % 64) }

func (w *walk) has(reach []uint64, a, b int) bool {
	return reach[a*w.words+b/64]&(1<<(b%64)) != 0
}

// join lets a reach what b reaches, and all that reach a with it.
func (w *walk) join(reach []uint64, a, b int) {
	if w.has(reach, a, b) {
		return
	}
	for i := range len(w.names) {
		if !w.has(reach, i, a) {
			continue
		}
		for k := range w.words {
			reach[i*w.words+k] |= reach[b*w.words+k]
		}
	}
}

// key describes what of a state matters to the links that are left.
func (w *walk) key(level int, reach []uint64) string {
	live := w.live[level]
	out := make([]byte, 0, (len(live)*len(live)+7)/8+8)
	var word uint64
	bits := 0
	for _, a := range live {
		for _, b := range live {
			if w.has(reach, a, b) {
				word |= 1 << bits
			}
			if bits++; bits == 64 {
				out = binary.LittleEndian.AppendUint64(out, word)
				word, bits = 0, 0
			}
		}
	}
	return string(binary.LittleEndian.AppendUint64(out, word))
}
