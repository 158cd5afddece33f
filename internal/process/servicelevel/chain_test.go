package servicelevel_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

// rhythmic plays the part of availability management.
type rhythmic struct {
	unavailability float64
	perYear        float64
	lasts          time.Duration
	missing        []model.Ref
}

func (d rhythmic) Predicted(model.Handle) (a, lower, upper model.Availability, exact bool, missing []model.Ref, ok bool) {
	a = model.AvailabilityOf(d.unavailability)
	lower = a
	if len(d.missing) > 0 {
		lower = model.AvailabilityOf(1)
	}
	return a, lower, a, len(d.missing) == 0, d.missing, true
}

func (d rhythmic) Rhythm(model.Handle) (float64, time.Duration, bool) {
	return d.perYear, d.lasts, d.perYear > 0
}

func analysed(t testing.TB, text string, extra ...any) (*finding.Facts, *servicelevel.Analysis) {
	t.Helper()
	f := processtest.Facts(t, processtest.With(servicelevel.Analyses, extra...), on, text)
	a, ok := finding.Use[*servicelevel.Analysis](f)
	if !ok {
		t.Fatal("no analysis")
	}
	return f, a
}

func at(t testing.TB, f *finding.Facts, ref string) model.Handle {
	t.Helper()
	r, err := model.ParseRef(ref)
	if err != nil {
		t.Fatal(err)
	}
	h, ok := f.Snap.Find(r)
	if !ok {
		t.Fatalf("%s is not there", ref)
	}
	return h
}

const chained = `
calendar/always: {always: true, zone: UTC}
calendar/day: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "20:00"}]}
customer/c: {uses: [service/s]}
supplier/x: {}
supplier/y: {}
service/s: {stage: live, requires: [component/a, component/b]}
component/a: {external: true}
component/b: {external: true}
contract/a: {supplier: x, covers: [component/a], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.9%}]}
contract/b: {supplier: y, covers: [component/b], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.8%}]}
agreement/sla: {type: sla, customer: c, services: [service/s], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.5%, window: month}]}
requirement/slr: {type: service-level, customer: c, service: s, targets: [{name: up, metric: availability, availability: 99.9%, calendar: always}]}
`

// told writes a chain in one line.
func told(c servicelevel.Chain) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", c.Service, c.Verdict)
	for _, n := range c.Needs {
		fmt.Fprintf(&b, " need %v %s", n.Value, n.Verdict)
	}
	if x := c.Composed; x != nil {
		fmt.Fprintf(&b, " product %s bound %s exact %s", x.Product, x.Bound, x.Exact)
		if x.Narrowed {
			fmt.Fprintf(&b, " common %s bound there %s", x.Common, x.BoundCommon.Rounded(4))
		}
	}
	if l := c.FirstFailing(); l != nil {
		fmt.Fprintf(&b, " first %s", l.By)
		if l.Short > 0 {
			fmt.Fprintf(&b, " short %.4f%%", l.Short*100)
		}
		if l.Outside > 0 {
			fmt.Fprintf(&b, " outside %s", l.Outside)
		}
		if l.Late > 0 {
			fmt.Fprintf(&b, " late %s", l.Late)
		}
	}
	return b.String()
}

