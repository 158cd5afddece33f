package availability

import (
	"slices"
	"strconv"
	"time"

	"diapason/internal/model"
)

// Applied is the holder's document with an improvement made: the change that a
// draft opens with. A second one elsewhere is an object of its own, and everything
// that needs the holder takes either. The improvement leaves the list.
func (a *Analysis) Applied(o Option) ([]*model.Object, bool) {
	holder := a.f.Snap.Get(o.Of)
	if holder == nil || o.Index >= len(improvementsOn(holder)) {
		return nil, false
	}
	if o.Improvement.Adds > 0 && !o.Improvement.Site.IsZero() {
		return a.duplicated(holder, o)
	}
	next, imp := holder.Clone(), o.Improvement
	seen, learnt := a.learnt(o.Of)
	times := func(mtbf, mttr *model.Duration, declared **model.Availability) {
		if imp.MTBF > 0 {
			*mtbf = imp.MTBF
		}
		if imp.MTTR > 0 {
			*mttr = imp.MTTR
		}
		if imp.Availability != nil { // times would come before it
			*mtbf, *mttr, *declared = 0, 0, imp.Availability
		}
	}
	switch s := next.Spec.(type) {
	case *model.Component:
		if learnt {
			s.MTBF, s.MTTR, s.InService = seen.MTBF, seen.MTTR, a.f.On
			if imp.MTTR == 0 {
				s.MTTRCounts = model.MTTRDown // what was recorded has the waiting in it
			}
		}
		times(&s.MTBF, &s.MTTR, &s.Availability)
		if imp.Adds > 0 {
			if s.Needed == 0 {
				s.Needed = max(s.Instances, 1)
			}
			s.Instances = max(s.Instances, 1) + imp.Adds
		}
		s.Improvements = slices.Delete(s.Improvements, o.Index, o.Index+1)
	case *model.Site:
		if learnt {
			s.MTBF, s.MTTR, s.InService = seen.MTBF, seen.MTTR, a.f.On
		}
		times(&s.MTBF, &s.MTTR, &s.Availability)
		s.Improvements = slices.Delete(s.Improvements, o.Index, o.Index+1)
	case *model.Tool:
		if learnt {
			s.MTBF, s.MTTR, s.InService = seen.MTBF, seen.MTTR, a.f.On
		}
		times(&s.MTBF, &s.MTTR, &s.Availability)
		s.Improvements = slices.Delete(s.Improvements, o.Index, o.Index+1)
	default:
		return nil, false
	}
	return []*model.Object{next}, true
}

// learnt are the mean times that the record of something taught, to the minute: what
// is changed starts from them, and its record starts anew.
func (a *Analysis) learnt(of model.Ref) (Input, bool) {
	h, _ := a.f.Snap.Find(of)
	in, own := a.input(h)
	in.MTBF, in.MTTR = minute(in.MTBF), minute(in.MTTR)
	return in, own && in.Source == SourceObserved
}

func minute(d model.Duration) model.Duration { return model.Duration(d.Std().Round(time.Minute)) }

// duplicated adds a second holder at another site, and lets everything that needs
// the first take either.
func (a *Analysis) duplicated(holder *model.Object, o Option) ([]*model.Object, bool) {
	first := holder.Clone()
	spec, ok := first.Spec.(*model.Component)
	if !ok {
		return nil, false
	}
	spec.Improvements = slices.Delete(spec.Improvements, o.Index, o.Index+1)
	second := first.Clone()
	for n := 2; ; n++ {
		second.Metadata.Name = holder.Metadata.Name + "-" + strconv.Itoa(n)
		if a.f.Snap.Get(second.Ref()) == nil {
			break
		}
	}
	second.UID, second.Version = "", 0
	second.Metadata.Title = at(second.Metadata.Title, a.f.Snap.Get(o.Improvement.Site))
	two := second.Spec.(*model.Component)
	two.Site, two.Improvements, two.InService = o.Improvement.Site, nil, model.Date(0)
	imp := o.Improvement
	if seen, ok := a.learnt(o.Of); ok {
		two.MTBF, two.MTTR = seen.MTBF, seen.MTTR
		if imp.MTTR == 0 {
			two.MTTRCounts = model.MTTRDown
		}
	}
	two.MTBF, two.MTTR = firstOf(imp.MTBF, two.MTBF), firstOf(imp.MTTR, two.MTTR)
	if imp.Availability != nil {
		two.MTBF, two.MTTR, two.Availability = 0, 0, imp.Availability
	}
	if imp.Adds > 1 {
		two.Instances, two.Needed = imp.Adds, 1
	}
	out := []*model.Object{first, second}
	seen := map[model.Handle]bool{}
	h, _ := a.f.Snap.Find(o.Of)
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name != "requires" || seen[in.From] {
			continue
		}
		seen[in.From] = true
		parent := a.f.Snap.Object(in.From).Clone()
		either(requirements(parent), o.Of, second.Ref())
		out = append(out, parent)
	}
	return out, true
}

// either replaces every leaf on first by a group of first and second.
func either(list []*model.Need, first, second model.Ref) {
	for _, n := range list {
		if n.On == first {
			other := *n
			other.On = second
			*n = model.Need{AnyOf: []model.Need{*n, other}}
			continue
		}
		var inner []*model.Need
		for _, of := range [][]model.Need{n.AnyOf, n.Of} {
			for i := range of {
				inner = append(inner, &of[i])
			}
		}
		either(inner, first, second)
	}
}

// at adds where something stands to its title, in each language it has.
func at(title model.Text, site *model.Object) model.Text {
	if site == nil {
		return title
	}
	add := func(text, lang string) string {
		if text == "" {
			return text
		}
		return text + " (" + site.Title(lang) + ")"
	}
	title.All, title.EN, title.FR = add(title.All, ""), add(title.EN, "en"), add(title.FR, "fr")
	return title
}
