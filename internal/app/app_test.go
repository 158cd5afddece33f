package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
	"diapason/internal/store/sqlite"
)

var today = model.NewDate(2027, time.March, 12)

type world struct {
	*App
	t   testing.TB
	dir *identity.Directory
	ctx context.Context
}

func newWorld(t *testing.T, yaml string) *world {
	t.Helper()
	ctx := t.Context()
	st, err := sqlite.Open(ctx, t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(ctx, Options{Store: st, Directory: dir, On: today})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	w := &world{a, t, dir, ctx}
	if yaml != "" {
		if err := a.Restore(ctx, identity.Operator(), w.objects(yaml), "start"); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *world) objects(yaml string) []*model.Object {
	w.t.Helper()
	o, err := DecodeObjects("test", []byte(yaml))
	if err != nil {
		w.t.Fatal(err, err.(*Error).Issues)
	}
	return o
}

func (w *world) actor(login string, grants ...string) identity.Actor {
	w.t.Helper()
	var list []identity.Grant
	for _, g := range grants {
		parsed, err := identity.ParseGrant("", g)
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, parsed)
	}
	acc, err := w.dir.CreateAccount(w.ctx, identity.ByOperator, "test", identity.NewAccount{Login: login, Name: login, Language: "en", Grants: list})
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range list {
		list[i].Account = acc.ID
	}
	return identity.NewActor(identity.ActorFacts{Account: acc.ID, Grants: list}, time.Now())
}

func (w *world) ref(s string) model.Ref {
	r, err := model.ParseRef(s)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func codeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

const payroll = `
apiVersion: diapason/v1
kind: Team
metadata: {name: hr-it, title: {en: HR systems, fr: Systèmes RH}}
spec: {respond: 30 min}
---
apiVersion: diapason/v1
kind: Component
metadata: {name: db, owner: team/hr-it}
spec: {class: database, availability: 99.9%}
`

func (w *world) put(actor identity.Actor, base int64, yaml string, expect int64, take map[model.Ref]map[string]string) (int64, error) {
	var c Change
	c.Base, c.Title, c.Resolutions = base, "test", take
	for _, o := range w.objects(yaml) {
		c.Puts = append(c.Puts, Put{o, expect})
	}
	return w.Commit(w.ctx, actor, c)
}

func TestTwoAuthorsOfDifferentFieldsBothSucceed(t *testing.T) {
	w := newWorld(t, payroll)
	coordinator := w.actor("coordinator", "design-coordinator")
	seen := w.Head().Get(w.ref("component/db")).Version
	if _, err := w.put(coordinator, seen, "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db, owner: team/hr-it}\nspec: {class: database, availability: 99.9%, version: \"16\"}\n", seen, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.put(coordinator, seen, "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db, owner: team/hr-it}\nspec: {class: database, availability: 99.95%}\n", seen, nil); err != nil {
		t.Fatal(err)
	}
	c := w.Head().Get(w.ref("component/db")).Spec.(*model.Component)
	if c.Version != "16" || c.Availability.String() != "99.95%" {
		t.Errorf("version %q availability %s: one of the two changes was lost", c.Version, c.Availability)
	}
}

func TestTwoAuthorsOfOneFieldGetAConflictTheyCanResolve(t *testing.T) {
	w := newWorld(t, payroll)
	coordinator := w.actor("coordinator", "design-coordinator")
	seen := w.Head().Get(w.ref("component/db")).Version
	doc := func(a string) string {
		return "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db, owner: team/hr-it}\nspec: {class: database, availability: " + a + "}\n"
	}
	if _, err := w.put(coordinator, seen, doc("99.5%"), seen, nil); err != nil {
		t.Fatal(err)
	}
	_, err := w.put(coordinator, seen, doc("99.99%"), seen, nil)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeConflict || len(e.Conflicts) != 1 {
		t.Fatalf("want one conflict, got %v", err)
	}
	if c := e.Conflicts[0]; c.Path != "/spec/availability" || c.Base != "99.9%" || c.Mine != "99.99%" || c.Theirs != "99.5%" {
		t.Errorf("conflict %+v", c)
	}
	if got := w.Head().Get(w.ref("component/db")).Spec.(*model.Component).Availability.String(); got != "99.5%" {
		t.Errorf("the loser's change was written: %s", got)
	}
	if _, err := w.put(coordinator, seen, doc("99.99%"), seen, map[model.Ref]map[string]string{w.ref("component/db"): {"/spec/availability": "mine"}}); err != nil {
		t.Fatal(err)
	}
	if got := w.Head().Get(w.ref("component/db")).Spec.(*model.Component).Availability.String(); got != "99.99%" {
		t.Errorf("the resolution was not taken: %s", got)
	}
}

func TestAReaderOnlyCannotChangeAndAChangeWithoutEffectIsRefused(t *testing.T) {
	w := newWorld(t, payroll)
	auditor := w.actor("auditor", "auditor")
	if _, err := w.put(auditor, 0, payroll, AnyVersion, nil); codeOf(err) != CodeForbidden {
		t.Errorf("auditor: %v", err)
	}
	coordinator := w.actor("coordinator", "design-coordinator")
	if _, err := w.put(coordinator, 0, payroll, AnyVersion, nil); codeOf(err) != CodeEmpty {
		t.Errorf("same documents again: %v", err)
	}
	forged := "apiVersion: diapason/v1\nkind: Waiver\nmetadata: {name: x}\nspec: {rule: COO-001, subject: component/db, until: 2028-01-01}\n"
	if _, err := w.put(w.actor("root", "administrator"), 0, forged, 0, nil); codeOf(err) != CodeReserved {
		t.Errorf("an administrator forges a waiver: %v", err)
	}
	if _, err := w.put(coordinator, 0, "apiVersion: diapason/v1\nkind: Decision\nmetadata: {name: x}\nspec: {type: publication, service: y}\n", 0, nil); codeOf(err) != CodeReserved {
		t.Errorf("forged decision: %v", err)
	}
}

func TestADraftIsSeenApartCommittedAndGone(t *testing.T) {
	w := newWorld(t, payroll)
	me := w.actor("coordinator", "design-coordinator")
	d, err := w.CreateDraft(w.ctx, me, "New cache", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.EditDraft(w.ctx, me, d.ID, DraftEdit{Put: w.objects("apiVersion: diapason/v1\nkind: Component\nmetadata: {name: cache, owner: team/hr-it}\nspec: {class: cache, requires: [component/nowhere]}\n"), Delete: []model.Ref{w.ref("component/db")}}); err != nil {
		t.Fatal(err)
	}
	if w.Head().Get(w.ref("component/cache")) != nil {
		t.Error("the draft leaked into the model")
	}
	as, err := w.AssessDraft(w.ctx, me, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, j := range as.New {
		found = found || j.Rule == "COO-001" && j.Subject == w.ref("component/cache")
	}
	if !found {
		t.Errorf("the dangling reference of the draft is not among %d new findings", len(as.New))
	}
	if _, err := w.CommitDraft(w.ctx, me, d.ID, "", "because", nil); err != nil {
		t.Fatal(err)
	}
	if w.Head().Get(w.ref("component/cache")) == nil || w.Head().Get(w.ref("component/db")) != nil {
		t.Error("the draft was not carried out in full")
	}
	if _, err := w.Draft(w.ctx, me, d.ID); codeOf(err) != CodeNotFound {
		t.Errorf("the draft is still there: %v", err)
	}
}

const cleanService = `
apiVersion: diapason/v1
kind: Service
metadata: {name: payroll, title: {en: Payroll, fr: Paie}}
spec: {facing: supporting, stage: requirement, criticality: low}
`

func TestPublishingTakesTwoPeopleAndPinsWhatWasDecided(t *testing.T) {
	w := newWorld(t, cleanService+"---"+payroll)
	author := w.actor("author", "design-coordinator", "catalogue-manager")
	other := w.actor("other", "catalogue-manager")
	svc := w.ref("service/payroll")
	if _, err := w.Submit(w.ctx, author, svc, "please"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Submit(w.ctx, author, svc, "again"); codeOf(err) != CodeAlready {
		t.Errorf("second submission: %v", err)
	}
	subs, err := w.Submissions(w.ctx, other)
	if err != nil || len(subs) != 1 {
		t.Fatal(subs, err)
	}
	id := subs[0].Ref.Name
	if len(subs[0].Blocked) > 0 {
		var rules []string
		for _, j := range subs[0].Blocked {
			rules = append(rules, j.Rule)
			if _, _, err := w.GrantWaiver(w.ctx, w.actor("boss-"+strings.ToLower(j.Rule), "design-coordinator", "security-manager", "service-level-manager", "availability-manager", "capacity-manager", "continuity-manager", "supplier-manager", "catalogue-manager"), WaiverRequest{Rule: j.Rule, Subject: j.Subject, Causes: slices.Concat(j.Causes, j.Hits), Reason: "test", Until: today.AddDays(30)}); err != nil {
				t.Fatal(err)
			}
		}
		t.Log("waived:", rules)
	}
	if _, err := w.Decide(w.ctx, author, id, true, ""); codeOf(err) != CodeSamePerson {
		t.Errorf("author publishes his own: %v", err)
	}
	if _, err := w.Decide(w.ctx, other, id, false, ""); codeOf(err) != CodeReason {
		t.Errorf("refusal without reason: %v", err)
	}
	if _, err := w.Decide(w.ctx, other, id, true, "good"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Decide(w.ctx, other, id, true, "good"); codeOf(err) != CodeAlready {
		t.Errorf("second decision: %v", err)
	}
	v := w.Head().Get(svc).Version
	if _, err := w.put(author, v, strings.Replace(cleanService, "criticality: low", "criticality: high", 1), v, nil); err != nil {
		t.Fatal(err)
	}
	p, err := w.PublishedService(w.ctx, w.Head(), svc)
	if err != nil || p == nil {
		t.Fatal(p, err)
	}
	if got := p.Service.Spec.(*model.Service).Criticality; got != "low" || !p.Ahead {
		t.Errorf("the catalogue shows criticality %q (ahead %v), not the version decided on", got, p.Ahead)
	}
}

func TestPublishingIsRefusedWhileAnErrorStands(t *testing.T) {
	w := newWorld(t, strings.Replace(cleanService, "criticality: low}", "criticality: low, requires: [component/nowhere]}", 1))
	author, other := w.actor("author", "design-coordinator"), w.actor("other", "catalogue-manager")
	if _, err := w.Submit(w.ctx, author, w.ref("service/payroll"), ""); err != nil {
		t.Fatal(err)
	}
	subs, err := w.Submissions(w.ctx, other)
	if err != nil || len(subs) != 1 || len(subs[0].Blocked) == 0 {
		t.Fatalf("%+v %v", subs, err)
	}
	if _, err := w.Decide(w.ctx, other, subs[0].Ref.Name, true, ""); codeOf(err) != CodeBlocked {
		t.Errorf("want blocked, got %v", err)
	}
}

func TestAWaiverHidesItsCausesOnlyAndABaselineTheRest(t *testing.T) {
	w := newWorld(t, strings.Replace(cleanService, "criticality: low}", "criticality: low, requires: [component/nowhere]}", 1))
	coordinator := w.actor("coordinator", "design-coordinator")
	svc := w.ref("service/payroll")
	counts := func() (open, waived int) {
		s, err := w.Current(w.ctx, w.Head().Seq)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range s.About(svc) {
			if j.Rule == "COO-001" {
				if j.Counts() {
					open++
				} else {
					waived++
				}
			}
		}
		return open, waived
	}
	ask := WaiverRequest{Rule: "COO-001", Subject: svc, Causes: []model.Ref{w.ref("component/nowhere")}, Until: today.AddDays(10)}
	if _, _, err := w.GrantWaiver(w.ctx, coordinator, ask); codeOf(err) != CodeReason {
		t.Errorf("without reason: %v", err)
	}
	ask.Reason = "it is being described"
	ask.Until = today.AddDays(1000)
	if _, _, err := w.GrantWaiver(w.ctx, coordinator, ask); codeOf(err) != CodeInvalid {
		t.Errorf("for three years: %v", err)
	}
	ask.Until = today.AddDays(10)
	if _, _, err := w.GrantWaiver(w.ctx, coordinator, ask); err != nil {
		t.Fatal(err)
	}
	if open, waived := counts(); open != 0 || waived != 1 {
		t.Errorf("%d open, %d waived", open, waived)
	}
	v := w.Head().Get(svc).Version
	if _, err := w.put(coordinator, v, strings.Replace(cleanService, "criticality: low}", "criticality: low, requires: [component/nowhere, component/elsewhere]}", 1), v, nil); err != nil {
		t.Fatal(err)
	}
	if open, _ := counts(); open != 1 {
		t.Errorf("%d open: the new cause is hidden by the old waiver", open)
	}
	if _, err := w.SignBaseline(w.ctx, coordinator, "take over"); err != nil {
		t.Fatal(err)
	}
	if open, _ := counts(); open != 0 {
		t.Errorf("%d open after the baseline", open)
	}
}

func TestHistoryTellsWhatChangedInWords(t *testing.T) {
	w := newWorld(t, payroll)
	coordinator := w.actor("coordinator", "design-coordinator")
	r := w.ref("component/db")
	v := w.Head().Get(r).Version
	if _, err := w.put(coordinator, v, "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db, owner: team/hr-it}\nspec: {class: database, availability: 99.5%}\n", v, nil); err != nil {
		t.Fatal(err)
	}
	list, err := w.History(w.ctx, coordinator, HistoryQuery{Object: r})
	if err != nil || len(list) != 2 {
		t.Fatal(len(list), err)
	}
	c := list[0].Changes
	if len(c) != 1 || c[0].Label.FR != "Disponibilité déclarée" || c[0].Before != "99.9%" || c[0].After != "99.5%" || list[0].Actor.Name != "coordinator" {
		t.Errorf("%+v", list[0])
	}
	diff, err := w.Difference(w.ctx, coordinator, list[1].Seq, 0)
	if err != nil || len(diff) != 1 || diff[0].Ref != r {
		t.Errorf("%+v %v", diff, err)
	}
}

func TestTheModelIsSeenAsItWasThen(t *testing.T) {
	w := newWorld(t, payroll)
	coordinator := w.actor("coordinator", "design-coordinator")
	before := w.Head().Seq
	if _, err := w.put(coordinator, 0, cleanService, 0, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Get(w.ctx, coordinator, View{Seq: before}, w.ref("service/payroll")); codeOf(err) != CodeNotFound {
		t.Errorf("the past holds what came later: %v", err)
	}
	if _, err := w.Get(w.ctx, coordinator, View{}, w.ref("service/payroll")); err != nil {
		t.Error(err)
	}
	if _, err := w.Get(w.ctx, coordinator, View{Seq: 1 << 40}, w.ref("service/payroll")); codeOf(err) != CodeNotFound {
		t.Errorf("an entry that does not exist: %v", err)
	}
}

func TestSearchFindsInBothLanguagesAndSeesWhatJustChanged(t *testing.T) {
	w := newWorld(t, payroll+"---"+cleanService)
	coordinator := w.actor("coordinator", "design-coordinator")
	w.indexForSearch()
	for _, q := range []string{"paie", "PAYR", "pa"} {
		if hits := w.Search(coordinator, q, nil, 5); len(hits) != 1 || hits[0].Metadata.Name != "payroll" {
			t.Errorf("%q finds %d", q, len(hits))
		}
	}
	if hits := w.Search(coordinator, "systemes", nil, 5); len(hits) != 1 {
		t.Errorf("accents matter: %d", len(hits))
	}
	v := w.Head().Get(w.ref("service/payroll")).Version
	if _, err := w.put(coordinator, v, strings.Replace(cleanService, "fr: Paie", "fr: Salaires", 1), v, nil); err != nil {
		t.Fatal(err)
	}
	if hits := w.Search(coordinator, "salaires", nil, 5); len(hits) != 1 {
		t.Errorf("the new title is not found: %d", len(hits))
	}
	if hits := w.Search(coordinator, "paie", nil, 5); len(hits) != 0 {
		t.Errorf("the old title is still found: %d", len(hits))
	}
	if hits := w.Search(identity.Anonymous(true), "payroll", nil, 5); len(hits) != 0 {
		t.Error("anonymous readers find working versions")
	}
}

func TestErasingKeepsWhatStandsAndEveryProof(t *testing.T) {
	w := newWorld(t, "apiVersion: diapason/v1\nkind: Person\nmetadata: {name: p-1, title: Marie Curie}\nspec: {email: marie@example.test}\n")
	root := w.actor("root", "administrator")
	coordinator := w.actor("coordinator", "design-coordinator")
	r := w.ref("person/p-1")
	v := w.Head().Get(r).Version
	if _, err := w.put(coordinator, v, "apiVersion: diapason/v1\nkind: Person\nmetadata: {name: p-1, title: P-1}\n", v, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Erase(w.ctx, coordinator, r, "asked"); codeOf(err) != CodeForbidden {
		t.Errorf("anybody erases: %v", err)
	}
	if _, _, err := w.Erase(w.ctx, root, r, ""); codeOf(err) != CodeReason {
		t.Errorf("without reason: %v", err)
	}
	if n, _, err := w.Erase(w.ctx, root, r, "asked"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	list, err := w.History(w.ctx, coordinator, HistoryQuery{Object: r})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		for _, c := range e.Changes {
			if s := fmt.Sprint(c.Before, c.After); strings.Contains(s, "Marie") || strings.Contains(s, "marie@") {
				t.Errorf("the name is still told: %s", s)
			}
		}
	}
	if report, err := w.Store().Fsck(w.ctx, store.FsckOptions{}); err != nil || len(report.Problems) > 0 {
		t.Error(report.Problems, err)
	}
}

func TestADraftRestsOnWhatItsAuthorSaw(t *testing.T) {
	w := newWorld(t, payroll)
	me, other := w.actor("me", "design-coordinator"), w.actor("other", "design-coordinator")
	ref := w.ref("component/db")
	seen := w.Head().Get(ref)
	mine, theirs := seen.Clone(), seen.Clone()
	mine.Metadata.Title = model.T("My database", "Ma base")
	theirs.Spec.(*model.Component).Version = "17"
	if _, err := w.Commit(w.ctx, other, Change{Base: w.Head().Seq, Title: "t", Reason: "r", Puts: []Put{{theirs, seen.Version}}}); err != nil {
		t.Fatal(err)
	}
	d, err := w.CreateDraftFrom(w.ctx, me, "Rename", []*model.Object{mine}, Versions{ref: seen.Version})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := w.DraftChanges(w.ctx, me, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Path == "/spec/version" {
			t.Errorf("the draft is said to undo what somebody else changed: %+v", c)
		}
	}
	// Another author of the draft changes the object in it; who saw it before may not write over that.
	was := mine.Clone()
	next := mine.Clone()
	next.Metadata.Title = model.T("Our database", "Notre base")
	if _, err := w.EditDraft(w.ctx, other, d.ID, DraftEdit{Put: []*model.Object{next}, Was: []*model.Object{was}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.EditDraft(w.ctx, me, d.ID, DraftEdit{Put: []*model.Object{mine}, Was: []*model.Object{was}}); store.CodeOf(err) != store.CodeDraftChanged {
		t.Errorf("a second author writes over the first: %v", err)
	}
	if _, err := w.CommitDraft(w.ctx, me, d.ID, "", "because", nil); err != nil {
		t.Fatal(err)
	}
	now := w.Head().Get(ref)
	if v := now.Spec.(*model.Component).Version; v != "17" {
		t.Errorf("what somebody else changed was undone: version %q", v)
	}
	if now.Metadata.Title.EN != "Our database" {
		t.Errorf("title %v", now.Metadata.Title)
	}
}

func TestADraftAsksWhereTwoChangedTheSameField(t *testing.T) {
	w := newWorld(t, payroll)
	me, other := w.actor("me", "design-coordinator"), w.actor("other", "design-coordinator")
	ref := w.ref("component/db")
	seen := w.Head().Get(ref)
	mine, theirs := seen.Clone(), seen.Clone()
	mine.Spec.(*model.Component).Version = "18"
	theirs.Spec.(*model.Component).Version = "17"
	if _, err := w.Commit(w.ctx, other, Change{Base: w.Head().Seq, Title: "t", Reason: "r", Puts: []Put{{theirs, seen.Version}}}); err != nil {
		t.Fatal(err)
	}
	d, err := w.CreateDraft(w.ctx, me, "Upgrade", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.EditDraft(w.ctx, me, d.ID, DraftEdit{Put: []*model.Object{mine}, Seen: Versions{ref: seen.Version}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CommitDraft(w.ctx, me, d.ID, "", "because", nil); codeOf(err) != CodeConflict {
		t.Errorf("the conflict is not told: %v", err)
	}
}
