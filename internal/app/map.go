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

// MapNode is an object on the map.
type MapNode struct {
	Ref         model.Ref         `json:"ref"`
	Title       model.Text        `json:"title"`
	Kind        string            `json:"kind"`
	Class       string            `json:"class,omitempty"`
	Stage       model.Stage       `json:"stage,omitempty"`
	Criticality model.Criticality `json:"criticality,omitempty"`
	Missing     bool              `json:"missing,omitempty"`
	SpofFor     []model.Ref       `json:"spofFor"`
	Status      Mark              `json:"status"`
	Depth       int               `json:"depth"`
	Drafted     Drafted           `json:"drafted,omitempty"`
}

// MapEdge is a dependency on the map, from the one that needs.
type MapEdge struct {
	From  model.Ref `json:"from"`
	To    model.Ref `json:"to"`
	Type  string    `json:"type"` // requires, anyOf, degrades, or the name of the field
	Start bool      `json:"startOnly,omitempty"`

	Drafted Drafted `json:"drafted,omitempty"`
}

// Map is a neighbourhood of the model.
type Map struct {
	Focus     model.Ref `json:"focus"`
	Nodes     []MapNode `json:"nodes"`
	Edges     []MapEdge `json:"edges"`
	Truncated bool      `json:"truncated"`

	Draft *DraftOnMap `json:"draft,omitempty"` // where the view names a draft
	Draw  bool        `json:"draw"`            // the reader may draw on it
}

// mapLimit bounds the nodes of a neighbourhood: more is no picture any more.
const mapLimit = 300

// mapFields are the references that the map draws, besides structure.
var mapFields = map[string]bool{"degrades": true, "supplier": true, "support": true, "data": true, "by": true, "suppliers": true, "covers": true}

// Map draws the neighbourhood of an object: what it rests on, and what rests on
// it, to a depth.
func (a *App) Map(ctx context.Context, actor identity.Actor, v View, focus model.Ref, depth int) (*Map, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	if v.Draft == "" {
		if _, err := a.readable(actor, s.Snap, focus); err != nil {
			return nil, err
		}
		m := a.mapOf(s, focus, depth)
		m.Draw = a.MayDraw(ctx, actor, v)
		return m, nil
	}
	live, err := a.base(ctx, v)
	if err != nil {
		return nil, err
	}
	at := s
	if s.Snap.Get(focus) == nil { // the draft removes what the map is about
		at = live
	}
	if _, err := a.readable(actor, at.Snap, focus); err != nil {
		return nil, err
	}
	m := draftedMap(live, s, a.mapOf(live, focus, depth), a.mapOf(s, focus, depth))
	m.Draw = a.MayDraw(ctx, actor, v)
	return m, nil
}

// mapOf draws the neighbourhood of an object of a state, which is empty where the
// state does not have it.
func (a *App) mapOf(s *State, focus model.Ref, depth int) *Map {
	depth = min(max(depth, 1), 6)
	m := &Map{Focus: focus, Nodes: []MapNode{}, Edges: []MapEdge{}}
	start, found := s.Snap.Find(focus)
	if !found || s.Snap.Object(start) == nil {
		return m
	}
	placed := map[model.Handle]int{start: 0}
	queue := []model.Handle{start}
	reach := func(from []model.Handle, up bool) {
		for i := 0; i < len(from); i++ {
			h := from[i]
			d := placed[h]
			if d >= depth || -d >= depth {
				continue
			}
			visit := func(x model.Handle, drawn bool) {
				if _, seen := placed[x]; seen || !drawn {
					return
				}
				if len(placed) >= mapLimit {
					m.Truncated = true
					return
				}
				step := 1
				if up {
					step = -1
				}
				placed[x] = d + step
				from = append(from, x)
			}
			if up {
				for _, in := range s.Snap.In(h) {
					visit(in.From, in.Field.Structure || in.Field.Name == "degrades")
				}
				continue
			}
			for _, e := range s.Snap.Out(h) {
				visit(e.To, e.Field.Structure || mapFields[e.Field.Name])
			}
		}
	}
	reach(slices.Clone(queue), false)
	reach(slices.Clone(queue), true)
	singles := a.singlesFor(s, start)
	for h, d := range placed {
		m.Nodes = append(m.Nodes, s.mapNode(h, d, singles[s.Snap.Ref(h)], focus))
		for _, e := range s.Snap.Out(h) {
			if _, shown := placed[e.To]; !shown || !e.Field.Structure && !mapFields[e.Field.Name] {
				continue
			}
			t := e.Field.Name
			if e.Group {
				t = "anyOf"
			}
			m.Edges = append(m.Edges, MapEdge{From: s.Snap.Ref(h), To: s.Snap.Ref(e.To), Type: t, Start: e.Starts() && !e.Runs()})
		}
	}
	slices.SortFunc(m.Nodes, func(x, y MapNode) int { return x.Ref.Compare(y.Ref) })
	slices.SortFunc(m.Edges, func(x, y MapEdge) int {
		if c := x.From.Compare(y.From); c != 0 {
			return c
		}
		return x.To.Compare(y.To)
	})
	return m
}

