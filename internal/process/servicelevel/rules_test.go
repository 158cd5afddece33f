package servicelevel_test

import (
	"testing"
	"time"

	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

func TestProseIsComplete(t *testing.T) { processtest.Prose(t, servicelevel.Rules()) }

func TestACompleteServiceHasNoGap(t *testing.T) {
	if found := run(t, stage+more+records); len(found) > 0 {
		t.Errorf("found:\n%s", processtest.Lines(found))
	}
}

// variant is a change to the complete model and what one rule says then.
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
			found := processtest.Of(run(t, with(t, stage+more+records, v.pairs...)+v.add, extra...), rule)
			if len(v.want) == 0 {
				processtest.Silent(t, found, rule)
				return
			}
			processtest.Want(t, found, v.want...)
		})
	}
}

func TestUsedWithoutAgreement(t *testing.T) {
	check(t, "SLM-001", []variant{
		{name: "an external customer without an agreement", pairs: []string{"  customer: clinic\n", "  customer: ward\n"}, add: "customer/ward: {}\n",
			want: []string{"SLM-001 violated error customer/clinic causes none hits service/records"}},
		{name: "a customer of a critical service without an agreement", add: "customer/ward: {uses: [service/records]}\n",
			want: []string{"SLM-001 violated error customer/ward causes none hits service/records"}},
		{name: "an internal customer of an ordinary service is warned of", pairs: []string{"criticality: critical", "criticality: low"}, add: "customer/ward: {uses: [service/records]}\n",
			want: []string{"SLM-001 violated warning customer/ward causes none hits service/records variant internal"}},
		{name: "all that a customer uses without an agreement is told once", add: "service/mail: {stage: live, criticality: low}\ncustomer/ward: {uses: [service/records, service/mail]}\n",
			want: []string{"SLM-001 violated error customer/ward causes none hits service/mail,service/records at /spec/uses"}},
		{name: "the agreement by default applies inside", pairs: []string{"criticality: critical", "criticality: low"},
			add:  "customer/ward: {uses: [service/records]}\norganisation/org: {defaultAgreement: agreement/base}\nagreement/base: {type: sla, level: corporate, start: 2026-01-01}\n",
			want: []string{"SLM-001 violated info customer/ward causes none hits service/records variant default"}},
		{name: "users of a group count for their customer", pairs: []string{"criticality: critical", "criticality: low, users: [user-group/nurses]"}, add: "customer/ward: {external: true}\nuser-group/nurses: {customer: ward}\n",
			want: []string{"SLM-001 violated error customer/ward causes none hits service/records"}},
		{name: "an agreement at the level of the customer covers all he uses", add: "customer/ward: {uses: [service/records]}\nagreement/ward: {type: sla, level: customer, customer: ward, start: 2026-01-01}\n"},
		{name: "an agreement for all customers of the service covers each", pairs: []string{"  customer: clinic\n", "  level: service\n"}},
		{name: "an agreement that has not begun does not count", pairs: []string{"start: 2026-01-01\n  hours", "start: 2027-03-13\n  hours"},
			want: []string{"SLM-001 violated error customer/clinic causes none hits service/records"}},
		{name: "an agreement that begins today counts", pairs: []string{"start: 2026-01-01\n  hours", "start: 2027-03-12\n  hours"}},
		{name: "a service that is not live asks nothing", pairs: []string{"stage: live", "stage: design"}, add: "customer/ward: {external: true, uses: [service/records]}\n"},
	})
}

