package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"diapason/examples"
	"diapason/internal/api"
	"diapason/internal/app"
	"diapason/internal/identity"
	"diapason/internal/model"
	ledgersqlite "diapason/internal/store/ledger/sqlite"
	"diapason/internal/store/sqlite"
)

// site is a server over a real store, and who is signed in there by login.
type site struct {
	t       testing.TB
	app     *app.App
	dir     *identity.Directory
	server  *api.Server
	cookies map[string]*http.Cookie
	log     bytes.Buffer
}

// newSite serves the objects given; none leaves the model empty.
func newSite(t testing.TB, objects []*model.Object) *site {
	t.Helper()
	ctx := t.Context()
	folder := t.TempDir()
	st, err := sqlite.Open(ctx, folder, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	books, err := ledgersqlite.Open(ctx, folder, ledgersqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { books.Close() })
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(ctx, app.Options{Store: st, Directory: dir, On: examples.On, Ledger: books})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	if len(objects) > 0 {
		if err := a.Restore(ctx, identity.Operator(), objects, "start"); err != nil {
			t.Fatal(err)
		}
	}
	s := &site{t: t, app: a, dir: dir, cookies: map[string]*http.Cookie{}}
	s.server = api.New(api.Options{App: a, Version: "test", Log: slog.New(slog.NewTextHandler(&s.log, nil))})
	return s
}

// hospital serves the example organisation.
func hospital(t testing.TB) *site {
	t.Helper()
	objects, issues := examples.Hospital()
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return newSite(t, objects)
}

// password of every account that as makes.
const password = "correct horse battery staple 7"

// as makes an account with roles and signs it in.
func (s *site) as(login string, grants ...string) *site {
	s.t.Helper()
	n := identity.NewAccount{Login: login, Name: "Account " + login, Language: "en"}
	for _, g := range grants {
		parsed, err := identity.ParseGrant("", g)
		if err != nil {
			s.t.Fatal(err)
		}
		n.Grants = append(n.Grants, parsed)
		if _, customer, ok := strings.Cut(g, "customer-representative@"); ok {
			n.Customer = customer
		}
	}
	ctx := s.t.Context()
	acc, err := s.dir.CreateAccount(ctx, identity.ByOperator, "test", n)
	if err != nil {
		s.t.Fatal(err)
	}
	link, err := s.dir.IssuePasswordLink(ctx, identity.ByOperator, "test", acc.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	o, err := s.dir.SetPassword(ctx, link.Token, password, identity.Origin{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.cookies[login] = &http.Cookie{Name: "diapason_session", Value: string(o.Token)}
	return s
}

// answer is what the server said.
type answer struct {
	t      testing.TB
	Code   int
	Header http.Header
	Body   []byte
}

// do sends a request as somebody (“” is nobody); a body that is no reader is
// sent as JSON.
func (s *site) do(who, method, target string, body any, header ...string) answer {
	s.t.Helper()
	var in io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case io.Reader:
		in = b
	case string:
		in, kind = strings.NewReader(b), "application/json"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		in, kind = bytes.NewReader(raw), "application/json"
	}
	r := httptest.NewRequest(method, "http://diapason.test"+target, in)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if c := s.cookies[who]; c != nil {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return answer{s.t, w.Code, w.Header(), w.Body.Bytes()}
}

func (s *site) get(who, target string) answer { return s.do(who, "GET", "/api/v1"+target, nil) }

func (s *site) post(who, target string, body any) answer {
	s.t.Helper()
	return s.do(who, "POST", "/api/v1"+target, body)
}

// want demands a status.
func (a answer) want(code int) answer {
	a.t.Helper()
	if a.Code != code {
		a.t.Fatalf("answered %d, want %d: %.2000s", a.Code, code, a.Body)
	}
	return a
}

// json reads the answer.
func (a answer) json() map[string]any {
	a.t.Helper()
	var m map[string]any
	if err := json.Unmarshal(a.Body, &m); err != nil {
		a.t.Fatalf("%v: %.500s", err, a.Body)
	}
	return m
}

// problem demands a refusal as RFC 9457 has it, with its code.
func (a answer) problem(status int, code string) map[string]any {
	a.t.Helper()
	a.want(status)
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("a refusal as %q", got)
	}
	m := a.json()
	if m["code"] != code || m["status"] != float64(status) || m["detail"] == "" || m["title"] == "" || m["type"] == "" {
		a.t.Errorf("want code %s, got %v", code, m)
	}
	return m
}

func (a answer) holds(has, hasNo []string) {
	a.t.Helper()
	for _, x := range has {
		if !bytes.Contains(a.Body, []byte(x)) {
			a.t.Errorf("%q is missing in %.600s", x, a.Body)
		}
	}
	for _, x := range hasNo {
		if i := bytes.Index(a.Body, []byte(x)); i >= 0 {
			a.t.Errorf("%q should not be there: …%s…", x, a.Body[max(0, i-120):min(len(a.Body), i+120)])
		}
	}
}

// put is one object of a change as YAML.
func put(yaml string, expect int64) map[string]any {
	return map[string]any{"yaml": yaml, "expect": expect}
}
