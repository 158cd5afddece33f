package finding

import (
	"maps"
	"runtime"
	"slices"
	"sync"

	"diapason/internal/model"
)

// Gathered turns what is found at many places into what is to be told at their
// cause: sources (agreements, services) are looked at one by one, each adds what it
// finds at the cause of it (a contract, a certificate), and a rule then tells each
// cause once. It is safe for concurrent use and computed when first asked for.
//
// A source is looked at again after a change only where the closure of the change
// touches it: what is found at it must rest on its closure.
type Gathered[T any] struct {
	facts  *Facts
	kinds  []string
	find   func(source model.Handle, add func(cause model.Handle, x T))
	prev   *Gathered[T]
	change *Change

	once     sync.Once
	bySource layers[T]
	byCause  layers[T]
}

// layers are lists by handle: those of some earlier model, and over them those that
// are others now. Both are read by later gatherings and never written again.
type layers[T any] struct {
	base, over map[model.Handle][]Share[T]
}

func (l *layers[T]) of(h model.Handle) []Share[T] {
	if list, other := l.over[h]; other {
		return list
	}
	return l.base[h]
}

// foldLayers is how many lists may lie over the base before both are made one.
const foldLayers = 2048

// with lays lists over those there are; an empty one hides.
func (l *layers[T]) with(lists map[model.Handle][]Share[T]) layers[T] {
	out := layers[T]{l.base, make(map[model.Handle][]Share[T], len(l.over)+len(lists))}
	maps.Copy(out.over, l.over)
	maps.Copy(out.over, lists)
	if len(out.over) <= foldLayers {
		return out
	}
	all := maps.Clone(l.base)
	for h, list := range out.over {
		if len(list) == 0 {
			delete(all, h)
		} else {
			all[h] = list
		}
	}
	return layers[T]{base: all}
}

// Share is what one source found of one cause.
type Share[T any] struct {
	Source, Cause model.Handle
	Value         T
}

// Gather makes the gathering of what sources of some kinds find. A cause that is
// model.Missing is not gathered.
func Gather[T any](f *Facts, kinds []string, find func(source model.Handle, add func(cause model.Handle, x T))) *Gathered[T] {
	return &Gathered[T]{facts: f, kinds: kinds, find: find}
}

// Carry takes over what an earlier gathering found at sources that a change did not
// touch.
func (g *Gathered[T]) Carry(prev *Gathered[T], c *Change) { g.prev, g.change = prev, c }

// Of lists what was found of a cause, by the name of the source and then in the
// order in which it was found.
func (g *Gathered[T]) Of(cause model.Handle) []Share[T] {
	g.compute()
	return g.byCause.of(cause)
}

// Moved visits the causes of which sources that a change touched found something,
// before or after it: the Beyond of a rule that tells causes.
func (g *Gathered[T]) Moved(before *Gathered[T], visit func(model.Handle)) {
	g.compute()
	before.compute()
	if g.change == nil {
		return
	}
	for source := range g.change.Closure {
		for _, side := range []*Gathered[T]{before, g} {
			for _, s := range side.bySource.of(source) {
				visit(s.Cause)
			}
		}
	}
}

func (g *Gathered[T]) compute() {
	g.once.Do(func() {
		var open []model.Handle
		if g.prev == nil {
			for _, kind := range g.kinds {
				open = append(open, g.facts.Snap.OfKind(kind)...)
			}
			found := map[model.Handle][]Share[T]{}
			for i, list := range g.look(open) {
				if len(list) > 0 {
					found[open[i]] = list
				}
			}
			g.bySource.base, g.byCause.base = found, g.causes(nil, found)
			return
		}
		g.prev.compute()
		for h := range g.change.Closure {
			if o := g.facts.Snap.Object(h); o != nil && slices.Contains(g.kinds, o.Kind.Slug) {
				open = append(open, h)
			}
		}
		found := map[model.Handle][]Share[T]{}
		causes := map[model.Handle][]Share[T]{} // what others find of them stays
		for h := range g.change.Closure {
			for _, s := range g.prev.bySource.of(h) {
				causes[s.Cause], found[h] = nil, nil // hidden unless found again
			}
		}
		for i, list := range g.look(open) {
			if len(list) > 0 {
				found[open[i]] = list
			}
			for _, s := range list {
				causes[s.Cause] = nil
			}
		}
		for c := range causes {
			for _, s := range g.prev.byCause.of(c) {
				if !g.change.Closure[s.Source] {
					causes[c] = append(causes[c], s)
				}
			}
		}
		g.bySource, g.byCause = g.prev.bySource.with(found), g.prev.byCause.with(g.causes(causes, found))
		g.prev = nil // an earlier model is not kept alive
	})
}

// causes adds what sources found to lists by cause, and orders these.
func (g *Gathered[T]) causes(lists, found map[model.Handle][]Share[T]) map[model.Handle][]Share[T] {
	if lists == nil {
		lists = map[model.Handle][]Share[T]{}
	}
	for _, list := range found {
		for _, s := range list {
			lists[s.Cause] = append(lists[s.Cause], s)
		}
	}
	for _, list := range lists {
		slices.SortStableFunc(list, func(x, y Share[T]) int {
			return g.facts.Snap.Ref(x.Source).Compare(g.facts.Snap.Ref(y.Source))
		})
	}
	return lists
}

// look looks at sources on all cores, each for itself.
func (g *Gathered[T]) look(open []model.Handle) [][]Share[T] {
	out := make([][]Share[T], len(open))
	workers := max(1, min(runtime.GOMAXPROCS(0), len(open)/64))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(open); i += workers {
				g.find(open[i], func(cause model.Handle, x T) {
					if cause != model.Missing {
						out[i] = append(out[i], Share[T]{open[i], cause, x})
					}
				})
			}
		})
	}
	wg.Wait()
	return out
}
