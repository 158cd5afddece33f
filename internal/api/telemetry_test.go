package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"diapason/internal/api"
)

func TestWhoMaySendAndReadMetrics(t *testing.T) {
	s := hospital(t).as("lea", "service-level-manager").as("chantal", "customer-representative@customer/regional-hospital")
	const writing, reading = "a-token-that-writes-samples", "a-token-that-reads-metrics"
	for _, c := range []struct {
		name         string
		open         bool
		method, path string
		host, login  string
		token, basic string
		status       int
	}{
		{"nobody sends without a token", false, "POST", "/api/v1/write", "", "", "", "", 401},
		{"a session does not send", false, "POST", "/api/v1/write", "", "lea", "", "", 401},
		{"a token for reading does not send", false, "POST", "/api/v1/write", "", "", reading, "", 401},
		{"a token sends", false, "POST", "/api/v1/write", "", "", writing, "", 204},
		{"a token sends as a password", false, "POST", "/api/v1/write", "", "", "", writing, 204},
		{"a token sends by OTLP", false, "POST", "/api/v1/otlp/v1/metrics", "", "", writing, "", 204},
		{"a stranger does not read", false, "GET", "/prometheus/api/v1/query", "", "", "", "", 401},
		{"a token for sending does not read", false, "GET", "/prometheus/api/v1/query", "", "", writing, "", 401},
		{"a token reads", false, "POST", "/prometheus/api/v1/query", "", "", reading, "", 200},
		{"who may read the model reads", false, "GET", "/prometheus/api/v1/query", "", "lea", "", "", 200},
		{"a wrong token is refused though somebody has signed in", false, "GET", "/prometheus/api/v1/query", "", "lea", "wrong", "", 401},
		{"a customer does not read", false, "GET", "/prometheus/api/v1/query", "", "chantal", "", "", 401},
		{"the example is open on this machine", true, "POST", "/api/v1/write", "127.0.0.1:8321", "", "", "", 204},
		{"the example is open for reading too", true, "GET", "/prometheus/api/v1/query", "localhost:8321", "", "", "", 200},
		{"the example is closed under another name", true, "POST", "/api/v1/write", "attacker.example", "", "", "", 401},
		{"the example shows nothing under another name", true, "GET", "/prometheus/api/v1/query", "attacker.example:8321", "", "", "", 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := api.Options{App: s.app, Telemetry: &api.Telemetry{
				Write:      http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }),
				Query:      http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }),
				WritePaths: []string{"/api/v1/write", "/api/v1/otlp/v1/metrics"}, QueryPrefix: "/prometheus", Open: c.open,
				MayWrite: func(token string) bool { return token == writing }, MayRead: func(token string) bool { return token == reading },
			}}
			r := httptest.NewRequest(c.method, c.path, strings.NewReader("samples"))
			if c.host != "" {
				r.Host = c.host
			}
			if c.token != "" {
				r.Header.Set("Authorization", "Bearer "+c.token)
			}
			if c.basic != "" {
				r.SetBasicAuth("sender", c.basic)
			}
			if c.login != "" {
				r.AddCookie(s.cookies[c.login])
			}
			w := httptest.NewRecorder()
			api.New(o).ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("%d, want %d: %s", w.Code, c.status, w.Body)
			}
		})
	}
}
