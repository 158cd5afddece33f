package continuity

import (
	"cmp"
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// MTPD is the maximum tolerable period of disruption of a business activity,
// derived from its impact curves: the first time at which the impact of any type
// reaches the level from which it is unacceptable. ok is false when there is no
// impact analysis or no such level, and when it is never reached.
func MTPD(b *model.BusinessActivity) (d time.Duration, ok bool) {
	if b == nil || b.Unacceptable == nil {
		return 0, false
	}
	for _, i := range b.Impact {
		if i.Level >= *b.Unacceptable && (!ok || i.After.Std() < d) {
			d, ok = i.After.Std(), true
		}
	}
	return d, ok
}

// analysed reports an impact analysis from which an MTPD can be derived.
func analysed(b *model.BusinessActivity) bool { return len(b.Impact) > 0 && b.Unacceptable != nil }

// falls gives the first point at which a curve of impact decreases over time: an
// interruption that goes on cannot hurt less.
func falls(b *model.BusinessActivity) (before, after model.Impact, found bool) {
	byType := map[string][]model.Impact{}
	var types []string
	for _, i := range b.Impact {
		if byType[i.Type] == nil {
			types = append(types, i.Type)
		}
		byType[i.Type] = append(byType[i.Type], i)
	}
	for _, t := range types {
		list := byType[t]
		slices.SortStableFunc(list, func(x, y model.Impact) int { return cmp.Compare(x.After, y.After) })
		for i := 1; i < len(list); i++ {
			if list[i].Level < list[i-1].Level {
				return list[i-1], list[i], true
			}
		}
	}
	return before, after, false
}

// MTPD is the maximum tolerable period of disruption of a business activity, or
// of a service: the shortest of the activities that need it.
func (a *Analysis) MTPD(h model.Handle) (time.Duration, bool) {
	d, _, ok := a.tolerable(h)
	return d, ok
}

// tolerable is MTPD with the activity it comes from.
func (a *Analysis) tolerable(h model.Handle) (d time.Duration, from model.Ref, ok bool) {
	if b := finding.Spec[model.BusinessActivity](a.f, h); b != nil {
		d, ok = MTPD(b)
		return d, a.f.Snap.Ref(h), ok
	}
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name != "services" {
			continue
		}
		if x, found := MTPD(finding.Spec[model.BusinessActivity](a.f, in.From)); found && (!ok || x < d) {
			d, from, ok = x, a.f.Snap.Ref(in.From), true
		}
	}
	return d, from, ok
}

// lossTolerable is the maximum tolerable data loss of a service: the shortest of
// the data it uses and of the activities that need it. A service that uses no data
// loses none of theirs.
func (a *Analysis) lossTolerable(h model.Handle) (d time.Duration, from model.Ref, ok bool) {
	note := func(x *model.Duration, r model.Ref) {
		if x != nil && (!ok || x.Std() < d) {
			d, from, ok = x.Std(), r, true
		}
	}
	if b := finding.Spec[model.BusinessActivity](a.f, h); b != nil {
		note(b.MTDL, a.f.Snap.Ref(h))
		return d, from, ok
	}
	s := finding.Spec[model.Service](a.f, h)
	if s == nil || len(s.Data) == 0 {
		return d, from, false
	}
	for _, in := range a.f.Snap.In(h) {
		if b := finding.Spec[model.BusinessActivity](a.f, in.From); b != nil && in.Field.Name == "services" {
			note(b.MTDL, a.f.Snap.Ref(in.From))
		}
	}
	for _, r := range s.Data {
		if x := finding.SpecOf[model.DataAsset](a.f, r); x != nil {
			note(x.MTDL, r)
		}
	}
	return d, from, ok
}
