package supplier

import (
	"cmp"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Share is how many critical services fall with one supplier or one country.
type Share struct {
	Supplier model.Ref // zero for a country
	Country  string    // of suppliers, ISO 3166, for a country
	// Services are the critical services that fall, sorted.
	Services []model.Ref
	// Of is how many critical services there are.
	Of int

	label int32
}

// Ratio is the share of critical services that fall.
func (s *Share) Ratio() model.Percent {
	if s.Of == 0 {
		return 0
	}
	return model.PercentOf(float64(len(s.Services)) / float64(s.Of))
}

// critical tells that a service counts among the critical ones: rated critical or
// a vital business function, and not retired.
func critical(s *model.Service) bool {
	return (s.Criticality == model.CriticalityCritical || s.Vital) && s.Stage != model.StageRetired
}

// Concentration lists every supplier and country with which critical services
// fall, the greatest share first. A service falls with a supplier when, with all
// that he, his subcontractors and parents deliver lost, redundancy considered, it
// stops: a parent falls with all its companies, a subcontractor takes along those
// who rest on him.
func (a *Analysis) Concentration() []Share {
	a.sharesOnce.Do(func() {
		by := map[int32]*Share{}
		total := 0
		for _, h := range a.f.Snap.OfKind("service") {
			if !critical(finding.Spec[model.Service](a.f, h)) {
				continue
			}
			total++
			for _, l := range a.falls.Alone(int32(h)) {
				if by[l] == nil {
					by[l] = &Share{label: l}
					if l < 0 {
						by[l].Country = countryOf(l)
					} else {
						by[l].Supplier = a.f.Snap.Ref(model.Handle(l))
					}
				}
				by[l].Services = append(by[l].Services, a.f.Snap.Ref(h))
			}
		}
		for _, s := range by {
			s.Of = total
			a.shares = append(a.shares, *s)
		}
		slices.SortFunc(a.shares, func(x, y Share) int {
			return cmp.Or(cmp.Compare(len(y.Services), len(x.Services)), x.Supplier.Compare(y.Supplier), cmp.Compare(x.Country, y.Country))
		})
		a.byLabel = map[int32]*Share{}
		for i := range a.shares {
			a.byLabel[a.shares[i].label] = &a.shares[i]
		}
	})
	return a.shares
}

// share is the share of one label, nil where nothing critical falls with it.
func (a *Analysis) share(label int32) *Share {
	a.Concentration()
	return a.byLabel[label]
}

// defaultConcentration is the share of critical services that may fall with one
// supplier where the organisation states none.
const defaultConcentration = 0.30

// homes are the countries of the organisation's own sites: that its suppliers are
// of the same country is no concentration of its own.
func (a *Analysis) homes() []string {
	var out []string
	for _, h := range a.f.Snap.OfKind("site") {
		if s := finding.Spec[model.Site](a.f, h); !s.External && s.Supplier.IsZero() && s.Country != "" {
			out = append(out, s.Country)
		}
	}
	return out
}

// SUP-005: concentration. A parent, a subcontractor or a country is told only
// where more falls with it than with any one supplier that bears it.
var concentrationTooHigh = finding.Rule{
	ID: "SUP-005", Process: finding.Supplier, Kinds: []string{"supplier"}, Reach: finding.Whole, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		a := use(f)
		s := a.share(int32(h))
		if s == nil {
			return
		}
		limit := model.PercentOf(defaultConcentration)
		if c := f.Snap.Organisation().Concentration; c != nil {
			limit = *c
		}
		bearers, most := a.bearersOf(int32(h))
		if a.tooMuch(s, limit) && most < len(s.Services) {
			x := a.concentrated(s, limit)
			switch {
			case len(bearers) == 0:
			case a.parentOfAll(h, bearers):
				x.Variant = "parent"
			default:
				x.Variant = "subcontractor"
			}
			x.Args["bearers"], x.Args["b"] = bearers, len(bearers)
			if len(bearers) > 0 {
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "bearers", Value: bearers})
			}
			emit(x)
		}
		a.countryTooHigh(h, s, limit, emit)
	},
}

func (a *Analysis) tooMuch(s *Share, limit model.Percent) bool {
	return len(s.Services) >= 2 && s.Ratio() > limit
}

