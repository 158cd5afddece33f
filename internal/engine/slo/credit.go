package slo

import (
	"fmt"
	"slices"
)

// Band gives a credit for an attainment in [From, Below).
type Band struct {
	From, Below Share
	Credit      Share // of the fee
}

// Credits are the bands of a target, from the worst attainment up, with a cap.
type Credits struct {
	bands []Band
	most  Share
}

// NewCredits checks bands: none is inverted, none overlap, they leave no gap from 0 % up to
// the top, a worse attainment never gives a smaller credit, and no credit is negative. Top
// is the attainment from which nothing is due, nil where it is not stated. Most is the cap
// on the credit, nil for none. The error names the bands.
func NewCredits(bands []Band, top, most *Share) (Credits, error) {
	c := Credits{bands: slices.Clone(bands), most: 1<<63 - 1}
	if most != nil {
		if *most < 0 {
			return Credits{}, fmt.Errorf("credits capped at %s: a cap is not negative", *most)
		}
		c.most = *most
	}
	for _, b := range c.bands {
		switch {
		case b.From >= b.Below:
			return Credits{}, fmt.Errorf("the band from %s to below %s holds no attainment: write the lower bound first", b.From, b.Below)
		case b.From < 0 || b.Below > Whole && (top == nil || b.Below > *top):
			return Credits{}, fmt.Errorf("the band from %s to below %s reaches beyond 0%% to 100%%", b.From, b.Below)
		case b.Credit < 0:
			return Credits{}, fmt.Errorf("the band from %s to below %s gives %s: a credit is not negative", b.From, b.Below, b.Credit)
		}
	}
	slices.SortStableFunc(c.bands, func(a, b Band) int { return int(min(max(a.From-b.From, -1), 1)) })
	below := Share(0)
	for i, b := range c.bands {
		switch {
		case b.From > below:
			return Credits{}, fmt.Errorf("no band holds attainments from %s to below %s", below, b.From)
		case b.From < below:
			return Credits{}, fmt.Errorf("two bands hold attainments from %s to below %s", b.From, min(below, b.Below))
		case i > 0 && b.Credit > c.bands[i-1].Credit:
			return Credits{}, fmt.Errorf("the band from %s gives %s, a worse attainment only %s", b.From, b.Credit, c.bands[i-1].Credit)
		}
		below = b.Below
	}
	if top != nil && len(c.bands) > 0 {
		switch {
		case below < *top:
			return Credits{}, fmt.Errorf("no band holds attainments from %s to below the target of %s", below, *top)
		case below > *top:
			return Credits{}, fmt.Errorf("the band from %s to below %s gives a credit although the target of %s is kept", c.bands[len(c.bands)-1].From, below, *top)
		}
	}
	return c, nil
}

// Credit is what is due for an attainment.
type Credit struct {
	Band   int   // index of the band from the worst attainment up, −1 for none
	Full   Share // of the band
	Due    Share // after the cap
	Capped bool
}

// Due is the credit for an attainment; nothing is due where nothing is known (nil).
func (c Credits) Due(attained *Share) Credit {
	if attained == nil {
		return Credit{Band: -1}
	}
	for i, b := range c.bands {
		if *attained >= b.From && *attained < b.Below {
			due := min(b.Credit, c.most)
			return Credit{Band: i, Full: b.Credit, Due: due, Capped: due < b.Credit}
		}
	}
	return Credit{Band: -1}
}

// Bands are the bands from the worst attainment up.
func (c Credits) Bands() []Band { return slices.Clone(c.bands) }

// CapCredits is what is due for all targets of an agreement together: their sum, at most
// the cap, nil for none.
func CapCredits(due []Share, most *Share) (total Share, capped bool) {
	for _, d := range due {
		if total += max(d, 0); total < 0 {
			total = 1<<63 - 1
		}
	}
	if most != nil && total > *most {
		return *most, true
	}
	return total, false
}
