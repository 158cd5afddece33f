package topevent

import (
	"context"
	"math"
	"math/big"
	"slices"
)

// listingLimit bounds the products enumerated one by one.
const listingLimit = 4 << 20

// cutSets answers what the options ask about minimal products; nil when the
// budgets did not suffice, and whether the listing is shorter for it.
func (a *Analysis) cutSets(ctx context.Context, at []pair, top float64) (_ *CutSets, short bool) {
	beat := pulseOf(ctx)
	if a.cuts == nil {
		p, ok := a.products(func() bool { return ctx.Err() != nil })
		if !ok {
			return nil, false
		}
		a.cuts = p
	}
	p := a.cuts
	if a.counts == nil {
		counts, ok := p.count(beat)
		if !ok {
			return nil, false
		}
		a.counts = counts
	}
	c := &CutSets{Kind: p.kind, Complete: true, MaxOrder: a.opts.MaxOrder, CutOff: a.opts.CutOff}
	leaf := func(l lit) float64 { return at[l.id()].of(ref(l & 1)).yes }
	sums, ok := p.fold(leaf, beat)
	if !ok {
		return nil, false
	}
	c.Sum = sums[p.top]
	if _, ok := p.family[p.top]; !ok {
		c.Sum = 0
		for _, product := range p.single(leaf) {
			c.Sum += float64(product.Probability)
		}
	}
	byOrder := a.counts
	most := len(byOrder) - 1
	if a.opts.MaxOrder > 0 && a.opts.MaxOrder < most {
		most = a.opts.MaxOrder
	}
	c.ByOrder = slices.Clone(byOrder[:most+1])
	whole := c.Sum
	want := a.opts.List
	if _, ok := p.family[p.top]; ok && most < len(byOrder)-1 {
		c.Sum = 0
		sums, ok := p.sums(leaf, most, beat)
		if !ok {
			return nil, false
		}
		for _, x := range sums {
			c.Sum += x
		}
	}
	defer func() { c.exclude(p, whole, top) }()
	if want == 0 && a.opts.CutOff == 0 {
		c.total()
		c.Remainder = clamp(math.Min(c.Sum, top))
		return c, short
	}
	limit := listingLimit
	if want >= 0 {
		limit = min(limit, want)
	}
	if a.opts.CutOff > 0 {
		found := p.above(ctx, leaf, most, float64(a.opts.CutOff))
		c.Complete, c.ByOrder, c.Sum = !found.ended, found.counts(), found.sum
	}
	var listed []Product
	if limit > 0 {
		listed, short = p.list(ctx, leaf, limit, most, float64(a.opts.CutOff)*(1-1e-12))
	}
	c.total()
	if want >= 0 && len(listed) > want {
		listed = listed[:want]
	}
	c.Listed = listed
	if c.Complete && c.Count.IsInt64() && c.Count.Int64() == int64(len(listed)) {
		c.Remainder = 0
		return c, short
	}
	left := c.Sum // infinite where there are too many
	for _, product := range listed {
		left -= float64(product.Probability)
	}
	// What the subtraction may have rounded away is given back.
	c.Remainder = clamp(math.Min(math.Max(left, 0)+c.Sum*1e-12, top))
	return c, short
}

func (c *CutSets) total() {
	for len(c.ByOrder) > 1 && c.ByOrder[len(c.ByOrder)-1].Sign() == 0 {
		c.ByOrder = c.ByOrder[:len(c.ByOrder)-1]
	}
	c.Count = new(big.Int)
	for _, n := range c.ByOrder {
		c.Count.Add(c.Count, n)
	}
}

// exclude bounds what the restrictions leave out by the sum over all products, where
// all are known, less that of the counted ones.
func (c *CutSets) exclude(p *products, whole, top float64) {
	switch {
	case p.partial, math.IsInf(whole, 1) && (c.MaxOrder > 0 || c.CutOff > 0):
		c.Excluded = clamp(top)
	case c.MaxOrder == 0 && c.CutOff == 0 || c.Sum >= whole:
	default:
		c.Excluded = clamp(math.Min(whole-c.Sum+whole*1e-12, top))
	}
}
