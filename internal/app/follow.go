package app

import (
	"context"
	"time"

	"diapason/internal/app/assess"
	"diapason/internal/model"
)

// After the rules have run they rest so many times as long, at most so long, and
// only so long where somebody waits for them.
const (
	assessShare    = 3
	maxAssessWait  = 5 * time.Second
	awaitedAtLeast = 100 * time.Millisecond
)

// keepAssessed runs the rules after each change, and when the day turns.
func (a *App) keepAssessed(ctx context.Context) {
	for {
		snap, on := a.Head(), a.Today()
		cur := a.assessed.Load()
		if cur == nil || cur.Snap.Seq != snap.Seq || cur.On != on {
			started := time.Now()
			a.assess(ctx, cur, snap, on)
			a.rest(ctx, time.Since(started))
			if ctx.Err() != nil {
				return
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-a.moved.after(snap.Seq):
		case <-time.After(time.Minute):
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// rest waits between two runs of the rules. Commits that follow each other quickly
// are assessed together, so that the rules never take more than a quarter of the
// machine from readers, unless readers wait for the rules themselves.
func (a *App) rest(ctx context.Context, took time.Duration) {
	select {
	case <-a.awaited: // he has been served
	default:
	}
	long := time.NewTimer(min(assessShare*took, maxAssessWait))
	defer long.Stop()
	select {
	case <-ctx.Done():
		return
	case <-long.C:
		return
	case <-time.After(min(took, awaitedAtLeast)):
	}
	if a.waiting.Load() > 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-long.C:
	case <-a.awaited:
	}
}

// The rules work for a while and then let others work, unless somebody waits for
// them.
const (
	ruleWork  = 300 * time.Microsecond
	rulePause = 200 * time.Microsecond
)

// giveWay gives the pause that the rules make between evaluations.
func (a *App) giveWay() func() {
	began := time.Now()
	return func() {
		if time.Since(began) < ruleWork {
			return
		}
		if a.waiting.Load() == 0 {
			// Asleep, not merely giving up its turn: the processor then looks at the
			// network for those who wait.
			time.Sleep(rulePause)
		}
		began = time.Now()
	}
}

func (a *App) assess(ctx context.Context, cur *State, snap *model.Snapshot, on model.Date) {
	started := time.Now()
	baseline, err := a.baseline(ctx)
	if err != nil {
		a.log.Error("the baseline cannot be read", "error", err)
	}
	var s *State
	if cur != nil && cur.On == on {
		if changed, err := a.changedSince(ctx, cur.Snap.Seq, snap.Seq); err == nil {
			s = cur.following(assess.Follow(cur.Result, assess.Facts(snap, on), changed, a.giveWay()), baseline)
		}
	}
	if s == nil {
		s = newState(assess.Full(assess.Facts(snap, on)), baseline)
	}
	s.Result.Prepare() // what-if questions start from here
	a.assessed.Store(s)
	a.assessedOn.raise(snap.Seq)
	a.log.Debug("assessed", "seq", snap.Seq, "findings", len(s.Result.Findings()), "evaluations", s.Result.Visited, "took", time.Since(started))
}

// Current waits until the rules have seen at least the entry seq (0: whatever
// stands), and gives the newest state.
func (a *App) Current(ctx context.Context, seq int64) (*State, error) {
	if s := a.assessed.Load(); s != nil && s.Snap.Seq >= seq {
		return s, nil
	}
	a.waiting.Add(1)
	defer a.waiting.Add(-1)
	select {
	case a.awaited <- struct{}{}:
	default:
	}
	for {
		if s := a.assessed.Load(); s != nil && s.Snap.Seq >= seq {
			return s, nil
		}
		select {
		case <-ctx.Done():
			return nil, fail(CodeUnavailable, nil)
		case <-a.assessedOn.after(seq - 1):
		}
	}
}