func TestTargets(t *testing.T) {
	up := func(spec string) []string {
		return []string{"targets: [{name: gtr, metric: time-to-restore, within: 4h, starts: detected, stops: restored, priority: P1, suspension: outside-hours, measuredBy: tool/tickets}]\n", "targets: [{name: up, " + spec + "}]\n"}
	}
	check(t, "SLM-002", []variant{
		{name: "an availability with window, hours and measure is whole", pairs: up("metric: availability, availability: 99.9%, window: month, measuredBy: tool/tickets")},
		{name: "an availability without window or measure is not", pairs: up("metric: availability, availability: 99.9%"),
			want: []string{"SLM-002 violated error agreement/records part targets/up at /spec/targets/0"}},
		{name: "a target without metric says nothing", pairs: up("within: 4h"), want: []string{"SLM-002 violated error agreement/records part targets/up"}},
		{name: "a throughput without unit", pairs: up("metric: throughput, atLeast: 100, window: month, measuredBy: tool/tickets"),
			want: []string{"SLM-002 violated error agreement/records part targets/up/unit variant unit"}},
		{name: "a response time without value", pairs: up("metric: response-time, window: month, measuredBy: tool/tickets"), want: []string{"SLM-002 violated error agreement/records part targets/up"}},
	})
	check(t, "SLM-014", []variant{
		{name: "a time target with all its rules is whole"},
		{name: "without suspension rule it is not", pairs: []string{", suspension: outside-hours", ""}, want: []string{"SLM-014 violated error agreement/records part targets/gtr at /spec/targets/0"}},
		{name: "the hours of the agreement are its calendar", pairs: []string{"  hours: calendar/office\n", ""}, want: []string{"SLM-014 violated error agreement/records part targets/gtr"}},
		{name: "a contract's time target needs them too", add: "contract/bare: {supplier: hostco, start: 2026-01-01, targets: [{name: r, metric: time-to-respond, within: 1h}]}\n",
			want: []string{"SLM-014 violated error contract/bare part targets/r"}},
		{name: "a contract that has ended is left alone", add: "contract/bare: {supplier: hostco, start: 2025-01-01, end: 2026-01-01, targets: [{name: r, metric: time-to-respond, within: 1h}]}\n"},
	})
	alert := func(target, factor string) []string {
		return up("metric: availability, availability: " + target + ", window: month, measuredBy: tool/tickets, alerts: [{name: fast, factor: \"" + factor + "\", long: 1h, short: 5min}]")
	}
	check(t, "SLM-013", []variant{
		{name: "14.4 fires at 99.9 %", pairs: alert("99.9%", "14.4")},
		{name: "14.4 never fires at 93 %", pairs: alert("93%", "14.4"), want: []string{"SLM-013 violated warning agreement/records part targets/up/alerts/fast at /spec/targets/0/alerts/0"}},
		{name: "the factor of a total loss itself can fire", pairs: alert("90%", "10")},
		{name: "a hair above it cannot", pairs: alert("90%", "10.01"), want: []string{"SLM-013 violated warning agreement/records part targets/up/alerts/fast"}},
		{name: "a factor that is no number", pairs: alert("99.9%", "fast"), want: []string{"SLM-013 violated warning agreement/records part targets/up/alerts/fast variant unreadable"}},
	})
}

func TestCreditBands(t *testing.T) {
	bands := func(list string) []string {
		return []string{"measuredBy: tool/tickets}]\n", "measuredBy: tool/tickets}, {name: up, metric: availability, availability: 99.9%, window: month, measuredBy: tool/tickets, credits: [" + list + "]}]\n"}
	}
	one := func(v string) []string {
		return []string{"SLM-012 violated error agreement/records part targets/up at /spec/targets/1/credits variant " + v}
	}
	check(t, "SLM-012", []variant{
		{name: "bands that tile all below the target are in order", pairs: bands("{from: 99%, below: 99.9%, credit: 10%}, {from: 0%, below: 99%, credit: 25%}")},
		{name: "a band from 99.5 to below 99 is inverted", pairs: bands("{from: 99.5%, below: 99%, credit: 10%}"), want: one("inverted")},
		{name: "a gap between two bands", pairs: bands("{from: 99.5%, below: 99.9%, credit: 10%}, {from: 0%, below: 99%, credit: 25%}"), want: one("gap")},
		{name: "a gap below the lowest band", pairs: bands("{from: 95%, below: 99.9%, credit: 10%}"), want: one("gap")},
		{name: "a gap below the target", pairs: bands("{from: 0%, below: 99.5%, credit: 10%}"), want: one("gap")},
		{name: "an overlap", pairs: bands("{from: 98%, below: 99.9%, credit: 10%}, {from: 0%, below: 99%, credit: 25%}"), want: one("overlap")},
		{name: "a worse attainment that costs less", pairs: bands("{from: 99%, below: 99.9%, credit: 25%}, {from: 0%, below: 99%, credit: 10%}"), want: one("falling")},
		{name: "a credit although the target is met", pairs: bands("{from: 0%, below: 99.95%, credit: 10%}"), want: one("met")},
	})
}

// design plays availability management.
type design struct {
	predicted, lower, upper string
	exact, ok               bool
}

