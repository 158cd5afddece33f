package finding

import (
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
	facts   *Facts
	kinds   []string
	find    func(source model.Handle, add func(cause model.Handle, x T))
	prev    *Gathered[T]
	touched func(model.Handle) bool

	once     sync.Once
	bySource map[model.Handle][]Share[T]
	byCause  map[model.Handle][]Share[T]
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
func (g *Gathered[T]) Carry(prev *Gathered[T], touched func(model.Handle) bool) {
	g.prev, g.touched = prev, touched
}

// Of lists what was found of a cause, by the name of the source and then in the
// order in which it was found.
func (g *Gathered[T]) Of(cause model.Handle) []Share[T] {
	g.compute()
	return g.byCause[cause]
}

// Moved visits the causes of which sources that a change touched found something,
// before or after it: the Beyond of a rule that tells causes.
func (g *Gathered[T]) Moved(before *Gathered[T], visit func(model.Handle)) {
	g.compute()
	before.compute()
	for _, side := range []*Gathered[T]{before, g} {
		for source, list := range side.bySource {
			if g.touched != nil && !g.touched(source) {
				continue
			}
			for _, s := range list {
				visit(s.Cause)
			}
		}
	}
}

func (g *Gathered[T]) compute() {
	g.once.Do(func() {
		g.bySource = map[model.Handle][]Share[T]{}
		var open []model.Handle
		if g.prev != nil {
			g.prev.compute()
		}
		for _, kind := range g.kinds {
			for _, h := range g.facts.Snap.OfKind(kind) {
				if g.prev != nil && !g.touched(h) {
					if kept := g.prev.bySource[h]; len(kept) > 0 {
						g.bySource[h] = kept
					}
					continue
				}
				open = append(open, h)
			}
		}
		g.prev = nil // an earlier model is not kept alive
		for i, list := range g.look(open) {
			if len(list) > 0 {
				g.bySource[open[i]] = list
			}
		}
		g.byCause = map[model.Handle][]Share[T]{}
		for _, list := range g.bySource {
			for _, s := range list {
				g.byCause[s.Cause] = append(g.byCause[s.Cause], s)
			}
		}
		for _, list := range g.byCause {
			slices.SortStableFunc(list, func(x, y Share[T]) int {
				return g.facts.Snap.Ref(x.Source).Compare(g.facts.Snap.Ref(y.Source))
			})
		}
	})
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
