package supplier_test

import (
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
	"diapason/internal/process/supplier"
)

const on = "2027-03-12"

func run(t *testing.T, text string, extra ...any) []finding.Finding {
	t.Helper()
	return processtest.Run(t, supplier.Rules, processtest.With(supplier.Analyses, extra...), on, text)
}

const base = `
tool/monitor: {}
supplier/hostco: {country: FR}
component/db: {supplier: hostco}
contract/hosting:
  supplier: hostco
  covers: [component/db]
  start: 2026-01-15
  term: P1Y
  renewal: P1Y
  renewalWanted: true
  notice: P3M
  targets: [{name: up, metric: availability, availability: 99.9%, window: month, measuredBy: tool/monitor, credits: [{from: 99%, below: 99.9%, credit: 10%}, {from: 0%, below: 99%, credit: 25%}]}]
`

type variant struct {
	name  string
	add   string
	pairs []string
	want  []string
}

func check(t *testing.T, rule string, variants []variant, extra ...any) {
	t.Helper()
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			text := base
			for i := 0; i < len(v.pairs); i += 2 {
				if !strings.Contains(text, v.pairs[i]) {
					t.Fatalf("the model does not hold %q", v.pairs[i])
				}
				text = strings.ReplaceAll(text, v.pairs[i], v.pairs[i+1])
			}
			found := processtest.Of(run(t, text+v.add, extra...), rule)
			if len(v.want) == 0 {
				processtest.Silent(t, found, rule)
				return
			}
			processtest.Want(t, found, v.want...)
		})
	}
}

func TestProseIsComplete(t *testing.T) { processtest.Prose(t, supplier.Rules()) }

func TestACompleteContractHasNoGap(t *testing.T) {
	if found := run(t, base); len(found) > 0 {
		t.Errorf("found:\n%s", processtest.Lines(found))
	}
}

func TestWithoutContract(t *testing.T) {
	check(t, "SUP-001", []variant{
		{name: "a component of a supplier that no contract covers", add: "component/app: {supplier: hostco}\n", want: []string{"SUP-001 violated error component/app causes supplier/hostco at /spec/supplier"}},
		{name: "an external site of nobody named", add: "site/far: {external: true}\n", want: []string{"SUP-001 violated error site/far causes none at /spec/external"}},
		{name: "an outside team", add: "team/field: {supplier: hostco}\n", want: []string{"SUP-001 violated error team/field causes supplier/hostco"}},
		{name: "a contract that names nothing covers all of its supplier", pairs: []string{"  covers: [component/db]\n", ""}, add: "component/app: {supplier: hostco}\n"},
		{name: "a contract that begins later", add: "component/app: {supplier: hostco}\ncontract/next: {supplier: hostco, covers: [component/app], start: 2027-04-01}\n",
			want: []string{"SUP-001 violated warning component/app causes contract/next variant later"}},
		{name: "a contract that has ended is told once for all it covered", add: "component/app: {supplier: hostco}\nsite/far: {external: true}\ncontract/past: {supplier: hostco, covers: [component/app, site/far, component/db], start: 2025-01-01, end: 2026-12-31}\n",
			want: []string{"SUP-001 violated error contract/past causes component/app,site/far at /spec/end variant ended"}},
		{name: "a contract that has ended over a retired service is over", add: "service/old: {stage: retired}\ncontract/past: {supplier: hostco, covers: [service/old], start: 2025-01-01, end: 2026-12-31}\n"},
		{name: "a partner of a live service without contract", add: "supplier/other: {}\nservice/mail: {stage: live, suppliers: [supplier/other]}\n", want: []string{"SUP-001 violated error service/mail causes supplier/other variant partner"}},
		{name: "a partner with a contract", add: "service/mail: {stage: live, suppliers: [supplier/hostco]}\n"},
	})
}

// levels plays service level management.
type levels struct{}

