package openpsa

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/engine/faulttree/topevent"
)

// drawFormula writes a random formula over events and the gates after one.
func drawFormula(t *rapid.T, depth, gate, gates, events int) string {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		switch {
		case gate+1 < gates && rapid.Bool().Draw(t, "gate"):
			return fmt.Sprintf(`<gate name="g%d"/>`, rapid.IntRange(gate+1, gates-1).Draw(t, "below"))
		case rapid.IntRange(0, 9).Draw(t, "house") == 0:
			return `<house-event name="h"/>`
		}
		return fmt.Sprintf(`<basic-event name="e%d"/>`, rapid.IntRange(0, events-1).Draw(t, "event"))
	}
	op := rapid.SampledFrom(connectiveNames[and:]).Draw(t, "op")
	n := rapid.IntRange(1, 4).Draw(t, "n")
	head := op
	switch op {
	case "not":
		n = 1
	case "imply":
		n = 2
	case "atleast":
		head += fmt.Sprintf(` min="%d"`, rapid.IntRange(0, n).Draw(t, "min"))
	case "cardinality":
		low := rapid.IntRange(0, n).Draw(t, "min")
		head += fmt.Sprintf(` min="%d" max="%d"`, low, rapid.IntRange(low, n+1).Draw(t, "max"))
	}
	var b strings.Builder
	for range n {
		b.WriteString(drawFormula(t, depth-1, gate, gates, events))
	}
	return "<" + head + ">" + b.String() + "</" + op + ">"
}

func TestRandomModelsAreReadWrittenAndSolvedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gates, events := rapid.IntRange(1, 5).Draw(t, "gates"), rapid.IntRange(1, 7).Draw(t, "events")
		var b strings.Builder
		for g := range gates {
			fmt.Fprintf(&b, `<define-gate name="g%d">%s</define-gate>`, g, drawFormula(t, 3, g, gates, events))
		}
		b.WriteString(`<define-house-event name="h"><constant value="true"/></define-house-event>`)
		for e := range events {
			fmt.Fprintf(&b, `<define-basic-event name="e%d"><float value="%v"/></define-basic-event>`, e, rapid.Float64Range(0, 1).Draw(t, "p"))
		}
		solve := func(document string) (float64, float64) {
			m, issues := try(document)
			if len(issues) > 0 {
				t.Fatal(issues)
			}
			x, issues := m.Assemble(context.Background(), "g0")
			if len(issues) > 0 || len(x.Evaluate(1)) > 0 {
				t.Fatal(issues)
			}
			r, err := topevent.Analyse(context.Background(), x.Tree, topevent.Options{})
			if err != nil || !r.Exact {
				t.Fatal(r, err)
			}
			return float64(r.Upper), bruteForce(x)
		}
		document := tree(b.String())
		got, want := solve(document)
		if math.Abs(got-want) > 1e-9 {
			t.Fatalf("solved %v, over all states %v\n%s", got, want, document)
		}
		m, _ := try(document)
		var out bytes.Buffer
		if err := m.Write(&out); err != nil {
			t.Fatal(err)
		}
		if _, again := solve(out.String()); math.Abs(again-want) > 1e-12 {
			t.Fatalf("written and read again %v, before %v\n%s", again, want, out.String())
		}
	})
}
