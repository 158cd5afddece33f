package availability

import (
	"math"

	"diapason/internal/engine/renewal"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Source says where the failure data of an object come from, in order of trust.
type Source string

// The sources of failure data.
const (
	SourceObserved Source = "observed"      // declared figures corrected by recorded interruptions
	SourceTimes    Source = "mtbf-mttr"     // declared MTBF and MTTR
	SourceDeclared Source = "declared"      // declared availability
	SourceDefault  Source = "class-default" // the organisation's default for its class
	SourceNone     Source = "missing"       // nothing is known: taken as never failing
	SourceNotOwn   Source = "not-own"       // people and suppliers without a figure: they count as common causes only
)

// Input is the failure data of one object that a prediction rests on.
type Input struct {
	Ref          model.Ref
	Product      string // a product at a version that several things run; Ref is then the organisation
	Pointer      string // where the figure stands, or should stand
	Source       Source
	Availability model.Availability // of the object alone, everything it needs working
	MTBF, MTTR   model.Duration     // where Source is SourceTimes or SourceObserved: mean up time and mean time to restore
	Repair       model.Duration     // the MTTR declared, where the hours of those who restore lengthen it
	Instances    int                // identical instances, of which the figures are those of one
	Needed       int                // how many of them must work; 0 where the figures are those of all together

	// Where Source is SourceObserved: what was declared, and the failures since when.
	Declared       model.Availability
	DeclaredSource Source
	Observed       int
	Since          model.Date

	belief *renewal.Belief
}

// unavailability is the share of time in which the object has failed by itself.
func (in *Input) unavailability() float64 {
	q := in.Availability.Unavailability()
	switch in.Source {
	case SourceTimes:
		q = steady(in.MTBF, in.MTTR)
	case SourceObserved:
		q = in.belief.Unavailability()
	}
	if in.several() {
		return tooFew(q, in.Instances, in.Needed)
	}
	return q
}

// steady is the steady-state unavailability MTTR / (MTBF + MTTR), with MTBF read
// as mean up time.
func steady(mtbf, mttr model.Duration) float64 {
	return float64(mttr) / (float64(mtbf) + float64(mttr))
}

// tooFew is the probability that fewer than needed of n independent instances
// work, each failed with probability q (binomial distribution). The terms are
// summed from the failures, so that nines lose no precision.
func tooFew(q float64, n, needed int) float64 {
	if q <= 0 || q >= 1 {
		return q
	}
	sum := 0.0
	for failed := n - needed + 1; failed <= n; failed++ {
		lc, _ := math.Lgamma(float64(n + 1))
		la, _ := math.Lgamma(float64(failed + 1))
		lb, _ := math.Lgamma(float64(n - failed + 1))
		// In logarithms: of thousands of instances the coefficient alone overflows.
		sum += math.Exp(lc - la - lb + float64(failed)*math.Log(q) + float64(n-failed)*math.Log1p(-q))
	}
	return min(sum, 1)
}

// several reports identical instances, of which the figures are those of one.
func (in *Input) several() bool { return in.Instances > 1 && in.Needed > 0 }

// input gives the failure data of an object that fails by itself; own is false
// where the object fails only with what it needs.
func (a *Analysis) input(h model.Handle) (in Input, own bool) {
	in = Input{Ref: a.f.Snap.Ref(h), Source: SourceNone}
	o := a.f.Snap.Object(h)
	if o == nil {
		return in, true
	}
	switch s := o.Spec.(type) {
	case *model.Component:
		in.Instances, in.Needed = s.Instances, s.Needed
		if n, needed := a.instancesNeeded(h, s); n > 0 {
			in.Instances, in.Needed = n, needed
		}
		a.figures(&in, s.MTBF, s.MTTR, s.Availability, s.Class)
		if w := a.waitOf(h); w != nil && w.Known && in.Source == SourceTimes {
			in.Repair, in.MTTR = s.MTTR, model.Duration(w.Down)
			in.Availability = model.AvailabilityOf(steady(in.MTBF, in.MTTR))
		}
	case *model.Site:
		a.figures(&in, s.MTBF, s.MTTR, s.Availability, "site")
	case *model.Tool:
		a.figures(&in, s.MTBF, s.MTTR, s.Availability, "tool")
	case *model.Supplier:
		a.figures(&in, 0, 0, s.Availability, "supplier")
		in.notOwn()
	case *model.Person:
		a.figures(&in, 0, 0, nil, "person")
		in.notOwn()
	case *model.Team:
		a.figures(&in, 0, 0, nil, "team")
		in.notOwn()
		return in, in.Source == SourceDefault || len(members(a.f, s).of) == 0
	case *model.Service:
		in.Pointer = "/spec/requires"
		return in, len(needs(a.f, h)) == 0
	default:
		return in, false
	}
	a.learn(h, &in)
	return in, true
}

func (in *Input) notOwn() {
	if in.Source == SourceNone {
		in.Source = SourceNotOwn
	}
}

func (a *Analysis) figures(in *Input, mtbf, mttr model.Duration, declared *model.Availability, class string) {
	if mtbf > 0 && mttr > 0 {
		in.Source, in.Pointer, in.MTBF, in.MTTR = SourceTimes, "/spec/mtbf", mtbf, mttr
		in.Availability = model.AvailabilityOf(steady(mtbf, mttr))
		return
	}
	if declared != nil {
		in.Source, in.Pointer, in.Availability = SourceDeclared, "/spec/availability", *declared
		return
	}
	if d, ok := a.defaults[class]; ok && class != "" {
		in.Source, in.Pointer, in.Availability = SourceDefault, "/spec/class", d
		return
	}
	in.Pointer = "/spec/mtbf"
	if mtbf > 0 {
		in.Pointer = "/spec/mttr"
	}
}

func classDefaults(f *finding.Facts) map[string]model.Availability {
	out := map[string]model.Availability{}
	for _, d := range f.Snap.Organisation().Defaults {
		if d.Class == productClass {
			continue
		}
		out[d.Class] = d.Availability
	}
	return out
}