func (levels) WeakContracts(_ model.Handle, fn func(target, pointer string, service, contract model.Ref, contractTarget string, promised, guaranteed model.Availability, severity finding.Severity)) {
	contract := model.Ref{Kind: "contract", Name: "hosting"}
	for i, s := range []string{"mail", "web"} {
		fn("targets/up", "/spec/targets/0/availability", model.Ref{Kind: "service", Name: s}, contract, "up", model.AvailabilityOf(0.0005), model.AvailabilityOf(0.001), []finding.Severity{finding.Warning, finding.Error}[i])
	}
}

func TestWeakContract(t *testing.T) {
	check(t, "SUP-002", []variant{{name: "one finding for all promises and services that fall with the contract", add: "agreement/a: {}\nagreement/b: {}\nservice/mail: {}\nservice/web: {}\n",
		want: []string{"SUP-002 violated error contract/hosting part none causes none hits agreement/a,agreement/b,service/mail,service/web at /spec/targets/0/availability"}}}, levels{})
	check(t, "SUP-002", []variant{{name: "nothing to say without service levels", add: "agreement/a: {}\n"}})
}

func TestNoticeDays(t *testing.T) {
	unwanted := func(start string, more ...string) []string {
		return append([]string{"  renewalWanted: true\n", "", "start: 2026-01-15", "start: " + start}, more...)
	}
	check(t, "SUP-003", []variant{
		{name: "a renewal that is wanted", pairs: []string{"start: 2026-01-15", "start: 2026-04-15"}},
		// A term from 13 June ends on 12 June; three months before is 12 March.
		{name: "the last day for notice is today", pairs: unwanted("2026-06-13"), want: []string{"SUP-003 violated warning contract/hosting at /spec/notice variant near"}},
		{name: "it was yesterday", pairs: unwanted("2026-06-12"), want: []string{"SUP-003 violated error contract/hosting at /spec/notice"}},
		{name: "it is in 90 days", pairs: unwanted("2026-09-11"), want: []string{"SUP-003 violated warning contract/hosting variant near"}},
		{name: "it is in 91 days", pairs: unwanted("2026-09-12")},
		{name: "notice was given in time and nothing follows", pairs: unwanted("2026-06-01", "  notice: P3M\n", "  notice: P3M\n  noticeGiven: 2027-02-01\n"), want: []string{"SUP-003 violated warning contract/hosting causes component/db at /spec/end variant ends"}},
		{name: "notice was given in time and another contract follows", pairs: unwanted("2026-06-01", "  notice: P3M\n", "  notice: P3M\n  noticeGiven: 2027-02-01\n"), add: "contract/next: {supplier: hostco, covers: [component/db], start: 2027-06-01}\n"},
		{name: "notice was given too late", pairs: unwanted("2026-06-01", "  notice: P3M\n", "  notice: P3M\n  noticeGiven: 2027-03-01\n"), want: []string{"SUP-003 violated error contract/hosting at /spec/noticeGiven variant late"}},
		{name: "a fixed end in 90 days", pairs: []string{"  term: P1Y\n  renewal: P1Y\n  renewalWanted: true\n  notice: P3M\n", "  end: 2027-06-10\n"}, want: []string{"SUP-003 violated warning contract/hosting causes component/db at /spec/end variant ends"}},
		{name: "a fixed end in 91 days", pairs: []string{"  term: P1Y\n  renewal: P1Y\n  renewalWanted: true\n  notice: P3M\n", "  end: 2027-06-11\n"}},
		{name: "a renewal without term or end", pairs: []string{"  term: P1Y\n", ""}, want: []string{"SUP-003 unknown warning contract/hosting at /spec/start"}},
	})
	found := processtest.One(t, run(t, strings.NewReplacer("  renewalWanted: true\n", "", "start: 2026-01-15", "start: 2026-06-12").Replace(base)), "SUP-003", "contract/hosting")
	for what, want := range map[string]string{"notice": "2027-03-11", "last": "2027-06-11", "next": "2028-06-11"} {
		if got := found.Args[what].(model.Date).String(); got != want {
			t.Errorf("%s %s, want %s", what, got, want)
		}
	}
}

