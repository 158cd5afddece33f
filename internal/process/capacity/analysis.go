// Package capacity forecasts when services, components and people run out, and
// holds the coherence rules of capacity management at its three levels: business
// (future demand), services (present demand), components (machines and people).
package capacity

import (
	"math"
	"strings"
	"sync"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis is the capacity of everything in one snapshot. It is safe for use by
// several rules at once.
type Analysis struct {
	f      *finding.Facts
	once   sync.Once
	people peoplePlan
}

// New makes the analysis of facts.
func New(f *finding.Facts) *Analysis { return &Analysis{f: f} }

// Exhaustion is when a resource of a service or component runs out.
type Exhaustion struct {
	Resource string
	Title    model.Text // what people call the resource
	Pointer  string     // the capacity in the document
	Limit    model.Quantity
	Demand   model.Quantity // on the date of evaluation, at peak where known
	Load     model.Percent  // demand as a share of the limit
	Exceeded bool           // demand is above the limit today
	On       model.Date     // first day above the limit; no date when not within ten years
	Early    model.Date     // with the growth at the upper end of its spread
	Late     model.Date     // at the lower end; no date when not within ten years
	Spread   bool           // an uncertainty is stated
	Demands  []model.Ref    // where the demand comes from; empty for a measure of use
	Unit     string         // a demand's unit that is not the limit's: nothing can be said
	Unknown  bool           // no demand and no measure of use, or units that differ
}

// defaultHorizon and defaultThreshold count where the organisation states none.
var (
	defaultHorizon   = model.Period{Months: 12}
	defaultThreshold = model.PercentOf(0.8)
)

func horizon(f *finding.Facts) model.Date {
	p := f.Snap.Organisation().Horizon
	if p.IsZero() {
		p = defaultHorizon
	}
	return f.On.Add(p)
}

func threshold(f *finding.Facts, c *model.Capacity) model.Percent {
	if c.Threshold != nil {
		return *c.Threshold
	}
	if t := f.Snap.Organisation().Threshold; t != nil {
		return *t
	}
	return defaultThreshold
}

// limit is what a capacity really carries: what a test has shown, else what is
// stated.
func limit(c *model.Capacity) model.Quantity {
	if c.Tested != nil {
		return *c.Tested
	}
	return c.Limit
}

func capacities(f *finding.Facts, h model.Handle) []model.Capacity {
	o := f.Snap.Object(h)
	if o == nil {
		return nil
	}
	switch s := o.Spec.(type) {
	case *model.Service:
		return s.Capacity
	case *model.Component:
		return s.Capacity
	}
	return nil
}

// Exhaustions tells of each capacity of a service or component when it runs out.
func (a *Analysis) Exhaustions(h model.Handle) []Exhaustion {
	list := capacities(a.f, h)
	if len(list) == 0 {
		return nil
	}
	out := make([]Exhaustion, len(list))
	for i := range list {
		x, curves := loaded(a.f, h, &list[i], len(list) == 1)
		out[i] = x
		out[i].forecast(curves, a.f.On)
		out[i].Pointer = pointer(i)
	}
	return out
}

func pointer(i int) string {
	const digits = "0123456789"
	if i < 10 {
		return "/spec/capacity/" + digits[i:i+1]
	}
	return pointer(i/10) + digits[i%10:i%10+1]
}

// loaded tells how much of a capacity is asked for today, and by which demands;
// only says that h has no other capacity.
func loaded(f *finding.Facts, h model.Handle, c *model.Capacity, only bool) (Exhaustion, []curve) {
	x := Exhaustion{Resource: c.Name, Title: c.Label(), Limit: limit(c)}
	curves := demands(f, h, c, only, &x)
	if len(curves) == 0 && x.Unit == "" && c.Used != nil {
		if !sameUnit(c.Used.Unit, x.Limit.Unit) {
			x.Unit = c.Used.Unit
		} else {
			curves = append(curves, used(c, f.On))
		}
	}
	if len(curves) == 0 || x.Unit != "" || x.Limit.Value <= 0 {
		x.Unknown = true
		return x, nil
	}
	now := 0.0
	for i := range curves {
		now += curves[i].at(f.On, central)
		x.Spread = x.Spread || curves[i].spread > 0
	}
	x.Demand = model.Quantity{Value: round(now), Unit: x.Limit.Unit}
	x.Load = share(now, x.Limit.Value)
	x.Exceeded = now > x.Limit.Value
	return x, curves
}

// loads tells of each capacity how much is asked for today, without any forecast.
func loads(f *finding.Facts, h model.Handle) []Exhaustion {
	list := capacities(f, h)
	out := make([]Exhaustion, len(list))
	for i := range list {
		out[i], _ = loaded(f, h, &list[i], len(list) == 1)
	}
	return out
}

// forecast dates the exhaustion.
func (x *Exhaustion) forecast(curves []curve, on model.Date) {
	if x.Unknown {
		return
	}
	x.On = exhaustion(curves, x.Limit.Value, on, central)
	x.Early, x.Late = x.On, x.On
	if x.Spread {
		x.Early = exhaustion(curves, x.Limit.Value, on, high)
		x.Late = exhaustion(curves, x.Limit.Value, on, low)
	}
}

// share is a load in tenths of a percent.
func share(of, whole float64) model.Percent {
	return model.PercentOf(math.Round(of/whole*1000) / 1000)
}

// round keeps six significant digits, so that a computed figure reads like a
// stated one.
func round(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

func used(c *model.Capacity, on model.Date) curve {
	u := curve{from: on, value: c.Used.Value}
	if !c.MeasuredOn.IsZero() && c.MeasuredOn <= on {
		u.from = c.MeasuredOn
	}
	if c.Growth != nil {
		u.growth = c.Growth.Ratio()
	}
	return u
}

// demands reads the demands on a resource of h. A demand that names no resource
// counts for the only one there is.
func demands(f *finding.Facts, h model.Handle, c *model.Capacity, only bool, x *Exhaustion) []curve {
	var out []curve
	for _, in := range f.Snap.In(h) {
		if in.Field.Name != "service" {
			continue
		}
		d := finding.Spec[model.Demand](f, in.From)
		if d == nil || d.Resource != c.Name && !(d.Resource == "" && only) {
			continue
		}
		k, unit, ok := demandCurve(d, f.On)
		if !ok {
			continue
		}
		if !sameUnit(unit, x.Limit.Unit) {
			x.Unit = unit
			continue
		}
		out = append(out, k)
		x.Demands = append(x.Demands, f.Snap.Ref(in.From))
	}
	return out
}

// sameUnit compares units as written; nothing is converted.
func sameUnit(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }
