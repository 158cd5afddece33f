package calendars

import (
	"sync"
	"time"

	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Book remembers the working time of each calendar for one set of facts. It is
// safe for use by several rules at once.
type Book struct {
	f       *finding.Facts
	window  worktime.Interval
	horizon worktime.Interval
	entries sync.Map // model.Ref → *entry
}

type entry struct {
	calendar *worktime.Calendar
	once     sync.Once
	open     worktime.Set
	clock    *worktime.Clock
}

// New makes a book of facts; it stands among their analyses.
func New(f *finding.Facts) *Book {
	b := &Book{f: f}
	loc := Zone(f)
	b.window = worktime.Interval{Start: f.On.In(loc), End: f.On.AddMonths(12).In(loc)}
	b.horizon = worktime.Interval{Start: b.window.Start, End: f.On.AddMonths(24).In(loc)}
	return b
}

func book(f *finding.Facts) *Book {
	if b, ok := finding.Use[*Book](f); ok {
		return b
	}
	return New(f)
}

// Zone is the zone of the organisation, UTC where it states none.
func Zone(f *finding.Facts) *time.Location {
	if loc, ok := Location(f.Snap.Organisation().Zone); ok {
		return loc
	}
	return time.UTC
}

// Window is the year that begins with the date of evaluation in the zone of the
// organisation: failures are looked for in it.
func Window(f *finding.Facts) worktime.Interval { return book(f).window }

// Horizon is how far working time is expanded: the window and a year more, so
// that what begins in the window ends in the horizon.
func Horizon(f *finding.Facts) worktime.Interval { return book(f).horizon }

// Of is the working time of a calendar; ok is false where the calendar does not
// exist or does not say its hours (see Convert).
func Of(f *finding.Facts, ref model.Ref) (*worktime.Calendar, bool) {
	e := book(f).entry(ref)
	return e.calendar, e.calendar != nil
}

// Open is when a calendar is open within the horizon.
func Open(f *finding.Facts, ref model.Ref) (worktime.Set, bool) {
	b := book(f)
	e := b.entry(ref)
	b.expand(e)
	return e.open, e.calendar != nil
}

// Clock runs while a calendar is open, as far as the horizon.
func Clock(f *finding.Facts, ref model.Ref) (*worktime.Clock, bool) {
	b := book(f)
	e := b.entry(ref)
	b.expand(e)
	return e.clock, e.calendar != nil
}

func (b *Book) entry(ref model.Ref) *entry {
	if hit, ok := b.entries.Load(ref); ok {
		return hit.(*entry)
	}
	e := &entry{}
	if c := finding.SpecOf[model.Calendar](b.f, ref); c != nil {
		if w, ok := Convert(c, b.f.On); ok {
			e.calendar = w
		}
	}
	hit, _ := b.entries.LoadOrStore(ref, e)
	return hit.(*entry)
}

func (b *Book) expand(e *entry) {
	if e.calendar == nil {
		return
	}
	e.once.Do(func() {
		e.open = e.calendar.Open(b.horizon)
		e.clock = worktime.NewClock(b.horizon, e.open, worktime.Set{})
	})
}

// Carry takes over the calendars that a change cannot have touched.
func (b *Book) Carry(prev any, c *finding.Change) {
	p, ok := prev.(*Book)
	if !ok || p.f.On != b.f.On || p.horizon.Start.Location().String() != b.horizon.Start.Location().String() {
		return
	}
	p.entries.Range(func(ref, e any) bool {
		if h, found := b.f.Snap.Find(ref.(model.Ref)); found && !c.Closure[h] {
			b.entries.Store(ref, e)
		}
		return true
	})
}
