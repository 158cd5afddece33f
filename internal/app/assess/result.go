package assess

import (
	"slices"
	"sync"

	"diapason/internal/engine/paged"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Result is the outcome of all rules on a snapshot.
type Result struct {
	Facts *finding.Facts
	// Visited counts the evaluations made to get here.
	Visited int

	mu        sync.Mutex // held while bySubject is shared
	bySubject paged.Array[[]told]
	all       []*finding.Finding
	structure map[model.Handle]bool // reached along structure; nil after Full

	foundOnce sync.Once
	found     map[int][]model.Handle

	hitOnce sync.Once
	hits    paged.Array[[]key] // by what is hit: by whom that is told, elsewhere
}

// told is what one rule found on a subject: something.
type told struct {
	rule int
	list []*finding.Finding
}

// Findings lists all findings, ordered by subject, rule, part and causes.
func (r *Result) Findings() []*finding.Finding { return r.all }

// Predicted are the services of which availability was not taken over from the
// snapshot before, because structure references lead from them to a change; by name.
func (r *Result) Predicted() []model.Handle {
	if r.structure == nil {
		return r.Facts.Snap.OfKind("service")
	}
	var out []model.Handle
	for h := range r.structure {
		if finding.Spec[model.Service](r.Facts, h) != nil {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(x, y model.Handle) int { return r.Facts.Snap.Ref(x).Compare(r.Facts.Snap.Ref(y)) })
	return out
}

func (r *Result) get(k key) []*finding.Finding {
	for _, t := range r.bySubject.At(int32(k.subject)) {
		if t.rule == k.rule {
			return t.list
		}
	}
	return nil
}

// put keeps what a rule found on a subject; the results before share the list of
// the subject and keep theirs.
func (r *Result) put(k key, list []*finding.Finding) {
	was := r.bySubject.At(int32(k.subject))
	i := slices.IndexFunc(was, func(t told) bool { return t.rule == k.rule })
	switch {
	case i < 0 && len(list) == 0:
	case i < 0:
		r.bySubject.Put(int32(k.subject), append(slices.Clip(was), told{k.rule, list}))
	case len(list) == 0:
		r.bySubject.Put(int32(k.subject), slices.Delete(slices.Clone(was), i, i+1))
	default:
		now := slices.Clone(was)
		now[i].list = list
		r.bySubject.Put(int32(k.subject), now)
	}
}

// collect lists all findings in order: they nearly are when subjects follow each
// other by kind and name.
func (r *Result) collect() {
	kinds := slices.Clone(model.Slugs())
	slices.Sort(kinds)
	for _, kind := range kinds {
		for _, h := range r.Facts.Snap.OfKind(kind) {
			start := len(r.all)
			for _, t := range r.bySubject.At(int32(h)) {
				r.all = append(r.all, t.list...)
			}
			slices.SortStableFunc(r.all[start:], finding.Compare)
		}
	}
	if !slices.IsSortedFunc(r.all, finding.Compare) {
		slices.SortStableFunc(r.all, finding.Compare)
	}
}

// merge replaces some of the findings in order by others in order.
func merge(all, was, now []*finding.Finding) []*finding.Finding {
	gone := make(map[*finding.Finding]bool, len(was))
	for _, f := range was {
		gone[f] = true
	}
	out := make([]*finding.Finding, 0, len(all)-len(was)+len(now))
	for _, f := range all {
		if gone[f] {
			continue
		}
		for len(now) > 0 && finding.Compare(now[0], f) < 0 {
			out, now = append(out, now[0]), now[1:]
		}
		out = append(out, f)
	}
	return append(out, now...)
}

// foundBeyond lists, for each rule that looks beyond its reach, the subjects it
// found something on, ascending.
func (r *Result) foundBeyond() map[int][]model.Handle {
	r.foundOnce.Do(func() {
		r.found = map[int][]model.Handle{}
		rules := Rules()
		r.bySubject.Each(func(h int32, list []told) {
			for _, t := range list {
				if rules[t.rule].Beyond != nil {
					r.found[t.rule] = append(r.found[t.rule], model.Handle(h))
				}
			}
		})
	})
	return r.found
}

// Prepare computes what later questions start from.
func (r *Result) Prepare() {
	r.foundBeyond()
	r.allHits()
	for _, a := range r.Facts.Analyses() {
		if p, ok := a.(finding.Preparer); ok {
			p.Prepare()
		}
	}
}
