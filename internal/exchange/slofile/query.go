package slofile

import (
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promquery"
	"diapason/internal/finding"
)

// Fill puts a window in place of its variable.
func Fill(query, window string) string { return strings.ReplaceAll(query, Window, window) }

// CheckQuery says what is wrong with a query that looks back on a window: it must be
// PromQL and hold Window; nil where nothing is. The place is where it stands.
func CheckQuery(at intake.Place, key, query string) *intake.Problem {
	filled := Fill(query, "1m")
	switch {
	case filled == query:
		return &intake.Problem{Place: at, Code: "slo.query.window", Args: finding.Args{"key": key}}
	case strings.Contains(filled, "{{"):
		return &intake.Problem{Place: at, Code: "slo.query.template", Args: finding.Args{"key": key}}
	}
	if err := promquery.Check(filled); err != nil {
		return &intake.Problem{Place: at, Code: "slo.query.promql", Args: finding.Args{"key": key, "detail": err.Error()}}
	}
	return nil
}
