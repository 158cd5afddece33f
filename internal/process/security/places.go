package security

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// confidential is the level of confidentiality from which data may not lie just
// anywhere.
const confidential = 3

// checkPlaces is SEC-006: data that is confidential, personal or about health lies
// only in the countries allowed for it. It is told at the site, supplier or contract
// that takes data elsewhere, once for all data.
func checkPlaces(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	byVariant := map[string][]finding.Share[placeGap]{}
	for _, x := range of(f).places.Of(h) {
		byVariant[x.Value.variant] = append(byVariant[x.Value.variant], x)
	}
	for _, variant := range []string{"", "site", "supplier", "contract", "subcontractor"} {
		list := byVariant[variant]
		if len(list) == 0 {
			continue
		}
		var data []model.Ref
		var bad, allowed []string
		for i, x := range list {
			data = append(data, f.Snap.Ref(x.Source))
			bad = append(bad, x.Value.countries...)
			if i == 0 {
				allowed = slices.Clone(x.Value.allowed)
			} else { // what is allowed for all of it
				allowed = slices.DeleteFunc(allowed, func(c string) bool { return !slices.Contains(x.Value.allowed, c) })
			}
		}
		slices.Sort(bad)
		bad, data = slices.Compact(bad), sorted(data)
		x := finding.Finding{Variant: variant, Pointer: placePointer(variant), Part: variant, Hits: data,
			Args: finding.Args{"where": list[0].Value.where, "data": data, "n": len(data), "countries": bad, "allowed": allowed}}
		if variant == "" {
			x.Outcome = finding.Unknown
		} else {
			x.Evidence = []finding.Evidence{{Label: "data", Value: data}, {Label: "countries", Value: bad}}
			if len(allowed) > 0 {
				x.Evidence = append(x.Evidence, finding.Evidence{Label: "allowed", Value: allowed})
			}
		}
		emit(x)
	}
}

// placePointer is where a place says in which countries it is.
func placePointer(variant string) string {
	switch variant {
	case "contract":
		return "/spec/dataCountries"
	}
	return "/spec/country"
}

// beyondPlaces visits the places of data that a change touched.
func beyondPlaces(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
	of(now).places.Moved(of(before).places, visit)
}

// placeGap is a place where data is that may not be there; without a variant the
// country of the place is not known.
type placeGap struct {
	variant            string
	where              model.Ref
	countries, allowed []string
}

// lookAtPlaces follows everything that holds one data asset to the sites and
// suppliers behind, up to components that encrypt it.
func (a *Analysis) lookAtPlaces(h model.Handle, add func(model.Handle, placeGap)) {
	f := a.f
	d := finding.Spec[model.DataAsset](f, h)
	level := d.Security.Confidentiality
	if len(d.Countries) == 0 || !d.Personal && !d.Health && (level == nil || *level < confidential) {
		return
	}
	t := trail{f: f, allowed: d.Countries, seen: map[model.Handle]bool{}, told: map[model.Ref]bool{}, add: func(g placeGap, at model.Ref) {
		x, ok := f.Snap.Find(at)
		if !ok || f.Snap.Object(x) == nil {
			x = h // what does not exist cannot be told of
		}
		add(x, g)
	}}
	var holders []model.Handle
	for _, in := range f.Snap.In(h) {
		if in.Field.Name == "data" && f.Snap.Ref(in.From).Kind == "component" {
			holders = append(holders, in.From)
		}
	}
	for i := range d.Backups {
		for _, r := range []model.Ref{d.Backups[i].Site, d.Backups[i].On} {
			if x, ok := f.Snap.Find(r); ok {
				holders = append(holders, x)
			}
		}
	}
	slices.SortFunc(holders, func(x, y model.Handle) int { return f.Snap.Ref(x).Compare(f.Snap.Ref(y)) })
	for _, x := range holders {
		t.follow(x)
	}
}

