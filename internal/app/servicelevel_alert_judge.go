package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// judge compares the rules of an objective with what fires.
func (p *alertPass) judge(ctx context.Context, o *watched, rows []slo.BurnRow, days []slo.Day, span worktime.Interval, left []servicelevel.Left) error {
	agreed, excluded := p.agreedTime(o, span), o.excluded(left)
	rules := o.Objective.Rules
	rules.Unknown = slo.UnknownExcluded // what is unknown is no outage, whatever was agreed
	found := slo.Alert(days, p.now, rows, agreed, excluded, rules)
	for _, severity := range []slo.Severity{slo.Page, slo.Ticket} {
		mine := slices.DeleteFunc(slices.Clone(found), func(f slo.Firing) bool { return f.Row.Severity != severity })
		if len(mine) == 0 {
			continue
		}
		rule := o.key + " " + string(severity)
		p.standing[rule] = true
		now := slices.IndexFunc(mine, func(f slo.Firing) bool { return f.Fires })
		was := p.firing[rule]
		switch {
		case now >= 0 && (was == nil || p.now.Sub(was.Checked.Time) >= refreshed):
			r, event := p.begin(o, rule, was)
			r.Kind, r.Severity = alertBurn, string(severity)
			f := mine[now]
			r.Long, r.Short, r.Factor = model.Duration(f.Row.Long), model.Duration(f.Row.Short), float64(f.Row.Factor)
			r.LongRate, r.ShortRate = finite(f.Long), finite(f.Short)
			var err error
			if r.Outlook, err = p.outlook(ctx, o, f.Row.Long); err != nil {
				return err
			}
			p.changes = append(p.changes, alertChange{record: r, event: event})
		case now < 0 && was != nil && ended(was, mine):
			p.end(was)
		}
	}
	rule := o.key + " " + alertBlind
	was := p.firing[rule]
	p.standing[rule] = was != nil && o.asked != nil
	if o.asked == nil {
		return nil
	}
	recent := slo.NewFrame(worktime.Interval{Start: p.now.Add(-BlindAfter), End: p.now}, time.Time{}, agreed, excluded)
	known := slo.Attain(days, recent, rules).Attained != nil
	switch {
	case known && was != nil:
		p.end(was)
	case !known && was == nil && p.mayBlind && recent.Whole() == BlindAfter:
		// Of what was never measured the page of service levels tells.
		if last, ok := lastKnown(days); ok {
			r, event := p.begin(o, rule, nil)
			r.Kind, r.Severity, r.Known = alertBlind, string(slo.Ticket), model.Instant{Time: last}
			p.changes = append(p.changes, alertChange{record: r, event: event})
		}
	}
	return nil
}

// ended tells that an alert is over: its row is known and no longer exceeds, or is no row
// any more. What became unknown goes on firing.
func ended(was *alertRecord, rows []slo.Firing) bool {
	for _, f := range rows {
		if f.Row.Long == was.Long.Std() && f.Row.Short == was.Short.Std() {
			return f.Known
		}
	}
	return true
}

// begin makes the record of a rule that holds, of its occurrence if there is one.
func (p *alertPass) begin(o *watched, rule string, was *alertRecord) (r alertRecord, event string) {
	if was != nil {
		r = *was
	} else {
		h := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", rule, p.now.Unix()))
		r, event = alertRecord{ID: hex.EncodeToString(h[:10]), Rule: rule, Began: p.now}, alertFiring
	}
	r.Agreement, r.Customer, r.Service, r.Target = o.Of, o.customer, o.Service, o.Target.Name
	r.Zone, r.Checked = o.Location.String(), model.Instant{Time: p.now}
	return r, event
}

func (p *alertPass) end(was *alertRecord) {
	r := *was
	r.Ended, r.Checked = p.now, model.Instant{Time: p.now}
	p.changes = append(p.changes, alertChange{record: r, event: alertResolved})
}

// lastKnown is the end of the last minute of which anything is known.
func lastKnown(days []slo.Day) (at time.Time, ok bool) {
	for _, day := range days {
		minute := 0
		for _, run := range day.Runs {
			minute += run.Minutes
			if end := startOf(day.Number).Add(time.Duration(minute) * time.Minute); run.State != slo.Unknown && end.After(at) {
				at, ok = end, true
			}
		}
	}
	return at, ok
}

// outlook says what becomes of the budget of the objective's window if it goes on being
// used as in a recent time; nil where nothing is known.
func (p *alertPass) outlook(ctx context.Context, o *watched, recent time.Duration) (*AlertOutlook, error) {
	window := o.Window.At(p.now, o.Location)
	span := worktime.Interval{Start: window.Start, End: window.End}
	if o.Window.IsRolling() {
		span.Start, span.End = span.Start.Add(-recent), span.End.Add(window.Duration())
	} else if start := p.now.Add(-recent); start.Before(span.Start) {
		span.Start = start
	}
	name := ledger.Series(o.Series)
	recorded, err := p.recordedDays(ctx, []ledger.Series{name}, span.Start)
	if err != nil {
		return nil, err
	}
	left, err := leftInLedger(ctx, p.evidence.ledger, servicelevel.Span{From: span.Start, To: span.End}, time.Time{})
	if err != nil {
		return nil, err
	}
	days, agreed, excluded := p.days(name, recorded[name]), p.agreedTime(o, span), o.excluded(left)
	rules := o.Objective.Rules
	lately := slo.Attain(days, slo.NewFrame(worktime.Interval{Start: p.now.Add(-recent), End: p.now}, time.Time{}, agreed, excluded), rules)
	var x slo.Outlook
	if o.Window.IsRolling() {
		x = slo.ForecastRolling(days, p.now, window.Duration(), agreed, excluded, lately, rules)
	} else {
		f := slo.NewFrame(window, p.now, agreed, excluded)
		x = slo.Forecast(f, slo.Attain(days, f, rules), lately, rules)
	}
	if !x.Known {
		return nil, nil
	}
	out := &AlertOutlook{From: model.Instant{Time: window.Start}, Until: model.Instant{Time: window.End}, Left: model.Duration(x.Left.Abs()), Broken: x.Broken, Breaks: x.Breaks}
	if x.Breaks || x.Broken {
		out.Breach = model.Instant{Time: x.Breach.UTC()}
	}
	return out, nil
}
