package servicelevel_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diapason/internal/process/servicelevel"
)

func TestValuesOfRandomChains(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var model, requires strings.Builder
		n := rapid.IntRange(1, 6).Draw(r, "groups")
		part := 0
		for g := range n {
			size := rapid.IntRange(1, 3).Draw(r, "size")
			var of []string
			for range size {
				a := rapid.IntRange(9000, 9999).Draw(r, "availability")
				fmt.Fprintf(&model, "component/p%d: {external: true}\ncontract/k%d: {supplier: x, covers: [component/p%d], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: %d.%02d%%}]}\n", part, part, part, a/100, a%100)
				of = append(of, fmt.Sprintf("component/p%d", part))
				part++
			}
			if g > 0 {
				requires.WriteString(", ")
			}
			if size == 1 {
				requires.WriteString(of[0])
			} else {
				fmt.Fprintf(&requires, "{atLeast: %d, of: [%s]}", rapid.IntRange(1, size).Draw(r, "least"), strings.Join(of, ", "))
			}
		}
		f, a := analysed(t, `
calendar/always: {always: true, zone: UTC}
customer/c: {uses: [service/s]}
supplier/x: {}
service/s: {stage: live, requires: [`+requires.String()+`]}
agreement/sla: {type: sla, customer: c, services: [service/s], start: 2026-01-01, hours: always, targets: [{name: up, metric: availability, availability: 99.5%, window: month}]}
`+model.String())
		x := a.Chains(at(t, f, "agreement/sla"))[0].Composed
		if !x.IsExact {
			r.Fatal("not solved")
		}
		// Every promise stands once: nothing is shared, and both ways agree.
		if d := math.Abs(x.Exact.Unavailability() - x.Product.Unavailability()); d > 1e-9 {
			r.Errorf("exact %s, product %s: %s", x.Exact, x.Product, requires.String())
		}
		if x.Product.Less(x.Bound) || x.Exact.Less(x.Bound) {
			r.Errorf("bound %s above exact %s or product %s: %s", x.Bound, x.Exact, x.Product, requires.String())
		}
	})
}

func TestParallelWorkCountsByTheLongest(t *testing.T) {
	f, a := analysed(t, stage+with(t, records,
		"{name: repair, duration: 1h, after: [diagnose]}",
		"{name: repair, duration: 1h, after: [diagnose]}, {name: restore, duration: 3h, after: [diagnose]}, {name: check, duration: 15min, after: [repair, restore]}"))
	c := a.Chains(at(t, f, "agreement/records"))[0]
	// Half an hour to take it and half to diagnose, three beside one, a quarter.
	if want := 4*time.Hour + 15*time.Minute; c.Timed.Work != want || c.Timed.Elapsed != want {
		t.Errorf("work %s, elapsed %s, want %s", c.Timed.Work, c.Timed.Elapsed, want)
	}
	if l := c.FirstFailing(); l == nil || l.What != "check" || l.Late != 15*time.Minute {
		t.Errorf("first failing %+v", l)
	}
	if c.Verdict != servicelevel.Uncovered {
		t.Errorf("verdict %s", c.Verdict)
	}
}