func TestDeadlines(t *testing.T) {
	f := processtest.Facts(t, supplier.Analyses, on, base+`
contract/open: {supplier: hostco, start: 2020-01-01}
contract/soon: {supplier: hostco, start: 2026-01-01, end: 2027-03-31}
contract/past: {supplier: hostco, start: 2020-01-01, end: 2021-01-01}
`)
	a, _ := finding.Use[*supplier.Analysis](f)
	var got []string
	for _, d := range a.Deadlines() {
		got = append(got, d.Contract.Name+" "+d.Next.String())
	}
	if s := strings.Join(got, ", "); s != "soon 2027-03-31, hosting 2027-10-14, open " {
		t.Errorf("deadlines: %s", s)
	}
}

func TestReviews(t *testing.T) {
	interval := []string{"  notice: P3M\n", "  notice: P3M\n  reviewInterval: P3M\n"}
	review := func(date, more string) string {
		return "review/r: {type: supplier, about: [supplier/hostco], date: " + date + more + "}\n"
	}
	measures := ", measures: [{name: up, value: 99.95%}]"
	check(t, "SUP-004", []variant{
		{name: "never reviewed since it began", pairs: interval, want: []string{"SUP-004 violated warning contract/hosting at /spec/reviewInterval variant first"}},
		{name: "due today", pairs: interval, add: review("2026-12-12", measures)},
		{name: "due yesterday", pairs: interval, add: review("2026-12-11", measures), want: []string{"SUP-004 violated warning contract/hosting"}},
		{name: "held without measures", pairs: interval, add: review("2027-03-01", ""), want: []string{"SUP-004 violated warning contract/hosting variant measures"}},
		{name: "the review of a contract is one of its supplier", pairs: []string{"{country: FR}", "{country: FR, reviewInterval: P3M}"}, add: "review/r: {about: [contract/hosting], date: 2027-03-01" + measures + "}\n"},
		{name: "a supplier's review that is planned only", pairs: []string{"{country: FR}", "{country: FR, reviewInterval: P3M}"}, add: "review/r: {about: [supplier/hostco], date: 2027-04-01" + measures + "}\n", want: []string{"SUP-004 violated warning supplier/hostco variant first"}},
		{name: "a contract without a start was never reviewed", pairs: append(interval, "  start: 2026-01-15\n  term: P1Y\n  renewal: P1Y\n", ""), want: []string{"SUP-004 violated warning contract/hosting variant never"}},
	})
	action := func(about, more string) string {
		return "review/r: {date: 2027-01-10, about: [" + about + "], actions: [action/fix]}\naction/fix: {due: 2027-03-11" + more + "}\n"
	}
	check(t, "SUP-012", []variant{
		{name: "an action due yesterday", add: action("supplier/hostco", ""), want: []string{"SUP-012 violated warning action/fix causes review/r at /spec/due"}},
		{name: "an action that is done", add: action("supplier/hostco", ", done: 2027-03-12")},
		{name: "an action due today", add: strings.Replace(action("contract/hosting", ""), "2027-03-11", "2027-03-12", 1)},
		{name: "an action of a review of something else", add: "service/mail: {}\n" + action("service/mail", "")},
	})
}

// estate has four critical services: two on hostco, one on subco through farco,
// one on nobody.
const estate = `
supplier/farco: {country: US, parent: group, subcontractors: [{supplier: subco}]}
supplier/subco: {country: US}
supplier/group: {country: IE}
component/cloud: {supplier: farco}
site/hospital: {country: FR}
service/a: {stage: live, criticality: critical, requires: [component/db]}
service/b: {stage: live, criticality: critical, requires: [{anyOf: [component/db, component/cloud]}]}
service/c: {stage: live, vital: true, requires: [component/cloud]}
service/d: {stage: live, criticality: critical}
`

