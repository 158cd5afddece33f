package availability

import (
	"cmp"
	"math/big"
	"math/rand/v2"
	"slices"
	"time"

	"diapason/internal/engine/faulttree"
	"diapason/internal/engine/renewal"
	"diapason/internal/model"
)

// Study is one service looked at closely: its fault tree, solved.
type Study struct {
	a       *Analysis
	service model.Handle
	t       *tree
	inputs  []Input // by node of the tree; zero for gates
}

// Study solves one service or other object; ok is false where it has no structure
// that can be solved.
func (a *Analysis) Study(h model.Handle) (*Study, bool) {
	t := a.tree(h)
	if t == nil {
		return nil, false
	}
	return &Study{a: a, service: h, t: t, inputs: a.inputsOf(t.b)}, true
}

// inputsOf are the failure data of the events of a graph, by node.
func (a *Analysis) inputsOf(b *graph) []Input {
	out := make([]Input, len(b.owner))
	for id, x := range b.owner {
		if x != model.Missing {
			out[id], _ = a.input(x)
		}
	}
	for id, r := range b.releaseAt {
		out[id] = a.releaseInput(r)
	}
	return out
}

// Quantiles are what a prediction may turn out to be when its inputs are as
// uncertain as they are.
type Quantiles struct {
	Low, Median, High model.Availability // 5 %, 50 % and 95 % of the samples lie below
	Samples           int
}

// Error factors of failure data that no record has corrected: the 95th percentile
// over the median of a log-normal distribution whose mean is the figure.
const (
	declaredFactor = 3  // declared by somebody who knows the thing
	defaultFactor  = 10 // the default of a class
)

// samples of the Monte Carlo: the 5 % quantile is then known to about one part in
// ten of its distance from the median.
const samples = 1000

// Uncertainty draws the failure data of everything the service needs from what is
// believed of them and solves the service for each draw. The draws start from a
// fixed seed: the same model gives the same figures. What has no failure data never
// fails here, as in the prediction. ok is false where only bounds can be solved.
func (s *Study) Uncertainty() (q Quantiles, ok bool) {
	rng := rand.New(rand.NewPCG(0x6469617061736f6e, uint64(samples)))
	list := make([]float64, 0, samples)
	defer s.restore()
	for range samples {
		for id := range s.inputs {
			in := &s.inputs[id]
			if x := in.sample(rng); x >= 0 && s.t.m.SetProbability(faulttree.NodeID(id), faulttree.Probability(x)) != nil {
				return q, false
			}
		}
		r, err := s.t.m.Unavailability(s.t.top)
		if err != nil || !r.Exact {
			return q, false
		}
		list = append(list, float64(r.Upper))
	}
	slices.Sort(list)
	at := func(share float64) model.Availability {
		return model.AvailabilityOf(list[int(share*float64(len(list)-1))])
	}
	return Quantiles{at(.95), at(.5), at(.05), len(list)}, true
}

func (s *Study) restore() {
	for id := range s.inputs {
		if in := &s.inputs[id]; in.Source != "" {
			_ = s.t.m.SetProbability(faulttree.NodeID(id), faulttree.Probability(in.unavailability()))
		}
	}
}

// sample draws an unavailability, −1 where there is nothing to draw.
func (in *Input) sample(rng *rand.Rand) float64 {
	var q float64
	switch in.Source {
	case SourceObserved:
		q = in.belief.Sample(rng)
	case SourceTimes:
		q = renewal.LogNormal(rng, steady(in.MTBF, in.MTTR), declaredFactor)
	case SourceDeclared:
		q = renewal.LogNormal(rng, in.Availability.Unavailability(), declaredFactor)
	case SourceDefault:
		q = renewal.LogNormal(rng, in.Availability.Unavailability(), defaultFactor)
	default:
		return -1
	}
	if in.several() {
		return tooFew(q, in.Instances, in.Needed)
	}
	return q
}

// Item is what fails: an object, or a product at a version that several run.
type Item struct {
	Ref     model.Ref
	Product string
}

// Item names what an input speaks of.
func (in *Input) Item() Item { return Item{in.Ref, in.Product} }

func compareItems(x, y Item) int {
	return cmp.Or(x.Ref.Compare(y.Ref), cmp.Compare(x.Product, y.Product))
}

// CutSet is a smallest set of things whose failure together stops the service.
type CutSet struct {
	Of      []Item
	Share   float64 // of time in which all of them are down
	Minutes time.Duration
}

// CutSets are the smallest sets up to an order, those that take most time first.
type CutSets struct {
	List     []CutSet
	Complete bool       // there are no others up to the order
	Count    *big.Int   // of all orders
	ByOrder  []*big.Int // at index i, those of i things
}

// CutSets lists the minimal cut sets of at most maxOrder things, at most limit of
// them; ok is false where there are too many even to count.
func (s *Study) CutSets(maxOrder, limit int) (out CutSets, ok bool) {
	sets, err := s.t.m.CutSets(s.t.top)
	if err != nil {
		return out, false
	}
	list, complete := sets.List(maxOrder, limit)
	out = CutSets{Complete: complete, Count: sets.Count(), ByOrder: sets.CountByOrder()}
	for _, c := range list {
		x := CutSet{Share: float64(c.Probability), Minutes: Monthly(float64(c.Probability))}
		for _, e := range c.Events {
			x.Of = append(x.Of, s.inputs[e].Item())
		}
		slices.SortFunc(x.Of, compareItems)
		out.List = append(out.List, x)
	}
	slices.SortStableFunc(out.List, func(x, y CutSet) int {
		return cmp.Or(cmp.Compare(y.Share, x.Share), cmp.Compare(len(x.Of), len(y.Of)), slices.CompareFunc(x.Of, y.Of, compareItems))
	})
	return out, true
}

