package app

import (
	"context"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// FindingQuery filters findings.
type FindingQuery struct {
	Process, Severity, Outcome, Rule string
	Subject, Service, Owner          model.Ref
	Waived                           bool // also those waived or in the baseline
}

// Findings lists the findings whose subject the actor may see, worst first.
func (a *App) Findings(ctx context.Context, actor identity.Actor, v View, q FindingQuery) (*State, []assess.Judged, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, nil, err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	list := s.Judged
	if !q.Service.IsZero() {
		h, ok := s.Snap.Find(q.Service)
		if !ok || s.Snap.Object(h) == nil {
			return nil, nil, notFound(q.Service.String())
		}
		list = s.OfService(h)
	} else if !q.Subject.IsZero() {
		list = s.About(q.Subject)
	}
	filter := a.authz.Filter(actor, identity.ActionReadFindings)
	seen := map[model.Ref]bool{}
	visible := map[model.Ref]bool{}
	out := []assess.Judged{}
	for _, j := range list {
		if !q.Waived && !j.Counts() || q.Rule != "" && j.Rule != q.Rule || q.Outcome != "" && string(j.Outcome) != q.Outcome || q.Severity != "" && j.Severity.String() != q.Severity {
			continue
		}
		if q.Process != "" {
			if r := assess.Rule(j.Rule); r == nil || string(r.Process) != q.Process {
				continue
			}
		}
		o := s.Snap.Get(j.Subject)
		if o == nil || !q.Owner.IsZero() && o.Metadata.Owner != q.Owner {
			continue
		}
		if !seen[j.Subject] {
			seen[j.Subject] = true
			visible[j.Subject] = allowed(filter, Resource(s.Snap, o))
		}
		if visible[j.Subject] {
			out = append(out, j)
		}
	}
	SortWorstFirst(out)
	return s, out, nil
}

// CountAll counts findings by how much they matter.
func CountAll(list []assess.Judged) Counts {
	var c Counts
	for _, j := range list {
		switch {
		case !j.Waiver.IsZero():
			c.Waived++
		case j.Outcome == finding.Unknown:
			c.Unknown++
		case j.Severity == finding.Error:
			c.Error++
		case j.Severity == finding.Warning:
			c.Warning++
		default:
			c.Info++
		}
	}
	return c
}

func allowed(f *identity.Filter, r identity.Resource) bool { return f.Allows(&r) }
