package app

import (
	"context"
	"slices"
	"strings"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// Card is a published service in the catalogue.
type Card struct {
	Ref           model.Ref   `json:"ref"`
	Title         model.Text  `json:"title"`
	Summary       model.Text  `json:"summary"`
	ForWhom       model.Text  `json:"forWhom"`
	Family        string      `json:"family"`
	Pictogram     string      `json:"pictogram,omitempty"`
	State         Lifecycle   `json:"state"`
	AvailableFrom string      `json:"availableFrom,omitempty"`
	RetiresOn     string      `json:"retiresOn,omitempty"`
	ReplacedBy    *Named      `json:"replacedBy,omitempty"`
	PublishedAt   string      `json:"publishedAt"`
	Published     *Published  `json:"-"`
	Stage         model.Stage `json:"-"`
}

// audienceOf turns the published sheet's audience into a resource of rights.
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

// Catalogue lists the published services that the actor may read, by family and
// title. What is retired is left out.
func (a *App) Catalogue(ctx context.Context, actor identity.Actor, v View) ([]Card, error) {
	snap, on, err := a.catalogueAt(ctx, v)
	if err != nil {
		return nil, err
	}
	out := []Card{}
	for _, h := range snap.OfKind("service") {
		p, err := a.PublishedService(ctx, snap, snap.Ref(h))
		if err != nil {
			return nil, err
		}
		if p == nil || !a.May(actor, identity.ActionReadCatalogue, catalogueResource(snap, p)) {
			continue
		}
		if c := cardOf(snap, p, on); c.State != Retired {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y Card) int {
		if c := strings.Compare(x.Family, y.Family); c != 0 {
			return c
		}
		return strings.Compare(x.Title.In("en"), y.Title.In("en"))
	})
	return out, nil
}

// catalogueAt needs the model only, not what the rules say of it.
func (a *App) catalogueAt(ctx context.Context, v View) (*model.Snapshot, model.Date, error) {
	if v.IsNow() {
		return a.Head(), a.Today(), nil
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, 0, err
	}
	return s.Snap, s.On, nil
}

func cardOf(s *model.Snapshot, p *Published, on model.Date) Card {
	svc := p.Service.Spec.(*model.Service)
	title := p.Service.Metadata.Title
	if title.IsZero() {
		title = model.Text{All: p.Service.Metadata.Name}
	}
	c := Card{
		Ref: p.Service.Ref(), Title: title, Summary: svc.Sheet.Summary, ForWhom: svc.Sheet.ForWhom, Family: svc.Family, Pictogram: svc.Sheet.Pictogram,
		State: LifecycleOf(svc, on), AvailableFrom: svc.AvailableFrom.String(), RetiresOn: svc.RetiresOn.String(), Published: p, Stage: svc.Stage,
		PublishedAt: p.Decision.Spec.(*model.Decision).At.UTC().Format("2006-01-02T15:04:05Z"),
	}
	if c.State == Designing {
		c.State = Coming // it was published: the catalogue announces it
	}
	if !svc.ReplacedBy.IsZero() {
		n := Name(s, svc.ReplacedBy)
		c.ReplacedBy = &n
	}
	return c
}

// CatalogueSheet reads one published service; nil when it is not in the catalogue.
func (a *App) CatalogueSheet(ctx context.Context, actor identity.Actor, v View, service model.Ref) (*Card, *model.Snapshot, error) {
	snap, on, err := a.catalogueAt(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	p, err := a.PublishedService(ctx, snap, service)
	if err != nil {
		return nil, nil, err
	}
	if p == nil {
		return nil, nil, notFound(service.Name)
	}
	if err := a.Authorize(actor, identity.ActionReadCatalogue, catalogueResource(snap, p)); err != nil {
		return nil, nil, err
	}
	c := cardOf(snap, p, on)
	return &c, snap, nil
}
