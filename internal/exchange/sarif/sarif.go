// Package sarif writes findings as SARIF 2.1.0 (OASIS), which code hosts and
// editors show beside the lines they speak of.
package sarif

import (
	"encoding/json"
	"io"
	"path/filepath"

	"diapason/internal/app"
	"diapason/internal/finding"
)

// Rule describes a rule in the log.
type Rule struct {
	ID, Title, Explanation string
	Severity               finding.Severity
}

func level(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "note"
}

type text struct {
	Text string `json:"text"`
}

// Write writes one run. Waived and taken-over findings are suppressions.
func Write(w io.Writer, version string, rules []Rule, findings []app.FindingView) error {
	descriptors := []any{}
	index := map[string]int{}
	for i, r := range rules {
		index[r.ID] = i
		descriptors = append(descriptors, map[string]any{
			"id": r.ID, "shortDescription": text{r.Title}, "fullDescription": text{r.Explanation},
			"defaultConfiguration": map[string]any{"level": level(r.Severity)},
		})
	}
	results := []any{}
	for _, f := range findings {
		message := f.Text
		if f.Remedy != "" {
			message += "\n" + f.Remedy
		}
		r := map[string]any{
			"ruleId": f.Rule, "ruleIndex": index[f.Rule], "level": level(f.Severity), "message": text{message},
			"partialFingerprints": map[string]string{"diapason/v1": f.ID},
			"properties":          map[string]any{"outcome": f.Outcome, "subject": f.Subject.Ref, "evidence": f.Evidence},
		}
		location := map[string]any{"logicalLocations": []any{map[string]any{"fullyQualifiedName": f.Subject.Ref.String() + f.Pointer, "kind": "object"}}}
		if f.File != "" {
			location["physicalLocation"] = map[string]any{
				"artifactLocation": map[string]any{"uri": filepath.ToSlash(f.File)},
				"region":           map[string]any{"startLine": f.Line, "startColumn": f.Column},
			}
		}
		r["locations"] = []any{location}
		var suppressions []any
		if f.Waiver != nil {
			suppressions = append(suppressions, map[string]any{"kind": "external", "status": "accepted", "justification": f.Waiver.Ref.String()})
		}
		if f.Baseline {
			suppressions = append(suppressions, map[string]any{"kind": "external", "status": "accepted", "justification": "baseline"})
			r["baselineState"] = "unchanged"
		}
		if suppressions != nil {
			r["suppressions"] = suppressions
		}
		results = append(results, r)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []any{map[string]any{
			"tool":       map[string]any{"driver": map[string]any{"name": "Diapason", "semanticVersion": version, "rules": descriptors}},
			"columnKind": "unicodeCodePoints", "results": results,
		}},
	})
}
