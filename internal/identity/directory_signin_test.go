package identity_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/store"
	"diapason/internal/store/sqlite"
)

func TestSigningIn(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		jeanne := w.account(admin.Account.ID, "jeanne", "service-owner")
		opened := must[identity.Opened](t)(w.Login(ctx, " JEANNE ", sentence, cafe, jeanne.Token))
		if opened.Session.Method != identity.MethodPassword || opened.Session.Origin != cafe || opened.Account.ID != jeanne.Account.ID {
			t.Errorf("opened %+v", opened)
		}
		if _, err := w.Identify(ctx, jeanne.Token); identity.CodeOf(err) != identity.CodeSessionUnknown {
			t.Errorf("the session from before the sign-in lives on: %v", err)
		}
		must[identity.Identified](t)(w.Identify(ctx, opened.Token))
		nobody := must[identity.Account](t)(w.CreateAccount(ctx, admin.Account.ID, "", identity.NewAccount{Login: "new"}))
		for login, password := range map[string]string{
			"jeanne": another, "paul": sentence, "new": "", "": sentence, "two words": sentence, nobody.ID: sentence,
		} {
			_, err := w.Login(ctx, login, password, cafe, "")
			wantCode(t, err, identity.CodeInvalidCredentials)
		}
		inactive := false
		if err := w.ChangeAccess(ctx, admin.Account.ID, "left", jeanne.Account.ID, identity.AccessChange{Active: &inactive}); err != nil {
			t.Fatal(err)
		}
		_, err := w.Login(ctx, "jeanne", sentence, cafe, "")
		wantCode(t, err, identity.CodeInvalidCredentials)
	})
}

func TestGuessingIsSlowedDown(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		var err error
		for range identity.DefaultLimits.Pair.Burst + 1 {
			_, err = w.Login(ctx, "admin", "wrong password here", cafe, "")
		}
		wantCode(t, err, identity.CodeTooManyAttempts)
		_, err = w.Login(ctx, "admin", sentence, cafe, "")
		wantCode(t, err, identity.CodeTooManyAttempts)
		must[identity.Opened](t)(w.Login(ctx, "admin", sentence, office, ""))
		_, err = w.ChangePassword(ctx, admin.Account.ID, sentence, another, cafe)
		wantCode(t, err, identity.CodeTooManyAttempts)
		w.wait(time.Minute)
		must[identity.Opened](t)(w.Login(ctx, "admin", sentence, cafe, ""))
	})
}

func TestSessionsEnd(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		alive := func(token identity.Token, want bool) {
			t.Helper()
			code := identity.CodeSessionUnknown
			if want {
				code = ""
			}
			_, err := w.Identify(ctx, token)
			wantCode(t, err, code)
		}
		alive(admin.Token, true)
		alive("made-up", false)
		w.wait(8*time.Hour - time.Second)
		alive(admin.Token, true) // and counted as used
		w.wait(8*time.Hour - time.Second)
		alive(admin.Token, true)
		w.wait(8 * time.Hour)
		alive(admin.Token, false)

		busy := must[identity.Opened](t)(w.Login(ctx, "admin", sentence, office, ""))
		for range 23 {
			w.wait(7 * time.Hour)
			alive(busy.Token, true)
		}
		w.wait(7 * time.Hour) // a week has passed
		alive(busy.Token, false)

		one := must[identity.Opened](t)(w.Login(ctx, "admin", sentence, office, ""))
		two := must[identity.Opened](t)(w.Login(ctx, "admin", sentence, cafe, ""))
		three := must[identity.Opened](t)(w.Login(ctx, "admin", sentence, cafe, ""))
		listed := must[[]identity.Session](t)(w.Sessions(ctx, admin.Account.ID))
		if len(listed) != 3 || !slices.ContainsFunc(listed, func(s identity.Session) bool { return s == two.Session }) {
			t.Errorf("listed %+v", listed)
		}
		if err := w.RevokeSession(ctx, admin.Account.ID, two.Session.ID); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.RevokeSession(ctx, "somebody else", one.Session.ID), identity.CodeSessionUnknown)
		alive(one.Token, true)
		alive(two.Token, false)
		if err := w.SignOut(ctx, three.Token); err != nil {
			t.Fatal(err)
		}
		alive(three.Token, false)
		if err := w.RevokeSessions(ctx, admin.Account.ID); err != nil {
			t.Fatal(err)
		}
		alive(one.Token, false)
		if err := w.Purge(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPasswordsAreChangedByTheirHolder(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		id := admin.Account.ID
		change := func(current, replacement string) error {
			_, err := w.ChangePassword(ctx, id, current, replacement, office)
			return err
		}
		wantCode(t, change(another, another), identity.CodeInvalidCredentials)
		wantCode(t, change(sentence, "short"), identity.CodeWeakPassword)
		wantCode(t, change(sentence, sentence), identity.CodeWeakPassword)
		opened := must[identity.Opened](t)(w.ChangePassword(ctx, id, sentence, another, office))
		_, err := w.Identify(ctx, admin.Token)
		wantCode(t, err, identity.CodeSessionUnknown)
		must[identity.Identified](t)(w.Identify(ctx, opened.Token))
		_, err = w.Login(ctx, "admin", sentence, office, "")
		wantCode(t, err, identity.CodeInvalidCredentials)
		must[identity.Opened](t)(w.Login(ctx, "admin", another, office, ""))
	})
}

