package coordination

import (
	"slices"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// FourPs gives what a service has of each of the four Ps, derived from live
// objects and sorted:
//
//	people      owner, supporting teams, users, customers, role assignments, who restores
//	processes   processes that run it, its recovery plans, procedures about it
//	products    what it requires or is degraded without, tools, data, certifications
//	partners    suppliers and contracts: named, supporting, covering it, or behind what it requires
func (a *Analysis) FourPs(service model.Handle) map[model.FourP][]model.Ref {
	if finding.Spec[model.Service](a.f, service) == nil {
		return nil
	}
	found := map[model.FourP][]model.Ref{}
	add := func(p model.FourP, h model.Handle) { found[p] = append(found[p], a.f.Snap.Ref(h)) }
	a.visitPs(service, add)
	a.visitBehind(service, func(h model.Handle) bool { add(model.Partners, h); return true })
	for p := range found {
		found[p] = sorted(found[p])
	}
	return found
}

// visitPs visits what a service has of the four Ps, partners behind what it
// requires apart.
func (a *Analysis) visitPs(service model.Handle, visit func(model.FourP, model.Handle)) {
	there := func(p model.FourP, h model.Handle) {
		o := a.f.Snap.Object(h)
		if o == nil {
			return
		}
		if person, ok := o.Spec.(*model.Person); ok && !person.Left.IsZero() && person.Left <= a.f.On {
			return
		}
		visit(p, h)
	}
	for _, e := range a.f.Snap.Out(service) {
		switch e.Field.Name {
		case "owner", "users":
			there(model.People, e.To)
		case "processes":
			there(model.Processes, e.To)
		case "tools", "data":
			there(model.Products, e.To)
		case "suppliers":
			there(model.Partners, e.To)
		case "support", "requires", "degrades":
			there(sideOf(a.f.Snap.Ref(e.To)), e.To)
		case "by":
			if strings.HasPrefix(e.Pointer, "/spec/restore/") {
				there(sideOf(a.f.Snap.Ref(e.To)), e.To)
			}
		}
	}
	for _, in := range a.f.Snap.In(service) {
		a.incomingP(in, there)
	}
}

// sideOf is the P that a reference stands for when a service relies on it.
func sideOf(r model.Ref) model.FourP {
	switch r.Kind {
	case "team", "person":
		return model.People
	case "supplier", "contract":
		return model.Partners
	}
	return model.Products
}

func (a *Analysis) incomingP(in model.Incoming, there func(model.FourP, model.Handle)) {
	o := a.f.Snap.Object(in.From)
	if o == nil {
		return
	}
	switch x := o.Spec.(type) {
	case *model.Customer:
		there(model.People, in.From)
	case *model.RoleAssignment:
		if over(a.f, x.Until) {
			return
		}
		for _, e := range a.f.Snap.Out(in.From) {
			if e.Field.Name == "holder" || e.Field.Name == "deputy" {
				there(model.People, e.To)
			}
		}
	case *model.RecoveryPlan:
		if in.Field.Name == "services" {
			there(model.Processes, in.From)
		}
	case *model.Document:
		if x.Type == "procedure" {
			there(model.Processes, in.From)
		}
	case *model.Certification:
		there(model.Products, in.From)
	case *model.Contract:
		if in.Field.Name == "covers" {
			there(model.Partners, in.From)
			if h, ok := a.f.Snap.Find(x.Supplier); ok {
				there(model.Partners, h)
			}
		}
	}
}

// visitBehind visits the nearest partners behind each thing a service requires,
// until visit is content.
func (a *Analysis) visitBehind(service model.Handle, visit func(model.Handle) bool) {
	for _, e := range a.f.Snap.Out(service) {
		if !e.Field.Structure || a.f.Snap.Object(e.To) == nil {
			continue
		}
		more, own := true, false
		a.ownPartners(e.To, func(h model.Handle) {
			own = true
			more = visit(h) && more
		})
		if h := a.partners.Value(int32(e.To)); !own && h != 0 {
			more = visit(h - 1)
		}
		if !more {
			return
		}
	}
}

// ownPartners visits the partners that stand directly behind something.
func (a *Analysis) ownPartners(h model.Handle, visit func(model.Handle)) {
	o := a.f.Snap.Object(h)
	if o == nil {
		return
	}
	if o.Kind.Slug == "supplier" {
		visit(h)
		return
	}
	for _, e := range a.f.Snap.Out(h) {
		switch e.Field.Name {
		case "supplier", "employer", "suppliers":
			if a.f.Snap.Object(e.To) != nil {
				visit(e.To)
			}
		}
	}
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name == "covers" && a.f.Snap.Ref(in.From).Kind == "contract" {
			visit(in.From)
		}
	}
}

func (a *Analysis) partnerNext(n int32, visit func(int32)) {
	for _, e := range a.f.Snap.Out(model.Handle(n)) {
		if e.Field.Structure && a.f.Snap.Object(e.To) != nil {
			visit(int32(e.To))
		}
	}
}

// settlePartners gives every node of a component one partner, plus one so that
// zero means none: its own, or the first by name of those below.
func (a *Analysis) settlePartners(component []int32, _ bool, value func(int32) model.Handle, set func(int32, model.Handle)) {
	var best model.Handle
	consider := func(h model.Handle) {
		if h != 0 && (best == 0 || a.f.Snap.Ref(h-1).Compare(a.f.Snap.Ref(best-1)) < 0) {
			best = h
		}
	}
	for _, n := range component {
		a.ownPartners(model.Handle(n), func(h model.Handle) { consider(h + 1) })
	}
	if best == 0 {
		for _, n := range component {
			a.partnerNext(n, func(to int32) { consider(value(to)) })
		}
	}
	for _, n := range component {
		set(n, best)
	}
}

// checkFourPs is COO-002: from design on, each P has something or is empty on
// purpose.
func checkFourPs(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s.Stage.Rank() < model.StageDesign.Rank() || s.Stage == model.StageRetired {
		return
	}
	a := of(f)
	var has [4]bool // in the order of model.FourPs
	a.visitPs(h, func(p model.FourP, _ model.Handle) { has[orderOfP(p)] = true })
	if partners := orderOfP(model.Partners); !has[partners] {
		a.visitBehind(h, func(model.Handle) bool { has[partners] = true; return false })
	}
	for k, c := range model.FourPs {
		p := model.FourP(c.Value)
		if has[k] {
			continue
		}
		i := slices.IndexFunc(s.None, func(n model.NoneOf) bool { return n.P == p })
		if i >= 0 && !s.None[i].Because.IsZero() {
			continue
		}
		x := finding.Finding{Part: string(p), Pointer: "/spec/" + fieldOfP[p], Args: finding.Args{"p": c.Label, "stage": s.Stage, "which": string(p)}}
		if i >= 0 {
			x.Variant = "reason"
			x.Pointer = pointer("/spec/none", i, "because")
		}
		x.Evidence = []finding.Evidence{{Label: "stage", Value: s.Stage}}
		found := a.FourPs(h)
		for _, other := range model.FourPs {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: other.Value, Value: len(found[model.FourP(other.Value)])})
		}
		emit(x)
	}
}

func orderOfP(p model.FourP) int {
	for i, c := range model.FourPs {
		if c.Value == string(p) {
			return i
		}
	}
	return 0
}

var fieldOfP = map[model.FourP]string{model.People: "support", model.Processes: "processes", model.Products: "requires", model.Partners: "suppliers"}
