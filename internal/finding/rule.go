package finding

import (
	"reflect"
	"slices"
	"sync"

	"diapason/internal/model"
)

// Reach says how far from its subject a rule looks, and so which changes can
// change its outcome.
type Reach uint8

const (
	// Near: the subject, what it refers to, and what refers to it.
	Near Reach = iota
	// Closure: whatever influences the subject, directly or through others, and its
	// near. A reference influences its holder, and one with flow "both" its target
	// too. What is built on a change passes it on; what merely speaks of something
	// (an agreement of a service, a risk of a site) passes it on to what refers to
	// it, not to the other things it speaks of.
	Closure
	// Whole: anything in the model.
	Whole
	// Below is the mirror of Closure: whatever depends on the subject, directly or
	// through others, along structure references, and the near of each of these.
	Below
	// Around: whatever depends on the subject along structure references, and the
	// closure of each of these.
	Around
)

// Process is the name of one of the eight processes of service design.
type Process string

// The eight processes, in the order of the mission.
const (
	Coordination Process = "coordination"
	Catalogue    Process = "catalogue"
	ServiceLevel Process = "servicelevel"
	Availability Process = "availability"
	Capacity     Process = "capacity"
	Continuity   Process = "continuity"
	Security     Process = "security"
	Supplier     Process = "supplier"
)

// Processes lists the eight in order.
var Processes = []Process{Coordination, Catalogue, ServiceLevel, Availability, Capacity, Continuity, Security, Supplier}

// Rule checks subjects of some kinds. Check reads facts and emits findings; it
// keeps nothing, may run for several subjects at once, and must be deterministic.
type Rule struct {
	ID       string // "SLM-003"
	Process  Process
	Kinds    []string // slugs of the kinds of its subjects
	Reach    Reach
	Severity Severity // where a finding does not say its own
	Check    func(f *Facts, subject model.Handle, emit func(Finding))

	// Beyond visits the subjects that a change can touch although they lie outside
	// the reach, because they share a name with what changed, say. It is given the
	// handles that changed and those on which the rule had findings before. Nil for
	// nearly all rules.
	Beyond func(before, now *Facts, changed, found []model.Handle, visit func(model.Handle))

	// Same reports that what the rule found on a subject still stands to the letter,
	// although the subject lies within reach of a change, because what the rule reads
	// did not change: a way to spare a costly check, to be sure of. Where in doubt it
	// is false. Nil for nearly all rules: they check again.
	Same func(before, now *Facts, c *Change, subject model.Handle, found []*Finding) bool
}

// Has reports whether objects of a kind are subjects of the rule.
func (r *Rule) Has(kind string) bool { return slices.Contains(r.Kinds, kind) }

// Facts is what rules and analyses read: one snapshot, one date, and the
// analyses of all processes, made when first asked for.
type Facts struct {
	Snap *model.Snapshot
	On   model.Date // the date of evaluation; rules never ask the clock

	analyses []any
	byType   sync.Map // reflect.Type → any, nil when no analysis offers it
}

// NewFacts makes facts with the analyses of all processes. Analyses are safe for
// use by several rules at once and remember what they computed.
func NewFacts(snap *model.Snapshot, on model.Date, analyses func(*Facts) []any) *Facts {
	f := &Facts{Snap: snap, On: on}
	f.analyses = analyses(f)
	return f
}

// Analyses lists the analyses behind the facts.
func (f *Facts) Analyses() []any { return f.analyses }

// Use gives the analysis that offers T, an interface that the caller declares;
// ok is false when none does.
func Use[T any](f *Facts) (t T, ok bool) {
	key := reflect.TypeFor[T]()
	if a, hit := f.byType.Load(key); hit {
		t, ok = a.(T)
		return t, ok
	}
	if f.analyses == nil {
		return t, false // they are just being made
	}
	for _, a := range f.analyses {
		if t, ok = a.(T); ok {
			f.byType.Store(key, a)
			return t, true
		}
	}
	f.byType.Store(key, nil)
	return t, false
}

// Spec gives the spec of a handle's object as T, nil when the name leads nowhere
// or to another kind.
func Spec[T any](f *Facts, h model.Handle) *T {
	o := f.Snap.Object(h)
	if o == nil {
		return nil
	}
	s, _ := o.Spec.(*T)
	return s
}

// SpecOf is Spec by reference.
func SpecOf[T any](f *Facts, r model.Ref) *T {
	o := f.Snap.Get(r)
	if o == nil {
		return nil
	}
	s, _ := o.Spec.(*T)
	return s
}

// Change is what lies between the snapshots of two sets of facts, of which one
// derives from the other, and what it can reach. Callers must not change it.
type Change struct {
	Changed []model.Handle // what was put or deleted
	// Near is one reference away from it in either direction, Closure along
	// influence, Below what the near depends on, Around what the closure depends
	// on, Structure what depends on the change along structure references.
	Near, Closure, Below, Around, Structure map[model.Handle]bool
}

// Carrier is an analysis that can take over results from the one of an earlier
// snapshot for every handle that the change cannot have touched.
type Carrier interface {
	// Carry takes over results of prev (same type). Both go on being used.
	Carry(prev any, c *Change)
}

// Preparer is an analysis with results that evaluations of later snapshots take
// over; Prepare computes them where no rule has asked for them, so that what
// follows starts from them.
type Preparer interface{ Prepare() }
