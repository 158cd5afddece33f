package availability

import (
	"math"
	"sync/atomic"

	"diapason/internal/model"
)

// What is known of the own failures of an object.
const (
	ownUnasked uint32 = iota
	ownNot            // it fails only with what it needs
	ownMissing        // it has no failure data
	ownCommon         // a common cause without a figure of its own
	ownKnown
)

// own is what the prediction needs of one object's failure data, over and over again.
type own struct {
	state atomic.Uint32
	q     atomic.Uint64 // bits of the unavailability, set before the state
}

// ownOf is the unavailability of an object by itself, and what is known of it. It is
// remembered, and taken over from the analysis of an earlier snapshot.
func (a *Analysis) ownOf(h model.Handle) (q float64, state uint32) {
	cell := a.cell(h)
	if cell != nil {
		if state = cell.state.Load(); state != ownUnasked {
			return math.Float64frombits(cell.q.Load()), state
		}
	}
	in, fails := a.input(h)
	q = in.unavailability()
	switch {
	case !fails:
		state = ownNot
	case in.Source == SourceNone:
		state = ownMissing
	case in.Source == SourceNotOwn:
		state = ownCommon
	default:
		state = ownKnown
	}
	if cell != nil {
		cell.q.Store(math.Float64bits(q))
		cell.state.Store(state)
	}
	return q, state
}

func (a *Analysis) cell(h model.Handle) *own {
	a.making.Do(func() {
		if a.owns == nil {
			a.owns = make([]own, a.f.Snap.Size())
		}
	})
	if h < 0 || int(h) >= len(a.owns) {
		return nil
	}
	return &a.owns[h]
}

// takeOwn takes over what an earlier analysis knows of all that a change did not touch.
func (a *Analysis) takeOwn(p *Analysis) {
	p.cell(0)
	list := make([]own, a.f.Snap.Size())
	for i := range min(len(list), len(p.owns)) {
		if state := p.owns[i].state.Load(); state != ownUnasked && !a.touched[model.Handle(i)] {
			list[i].q.Store(p.owns[i].q.Load())
			list[i].state.Store(state)
		}
	}
	a.owns = list
}