func (a *Analysis) concentrated(s *Share, limit model.Percent) finding.Finding {
	return finding.Finding{
		Pointer:  "/spec/critical",
		Args:     finding.Args{"share": s.Ratio(), "n": len(s.Services), "of": s.Of, "services": s.Services, "limit": limit, "country": s.Country},
		Evidence: []finding.Evidence{{Label: "services", Value: s.Services}, {Label: "share", Value: s.Ratio()}, {Label: "limit", Value: limit}},
	}
}

// bearersOf lists the other suppliers that bear a label and fell something, and
// the most services that any one of them fells.
func (a *Analysis) bearersOf(label int32) (bearers []model.Ref, most int) {
	for i := range a.Concentration() {
		o := &a.shares[i]
		if o.label < 0 || o.label == label {
			continue
		}
		if _, bears := slices.BinarySearch(a.bearing(model.Handle(o.label)), label); bears {
			bearers = append(bearers, o.Supplier)
			most = max(most, len(o.Services))
		}
	}
	slices.SortFunc(bearers, model.Ref.Compare)
	return bearers, most
}

// parentOfAll tells that a supplier is above all of some others.
func (a *Analysis) parentOfAll(h model.Handle, bearers []model.Ref) bool {
	for _, b := range bearers {
		at, seen := handle(a.f, b), map[model.Handle]bool{}
		for at != h {
			spec := finding.Spec[model.Supplier](a.f, at)
			if spec == nil || seen[at] {
				return false
			}
			seen[at] = true
			at = handle(a.f, spec.Parent)
		}
	}
	return true
}

// countryTooHigh tells of a country abroad at its supplier with whom most falls,
// the first by name of several.
func (a *Analysis) countryTooHigh(h model.Handle, s *Share, limit model.Percent, emit func(finding.Finding)) {
	spec := finding.Spec[model.Supplier](a.f, h)
	label, ok := country(spec.Country)
	if !ok {
		return
	}
	land := a.share(label)
	if land == nil || !a.tooMuch(land, limit) || slices.Contains(a.homes(), spec.Country) {
		return
	}
	var suppliers []model.Ref
	for i := range a.Concentration() {
		if o := &a.shares[i]; o.label >= 0 {
			x := finding.Spec[model.Supplier](a.f, model.Handle(o.label))
			if x == nil || x.Country != spec.Country {
				continue
			}
			if len(suppliers) == 0 && o.label != int32(h) || len(o.Services) == len(land.Services) {
				return // told at another one, or the country adds nothing to him
			}
			suppliers = append(suppliers, o.Supplier)
		}
	}
	x := a.concentrated(land, limit)
	x.Variant, x.Part, x.Pointer, x.Causes = "country", "country", "/spec/country", suppliers
	x.Args["suppliers"], x.Args["s"] = suppliers, len(suppliers)
	emit(x)
}

// SUP-007: a critical supplier without exit plan, or with one never reviewed or
// overdue for review. A supplier with whom a critical service falls is critical
// whether declared so or not.
var exitPlanMissing = finding.Rule{
	ID: "SUP-007", Process: finding.Supplier, Kinds: []string{"supplier"}, Reach: finding.Whole, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Supplier](f, h)
		var services []model.Ref
		a := use(f)
		if s := a.share(int32(h)); s != nil && len(a.contractsOf(h)) > 0 {
			services = s.Services // ours by contract: a subcontractor's exit is his supplier's matter
		}
		if !spec.Critical && len(services) == 0 {
			return
		}
		plan := spec.ExitPlan
		x := finding.Finding{
			Pointer: "/spec/exitPlan",
			Args:    finding.Args{"services": services, "n": len(services), "declared": spec.Critical, "reviewed": plan.ReviewedOn, "interval": plan.Interval},
		}
		if len(services) > 0 {
			x.Evidence = []finding.Evidence{{Label: "services", Value: services}}
		}
		switch {
		case plan.Document.IsZero() && plan.Alternative.IsZero():
		case plan.ReviewedOn.IsZero():
			x.Variant = "never"
		case !plan.Interval.IsZero() && plan.ReviewedOn.Add(plan.Interval) < f.On:
			x.Variant, x.Args["due"] = "overdue", plan.ReviewedOn.Add(plan.Interval)
		default:
			return
		}
		emit(x)
	},
}
