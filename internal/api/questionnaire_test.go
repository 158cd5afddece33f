package api_test

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"diapason/internal/store"
)

const form = "application/x-www-form-urlencoded"

// ask makes a questionnaire and gives its identifier and the path of its link.
func (s *site) ask(who, subject, lang string) (id, path string) {
	s.t.Helper()
	v := s.post(who, "/questionnaires", map[string]any{"subject": subject, "recipient": "Head of emergencies", "language": lang}).want(201).json()
	u, err := url.Parse(v["url"].(string))
	if err != nil || u.Host != "diapason.test" {
		s.t.Fatalf("link %v", v["url"])
	}
	return v["questionnaire"].(map[string]any)["id"].(string), u.Path
}

func (s *site) send(path string, v url.Values, header ...string) answer {
	s.t.Helper()
	return s.do("", "POST", path, strings.NewReader(v.Encode()), append([]string{"Content-Type", form}, header...)...)
}

// filled is a whole answer.
func filled() url.Values {
	return url.Values{
		"name": {"Dr Anne  Vidal"}, "function": {"Head of emergencies"}, "impact-people-PT1H": {"1"}, "impact-people-PT4H": {"3"}, "impact-people-P1D": {"4"},
		"impact-financial-P7D": {"2"}, "mtpd": {"4"}, "mtpd-unit": {"h"}, "rto": {"2"}, "rto-unit": {"h"}, "rpo": {"0"}, "rpo-unit": {"min"},
		"minimum": {"Two triage nurses on paper"}, "peaks": {"Mondays\r\nJanuary"}, "relies": {"The green software <script>alert(1)</script>"}, "comments": {"Call me"},
	}
}

func drafts(s *site, who string) []any {
	s.t.Helper()
	var list []any
	if err := json.Unmarshal(s.get(who, "/drafts").want(200).Body, &list); err != nil {
		s.t.Fatal(err)
	}
	return list
}

func TestABusinessManagerAnswersWithoutAnAccount(t *testing.T) {
	s := hospital(t).as("lea", "continuity-manager")
	id, path := s.ask("lea", "business-activity/emergency-care", "fr")

	page := s.do("", "GET", path, nil).want(200)
	page.holds([]string{`<html lang="fr">`, "Prise en charge des urgences", `method="post"`, `name="impact-people-PT4H"`}, []string{"<script", "hospital-vallon", "emergency-care", "electronic-patient-record", "Vallon", "service/", "/login"})
	if h := page.Header; h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("X-Robots-Tag"), "noindex") || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", h)
	}
	s.do("", "GET", path+"?lang=en", nil).want(200).holds([]string{`<html lang="en">`, "Emergency care"}, nil)

	sent := s.send(path, filled()).want(303)
	if sent.Header.Get("Location") != path {
		t.Errorf("sent on to %q", sent.Header.Get("Location"))
	}
	s.do("", "GET", path, nil).want(200).holds([]string{"Merci"}, []string{"<form", "Anne Vidal", "paper"})

	var list []map[string]any
	if err := json.Unmarshal(s.get("lea", "/questionnaires").want(200).Body, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0]["state"] != "answered" || list[0]["respondent"] != "Dr Anne Vidal" || list[0]["mtpd"] != "PT4H" {
		t.Fatalf("%v", list)
	}
	draft := list[0]["draft"].(string)
	d := s.get("lea", "/drafts/"+draft).want(200)
	d.holds([]string{"proposed by Dr Anne Vidal", "Two triage nurses on paper", `"unacceptable":3`, "impact-analysis-2027-03-12.txt"}, []string{`"validatedBy"`})
	if v := s.get("lea", "/objects/business-activity/emergency-care").want(200); strings.Contains(string(v.Body), "triage nurses") {
		t.Error("the model changed before anybody reviewed it")
	}
	if again := s.post("lea", "/questionnaires/"+id+"/review", nil).want(200).json(); again["draft"] != draft {
		t.Errorf("another draft: %v", again)
	}

	// Reviewed and committed, the respondent's words are evidence.
	s.post("lea", "/drafts/"+draft+"/commit", map[string]any{"reason": "Reviewed with Dr Vidal"}).want(201)
	if err := json.Unmarshal(s.get("lea", "/questionnaires").Body, &list); err != nil || list[0]["state"] != "taken" {
		t.Errorf("%v %v", err, list)
	}
	o := string(s.get("lea", "/objects/business-activity/emergency-care").want(200).Body)
	hash := regexp.MustCompile(`"hash":"([0-9a-f]{64})"`).FindStringSubmatch(o)
	if hash == nil || !strings.Contains(o, `"analysedOn":"2027-03-12"`) {
		t.Fatalf("%.3000s", o)
	}
	file := s.get("lea", "/attachments/"+hash[1]+"?of=business-activity/emergency-care").want(200)
	file.holds([]string{"Dr Anne Vidal, Head of emergencies", "après 4\u00a0h : 3 (grave)", "Mondays\n  January", "<script>alert(1)</script>"}, nil)
	if kind := file.Header.Get("Content-Type"); kind != "text/plain" {
		t.Errorf("evidence as %q", kind)
	}
}

