package remote_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diapason/internal/telemetry"
	"diapason/internal/telemetry/embedded"
	"diapason/internal/telemetry/promtest"
	"diapason/internal/telemetry/remote"
)

func connect(t *testing.T, o remote.Options) *remote.Server {
	t.Helper()
	s, err := remote.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// measured are a counter of two instances, one of which restarts, and a gauge, from 90
// minutes ago; off the full minute, because Prometheus 3 takes the start of a window out
// of it and Prometheus 2 does not.
func measured(now time.Time) []telemetry.Sample {
	var out []telemetry.Sample
	start := now.Add(-90 * time.Minute)
	for i := range 180 {
		when := start.Add(time.Duration(i)*30*time.Second + 7*time.Second)
		restarted := float64(i * 30)
		if i > 100 {
			restarted = float64((i - 100) * 30)
		}
		out = append(out,
			telemetry.Sample{Labels: map[string]string{"__name__": "requests_total", "instance": "a", "code": "200"}, At: when, Value: float64(i * 45)},
			telemetry.Sample{Labels: map[string]string{"__name__": "requests_total", "instance": "b", "code": "500"}, At: when, Value: restarted},
			telemetry.Sample{Labels: map[string]string{"__name__": "load", "instance": "a"}, At: when, Value: math.Sin(float64(i) / 7)})
	}
	return out
}

func TestTheEmbeddedEngineAnswersAsAPrometheusDoes(t *testing.T) {
	url := promtest.Start(t, "--query.max-samples=500000")
	now := time.Now().Truncate(time.Minute)
	samples := measured(now)
	promtest.Write(t, url, samples)
	there := connect(t, remote.Options{URL: url})
	here, err := embedded.Open(embedded.Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	if refused, err := here.Append(context.Background(), samples); err != nil || refused > 0 {
		t.Fatal(refused, err)
	}
	engine, err := there.Engine(context.Background())
	if err != nil || engine.Name != "prometheus" || !strings.Contains(engine.Version, ".") || engine.Where != url {
		t.Errorf("%+v, %v", engine, err)
	}
	for _, expression := range []string{
		`sum(increase(requests_total[1m]))`,
		`sum(rate(requests_total{code!~"5.."}[5m])) / sum(rate(requests_total[5m]))`,
		`1 - avg_over_time(load[10m])`, `load > 0.5`, `max_over_time(load[3m])`, `count(requests_total)`,
		`absent(nothing)`, `quantile_over_time(0.95, load[15m])`, `max_over_time(load[3590s:5m])`,
		`resets(requests_total{instance="b"}[1h])`, `load offset 10m`, `vector(1)`, `0 * load / 0`, `nothing`, `1 / 0`,
	} {
		t.Run(expression, func(t *testing.T) {
			a, err := here.Range(context.Background(), expression, now.Add(-80*time.Minute), now, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			b, err := there.Range(context.Background(), expression, now.Add(-80*time.Minute), now, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Points) != len(b.Points) {
				t.Fatalf("%d points here, %d there", len(a.Points), len(b.Points))
			}
			for i, p := range a.Points {
				q := b.Points[i]
				if !p.At.Equal(q.At) || math.Abs(p.Value-q.Value) > 1e-9*math.Max(1, math.Abs(q.Value)) && !(math.IsNaN(p.Value) && math.IsNaN(q.Value)) {
					t.Fatalf("%v here, %v there", p, q)
				}
			}
		})
	}
	t.Run("a year in minutes is asked for in pieces", func(t *testing.T) {
		a, err := there.Range(context.Background(), "max(load)", now.AddDate(0, 0, -30), now, time.Minute)
		if err != nil || len(a.Points) < 80 {
			t.Errorf("%d points, %v", len(a.Points), err)
		}
	})
	for expression, want := range map[string]error{
		"sum(": telemetry.ErrExpression, "requests_total + on() requests_total": telemetry.ErrExpression,
		"requests_total": telemetry.ErrManySeries, `"text"`: telemetry.ErrExpression,
		"max_over_time(vector(1)[300d:1s])": telemetry.ErrLimit,
	} {
		if _, err := there.Range(context.Background(), expression, now.Add(-time.Hour), now, time.Minute); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", expression, err, want)
		}
	}
}

func TestAServerThatIsDownIsUnavailable(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	s := connect(t, remote.Options{URL: gone.URL})
	if _, err := s.Range(context.Background(), "up", time.Unix(0, 0), time.Unix(60, 0), time.Minute); !errors.Is(err, telemetry.ErrUnavailable) {
		t.Error(err)
	}
	if _, err := s.Engine(context.Background()); !errors.Is(err, telemetry.ErrUnavailable) {
		t.Error(err)
	}
}

const good = `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"a"},"values":[[1000,"1"],[1060,"0.5"]]}]}}`

// answering stands in for a server: it gives its version and one answer.
func answering(t *testing.T, status int, kind, body string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/buildinfo") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"status":"success","data":{"version":"2.55.1"}}`)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestNonsenseIsNoAnswer(t *testing.T) {
	matrix := func(result string) string {
		return `{"status":"success","data":{"resultType":"matrix","result":` + result + `}}`
	}
	values := func(v string) string { return matrix(`[{"metric":{},"values":[` + v + `]}]`) }
	for _, c := range []struct {
		name       string
		status     int
		kind, body string
		want       error
	}{
		{"an answer as it should be", 200, "application/json", good, nil},
		{"an answer with warnings and parts unknown today", 200, "application/json; charset=utf-8", `{"status":"success","warnings":["w"],"infos":["i"],"new":1,` + good[len(`{"status":"success",`):], nil},
		{"no series", 200, "application/json", matrix("[]"), nil},
		{"infinity and not a number", 200, "application/json", values(`[1000,"+Inf"],[1060,"NaN"]`), nil},
		{"a page of HTML", 200, "text/html", "<html>Sign in</html>", telemetry.ErrNonsense},
		{"a page of HTML that calls itself JSON", 200, "application/json", "<html>Sign in</html>", telemetry.ErrNonsense},
		{"nothing at all", 200, "application/json", "", telemetry.ErrNonsense},
		{"another JSON", 200, "application/json", `{"hello":"world"}`, telemetry.ErrNonsense},
		{"a list", 200, "application/json", `[]`, telemetry.ErrNonsense},
		{"JSON cut off", 200, "application/json", good[:60], telemetry.ErrNonsense},
		{"success without data", 200, "application/json", `{"status":"success"}`, telemetry.ErrNonsense},
		{"a vector", 200, "application/json", `{"status":"success","data":{"resultType":"vector","result":[]}}`, telemetry.ErrNonsense},
		{"success with status 500", 500, "application/json", good, telemetry.ErrNonsense},
		{"a value that is a number without quotes", 200, "application/json", values(`[1000,1]`), telemetry.ErrNonsense},
		{"a value that is no number", 200, "application/json", values(`[1000,"up"]`), telemetry.ErrNonsense},
		{"a sample of three parts", 200, "application/json", values(`[1000,"1","2"]`), telemetry.ErrNonsense},
		{"instants beside those asked about", 200, "application/json", values(`[1010,"1"]`), telemetry.ErrNonsense},
		{"instants before those asked about", 200, "application/json", values(`[940,"1"]`), telemetry.ErrNonsense},
		{"instants after those asked about", 200, "application/json", values(`[1180,"1"]`), telemetry.ErrNonsense},
		{"one instant twice", 200, "application/json", values(`[1000,"1"],[1000,"1"]`), telemetry.ErrNonsense},
		{"instants out of order", 200, "application/json", values(`[1060,"1"],[1000,"1"]`), telemetry.ErrNonsense},
		{"an instant beyond all time", 200, "application/json", values(`[1e300,"1"]`), telemetry.ErrNonsense},
		{"two series", 200, "application/json", matrix(`[{"metric":{"a":"1"},"values":[]},{"metric":{"a":"2"},"values":[]}]`), telemetry.ErrManySeries},
		{"histograms", 200, "application/json", matrix(`[{"metric":{},"histograms":[[1000,{}]]}]`), telemetry.ErrExpression},
		{"bad gateway", 502, "text/html", "<html>Bad gateway</html>", telemetry.ErrUnavailable},
		{"not found", 404, "text/plain", "404 page not found", telemetry.ErrNonsense},
		{"wrong credentials", 401, "text/plain", "Unauthorized", telemetry.ErrUnavailable},
		{"no right", 403, "application/json", `{"status":"error","errorType":"x","error":"y"}`, telemetry.ErrUnavailable},
		{"asked too often", 429, "text/plain", "slow down", telemetry.ErrUnavailable},
		{"a redirect to a sign-in", 302, "text/html", "", telemetry.ErrNonsense},
		{"an expression it does not understand", 400, "application/json", `{"status":"error","errorType":"bad_data","error":"parse error"}`, telemetry.ErrExpression},
		{"too many samples", 422, "application/json", `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory in query execution"}`, telemetry.ErrLimit},
		{"timed out", 503, "application/json", `{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}`, telemetry.ErrLimit},
		{"out of order inside", 500, "application/json", `{"status":"error","errorType":"internal","error":"boom"}`, telemetry.ErrUnavailable},
		{"a parse error of VictoriaMetrics", 422, "application/json", `{"status":"error","errorType":"422","error":"unparsed data left"}`, telemetry.ErrExpression},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := connect(t, remote.Options{URL: answering(t, c.status, c.kind, c.body).URL})
			a, err := s.Range(context.Background(), "up", time.Unix(1000, 0), time.Unix(1120, 0), time.Minute)
			if c.want == nil && err != nil || !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if err != nil && len(a.Points) > 0 {
				t.Errorf("points with an error: %v", a.Points)
			}
			if a.Engine.Version != "2.55.1" {
				t.Errorf("%+v", a.Engine)
			}
		})
	}
}

