package worktime

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the results must not depend on the machine
)

// TestScripts runs the cases of testdata/*.txt. A file defines calendars and
// then cases; a case is a sentence, one command and its expected lines:
//
//	calendar office Europe/Paris
//	  week Mon-Fri 08:00-18:00
//	  holiday 2026-05-01
//	case a holiday moves the deadline to the next working day
//	  add office 2026-04-30T17:00 2h
//	  = 2026-05-04T09:00+02:00
//
// Times without an offset are read on the calendar's own wall clock.
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
	if total < 60 {
		t.Errorf("only %d cases ran", total)
	}
}

type script struct {
	calendars map[string]*Calendar
}

func runScript(t *testing.T, text string) (cases int) {
	t.Helper()
	s := script{calendars: map[string]*Calendar{"always": {Always: true}, "never": {}}}
	var current *Calendar
	lines := strings.Split(text, "\n")
	for n := 0; n < len(lines); n++ {
		line := strings.TrimSpace(lines[n])
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "", "#":
		case "calendar":
			f := strings.Fields(rest)
			loc, err := time.LoadLocation(f[1])
			if err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
			current = &Calendar{Location: loc, SpecialDays: map[Date][]Span{}}
			s.calendars[f[0]] = current
		case "week", "holiday", "special":
			if err := describe(current, verb, strings.Fields(rest)); err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
		case "case":
			var commands, want []string
			for n+1 < len(lines) && strings.HasPrefix(lines[n+1], "  ") {
				n++
				if l := strings.TrimSpace(lines[n]); strings.HasPrefix(l, "=") {
					want = append(want, strings.TrimSpace(l[1:]))
				} else {
					commands = append(commands, l)
				}
			}
			cases++
			t.Run(rest, func(t *testing.T) {
				got, err := s.run(commands)
				if err != nil {
					got = "error: " + err.Error()
				}
				if w := strings.Join(want, "\n"); got != w {
					t.Errorf("%s\n got: %s\nwant: %s", strings.Join(commands, "\n"), got, w)
				}
			})
		default:
			t.Fatalf("line %d: %q is no statement", n+1, line)
		}
	}
	return cases
}

func describe(c *Calendar, verb string, f []string) error {
	var spans []Span
	for _, word := range f[1:] {
		span, err := ParseSpan(word)
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
	date, err := ParseDate(f[0])
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

// instant reads a local or an absolute time.
func instant(s string, loc *time.Location) (time.Time, error) {
	if t, err := time.Parse("2006-01-02T15:04Z07:00", s); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02T15:04", s, orUTC(loc))
}

func (s script) interval(text string, loc *time.Location) (Interval, error) {
	from, to, _ := strings.Cut(text, "/")
	a, err := instant(from, loc)
	if err != nil {
		return Interval{}, err
	}
	b, err := instant(to, loc)
	return Interval{a, b}, err
}
