// Package redundancy chooses how many components of which type a system gets:
// the redundancy allocation problem of the reliability field, solved exactly.
// It is pure mathematics over the standard library, without clock, disk or
// randomness, and gives the same answer on every machine.
//
// # Problem
//
// A [Problem] has subsystems, each filled with components of one or several
// types. A component works with the reliability of its type, independently of
// all others; a subsystem works when enough of its components do. The
// [Structure] says which subsystems the system needs: all of them, some of
// them, or a path through a two-terminal network, of which links and nodes fail; a subsystem may be named more
// than once. Components use resources (cost, weight, energy …), proportionally
// or by a table, and resources have limits.
//
// The [Goal] is the highest reliability within the limits, or the least use of
// one resource that reaches a reliability. [Front] gives every best compromise
// between the two.
//
// # Method
//
// The possible fillings of a subsystem are enumerated and those that another
// one beats in every respect are dropped. Subsystems in series or in parallel
// with each other are merged, again keeping what nothing beats. What is left is
// one of two problems:
//
//   - Series or parallel: a multiple-choice knapsack problem in several
//     dimensions (Nauss 1978; Caserta and Voß 2015). Lagrangian multipliers
//     bound it, remove options by their reduced cost, and prune a dynamic
//     program over undominated states.
//
//   - Anything else, bridges and networks included: branch and bound over the
//     decision diagram of the structure. With u the unreliability, log u is the
//     logarithm of a sum of products of subsystem probabilities, hence convex in
//     the logarithms of the subsystems' probabilities q of failing and p of
//     working:
//
//     log u(x) ≥ log u(r) + Σ αᵢ·log(qᵢ(x)/qᵢ(r)) + Σ βᵢ·log(pᵢ(x)/pᵢ(r))
//
//     with αᵢ, βᵢ the probabilities that subsystem i decided the failure by
//     failing or working, given that the system fails at the reference r. The
//     right side is separable, so Lagrangian multipliers bound it as well.
//
// Both end with a proof, or, when the context is done before, with the best
// that was found and a proven bound, and say which ([Solution.Exact]).
//
// # Precision
//
// Probabilities of failure are kept beside reliabilities and computed without
// subtraction, so that unreliabilities of 1e-12 keep their relative precision.
// Amounts of resources are taken as decimals and added as integers; limits are
// met exactly. Two unreliabilities closer than one part in 1e12 count as equal.
//
// [Selection] is a different question with the same answer: which of a number
// of changes to a design, each with a price, bring a function that can only
// improve below a target.
package redundancy
