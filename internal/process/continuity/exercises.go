package continuity

import (
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// held lists the exercises of a plan held by the date of evaluation, latest first.
func held(f *finding.Facts, plan model.Handle) []model.Handle {
	var out []model.Handle
	for _, in := range f.Snap.In(plan) {
		if e := finding.Spec[model.Exercise](f, in.From); e != nil && !e.Date.IsZero() && e.Date <= f.On {
			out = append(out, in.From)
		}
	}
	slices.SortFunc(out, func(x, y model.Handle) int {
		a, b := finding.Spec[model.Exercise](f, x).Date, finding.Spec[model.Exercise](f, y).Date
		if a != b {
			return int(b) - int(a)
		}
		return f.Snap.Ref(x).Compare(f.Snap.Ref(y))
	})
	return out
}

// unexercised is CON-007: a plan is proven only by an exercise younger than its
// interval, on the version in force, and only until something it rests on changes.
func unexercised(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	p := finding.Spec[model.RecoveryPlan](f, h)
	if len(recovered(f, p)) == 0 {
		return
	}
	out := finding.Finding{Pointer: "/spec/exerciseInterval", Args: finding.Args{}}
	if day := planned(f, h); !day.IsZero() {
		out.Args["planned"] = day
	}
	list := held(f, h)
	if len(list) == 0 {
		out.Variant = "never"
		emit(out)
		return
	}
	last := finding.Spec[model.Exercise](f, list[0])
	due := last.Date.Add(interval(p.ExerciseInterval))
	out.Args["last"], out.Args["due"] = last.Date, due
	out.Evidence = []finding.Evidence{{Label: "last", Value: last.Date}, {Label: "due", Value: due}}
	switch {
	case f.On > due:
		emit(out)
	case p.Version != "" && last.PlanVersion != "" && last.PlanVersion != p.Version:
		out.Variant, out.Pointer = "version", "/spec/version"
		out.Args["exercised"], out.Args["version"] = last.PlanVersion, p.Version
		emit(out)
	case p.ApprovedOn > last.Date && (p.Version == "" || last.PlanVersion == ""):
		out.Variant, out.Pointer, out.Args["approved"] = "approved", "/spec/approvedOn", p.ApprovedOn
		emit(out)
	default:
		changes, latest := use(f).changedSince(p, last.Date)
		if len(changes) == 0 {
			return
		}
		out.Variant, out.Pointer, out.Causes = "changed", "/spec/services", changes
		// A plan approved before the change is stale itself, not only its proof.
		out.Args["changes"], out.Args["n"], out.Args["latest"], out.Args["stale"] = changes, len(changes), latest, p.ApprovedOn < latest
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "changes", Value: changes}, finding.Evidence{Label: "latest", Value: latest})
		emit(out)
	}
}

// planned is the day for which the next exercise is planned.
func planned(f *finding.Facts, plan model.Handle) model.Date {
	var day model.Date
	for _, in := range f.Snap.In(plan) {
		if e := finding.Spec[model.Exercise](f, in.From); e != nil && e.Date.IsZero() && e.Planned >= f.On && (day.IsZero() || e.Planned < day) {
			day = e.Planned
		}
	}
	return day
}

// missed is CON-013: an exercise measured more than the objective allows, no later
// one did better, and nothing was decided.
func missed(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	e := finding.Spec[model.Exercise](f, h)
	plan, ok := f.Snap.Find(e.Plan)
	p := finding.Spec[model.RecoveryPlan](f, plan)
	if !ok || p == nil || e.Date.IsZero() || e.Date > f.On || followed(f, h, e) {
		return
	}
	a := use(f)
	rto := a.strictest(p)
	rpo, bounded := strictestPoint(f, p)
	slow := rto > 0 && e.RTA.Std() > rto
	lossy := bounded && e.RPA != nil && e.RPA.Std() > rpo
	for _, o := range held(f, plan) {
		x := finding.Spec[model.Exercise](f, o)
		if x.Date > e.Date && x.RTA > 0 && x.RTA.Std() <= rto {
			slow = false
		}
		if x.Date > e.Date && x.RPA != nil && x.RPA.Std() <= rpo {
			lossy = false
		}
	}
	if slow {
		emit(finding.Finding{
			Pointer: "/spec/rta", Part: "rta", Causes: []model.Ref{e.Plan},
			Args:     finding.Args{"plan": e.Plan, "on": e.Date, "measured": e.RTA, "objective": rto, "excess": e.RTA.Std() - rto},
			Evidence: []finding.Evidence{{Label: "rta", Value: e.RTA}, {Label: "rto", Value: rto}},
		})
	}
	if lossy {
		emit(finding.Finding{
			Variant: "loss", Pointer: "/spec/rpa", Part: "rpa", Causes: []model.Ref{e.Plan},
			Args:     finding.Args{"plan": e.Plan, "on": e.Date, "measured": *e.RPA, "objective": rpo, "excess": e.RPA.Std() - rpo},
			Evidence: []finding.Evidence{{Label: "rpa", Value: *e.RPA}, {Label: "rpo", Value: rpo}},
		})
	}
}

// followed reports an action that an exercise led to.
func followed(f *finding.Facts, h model.Handle, e *model.Exercise) bool {
	if slices.ContainsFunc(e.Actions, func(r model.Ref) bool { return f.Snap.Get(r) != nil }) {
		return true
	}
	return slices.ContainsFunc(f.Snap.In(h), func(in model.Incoming) bool { return finding.Spec[model.Action](f, in.From) != nil })
}

// strictestPoint is the shortest RPO of what a plan recovers.
func strictestPoint(f *finding.Facts, p *model.RecoveryPlan) (d time.Duration, ok bool) {
	note := func(x *model.Duration) {
		if x != nil && (!ok || x.Std() < d) {
			d, ok = x.Std(), true
		}
	}
	for _, r := range p.Services {
		if s := finding.SpecOf[model.Service](f, r); s != nil {
			note(s.Continuity.RPO)
		}
	}
	for _, r := range p.Activities {
		if b := finding.SpecOf[model.BusinessActivity](f, r); b != nil {
			note(b.RPO)
		}
	}
	return d, ok
}