func (d design) Predicted(model.Handle) (a, lower, upper model.Availability, exact bool, missing []model.Ref, ok bool) {
	for p, s := range map[*model.Availability]string{&a: d.predicted, &lower: d.lower, &upper: d.upper} {
		if s != "" {
			if err := p.UnmarshalText([]byte(s)); err != nil {
				panic(err)
			}
		}
	}
	return a, lower, upper, d.exact, []model.Ref{{Kind: "component", Name: "db"}}, d.ok
}

func (d design) SinglePoints(model.Handle) []model.Ref {
	return []model.Ref{{Kind: "component", Name: "db"}}
}

var promise999 = []string{"measuredBy: tool/tickets}]\n", "measuredBy: tool/tickets}, {name: up, metric: availability, availability: 99.9%, window: month, measuredBy: tool/tickets}]\n"}

func TestAvailabilityAgainstTheDesign(t *testing.T) {
	for _, c := range []struct {
		name string
		design
		want string
	}{
		{"the design yields just the promise", design{predicted: "99.9%", exact: true, ok: true}, ""},
		{"the design yields a hair less", design{predicted: "99.8999%", exact: true, ok: true}, "SLM-003 violated error agreement/records part targets/up causes service/records at /spec/targets/1/availability"},
		{"the lower bound keeps the promise", design{predicted: "99.95%", lower: "99.9%", upper: "99.99%", ok: true}, ""},
		{"the upper bound breaks the promise", design{predicted: "99.8%", lower: "99.7%", upper: "99.89%", ok: true}, "SLM-003 violated error agreement/records part targets/up"},
		{"the promise lies between the bounds", design{predicted: "99.9%", lower: "99.7%", upper: "99.95%", ok: true}, "SLM-003 unknown error agreement/records part targets/up"},
		{"the design is not known", design{}, "SLM-003 unknown error agreement/records part targets/up causes service/records"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := variant{name: "judged", pairs: promise999}
			if c.want != "" {
				v.want = []string{c.want}
			}
			check(t, "SLM-003", []variant{v}, c.design)
		})
	}
}

func TestAvailabilityAgainstSupport(t *testing.T) {
	link := func(name, component, a string) string {
		return "contract/" + name + ": {supplier: hostco, covers: [component/" + component + "], start: 2026-01-01, targets: [{name: up, metric: availability, availability: " + a + "}]}\n"
	}
	requires := func(expr string) []string {
		return append([]string{"[team/desk], requires: [component/db]", "[team/desk], requires: [" + expr + "]"}, promise999...)
	}
	outside := "component/x: {supplier: hostco}\ncomponent/y: {supplier: hostco}\ncomponent/z: {requires: [component/x]}\n"
	check(t, "SLM-004", []variant{
		{name: "a promise on nothing but the design rests on no promise", pairs: promise999},
		{name: "one contract as good as the promise carries it", pairs: requires("component/x"), add: outside + link("x", "x", "99.9%")},
		{name: "two contracts in series together fall short", pairs: requires("component/x, component/y"), add: outside + link("x", "x", "99.95%") + link("y", "y", "99.94%"),
			want: []string{"SLM-004 violated warning agreement/records part targets/up causes contract/x,contract/y,service/records at /spec/targets/1/availability"}},
		{name: "one contract for two components counts once", pairs: requires("component/x, component/y"), add: outside + "contract/xy: {supplier: hostco, covers: [component/x, component/y], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 99.9%}]}\n"},
		{name: "two alternatives of 99 % carry 99.9 %", pairs: requires("{anyOf: [component/x, component/y]}"), add: outside + link("x", "x", "99%") + link("y", "y", "99%")},
		{name: "two alternatives of 96 % do not", pairs: requires("{anyOf: [component/x, component/y]}"), add: outside + link("x", "x", "96%") + link("y", "y", "96%"),
			want: []string{"SLM-004 violated warning agreement/records part targets/up causes service/records"}},
		{name: "what two alternatives share counts once and alone", pairs: requires("{anyOf: [component/x, component/z]}"), add: outside + link("x", "x", "99.9%")},
		{name: "a weaker agreement of a team is the first failing link", pairs: promise999, add: "agreement/desk: {type: ola, provider: desk, services: [component/db], start: 2026-01-01, hours: calendar/office, resources: {}, targets: [{name: up, metric: availability, availability: 99.5%, window: month, measuredBy: tool/tickets}], signatures: [{party: provider, on: 2026-01-01}]}\n",
			want: []string{"SLM-004 violated warning agreement/records part targets/up causes agreement/desk,service/records variant first"}},
		{name: "a weaker contract is told by SUP-002", pairs: requires("component/x"), add: outside + link("x", "x", "99%")},
		{name: "a contract without availability is not known", pairs: requires("component/x"), add: outside + "contract/x: {supplier: hostco, covers: [component/x], start: 2026-01-01}\n",
			want: []string{"SLM-004 unknown warning agreement/records part targets/up causes contract/x,service/records"}},
		{name: "an external part without contract is told by SUP-001", pairs: requires("component/x"), add: outside},
		{name: "a contract that has ended guarantees nothing", pairs: requires("component/x"), add: outside + "contract/x: {supplier: hostco, covers: [component/x], start: 2025-01-01, end: 2025-12-31, targets: [{name: up, metric: availability, availability: 90%}]}\n"},
	})
	check(t, "SLM-004", []variant{
		{name: "it is an error when the design falls short too", pairs: requires("component/x, component/y"), add: outside + link("x", "x", "99.95%") + link("y", "y", "99.94%"),
			want: []string{"SLM-004 violated error agreement/records part targets/up"}},
	}, design{predicted: "99%", exact: true, ok: true})
	check(t, "SLM-004", []variant{
		{name: "it is an error when the measures fall short too", pairs: requires("component/x, component/y"),
			add:  outside + link("x", "x", "99.95%") + link("y", "y", "99.94%") + "case-figures/feb: {of: agreement/records, target: up, service: service/records, from: 2027-02-01, until: 2027-02-28, attained: 99.8%}\n",
			want: []string{"SLM-004 violated error agreement/records part targets/up"}},
	})
}

