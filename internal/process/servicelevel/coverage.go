package servicelevel

import (
	"slices"
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
// It is told at who supports (a team before a contract), once for those who support
// together, with every agreement that promises more; the one that leaves most
// uncovered speaks for all.
var hoursUncovered = finding.Rule{
	ID: "SLM-006", Process: finding.ServiceLevel, Kinds: []string{"team", "contract", "calendar", "service", "component", "agreement"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		list := use(f).uncovered.Of(h)
		for len(list) > 0 {
			first := list[0].Value
			var same, rest []finding.Share[hoursGap]
			for _, x := range list {
				if x.Value.variant == first.variant && (first.coverage == nil || slices.Equal(x.Value.coverage.By, first.coverage.By)) {
					same = append(same, x)
				} else {
					rest = append(rest, x)
				}
			}
			emit(tellHours(f, h, same))
			list = rest
		}
	},
	Beyond: func(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
		use(now).uncovered.Moved(use(before).uncovered, visit)
	},
}

// hoursGap is agreed service time that nobody covers, or is not known to be covered.
type hoursGap struct {
	variant  string    // "", "unknown" for hours that are missing, "nobody"
	coverage *Coverage // of variant ""
	hours    model.Ref
	services []model.Ref
}

func (a *Analysis) lookAtHours(h model.Handle, add func(model.Handle, hoursGap)) {
	spec := finding.Spec[model.Agreement](a.f, h)
	if spec.Hours.IsZero() || a.gone(h, spec) {
		return
	}
	at := func(r model.Ref) model.Handle {
		if x := handle(a.f, r); a.f.Snap.Object(x) != nil {
			return x
		}
		return h
	}
	if _, ok := calendars.Of(a.f, spec.Hours); !ok {
		add(at(spec.Hours), hoursGap{variant: "unknown", hours: spec.Hours})
		return
	}
	bySupport := map[*Coverage][]model.Ref{}
	var order []*Coverage
	for _, s := range a.served(spec) {
		c, _ := a.Coverage(s.handle, spec.Hours)
		switch {
		case c.Uncovered.IsEmpty():
		case len(c.By) == 0:
			add(s.handle, hoursGap{variant: "nobody", hours: spec.Hours, services: []model.Ref{s.ref}})
		default:
			if bySupport[c] == nil {
				order = append(order, c)
			}
			bySupport[c] = append(bySupport[c], s.ref)
		}
	}
	for _, c := range order {
		if len(c.Missing) == 0 {
			add(at(leadOf(c.By)), hoursGap{coverage: c, hours: spec.Hours, services: bySupport[c]})
			continue
		}
		for _, m := range c.Missing {
			add(at(m), hoursGap{variant: "unknown", hours: spec.Hours, services: bySupport[c]})
		}
	}
}

// leadOf is who is spoken to of those who support together.
func leadOf(by []model.Ref) model.Ref {
	for _, r := range by {
		if r.Kind == "team" {
			return r
		}
	}
	return by[0]
}

func tellHours(f *finding.Facts, h model.Handle, list []finding.Share[hoursGap]) finding.Finding {
	p := gather(f, list, func(x hoursGap) (*model.Target, int, []model.Ref) { return nil, 0, x.services })
	lead := list[0]
	for _, s := range list[1:] {
		if c := s.Value.coverage; c != nil && c.Uncovered.Duration() > lead.Value.coverage.Uncovered.Duration() {
			lead = s
		}
	}
	x := finding.Finding{
		Pointer: hoursPointer(f, h), Hits: p.hits,
		Args: finding.Args{
			"agreement": f.Snap.Ref(lead.Source), "m": len(p.agreements), "agreements": p.agreements,
			"services": p.services, "n": len(p.services), "hours": lead.Value.hours,
		},
		Evidence: p.promises(func(x hoursGap) any { return x.hours }),
	}
	c := lead.Value.coverage
	if c == nil {
		x.Outcome = finding.Unknown
		if lead.Value.variant == "nobody" {
			x.Variant, x.Pointer = "nobody", "/spec/support"
		}
		return x
	}
	worst := c.Weeks[c.Worst]
	self := f.Snap.Ref(h)
	x.Causes = slices.DeleteFunc(slices.Clone(c.By), func(r model.Ref) bool { return r == self })
	x.Args["others"], x.Args["k"] = x.Causes, len(x.Causes)
	x.Args["year"], x.Args["worst"], x.Args["worstWeek"], x.Args["worstHours"] = c.Uncovered.Duration(), worst.Uncovered, calendars.ModelDate(worst.Monday), worst.Pattern
	x.Args["regular"] = false
	x.Evidence = append(x.Evidence, finding.Evidence{Label: "year", Value: c.Uncovered.Duration()})
	if c.Typical >= 0 {
		typical := c.Weeks[c.Typical]
		x.Args["typical"], x.Args["typicalHours"], x.Args["regular"] = typical.Uncovered, typical.Pattern, typical.Uncovered > 0
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "typical", Value: typical.Uncovered}, finding.Evidence{Label: "typicalHours", Value: typical.Pattern})
	}
	x.Evidence = append(x.Evidence, finding.Evidence{Label: "worstWeek", Value: calendars.ModelDate(worst.Monday)},
		finding.Evidence{Label: "worst", Value: worst.Uncovered}, finding.Evidence{Label: "worstHours", Value: worst.Pattern})
	return x
}
