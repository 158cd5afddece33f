package topevent

import "context"

// lookEvery is how many steps go by between two looks at what may end the work.
const lookEvery = 1 << 13

// pulse lets long walks look now and then at what may end them. A nil pulse never
// ends anything.
type pulse struct {
	watch func() bool
	grace uint64 // steps that are left when the work has to end
	steps uint64
	due   uint64
	ended bool
}

// grace is the steps of counting and listing that are done even after the time is
// over, some tenths of a second of them: all of the time may have gone into the
// diagrams or the bounds, and then most of what is asked for costs next to nothing.
const grace = 1 << 19

func pulseOf(ctx context.Context) *pulse {
	return &pulse{watch: func() bool { return ctx.Err() != nil }, grace: grace}
}

// patient is a pulse without grace that first looks after some steps, so that small
// work is done whatever the time.
func patient(watch func() bool) *pulse {
	return &pulse{watch: watch, due: lookEvery}
}

// over reports whether the work had to end.
func (p *pulse) over() bool { return p != nil && p.ended }

// beat counts steps and reports whether the work has to end.
func (p *pulse) beat(steps int) bool {
	if p == nil {
		return false
	}
	if p.steps += uint64(steps); p.steps >= p.due && !p.ended {
		p.due = p.steps + lookEvery
		if p.watch != nil && p.watch() {
			p.due = p.steps + p.grace
			p.ended, p.grace = p.grace == 0, 0
		}
	}
	return p.ended
}
