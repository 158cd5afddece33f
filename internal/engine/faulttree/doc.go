// Package faulttree computes how often structures of shared parts fail: the
// exact unavailability of thousands of services at once, their single points
// of failure, minimal cut sets, importance of every part, and what fails when
// something is down. It knows nothing of services; it is pure mathematics over
// the standard library, without clock, disk or randomness, and gives the same
// answer on every machine.
//
// # Structure
//
// A [Graph] holds basic events, each with its unavailability, and gates, each
// failed or not as its inputs are. A thing that fails by itself or with what it
// requires is an OR of its own event and its requirements:
//
//	requires all of a, b        OR  (own, a, b)
//	any of a, b is enough       OR  (own, AND(a, b))
//	r of n must work            OR  (own, AddWorking(r, …)), failed from n−r+1 failures on
//
// Whatever several things have in common (site, power, supplier, person,
// product version) is one node that all of them name. Nothing is ever
// multiplied along branches that share a descendant.
//
// NOT and XOR exist for imported trees. Their probability is exact; cut sets
// and single points are refused with [NotCoherentError].
//
// # Circles
//
// Gates may depend on each other in circles. A circle of equations can have
// several solutions; [Options.Circles] says which one is meant:
//
//   - [SteadyState]: the least fixpoint of failure. A running set that holds
//     itself up stays up until something breaks it.
//   - [ColdStart]: the greatest fixpoint of failure. A thing works only if its
//     support can be traced to sources that need nothing.
//
// Both equal the expansion of the equations in which a gate met again on the
// way down counts as working (steady state) or failed (cold start). They are
// computed by iteration over whole functions within a strongly connected
// component, so nothing computed inside a circle is used where it is wrong.
//
// # Solving
//
// [Compile] solves all tops together and each gate once. The function of a
// gate is kept as a set of single points and a list of parts
// (F = s1 ∨ s2 ∨ … ∨ part1 ∨ part2 ∨ …):
//
//   - A series closure is a union of sets: paths are never enumerated, and
//     layered graphs with 10^40 paths cost what their nodes cost.
//   - At a redundant gate, single points and parts common to enough inputs come
//     out first; only the rest is combined, in a reduced ordered binary decision
//     diagram with complement edges (Bryant 1986; Brace, Rudell, Bryant 1990).
//   - A gate whose descendants nothing else uses is a module and becomes one
//     variable for its users (Dutuit, Rauzy 1996), so trees without sharing
//     take linear time.
//   - For probabilities, parts that share variables are decomposed on the
//     variable that most of them share until they fall apart, equal remainders
//     once for all tops (decision-DNNF with component caching).
//
// # Budgets and bounds
//
// Budgets are counted in diagram nodes ([Options.NodeBudget]). A top for which
// no ordering of [Options.Orderings] suffices has a [Result] with Exact false
// and proven bounds: conditioning on the variables shared most, and association
// of coherent functions of independent events (Esary, Proschan, Walkup 1967)
// in each case. Single points of failure stay exact. What would need an exact
// diagram is refused with a [BudgetError].
//
// Probabilities are double precision; those of coherent tops are sums and
// products of non-negative terms, so that tiny ones keep their relative
// precision.
//
// # Measures
//
// With P the unavailability of the top, q and B unavailability and Birnbaum
// importance of an event:
//
//	Birnbaum              B = ∂P/∂q
//	criticality           q·B/P
//	diagnostic            P(event failed | top failed) = q·RAW
//	RAW                   1 + (1−q)·B/P
//	RRW                   P/(P − q·B)
//	Fussell-Vesely        P(a cut set containing the event is failed)/P
//	failure frequency     Σ B/(MUT + MDT)
//
// All of them assume steady state and repair of each event on its own.
//
// # Changes and states
//
// Diagrams depend on the structure alone: after [Model.SetProbability] the
// tops are evaluated again without building anything. [Propagation] answers
// "what fails when these are down" in time linear in what is hit.
package faulttree
