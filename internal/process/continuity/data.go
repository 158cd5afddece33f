package continuity

import (
	"slices"
	"strconv"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// need is what services ask of a data asset.
type need struct {
	rpo      time.Duration
	bounded  bool        // a service states an RPO
	services []model.Ref // that state one
	weighty  bool        // a delivered service of high criticality uses it
}

func needOf(f *finding.Facts, data model.Handle) need {
	var n need
	for _, in := range f.Snap.In(data) {
		s := finding.Spec[model.Service](f, in.From)
		if s == nil || in.Field.Name != "data" || s.Stage == model.StageRetired {
			continue
		}
		n.weighty = n.weighty || delivered(s) && s.Criticality.Rank() >= model.CriticalityHigh.Rank()
		if s.Continuity.RPO == nil {
			continue
		}
		n.services = append(n.services, f.Snap.Ref(in.From))
		if d := s.Continuity.RPO.Std(); !n.bounded || d < n.rpo {
			n.rpo, n.bounded = d, true
		}
	}
	slices.SortFunc(n.services, model.Ref.Compare)
	n.services = slices.Compact(n.services)
	return n
}

// copies is CON-004: no copy is taken often enough for the shortest RPO.
func copies(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	d := finding.Spec[model.DataAsset](f, h)
	n := needOf(f, h)
	if !n.bounded {
		return
	}
	out := finding.Finding{
		Pointer: "/spec/backups", Args: finding.Args{"rpo": n.rpo, "services": n.services, "n": len(n.services)},
		Evidence: []finding.Evidence{{Label: "rpo", Value: n.rpo}, {Label: "services", Value: n.services}},
	}
	if len(d.Backups) == 0 {
		out.Variant = "none"
		emit(out)
		return
	}
	best, unstated := -1, -1
	for i, b := range d.Backups {
		switch {
		case b.Interval == 0:
			unstated = i
		case best < 0 || b.Interval < d.Backups[best].Interval:
			best = i
		}
	}
	switch {
	case best >= 0 && d.Backups[best].Interval.Std() <= n.rpo:
	case unstated >= 0:
		out.Outcome, out.Pointer, out.Part = finding.Unknown, "/spec/backups/"+strconv.Itoa(unstated)+"/interval", part(d, unstated)
		out.Args["copy"] = copyName(d, unstated)
		emit(out)
	default:
		b := &d.Backups[best]
		out.Pointer, out.Part = "/spec/backups/"+strconv.Itoa(best)+"/interval", part(d, best)
		out.Args["copy"], out.Args["interval"] = copyName(d, best), b.Interval
		out.Evidence = append(out.Evidence, finding.Evidence{Label: "interval", Value: b.Interval})
		emit(out)
	}
}

func part(d *model.DataAsset, i int) string { return "backups/" + copyName(d, i) }

func copyName(d *model.DataAsset, i int) string {
	if d.Backups[i].Name != "" {
		return d.Backups[i].Name
	}
	return strconv.Itoa(i + 1)
}

// untested is CON-010: critical data of which no copy has been restored for a test
// within its interval.
func untested(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	d := finding.Spec[model.DataAsset](f, h)
	n := needOf(f, h)
	if !n.weighty {
		return
	}
	if len(d.Backups) == 0 {
		if !n.bounded { // with an RPO it is CON-004
			emit(finding.Finding{Variant: "none", Pointer: "/spec/backups"})
		}
		return
	}
	var last, due model.Date
	for _, b := range d.Backups {
		if b.LastTest.IsZero() || b.LastTest > f.On {
			continue
		}
		last = max(last, b.LastTest)
		due = max(due, b.LastTest.Add(interval(b.TestInterval)))
	}
	switch {
	case last.IsZero():
		emit(finding.Finding{Variant: "never", Pointer: "/spec/backups"})
	case f.On > due:
		emit(finding.Finding{
			Pointer: "/spec/backups", Args: finding.Args{"last": last, "due": due},
			Evidence: []finding.Evidence{{Label: "last", Value: last}, {Label: "due", Value: due}},
		})
	}
}

// sameDomain is CON-011: every copy lies in the administration domain of the data.
func sameDomain(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	d := finding.Spec[model.DataAsset](f, h)
	if len(d.Backups) == 0 {
		return
	}
	domain := d.AdminDomain
	if domain == "" {
		domain = holderDomain(f, h)
	}
	if domain == "" {
		return
	}
	var shared, silent []string
	for i, b := range d.Backups {
		switch x := backupDomain(f, &b); x {
		case domain:
			shared = append(shared, copyName(d, i))
		case "":
			silent = append(silent, copyName(d, i))
		default:
			return // one copy is out of reach
		}
	}
	out := finding.Finding{Pointer: "/spec/backups", Args: finding.Args{"domain": domain, "copies": shared, "n": len(shared)}}
	if len(silent) > 0 {
		if !needOf(f, h).weighty {
			return
		}
		out.Outcome, out.Args["copies"], out.Args["n"] = finding.Unknown, silent, len(silent)
		emit(out)
		return
	}
	out.Evidence = []finding.Evidence{{Label: "domain", Value: domain}, {Label: "copies", Value: shared}}
	emit(out)
}

// holderDomain is the administration domain of the components that hold the data,
// where they all have one and the same.
func holderDomain(f *finding.Facts, h model.Handle) string {
	domain := ""
	for _, in := range f.Snap.In(h) {
		c := finding.Spec[model.Component](f, in.From)
		if c == nil || in.Field.Name != "data" {
			continue
		}
		if c.AdminDomain == "" || domain != "" && c.AdminDomain != domain {
			return ""
		}
		domain = c.AdminDomain
	}
	return domain
}

func backupDomain(f *finding.Facts, b *model.Backup) string {
	if b.AdminDomain != "" {
		return b.AdminDomain
	}
	if c := finding.SpecOf[model.Component](f, b.On); c != nil {
		return c.AdminDomain
	}
	return ""
}
