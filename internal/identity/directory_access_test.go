package identity_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/store"
	"diapason/internal/store/sqlite"
)

func TestChangesCountAtOnceHereAndSoonElsewhere(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		jeanne := w.account(admin.Account.ID, "jeanne", "catalogue-manager")
		elsewhere := w.replica(nil)
		holds := func(d *identity.Directory, r identity.Role) bool {
			t.Helper()
			i, err := d.Identify(ctx, jeanne.Token)
			if err != nil {
				t.Fatal(err)
			}
			return i.Actor(w.time()).Holds(r)
		}
		if !holds(w.Directory, identity.RoleCatalogueManager) || !holds(elsewhere, identity.RoleCatalogueManager) {
			t.Fatal("the grant is not known")
		}
		key := identity.GrantKey{Account: jeanne.Account.ID, Role: identity.RoleCatalogueManager}
		if err := w.Revoke(ctx, admin.Account.ID, "moved", key); err != nil {
			t.Fatal(err)
		}
		if holds(w.Directory, identity.RoleCatalogueManager) {
			t.Error("the revoked role still counts here")
		}
		w.wait(5 * time.Second)
		if holds(elsewhere, identity.RoleCatalogueManager) {
			t.Error("the revoked role still counts elsewhere")
		}
		if err := w.Erase(ctx, admin.Account.ID, "left", jeanne.Account.ID); err != nil {
			t.Fatal(err)
		}
		_, err := w.Identify(ctx, jeanne.Token)
		wantCode(t, err, identity.CodeSessionUnknown)
		w.wait(5 * time.Second)
		_, err = elsewhere.Identify(ctx, jeanne.Token)
		wantCode(t, err, identity.CodeSessionUnknown)
	})
}

func TestADeputyIsForgottenWithTheHolder(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		jeanne := w.account(admin.Account.ID, "jeanne", "catalogue-manager")
		paul := w.account(admin.Account.ID, "paul")
		key := identity.GrantKey{Account: paul.Account.ID, Role: identity.RoleCatalogueManager, DeputyFor: jeanne.Account.ID}
		err := w.Grant(ctx, admin.Account.ID, "holidays", identity.Grant{GrantKey: key, From: w.time(), Until: w.time().AddDate(0, 0, 14)})
		if err != nil {
			t.Fatal(err)
		}
		holds := func() bool {
			t.Helper()
			return must[identity.Identified](t)(w.Identify(ctx, paul.Token)).Actor(w.time()).Holds(identity.RoleCatalogueManager)
		}
		if !holds() {
			t.Error("the deputy does not hold the role")
		}
		key.Account, key.DeputyFor = jeanne.Account.ID, ""
		if err := w.Revoke(ctx, admin.Account.ID, "moved", key); err != nil {
			t.Fatal(err)
		}
		if holds() {
			t.Error("the deputy of nobody holds the role")
		}
	})
}

