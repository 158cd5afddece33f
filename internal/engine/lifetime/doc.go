// Package lifetime gives the probability that a component is found failed at a
// moment, from how it fails, is repaired and is tested. It knows nothing of
// services; it is pure mathematics over the standard library.
//
// The distributions are those of the Open-PSA Model Exchange Format 2.0d,
// chapter "Stochastic Layer": [Exponential], [GLM], [Weibull], [PeriodicTest].
package lifetime

import "fmt"

// Rate is a number of events an hour, 0 or more.
type Rate float64

// Hours is a length of time.
type Hours float64

// ParameterError refuses a parameter that its distribution does not allow.
type ParameterError struct {
	Name  string // of the parameter, as in the documentation of the distribution
	Value float64
	Want  string // what is allowed, for instance "0 or more"
}

func (e *ParameterError) Error() string {
	return fmt.Sprintf("lifetime: %s is %v and must be %s", e.Name, e.Value, e.Want)
}

// Ranges of parameters.
const (
	notNegative = "0 or more"
	positive    = "more than 0"
	chance      = "between 0 and 1"
)

type check struct {
	name  string
	value float64
	want  string
}

// refuse returns the first parameter that is not allowed.
func refuse(checks ...check) error {
	for _, c := range checks {
		ok := false
		switch c.want {
		case notNegative:
			ok = c.value >= 0
		case positive:
			ok = c.value > 0
		case chance:
			ok = c.value >= 0 && c.value <= 1
		}
		if !ok { // NaN is never allowed
			return &ParameterError{c.name, c.value, c.want}
		}
	}
	return nil
}
