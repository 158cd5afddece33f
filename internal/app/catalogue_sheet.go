package app

import (
	"cmp"
	"context"
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// CatalogueSheet is a published service in the words of its customers.
type CatalogueSheet struct {
	Card
	Includes     []model.Text
	HowToRequest model.Text
	Contact      model.Text
	Price        model.Text
	Free         bool
	Levels       model.Text // the promise in words, for readers who see no agreement
	MigrateBy    string
	Hours        *OpeningHours
	Offerings    []CatalogueOffering
	Promises     []CataloguePromise
	// Working reports that the reader may open the working version.
	Working bool
	// Replacement reports that the reader may open the sheet of what replaces it.
	Replacement bool
	// ReplacedLater reports a replacement that the reader does not see yet.
	ReplacedLater bool
	Customers     []Named // customers of the reader that use it
}

// CatalogueOffering is one way in which a service is offered.
type CatalogueOffering struct {
	Title model.Text
	Level model.Text
	Price string // in the reader's language, "" when not stated
	Hours *OpeningHours
	From  string // when it is still to come
	Until string
	For   []Named
}

// CataloguePromise is what an agreement in force promises about a service.
type CataloguePromise struct {
	Agreement Named
	Customer  *Named
	Until     string
	Renews    bool
	Targets   []CatalogueTarget
}

// CatalogueTarget is a promise with what was delivered lately, newest first.
type CatalogueTarget struct {
	Title     model.Text
	Sentence  string
	During    string // the title of the calendar in which it counts
	Delivered []Delivered
}

// Delivered is a figure of a period against a target.
type Delivered struct {
	From, Until string // days, in words
	Value       string
	Kept        *bool // nil where it cannot be compared
	Declared    bool
	Cases       int
}

// deliveredShown is how many periods a sheet shows.
const deliveredShown = 6

// CatalogueSheet reads one published service as the actor may see it.
func (a *App) CatalogueSheet(ctx context.Context, actor identity.Actor, v View, service model.Ref, lang language.Lang, customers []string) (*CatalogueSheet, error) {
	e, ix, on, err := a.publishedFor(ctx, actor, v, service)
	if err != nil {
		return nil, err
	}
	svc := e.service
	b := catalogueSheet{a: a, ctx: ctx, actor: actor, e: e, snap: ix.snap, on: on, w: WriterFor(ix.snap, lang)}
	out := &CatalogueSheet{
		Card: ix.card(a, actor, e, on), Includes: svc.Sheet.Includes, HowToRequest: svc.Sheet.HowToRequest, Contact: svc.Sheet.Contact, Price: svc.Sheet.Price, Free: svc.Sheet.Free,
		Levels: svc.Sheet.Levels, MigrateBy: svc.MigrateBy.String(), Hours: b.hours(svc.Sheet.Hours), Offerings: b.offerings(), Promises: b.promises(), Working: a.May(actor, identity.ActionReadModel, e.resource),
	}
	for _, c := range e.resource.Customers {
		if slices.Contains(customers, c) {
			if r, err := model.ParseRef(c); err == nil {
				out.Customers = append(out.Customers, Name(ix.snap, r))
			}
		}
	}
	out.Replacement, out.ReplacedLater = out.replacement, !svc.ReplacedBy.IsZero() && out.ReplacedBy == nil
	return out, nil
}

type catalogueSheet struct {
	a     *App
	ctx   context.Context
	actor identity.Actor
	e     *catalogueEntry
	snap  *model.Snapshot
	on    model.Date
	w     language.Writer
}

func (b *catalogueSheet) hours(calendar model.Ref) *OpeningHours {
	o := b.snap.Get(calendar)
	if o == nil {
		return nil
	}
	return OpeningHoursOf(o.Spec.(*model.Calendar), Name(b.snap, calendar).Title, b.on, b.w)
}

// offerings lists the published offerings meant for the reader that have not
// ended: those for nobody in particular, those for his customers, all for staff.
func (b *catalogueSheet) offerings() []CatalogueOffering {
	out := []CatalogueOffering{}
	for _, o := range b.e.published.Offerings {
		x := o.Spec.(*model.Offering)
		if !x.Until.IsZero() && x.Until < b.on {
			continue
		}
		if len(x.Audience) > 0 && !b.a.May(b.actor, identity.ActionReadModel, Resource(b.snap, o)) && !intersect(b.parties(x.Audience), b.actor.Customers()) {
			continue
		}
		v := CatalogueOffering{Title: o.Metadata.Title, Level: x.Level, Hours: b.hours(x.Hours), Until: x.Until.String(), For: []Named{}}
		if v.Title.IsZero() {
			v.Title = model.Text{All: o.Metadata.Name}
		}
		if x.Price != nil {
			v.Price = b.w.Value(*x.Price)
		}
		if x.From > b.on {
			v.From = x.From.String()
		}
		for _, r := range x.Audience {
			v.For = append(v.For, Name(b.snap, r))
		}
		out = append(out, v)
	}
	return out
}

// parties are the customers that an audience names, directly or by their users.
func (b *catalogueSheet) parties(audience []model.Ref) []string {
	var out []string
	for _, r := range audience {
		if r.Kind == "customer" {
			out = append(out, r.String())
		} else if o := b.snap.Get(r); o != nil {
			if g, ok := o.Spec.(*model.UserGroup); ok {
				out = append(out, g.Customer.String())
			}
		}
	}
	return out
}

// promises lists the agreements with customers in force that bind the reader, or
// that his role lets him read: as published with the service, or as signed since.
// An agreement with nobody in particular binds the customers of the service that
// have none of their own for it.
func (b *catalogueSheet) promises() []CataloguePromise {
	out := []CataloguePromise{}
	standing := b.agreements()
	without := slices.DeleteFunc(slices.Clone(b.e.resource.Customers), func(c string) bool {
		return slices.ContainsFunc(standing, func(o *model.Object) bool {
			return o.Spec.(*model.Agreement).Customer.String() == c
		})
	})
	for _, o := range standing {
		x := o.Spec.(*model.Agreement)
		rights := Resource(b.snap, o)
		if x.Customer.IsZero() {
			rights.Customers = without
		}
		if !b.a.May(b.actor, identity.ActionReadModel, rights) {
			continue
		}
		term := calendars.AgreementStanding(x, b.on)
		p := CataloguePromise{Agreement: Name(b.snap, o.Ref()), Until: term.Last.String(), Renews: term.Renews}
		if !x.Customer.IsZero() {
			n := Name(b.snap, x.Customer)
			p.Customer = &n
		}
		for _, t := range x.Targets {
			p.Targets = append(p.Targets, b.target(o.Ref(), x, t))
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(x, y CataloguePromise) int {
		lang := string(b.w.Lang)
		return cmp.Compare(foldWord(x.Agreement.Title.In(lang)), foldWord(y.Agreement.Title.In(lang)))
	})
	return out
}

// agreements are those in force that promise customers something about the
// service, whoever may read them: as published with it, or as signed since.
func (b *catalogueSheet) agreements() []*model.Object {
	var out []*model.Object
	service := b.e.published.Service.Ref()
	seen := map[model.Ref]bool{}
	add := func(o *model.Object) {
		x := o.Spec.(*model.Agreement)
		if seen[o.Ref()] || x.Type == "ola" || len(x.Targets) == 0 || !slices.Contains(x.Services, service) || !calendars.AgreementStanding(x, b.on).InForce() {
			return
		}
		seen[o.Ref()] = true
		out = append(out, o)
	}
	for _, pin := range b.e.published.Decision.Spec.(*model.Decision).Pins {
		if pin.Object.Kind != "agreement" || b.snap.Get(pin.Object) == nil {
			continue
		}
		if o, err := b.a.pinned(b.ctx, b.snap, pin); err == nil {
			add(o)
			seen[o.Ref()] = true
		}
	}
	if h, ok := b.snap.Find(service); ok {
		for _, in := range b.snap.In(h) {
			if o := b.snap.Object(in.From); o.Kind.Slug == "agreement" && in.Field.Name == "services" && len(o.Spec.(*model.Agreement).Signatures) > 0 {
				add(o)
			}
		}
	}
	return out
}

// promised are the sentences of the metrics that have one of their own.
var promisedKeys = map[model.Metric]string{
	model.MetricAvailability: "catalogue.promise.availability", model.MetricRespond: "catalogue.promise.time-to-respond", model.MetricRestore: "catalogue.promise.time-to-restore",
	model.MetricResponseTime: "catalogue.promise.response-time", model.MetricRecoveryTime: "catalogue.promise.recovery-time", model.MetricRecoveryPoint: "catalogue.promise.recovery-point",
}

func (b *catalogueSheet) target(agreement model.Ref, x *model.Agreement, t model.Target) CatalogueTarget {
	key := promisedKeys[t.Metric]
	if key == "" || t.Metric == model.MetricAvailability && t.Availability == nil || t.Metric != model.MetricAvailability && t.Within == 0 {
		key = "catalogue.promise.other"
	}
	args := finding.Args{"metric": t.Metric, "value": PromisedValue(b.w, withoutShare(t)), "priority": t.Priority, "window": "", "share": ""}
	if t.Percentile != nil {
		args["share"] = *t.Percentile
	}
	if t.Window != "" {
		args["window"] = b.w.Message("catalogue.window."+t.Window, nil)
	}
	v := CatalogueTarget{Title: t.Title, Sentence: b.w.Message(key, args), Delivered: b.delivered(agreement, t)}
	during := t.Calendar
	if during.IsZero() {
		during = x.Hours
	}
	if !during.IsZero() {
		v.During = b.w.Value(during)
	}
	return v
}

func withoutShare(t model.Target) model.Target {
	t.Percentile = nil
	return t
}

func (b *catalogueSheet) delivered(agreement model.Ref, t model.Target) []Delivered {
	h, ok := b.snap.Find(agreement)
	if !ok {
		return nil
	}
	service := b.e.published.Service.Ref()
	var list []*model.CaseFigures
	for _, in := range b.snap.In(h) {
		if f, ok := b.snap.Object(in.From).Spec.(*model.CaseFigures); ok && f.Target == t.Name && (f.Service.IsZero() || f.Service == service) && f.From <= b.on {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(x, y *model.CaseFigures) int {
		return cmp.Or(cmp.Compare(y.Until, x.Until), cmp.Compare(y.From, x.From))
	})
	var out []Delivered
	for _, f := range list[:min(len(list), deliveredShown)] {
		d := Delivered{From: b.w.Date(f.From), Until: b.w.Date(f.Until), Declared: f.Declared, Cases: f.Cases, Kept: Kept(t, f)}
		switch {
		case f.Attained != nil:
			d.Value = b.w.Value(*f.Attained)
		case f.Value != nil:
			d.Value = b.w.Value(*f.Value)
		default:
			continue
		}
		out = append(out, d)
	}
	return out
}

// Kept compares the figures of a period with a target: attainment with the
// availability or the share of cases promised (all of them where none is
// stated), a value with the bound in the same unit. It is nil where the two
// cannot be compared.
func Kept(t model.Target, f *model.CaseFigures) *bool {
	is := func(v bool) *bool { return &v }
	switch {
	case f.Attained != nil && t.Metric == model.MetricAvailability && t.Availability != nil:
		return is(!f.Attained.Less(*t.Availability))
	case f.Attained != nil && t.Within != 0:
		due := model.AvailabilityOf(0)
		if t.Percentile != nil {
			due = model.AvailabilityOf(1 - t.Percentile.Ratio())
		}
		return is(!f.Attained.Less(due))
	case f.Value != nil && t.AtLeast != nil && f.Value.Unit == t.AtLeast.Unit:
		return is(f.Value.Value >= t.AtLeast.Value)
	case f.Value != nil && t.AtMost != nil && f.Value.Unit == t.AtMost.Unit:
		return is(f.Value.Value <= t.AtMost.Value)
	}
	return nil
}