func TestAccessIsChanged(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		by := admin.Account.ID
		_, err := w.CreateAccount(ctx, by, "", identity.NewAccount{Login: "ADMIN"})
		wantCode(t, err, identity.CodeLoginTaken)
		_, err = w.CreateAccount(ctx, by, "", identity.NewAccount{Login: "x1", Language: "de"})
		wantCode(t, err, identity.CodeLanguageInvalid)
		jeanne := w.account(by, "jeanne", "service-owner", "capacity-manager@service/imaging").Account
		grants := []identity.Grant{
			must[identity.Grant](t)(identity.ParseGrant(jeanne.ID, "auditor")),
			must[identity.Grant](t)(identity.ParseGrant(jeanne.ID, "service-owner")),
		}
		customer := "customer/emergency"
		change := identity.AccessChange{Grants: &grants, Customer: &customer}
		if err := w.ChangeAccess(ctx, by, "new duties", jeanne.ID, change); err != nil {
			t.Fatal(err)
		}
		l := must[identity.Listed](t)(w.Account(ctx, jeanne.ID))
		if len(l.Grants) != 2 || l.Grants[0].String() != "service-owner" || l.Grants[1].String() != "auditor" || l.Customer != customer || l.Person != "person/jeanne" {
			t.Errorf("the account is %+v", l)
		}
		head := must[store.Seq](t)(w.store.Head(ctx))
		if err := w.ChangeAccess(ctx, by, "again", jeanne.ID, change); err != nil {
			t.Fatal(err)
		}
		if again := must[store.Seq](t)(w.store.Head(ctx)); again != head {
			t.Error("a change that changes nothing is recorded")
		}
		none, inactive := []identity.Grant{}, false
		wantCode(t, w.ChangeAccess(ctx, by, "", by, identity.AccessChange{Grants: &none}), identity.CodeLastAdministrator)
		wantCode(t, w.ChangeAccess(ctx, by, "", by, identity.AccessChange{Active: &inactive}), identity.CodeLastAdministrator)
		wantCode(t, w.Erase(ctx, by, "", by), identity.CodeLastAdministrator)
		wantCode(t, w.ChangeAccess(ctx, by, "", "nobody", identity.AccessChange{}), identity.CodeAccountUnknown)
		if refused := must[store.Seq](t)(w.store.Head(ctx)); refused != head {
			t.Error("a refused change stands in the log")
		}
		wantCode(t, w.SetProfile(ctx, jeanne.ID, "admin", "Jeanne", "fr"), identity.CodeLoginTaken)
		wantCode(t, w.SetProfile(ctx, "nobody", "nobody", "", "fr"), identity.CodeAccountUnknown)
		if err := w.SetProfile(ctx, jeanne.ID, "Jeanne.D", "  Jeanne   D. ", "en"); err != nil {
			t.Fatal(err)
		}
		renamed := must[identity.Account](t)(w.AccountByLogin(ctx, "jeanne.d"))
		if renamed.ID != jeanne.ID || renamed.Name != "Jeanne D." || renamed.Language != "en" {
			t.Errorf("the profile is %+v", renamed)
		}
		if err := w.Erase(ctx, by, "asked for", jeanne.ID); err != nil {
			t.Fatal(err)
		}
		erased := must[identity.Listed](t)(w.Account(ctx, jeanne.ID))
		if erased.Login != "" || erased.Name != "" || erased.Active || !erased.Erased || erased.Person != "" || len(erased.Grants) > 0 {
			t.Errorf("left of the account: %+v", erased)
		}
		w.account(by, "jeanne.d") // the login is free again
		wantCode(t, w.Erase(ctx, by, "", jeanne.ID), identity.CodeAccountInactive)
	})
}

func TestTwoAdministratorsCannotRemoveEachOtherAtOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, one := t.Context(), w.firstAdministrator().Account.ID
		two := w.account(one, "second", "administrator").Account.ID
		var group sync.WaitGroup
		errs := make([]error, 2)
		for i, pair := range [][2]string{{one, two}, {two, one}} {
			group.Go(func() {
				key := identity.GrantKey{Account: pair[1], Role: identity.RoleAdministrator}
				errs[i] = w.Revoke(ctx, pair[0], "", key)
			})
		}
		group.Wait()
		failed := 0
		for _, err := range errs {
			if err != nil {
				failed++
				wantCode(t, err, identity.CodeLastAdministrator)
			}
		}
		if failed != 1 {
			t.Errorf("both succeeded or failed: %v", errs)
		}
	})
}

func TestTheLogSaysWhoDecidedAndNamesNobody(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		jeanne := w.account(admin.Account.ID, "jeanne.durand", "auditor")
		entries := must[[]store.EntryRecord](t)(w.store.Entries(ctx, 0, 100))
		if len(entries) != 3 { // first administrator, account with grant, password link
			t.Fatalf("%d entries", len(entries))
		}
		for i, e := range entries {
			wantActor := admin.Account.ID
			if i == 0 {
				wantActor = identity.ByFirstStart
			}
			if e.Type != store.Access || e.Actor != wantActor {
				t.Errorf("entry %d is %s by %s", e.Seq, e.Type, e.Actor)
			}
			for _, secret := range []string{"jeanne.durand", "Anne", sentence, string(jeanne.Token)} {
				if strings.Contains(string(e.Body)+e.Title+e.Reason, secret) {
					t.Errorf("entry %d shows %q: %s", e.Seq, secret, e.Body)
				}
			}
		}
	})
}

func TestTablesThatWereTamperedWithAreFound(t *testing.T) {
	s := must[*sqlite.Store](t)(sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{}))
	defer s.Close()
	w := world{store: s, now: new(atomic.Int64), t: t}
	w.now.Store(monday.UnixNano())
	w.Directory = w.replica(nil)
	ctx, admin := t.Context(), w.firstAdministrator()
	jeanne := w.account(admin.Account.ID, "jeanne", "auditor")
	err := s.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `UPDATE identity_grant SET role = 'administrator' WHERE account_id = $1`, jeanne.Account.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := must[[]string](t)(w.Verify(ctx)); len(d) != 2 { // one grant too many, one missing
		t.Errorf("found %v", d)
	}
}