func TestPasswordLinks(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx, admin := t.Context(), w.firstAdministrator()
		jeanne := w.account(admin.Account.ID, "jeanne")
		issue := func() identity.Link {
			t.Helper()
			return must[identity.Link](t)(w.IssuePasswordLink(ctx, admin.Account.ID, "forgotten", jeanne.Account.ID))
		}
		set := func(l identity.Link, password string) error {
			_, err := w.SetPassword(ctx, l.Token, password, office)
			return err
		}
		replaced, link := issue(), issue()
		wantCode(t, set(replaced, another), identity.CodeLinkUnknown)
		wantCode(t, set(link, "jeanne"), identity.CodeWeakPassword)
		if a := must[identity.Account](t)(w.PasswordLinkAccount(ctx, link.Token)); a.Login != "jeanne" {
			t.Errorf("the link is of %q", a.Login)
		}
		wantCode(t, set(link, another), "")
		wantCode(t, set(link, another), identity.CodeLinkUsed)
		_, err := w.Identify(ctx, jeanne.Token)
		wantCode(t, err, identity.CodeSessionUnknown)
		late := issue()
		w.wait(72 * time.Hour)
		wantCode(t, set(late, sentence), identity.CodeLinkExpired)
		unwanted, inactive := issue(), false
		if err := w.ChangeAccess(ctx, admin.Account.ID, "", jeanne.Account.ID, identity.AccessChange{Active: &inactive}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, set(unwanted, sentence), identity.CodeLinkUnknown)
		_, err = w.IssuePasswordLink(ctx, admin.Account.ID, "", jeanne.Account.ID)
		wantCode(t, err, identity.CodeAccountInactive)
		_, err = w.IssuePasswordLink(ctx, admin.Account.ID, "", "nobody")
		wantCode(t, err, identity.CodeAccountUnknown)
	})
}

func TestHashesAreRenewedAtSignInWhenTheParametersRise(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx := t.Context()
		w.firstAdministrator()
		stored := func() (phc string) {
			t.Helper()
			err := w.store.View(ctx, func(q store.Querier) error {
				c, err := identity.Tables{}.AccountByLogin(ctx, q, "admin")
				phc = c.Password
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return phc
		}
		before := stored()
		must[identity.Opened](t)(w.Login(ctx, "admin", sentence, office, ""))
		if stored() != before {
			t.Error("the hash changes although the parameters did not")
		}
		raised := w.replica(func(s *identity.Settings) { s.Hash.Memory = 128 })
		must[identity.Opened](t)(raised.Login(ctx, "admin", sentence, office, ""))
		if after := stored(); after == before {
			t.Error("the hash is not renewed")
		}
		must[identity.Opened](t)(w.Login(ctx, "admin", sentence, office, ""))
	})
}

func BenchmarkIdentify(b *testing.B) {
	s := must[*sqlite.Store](b)(sqlite.Open(context.Background(), b.TempDir(), sqlite.Options{}))
	defer s.Close()
	w := world{store: s, now: new(atomic.Int64), t: b}
	w.now.Store(monday.UnixNano())
	w.Directory = w.replica(nil)
	admin := w.firstAdministrator()
	for name, d := range map[string]*identity.Directory{"known": w.Directory, "read": w.replica(func(s *identity.Settings) { s.CacheFor = -1 })} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Identify(context.Background(), admin.Token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
