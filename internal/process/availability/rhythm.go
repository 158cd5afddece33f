package availability

import (
	"time"

	"diapason/internal/model"
)

// Rhythm is how often in a year the design interrupts a service, and how long an
// interruption lasts in the mean; what has a share of unavailability but no times
// counts as longer interruptions. ok is false where nothing is known, or where only
// bounds can be solved.
func (a *Analysis) Rhythm(service model.Handle) (perYear float64, lasts time.Duration, ok bool) {
	s, solved := a.Study(service)
	if !solved {
		return 0, 0, false
	}
	r, ok := s.Rhythm()
	return r.PerYear, r.MTTR, ok && r.PerYear > 0
}
