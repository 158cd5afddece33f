package app

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// outages are the interruptions since the last review that nobody reviewed yet, and those
// that are still open.
func (d *agendaDrawing) outages() {
	s := d.c.s
	zone := calendars.Zone(s.Result.Facts)
	for _, o := range outagesOf(s, d.c.services, worktime.Interval{Start: d.since.In(zone), End: s.On.AddDays(1).In(zone)}) {
		if o.reviewed || !d.a.Visible(d.actor, s.Snap, o.object) {
			continue
		}
		key := "outage"
		if o.spec.End.IsZero() {
			key = "outage.open"
		}
		d.add("outage", key, o.object.Metadata.Name, append([]model.Ref{o.object.Ref()}, o.services...), func(w language.Writer) finding.Args {
			return finding.Args{"start": w.Instant(o.spec.Start.In(zone)), "length": w.Duration(o.lasted), "cause": o.spec.Cause, "known": !o.spec.Cause.IsZero(), "services": o.services}
		})
	}
}

// ahead is how far an agenda looks ahead, in days.
const agendaAhead = 90

// changes are the maintenance and the changes of services that lie ahead.
func (d *agendaDrawing) changes() {
	s := d.c.s
	zone := calendars.Zone(s.Result.Facts)
	now := s.On.In(zone)
	for _, h := range s.Snap.OfKind("maintenance") {
		o := s.Snap.Object(h)
		x := o.Spec.(*model.Maintenance)
		if x.Start.Before(now) || x.Start.After(now.AddDate(0, 0, agendaAhead)) || !d.a.Visible(d.actor, s.Snap, o) || !d.touches(x.On) {
			continue
		}
		d.add("change", "maintenance", o.Metadata.Name, append([]model.Ref{o.Ref()}, x.On...), func(w language.Writer) finding.Args {
			return finding.Args{"maintenance": o.Ref(), "start": w.Instant(x.Start.In(zone)), "stops": x.Stops, "announced": x.Announced, "told": !x.Announced.IsZero()}
		})
	}
	for _, day := range dueBetween(s, s.On, s.On.AddDays(agendaAhead)) {
		if day.ref.Kind != "service" && day.ref.Kind != "component" || !d.c.services[day.ref] {
			continue
		}
		d.add("change", "date", day.ref.Name+"-"+day.day.String(), []model.Ref{day.ref}, func(w language.Writer) finding.Args {
			return finding.Args{"what": w.Message(day.message, nil), "object": day.ref, "day": day.day}
		})
	}
}

// touches tells that work on some things is work on a service reviewed, or on what it
// needs.
func (d *agendaDrawing) touches(on []model.Ref) bool {
	if slices.ContainsFunc(on, func(r model.Ref) bool { return d.c.services[r] }) {
		return true
	}
	for _, service := range servicesHit(d.c.s, on) {
		if d.c.services[service] {
			return true
		}
	}
	return false
}

// renewals are the days on which an agreement or contract ends or renews.
func (d *agendaDrawing) renewals() {
	s := d.c.s
	for _, r := range d.c.agreed {
		var st calendars.Standing
		wanted := false
		switch x := s.Snap.Get(r).Spec.(type) {
		case *model.Agreement:
			st, wanted = calendars.AgreementStanding(x, s.On), x.RenewalWanted
		case *model.Contract:
			st, wanted = calendars.ContractStanding(x, s.On), x.RenewalWanted
		}
		near := func(day model.Date) bool { return !day.IsZero() && s.On.DaysUntil(day) <= 2*agendaAhead }
		args := given("object", r, "last", st.Last, "notice", st.NoticeBy, "wanted", wanted)
		switch {
		case st.Renews && !st.NoticePassed && near(st.NoticeBy):
			d.add("renewal", "notice", r.Name, []model.Ref{r}, args)
		case st.Renews && st.NoticePassed && near(st.Last):
			d.add("renewal", "renews", r.Name, []model.Ref{r}, args)
		case !st.Renews && near(st.Last):
			d.add("renewal", "ends", r.Name, []model.Ref{r}, args)
		}
	}
}

// mostFindings is how many findings an agenda names.
const mostFindings = 10

// findings are what the rules say of the agreements and services, worst first; what other
// topics tell is left out.
func (d *agendaDrawing) findings() {
	told := []string{"SLM-011", "SLM-018", "SLM-020", "SLM-021", "SUP-003", "SUP-004", "SUP-012", "AVL-010"}
	s := d.c.s
	n := 0
	list := slices.Clone(s.Judged)
	SortWorstFirst(list)
	for _, j := range list {
		if !j.Counts() || j.Outcome != finding.Violated || j.Severity == finding.Info || slices.Contains(told, j.Rule) {
			continue
		}
		mine := func(r model.Ref) bool { return slices.Contains(d.c.agreed, r) || d.c.services[r] }
		if !mine(j.Subject) && !(j.Severity == finding.Error && slices.ContainsFunc(j.Hits, mine)) {
			continue
		}
		if n++; n > mostFindings {
			return
		}
		d.add("finding", "finding", j.Rule+"-"+j.Subject.Name, []model.Ref{j.Subject}, func(w language.Writer) finding.Args {
			return finding.Args{"rule": j.Rule, "text": w.Finding(j.Finding)}
		})
	}
}
