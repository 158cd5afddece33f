package worktime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const shown = "2006-01-02T15:04Z07:00"

// run executes the command; the lines after the first are its details.
func (s script) run(commands []string) (string, error) {
	f := strings.Fields(commands[0])
	switch f[0] {
	case "add", "elapsed", "open":
		return s.walk(f)
	case "months", "sticky":
		date, err := ParseDate(f[1])
		if err != nil {
			return "", err
		}
		n, err := strconv.Atoi(f[2])
		if f[0] == "months" {
			return date.AddMonths(n).String(), err
		}
		return date.AddMonthsSticky(n).String(), err
	case "terms":
		return runTerms(f[1:])
	case "worst", "restore":
		return s.restoration(f, commands[1:])
	case "cover":
		return s.cover(f)
	case "rota":
		return s.rota(f, commands[1:])
	}
	return "", fmt.Errorf("%q is no command", f[0])
}

// walk: add CAL START DURATION [suspended]..., elapsed CAL FROM TO
// [suspended]..., open CAL FROM TO.
func (s script) walk(f []string) (string, error) {
	c, known := s.calendars[f[1]]
	if !known {
		return "", fmt.Errorf("no calendar %q", f[1])
	}
	loc := orUTC(c.Location)
	start, err := instant(f[2], loc)
	if err != nil {
		return "", err
	}
	var suspensions []Interval
	for _, word := range f[4:] {
		i, err := s.interval(word, loc)
		if err != nil {
			return "", err
		}
		suspensions = append(suspensions, i)
	}
	suspended := NewSet(suspensions...)
	if f[0] == "add" {
		d, err := time.ParseDuration(f[3])
		if err != nil {
			return "", err
		}
		end, ok := c.Add(start, d, suspended, start.AddDate(2, 0, 0))
		if !ok {
			return "never", nil
		}
		return end.In(loc).Format(shown), nil
	}
	end, err := instant(f[3], loc)
	if err != nil {
		return "", err
	}
	if f[0] == "elapsed" {
		return hours(c.Elapsed(start, end, suspended)), nil
	}
	open := c.Open(Interval{start, end})
	var out []string
	for i := range open.All() {
		out = append(out, i.Start.In(loc).Format(shown)+" "+i.End.In(loc).Format(shown))
	}
	return strings.Join(append(out, hours(open.Duration())), "\n"), nil
}

func hours(d time.Duration) string {
	text := strings.TrimSuffix(d.String(), "0s")
	text = strings.TrimSuffix(text, "h0m") + map[bool]string{true: "h"}[strings.HasSuffix(text, "h0m")]
	if text == "" {
		return "0h"
	}
	return text
}

// runTerms: terms key=value...
func runTerms(f []string) (string, error) {
	var terms Terms
	var on Date
	for _, word := range f {
		key, value, _ := strings.Cut(word, "=")
		var err error
		switch key {
		case "start":
			terms.Start, err = ParseDate(value)
		case "initial":
			terms.Initial, err = period(value)
		case "until":
			terms.InitialEnd, err = ParseDate(value)
		case "renewal":
			terms.Renewal, err = period(value)
		case "times":
			terms.MaxRenewals, err = strconv.Atoi(value)
		case "notice":
			terms.Notice, err = period(value)
		case "monthend":
			terms.MonthEnd = true
		case "on":
			on, err = ParseDate(value)
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		if err != nil {
			return "", err
		}
	}
	s, err := terms.On(on)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, term %d %s to %s, renews %t, notice by %s, passed %t; open %s, notice by %s",
		s.Phase, s.Current.Number, s.Current.First, s.Current.Last, s.Current.Renews, s.Current.NoticeBy,
		s.NoticePassed, s.Open.Last, s.Open.NoticeBy), nil
}

func period(s string) (p Period, err error) {
	for s != "" {
		i := strings.IndexAny(s, "MD")
		if i < 0 {
			return p, fmt.Errorf("period %q", s)
		}
		n, err := strconv.Atoi(s[:i])
		if err != nil {
			return p, err
		}
		if s[i] == 'M' {
			p.Months = n
		} else {
			p.Days = n
		}
		s = s[i+1:]
	}
	return p, nil
}