func TestConcentration(t *testing.T) {
	limit := func(p string) string { return "organisation/org: {concentration: " + p + "}\n" }
	check(t, "SUP-005", []variant{
		{name: "one critical service on one supplier is no concentration", add: estate + limit("10%")},
		{name: "two of five are within a threshold of 49 %", add: estate + limit("49%") + "service/e: {stage: live, criticality: critical, requires: [component/db]}\nservice/d2: {stage: retired, criticality: critical, requires: [component/db]}\n"},
		{name: "two of five are more than 30 %", add: estate + "service/e: {stage: live, criticality: critical, requires: [component/db]}\n", want: []string{"SUP-005 violated warning supplier/hostco at /spec/critical variant none"}},
		{name: "an alternative elsewhere keeps a service up", add: estate + limit("20%") + "service/e: {stage: live, criticality: critical, requires: [{anyOf: [component/db, component/cloud]}]}\n"},
		{name: "a subcontractor of two suppliers is told where each alone is below", pairs: []string{"{country: FR}", "{country: FR, subcontractors: [{supplier: subco}]}"}, add: estate + limit("30%"),
			want: []string{"SUP-005 violated warning supplier/subco variant subcontractor"}},
		{name: "a parent of two suppliers is told where each alone is below", pairs: []string{"{country: FR}", "{country: FR, parent: group}"}, add: estate + limit("30%"),
			want: []string{"SUP-005 violated warning supplier/group variant parent"}},
		{name: "a country abroad is told at the supplier with whom most falls", pairs: []string{"{country: FR}", "{country: US}"}, add: estate + limit("30%"),
			want: []string{"SUP-005 violated warning supplier/farco part country causes supplier/farco,supplier/hostco,supplier/subco at /spec/country variant country"}},
		{name: "the country of our own sites is not", pairs: []string{"{country: FR}", "{country: US}"}, add: strings.Replace(estate, "site/hospital: {country: FR}", "site/hospital: {country: US}", 1) + limit("30%")},
	})
	f := processtest.Facts(t, supplier.Analyses, on, base+estate)
	a, _ := finding.Use[*supplier.Analysis](f)
	got := map[string]string{}
	for _, s := range a.Concentration() {
		var names []string
		for _, x := range s.Services {
			names = append(names, x.Name)
		}
		got[s.Supplier.Name+s.Country] = strings.Join(names, " ")
	}
	for key, want := range map[string]string{"hostco": "a", "farco": "c", "subco": "c", "group": "c", "US": "c", "FR": "a", "IE": "c"} {
		if got[key] != want {
			t.Errorf("with %s fall %q, want %q", key, got[key], want)
		}
	}
}

func TestExitPlan(t *testing.T) {
	critical := func(more string) []string {
		return []string{"{country: FR}", "{country: FR, critical: true" + more + "}"}
	}
	check(t, "SUP-007", []variant{
		{name: "a critical supplier without one", pairs: critical(""), want: []string{"SUP-007 violated warning supplier/hostco at /spec/exitPlan"}},
		{name: "one never reviewed", pairs: critical(", exitPlan: {alternative: other}"), add: "supplier/other: {}\n", want: []string{"SUP-007 violated warning supplier/hostco variant never"}},
		{name: "one overdue for review", pairs: critical(", exitPlan: {alternative: other, reviewedOn: 2026-03-11, interval: P1Y}"), add: "supplier/other: {}\n", want: []string{"SUP-007 violated warning supplier/hostco variant overdue"}},
		{name: "one reviewed in time", pairs: critical(", exitPlan: {alternative: other, reviewedOn: 2026-03-12, interval: P1Y}"), add: "supplier/other: {}\n"},
		{name: "a supplier that a critical service falls with is critical", add: "service/a: {stage: live, criticality: critical, requires: [component/db]}\n", want: []string{"SUP-007 violated warning supplier/hostco"}},
		{name: "a subcontractor of his is not ours to leave", pairs: []string{"{country: FR}", "{country: FR, subcontractors: [{supplier: subco}], exitPlan: {alternative: subco, reviewedOn: 2027-01-01}}"}, add: "supplier/subco: {}\nservice/a: {stage: live, criticality: critical, requires: [component/db]}\n"},
	})
}

