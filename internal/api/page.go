package api

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

var errNameDiffers error = &model.Fault{Format: "the document's kind and name are not those of the address: send exactly that one object"}

//go:embed catalogue
var catalogueFiles embed.FS

// catalogueTemplates are the pages of the catalogue; each shares the frame.
var catalogueTemplates = sync.OnceValue(func() map[string]*template.Template {
	out := map[string]*template.Template{}
	frame := template.Must(template.New("").Funcs(template.FuncMap{"pictogram": pictogram, "prose": prose}).ParseFS(catalogueFiles, "catalogue/frame.html", "catalogue/parts.html"))
	for _, page := range []string{"list", "sheet", "door", "missing"} {
		out[page] = template.Must(template.Must(frame.Clone()).ParseFS(catalogueFiles, "catalogue/"+page+".html"))
	}
	return out
})

// catalogueStyle is the style sheet and its address, which changes with it.
var catalogueStyle, catalogueStyleAddress = func() ([]byte, string) {
	data, err := fs.ReadFile(catalogueFiles, "catalogue/catalogue.css")
	if err != nil { // embedded above
		panic(err)
	}
	hash := sha256.Sum256(data)
	return data, "/catalogue/static/" + hex.EncodeToString(hash[:6]) + ".css"
}()

// pageRoutes serve the catalogue, which reads without JavaScript.
func (s *Server) pageRoutes() {
	s.brandRoutes()
	s.mux.HandleFunc("GET /catalogue", s.catalogueList)
	s.mux.HandleFunc("GET /catalogue/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/catalogue", http.StatusMovedPermanently)
	})
	s.mux.HandleFunc("GET /catalogue/{service}", s.catalogueSheet)
	s.mux.HandleFunc("GET /catalogue/feed.atom", s.catalogueFeed)
	s.mux.HandleFunc("POST /catalogue/sign-in", s.catalogueSignIn)
	s.mux.HandleFunc("GET "+catalogueStyleAddress, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(catalogueStyle)
	})
}

// cataloguePage is what every page of the catalogue shows.
type cataloguePage struct {
	Lang         language.Lang
	Organisation string
	Logo         string // address of the organisation's logo, "" for none
	Style        string
	Theme        template.CSS
	Title        string
	Path         string // of the page, for links that keep it
	Query        url.Values
	Account      string // who reads, "" for nobody signed in
	Staff        bool
	Feed         string
	Here         string // address of the page with its query, for coming back after signing in
	w            language.Writer
}

// T writes a message; pairs are its arguments by name.
func (p *cataloguePage) T(key string, pairs ...any) string {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	text := p.w.Message("catalogue."+key, args)
	if p.Lang == language.FR {
		text = frenchSpaces.Replace(text)
	}
	return text
}

// frenchSpaces keeps the signs that French sets off from wrapping alone.
var frenchSpaces = strings.NewReplacer(" :", "\u00a0:", " ?", "\u202f?", " !", "\u202f!", " ;", "\u202f;")

// Text is a text in the reader's language.
func (p *cataloguePage) Text(t model.Text) string { return t.In(string(p.Lang)) }

// Day writes a stored date for people.
func (p *cataloguePage) Day(stored string) string {
	d, err := model.ParseDate(stored)
	if err != nil {
		return stored
	}
	return p.w.Date(d)
}

