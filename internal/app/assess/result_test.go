package assess

import (
	"fmt"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// kept says what a result that followed another one keeps otherwise than one made
// at once would: judgements, places and what is hit.
func kept(prev, now *Result) string {
	after, judged := now.JudgeAfter(prev, prev.Judge(nil), nil), now.Judge(nil)
	if !slices.Equal(after, judged) {
		return "findings are judged otherwise than all at once"
	}
	hit := map[model.Ref][]*finding.Finding{}
	for i, f := range now.Findings() {
		if now.Place(f) != i {
			return fmt.Sprintf("%s of %s stands at %d, not %d", f.Rule, f.Subject, now.Place(f), i)
		}
		if start, end := now.On(f.Subject); i < start || i >= end {
			return fmt.Sprintf("%s of %s is not found on it", f.Rule, f.Subject)
		}
		for n, r := range f.Hits {
			if r != f.Subject && !slices.Contains(f.Hits[:n], r) {
				hit[r] = append(hit[r], f)
			}
		}
	}
	now.Facts.Snap.All(func(_ model.Handle, o *model.Object) bool { hit[o.Ref()] = append(hit[o.Ref()], nil); return true })
	for r, list := range hit {
		list = slices.DeleteFunc(list, func(f *finding.Finding) bool { return f == nil })
		got := now.Hitting(r)
		if len(got) != len(list) || slices.ContainsFunc(got, func(f *finding.Finding) bool { return !slices.Contains(list, f) }) {
			return fmt.Sprintf("%s is hit by %d findings, not by %d", r, len(list), len(got))
		}
	}
	return ""
}
