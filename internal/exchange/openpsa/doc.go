// Package openpsa reads and writes models in the Open-PSA Model Exchange Format
// 2.0d (open-psa.github.io/mef): fault trees with components, gates, basic and
// house events, parameters, the stochastic expressions of basic events, and
// common-cause groups. Event trees, alignments, consequences, rules,
// substitutions, includes and external functions are refused with their place.
//
// [Read] takes one or several files that together are one model and names
// everything that is wrong in one pass. [Model.Assemble] turns the part that a
// top event needs into a tree for package topevent, with the expressions from
// which the probabilities of its events come. [Model.Write] writes a model back.
//
// # What the format leaves open
//
//   - Names defined twice are refused; the format would take the last definition.
//   - An event that nobody defines is refused, except a member of a common-cause
//     group: the group gives its distribution.
//   - A reference is looked for in the container it stands in and the containers
//     around it, then among public names, then as a full path.
//   - nand and nor of several formulas are the negated and and or; iff of several
//     is associative (true iff an even number of them is false).
//   - A random deviate counts as its mean wherever nothing is drawn.
package openpsa

// File is one file of a model.
type File struct {
	Name string
	Data []byte
}
