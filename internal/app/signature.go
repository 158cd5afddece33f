package app

import (
	"context"
	"slices"

	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

// visa is the form of a signature that its signatory gave here, signed in.
const visa = "visa"

// signaturesOf are the signatures of an agreement or contract.
func signaturesOf(o *model.Object) []model.Signature {
	if o == nil {
		return nil
	}
	switch s := o.Spec.(type) {
	case *model.Agreement:
		return s.Signatures
	case *model.Contract:
		return s.Signatures
	}
	return nil
}

// ownVisas refuses a change that writes a visa of somebody else: a visa is what its
// signatory himself gave. What is restored was given before.
func ownVisas(actor identity.Actor, before, after *model.Object) error {
	was := signaturesOf(before)
	for _, s := range signaturesOf(after) {
		if s.Form == visa && !slices.Contains(was, s) && (actor.Person() == "" || s.By.String() != actor.Person()) {
			return notOwn(after.Ref())
		}
	}
	return nil
}

func notOwn(of model.Ref) error {
	return refused("/spec/signatures", &model.Fault{Format: "a visa on %s is given by its signatory himself, signed in, for a party that he may sign for", Args: []any{of}})
}

// visaParties are the parties for which somebody may sign an agreement or contract: the
// customer's and the supplier's people for theirs, whoever may change it for the side of
// the organisation.
func (a *App) visaParties(actor identity.Actor, head *model.Snapshot, o *model.Object) []string {
	if actor.Person() == "" {
		return nil
	}
	inside, other := "provider", "customer"
	if o.Kind.Slug == "contract" {
		inside, other = "customer", "supplier"
	}
	r := Resource(head, o)
	switch {
	case a.May(actor, identity.ActionChangeCommit, r):
		return []string{inside}
	case !a.readsInternally(actor) && a.May(actor, identity.ActionReadModel, r):
		return []string{other}
	}
	return nil
}

// GiveVisa signs an agreement or contract as it stands, in the name of the actor, for a
// party that he may sign for. Version is the one that he read.
func (a *App) GiveVisa(ctx context.Context, actor identity.Actor, of model.Ref, party string, version int64) (int64, error) {
	head := a.Head()
	if of.Kind != "agreement" && of.Kind != "contract" {
		return 0, notFound(of.String())
	}
	o, err := a.readable(actor, head, of)
	if err != nil {
		return 0, err
	}
	if !slices.Contains(a.visaParties(actor, head, o), party) {
		return 0, notOwn(of)
	}
	if o.Version != version {
		return 0, refused("/version", &model.Fault{Format: "%s has changed since it was read: read it again before you sign it", Args: []any{of}})
	}
	by, err := model.ParseRef(actor.Person())
	if err != nil {
		return 0, notOwn(of)
	}
	given := model.Signature{Party: party, By: by, On: a.Today(), Form: visa}
	signed := o.Clone()
	switch s := signed.Spec.(type) {
	case *model.Agreement:
		s.Signatures = append(s.Signatures, given)
	case *model.Contract:
		s.Signatures = append(s.Signatures, given)
	}
	return a.append(ctx, actor, store.Entry{
		Type: store.Change, Base: store.Seq(head.Seq), Title: "visa of " + of.String(),
		Puts: []store.Put{{Kind: of.Kind, Name: of.Name, UID: o.UID, ExpectSeq: store.Seq(o.Version), Document: signed.Document()}},
	})
}
