package api_test

import (
	"strings"
	"testing"
)

var imaging = map[string]any{
	"service": "medical-imaging", "availability": "99,9 %", "hours": "24x7",
	"restore": []any{map[string]any{"priority": "P1", "within": "4 h"}}, "rpo": "1h",
}

func TestAWishIsAnsweredAndBecomesADraft(t *testing.T) {
	s := hospital(t).as("lou", "service-level-manager")
	a := s.post("lou", "/service-levels/attain", imaging).want(200).json()
	if a["outcome"] != "cannot" {
		t.Errorf("outcome %v", a["outcome"])
	}
	want := map[string]string{"availability": "cannot", "restore-p1": "cannot", "recovery-point": "can"}
	for _, x := range a["wishes"].([]any) {
		wish := x.(map[string]any)
		if id := wish["id"].(string); wish["outcome"] != want[id] {
			t.Errorf("%s: %v, want %s", id, wish["outcome"], want[id])
		}
	}
	draft := s.post("lou", "/service-levels/attain/draft", map[string]any{"title": "Imaging", "wishes": imaging}).want(201).json()
	put := draft["puts"].([]any)[0].(map[string]any)
	if put["ref"] != "agreement/sla-medical-imaging-2" && put["ref"] != "agreement/sla-medical-imaging" || !strings.Contains(put["yaml"].(string), "availability: 99.9%") {
		t.Errorf("drafted %v:\n%s", put["ref"], put["yaml"])
	}
	// Hours that no calendar has come along.
	typed := map[string]any{"service": "medical-imaging", "availability": "99%", "hours": "mon-fri 08:00-18:00 Europe/Paris"}
	if puts := s.post("lou", "/service-levels/attain/draft", map[string]any{"title": "Imaging by day", "wishes": typed}).want(201).json()["puts"].([]any); len(puts) != 2 {
		t.Errorf("%d objects drafted", len(puts))
	}
}

func TestChainsOfPromises(t *testing.T) {
	s := hospital(t).as("max", "auditor")
	a := s.get("max", "/service-levels/chain/agreement/sla-clinical").want(200).json()
	if n := len(a["chains"].([]any)); n != 28 {
		t.Errorf("%d chains", n)
	}
	s.get("max", "/service-levels/chain/requirement/slr-record").want(200)
	s.get("max", "/service-levels/chain/agreement/nothing").problem(404, "not-found")
	s.get("max", "/service-levels/chain/service/payroll").want(422)
}

func TestWishesAreRefusedWithASentence(t *testing.T) {
	s := hospital(t).as("lou", "service-level-manager").as("max", "auditor").as("had", "customer-representative@customer/clinic-ormes-bleus")
	for _, c := range []struct {
		name, who string
		body      map[string]any
		code      int
		problem   string
	}{
		{"an unknown service", "lou", map[string]any{"service": "nothing", "availability": "99%"}, 422, "invalid"},
		{"no service", "lou", map[string]any{"service": "component/dicom-router", "availability": "99%"}, 422, "invalid"},
		{"an availability that is none", "lou", map[string]any{"service": "payroll", "availability": "often"}, 422, "invalid"},
		{"hours that are none", "lou", map[string]any{"service": "payroll", "hours": "sometimes"}, 422, "invalid"},
		{"no time at all", "lou", map[string]any{"service": "payroll", "restore": []any{map[string]any{"within": "0h"}}}, 422, "invalid"},
		{"an unknown window", "lou", map[string]any{"service": "payroll", "window": "decade"}, 422, "bad-request"},
		{"a customer asks for himself", "had", map[string]any{"service": "medical-imaging", "availability": "99%"}, 403, "forbidden"},
		{"a stranger", "", map[string]any{"service": "medical-imaging", "availability": "99%"}, 401, "sign-in-required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(c.who, "POST", "/api/v1/service-levels/attain", c.body)
			a.t = t
			a.problem(c.code, c.problem)
		})
	}
	s.post("max", "/service-levels/attain/draft", map[string]any{"title": "x", "wishes": imaging}).want(403)
	s.post("lou", "/service-levels/attain/draft", map[string]any{"title": "x", "wishes": map[string]any{"service": "payroll"}}).want(422)
	s.get("had", "/service-levels/chain/agreement/sla-clinical").want(403)
}