func TestSupportShowsProductAndBound(t *testing.T) {
	f := processtest.Facts(t, servicelevel.Analyses, on, with(t, stage+more+records, "[team/desk], requires: [component/db]", "[team/desk], requires: [component/x, component/y]")+`
component/x: {supplier: hostco}
component/y: {supplier: hostco}
contract/x: {supplier: hostco, covers: [component/x], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 99%}]}
contract/y: {supplier: hostco, covers: [component/y], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 98%}]}
`)
	a, _ := finding.Use[*servicelevel.Analysis](f)
	h, _ := f.Snap.Find(model.Ref{Kind: "service", Name: "records"})
	s := a.Support(h, model.AvailabilityOf(0.01), false)
	if s.Product.String() != "97.02%" || s.Bound.String() != "97%" || s.Verdict != servicelevel.Uncovered || s.First().Promise.Name != "y" {
		t.Errorf("product %s, bound %s, verdict %s, first %+v", s.Product, s.Bound, s.Verdict, s.First())
	}
}

func TestHoursCovered(t *testing.T) {
	ref := []string{"hours: calendar/office\n", "hours: calendar/week\n"}
	check(t, "SLM-006", []variant{
		{name: "support hours that hold the promise"},
		{name: "an hour before, two after and Saturday are not covered", pairs: ref, want: []string{"SLM-006 violated error team/desk causes none hits agreement/records,service/records at /spec/calendar"}},
		{name: "a contract of the service that covers the rest", pairs: ref, add: "contract/week: {supplier: hostco, covers: [service/records], start: 2026-01-01, hours: calendar/week}\n"},
		{name: "a contract that has ended covers nothing", pairs: ref, add: "contract/week: {supplier: hostco, covers: [service/records], start: 2025-01-01, end: 2026-01-01, hours: calendar/week}\n",
			want: []string{"SLM-006 violated error team/desk causes none"}},
		{name: "a rota that covers nights and days off", pairs: append(ref, "respond: 30min}", "respond: 30min, onCall: [{name: all, calendar: days, members: [ann, ben], turn: P7D, start: 2027-03-01}]}")},
		{name: "what two agreements promise beyond one team is told once, the widest first", pairs: ref, add: "agreement/second: {type: sla, customer: clinic, services: [service/records], start: 2026-01-01, hours: calendar/always, precedence: 2}\n",
			want: []string{"SLM-006 violated error team/desk causes none hits agreement/records,agreement/second,service/records"}},
		{name: "nobody named to support", pairs: []string{"support: [team/desk], ", ""}, want: []string{"SLM-006 unknown error service/records hits agreement/records at /spec/support variant nobody"}},
		{name: "a team without hours", pairs: []string{"{calendar: office, respond: 30min}", "{respond: 30min}"}, want: []string{"SLM-006 unknown error team/desk hits agreement/records,service/records"}},
		{name: "a calendar without a zone", pairs: append(ref, "{zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri, sat]", "{hours: [{days: [mon, tue, wed, thu, fri, sat]"), want: []string{"SLM-006 unknown error calendar/week hits agreement/records"}},
	})
	f := processtest.One(t, processtest.Of(run(t, with(t, stage+more+records, ref...)), "SLM-006"), "SLM-006", "team/desk")
	if got := f.Args["typicalHours"].(worktime.Pattern).String(); got != "Mon-Fri 07:00-08:00 18:00-20:00; Sat 07:00-20:00" {
		t.Errorf("typical week %s", got)
	}
	if got := f.Args["typical"]; got != 28*time.Hour {
		t.Errorf("typical week %v", got)
	}
	// A public holiday on a working day adds its ten hours; no week has two.
	if got := f.Args["worst"]; got != 38*time.Hour {
		t.Errorf("worst week %v", got)
	}
}

