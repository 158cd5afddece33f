package coordination

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkObjectives is COO-015: a service serves objectives that the organisation
// has stated. It is silent where the organisation states none.
func checkObjectives(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	stated := f.Snap.Organisation().Objectives
	if !runs(s) || len(stated) == 0 {
		return
	}
	names := make([]string, len(stated))
	for i, o := range stated {
		names[i] = o.Name
	}
	for i, want := range s.Serves {
		if !slices.Contains(names, want) {
			emit(finding.Finding{Variant: "unknown-objective", Part: "serves/" + want, Pointer: pointer("/spec/serves", i, ""),
				Args: finding.Args{"objective": want, "nearest": model.Nearest(want, names), "stated": names}})
		}
	}
	if len(s.Serves) == 0 && s.Facing == "customer" && s.Stage.Rank() >= model.StageDesign.Rank() {
		emit(finding.Finding{Pointer: "/spec/serves", Args: finding.Args{"stated": names}, Evidence: []finding.Evidence{{Label: "stated", Value: names}}})
	}
}
