package worktime

import "time"

// edge tells which end of a span a wall-clock time stands for; it decides
// between the two instants of an ambiguous time.
type edge bool

const (
	opening edge = false
	closing edge = true
)

// reach is wider than any offset from UTC in the zone database, so the instant
// of a wall-clock time read as UTC lies within reach of that reading.
const reach = 26 * time.Hour

// wallClock turns local dates and times of day into instants. It remembers the
// last stretch of constant offset, as consecutive days mostly share one.
type wallClock struct {
	location *time.Location
	offset   time.Duration
	// from and to bound the UTC readings that are safely inside the stretch.
	from, to time.Time
	known    bool
}

// instant returns the instant, in UTC, of a time of day on a date.
func (w *wallClock) instant(day Date, t TimeOfDay, e edge) time.Time {
	reading := day.midnightUTC().Add(time.Duration(t) * time.Minute)
	if w.known && reading.After(w.from) && reading.Before(w.to) {
		return reading.Add(-w.offset)
	}
	start, end, offset := stretch(reading.In(w.location))
	w.offset = offset
	// Wide enough for any reading when the zone never changes again.
	w.from, w.to = reading.AddDate(-1000, 0, 0), reading.AddDate(1000, 0, 0)
	if !start.IsZero() {
		w.from = start.Add(2 * reach)
	}
	if !end.IsZero() {
		w.to = end.Add(-2 * reach)
	}
	w.known = true
	if reading.After(w.from) && reading.Before(w.to) {
		return reading.Add(-w.offset)
	}
	return w.resolve(reading, t, e)
}

// resolve finds the instant of a reading near a change of the clock by the
// rules of the package documentation. The reading is the wall-clock time taken
// as if it were UTC.
func (w *wallClock) resolve(reading time.Time, t TimeOfDay, e edge) time.Time {
	var exact []time.Time
	var gapEnd time.Time
	inGap := false
	// Walk the stretches of constant offset around the reading.
	at := reading.Add(-reach)
	previous := time.Duration(0)
	for first := true; ; first = false {
		start, end, offset := stretch(at.In(w.location))
		if !first && !inGap && !reading.Before(start.Add(previous).UTC()) && reading.Before(start.Add(offset).UTC()) {
			inGap, gapEnd = true, start
		}
		candidate := reading.Add(-offset)
		if (start.IsZero() || !candidate.Before(start)) && (end.IsZero() || candidate.Before(end)) {
			exact = append(exact, candidate)
		}
		if end.IsZero() || end.After(reading.Add(reach)) {
			break
		}
		previous, at = offset, end
	}
	switch {
	case len(exact) == 0 && inGap:
		return gapEnd.UTC()
	case len(exact) == 0:
		return reading // only a zone that contradicts itself comes here
	case t%EndOfDay == 0:
		for i := len(exact) - 1; i > 0; i-- {
			if DateOf(exact[i].Add(-1).In(w.location)).Before(DateOf(reading)) {
				return exact[i]
			}
		}
		return exact[0]
	case e == opening:
		return exact[0]
	}
	return exact[len(exact)-1]
}

// stretch returns bounds of constant offset from UTC around an instant, zero
// where there is none, and that offset. A bound need not be a change.
func stretch(local time.Time) (start, end time.Time, offset time.Duration) {
	start, end = local.ZoneBounds()
	if !end.IsZero() && !end.After(local) {
		// On the last day of leap years far ahead, where a zone is known by
		// its rule alone, ZoneBounds ends the year a day early. That day has
		// no change.
		end = local.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
	_, seconds := local.Zone()
	return start, end, time.Duration(seconds) * time.Second
}
