package coordination

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// checkStale is COO-014: an approval whose ground has moved. Publications and
// gates rest on pinned versions, sections on pins and on their document, documents
// and policies on the date until which they hold.
func checkStale(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	switch x := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		if runs(x) {
			stalePublication(f, h, emit)
			staleSections(f, x, emit)
		}
	case *model.Document:
		overdue(f, x.ReviewBy, emit)
	case *model.Policy:
		overdue(f, x.ReviewBy, emit)
	}
}

func overdue(f *finding.Facts, by model.Date, emit func(finding.Finding)) {
	if over(f, by) {
		emit(finding.Finding{Variant: "review", Pointer: "/spec/reviewBy", Args: finding.Args{"by": by, "days": by.DaysUntil(f.On)},
			Evidence: []finding.Evidence{{Label: "by", Value: by}}})
	}
}

// latestDecision is the last decision of some types on a service.
func latestDecision(f *finding.Facts, service model.Handle, types ...string) (model.Handle, *model.Decision) {
	at, last := model.Missing, (*model.Decision)(nil)
	for _, in := range f.Snap.In(service) {
		d := finding.Spec[model.Decision](f, in.From)
		if d == nil || in.Field.Name != "service" {
			continue
		}
		for _, t := range types {
			if d.Type == t && (last == nil || d.At.After(last.At.Time) || d.At.Equal(last.At.Time) && f.Snap.Ref(in.From).Compare(f.Snap.Ref(at)) > 0) {
				at, last = in.From, d
			}
		}
	}
	return at, last
}

// stalePublication compares what the last publication or gate pinned with what
// stands now.
func stalePublication(f *finding.Facts, service model.Handle, emit func(finding.Finding)) {
	at, d := latestDecision(f, service, "publication", "gate", "withdrawal")
	if d == nil || d.Type == "withdrawal" {
		return
	}
	moved := of(f).moved(d.Pins)
	if len(moved) == 0 {
		return
	}
	emit(finding.Finding{Variant: d.Type, Part: "decision", Causes: moved, Pointer: "/spec",
		Args:     finding.Args{"moved": moved, "n": len(moved), "decision": f.Snap.Ref(at), "at": model.DateOf(d.At.UTC())},
		Evidence: []finding.Evidence{{Label: "at", Value: model.DateOf(d.At.UTC())}, {Label: "moved", Value: moved}}})
}

// moved are the pinned objects that have changed in a material field, or are gone.
func (a *Analysis) moved(pins []model.Pin) []model.Ref {
	var out []model.Ref
	for _, p := range pins {
		h, ok := a.f.Snap.Find(p.Object)
		if o := a.f.Snap.Object(h); !ok || o == nil {
			out = append(out, p.Object)
		} else if (p.Version == 0 || o.Version != p.Version) && p.Material != "" && a.materialHash(h) != p.Material {
			out = append(out, p.Object)
		}
	}
	return sorted(out)
}

func staleSections(f *finding.Facts, s *model.Service, emit func(finding.Finding)) {
	for i := range s.Sections {
		d := &s.Sections[i]
		if d.ApprovedOn.IsZero() {
			continue
		}
		moved := of(f).moved(d.Pins)
		document := finding.SpecOf[model.Document](f, d.Document)
		newer := document != nil && document.Date > d.ApprovedOn
		if newer {
			moved = sorted(append(moved, d.Document))
		}
		if len(moved) == 0 {
			continue
		}
		label, _ := model.ChoiceLabel(d.Name)
		emit(finding.Finding{Variant: "section", Part: "sections/" + string(d.Name), Causes: moved, Pointer: pointer("/spec/sections", i, "approvedOn"),
			Args:     finding.Args{"section": label, "moved": moved, "n": len(moved), "at": d.ApprovedOn},
			Evidence: []finding.Evidence{{Label: "at", Value: d.ApprovedOn}, {Label: "moved", Value: moved}}})
	}
}
