package assess

import (
	"testing"

	"diapason/internal/finding"
	"diapason/internal/process/processtest"
)

// All processes together tell what a change makes worse.
func TestWorse(t *testing.T) {
	before := processtest.Snapshot(t, `
service/s: {stage: live, requires: [{anyOf: [component/a, component/b]}], continuity: {rto: 4h}, security: {integrity: 2}}
component/a: {availability: 99%, security: {integrity: 3}}
component/b: {availability: 99%, security: {integrity: 3}}
agreement/g: {type: sla, services: [service/s], start: 2026-01-01, targets: [{name: av, metric: availability, availability: 99.9%, window: month}]}
recovery-plan/p: {services: [service/s], detection: 10m, decision: 10m, verification: 10m, clockStarts: event, steps: [{name: one, duration: 2h}]}
person/p: {}
`)
	plan := func(step string) string {
		return "recovery-plan/p: {services: [service/s], detection: 10m, decision: 10m, verification: 10m, clockStarts: event, steps: [{name: one, duration: " + step + "}]}"
	}
	for _, c := range []struct {
		name, change string
		want         []string
	}{
		{"the alternative goes, and the promise with it", "service/s: {stage: live, requires: [component/a], continuity: {rto: 4h}, security: {integrity: 2}}",
			[]string{"COO-009 violated error service/s part availability variant availability"}},
		{"a weaker part costs margin only", "component/a: {availability: 98%, security: {integrity: 3}}", []string{"COO-009 violated warning service/s part availability"}},
		{"a better part is no loss", "component/a: {availability: 99.5%, security: {integrity: 4}}", nil},
		{"a part below the integrity required", "component/a: {availability: 99%, security: {integrity: 1}}", []string{"COO-009 violated error service/s part security/integrity variant security"}},
		{"a part still above it", "component/a: {availability: 99%, security: {integrity: 2}}", []string{"COO-009 violated warning service/s part security/integrity"}},
		{"a plan that takes longer than the objective", plan("5h"), []string{"COO-009 violated error service/s part continuity/p variant continuity"}},
		{"a plan that takes longer, within the objective", plan("3h"), []string{"COO-009 violated warning service/s part continuity/p"}},
		{"somebody takes another name", "person/p: {email: p@example.org}", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := before.With(2, processtest.Objects(t, c.change), nil)
			var found []finding.Finding
			for _, f := range Worse(Facts(before, when), Facts(after, when)) {
				found = append(found, *f)
			}
			processtest.Render(t, found)
			processtest.Want(t, found, c.want...)
			if len(c.want) == 0 && len(found) > 0 {
				t.Errorf("found\n%s", processtest.Lines(found))
			}
		})
	}
	off := before.With(2, processtest.Objects(t, "organisation/o: {severities: [{rule: COO-009, severity: \"off\"}]}\nservice/s: {stage: build}"), nil)
	if found := Worse(Facts(before, when), Facts(off, when)); len(found) > 0 {
		t.Errorf("switched off, and yet %d findings", len(found))
	}
}
