package faulttree

import "fmt"

// Hours is a duration in hours. Mean times between failures of single parts
// exceed what time.Duration can hold.
type Hours float64

// Frequency is a number of failures per hour.
type Frequency float64

// Cycle is the life of a repairable event.
type Cycle struct {
	MeanUpTime   Hours
	MeanDownTime Hours
}

// Unavailability returns the steady-state q = MDT/(MUT + MDT).
func (c Cycle) Unavailability() Probability {
	return Probability(c.MeanDownTime / (c.MeanUpTime + c.MeanDownTime))
}

// CycleError refuses mean times that are negative, not numbers, or both zero.
type CycleError struct {
	Event NodeID
	Cycle Cycle
}

func (e *CycleError) Error() string {
	return fmt.Sprintf("event %d: mean up time %v h and mean down time %v h must be zero or more and not both zero", e.Event, float64(e.Cycle.MeanUpTime), float64(e.Cycle.MeanDownTime))
}

// Interruptions tells one long interruption from many short ones.
type Interruptions struct {
	Frequency    Frequency
	MeanUpTime   Hours // (1 − P) / Frequency; +Inf when it never fails
	MeanDownTime Hours // P / Frequency; NaN when it never fails
}

// FailureFrequency returns how often a coherent top fails in steady state,
// Σ B_i / (MUT_i + MDT_i) (Birnbaum, Esary, Saunders; Barlow and Proschan
// 1975), for events repaired independently of each other. cycle returns false
// for an event that never changes its state. The probabilities of the model
// are used as they are and not derived from the cycles. Errors:
// *[NotATopError], *[NotCoherentError], *[BudgetError], *[CycleError].
func (m *Model) FailureFrequency(top NodeID, cycle func(event NodeID) (Cycle, bool)) (Interruptions, error) {
	events, err := m.Importance(top)
	if err != nil {
		return Interruptions{}, err
	}
	if c := m.tries[m.solved[top]]; !c.sys.coherent[top] {
		return Interruptions{}, &NotCoherentError{Node: top}
	}
	var w float64
	for _, e := range events {
		c, ok := cycle(e.Event)
		if !ok {
			continue
		}
		if !(c.MeanUpTime >= 0 && c.MeanDownTime >= 0 && c.MeanUpTime+c.MeanDownTime > 0) {
			return Interruptions{}, &CycleError{Event: e.Event, Cycle: c}
		}
		w += e.Birnbaum / float64(c.MeanUpTime+c.MeanDownTime)
	}
	p := float64(m.results[top].Lower)
	return Interruptions{
		Frequency:    Frequency(w),
		MeanUpTime:   Hours((1 - p) / w),
		MeanDownTime: Hours(p / w),
	}, nil
}
