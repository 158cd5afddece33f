package calendars

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones are the same on every machine that has none

	"diapason/internal/engine/worktime"
	"diapason/internal/model"
)

// Holidays are expanded this many years around the date of evaluation.
const (
	yearsBefore = 6
	yearsAfter  = 12
)

// Location is the zone of an IANA name such as Europe/Paris; ok is false for a
// name that is absent or unknown.
func Location(name string) (loc *time.Location, ok bool) {
	if name == "" || strings.EqualFold(name, "local") {
		return nil, false
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), true
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zones.Store(name, loc)
	return loc, true
}

// zones are those that were asked for, by name: each is read from a file, and thousands of
// objects name the same few.
var zones sync.Map

// Date converts a date.
func Date(d model.Date) worktime.Date {
	if d.IsZero() {
		return worktime.Date{}
	}
	return worktime.DateOf(d.UTC())
}

// ModelDate converts a date back.
func ModelDate(d worktime.Date) model.Date {
	if d.IsZero() {
		return 0
	}
	return model.NewDate(d.Year, d.Month, d.Day)
}

// Period converts a period.
func Period(p model.Period) worktime.Period {
	return worktime.Period{Months: p.Months, Days: p.Days}
}

var weekdays = map[string]time.Weekday{
	"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday,
	"fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

// Convert makes working time of a calendar, with holidays around a date. It is
// not ok where the hours cannot be known: no zone or an unknown one (a calendar
// that never closes needs none), no hours at all, hours without days, hours that
// open and close at the same time (00:00 to 00:00 is the whole day), or holidays
// of an unknown region.
func Convert(c *model.Calendar, on model.Date) (*worktime.Calendar, bool) {
	w := &worktime.Calendar{Always: c.Always}
	year := on.UTC().Year()
	days, known := Holidays(c.Holidays, year-yearsBefore, year+yearsAfter)
	if !known {
		return nil, false
	}
	w.Holidays = days
	loc, zoned := Location(c.Zone)
	if !zoned && !(c.Zone == "" && c.Always && len(days) == 0 && len(c.Special) == 0) {
		return nil, false
	}
	w.Location = loc
	if !c.Always && len(c.Hours) == 0 && len(c.Special) == 0 {
		return nil, false
	}
	for _, h := range c.Hours {
		s := span(h.From, h.To)
		if s.Validate() != nil || len(h.Days) == 0 {
			return nil, false
		}
		for _, name := range h.Days {
			day, ok := weekdays[name]
			if !ok {
				return nil, false
			}
			w.Week[day] = append(w.Week[day], s)
		}
	}
	if !special(w, c.Special) {
		return nil, false
	}
	return w, true
}

// special adds special days: several entries of one date are its several hours,
// and one that is closed or has no hours adds none.
func special(w *worktime.Calendar, list []model.Special) bool {
	for _, x := range list {
		if x.Date.IsZero() {
			return false
		}
		if w.SpecialDays == nil {
			w.SpecialDays = map[worktime.Date][]worktime.Span{}
		}
		d := Date(x.Date)
		if x.Closed || x.From == 0 && x.To == 0 {
			w.SpecialDays[d] = append(w.SpecialDays[d], nil...)
			continue
		}
		s := span(x.From, x.To)
		if s.Validate() != nil {
			return false
		}
		w.SpecialDays[d] = append(w.SpecialDays[d], s)
	}
	return true
}

func span(from, to model.ClockTime) worktime.Span {
	if from == 0 && to == 0 {
		return worktime.WholeDay
	}
	return worktime.Span{From: worktime.TimeOfDay(from), To: worktime.TimeOfDay(to)}
}
