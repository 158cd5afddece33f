package redundancy

import "math"

// Probability is a probability: a number from 0 to 1.
type Probability float64

// Amount is an amount of a resource, in the unit of the resource: not negative.
type Amount float64

// Unlimited is the limit of a resource of which there is enough.
var Unlimited = Amount(math.Inf(1))

// Resource is something that components use: cost, weight, energy, volume.
type Resource struct {
	Name  string
	Limit Amount // Unlimited: only counted
}

// Use is how much of a resource a number of components of one type use together.
type Use struct {
	Each  Amount   // for each component; counts where Table is empty
	Table []Amount // for 1, 2, 3 … components
}

// of gives the use of n components.
func (u *Use) of(n int) float64 {
	switch {
	case n == 0:
		return 0
	case n <= len(u.Table):
		return float64(u.Table[n-1])
	case len(u.Table) > 0:
		return math.Inf(1)
	}
	return float64(u.Each) * float64(n)
}

// Type is a type of component.
type Type struct {
	Name        string
	Reliability Probability
	Uses        []Use // by resource, in the order of the problem; missing ones are 0
	Min, Max    int   // number of components of this type; Max 0: as many as the subsystem allows
}

// Subsystem is a place to fill with components.
type Subsystem struct {
	Name  string
	Types []Type
	// Min and Max are the number of components of all types together. Max 0:
	// as many as the limits of resources allow.
	Min, Max int
	// Needed is the number of components that must work; 0 means 1.
	Needed int
	// Mixing allows components of different types.
	Mixing bool
	// Uses is what the components use beyond what their types do, by their
	// number whatever their types.
	Uses []Use
}

func (s *Subsystem) needed() int { return max(s.Needed, 1) }

// Structure says when the system works: with a subsystem, with enough of several
// structures, with a path through a network, or without a structure. Exactly one
// of Subsystem, Of, Network and Not is given.
type Structure struct {
	Subsystem string
	Needed    int // of Of; 0 means all
	Of        []Structure
	Network   *Network
	Not       *Structure // works when that fails; then more components may do harm
}

// Network works when working links lead from Source to Target through working nodes,
// both ends among them. Nodes lists those that fail; all others always work.
type Network struct {
	Source, Target string
	Links          []Link
	Nodes          []Node
}

// Node is a node of a network that fails; it works when its subsystem does. Several
// nodes and links may name one subsystem.
type Node struct {
	Name      string
	Subsystem string
}

// Link is a link of a network; it works when its subsystem does. Several links
// may name one subsystem.
type Link struct {
	From, To  string
	Subsystem string
	Directed  bool // passes from From to To only
}

// Problem is a redundancy allocation problem.
type Problem struct {
	Resources  []Resource
	Subsystems []Subsystem
	Structure  *Structure // nil: all subsystems in series
}

// Goal is what the best solution is.
type Goal struct {
	// Minimise names the resource to use as little of as possible; empty means
	// the highest reliability within the limits.
	Minimise string
	// Target is the reliability to reach, whatever is sought.
	Target Probability
}

// Part is a number of components of one type.
type Part struct {
	Type  string
	Count int
}

// Filling is what one subsystem gets.
type Filling struct {
	Subsystem     string
	Parts         []Part // types with at least one component, in the order of the problem
	Reliability   Probability
	Unreliability Probability
	Uses          []Amount // by resource
}

// Solution is the best found.
type Solution struct {
	// Exact tells that nothing better exists. Otherwise Bound says how much
	// better a solution could be at most.
	Exact bool
	// Reliability of the system and Unreliability, its complement with its own
	// precision.
	Reliability   Probability
	Unreliability Probability
	Fillings      []Filling // by subsystem, in the order of the problem
	Uses          []Amount  // by resource, of the whole system
	// Bound is proven: no solution has a lower unreliability, or, where a
	// resource is minimised, none uses less of it.
	Bound float64
	// Visited counts the states and nodes of the search.
	Visited int
}
