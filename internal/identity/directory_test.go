package identity_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/store"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/postgres"
	"diapason/internal/store/sqlite"
)

var (
	monday = time.Date(2027, 3, 8, 8, 0, 0, 0, time.UTC)
	office = identity.Origin{Address: netip.MustParseAddr("192.0.2.10"), Agent: "Firefox"}
	cafe   = identity.Origin{Address: netip.MustParseAddr("198.51.100.7"), Agent: "Chrome"}
)

const (
	sentence = "le chat dort sous la table"
	another  = "la table est sous le chat"
)

// world is a directory on a real store, with a clock that tests move.
type world struct {
	*identity.Directory
	store store.Store
	now   *atomic.Int64
	t     testing.TB
}

func (w world) wait(d time.Duration) { w.now.Add(int64(d)) }
func (w world) time() time.Time      { return time.Unix(0, w.now.Load()).UTC() }

// replica is another server on the same store.
func (w world) replica(change func(*identity.Settings)) *identity.Directory {
	w.t.Helper()
	// Far too weak for real passwords: these tests hash by the hundred.
	s := identity.Settings{Hash: identity.Argon2{Memory: 64, Time: 1, Threads: 1}}
	if change != nil {
		change(&s)
	}
	d, err := identity.NewDirectory(w.store, s, w.time)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// onBothStores runs a test on a fresh, empty SQLite and PostgreSQL store.
func onBothStores(t *testing.T, run func(t *testing.T, w world)) {
	start := func(t *testing.T, s store.Store, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		w := world{store: s, now: new(atomic.Int64), t: t}
		w.now.Store(monday.UnixNano())
		w.Directory = w.replica(nil)
		run(t, w)
		differences, err := w.Verify(context.Background())
		if err != nil || len(differences) > 0 {
			t.Errorf("tables and log disagree: %v %v", differences, err)
		}
	}
	t.Run("SQLite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
		start(t, s, err)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		s, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{})
		start(t, s, err)
	})
}

func wantCode(t testing.TB, err error, want identity.Code) {
	t.Helper()
	if identity.CodeOf(err) != want || want == "" && err != nil {
		t.Errorf("got %v, want %q", err, want)
	}
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// firstAdministrator starts the organisation.
func (w world) firstAdministrator() identity.Opened {
	w.t.Helper()
	link, ok, err := w.FirstAdministratorLink(context.Background())
	if err != nil || !ok {
		w.t.Fatal(ok, err)
	}
	return must[identity.Opened](w.t)(w.RegisterFirstAdministrator(context.Background(), link.Token,
		identity.Registration{Login: "Admin", Name: "Anne Admin", Password: sentence}, office))
}

// account creates an account that has a password.
func (w world) account(by, login string, grants ...string) identity.Opened {
	w.t.Helper()
	ctx := context.Background()
	n := identity.NewAccount{Login: login, Language: "fr", Person: "person/" + login}
	for _, text := range grants {
		n.Grants = append(n.Grants, must[identity.Grant](w.t)(identity.ParseGrant("", text)))
	}
	a := must[identity.Account](w.t)(w.CreateAccount(ctx, by, "arrival", n))
	link := must[identity.Link](w.t)(w.IssuePasswordLink(ctx, by, "arrival", a.ID))
	return must[identity.Opened](w.t)(w.SetPassword(ctx, link.Token, sentence, office))
}

func TestTheFirstAdministratorIsCreatedOnceThroughTheLastLink(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx := t.Context()
		if some := must[bool](t)(w.AnyAccount(ctx)); some {
			t.Error("an empty store has an account")
		}
		earlier, _, _ := w.FirstAdministratorLink(ctx)
		link, ok, err := w.FirstAdministratorLink(ctx)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		good := identity.Registration{Login: "admin", Name: "Anne", Password: sentence, Roles: []identity.Role{identity.RoleDesignCoordinator}}
		register := func(token identity.Token, r identity.Registration) error {
			_, err := w.RegisterFirstAdministrator(ctx, token, r, office)
			return err
		}
		wantCode(t, register(earlier.Token, good), identity.CodeLinkUnknown)
		wantCode(t, register("made-up", good), identity.CodeLinkUnknown)
		weak, strange := good, good
		weak.Password, strange.Login = "admin", "two words"
		wantCode(t, register(link.Token, weak), identity.CodeWeakPassword)
		wantCode(t, register(link.Token, strange), identity.CodeLoginInvalid)
		opened := must[identity.Opened](t)(w.RegisterFirstAdministrator(ctx, link.Token, good, office))
		wantCode(t, register(link.Token, good), identity.CodeLinkUsed)
		if _, ok, err := w.FirstAdministratorLink(ctx); ok || err != nil {
			t.Errorf("a second first administrator is invited: %v", err)
		}
		i := must[identity.Identified](t)(w.Identify(ctx, opened.Token))
		actor := i.Actor(w.time())
		if want := []identity.Role{identity.RoleDesignCoordinator, identity.RoleAdministrator}; !slices.Equal(actor.Roles(), want) {
			t.Errorf("the first administrator holds %v", actor.Roles())
		}
	})
}

func TestTheFirstAdministratorsLinkExpires(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		link, _, _ := w.FirstAdministratorLink(t.Context())
		w.wait(24 * time.Hour)
		_, err := w.RegisterFirstAdministrator(t.Context(), link.Token, identity.Registration{Login: "admin", Password: sentence}, office)
		wantCode(t, err, identity.CodeLinkExpired)
	})
}

func TestALinkUsedManyTimesAtOnceIsUsedOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, w world) {
		ctx := t.Context()
		race := func(use func(i int) error) {
			t.Helper()
			var wins atomic.Int64
			var group sync.WaitGroup
			for i := range 8 {
				group.Go(func() {
					err := use(i)
					if err == nil {
						wins.Add(1)
					} else if identity.CodeOf(err) != identity.CodeLinkUsed {
						t.Errorf("a loser got %v", err)
					}
				})
			}
			group.Wait()
			if wins.Load() != 1 {
				t.Errorf("%d of 8 used the link", wins.Load())
			}
		}
		first, _, _ := w.FirstAdministratorLink(ctx)
		race(func(i int) error {
			_, err := w.RegisterFirstAdministrator(ctx, first.Token, identity.Registration{Login: fmt.Sprintf("admin%d", i), Password: sentence}, office)
			return err
		})
		all := must[[]identity.Listed](t)(w.Accounts(ctx))
		if len(all) != 1 {
			t.Fatalf("there are %d accounts", len(all))
		}
		link := must[identity.Link](t)(w.IssuePasswordLink(ctx, all[0].ID, "", all[0].ID))
		race(func(i int) error {
			_, err := w.SetPassword(ctx, link.Token, fmt.Sprintf("%s %d", another, i), office)
			return err
		})
	})
}
