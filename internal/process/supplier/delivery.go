package supplier

import (
	"cmp"
	"slices"
	"strconv"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

func pointer(i int) string { return "/spec/targets/" + strconv.Itoa(i) }

func part(t *model.Target, i int) string {
	if t.Name != "" {
		return "targets/" + t.Name
	}
	return "targets/" + strconv.Itoa(i)
}

// name is how a target is called in sentences: its title, its name, its metric.
func name(t *model.Target, i int) any {
	switch {
	case !t.Title.IsZero():
		return t.Title
	case t.Name != "":
		return t.Name
	case t.Metric != "":
		return t.Metric
	}
	return i + 1
}

// SUP-006: a contract without targets that can be measured.
var notMeasurable = finding.Rule{
	ID: "SUP-006", Process: finding.Supplier, Kinds: []string{"contract"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Contract](f, h)
		if calendars.ContractStanding(spec, f.On).Ended() {
			return
		}
		x := finding.Finding{Pointer: "/spec/targets", Causes: []model.Ref{spec.Supplier}, Args: finding.Args{"supplier": spec.Supplier, "n": len(spec.Targets)}}
		for i := range spec.Targets {
			if t := &spec.Targets[i]; t.Metric != "" && t.Value() != nil && !t.MeasuredBy.IsZero() {
				return
			}
		}
		if len(spec.Targets) > 0 {
			x.Variant = "unmeasured"
		}
		emit(x)
	},
}

// figures is one period of delivery against a target of a contract.
type figures struct {
	ref  model.Ref
	spec *model.CaseFigures
}

// Delivery is what was delivered against one target of a contract.
type Delivery struct {
	Target  *model.Target
	Index   int       // of the target in the contract
	Service model.Ref // zero for the contract as a whole
	periods []figures
}

// Deliveries groups the figures of a contract by target and service, with the
// periods of each oldest first.
func (a *Analysis) Deliveries(contract model.Handle) []Delivery {
	spec := finding.Spec[model.Contract](a.f, contract)
	type key struct {
		target  int
		service model.Ref
	}
	groups := map[key]*Delivery{}
	var order []key
	handles(a.f, contract, "case-figures", func(h model.Handle) {
		c := finding.Spec[model.CaseFigures](a.f, h)
		i := slices.IndexFunc(spec.Targets, func(t model.Target) bool { return t.Name != "" && t.Name == c.Target })
		if i < 0 || c.Until.IsZero() || handle(a.f, c.Of) != contract {
			return
		}
		k := key{i, c.Service}
		if groups[k] == nil {
			groups[k] = &Delivery{Target: &spec.Targets[i], Index: i, Service: c.Service}
			order = append(order, k)
		}
		groups[k].periods = append(groups[k].periods, figures{a.f.Snap.Ref(h), c})
	})
	slices.SortFunc(order, func(x, y key) int { return cmp.Or(cmp.Compare(x.target, y.target), x.service.Compare(y.service)) })
	out := make([]Delivery, len(order))
	for i, k := range order {
		out[i] = *groups[k]
		slices.SortStableFunc(out[i].periods, func(x, y figures) int {
			return cmp.Or(cmp.Compare(x.spec.Until, y.spec.Until), x.ref.Compare(y.ref))
		})
	}
	return out
}

// Credit is what a missed period is worth.
type Credit struct {
	Figures model.Ref
	Share   model.Percent // of the price of the period
	// Amount is the credit in money where the contract has a price per month or
	// year; Priced tells so.
	Amount model.Money
	Priced bool
	// Deadline is the last day to claim it, zero where the contract sets none.
	Deadline model.Date
	Claimed  model.Date
}

// credit is the credit due for a period, ok where there is one.
func (a *Analysis) credit(c *model.Contract, t *model.Target, p figures) (Credit, bool) {
	if p.spec.Attained == nil || !t.Missed(p.spec) {
		return Credit{}, false
	}
	share := t.CreditFor(*p.spec.Attained)
	if share <= 0 {
		return Credit{}, false
	}
	out := Credit{Figures: p.ref, Share: share, Claimed: p.spec.CreditsClaimed}
	if price, ok := priceOf(c.Amount, p.spec.From, p.spec.Until); ok {
		out.Amount, out.Priced = model.Money{Minor: roundHalf(float64(price.Minor) * share.Ratio()), Currency: price.Currency}, true
	}
	if !c.ClaimWithin.IsZero() {
		out.Deadline = p.spec.Until.Add(c.ClaimWithin)
	}
	return out, true
}

