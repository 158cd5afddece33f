package coordination

import (
	"slices"

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
	s := finding.Spec[model.Service](a.f, service)
	if s == nil {
		return nil
	}
	found := map[model.FourP][]model.Ref{}
	add := func(p model.FourP, refs ...model.Ref) {
		for _, r := range refs {
			if _, left := gone(a.f, r); present(a.f, r) && !left {
				found[p] = append(found[p], r)
			}
		}
	}
	add(model.People, a.f.Snap.Object(service).Metadata.Owner)
	add(model.People, s.Users...)
	add(model.Processes, s.Processes...)
	add(model.Products, s.Tools...)
	add(model.Products, s.Data...)
	add(model.Partners, s.Suppliers...)
	for _, r := range slices.Concat(s.Support, s.Restore.By) {
		add(sideOf(r), r)
	}
	for _, n := range s.Requires {
		n.Refs(func(r model.Ref) { add(sideOf(r), r) })
	}
	for _, r := range s.Degrades {
		add(sideOf(r), r)
	}
	for _, in := range a.f.Snap.In(service) {
		a.incomingP(in, add)
	}
	add(model.Partners, a.partnersBehind(service)...)
	for p := range found {
		found[p] = sorted(found[p])
	}
	return found
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

func (a *Analysis) incomingP(in model.Incoming, add func(model.FourP, ...model.Ref)) {
	o := a.f.Snap.Object(in.From)
	if o == nil {
		return
	}
	switch x := o.Spec.(type) {
	case *model.Customer:
		add(model.People, o.Ref())
	case *model.RoleAssignment:
		if !over(a.f, x.Until) {
			add(model.People, x.Holder, x.Deputy)
		}
	case *model.RecoveryPlan:
		if in.Field.Name == "services" {
			add(model.Processes, o.Ref())
		}
	case *model.Document:
		if x.Type == "procedure" {
			add(model.Processes, o.Ref())
		}
	case *model.Certification:
		add(model.Products, o.Ref())
	case *model.Contract:
		if in.Field.Name == "covers" {
			add(model.Partners, o.Ref(), x.Supplier)
		}
	}
}

// partnersBehind are the nearest partners behind each thing a service requires.
func (a *Analysis) partnersBehind(service model.Handle) []model.Ref {
	var out []model.Ref
	for _, e := range a.f.Snap.Out(service) {
		if e.Field.Structure && a.f.Snap.Object(e.To) != nil {
			own := a.ownPartners(e.To)
			if len(own) == 0 {
				if h := a.partners.Value(int32(e.To)); h != 0 {
					own = []model.Ref{a.f.Snap.Ref(h - 1)}
				}
			}
			out = append(out, own...)
		}
	}
	return out
}

// ownPartners are the partners that stand directly behind something.
func (a *Analysis) ownPartners(h model.Handle) []model.Ref {
	o := a.f.Snap.Object(h)
	if o == nil {
		return nil
	}
	var out []model.Ref
	switch x := o.Spec.(type) {
	case *model.Supplier:
		return []model.Ref{o.Ref()}
	case *model.Component:
		out = append(out, x.Supplier)
	case *model.Site:
		out = append(out, x.Supplier)
	case *model.Tool:
		out = append(out, x.Supplier)
	case *model.Team:
		out = append(out, x.Supplier)
	case *model.Person:
		out = append(out, x.Employer)
	case *model.Service:
		out = append(out, x.Suppliers...)
	}
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name == "covers" && a.f.Snap.Ref(in.From).Kind == "contract" {
			out = append(out, a.f.Snap.Ref(in.From))
		}
	}
	return slices.DeleteFunc(out, func(r model.Ref) bool { return !present(a.f, r) })
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
		for _, r := range a.ownPartners(model.Handle(n)) {
			if h, ok := a.f.Snap.Find(r); ok {
				consider(h + 1)
			}
		}
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
	found := of(f).FourPs(h)
	for _, c := range model.FourPs {
		p := model.FourP(c.Value)
		if len(found[p]) > 0 {
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
		for _, other := range model.FourPs {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: other.Value, Value: len(found[model.FourP(other.Value)])})
		}
		emit(x)
	}
}

var fieldOfP = map[model.FourP]string{model.People: "support", model.Processes: "processes", model.Products: "requires", model.Partners: "suppliers"}
