package app

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"diapason/internal/notify"
)

// How messages are sent.
const (
	sendEvery    = 10 * time.Second // looks for what is due
	postEvery    = time.Minute      // tells an Alertmanager what stands
	sendPeriod   = 30 * time.Second // of one attempt
	claimPeriod  = 2 * time.Minute  // after which an attempt was cut short
	pauseFirst   = time.Minute      // after a first failure, twice as long after each that follows
	pauseLongest = time.Hour
	attemptsMost = 30
	waitsMost    = 24 * time.Hour // while a channel takes nothing

	// endedTold is for how long an Alertmanager is told that an alert is over, as Prometheus
	// does.
	endedTold = 15 * time.Minute
)

// pauseAfter is how long after so many failures in a row the next attempt is due.
func pauseAfter(failures int) time.Duration {
	wait := pauseFirst
	for range failures - 1 {
		if wait = 2 * wait; wait >= pauseLongest {
			return pauseLongest
		}
	}
	return wait
}

// outbox wakes those who send.
type outbox struct {
	mu    sync.Mutex
	waits []chan struct{}
}

func (o *outbox) wake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.waits {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (o *outbox) waiter() chan struct{} {
	c := make(chan struct{}, 1)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waits = append(o.waits, c)
	return c
}

// SendNotifications sends what waits in the outbox, and tells Alertmanagers which alerts
// stand, until the function that it gives back is called. One that does not answer holds
// up no other.
func (a *App) SendNotifications(ctx context.Context) (stop func()) {
	if a.channels == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var done sync.WaitGroup
	for i := range a.channels.List {
		c := newSending(a, &a.channels.List[i])
		woken := a.outbox.waiter()
		done.Go(func() {
			tick := time.NewTicker(sendEvery)
			defer tick.Stop()
			for {
				if err := c.pass(ctx); err != nil && ctx.Err() == nil {
					a.log.Error("messages could not be sent", "channel", c.channel.Name, "error", err)
				}
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				case <-woken:
				}
			}
		})
	}
	return func() { cancel(); done.Wait() }
}

// sending sends through one channel.
type sending struct {
	*App
	channel *notify.Open
	allowed float64   // messages that may be sent now
	filled  time.Time // when that was computed, by the clock that is never set
	told    string    // what an Alertmanager was told last
}

func newSending(a *App, c *notify.Open) *sending {
	return &sending{App: a, channel: c, allowed: burst(c.PerMinute), filled: time.Now()}
}

// burst is how many messages may follow each other at once.
func burst(perMinute int) float64 { return max(1, float64(perMinute)/6) }

// budget is how many messages may be sent now.
func (s *sending) budget() int {
	now := time.Now()
	s.allowed = min(burst(s.channel.PerMinute), s.allowed+now.Sub(s.filled).Minutes()*float64(s.channel.PerMinute))
	s.filled = now
	return int(s.allowed)
}

// pass sends what is due, unless another server is at it.
func (s *sending) pass(ctx context.Context) error {
	if s.evidence != nil {
		release, err := s.evidence.ledger.Alone(ctx, "notify "+s.channel.Name)
		if err != nil || release == nil {
			return err
		}
		defer release()
	}
	states, err := s.channelStates(ctx)
	if err != nil {
		return err
	}
	state, now := states[s.channel.Name], s.now()
	if state.failures > 0 && state.due.After(now) && state.due.Sub(now) <= 2*pauseLongest {
		return nil
	}
	if s.channel.Poster != nil {
		return s.post(ctx, state)
	}
	for s.budget() > 0 {
		list, err := s.dueMessages(ctx, s.channel.Name, s.now(), s.budget())
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			open, err := s.send(ctx, &list[i], &state)
			if err != nil || !open || ctx.Err() != nil {
				return err
			}
		}
	}
	return nil
}

