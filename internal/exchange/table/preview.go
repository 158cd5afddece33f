package table

import (
	"diapason/internal/model"
)

// ObjectChange is what tables would do to one object.
type ObjectChange struct {
	Object  *model.Object  // as it would be
	Created bool           // it does not exist yet
	Changes []model.Change // by field
}

// Preview is what tables would do to a model.
type Preview struct {
	Creates   int
	Updates   int
	Unchanged int
	Changes   []ObjectChange // of what is created or updated, in order
	Missing   []model.Ref    // objects of the tables' kinds that the tables do not have; nothing is deleted
}

// Objects are the objects to put.
func (p *Preview) Objects() []*model.Object {
	out := make([]*model.Object, len(p.Changes))
	for i, c := range p.Changes {
		out[i] = c.Object
	}
	return out
}

// NewPreview compares what tables hold with a model; base may be nil.
func NewPreview(base *model.Snapshot, r *Result) *Preview {
	if base == nil {
		base, _ = model.NewSnapshot(0, nil)
	}
	p := &Preview{}
	seen := map[model.Ref]bool{}
	kinds := map[string]bool{}
	for _, o := range r.Objects {
		seen[o.Ref()] = true
		kinds[o.Kind.Slug] = true
		before := base.Get(o.Ref())
		switch {
		case before == nil:
			p.Creates++
		case model.SameDocument(before, o):
			p.Unchanged++
			continue
		default:
			p.Updates++
		}
		p.Changes = append(p.Changes, ObjectChange{o, before == nil, model.Diff(before, o)})
	}
	base.All(func(_ model.Handle, o *model.Object) bool {
		if kinds[o.Kind.Slug] && !seen[o.Ref()] {
			p.Missing = append(p.Missing, o.Ref())
		}
		return true
	})
	return p
}
