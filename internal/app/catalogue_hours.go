package app

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// OpeningHours are the hours of a calendar written out for readers.
type OpeningHours struct {
	Title    model.Text
	Always   bool
	Lines    []HoursLine
	Zone     string   // IANA name of the zone in which they are to be read
	Holidays string   // what happens on public holidays
	Closures []string // the next days that differ, with what they are
	Known    bool     // false where the calendar does not say its hours
}

// HoursLine is days with the same hours.
type HoursLine struct{ Days, Hours string }

const (
	closuresAhead = 120 // days looked ahead for closures
	closuresShown = 6
)

// week orders the days as calendars are read.
var week = [7]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// OpeningHoursOf writes the hours of a calendar in words, with the closures that
// lie within four months of a date.
func OpeningHoursOf(c *model.Calendar, title model.Text, on model.Date, w language.Writer) *OpeningHours {
	out := &OpeningHours{Title: title, Always: c.Always, Zone: c.Zone}
	cal, ok := calendars.Convert(c, on)
	if !ok {
		return out
	}
	out.Known = true
	if !c.Always {
		out.Lines = weekLines(cal.Week, w)
	}
	if c.Holidays != "" && c.Holidays != "none" {
		out.Holidays = w.Message("catalogue.hours.holidays", finding.Args{"region": choiceOf("calendar", "holidays", c.Holidays)})
	} else if !c.Always {
		out.Holidays = w.Message("catalogue.hours.no-holidays", nil)
	}
	out.Closures = closures(c, cal, on, w)
	return out
}

// weekLines groups days in a row that have the same hours.
func weekLines(days [7][]worktime.Span, w language.Writer) []HoursLine {
	var out []HoursLine
	for i := range days {
		days[i] = slices.SortedFunc(slices.Values(days[i]), func(x, y worktime.Span) int { return int(x.From - y.From) })
	}
	for i := 0; i < len(week); {
		j := i + 1
		for j < len(week) && slices.Equal(days[week[j]], days[week[i]]) {
			j++
		}
		if spans := days[week[i]]; len(spans) > 0 {
			out = append(out, HoursLine{capital(dayRange(i, j-1, w)), spansInWords(spans, w)})
		}
		i = j
	}
	return out
}

func dayRange(first, last int, w language.Writer) string {
	from, to := dayName(week[first], w), dayName(week[last], w)
	switch last - first {
	case 0:
		return from
	case 1:
		return w.List([]string{from, to})
	case 6:
		return w.Message("catalogue.hours.every-day", nil)
	}
	return w.Message("catalogue.hours.days", finding.Args{"from": from, "to": to})
}

func dayName(d time.Weekday, w language.Writer) string {
	name := choiceOf("calendar", "days", [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[d]).In(string(w.Lang))
	if w.Lang == language.FR {
		return strings.ToLower(name)
	}
	return name
}

func spansInWords(spans []worktime.Span, w language.Writer) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		switch {
		case s == worktime.WholeDay:
			parts[i] = w.Message("catalogue.hours.all-day", nil)
		case s.To <= s.From:
			parts[i] = w.Message("catalogue.hours.overnight", finding.Args{"from": clock(s.From, w), "to": clock(s.To, w)})
		default:
			parts[i] = w.Message("catalogue.hours.span", finding.Args{"from": clock(s.From, w), "to": clock(s.To, w)})
		}
	}
	return w.List(parts)
}

// clock writes a time of day: "08:30" in English, "8 h 30" in French.
func clock(t worktime.TimeOfDay, w language.Writer) string {
	if t == worktime.EndOfDay || t == 0 {
		return w.Message("catalogue.hours.midnight", nil)
	}
	if w.Lang != language.FR {
		return t.String()
	}
	text := strconv.Itoa(int(t)/60) + "\u00a0h"
	if m := int(t) % 60; m > 0 {
		text += "\u00a0" + leadingZero(m)
	}
	return text
}

func leadingZero(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// choiceOf is the label of a value of a closed list of a kind, lists within
// lists included.
func choiceOf(kind, field, value string) model.Text {
	var find func(fields []*model.Field) (model.Text, bool)
	find = func(fields []*model.Field) (model.Text, bool) {
		for _, f := range fields {
			if f.Name == field {
				for g := f; g != nil; g = g.Item {
					for _, c := range g.Choices {
						if c.Value == value {
							return c.Label, true
						}
					}
				}
			}
			for g := f; g != nil; g = g.Item {
				if t, ok := find(g.Fields); ok {
					return t, true
				}
			}
		}
		return model.Text{}, false
	}
	if k := model.KindOf(kind); k != nil {
		if t, ok := find(k.Fields); ok {
			return t
		}
	}
	return model.Text{All: value}
}

// closures lists the next days whose hours are not those of the week: public
// holidays on which it would have been open, and special days.
func closures(c *model.Calendar, cal *worktime.Calendar, on model.Date, w language.Writer) []string {
	type day struct {
		on   model.Date
		text string
	}
	var list []day
	until := on.AddDays(closuresAhead)
	special := map[model.Date]bool{}
	for _, s := range c.Special {
		if s.Date < on || s.Date > until {
			continue
		}
		special[s.Date] = true
		what := w.Message("catalogue.hours.closed", nil)
		if !s.Closed && (s.From != 0 || s.To != 0) {
			what = spansInWords([]worktime.Span{{From: worktime.TimeOfDay(s.From), To: worktime.TimeOfDay(s.To)}}, w)
		}
		args := finding.Args{"date": s.Date, "name": s.Name, "what": what}
		if s.Name.IsZero() {
			args["name"] = ""
		}
		list = append(list, day{s.Date, w.Message("catalogue.hours.special", args)})
	}
	for _, d := range cal.Holidays {
		x := calendars.ModelDate(d)
		if x < on || x > until || special[x] || !c.Always && len(cal.Week[x.UTC().Weekday()]) == 0 {
			continue
		}
		list = append(list, day{x, w.Message("catalogue.hours.special", finding.Args{"date": x, "name": "", "what": w.Message("catalogue.hours.holiday", nil)})})
	}
	slices.SortStableFunc(list, func(x, y day) int { return int(x.on - y.on) })
	var out []string
	for i, d := range list {
		if i > 0 && list[i-1] == d {
			continue
		}
		if len(out) == closuresShown {
			break
		}
		out = append(out, d.text)
	}
	return out
}
