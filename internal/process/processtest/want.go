package processtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Of keeps the findings of one rule.
func Of(found []finding.Finding, rule string) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f finding.Finding) bool { return f.Rule != rule })
}

// One gives the only finding of a rule on a subject ("service/payroll"), and ends
// the test when there is none or more than one.
func One(t testing.TB, found []finding.Finding, rule, subject string) finding.Finding {
	t.Helper()
	var hits []finding.Finding
	for _, f := range Of(found, rule) {
		if f.Subject.String() == subject {
			hits = append(hits, f)
		}
	}
	if len(hits) != 1 {
		t.Fatalf("%d findings of %s on %s, want one; found:\n%s", len(hits), rule, subject, Lines(found))
	}
	return hits[0]
}

// Silent asserts that rules have found nothing.
func Silent(t testing.TB, found []finding.Finding, rules ...string) {
	t.Helper()
	for _, r := range rules {
		if of := Of(found, r); len(of) > 0 {
			t.Errorf("%s is not silent:\n%s", r, Lines(of))
		}
	}
}

// Want asserts that the rules named in lines have found exactly what the lines
// say, in any order. A line starts with rule, outcome, severity and subject; the
// clauses after them are checked where they stand:
//
//	SLM-003 violated error agreement/x part targets/a causes component/y,site/z hits service/s at /spec/targets/0 variant late
//
// "causes none" asserts that there are none.
func Want(t testing.TB, found []finding.Finding, lines ...string) {
	t.Helper()
	rules := map[string]bool{}
	for _, l := range lines {
		rules[strings.Fields(l)[0]] = true
	}
	var left []finding.Finding
	for _, f := range found {
		if rules[f.Rule] {
			left = append(left, f)
		}
	}
	for _, l := range lines {
		i := slices.IndexFunc(left, func(f finding.Finding) bool { return matches(t, f, l) })
		if i < 0 {
			t.Errorf("not found: %s\nleft:\n%s", l, Lines(left))
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		t.Errorf("found beside what is wanted:\n%s", Lines(left))
	}
}

func matches(t testing.TB, f finding.Finding, line string) bool {
	t.Helper()
	w := strings.Fields(line)
	if len(w) < 4 || len(w)%2 != 0 {
		t.Fatalf("%q is no expectation: write rule, outcome, severity, subject, then pairs of part, causes, hits, at, variant", line)
	}
	if f.Rule != w[0] || string(f.Outcome) != w[1] || f.Severity.String() != w[2] || f.Subject.String() != w[3] {
		return false
	}
	for i := 4; i < len(w); i += 2 {
		var got string
		switch w[i] {
		case "part":
			got = f.Part
		case "causes":
			got = joined(f.Causes)
		case "hits":
			got = joined(f.Hits)
		case "at":
			got = f.Pointer
		case "variant":
			got = f.Variant
		default:
			t.Fatalf("%q in %q is no clause: use part, causes, hits, at or variant", w[i], line)
		}
		if got != w[i+1] && (got != "" || w[i+1] != "none") {
			return false
		}
	}
	return true
}

func joined(refs []model.Ref) string {
	parts := make([]string, len(refs))
	for i, r := range refs {
		parts[i] = r.String()
	}
	return strings.Join(parts, ",")
}

// Lines writes findings as Want reads them, one a line, with their arguments.
func Lines(found []finding.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "  %s %s %s %s", f.Rule, f.Outcome, f.Severity, f.Subject)
		for _, c := range [][2]string{{"part", f.Part}, {"causes", joined(f.Causes)}, {"hits", joined(f.Hits)}, {"at", f.Pointer}, {"variant", f.Variant}} {
			if c[1] != "" {
				fmt.Fprintf(&b, " %s %s", c[0], c[1])
			}
		}
		if len(f.Args) > 0 {
			fmt.Fprintf(&b, "   args %v", f.Args)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
