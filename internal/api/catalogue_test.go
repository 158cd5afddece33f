package api_test

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"diapason/internal/api"
	"diapason/internal/app"
	"diapason/internal/app/assess"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store/sqlite"
)

const catalogueModel = `
apiVersion: diapason/v1
kind: Organisation
metadata: {name: valley, title: {en: Valley Group, fr: Groupe de la vallée}}
spec:
  zone: Europe/Paris
  color: "#f5d90a"
  publicCatalogue: PUBLIC
  families: [{name: Office, title: {en: Office work, fr: Bureautique}}, {name: Care, title: {en: Care of patients, fr: Soins aux patients}, pictogram: heart}]
---
apiVersion: diapason/v1
kind: Person
metadata: {name: ada, title: Ada}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: office, title: {en: Office hours, fr: Heures ouvrées}}
spec:
  zone: Europe/Paris
  holidays: FR
  hours:
    - {days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:30"}
    - {days: [sat], from: "09:00", to: "12:00"}
  special: [{date: 2027-03-15, closed: true, name: {en: Stocktaking, fr: Inventaire}}]
---
apiVersion: diapason/v1
kind: Customer
metadata: {name: clinic, title: {en: The clinic, fr: La clinique}}
spec: {uses: [record]}
---
apiVersion: diapason/v1
kind: Customer
metadata: {name: school, title: {en: The school, fr: L'école}}
spec: {uses: [mail]}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: record, owner: person/ada, title: {en: Patient record, fr: Dossier patient}}
spec:
  facing: customer
  family: Care
  stage: live
  criticality: high
  availableFrom: 2026-01-01
  sheet:
    summary: {en: All that is known of a patient, fr: Tout ce que l'on sait d'un patient}
    includes: [{en: Reading and writing, fr: Lecture et écriture}]
    forWhom: {en: Care staff, fr: Les soignants}
    hours: office
    howToRequest: {en: "Write to desk@example.org or see https://desk.example.org/new.", fr: Écrivez à desk@example.org.}
    contact: {en: "Desk, 4000", fr: "Guichet, 4000"}
    free: true
    levels: {en: Nearly always there, fr: Presque toujours là}
    audience: customers
    pictogram: record
---
apiVersion: diapason/v1
kind: Service
metadata: {name: mail, owner: person/ada, title: {en: Mail, fr: Messagerie}}
spec:
  facing: customer
  family: Office
  stage: live
  criticality: low
  availableFrom: 2026-01-01
  retiresOn: 2027-12-31
  replacedBy: post
  migrateBy: 2027-11-30
  sheet: {summary: {en: Letters, fr: Courrier}, audience: public, hours: office}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: post, owner: person/ada, title: {en: '<script>alert(1)</script> & "Post"', fr: "<img src=x onerror=alert(1)>"}}
spec:
  facing: customer
  family: '<b onmouseover="x">Office</b>'
  stage: transition
  criticality: low
  availableFrom: 2027-06-01
  sheet: {summary: {en: "javascript:alert(1) </style><script>", fr: Courrier nouveau}, contact: {en: "javascript:alert(2)", fr: x}, audience: everyone}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: secret, owner: person/ada, title: {en: Not published, fr: Non publié}}
spec: {facing: customer, stage: design, criticality: low}
---
apiVersion: diapason/v1
kind: Offering
metadata: {name: record-plus, title: {en: Record plus, fr: Dossier plus}}
spec: {service: record, price: 1200.00 EUR/month, level: {en: With images, fr: Avec images}, audience: [customer/clinic]}
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: clinic-record, title: {en: Agreement of the clinic, fr: Accord de la clinique}}
spec:
  type: sla
  customer: clinic
  services: [service/record]
  start: 2026-01-01
  end: 2028-12-31
  hours: office
  targets:
    - {name: availability, metric: availability, availability: 99.5%, window: month}
    - {name: restore, metric: time-to-restore, within: PT4H, percentile: 95%, priority: P1}
  signatures: [{party: provider, by: ada, on: 2025-12-01}, {party: customer, name: Dr Who, on: 2025-12-02}]
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: everyday, title: {en: Everyday services, fr: Services du quotidien}}
spec: {type: sla, level: corporate, services: [service/mail], start: 2026-01-01, targets: [{name: answer, metric: time-to-respond, within: PT1H, priority: P2}]}
---
apiVersion: diapason/v1
kind: CaseFigures
metadata: {name: january}
spec: {of: agreement/clinic-record, target: availability, service: service/record, from: 2027-01-01, until: 2027-01-31, attained: 99.1%, declared: true}
---
apiVersion: diapason/v1
kind: CaseFigures
metadata: {name: february}
spec: {of: agreement/clinic-record, target: availability, service: service/record, from: 2027-02-01, until: 2027-02-28, attained: 99.8%}
`

