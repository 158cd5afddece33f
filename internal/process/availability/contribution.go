package availability

import (
	"cmp"
	"math"
	"slices"
	"time"

	"diapason/internal/model"
)

// Month is the mean length of a month: a twelfth of 365.25 days.
const Month = 365*24*time.Hour/12 + 30*time.Minute

// Monthly is the time that a share of unavailability makes in a mean month.
func Monthly(unavailability float64) time.Duration {
	return time.Duration(unavailability * float64(Month))
}

// Contribution is what one cause takes from the availability of a service.
type Contribution struct {
	Input Input
	// Gain is by how much the unavailability falls if the cause never failed:
	// q·B with B the Birnbaum importance ∂U/∂q. Gains of several causes do not
	// add up to the whole where alternatives fail together.
	Gain    float64
	Minutes time.Duration // Gain in a mean month
	Share   model.Percent // Gain as a share of the unavailability (criticality importance)
	Single  bool          // a single point of failure
}

// mostContributions bounds the causes that are evaluated one by one; single
// points come first and need no evaluation.
const mostContributions = 2000

// Contributions says which causes make a service unavailable, the largest first.
// For a single point of failure the gain is exact, q·(1−U)/(1−q); for others the
// service is evaluated again with the cause made perfect. Where only bounds are
// known they are taken on the unavailable side.
func (a *Analysis) Contributions(service model.Handle) []Contribution {
	_, _, list := a.contributions(service)
	return list
}

// contributions also gives the solved fault tree of the service and the event of
// each cause.
func (a *Analysis) contributions(service model.Handle) (t *tree, events map[model.Ref]int, out []Contribution) {
	if t = a.tree(service); t == nil {
		return nil, nil, nil
	}
	total := t.unavailability
	single := map[model.Handle]bool{}
	for _, h := range t.b.singles(t.m, t.top) {
		single[h] = true
	}
	events = map[model.Ref]int{}
	evaluated := 0
	for id, h := range t.b.owner {
		if h == model.Missing {
			continue
		}
		in, _ := a.input(h)
		events[in.Ref] = id
		c := Contribution{Input: in, Single: single[h]}
		if q := in.unavailability(); q > 0 {
			switch {
			case c.Single && q < 1:
				c.Gain = q * (1 - total) / (1 - q)
			case evaluated < mostContributions:
				evaluated++
				c.Gain = total - t.with(id, 0, q)
			}
		}
		c.Gain = max(c.Gain, 0)
		c.Minutes = Monthly(c.Gain)
		if total > 0 {
			c.Share = model.PercentOf(math.Round(c.Gain/total*1e4) / 1e4)
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y Contribution) int {
		if d := cmp.Compare(y.Gain, x.Gain); d != 0 {
			return d
		}
		return x.Input.Ref.Compare(y.Input.Ref)
	})
	return t, events, out
}