func TestEndsAndSignatures(t *testing.T) {
	check(t, "SLM-007", []variant{
		{name: "an agreement ended yesterday", pairs: []string{"  hours: calendar/office\n", "  end: 2027-03-11\n  hours: calendar/office\n"}, want: []string{"SLM-007 violated error agreement/records causes service/records at /spec/end"}},
		{name: "its last day is in force", pairs: []string{"  hours: calendar/office\n", "  end: 2027-03-12\n  hours: calendar/office\n"}},
		{name: "tacit renewal goes on", pairs: []string{"  hours: calendar/office\n", "  end: 2027-03-11\n  renewal: P1Y\n  hours: calendar/office\n"}},
		{name: "one that succeeds it is enough", pairs: []string{"  hours: calendar/office\n", "  end: 2027-03-11\n  hours: calendar/office\n"}, add: "agreement/next: {type: sla, customer: clinic, services: [service/records], start: 2027-03-12}\n"},
		{name: "one that replaces it is enough", pairs: []string{"  hours: calendar/office\n", "  end: 2027-03-11\n  hours: calendar/office\n"}, add: "agreement/next: {type: sla, customer: clinic, services: [component/db], supersedes: agreement/records, start: 2027-03-12}\n"},
		{name: "a service that is not used any more needs none", pairs: []string{"  hours: calendar/office\n", "  end: 2027-03-11\n  hours: calendar/office\n", "stage: live", "stage: retired"}},
	})
	check(t, "SLM-015", []variant{
		{name: "the customer has not signed", pairs: []string{", {party: customer, on: 2025-12-01}", ""}, want: []string{"SLM-015 violated warning agreement/records part signatures/customer at /spec/signatures variant customer"}},
		{name: "a signature without a date is none", pairs: []string{"{party: provider, on: 2025-12-01}", "{party: provider}"}, want: []string{"SLM-015 violated warning agreement/records part signatures/provider variant provider"}},
		{name: "an agreement still to come need not be signed", pairs: []string{"signatures: [{party: provider, on: 2025-12-01}, {party: customer, on: 2025-12-01}]", "signatures: []", "start: 2026-01-01\n  hours", "start: 2027-04-01\n  hours"}},
	})
	ends := func(s string) []string {
		return []string{"  hours: calendar/office\n", "  " + s + "\n  hours: calendar/office\n"}
	}
	check(t, "SLM-018", []variant{
		{name: "an end in 90 days with nothing after it", pairs: ends("end: 2027-06-10"), want: []string{"SLM-018 violated warning agreement/records at /spec/end"}},
		{name: "an end in 91 days", pairs: ends("end: 2027-06-11")},
		{name: "an end that another agreement follows", pairs: ends("end: 2027-06-10"), add: "agreement/next: {type: sla, customer: clinic, services: [service/records], start: 2027-06-11}\n"},
		{name: "a notice day in 90 days", pairs: ends("end: 2027-08-31\n  renewal: P1Y\n  notice: P82D"), want: []string{"SLM-018 violated warning agreement/records at /spec/notice variant notice"}},
		{name: "a notice day in 91 days", pairs: ends("end: 2027-08-31\n  renewal: P1Y\n  notice: P81D")},
		{name: "a notice day passed with the end near", pairs: ends("end: 2027-05-31\n  renewal: P1Y\n  notice: P3M"), want: []string{"SLM-018 violated warning agreement/records at /spec/notice variant renews"}},
		{name: "a renewal that is wanted", pairs: ends("end: 2027-05-31\n  renewal: P1Y\n  renewalWanted: true\n  notice: P3M")},
		{name: "a renewal without an end", pairs: ends("renewal: P1Y"), want: []string{"SLM-018 unknown warning agreement/records"}},
	})
	check(t, "SLM-019", []variant{
		{name: "people, hours and cost not stated", pairs: []string{"resources: {people: [team/desk], hoursPerWeek: 10h, cost: 1000 EUR/month}", "resources: {people: [team/desk]}"}, want: []string{"SLM-019 violated info agreement/records at /spec/resources"}},
	})
}