func roundHalf(v float64) int64 { return int64(v + 0.5) }

// priceOf is the price of a period: so many months where it is made of whole
// calendar months, else by its days in a year of 365.
func priceOf(amount *model.Money, from, until model.Date) (model.Money, bool) {
	if amount == nil || amount.Per == "" || from.IsZero() || until < from {
		return model.Money{}, false
	}
	year := amount.PerYear()
	price := model.Money{Currency: year.Currency}
	first, after := from.UTC(), until.AddDays(1).UTC()
	if first.Day() == 1 && after.Day() == 1 {
		months := (after.Year()-first.Year())*12 + int(after.Month()) - int(first.Month())
		price.Minor = roundHalf(float64(year.Minor) * float64(months) / 12)
	} else {
		price.Minor = roundHalf(float64(year.Minor) * float64(from.DaysUntil(until)+1) / 365)
	}
	return price, true
}

// SUP-008: measured delivery below a target of a contract, with the credits due.
var deliveryBelowTarget = finding.Rule{
	ID: "SUP-008", Process: finding.Supplier, Kinds: []string{"contract"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Contract](f, h)
		if len(spec.Targets) == 0 {
			return
		}
		a := use(f)
		for _, d := range a.Deliveries(h) {
			last := d.periods[len(d.periods)-1]
			due, attained, kept, ok := d.Target.Attainment(last.spec)
			x := finding.Finding{
				Part: part(d.Target, d.Index), Pointer: pointer(d.Index), Causes: []model.Ref{d.Service},
				Args: finding.Args{
					"target": name(d.Target, d.Index), "supplier": spec.Supplier, "service": d.Service, "of": !d.Service.IsZero(), "from": last.spec.From, "until": last.spec.Until,
					"due": due, "attained": attained, "declared": last.spec.Declared, "figures": last.ref, "credit": false, "priced": false, "claimed": false,
				},
			}
			if !ok {
				x.Outcome = finding.Unknown
				x.Causes = append(x.Causes, last.ref)
				emit(x)
				continue
			}
			if kept {
				continue
			}
			x.Evidence = []finding.Evidence{{Label: "figures", Value: last.ref}, {Label: "due", Value: due}, {Label: "attained", Value: attained}, {Label: "declared", Value: last.spec.Declared}}
			if c, ok := a.credit(spec, d.Target, last); ok {
				x.Args["credit"], x.Args["share"], x.Args["priced"], x.Args["amount"], x.Args["claimed"] = true, c.Share, c.Priced, c.Amount, !c.Claimed.IsZero()
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "credit", Value: c.Share})
				if c.Priced {
					x.Evidence = append(x.Evidence, finding.Evidence{Label: "amount", Value: c.Amount})
				}
			}
			emit(x)
		}
	},
}

// claimNear is how many days before the end of the time to claim it is told.
const claimNear = 30

// SUP-011: credits due and unclaimed whose deadline is near or just past.
var creditsUnclaimed = finding.Rule{
	ID: "SUP-011", Process: finding.Supplier, Kinds: []string{"contract"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Contract](f, h)
		if len(spec.Targets) == 0 || spec.ClaimWithin.IsZero() {
			return
		}
		a := use(f)
		for _, d := range a.Deliveries(h) {
			for _, p := range d.periods {
				c, ok := a.credit(spec, d.Target, p)
				left := f.On.DaysUntil(c.Deadline)
				if !ok || !c.Claimed.IsZero() || left > claimNear || left < -claimNear {
					continue
				}
				x := finding.Finding{
					Ahead: left >= 0, Part: part(d.Target, d.Index), Pointer: "/spec/claimWithin", Causes: []model.Ref{p.ref},
					Args: finding.Args{
						"target": name(d.Target, d.Index), "figures": p.ref, "supplier": spec.Supplier, "from": p.spec.From, "until": p.spec.Until,
						"share": c.Share, "priced": c.Priced, "amount": c.Amount, "deadline": c.Deadline, "days": max(left, -left),
					},
					Evidence: []finding.Evidence{{Label: "credit", Value: c.Share}, {Label: "deadline", Value: c.Deadline}},
				}
				if c.Priced {
					x.Evidence = append(x.Evidence, finding.Evidence{Label: "amount", Value: c.Amount})
				}
				if left < 0 {
					x.Variant = "lost"
				}
				emit(x)
			}
		}
	},
}
