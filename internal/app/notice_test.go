package app

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/examples"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/sqlite"
)

// staffed is the example organisation with the accounts of its roles.
func staffed(t *testing.T) (*App, func(role string) identity.Actor) {
	t.Helper()
	ctx := t.Context()
	st, err := sqlite.Open(ctx, t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(ctx, Options{Store: st, Directory: dir, On: examples.On})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	objects, issues := examples.Hospital()
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if err := a.Restore(ctx, identity.Operator(), objects, "Example organisation"); err != nil {
		t.Fatal(err)
	}
	if err := a.ExampleAccounts(ctx, dir); err != nil {
		t.Fatal(err)
	}
	return a, func(role string) identity.Actor {
		t.Helper()
		list, err := dir.Accounts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			if l.Login == role {
				return identity.NewActor(identity.ActorFacts{Account: l.ID, Person: l.Person, Customer: l.Customer, Teams: a.Teams(l.Person), Grants: l.Grants}, time.Now())
			}
		}
		t.Fatalf("no account %s", role)
		return identity.Actor{}
	}
}

func kinds(n *Notices, unread bool) []string {
	var out []string
	for _, x := range n.Items {
		if x.Unread == unread && !slices.Contains(out, x.Kind) {
			out = append(out, x.Kind)
		}
	}
	return out
}

func TestNoticesTellWhatIsNewSinceTheLastLook(t *testing.T) {
	a, as := staffed(t)
	ctx := t.Context()
	look := func(who identity.Actor) *Notices {
		t.Helper()
		n, err := a.Notices(ctx, who, language.FR)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	see := func(who identity.Actor) {
		t.Helper()
		if err := a.SeeNotices(ctx, who, look(who).Seq); err != nil {
			t.Fatal(err)
		}
		if n := look(who); n.Unread != 0 {
			t.Fatalf("%d notices are unread right after all were seen", n.Unread)
		}
	}
	coordinator, catalogue, levels := as("design-coordinator"), as("catalogue-manager"), as("service-level-manager")
	if n := look(levels); !slices.Contains(kinds(n, true), "finding") {
		t.Error("the errors of the process are not told to its manager at his first look")
	}
	see(coordinator)
	see(catalogue)
	see(levels)

	service := model.Ref{Kind: "service", Name: "theatre-planning"}
	if _, err := a.Submit(ctx, coordinator, service, "Prêt pour mai"); err != nil {
		t.Fatal(err)
	}
	n := look(catalogue)
	if n.Unread != 1 || n.Items[0].Kind != "submission" || !strings.Contains(n.Items[0].Text, "Prêt pour mai") || n.Items[0].Ref != service {
		t.Fatalf("the catalogue manager is told %+v", n.Items[:min(2, len(n.Items))])
	}
	if n := look(coordinator); n.Unread != 0 {
		t.Error("whoever submits is told of his own submission")
	}
	see(catalogue)
	subs, err := a.Submissions(ctx, catalogue)
	if err != nil || len(subs) != 1 {
		t.Fatal(subs, err)
	}
	if _, err := a.Decide(ctx, catalogue, subs[0].Ref.Name, false, "Pas avant juin"); err != nil {
		t.Fatal(err)
	}
	if n := look(coordinator); n.Unread != 1 || n.Items[0].Kind != "refusal" || !strings.Contains(n.Items[0].Text, "Pas avant juin") {
		t.Fatalf("whoever submitted is told %+v", n.Items[:min(1, len(n.Items))])
	}
	if n := look(catalogue); n.Unread != 0 || slices.Contains(kinds(n, false), "submission") {
		t.Error("a submission that was decided on still waits")
	}

	// A promise that cannot be kept is new to the manager of service levels.
	sla := a.Head().Get(model.Ref{Kind: "agreement", Name: "sla-everyday"})
	if sla == nil {
		sla = a.Head().Object(a.Head().OfKind("agreement")[0])
	}
	text := regexp.MustCompile(`( +availability: ).*`).ReplaceAllString(string(sla.YAML()), "${1}99.9999999%")
	better, err := DecodeObjects("yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(ctx, levels, Change{Title: "Promettre plus", Reason: "essai", Puts: []Put{{Object: better[0], Expect: sla.Version}}}); err != nil {
		t.Fatal(err)
	}
	if n := look(levels); n.Unread == 0 || n.Items[0].Kind != "finding" {
		t.Errorf("a new error is not told: %d unread", n.Unread)
	}
}

func TestNoticesNeedAnAccount(t *testing.T) {
	a, _ := staffed(t)
	if _, err := a.Notices(t.Context(), identity.Anonymous(true), language.EN); codeOf(err) != CodeSignIn {
		t.Errorf("an anonymous reader gets %v", err)
	}
	if err := a.SeeNotices(t.Context(), identity.Operator(), 1); codeOf(err) != CodeSignIn {
		t.Errorf("the operator gets %v", err)
	}
}

func TestACounterpartSeesWhatIsAgreedWithItAlone(t *testing.T) {
	a, as := staffed(t)
	for _, c := range []struct{ role, party, kind string }{
		{"supplier-contact", "supplier", "contract"}, {"customer-representative", "customer", "agreement"},
	} {
		who := as(c.role)
		v, err := a.CounterpartOf(t.Context(), who, language.EN)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Parties) != 1 || v.Parties[0].Ref.Kind != c.party || len(v.Agreed) == 0 {
			t.Fatalf("the %s sees %d parties and %d agreements", c.role, len(v.Parties), len(v.Agreed))
		}
		for _, g := range v.Agreed {
			if _, err := a.Get(t.Context(), who, View{}, g.Ref); g.Ref.Kind != c.kind || err != nil || len(g.Targets) == 0 {
				t.Errorf("the %s is shown %s, which he may not read, or which promises nothing: %v", c.role, g.Ref, err)
			}
		}
		list, err := a.List(t.Context(), who, View{}, ListQuery{Kinds: []string{c.kind}})
		if err != nil || list.Total != len(v.Agreed) {
			t.Errorf("the %s lists %d of %d: %v", c.role, list.Total, len(v.Agreed), err)
		}
		if list.May.Create || list.May.Export || list.May.Findings || list.Items[0].Findings != nil {
			t.Errorf("the %s may %+v and sees the findings %v", c.role, list.May, list.Items[0].Findings)
		}
	}
	supplier, err := a.CounterpartOf(t.Context(), as("supplier-contact"), language.EN)
	if err != nil || len(supplier.Reviews) == 0 || len(supplier.Asked) == 0 {
		t.Errorf("the supplier sees %d reviews and %d things asked: %v", len(supplier.Reviews), len(supplier.Asked), err)
	}
	staff, err := a.CounterpartOf(t.Context(), as("auditor"), language.EN)
	if err != nil || len(staff.Parties) > 0 || len(staff.Agreed) > 0 {
		t.Errorf("an auditor speaks for %v: %v", staff.Parties, err)
	}
	mayAll, err := a.List(t.Context(), as("design-coordinator"), View{}, ListQuery{Kinds: []string{"agreement"}})
	if err != nil || !mayAll.May.Create || !mayAll.May.Export || mayAll.Items[0].Findings == nil {
		t.Errorf("the coordinator may %+v: %v", mayAll.May, err)
	}
}