func TestAServicesActivityIsMadeFromTheAnswer(t *testing.T) {
	s := hospital(t).as("lea", "continuity-manager")
	_, path := s.ask("lea", "service/payroll", "en")
	s.send(path, filled()).want(422).holds([]string{`href="#activity"`, `value="Dr Anne  Vidal"`, `value="3" selected`}, nil)
	v := filled()
	v.Set("activity", "Paying the staff")
	s.send(path, v).want(303)
	list := drafts(s, "lea")
	if len(list) != 1 {
		t.Fatalf("%d drafts", len(list))
	}
	s.get("lea", "/drafts/"+list[0].(map[string]any)["id"].(string)).holds([]string{"payroll-activity", "Paying the staff", "service/payroll"}, nil)
}

func TestWhatIsWrongIsSaidAndNothingTypedIsLost(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(url.Values)
		has    []string
	}{
		{"no name", func(v url.Values) { v.Set("name", " ") }, []string{`href="#name"`, `aria-invalid="true"`, "Two triage nurses on paper"}},
		{"no impact at all", func(v url.Values) {
			for k := range v {
				if strings.HasPrefix(k, "impact-") {
					v.Del(k)
				}
			}
		}, []string{`href="#impact"`}},
		{"a level that is none", func(v url.Values) { v.Set("impact-people-PT1H", "9") }, []string{`href="#impact-people"`}},
		{"a time that is none", func(v url.Values) { v.Set("rto", "soon") }, []string{`href="#rto"`, `value="soon"`}},
		{"a time beyond measure", func(v url.Values) { v.Set("mtpd", "1e300") }, []string{`href="#mtpd"`}},
		{"no number", func(v url.Values) { v.Set("mtpd", "NaN") }, []string{`href="#mtpd"`}},
		{"years", func(v url.Values) { v.Set("mtpd", "900"); v.Set("mtpd-unit", "w") }, []string{`href="#mtpd"`}},
		{"a negative time", func(v url.Values) { v.Set("rto", "-4") }, []string{`href="#rto"`}},
		{"a unit that is none", func(v url.Values) { v.Set("rto-unit", "centuries") }, []string{`href="#rto"`}},
		{"impact that falls, to be confirmed", func(v url.Values) { v.Set("impact-people-P1D", "2") }, []string{`href="#impact-people"`, `name="confirmed"`, "People and care"}},
		{"back later than tolerable, to be confirmed", func(v url.Values) { v.Set("rto", "2"); v.Set("rto-unit", "d") }, []string{`href="#rto"`, `name="confirmed"`}},
		{"a text too long", func(v url.Values) { v.Set("relies", strings.Repeat("é", 4001)) }, []string{`href="#relies"`}},
		{"a name too long", func(v url.Values) { v.Set("name", strings.Repeat("x", 121)) }, []string{`href="#name"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := hospitalOf(t)
			_, path := s.ask("lea", "business-activity/emergency-care", "en")
			v := filled()
			c.change(v)
			a := s.send(path, v).want(422)
			a.holds(append(c.has, `role="alert"`, "Please check your answers"), []string{"<script>", "questionnaire.problem"})
			if len(drafts(s, "lea")) != 0 {
				t.Error("a draft was made of it")
			}
			if strings.Contains(string(a.Body), `name="confirmed"`) {
				v.Set("confirmed", "yes")
				s.send(path, v).want(303)
				return
			}
			s.send(path, filled()).want(303) // the link is still good
		})
	}
}

// hospitalOf is a small model with one activity: enough for forms.
func hospitalOf(t testing.TB) *site {
	return newSite(t, objects(t, "apiVersion: diapason/v1\nkind: BusinessActivity\nmetadata: {name: emergency-care, title: {en: Emergency care, fr: Urgences}}\nspec: {}\n---\n"+team("it"))).as("lea", "continuity-manager")
}

func TestALinkIsGoodOnceAndUntilItCloses(t *testing.T) {
	s := hospitalOf(t)
	ctx := context.Background()
	id, path := s.ask("lea", "business-activity/emergency-care", "en")

	// Another link by a reminder: both are good, one answer closes both.
	second := s.post("lea", "/questionnaires/"+id+"/reminder", nil).want(201).json()
	u, _ := url.Parse(second["url"].(string))
	if u.Path == path || !strings.Contains(second["text"].(string), second["url"].(string)) || !strings.Contains(second["text"].(string), "Account lea") {
		t.Errorf("%v", second)
	}
	s.do("", "GET", path, nil).want(200).holds([]string{"<form"}, nil)
	s.do("", "HEAD", u.Path, nil).want(200)
	for range 3 { // scanners of mail follow links
		s.do("", "GET", u.Path, nil).want(200).holds([]string{"<form"}, nil)
	}
	s.send(u.Path, filled()).want(303)
	other := filled()
	other.Set("name", "Somebody Else")
	s.send(path, other).want(200).holds([]string{"Thank you"}, nil)
	s.send(u.Path, other).want(200)
	if list := drafts(s, "lea"); len(list) != 1 {
		t.Fatalf("%d drafts of one questionnaire", len(list))
	}
	s.get("lea", "/questionnaires").holds([]string{"Dr Anne Vidal"}, []string{"Somebody Else"})
	s.post("lea", "/questionnaires/"+id+"/reminder", nil).problem(409, "questionnaire-closed")
	s.post("lea", "/questionnaires/"+id+"/revocation", nil).problem(409, "questionnaire-closed")

	// Taken back.
	id, path = s.ask("lea", "business-activity/emergency-care", "en")
	s.post("lea", "/questionnaires/"+id+"/revocation", nil).want(204)
	s.post("lea", "/questionnaires/"+id+"/revocation", nil).want(204)
	s.do("", "GET", path, nil).want(410).holds([]string{"withdrawn"}, []string{"<form"})
	s.send(path, filled()).want(410)
	s.post("lea", "/questionnaires/"+id+"/reminder", nil).problem(409, "questionnaire-closed")
	s.post("lea", "/questionnaires/"+id+"/review", nil).problem(422, "nothing-to-do")

	// Expired.
	id, path = s.ask("lea", "business-activity/emergency-care", "fr")
	if err := s.app.Store().Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `UPDATE questionnaire SET expires = $2 WHERE id = $1`, id, time.Now().Add(-time.Second).UnixMicro())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.do("", "GET", path, nil).want(410).holds([]string{"expiré"}, []string{"<form"})
	s.send(path, filled()).want(410)
	if list := drafts(s, "lea"); len(list) != 1 {
		t.Errorf("%d drafts", len(list))
	}

	// Forgotten: the names are gone, the link opens nothing.
	s.do("lea", "DELETE", "/api/v1/questionnaires/"+id, nil).want(204)
	s.do("", "GET", path, nil).want(404)
	s.do("lea", "DELETE", "/api/v1/questionnaires/"+id, nil).want(404)
}

func TestTwoAnswersAtOnceAreOne(t *testing.T) {
	s := hospitalOf(t)
	_, path := s.ask("lea", "business-activity/emergency-care", "en")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { s.send(path, filled()) })
	}
	wait.Wait()
	if list := drafts(s, "lea"); len(list) != 1 {
		t.Errorf("%d drafts", len(list))
	}
}

func TestLinksCannotBeGuessedForgedOrFlooded(t *testing.T) {
	s := hospitalOf(t)
	_, path := s.ask("lea", "business-activity/emergency-care", "en")
	token := strings.TrimPrefix(path, "/questionnaire/")
	flipped := "A"
	if token[0] == 'A' {
		flipped = "B"
	}
	for _, forged := range []string{"x", flipped + token[1:], token + "A", token[:len(token)-1], strings.Repeat("A", 43), strings.Repeat("A", 4000), "%00", "..%2f..%2fapi", "'%20OR%201=1", token + "%0a"} {
		a := s.do("", "GET", "/questionnaire/"+forged, nil)
		if a.Code != 404 && a.Code != 301 && a.Code != 307 {
			t.Errorf("%.60q answers %d", forged, a.Code)
		}
		a.holds(nil, []string{"Emergency care", "<form"})
	}
	// Only the hash is kept, and no secret is logged.
	ctx := context.Background()
	var kept int64
	if err := s.app.Store().View(ctx, func(q store.Querier) error {
		return q.QueryRow(ctx, `SELECT COUNT(*) FROM questionnaire_link WHERE token_hash = $1`, []byte(token)).Scan(&kept)
	}); err != nil || kept != 0 {
		t.Errorf("the link itself is stored: %d %v", kept, err)
	}
	if strings.Contains(s.log.String(), token) {
		t.Error("the link stands in the log")
	}
	s.do("", "GET", "/metrics", nil).holds(nil, []string{token})
	s.get("lea", "/questionnaires").want(200).holds(nil, []string{token})

	s.send(path, filled(), "Sec-Fetch-Site", "cross-site").want(403)
	s.do("", "POST", path, strings.NewReader("{}"), "Content-Type", "application/json").want(415)
	s.do("", "POST", path, strings.NewReader("--x"), "Content-Type", "multipart/form-data; boundary=x").want(415)
	s.do("", "POST", path, strings.NewReader("name=%zz"), "Content-Type", form).want(400)
	big := filled()
	big.Set("comments", strings.Repeat("x", 200<<10))
	s.send(path, big).want(413).holds([]string{"too long"}, []string{"<form"})
	s.do("", "PUT", path, nil).want(405)
	s.do("", "DELETE", path, nil).want(405)

	flooded := false
	for range 200 {
		if a := s.do("", "GET", "/questionnaire/"+strings.Repeat("A", 43), nil); a.Code == 429 {
			flooded = true
			if a.Header.Get("Retry-After") == "" {
				t.Error("when to try again is not said")
			}
			a.holds([]string{"Too many requests"}, nil)
			break
		}
	}
	if !flooded {
		t.Error("links can be tried without end")
	}
}

func TestOnlyThoseWhoMayChangeTheAnalysisAsk(t *testing.T) {
	s := hospital(t).as("lea", "continuity-manager").as("max", "auditor").as("cap", "capacity-manager").as("had", "customer-representative@customer/clinic-ormes-bleus").as("ada", "design-coordinator")
	body := map[string]any{"subject": "business-activity/emergency-care", "language": "en"}
	for who, code := range map[string]int{"": 401, "max": 403, "cap": 403, "had": 404, "ada": 201} {
		if a := s.post(who, "/questionnaires", body); a.Code != code {
			t.Errorf("%q asks: %d, want %d: %.200s", who, a.Code, code, a.Body)
		}
	}
	id, _ := s.ask("lea", "business-activity/emergency-care", "en")
	for who, code := range map[string]int{"": 401, "max": 404, "cap": 404, "had": 404} {
		for _, at := range []string{"/reminder", "/revocation", "/review"} {
			if a := s.post(who, "/questionnaires/"+id+at, nil); a.Code != code {
				t.Errorf("%q on %s: %d, want %d", who, at, a.Code, code)
			}
		}
		if a := s.do(who, "DELETE", "/api/v1/questionnaires/"+id, nil); a.Code != code {
			t.Errorf("%q forgets: %d", who, a.Code)
		}
		if a := s.get(who, "/questionnaires"); a.Code != 401 && a.Code != 403 {
			t.Errorf("%q lists: %d %.200s", who, a.Code, a.Body)
		}
	}
	for _, bad := range []map[string]any{
		{"subject": "component/x", "language": "en"}, {"subject": "business-activity/nothing", "language": "en"}, {"subject": "nonsense", "language": "en"}, {"subject": "", "language": "en"},
		{"subject": "business-activity/emergency-care", "language": "de"}, {"subject": "business-activity/emergency-care", "language": "en", "days": 400},
		{"subject": "team/infrastructure", "language": "en"}, {"subject": "business-activity/emergency-care", "language": "en", "recipient": strings.Repeat("x", 300)},
	} {
		if a := s.post("lea", "/questionnaires", bad); a.Code != 404 && a.Code != 422 {
			t.Errorf("%v: %d %.200s", bad, a.Code, a.Body)
		}
	}
}

func TestAnAnswerOutlivesItsDraftAndItsManager(t *testing.T) {
	s := hospitalOf(t).as("leo", "continuity-manager")
	id, path := s.ask("lea", "business-activity/emergency-care", "en")
	s.send(path, filled()).want(303)
	draft := drafts(s, "lea")[0].(map[string]any)["id"].(string)
	// A colleague cannot work on another's draft: he gets his own.
	other := s.post("leo", "/questionnaires/"+id+"/review", nil).want(200).json()["draft"].(string)
	if other == draft {
		t.Fatal("somebody else's draft")
	}
	s.get("leo", "/drafts/"+other).want(200).holds([]string{"Two triage nurses on paper"}, nil)
	s.do("leo", "DELETE", "/api/v1/drafts/"+other, nil).want(204)
	if third := s.post("leo", "/questionnaires/"+id+"/review", nil).want(200).json()["draft"]; third == other || third == "" {
		t.Errorf("%v", third)
	}
}
