package slo

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/worktime"
)

// script is a case: what its statements said.
type script struct {
	calendars map[string]*worktime.Calendar
	loc       *time.Location
	window    worktime.Interval
	listed    []worktime.Interval
	now       time.Time
	agreed    []string // names of calendars, or "&" between those that must both be open
	rules     Rules
	series    map[string]map[int]*DayBuilder
	writing   string
	joining   Joining
	notice    worktime.Period
	excluded  []Exclusion
	recent    time.Duration
	rolling   bool
	rows      []BurnRow
	bands     []Band
	top, most *Share
	credit    *Share
	cases     []Case
	caseRules CaseRules
}

func newScript(calendars map[string]*worktime.Calendar) *script {
	return &script{calendars: calendars, loc: time.UTC, agreed: []string{"always"}, series: map[string]map[int]*DayBuilder{}, rules: Rules{Target: ShareOf(0.999)}, caseRules: CaseRules{Share: Whole}}
}

// state takes a statement.
func (s *script) state(line string) (err error) {
	f := strings.Fields(line)
	verb, f := f[0], f[1:]
	one := strings.Join(f, " ")
	switch verb {
	case "zone":
		s.loc, err = time.LoadLocation(one)
	case "window":
		return s.setWindow(f)
	case "now":
		s.now, err = instant(one, s.loc)
	case "agreed":
		s.agreed = f
	case "promise":
		s.rules.Target, err = parseShare(f[0])
		s.rules.Strict = len(f) > 1 && f[1] == "exceeded"
	case "method":
		s.rules.Method, err = ParseMethod(one)
	case "slice":
		if s.rules.Slice, err = strconv.Atoi(f[0]); err == nil && len(f) > 1 {
			var v Share
			v, err = parseShare(f[1])
			s.rules.SliceTarget = &v
		}
	case "treat":
		s.rules.Unknown, err = ParseTreatment(one)
	case "series":
		s.writing = one
	case "join":
		s.joining = map[string]Joining{"seen": JoinSeen, "every": JoinEvery, "any": JoinAny}[one]
	case "good", "bad", "unknown", "late":
		return s.evidence(verb, f)
	case "minutes":
		return s.minutes(f)
	case "notice":
		s.notice, err = parsePeriod(one)
	case "exclude", "maintenance":
		e := Exclusion{Planned: verb == "maintenance"}
		if from, open := strings.CutSuffix(f[0], "/"); open {
			e.Interval.Start, err = instant(from, s.loc)
		} else {
			e.Interval, err = interval(f[0], s.loc)
		}
		if len(f) == 3 && f[1] == "announced" {
			e.Announced, err = instant(f[2], s.loc)
		}
		s.excluded = append(s.excluded, e)
	case "recent":
		s.recent, err = time.ParseDuration(one)
	case "rows":
		period, wrong := time.ParseDuration(f[1])
		if s.rows, err = Sloth(period), wrong; f[0] == "pyrra" {
			s.rows = Pyrra(period)
		}
	default:
		return s.moreStatements(verb, f)
	}
	return err
}

func (s *script) moreStatements(verb string, f []string) (err error) {
	switch verb {
	case "band":
		var b Band
		if b.From, err = parseShare(f[0]); err == nil {
			if b.Below, err = parseShare(f[1]); err == nil {
				b.Credit, err = parseShare(f[2])
			}
		}
		s.bands = append(s.bands, b)
	case "top", "cap", "attains":
		v, wrong := parseShare(f[0])
		*map[string]**Share{"top": &s.top, "cap": &s.most, "attains": &s.credit}[verb] = &v
		return wrong
	case "within":
		s.caseRules.Within, err = time.ParseDuration(f[0])
	case "share":
		s.caseRules.Share, err = parseShare(f[0])
		s.caseRules.Strict = len(f) > 1 && f[1] == "exceeded"
	case "priority":
		s.caseRules.Priority = f[0]
	case "ticket":
		return s.ticket(f)
	default:
		return fmt.Errorf("%q is no statement", verb)
	}
	return err
}

// setWindow: month 2026-03, quarter 2026-03, year 2026-03, rolling-28d INSTANT,
// days 2026-03-01 2026-03-15, FROM/TO; followed by "last N" to list.
func (s *script) setWindow(f []string) (err error) {
	n := 1
	if len(f) >= 4 && f[len(f)-2] == "last" {
		if n, err = strconv.Atoi(f[len(f)-1]); err != nil {
			return err
		}
		f = f[:len(f)-2]
	}
	if f[0] == "days" {
		from, _ := worktime.ParseDate(f[1])
		end, err := worktime.ParseDate(f[2])
		s.window = Days(from, end, s.loc)
		return err
	}
	if len(f) == 1 {
		s.window, err = interval(f[0], s.loc)
		return err
	}
	w, err := ParseWindow(f[0])
	if err != nil {
		return err
	}
	if len(f[1]) == len("2026-03") {
		f[1] += "-11T13:47"
	}
	at, err := instant(f[1], s.loc)
	if err != nil {
		return err
	}
	s.rolling = w.IsRolling()
	s.window, s.listed = w.At(at, s.loc), w.Last(n, at, s.loc)
	return nil
}

