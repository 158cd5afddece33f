package app

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// Drafted is what a draft does to something on the map; empty where it leaves it alone.
type Drafted string

// What a draft does to what the map shows.
const (
	DraftedNew     Drafted = "new"
	DraftedChanged Drafted = "changed"
	DraftedRemoved Drafted = "removed"
)

// DraftOnMap compares what a draft makes of a map with what stands.
type DraftOnMap struct {
	// Singles are the single points of failure, of the object in the middle or of
	// the whole organisation: as the draft has it, and as it stands.
	Singles       int `json:"singles"`
	SinglesBefore int `json:"singlesBefore"`
}

// touched says what a draft does to an object.
func touched(live, drafted *State, r model.Ref) Drafted {
	was, now := live.Snap.Get(r), drafted.Snap.Get(r)
	switch {
	case was == nil && now == nil, was == now:
		return ""
	case was == nil:
		return DraftedNew
	case now == nil:
		return DraftedRemoved
	case model.SameDocument(was, now):
		return ""
	}
	return DraftedChanged
}

// edgesDrafted marks the edges that a draft adds, and returns those that it takes away,
// marked too. An edge whose kind alone changes is neither.
func edgesDrafted(before, after []MapEdge) (gone []MapEdge) {
	type ends struct{ from, to model.Ref }
	was, now := map[ends]bool{}, map[ends]bool{}
	for _, e := range before {
		was[ends{e.From, e.To}] = true
	}
	for i, e := range after {
		now[ends{e.From, e.To}] = true
		if !was[ends{e.From, e.To}] {
			after[i].Drafted = DraftedNew
		}
	}
	for _, e := range before {
		if !now[ends{e.From, e.To}] {
			e.Drafted = DraftedRemoved
			gone = append(gone, e)
		}
	}
	return gone
}

// draftedMap is the neighbourhood as a draft makes it, with what the draft takes away.
func draftedMap(live, drafted *State, before, after *Map) *Map {
	after.Draft = &DraftOnMap{}
	shown := map[model.Ref]bool{}
	for i, n := range after.Nodes {
		shown[n.Ref] = true
		after.Nodes[i].Drafted = touched(live, drafted, n.Ref)
		if len(n.SpofFor) > 0 {
			after.Draft.Singles++
		}
	}
	for _, n := range before.Nodes {
		if len(n.SpofFor) > 0 {
			after.Draft.SinglesBefore++
		}
		if shown[n.Ref] {
			continue
		}
		n.Drafted, n.SpofFor = touched(live, drafted, n.Ref), []model.Ref{}
		after.Nodes = append(after.Nodes, n)
	}
	slices.SortFunc(after.Nodes, func(x, y MapNode) int { return x.Ref.Compare(y.Ref) })
	after.Edges = append(after.Edges, edgesDrafted(before.Edges, after.Edges)...)
	after.Truncated = after.Truncated || before.Truncated
	return after
}

// draftedWhole marks on the map of the whole organisation what a draft does to it.
func draftedWhole(live, drafted *State, before, after *WholeMap) {
	after.Draft = &DraftOnMap{Singles: singles(drafted), SinglesBefore: singles(live)}
	shown := map[model.Ref]bool{}
	for i, n := range after.Nodes {
		shown[n.Ref] = true
		after.Nodes[i].Drafted = touched(live, drafted, n.Ref)
	}
	for _, n := range before.Nodes {
		if n.Drafted = touched(live, drafted, n.Ref); shown[n.Ref] || n.Drafted != DraftedRemoved {
			continue
		}
		shown[n.Ref] = true
		n.Stops, n.Weight = 0, 0
		after.Nodes = append(after.Nodes, n)
		after.All++
	}
	gone := edgesDrafted(before.Edges, after.Edges)
	after.Edges = append(after.Edges, slices.DeleteFunc(gone, func(e MapEdge) bool { return !shown[e.From] || !shown[e.To] })...)
}

// singles counts the single points of failure of a state that stop a delivered service.
func singles(s *State) int {
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return 0
	}
	n := 0
	for _, r := range av.Ranking() {
		if len(r.Services) > 0 {
			n++
		}
	}
	return n
}
