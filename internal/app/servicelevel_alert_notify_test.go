package app

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/notify"
	"diapason/internal/notify/notifytest"
	"diapason/internal/notify/settings"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
	ledgerpostgres "diapason/internal/store/ledger/postgres"
	ledgersqlite "diapason/internal/store/ledger/sqlite"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/postgres"
	"diapason/internal/store/sqlite"
)

var toldShop = strings.Replace(measured, "fr: Boutique}", "fr: Boutique}, owner: team/ops", 1) + "---" + strings.Replace(watchedShop, "type: sla", "type: sla\n  customer: customer/emergency", 1) + `---
apiVersion: diapason/v1
kind: Team
metadata: {name: ops}
spec: {members: [person/jeanne, person/marc, person/paul]}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: jeanne}
spec: {email: jeanne@example.org}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: marc}
spec: {phone: "1"}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: paul}
spec: {email: paul@example.org, left: 2020-01-01}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: clara}
spec: {email: clara@example.org}
---
apiVersion: diapason/v1
kind: Customer
metadata: {name: emergency}
spec: {representative: person/clara}
`

// toldWorld is a world whose alerts are sent, on one of the databases.
type toldWorld struct {
	*world
	clock  time.Time
	server *server
	value  func(time.Time) float64
	mail   *notifytest.Mail
	hook   *hook
	second func() *App // another server on the same database
}

// hook is a receiver of webhooks.
type hook struct {
	mu     sync.Mutex
	status int
	events []map[string]any
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var e map[string]any
	_ = json.NewDecoder(r.Body).Decode(&e)
	if h.status == 0 {
		h.events = append(h.events, e)
		return
	}
	w.WriteHeader(h.status)
}

func (h *hook) answer(status int) { h.mu.Lock(); h.status = status; h.mu.Unlock() }

// took lists the types of the events, and the identifiers that came more than once.
func (h *hook) took() (types, twice []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[any]bool{}
	for _, e := range h.events {
		data := e["data"].(map[string]any)
		types = append(types, fmt.Sprint(e["type"], " ", data["severity"]))
		if seen[e["id"]] {
			twice = append(twice, fmt.Sprint(e["id"]))
		}
		seen[e["id"]] = true
	}
	return types, twice
}