// evidence: good all, bad FROM/TO, good FROM/TO 990/1000 (events a minute). late is as bad,
// good or unknown, but comes as a correction laid over the day.
func (s *script) evidence(verb string, f []string) error {
	late := verb == "late"
	if late {
		verb, f = f[0], f[1:]
	}
	span := s.window
	if f[0] != "all" {
		var err error
		if span, err = interval(f[0], s.loc); err != nil {
			return err
		}
	}
	run := Run{State: map[string]State{"good": Good, "bad": Bad}[verb]}
	if len(f) > 1 {
		if _, err := fmt.Sscanf(f[1], "%d/%d", &run.Good, &run.Total); err != nil {
			return err
		}
		run.Good, run.Total = run.Good*1000, run.Total*1000
	}
	for at := nanosOf(span.Start); at < nanosOf(span.End); at += minute {
		number := DayOf(at.time())
		m := int((at - nanos(number)*day) / minute)
		b := s.builder(number)
		if !late {
			b.Set(m, m+1, run)
			continue
		}
		d := b.Day()
		if run.State == Unknown {
			d = d.With(m, m+1, run)
		} else {
			correction := NewDayBuilder(number)
			correction.Set(m, m+1, run)
			d = Overlay(d, correction.Day())
		}
		s.series[s.writing][number] = d.Builder()
	}
	return nil
}

// minutes: FROM good/total good/total …, one minute each; – is unknown.
func (s *script) minutes(f []string) error {
	at, err := instant(f[0], s.loc)
	if err != nil {
		return err
	}
	for _, word := range f[1:] {
		number := DayOf(at)
		var good, total float64
		state := Unknown
		if word != "-" {
			if _, err := fmt.Sscanf(word, "%g/%g", &good, &total); err != nil {
				return err
			}
			if state = Good; good < total {
				state = Bad
			}
		}
		s.builder(number).Minute(int((nanosOf(at)-nanos(number)*day)/minute), state, good, total)
		at = at.Add(time.Minute)
	}
	return nil
}

func (s *script) builder(number int) *DayBuilder {
	if s.series[s.writing] == nil {
		s.series[s.writing] = map[int]*DayBuilder{}
	}
	b := s.series[s.writing][number]
	if b == nil {
		b = NewDayBuilder(number)
		s.series[s.writing][number] = b
	}
	return b
}

// days joins the series, and reads every day from its bytes.
func (s *script) days() ([]Day, error) {
	var names []string
	numbers := map[int]bool{}
	for name, series := range s.series {
		names = append(names, name)
		for n := range series {
			numbers[n] = true
		}
	}
	slices.Sort(names)
	var out []Day
	for n := range numbers {
		joined := Day{Number: n}
		for i, name := range names {
			d := Day{Number: n}
			if b := s.series[name][n]; b != nil {
				d = b.Day()
			}
			if joined = Merge(joined, d, s.joining); i == 0 {
				joined = d
			}
		}
		b, err := EncodeDay(joined)
		if err != nil {
			return nil, err
		}
		d, err := DecodeDay(b)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// ticket: ID PRIORITY START STOP|- [suspended FROM/TO …]
func (s *script) ticket(f []string) (err error) {
	c := Case{ID: f[0], Priority: f[1]}
	if c.Start, err = instant(f[2], s.loc); err != nil {
		return err
	}
	if f[3] != "-" {
		if c.Stop, err = instant(f[3], s.loc); err != nil {
			return err
		}
	}
	var list []worktime.Interval
	for _, word := range f[min(5, len(f)):] {
		i, err := interval(word, s.loc)
		if err != nil {
			return err
		}
		list = append(list, i)
	}
	c.Suspended = worktime.NewSet(list...)
	s.cases = append(s.cases, c)
	return nil
}

func parsePeriod(s string) (p worktime.Period, err error) {
	switch {
	case strings.HasSuffix(s, "M"):
		_, err = fmt.Sscanf(s, "P%dM", &p.Months)
	default:
		_, err = fmt.Sscanf(s, "P%dD", &p.Days)
	}
	return p, err
}

func rate(b BurnRate) string {
	return strconv.FormatFloat(math.Round(float64(b)*1e6)/1e6, 'f', -1, 64)
}
