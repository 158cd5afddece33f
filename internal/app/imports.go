package app

import (
	"context"
	"slices"

	"diapason/internal/exchange/backstage"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/kubernetes"
	"diapason/internal/exchange/openslo"
	"diapason/internal/exchange/pyrra"
	"diapason/internal/exchange/slomodel"
	"diapason/internal/exchange/sloth"
	"diapason/internal/exchange/table"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// OwnTable names the way of reading a table that Diapason exported: its header
// carries the mapping.
const OwnTable = "diapason"

// ImportSource says how uploaded files are read: a mapping that comes with the
// program by its name, OwnTable, one of ImportSources, or the text of a mapping.
type ImportSource struct {
	Name string
	Text []byte
}

// sourceReaders read files that need no mapping, by the name of their source.
var sourceReaders = map[string]func([]intake.File) (*intake.Result, error){
	"kubernetes": func(f []intake.File) (*intake.Result, error) { return kubernetes.Import(f, kubernetes.Options{}) },
	"backstage":  backstage.Import,
	"openslo":    func(f []intake.File) (*intake.Result, error) { return openslo.Import(f, slomodel.Options{}) },
	"sloth":      func(f []intake.File) (*intake.Result, error) { return sloth.Import(f, slomodel.Options{}) },
	"pyrra":      func(f []intake.File) (*intake.Result, error) { return pyrra.Import(f, slomodel.Options{}) },
}

// ImportSources are the names of the sources that need no mapping.
var ImportSources = []string{"kubernetes", "backstage", "openslo", "sloth", "pyrra"}

// Imported is what uploaded files would bring.
type Imported struct {
	Rows    int
	Preview *table.Preview
	Errors  []table.CellError
	Notes   []intake.Note
}

// PreviewImport reads uploaded files over the model; nothing is kept. Input that
// cannot be used at all fails with intake.Problems.
func (a *App) PreviewImport(actor identity.Actor, src ImportSource, files []intake.File) (*Imported, error) {
	if err := a.Authorize(actor, identity.ActionImport, draftResource(actor.ID())); err != nil {
		return nil, err
	}
	head := a.Head()
	if read, ok := sourceReaders[src.Name]; ok {
		r, err := read(files)
		if err != nil {
			return nil, err
		}
		as := &table.Result{Rows: len(r.Objects), Objects: r.Objects, Notes: r.Notes}
		return &Imported{as.Rows, table.NewPreview(head, as), nil, r.Notes}, nil
	}
	var m *table.Mapping
	switch {
	case len(src.Text) > 0:
		var bad []intake.Problem
		if m, bad = table.ParseMapping("mapping", src.Text); len(bad) > 0 {
			return nil, intake.Problems(bad)
		}
	case src.Name != "" && src.Name != OwnTable:
		var err error
		if m, err = table.ShippedMapping(src.Name); err != nil {
			return nil, notFound(src.Name)
		}
	}
	r, err := table.Read(m, files, head, table.Options{})
	if err != nil {
		return nil, err
	}
	return &Imported{r.Rows, table.NewPreview(head, r), r.Errors, r.Notes}, nil
}

// DraftImport makes a draft of what uploaded files would create or change.
func (a *App) DraftImport(ctx context.Context, actor identity.Actor, src ImportSource, files []intake.File, title string) (Draft, error) {
	in, err := a.PreviewImport(actor, src, files)
	if err != nil {
		return Draft{}, err
	}
	objects := slices.DeleteFunc(in.Preview.Objects(), func(o *model.Object) bool { return reservedKinds[o.Kind.Slug] })
	if len(objects) == 0 {
		return Draft{}, fail(CodeEmpty, nil)
	}
	return a.CreateDraft(ctx, actor, title, objects)
}

// TableRows lists the objects of a kind that a table export holds: those of the
// list with the same filters that the actor may see.
func (a *App) TableRows(ctx context.Context, actor identity.Actor, v View, q ListQuery) ([]*model.Object, error) {
	if err := a.Authorize(actor, identity.ActionExport, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	list, err := a.matching(actor, s, q)
	if err != nil {
		return nil, err
	}
	o := orderOf(s, q)
	slices.SortFunc(list, func(x, y *model.Object) int {
		if c := o.compare(x, y); c != 0 {
			return c
		}
		return x.Ref().Compare(y.Ref())
	})
	return list, nil
}
