package assess

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
)

var when = model.NewDate(2027, 3, 12)

// usual are the kinds drawn more often: those that others lean on.
var usual = []string{"service", "service", "service", "component", "component", "component", "person", "agreement", "contract", "customer", "team", "calendar", "data-asset", "site", "supplier"}

func randomKind(t *rapid.T) *model.Kind {
	if rapid.IntRange(0, 2).Draw(t, "usual") > 0 {
		return model.KindOf(rapid.SampledFrom(usual).Draw(t, "kind"))
	}
	return rapid.SampledFrom(model.Kinds).Draw(t, "kind")
}

func TestDeltaFindsWhatFullFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var objects []*model.Object
		for range rapid.IntRange(4, 24).Draw(rt, "objects") {
			objects = append(objects, randomObject(rt, t, randomKind(rt), rapid.SampledFrom(names).Draw(rt, "name")))
		}
		snap, _ := model.NewSnapshot(1, objects)
		result := Full(Facts(snap, when))
		for step := range rapid.IntRange(1, 4).Draw(rt, "steps") {
			var puts []*model.Object
			var deletes, changed []model.Ref
			for range rapid.IntRange(1, 2).Draw(rt, "puts") {
				o := randomObject(rt, t, randomKind(rt), rapid.SampledFrom(names).Draw(rt, "name"))
				if !slices.Contains(changed, o.Ref()) {
					puts, changed = append(puts, o), append(changed, o.Ref())
				}
			}
			if rapid.IntRange(0, 2).Draw(rt, "delete") == 0 && snap.Len() > 0 {
				var all []model.Ref
				snap.All(func(_ model.Handle, o *model.Object) bool { all = append(all, o.Ref()); return true })
				if r := rapid.SampledFrom(all).Draw(rt, "deleted"); !slices.Contains(changed, r) {
					deletes, changed = append(deletes, r), append(changed, r)
				}
			}
			snap = snap.With(int64(step+2), puts, deletes)
			full := Full(Facts(snap, when))
			if diff := difference(asked(result, WhatIf(result, Facts(snap, when), changed)), full.Findings()); diff != "" {
				rt.Fatalf("asked about a change of %v:\n%s", changed, diff)
			}
			before := result
			result = Delta(before, Facts(snap, when), changed)
			if wrong := kept(before, result); wrong != "" {
				rt.Fatalf("after a change of %v: %s", changed, wrong)
			}
			if diff := difference(result.Findings(), full.Findings()); diff != "" {
				rt.Fatalf("after a change of %v:\n%s", changed, diff)
			}
		}
	})
}

// difference writes the findings that stand in one list only.
func difference(delta, full []*finding.Finding) string {
	var b strings.Builder
	count := map[string]int{}
	for _, f := range delta {
		count[written(f)]++
	}
	for _, f := range full {
		count[written(f)]--
	}
	for s, n := range count {
		switch {
		case n > 0:
			fmt.Fprintf(&b, "only after the change: %s\n", s)
		case n < 0:
			fmt.Fprintf(&b, "only in full:          %s\n", s)
		}
	}
	if b.Len() == 0 && !slices.EqualFunc(delta, full, func(a, b *finding.Finding) bool { return finding.Compare(a, b) == 0 }) {
		return "the order differs"
	}
	return b.String()
}

// written tells everything about a finding.
func written(f *finding.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s %s %v %s %s", f.Rule, f.Outcome, f.Severity, f.Subject, f.Part, f.Causes, f.Pointer, f.Variant)
	keys := make([]string, 0, len(f.Args))
	for k := range f.Args {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%v", k, plain(f.Args[k]))
	}
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, " %s:%v", e.Label, plain(e.Value))
	}
	return b.String()
}

// plain follows a pointer, so that equal values are written alike.
func plain(v any) any {
	if x := reflect.ValueOf(v); x.Kind() == reflect.Pointer && !x.IsNil() {
		return x.Elem().Interface()
	}
	return v
}