func TestNeeds(t *testing.T) {
	need := func(target string) string {
		return "requirement/need: {type: service-level, customer: clinic, service: records, targets: [{name: n, " + target + "}]}\n"
	}
	check(t, "SLM-008", []variant{
		{name: "a need that is met", add: need("metric: time-to-restore, within: 4h, priority: P1")},
		{name: "a need for less time", add: need("metric: time-to-restore, within: 3h, priority: P1"), want: []string{"SLM-008 violated error requirement/need part targets/n causes agreement/records,service/records at /spec/targets/0"}},
		{name: "a need for cases of another priority", add: need("metric: time-to-restore, within: 8h, priority: P3"), want: []string{"SLM-008 violated error requirement/need part targets/n variant absent"}},
		{name: "a need of another metric", add: need("metric: availability, availability: 99%"), want: []string{"SLM-008 violated error requirement/need part targets/n variant absent"}},
		{name: "a need in more hours", add: need("metric: time-to-restore, within: 4h, priority: P1, calendar: always"), want: []string{"SLM-008 violated error requirement/need part targets/n variant hours"}},
		{name: "a need of a customer without an agreement", add: "customer/ward: {}\nrequirement/need: {type: service-level, customer: ward, service: records, priority: could, targets: [{name: n, metric: time-to-restore, within: 4h}]}\n",
			want: []string{"SLM-008 violated warning requirement/need part targets/n causes service/records variant none"}},
		{name: "a need of a service that is only required yet", pairs: []string{"stage: live", "stage: requirement"}, add: need("metric: availability, availability: 99%")},
		{name: "units that differ", pairs: []string{"measuredBy: tool/tickets}]\n", "measuredBy: tool/tickets}, {name: v, metric: throughput, atLeast: 100 forms/h, window: month, measuredBy: tool/tickets}]\n"}, add: need("metric: throughput, atLeast: 2 forms/min"),
			want: []string{"SLM-008 unknown error requirement/need part targets/n"}},
	})
	volume := []string{"measuredBy: tool/tickets}]\n", "measuredBy: tool/tickets}, {name: v, metric: throughput, atLeast: 100 forms/h, window: month, measuredBy: tool/tickets}]\n"}
	capacity := func(c string) []string {
		return append([]string{"criticality: critical", "criticality: critical, capacity: [{name: forms, " + c + "}]"}, volume...)
	}
	check(t, "SLM-009", []variant{
		{name: "a tested limit above the promise", pairs: capacity("limit: 80 forms/h, tested: 100 forms/h")},
		{name: "a tested limit below it", pairs: capacity("limit: 200 forms/h, tested: 99 forms/h"), want: []string{"SLM-009 violated error agreement/records part targets/v causes service/records at /spec/targets/1/atLeast"}},
		{name: "a limit in another unit", pairs: capacity("limit: 200 forms/min"), want: []string{"SLM-009 unknown error agreement/records part targets/v causes service/records"}},
	})
}

// recovery plays continuity management.
type recovery struct{ d time.Duration }

func (r recovery) Attainable(model.Handle) (time.Duration, bool) { return r.d, true }

