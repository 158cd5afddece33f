package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
	"diapason/internal/telemetry"
)

// How alerts are evaluated.
const (
	// BlindAfter is for how much agreed time nothing may be known of what is measured
	// before that is an alert of its own.
	BlindAfter = 30 * time.Minute

	watchEvery  = time.Minute
	askAgain    = 5 * time.Minute  // minutes that are asked for again: samples come late
	refreshed   = 10 * time.Minute // forecasts of what fires
	watchPeriod = 10 * time.Second // of one query
)

// alertWatch evaluates the alert rules of all objectives, minute by minute. What fires is
// kept in the store, so that a restart neither forgets nor repeats it.
type alertWatch struct {
	*App
	since time.Time // when it began to watch
	guard jumpGuard

	pruned int // day on which what is old was last forgotten

	seq        int64 // of the model that objectives are of
	on         model.Date
	objectives []watched
	live       map[ledger.Series]*liveSeries
}

// watched is an objective with its rules.
type watched struct {
	servicelevel.Objective
	key      string // agreement, target and service
	customer model.Ref
	asked    *measuredSeries // nil where its evidence is pushed
	planned  []servicelevel.ExcludedTime
}

// liveSeries is what the metrics server said of the days that are not recorded yet.
type liveSeries struct {
	days map[int]slo.Day
	upTo time.Time // asked for, zero for nothing yet
}

