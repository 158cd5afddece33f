package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
	"diapason/internal/telemetry/remote"
)

// attacked is a metrics server that answers "all is well" in as many wrong ways as it is
// told: whoever takes any of them for an answer calls time good that nobody measured.
type attacked struct{ way atomic.Value }

func (s *attacked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	way, _ := s.way.Load().(string)
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/buildinfo") && way != "an address of something else" {
		fmt.Fprint(w, `{"status":"success","data":{"version":"2.55.1"}}`)
		return
	}
	start, _ := time.Parse(time.RFC3339, "1970-01-01T00:00:00Z")
	var from, to float64
	_, _ = fmt.Sscan(r.FormValue("start"), &from)
	_, _ = fmt.Sscan(r.FormValue("end"), &to)
	points := func(shift float64, value string) [][]any {
		var out [][]any
		for at := from; at <= to; at += 60 {
			out = append(out, []any{at + shift - float64(start.Unix()), value})
		}
		return out
	}
	matrix := func(series ...map[string]any) {
		_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "matrix", "result": series}})
	}
	one := func(values [][]any) map[string]any {
		return map[string]any{"metric": map[string]string{}, "values": values}
	}
	switch way {
	case "well":
		matrix(one(points(0, "1")))
	case "silence":
		<-r.Context().Done()
	case "a drip":
		for r.Context().Err() == nil {
			fmt.Fprint(w, " ")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	case "an answer that breaks off":
		w.Header().Set("Content-Length", "100000")
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]`)
	case "a page to sign in":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>Sign in</html>")
	case "a redirect":
		http.Redirect(w, r, "https://login.example/", http.StatusFound)
	case "a fault":
		w.WriteHeader(http.StatusInternalServerError)
	case "a fault with an answer":
		w.WriteHeader(http.StatusBadGateway)
		matrix(one(points(0, "1")))
	case "instants nobody asked about":
		matrix(one(points(30, "1")))
	case "the same instants in another year":
		matrix(one(points(365*86400, "1")))
	case "instants twice":
		matrix(one(append(points(0, "1"), points(0, "1")...)))
	case "numbers that are none":
		matrix(one(points(0, "NaN")))
	case "words for numbers":
		matrix(one(points(0, "up")))
	case "two series":
		matrix(one(points(0, "1")), map[string]any{"metric": map[string]string{"a": "b"}, "values": points(0, "0")})
	case "no series":
		matrix()
	case "a success that is an error":
		fmt.Fprint(w, `{"status":"error","errorType":"internal","error":"boom"}`)
	default:
		fmt.Fprint(w, "OK")
	}
}

// TestAMetricsServerThatIsAttackedLeavesTimeUnknown records a day and looks at the current
// one while the metrics server is down, slow, or answers nonsense: no minute is good, it is
// said why, and nobody who looks is kept waiting.
func TestAMetricsServerThatIsAttackedLeavesTimeUnknown(t *testing.T) {
	for way, why := range map[string]string{
		"down": reasonUnavailable, "silence": reasonUnavailable, "a drip": reasonUnavailable, "an answer that breaks off": reasonUnavailable, "a fault": reasonUnavailable,
		"a success that is an error": reasonUnavailable, "a page to sign in": reasonNonsense, "a redirect": reasonNonsense, "a fault with an answer": reasonNonsense,
		"instants nobody asked about": reasonNonsense, "the same instants in another year": reasonNonsense, "instants twice": reasonNonsense, "words for numbers": reasonNonsense,
		"another protocol": reasonNonsense, "an address of something else": reasonNonsense, "two series": reasonManySeries, "numbers that are none": "", "no series": "",
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			var s attacked
			s.way.Store("well")
			site := httptest.NewServer(&s)
			defer site.Close()
			client, err := remote.New(remote.Options{URL: site.URL, Timeout: 300 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			r := newRecording(t)
			r.metrics = client
			m := valued(1)
			r.pass([]measuredSeries{m}, thisDay-2, true)
			s.way.Store(way)
			if way == "down" {
				site.CloseClientConnections()
				site.Close()
			}
			r.pass([]measuredSeries{m}, thisDay-1, why == "")
			want := "-1.1"
			if why != "" {
				want += " [" + why + "]"
			}
			if got := r.days(m.name); !strings.HasSuffix(got, "-2.1 good 1440; "+want) {
				t.Errorf("recorded %q, want %q at the end", got, want)
			}
			started := time.Now()
			l, err := r.provisional(t.Context(), &m, thisDay)
			if err != nil || l.why != why {
				t.Fatalf("%+v, %v; want the reason %q", l, err, why)
			}
			for _, run := range l.day.Runs {
				if run.State != slo.Unknown {
					t.Errorf("%d minutes are %s", run.Minutes, run.State)
				}
			}
			if d := time.Since(started); d > 15*time.Second {
				t.Errorf("whoever looks waits %s", d)
			}
		})
	}
}

// TestWhatNobodyAnsweredIsShownSo reads the evidence of such a day as a person does.
func TestWhatNobodyAnsweredIsShownSo(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	site := httptest.NewServer(http.NotFoundHandler())
	client, err := remote.New(remote.Options{URL: site.URL, Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	site.Close()
	w := measuredWorld(t, client, &clock)
	day := dayOf(clock) - 1
	if _, err := w.evidence.ledger.Append(w.ctx, []ledger.Record{unknownDay("measurement-source/web service/shop", day, reasonUnavailable)}); err != nil {
		t.Fatal(err)
	}
	v, err := w.Evidence(w.ctx, w.actor("slm", "service-level-manager"), "measurement-source/web service/shop", model.NewDate(2027, 3, 9), model.NewDate(2027, 3, 10), language.FR)
	if err != nil || len(v.Days) != 2 {
		t.Fatalf("%+v, %v", v, err)
	}
	for _, d := range v.Days {
		if d.Good != 0 || d.Bad != 0 || d.Unknown != slo.DayMinutes || d.Reason != "Le serveur de métriques n'a pas répondu" && d.Reason != "Le serveur de métriques n’a pas répondu" {
			t.Errorf("%s: %d good, %d bad, %d unknown, %q", d.Date, d.Good, d.Bad, d.Unknown, d.Reason)
		}
	}
	if v.Days[0].Date != model.NewDate(2027, 3, 9) || !v.Days[1].Provisional {
		t.Errorf("%+v", v.Days)
	}
}
