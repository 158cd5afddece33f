package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"diapason/internal/exchange/cases"
	"diapason/internal/identity"
	"diapason/internal/language"
)

// desk is an iTop that says what the test lets it say.
type desk struct {
	mu      sync.Mutex
	tickets map[string]map[string]any // by reference
	keys    []string                  // what it was asked
	broken  string                    // what it answers in place of its protocol
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var q struct{ Class, Key string }
	if r.PostFormValue("auth_token") != "secret" {
		fmt.Fprint(w, `{"code":1,"message":"Error: Invalid login"}`)
		return
	}
	if d.broken != "" {
		fmt.Fprint(w, d.broken)
		return
	}
	_ = json.Unmarshal([]byte(r.PostFormValue("json_data")), &q)
	d.keys = append(d.keys, q.Key)
	objects := map[string]any{}
	for ref, fields := range d.tickets {
		if q.Class == "Incident" {
			objects["Incident::"+ref] = map[string]any{"code": 0, "key": ref, "fields": fields}
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"code": 0, "objects": objects})
}

func (d *desk) say(broken string, ref string, fields map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = broken
	if ref != "" {
		d.tickets[ref] = fields
	}
}

func (d *desk) asked() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := strings.Join(d.keys, "; ")
	d.keys = nil
	return out
}

func TestTicketToolsAreAskedAtIntervals(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	manager, auditor := w.actor("slm", "service-level-manager"), w.actor("auditor", "auditor")
	tool := &desk{tickets: map[string]map[string]any{}}
	site := httptest.NewServer(tool)
	t.Cleanup(site.Close)
	token := secretFile(t, "secret\n")
	asked := cases.Asked{Source: "desk", Tool: cases.ToolITop, URL: site.URL, Classes: []string{"Incident"}, Interval: 15 * time.Minute, TokenFile: token}
	gone := asked
	gone.Source = "nobody"
	w.pulls.state = []pullState{{asked: asked}, {asked: gone}}
	state := func(lang language.Lang) PullState {
		t.Helper()
		list, err := w.Pulls(manager, lang)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		return list[0]
	}
	down := map[string]any{"ref": "I-1", "title": "Mrs Doe cannot sign in", "service_name": "Shop", "priority": "1", "start_date": "2027-03-09 08:00:00"}

	tool.say("", "I-1", down)
	w.pullOnce(w.ctx, 0)
	if s := state(language.EN); s.Problem != "" || s.Taken == nil || s.Taken.Added != 1 || s.Answered.IsZero() || !s.Next.Equal(clock.Add(15*time.Minute)) {
		t.Errorf("%+v", s)
	}
	if got := tool.asked(); got != "SELECT Incident WHERE last_update >= '2027-02-07 12:00:00'" {
		t.Errorf("it was asked for %s: want the last month", got)
	}
	list, err := w.Cases(w.ctx, auditor, w.ref("measurement-source/desk"), time.Unix(0, 0), time.Time{}, 10)
	if err != nil || len(list) != 1 || list[0].Title != "" {
		t.Errorf("%+v, %v: titles are kept where nobody asked for them", list, err)
	}

	clock = clock.Add(15 * time.Minute)
	for broken, sentence := range map[string]string{"<html>Sign in": "hors de son protocole", `{"code":100,"message":"OQL"}`: "refuse la question"} {
		tool.say(broken, "", nil)
		w.pullOnce(w.ctx, 0)
		if s := state(language.FR); !strings.Contains(s.Problem, sentence) || s.Taken == nil {
			t.Errorf("%q is told as %+v", broken, s)
		}
	}
	tool.asked()
	down["resolution_date"] = "2027-03-09 10:00:00"
	tool.say("", "I-1", down)
	w.pullOnce(w.ctx, 0)
	if s := state(language.EN); s.Problem != "" || s.Taken.Changed != 1 || s.Taken.Added != 0 {
		t.Errorf("%+v", s)
	}
	if got := tool.asked(); got != "SELECT Incident WHERE last_update >= '2027-03-10 11:00:00'" {
		t.Errorf("it was asked for %s: want since an hour before the last answer", got)
	}
	clock = clock.Add(-6 * time.Hour) // the clock is put back
	w.pullOnce(w.ctx, 0)
	if got := tool.asked(); got != "SELECT Incident WHERE last_update >= '2027-03-10 05:15:00'" {
		t.Errorf("after the clock was put back it was asked for %s", got)
	}

	asked.TokenFile = secretFile(t, "wrong")
	w.pulls.state[0].asked = asked
	w.pullOnce(w.ctx, 0)
	if s := state(language.EN); !strings.Contains(s.Problem, "refuses the account") {
		t.Errorf("%+v", s)
	}
	site.Close()
	asked.TokenFile = token
	w.pulls.state[0].asked = asked
	w.pullOnce(w.ctx, 0)
	if s := state(language.EN); !strings.Contains(s.Problem, "does not answer") || strings.Contains(s.Problem, "secret") {
		t.Errorf("%+v", s)
	}
	w.pullOnce(w.ctx, 1)
	if all, _ := w.Pulls(manager, language.EN); !strings.Contains(all[1].Problem, "nobody") {
		t.Errorf("of a source that is not there: %+v", all[1])
	}
	if _, err := w.Pulls(identity.Actor{}, language.EN); codeOf(err) == "" {
		t.Error("a stranger sees what is asked")
	}
}

func TestAskingEndsWithTheServer(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	held := make(chan struct{})
	site := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // so that it is noticed when the other side goes
		close(held)
		<-r.Context().Done()
	}))
	t.Cleanup(site.Close)
	stop := w.PullCasesRegularly(w.ctx, []cases.Asked{{Source: "desk", Tool: cases.ToolGLPI, URL: site.URL, Interval: time.Hour, TokenFile: secretFile(t, "secret")}})
	<-held
	ended := make(chan struct{})
	go func() { stop(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
}

func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
