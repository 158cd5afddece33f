package finding

import (
	"time"

	"diapason/internal/model"
)

// Leg is a piece of evidence: who works on what from when to when.
type Leg struct {
	By model.Ref
	// What is done: a metric of the model, a text or a name of the user's own.
	What any
	// From and To are in the zone in which they are to be read; To is zero where
	// it never ends.
	From, To time.Time
}

// Band is a piece of evidence: the credit due for attainments from From, held,
// to Below, not held.
type Band struct {
	From, Below model.Availability
	Credit      model.Percent
}

// Pair is a piece of evidence: a figure of something.
type Pair struct {
	Of, Value any
}