// WatchAlerts evaluates alert rules every minute, until the
// function that it gives back is called. Without a ledger there is nothing to evaluate.
func (a *App) WatchAlerts(ctx context.Context) (stop func()) {
	if a.evidence == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var done sync.WaitGroup
	done.Go(func() {
		w := newAlertWatch(a)
		tick := time.NewTicker(a.evidence.wait(watchEvery))
		defer tick.Stop()
		seen := time.Now()
		for {
			passed := time.Since(seen)
			seen = seen.Add(passed)
			elapsed := time.Duration(float64(passed) * a.evidence.pace)
			if err := w.pass(ctx, elapsed); err != nil && ctx.Err() == nil {
				a.log.Error("the alerts of service levels could not be evaluated", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return func() { cancel(); done.Wait() }
}

func newAlertWatch(a *App) *alertWatch {
	return &alertWatch{App: a, since: a.now(), seq: -1, live: map[ledger.Series]*liveSeries{}}
}

// pass evaluates every rule once. Another server that is at it
// makes it pass over the minute.
func (w *alertWatch) pass(ctx context.Context, elapsed time.Duration) error {
	release, err := w.evidence.ledger.Alone(ctx, "alerts")
	if err != nil || release == nil {
		return err
	}
	defer release()
	trusted := w.guard.trusts(w.now(), elapsed)
	now := w.now().UTC().Truncate(time.Minute)
	w.followModel()
	firing, err := w.firingAlerts(ctx)
	if err != nil {
		return err
	}
	p := &alertPass{alertWatch: w, now: now, firing: firing, agreed: map[agreedKey]worktime.Set{}, standing: map[string]bool{}, mayBlind: trusted && now.Sub(w.since) >= BlindAfter}
	for batch := range slices.Chunk(w.objectives, batchSeries) {
		if err := p.batch(ctx, batch); err != nil {
			return err
		}
	}
	w.evidence.heard.hear(w.live)
	for rule, r := range firing {
		if !p.standing[rule] { // nobody promises it any more
			gone := *r
			gone.Ended, gone.Gone = now, true
			p.changes = append(p.changes, alertChange{record: gone, event: alertResolved})
		}
	}
	slices.SortFunc(p.changes, func(x, y alertChange) int { return cmp.Compare(x.record.Rule, y.record.Rule) })
	if err := w.keepAlerts(ctx, now, p.changes); err != nil {
		return err
	}
	for _, c := range p.changes {
		if c.event != "" {
			w.log.Info("an alert of a service level has changed", "state", c.event, "rule", c.record.Rule)
		}
	}
	if day := dayOf(now); trusted && day != w.pruned {
		w.pruned = day
		return w.prune(ctx, now)
	}
	return nil
}

// followModel reads the objectives anew where the model or the date has changed.
func (w *alertWatch) followModel() {
	s, on := w.Head(), w.Today()
	if w.seq == s.Seq && w.on == on {
		return
	}
	w.seq, w.on, w.objectives = s.Seq, on, nil
	var analysis *servicelevel.Analysis
	facts := finding.NewFacts(s, on, func(f *finding.Facts) []any {
		list := servicelevel.Analyses(f)
		for _, x := range list {
			if a, ok := x.(*servicelevel.Analysis); ok {
				analysis = a
			}
		}
		return list
	})
	seen := map[string]bool{}
	kept := map[ledger.Series]bool{}
	for _, o := range analysis.Objectives() {
		if _, yields := o.Overridden(); yields || o.Gap != "" {
			continue
		}
		x := watched{Objective: o, planned: analysis.Planned(o.Service, o.Location)}
		if agreement := finding.SpecOf[model.Agreement](facts, o.Of); agreement != nil {
			x.customer = agreement.Customer
		}
		x.key = o.Of.String() + " " + o.Target.Name + " " + o.Service.String()
		if o.Target.Name == "" || seen[x.key] {
			x.key = o.Of.String() + " #" + strconv.Itoa(o.Index) + " " + o.Service.String()
		}
		seen[x.key] = true
		if m, ok := measuredBy(s, o.Source, o.Service); ok && w.evidence.metrics != nil {
			x.asked = &m
		}
		kept[ledger.Series(o.Series)] = true
		w.objectives = append(w.objectives, x)
	}
	slices.SortStableFunc(w.objectives, func(x, y watched) int { return cmp.Compare(x.Series, y.Series) })
	for name := range w.live {
		if !kept[name] {
			delete(w.live, name)
		}
	}
}

// alertPass is one evaluation of all rules.
type alertPass struct {
	*alertWatch
	now      time.Time
	firing   map[string]*alertRecord
	standing map[string]bool // rules that are still there
	mayBlind bool            // that nothing is known may be told
	agreed   map[agreedKey]worktime.Set
	refused  int // failures to reach the metrics server in a row
	changes  []alertChange
}

type agreedKey struct {
	hours    model.Ref
	from, to time.Time
}

// agreedTime is the agreed time of an objective; objectives with the same hours share it.
func (p *alertPass) agreedTime(o *watched, within worktime.Interval) worktime.Set {
	key := agreedKey{o.Hours, within.Start, within.End}
	set, ok := p.agreed[key]
	if !ok {
		set = o.Agreed(within)
		p.agreed[key] = set
	}
	return set
}

// batch evaluates some objectives.
func (p *alertPass) batch(ctx context.Context, list []watched) error {
	var names []ledger.Series
	rows := make([][]slo.BurnRow, len(list))
	back := BlindAfter
	for i := range list {
		rows[i] = list[i].Rows(list[i].Window.At(p.now, list[i].Location))
		for _, r := range rows[i] {
			back = max(back, r.Long)
		}
		names = append(names, ledger.Series(list[i].Series))
	}
	names = slices.Compact(names)
	from := p.now.Add(-back)
	recorded, err := p.recordedDays(ctx, names, from)
	if err != nil {
		return err
	}
	p.askLive(ctx, list, recorded)
	left, err := leftInLedger(ctx, p.evidence.ledger, servicelevel.Span{From: from, To: p.now}, time.Time{})
	if err != nil {
		return err
	}
	for i := range list {
		o := &list[i]
		days := p.days(ledger.Series(o.Series), recorded[ledger.Series(o.Series)])
		if err := p.judge(ctx, o, rows[i], days, worktime.Interval{Start: from, End: p.now}, left); err != nil {
			return err
		}
	}
	return nil
}

// recordedDays reads the days of some series from an instant on.
func (p *alertPass) recordedDays(ctx context.Context, names []ledger.Series, from time.Time) (map[ledger.Series]map[int]slo.Day, error) {
	out := map[ledger.Series]map[int]slo.Day{}
	for r, err := range p.evidence.ledger.Read(ctx, names, dayOf(from), dayOf(p.now), time.Time{}) {
		if err != nil {
			return nil, err
		}
		day, err := slo.DecodeDay(r.Slices)
		if err != nil {
			return nil, err
		}
		if out[r.Series] == nil {
			out[r.Series] = map[int]slo.Day{}
		}
		out[r.Series][r.Day] = day
	}
	return out, nil
}

// askLive asks for the minutes that are over since it last asked, and once for those of
// the days that are not recorded yet.
func (p *alertPass) askLive(ctx context.Context, list []watched, recorded map[ledger.Series]map[int]slo.Day) {
	today := dayOf(p.now)
	done := map[ledger.Series]bool{}
	for i := range list {
		m := list[i].asked
		if m == nil || done[m.name] || p.refused >= patience || ctx.Err() != nil {
			continue
		}
		done[m.name] = true
		l := p.live[m.name]
		if l == nil {
			l = &liveSeries{days: map[int]slo.Day{}}
			p.live[m.name] = l
		}
		for day := range l.days {
			if day < today-1 {
				delete(l.days, day)
			}
		}
		first := startOf(today)
		if _, ok := recorded[m.name][today-1]; !ok {
			first = startOf(today - 1)
		}
		if again := l.upTo.Add(-askAgain); !l.upTo.IsZero() && again.After(first) && !again.After(p.now) {
			first = again
		}
		if first = first.Add(time.Minute); first.After(p.now) {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, watchPeriod)
		answers, err := p.evidence.query(ctx, m, first, p.now)
		cancel()
		if err != nil {
			if reasonOf(err) == reasonUnavailable {
				p.refused++
			}
			continue
		}
		p.refused = 0
		l.take(m, answers, first, p.now)
	}
}

// take lays an answer over what is known.
func (l *liveSeries) take(m *measuredSeries, answers []telemetry.Answer, first, now time.Time) {
	from, to := dayOf(first.Add(-time.Minute)), dayOf(now)
	for _, day := range m.days(answers, from, to) {
		before, ok := l.days[day.Number]
		if !ok {
			before = slo.Day{Number: day.Number}
		}
		l.days[day.Number] = slo.Overlay(before, day)
	}
	l.upTo = now
}

// days are those of a series: what is recorded, and over it nothing; beneath it what was
// asked of the days that may still be open.
func (p *alertPass) days(name ledger.Series, recorded map[int]slo.Day) []slo.Day {
	out := make([]slo.Day, 0, len(recorded)+2)
	l := p.live[name]
	for _, day := range recorded {
		if l != nil {
			if live, ok := l.days[day.Number]; ok && day.Number >= dayOf(p.now) {
				day = slo.Overlay(live, day) // a correction stands
			}
		}
		out = append(out, day)
	}
	if l != nil {
		for number, day := range l.days {
			if _, ok := recorded[number]; !ok {
				out = append(out, day)
			}
		}
	}
	return out
}

// excluded is the time that an objective leaves out, as announced and as decided.
func (o *watched) excluded(left []servicelevel.Left) worktime.Set {
	return o.Excluded(o.Excludable(o.planned, left))
}
