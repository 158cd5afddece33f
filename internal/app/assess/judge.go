package assess

import (
	"encoding/json"
	"fmt"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Judged is a finding with what people decided about it.
type Judged struct {
	*finding.Finding
	Waiver   model.Ref  // the waiver that covers it, if one is in force
	Until    model.Date // the waiver's end
	Baseline bool       // taken over with the estate, and no worse since
}

// Counts reports that the finding stands: neither waived nor taken over.
func (j Judged) Counts() bool { return j.Waiver.IsZero() && !j.Baseline }

// Judge lays waivers in force on the date of the facts, and a baseline (may be
// nil), over the findings.
func (r *Result) Judge(b *Baseline) []Judged { return JudgeList(r.Facts, r.all, b) }

// JudgeAfter is Judge for a result that follows one already judged with the same
// baseline: findings that stayed are judged as they were while waivers did not change.
func (r *Result) JudgeAfter(prev *Result, before []Judged, b *Baseline) []Judged {
	if prev.Facts.On != r.Facts.On || len(prev.all) != len(before) || !sameWaivers(prev.Facts.Snap, r.Facts.Snap) {
		return r.Judge(b)
	}
	out := make([]Judged, len(r.all))
	var fresh []*finding.Finding
	var places []int
	i := 0
	for n, f := range r.all {
		for i < len(before) && before[i].Finding != f && finding.Compare(before[i].Finding, f) < 0 {
			i++
		}
		// Several findings may be equal in order: look through them.
		j := i
		for j < len(before) && before[j].Finding != f && finding.Compare(before[j].Finding, f) == 0 {
			j++
		}
		if j < len(before) && before[j].Finding == f {
			out[n] = before[j]
			continue
		}
		fresh, places = append(fresh, f), append(places, n)
	}
	for n, j := range JudgeList(r.Facts, fresh, b) {
		out[places[n]] = j
	}
	return out
}

func sameWaivers(a, b *model.Snapshot) bool {
	x, y := a.OfKind("waiver"), b.OfKind("waiver")
	if !slices.Equal(x, y) {
		return false
	}
	for _, h := range x {
		if a.Object(h) != b.Object(h) {
			return false
		}
	}
	return true
}

// JudgeList lays waivers and a baseline over some findings of facts.
func JudgeList(facts *finding.Facts, list []*finding.Finding, b *Baseline) []Judged {
	waivers := waiversInForce(facts)
	out := make([]Judged, len(list))
	for i, f := range list {
		j := Judged{Finding: f}
		for _, w := range waivers[waiverKey{f.Rule, f.Subject}] {
			if Covers(w.spec.Causes, f) {
				j.Waiver, j.Until = w.ref, w.spec.Until
				break
			}
		}
		j.Baseline = b.holds(f)
		out[i] = j
	}
	return out
}

type waiverKey struct {
	rule    string
	subject model.Ref
}

type waiver struct {
	ref  model.Ref
	spec *model.Waiver
}

func waiversInForce(f *finding.Facts) map[waiverKey][]waiver {
	m := map[waiverKey][]waiver{}
	for _, h := range f.Snap.OfKind("waiver") {
		o := f.Snap.Object(h)
		w := o.Spec.(*model.Waiver)
		if w.Until.IsZero() || w.Until < f.On || !w.From.IsZero() && w.From > f.On {
			continue
		}
		k := waiverKey{w.Rule, w.Subject}
		m[k] = append(m[k], waiver{o.Ref(), w})
	}
	return m
}

// Covers reports that every cause of a finding, and everything it hits, was named
// when it was waived, so that what comes in addition is not hidden.
func Covers(waived []model.Ref, f *finding.Finding) bool {
	return within(waived, f.Causes) && within(waived, f.Hits)
}

// within reports that a list holds all of some references.
func within(list, refs []model.Ref) bool {
	if len(refs) < 8 {
		for _, r := range refs {
			if !slices.Contains(list, r) {
				return false
			}
		}
		return true
	}
	held := make(map[model.Ref]bool, len(list))
	for _, r := range list {
		held[r] = true
	}
	return !slices.ContainsFunc(refs, func(r model.Ref) bool { return !held[r] })
}

// Baseline is a dated set of findings taken over with an existing estate.
type Baseline struct {
	Format   string          `json:"format"` // "diapason-baseline/v1"
	On       model.Date      `json:"on"`
	Author   string          `json:"author,omitempty"`
	Findings []BaselineEntry `json:"findings"`

	index map[string]BaselineEntry
}

// BaselineEntry is one finding of a baseline.
type BaselineEntry struct {
	Fingerprint string           `json:"fingerprint"`
	Rule        string           `json:"rule"`
	Subject     model.Ref        `json:"subject"`
	Severity    finding.Severity `json:"severity"`
	Outcome     finding.Outcome  `json:"outcome"`
	// Hits is what it hit; absent in a baseline that was written before it was noted,
	// which then holds whatever is hit.
	Hits *[]model.Ref `json:"hits,omitempty"`
}

const baselineFormat = "diapason-baseline/v1"

// NewBaseline takes findings over.
func NewBaseline(on model.Date, author string, findings []*finding.Finding) *Baseline {
	b := &Baseline{Format: baselineFormat, On: on, Author: author, Findings: []BaselineEntry{}}
	for _, f := range findings {
		hits := append([]model.Ref{}, f.Hits...)
		b.Findings = append(b.Findings, BaselineEntry{f.Fingerprint(), f.Rule, f.Subject, f.Severity, f.Outcome, &hits})
	}
	b.makeIndex()
	return b
}

// ParseBaseline reads a baseline file.
func ParseBaseline(data []byte) (*Baseline, error) {
	b := &Baseline{}
	if err := json.Unmarshal(data, b); err != nil {
		return nil, fmt.Errorf("the baseline cannot be read: %w", err)
	}
	if b.Format != baselineFormat {
		return nil, fmt.Errorf("this is no baseline: its format is %q, not %q", b.Format, baselineFormat)
	}
	b.makeIndex()
	return b, nil
}

func (b *Baseline) makeIndex() {
	b.index = make(map[string]BaselineEntry, len(b.Findings))
	for _, e := range b.Findings {
		b.index[e.Fingerprint] = e
	}
}

// holds reports that a finding was taken over and has not become worse: neither
// more severe, nor violated where it was unknown, nor hitting more.
func (b *Baseline) holds(f *finding.Finding) bool {
	if b == nil {
		return false
	}
	e, ok := b.index[f.Fingerprint()]
	return ok && f.Severity <= e.Severity && (f.Outcome == e.Outcome || e.Outcome == finding.Violated) &&
		(e.Hits == nil || within(*e.Hits, f.Hits))
}
