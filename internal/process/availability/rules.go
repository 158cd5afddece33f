package availability

import "diapason/internal/finding"

// Rules are the coherence rules of this process.
func Rules() []finding.Rule { return nil }

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{New(f)} }
