package alertmanager_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"diapason/internal/notify"
	"diapason/internal/notify/alertmanager"
	"diapason/internal/notify/notifytest"
	"diapason/internal/notify/outgoing"
)

func channel(t *testing.T, address string) *alertmanager.Channel {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := alertmanager.New(alertmanager.Options{Options: outgoing.Options{URL: u}, Source: "https://diapason.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func alert(now time.Time) notify.Alert {
	return notify.Alert{
		ID: "a1", State: "firing", Kind: "burn", Severity: "page", Agreement: "agreement/gold", Customer: "customer/emergency", Service: "service/shop", Target: "up",
		Since: now.Add(-10 * time.Minute), Breach: now.Add(48 * time.Hour), Subject: "Shop uses its error budget too fast", Text: "At this rate the promise breaks on 14 March.",
	}
}

// TestARealAlertmanagerTakesAlertsAndTellsOfThem routes by the label that exported rules
// carry, is told of an alert until it is over, and tells a receiver both.
func TestARealAlertmanagerTakesAlertsAndTellsOfThem(t *testing.T) {
	heard := make(chan string, 8)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard <- string(body)
	}))
	defer receiver.Close()
	base := notifytest.Alertmanager(t, fmt.Sprintf(`
route: {receiver: none, routes: [{matchers: ['sloth_severity="page"'], receiver: pager, group_wait: 0s, group_interval: 1s}]}
receivers: [{name: none}, {name: pager, webhook_configs: [{url: %q, send_resolved: true}]}]
`, receiver.URL))
	c := channel(t, base+"/api/v2/alerts")
	now := time.Now()
	a := alert(now)
	for range 2 { // told again, it is the same alert
		if err := c.Post(t.Context(), now, []notify.Alert{a}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.Get(base + "/api/v2/alerts")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var got []struct {
		Labels, Annotations map[string]string
		EndsAt, StartsAt    time.Time
		GeneratorURL        string
	}
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if x := got[0]; x.Labels["sloth_id"] != "shop-up" || x.Labels["customer"] != "emergency" || x.Labels["alertname"] != alertmanager.NameBurn || x.Annotations["summary"] != a.Text || !x.StartsAt.Equal(a.Since.Truncate(time.Millisecond)) && !x.StartsAt.Equal(a.Since) || x.EndsAt.Sub(now).Round(time.Second) != alertmanager.Lasts || !strings.HasPrefix(x.GeneratorURL, "https://diapason.example.org/") {
		t.Errorf("%+v", x)
	}
	if said := <-heard; !strings.Contains(said, `"status":"firing"`) || !strings.Contains(said, "breaks on 14 March") {
		t.Errorf("heard %s", said)
	}
	a.State, a.Until = "resolved", now
	if err := c.Post(t.Context(), now, []notify.Alert{a}); err != nil {
		t.Fatal(err)
	}
	select {
	case said := <-heard:
		if !strings.Contains(said, `"status":"resolved"`) {
			t.Errorf("heard %s", said)
		}
	case <-time.After(20 * time.Second):
		t.Error("nobody heard that it is over")
	}
	if err := c.Post(t.Context(), now, nil); err != nil {
		t.Error("nothing to tell:", err)
	}
}

func TestAnAlertKeepsItsLabelsAndNeverEndsBeforeItBegins(t *testing.T) {
	var sent [][]map[string]any
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var list []map[string]any
		_ = json.NewDecoder(r.Body).Decode(&list)
		sent = append(sent, list)
	}))
	defer server.Close()
	now := time.Date(2027, 3, 12, 10, 0, 0, 0, time.UTC)
	early := alert(now)
	early.State, early.Until = "resolved", early.Since.Add(-time.Hour) // the clock was put back
	many := make([]notify.Alert, 300)
	for i := range many {
		many[i] = alert(now)
	}
	many[0] = early
	if err := channel(t, server.URL).Post(t.Context(), now, many); err != nil {
		t.Fatal(err)
	}
	if len(sent) != 2 || len(sent[0]) != 256 || len(sent[1]) != 44 {
		t.Fatal(len(sent))
	}
	if x := sent[0][0]; x["startsAt"] != x["endsAt"] {
		t.Errorf("%v", x)
	}
	blind := notify.Alert{Kind: "not-measured", Severity: "ticket", Service: "service/shop", Agreement: "contract/hosting"}
	if l := alertmanager.Labels(&blind); l["alertname"] != alertmanager.NameBlind || len(l) != 6 {
		t.Errorf("%v", l)
	}
}
