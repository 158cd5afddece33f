package table

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"diapason/internal/model"
)

// epoch is the day before day 1 of a workbook's dates.
type epoch int

// The two date systems of spreadsheets. The first counts a 29 February 1900
// that never was, so its days from 1 March 1900 on start at 30 December 1899.
const (
	epoch1900 epoch = iota
	epoch1904
)

// instant is the moment that a spreadsheet means by a number of days.
func (e epoch) instant(days float64) (time.Time, bool) {
	if math.IsNaN(days) || days < 0 || days > 2_958_466 { // 31 December 9999
		return time.Time{}, false
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case e == epoch1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	whole := math.Floor(days)
	seconds := math.Round((days - whole) * 86400)
	return start.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second), true
}

var (
	numericDate = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})$`) })
	wordDate    = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{1,2})(?:er|st|nd|rd|th)?[ .\-]+([\p{L}]+)\.?[ ,.\-]+(\d{2,4})$`)
	})
	wordFirst = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([\p{L}]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$`)
	})
)

var months = map[string]time.Month{}

func init() {
	for i, words := range []string{"january jan janvier janv", "february feb février fevrier févr fevr fév", "march mar mars", "april apr avril avr", "may mai",
		"june jun juin", "july jul juillet juil", "august aug août aout", "september sep sept septembre", "october oct octobre", "november nov novembre", "december dec décembre decembre déc"} {
		for _, w := range strings.Fields(words) {
			months[w] = time.Month(i + 1)
		}
	}
}

// typedDate reads a date as people type it, in an order of day, month and year.
func typedDate(s, order string) (model.Date, bool) {
	s = strings.TrimSpace(blanks.Replace(s))
	if d, err := model.ParseDate(s); err == nil {
		return d, true
	}
	var y, m, d string
	if x := numericDate().FindStringSubmatch(s); x != nil {
		switch {
		case len(x[1]) == 4:
			y, m, d = x[1], x[2], x[3]
		case len(x[1]) > 2 || len(x[3]) == 3 || len(x[3]) == 1:
			return 0, false
		case order == "mdy":
			m, d, y = x[1], x[2], x[3]
		case order == "ymd":
			y, m, d = x[1], x[2], x[3]
		default:
			d, m, y = x[1], x[2], x[3]
		}
	} else if x := wordDate().FindStringSubmatch(strings.ToLower(s)); x != nil && months[x[2]] > 0 {
		d, m, y = x[1], strconv.Itoa(int(months[x[2]])), x[3]
	} else if x := wordFirst().FindStringSubmatch(strings.ToLower(s)); x != nil && months[x[1]] > 0 {
		m, d, y = strconv.Itoa(int(months[x[1]])), x[2], x[3]
	} else {
		return 0, false
	}
	if len(y) == 2 {
		y = "20" + y
	}
	for _, p := range []*string{&m, &d} {
		if len(*p) == 1 {
			*p = "0" + *p
		}
	}
	date, err := model.ParseDate(y + "-" + m + "-" + d)
	return date, err == nil
}

// dateOf reads a cell as a date.
func dateOf(c cell, e epoch, order string) (model.Date, bool) {
	if c.form == isDate || c.form == isNumber && c.number > 10_000 && c.number < 100_000 {
		t, ok := e.instant(c.number)
		if !ok || t.Year() < 1900 {
			return 0, false
		}
		return model.DateOf(t), true
	}
	s := strings.TrimSpace(c.text)
	if d, ok := typedDate(s, order); ok {
		return d, true
	}
	// A time behind the date counts for nothing.
	if i := strings.IndexAny(s, " T"); i > 0 && strings.Contains(s[i:], ":") {
		return typedDate(s[:i], order)
	}
	return 0, false
}

// instantOf reads a cell as an instant; one without offset is one of the zone.
func instantOf(c cell, e epoch, order, zone string) (string, bool) {
	if c.form == isText {
		if stored, _, err := model.ParseValue(model.TypeInstant, c.text); err == nil {
			return stored, true
		}
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return "", false
	}
	var t time.Time
	if c.form == isDate || c.form == isNumber {
		var ok bool
		if t, ok = e.instant(c.number); !ok {
			return "", false
		}
	} else {
		day, clock, _ := strings.Cut(strings.Replace(strings.TrimSpace(c.text), "T", " ", 1), " ")
		d, ok := typedDate(day, order)
		if !ok {
			return "", false
		}
		t = d.UTC()
		if clock != "" {
			for _, layout := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM", "15h04"} {
				if x, err := time.Parse(layout, strings.TrimSpace(clock)); err == nil {
					t = t.Add(time.Duration(x.Hour())*time.Hour + time.Duration(x.Minute())*time.Minute + time.Duration(x.Second())*time.Second)
					clock = ""
					break
				}
			}
			if clock != "" {
				return "", false
			}
		}
	}
	local := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, loc)
	return local.UTC().Format(time.RFC3339), true
}

// clockOf reads a cell as a time of day.
func clockOf(c cell) (string, bool) {
	if c.form == isDate || c.form == isNumber {
		if c.number < 0 || c.number > 1 {
			return "", false
		}
		m := int(math.Round(c.number * 1440))
		return fmt.Sprintf("%02d:%02d", m/60, m%60), true
	}
	stored, _, err := model.ParseValue(model.TypeTime, c.text)
	return stored, err == nil
}
