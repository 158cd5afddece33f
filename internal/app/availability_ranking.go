package app

import (
	"context"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// AvailabilityRanking is the whole organisation as availability management sees it.
type AvailabilityRanking struct {
	Sentence string     `json:"sentence"`
	Ranks    []RankView `json:"ranks"`
	Ranking  Table      `json:"ranking"`
	Matrix   Table      `json:"matrix"`
}

// RankView is one single point of failure with numbers for pictures.
type RankView struct {
	Named
	Kind     string  `json:"kind"`
	Label    string  `json:"label"` // the kind in words
	Services []Named `json:"services"`
	Weight   int     `json:"weight"`
	Minutes  float64 `json:"minutes"`
	Text     string  `json:"text"`
	Broken   int     `json:"broken"`
}

// Bounds of the matrix: more is no picture any more.
const (
	matrixRows    = 60
	matrixColumns = 30
)

// AvailabilityRanking ranks single points of failure, all or those of some kinds
// (component, site, supplier, person, team, tool), and draws the component failure
// impact analysis of those that hurt most.
func (a *App) AvailabilityRanking(ctx context.Context, actor identity.Actor, v View, kinds []string, lang language.Lang) (*AvailabilityRanking, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	return RankingOf(s, kinds, lang)
}

// RankingOf ranks the single points of failure of a state.
func RankingOf(s *State, kinds []string, lang language.Lang) (*AvailabilityRanking, error) {
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	b := &studyBuilder{s: s, w: WriterFor(s.Snap, lang), av: av, out: &AvailabilityStudy{}}
	list := av.Ranking()
	if len(kinds) > 0 {
		list = slices.DeleteFunc(list, func(r availability.Rank) bool { return !slices.Contains(kinds, r.Of.Kind) })
	}
	out := &AvailabilityRanking{Sentence: b.w.Message("study.ranking", finding.Args{"n": len(list)}), Ranks: []RankView{}}
	t := b.list("ranking", [2]string{"object", "ref"}, [2]string{"kind", "text"}, [2]string{"weight", "integer"}, [2]string{"stops", "list"}, [2]string{"broken", "list"}, [2]string{"minutes", "duration"})
	for _, r := range list[:min(len(list), rowsOnPage)] {
		out.Ranks = append(out.Ranks, RankView{Name(s.Snap, r.Of), r.Of.Kind, b.kind(r.Of), names(s, r.Services), r.Weight, r.Minutes.Minutes(), b.w.Duration(r.Minutes), len(r.Broken)})
		cells := map[string]any{"object": b.name(r.Of), "kind": b.kind(r.Of), "weight": r.Weight, "stops": names(s, r.Services), "broken": names(s, r.Broken)}
		if r.Minutes > 0 {
			cells["minutes"] = duration(r.Minutes)
		}
		t.add(r.Of, cells)
	}
	silent := 0
	for _, r := range list {
		if r.Minutes <= 0 {
			silent++
		}
	}
	t.Sentence = b.w.Message("study.ranking.silent", finding.Args{"n": silent, "shown": rowsOnPage, "all": len(list), "clipped": len(list) > rowsOnPage})
	out.Ranking = *t
	out.Matrix = b.matrix(list, kinds)
	return out, nil
}

// matrix has a row a thing, a column a service; the things that hurt most and the
// services that they stop first. Where kinds are given it keeps to them.
func (b *studyBuilder) matrix(list []availability.Rank, kinds []string) Table {
	weight := map[model.Ref]int{}
	for _, r := range list {
		for _, svc := range r.Services {
			weight[svc]++
		}
	}
	services := make([]model.Ref, 0, len(weight))
	for r := range weight {
		services = append(services, r)
	}
	slices.SortFunc(services, func(x, y model.Ref) int {
		if weight[x] != weight[y] {
			return weight[y] - weight[x]
		}
		return x.Compare(y)
	})
	services = services[:min(len(services), matrixColumns)]
	t := Table{ID: "matrix", Title: b.w.Message("study.matrix.list", nil), Sentence: b.w.Message("study.matrix", nil), Rows: []Row{},
		Columns: []Column{{"object", b.w.Message("column.object", nil), "ref"}}}
	letters := map[model.Ref]map[availability.Item]availability.Letter{}
	handles := make([]model.Handle, len(services))
	for i, svc := range services {
		handles[i], _ = b.s.Snap.Find(svc)
		t.Columns = append(t.Columns, Column{svc.Name, b.w.Value(svc), "text"})
	}
	for i, st := range b.av.Studies(handles) {
		if st != nil {
			letters[services[i]], _ = st.Letters()
		}
	}
	things := []model.Ref{}
	for _, r := range list {
		things = append(things, r.Of)
	}
	for _, svc := range services { // and what has alternatives
		for i := range letters[svc] {
			if i.Product == "" && (len(kinds) == 0 || slices.Contains(kinds, i.Ref.Kind)) {
				things = append(things, i.Ref)
			}
		}
	}
	ranked := len(list)
	slices.SortFunc(things[ranked:], model.Ref.Compare)
	seen := map[model.Ref]bool{}
	for _, r := range things {
		if seen[r] || len(t.Rows) == matrixRows || r.Kind == "service" {
			continue
		}
		seen[r] = true
		cells := map[string]any{"object": b.name(r)}
		for _, svc := range services {
			if l := letters[svc][availability.Item{Ref: r}]; l != availability.LetterNone {
				cells[svc.Name] = string(l)
			}
		}
		t.add(r, cells)
	}
	return t
}
