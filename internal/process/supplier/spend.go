package supplier

import (
	"cmp"
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SUP-010: at present spend a contract reaches its ceiling before its end. Spend
// is the running total since the start; its present rate is that between the last
// two totals, or since the start where there is only one.
var ceilingReached = finding.Rule{
	ID: "SUP-010", Process: finding.Supplier, Kinds: []string{"contract"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Contract](f, h)
		s := calendars.ContractStanding(spec, f.On)
		if spec.Ceiling == nil || !s.InForce() {
			return
		}
		x := finding.Finding{Pointer: "/spec/ceiling", Args: finding.Args{"ceiling": *spec.Ceiling, "last": s.Last, "ended": !s.Last.IsZero()}}
		spend := slices.DeleteFunc(slices.Clone(spec.Spend), func(p model.Spend) bool { return p.Until.IsZero() || p.Until > f.On })
		slices.SortStableFunc(spend, func(a, b model.Spend) int { return cmp.Compare(a.Until, b.Until) })
		if len(spend) == 0 {
			return
		}
		now := spend[len(spend)-1]
		x.Args["spent"], x.Args["until"] = now.Amount, now.Until
		if now.Amount.Currency != spec.Ceiling.Currency {
			x.Outcome, x.Variant = finding.Unknown, ""
			emit(x)
			return
		}
		x.Evidence = []finding.Evidence{{Label: "ceiling", Value: *spec.Ceiling}, {Label: "spent", Value: now.Amount}, {Label: "until", Value: now.Until}}
		left := spec.Ceiling.Minor - now.Amount.Minor
		if left < 0 {
			x.Variant, x.Severity = "exceeded", finding.Error
			x.Args["over"] = model.Money{Minor: -left, Currency: spec.Ceiling.Currency}
			emit(x)
			return
		}
		from, base := spec.Start, int64(0)
		if len(spend) > 1 && spend[len(spend)-2].Amount.Currency == now.Amount.Currency {
			from, base = spend[len(spend)-2].Until, spend[len(spend)-2].Amount.Minor
		}
		days, spent := from.DaysUntil(now.Until), now.Amount.Minor-base
		if from.IsZero() || days <= 0 || spent <= 0 || s.Last.IsZero() {
			return
		}
		reach := now.Until.AddDays(int(min(float64(left)*float64(days)/float64(spent), 1e6)))
		if reach >= s.Last {
			return
		}
		month := model.Money{Minor: roundHalf(float64(spent) * 365 / 12 / float64(days)), Currency: now.Amount.Currency, Per: "month"}
		x.Args["reach"], x.Args["rate"], x.Args["early"] = reach, month, reach.DaysUntil(s.Last)
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "rate", Value: month}, finding.Evidence{Label: "reach", Value: reach}, finding.Evidence{Label: "last", Value: s.Last})
		emit(x)
	},
}