func TestDelivery(t *testing.T) {
	check(t, "SUP-006", []variant{
		{name: "no target", add: "contract/bare: {supplier: hostco, start: 2026-01-01}\n", want: []string{"SUP-006 violated warning contract/bare causes supplier/hostco at /spec/targets"}},
		{name: "no target that can be measured", add: "contract/bare: {supplier: hostco, start: 2026-01-01, targets: [{name: x, metric: availability, availability: 99%}]}\n", want: []string{"SUP-006 violated warning contract/bare variant unmeasured"}},
		{name: "a contract that has ended", add: "contract/bare: {supplier: hostco, start: 2025-01-01, end: 2026-01-01}\n"},
	})
	figures := func(attained, more string) string {
		return "case-figures/feb: {of: contract/hosting, target: up, from: 2027-02-01, until: 2027-02-28, " + attained + more + "}\n"
	}
	amount := []string{"  notice: P3M\n", "  notice: P3M\n  amount: 12000.00 EUR/year\n  claimWithin: P30D\n"}
	check(t, "SUP-008", []variant{
		{name: "at the target", add: figures("attained: 99.9%", "")},
		{name: "below the target", add: figures("attained: 99.89%", ""), want: []string{"SUP-008 violated error contract/hosting part targets/up causes none at /spec/targets/0"}},
		{name: "without a figure", add: figures("cases: 3", ""), want: []string{"SUP-008 unknown error contract/hosting part targets/up causes case-figures/feb"}},
	})
	f := processtest.One(t, run(t, strings.ReplaceAll(base, amount[0], amount[1])+figures("attained: 98%", "")), "SUP-008", "contract/hosting")
	// A quarter of one month of 12 000 a year.
	if f.Args["share"].(model.Percent).String() != "25%" || f.Args["amount"].(model.Money).String() != "250.00 EUR" {
		t.Errorf("credit %v, %v", f.Args["share"], f.Args["amount"])
	}
	check(t, "SUP-011", []variant{
		{name: "unclaimed with 18 days left", pairs: amount, add: figures("attained: 99.5%", ""), want: []string{"SUP-011 violated warning contract/hosting part targets/up causes case-figures/feb at /spec/claimWithin"}},
		{name: "claimed", pairs: amount, add: figures("attained: 99.5%", ", creditsClaimed: 2027-03-05")},
		{name: "no credit due", pairs: amount, add: figures("attained: 99.95%", "")},
		{name: "the deadline has just passed", pairs: amount, add: strings.NewReplacer("2027-02-01", "2027-01-01", "2027-02-28", "2027-01-31").Replace(figures("attained: 99.5%", "")), want: []string{"SUP-011 violated warning contract/hosting variant lost"}},
		{name: "the deadline passed long ago", pairs: amount, add: strings.NewReplacer("2027-02-01", "2026-11-01", "2027-02-28", "2026-11-30").Replace(figures("attained: 99.5%", ""))},
		{name: "months to claim", pairs: []string{"  notice: P3M\n", "  notice: P3M\n  claimWithin: P6M\n"}, add: figures("attained: 99.5%", "")},
	})
}

