package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
	"diapason/internal/telemetry"
)

// DefaultRecordAfter is how long after the end of a UTC day its evidence is recorded.
const DefaultRecordAfter = 15 * time.Minute

// How the recorder works.
const (
	lateDays     = 3                // after a day, in which late data still corrects it
	openDays     = 14               // in which a day that nobody answered for is asked for again
	catchUpDays  = 90               // recorded at most after a standstill
	askedDays    = 4                // asked for at once: 5 760 minutes, servers answer 11 000
	batchSeries  = 250              // read and appended together
	askers       = 2                // queries under way at once
	queryTimeout = 30 * time.Second // of one query
	patience     = 5                // failures to reach the server in a row that end a pass
	retryAfter   = 10 * time.Minute // a pass that failed
	checkEvery   = time.Minute      // for the end of a day
	jump         = 5 * time.Minute  // of the system's clock against the time that passed
	settleAfter  = time.Hour        // a clock that jumped is believed
)

// Reasons of the recorder's own revisions; package language has their sentences.
const (
	reasonLate        = "late-data"
	reasonUnavailable = "unavailable"
	reasonExpression  = "expression"
	reasonManySeries  = "many-series"
	reasonLimit       = "limit"
	reasonNonsense    = "nonsense"
)

// reasonOf names why a query was not answered.
func reasonOf(err error) string {
	for _, r := range []struct {
		err    error
		reason string
	}{
		{telemetry.ErrExpression, reasonExpression}, {telemetry.ErrManySeries, reasonManySeries}, {telemetry.ErrLimit, reasonLimit}, {telemetry.ErrNonsense, reasonNonsense},
	} {
		if errors.Is(err, r.err) {
			return r.reason
		}
	}
	return reasonUnavailable
}

// evidence is what the use cases of evidence work with.
type evidence struct {
	ledger  ledger.Ledger
	metrics telemetry.Querier // nil where nobody measures
	after   time.Duration
	now     func() time.Time
	pace    float64
	log     *slog.Logger
	live    liveDays
	heard   heardDays
}

func newEvidence(o Options) *evidence {
	if o.RecordAfter <= 0 {
		o.RecordAfter = DefaultRecordAfter
	}
	return &evidence{ledger: &countedLedger{Ledger: o.Ledger}, metrics: o.Metrics, after: o.RecordAfter, now: o.Now, pace: max(o.Pace, 1), log: o.Log, live: liveDays{slots: make(chan struct{}, askers)}}
}