// Importance is what one thing means to the availability of a service.
type Importance struct {
	Input         Input
	Single        bool
	Birnbaum      float64 // ∂U/∂q
	Criticality   float64 // q·B/U
	FussellVesely float64 // share of U that cut sets containing it carry
	Achievement   float64 // RAW: U if it had failed, over U
	Reduction     float64 // RRW: U over U if it never failed; +Inf where nothing would be left
}

// Importance ranks what the service needs by criticality; ok is false where only
// bounds can be solved.
func (s *Study) Importance() (out []Importance, ok bool) {
	list, err := s.t.m.Importance(s.t.top)
	if err != nil {
		return nil, false
	}
	shares := map[faulttree.NodeID]float64{}
	if fv, err := s.t.m.FussellVesely(s.t.top); err == nil {
		for _, x := range fv {
			shares[x.Event] = x.FussellVesely
		}
	}
	single := map[model.Handle]bool{}
	for _, h := range s.t.b.singles(s.t.m, s.t.top) {
		single[h] = true
	}
	alone := map[release]bool{}
	for _, r := range s.t.b.singleReleases(s.t.m, s.t.top) {
		alone[r] = true
	}
	item := func(x *faulttree.EventImportance) Item { return s.inputs[x.Event].Item() }
	slices.SortStableFunc(list, func(x, y faulttree.EventImportance) int {
		if c := cmp.Or(cmp.Compare(y.Criticality, x.Criticality), cmp.Compare(y.Birnbaum, x.Birnbaum)); c != 0 {
			return c
		}
		return compareItems(item(&x), item(&y))
	})
	out = make([]Importance, 0, len(list))
	for _, x := range list {
		r, shared := s.t.b.releaseAt[x.Event]
		h := s.t.b.owner[x.Event]
		out = append(out, Importance{
			Input: s.inputs[x.Event], Single: h != model.Missing && single[h] || shared && alone[r], Birnbaum: x.Birnbaum, Criticality: x.Criticality,
			FussellVesely: shares[x.Event], Achievement: x.AchievementWorth, Reduction: x.ReductionWorth,
		})
	}
	return out, true
}

// Rhythm says whether unavailability comes in few long or many short interruptions.
type Rhythm struct {
	PerYear      float64       // interruptions expected in a mean year
	MTBF, MTTR   time.Duration // of the service; zero where it never fails
	WithoutTimes []Item        // what has a share of unavailability but no times: not counted
}

// Rhythm is the failure frequency of the service, Σ Birnbaum / (MTBF + MTTR) over
// all that can fail, and the mean times that follow; ok is false where only bounds
// can be solved.
func (s *Study) Rhythm() (out Rhythm, ok bool) {
	for id := range s.inputs {
		if in := &s.inputs[id]; in.Source != "" && in.unavailability() > 0 && (in.MTBF <= 0 || in.MTTR <= 0) {
			out.WithoutTimes = append(out.WithoutTimes, in.Item())
		}
	}
	slices.SortFunc(out.WithoutTimes, compareItems)
	f, err := s.t.m.FailureFrequency(s.t.top, func(e faulttree.NodeID) (faulttree.Cycle, bool) {
		in := &s.inputs[e]
		if in.MTBF <= 0 || in.MTTR <= 0 {
			return faulttree.Cycle{}, false
		}
		if in.several() {
			return spared(in), true
		}
		return faulttree.Cycle{MeanUpTime: faulttree.Hours(time.Duration(in.MTBF).Hours()), MeanDownTime: faulttree.Hours(time.Duration(in.MTTR).Hours())}, true
	})
	if err != nil {
		return out, false
	}
	out.PerYear = float64(f.Frequency) * 24 * 365.25
	if out.PerYear > 0 {
		out.MTBF = inHours(float64(f.MeanUpTime))
		out.MTTR = inHours(float64(f.MeanDownTime))
	}
	return out, true
}

// spared is the life of identical instances with some to spare, each repaired by
// itself: it fails from the state in which just enough work,
//
//	frequency = needed / MTBF · P(exactly needed work), mean down time = U / frequency.
func spared(in *Input) faulttree.Cycle {
	q, n, k := steady(in.MTBF, in.MTTR), in.Instances, in.Needed
	u := tooFew(q, n, k)
	exactly := tooFew(q, n, k+1) - u
	rate := float64(k) / time.Duration(in.MTBF).Hours() * exactly
	if rate <= 0 || u <= 0 {
		return faulttree.Cycle{MeanUpTime: faulttree.Hours(longest.Hours()), MeanDownTime: faulttree.Hours(time.Duration(in.MTTR).Hours())}
	}
	down := u / rate
	return faulttree.Cycle{MeanUpTime: faulttree.Hours((1 - u) / rate), MeanDownTime: faulttree.Hours(down)}
}

func inHours(h float64) time.Duration {
	if !(h < longest.Hours()) {
		return longest
	}
	return time.Duration(h * float64(time.Hour))
}
