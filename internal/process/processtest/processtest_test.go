package processtest

import (
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
)

const small = `
service/payroll: {title: {en: Payroll, fr: Paie}, owner: person/ann, stage: live, requires: [component/db]}
person/ann: {}
---
kind: Component
metadata: {name: db}
spec: {class: database}
`

func TestTerseAndFullDocumentsMakeOneModel(t *testing.T) {
	s := Snapshot(t, small)
	if s.Len() != 3 {
		t.Fatalf("%d objects, want 3", s.Len())
	}
	o := s.Get(model.Ref{Kind: "service", Name: "payroll"})
	if o.Title("fr") != "Paie" || o.Metadata.Owner.String() != "person/ann" || o.Spec.(*model.Service).Stage != model.StageLive {
		t.Fatalf("payroll was read as %s", o.Document())
	}
}

func TestEvaluateCompletesFindings(t *testing.T) {
	rules := []finding.Rule{{ID: "X-1", Kinds: []string{"service"}, Severity: finding.Warning, Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		emit(finding.Finding{Causes: []model.Ref{{Kind: "site", Name: "b"}, {Kind: "site", Name: "a"}}, Pointer: "/spec/stage"})
	}}}
	found := Evaluate(rules, Facts(t, nil, "2027-03-12", small))
	Want(t, found, "X-1 violated warning service/payroll causes site/a,site/b at /spec/stage part none")
	if !strings.Contains(Lines(found), "X-1 violated warning service/payroll") {
		t.Error(Lines(found))
	}
	Silent(t, found, "X-2")
}
