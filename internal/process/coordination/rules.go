// Package coordination keeps the design of services whole: references that lead
// somewhere, the four Ps, owners and roles, the service design package, stages and
// dates along dependencies, start-up, waivers, criticality, changes, approvals and
// objectives.
package coordination

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Rules are the coherence rules of this process.
func Rules() []finding.Rule {
	rule := func(id string, reach finding.Reach, s finding.Severity, check func(*finding.Facts, model.Handle, func(finding.Finding)), kinds ...string) finding.Rule {
		return finding.Rule{ID: id, Process: finding.Coordination, Kinds: kinds, Reach: reach, Severity: s, Check: check}
	}
	rules := []finding.Rule{
		rule("COO-001", finding.Near, finding.Error, checkReferences, referring()...),
		rule("COO-002", finding.Closure, finding.Error, checkFourPs, "service"),
		rule("COO-003", finding.Near, finding.Error, checkOwners, "service", "process", "team", "person", "role-assignment"),
		rule("COO-004", finding.Near, finding.Error, checkSections, "service"),
		rule("COO-005", finding.Closure, finding.Error, checkLifecycle, "service"),
		rule("COO-006", finding.Closure, finding.Error, checkStartUp, startKinds...),
		rule("COO-007", finding.Near, finding.Info, checkAlike, alikeKinds...),
		rule("COO-008", finding.Near, finding.Info, checkUnused, "component", "contract", "person", "skill"),
		rule("COO-009", finding.Near, finding.Error, nothingWorse),
		rule("COO-010", finding.Near, finding.Warning, checkWaiver, "waiver"),
		rule("COO-011", finding.Below, finding.Warning, checkCriticality, "service", "component"),
		rule("COO-012", finding.Whole, finding.Error, checkChange, "maintenance"),
		rule("COO-013", finding.Near, finding.Warning, checkDeputy, "role-assignment"),
		rule("COO-014", finding.Closure, finding.Warning, checkStale, "service", "document", "policy"),
		rule("COO-015", finding.Closure, finding.Info, checkObjectives, "service", "organisation"),
	}
	rules[0].Beyond = beyondReferences
	rules[6].Beyond = beyondAlike
	rules[len(rules)-1].Beyond = beyondObjectives
	return rules
}

// Analyses are the computations of this process, made for one set of facts.
func Analyses(f *finding.Facts) []any { return []any{newAnalysis(f)} }