// recordEvidence records day after day until the server stops.
func (a *App) recordEvidence(ctx context.Context) {
	e := a.evidence
	defer e.live.close()
	var guard jumpGuard
	seen := time.Now()
	tick := time.NewTicker(e.wait(checkEvery))
	defer tick.Stop()
	done, retry := -1, time.Time{}
	for {
		now, passed := e.now(), time.Since(seen)
		seen = seen.Add(passed)
		elapsed := time.Duration(float64(passed) * e.pace)
		if guard.trusts(now, elapsed) {
			over := dayOf(now.Add(-e.after)) - 1
			if over != done || !retry.IsZero() && now.After(retry) {
				whole, err := e.record(ctx, measuredOf(a.Head()), over)
				switch {
				case ctx.Err() != nil:
					return
				case err != nil:
					e.log.Error("evidence could not be recorded", "error", err)
				}
				done, retry = over, time.Time{}
				if err != nil || !whole {
					retry = now.Add(retryAfter)
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// wait is how long of the process's own time it takes for so much time to pass.
func (e *evidence) wait(d time.Duration) time.Duration {
	return time.Duration(float64(d) / e.pace)
}

// jumpGuard tells when the system's clock has moved otherwise than time has passed: a day
// that a clock put forward by mistake calls over is not recorded as unknown. A clock that
// stays where it jumped to is believed after settleAfter.
type jumpGuard struct {
	wall     time.Time
	distrust time.Duration // that is left
}

// trusts sees the time of the system's clock and how much time has passed since it was
// last seen.
func (g *jumpGuard) trusts(wall time.Time, elapsed time.Duration) bool {
	wall = wall.Round(0) // without the monotonic reading
	if !g.wall.IsZero() {
		if drift := wall.Sub(g.wall) - elapsed; drift.Abs() > jump {
			g.distrust = settleAfter
		} else {
			g.distrust = max(0, g.distrust-elapsed)
		}
	}
	g.wall = wall
	return g.distrust == 0
}

// record records what is missing up to a UTC day that is over, and what late data
// corrects. It reports whether all series were answered for, and the recorder of no other
// server was at it.
func (e *evidence) record(ctx context.Context, series []measuredSeries, over int) (whole bool, err error) {
	if len(series) == 0 {
		return true, nil
	}
	release, err := e.ledger.Alone(ctx, "recorder")
	if err != nil || release == nil {
		return false, err
	}
	defer release()
	last, err := e.ledger.Last(ctx)
	if err != nil {
		return false, err
	}
	p := &pass{evidence: e, over: over, last: last, whole: true}
	for batch := range slices.Chunk(series, batchSeries) {
		if err := p.batch(ctx, batch); err != nil {
			return false, err
		}
	}
	if p.recorded > 0 {
		e.log.Info("evidence was recorded", "series", len(series), "records", p.recorded, "day", startOf(over).Format(time.DateOnly))
	}
	return p.whole, nil
}

// pass is one walk of the recorder over all series.
type pass struct {
	*evidence
	over     int
	last     map[ledger.Series]int
	recorded int

	mu      sync.Mutex
	whole   bool
	refused int // failures to reach the server in a row
}

// batch records some series in one append.
func (p *pass) batch(ctx context.Context, series []measuredSeries) error {
	names := make([]ledger.Series, len(series))
	for i := range series {
		names[i] = series[i].name
	}
	known := map[ledger.Series]map[int]ledger.Record{}
	for r, err := range p.ledger.Read(ctx, names, p.over-openDays, p.over, time.Time{}) {
		if err != nil {
			return err
		}
		if known[r.Series] == nil {
			known[r.Series] = map[int]ledger.Record{}
		}
		known[r.Series][r.Day] = r
	}
	results := make([][]ledger.Record, len(series))
	next := make(chan int)
	var wg sync.WaitGroup
	for range askers {
		wg.Go(func() {
			for i := range next {
				results[i] = p.series(ctx, &series[i], known[series[i].name])
			}
		})
	}
	for i := range series {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	records := slices.Concat(results...)
	_, err := p.ledger.Append(ctx, records)
	if store.CodeOf(err) == store.CodeConflict { // corrected meanwhile: seen again on the next pass
		p.whole = false
		return nil
	}
	p.recorded += len(records)
	return err
}

// series asks for the days of one series that are missing or may be corrected, and gives
// the records they make.
func (p *pass) series(ctx context.Context, m *measuredSeries, known map[int]ledger.Record) []ledger.Record {
	last, ever := p.last[m.name]
	if r, ok := known[p.over]; ok && settled(&r, startOf(p.over+1)) {
		return nil
	}
	from := p.over - lateDays
	if ever {
		from = max(min(from, last+1), p.over-catchUpDays+1)
	}
	for day := p.over - openDays; day < from; day++ {
		if r, ok := known[day]; ok && unanswered(&r) {
			from = day
		}
	}
	var out []ledger.Record
	for ; from <= p.over && ctx.Err() == nil; from += askedDays {
		to := min(from+askedDays-1, p.over)
		answers, err := p.ask(ctx, m, from, to)
		if err != nil {
			for day := from; day <= to; day++ {
				if _, there := known[day]; ever && !there && day > last {
					out = append(out, unknownDay(m.name, day, reasonOf(err)))
				}
			}
			continue
		}
		engine := engineText(answers[len(answers)-1].Engine)
		for _, day := range m.days(answers, from, to) {
			if r, ok := newRecord(m.name, day, engine, known, ever && (last < day.Number || anyBefore(known, day.Number))); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// anyBefore reports that a day before one is recorded: a current day that was recorded
// early does not make the days before the first one days that nobody measured.
func anyBefore(known map[int]ledger.Record, day int) bool {
	for number := range known {
		if number < day {
			return true
		}
	}
	return false
}

// settled reports that a record was made after its day by somebody who was answered.
func settled(r *ledger.Record, end time.Time) bool {
	if r.Author != "" {
		return !r.At.Before(end)
	}
	day, err := slo.DecodeDay(r.Slices)
	return err == nil && r.Engine != "" && len(day.Runs) > 0 && !r.At.Before(end)
}

// unanswered reports that nobody could be asked for a day.
func unanswered(r *ledger.Record) bool { return r.Engine == "" && r.Author == "" && r.Reason != "" }

// unknownDay is a day of which nothing is known because nobody answered.
func unknownDay(series ledger.Series, day int, reason string) ledger.Record {
	slices, _ := slo.EncodeDay(slo.Day{Number: day}) // an empty day is valid
	return ledger.Record{Series: series, Day: day, Revision: 1, Reason: reason, Slices: slices}
}

// newRecord compares an answered day with what is recorded: the first record of the day, a
// correction of it, or nothing. What is known never becomes unknown again, and what a
// person has corrected stays: the day is completed under his name.
func newRecord(series ledger.Series, day slo.Day, engine string, known map[int]ledger.Record, ever bool) (ledger.Record, bool) {
	before, there := known[day.Number]
	r := ledger.Record{Series: series, Day: day.Number, Revision: before.Revision + 1, Engine: engine}
	if !there {
		// A series begins with the first day of which anything is known.
		if !ever && len(day.Runs) == 0 {
			return r, false
		}
	} else {
		old, err := slo.DecodeDay(before.Slices)
		if err != nil {
			return r, false
		}
		if day = completed(&before, old, day); day.Equal(old) && !unanswered(&before) {
			return r, false
		}
		r.Reason = reasonLate
		if before.Author != "" {
			r.Author, r.Reason = before.Author, before.Reason
		}
	}
	var err error
	r.Slices, err = slo.EncodeDay(day)
	return r, err == nil
}

// ask puts the questions of a series to the metrics server.
func (p *pass) ask(ctx context.Context, m *measuredSeries, from, to int) ([]telemetry.Answer, error) {
	p.mu.Lock()
	gone := p.refused >= patience
	p.mu.Unlock()
	if gone {
		return nil, telemetry.ErrUnavailable
	}
	answers, err := p.query(ctx, m, startOf(from).Add(time.Minute), startOf(to+1))
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		p.refused = 0
		return answers, nil
	case reasonOf(err) == reasonUnavailable:
		p.refused++
	}
	p.whole = false
	if p.refused <= 1 {
		p.log.Warn("a series of evidence was not answered for", "series", string(m.name), "error", err)
	}
	return nil, err
}

// query asks for every minute that ends in [from, to].
func (e *evidence) query(ctx context.Context, m *measuredSeries, from, to time.Time) ([]telemetry.Answer, error) {
	var answers []telemetry.Answer
	for _, expression := range m.expressions() {
		ctx, cancel := context.WithTimeout(ctx, queryTimeout)
		a, err := e.metrics.Range(ctx, expression, from, to, time.Minute)
		cancel()
		if err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}
