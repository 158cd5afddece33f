package servicelevel

import (
	"strings"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Coverage compares the hours promised for a service with those in which somebody
// supports it, over the year that begins with the date of evaluation.
type Coverage struct {
	worktime.Coverage
	Hours model.Ref   // the calendar promised
	By    []model.Ref // teams and contracts that support, sorted
	// Missing are supporters or calendars whose hours are not known; they count
	// as not covering.
	Missing []model.Ref
	// Location is the zone in which hours are to be read.
	Location *time.Location
}

// supporters are the teams and contracts that support a service: those it names
// and that are in force, the teams of agreements with it, the contracts that
// cover it in stated hours; where there are none, those who can restore it.
func (a *Analysis) supporters(h model.Handle) []model.Ref {
	var out []model.Ref
	add := func(r model.Ref) {
		if c := finding.SpecOf[model.Contract](a.f, r); c != nil && !calendars.ContractStanding(c, a.f.On).InForce() {
			return
		}
		out = append(out, r)
	}
	var restore []model.Ref
	switch spec := a.f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		for _, r := range spec.Support {
			add(r)
		}
		restore = spec.Restore.By
	case *model.Component:
		restore = spec.Restore.By
	}
	handles(a.f, h, "agreement", func(x model.Handle) {
		if spec := finding.Spec[model.Agreement](a.f, x); !isSLA(spec) && !spec.Provider.IsZero() && a.InForce(x, a.f.On) {
			add(spec.Provider)
		}
	})
	a.contractsOn(h, func(c model.Handle, spec *model.Contract) {
		if !spec.Hours.IsZero() {
			add(a.f.Snap.Ref(c))
		}
	})
	if len(out) == 0 {
		for _, r := range restore {
			add(r)
		}
	}
	return sorted(out)
}

// Coverage compares the hours of a calendar with the support of a service or
// component; ok is false where the calendar cannot be read.
func (a *Analysis) Coverage(service model.Handle, hours model.Ref) (*Coverage, bool) {
	by := a.supporters(service)
	var key strings.Builder
	key.WriteString(hours.Name)
	for _, r := range by {
		key.WriteString(" " + r.String())
	}
	if hit, ok := a.coverages.Load(key.String()); ok {
		c := hit.(*Coverage)
		return c, c != nil
	}
	c := a.cover(hours, by)
	a.coverages.Store(key.String(), c)
	return c, c != nil
}

func (a *Analysis) cover(hours model.Ref, by []model.Ref) *Coverage {
	promised, ok := calendars.Open(a.f, hours)
	if !ok {
		return nil
	}
	c := &Coverage{Hours: hours, By: by, Location: calendars.Zone(a.f)}
	if w, _ := calendars.Of(a.f, hours); w.Location != nil {
		c.Location = w.Location
	}
	sets := make([]worktime.Set, 0, len(by))
	for _, r := range by {
		w := a.workingOf(r)
		sets = append(sets, w.hours)
		c.Missing = append(c.Missing, w.missing...)
	}
	c.Missing = sorted(c.Missing)
	c.Coverage = worktime.Cover(c.Location, calendars.Window(a.f), promised, sets...)
	return c
}

// SLM-006: hours promised that no supporting team, on-call rota or contract covers.
var hoursUncovered = finding.Rule{
	ID: "SLM-006", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		a := use(f)
		if spec.Hours.IsZero() || a.gone(h, spec) {
			return
		}
		if _, ok := calendars.Of(f, spec.Hours); !ok {
			emit(finding.Finding{Outcome: finding.Unknown, Causes: []model.Ref{spec.Hours}, Pointer: "/spec/hours", Args: finding.Args{"missing": []model.Ref{spec.Hours}, "hours": spec.Hours}})
			return
		}
		bySupport := map[*Coverage][]model.Ref{}
		var order []*Coverage
		var alone []model.Ref
		for _, s := range a.served(spec) {
			c, _ := a.Coverage(s.handle, spec.Hours)
			switch {
			case c.Uncovered.IsEmpty():
			case len(c.By) == 0:
				alone = append(alone, s.ref)
			default:
				if bySupport[c] == nil {
					order = append(order, c)
				}
				bySupport[c] = append(bySupport[c], s.ref)
			}
		}
		if len(alone) > 0 {
			emit(finding.Finding{Outcome: finding.Unknown, Causes: alone, Pointer: "/spec/hours", Variant: "nobody", Args: finding.Args{"services": alone, "n": len(alone), "hours": spec.Hours}})
		}
		for _, c := range order {
			emit(uncovered(c, bySupport[c]))
		}
	},
}

func uncovered(c *Coverage, services []model.Ref) finding.Finding {
	if len(c.Missing) > 0 {
		return finding.Finding{Outcome: finding.Unknown, Causes: c.Missing, Pointer: "/spec/hours", Args: finding.Args{"missing": c.Missing, "hours": c.Hours}}
	}
	worst := c.Weeks[c.Worst]
	x := finding.Finding{
		Causes: c.By, Pointer: "/spec/hours",
		Args: finding.Args{
			"services": services, "n": len(services), "by": c.By, "m": len(c.By), "hours": c.Hours,
			"year": c.Uncovered.Duration(), "worst": worst.Uncovered, "worstWeek": calendars.ModelDate(worst.Monday), "worstHours": worst.Pattern,
			"regular": false,
		},
		Evidence: []finding.Evidence{{Label: "year", Value: c.Uncovered.Duration()}, {Label: "by", Value: c.By}, {Label: "services", Value: services}},
	}
	if c.Typical >= 0 {
		typical := c.Weeks[c.Typical]
		x.Args["typical"], x.Args["typicalHours"], x.Args["regular"] = typical.Uncovered, typical.Pattern, typical.Uncovered > 0
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "typical", Value: typical.Uncovered}, finding.Evidence{Label: "typicalHours", Value: typical.Pattern})
	}
	x.Evidence = append(x.Evidence, finding.Evidence{Label: "worstWeek", Value: calendars.ModelDate(worst.Monday)},
		finding.Evidence{Label: "worst", Value: worst.Uncovered}, finding.Evidence{Label: "worstHours", Value: worst.Pattern})
	return x
}
