package supplier

import (
	"cmp"
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SUP-003: the last day for notice of a contract is past or near. It is derived
// from start, term, renewal and notice and never typed.
var noticeDay = finding.Rule{
	ID: "SUP-003", Process: finding.Supplier, Kinds: []string{"contract"}, Reach: finding.Closure, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Contract](f, h)
		s := calendars.ContractStanding(spec, f.On)
		if s.Lacks && s.Phase != worktime.Ended {
			emit(finding.Finding{Outcome: finding.Unknown, Pointer: "/spec/start", Args: finding.Args{"started": !spec.Start.IsZero(), "start": spec.Start}})
			return
		}
		if !s.InForce() {
			return
		}
		x := finding.Finding{
			Pointer: "/spec/notice",
			Args: finding.Args{
				"supplier": spec.Supplier, "last": s.Last, "notice": s.NoticeBy, "next": s.NextLast, "renewal": spec.Renewal, "ends": s.Ends,
				"days": f.On.DaysUntil(s.NoticeBy), "toEnd": f.On.DaysUntil(s.Last), "given": spec.NoticeGiven,
			},
			Evidence: []finding.Evidence{{Label: "first", Value: s.First}, {Label: "last", Value: s.Last}},
		}
		if !s.NoticeBy.IsZero() {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "renewal", Value: spec.Renewal}, finding.Evidence{Label: "noticePeriod", Value: spec.Notice}, finding.Evidence{Label: "noticeBy", Value: s.NoticeBy})
		}
		switch {
		case !s.Renews: // it ends with the term, by itself or by notice given
			if s.Last.IsZero() || f.On.DaysUntil(s.Last) > near {
				return
			}
			left := use(f).uncovered(h, spec, s.Last.AddDays(1))
			if len(left) == 0 {
				return
			}
			x.Variant, x.Pointer, x.Causes, x.Ahead = "ends", "/spec/end", left, true
			x.Args["left"], x.Args["n"] = left, len(left)
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "left", Value: left})
		case !s.Ends.IsZero(): // notice came too late for this term
			x.Variant, x.Severity, x.Pointer = "late", finding.Error, "/spec/noticeGiven"
		case spec.RenewalWanted:
			return
		case s.NoticePassed:
			x.Severity = finding.Error
		case f.On.DaysUntil(s.NoticeBy) <= near:
			x.Variant, x.Ahead = "near", true
		default:
			return
		}
		emit(x)
	},
}

// Deadline is a contract with the days to keep.
type Deadline struct {
	Contract, Supplier model.Ref
	calendars.Standing
	// Next is the day that comes next: the last day for notice, else the end of
	// the term; zero where the contract runs on.
	Next model.Date
}

// Deadlines lists the contracts that have not ended, the next day to keep first
// and those without one last.
func (a *Analysis) Deadlines() []Deadline {
	var out []Deadline
	for _, h := range a.f.Snap.OfKind("contract") {
		spec := finding.Spec[model.Contract](a.f, h)
		d := Deadline{Contract: a.f.Snap.Ref(h), Supplier: spec.Supplier, Standing: calendars.ContractStanding(spec, a.f.On)}
		if d.Ended() {
			continue
		}
		d.Next = d.Last
		if d.Renews && !d.NoticePassed {
			d.Next = d.NoticeBy
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(x, y Deadline) int {
		if x.Next.IsZero() != y.Next.IsZero() {
			if x.Next.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Compare(x.Next, y.Next)
	})
	return out
}

// NoticeDays lists the last days for notice of contracts and agreements in force
// that renew unless notice is given, from one day to another, both held, the
// first day first.
func (a *Analysis) NoticeDays(from, until model.Date) []struct {
	Ref model.Ref
	Day model.Date
} {
	var out []struct {
		Ref model.Ref
		Day model.Date
	}
	add := func(h model.Handle, s calendars.Standing) {
		if s.InForce() && s.Renews && s.NoticeBy >= from && s.NoticeBy <= until {
			out = append(out, struct {
				Ref model.Ref
				Day model.Date
			}{a.f.Snap.Ref(h), s.NoticeBy})
		}
	}
	for _, h := range a.f.Snap.OfKind("contract") {
		add(h, calendars.ContractStanding(finding.Spec[model.Contract](a.f, h), a.f.On))
	}
	for _, h := range a.f.Snap.OfKind("agreement") {
		add(h, calendars.AgreementStanding(finding.Spec[model.Agreement](a.f, h), a.f.On))
	}
	slices.SortStableFunc(out, func(x, y struct {
		Ref model.Ref
		Day model.Date
	}) int {
		return cmp.Compare(x.Day, y.Day)
	})
	return out
}
