package continuity

import (
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// logOrder is CON-014: the lines of a crisis log follow one another in time, none
// without its time, before the interruption or on a day that has not come. Only the
// first line that breaks it is told: what follows stands or falls with it.
func logOrder(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	var log []model.LogLine
	var start model.Instant
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.Exercise:
		log = s.Log
	case *model.Outage:
		log, start = s.Log, s.Start
	}
	for i := range log {
		x := finding.Finding{Part: "log", Pointer: "/spec/log/" + strconv.Itoa(i) + "/at", Args: finding.Args{"line": i + 1, "at": log[i].At}}
		switch {
		case log[i].At.IsZero():
			x.Variant, x.Args = "timeless", finding.Args{"line": i + 1}
		case model.DateOf(log[i].At.Time) > f.On:
			x.Variant = "ahead"
		case i > 0 && log[i].At.Before(log[i-1].At.Time):
			x.Args["before"] = log[i-1].At
			x.Evidence = []finding.Evidence{{Label: "before", Value: log[i-1].At}, {Label: "at", Value: log[i].At}}
		case i == 0 && !start.IsZero() && log[i].At.Before(start.Time):
			x.Variant, x.Args["start"] = "early", start
		default:
			continue
		}
		emit(x)
		return
	}
}