func TestTitlesThatTheProgramWroteAreReadInOnesOwnLanguage(t *testing.T) {
	a, as := staffed(t)
	coordinator := as("design-coordinator")
	if _, err := a.Submit(t.Context(), coordinator, model.Ref{Kind: "service", Name: "theatre-planning"}, "ready"); err != nil {
		t.Fatal(err)
	}
	list, err := a.History(t.Context(), coordinator, HistoryQuery{Types: []string{"change", "decision"}, Lang: language.FR})
	if err != nil {
		t.Fatal(err)
	}
	if got := list[0].Title; got != "Soumission : Planification des blocs opératoires" {
		t.Errorf("a submission is called %q", got)
	}
	if first := list[len(list)-1]; first.Title != "Organisation d'exemple" || first.Actor.Name == "operator" {
		t.Errorf("the first entry is %q by %q", first.Title, first.Actor.Name)
	}
}

func TestADateThatWasReachedIsToldToItsOwner(t *testing.T) {
	a, as := staffed(t)
	owner, coordinator := as("supplier-manager"), as("design-coordinator")
	action, err := DecodeObjects("yaml", []byte("apiVersion: diapason/v1\nkind: Action\nmetadata: {name: ask-for-terms, title: Ask for terms, owner: "+owner.Person()+"}\nspec: {due: 2027-03-10}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(t.Context(), coordinator, Change{Title: "Ask", Reason: "test", Puts: []Put{{Object: action[0]}}}); err != nil {
		t.Fatal(err)
	}
	find := func() *Notice {
		t.Helper()
		n, err := a.Notices(t.Context(), owner, language.EN)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range n.Items {
			if x.Kind == "date" && x.Ref.Name == "ask-for-terms" {
				return &n.Items[i]
			}
		}
		return nil
	}
	if d := find(); d == nil || !d.Unread || d.Date != "2027-03-10" || d.Text != "Action is due" {
		t.Fatalf("the date is told as %+v", d)
	}
	if err := a.SeeNotices(t.Context(), owner, a.Head().Seq); err != nil {
		t.Fatal(err)
	}
	if d := find(); d == nil || d.Unread {
		t.Errorf("once seen, the date is told as %+v", d)
	}
}