func TestChainsOfAvailability(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{"in series: the product, and a + b − 1 at worst", nil,
			"service/s covered need 99.9% uncovered product 99.7002% bound 99.7% exact 99.7002%"},
		{"the first failing link is the weakest, and says by how much", []string{"availability: 99.5%", "availability: 99.85%"},
			"service/s uncovered need 99.9% uncovered product 99.7002% bound 99.7% exact 99.7002% first contract/b short 0.0500%"},
		{"where only both together fall short no link is first", []string{"availability: 99.5%", "availability: 99.75%", "99.8%", "99.85%", "99.9%}]}\ncontract/b", "99.86%}]}\ncontract/b"},
			"service/s uncovered need 99.9% uncovered product 99.71021% bound 99.71% exact 99.71021%"},
		{"alternatives count as 1 − (1 − a)(1 − b)", []string{"requires: [component/a, component/b]", "requires: [{anyOf: [component/a, component/b]}]"},
			"service/s covered need 99.9% uncovered product 99.9998% bound 99.9% exact 99.9998%"},
		{"what alternatives share is one thing in the dependency model", []string{
			"requires: [component/a, component/b]", "requires: [{anyOf: [component/p, component/q]}]",
			"component/a: {external: true}", "component/a: {external: true}\ncomponent/p: {requires: [component/a, component/b]}\ncomponent/q: {requires: [component/a]}"},
			"service/s covered need 99.9% uncovered product 99.9% bound 99.9% exact 99.9%"},
		{"a link that promises nothing at night does not carry a promise round the clock", []string{"start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.8%", "start: 2026-01-01, hours: day, targets: [{name: up, metric: availability, availability: 99.8%"},
			"service/s uncovered need 99.9% uncovered product 99.7002% bound 99.7% exact 99.7002% common 4392h0m0s bound there 99.6% first contract/b outside 4392h0m0s"},
		{"in the day alone, what a supplier allows himself at night may all fall into the day", []string{"start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.5%", "start: 2026-01-01, hours: day, targets: [{name: up, metric: availability, availability: 99.5%"},
			"service/s covered need 99.9% uncovered product 99.7002% bound 99.7% exact 99.7002% common 4392h0m0s bound there 99.4%"},
		{"without a contract nothing is known, and the part is named", []string{"covers: [component/b]", "covers: []"},
			"service/s unknown need 99.9% uncovered product 99.9% bound 99.9% exact 99.9%"},
	} {
		f, a := analysed(t, with(t, chained, c.pairs...))
		list := a.Chains(at(t, f, "agreement/sla"))
		if len(list) != 1 {
			t.Fatalf("%s: %d chains", c.name, len(list))
		}
		if got := told(list[0]); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestChainOfARequirementIsJudgedAsIfItWerePromised(t *testing.T) {
	f, a := analysed(t, chained)
	list := a.Chains(at(t, f, "requirement/slr"))
	if got, want := told(list[0]), "service/s uncovered need 99.5% uncovered product 99.7002% bound 99.7% exact 99.7002% first contract/b short 0.1000%"; len(list) != 1 || got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if a.Chains(at(t, f, "service/s")) != nil {
		t.Error("a service has chains of its own")
	}
}

func TestHandOversFromTheWorstMinuteOfTheYear(t *testing.T) {
	f, a := analysed(t, stage+with(t, records, "hours: calendar/office", "hours: calendar/always"))
	c := a.Chains(at(t, f, "agreement/records"))[0]
	x := c.Timed
	if x == nil || c.Verdict != servicelevel.Uncovered {
		t.Fatalf("%s without a worst case", c.Verdict)
	}
	// Thirty minutes to take it, thirty to diagnose, an hour to repair.
	if x.Work != 2*time.Hour {
		t.Errorf("%s of work", x.Work)
	}
	steps := []any{}
	for _, l := range c.Links {
		steps = append(steps, l.What)
	}
	if want := []any{model.MetricRespond, "diagnose", "repair"}; !slices.Equal(steps, want) {
		t.Errorf("hand-overs %v", steps)
	}
	first := c.FirstFailing()
	if first == nil || first.By.Name != "desk" {
		t.Fatalf("first failing %v", first)
	}
	last := c.Links[len(c.Links)-1]
	if last.Late != x.Elapsed-4*time.Hour || !last.To.Equal(x.Restored) {
		t.Errorf("late %s of %s, ends %s of %s", last.Late, x.Elapsed, last.To, x.Restored)
	}
	// Monday to Friday 8 to 18: a failure from two hours before opening to two before
	// closing is restored within four; holidays take a few days away.
	if x.Kept < .26 || x.Kept > .2977 {
		t.Errorf("kept after %.4f of the failures", x.Kept)
	}
}

func TestAShareOfCasesIsCountedOverTheYear(t *testing.T) {
	for share, want := range map[string]servicelevel.Verdict{"25%": servicelevel.Covered, "35%": servicelevel.Uncovered} {
		f, a := analysed(t, stage+with(t, records, "hours: calendar/office", "hours: calendar/always", "within: 4h,", "within: 4h, percentile: "+share+","))
		if c := a.Chains(at(t, f, "agreement/records"))[0]; c.Verdict != want {
			t.Errorf("%s of cases: %s", share, c.Verdict)
		}
	}
}

func TestRecoveryIsTheLongestOfPlansAndCopies(t *testing.T) {
	const text = `
customer/c: {uses: [service/s]}
site/one: {}
site/two: {}
service/s: {stage: live, data: [data-asset/d, data-asset/e]}
data-asset/d: {backups: [{name: here, interval: 5min, site: one}, {name: there, interval: 4h, site: two}]}
data-asset/e: {backups: [{name: there, interval: 1h, site: two}]}
recovery-plan/p: {services: [service/s], rpo: 15min, loses: [site/one]}
agreement/sla: {type: sla, customer: c, services: [service/s], start: 2026-01-01, targets: [{name: rpo, metric: recovery-point, within: 2h}]}
`
	for _, c := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{"the copy that falls with the site does not count", nil, "service/s uncovered first data-asset/d late 2h0m0s"},
		{"it does where another site is lost", []string{"loses: [site/one]", "loses: []"}, "service/s covered"},
		{"the plan's own figure counts beside the copies", []string{"loses: [site/one]", "loses: []", "rpo: 15min", "rpo: 3h"}, "service/s uncovered first recovery-plan/p late 1h0m0s"},
		{"data without a copy fails whatever the plan says", []string{"{name: there, interval: 1h, site: two}", ""}, "service/s uncovered first data-asset/d late 2h0m0s"},
		{"an interval that is not stated is not known", []string{"loses: [site/one]", "loses: []", "interval: 1h, ", ""}, "service/s unknown"},
		{"without a plan nothing is known", []string{"services: [service/s], rpo", "services: [], rpo"}, "service/s unknown"},
	} {
		f, a := analysed(t, with(t, text, c.pairs...))
		if got := told(a.Chains(at(t, f, "agreement/sla"))[0]); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAttain(t *testing.T) {
	availability := func(a string, more ...func(*model.Target)) model.Target {
		var v model.Availability
		if err := v.UnmarshalText([]byte(a)); err != nil {
			t.Fatal(err)
		}
		x := model.Target{Name: "availability", Metric: model.MetricAvailability, Availability: &v, Window: "month"}
		for _, f := range more {
			f(&x)
		}
		return x
	}
	good := rhythmic{unavailability: 2e-4, perYear: 2, lasts: time.Duration(2e-4 / 2 * 365.25 * 24 * float64(time.Hour))}
	rare := rhythmic{unavailability: 2e-3, perYear: 2, lasts: time.Duration(2e-3 / 2 * 365.25 * 24 * float64(time.Hour))}
	for _, c := range []struct {
		name   string
		design rhythmic
		asked  model.Target
		want   servicelevel.Outcome
		best   string
	}{
		{"what design and contracts keep can be promised", good, availability("99.5%"), servicelevel.Can, "99.7%"},
		{"what contracts do not carry cannot", good, availability("99.9%"), servicelevel.Cannot, "99.7%"},
		{"kept in the mean, and missed too often: at risk", rare, availability("99.6%"), servicelevel.Risky, "98.5%"},
		{"the design alone falls short", rare, availability("99.85%"), servicelevel.Cannot, "98.5%"},
		{"missing failure data leave it open", rhythmic{unavailability: 1e-4, missing: []model.Ref{{Kind: "component", Name: "a"}}}, availability("99.5%"), servicelevel.Open, "<nil>"},
	} {
		f, a := analysed(t, chained, c.design)
		x := a.Attain(at(t, f, "service/s"), &model.Agreement{Type: "sla", Customer: model.Ref{Kind: "customer", Name: "d"}, Services: []model.Ref{{Kind: "service", Name: "s"}}, Hours: model.Ref{Kind: "calendar", Name: "always"}, Targets: []model.Target{c.asked}}).Wishes[0]
		if best := fmt.Sprint(x.Best); x.Outcome != c.want || best != c.best {
			t.Errorf("%s: %s, best %s; want %s, %s", c.name, x.Outcome, best, c.want, c.best)
		}
		if x.Risk != nil && x.Risk.Best.Less(model.AvailabilityOf(1)) {
			t.Errorf("%s: best %s", c.name, x.Risk.Best)
		}
	}
}

func TestTheBestPromiseIsMissedInOneMonthOfTwentyAtMost(t *testing.T) {
	d := rhythmic{unavailability: 2e-3, perYear: 6, lasts: time.Duration(2e-3 / 6 * 365.25 * 24 * float64(time.Hour))}
	f, a := analysed(t, with(t, chained, "99.8%", "99.99%", "99.9%}]}\ncontract/b", "99.99%}]}\ncontract/b"), d)
	ask := func(v model.Availability) *servicelevel.Attained {
		x := a.Attain(at(t, f, "service/s"), &model.Agreement{Type: "sla", Services: []model.Ref{{Kind: "service", Name: "s"}}, Hours: model.Ref{Kind: "calendar", Name: "always"},
			Targets: []model.Target{{Metric: model.MetricAvailability, Availability: &v, Window: "month", Credits: []model.CreditBand{{From: model.AvailabilityOf(1), Below: v, Credit: model.PercentOf(.1)}}}}}).Wishes[0]
		return &x
	}
	first := ask(model.AvailabilityOf(1e-2))
	best, ok := first.Best.(model.Availability)
	if !ok {
		t.Fatalf("best %v", first.Best)
	}
	then := ask(best)
	if then.Risk.Miss > servicelevel.RiskAccepted || then.Outcome != servicelevel.Can {
		t.Errorf("%s is missed with %.4f: %s", best, then.Risk.Miss, then.Outcome)
	}
	// A tenth of the fee is given back whenever the month is missed.
	if then.Risk.Credit == nil || math.Abs(*then.Risk.Credit-.1*then.Risk.Miss) > 1e-9 {
		t.Errorf("credit %v for a miss of %.4f", then.Risk.Credit, then.Risk.Miss)
	}
	then.Risk.Priced(&model.Money{Minor: 1_000_000, Currency: "EUR"})
	if want := int64(math.Round(12_000_000 * .1 * then.Risk.Miss)); then.Risk.Yearly.Minor != want {
		t.Errorf("%s a year, want %d", then.Risk.Yearly, want)
	}
	if better := ask(model.AvailabilityOf(best.Unavailability() * .8)); better.Risk.Miss <= servicelevel.RiskAccepted {
		t.Errorf("a fifth less down time is missed with %.4f only", better.Risk.Miss)
	}
}

func TestWhatWouldMakeATimeAttainable(t *testing.T) {
	f, a := analysed(t, stage+records)
	ask := func(within time.Duration) servicelevel.Attained {
		return a.Attain(at(t, f, "service/records"), &model.Agreement{Type: "sla", Customer: model.Ref{Kind: "customer", Name: "clinic"}, Services: []model.Ref{{Kind: "service", Name: "records"}}, Hours: model.Ref{Kind: "calendar", Name: "always"},
			Targets: []model.Target{{Name: "restore", Metric: model.MetricRestore, Priority: "P1", Within: model.Duration(within)}}}).Wishes[0]
	}
	x := ask(2 * time.Hour)
	if x.Outcome != servicelevel.Cannot || len(x.Levers) != 1 || x.Levers[0].Kind != servicelevel.LeverHours || !x.Levers[0].Reaches || x.Levers[0].Value != model.Duration(2*time.Hour) || x.Levers[0].Missing < 6000*time.Hour {
		t.Errorf("%s: %+v", x.Outcome, x.Levers)
	}
	if x = ask(time.Hour); len(x.Levers) != 2 || x.Levers[0].Reaches || x.Levers[1].Kind != servicelevel.LeverShorten || x.Levers[1].Value != model.Duration(time.Hour) {
		t.Errorf("an hour: %+v", x.Levers)
	}
	best := x.Best.(model.Duration)
	if x = ask(best.Std()); x.Outcome != servicelevel.Can {
		t.Errorf("the best, %s: %s", best, x.Outcome)
	}
}

func TestALeverForAShareOfCases(t *testing.T) {
	f, a := analysed(t, stage+records)
	share := model.PercentOf(.95)
	x := a.Attain(at(t, f, "service/records"), &model.Agreement{Type: "sla", Customer: model.Ref{Kind: "customer", Name: "clinic"}, Services: []model.Ref{{Kind: "service", Name: "records"}}, Hours: model.Ref{Kind: "calendar", Name: "always"},
		Targets: []model.Target{{Name: "restore", Metric: model.MetricRestore, Priority: "P1", Within: model.Duration(3 * time.Hour), Percentile: &share}}}).Wishes[0]
	if x.Outcome != servicelevel.Cannot || len(x.Levers) != 1 || x.Levers[0].Value != model.Duration(2*time.Hour) || x.Levers[0].Share != share || !x.Levers[0].Reaches {
		t.Errorf("%s: %+v", x.Outcome, x.Levers)
	}
}

func TestConflictsAndHoursOfAWish(t *testing.T) {
	f, a := analysed(t, stage+records)
	eight := model.Target{Name: "gtr", Metric: model.MetricRestore, Priority: "P1", Within: model.Duration(8 * time.Hour)}
	x := a.Attain(at(t, f, "service/records"), &model.Agreement{Type: "sla", Customer: model.Ref{Kind: "customer", Name: "clinic"}, Services: []model.Ref{{Kind: "service", Name: "records"}}, Hours: model.Ref{Kind: "calendar", Name: "always"}, Targets: []model.Target{eight}})
	if len(x.Conflicts) != 2 || x.Conflicts[0].Agreement.Name != "records" || !x.Conflicts[0].Stricter || x.Conflicts[0].Ordered {
		t.Errorf("conflicts %+v", x.Conflicts)
	}
	if x.Hours == nil || x.Hours.Outcome != servicelevel.Cannot || x.Hours.Coverage.Uncovered.IsEmpty() {
		t.Errorf("hours %+v", x.Hours)
	}
	if x.Outcome != servicelevel.Cannot {
		t.Errorf("all in all %s", x.Outcome)
	}
}
