// Package topevent solves one fault tree, however hard: the exact probability
// of its top event, its minimal cut sets or prime implicants, and the
// importance of its events; or else proven bounds, and says so. It is pure
// mathematics over the standard library, without clock, disk or outside
// randomness; limits of time come through a context. For thousands of
// services that share parts see the parent package.
//
// # Steps
//
//  1. [Check] refuses what is no formula, and names cycles.
//  2. The tree becomes a graph of AND, OR, at-least and XOR gates with
//     complements on arguments; equal gates and complementary duals are one
//     vertex. Rounds of rewriting follow: gates of one operator merge; an
//     argument of a gate is a constant in all that only this gate uses
//     (x ∨ F(x) = x ∨ F(false), found by dominators); common arguments are
//     factored out; arguments that always occur together become one; arguments
//     that share nothing with their neighbours get a gate of their own.
//  3. Gates of which no descendant is used from outside are modules (Dutuit
//     and Rauzy 1996) and are solved apart.
//  4. Each module becomes a binary decision diagram with complement edges
//     (Bryant 1986; Brace, Rudell, Bryant 1990). Depth-first orders, orders by
//     weight, and what FORCE (Aloul, Markov, Sakallah 2003) makes of them race
//     within growing budgets of nodes; those that get furthest go on. Late in
//     a race one contender reorders its variables by sifting (Rudell 1993).
//  5. When no contender can go on, each gate is computed within a size and cut
//     down where that costs least probability, to a function that implies it
//     and one that it implies. These bound the top whatever the probabilities
//     of the events, and the interval shrinks as sizes grow with time.
//
// # Figures
//
// Each node holds the probability of its function and that of the complement,
// as sums and products of non-negative numbers: 10⁻¹² is as precise as ½. With
// P the probability of the top, q and B probability and Birnbaum importance of
// an event:
//
//	Birnbaum         B = ∂P/∂q
//	criticality      q·B/P
//	diagnostic       P(event | top) = q·RAW
//	RAW              1 + (1−q)·B/P
//	RRW              P/(P − q·B)
//	Fussell-Vesely   sum of the probabilities of the products with the event,
//	                 divided by the sum over all products
//
// # Products
//
// Minimal cut sets come from the diagrams as zero-suppressed diagrams (Rauzy
// 1993; Minato 1993) and are counted by order without being written out; large
// counts are exact, by Chinese remainders. They are listed most probable
// first, as many as asked for. A tree that is not coherent, one with a NOT or
// XOR that counts, has two things that generalise them: minimal p-cuts (the
// least sets of failures that fail the top in some state in which nothing else
// has failed) and prime implicants (with complements; Coudert and Madre 1992).
// [CutSets] says which they are. Up to a given order, cut sets of coherent
// trees are also found gate by gate, when no diagram can be built.
//
// # Second method
//
// [Simulate] samples states of the tree as it stands, 64 at a time, and shares
// no step with the above.
package topevent
