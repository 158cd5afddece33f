package app

import (
	"context"
	"slices"
	"time"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// WaiverRequest names the finding to waive and says why and until when.
type WaiverRequest struct {
	Rule    string
	Subject model.Ref
	Causes  []model.Ref
	Reason  string
	Until   model.Date
}

// maxWaiver is the longest a waiver may run before somebody looks again.
const maxWaiver = 366

// GrantWaiver accepts a finding that stands, with its causes, until a date. The
// finding stays visible; a cause that appears later is not covered.
func (a *App) GrantWaiver(ctx context.Context, actor identity.Actor, w WaiverRequest) (model.Ref, int64, error) {
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return model.Ref{}, 0, err
	}
	rule := assess.Rule(w.Rule)
	subject := s.Snap.Get(w.Subject)
	if rule == nil || subject == nil {
		return model.Ref{}, 0, notFound(w.Rule + " " + w.Subject.String())
	}
	r := Resource(s.Snap, subject)
	r.Process = identity.ProcessOfRule(w.Rule)
	if sub := openSubmission(s.Snap, w.Subject); sub != nil {
		d := sub.Spec.(*model.Decision)
		r.Author, r.AuthorPerson = d.Account, d.By.String()
	}
	if err := a.Authorize(actor, identity.ActionGrantWaiver, r); err != nil {
		return model.Ref{}, 0, err
	}
	if err := needReason(w.Reason); err != nil {
		return model.Ref{}, 0, err
	}
	if w.Until <= s.On || w.Until > s.On.AddDays(maxWaiver) {
		return model.Ref{}, 0, refused("/until", &model.Fault{Format: "a waiver ends on a day ahead, a year from now at most"})
	}
	if !stands(s, w) {
		return model.Ref{}, 0, notFound(w.Rule + " " + w.Subject.String())
	}
	spec := &model.Waiver{Rule: w.Rule, Subject: w.Subject, Causes: w.Causes, Reason: model.Text{All: w.Reason}, Granted: personOf(actor), From: s.On, Until: w.Until}
	name := model.Slugify(w.Rule + "-" + w.Subject.Name + "-" + s.On.String() + "-" + time.Unix(a.now().Unix(), 0).UTC().Format("150405"))
	o := &model.Object{Kind: model.KindOf("waiver"), Metadata: model.Metadata{Name: name}, Spec: spec}
	seq, err := a.append(ctx, actor, store.Entry{
		Type: store.Decision, Base: store.Seq(s.Snap.Seq), Title: "waiver " + w.Rule + " " + w.Subject.String(), Reason: w.Reason,
		Puts: []store.Put{{Kind: "waiver", Name: name, Document: o.Document(), ExpectSeq: store.MustNotExist}},
	})
	return o.Ref(), seq, err
}

func (e *Error) with(pointer, message string) *Error {
	e.Issues = append(e.Issues, model.Issue{Pointer: pointer, Message: message})
	return e
}

// refused is an input that a fault makes useless, for readers of every language.
func refused(pointer string, f *model.Fault) *Error {
	e := fail(CodeInvalid, finding.Args{"n": 1, "first": f.Error()})
	e.Issues = []model.Issue{{Pointer: pointer, Message: f.Error(), Fault: f}}
	return e
}

// stands reports that a finding with the rule and subject stands, that what is
// named are its own causes and what it hits, and all of them: a waiver that leaves
// one out would cover nothing.
func stands(s *State, w WaiverRequest) bool {
	for _, j := range s.Own(w.Subject) {
		own := func(r model.Ref) bool { return slices.Contains(j.Causes, r) || slices.Contains(j.Hits, r) }
		if j.Rule == w.Rule && assess.Covers(w.Causes, j.Finding) && !slices.ContainsFunc(w.Causes, func(r model.Ref) bool { return !own(r) }) {
			return true
		}
	}
	return false
}
