package promrules

import (
	"strconv"
	"time"

	"diapason/internal/exchange/slofile"
	"diapason/internal/finding"
)

// tellFactor tells of a factor that makes no sense for an objective: an error ratio is
// at most 1, so an alert above a ratio of 1 or more never fires; and below a factor of
// 1 it fires although the budget is kept. It tells whether the alert can fire.
func (s *Set) tellFactor(o *slofile.Objective, severity string, factor float64, long time.Duration) bool {
	budget := 1 - o.Target.Ratio()
	args := finding.Args{"severity": severity, "factor": number(factor), "long": promDuration(long), "target": number(float64(o.Target))}
	switch {
	case factor*budget >= 1:
		args["most"] = number(1 / budget)
		s.note(o.Place, o.ID(), "slo.burn.never", args)
		return false
	case factor < 1 && budget > 0:
		s.note(o.Place, o.ID(), "slo.burn.slow", args)
	}
	return true
}

// number writes a figure for people, with four digits behind the point at most.
func number(f float64) string {
	v, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', 4, 64), 64)
	if err != nil {
		v = f
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
