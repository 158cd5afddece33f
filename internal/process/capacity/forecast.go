package capacity

import (
	"math"
	"slices"

	"diapason/internal/model"
)

// trend is which growth a forecast takes: as stated, or at an end of its spread.
type trend int

const (
	low trend = iota - 1
	central
	high
)

// curve is a demand over time, in the unit of its resource: from a base value,
// growth compounds year by year; forecast points, where there are any, are joined
// by straight lines, and growth goes on after the last. The spread s widens the
// forecast as (1 + g ± s) compounds against (1 + g).
type curve struct {
	from   model.Date
	value  float64
	growth float64 // a year
	spread float64 // half width, a year
	points []point // ascending
}

type point struct {
	on    model.Date
	value float64
}

func years(from, to model.Date) float64 { return float64(from.DaysUntil(to)) / 365.25 }

// at is the demand on a date; before the base it is the base.
func (c *curve) at(d model.Date, t trend) float64 {
	y := max(years(c.from, d), 0)
	v := c.middle(d)
	if t == central || c.spread == 0 {
		return v
	}
	return v * math.Pow(max(1+c.growth+float64(t)*c.spread, 0)/max(1+c.growth, 1e-9), y)
}

func (c *curve) middle(d model.Date) float64 {
	before := point{c.from, c.value}
	for _, p := range c.points {
		if p.on <= c.from {
			continue
		}
		if d <= p.on {
			share := float64(before.on.DaysUntil(max(d, before.on))) / float64(before.on.DaysUntil(p.on))
			return before.value + share*(p.value-before.value)
		}
		before = p
	}
	return before.value * math.Pow(max(1+c.growth, 0), max(years(before.on, d), 0))
}

// far is how far ahead a date of exhaustion is looked for.
const far = 120 // months

// exhaustion is the first date from on at which the demands together exceed the
// limit; no date when they do not within ten years. Between two looks a month
// apart (and at each forecast point) the day is found by halving.
func exhaustion(curves []curve, limit float64, on model.Date, t trend) model.Date {
	sum := func(d model.Date) float64 {
		total := 0.0
		for i := range curves {
			total += curves[i].at(d, t)
		}
		return total
	}
	if sum(on) > limit {
		return on
	}
	switch last := on.AddMonths(far); direction(curves, t) {
	case flat:
		return 0
	case rising: // no need to look in between
		if sum(last) <= limit {
			return 0
		}
		return between(sum, limit, on, last)
	}
	looks := make([]model.Date, 0, far+8)
	for m := 1; m <= far; m++ {
		looks = append(looks, on.AddMonths(m))
	}
	for _, c := range curves {
		for _, p := range c.points {
			if p.on > on && p.on < looks[far-1] {
				looks = append(looks, p.on)
			}
		}
	}
	slices.Sort(looks)
	below := on
	for _, above := range looks {
		if sum(above) <= limit {
			below = above
			continue
		}
		return between(sum, limit, below, above)
	}
	return 0
}

// between finds the first day above the limit by halving, for a demand that is
// within it on the first day and above it on the last.
func between(sum func(model.Date) float64, limit float64, below, above model.Date) model.Date {
	for below.DaysUntil(above) > 1 {
		if middle := below.AddDays(below.DaysUntil(above) / 2); sum(middle) > limit {
			above = middle
		} else {
			below = middle
		}
	}
	return above
}

type slope int

const (
	flat   slope = iota // never rises
	rising              // never falls
	mixed
)

// direction tells how the sum of curves goes.
func direction(curves []curve, t trend) slope {
	up, down := false, false
	for i := range curves {
		c := &curves[i]
		if len(c.points) > 0 {
			return mixed
		}
		rate := c.growth + float64(t)*c.spread
		up, down = up || rate > 0, down || rate < 0
	}
	switch {
	case !up:
		return flat
	case !down:
		return rising
	}
	return mixed
}

// demandCurve reads a demand; ok is false when it states no value. Peak counts
// where it is stated, and forecast points are then scaled as peak to current.
func demandCurve(d *model.Demand, on model.Date) (c curve, unit string, ok bool) {
	base := d.Current
	if d.Peak != nil {
		base = d.Peak
	}
	scale := 1.0
	if d.Peak != nil && d.Current != nil && d.Current.Value > 0 && d.Peak.Unit == d.Current.Unit {
		scale = d.Peak.Value / d.Current.Value
	}
	for _, p := range d.Forecast {
		c.points = append(c.points, point{p.On, p.Value.Value * scale})
		unit = p.Value.Unit
	}
	slices.SortFunc(c.points, func(a, b point) int { return int(a.on) - int(b.on) })
	c.from = on
	switch {
	case base != nil:
		c.value, unit = base.Value, base.Unit
		if !d.On.IsZero() && d.On <= on {
			c.from = d.On
		}
	case len(c.points) > 0:
		c.from, c.value = min(c.points[0].on, on), c.points[0].value
	default:
		return c, "", false
	}
	if d.Growth != nil {
		c.growth = d.Growth.Ratio()
	}
	if d.Spread != nil {
		c.spread = math.Abs(d.Spread.Ratio())
	}
	return c, unit, true
}