func (a *App) singlesFor(s *State, focus model.Handle) map[model.Ref]bool {
	out := map[model.Ref]bool{}
	if av, ok := finding.Use[*availability.Analysis](s.Result.Facts); ok {
		for _, r := range av.SinglePoints(focus) {
			out[r] = true
		}
	}
	return out
}

func (s *State) mapNode(h model.Handle, depth int, single bool, focus model.Ref) MapNode {
	r := s.Snap.Ref(h)
	n := MapNode{Ref: r, Title: Name(s.Snap, r).Title, Kind: r.Kind, SpofFor: []model.Ref{}, Status: MarkOK, Depth: depth}
	o := s.Snap.Object(h)
	if o == nil {
		n.Missing, n.Status = true, MarkUnknown
		return n
	}
	switch x := o.Spec.(type) {
	case *model.Service:
		n.Stage, n.Criticality = x.Stage, x.Criticality
	case *model.Component:
		n.Class, n.Criticality = x.Class, x.Criticality
	}
	if single && r != focus {
		n.SpofFor = append(n.SpofFor, focus)
	}
	for _, j := range s.Own(r) {
		n.Status = n.Status.Worst(markOf(j))
	}
	return n
}

// PromiseHit is a promise that a loss puts at risk.
type PromiseHit struct {
	Agreement Named  `json:"agreement"`
	Customer  *Named `json:"customer,omitempty"`
	Service   Named  `json:"service"`
	Target    string `json:"target"`
	Priority  string `json:"priority,omitempty"` // the cases that it is about, where not all
	Text      string `json:"text"`
}

// Impact says what stops when something is down.
type Impact struct {
	Of           Named        `json:"of"`
	Together     []Named      `json:"together"` // everything that is down, Of first
	Lost         []Named      `json:"lost"`
	Others       []Named      `json:"others"`
	Degraded     []Named      `json:"degraded"`
	Alternatives []Fallback   `json:"alternatives"`
	Promises     []PromiseHit `json:"promises"`
}

// Fallback is a group that runs on with fewer alternatives.
type Fallback struct {
	Holder  Named   `json:"holder"`
	Lost    []Named `json:"lost"`
	Left    []Named `json:"left"`
	Working int     `json:"working"`
	Needed  int     `json:"needed"`
}

// ImpactOf says what is lost, degraded or left without alternatives when some
// objects are down together.
func (a *App) ImpactOf(ctx context.Context, actor identity.Actor, v View, of []model.Ref, lang language.Lang) (*Impact, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, r := range of {
		if _, err := a.readable(actor, s.Snap, r); err != nil {
			return nil, err
		}
	}
	return ImpactIn(s, of, lang)
}

// ImpactIn says what is lost when some objects of a state are down together.
func ImpactIn(s *State, of []model.Ref, lang language.Lang) (*Impact, error) {
	var once []model.Ref
	for _, r := range of {
		if _, ok := s.Snap.Find(r); !ok || s.Snap.Get(r) == nil {
			return nil, notFound(r.String())
		}
		if !availability.Fails(r.Kind) {
			return nil, refused("/of", &model.Fault{Format: "%q cannot be down: ask about what services rest on, such as a component, a site, a supplier, a person or a service", Args: []any{r.String()}})
		}
		if !slices.Contains(once, r) {
			once = append(once, r)
		}
	}
	of = once
	if len(of) == 0 {
		return nil, notFound("")
	}
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	down := av.Down(of)
	out := &Impact{Of: Name(s.Snap, of[0]), Together: names(s, of), Lost: names(s, down.Services), Others: names(s, down.Others), Degraded: names(s, down.Degraded), Alternatives: []Fallback{}, Promises: []PromiseHit{}}
	for _, f := range down.Fallback {
		out.Alternatives = append(out.Alternatives, Fallback{Name(s.Snap, f.Holder), names(s, f.Lost), names(s, f.Left), f.Working, f.Needed})
	}
	value := WriterFor(s.Snap, lang).Value
	for _, r := range down.Services {
		h, _ := s.Snap.Find(r)
		for _, in := range s.Snap.In(h) {
			ag, ok := s.Snap.Object(in.From).Spec.(*model.Agreement)
			if !ok || ag.Type != "sla" {
				continue
			}
			for _, t := range ag.Targets {
				if t.Metric != model.MetricAvailability && t.Metric != model.MetricRestore {
					continue
				}
				p := PromiseHit{Agreement: Name(s.Snap, s.Snap.Ref(in.From)), Service: Name(s.Snap, r), Target: t.Name, Text: promiseText(t, value)}
				if t.Priority != "all" {
					p.Priority = t.Priority
				}
				if !ag.Customer.IsZero() {
					n := Name(s.Snap, ag.Customer)
					p.Customer = &n
				}
				out.Promises = append(out.Promises, p)
			}
		}
	}
	return out, nil
}

func promiseText(t model.Target, value func(any) string) string {
	switch t.Metric {
	case model.MetricAvailability:
		return value(t.Metric) + " " + value(t.Availability)
	}
	return value(t.Metric) + " " + value(t.Within)
}

func names(s *State, refs []model.Ref) []Named {
	out := make([]Named, len(refs))
	for i, r := range refs {
		out[i] = Name(s.Snap, r)
	}
	return out
}