func TestCertifications(t *testing.T) {
	service := "service/records: {stage: live, certifications: [HDS], requires: [component/db]}\n"
	cert := func(more string) string {
		return "certification/hds: {scheme: hds, holder: supplier/hostco" + more + "}\n"
	}
	check(t, "SUP-009", []variant{
		{name: "the host holds none", add: service, want: []string{"SUP-009 violated error supplier/hostco part certifications/HDS causes none hits service/records at /spec variant none"}},
		{name: "the host holds one", add: service + cert(", expires: 2028-01-01")},
		{name: "it expired yesterday", add: service + cert(", expires: 2027-03-11"), want: []string{"SUP-009 violated error certification/hds part expires causes supplier/hostco hits service/records at /spec/expires variant expired"}},
		{name: "it expires today, which is soon", add: service + cert(", expires: 2027-03-12"), want: []string{"SUP-009 violated warning certification/hds part expires hits service/records variant soon"}},
		{name: "it covers something else", add: service + "site/far: {}\n" + cert(", covers: [site/far]"), want: []string{"SUP-009 violated error certification/hds part covers hits service/records at /spec/covers variant scope"}},
		{name: "it covers the component", add: service + cert(", covers: [component/db]")},
		{name: "another scheme does not count", add: service + strings.Replace(cert(""), "scheme: hds", "scheme: ISO 27001", 1), want: []string{"SUP-009 violated error supplier/hostco variant none"}},
		{name: "versions and editors of a scheme do", add: strings.Replace(service, "[HDS]", "[ISO 27001]", 1) + strings.Replace(cert(""), "scheme: hds", "scheme: \"ISO/IEC 27001:2022\"", 1)},
		{name: "what is ours needs none", add: "component/own: {}\nservice/records: {stage: live, certifications: [HDS], requires: [component/own]}\n"},
		{name: "alternatives must hold it too", add: "component/own: {}\nservice/records: {stage: live, certifications: [HDS], requires: [{anyOf: [component/own, component/db]}]}\n", want: []string{"SUP-009 violated error supplier/hostco hits service/records"}},
		{name: "who brings energy hosts nothing", add: "component/grid: {class: power, supplier: hostco}\nservice/records: {stage: live, certifications: [HDS], requires: [component/grid]}\n"},
		{name: "an external site of our component must hold it", add: "site/far: {external: true}\ncomponent/own: {site: far}\nservice/records: {stage: live, certifications: [HDS], requires: [component/own]}\n", want: []string{"SUP-009 violated error site/far hits service/records"}},
		{name: "a backup of data must lie with a holder", add: "data-asset/files: {certifications: [HDS], backups: [{name: b, on: supplier/hostco}]}\n", want: []string{"SUP-009 violated error supplier/hostco hits data-asset/files"}},
		{name: "one certificate is told once for all that rests on it", add: service + cert(", expires: 2027-03-11") + "component/store: {supplier: hostco, data: [files]}\ndata-asset/files: {certifications: [hds]}\nservice/portal: {stage: live, certifications: [HDS], requires: [service/records]}\n",
			want: []string{"SUP-009 violated error certification/hds hits data-asset/files,service/portal,service/records variant expired"}},
		{name: "who is named and does not exist is told at the thing itself", add: "component/lost: {supplier: nobody}\nservice/records: {stage: live, certifications: [HDS], requires: [component/lost]}\n", want: []string{"SUP-009 violated error component/lost hits service/records"}},
		{name: "a component that holds data too", add: "component/store: {supplier: hostco, data: [files]}\ndata-asset/files: {certifications: [HDS]}\n", want: []string{"SUP-009 violated error supplier/hostco hits data-asset/files"}},
	})
}

func TestSpend(t *testing.T) {
	spend := func(ceiling, list string) []string {
		return []string{"  notice: P3M\n", "  notice: P3M\n  ceiling: " + ceiling + "\n  spend: [" + list + "]\n"}
	}
	check(t, "SUP-010", []variant{
		// The term that holds 12 March 2027 runs to 14 January 2028.
		{name: "a rate that lasts", pairs: spend("100000 EUR", "{until: 2027-01-15, amount: 40000 EUR}")},
		{name: "a rate that does not", pairs: spend("60000 EUR", "{until: 2027-01-15, amount: 40000 EUR}"), want: []string{"SUP-010 violated warning contract/hosting at /spec/ceiling variant none"}},
		{name: "the present rate counts, not the past one", pairs: spend("60000 EUR", "{until: 2026-12-15, amount: 39000 EUR}, {until: 2027-01-15, amount: 40000 EUR}")},
		{name: "a ceiling already passed", pairs: spend("30000 EUR", "{until: 2027-01-15, amount: 40000 EUR}"), want: []string{"SUP-010 violated error contract/hosting variant exceeded"}},
		{name: "two currencies", pairs: spend("30000 USD", "{until: 2027-01-15, amount: 40000 EUR}"), want: []string{"SUP-010 unknown warning contract/hosting"}},
	})
	f := processtest.One(t, run(t, strings.ReplaceAll(base, spend("60000 EUR", "{until: 2027-01-15, amount: 40000 EUR}")[0], spend("60000 EUR", "{until: 2027-01-15, amount: 40000 EUR}")[1])), "SUP-010", "contract/hosting")
	// 40 000 in 365 days: the 20 000 left last 182 days more.
	if got := f.Args["reach"].(model.Date).String(); got != "2027-07-16" {
		t.Errorf("reached on %s", got)
	}
}
