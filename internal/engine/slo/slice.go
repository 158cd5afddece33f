package slo

import (
	"slices"
	"time"

	"diapason/internal/engine/worktime"
)

// judged is the known part of a slice, or of many slices alike, with the verdict on it.
type judged struct {
	pieces []piece // in order; reused after the visit
	known  nanos
	good   bool
	ratio  Share
}

// judge visits the known slices of the counted time in order.
func (f *Frame) judge(days []Day, r Rules, visit func(judged)) {
	s := slicer{rules: r, grid: r.grid(), visit: visit}
	if s.grid == minute {
		f.walk(days, s.minutes)
		return
	}
	f.walk(days, s.piece)
	s.flush()
}

// slicer gathers pieces into slices.
type slicer struct {
	rules Rules
	grid  nanos
	visit func(judged)
	end   nanos // of the slice that is open
	open  []piece
	one   [1]piece
}

// minutes takes slices of a minute: a piece is as many slices alike.
func (s *slicer) minutes(p piece) {
	s.one[0] = p
	s.visit(s.judgement(s.one[:]))
}

// piece takes a piece, which may close the open slice, span many, and open another.
func (s *slicer) piece(p piece) {
	for p.from < p.to {
		if len(s.open) > 0 && p.from >= s.end {
			s.flush()
		}
		end := s.sliceEnd(p.from)
		if len(s.open) == 0 && p.from == end-s.grid {
			if n := (p.to - p.from) / s.grid; n > 0 {
				s.minutes(piece{span{p.from, p.from + n*s.grid}, p.run})
				p.from += n * s.grid
				continue
			}
		}
		part := p
		part.to = min(p.to, end)
		s.open, s.end = append(s.open, part), end
		p.from = part.to
	}
}

// sliceEnd is where the slice that holds an instant ends.
func (s *slicer) sliceEnd(at nanos) nanos {
	into := at % s.grid
	if into < 0 {
		into += s.grid
	}
	return at - into + s.grid
}

func (s *slicer) flush() {
	if len(s.open) > 0 {
		s.visit(s.judgement(s.open))
		s.open = s.open[:0]
	}
}

func (s *slicer) judgement(pieces []piece) judged {
	j := judged{pieces: pieces}
	var good, total wide
	var up nanos
	counted := true
	for _, p := range pieces {
		n := p.to - p.from
		j.known += n
		if p.run.State == Good {
			up += n
		}
		if p.run.Total == 0 {
			counted = false
		}
	}
	if s.rules.SliceTarget == nil && s.rules.Method == Timeslices {
		j.good = up == j.known
		return j
	}
	switch {
	case counted && len(pieces) == 1:
		r := pieces[0].run
		j.ratio = shareOfWide(wide{lo: uint64(r.Good)}, wide{lo: uint64(r.Total)})
	case counted:
		unit := minute // whole minutes keep the sums within 64 bits
		for _, p := range pieces {
			if (p.to-p.from)%minute != 0 {
				unit = 1
			}
		}
		for _, p := range pieces {
			n := uint64((p.to - p.from) / unit)
			good = good.plus(product(uint64(p.run.Good), n))
			total = total.plus(product(uint64(p.run.Total), n))
		}
		j.ratio = shareOfWide(good, total)
	default:
		j.ratio = shareOfWide(wide{lo: uint64(up)}, wide{lo: uint64(j.known)})
	}
	if s.rules.SliceTarget != nil {
		j.good = j.ratio >= *s.rules.SliceTarget
	} else {
		j.good = up == j.known
	}
	return j
}

// Stretch is counted time that was judged alike, without a gap.
type Stretch struct {
	Interval worktime.Interval
	State    State
}

// Stretches are the counted time so far as it was judged: every instant of it in exactly
// one stretch, in order, neighbours that touch being different. Where time is agreed or
// excluded in between, a stretch ends.
func Stretches(days []Day, f *Frame, r Rules) []Stretch {
	var known []Stretch
	add := func(s span, state State) {
		if last := len(known) - 1; last >= 0 && known[last].State == state && nanosOf(known[last].Interval.End) == s.from {
			known[last].Interval.End = s.to.time()
			return
		}
		known = append(known, Stretch{worktime.Interval{Start: s.from.time(), End: s.to.time()}, state})
	}
	if r.Method == Occurrences {
		f.walk(days, func(p piece) { add(p.span, p.run.State) })
	} else {
		f.judge(days, r, func(j judged) {
			state := Bad
			if j.good {
				state = Good
			}
			for _, p := range j.pieces {
				add(p.span, state)
			}
		})
	}
	return f.withUnknown(known)
}

