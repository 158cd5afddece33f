package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// catalogueIndex is the published services of a snapshot with what rights and
// search need of them. It is never changed once made.
type catalogueIndex struct {
	snap    *model.Snapshot
	entries map[model.Handle]*catalogueEntry
	sorted  map[language.Lang][]*catalogueEntry // by family and title
}

// catalogueEntry is a published service.
type catalogueEntry struct {
	text       string // folded words of the sheet, each after a space
	supporting bool   // it belongs to the technical view
	published  *Published
	service    *model.Service // the published version
	resource   identity.Resource
	life       *model.Service           // stage and dates alone, for the lifecycle
	keys       map[language.Lang]string // by which it is sorted
}

// catalogueMemo keeps the index of the newest snapshot.
type catalogueMemo struct {
	current atomic.Pointer[catalogueIndex]
	making  sync.Mutex
}

// catalogueAt gives the index of a view: the one kept for the newest snapshot,
// or one made for another view. It needs the model only, not what rules say of it.
func (a *App) catalogueAt(ctx context.Context, v View) (*catalogueIndex, model.Date, error) {
	if !v.IsNow() {
		s, err := a.At(ctx, v)
		if err != nil {
			return nil, 0, err
		}
		return a.makeCatalogue(ctx, s.Snap), s.On, nil
	}
	head := a.Head()
	if ix := a.pub.catalogue.current.Load(); ix != nil && ix.snap.Seq >= head.Seq {
		return ix, a.Today(), nil
	}
	a.pub.catalogue.making.Lock()
	defer a.pub.catalogue.making.Unlock()
	ix := a.pub.catalogue.current.Load()
	switch head = a.Head(); {
	case ix != nil && ix.snap.Seq >= head.Seq:
		return ix, a.Today(), nil
	case ix != nil:
		changed, err := a.changedSince(ctx, ix.snap.Seq, head.Seq)
		if err != nil {
			return nil, 0, err
		}
		ix = a.advanceCatalogue(ctx, ix, head, changed)
	default:
		ix = a.makeCatalogue(ctx, head)
	}
	a.pub.catalogue.current.Store(ix)
	return ix, a.Today(), nil
}

func (a *App) makeCatalogue(ctx context.Context, s *model.Snapshot) *catalogueIndex {
	ix := &catalogueIndex{snap: s, entries: map[model.Handle]*catalogueEntry{}}
	for _, h := range s.OfKind("service") {
		a.enterInCatalogue(ctx, ix, h)
	}
	ix.sort()
	return ix
}

// advanceCatalogue brings an index forward, looking again only at the services
// that the changes can touch.
func (a *App) advanceCatalogue(ctx context.Context, old *catalogueIndex, s *model.Snapshot, changed []model.Ref) *catalogueIndex {
	touched := map[model.Ref]bool{}
	for _, r := range changed {
		switch r.Kind {
		case "service":
			touched[r] = true
		case "decision", "agreement", "customer", "offering", "user-group":
			for _, snap := range []*model.Snapshot{old.snap, s} {
				servicesNear(snap, r, touched)
			}
		}
	}
	if len(touched) == 0 && slices.ContainsFunc(changed, func(r model.Ref) bool { return r.Kind == "organisation" }) {
		return a.makeCatalogue(ctx, s) // families may have other names, or another order
	}
	if len(touched) == 0 {
		return &catalogueIndex{snap: s, entries: old.entries, sorted: old.sorted}
	}
	ix := &catalogueIndex{snap: s, entries: maps.Clone(old.entries), sorted: map[language.Lang][]*catalogueEntry{}}
	gone, fresh := map[*catalogueEntry]bool{}, []*catalogueEntry{}
	for r := range touched {
		h, ok := s.Find(r)
		if !ok {
			continue
		}
		gone[ix.entries[h]] = true
		delete(ix.entries, h)
		if e := a.enterInCatalogue(ctx, ix, h); e != nil {
			fresh = append(fresh, e)
		}
	}
	for l, list := range old.sorted {
		kept := make([]*catalogueEntry, 0, len(list)+len(fresh))
		for _, e := range list {
			if !gone[e] {
				kept = append(kept, e)
			}
		}
		for _, e := range fresh {
			i, _ := slices.BinarySearchFunc(kept, e, byKey(l))
			kept = slices.Insert(kept, i, e)
		}
		ix.sorted[l] = kept
	}
	return ix
}

// servicesNear marks the services that an object refers to or is referred to by.
func servicesNear(s *model.Snapshot, r model.Ref, mark map[model.Ref]bool) {
	h, ok := s.Find(r)
	if !ok {
		return
	}
	for _, e := range s.Out(h) {
		if to := s.Ref(e.To); to.Kind == "service" {
			mark[to] = true
		}
	}
	for _, in := range s.In(h) {
		if from := s.Ref(in.From); from.Kind == "service" {
			mark[from] = true
		}
	}
}