// restoration: worst|restore PROMISE-CAL WITHIN FROM/TO|AT [in-service], then
// lines "NAME CAL DURATION [after A,B]" and "suspended NAME|promise FROM/TO".
func (s script) restoration(f, details []string) (string, error) {
	loc := orUTC(s.calendars[f[1]].Location)
	within, err := time.ParseDuration(f[2])
	if err != nil {
		return "", err
	}
	window, err := s.interval(f[3], loc)
	if f[0] == "restore" {
		window.Start, err = instant(f[3], loc)
		window.End = window.Start
	}
	if err != nil {
		return "", err
	}
	horizon := Interval{window.Start, window.End.AddDate(0, 3, 0)}
	suspended := map[string]Set{}
	for _, d := range details {
		if w := strings.Fields(d); w[0] == "suspended" {
			i, err := s.interval(w[2], loc)
			if err != nil {
				return "", err
			}
			suspended[w[1]] = suspended[w[1]].Union(NewSet(i))
		}
	}
	var steps []Step
	for _, d := range details {
		w := strings.Fields(d)
		if w[0] == "suspended" {
			continue
		}
		duration, err := time.ParseDuration(w[2])
		if err != nil {
			return "", err
		}
		step := Step{Name: w[0], Duration: duration, Clock: s.calendars[w[1]].Clock(horizon, suspended[w[0]])}
		if len(w) > 4 {
			step.After = strings.Split(w[4], ",")
		}
		steps = append(steps, step)
	}
	chain, err := NewChain(steps)
	if err != nil {
		return "", err
	}
	promise := Promise{Within: within, Clock: s.calendars[f[1]].Clock(horizon, suspended["promise"]), OnlyInService: len(f) > 4}
	w := WorstCase{Approach: AtInstant, Any: true}
	if f[0] == "restore" {
		w.Restoration, w.Elapsed = promise.Judge(chain, window.Start)
		w.Kept = !w.Never && w.Elapsed <= within
	} else if w, err = promise.Worst(chain, window); err != nil {
		return "", err
	}
	return showWorst(w, loc), nil
}

func showWorst(w WorstCase, loc *time.Location) string {
	if !w.Any {
		return "no failure counts"
	}
	const short = "Mon 2006-01-02T15:04"
	text := fmt.Sprintf("%s %s, ", w.Approach, w.FailedAt.In(loc).Format(short))
	if w.Never {
		text += "never restored"
	} else {
		text += fmt.Sprintf("restored %s, %s elapsed, kept %t", w.RestoredAt.In(loc).Format(short), hours(w.Elapsed), w.Kept)
	}
	for _, leg := range w.Legs {
		mark := ""
		if leg.Critical {
			mark = " critical"
		}
		from, to := leg.From.In(loc).Format(short), leg.To.In(loc).Format(short)
		if leg.NotBegun {
			from = "never"
		}
		if leg.Never {
			to = "never"
		}
		text += fmt.Sprintf("\n%s %s to %s%s", leg.Name, from, to, mark)
	}
	return text
}

// cover: cover PROMISED FROM/TO SUPPORTING...
func (s script) cover(f []string) (string, error) {
	promised := s.calendars[f[1]]
	period, err := s.interval(f[2], promised.Location)
	if err != nil {
		return "", err
	}
	var supporting []Set
	for _, name := range f[3:] {
		supporting = append(supporting, s.calendars[name].Open(period))
	}
	c := Cover(promised.Location, period, promised.Open(period), supporting...)
	week := func(i int) string {
		if i < 0 {
			return "none"
		}
		w := c.Weeks[i]
		return strings.TrimSpace(fmt.Sprintf("%s %s of %s: %s", w.Monday, hours(w.Uncovered), hours(w.Promised), w.Pattern))
	}
	return fmt.Sprintf("uncovered %s\ntypical %s\nworst %s", hours(c.Uncovered.Duration()), week(c.Typical), week(c.Worst)), nil
}

// rota: rota CAL FROM/TO start=DATE handover=HH:MM turn=7D members=A,B,-
// [end=DATE], then lines "NAME|- FROM/TO" for exceptions. CAL gives the zone
// and the hours in which somebody is needed.
func (s script) rota(f, details []string) (string, error) {
	needed := s.calendars[f[1]]
	loc := orUTC(needed.Location)
	within, err := s.interval(f[2], loc)
	if err != nil {
		return "", err
	}
	r := Rota{Location: loc}
	for _, word := range f[3:] {
		key, value, _ := strings.Cut(word, "=")
		var err error
		switch key {
		case "start":
			r.Start, err = ParseDate(value)
		case "end":
			r.End, err = ParseDate(value)
		case "handover":
			r.Handover, err = ParseTimeOfDay(value)
		case "turn":
			r.Turn, err = period(value)
		case "members":
			r.Members = strings.Split(strings.ReplaceAll(value, "-", ""), ",")
		}
		if err != nil {
			return "", err
		}
	}
	for _, d := range details {
		w := strings.Fields(d)
		i, err := s.interval(w[1], loc)
		if err != nil {
			return "", err
		}
		r.Exceptions = append(r.Exceptions, Exception{i, strings.TrimPrefix(w[0], "-")})
	}
	if err := r.Validate(); err != nil {
		return "", err
	}
	shifts := r.Expand(within)
	var out []string
	for _, shift := range shifts {
		out = append(out, shift.Member+" "+shift.Start.In(loc).Format(shown)+" "+shift.End.In(loc).Format(shown))
	}
	out = append(out, "nobody "+hours(Unassigned(needed.Open(within), shifts).Duration()))
	return strings.Join(out, "\n"), nil
}