// withUnknown fills what is not known.
func (f *Frame) withUnknown(known []Stretch) []Stretch {
	out := make([]Stretch, 0, len(known))
	for _, s := range f.counted {
		at, to := s.from, min(s.to, f.until)
		for len(known) > 0 && nanosOf(known[0].Interval.Start) < to {
			if start := nanosOf(known[0].Interval.Start); at < start {
				out = append(out, Stretch{worktime.Interval{Start: at.time(), End: start.time()}, Unknown})
			}
			out = append(out, known[0])
			at, known = nanosOf(known[0].Interval.End), known[1:]
		}
		if at < to {
			out = append(out, Stretch{worktime.Interval{Start: at.time(), End: to.time()}, Unknown})
		}
	}
	return out
}

// Downtime lists the interruptions inside the counted time so far, in order: stretches
// that were judged bad.
func Downtime(days []Day, f *Frame, r Rules) []worktime.Interval {
	var out []worktime.Interval
	for _, s := range Stretches(days, f, r) {
		if s.State == Bad {
			out = append(out, s.Interval)
		}
	}
	return out
}

// Slice is one slice of a window, as it counted.
type Slice struct {
	// Interval is the slice on the grid; Known and Unknown are how much of it counts.
	Interval       worktime.Interval
	Known, Unknown time.Duration
	State          State // Unknown where no part of it is known
	// Ratio is its share of good events, or of good time where not all its known minutes
	// have events; 0 where it is unknown.
	Ratio Share
	// Good and Total are its events.
	Good, Total Count
}

// Slices lists every slice of the counted time so far, in order: what a figure opens down
// to. Occurrences are listed by slices of the length of the rules, too.
func Slices(days []Day, f *Frame, r Rules) []Slice {
	if r.Method == Occurrences {
		r.Method = Timeslices
	}
	grid := slicer{rules: r, grid: r.grid()}
	out := []Slice{}
	for _, s := range f.counted {
		for at := s.from; at < min(s.to, f.until); {
			end := grid.sliceEnd(at)
			n := time.Duration(min(end, s.to, f.until) - at)
			if last := len(out) - 1; last >= 0 && nanosOf(out[last].Interval.End) == end {
				out[last].Unknown += n
			} else {
				out = append(out, Slice{Interval: worktime.Interval{Start: (end - grid.grid).time(), End: end.time()}, Unknown: n})
			}
			at = min(end, s.to)
		}
	}
	fill := func(j judged) {
		i, found := slices.BinarySearchFunc(out, grid.sliceEnd(j.pieces[0].from), func(s Slice, end nanos) int {
			return int(min(max(nanosOf(s.Interval.End)-end, -1), 1))
		})
		if !found {
			return
		}
		x := &out[i]
		x.Known, x.Unknown, x.Ratio, x.State = time.Duration(j.known), x.Unknown-time.Duration(j.known), j.ratio, Bad
		if j.good {
			x.State = Good
		}
		var t tally
		for _, p := range j.pieces {
			t.events(p)
		}
		x.Good, x.Total = t.counts()
	}
	single := slicer{rules: r, grid: grid.grid, visit: fill}
	// A ratio is wanted of every slice.
	if single.rules.Method == Timeslices && single.rules.SliceTarget == nil {
		single.rules.Method = RatioTimeslices
	}
	f.walk(days, single.each)
	single.flush()
	return out
}

// each is piece without taking many slices at once.
func (s *slicer) each(p piece) {
	for p.from < p.to {
		if len(s.open) > 0 && p.from >= s.end {
			s.flush()
		}
		part := p
		part.to = min(p.to, s.sliceEnd(p.from))
		s.open, s.end = append(s.open, part), s.sliceEnd(p.from)
		p.from = part.to
	}
}
