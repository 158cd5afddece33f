package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"diapason/internal/app"
)

// feedEntries bounds the feed.
const feedEntries = 50

// Atom as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// catalogueFeed announces new and changed publications to whoever may read them.
func (s *Server) catalogueFeed(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	news, err := s.app.NewInCatalogue(r.Context(), c.actor, feedEntries)
	if err != nil {
		s.catalogueRefusal(w, r, err)
		return
	}
	p := s.newCataloguePage(r, "/catalogue/feed.atom")
	base := s.addressOf(r)
	f := atomFeed{
		Lang: string(p.Lang), ID: urn("catalogue", base), Title: p.Organisation + " · " + p.T("title"), Author: atomAuthor{p.Organisation}, Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", base + p.With()}, {"alternate", "text/html", base + p.To("/catalogue")}},
	}
	if len(news) > 0 {
		f.Updated = news[0].At.UTC().Format(time.RFC3339)
	}
	for _, n := range news {
		e := atomEntry{
			ID: urn("service", n.UID), Title: p.T("feed.title", "title", n.Title, "what", newsKey(p, n)), Published: n.FirstPublished.UTC().Format(time.RFC3339), Updated: n.At.UTC().Format(time.RFC3339),
			Links: []atomLink{{"alternate", "text/html", base + p.To("/catalogue/"+n.Ref.Name)}}, Summary: newsText(p, n),
		}
		if n.Family != "" {
			e.Categories = append(e.Categories, atomCategory{n.Family, p.Text(n.FamilyTitle)})
		}
		e.Categories = append(e.Categories, atomCategory{string(n.State), p.T("state." + string(n.State))})
		f.Entries = append(f.Entries, e)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(f); err != nil {
		s.catalogueRefusal(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	s.answerCached(w, r, http.StatusOK, b.Bytes())
}

func newsKey(p *cataloguePage, n app.CatalogueNews) string {
	switch {
	case n.State == app.Retiring:
		return p.T("feed.retiring")
	case n.State == app.Coming:
		return p.T("feed.coming")
	case n.At.Equal(n.FirstPublished.Time):
		return p.T("feed.new")
	}
	return p.T("feed.changed")
}

func newsText(p *cataloguePage, n app.CatalogueNews) string {
	text := p.Text(n.Summary)
	add := func(more string) {
		if text != "" {
			text += " "
		}
		text += more
	}
	switch {
	case n.State == app.Coming && n.AvailableFrom != "":
		add(p.T("card.from", "date", p.Day(n.AvailableFrom)))
	case n.State == app.Retiring && n.RetiresOn != "":
		add(p.T("card.until", "date", p.Day(n.RetiresOn)))
	}
	return text
}

// urn is an identifier that never changes: a name-based UUID (RFC 9562, version 8).
func urn(kind, name string) string {
	h := sha256.Sum256([]byte("diapason\x00" + kind + "\x00" + name))
	h[6] = h[6]&0x0f | 0x80
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// addressOf is the address at which the reader found this server.
func (s *Server) addressOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || s.options.Secure {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
