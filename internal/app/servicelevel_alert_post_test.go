package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/notify/notifytest"
	"diapason/internal/notify/settings"
)

// TestAnAlertmanagerIsToldUntilAnAlertIsOver tells a real one, past a time in which it could
// not be reached.
func TestAnAlertmanagerIsToldUntilAnAlertIsOver(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, w *toldWorld) {
		base := notifytest.Alertmanager(t, "route: {receiver: none}\nreceivers: [{name: none}]\n")
		down := true
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if down {
				rw.WriteHeader(http.StatusBadGateway)
				return
			}
			body, _ := io.ReadAll(r.Body)
			answer, err := http.Post(base+r.URL.Path, r.Header.Get("Content-Type"), strings.NewReader(string(body)))
			if err != nil {
				rw.WriteHeader(http.StatusBadGateway)
				return
			}
			defer answer.Body.Close()
			rw.WriteHeader(answer.StatusCode)
			_, _ = io.Copy(rw, answer.Body)
		}))
		defer front.Close()
		read, problems := settings.Read("notify.yaml", fmt.Appendf(nil, "channels: [{name: am, type: alertmanager, url: %q, alerts: {severities: [page]}}]", front.URL))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		channels, _ := read.Open()
		sender := newSending(w.App, &channels.List[0])
		w.clock = time.Now().UTC().Truncate(time.Minute) // an Alertmanager knows its own clock only
		watch := newAlertWatch(w.App)
		w.watch(watch, 0)
		w.outage(watch, 6*time.Minute)
		standing := func() []string {
			t.Helper()
			answer, err := http.Get(base + "/api/v2/alerts")
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			var list []struct {
				Labels map[string]string
			}
			if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, x := range list {
				out = append(out, x.Labels["alertname"]+" "+x.Labels["sloth_id"]+" "+x.Labels["severity"]+" "+x.Labels["customer"])
			}
			return out
		}
		pass := func(wait time.Duration) {
			t.Helper()
			w.clock = w.clock.Add(wait)
			if err := sender.pass(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		pass(0)
		if s, err := w.channelStates(w.ctx); err != nil || s["am"].failures != 1 || len(standing()) != 0 {
			t.Error(s, err)
		}
		down = false
		pass(postEvery)
		if got := standing(); !slices.Equal(got, []string{"ErrorBudgetBurn shop-up page emergency"}) {
			t.Error(got)
		}
		if s, err := w.channelStates(w.ctx); err != nil || s["am"].failures != 0 || s["am"].taken.IsZero() {
			t.Error(s, err)
		}
		// It is over, at an instant that has passed for the Alertmanager too.
		firing, err := w.firingAlerts(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range firing {
			gone := *r
			gone.Ended = time.Now().UTC().Add(-time.Second)
			if err := watch.keepAlerts(w.ctx, w.clock, []alertChange{{record: gone, event: alertResolved}}); err != nil {
				t.Fatal(err)
			}
		}
		w.clock = time.Now().UTC()
		pass(0)
		if got := standing(); len(got) != 0 {
			t.Error("still stands:", got)
		}
	})
}

// TestWhatIsUnknownIsNeverDown has an agreement that counts unknown time as down: its
// report does, its alerts do not.
func TestWhatIsUnknownIsNeverDown(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, w *toldWorld) {
		strict := strings.Replace(watchedShop, "window: month,", "window: month, unknown: down,", 1)
		if err := w.Restore(w.ctx, identity.Operator(), w.objects(strict), "strict"); err != nil {
			t.Fatal(err)
		}
		watch := newAlertWatch(w.App)
		w.watch(watch, time.Minute)
		w.value = func(at time.Time) float64 { return absent }
		for range 12 {
			w.watch(watch, 5*time.Minute)
		}
		w.server.fails = fmt.Errorf("no answer")
		for range 12 {
			w.watch(watch, 5*time.Minute)
		}
		list, err := w.ServiceLevelAlerts(w.ctx, identity.Operator(), 1, language.EN)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			if x.Kind != alertBlind {
				t.Errorf("%+v", x)
			}
		}
		if len(list) != 1 {
			t.Errorf("%d alerts, want the one that nothing is measured", len(list))
		}
		// The clock jumps by a week: nothing is told of a time that nobody watched.
		w.server.fails = nil
		w.value = func(time.Time) float64 { return 1 }
		w.clock = w.clock.Add(7 * 24 * time.Hour)
		if err := watch.pass(w.ctx, time.Minute); err != nil {
			t.Fatal(err)
		}
		w.watch(watch, time.Minute)
		if list, err = w.ServiceLevelAlerts(w.ctx, identity.Operator(), 30, language.EN); err != nil || slices.ContainsFunc(list, func(x AlertView) bool { return x.State == alertFiring && x.Kind == alertBurn }) {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestAlertsThatAreOverAreForgottenInTheEnd(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, w *toldWorld) {
		watch := newAlertWatch(w.App)
		old := alertRecord{ID: "old", Rule: "r", Began: w.clock.Add(-2 * alertsHeld), alertBody: alertBody{Kind: alertBurn, Zone: "UTC", Agreement: w.ref("agreement/silver"), Service: w.ref("service/shop")}}
		if err := watch.keepAlerts(w.ctx, w.clock, []alertChange{{record: old, event: alertFiring}}); err != nil {
			t.Fatal(err)
		}
		long := old
		long.ID, long.Rule = "long", "s" // fires still, however old
		if err := watch.keepAlerts(w.ctx, w.clock, []alertChange{{record: long, event: alertFiring}}); err != nil {
			t.Fatal(err)
		}
		old.Ended = w.clock.Add(-alertsHeld - time.Hour)
		if err := watch.keepAlerts(w.ctx, w.clock, []alertChange{{record: old, event: alertResolved}}); err != nil {
			t.Fatal(err)
		}
		if err := w.prune(w.ctx, w.clock); err != nil {
			t.Fatal(err)
		}
		list, err := w.alertsSince(w.ctx, time.Time{}.AddDate(1970, 0, 0))
		if err != nil || len(list) != 1 || list[0].ID != "long" {
			t.Error(list, err)
		}
	})
}
