package api_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

func TestReportsAreServedInEveryForm(t *testing.T) {
	s := hospital(t).as("max", "auditor")
	for _, c := range []struct{ target, mediaType, disposition, begins string }{
		{"/reports/plan/loss-of-room-a", "application/pdf", `inline; filename=plan-loss-of-room-a-2027-03-12.pdf`, "%PDF-1."},
		{"/reports/pack/all?format=pdf", "application/pdf", `inline; filename=pack-all-2027-03-12.pdf`, "%PDF-1."},
		{"/reports/pack/security?format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", `attachment; filename=pack-security-2027-03-12.xlsx`, "PK"},
		{"/reports/service/payroll?format=html&lang=fr", "text/html; charset=utf-8", `inline; filename=service-payroll-2027-03-12.html`, "<!doctype html>\n<html lang=\"fr\">"},
		{"/reports/service/electronic-patient-record?format=pdf&view=customer&download=true&on=2027-09-01", "application/pdf", `attachment; filename=service-electronic-patient-record-2027-09-01.pdf`, "%PDF-1."},
	} {
		t.Run(c.target, func(t *testing.T) {
			a := s.get("max", c.target).want(200)
			if h := a.Header; h.Get("Content-Type") != c.mediaType || h.Get("Content-Disposition") != c.disposition || h.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", h)
			}
			if !bytes.HasPrefix(a.Body, []byte(c.begins)) {
				t.Errorf("begins with %.60q", a.Body)
			}
			if c.mediaType == "application/pdf" {
				if again := s.get("max", c.target); !bytes.Equal(a.Body, again.Body) {
					t.Error("the same view gives another PDF")
				}
			}
		})
	}
	page := s.get("max", "/reports/service/payroll?format=html")
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	if !regexp.MustCompile(`Model hash \(SHA-256\): [0-9a-f]{64}`).Match(page.Body) {
		t.Error("the page cannot be traced to the model")
	}
}

func TestReportsAreRefusedWithASentence(t *testing.T) {
	s := hospital(t).as("max", "auditor").as("had", "customer-representative@customer/clinic-ormes-bleus")
	for _, c := range []struct {
		who, target string
		code        int
		problem     string
	}{
		{"max", "/reports/plan/nothing", 404, "not-found"},
		{"max", "/reports/pack/nothing", 404, "not-found"},
		{"max", "/reports/invoice/payroll", 404, "not-found"},
		{"max", "/reports/pack/all?format=docx", 422, "invalid"},
		{"max", "/reports/pack/all?seq=-1", 422, "invalid"},
		{"max", "/reports/pack/all?seq=x", 422, "invalid"},
		{"max", "/reports/pack/all?on=tomorrow", 422, "invalid"},
		{"max", "/reports/service/payroll?view=secret", 422, "invalid"},
		{"max", "/reports/pack/all?draft=nothing", 404, "not-found"},
		{"", "/reports/pack/all", 401, "sign-in-required"},
		{"", "/reports/plan/loss-of-room-a", 401, "sign-in-required"},
		{"", "/reports/service/payroll", 401, "sign-in-required"},
		{"", "/reports/service/payroll?seq=1", 401, "sign-in-required"},
		{"had", "/reports/pack/all", 403, "forbidden"},
		{"had", "/reports/plan/loss-of-room-a", 404, "not-found"},
		{"had", "/reports/service/payroll", 404, "not-found"},
		{"had", "/reports/service/payroll?view=internal", 404, "not-found"},
	} {
		t.Run(c.who+" "+c.target, func(t *testing.T) {
			a := s.get(c.who, c.target)
			a.t = t
			if p := a.problem(c.code, c.problem); strings.Contains(p["detail"].(string), "error.") {
				t.Errorf("no sentence: %v", p)
			}
		})
	}
}

func TestACustomerPrintsTheSheetOfHisOwnService(t *testing.T) {
	s := hospital(t).as("had", "customer-representative@customer/clinic-ormes-bleus")
	printed := 0
	for _, m := range regexp.MustCompile(`href="/catalogue/([a-z-]+)"`).FindAllStringSubmatch(string(s.do("had", "GET", "/catalogue", nil).want(200).Body), -1) {
		a := s.get("had", "/reports/service/"+m[1]+"?format=html").want(200)
		a.t = t
		a.holds([]string{"Service sheet"}, []string{"component/", "hospital-vallon", "Service design package", "Single point of failure"})
		printed++
	}
	if printed == 0 {
		t.Error("the customer has no service to print")
	}
}