// trail follows data to where it lies, each thing once.
type trail struct {
	f       *finding.Facts
	allowed []string
	seen    map[model.Handle]bool
	told    map[model.Ref]bool
	add     func(g placeGap, at model.Ref)
}

func (t *trail) follow(h model.Handle) {
	o := t.f.Snap.Object(h)
	if o == nil || t.seen[h] {
		return
	}
	t.seen[h] = true
	switch x := o.Spec.(type) {
	case *model.Site:
		t.place(o.Ref(), x.Country, "site")
	case *model.Supplier:
		t.supplier(h, o.Ref(), x, nil)
		return
	case *model.Component:
		if x.External {
			t.hosted(h, x)
		}
		if protects(x, model.PillarConfidentiality) {
			return
		}
	case *model.Service:
		return // holds data by its own components, which say so
	}
	for _, e := range t.f.Snap.Out(h) {
		if e.Field.Structure && e.Runs() && (e.Field.Type == model.TypeDependency || e.Field.Name == "site") {
			switch t.f.Snap.Ref(e.To).Kind {
			case "component", "site", "supplier":
				t.follow(e.To)
			}
		}
	}
}

// hosted judges an external component: by the contracts that cover it where they
// say where data may lie, else by the supplier behind it.
func (t *trail) hosted(h model.Handle, c *model.Component) {
	supplier, ok := t.f.Snap.Find(c.Supplier)
	spec := finding.Spec[model.Supplier](t.f, supplier)
	if !ok || spec == nil {
		return // external without a supplier: a gap of its own
	}
	var contracts []model.Handle
	for _, in := range t.f.Snap.In(h) {
		if in.Field.Name == "covers" && t.f.Snap.Ref(in.From).Kind == "contract" {
			contracts = append(contracts, in.From)
		}
	}
	t.supplier(supplier, c.Supplier, spec, contracts)
}

// supplier judges the contracts with a supplier that say where data may lie, else
// its own country, and the countries of its subcontractors.
func (t *trail) supplier(h model.Handle, ref model.Ref, s *model.Supplier, contracts []model.Handle) {
	if contracts == nil {
		for _, in := range t.f.Snap.In(h) {
			if in.Field.Name == "supplier" && t.f.Snap.Ref(in.From).Kind == "contract" {
				contracts = append(contracts, in.From)
			}
		}
	}
	said := false
	slices.SortFunc(contracts, func(x, y model.Handle) int { return t.f.Snap.Ref(x).Compare(t.f.Snap.Ref(y)) })
	for _, c := range slices.Compact(contracts) {
		spec := finding.Spec[model.Contract](t.f, c)
		if spec == nil || len(spec.DataCountries) == 0 {
			continue
		}
		said = true
		if bad := t.forbidden(spec.DataCountries); len(bad) > 0 {
			t.tell("contract", t.f.Snap.Ref(c), bad)
		}
	}
	if said {
		return // the contract decides, for subcontractors too
	}
	t.place(ref, s.Country, "supplier")
	for _, sub := range s.Subcontractors {
		if bad := t.forbidden(sub.Countries); len(bad) > 0 {
			t.tell("subcontractor", sub.Supplier, bad)
		}
	}
}

func (t *trail) place(ref model.Ref, country, variant string) {
	if country == "" {
		if t.told[ref] {
			return
		}
		t.told[ref] = true
		t.add(placeGap{"", ref, nil, t.allowed}, ref)
		return
	}
	if bad := t.forbidden([]string{country}); len(bad) > 0 {
		t.tell(variant, ref, bad)
	}
}

func (t *trail) tell(variant string, ref model.Ref, bad []string) {
	if t.told[ref] {
		return
	}
	t.told[ref] = true
	t.add(placeGap{variant, ref, bad, t.allowed}, ref)
}

// forbidden are the countries that the data may not lie in.
func (t *trail) forbidden(countries []string) []string {
	var bad []string
	for _, c := range countries {
		if !slices.Contains(t.allowed, c) {
			bad = append(bad, c)
		}
	}
	return bad
}