// To is an address that keeps the language asked for in this one.
func (p *cataloguePage) To(path string, pairs ...any) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := fmt.Sprint(pairs[i+1]); v != "" {
			q.Set(pairs[i].(string), v)
		}
	}
	if lang := p.Query.Get("lang"); lang != "" {
		q.Set("lang", string(p.Lang))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// With is the address of this page with parts of its query changed; an empty
// value leaves the part out.
func (p *cataloguePage) With(pairs ...any) string {
	q := url.Values{}
	for k, v := range p.Query {
		q[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := fmt.Sprint(pairs[i+1]); v != "" {
			q.Set(pairs[i].(string), v)
		} else {
			q.Del(pairs[i].(string))
		}
	}
	if len(q) == 0 {
		return p.Path
	}
	return p.Path + "?" + q.Encode()
}

// Other is the language that the page can be switched to.
func (p *cataloguePage) Other() language.Lang {
	if p.Lang == language.FR {
		return language.EN
	}
	return language.FR
}

// newCataloguePage fills what all pages share. Only the parts of the query that
// the catalogue knows are kept in links.
func (s *Server) newCataloguePage(r *http.Request, path string) *cataloguePage {
	c := callerOf(r.Context())
	head := s.app.Head()
	p := &cataloguePage{Lang: c.lang, Organisation: "Diapason", Style: catalogueStyleAddress, Path: path, Query: url.Values{}, w: app.WriterFor(head, c.lang)}
	for _, k := range []string{"q", "family", "state", "view", "page", "lang"} {
		if v := strings.TrimSpace(r.URL.Query().Get(k)); v != "" && len(v) <= 200 {
			p.Query.Set(k, v)
		}
	}
	for _, h := range head.OfKind("organisation") {
		p.Organisation = head.Object(h).Title(string(c.lang))
	}
	p.Theme, p.Logo = themeOf(head.Organisation().Color), logoAddress(head)
	if c.who != nil {
		p.Account = c.who.Account.Name
		p.Staff = s.app.May(c.actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"})
	}
	p.Feed = p.To("/catalogue/feed.atom")
	p.Here = p.With()
	return p
}

// customersOf lists the customers that the reader stands for.
func customersOf(c *caller) []string {
	list := c.actor.Customers()
	if c.who != nil && c.who.Account.Customer != "" {
		list = append(list, c.who.Account.Customer)
	}
	return list
}

const cardsOnPage = 60

type catalogueListPage struct {
	*cataloguePage
	*app.CataloguePage
	Words, Family string
	State         app.Lifecycle
	Technical     bool
	Groups        []cardGroup
	Page, Pages   int
	Filtered      bool
	StateChoices  []app.Lifecycle
}

// cardGroup is the cards of a family on a page.
type cardGroup struct {
	Family    model.Text
	Pictogram string
	Cards     []app.Card
}

// Previous is the page before this one.
func (v *catalogueListPage) Previous() int { return v.Page - 1 }

// Next is the page after this one.
func (v *catalogueListPage) Next() int { return v.Page + 1 }

// cardView is a card with the page that shows it.
type cardView struct {
	P    *cataloguePage
	Card app.Card
}

// Of hands a card to its template.
func (v *catalogueListPage) Of(c app.Card) cardView { return cardView{v.cataloguePage, c} }

func (s *Server) catalogueList(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	base := s.newCataloguePage(r, "/catalogue")
	q := app.CatalogueQuery{Words: base.Query.Get("q"), Family: base.Query.Get("family"), State: app.Lifecycle(base.Query.Get("state")), Supporting: base.Query.Get("view") == "technical", Customers: customersOf(c), Limit: cardsOnPage}
	page, _ := strconv.Atoi(base.Query.Get("page"))
	page = min(max(page, 1), 1<<20)
	q.First = (page - 1) * cardsOnPage
	found, err := s.app.BrowseCatalogue(r.Context(), c.actor, q, c.lang)
	if err != nil {
		s.catalogueRefusal(w, r, err)
		return
	}
	v := &catalogueListPage{cataloguePage: base, CataloguePage: found, Words: q.Words, Family: q.Family, State: q.State, Technical: q.Supporting, Page: page, Pages: (found.Others + cardsOnPage - 1) / cardsOnPage, Filtered: q.Filtered()}
	for _, state := range []app.Lifecycle{app.Available, app.Coming, app.Retiring} {
		if found.States[state] > 0 || q.State == state {
			v.StateChoices = append(v.StateChoices, state)
		}
	}
	pictograms := map[string]string{}
	for _, f := range found.Families {
		pictograms[f.Name] = f.Pictogram
	}
	for i, card := range found.Cards {
		if i == 0 || found.Cards[i-1].Family != card.Family {
			v.Groups = append(v.Groups, cardGroup{Family: card.FamilyTitle, Pictogram: pictograms[card.Family]})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Cards = append(g.Cards, card)
	}
	base.Title = base.T("title")
	s.renderCatalogue(w, r, http.StatusOK, "list", v)
}

type catalogueSheetPage struct {
	*cataloguePage
	*app.CatalogueSheet
}

func (s *Server) catalogueSheet(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	name := r.PathValue("service")
	sheet, err := s.app.CatalogueSheet(r.Context(), c.actor, app.View{}, parseRef("service", name), c.lang, customersOf(c))
	if err != nil {
		s.catalogueRefusal(w, r, err)
		return
	}
	base := s.newCataloguePage(r, "/catalogue/"+url.PathEscape(name))
	base.Title = base.Text(sheet.Title)
	s.renderCatalogue(w, r, http.StatusOK, "sheet", &catalogueSheetPage{base, sheet})
}

// True reads a verdict that is known.
func (*catalogueSheetPage) True(v *bool) bool { return v != nil && *v }

type doorPage struct {
	*cataloguePage
	Login   string
	Problem string
	Next    string
}

// catalogueRefusal shows the door to whoever has not signed in, and a page of
// its own for what does not exist or is not for the reader: which of the two is
// never said.
func (s *Server) catalogueRefusal(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err).(*Problem)
	base := s.newCataloguePage(r, r.URL.Path)
	switch p.Status {
	case http.StatusUnauthorized:
		base.Title = base.T("door.title")
		s.renderCatalogue(w, r, p.Status, "door", &doorPage{cataloguePage: base, Next: base.Here})
	case http.StatusNotFound, http.StatusForbidden:
		base.Title = base.T("missing.title")
		s.renderCatalogue(w, r, http.StatusNotFound, "missing", &doorPage{cataloguePage: base, Problem: base.T("missing.text")})
	default:
		base.Title = base.T("failed.title")
		s.renderCatalogue(w, r, p.Status, "missing", &doorPage{cataloguePage: base, Problem: p.Detail})
	}
}

// catalogueSignIn takes the form of the door, so that signing in needs no
// JavaScript either.
func (s *Server) catalogueSignIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	c := callerOf(r.Context())
	next := r.PostFormValue("next")
	if u, err := url.Parse(next); err != nil || u.IsAbs() || u.Host != "" || u.Path != "/catalogue" && !strings.HasPrefix(u.Path, "/catalogue/") {
		next = "/catalogue"
	}
	if s.app.Directory() == nil {
		http.NotFound(w, r)
		return
	}
	login := r.PostFormValue("login")
	o, err := s.app.Directory().Login(r.Context(), login, r.PostFormValue("password"), c.origin, c.token)
	if err != nil {
		p := s.problem(r.Context(), err).(*Problem)
		base := s.newCataloguePage(r, "/catalogue")
		base.Title = base.T("door.title")
		if p.Retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
		}
		s.renderCatalogue(w, r, p.Status, "door", &doorPage{cataloguePage: base, Login: login, Problem: p.Detail, Next: next})
		return
	}
	cookie := s.cookie(o.Token, o.Session.Expires)
	http.SetCookie(w, &cookie)
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// renderCatalogue writes a page whole or not at all.
func (s *Server) renderCatalogue(w http.ResponseWriter, r *http.Request, code int, page string, data any) {
	var b bytes.Buffer
	if err := catalogueTemplates()[page].ExecuteTemplate(&b, "frame", data); err != nil {
		s.log.Error("the catalogue could not be written", "page", page, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	s.answerCached(w, r, code, b.Bytes())
}

// answerCached lets a browser keep a page and ask whether it still stands.
func (s *Server) answerCached(w http.ResponseWriter, r *http.Request, code int, content []byte) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Accept-Language")
	if code == http.StatusOK {
		hash := sha256.Sum256(content)
		tag := `"` + hex.EncodeToString(hash[:12]) + `"`
		h.Set("ETag", tag)
		for _, known := range strings.Split(r.Header.Get("If-None-Match"), ",") {
			if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
	}
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(content)
	}
}
