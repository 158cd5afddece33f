// Package supplier is supplier management: contracts and their dates, what they
// promise and deliver, on whom critical services depend, and how to leave.
package supplier

import (
	"slices"
	"sync"

	"diapason/internal/engine/reliance"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Analysis computes what supplier management looks at, for one set of facts. It
// is safe for use by several rules at once and remembers what it computed.
type Analysis struct {
	f *finding.Facts

	falls *reliance.Solver // suppliers and countries whose loss alone stops a node

	bearersMu sync.Mutex
	bearers   map[model.Handle][]int32 // labels of a supplier

	sharesOnce sync.Once
	shares     []Share
	byLabel    map[int32]*Share

	contractsOnce sync.Once
	ofSupplier    map[model.Handle][]model.Handle

	certificatesOnce sync.Once
	certificates     map[model.Ref][]model.Handle

	uncertified *finding.Gathered[uncertified]
	weaker      *finding.Gathered[weaker]

	reviewsOnce sync.Once
	reviews     map[model.Ref][]*model.Review
}

// New makes the analysis of facts.
func New(f *finding.Facts) *Analysis {
	a := &Analysis{f: f, bearers: map[model.Handle][]int32{}}
	a.falls = reliance.New(fallGraph{a})
	a.uncertified = finding.Gather(f, []string{"service", "data-asset"}, a.lookForCertificates)
	a.weaker = finding.Gather(f, []string{"agreement"}, a.lookForWeakContracts)
	return a
}

func use(f *finding.Facts) *Analysis {
	if a, ok := finding.Use[*Analysis](f); ok {
		return a
	}
	return New(f)
}

// Carry takes over what a change cannot have touched.
func (a *Analysis) Carry(prev any, c *finding.Change) {
	p, ok := prev.(*Analysis)
	if !ok {
		return
	}
	a.falls.Inherit(p.falls, func(visit func(int32)) {
		for h := range c.Closure {
			visit(int32(h))
		}
	})
	if p.f.On == a.f.On {
		a.uncertified.Carry(p.uncertified, c)
		a.weaker.Carry(p.weaker, c)
	}
}

// contractsOf lists the contracts with a supplier.
func (a *Analysis) contractsOf(supplier model.Handle) []model.Handle {
	a.contractsOnce.Do(func() {
		a.ofSupplier = map[model.Handle][]model.Handle{}
		for _, h := range a.f.Snap.OfKind("contract") {
			if s, ok := a.f.Snap.Find(finding.Spec[model.Contract](a.f, h).Supplier); ok {
				a.ofSupplier[s] = append(a.ofSupplier[s], h)
			}
		}
	})
	return a.ofSupplier[supplier]
}

// reviewsOf lists the reviews about an object.
func (a *Analysis) reviewsOf(r model.Ref) []*model.Review {
	a.reviewsOnce.Do(func() {
		a.reviews = map[model.Ref][]*model.Review{}
		for _, h := range a.f.Snap.OfKind("review") {
			spec := finding.Spec[model.Review](a.f, h)
			for i, about := range spec.About {
				if !slices.Contains(spec.About[:i], about) {
					a.reviews[about] = append(a.reviews[about], spec)
				}
			}
		}
	})
	return a.reviews[r]
}

// handles calls fn for each object of a kind that refers to h, once. Whom it
// belongs to is no such reference: a contract does not cover its owner.
func handles(f *finding.Facts, h model.Handle, kind string, fn func(model.Handle)) {
	last := model.Missing
	for _, in := range f.Snap.In(h) {
		if in.From == last || in.Pointer == "/metadata/owner" { // the references of one object stand together
			continue
		}
		if o := f.Snap.Object(in.From); o != nil && o.Kind.Slug == kind {
			last = in.From
			fn(in.From)
		}
	}
}

// handle finds a reference; Missing where its name was never heard of.
func handle(f *finding.Facts, r model.Ref) model.Handle {
	if h, ok := f.Snap.Find(r); ok {
		return h
	}
	return model.Missing
}
