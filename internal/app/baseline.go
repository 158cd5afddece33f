package app

import (
	"context"
	"encoding/json"
	"errors"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/store"
)

// baselineKey is the setting that keeps the baseline in force; the approval that
// signed it stands in the log.
const baselineKey = "baseline"

type baselineCache struct {
	raw    string
	parsed *assess.Baseline
}

func (a *App) baseline(ctx context.Context) (*assess.Baseline, error) {
	raw, err := a.store.Setting(ctx, baselineKey)
	if store.CodeOf(err) == store.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if c := a.baselines.Load(); c != nil && c.raw == string(raw) {
		return c.parsed, nil
	}
	b, err := assess.ParseBaseline(raw)
	if err != nil {
		return nil, err
	}
	a.baselines.Store(&baselineCache{string(raw), b})
	return b, nil
}

// SignBaseline takes over every finding that stands today: the log records who
// signed what, and from then on only what is new or worse is spoken of.
func (a *App) SignBaseline(ctx context.Context, actor identity.Actor, reason string) (int64, error) {
	if err := a.Authorize(actor, identity.ActionSignBaseline, identity.Resource{Kind: "organisation"}); err != nil {
		return 0, err
	}
	if err := needReason(reason); err != nil {
		return 0, err
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return 0, err
	}
	var open []*finding.Finding
	for _, j := range s.Judged {
		if j.Waiver.IsZero() {
			open = append(open, j.Finding)
		}
	}
	raw, err := json.Marshal(assess.NewBaseline(s.On, actor.ID(), open))
	if err != nil {
		return 0, err
	}
	done, err := a.store.Commit(ctx, store.Entry{Type: store.Approval, Actor: actor.ID(), Base: store.Seq(s.Snap.Seq), Title: "baseline", Reason: reason, Body: raw})
	if err != nil {
		return 0, err
	}
	if err := a.store.SetSetting(ctx, baselineKey, raw); err != nil {
		return 0, err
	}
	if err := a.reach(ctx, done.Seq); err != nil {
		return 0, err
	}
	return int64(done.Seq), a.reassess(ctx)
}

// Baseline gives the baseline in force, nil when there is none.
func (a *App) Baseline(ctx context.Context, actor identity.Actor) (*assess.Baseline, error) {
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	b, err := a.baseline(ctx)
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	return b, err
}

// reassess judges the newest findings again, after what people decided about
// them has changed.
func (a *App) reassess(ctx context.Context) error {
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return err
	}
	b, err := a.baseline(ctx)
	if err != nil {
		return err
	}
	a.assessed.CompareAndSwap(s, newState(s.Result, b))
	return nil
}
