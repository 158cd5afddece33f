package coordination

import (
	"slices"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkObjectives is COO-015: a service serves objectives that the organisation has
// stated, none that pull against each other without a word, and its agreements
// promise what the objectives ask for; and each objective is served. It is silent
// where the organisation states none.
func checkObjectives(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	switch x := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		checkServed(f, h, x, emit)
	case *model.Organisation:
		checkUnserved(f, x, emit)
	}
}

func checkServed(f *finding.Facts, h model.Handle, s *model.Service, emit func(finding.Finding)) {
	stated := f.Snap.Organisation().Objectives
	if !runs(s) || len(stated) == 0 {
		return
	}
	names := make([]string, len(stated))
	for i, o := range stated {
		names[i] = o.Name
	}
	var served []*model.Objective
	for i, want := range s.Serves {
		at := slices.Index(names, want)
		if at < 0 {
			emit(finding.Finding{Variant: "unknown-objective", Part: "serves/" + want, Pointer: pointer("/spec/serves", i, ""),
				Args: finding.Args{"objective": want, "nearest": model.Nearest(want, names), "stated": names}})
			continue
		}
		if o := &stated[at]; !slices.Contains(served, o) {
			served = append(served, o)
			checkLevelsServed(f, h, o, i, emit)
		}
	}
	checkOpposed(s, served, emit)
	if len(s.Serves) == 0 && s.Facing == "customer" && s.Stage.Rank() >= model.StageDesign.Rank() {
		emit(finding.Finding{Pointer: "/spec/serves", Args: finding.Args{"stated": names}, Evidence: []finding.Evidence{{Label: "stated", Value: names}}})
	}
}

// checkOpposed tells of two objectives that pull against each other and are both
// served, unless the service says in its package how they are weighed.
func checkOpposed(s *model.Service, served []*model.Objective, emit func(finding.Finding)) {
	for i, a := range served {
		for _, b := range served[i+1:] {
			if !slices.Contains(a.Opposes, b.Name) && !slices.Contains(b.Opposes, a.Name) {
				continue
			}
			pair := []string{a.Name, b.Name}
			slices.Sort(pair)
			if weighed(s) {
				continue
			}
			emit(finding.Finding{Variant: "opposed", Part: "serves/" + strings.Join(pair, "+"), Pointer: "/spec/serves",
				Args: finding.Args{"one": titleOf(a), "other": titleOf(b)}})
		}
	}
}

// weighed tells that the business requirements of a service are written: how its
// objectives are weighed belongs there.
func weighed(s *model.Service) bool {
	return slices.ContainsFunc(s.Sections, func(x model.SDPSection) bool {
		return x.Name == "business-requirements" && (!x.Text.IsZero() || !x.Document.IsZero())
	})
}

// checkLevelsServed tells of agreements in force that promise less than an objective
// which the service serves asks for; the weakest speaks for all.
func checkLevelsServed(f *finding.Facts, h model.Handle, o *model.Objective, i int, emit func(finding.Finding)) {
	for _, asked := range o.Targets {
		var lead *model.Target
		var by model.Ref
		var agreements []model.Ref
		for _, in := range f.Snap.In(h) {
			x := finding.Spec[model.Agreement](f, in.From)
			if x == nil || in.Field.Name != "services" || x.Type == "ola" || !inForce(f, in.From, f.On) {
				continue
			}
			for k := range x.Targets {
				t := &x.Targets[k]
				if t.Metric != asked.Metric || t.Value() == nil || asked.Priority != "" && t.Priority != "" && t.Priority != asked.Priority {
					continue
				}
				if weaker, comparable := t.WeakerThan(&asked); !weaker || !comparable {
					continue
				}
				r := f.Snap.Ref(in.From)
				agreements = append(agreements, r)
				first := lead == nil
				if !first {
					below, _ := t.WeakerThan(lead)
					above, _ := lead.WeakerThan(t)
					first = below || !above && r.Compare(by) < 0
				}
				if first {
					lead, by = t, r
				}
			}
		}
		if lead == nil {
			continue
		}
		agreements = sorted(agreements)
		emit(finding.Finding{Variant: "level", Part: "serves/" + o.Name + "/" + string(asked.Metric), Pointer: pointer("/spec/serves", i, ""), Causes: agreements,
			Args:     finding.Args{"objective": titleOf(o), "metric": asked.Metric, "asked": asked.Value(), "promised": lead.Value(), "agreement": by, "n": len(agreements)},
			Evidence: []finding.Evidence{{Label: "asked", Value: asked.Value()}, {Label: "promised", Value: finding.Pair{Of: by, Value: lead.Value()}}}})
	}
}

// checkUnserved tells of an objective that no service serves, once services name
// what they serve at all.
func checkUnserved(f *finding.Facts, o *model.Organisation, emit func(finding.Finding)) {
	served := map[string]bool{}
	for _, h := range f.Snap.OfKind("service") {
		if s := finding.Spec[model.Service](f, h); runs(s) {
			for _, name := range s.Serves {
				served[name] = true
			}
		}
	}
	if len(served) == 0 {
		return
	}
	for i := range o.Objectives {
		x := &o.Objectives[i]
		if x.Name != "" && !served[x.Name] {
			emit(finding.Finding{Variant: "unserved", Part: "objectives/" + x.Name, Pointer: pointer("/spec/objectives", i, ""), Args: finding.Args{"objective": titleOf(x)}})
		}
	}
}

// beyondObjectives visits the organisation when a service changed: what it serves
// may leave an objective without any.
func beyondObjectives(before, now *finding.Facts, changed, _ []model.Handle, visit func(model.Handle)) {
	if slices.ContainsFunc(changed, func(h model.Handle) bool { return now.Snap.Ref(h).Kind == "service" }) {
		for _, h := range now.Snap.OfKind("organisation") {
			visit(h)
		}
	}
}

func titleOf(o *model.Objective) model.Text {
	if o.Title.IsZero() {
		return model.Text{All: o.Name}
	}
	return o.Title
}
