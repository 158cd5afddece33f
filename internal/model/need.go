package model

import (
	"encoding/json"
	"fmt"
)

// Need is an element of a dependency expression: a reference, or a group of
// which one (AnyOf) or K (AtLeast … Of) are enough. Groups nest.
type Need struct {
	On       Ref      // leaf
	For      []Phase  // when a leaf counts; empty means to run and to start
	AnyOf    []Need   // one of these is enough
	Takeover Duration // how long it takes for an alternative to take over
	AtLeast  int      // how many of Of are needed
	Of       []Need
}

// IsZero reports an absent need.
func (n Need) IsZero() bool {
	return n.On.IsZero() && len(n.For) == 0 && len(n.AnyOf) == 0 && n.Takeover == 0 && n.AtLeast == 0 && len(n.Of) == 0
}

// Group returns the alternatives of a group and how many of them are needed;
// nil for a leaf.
func (n Need) Group() (alternatives []Need, needed int) {
	if len(n.AnyOf) > 0 {
		return n.AnyOf, 1
	}
	if n.AtLeast > 0 || len(n.Of) > 0 {
		return n.Of, n.AtLeast
	}
	return nil, 0
}

// Counts reports whether a leaf counts in a phase.
func (n Need) Counts(p Phase) bool {
	for _, x := range n.For {
		if x == p {
			return true
		}
	}
	return len(n.For) == 0
}

// Refs calls fn for each reference in the expression.
func (n Need) Refs(fn func(Ref)) {
	if !n.On.IsZero() {
		fn(n.On)
	}
	for _, x := range n.AnyOf {
		x.Refs(fn)
	}
	for _, x := range n.Of {
		x.Refs(fn)
	}
}

type needRecord struct {
	On       Ref      `json:"on,omitzero" ref:"service,component,site,supplier,team,person,tool,data-asset" edge:"structure" mat:"y" l:"On|De"`
	For      []Phase  `json:"for,omitempty,omitzero" mat:"y" l:"For|Pour"`
	AnyOf    []Need   `json:"anyOf,omitempty,omitzero" mat:"y" l:"Any of|L'un de"`
	Takeover Duration `json:"takeover,omitempty,omitzero" mat:"y" l:"Takes over in|Prend le relais en"`
	AtLeast  int      `json:"atLeast,omitempty,omitzero" mat:"y" l:"At least|Au moins"`
	Of       []Need   `json:"of,omitempty,omitzero" mat:"y" l:"Of|Parmi"`
}

// MarshalJSON writes a bare reference where that says it all.
func (n Need) MarshalJSON() ([]byte, error) {
	if !n.On.IsZero() && len(n.For) == 0 && n.Takeover == 0 && len(n.AnyOf) == 0 && len(n.Of) == 0 && n.AtLeast == 0 {
		return json.Marshal(n.On)
	}
	return json.Marshal(needRecord(n))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Need) UnmarshalJSON(b []byte) error {
	*n = Need{}
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &n.On)
	}
	var r needRecord
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("a dependency is a reference, {on, for}, {anyOf, takeover} or {atLeast, of}: %w", err)
	}
	*n = Need(r)
	return nil
}
