package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
)

// ExclusionView is a stretch of time that does not count, by decision.
type ExclusionView struct {
	ID        int64         `json:"id"`
	Recorded  model.Instant `json:"recorded"`
	Scope     string        `json:"scope" doc:"A series, a service, an agreement, or empty for all"`
	Subject   *Named        `json:"subject,omitempty"`
	From      model.Instant `json:"from"`
	Until     model.Instant `json:"until"`
	Kind      string        `json:"kind" enum:"planned-maintenance,customer-cause,force-majeure"`
	Announced model.Instant `json:"announced,omitzero"`
	Author    string        `json:"author"`
	Reason    string        `json:"reason"`
	Withdraws int64         `json:"withdraws,omitzero"`
	MayChange bool          `json:"mayChange"`
}

// ExclusionRequest asks for a stretch of time to be left out.
type ExclusionRequest struct {
	Scope     string        `json:"scope" doc:"A series, service/NAME, agreement/NAME, or empty for all"`
	From      model.Instant `json:"from"`
	Until     model.Instant `json:"until"`
	Kind      string        `json:"kind" enum:"planned-maintenance,customer-cause,force-majeure"`
	Announced model.Instant `json:"announced,omitzero" doc:"When it was announced; now when absent"`
	Reason    string        `json:"reason"`
}

// scopeOf gives what the rights to exclude time depend on: an agreement or the source of
// a series by itself; anything wider as agreements in general.
func (a *App) scopeOf(s *model.Snapshot, scope string) (subject model.Ref, r identity.Resource, err error) {
	wide := identity.Resource{Kind: "agreement"}
	if scope == "" {
		return subject, wide, nil
	}
	if source, _, ok := ParseSeries(ledger.Series(scope)); ok {
		if o := s.Get(source); o != nil {
			return source, Resource(s, o), nil
		}
		return source, wide, notFound(scope)
	}
	subject, err = model.ParseRef(scope)
	if err != nil || subject.Kind != "service" && subject.Kind != "component" && subject.Kind != "agreement" {
		return subject, wide, refused("/scope", &model.Fault{Format: "%q is no scope of an exclusion: write a series, service/NAME, component/NAME, agreement/NAME, or nothing for all", Args: []any{scope}})
	}
	o := s.Get(subject)
	if o == nil {
		return subject, wide, notFound(scope)
	}
	if subject.Kind == "agreement" {
		return subject, Resource(s, o), nil
	}
	wide.Services = []string{subject.String()}
	return subject, wide, nil
}

// mayRead reports whether an actor may read an exclusion: whoever may read what it is
// about, and those of all whoever may read the model.
func (a *App) mayReadScope(actor identity.Actor, s *model.Snapshot, subject model.Ref) bool {
	if o := s.Get(subject); o != nil {
		return a.Visible(actor, s, o)
	}
	return a.May(actor, identity.ActionReadModel, identity.Resource{Kind: "agreement"})
}

func (a *App) exclusionView(ctx context.Context, actor identity.Actor, s *model.Snapshot, e *ledger.Exclusion) (ExclusionView, bool) {
	subject, r, _ := a.scopeOf(s, e.Scope) // what it was about may be gone
	v := ExclusionView{
		ID: e.ID, Recorded: model.Instant{Time: e.At}, Scope: e.Scope, From: model.Instant{Time: e.From}, Until: model.Instant{Time: e.To}, Kind: e.Kind,
		Announced: model.Instant{Time: e.Announced}, Author: a.ActorName(ctx, e.Author), Reason: e.Reason, Withdraws: e.Withdraws,
		MayChange: a.May(actor, identity.ActionChangeCommit, r),
	}
	if subject.Name != "" {
		n := Name(s, subject)
		v.Subject = &n
	}
	return v, a.mayReadScope(actor, s, subject)
}

