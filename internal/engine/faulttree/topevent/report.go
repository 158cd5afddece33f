package topevent

import "math/big"

// Options says what to compute and how much it may take. The zero value asks
// for the probability alone with default budgets. Time limits come through the
// context.
type Options struct {
	CutSets bool // count minimal cut sets by order
	List    int  // how many of them to list, most probable first; negative: all
	// Primes asks for prime implicants of a tree that is not coherent, instead
	// of minimal p-cuts. On a coherent tree both are the minimal cut sets.
	Primes bool
	// MaxOrder and CutOff restrict the analysis of cut sets itself: larger and
	// less probable ones are left out of counts and lists. 0 restricts nothing.
	MaxOrder int
	CutOff   Probability

	// Importance of all events. Fussell-Vesely needs the cut sets too and is
	// NaN when they are not asked for.
	Importance bool

	// MemoryLimit bounds the bytes held in tables; 0 means 1.5 GiB. When it is
	// reached the work goes on to what can still be said within it.
	MemoryLimit int64
	// NodeBudget bounds the nodes of one diagram; 0 leaves it to MemoryLimit.
	NodeBudget int
}

func (o Options) wantsCutSets() bool {
	return o.CutSets || o.List != 0 || o.MaxOrder > 0 || o.CutOff > 0
}

// CutSetKind says what the products of a list are.
type CutSetKind uint8

// The kinds of products.
const (
	MinimalCutSets  CutSetKind = iota // of a coherent tree
	MinimalPCuts                      // least sets of failures that fail the top with some state in which nothing else is failed
	PrimeImplicants                   // with complemented events
)

// String returns the kind in words of JSON reports.
func (k CutSetKind) String() string {
	return [...]string{"minimal_cut_sets", "minimal_p_cuts", "prime_implicants"}[k]
}

// Report is what an analysis found.
type Report struct {
	// Lower ≤ P(top) ≤ Upper; proven. Exact: they are the same number, to the
	// precision of sums and products of non-negative doubles.
	Lower, Upper Probability
	Exact        bool
	// Interrupted: the context ended the work before the bounds met.
	Interrupted bool

	Coherent bool // no event helps by failing: there is no NOT or XOR that counts

	CutSets    *CutSets          // nil unless asked for and found
	Importance []EventImportance // nil unless asked for and found; all events of the tree in order

	Events    int   // basic events below the top, absorbed ones included
	Modules   int   // independent subtrees solved apart
	Nodes     int   // diagram nodes kept
	PeakBytes int64 // most bytes held in tables at once
	// Unsolved says what was asked for and not found within the budgets.
	Unsolved []string
}

// Probability returns the probability of the top event, and false when only
// bounds are known.
func (r *Report) Probability() (Probability, bool) { return r.Lower, r.Exact }

// CutSets holds the minimal products of a tree.
type CutSets struct {
	Kind CutSetKind
	// Complete: Count and ByOrder are of all minimal products that the
	// restrictions allow. Otherwise there are at least as many.
	Complete bool
	MaxOrder int         // restriction by order, 0 for none
	CutOff   Probability // restriction by probability, 0 for none
	Count    *big.Int
	ByOrder  []*big.Int // index is the order; ByOrder[0] is 1 when the top needs no failure
	// Sum of the probabilities of all counted products: the rare-event bound.
	Sum    float64
	Listed []Product
	// Remainder bounds from above the probability that some product fails
	// that is counted but not listed.
	Remainder Probability
	// Excluded bounds from above the probability that some product fails that the
	// restrictions leave out.
	Excluded Probability
}

// Product is a set of literals that together fail the top.
type Product struct {
	Literals    []Arg // ascending by node; Negated only in prime implicants
	Probability Probability
}

// EventImportance has the measures of one event; see the package
// documentation for formulas. All are 0, and RAW and RRW 1, for an event that
// the top does not depend on.
type EventImportance struct {
	Event         Node
	Birnbaum      float64
	Criticality   float64
	Diagnostic    float64 // P(event | top)
	FussellVesely float64 // share of P carried by cut sets with the event; NaN where that is not computed
	RAW           float64
	RRW           float64 // +Inf when the top cannot fail without the event
}
