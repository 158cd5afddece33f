package app

import (
	"context"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// ProcessList is one working list of a process, or the ranking or the matrix of
// availability management, with every row that it has.
func (a *App) ProcessList(ctx context.Context, actor identity.Actor, v View, process, id string, lang language.Lang) (*Table, error) {
	if err := a.Authorize(actor, identity.ActionExport, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	p, err := a.processPage(ctx, actor, v, process, lang)
	if err != nil {
		return nil, err
	}
	for i := range p.Lists {
		if p.Lists[i].ID == id {
			return &p.Lists[i], nil
		}
	}
	if finding.Process(process) == finding.Availability && (id == "ranking" || id == "matrix") {
		r, err := a.AvailabilityRanking(ctx, actor, v, nil, lang)
		if err != nil {
			return nil, err
		}
		if id == "ranking" {
			return &r.Ranking, nil
		}
		return &r.Matrix, nil
	}
	return nil, notFound(process + "/" + id)
}

// SheetCell is a cell of a list for a spreadsheet: numbers, dates and truths as
// themselves, the rest as people read it.
func SheetCell(w language.Writer, typ string, v any) any {
	switch x := v.(type) {
	case int, int64, float64, model.Date:
		return x
	case string:
		if model.Type(typ) == model.TypeDate {
			if d, err := model.ParseDate(x); err == nil {
				return d
			}
		}
	}
	return CellText(w, typ, v)
}
