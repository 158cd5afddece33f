package model

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// NewSnapshot makes a snapshot of objects, on all cores. Where a name stands
// twice the first one counts and the others are returned.
func NewSnapshot(seq int64, objects []*Object) (s *Snapshot, twice []*Object) {
	found := findReferences(objects)
	s = &Snapshot{Seq: seq, kinds: make([][]Handle, len(Kinds))}
	names := make(map[Ref]Handle, len(objects)*5/4)
	s.names = []map[Ref]Handle{names}
	intern := func(r Ref) Handle {
		h, ok := names[r]
		if !ok {
			h = Handle(s.count)
			s.count++
			if int(h>>pageBits) == len(s.pages) {
				s.pages = append(s.pages, new(page))
			}
			s.node(h).ref = r
			names[r] = h
		}
		return h
	}
	total := 0
	for i, o := range objects {
		h := intern(o.Ref())
		n := s.node(h)
		if n.object != nil {
			twice = append(twice, o)
			continue
		}
		n.object, n.out = o, found[i].edges
		s.live++
		s.kinds[o.Kind.id] = append(s.kinds[o.Kind.id], h)
		for j, r := range found[i].to {
			found[i].edges[j].To = intern(r)
		}
		total += len(found[i].to)
		found[i].holder = h + 1
	}
	s.linkBack(found, total)
	for _, list := range s.kinds {
		slices.SortFunc(list, func(x, y Handle) int { return cmp.Compare(s.Ref(x).Name, s.Ref(y).Name) })
	}
	return s, twice
}

// foundReferences are the references of one object, before names have handles.
type foundReferences struct {
	edges  []Edge
	to     []Ref
	holder Handle // its handle plus one; 0 where the object does not count
}

func findReferences(objects []*Object) []foundReferences {
	const block = 256
	out := make([]foundReferences, len(objects))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(objects)/block+1) {
		wg.Go(func() {
			var edges []Edge
			var to []Ref
			for from := range next {
				for i := from; i < min(from+block, len(objects)); i++ {
					edges, to = edges[:0], to[:0]
					objects[i].references(func(r Ref, f *Field, pointer string, group bool, phases uint8) {
						edges = append(edges, Edge{Missing, f, pointer, group, phases})
						to = append(to, r)
					})
					if len(to) > 0 {
						out[i] = foundReferences{edges: slices.Clone(edges), to: slices.Clone(to)}
					}
				}
			}
		})
	}
	for from := 0; from < len(objects); from += block {
		next <- from
	}
	close(next)
	wg.Wait()
	return out
}

// linkBack fills the incoming references of every name, which share one array.
func (s *Snapshot) linkBack(found []foundReferences, total int) {
	counts := make([]int32, s.count)
	for _, f := range found {
		if f.holder > 0 {
			for _, e := range f.edges {
				counts[e.To]++
			}
		}
	}
	all := make([]Incoming, total)
	for h, n := range counts {
		if n > 0 {
			s.node(Handle(h)).in = all[:0:n]
			all = all[n:]
		}
	}
	for _, f := range found {
		if f.holder > 0 {
			for _, e := range f.edges {
				t := s.node(e.To)
				t.in = append(t.in, Incoming{f.holder - 1, e.Field, e.Pointer, e.Group, e.Phases})
			}
		}
	}
}