func TestRecoveryPromised(t *testing.T) {
	promised := []string{"measuredBy: tool/tickets}]\n", "measuredBy: tool/tickets}, {name: rto, metric: recovery-time, within: 4h}, {name: rpo, metric: recovery-point, within: 1h}]\n"}
	plan := "recovery-plan/site: {services: [records], rpo: 1h}\n"
	check(t, "SLM-010", []variant{
		{name: "a plan that attains the promise", pairs: promised, add: plan},
		{name: "a point beyond the plan", pairs: promised, add: "recovery-plan/site: {services: [records], rpo: 2h}\n", want: []string{"SLM-010 violated error recovery-plan/site part recovery-point hits agreement/records,service/records at /spec/rpo"}},
	}, recovery{4 * time.Hour})
	check(t, "SLM-010", []variant{
		{name: "a plan that takes longer than promised", pairs: promised, add: plan, want: []string{"SLM-010 violated error recovery-plan/site part recovery-time hits agreement/records,service/records"}},
		{name: "told once where the plan misses the objective of the service itself", pairs: append([]string{"criticality: critical", "criticality: critical, continuity: {rto: 3h}"}, promised...), add: plan},
	}, recovery{5 * time.Hour})
}

func TestAttainment(t *testing.T) {
	figures := func(name, from, until, attained string) string {
		return "case-figures/" + name + ": {of: agreement/records, target: up, service: service/records, from: " + from + ", until: " + until + ", attained: " + attained + "}\n"
	}
	check(t, "SLM-011", []variant{
		{name: "a month at the target", pairs: promise999, add: figures("feb", "2027-02-01", "2027-02-28", "99.9%")},
		{name: "a month below it", pairs: promise999, add: figures("feb", "2027-02-01", "2027-02-28", "99.89%"), want: []string{"SLM-011 violated error agreement/records part targets/up causes service/records at /spec/targets/1"}},
		{name: "only the latest figures count", pairs: promise999, add: figures("jan", "2027-01-01", "2027-01-31", "99%") + figures("feb", "2027-02-01", "2027-02-28", "99.95%")},
		{name: "a budget that burns twice as fast as it should", pairs: promise999, add: figures("mar", "2027-03-01", "2027-03-10", "99.8%"), want: []string{"SLM-011 violated warning agreement/records part targets/up variant burning"}},
		{name: "a budget spent before its window ends", pairs: promise999, add: figures("mar", "2027-03-01", "2027-03-10", "99%"), want: []string{"SLM-011 violated error agreement/records part targets/up variant spent"}},
		{name: "a budget that burns evenly", pairs: promise999, add: figures("mar", "2027-03-01", "2027-03-10", "99.9%")},
		{name: "figures without a figure", pairs: promise999, add: "case-figures/feb: {of: agreement/records, target: up, service: service/records, from: 2027-02-01, until: 2027-02-28}\n",
			want: []string{"SLM-011 unknown error agreement/records part targets/up causes case-figures/feb,service/records"}},
		{name: "a share of cases in time", add: "case-figures/feb: {of: agreement/records, target: gtr, from: 2027-02-01, until: 2027-02-28, attained: 97%}\n", want: []string{"SLM-011 violated error agreement/records part targets/gtr causes none"}},
	})
	two := figures("jan", "2027-01-01", "2027-01-31", "99%") + figures("feb", "2027-02-01", "2027-02-28", "99%")
	check(t, "SLM-017", []variant{
		{name: "one period missed", pairs: promise999, add: figures("jan", "2027-01-01", "2027-01-31", "99.95%") + figures("feb", "2027-02-01", "2027-02-28", "99%")},
		{name: "two periods missed", pairs: promise999, add: two, want: []string{"SLM-017 violated warning agreement/records part targets/up causes service/records at /spec/targets/1"}},
		{name: "two periods missed with one between them", pairs: promise999, add: figures("dec", "2026-12-01", "2026-12-31", "99%") + figures("feb", "2027-02-01", "2027-02-28", "99%")},
		{name: "an improvement is under way", pairs: promise999, add: two + "action/sip: {type: improvement, about: [agreement/records], due: 2027-06-30}\n"},
		{name: "an improvement of another target", pairs: promise999, add: two + "action/sip: {type: improvement, target: gtr, about: [agreement/records]}\n", want: []string{"SLM-017 violated warning agreement/records part targets/up"}},
		{name: "an improvement finished before the first miss", pairs: promise999, add: two + "action/sip: {type: improvement, about: [service/records], done: 2027-01-15}\n", want: []string{"SLM-017 violated warning agreement/records part targets/up"}},
	})
}

