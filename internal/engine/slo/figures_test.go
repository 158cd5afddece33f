package slo

import (
	"fmt"
	"strings"
	"time"

	"diapason/internal/engine/worktime"
)

// agreedTime is the union of the calendars named; "&" intersects with the next one.
func (s *script) agreedTime(within worktime.Interval) (worktime.Set, error) {
	var set worktime.Set
	both := false
	for _, name := range s.agreed {
		if name == "&" {
			both = true
			continue
		}
		c := s.calendars[name]
		if c == nil {
			return set, fmt.Errorf("no calendar %q", name)
		}
		if open := c.Open(within); both {
			set, both = set.Intersect(open), false
		} else {
			set = set.Union(open)
		}
	}
	return set, nil
}

func (s *script) frame(window worktime.Interval) (*Frame, error) {
	agreed, err := s.agreedTime(window)
	return NewFrame(window, s.now, agreed, ExcludedTime(s.excluded, s.notice, s.loc)), err
}

func (s *script) times(list []worktime.Interval) string {
	var out []string
	for _, i := range list {
		out = append(out, s.time(i.Start)+"/"+s.time(i.End))
	}
	return strings.Join(out, " ")
}

func (s *script) time(t time.Time) string {
	layout := "2006-01-02T15:04Z07:00"
	if t.Second() != 0 {
		layout = time.RFC3339
	}
	return t.In(s.loc).Format(layout)
}

// figure answers what a case asks for.
func (s *script) figure(key string) (string, error) {
	switch key {
	case "windows":
		return s.times(s.listed), nil
	case "lengths":
		var out []string
		for _, i := range s.listed {
			out = append(out, length(i.Duration()))
		}
		return strings.Join(out, " "), nil
	case "standing":
		return s.excluded[len(s.excluded)-1].Standing(s.notice, s.loc).String(), nil
	case "factors", "longs", "shorts", "spends":
		return s.table(key), nil
	case "credit":
		return s.due()
	case "valid":
		if err := s.rules.Validate(); err != nil {
			return "", err
		}
		return "yes", nil
	case "kept", "late", "pending", "share", "percentile", "results", "decided":
		return s.caseFigure(key)
	}
	days, err := s.days()
	if err != nil {
		return "", err
	}
	f, err := s.frame(s.window)
	if err != nil {
		return "", err
	}
	if key == "burn" || key == "firing" || key == "breach" || key == "lost" {
		return s.burnFigure(key, days, f)
	}
	return s.attained(key, days, f)
}

func (s *script) attained(key string, days []Day, f *Frame) (string, error) {
	a := Attain(days, f, s.rules)
	b := a.Budget
	switch key {
	case "attained":
		if a.Attained == nil {
			return "nothing", nil
		}
		return a.Attained.String(), nil
	case "verdict":
		return a.Verdict.String(), nil
	case "coverage":
		return a.Coverage.String(), nil
	case "events":
		return a.GoodEvents.String() + "/" + a.TotalEvents.String(), nil
	case "spent":
		return b.Spent.String(), nil
	case "rate":
		return rate(b.Rate), nil
	case "budget-events":
		return b.AllowedEvents.String() + " " + b.UsedEvents.String() + " " + b.LeftEvents.String(), nil
	case "downtime":
		return s.times(Downtime(days, f, s.rules)), nil
	case "slices":
		n := map[State]int{}
		for _, x := range Slices(days, f, s.rules) {
			n[x.State]++
		}
		return fmt.Sprintf("%d good %d bad %d unknown", n[Good], n[Bad], n[Unknown]), nil
	}
	d, ok := map[string]time.Duration{
		"agreed": a.Agreed, "excluded": a.Excluded, "unknown": a.Unknown, "good": a.Good, "bad": a.Bad,
		"whole": f.Whole(), "base": b.Base, "allowed": b.Allowed, "used": b.Used, "left": b.Left,
	}[key]
	if !ok {
		return "", fmt.Errorf("%q is no figure", key)
	}
	return length(d), nil
}

func (s *script) burnFigure(key string, days []Day, f *Frame) (string, error) {
	around := worktime.Interval{Start: f.Until().AddDate(-1, 0, 0), End: f.Until().AddDate(1, 0, 0)}
	agreed, err := s.agreedTime(around)
	if err != nil {
		return "", err
	}
	excluded := ExcludedTime(s.excluded, s.notice, s.loc)
	switch key {
	case "burn":
		b, ok := Burn(days, f.Until(), s.recent, agreed, excluded, s.rules)
		if !ok {
			return "nothing", nil
		}
		return rate(b), nil
	case "firing":
		list := Alert(days, f.Until(), s.rows, agreed, excluded, s.rules)
		var out []string
		for _, severity := range []Severity{Page, Ticket} {
			if Alerting(list, severity) {
				out = append(out, string(severity))
			}
		}
		return strings.Join(out, " "), nil
	}
	so := Attain(days, f, s.rules)
	recent := so
	if s.recent > 0 {
		recent = Attain(days, NewFrame(worktime.Interval{Start: f.Until().Add(-s.recent), End: f.Until()}, time.Time{}, agreed, excluded), s.rules)
	}
	o := Forecast(f, so, recent, s.rules)
	if s.rolling {
		o = ForecastRolling(days, s.window.End, s.window.Duration(), agreed, excluded, recent, s.rules)
	}
	switch {
	case !o.Known:
		return "nothing", nil
	case key == "lost":
		return length(o.Lost), nil
	case o.Broken:
		return "already", nil
	case !o.Breaks:
		return "none", nil
	}
	return s.time(o.Breach), nil
}

func (s *script) table(key string) string {
	var out []string
	for _, r := range s.rows {
		switch key {
		case "factors":
			out = append(out, rate(r.Factor))
		case "longs":
			out = append(out, length(r.Long))
		case "shorts":
			out = append(out, length(r.Short))
		case "spends":
			out = append(out, map[bool]string{true: "fires", false: "never"}[r.CanFire(s.rules.Target)])
		}
	}
	return strings.Join(out, " ")
}

func (s *script) due() (string, error) {
	c, err := NewCredits(s.bands, s.top, s.most)
	if err != nil {
		return "", err
	}
	return c.Due(s.credit).Due.String(), nil
}

func (s *script) caseFigure(key string) (string, error) {
	horizon := worktime.Interval{Start: s.window.Start.AddDate(-1, 0, 0), End: s.window.End.AddDate(1, 0, 0)}
	open, err := s.agreedTime(horizon)
	if err != nil {
		return "", err
	}
	a := JudgeCases(s.cases, s.window, s.now, worktime.NewClock(horizon, open, worktime.Set{}), s.caseRules)
	switch key {
	case "kept":
		return fmt.Sprint(a.Kept), nil
	case "late":
		return fmt.Sprint(a.Late), nil
	case "pending":
		return fmt.Sprint(a.Pending), nil
	case "percentile":
		return length(a.Percentile), nil
	case "share":
		if a.Attained == nil {
			return "nothing " + a.Verdict.String(), nil
		}
		return a.Attained.String() + " " + a.Verdict.String(), nil
	}
	var out []string
	for _, x := range a.Results {
		if key == "decided" {
			at := "-"
			if !x.Decided.IsZero() {
				at = s.time(x.Decided)
			}
			out = append(out, x.Case.ID+" "+at)
			continue
		}
		out = append(out, fmt.Sprintf("%s %s %s+%s+%s", x.Case.ID, x.Outcome, length(x.Elapsed), length(x.Suspended), length(x.Closed)))
	}
	return strings.Join(out, "; "), nil
}
