package app

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// Submission is a service waiting for a decision.
type Submission struct {
	Ref     model.Ref // the decision object that records the submission
	Service model.Ref
	Author  string // account
	By      model.Ref
	At      time.Time
	Note    string
	Blocked []assess.Judged // unwaived errors that stand against it
}

// published kinds are pinned with a service: what its catalogue sheet shows.
var pinnedKinds = map[string]bool{"offering": true, "agreement": true}

// Submit asks for the publication of a service as it stands.
func (a *App) Submit(ctx context.Context, actor identity.Actor, service model.Ref, note string) (int64, error) {
	head := a.Head()
	svc := head.Get(service)
	if svc == nil || service.Kind != "service" {
		return 0, notFound(service.String())
	}
	if err := a.Authorize(actor, identity.ActionSubmit, Resource(head, svc)); err != nil {
		return 0, err
	}
	if open := openSubmission(head, service); open != nil {
		return 0, fail(CodeAlready, finding.Args{"what": service})
	}
	return a.decide(ctx, actor, head, &model.Decision{
		Type: "submission", Service: service, Stage: svc.Spec.(*model.Service).Stage, Reason: model.Text{All: note}, Pins: pins(head, service),
	}, note)
}

func pins(s *model.Snapshot, service model.Ref) []model.Pin {
	h, _ := s.Find(service)
	list := []*model.Object{s.Object(h)}
	for _, in := range s.In(h) {
		if o := s.Object(in.From); pinnedKinds[o.Kind.Slug] && !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	slices.SortFunc(list[1:], func(x, y *model.Object) int { return x.Ref().Compare(y.Ref()) })
	out := make([]model.Pin, len(list))
	for i, o := range list {
		hash := o.MaterialHash()
		out[i] = model.Pin{Object: o.Ref(), Version: o.Version, Material: hex.EncodeToString(hash[:])}
	}
	return out
}

// decide writes a decision object, as an entry of type decision.
func (a *App) decide(ctx context.Context, actor identity.Actor, head *model.Snapshot, d *model.Decision, reason string) (int64, error) {
	now := a.now().UTC().Truncate(time.Second)
	if a.Fixed() {
		now = a.fixed.UTC().Add(time.Duration(now.Hour())*time.Hour + time.Duration(now.Minute())*time.Minute + time.Duration(now.Second())*time.Second)
	}
	d.By, d.Account, d.At = personOf(actor), actor.ID(), model.Instant{Time: now}
	base := d.Service.Name + "-" + d.Type + "-" + now.Format("20060102-150405")
	name := base
	for i := 2; head.Get(model.Ref{Kind: "decision", Name: name}) != nil; i++ {
		name = base + "-" + string(rune('0'+i%10))
	}
	o := &model.Object{Kind: model.KindOf("decision"), Metadata: model.Metadata{Name: model.Slugify(name)}, Spec: d}
	return a.append(ctx, actor, store.Entry{
		Type: store.Decision, Base: store.Seq(head.Seq), Title: d.Type + " " + d.Service.String(), Reason: reason,
		Puts: []store.Put{{Kind: "decision", Name: o.Metadata.Name, Document: o.Document(), ExpectSeq: store.MustNotExist}},
	})
}

// decisions lists the decisions on a service, oldest first.
func decisions(s *model.Snapshot, service model.Ref) []*model.Object {
	h, ok := s.Find(service)
	if !ok {
		return nil
	}
	var out []*model.Object
	for _, in := range s.In(h) {
		if o := s.Object(in.From); o != nil && o.Kind.Slug == "decision" && in.Field.Name == "service" {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(x, y *model.Object) int {
		dx, dy := x.Spec.(*model.Decision), y.Spec.(*model.Decision)
		return cmp.Or(dx.At.Compare(dy.At.Time), cmp.Compare(x.Version, y.Version), strings.Compare(x.Metadata.Name, y.Metadata.Name))
	})
	return out
}

// openSubmission is the last submission of a service that nobody answered.
func openSubmission(s *model.Snapshot, service model.Ref) *model.Object {
	var open *model.Object
	for _, o := range decisions(s, service) {
		switch o.Spec.(*model.Decision).Type {
		case "submission":
			open = o
		case "publication", "refusal":
			open = nil
		}
	}
	return open
}

// Submissions lists what waits for a decision.
func (a *App) Submissions(ctx context.Context, actor identity.Actor) ([]Submission, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	out := []Submission{}
	for _, h := range s.Snap.OfKind("decision") {
		d := s.Snap.Object(h).Spec.(*model.Decision)
		if d.Type != "submission" {
			continue
		}
		o := openSubmission(s.Snap, d.Service)
		if o == nil || o.Metadata.Name != s.Snap.Ref(h).Name {
			continue
		}
		if svc := s.Snap.Get(d.Service); svc != nil && a.Visible(actor, s.Snap, svc) {
			sh, _ := s.Snap.Find(d.Service)
			out = append(out, Submission{Ref: o.Ref(), Service: d.Service, Author: d.Account, By: d.By, At: d.At.Time, Note: d.Reason.In("en"), Blocked: blocking(s, sh)})
		}
	}
	return out, nil
}

// blocking lists the unwaived errors on the design of a service.
func blocking(s *State, service model.Handle) []assess.Judged {
	var out []assess.Judged
	for _, j := range s.OfService(service) {
		if j.Waiver.IsZero() && j.Outcome == finding.Violated && j.Severity == finding.Error && !j.Baseline {
			out = append(out, j)
		}
	}
	return out
}

// Decide publishes or refuses a submission. Whoever submitted cannot decide;
// publishing is refused while an unwaived error stands, a refusal needs a reason.
func (a *App) Decide(ctx context.Context, actor identity.Actor, submission string, publish bool, reason string) (int64, error) {
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return 0, err
	}
	sub := s.Snap.Get(model.Ref{Kind: "decision", Name: submission})
	if sub == nil || sub.Spec.(*model.Decision).Type != "submission" {
		return 0, notFound(submission)
	}
	d := sub.Spec.(*model.Decision)
	svc := s.Snap.Get(d.Service)
	if svc == nil {
		return 0, notFound(d.Service.String())
	}
	r := Resource(s.Snap, svc)
	r.Author, r.AuthorPerson = d.Account, d.By.String()
	action := identity.ActionRefuse
	if publish {
		action = identity.ActionPublish
	}
	if err := a.Authorize(actor, action, r); err != nil {
		if d.Account == actor.ID() {
			return 0, &Error{Code: CodeSamePerson, Args: finding.Args{"what": d.Service}, Cause: err}
		}
		return 0, err
	}
	if open := openSubmission(s.Snap, d.Service); open == nil || open.Metadata.Name != submission {
		return 0, fail(CodeAlready, finding.Args{"what": d.Service})
	}
	answer := &model.Decision{Type: "refusal", Service: d.Service, Stage: d.Stage, Answers: submission, Reason: model.Text{All: reason}}
	if publish {
		h, _ := s.Snap.Find(d.Service)
		if bad := blocking(s, h); len(bad) > 0 {
			ids := make([]string, len(bad))
			for i, j := range bad {
				ids[i] = j.Fingerprint()
			}
			return 0, &Error{Code: CodeBlocked, Args: finding.Args{"what": d.Service, "n": len(bad)}, Findings: ids}
		}
		answer.Type, answer.Pins = "publication", pins(s.Snap, d.Service)
	} else if err := needReason(reason); err != nil {
		return 0, err
	}
	return a.decide(ctx, actor, s.Snap, answer, reason)
}

// Published is a service as the catalogue shows it: the versions that were
// decided on, not the working ones.
type Published struct {
	Service   *model.Object
	Offerings []*model.Object
	Decision  *model.Object
	// Ahead tells that the working version differs materially from this one.
	Ahead bool
}

// publications remembers pinned versions read from the log.
type publications struct {
	versions  sync.Map // pinKey → *model.Object
	catalogue catalogueMemo
}

type pinKey struct {
	ref     model.Ref
	version int64
}

// asPinned reports whether an object is still what a decision pinned, as far as its
// material fields go.
func asPinned(now *model.Object, p model.Pin) bool {
	if p.Material == "" {
		return now.Version == p.Version
	}
	hash := now.MaterialHash() // numbers of another log may coincide; hashes do not
	return hex.EncodeToString(hash[:]) == p.Material
}

// pinned reads an object as a decision pinned it.
func (a *App) pinned(ctx context.Context, s *model.Snapshot, p model.Pin) (*model.Object, error) {
	if now := s.Get(p.Object); now != nil {
		if asPinned(now, p) {
			return now, nil
		}
	}
	k := pinKey{p.Object, p.Version}
	if hit, ok := a.pub.versions.Load(k); ok {
		return hit.(*model.Object), nil
	}
	key := store.Ref{Kind: p.Object.Kind, Name: p.Object.Name}
	if now := s.Get(p.Object); now != nil {
		key = store.Ref{UID: now.UID}
	}
	v, err := a.store.Object(ctx, key, store.Seq(p.Version))
	if err != nil {
		return nil, fromStore(err, p.Object.String())
	}
	o, err := objectOf(v)
	if err != nil {
		return nil, err
	}
	if !asPinned(o, p) { // the same number in another log is another version
		return nil, notFound(p.Object.String())
	}
	a.pub.versions.Store(k, o)
	return o, nil
}

// publicationOf is the decision that put a service in the catalogue, nil when
// none did or it was withdrawn.
func publicationOf(s *model.Snapshot, service model.Ref) *model.Object {
	var last *model.Object
	for _, o := range decisions(s, service) {
		switch o.Spec.(*model.Decision).Type {
		case "publication":
			last = o
		case "withdrawal":
			last = nil
		}
	}
	return last
}

// PublishedService gives the published version of a service, nil when it is not
// in the catalogue.
func (a *App) PublishedService(ctx context.Context, s *model.Snapshot, service model.Ref) (*Published, error) {
	d := publicationOf(s, service)
	if d == nil {
		return nil, nil
	}
	p := &Published{Decision: d}
	for _, pin := range d.Spec.(*model.Decision).Pins {
		o, err := a.pinned(ctx, s, pin)
		if err != nil {
			if codeIs(err, CodeNotFound) {
				// The version decided on is not in this log, as after a model was
				// carried over from another one: it has to be published anew.
				continue
			}
			return nil, err
		}
		switch o.Kind.Slug {
		case "service":
			p.Service = o
		case "offering":
			p.Offerings = append(p.Offerings, o)
		}
		if now := s.Get(pin.Object); now == nil || !asPinned(now, pin) {
			p.Ahead = true
		}
	}
	if p.Service == nil {
		return nil, nil
	}
	return p, nil
}

// Withdraw takes a service out of the catalogue.
func (a *App) Withdraw(ctx context.Context, actor identity.Actor, service model.Ref, reason string) (int64, error) {
	head := a.Head()
	svc := head.Get(service)
	if svc == nil {
		return 0, notFound(service.String())
	}
	if err := a.Authorize(actor, identity.ActionRefuse, Resource(head, svc)); err != nil {
		return 0, err
	}
	if err := needReason(reason); err != nil {
		return 0, err
	}
	if publicationOf(head, service) == nil {
		return 0, fail(CodeAlready, finding.Args{"what": service})
	}
	return a.decide(ctx, actor, head, &model.Decision{Type: "withdrawal", Service: service, Reason: model.Text{All: reason}}, reason)
}
