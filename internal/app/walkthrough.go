package app

import (
	"context"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// WalkthroughTarget is something real that a probe of the walk-through watches.
type WalkthroughTarget struct {
	Name    string     `json:"name"`
	Service Named      `json:"service"`
	Address string     `json:"address" doc:"Its page, on this machine"`
	Works   bool       `json:"works"`
	Series  string     `json:"series" doc:"Its evidence"`
	Promise string     `json:"promise,omitempty" doc:"Objective that it is measured for"`
	Last    *ProbeSeen `json:"last,omitempty" doc:"The last run of its probe"`
}

// ProbeSeen is what a probe saw when it last asked.
type ProbeSeen struct {
	At      model.Instant `json:"at"`
	Success bool          `json:"success"`
}

// WalkthroughStep is one step of the walk-through, and whether it is done: read from what
// is in the ledger and in the log, never ticked by hand.
type WalkthroughStep struct {
	ID   string `json:"id" enum:"measured,broken,alert,outage,review,exclusion,correction,sealed"`
	Done bool   `json:"done"`
}

// walkthroughDays is how far back the steps are looked for.
const walkthroughDays = 40

// WalkthroughSteps says how far somebody has come.
func (a *App) WalkthroughSteps(ctx context.Context, actor identity.Actor) ([]WalkthroughStep, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	good, bad, corrected, err := a.walkthroughEvidence(ctx)
	if err != nil {
		return nil, err
	}
	alerts, err := a.ServiceLevelAlerts(ctx, actor, walkthroughDays, language.EN)
	if err != nil {
		return nil, err
	}
	now := a.now()
	left, err := a.Exclusions(ctx, actor, now.AddDate(0, 0, -walkthroughDays), time.Time{})
	if err != nil {
		return nil, err
	}
	seals, err := a.SealedStatements(ctx, actor, model.Ref{})
	if err != nil {
		return nil, err
	}
	s := a.Head()
	return []WalkthroughStep{
		{"measured", good}, {"broken", bad}, {"alert", len(alerts) > 0},
		{"outage", len(s.OfKind("outage")) > 0}, {"review", len(s.OfKind("review")) > 0},
		{"exclusion", len(left) > 0}, {"correction", corrected}, {"sealed", len(seals) > 0},
	}, nil
}

// walkthroughEvidence tells whether anything was ever measured good or bad, and corrected.
func (a *App) walkthroughEvidence(ctx context.Context) (good, bad, corrected bool, err error) {
	books, _ := a.evidence.heard.beside(a.evidence.ledger)
	today := dayOf(a.now())
	for _, m := range measuredOf(a.Head()) {
		for day := today - walkthroughDays; day <= today; day++ {
			records, err := books.Revisions(ctx, m.name, day)
			if err != nil {
				return false, false, false, err
			}
			for _, r := range records {
				corrected = corrected || r.Author != ""
				g, b := statesIn(r.Slices)
				good, bad = good || g, bad || b
			}
		}
	}
	a.evidence.heard.mu.Lock()
	defer a.evidence.heard.mu.Unlock()
	for _, days := range a.evidence.heard.days {
		for _, r := range days {
			g, b := statesIn(r.Slices)
			good, bad = good || g, bad || b
		}
	}
	return good, bad, corrected, nil
}

func statesIn(slices []byte) (good, bad bool) {
	day, err := slo.DecodeDay(slices)
	if err != nil {
		return false, false
	}
	for _, run := range day.Runs {
		good, bad = good || run.State == slo.Good, bad || run.State == slo.Bad
	}
	return good, bad
}

// WalkthroughPromise is the objective that a series is measured for; empty where none is.
func (a *App) WalkthroughPromise(ctx context.Context, series string) string {
	v, err := a.stands(ctx)
	if err != nil {
		return ""
	}
	for i := range v.list {
		if v.list[i].o.Series == series {
			return v.list[i].id
		}
	}
	return ""
}

// NoSuch is the error for what there is not here.
func NoSuch(what string) error { return notFound(what) }