// enterInCatalogue adds a service to the entries when it is published.
func (a *App) enterInCatalogue(ctx context.Context, ix *catalogueIndex, h model.Handle) *catalogueEntry {
	now := ix.snap.Object(h)
	if now == nil {
		return nil
	}
	p, err := a.PublishedService(ctx, ix.snap, now.Ref())
	if err != nil {
		a.log.Error("a published service cannot be read", "service", now.Ref().String(), "error", err)
		return nil
	}
	if p == nil {
		return nil
	}
	svc := p.Service.Spec.(*model.Service)
	e := &catalogueEntry{
		published: p, service: svc, resource: catalogueResource(ix.snap, p), keys: map[language.Lang]string{},
		supporting: svc.Facing == "supporting", life: &model.Service{Stage: svc.Stage, AvailableFrom: svc.AvailableFrom, RetiresOn: svc.RetiresOn},
	}
	if x := now.Spec.(*model.Service); x.Stage.Rank() > svc.Stage.Rank() {
		e.life.Stage = x.Stage // going live needs no second publication
	}
	texts := []model.Text{familyOf(ix.snap, svc.Family, "").Title, p.Service.Metadata.Title, svc.Sheet.Summary, svc.Sheet.ForWhom}
	texts = append(texts, svc.Sheet.Includes...)
	var b strings.Builder
	for _, s := range append([]string{p.Service.Metadata.Name, svc.Family}, spread(texts)...) {
		for _, w := range wordsOf(s) {
			b.WriteByte(' ')
			b.WriteString(w)
		}
	}
	e.text = b.String()
	family := "~" + foldWord(svc.Family) // families that the organisation names come first, in its order
	for i, f := range ix.snap.Organisation().Families {
		if f.Name == svc.Family {
			family = fmt.Sprintf("%06d", i)
		}
	}
	for _, l := range language.Languages {
		e.keys[l] = family + "\x00" + foldWord(p.Service.Title(string(l))) + "\x00" + p.Service.Metadata.Name
	}
	ix.entries[h] = e
	return e
}

func spread(texts []model.Text) []string {
	out := make([]string, 0, 3*len(texts))
	for _, t := range texts {
		out = append(out, t.All, t.EN, t.FR)
	}
	return out
}

func byKey(l language.Lang) func(x, y *catalogueEntry) int {
	return func(x, y *catalogueEntry) int { return strings.Compare(x.keys[l], y.keys[l]) }
}

func (ix *catalogueIndex) sort() {
	ix.sorted = map[language.Lang][]*catalogueEntry{}
	for _, l := range language.Languages {
		ix.sorted[l] = slices.SortedFunc(maps.Values(ix.entries), byKey(l))
	}
}

// each visits the entries that an actor may read, by family and title; those
// that the reader of the visit does not care for are passed over unasked.
func (ix *catalogueIndex) each(a *App, actor identity.Actor, lang language.Lang, cares func(*catalogueEntry) bool, visit func(*catalogueEntry)) {
	filter := a.authz.Filter(actor, identity.ActionReadCatalogue)
	for _, e := range ix.sorted[lang] {
		if cares(e) && filter.Allows(&e.resource) {
			visit(e)
		}
	}
}

// state is the lifecycle on a date: what is published and not there yet is
// announced as coming.
func (e *catalogueEntry) state(on model.Date) Lifecycle {
	if state := LifecycleOf(e.life, on); state != Designing {
		return state
	}
	return Coming
}

// contains reports whether each word begins a word of the sheet.
func (e *catalogueEntry) contains(words []string) bool {
	for _, w := range words {
		if !strings.Contains(e.text, " "+w) {
			return false
		}
	}
	return true
}

// card shows an entry to an actor. What replaces the service is named only where
// the actor may read its sheet, or the model.
func (ix *catalogueIndex) card(a *App, actor identity.Actor, e *catalogueEntry, on model.Date) Card {
	svc := e.service
	c := Card{
		Ref: e.published.Service.Ref(), Title: ix.titleOf(e), Summary: svc.Sheet.Summary, ForWhom: svc.Sheet.ForWhom, Facing: svc.Facing, Family: svc.Family, FamilyTitle: familyOf(ix.snap, svc.Family, "").Title,
		Pictogram: svc.Sheet.Pictogram, State: e.state(on), AvailableFrom: svc.AvailableFrom.String(), RetiresOn: svc.RetiresOn.String(),
		PublishedAt: e.published.Decision.Spec.(*model.Decision).At.UTC().Format("2006-01-02T15:04:05Z"), Published: e.published, Stage: e.life.Stage,
		customers: e.resource.Customers,
	}
	c.Late = c.State == Coming && !svc.AvailableFrom.IsZero() && svc.AvailableFrom < on
	if h, ok := ix.snap.Find(svc.ReplacedBy); ok && !svc.ReplacedBy.IsZero() {
		next := ix.entries[h]
		switch o := ix.snap.Object(h); {
		case next != nil && a.May(actor, identity.ActionReadCatalogue, next.resource):
			c.ReplacedBy = &Named{next.published.Service.Ref(), ix.titleOf(next)}
			c.replacement = true
		case o != nil && a.Visible(actor, ix.snap, o):
			n := Name(ix.snap, svc.ReplacedBy)
			c.ReplacedBy = &n
		}
	}
	return c
}

func (ix *catalogueIndex) titleOf(e *catalogueEntry) model.Text {
	if t := e.published.Service.Metadata.Title; !t.IsZero() {
		return t
	}
	return model.Text{All: e.published.Service.Metadata.Name}
}
