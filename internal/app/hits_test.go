package app

import (
	"slices"
	"testing"

	"diapason/internal/app/assess"
	"diapason/internal/model"
)

// What is told at its cause shows where it hits, and blocks what it hits.
func TestAFindingToldAtItsCauseShowsWhereItHits(t *testing.T) {
	w := newWorld(t, payroll+`---
apiVersion: diapason/v1
kind: Supplier
metadata: {name: hostco}
spec: {country: FR}
---
apiVersion: diapason/v1
kind: Component
metadata: {name: host}
spec: {class: server, supplier: hostco}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: portal}
spec: {facing: customer, stage: live, criticality: high, certifications: [HDS], requires: [component/host]}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: intranet}
spec: {facing: customer, stage: live, criticality: high, requires: [component/db]}
---
apiVersion: diapason/v1
kind: Certification
metadata: {name: hds}
spec: {scheme: HDS, holder: supplier/hostco, expires: 2020-01-01}
`)
	s, err := w.Current(w.ctx, w.Head().Seq)
	if err != nil {
		t.Fatal(err)
	}
	has := func(list []assess.Judged) bool {
		return slices.ContainsFunc(list, func(j assess.Judged) bool { return j.Rule == "SUP-009" && j.Subject.Name == "hds" })
	}
	at := func(name string) (model.Ref, model.Handle) {
		r := w.ref(name)
		h, _ := s.Snap.Find(r)
		return r, h
	}
	portal, portalAt := at("service/portal")
	intranet, intranetAt := at("service/intranet")
	certificate, _ := at("certification/hds")
	for what, holds := range map[string]bool{
		"told at the certificate":       has(s.Own(certificate)),
		"shown at the portal":           has(s.About(portal)) && !has(s.Own(portal)),
		"among the findings of it once": has(s.OfService(portalAt)),
		"blocking it":                   has(blocking(s, portalAt)),
		"counted at it":                 s.CountsOf(portal).Error > CountAll(s.Own(portal)).Error,
		"silent about the intranet":     !has(s.About(intranet)) && !has(s.OfService(intranetAt)),
	} {
		if !holds {
			t.Errorf("the expired certificate is not %s", what)
		}
	}
	n := 0
	for _, j := range s.OfService(portalAt) {
		if j.Rule == "SUP-009" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it stands %d times among the findings of the portal", n)
	}
}
