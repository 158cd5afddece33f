package coordination

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"

	"diapason/internal/calendars"
	"diapason/internal/engine/condense"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis is what coordination computes on one set of facts. It is safe for use
// by several rules at once.
type Analysis struct {
	f        *finding.Facts
	partners condense.Graph[model.Handle] // nearest partner at or below a node
	lives    condense.Graph[life]
	circles  condense.Graph[*circle]
	ranks    condense.Graph[need]
	names    nameIndex
	hashes   sync.Map // model.Handle → string
	near     sync.Map // missing → model.Ref
	stages   sync.Map // model.Stage → []model.Section
}

func newAnalysis(f *finding.Facts) *Analysis {
	a := &Analysis{f: f}
	a.partners = condense.Graph[model.Handle]{Next: a.partnerNext, Settle: a.settlePartners}
	a.lives = condense.Graph[life]{Next: a.lifeNext, Settle: a.settleLives}
	a.circles = condense.Graph[*circle]{Next: a.startNext, Settle: a.settleCircles}
	a.ranks = condense.Graph[need]{Next: a.rankNext, Settle: a.settleRanks}
	return a
}

// of gives the analysis behind the facts.
func of(f *finding.Facts) *Analysis {
	if a, ok := finding.Use[*Analysis](f); ok {
		return a
	}
	return newAnalysis(f)
}

// Carry takes over the index of names, and how critical everything is that does
// not lie below a change.
func (a *Analysis) Carry(prev any, c *finding.Change) {
	p, ok := prev.(*Analysis)
	if !ok {
		return
	}
	a.names.carry(&p.names, p.f.Snap)
	if p.f.On == a.f.On {
		a.ranks.Inherit(&p.ranks, func(visit func(int32)) {
			for h := range c.Below {
				visit(int32(h))
			}
		})
	}
}

// materialHash is the hash of an object's material fields as pins hold it.
func (a *Analysis) materialHash(h model.Handle) string {
	if s, ok := a.hashes.Load(h); ok {
		return s.(string)
	}
	sum := a.f.Snap.Object(h).MaterialHash()
	s := hex.EncodeToString(sum[:sha256.Size])
	a.hashes.Store(h, s)
	return s
}

// present reports that a reference leads to an object.
func present(f *finding.Facts, r model.Ref) bool { return !r.IsZero() && f.Snap.Get(r) != nil }

// gone reports that a person has left, and when.
func gone(f *finding.Facts, r model.Ref) (model.Date, bool) {
	p := finding.SpecOf[model.Person](f, r)
	if p == nil || p.Left.IsZero() || p.Left > f.On {
		return 0, false
	}
	return p.Left, true
}

// over reports that something valid until a date is past it.
func over(f *finding.Facts, until model.Date) bool { return !until.IsZero() && until < f.On }

// inForce reports that an agreement binds on a date, as the process of service
// levels sees it; by its dates alone where that process is not at hand.
func inForce(f *finding.Facts, agreement model.Handle, on model.Date) bool {
	if levels, ok := finding.Use[interface {
		InForce(agreement model.Handle, on model.Date) bool
	}](f); ok {
		return levels.InForce(agreement, on)
	}
	spec := finding.Spec[model.Agreement](f, agreement)
	return spec != nil && calendars.AgreementStanding(spec, on).InForce()
}

// sorted orders references and drops repeats.
func sorted(refs []model.Ref) []model.Ref {
	slices.SortFunc(refs, model.Ref.Compare)
	return slices.Compact(refs)
}

// runs reports that a service has a place in the design: known and not retired.
func runs(s *model.Service) bool { return s != nil && s.Stage != model.StageRetired }