// catalogueSite is a server over a real store with a published catalogue.
type catalogueSite struct {
	t       *testing.T
	app     *app.App
	server  *api.Server
	cookies map[string]*http.Cookie
	actors  map[string]identity.Actor
}

func newCatalogueSite(t *testing.T, public bool) *catalogueSite {
	t.Helper()
	ctx := context.Background()
	st, err := sqlite.Open(ctx, t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	on, _ := model.ParseDate("2027-03-12")
	a, err := app.Open(ctx, app.Options{Store: st, Directory: dir, On: on})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	answer := "false"
	if public {
		answer = "true"
	}
	text := strings.ReplaceAll(catalogueModel, "PUBLIC", answer)
	objects, issues := model.Decode("model.yaml", []byte(text))
	if len(issues) > 0 {
		t.Fatalf("the test's model: %v", issues)
	}
	for _, o := range objects { // only what the catalogue does is looked at here
		if org, ok := o.Spec.(*model.Organisation); ok {
			for _, r := range assess.Rules() {
				org.Severities = append(org.Severities, model.Severity{Rule: r.ID, Severity: "off"})
			}
		}
	}
	if _, err := a.Apply(ctx, identity.Operator(), objects, false, "start", "start"); err != nil {
		t.Fatal(err)
	}
	s := &catalogueSite{t: t, app: a, server: api.New(api.Options{App: a, Version: "test"}), cookies: map[string]*http.Cookie{}, actors: map[string]identity.Actor{}}
	for name, grants := range map[string][]string{
		"coordinator": {"design-coordinator"}, "manager": {"catalogue-manager"}, "clinic": {"customer-representative@customer/clinic"},
		"school": {"customer-representative@customer/school"}, "supplier": {"supplier-contact@supplier/any"},
	} {
		n := identity.NewAccount{Login: name, Name: "Reader " + name, Language: "en"}
		if name == "clinic" || name == "school" {
			n.Customer = "customer/" + name
		}
		for _, g := range grants {
			grant, err := identity.ParseGrant("", g)
			if err != nil {
				t.Fatal(err)
			}
			n.Grants = append(n.Grants, grant)
		}
		acc, err := dir.CreateAccount(ctx, identity.ByOperator, "test", n)
		if err != nil {
			t.Fatal(err)
		}
		link, err := dir.IssuePasswordLink(ctx, identity.ByOperator, "test", acc.ID)
		if err != nil {
			t.Fatal(err)
		}
		o, err := dir.SetPassword(ctx, link.Token, "correct horse battery "+name, identity.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		who, err := dir.Identify(ctx, o.Token)
		if err != nil {
			t.Fatal(err)
		}
		s.cookies[name] = &http.Cookie{Name: "diapason_session", Value: string(o.Token)}
		s.actors[name] = who.Actor(time.Now())
	}
	for _, name := range []string{"record", "mail", "post"} {
		s.publish(name)
	}
	return s
}

func (s *catalogueSite) publish(name string) {
	s.t.Helper()
	ctx := context.Background()
	if _, err := s.app.Submit(ctx, s.actors["coordinator"], model.Ref{Kind: "service", Name: name}, "ready"); err != nil {
		s.t.Fatal(err)
	}
	subs, err := s.app.Submissions(ctx, s.actors["manager"])
	if err != nil || len(subs) != 1 {
		s.t.Fatalf("%d submissions, %v", len(subs), err)
	}
	for _, b := range subs[0].Blocked {
		s.t.Logf("blocked by %s %s %s", b.Rule, b.Subject, b.Part)
	}
	if _, err := s.app.Decide(ctx, s.actors["manager"], subs[0].Ref.Name, true, ""); err != nil {
		s.t.Fatal(err)
	}
}

func (s *catalogueSite) get(who, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://diapason.test"+target, nil)
	if c := s.cookies[who]; c != nil {
		r.AddCookie(c)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func TestWhoReadsWhatInTheCatalogue(t *testing.T) {
	closed, open := newCatalogueSite(t, false), newCatalogueSite(t, true)
	for _, c := range []struct {
		name       string
		site       *catalogueSite
		who        string
		code       int
		has, hasNo []string
	}{
		{"an anonymous reader is asked to sign in", closed, "", 401, []string{"Sign in to read the catalogue", `name="password"`}, []string{"Mail", "Patient record"}},
		{"an anonymous reader of a public catalogue sees what is public", open, "", 200, []string{"Mail", "Retiring", "31\u00a0December\u00a02027"}, []string{"Patient record", "alert(1)", "My services"}},
		{"a customer sees his own services first, and what is for everyone", open, "clinic", 200, []string{"My services", "Patient record", "Mail", "&lt;script&gt;alert(1)"}, []string{"Not published", "<script>alert"}},
		{"another customer does not see the services of the first", open, "school", 200, []string{"My services", "Mail"}, []string{"Patient record"}},
		{"a supplier sees what is for everyone", open, "supplier", 200, []string{"Mail", "Coming soon", "from 1\u00a0June\u00a02027"}, []string{"Patient record", "My services"}},
		{"staff see all that is published", open, "coordinator", 200, []string{"Mail", "Patient record"}, []string{"Not published", "My services"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.site.get(c.who, "/catalogue")
			if w.Code != c.code {
				t.Fatalf("answered %d, want %d: %s", w.Code, c.code, w.Body)
			}
			holds(t, w.Body.String(), c.has, c.hasNo)
		})
	}
}

func holds(t *testing.T, text string, has, hasNo []string) {
	t.Helper()
	for _, x := range has {
		if !strings.Contains(text, x) {
			t.Errorf("%q is missing", x)
		}
	}
	for _, x := range hasNo {
		if strings.Contains(text, x) {
			t.Errorf("%q should not be there", x)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestSheetsOfTheCatalogue(t *testing.T) {
	s := newCatalogueSite(t, true)
	for _, c := range []struct {
		name, who, target string
		code              int
		has, hasNo        []string
	}{
		{"a customer reads his agreement, its hours and what was delivered", "clinic", "/catalogue/record", 200,
			[]string{`lang="en"`, "Agreement of the clinic", "Available 99.5% of the agreed time", "Back in service within 4\u00a0h (priority P1), for 95% of cases", "Kept", "Not kept", "declared", "99.1%", "Free of charge",
				"Monday to Friday", "08:00 to 18:30", "Saturday", "09:00 to 12:00", "Closed on public holidays (France)", "Stocktaking", "29\u00a0March\u00a02027", `href="mailto:desk@example.org"`, `href="https://desk.example.org/new"`,
				"Record plus", "€1,200.00 a month", "One of the services of"},
			[]string{"Nearly always there", "/services/record"}},
		{"the same in French", "clinic", "/catalogue/record?lang=fr", 200,
			[]string{`lang="fr"`, "Accord de la clinique", "Disponible 99,5\u00a0% du temps convenu", "Service rétabli en moins de 4\u00a0h", "Tenue", "Non tenue", "déclaré", "Gratuit", "Du lundi au vendredi", "de 8\u00a0h à 18\u00a0h\u00a030", "Samedi",
				"Fermé les jours fériés (France)", "Inventaire", "29\u00a0mars\u00a02027", "1\u202f200,00\u00a0€ par mois", "/catalogue?lang=fr"},
			[]string{"Promise kept", "Monday"}},
		{"staff read every agreement and may open the working version", "coordinator", "/catalogue/record", 200, []string{"Agreement of the clinic", "/services/record"}, nil},
		{"a retiring service says until when and what replaces it", "school", "/catalogue/mail", 200,
			[]string{"This service ends on 31\u00a0December\u00a02027", "Please move to it by 30\u00a0November\u00a02027", `href="/catalogue/post"`, "Everyday services", "Somebody takes charge within 1\u00a0h (priority P2)"}, nil},
		{"an agreement with all customers is not for those who are none", "supplier", "/catalogue/mail", 200, []string{"No level of service has been agreed for you"}, []string{"Everyday services"}},
		{"an anonymous reader sees no link to a sheet that he may not read", "", "/catalogue/mail", 200, []string{"Another service is to replace it"}, []string{"/catalogue/post", "alert(1)"}},
		{"a title that looks like a script is text", "school", "/catalogue/post", 200, []string{"&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;Post&#34;", "available from 1\u00a0June\u00a02027"}, []string{"<script", "<b onmouseover", `href="javascript`}},
		{"a service for other customers is as if it were not there", "school", "/catalogue/record", 404, []string{"There is nothing to read here"}, []string{"Patient record"}},
		{"a service that is not published is not there", "clinic", "/catalogue/secret", 404, []string{"There is nothing to read here"}, []string{"Not published"}},
		{"an anonymous reader is asked to sign in for a service that is not public", "", "/catalogue/record", 401, []string{"Sign in"}, []string{"Patient record"}},
		{"an anonymous reader cannot tell what exists", "", "/catalogue/nothing-of-the-sort", 401, []string{"Sign in"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.get(c.who, c.target)
			if w.Code != c.code {
				t.Fatalf("answered %d, want %d: %s", w.Code, c.code, w.Body)
			}
			holds(t, w.Body.String(), c.has, append(c.hasNo, "catalogue.sheet", "catalogue.hours", "catalogue.card", "catalogue.state", "<no value>", "{{"))
		})
	}
}

func TestACatalogueSheetShowsTheReaderHisOwnPromises(t *testing.T) {
	s := hospital(t).as("clinic", "customer-representative@customer/clinic-ormes-bleus").as("vallon", "customer-representative@customer/hospital-vallon").as("ada", "service-level-manager")
	const own, shared = "Imaging for the Blue Elms clinic", "Medical imaging, day and night"
	for _, x := range []struct {
		name, who     string
		code          int
		holds, misses []string
	}{
		{"a customer with an agreement of his own sees that one alone", "clinic", 200, []string{own}, []string{shared}},
		{"a customer without one sees the agreement with all", "vallon", 200, []string{shared}, []string{own}},
		{"who manages service levels sees both", "ada", 200, []string{own, shared}, nil},
		{"a reader who has not signed in sees neither", "", 401, nil, []string{own, shared}},
	} {
		t.Run(x.name, func(t *testing.T) {
			a := s.do(x.who, "GET", "/catalogue/medical-imaging", nil)
			a.t = t
			a.want(x.code).holds(x.holds, x.misses)
		})
	}
}

func TestTheCatalogueShowsWhatWasPublished(t *testing.T) {
	s := newCatalogueSite(t, true)
	ctx := context.Background()
	objects, _ := model.Decode("change.yaml", []byte(strings.Replace(strings.Split(catalogueModel, "---")[6], "Letters", "Parcels", 1)))
	if len(objects) != 1 || objects[0].Metadata.Name != "mail" {
		t.Fatalf("the test's change is of %v", objects)
	}
	if _, err := s.app.Apply(ctx, identity.Operator(), objects, false, "change", "change"); err != nil {
		t.Fatal(err)
	}
	holds(t, s.get("", "/catalogue/mail").Body.String(), []string{"Letters"}, []string{"Parcels"})
	s.publish("mail")
	holds(t, s.get("", "/catalogue/mail").Body.String(), []string{"Parcels"}, []string{"Letters"})
	if _, err := s.app.Withdraw(ctx, s.actors["manager"], model.Ref{Kind: "service", Name: "mail"}, "no more"); err != nil {
		t.Fatal(err)
	}
	if w := s.get("school", "/catalogue/mail"); w.Code != 404 {
		t.Errorf("a withdrawn service answers %d", w.Code)
	}
}

func TestTheCatalogueFollowsEveryChangeThatTouchesIt(t *testing.T) {
	s := newCatalogueSite(t, false)
	change := func(yaml string) {
		t.Helper()
		objects, issues := model.Decode("change.yaml", []byte("apiVersion: diapason/v1\n"+yaml))
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		if _, err := s.app.Apply(context.Background(), identity.Operator(), objects, false, "change", "change"); err != nil {
			t.Fatal(err)
		}
	}
	reads := func(who string) bool {
		return s.get(who, "/catalogue/record").Code == 200 && strings.Contains(s.get(who, "/catalogue").Body.String(), "Patient record")
	}
	if reads("school") || !reads("clinic") {
		t.Fatal("the catalogue does not begin as it should")
	}
	change("kind: Component\nmetadata: {name: aside}\nspec: {class: server}")
	change("kind: Customer\nmetadata: {name: school, title: {en: The school, fr: L'école}}\nspec: {uses: [mail, record]}")
	if !reads("school") {
		t.Error("a customer who uses the service now does not see it")
	}
	change("kind: Customer\nmetadata: {name: school, title: {en: The school, fr: L'école}}\nspec: {uses: [mail]}")
	if reads("school") {
		t.Error("a customer who does not use the service any more still sees it")
	}
	change("kind: Agreement\nmetadata: {name: clinic-record, title: x}\nspec: {type: sla, customer: school, services: [service/record], start: 2026-01-01}")
	change("kind: Customer\nmetadata: {name: clinic, title: x}\nspec: {uses: []}")
	if !reads("school") || reads("clinic") {
		t.Error("the agreement's new customer does not take the place of the old one")
	}
	change("kind: Organisation\nmetadata: {name: valley}\nspec: {families: [{name: Care, title: {en: Tenderness, fr: Tendresse}}]}")
	holds(t, s.get("coordinator", "/catalogue").Body.String(), []string{"Tenderness"}, []string{"Office work"})
}

func TestSearchAndFiltersOfTheCatalogue(t *testing.T) {
	s := newCatalogueSite(t, false)
	for _, c := range []struct {
		name, query string
		has, hasNo  []string
	}{
		{"words of the other language find as well, without accents", "?q=ecriture", []string{"Patient record", "1 service"}, []string{">Mail<"}},
		{"all words must be found", "?q=patient+letters", []string{"Nothing matches"}, []string{`href="/catalogue/record"`}},
		{"a family narrows the list", "?family=Care", []string{"Patient record"}, []string{">Mail<"}},
		{"the words of a family's title find its services", "?q=bureautique", []string{">Mail<"}, []string{">Patient record<"}},
		{"a state narrows the list", "?state=retiring&lang=fr", []string{"Messagerie", "Bureautique", `value="retiring"`}, []string{"Dossier patient"}},
		{"what was searched stays in the field, as text", "?q=%22%3E%3Cscript%3E", []string{`value="&#34;&gt;&lt;script&gt;"`}, []string{"<script"}},
		{"a page beyond the last is empty, not an error", "?page=99999999999999999999", nil, []string{"Patient record"}},
		{"no supporting service is published", "?view=technical", []string{"No supporting service is published"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.get("coordinator", "/catalogue"+c.query)
			if w.Code != 200 {
				t.Fatalf("answered %d", w.Code)
			}
			holds(t, w.Body.String(), c.has, append(c.hasNo, "catalogue.sheet", "catalogue.hours", "catalogue.card", "catalogue.state", "<no value>"))
		})
	}
}

func TestTheFeedIsValidAtom(t *testing.T) {
	s := newCatalogueSite(t, true)
	for _, c := range []struct {
		name, who string
		entries   int
	}{
		{"an anonymous reader", "", 1}, {"a customer", "clinic", 3}, {"another customer", "school", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.get(c.who, "/catalogue/feed.atom?lang=fr")
			if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") {
				t.Fatalf("answered %d %s", w.Code, w.Header())
			}
			var f struct {
				XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
				ID      string   `xml:"http://www.w3.org/2005/Atom id"`
				Title   string   `xml:"http://www.w3.org/2005/Atom title"`
				Updated string   `xml:"http://www.w3.org/2005/Atom updated"`
				Author  struct {
					Name string `xml:"name"`
				} `xml:"author"`
				Entries []struct {
					ID      string `xml:"id"`
					Title   string `xml:"title"`
					Updated string `xml:"updated"`
					Link    struct {
						Href string `xml:"href,attr"`
					} `xml:"link"`
					Summary string `xml:"summary"`
				} `xml:"entry"`
			}
			if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil {
				t.Fatal(err)
			}
			if len(f.Entries) != c.entries || f.Author.Name != "Groupe de la vallée" {
				t.Errorf("%d entries by %s: %s", len(f.Entries), f.Author.Name, w.Body)
			}
			seen := map[string]bool{}
			for _, e := range append(f.Entries, struct {
				ID      string `xml:"id"`
				Title   string `xml:"title"`
				Updated string `xml:"updated"`
				Link    struct {
					Href string `xml:"href,attr"`
				} `xml:"link"`
				Summary string `xml:"summary"`
			}{ID: f.ID, Title: f.Title, Updated: f.Updated}) {
				if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || e.Title == "" || !strings.HasPrefix(e.ID, "urn:uuid:") || seen[e.ID] {
					t.Errorf("entry %+v is not valid: %v", e, err)
				}
				seen[e.ID] = true
				if e.ID != f.ID {
					if u, err := url.Parse(e.Link.Href); err != nil || !u.IsAbs() || u.Host != "diapason.test" {
						t.Errorf("the link %q is not absolute", e.Link.Href)
					}
				}
			}
			if again := s.get(c.who, "/catalogue/feed.atom?lang=fr", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("an unchanged feed answers %d with %d bytes", again.Code, again.Body.Len())
			}
		})
	}
	if w := newCatalogueSite(t, false).get("", "/catalogue/feed.atom"); w.Code != 401 {
		t.Errorf("a closed feed answers %d", w.Code)
	}
}

func TestSigningInAtTheCatalogueNeedsNoScript(t *testing.T) {
	s := newCatalogueSite(t, false)
	post := func(form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://diapason.test/catalogue/sign-in", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.server.ServeHTTP(w, r)
		return w
	}
	for _, c := range []struct {
		name, password, next, to string
		code                     int
	}{
		{"the right password leads to the page asked for", "correct horse battery clinic", "/catalogue/record?lang=fr", "/catalogue/record?lang=fr", 303},
		{"an address elsewhere leads to the catalogue", "correct horse battery clinic", "https://evil.example/catalogue", "/catalogue", 303},
		{"an address without scheme elsewhere leads to the catalogue", "correct horse battery clinic", "//evil.example/catalogue/", "/catalogue", 303},
		{"a wrong password is told without saying which part is wrong", "nothing like it", "/catalogue", "", 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := post(url.Values{"login": {"clinic"}, "password": {c.password}, "next": {c.next}})
			if w.Code != c.code || w.Header().Get("Location") != c.to {
				t.Fatalf("answered %d to %q", w.Code, w.Header().Get("Location"))
			}
			if set := w.Header().Get("Set-Cookie"); (c.code == 303) != strings.Contains(set, "diapason_session=") {
				t.Errorf("cookie %q", set)
			}
			if c.code == 401 {
				holds(t, w.Body.String(), []string{`role="alert"`, `value="clinic"`}, []string{c.password})
			}
		})
	}
}

func TestLanguageAndStyleOfTheCatalogue(t *testing.T) {
	s := newCatalogueSite(t, true)
	if w := s.get("", "/catalogue", "Accept-Language", "fr-CH, en;q=0.5"); !strings.Contains(w.Body.String(), "Que pouvons-nous faire pour vous") {
		t.Error("Accept-Language does not count")
	}
	page := s.get("", "/catalogue", "Accept-Language", "fr").Body.String()
	_, after, _ := strings.Cut(page, `<link rel="stylesheet" href="`)
	address, _, _ := strings.Cut(after, `"`)
	if w := s.get("", address); w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("the style sheet %s answers %d %v", address, w.Code, w.Header())
	}
	holds(t, page, []string{"--brand:#f5d90a;--on-brand:#10161a"}, []string{"ZgotmplZ", "<script"})
}
