package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestTheFirstAdministratorsLinkOpensOnce(t *testing.T) {
	s := newSite(t, nil)
	if v := s.get("", "/session").want(200).json(); v["firstRun"] != true || v["account"] != nil || v["empty"] != true {
		t.Fatalf("before anybody has an account: %v", v)
	}
	link, ok, err := s.dir.FirstAdministratorLink(t.Context())
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	body := map[string]any{"token": string(link.Token), "login": "ada", "name": "Ada", "password": "short"}
	if s.post("", "/first-administrator", body).Code < 400 {
		t.Fatal("a password of five letters was taken")
	}
	body["password"] = password
	wrong := map[string]any{"token": "x" + string(link.Token), "login": "eve", "name": "Eve", "password": password}
	if a := s.post("", "/first-administrator", wrong); a.Code < 400 || a.Code >= 500 {
		t.Fatalf("a forged link: %d", a.Code)
	}
	a := s.post("", "/first-administrator", body).want(201)
	if c := a.Header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
		t.Errorf("cookie %q", c)
	}
	if roles := a.json()["account"].(map[string]any)["roles"].([]any); len(roles) != 1 || roles[0] != "administrator" {
		t.Errorf("roles %v", roles)
	}
	body["login"] = "eve"
	if a := s.post("", "/first-administrator", body); a.Code < 400 || a.Code >= 500 {
		t.Fatalf("the link opened twice: %d", a.Code)
	}
	if _, ok, _ := s.dir.FirstAdministratorLink(t.Context()); ok {
		t.Error("a second link is given out")
	}
	if s.get("", "/session").json()["firstRun"] != false {
		t.Error("still called a first run")
	}
}

func TestSigningInAndOut(t *testing.T) {
	s := newSite(t, nil).as("ada", "administrator")
	s.post("", "/session", map[string]any{"login": "ada", "password": "wrong"}).problem(401, "invalid-credentials")
	s.post("", "/session", map[string]any{"login": "nobody", "password": "wrong"}).problem(401, "invalid-credentials")
	a := s.post("", "/session", map[string]any{"login": "ada", "password": password}).want(200)
	res := http.Response{Header: a.Header}
	s.cookies["again"] = res.Cookies()[0]
	if s.get("again", "/session").json()["account"] == nil {
		t.Fatal("signed in, but nobody is there")
	}
	s.get("again", "/accounts").want(200)
	s.do("again", "DELETE", "/api/v1/session", nil).want(200)
	if s.get("again", "/session").json()["account"] != nil {
		t.Error("the cookie still opens the session after signing out")
	}
	s.get("again", "/accounts").problem(401, "sign-in-required")
	for range 30 {
		if a = s.post("", "/session", map[string]any{"login": "ada", "password": "wrong"}); a.Code == 429 {
			break
		}
	}
	p := a.problem(429, "too-many-attempts")
	if p["retryAfterSeconds"] == nil {
		t.Errorf("when to try again is not said: %v", p)
	}
}

func TestAnotherSiteCannotActForWhoIsSignedIn(t *testing.T) {
	s := newSite(t, nil).as("ada", "design-coordinator")
	change := map[string]any{"title": "x", "puts": []any{put(team("it"), 0)}}
	for _, c := range []struct {
		name   string
		header []string
		code   int
	}{
		{"a foreign site's form", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a neighbouring site", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser that tells the origin only", []string{"Origin", "https://evil.example"}, 403},
		{"our own pages", []string{"Sec-Fetch-Site", "same-origin"}, 201},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do("ada", "POST", "/api/v1/changes", change, c.header...).want(c.code)
		})
	}
	s.do("ada", "DELETE", "/api/v1/session", nil, "Sec-Fetch-Site", "cross-site").want(403)
	if h := s.get("", "/session").Header; h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("headers %v", h)
	}
}

func TestWithoutSigningInNothingOfTheModelIsTold(t *testing.T) {
	s := hospital(t)
	for _, target := range []string{
		"/objects", "/objects?kind=service", "/objects/service/payroll", "/objects/service/payroll/history", "/history", "/diff?from=1&to=2", "/overview",
		"/services/payroll/sheet", "/why?subject=service/payroll", "/map?focus=service/payroll", "/map/whole", "/impact?of=service/payroll", "/processes/capacity", "/counts",
		"/my-work", "/accounts", "/baseline", "/search?q=pay", "/findings", "/collect-first", "/drafts", "/submissions", "/events", "/attachments/" + strings.Repeat("a", 64) + "?of=service/payroll",
	} {
		if a := s.get("", target); a.Code != 401 {
			t.Errorf("GET %s answers %d: %.200s", target, a.Code, a.Body)
		}
	}
	for target, body := range map[string]any{
		"/changes": map[string]any{"puts": []any{put(team("it"), 0)}}, "/what-if": map[string]any{"puts": []any{put(team("it"), 0)}}, "/drafts": map[string]any{"title": "x"},
		"/services/payroll/submission": map[string]any{}, "/waivers": map[string]any{"rule": "COO-001", "subject": "service/payroll", "causes": []any{}, "reason": "x", "until": "2027-04-01"},
		"/baseline": map[string]any{"reason": "x"}, "/accounts": map[string]any{"login": "eve", "name": "Eve"},
	} {
		if a := s.post("", target, body); a.Code != 401 {
			t.Errorf("POST %s answers %d: %.200s", target, a.Code, a.Body)
		}
	}
}

func TestLittleIsReadWithoutASession(t *testing.T) {
	s := hospital(t)
	huge := `{"login":"ada","password":"` + strings.Repeat("x", 30<<20) + `"}`
	read := func(target, body string) (answer, int) {
		in := &counted{r: strings.NewReader(body)}
		return s.do("", "POST", "/api/v1"+target, in, "Content-Type", "application/json", "Accept-Language", "fr"), in.n
	}
	for _, c := range []struct {
		name, target string
		code         int
		kind         string
		most         int
	}{
		{"a sign-in of 30 MB is refused", "/session", 413, "body-too-large", 32 << 10},
		{"a password of 30 MB is refused", "/password", 413, "body-too-large", 32 << 10},
		{"a change set is not read at all", "/changes", 401, "sign-in-required", 0},
		{"a table is not read at all", "/imports/preview", 401, "sign-in-required", 0},
		{"an attachment is not read at all", "/attachments", 401, "sign-in-required", 0},
		{"what does not exist is not read at all", "/nonsense", 401, "sign-in-required", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, n := read(c.target, huge)
			a.problem(c.code, c.kind)
			if n > c.most {
				t.Errorf("%d bytes were read", n)
			}
			known := s.do("", "POST", "/api/v1"+c.target, huge)
			known.problem(c.code, c.kind)
		})
	}
	s.post("", "/session", map[string]any{"login": "nobody", "password": "wrong"}).problem(401, "invalid-credentials")
}

// counted counts what is read of a body whose length nobody knows beforehand.
type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func team(name string) string {
	return "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: " + name + ", title: {en: Team " + name + ", fr: Équipe " + name + "}}\nspec: {members: []}\n"
}
