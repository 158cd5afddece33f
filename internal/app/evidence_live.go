package app

import (
	"context"
	"sync"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/store/ledger"
)

// How the current day is shown.
const (
	liveFor     = time.Minute      // an answer is shown again
	liveTimeout = 10 * time.Second // for asking
	liveMost    = 20_000           // days kept
)

// liveDays keeps what was asked about days that are not recorded yet.
type liveDays struct {
	mu      sync.Mutex
	days    map[liveKey]*liveDay
	slots   chan struct{} // queries under way
	closed  bool
	running sync.WaitGroup
}

type liveKey struct {
	series ledger.Series
	day    int
}

// liveDay is one answer, which those who ask at the same time wait for.
type liveDay struct {
	at    time.Time
	ready chan struct{}
	day   slo.Day
	from  string // engine
	why   string // reason code, where nobody answered
}

// provisional is a day that is not recorded yet, as far as it has gone: unknown where
// nobody answers. The answer is at most a minute old.
func (e *evidence) provisional(ctx context.Context, m *measuredSeries, day int) (*liveDay, error) {
	now := e.now()
	if e.metrics == nil || !now.After(startOf(day).Add(time.Minute)) {
		return &liveDay{at: now, day: slo.Day{Number: day}, why: reasonUnavailable}, nil
	}
	key := liveKey{m.name, day}
	e.live.mu.Lock()
	if e.live.closed {
		e.live.mu.Unlock()
		return &liveDay{at: now, day: slo.Day{Number: day}, why: reasonUnavailable}, nil
	}
	l, ok := e.live.days[key]
	// A clock put back must not keep an answer for ever.
	if age := now.Sub(l.seen()); !ok || age >= liveFor || age < 0 {
		if e.live.days == nil || len(e.live.days) >= liveMost {
			e.live.days = map[liveKey]*liveDay{}
		}
		l = &liveDay{at: now, ready: make(chan struct{}), day: slo.Day{Number: day}}
		e.live.days[key] = l
		// Whoever asked first may go; the others still wait for the answer.
		e.live.running.Go(func() { e.fill(context.WithoutCancel(ctx), m, l) })
	}
	e.live.mu.Unlock()
	select {
	case <-l.ready:
		return l, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close waits for the questions under way and lets no more be asked: the metrics store may
// be closed afterwards.
func (d *liveDays) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.running.Wait()
}

func (l *liveDay) seen() time.Time {
	if l == nil {
		return time.Time{}
	}
	return l.at
}

// fill fills a day with what the metrics server says of its minutes that are over.
func (e *evidence) fill(ctx context.Context, m *measuredSeries, l *liveDay) {
	defer close(l.ready)
	ctx, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	select {
	case e.live.slots <- struct{}{}:
		defer func() { <-e.live.slots }()
	case <-ctx.Done():
		l.why = reasonUnavailable
		return
	}
	start := startOf(l.day.Number)
	until := l.at.Truncate(time.Minute)
	if end := start.Add(24 * time.Hour); until.After(end) {
		until = end
	}
	answers, err := e.query(ctx, m, start.Add(time.Minute), until)
	if err != nil {
		l.why = reasonOf(err)
		return
	}
	l.day = m.days(answers, l.day.Number, l.day.Number)[0]
	l.from = engineText(answers[len(answers)-1].Engine)
}
