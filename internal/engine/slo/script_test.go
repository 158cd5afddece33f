package slo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the results must not depend on the machine

	"diapason/internal/engine/worktime"
)

// TestScripts runs the cases of testdata/*.txt. A file defines calendars and then cases; a
// case is a sentence, statements and expected figures:
//
//	calendar office Europe/Paris
//	  week Mon-Fri 08:00-18:00
//	  holiday 2026-05-01
//	case an outage at night is no downtime
//	  zone Europe/Paris
//	  window month 2026-05
//	  agreed office
//	  good all
//	  bad 2026-05-04T20:00/2026-05-05T02:00
//	  = attained 100%
//
// Statements are executed in order, so that later evidence replaces earlier; figures are
// asked for afterwards.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	total := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			total += runScript(t, string(text))
		})
	}
	if total < 120 {
		t.Errorf("only %d cases ran", total)
	}
}

func runScript(t *testing.T, text string) (cases int) {
	t.Helper()
	calendars := map[string]*worktime.Calendar{"always": {Always: true}}
	var current *worktime.Calendar
	lines := strings.Split(text, "\n")
	names := map[string]bool{}
	for n := 0; n < len(lines); n++ {
		verb, rest, _ := strings.Cut(strings.TrimSpace(lines[n]), " ")
		switch verb {
		case "", "#":
		case "calendar":
			f := strings.Fields(rest)
			loc, err := time.LoadLocation(f[1])
			if err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
			current = &worktime.Calendar{Location: loc, SpecialDays: map[worktime.Date][]worktime.Span{}}
			calendars[f[0]] = current
		case "week", "holiday", "special":
			if err := describe(current, verb, strings.Fields(rest)); err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
		case "case":
			if names[rest] {
				t.Fatalf("line %d: %q stands twice", n+1, rest)
			}
			names[rest] = true
			var block []string
			for n+1 < len(lines) && strings.HasPrefix(lines[n+1], "  ") {
				n++
				block = append(block, strings.TrimSpace(lines[n]))
			}
			cases++
			t.Run(rest, func(t *testing.T) { runCase(t, calendars, block) })
		default:
			t.Fatalf("line %d: %q is no statement", n+1, verb)
		}
	}
	return cases
}

func runCase(t *testing.T, calendars map[string]*worktime.Calendar, block []string) {
	s := newScript(calendars)
	asked := 0
	for _, line := range block {
		key, ok := strings.CutPrefix(line, "= ")
		if !ok {
			if err := s.state(line); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			continue
		}
		asked++
		key, want, _ := strings.Cut(key, " ")
		got, err := s.figure(key)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != strings.TrimSpace(want) {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if asked == 0 {
		t.Error("it asks for nothing")
	}
}

func describe(c *worktime.Calendar, verb string, f []string) error {
	var spans []worktime.Span
	for _, word := range f[1:] {
		span, err := worktime.ParseSpan(word)
		if err != nil {
			return err
		}
		spans = append(spans, span)
	}
	if verb == "week" {
		from, to, ranged := strings.Cut(f[0], "-")
		if !ranged {
			to = from
		}
		for day := weekday(from); ; day = (day + 1) % 7 {
			c.Week[day] = append(c.Week[day], spans...)
			if day == weekday(to) {
				return nil
			}
		}
	}
	date, err := worktime.ParseDate(f[0])
	if verb == "holiday" {
		c.Holidays = append(c.Holidays, date)
	} else {
		c.SpecialDays[date] = spans
	}
	return err
}

func weekday(s string) time.Weekday {
	return time.Weekday(strings.Index("SunMonTueWedThuFriSat", s) / 3)
}

// instant reads an instant, absolute or on the wall clock; a date is its midnight.
func instant(s string, loc *time.Location) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no instant", s)
}

func interval(s string, loc *time.Location) (worktime.Interval, error) {
	from, to, ok := strings.Cut(s, "/")
	if !ok {
		return worktime.Interval{}, fmt.Errorf("%q is no interval", s)
	}
	a, err := instant(from, loc)
	if err != nil {
		return worktime.Interval{}, err
	}
	b, err := instant(to, loc)
	return worktime.Interval{Start: a, End: b}, err
}

func parseShare(s string) (Share, error) {
	var v float64
	if _, err := fmt.Sscanf(s, "%g%%", &v); err != nil {
		return 0, fmt.Errorf("%q is no share", s)
	}
	return ShareOf(v / 100), nil
}

// length writes 1h30m, 43m12s, 38.4s.
func length(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
