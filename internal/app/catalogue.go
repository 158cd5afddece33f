package app

import (
	"context"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Card is a published service in the catalogue.
type Card struct {
	Ref           model.Ref   `json:"ref"`
	Title         model.Text  `json:"title"`
	Summary       model.Text  `json:"summary"`
	ForWhom       model.Text  `json:"forWhom"`
	Facing        string      `json:"facing"`
	Family        string      `json:"family"`
	FamilyTitle   model.Text  `json:"familyTitle"`
	Pictogram     string      `json:"pictogram,omitempty"`
	State         Lifecycle   `json:"state"`
	Late          bool        `json:"late,omitempty" doc:"Still to come although its date has passed"`
	AvailableFrom string      `json:"availableFrom,omitempty"`
	RetiresOn     string      `json:"retiresOn,omitempty"`
	ReplacedBy    *Named      `json:"replacedBy,omitempty"`
	PublishedAt   string      `json:"publishedAt"`
	Published     *Published  `json:"-"`
	Stage         model.Stage `json:"-"`

	customers   []string
	replacement bool // what replaces it can be read in the catalogue
}

// IsFor reports whether the service is used by, or promised to, one of the
// customers, given by reference.
func (c *Card) IsFor(customers []string) bool {
	return slices.ContainsFunc(c.customers, func(x string) bool { return slices.Contains(customers, x) })
}

// catalogueResource turns the published sheet's audience into a resource of rights.
func catalogueResource(s *model.Snapshot, p *Published) identity.Resource {
	r := Resource(s, p.Service)
	r.Published = true
	switch p.Service.Spec.(*model.Service).Sheet.Audience {
	case "public":
		r.Audience = identity.AudiencePublic
	case "customers":
		r.Audience = identity.AudienceNamed
	default:
		r.Audience = identity.AudienceCustomers
	}
	service := p.Service.Ref()
	if h, ok := s.Find(service); ok {
		for _, in := range s.In(h) {
			switch x := s.Object(in.From).Spec.(type) {
			case *model.Agreement:
				r.Customers = append(r.Customers, x.Customer.String())
			case *model.Customer:
				r.Customers = append(r.Customers, s.Ref(in.From).String())
			}
		}
	}
	r.Customers = slices.DeleteFunc(r.Customers, func(c string) bool { return c == "" })
	slices.Sort(r.Customers)
	r.Customers = slices.Compact(r.Customers)
	return r
}

// CatalogueQuery filters the catalogue.
type CatalogueQuery struct {
	Words      string // all of them must be in the sheet, in either language
	Family     string
	State      Lifecycle
	Supporting bool     // the technical view: services that support others
	Customers  []string // whose services come first, by reference
	First      int      // cards to pass over
	Limit      int      // cards shown at most; 0 for all
}

// Filtered reports that something narrows the catalogue.
func (q CatalogueQuery) Filtered() bool {
	return q.Words != "" || q.Family != "" || q.State != ""
}

// CatalogueFamily is a family of services with how many the reader finds in it.
type CatalogueFamily struct {
	Name      string
	Title     model.Text
	Pictogram string
	Count     int
}

// CataloguePage is a page of the catalogue as one reader sees it.
type CataloguePage struct {
	Mine       []Card // the services of the reader's customers, where nothing narrows the page
	Cards      []Card // the others
	Found      int    // cards that the query finds, on all pages
	Others     int    // those of them that are not among Mine
	Any        bool   // the reader may read something in the view
	Supporting bool   // he may read something in the technical view
	Families   []CatalogueFamily
	States     map[Lifecycle]int
}

// Catalogue lists the published services that the actor may read, by family and
// title. What is retired is left out.
func (a *App) Catalogue(ctx context.Context, actor identity.Actor, v View) ([]Card, error) {
	ix, on, err := a.catalogueAt(ctx, v)
	if err != nil {
		return nil, err
	}
	out := []Card{}
	ix.each(a, actor, language.EN, func(*catalogueEntry) bool { return true }, func(e *catalogueEntry) {
		if c := ix.card(a, actor, e, on); c.State != Retired {
			out = append(out, c)
		}
	})
	return out, nil
}

// BrowseCatalogue searches and filters the catalogue as it stands now.
func (a *App) BrowseCatalogue(ctx context.Context, actor identity.Actor, q CatalogueQuery, lang language.Lang) (*CataloguePage, error) {
	if actor.ID() == "" && !a.Head().Organisation().PublicCatalogue {
		return nil, fail(CodeSignIn, nil)
	}
	ix, on, err := a.catalogueAt(ctx, View{})
	if err != nil {
		return nil, err
	}
	words := wordsOf(q.Words)
	out := &CataloguePage{Mine: []Card{}, Cards: []Card{}, States: map[Lifecycle]int{}}
	families := map[string]int{}
	// Whether there is anything else to read takes one look; what the words do not
	// find is not looked at again.
	cares := func(e *catalogueEntry) bool {
		if e.supporting != q.Supporting {
			return e.supporting && !out.Supporting
		}
		return !out.Any || e.contains(words)
	}
	ix.each(a, actor, lang, cares, func(e *catalogueEntry) {
		state := e.state(on)
		if state == Retired {
			return
		}
		out.Supporting = out.Supporting || e.supporting
		if e.supporting != q.Supporting {
			return
		}
		out.Any = true
		if !e.contains(words) {
			return
		}
		family := e.service.Family
		if q.State == "" || q.State == state {
			i, known := families[family]
			if !known {
				i = len(out.Families)
				families[family] = i
				out.Families = append(out.Families, familyOf(ix.snap, family, e.service.Sheet.Pictogram))
			}
			out.Families[i].Count++
		}
		if q.Family == "" || q.Family == family {
			out.States[state]++
		}
		if q.Family != "" && q.Family != family || q.State != "" && q.State != state {
			return
		}
		out.Found++
		if !q.Filtered() && intersect(e.resource.Customers, q.Customers) {
			out.Mine = append(out.Mine, ix.card(a, actor, e, on))
			return
		}
		out.Others++
		if out.Others > q.First && (q.Limit == 0 || len(out.Cards) < q.Limit) {
			out.Cards = append(out.Cards, ix.card(a, actor, e, on))
		}
	})
	return out, nil
}

// familyOf is a family as the organisation names it; where it does not, its own
// name and the pictogram of one of its services.
func familyOf(s *model.Snapshot, name, pictogram string) CatalogueFamily {
	for _, f := range s.Organisation().Families {
		if f.Name == name {
			out := CatalogueFamily{Name: name, Title: f.Title, Pictogram: f.Pictogram}
			if out.Title.IsZero() {
				out.Title = model.Text{All: name}
			}
			if out.Pictogram == "" {
				out.Pictogram = pictogram
			}
			return out
		}
	}
	return CatalogueFamily{Name: name, Title: model.Text{All: name}, Pictogram: pictogram}
}

func intersect(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// NewInCatalogue lists the latest publications that the actor may read, newest
// first, at most n. A publication that announces a change of a service already
// published is told from a first one by FirstPublished.
func (a *App) NewInCatalogue(ctx context.Context, actor identity.Actor, n int) ([]CatalogueNews, error) {
	if actor.ID() == "" && !a.Head().Organisation().PublicCatalogue {
		return nil, fail(CodeSignIn, nil)
	}
	ix, on, err := a.catalogueAt(ctx, View{})
	if err != nil {
		return nil, err
	}
	out := []CatalogueNews{}
	ix.each(a, actor, language.EN, func(e *catalogueEntry) bool { return !e.supporting && e.state(on) != Retired }, func(e *catalogueEntry) {
		d := e.published.Decision.Spec.(*model.Decision)
		x := CatalogueNews{Card: ix.card(a, actor, e, on), UID: e.published.Service.UID, At: d.At, FirstPublished: d.At, Reason: d.Reason}
		for _, o := range decisions(ix.snap, e.published.Service.Ref()) {
			if d := o.Spec.(*model.Decision); d.Type == "publication" {
				x.FirstPublished = d.At
				break
			}
		}
		out = append(out, x)
	})
	slices.SortStableFunc(out, func(x, y CatalogueNews) int { return y.At.Compare(x.At.Time) })
	return out[:min(len(out), n)], nil
}

// CatalogueNews is a publication: of a new service, or of a change of one.
type CatalogueNews struct {
	Card
	UID            string
	At             model.Instant
	FirstPublished model.Instant
	Reason         model.Text
}

// publishedFor finds a published service that the actor may read. Whoever has
// not signed in is asked to, whether or not there is such a service.
func (a *App) publishedFor(ctx context.Context, actor identity.Actor, v View, service model.Ref) (*catalogueEntry, *catalogueIndex, model.Date, error) {
	ix, on, err := a.catalogueAt(ctx, v)
	if err != nil {
		return nil, nil, 0, err
	}
	var e *catalogueEntry
	if h, ok := ix.snap.Find(service); ok {
		e = ix.entries[h]
	}
	switch {
	case e == nil && actor.ID() == "":
		return nil, nil, 0, fail(CodeSignIn, nil)
	case e == nil || e.state(on) == Retired && !a.May(actor, identity.ActionReadModel, e.resource):
		return nil, nil, 0, &Error{Code: CodeNotFound, Args: finding.Args{"what": service.Name}}
	}
	if err := a.Authorize(actor, identity.ActionReadCatalogue, e.resource); err != nil {
		return nil, nil, 0, err
	}
	return e, ix, on, nil
}