func onBothDatabases(t *testing.T, test func(t *testing.T, w *toldWorld)) {
	t.Run("SQLite", func(t *testing.T) {
		folder := t.TempDir()
		st, err := sqlite.Open(t.Context(), folder, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		l, err := ledgersqlite.Open(t.Context(), folder, ledgersqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		test(t, newToldWorld(t, st, l, nil))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		url := pgtest.URL(t)
		open := func() (store.Store, ledger.Ledger) {
			st, err := postgres.Open(t.Context(), url, postgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			l, err := ledgerpostgres.Open(t.Context(), url, ledgerpostgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return st, l
		}
		st, l := open()
		test(t, newToldWorld(t, st, l, open))
	})
}

func newToldWorld(t *testing.T, st store.Store, l ledger.Ledger, again func() (store.Store, ledger.Ledger)) *toldWorld {
	w := &toldWorld{clock: time.Date(2027, 3, 12, 10, 0, 0, 0, time.UTC), value: func(time.Time) float64 { return 1 }, mail: notifytest.Start(t, notifytest.Options{}), hook: &hook{}}
	receiver := httptest.NewServer(w.hook)
	t.Cleanup(receiver.Close)
	read, problems := settings.Read("notify.yaml", fmt.Appendf(nil, `
url: https://diapason.example.org
channels:
- name: mail
  type: email
  server: %s
  encryption: none
  from: diapason@example.org
  alerts:
  - {to: [owner, service-level-manager, person/nobody]}
  - {to: [customer, oncall@example.org], severities: [page]}
- {name: hook, type: webhook, url: %q, perMinute: 6000}
`, w.mail.Address, receiver.URL))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	channels, problems := read.Open()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w.server = &server{answers: map[string]func(time.Time) float64{"up{shop}": func(at time.Time) float64 { return w.value(at) }}}
	open := func(st store.Store, l ledger.Ledger) (*App, *identity.Directory) {
		dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Open(t.Context(), Options{Store: st, Directory: dir, On: today, Ledger: l, Channels: channels, Now: func() time.Time { return w.clock }})
		if err != nil {
			t.Fatal(err)
		}
		a.evidence.metrics = w.server // without the recorder, which would read the clock beside the test
		t.Cleanup(func() { a.Close(); l.Close(); st.Close() })
		return a, dir
	}
	a, dir := open(st, l)
	w.world = &world{a, t, dir, t.Context()}
	w.second = func() *App { x, _ := open(again()); return x }
	if again == nil {
		w.second = func() *App { return a }
	}
	if err := a.Restore(w.ctx, identity.Operator(), w.objects(toldShop), "promise"); err != nil {
		t.Fatal(err)
	}
	for _, n := range []struct{ login, language, person, grant string }{
		{"jeanne", "fr", "person/jeanne", "service-owner"},
		{"slm@example.org", "en", "", "service-level-manager"},
		{"other@example.org", "en", "", "service-level-manager@service/mail"},
	} {
		grant, err := identity.ParseGrant("", n.grant)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dir.CreateAccount(w.ctx, identity.ByOperator, "test", identity.NewAccount{Login: n.login, Name: n.login, Language: n.language, Person: n.person, Grants: []identity.Grant{grant}}); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// outage lets the service fail for some minutes, watched at their end.
func (w *toldWorld) outage(watch *alertWatch, d time.Duration) {
	w.t.Helper()
	down, before := w.clock, w.value
	w.value = func(at time.Time) float64 {
		if at.After(down) {
			return 0
		}
		return before(at)
	}
	w.watch(watch, d)
}

func (w *toldWorld) watch(watch *alertWatch, d time.Duration) {
	w.t.Helper()
	w.clock = w.clock.Add(d)
	if err := watch.pass(w.ctx, d); err != nil {
		w.t.Fatal(err)
	}
}

// send lets a server send what is due through every channel.
func (w *toldWorld) send(a *App) {
	w.t.Helper()
	for i := range a.channels.List {
		if err := newSending(a, &a.channels.List[i]).pass(w.ctx); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *toldWorld) deliveries() *Deliveries {
	w.t.Helper()
	d, err := w.Deliveries(w.ctx, w.actor("root"+freshID()[:6], "administrator"), language.EN)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func textOf(t *testing.T, l notifytest.Letter) (subject, text string) {
	t.Helper()
	subject, err := new(mime.WordDecoder).DecodeHeader(l.Headers.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(l.Body)))
	if err != nil {
		t.Fatal(err)
	}
	return subject, strings.ReplaceAll(string(body), "\u00a0", " ")
}

func TestEverybodyConcernedIsToldOnceInHisLanguage(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, w *toldWorld) {
		watch := newAlertWatch(w.App)
		w.watch(watch, time.Minute)
		w.outage(watch, 6*time.Minute)
		w.send(w.App)
		letters := w.mail.Await(t, 4)
		slices.SortFunc(letters, func(x, y notifytest.Letter) int { return strings.Compare(x.To, y.To) })
		var to []string
		for _, l := range letters {
			to = append(to, l.To)
		}
		if strings.Join(to, " ") != "clara@example.org jeanne@example.org oncall@example.org slm@example.org" {
			t.Fatal(to)
		}
		subject, text := textOf(t, letters[1])
		if subject != "Alertes de niveau de service : 2 en cours" || !strings.Contains(text, "consomme le budget d'erreur") || !strings.Contains(text, "promesse est rompue le 12 mars 2027") || !strings.Contains(text, "responsable du service") || !strings.Contains(text, "https://diapason.example.org/service-levels/alerts") {
			t.Errorf("%q\n%s", subject, text)
		}
		subject, text = textOf(t, letters[0])
		if subject != "Urgent: Shop uses its error budget too fast (up)" || !strings.Contains(text, "at this rate the promise breaks on") || !strings.Contains(text, "/service-levels/objective?id=agreement%2Fsilver%23up%23service%2Fshop") || !strings.Contains(text, "speak for the customer") {
			t.Errorf("%q\n%s", subject, text)
		}
		if types, twice := w.hook.took(); len(twice) > 0 || strings.Join(types, ", ") != "diapason.alert.firing page, diapason.alert.firing ticket" && strings.Join(types, ", ") != "diapason.alert.firing ticket, diapason.alert.firing page" {
			t.Error(types, twice)
		}
		// Nothing new, and a server that begins anew: nobody is told again.
		w.watch(newAlertWatch(w.App), time.Minute)
		w.send(w.second())
		if n := len(w.mail.Letters()); n != 4 {
			t.Errorf("%d e-mails", n)
		}
		if d := w.deliveries(); d.Waiting != 0 || d.Dead != 0 || len(d.Items) != 6 || d.Channels[0].Sent != 4 || d.Channels[0].Taken.IsZero() {
			t.Errorf("%+v", d)
		}
	})
}

func TestWhatWaitsSurvivesAKilledServerAndAReceiverThatIsDown(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, w *toldWorld) {
		watch := newAlertWatch(w.App)
		w.watch(watch, time.Minute)
		w.outage(watch, 6*time.Minute)
		first, err := w.dueMessages(w.ctx, "hook", w.now(), 10)
		if err != nil || len(first) != 1 {
			t.Fatal("of one receiver the oldest alone is due", first, err)
		}
		if ok, err := w.claim(w.ctx, &first[0], w.now().Add(claimPeriod)); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if ok, _ := w.claim(w.ctx, &queued{Message: first[0].Message, due: w.clock}, w.now().Add(claimPeriod)); ok {
			t.Error("two servers took the same message")
		}
		other := w.second() // the first was killed before it had sent
		w.send(other)
		if types, _ := w.hook.took(); len(types) != 0 {
			t.Error("sent while another had it:", types)
		}
		w.clock = w.clock.Add(claimPeriod)
		w.hook.answer(http.StatusServiceUnavailable)
		w.send(other)
		d := w.deliveries()
		hook := d.Channels[1]
		if hook.Failures != 1 || !strings.Contains(hook.Problem, "asked again later") || hook.Waiting != 2 {
			t.Errorf("%+v", hook)
		}
		w.hook.answer(0)
		w.send(other) // too early
		if types, _ := w.hook.took(); len(types) != 0 {
			t.Error("not left alone:", types)
		}
		// The alert is over before anybody could be told: it is told in order.
		up := w.clock
		w.value = func(at time.Time) float64 {
			if at.After(up) {
				return 1
			}
			return 0
		}
		for range 6 {
			w.watch(watch, 5*time.Minute)
		}
		w.send(other)
		types, twice := w.hook.took()
		if len(twice) > 0 || len(types) < 3 || !slices.Contains(types, "diapason.alert.resolved page") || slices.Index(types, "diapason.alert.firing page") > slices.Index(types, "diapason.alert.resolved page") {
			t.Error(types, twice)
		}
	})
}

func TestDeadLettersAreShownAndCanBeSentAgain(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, w *toldWorld) {
		post := func(id string) {
			t.Helper()
			if err := w.Post(w.ctx, Outgoing{Channel: "hook", Message: notify.Message{ID: id, Type: notify.TypeReport, Time: w.now(), Subject: "March " + id}}); err != nil {
				t.Fatal(err)
			}
		}
		post("r1")
		post("r1") // the same is not sent twice
		w.hook.answer(http.StatusUnprocessableEntity)
		w.send(w.App)
		d := w.deliveries()
		if d.Dead != 1 || len(d.Items) != 1 || d.Items[0].State != "dead" || d.Items[0].Subject != "March r1" || !strings.Contains(d.Items[0].Problem, "refuses the message: 422") {
			t.Fatalf("%+v", d)
		}
		if err := w.Redeliver(w.ctx, w.actor("reader", "service-owner"), "r1"); err == nil {
			t.Error("anybody may send again")
		}
		root := w.actor("root", "administrator")
		if err := w.Redeliver(w.ctx, root, "r1"); err != nil {
			t.Fatal(err)
		}
		w.hook.answer(0)
		w.send(w.App)
		if d = w.deliveries(); d.Dead != 0 || d.Items[0].State != "sent" {
			t.Errorf("%+v", d.Items)
		}
		if err := w.Discard(w.ctx, root, "r1"); err == nil {
			t.Error("what was sent cannot be discarded")
		}
		// While the channel takes nothing for a day, what waited is given up.
		post("r2")
		w.hook.answer(http.StatusServiceUnavailable)
		w.send(w.App)
		w.clock = w.clock.Add(25 * time.Hour)
		post("r3")
		w.send(w.App)
		if d = w.deliveries(); d.Dead != 1 || d.Waiting != 1 || d.Items[0].ID != "r2" {
			t.Errorf("%+v", d.Items)
		}
		// A clock that is put back holds nothing up.
		w.hook.answer(0)
		w.clock = w.clock.Add(-30 * 24 * time.Hour)
		w.send(w.App)
		if d = w.deliveries(); d.Waiting != 0 {
			t.Errorf("%+v", d.Items)
		}
		if err := w.prune(w.ctx, w.clock.Add(200*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if d = w.deliveries(); len(d.Items) != 0 {
			t.Errorf("%+v", d.Items)
		}
	})
}
