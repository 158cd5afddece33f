package allocation

import (
	"math"

	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/yamlsource"
)

// most components that a formula is tabulated for.
const tabulated = 120

// uses reads how much of each resource components use: a number for each, a list
// for 1, 2, 3 …, or a formula of their number.
func (d *decoder) uses(n yamlsource.Node, most int) []redundancy.Use {
	if !n.IsMap() {
		d.bad(n, "use is a mapping of resources")
		return nil
	}
	out := make([]redundancy.Use, len(d.doc.Problem.Resources))
	for _, e := range n.Entries() {
		r, ok := d.resources[e.Name]
		if !ok {
			d.bad(e.Key, "%q is no resource%s", clip(e.Name), d.nearest(e.Name))
			continue
		}
		out[r] = d.use(e.Value, r, most)
	}
	return out
}

func (d *decoder) use(n yamlsource.Node, r, most int) (u redundancy.Use) {
	switch {
	case n.IsList():
		for _, x := range n.Items() {
			u.Table = append(u.Table, d.amount(x))
		}
		if len(u.Table) == 0 || most > 0 && len(u.Table) < most {
			d.bad(n, "the list has %d amounts, but there can be %d components", len(u.Table), max(most, 1))
		}
		if len(u.Table) > tabulated {
			d.bad(n, "the list has more than %d amounts", tabulated)
			u.Table = nil
		}
	case n.Tag() == "!!str" && n.IsScalar():
		u.Table = d.tabulate(n, r, most)
	default:
		u.Each = d.amount(n)
	}
	return u
}

// amount reads an amount of a resource.
func (d *decoder) amount(n yamlsource.Node) redundancy.Amount {
	x, ok := d.number(n)
	if ok && x < 0 {
		d.bad(n, "the amount %v is negative", x)
		return 0
	}
	return redundancy.Amount(x)
}

// tabulate evaluates a formula, as far as the limit of its resource allows where
// no largest number is given.
func (d *decoder) tabulate(n yamlsource.Node, r, most int) (table []redundancy.Amount) {
	f, fault := parseFormula(n.Text())
	if fault != nil {
		d.bad(n, fault.Format, fault.Args...)
		return nil
	}
	limit := d.doc.Problem.Resources[r].Limit
	end := most
	if most == 0 {
		end = tabulated
	}
	for x := 1; x <= end; x++ {
		v := f(float64(x))
		if math.IsNaN(v) {
			d.bad(n, "the formula has no value for %d components: it divides by zero, or takes the root or the logarithm of a number that has none", x)
			return nil
		}
		if v < 0 {
			d.bad(n, "the formula gives %v for %d components", v, x)
			return nil
		}
		if math.IsInf(v, 1) {
			if x == 1 || math.IsInf(float64(limit), 1) {
				d.bad(n, "the formula gives more than any number can hold for %d components", x)
				return nil
			}
			v = math.MaxFloat64 // over the limit, as so many components are
		}
		if most == 0 && redundancy.Amount(v) > limit {
			if len(table) == 0 {
				table = append(table, redundancy.Amount(v))
			}
			return table
		}
		table = append(table, redundancy.Amount(v))
	}
	if most == 0 {
		d.bad(n, "nothing bounds the number of components here: write max, or a limit for the resource")
	}
	return table
}
