package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"diapason/internal/api"
)

func TestTheNamesOfSchemasAreThoseThatOpenAPIAllows(t *testing.T) {
	raw, err := api.Describe("test")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Components map[string]map[string]json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Components["schemas"]) < 50 {
		t.Errorf("%d schemas", len(d.Components["schemas"]))
	}
	allowed := regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)
	for part, names := range d.Components {
		for name := range names {
			if !allowed.MatchString(name) {
				t.Errorf("%s: %q", part, name)
			}
		}
	}
	for _, m := range regexp.MustCompile(`"#/components/schemas/([^"\\]*)`).FindAllSubmatch(raw, -1) {
		if d.Components["schemas"][string(m[1])] == nil {
			t.Errorf("%s is no schema", m[0])
		}
	}
}

func TestTheDescriptionHoldsEveryRoute(t *testing.T) {
	raw, err := api.Describe("test")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.OpenAPI, "3.1") || len(d.Paths) < 35 {
		t.Errorf("OpenAPI %q with %d paths", d.OpenAPI, len(d.Paths))
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	registered := regexp.MustCompile(`register\(s, "([A-Z]+)", "([^"]+)"`)
	handled := regexp.MustCompile(`Handle(?:Func)?\("([A-Z]+) /api/v1([^"]+)"`)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(registered.FindAllStringSubmatch(string(src), -1), handled.FindAllStringSubmatch(string(src), -1)...) {
			found++
			if d.Paths["/api/v1"+m[2]][strings.ToLower(m[1])] == nil {
				t.Errorf("%s: %s %s is not described", file, m[1], m[2])
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d routes found in the source: the pattern of this test has gone blind", found)
	}
}

func TestHealthReadinessAndMeasures(t *testing.T) {
	s := hospital(t)
	s.do("", "GET", "/healthz", nil).want(200)
	if _, err := s.app.Current(t.Context(), s.app.Head().Seq); err != nil {
		t.Fatal(err)
	}
	for range 200 { // the search index is made meanwhile
		if s.do("", "GET", "/readyz", nil).Code == 200 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.do("", "GET", "/readyz", nil).want(200)
	s.get("", "/objects/service/payroll")
	s.do("", "GET", "/metrics", nil).want(200).holds([]string{"diapason_objects ", "diapason_head_seq ", "diapason_http_request_duration_seconds_count", "go_goroutines"}, []string{"payroll"})
	s.do("", "GET", "/api/docs", nil).want(200).holds([]string{"/api/v1/what-if"}, nil)
	s.do("", "GET", "/api/openapi.json", nil).want(200).holds([]string{`"3.1`}, nil)
}

func upload(t testing.TB, name, mediaType string, content []byte) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="file"; filename=%q`, name))
	h.Set("Content-Type", mediaType)
	w, err := m.CreatePart(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	m.Close()
	return &b, m.FormDataContentType()
}

func TestAnAttachmentOpensThroughItsObjectAndNeverRuns(t *testing.T) {
	s := newSite(t, objects(t, team("it")+"---\n"+team("other"))).as("ada", "design-coordinator").as("max", "auditor").as("had", "customer-representative@customer/x")
	for _, c := range []struct{ name, file, mediaType, served string }{
		{"a PDF", "contract.pdf", "application/pdf", "application/pdf"},
		{"a page", "evil.html", "text/html", "application/octet-stream"},
		{"a page in disguise", "evil.xhtml", "application/xhtml+xml; charset=utf-8", "application/octet-stream"},
		{"a drawing with a script", "evil.svg", "image/svg+xml", "application/octet-stream"},
		{"a script", "evil.js", "text/javascript", "application/octet-stream"},
		{"a type that is none", "x", "not a type", "application/octet-stream"},
	} {
		t.Run(c.name, func(t *testing.T) {
			content := []byte("<script>alert(1)</script>" + c.name)
			body, kind := upload(t, c.file, c.mediaType, content)
			a := s.do("ada", "POST", "/api/v1/attachments", body, "Content-Type", kind).want(201).json()
			at := "/attachments/" + a["hash"].(string)
			s.get("ada", at).problem(404, "not-found")
			s.get("ada", at+"?of=team/it").problem(404, "not-found")
			v := int64(s.get("ada", "/objects/team/it").want(200).json()["version"].(float64))
			doc := map[string]any{"apiVersion": "diapason/v1", "kind": "Team", "metadata": map[string]any{"name": "it", "attachments": []any{map[string]any{"name": a["name"], "hash": a["hash"], "mediaType": a["mediaType"], "size": a["size"]}}}, "spec": map[string]any{}}
			s.post("ada", "/changes", map[string]any{"puts": []any{map[string]any{"document": doc, "expect": v}}}).want(201)
			got := s.get("max", at+"?of=team/it").want(200)
			if !bytes.Equal(got.Body, content) {
				t.Errorf("came back as %q", got.Body)
			}
			if got.Header.Get("Content-Type") != c.served || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Content-Security-Policy") != "sandbox" {
				t.Errorf("headers %v", got.Header)
			}
			s.get("max", at+"?of=team/other").problem(404, "not-found")
			s.get("had", at+"?of=team/it").problem(403, "forbidden")
			s.get("", at+"?of=team/it").problem(401, "sign-in-required")
		})
	}
	body, kind := upload(t, "x", "text/plain", []byte("x"))
	s.do("max", "POST", "/api/v1/attachments", body, "Content-Type", kind).problem(403, "forbidden")
	s.do("ada", "POST", "/api/v1/attachments", strings.NewReader("x"), "Content-Type", "text/plain").problem(422, "invalid")
	body, kind = upload(t, "x", "text/plain", make([]byte, 51<<20))
	if a := s.do("ada", "POST", "/api/v1/attachments", body, "Content-Type", kind); a.Code != 413 {
		t.Errorf("51 MiB answer %d: %.300s", a.Code, a.Body)
	}
}

func TestACommitIsToldToWhoListens(t *testing.T) {
	s := newSite(t, objects(t, team("it"))).as("ada", "design-coordinator")
	srv := httptest.NewServer(s.server)
	t.Cleanup(srv.Close)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, "GET", srv.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(s.cookies["ada"])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatal("the stream ended:", lines.Err())
		return ""
	}
	if got, want := next(), fmt.Sprintf(`{"seq":%d}`, s.app.Head().Seq); got != want {
		t.Errorf("greeted with %s, want %s", got, want)
	}
	seq := s.post("ada", "/changes", map[string]any{"puts": []any{put(team("new"), 0)}}).want(201).json()["seq"]
	if got, want := next(), fmt.Sprintf(`{"seq":%v}`, seq); got != want {
		t.Errorf("told %s, want %s", got, want)
	}
}

func TestPagingLosesAndRepeatsNothingWhileTheModelChanges(t *testing.T) {
	var all strings.Builder
	for i := range 40 {
		fmt.Fprintf(&all, "---\n%s", team(fmt.Sprintf("t%02d", 2*i)))
	}
	s := newSite(t, objects(t, all.String())).as("ada", "design-coordinator")
	for _, sort := range []string{"name", "-name", "title", "-title", "findings"} {
		t.Run(sort, func(t *testing.T) {
			seen := map[string]int{}
			cursor := ""
			for page := 0; ; page++ {
				m := s.get("ada", "/objects?kind=team&limit=7&sort="+sort+"&cursor="+cursor).want(200).json()
				for _, x := range m["items"].([]any) {
					seen[x.(map[string]any)["name"].(string)]++
				}
				// Somebody adds objects before, between and after, and deletes some that were read.
				change := map[string]any{"puts": []any{put(team(fmt.Sprintf("t%02d-%s%d", 10*page%80, strings.Trim(sort, "-"), page*7+len(sort))), -1)}}
				if page == 1 {
					change["deletes"] = []any{map[string]any{"ref": "team/" + m["items"].([]any)[6].(map[string]any)["name"].(string)}}
				}
				s.post("ada", "/changes", change).want(201)
				if m["next"] == nil {
					break
				}
				cursor = m["next"].(string)
			}
			for name, n := range seen {
				if n > 1 {
					t.Errorf("%s came %d times", name, n)
				}
			}
			for _, h := range s.app.Head().OfKind("team") {
				if name := s.app.Head().Ref(h).Name; len(name) == 3 && seen[name] == 0 {
					t.Errorf("%s was lost", name)
				}
			}
		})
	}
}

func TestLargeAndHostileInputIsRefusedInBoundedMemory(t *testing.T) {
	s := newSite(t, objects(t, team("it"))).as("ada", "design-coordinator")
	bomb := "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db}\nspec:\n  a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'j'; c++ {
		bomb += fmt.Sprintf("  %c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), c-1)
	}
	for _, c := range []struct{ name, yaml string }{
		{"an alias bomb", bomb + "  requires: [*j, *j]\n"},
		{"nesting without end", "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db}\nspec: {requires: " + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + "}\n"},
		{"records without end", "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db}\nspec: {requires: [" + strings.Repeat("{anyOf: [", 20_000) + strings.Repeat("]}", 20_000) + "]}\n"},
		{"twenty megabytes of one document", "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: it}\nspec:\n  members:\n" + strings.Repeat("    - a-member-of-the-team\n", 20<<20/26)},
		{"twenty megabytes of brackets", "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: it}\nspec: {members: [" + strings.Repeat("x,", 10<<20) + "]}\n"},
		{"as many values as are taken", "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: it}\nspec: {members: [" + strings.Repeat("x,", 95_000) + "]}\n"},
		{"one word of twenty megabytes", "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: it, title: " + strings.Repeat("x", 20<<20) + "}\n"},
		{"six megabytes of documents", strings.Repeat("---\n"+team("it"), 6<<20/len("---\n"+team("it")))},
		{"twenty megabytes of problems", "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: it}\nspec:\n" + strings.Repeat("  nonsense: 1\n", 20<<20/15)},
	} {
		t.Run(c.name, func(t *testing.T) {
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			stop, peak := make(chan struct{}), make(chan uint64)
			go func() {
				most := uint64(0)
				for {
					select {
					case <-stop:
						peak <- most
						return
					case <-time.After(5 * time.Millisecond):
						runtime.ReadMemStats(&after)
						most = max(most, after.HeapAlloc)
					}
				}
			}()
			started := time.Now()
			a := s.post("ada", "/parse", map[string]any{"yaml": c.yaml})
			close(stop)
			used := int64(<-peak) - int64(before.HeapAlloc)
			if limit := int64(64<<20 + 40*len(c.yaml)); used > limit {
				t.Errorf("took %d MiB for %d MiB of input", used>>20, len(c.yaml)>>20)
			}
			if a.Code >= 500 {
				t.Errorf("answered %d: %.300s", a.Code, a.Body)
			}
			t.Logf("%d bytes: answered %d with %d bytes, %d MiB, %v: %.200s", len(c.yaml), a.Code, len(a.Body), used>>20, time.Since(started), a.Body)
		})
	}
	s.do("ada", "POST", "/api/v1/parse", `{"yaml":"`+strings.Repeat("x", 65<<20)+`"}`).want(413)
}

func TestRefusalsAreInTheLanguageOfTheReader(t *testing.T) {
	s := hospital(t).as("admin", "administrator").as("lea", "continuity-manager")
	for _, c := range []struct{ name, who, method, path, body, part string }{
		{"a table without a form", "admin", "POST", "/api/v1/imports/preview?lang=fr", "{}", "envoyez du multipart/form-data"},
		{"a questionnaire about a person", "lea", "POST", "/api/v1/questionnaires?lang=fr", `{"subject":"supplier/lumiscanne","language":"fr"}`, "un questionnaire porte sur une activité métier"},
		{"what is no reference", "lea", "POST", "/api/v1/questionnaires?lang=fr", `{"subject":"zzz","language":"fr"}`, "n'est pas une référence"},
		{"an organisation that would be down", "admin", "GET", "/api/v1/impact?lang=fr&of=organisation/three-valleys", "", "ne peut pas être en panne"},
		{"a date too far", "admin", "GET", "/api/v1/overview?lang=fr&on=9999-12-31", "", "en dehors des années 1900 à 2999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var body any
			if c.body != "" {
				body = json.RawMessage(c.body)
			}
			got := s.do(c.who, c.method, c.path, body)
			if got.Code != 422 || !strings.Contains(string(got.Body), c.part) {
				t.Errorf("answered %d: %s", got.Code, got.Body)
			}
		})
	}
	got := s.do("admin", "POST", "/api/v1/drafts", json.RawMessage("{}"), "Sec-Fetch-Site", "cross-site", "Accept-Language", "fr-FR")
	if got.Code != 403 || got.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(string(got.Body), "autre site") {
		t.Errorf("answered %d: %s", got.Code, got.Body)
	}
	if got := s.do("admin", "GET", "/api/v1/objects?kind=zzz&lang=de", nil, "Accept-Language", "fr"); !strings.Contains(string(got.Body), "sorte") {
		t.Errorf("a language that is none of ours: %s", got.Body)
	}
}
