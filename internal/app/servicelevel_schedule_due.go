package app

import (
	"fmt"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

func zoneOfOrganisation(f *finding.Facts) *time.Location { return calendars.Zone(f) }

// window is the period that a schedule reports on.
func (s *Schedule) window() slo.Window {
	switch s.Every {
	case "quarter":
		return slo.Quarter
	case "year":
		return slo.Year
	}
	return slo.Month
}

// madeIn tells whether a report is made in a month: every month, or the month after the
// period that is over, or the last month of the one under way.
func (s *Schedule) madeIn(month time.Month) bool {
	months := max(s.window().Months, 1)
	if s.Covers == "running" {
		return int(month)%months == 0
	}
	return (int(month)-1)%months == 0
}

// next is the first time after an instant at which the report is made. Times are those of
// the wall clock in the zone; one that a clock change skips is moved by it, and one that
// comes twice counts once.
func (s *Schedule) next(after time.Time, loc *time.Location) time.Time {
	hour, minute := int(s.At)/60, int(s.At)%60
	day := after.In(loc).AddDate(0, 0, -1)
	if s.Every == "week" {
		for range 10 {
			if t := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, loc); t.After(after) && weekday(day) == s.Day {
				return t.UTC()
			}
			day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, loc)
		}
	}
	year, month := day.Year(), day.Month()
	for range 40 {
		if s.madeIn(month) {
			last := time.Date(year, month+1, 0, 12, 0, 0, 0, loc).Day()
			if t := time.Date(year, month, min(s.Day, last), hour, minute, 0, 0, loc); t.After(after) {
				return t.UTC()
			}
		}
		if month++; month > time.December {
			year, month = year+1, time.January
		}
	}
	return time.Time{}
}

// weekday is the day of the week from Monday, 1 to 7.
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// period is the period that a report made at an instant covers.
func (s *Schedule) period(at time.Time, loc *time.Location) string {
	w := s.window()
	local := at.In(loc)
	i := w.At(local, loc)
	if s.Covers != "running" {
		i = w.At(i.Start.Add(-time.Hour), loc)
	}
	return servicelevel.Period{Window: w, First: model.DateOf(i.Start.In(loc))}.String()
}

// missed are the times at which reports should have been made up to an instant, and the
// time after. Of a period that is under way only the last is worth making; of periods that
// are over one each, at most a year of them.
func (s *Schedule) missed(from, now time.Time, loc *time.Location) (due []time.Time, next time.Time) {
	for next = from; !next.IsZero() && !next.After(now); next = s.next(next, loc) {
		if n := len(due); n > 0 && (s.Covers == "running" || s.period(due[n-1], loc) == s.period(next, loc)) {
			due = due[:n-1]
		}
		due = append(due, next)
	}
	const most = 12
	return due[max(0, len(due)-most):], next
}

// whenText says in words when a report is made.
func whenText(w language.Writer, s *Schedule) string {
	key := s.Every
	if s.Every != "week" && s.Day >= 31 {
		key += ".last"
	}
	args := finding.Args{"day": s.Day, "at": fmt.Sprintf("%02d:%02d", int(s.At)/60, int(s.At)%60), "running": s.Covers == "running"}
	if s.Every == "week" {
		args["day"] = w.Message(fmt.Sprintf("schedule.weekday.%d", s.Day), nil)
	}
	return w.Message("schedule.when."+key, args)
}
