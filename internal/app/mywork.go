package app

import (
	"context"
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Work is what waits for one person.
type Work struct {
	State    *State
	Person   *Named
	Findings []assess.Judged // on what the person or his teams own, or of the processes he manages
	Dates    []DateAhead
	Actions  []ActionDue
	Drafts   []Draft
	Services []Named
}

// ActionDue is an open action.
type ActionDue struct {
	Ref     model.Ref  `json:"ref"`
	Title   model.Text `json:"title"`
	Due     string     `json:"due,omitempty"`
	Overdue bool       `json:"overdue"`
	Owner   *Named     `json:"owner,omitempty"`
}

// managerOf gives the process that a role manages.
var managerOf = map[identity.Role]string{
	"design-coordinator": "coordination", "catalogue-manager": "catalogue", "service-level-manager": "servicelevel", "availability-manager": "availability",
	"capacity-manager": "capacity", "continuity-manager": "continuity", "security-manager": "security", "supplier-manager": "supplier",
}

// workShown bounds the list of findings.
const workShown = 100

// hitsMine tells of an error told elsewhere that hits something of the actor's: a
// contract that cannot keep an agreement of his.
func hitsMine(s *model.Snapshot, j assess.Judged, mine map[model.Ref]bool) bool {
	return j.Severity == finding.Error && j.Outcome == finding.Violated && slices.ContainsFunc(j.Hits, func(r model.Ref) bool {
		o := s.Get(r)
		return o != nil && mine[o.Metadata.Owner]
	})
}

// MyWork gathers what waits for the actor.
func (a *App) MyWork(ctx context.Context, actor identity.Actor, lang language.Lang) (*Work, error) {
	if !actor.SignedIn() {
		return nil, fail(CodeSignIn, nil)
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	w := &Work{State: s, Dates: []DateAhead{}, Actions: []ActionDue{}, Services: []Named{}}
	mine, managed := a.concerns(actor)
	if p := personOf(actor); !p.IsZero() {
		n := Name(s.Snap, p)
		w.Person = &n
	}
	all := len(mine) == 0 && len(managed) == 0 // nobody in particular, such as an administrator
	filter := a.authz.Filter(actor, identity.ActionReadFindings)
	for _, j := range s.Judged {
		o := s.Snap.Get(j.Subject)
		if !j.Counts() || o == nil {
			continue
		}
		r := assess.Rule(j.Rule)
		if mine[o.Metadata.Owner] || hitsMine(s.Snap, j, mine) || r != nil && managed[string(r.Process)] || all {
			if allowed(filter, Resource(s.Snap, o)) {
				w.Findings = append(w.Findings, j)
			}
		}
	}
	SortWorstFirst(w.Findings)
	w.Findings = w.Findings[:min(len(w.Findings), workShown)]
	for _, d := range a.datesAhead(s, WriterFor(s.Snap, lang), 90) {
		if o := s.Snap.Get(d.Ref); o != nil && (all || mine[o.Metadata.Owner]) && a.Visible(actor, s.Snap, o) {
			w.Dates = append(w.Dates, d)
		}
	}
	for _, h := range s.Snap.OfKind("action") {
		o := s.Snap.Object(h)
		x := o.Spec.(*model.Action)
		if !x.Done.IsZero() || !all && !mine[o.Metadata.Owner] || !a.Visible(actor, s.Snap, o) {
			continue
		}
		due := ActionDue{Ref: o.Ref(), Title: Name(s.Snap, o.Ref()).Title, Due: x.Due.String(), Overdue: !x.Due.IsZero() && x.Due < s.On}
		if !o.Metadata.Owner.IsZero() {
			n := Name(s.Snap, o.Metadata.Owner)
			due.Owner = &n
		}
		w.Actions = append(w.Actions, due)
	}
	slices.SortStableFunc(w.Actions, func(x, y ActionDue) int {
		if x.Due < y.Due {
			return -1
		}
		if x.Due > y.Due {
			return 1
		}
		return 0
	})
	for _, h := range s.Snap.OfKind("service") {
		if o := s.Snap.Object(h); mine[o.Metadata.Owner] {
			w.Services = append(w.Services, Name(s.Snap, o.Ref()))
		}
	}
	drafts, err := a.Drafts(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		if d.Author == actor.ID() {
			w.Drafts = append(w.Drafts, d)
		}
	}
	return w, nil
}
