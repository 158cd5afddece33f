package assess

import (
	"slices"

	"diapason/internal/engine/paged"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Hitting lists the findings told elsewhere that hit an object, in no order.
func (r *Result) Hitting(ref model.Ref) []*finding.Finding {
	h, ok := r.Facts.Snap.Find(ref)
	if !ok {
		return nil
	}
	var out []*finding.Finding
	for _, k := range r.allHits().At(int32(h)) {
		for _, f := range r.get(k) {
			if f.Subject != ref && slices.Contains(f.Hits, ref) {
				out = append(out, f)
			}
		}
	}
	return out
}

// On lists the findings told at an object, a part of those in order.
func (r *Result) On(ref model.Ref) (start, end int) {
	start, _ = slices.BinarySearchFunc(r.all, ref, func(f *finding.Finding, x model.Ref) int { return f.Subject.Compare(x) })
	for end = start; end < len(r.all) && r.all[end].Subject == ref; end++ {
	}
	return start, end
}

// Place is where a finding stands among those in order; -1 where it is none of them.
func (r *Result) Place(f *finding.Finding) int {
	i, _ := slices.BinarySearchFunc(r.all, f, finding.Compare)
	for ; i < len(r.all) && r.all[i] != f; i++ {
		if finding.Compare(r.all[i], f) != 0 {
			return -1
		}
	}
	if i == len(r.all) {
		return -1
	}
	return i
}

// allHits is the index of what findings hit: that of the result before with what
// is told otherwise now, or made when first asked for.
func (r *Result) allHits() *paged.Array[[]key] {
	r.hitOnce.Do(func() {
		hits := map[model.Handle][]key{}
		r.bySubject.Each(func(h int32, list []told) {
			for _, t := range list {
				k := key{t.rule, model.Handle(h)}
				for x := range r.hitBy(t.list) {
					hits[x] = append(hits[x], k)
				}
			}
		})
		for h, list := range hits {
			r.hits.Put(int32(h), list)
		}
	})
	return &r.hits
}

// hitBy are the names that some findings hit.
func (r *Result) hitBy(list []*finding.Finding) map[model.Handle]bool {
	var out map[model.Handle]bool
	for _, f := range list {
		for _, ref := range f.Hits {
			if h, ok := r.Facts.Snap.Find(ref); ok {
				if out == nil {
					out = make(map[model.Handle]bool, len(f.Hits))
				}
				out[h] = true
			}
		}
	}
	return out
}

// rehit notes that a rule tells other things of a subject than it did.
func (r *Result) rehit(k key, was, now []*finding.Finding) {
	if slices.EqualFunc(was, now, func(a, b *finding.Finding) bool { return slices.Equal(a.Hits, b.Hits) }) {
		return
	}
	old, fresh := r.hitBy(was), r.hitBy(now)
	for h := range old {
		if !fresh[h] {
			r.hits.Put(int32(h), slices.DeleteFunc(slices.Clone(r.hits.At(int32(h))), func(x key) bool { return x == k }))
		}
	}
	for h := range fresh {
		if !old[h] {
			r.hits.Put(int32(h), append(slices.Clip(r.hits.At(int32(h))), k))
		}
	}
}