// Exclusions lists what is left out at any time in [from, until), by beginning.
func (a *App) Exclusions(ctx context.Context, actor identity.Actor, from, until time.Time) ([]ExclusionView, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	if until.IsZero() {
		until = lastInstant
	}
	list, err := a.evidence.ledger.Exclusions(ctx, from, until, time.Time{})
	if err != nil {
		return nil, err
	}
	s, out := a.Head(), []ExclusionView{}
	for i := range list {
		if v, readable := a.exclusionView(ctx, actor, s, &list[i]); readable {
			out = append(out, v)
		}
	}
	return out, nil
}

// lastInstant is later than any.
var lastInstant = time.Date(9990, 1, 1, 0, 0, 0, 0, time.UTC)

// Exclude leaves a stretch of time out.
func (a *App) Exclude(ctx context.Context, actor identity.Actor, q ExclusionRequest) (*ExclusionView, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	s := a.Head()
	if err := a.excludable(actor, s, &q); err != nil {
		return nil, err
	}
	if err := needReason(q.Reason); err != nil {
		return nil, err
	}
	return a.appendExclusion(ctx, actor, s, ledger.Exclusion{
		Scope: q.Scope, From: q.From.Time, To: q.Until.Time, Kind: q.Kind, Announced: q.Announced.Time, Author: actor.ID(), Reason: strings.TrimSpace(q.Reason),
	})
}

// excludable says at which field a request to leave time out is to be mended, and who may
// not ask for it. What was announced without saying when was announced now.
func (a *App) excludable(actor identity.Actor, s *model.Snapshot, q *ExclusionRequest) error {
	_, r, err := a.scopeOf(s, q.Scope)
	if err != nil {
		return cmp.Or(a.SignedIn(actor), err)
	}
	if err := a.Authorize(actor, identity.ActionChangeCommit, r); err != nil {
		return err
	}
	now := a.now()
	if q.Announced.IsZero() {
		q.Announced.Time = now
	}
	switch q.Kind {
	case ledger.PlannedMaintenance, ledger.CustomerCause, ledger.ForceMajeure:
	default:
		return refused("/kind", &model.Fault{Format: "%q is no kind of exclusion: write planned-maintenance, customer-cause or force-majeure", Args: []any{q.Kind}})
	}
	switch {
	case !q.From.Before(q.Until.Time) || q.From.Year() < 1971 || q.Until.After(lastInstant):
		return refused("/until", &model.Fault{Format: "the stretch ends before it begins"})
	case q.Announced.After(a.instant(now).Add(time.Minute)) || q.Announced.Year() < 1971:
		return refused("/announced", &model.Fault{Format: "what is left out was announced in the past"})
	}
	return nil
}

// Include withdraws an exclusion.
func (a *App) Include(ctx context.Context, actor identity.Actor, id int64, reason string) (*ExclusionView, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	list, err := a.evidence.ledger.Exclusions(ctx, time.Unix(0, 0), lastInstant, time.Time{})
	if err != nil {
		return nil, err
	}
	s := a.Head()
	for i := range list {
		if list[i].ID != id {
			continue
		}
		subject, r, _ := a.scopeOf(s, list[i].Scope)
		if err := a.Authorize(actor, identity.ActionChangeCommit, r); err != nil {
			if codeIs(err, CodeForbidden) && !a.mayReadScope(actor, s, subject) {
				break // not even its existence is told
			}
			return nil, err
		}
		if err := needReason(reason); err != nil {
			return nil, err
		}
		return a.appendExclusion(ctx, actor, s, ledger.Exclusion{Withdraws: id, Author: actor.ID(), Reason: strings.TrimSpace(reason)})
	}
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	return nil, noExclusion(id)
}

func noExclusion(id int64) error {
	return refused("/id", &model.Fault{Format: "there is no exclusion %d, or it is withdrawn", Args: []any{id}})
}

func (a *App) appendExclusion(ctx context.Context, actor identity.Actor, s *model.Snapshot, e ledger.Exclusion) (*ExclusionView, error) {
	done, err := a.evidence.ledger.AppendExclusion(ctx, e)
	if err != nil {
		return nil, err
	}
	v, _ := a.exclusionView(ctx, actor, s, &done)
	return &v, nil
}
