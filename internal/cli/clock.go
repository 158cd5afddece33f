package cli

import "time"

// clock is the time that everything goes by which a command opens. Pace is how many times
// as fast as the machine's own time it runs.
type clock struct {
	now  func() time.Time
	pace float64
}

// machine is the machine's clock. Tests that cannot wait for minutes put a faster one in
// its place.
var machine = clock{now: time.Now, pace: 1}
