package servicelevel_test

import (
	"testing"

	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

const precedence = `
organisation/org: {zone: Europe/Paris}
calendar/always: {always: true}
service/web: {stage: live}
customer/clinic: {uses: [service/web]}
customer/lab: {uses: [service/web]}
measurement-source/probe: {type: prometheus, query: up, of: [service/web]}
agreement/corporate:
  {type: sla, level: corporate, services: [service/web], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99%, measuredBy: measurement-source/probe}, {name: gtr, metric: time-to-restore, within: PT8H, priority: P1, measuredBy: measurement-source/probe}]}
agreement/clinic:
  {type: sla, level: customer, customer: clinic, start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.5%, measuredBy: measurement-source/probe}]}
agreement/clinic-web:
  {type: sla, level: service, customer: clinic, services: [service/web], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.9%, measuredBy: measurement-source/probe}]}
agreement/lab:
  {type: sla, customer: lab, precedence: 5, services: [service/web], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 98%, measuredBy: measurement-source/probe}]}
agreement/lab-old:
  {type: sla, customer: lab, precedence: 9, services: [service/web], start: 2020-01-01, end: 2025-12-31, hours: always, targets: [{name: up, metric: availability, availability: 90%, measuredBy: measurement-source/probe}]}
`

func TestTheAgreementWithPrecedenceCounts(t *testing.T) {
	f := processtest.Facts(t, servicelevel.Analyses, "2026-06-01", precedence)
	var a *servicelevel.Analysis
	for _, x := range servicelevel.Analyses(f) {
		if y, ok := x.(*servicelevel.Analysis); ok {
			a = y
		}
	}
	for _, c := range []struct {
		name, of, target string
		by               []string // "agreement for customer"
		overridden       string
	}{
		{"the agreement closest to the service counts itself", "agreement/clinic-web", "up", nil, ""},
		{"an agreement with a customer yields to his agreement on the service", "agreement/clinic", "up", []string{"agreement/clinic-web"}, "agreement/clinic-web"},
		{"the corporate agreement yields for the customers who have one of their own, and counts for the others", "agreement/corporate", "up", []string{"agreement/clinic customer/clinic", "agreement/clinic-web customer/clinic", "agreement/lab customer/lab"}, ""},
		{"what no other agreement promises stays as it is", "agreement/corporate", "gtr", nil, ""},
		{"stated precedence counts before none, and what has ended counts no more", "agreement/lab", "up", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := one(t, a, c.of, c.target, "service/web")
			var got []string
			for _, x := range o.Overrides {
				s := x.By.String()
				if !x.For.IsZero() {
					s += " " + x.For.String()
				}
				got = append(got, s)
			}
			if len(got) != len(c.by) {
				t.Fatalf("%q, want %q", got, c.by)
			}
			for i := range got {
				if got[i] != c.by[i] {
					t.Errorf("%q, want %q", got, c.by)
				}
			}
			by, ok := o.Overridden()
			if ok != (c.overridden != "") || ok && by.String() != c.overridden {
				t.Errorf("overridden by %s (%v), want %q", by, ok, c.overridden)
			}
		})
	}
	h, _ := f.Snap.Find(one(t, a, "agreement/clinic", "up", "service/web").Service)
	if p, by, _, ok := a.Promised(h); !ok || by.String() != "agreement/clinic-web" {
		t.Errorf("%s is promised by %s", p, by)
	}
}
