package security

import (
	"strconv"
	"sync"

	"diapason/internal/engine/condense"
	"diapason/internal/finding"
	"diapason/internal/model"
)

func itoa(i int) string { return strconv.Itoa(i) }

// pillars in the order of the mission; levels are kept by this index.
var pillars = func() []model.Pillar {
	out := make([]model.Pillar, len(model.Pillars))
	for i, c := range model.Pillars {
		out[i] = model.Pillar(c.Value)
	}
	return out
}()

const (
	count = 5 // pillars
	first = 0 // availability: the one pillar that an alternative can carry
	top   = 4 // the highest level
)

// demand is the highest level asked on each pillar, and who asks (plus one, so
// that zero is nobody).
type demand struct {
	level [count]int8
	who   [count]model.Handle
}

// assurance is the lowest level that anything relied on assures on each pillar,
// and the weakest (plus one). Above top nothing is said.
type assurance struct {
	level   [count]int8
	weakest [count]model.Handle
}

const unsaid = top + 1

// Analysis is what security computes on one set of facts. It is safe for use by
// several rules at once.
type Analysis struct {
	f       *finding.Facts
	demands condense.Graph[demand]
	assured condense.Graph[assurance]

	places *finding.Gathered[placeGap]

	rolesOnce sync.Once
	roles     map[model.Ref][]*model.RoleAssignment // in force, by holder and deputy
	byName    map[model.Ref]*model.RoleAssignment
}

func newAnalysis(f *finding.Facts) *Analysis {
	a := &Analysis{f: f}
	a.places = finding.Gather(f, []string{"data-asset"}, a.lookAtPlaces)
	a.demands = condense.Graph[demand]{Next: a.askers, Settle: a.settleDemands}
	a.assured = condense.Graph[assurance]{Next: a.reliedOn, Settle: a.settleAssurance}
	return a
}

// of gives the analysis behind the facts.
func of(f *finding.Facts) *Analysis {
	if a, ok := finding.Use[*Analysis](f); ok {
		return a
	}
	return newAnalysis(f)
}

// Carry takes over what is asked of everything of which nothing else is asked now,
// and where data was found that a change did not touch.
func (a *Analysis) Carry(prev any, c *finding.Change) {
	if p, ok := prev.(*Analysis); ok && p.f.On == a.f.On {
		a.demands.Inherit(&p.demands, a.asksOtherwise(p, c))
		a.places.Carry(p.places, c)
	}
}

// held are the role assignments in force that a person holds, or deputises for.
func (a *Analysis) held(person model.Ref) []*model.RoleAssignment {
	a.rolesOnce.Do(func() {
		a.roles, a.byName = map[model.Ref][]*model.RoleAssignment{}, map[model.Ref]*model.RoleAssignment{}
		for _, h := range a.f.Snap.OfKind("role-assignment") {
			r := finding.Spec[model.RoleAssignment](a.f, h)
			if r.From > a.f.On || !r.Until.IsZero() && r.Until < a.f.On {
				continue
			}
			a.byName[a.f.Snap.Ref(h)] = r
			for _, p := range []model.Ref{r.Holder, r.Deputy} {
				if !p.IsZero() {
					a.roles[p] = append(a.roles[p], r)
				}
			}
		}
	})
	return a.roles[person]
}

// carries reports that what is asked of a holder is asked of what an edge leads to
// as well: what it runs on, its site, and the supplier of what is external. It says
// whether the edge is one of several alternatives.
func (a *Analysis) carries(from model.Handle, field *model.Field, group bool, phases uint8, to model.Handle) (ok, alternative bool) {
	if !field.Structure || phases&1 == 0 {
		return false, false
	}
	switch a.f.Snap.Ref(to).Kind {
	case "service", "component", "site", "tool":
		return true, group
	case "supplier":
		if field.Type == model.TypeDependency {
			return true, group
		}
		return field.Name == "supplier" && external(a.f, from), false
	}
	return false, false
}

func external(f *finding.Facts, h model.Handle) bool {
	o := f.Snap.Object(h)
	if o == nil {
		return false
	}
	switch x := o.Spec.(type) {
	case *model.Component:
		return x.External
	case *model.Site:
		return x.External
	case *model.Tool:
		return x.External
	}
	return false
}

// protects reports that a component stops a pillar: what lies behind it need not
// assure it.
func protects(spec any, p model.Pillar) bool {
	if c, ok := spec.(*model.Component); ok {
		for _, x := range c.Protects {
			if x == p {
				return true
			}
		}
	}
	return false
}

// rated are the levels that something assures, nil for kinds that assure none.
func rated(spec any) *model.Ratings {
	switch x := spec.(type) {
	case *model.Component:
		return &x.Security
	case *model.Site:
		return &x.Security
	case *model.Supplier:
		return &x.Security
	}
	return nil
}
