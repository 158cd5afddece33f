package availability

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// sameSinglePoint reports that a single point of failure stops the same services
// with the same consequences as before a change. A site may stop thousands, of
// which a change touches a few.
func sameSinglePoint(before, now *finding.Facts, c *finding.Change, h model.Handle, found []*finding.Finding) bool {
	p, ok1 := finding.Use[*Analysis](before)
	a, ok2 := finding.Use[*Analysis](now)
	if !ok1 || !ok2 || c.Structure[h] {
		return false
	}
	q := a.unavailabilityOf(h)
	if q != p.unavailabilityOf(h) || !same(p.causes(h), a.causes(h)) {
		return false
	}
	if len(a.causes(h)) == 0 {
		return len(found) == 0
	}
	if len(found) != 1 {
		return false
	}
	told, _ := found[0].Args["service"].(model.Ref) // whose promise is spoken of
	for _, s := range a.differing(p, c)[h] {
		was, is := p.noteOf(s), a.noteOf(s)
		old, fig := p.all().At(int32(s)), a.all().At(int32(s))
		broken := is.promised && fig.breaks(is.promise, q)
		switch {
		case was.weighty != is.weighty || broken != (was.promised && old.breaks(was.promise, q)):
			return false
		case broken && was.promise != is.promise:
			return false
		case broken && a.f.Snap.Ref(s) == told && old.high != fig.high:
			return false
		}
	}
	return true
}

// same compares lists that are mostly one.
func same(a, b []model.Handle) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}

// differing gives, by cause, the services stopped before and after a change whose
// figures or promises the change can have altered.
func (a *Analysis) differing(p *Analysis, c *finding.Change) map[model.Handle][]model.Handle {
	a.compared.Do(func() {
		a.unlike = map[model.Handle][]model.Handle{}
		note := func(s model.Handle) {
			fig := a.all().At(int32(s))
			if fig == nil || p.all().At(int32(s)) == nil {
				return // it came or went: the lists of the causes differ
			}
			for _, x := range a.stoppedBy(a.f, s, fig) {
				a.unlike[x] = append(a.unlike[x], s)
			}
		}
		for s := range c.Closure {
			note(s)
		}
		for s := range a.touched {
			if !c.Closure[s] {
				note(s)
			}
		}
	})
	return a.unlike
}