// send tries one message. It tells whether others may be tried after it.
func (s *sending) send(ctx context.Context, m *queued, state *channelState) (open bool, err error) {
	mine, err := s.claim(ctx, m, s.now().Add(claimPeriod))
	if err != nil || !mine {
		return true, err
	}
	s.allowed--
	trying, cancel := context.WithTimeout(ctx, sendPeriod)
	problem := problemOf(s.channel.Sender.Send(trying, m.Message))
	cancel()
	if problem != nil && ctx.Err() != nil { // cut short by us: it stays claimed, and is tried again after that
		return false, nil
	}
	now := s.now()
	next := time.Time{}
	if problem != nil && !problem.Final && m.attempts < attemptsMost {
		next = now.Add(max(pauseAfter(m.attempts), min(problem.After, pauseLongest)))
	}
	if err := s.settle(ctx, m, now, next, problem); err != nil {
		return false, err
	}
	switch {
	case problem == nil:
		s.log.Info("a message was sent", "channel", s.channel.Name, "message", m.ID, "type", m.Type)
	case next.IsZero():
		s.log.Error("a message is given up", "channel", s.channel.Name, "message", m.ID, "type", m.Type, "error", problem)
	default:
		s.log.Warn("a message was not taken", "channel", s.channel.Name, "message", m.ID, "type", m.Type, "error", problem)
	}
	if problem == nil || !problem.Whole {
		state.failures = 0
		return true, s.noteChannel(ctx, s.channel.Name, now, 0, now, problem)
	}
	return false, s.pause(ctx, now, state.failures+1, problem)
}

// pause leaves a channel alone for a while, and gives up what has waited too long for it.
func (s *sending) pause(ctx context.Context, now time.Time, failures int, problem *notify.Problem) error {
	if err := s.noteChannel(ctx, s.channel.Name, now, failures, now.Add(max(pauseAfter(failures), min(problem.After, pauseLongest))), problem); err != nil {
		return err
	}
	n, err := s.giveUp(ctx, s.channel.Name, now, now.Add(-waitsMost), problem)
	if n > 0 {
		s.log.Error("messages are given up", "channel", s.channel.Name, "messages", n, "error", problem)
	}
	return err
}

// post tells an Alertmanager which alerts fire, and which ended lately. What it was told
// expires there, so that it is told again every minute, a failure included.
func (s *sending) post(ctx context.Context, state channelState) error {
	now := s.now()
	records, err := s.alertsSince(ctx, now.Add(-endedTold))
	if err != nil {
		return err
	}
	writer := WriterFor(s.Head(), s.languageOf(s.channel.Language))
	var list []notify.Alert
	for i := range records {
		if x := machineAlert(writer, &records[i], records[i].state()); s.channel.Takes(&x) {
			list = append(list, x)
		}
	}
	told := standsAs(list)
	if ago := now.Sub(state.tried); state.failures == 0 && ago >= 0 && ago < postEvery && told == s.told {
		return nil
	}
	trying, cancel := context.WithTimeout(ctx, sendPeriod)
	defer cancel()
	problem := problemOf(s.channel.Poster.Post(trying, now, list))
	if ctx.Err() != nil {
		return nil
	}
	failures := 0
	if problem != nil {
		failures = state.failures + 1
		s.log.Warn("an Alertmanager was not told of alerts", "channel", s.channel.Name, "error", problem)
	} else {
		s.told = told
	}
	due := now
	if failures > 0 { // what fires may not expire there once it answers again
		due = now.Add(min(postEvery, pauseAfter(failures)))
	}
	return s.noteChannel(ctx, s.channel.Name, now, failures, due, problem)
}

// problemOf is the problem that an error is.
func problemOf(err error) *notify.Problem {
	var p *notify.Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.DeadlineExceeded):
		return notify.NewProblem(notify.Timeout, "")
	}
	p = notify.NewProblem(notify.Unreachable, err.Error())
	p.Whole = true
	return p
}

// standsAs names the alerts that stand and how.
func standsAs(list []notify.Alert) string {
	var b strings.Builder
	for i := range list {
		b.WriteString(list[i].ID + list[i].State + " ")
	}
	return b.String() + "."
}