func TestAnswersAreBoundedInSizeAndTime(t *testing.T) {
	mode := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch mode {
		case "huge":
			for range 1000 {
				if _, err := w.Write([]byte(strings.Repeat(" ", 64<<10))); err != nil {
					return
				}
			}
		case "drip":
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		case "silent":
			<-r.Context().Done()
		}
	}))
	defer s.Close()
	for m, want := range map[string]error{"huge": telemetry.ErrLimit, "drip": telemetry.ErrUnavailable, "silent": telemetry.ErrUnavailable} {
		mode = m
		started := time.Now()
		c := connect(t, remote.Options{URL: s.URL, Timeout: 500 * time.Millisecond, MaxBytes: 1 << 20})
		_, err := c.Range(context.Background(), "up", time.Unix(0, 0), time.Unix(60, 0), time.Minute)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", m, err)
		}
		if d := time.Since(started); d > 5*time.Second {
			t.Errorf("%s took %s", m, d)
		}
	}
}

func TestCredentialsAndTenantAreSent(t *testing.T) {
	var seen *http.Request
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"status":"success","data":{"application":"Grafana Mimir","version":"2.15.0"}}`)
	}))
	defer s.Close()
	folder := t.TempDir()
	token, ca := filepath.Join(folder, "token"), filepath.Join(folder, "ca.pem")
	for file, data := range map[string]string{token: "first\n", ca: pemOf(s)} {
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := connect(t, remote.Options{URL: s.URL + "/prometheus/", CA: ca, Token: remote.Secret{File: token}, Headers: map[string]string{"X-Scope-OrgID": "hospital"}})
	e, err := c.Engine(context.Background())
	if err != nil || e != (telemetry.Engine{Name: "mimir", Version: "2.15.0", Where: s.URL + "/prometheus"}) {
		t.Fatalf("%+v, %v", e, err)
	}
	if seen.URL.Path != "/prometheus/api/v1/status/buildinfo" || seen.Header.Get("Authorization") != "Bearer first" || seen.Header.Get("X-Scope-OrgID") != "hospital" {
		t.Errorf("%s %v", seen.URL, seen.Header)
	}
	if err := os.WriteFile(token, []byte("second"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Range(context.Background(), "up", time.Unix(0, 0), time.Unix(0, 0), time.Minute); err == nil || seen.Header.Get("Authorization") != "Bearer second" {
		t.Errorf("%v %v: a changed token is not taken", err, seen.Header)
	}
	c = connect(t, remote.Options{URL: s.URL, CA: ca, User: "reader", Password: remote.Secret{Value: "pass"}})
	if _, err := c.Engine(context.Background()); err != nil {
		t.Fatal(err)
	}
	if user, pass, ok := seen.BasicAuth(); !ok || user != "reader" || pass != "pass" {
		t.Error(user, pass)
	}
	c = connect(t, remote.Options{URL: s.URL})
	if _, err := c.Engine(context.Background()); !errors.Is(err, telemetry.ErrUnavailable) {
		t.Errorf("a certificate of an unknown authority: %v", err)
	}
	c = connect(t, remote.Options{URL: s.URL, CA: ca, Token: remote.Secret{File: filepath.Join(folder, "none")}})
	if _, err := c.Engine(context.Background()); !errors.Is(err, telemetry.ErrUnavailable) {
		t.Error(err)
	}
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		o    remote.Options
	}{
		{"no address", remote.Options{}},
		{"an address without a scheme", remote.Options{URL: "prometheus:9090"}},
		{"another scheme", remote.Options{URL: "ftp://prometheus"}},
		{"a password in the address", remote.Options{URL: "https://reader:hunter2@prometheus"}},
		{"a query in the address", remote.Options{URL: "https://prometheus?tenant=1"}},
		{"user and token", remote.Options{URL: "https://prometheus", User: "a", Token: remote.Secret{Value: "b"}}},
		{"a header on two lines", remote.Options{URL: "https://prometheus", Headers: map[string]string{"X-Tenant": "a\r\nHost: b"}}},
		{"a header that is not for the user", remote.Options{URL: "https://prometheus", Headers: map[string]string{"authorization": "Bearer hunter2"}}},
		{"certificates that are not there", remote.Options{URL: "https://prometheus", CA: "/nowhere.pem"}},
		{"certificates that are none", remote.Options{URL: "https://prometheus", CA: "server_test.go"}},
	} {
		_, err := remote.New(c.o)
		if err == nil {
			t.Errorf("%s is taken", c.name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error gives the password away: %v", c.name, err)
		}
	}
	if s := fmt.Sprintf("%v %+v %#v %s", remote.Secret{Value: "hunter2"}, remote.Options{Token: remote.Secret{Value: "hunter2"}}, remote.Secret{Value: "hunter2"}, remote.Secret{Value: "hunter2"}); strings.Contains(s, "hunter2") {
		t.Error("a printed secret is none: " + s)
	}
}

func pemOf(s *httptest.Server) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
}

func FuzzAnswersOfAServer(f *testing.F) {
	f.Add(good)
	f.Add(`{"status":"error","errorType":"bad_data","error":"x"}`)
	f.Add(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":null,"values":[[1000,"1e999"]]}]}}`)
	body := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	}))
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, answer string) {
		body = answer
		c, err := remote.New(remote.Options{URL: s.URL})
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Range(context.Background(), "up", time.Unix(1000, 0), time.Unix(1120, 0), time.Minute)
		if err != nil && len(a.Points) > 0 || len(a.Points) > 3 {
			t.Errorf("%v, %v", a.Points, err)
		}
	})
}
