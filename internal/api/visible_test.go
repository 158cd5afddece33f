package api_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestAnAuditorReadsEverythingAndChangesNothing(t *testing.T) {
	s := hospital(t).as("max", "auditor")
	for _, target := range []string{"/objects", "/history", "/findings", "/overview", "/services/payroll/sheet", "/map?focus=service/payroll", "/map/whole", "/impact?of=service/payroll", "/processes/security", "/accounts", "/counts", "/search?q=payroll", "/diff?from=1&to=0"} {
		s.get("max", target).want(200)
	}
	for _, x := range []struct {
		method, target string
		body           any
	}{
		{"POST", "/changes", map[string]any{"puts": []any{put(team("it"), 0)}}},
		{"POST", "/changes", map[string]any{"deletes": []any{map[string]any{"ref": "service/payroll"}}}},
		{"POST", "/drafts", map[string]any{"title": "x"}},
		{"POST", "/baseline", map[string]any{"reason": "x"}},
		{"POST", "/services/payroll/submission", map[string]any{}},
		{"POST", "/services/payroll/withdrawal", map[string]any{"reason": "x"}},
		{"POST", "/accounts", map[string]any{"login": "eve", "name": "Eve", "grants": []any{"administrator"}}},
	} {
		if a := s.do("max", x.method, "/api/v1"+x.target, x.body); a.Code != 403 {
			t.Errorf("%s %s answers %d: %.300s", x.method, x.target, a.Code, a.Body)
		}
	}
}

func TestACustomerSeesHisOwnOnly(t *testing.T) {
	s := hospital(t).as("had", "customer-representative@customer/clinic-ormes-bleus").as("ada", "design-coordinator")
	// What belongs to others, and what the provider keeps to himself.
	foreign := []string{"service/payroll", "customer/hospital-vallon", "component/", "risk/", "contract/", "recovery-plan/", "payroll"}
	for _, target := range []string{
		"/objects?limit=1000", "/objects?kind=service", "/objects?kind=agreement", "/search?q=payroll", "/search?q=paie", "/search?q=vallon", "/findings?limit=1000&waived=true", "/overview", "/counts", "/submissions", "/drafts", "/my-work",
		"/history?limit=200", "/diff?from=0&to=0", "/diff?from=1&to=0", "/catalogue", "/session", "/baseline",
	} {
		a := s.get("had", target)
		if a.Code != 200 && a.Code != 403 {
			t.Errorf("GET %s answers %d: %.300s", target, a.Code, a.Body)
		}
		t.Run("GET "+target, func(t *testing.T) { a.t = t; a.holds(nil, foreign) })
	}
	for _, target := range []string{
		"/objects/service/payroll", "/objects/component/%s", "/objects/service/payroll/history", "/services/payroll/sheet", "/why?subject=service/payroll", "/map?focus=service/payroll", "/map/whole", "/impact?of=service/payroll",
		"/map?focus=customer/hospital-vallon", "/objects/customer/hospital-vallon", "/processes/security", "/processes/capacity", "/accounts",
	} {
		if strings.Contains(target, "%s") {
			target = fmt.Sprintf(target, s.app.Head().Ref(s.app.Head().OfKind("component")[0]).Name)
		}
		if a := s.get("had", target); a.Code != 403 && a.Code != 404 {
			t.Errorf("GET %s answers %d: %.300s", target, a.Code, a.Body)
		}
	}
	s.get("had", "/catalogue").want(200).holds([]string{"medical-imaging"}, nil)
	own := 0
	for _, x := range s.get("had", "/objects?kind=agreement&limit=1000").want(200).json()["items"].([]any) {
		o := x.(map[string]any)
		own++
		if c, ok := o["fields"].(map[string]any)["customer"].(map[string]any); ok && c["ref"] != "customer/clinic-ormes-bleus" {
			t.Errorf("sees the agreement %v of %v", o["ref"], c["ref"])
		}
		s.get("had", "/objects/"+o["ref"].(string)).want(200).holds(nil, []string{"customer/hospital-vallon", "component/", "contract/"})
	}
	if own == 0 {
		t.Error("does not see his own agreements")
	}
	if all := len(s.get("ada", "/objects?kind=agreement&limit=1000").want(200).json()["items"].([]any)); all <= own {
		t.Errorf("sees %d of %d agreements", own, all)
	}
	s.post("had", "/changes", map[string]any{"puts": []any{put(team("it"), 0)}}).problem(403, "forbidden")
	s.post("had", "/drafts", map[string]any{"title": "x"}).problem(403, "forbidden")
	a := s.post("had", "/what-if", map[string]any{"deletes": []any{map[string]any{"ref": "service/payroll"}}})
	if a.Code != 403 && a.Code != 404 {
		t.Errorf("a customer's what-if on a foreign service answers %d: %.400s", a.Code, a.Body)
	}
}