func TestConflicts(t *testing.T) {
	other := func(spec string) string {
		return "agreement/second: {type: sla, customer: clinic, services: [service/records], start: 2026-01-01, hours: calendar/office, " + spec + "}\n"
	}
	loose := "targets: [{name: r, metric: time-to-restore, within: 8h, priority: P1}]"
	check(t, "SLM-016", []variant{
		{name: "two values for one metric", add: other(loose), want: []string{"SLM-016 violated error agreement/records causes agreement/second,service/records at /spec/targets/0"}},
		{name: "two calendars", add: "agreement/second: {type: sla, customer: clinic, services: [service/records], start: 2026-01-01, hours: calendar/always}\n", want: []string{"SLM-016 violated error agreement/records causes agreement/second,service/records variant hours"}},
		{name: "the same value twice", add: other("targets: [{name: r, metric: time-to-restore, within: 4h, priority: P1}]")},
		{name: "cases of another priority", add: other("targets: [{name: r, metric: time-to-restore, within: 8h, priority: P2}]")},
		{name: "precedence says which counts", add: other("precedence: 2, " + loose)},
		{name: "equal precedence says nothing", pairs: []string{"  type: sla\n", "  type: sla\n  precedence: 2\n"}, add: other("precedence: 2, " + loose), want: []string{"SLM-016 violated error agreement/records"}},
		{name: "levels say which counts", pairs: []string{"  type: sla\n", "  type: sla\n  level: service\n"}, add: other("level: customer, " + loose)},
		{name: "one that has ended binds nobody", add: "agreement/second: {type: sla, customer: clinic, services: [service/records], start: 2025-01-01, end: 2026-01-01, hours: calendar/always}\n"},
		{name: "another customer is another matter", add: "customer/ward: {}\nagreement/second: {type: sla, customer: ward, services: [service/records], start: 2026-01-01, hours: calendar/always}\n"},
	})
}

func TestWhatIsPromised(t *testing.T) {
	f := processtest.Facts(t, servicelevel.Analyses, on, with(t, stage+more+records, promise999...)+`
agreement/strict: {type: sla, level: customer, customer: clinic, start: 2026-01-01, hours: calendar/always, targets: [{name: high, metric: availability, availability: 99.99%}]}
agreement/past: {type: sla, customer: clinic, services: [service/records], start: 2025-01-01, end: 2026-01-01, targets: [{name: high, metric: availability, availability: 99.999%}]}
agreement/desk: {type: ola, provider: desk, services: [service/records], start: 2026-01-01, targets: [{name: high, metric: availability, availability: 99.9999%}]}
`)
	a, _ := finding.Use[*servicelevel.Analysis](f)
	h, _ := f.Snap.Find(model.Ref{Kind: "service", Name: "records"})
	got, agreement, target, ok := a.Promised(h)
	if !ok || got.String() != "99.99%" || agreement.Name != "strict" || target != "high" {
		t.Errorf("promised %s by %s (%s)", got, agreement, target)
	}
	if hours := a.PromisedHours(h); len(hours) != 2 {
		t.Errorf("hours %v", hours)
	}
}

func TestPromisesOfAService(t *testing.T) {
	f := processtest.Facts(t, servicelevel.Analyses, on, with(t, stage+more+records, promise999...)+`
case-figures/feb: {of: agreement/records, target: up, service: service/records, from: 2027-02-01, until: 2027-02-28, attained: 99.8%}
`)
	a, _ := finding.Use[*servicelevel.Analysis](f)
	h, _ := f.Snap.Find(model.Ref{Kind: "service", Name: "records"})
	list := a.Promises(h)
	if len(list) != 2 {
		t.Fatalf("%d promises", len(list))
	}
	if p := list[0]; p.Verdict != servicelevel.Covered || p.Worst == nil || p.Worst.Elapsed != 2*time.Hour || p.Worst.By.Name != "desk" {
		t.Errorf("time to restore: %+v", p)
	}
	if p := list[1]; p.Verdict != servicelevel.Covered || p.Support == nil || !p.Missed {
		t.Errorf("availability: %+v", p)
	}
}
