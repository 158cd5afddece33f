package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"diapason/internal/notify"
	"diapason/internal/notify/outgoing"
	"diapason/internal/notify/webhook"
)

const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// TestTheSignatureIsThatOfStandardWebhooks uses the example of its specification.
func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	if got := webhook.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
}

func channel(t *testing.T, address string) *webhook.Channel {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TEST_WEBHOOK_KEY", key)
	c, err := webhook.New(webhook.Options{Options: outgoing.Options{URL: u, Headers: map[string]string{"X-Team": "ops"}}, Key: notify.Secret{Env: "TEST_WEBHOOK_KEY"}, Source: "https://diapason.example.org", Now: func() time.Time { return time.Unix(1805000000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var message = notify.Message{
	ID: "0123abcd", Type: notify.TypeFiring, Time: time.Date(2027, 3, 12, 11, 6, 0, 0, time.FixedZone("", 3600)), Language: "fr", Subject: "Boutique", Text: "…", About: "service/shop", Path: "/service-levels/alerts",
	Alerts: []notify.Alert{{ID: "a1", State: "firing", Kind: "burn", Severity: "page", Agreement: "agreement/gold", Service: "service/shop", Target: "up", Since: time.Date(2027, 3, 12, 10, 6, 0, 0, time.UTC), Long: 3600, Factor: 14.4, LongRate: 97, Text: "à ce rythme"}},
}

func TestAnEventIsACloudEventThatTheReceiverCanVerify(t *testing.T) {
	var got *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	if err := channel(t, server.URL+"/hook?token=x").Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || got.URL.String() != "/hook?token=x" || got.Header.Get("Content-Type") != webhook.MediaType || got.Header.Get("X-Team") != "ops" {
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	}
	id, at := got.Header.Get("webhook-id"), got.Header.Get("webhook-timestamp")
	if id != message.ID || at != "1805000000" || got.Header.Get("webhook-signature") != "v1,"+webhook.Sign(key, id, at, body) {
		t.Errorf("%v", got.Header)
	}
	var e map[string]any
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]any{"specversion": "1.0", "id": "0123abcd", "source": "https://diapason.example.org", "type": "diapason.alert.firing", "subject": "service/shop", "time": "2027-03-12T10:06:00Z", "datacontenttype": "application/json"} {
		if e[k] != want {
			t.Errorf("%s is %v, want %v", k, e[k], want)
		}
	}
	data := e["data"].(map[string]any)
	if data["agreement"] != "agreement/gold" || data["longRate"] != 97.0 || data["language"] != "fr" || data["link"] != "https://diapason.example.org/service-levels/alerts" || data["text"] != "à ce rythme" {
		t.Errorf("%v", data)
	}
}

func TestWhatAReceiverAnswersIsJudged(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirection was followed") }))
	defer elsewhere.Close()
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   notify.Problem
	}{
		{"a redirection is not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, notify.Problem{Code: notify.Redirected, Whole: true}},
		{"what is refused for good is final", status(http.StatusUnprocessableEntity), notify.Problem{Code: notify.Refused, Final: true}},
		{"an address that is gone is final", status(http.StatusGone), notify.Problem{Code: notify.Refused, Final: true}},
		{"a login that is refused concerns the whole channel", status(http.StatusUnauthorized), notify.Problem{Code: notify.Login, Whole: true}},
		{"a receiver that has too much says for how long", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}, notify.Problem{Code: notify.Busy, Whole: true, After: 2 * time.Minute}},
		{"a pause without sense is not taken", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "99999999999999999999")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, notify.Problem{Code: notify.Busy, Whole: true}},
		{"a failure of the receiver is tried again", status(http.StatusInternalServerError), notify.Problem{Code: notify.Busy}},
		{"an endless answer is cut", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("\x1b[31m", 1000)); err != nil {
					return
				}
			}
		}, notify.Problem{Code: notify.Busy}},
		{"endless headers are cut", func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				w.Header().Add("X-Long", strings.Repeat("x", 10_000))
			}
		}, notify.Problem{Code: notify.Unreachable, Whole: true}},
		{"a receiver that does not answer is left", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}, notify.Problem{Code: notify.Timeout, Whole: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(tt.answer)
			defer server.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			var p *notify.Problem
			if err := channel(t, server.URL).Send(ctx, message); !errors.As(err, &p) {
				t.Fatal(err)
			}
			if p.Code != tt.want.Code || p.Final != tt.want.Final || p.Whole != tt.want.Whole || p.After != tt.want.After || len(p.Detail) > 400 || strings.ContainsRune(p.Detail, '\x1b') {
				t.Errorf("%+v, want %+v", p, tt.want)
			}
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestAKeyThatIsGoneStopsTheChannel(t *testing.T) {
	server := httptest.NewServer(status(http.StatusOK))
	defer server.Close()
	c := channel(t, server.URL)
	t.Setenv("TEST_WEBHOOK_KEY", "")
	var p *notify.Problem
	if err := c.Send(t.Context(), message); !errors.As(err, &p) || p.Code != notify.NoSecret || !p.Whole {
		t.Error(err)
	}
}
