package openpsa

import "context"

// lookEvery is how many steps, each of a microsecond or less, go by between two looks
// at a context.
const lookEvery = 1 << 12

// pulse lets long walks over a model end with a context.
type pulse struct {
	ctx   context.Context
	steps int
	ended bool
}

// beat counts a step and reports whether the work has to end. Once it has, it stays so.
func (p *pulse) beat() bool {
	if p.steps++; p.steps%lookEvery == 0 && p.ctx.Err() != nil {
		p.ended = true
	}
	return p.ended
}
