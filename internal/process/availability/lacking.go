package availability

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Lacking says of which objects no failure data are known, of all among them that
// should have some: components, sites and tools. Nothing is known where neither times
// nor an availability is declared, its class has no default, and no failure is recorded.
func Lacking(f *finding.Facts, list []model.Ref) (lacking []model.Ref, all int) {
	a := New(f)
	for _, r := range list {
		h, ok := f.Snap.Find(r)
		if !ok || r.Kind != "component" && r.Kind != "site" && r.Kind != "tool" {
			continue
		}
		all++
		if in, own := a.input(h); own && in.Source == SourceNone {
			lacking = append(lacking, r)
		}
	}
	return lacking, all
}
