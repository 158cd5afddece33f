package continuity

import (
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// unprepared is CON-001: a critical activity without impact analysis, one whose
// curve falls, a critical service without plan.
func unprepared(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.BusinessActivity:
		if before, after, found := falls(s); found {
			emit(finding.Finding{Variant: "falls", Pointer: "/spec/impact", Part: "impact/" + after.Type,
				Args: finding.Args{"type": impactType(after.Type), "before": before.Level, "at": before.After, "after": after.Level, "later": after.After}})
		}
		if s.Criticality != model.CriticalityCritical || analysed(s) {
			return
		}
		variant := ""
		if len(s.Impact) > 0 {
			variant = "level"
		}
		emit(finding.Finding{Variant: variant, Pointer: "/spec/impact"})
	case *model.Service:
		if critical(s) && delivered(s) && len(plansOf(f, h)) == 0 {
			emit(finding.Finding{Variant: "plan", Pointer: "/spec/continuity", Args: finding.Args{"vital": s.Vital}})
		}
	}
}

// impactType is the label of a type of impact.
func impactType(value string) model.Text {
	field := model.KindOf("business-activity")
	for _, x := range field.Fields {
		if x.Name == "impact" {
			for _, y := range x.Item.Fields {
				for _, c := range y.Choices {
					if y.Name == "type" && c.Value == value {
						return c.Label
					}
				}
			}
		}
	}
	return model.Text{All: value}
}

// beyond is CON-002: a recovery objective beyond what can be tolerated.
func beyond(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	var rto model.Duration
	var rpo *model.Duration
	at := "/spec"
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.BusinessActivity:
		rto, rpo = s.RTO, s.RPO
	case *model.Service:
		if s.Stage == model.StageRetired {
			return
		}
		rto, rpo, at = s.Continuity.RTO, s.Continuity.RPO, "/spec/continuity"
	}
	if rto == 0 && rpo == nil {
		return
	}
	a := use(f)
	if mtpd, from, ok := a.tolerable(h); ok && rto.Std() > mtpd {
		emit(finding.Finding{
			Pointer: at + "/rto", Part: "rto", Causes: others(f, h, from),
			Args:     finding.Args{"objective": rto, "tolerable": mtpd, "activity": from},
			Evidence: []finding.Evidence{{Label: "rto", Value: rto}, {Label: "mtpd", Value: mtpd}, {Label: "activity", Value: from}},
		})
	}
	if rpo == nil {
		return
	}
	if mtdl, from, ok := a.lossTolerable(h); ok && rpo.Std() > mtdl {
		emit(finding.Finding{
			Variant: "loss", Pointer: at + "/rpo", Part: "rpo", Causes: others(f, h, from),
			Args:     finding.Args{"objective": *rpo, "tolerable": mtdl, "activity": from},
			Evidence: []finding.Evidence{{Label: "rpo", Value: *rpo}, {Label: "mtdl", Value: mtdl}, {Label: "activity", Value: from}},
		})
	}
}

// others is a cause other than the subject itself.
func others(f *finding.Facts, h model.Handle, from model.Ref) []model.Ref {
	if f.Snap.Ref(h) == from {
		return nil
	}
	return []model.Ref{from}
}

// recoveryOrder is CON-005, with the service that recovers too late as subject:
// what requires it, through anything without an RTO of its own, and without an
// alternative, is back before it.
func recoveryOrder(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s == nil || s.Stage == model.StageRetired {
		return
	}
	own := s.Continuity.RTO
	seen := map[model.Handle]bool{h: true}
	queue := []model.Handle{h}
	var earlier []model.Ref
	shortest := time.Duration(0)
	var first model.Ref
	for i := 0; i < len(queue); i++ {
		for _, in := range f.Snap.In(queue[i]) {
			if in.Group || in.Field.Name != "requires" || !in.Field.Structure || seen[in.From] {
				continue
			}
			seen[in.From] = true
			holder := finding.Spec[model.Service](f, in.From)
			if holder == nil || holder.Continuity.RTO == 0 {
				if f.Snap.Object(in.From) != nil {
					queue = append(queue, in.From)
				}
				continue
			}
			if holder.Stage == model.StageRetired || own != 0 && holder.Continuity.RTO >= own {
				continue
			}
			if own == 0 && !(delivered(holder) && holder.Criticality.Rank() >= model.CriticalityHigh.Rank()) {
				continue
			}
			earlier = append(earlier, f.Snap.Ref(in.From))
			if d := holder.Continuity.RTO.Std(); shortest == 0 || d < shortest || d == shortest && f.Snap.Ref(in.From).Compare(first) < 0 {
				shortest, first = d, f.Snap.Ref(in.From)
			}
		}
	}
	if len(earlier) == 0 {
		return
	}
	slices.SortFunc(earlier, model.Ref.Compare)
	out := finding.Finding{
		Pointer: "/spec/continuity/rto",
		Args:    finding.Args{"rto": own, "services": earlier, "n": len(earlier), "first": first, "shortest": shortest},
	}
	if own == 0 {
		out.Outcome, out.Severity = finding.Unknown, finding.Info
		out.Evidence = []finding.Evidence{{Label: "services", Value: earlier}, {Label: "shortest", Value: shortest}}
		emit(out)
		return
	}
	out.Evidence = []finding.Evidence{{Label: "rto", Value: own}, {Label: "services", Value: earlier}, {Label: "shortest", Value: shortest}}
	emit(out)
}

// backlog is CON-009: with the backlog to catch up, the activity is interrupted for
// longer than can be tolerated.
func backlog(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	b := finding.Spec[model.BusinessActivity](f, h)
	mtpd, ok := MTPD(b)
	if !ok {
		return
	}
	a := use(f)
	var worst *Timeline
	var plan model.Ref
	for _, p := range a.covering(h, b) {
		t := a.Timeline(p)
		if t == nil || t.Fault != "" {
			continue
		}
		if worst == nil || t.Total > worst.Total || t.Total == worst.Total && f.Snap.Ref(p).Compare(plan) < 0 {
			worst, plan = t, f.Snap.Ref(p)
		}
	}
	if worst == nil || worst.Total+b.Backlog.Std() <= mtpd {
		return
	}
	recovery := worst.Makespan + worst.Verification
	total := worst.Total + b.Backlog.Std()
	emit(finding.Finding{
		Pointer: "/spec/backlog", Causes: []model.Ref{plan},
		Args: finding.Args{"plan": plan, "total": total, "mtpd": mtpd, "excess": total - mtpd, "backlog": b.Backlog},
		Evidence: []finding.Evidence{
			{Label: "detection", Value: worst.Detection}, {Label: "decision", Value: worst.Decision}, {Label: "recovery", Value: recovery},
			{Label: "backlog", Value: b.Backlog}, {Label: "total", Value: total}, {Label: "mtpd", Value: mtpd}},
	})
}

// covering lists the plans of an activity: those that name it, else those of the
// services it needs.
func (a *Analysis) covering(h model.Handle, b *model.BusinessActivity) []model.Handle {
	if out := plansOf(a.f, h); len(out) > 0 {
		return out
	}
	var out []model.Handle
	for _, r := range b.Services {
		if s, ok := a.f.Snap.Find(r); ok {
			out = append(out, plansOf(a.f, s)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
