package app

import (
	"cmp"
	"context"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// WholeNode is an object on the map of the whole organisation.
type WholeNode struct {
	Ref         model.Ref         `json:"ref"`
	Title       model.Text        `json:"title"`
	Kind        string            `json:"kind"`
	Criticality model.Criticality `json:"criticality,omitempty"`
	Status      Mark              `json:"status"`
	Stops       int               `json:"stops"`  // delivered services that it stops alone
	Weight      int               `json:"weight"` // sum of the weights of the services it stops, its own included
	Drafted     Drafted           `json:"drafted,omitempty"`
}

// WholeMap is the whole organisation, or some of its layers: the objects that
// weigh most first, and the dependencies between them.
type WholeMap struct {
	Nodes     []WholeNode `json:"nodes"`
	Edges     []MapEdge   `json:"edges"`
	All       int         `json:"all"` // objects of these layers, drawn or not
	Truncated bool        `json:"truncated"`

	Draft *DraftOnMap `json:"draft,omitempty"` // where the view names a draft
	Draw  bool        `json:"draw"`            // the reader may draw on it
}

// WholeLayers are the kinds that the map of the whole organisation draws, from what
// is delivered to those who deliver it.
var WholeLayers = []string{"service", "component", "tool", "site", "supplier", "team", "person"}

// wholeLimit bounds the nodes of the whole map.
const wholeLimit = 2000

// WholeMap draws the whole organisation, or some of its layers (all of WholeLayers
// when none is named), as far as the actor may see it.
func (a *App) WholeMap(ctx context.Context, actor identity.Actor, v View, layers []string) (*WholeMap, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	of := func(s *State) (*WholeMap, error) {
		return WholeMapOf(s, layers, wholeLimit, func(o *model.Object) bool { return a.Visible(actor, s.Snap, o) })
	}
	m, err := of(s)
	if err != nil {
		return nil, err
	}
	if v.Draft != "" {
		live, err := a.base(ctx, v)
		if err != nil {
			return nil, err
		}
		was, err := of(live)
		if err != nil {
			return nil, err
		}
		draftedWhole(live, s, was, m)
	}
	m.Draw = a.MayDraw(ctx, actor, v)
	return m, nil
}

// WholeMapOf draws at most limit of the visible objects of some layers of a state,
// those that weigh most first; among equals, those that most others refer to.
func WholeMapOf(s *State, layers []string, limit int, visible func(*model.Object) bool) (*WholeMap, error) {
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	if len(layers) == 0 {
		layers = WholeLayers
	}
	ranks := map[model.Ref]availability.Rank{}
	for _, r := range av.Ranking() {
		ranks[r.Of] = r
	}
	type candidate struct {
		h             model.Handle
		weight, known int
	}
	var all []candidate
	for _, kind := range WholeLayers {
		if !slices.Contains(layers, kind) {
			continue
		}
		for _, h := range s.Snap.OfKind(kind) {
			o := s.Snap.Object(h)
			if !visible(o) {
				continue
			}
			c := candidate{h: h, weight: ranks[o.Ref()].Weight, known: len(s.Snap.In(h))}
			if svc, is := o.Spec.(*model.Service); is {
				c.weight += availability.Weight(svc)
			}
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(y.known, x.known), s.Snap.Ref(x.h).Compare(s.Snap.Ref(y.h)))
	})
	out := &WholeMap{Nodes: []WholeNode{}, Edges: []MapEdge{}, All: len(all), Truncated: len(all) > limit}
	all = all[:min(len(all), limit)]
	drawn := make(map[model.Handle]bool, len(all))
	for _, c := range all {
		drawn[c.h] = true
	}
	for _, c := range all {
		n := s.mapNode(c.h, 0, false, model.Ref{})
		out.Nodes = append(out.Nodes, WholeNode{Ref: n.Ref, Title: n.Title, Kind: n.Kind, Criticality: n.Criticality, Status: n.Status, Stops: len(ranks[n.Ref].Services), Weight: c.weight})
		from := len(out.Edges)
		for _, e := range s.Snap.Out(c.h) {
			if !drawn[e.To] || e.To == c.h || !e.Field.Structure {
				continue
			}
			edge := MapEdge{From: n.Ref, To: s.Snap.Ref(e.To), Type: "requires", Start: e.Starts() && !e.Runs()}
			if e.Group {
				edge.Type = "anyOf"
			}
			if !slices.Contains(out.Edges[from:], edge) {
				out.Edges = append(out.Edges, edge)
			}
		}
	}
	return out, nil
}
