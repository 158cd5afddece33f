package servicelevel_test

import (
	"testing"

	"diapason/internal/model"
	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

func TestReviewsOfAgreements(t *testing.T) {
	every := []string{"  hours: calendar/office\n", "  reviewInterval: P3M\n  hours: calendar/office\n"}
	review := func(about, rest string) string { return "review/r: {about: [" + about + "], " + rest + "}\n" }
	check(t, "SLM-020", []variant{
		{name: "no interval was agreed"},
		{name: "never reviewed since it began", pairs: every, want: []string{"SLM-020 violated warning agreement/records at /spec/reviewInterval variant first"}},
		{name: "due today", pairs: every, add: review("agreement/records", "type: service, date: 2026-12-12")},
		{name: "due yesterday", pairs: every, add: review("agreement/records", "type: service, date: 2026-12-11"), want: []string{"SLM-020 violated warning agreement/records"}},
		{name: "a review of the customer is one of the agreement", pairs: every, add: review("customer/clinic", "type: service, date: 2027-02-01")},
		{name: "a meeting with the customer about access is none", pairs: every, add: review("customer/clinic", "type: access, date: 2027-02-01"), want: []string{"SLM-020 violated warning agreement/records variant first"}},
		{name: "a review that is planned only was not held", pairs: every, add: review("agreement/records", "type: service, planned: 2027-03-20"), want: []string{"SLM-020 violated warning agreement/records variant first"}},
		{name: "a review dated tomorrow was not held", pairs: every, add: review("agreement/records", "type: service, date: 2027-03-13"), want: []string{"SLM-020 violated warning agreement/records variant first"}},
		{name: "an agreement that has ended is not reviewed any more", pairs: append(every, "  start: 2026-01-01\n  reviewInterval", "  start: 2026-01-01\n  end: 2027-03-11\n  reviewInterval")},
	})
	action := func(kind, about, more string) string {
		return "review/r: {type: " + kind + ", date: 2027-01-10, about: [" + about + "], actions: [action/fix]}\naction/fix: {due: 2027-03-11" + more + "}\n"
	}
	check(t, "SLM-021", []variant{
		{name: "an action due yesterday", add: action("service", "agreement/records", ""), want: []string{"SLM-021 violated warning action/fix causes review/r at /spec/due"}},
		{name: "an action of the steering committee", add: action("committee", "customer/clinic", ""), want: []string{"SLM-021 violated warning action/fix causes review/r at /spec/due"}},
		{name: "an action that is done", add: action("service", "agreement/records", ", done: 2027-03-12")},
		{name: "an action of a review of a plan is told elsewhere", add: action("plan", "service/records", "")},
		{name: "an action of a supplier is SUP-012", add: action("committee", "supplier/hostco, agreement/records", "")},
	})
}

func TestReviewPlanOf(t *testing.T) {
	day := func(s string) model.Date {
		d, err := model.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		name, add string
		of        model.Ref
		want      servicelevel.ReviewPlan
	}{
		{"the earliest planned review counts, and the latest held", `
agreement/a: {type: sla, start: 2026-01-01, reviewInterval: P3M}
review/one: {about: [agreement/a], date: 2026-04-01}
review/two: {about: [agreement/a], date: 2027-01-31}
review/late: {about: [agreement/a], planned: 2027-03-30}
review/soon: {about: [agreement/a], planned: 2027-03-20}
`, model.Ref{Kind: "agreement", Name: "a"}, servicelevel.ReviewPlan{Last: day("2027-01-31"), Held: model.Ref{Kind: "review", Name: "two"}, Planned: day("2027-03-20"), Next: model.Ref{Kind: "review", Name: "soon"}, Due: day("2027-04-30"), Since: day("2027-01-31")}},
		{"a contract takes the interval of its supplier", `
supplier/s: {country: FR, reviewInterval: P1Y}
contract/c: {supplier: s, start: 2026-02-01}
review/r: {about: [supplier/s], date: 2026-06-01}
`, model.Ref{Kind: "contract", Name: "c"}, servicelevel.ReviewPlan{Last: day("2026-06-01"), Held: model.Ref{Kind: "review", Name: "r"}, Due: day("2027-06-01"), Since: day("2026-06-01")}},
		{"without an interval nothing is due", `
agreement/a: {type: sla, start: 2026-01-01}
`, model.Ref{Kind: "agreement", Name: "a"}, servicelevel.ReviewPlan{Since: day("2026-01-01")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := processtest.Facts(t, servicelevel.Analyses, on, c.add)
			h, _ := f.Snap.Find(c.of)
			got := servicelevel.ReviewPlanOf(f, h)
			got.Interval = model.Period{}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
