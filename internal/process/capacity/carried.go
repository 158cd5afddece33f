package capacity

import (
	"math"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Carried tells how many of the alternatives in of must work to carry what is asked
// of them on the date of evaluation, at peak where that is known; without any, how
// many of the identical instances of the component holder. The resource that needs
// most speaks: demand is what is asked for of it, each what the smallest alternative,
// or one instance, carries, and demands where the figure comes from (none for a
// measure of use). More than there are means that all together do not carry it. ok is
// false where the model does not say what is asked for and carried, in one unit.
//
// Of alternatives of several sizes so many must work that the smallest ones would
// do. Copies of one store of data share no load.
func (a *Analysis) Carried(holder model.Handle, of []model.Handle) (needed int, resource model.Text, demand, each model.Quantity, demands []model.Ref, ok bool) {
	list := a.instancesCarry(holder)
	if len(of) > 0 {
		list = a.groupCarries(holder, of)
	}
	for _, x := range list {
		if !ok || x.needed > needed {
			needed, resource, ok = x.needed, x.title, true
			demand, each = model.Quantity{Value: round(x.demand), Unit: x.unit}, model.Quantity{Value: round(x.each), Unit: x.unit}
			demands = x.demands
		}
	}
	return needed, resource, demand, each, demands, ok
}

// burden is what one resource asks of several that share its load.
type burden struct {
	title        model.Text
	unit         string
	demand, each float64
	needed       int
	demands      []model.Ref
}

func (a *Analysis) instancesCarry(h model.Handle) []burden {
	c := finding.Spec[model.Component](a.f, h)
	if c == nil || c.Instances < 1 {
		return nil
	}
	var out []burden
	for _, x := range loads(a.f, h) {
		if x.Unknown || keeps(a.f, h, x.Limit.Unit) {
			continue
		}
		each := x.Limit.Value / float64(c.Instances)
		limits := slices.Repeat([]float64{each}, min(c.Instances, mostInstances))
		out = append(out, burden{x.Title, x.Limit.Unit, x.Demand.Value, each, enough(limits, x.Demand.Value), x.Demands})
	}
	return out
}

// mostInstances bounds what is counted one by one.
const mostInstances = 1 << 16

// groupCarries reads each resource of which every alternative says how much it
// carries. What is asked of them is the sum of their own loads where all are known,
// else what is asked of the holder.
func (a *Analysis) groupCarries(holder model.Handle, of []model.Handle) []burden {
	var out []burden
	first := loads(a.f, of[0])
	own := loads(a.f, holder)
	for _, lead := range first {
		if lead.Limit.Value <= 0 || keeps(a.f, of[0], lead.Limit.Unit) {
			continue
		}
		b := burden{title: lead.Title, unit: lead.Limit.Unit}
		var limits []float64
		known := true
		for _, m := range of {
			list := first
			if m != of[0] {
				list = loads(a.f, m)
			}
			i := slices.IndexFunc(list, func(x Exhaustion) bool {
				return x.Resource == lead.Resource && x.Limit.Value > 0 && sameUnit(x.Limit.Unit, b.unit)
			})
			if i < 0 {
				break
			}
			x := list[i]
			limits = append(limits, x.Limit.Value)
			known = known && !x.Unknown
			b.demand += x.Demand.Value
			b.demands = append(b.demands, x.Demands...)
		}
		if len(limits) < len(of) {
			continue
		}
		if !known && !b.asked(a.f, holder, lead, own, len(first) == 1) {
			continue
		}
		b.demands = slices.Compact(slices.SortedFunc(slices.Values(b.demands), model.Ref.Compare))
		b.each, b.needed = slices.Min(limits), enough(limits, b.demand)
		out = append(out, b)
	}
	return out
}

// asked takes what is asked of the holder of a group: the load of its own resource of
// that name, else the demands that name it.
func (b *burden) asked(f *finding.Facts, holder model.Handle, lead Exhaustion, own []Exhaustion, only bool) bool {
	b.demand, b.demands = 0, nil
	for _, x := range own {
		if x.Resource == lead.Resource {
			b.demand, b.demands = x.Demand.Value, x.Demands
			return !x.Unknown && sameUnit(x.Limit.Unit, b.unit)
		}
	}
	x := Exhaustion{Limit: lead.Limit}
	curves := demands(f, holder, &model.Capacity{Name: lead.Resource}, only && len(own) == 0, &x)
	for i := range curves {
		b.demand += curves[i].at(f.On, central)
	}
	b.demands = x.Demands
	return len(curves) > 0 && x.Unit == ""
}

// enough is how many must work so that any of them carry the demand: the smallest
// ones, added up, must. Where all together do not, it says how many of their mean
// size would.
func enough(limits []float64, demand float64) int {
	demand *= 1 - 1e-9 // three times a third is one
	slices.Sort(limits)
	sum := 0.0
	for i, l := range limits {
		if sum += l; sum >= demand {
			return i + 1
		}
	}
	return int(min(math.Ceil(demand/sum*float64(len(limits))), math.MaxInt32))
}
