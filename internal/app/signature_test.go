package app

import (
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

const signable = `---
apiVersion: diapason/v1
kind: Person
metadata: {name: paul}
spec: {}
---
apiVersion: diapason/v1
kind: Person
metadata: {name: cora}
spec: {}
---
apiVersion: diapason/v1
kind: Supplier
metadata: {name: cloud}
spec: {}
---
apiVersion: diapason/v1
kind: Contract
metadata: {name: hosting}
spec: {supplier: supplier/cloud, covers: [service/payroll]}
`

// person is an account of somebody of the model.
func (w *world) person(name string, grants ...string) identity.Actor {
	w.t.Helper()
	var list []identity.Grant
	for _, g := range grants {
		parsed, err := identity.ParseGrant(name, g)
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, parsed)
	}
	return identity.NewActor(identity.ActorFacts{Account: name, Person: "person/" + name, Grants: list}, time.Now())
}

func TestAVisaIsGivenByItsSignatoryHimself(t *testing.T) {
	w := newWorld(t, payrollPromise+signable)
	coordinator, customer, supplier := w.person("cora", "design-coordinator"), w.person("paul", "customer-representative@customer/plant"), w.person("sue", "supplier-contact@supplier/cloud")
	sla, contract := w.ref("agreement/payroll-sla"), w.ref("contract/hosting")
	for _, c := range []struct {
		name  string
		actor identity.Actor
		of    model.Ref
		party string
		stale bool
		code  Code
	}{
		{"the customer's representative signs for the customer", customer, sla, "customer", false, ""},
		{"he does not sign for the provider", customer, sla, "provider", false, CodeInvalid},
		{"whoever changes agreements signs for the provider", coordinator, sla, "provider", false, ""},
		{"and not for the customer", coordinator, sla, "customer", false, CodeInvalid},
		{"a supplier's contact signs his contract", supplier, contract, "supplier", false, ""},
		{"he sees no agreement to sign", supplier, sla, "customer", false, CodeNotFound},
		{"an account without a person signs nothing", w.actor("mia", "service-level-manager"), sla, "provider", false, CodeInvalid},
		{"what has changed since it was read is not signed", coordinator, contract, "customer", true, CodeInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(signaturesOf(w.Head().Get(c.of)))
			version := w.Head().Get(c.of).Version
			if c.stale {
				version--
			}
			_, err := w.GiveVisa(w.ctx, c.actor, c.of, c.party, version)
			if codeOf(err) != c.code {
				t.Fatalf("it gives %v, want %q", err, c.code)
			}
			list := signaturesOf(w.Head().Get(c.of))
			if (len(list) > before) != (c.code == "") {
				t.Errorf("signatures %+v", list)
			}
			if c.code == "" {
				if s := list[len(list)-1]; s.Form != visa || s.Party != c.party || s.By.String() != c.actor.Person() || s.On != w.Today() {
					t.Errorf("%+v", s)
				}
			}
		})
	}
	own, err := w.CounterpartOf(w.ctx, customer, language.EN)
	if err != nil || len(own.Agreed) != 1 || own.Agreed[0].MaySign != "" || len(own.Agreed[0].Signed) != 2 || own.Agreed[0].Signed[0].Form != "Visa given here" {
		t.Errorf("the customer sees %+v, %v", own, err)
	}
	again := w.person("pia", "customer-representative@customer/plant")
	if own, err = w.CounterpartOf(w.ctx, again, language.EN); err != nil || len(own.Agreed) != 1 || own.Agreed[0].MaySign != "customer" {
		t.Errorf("a colleague of his sees %+v, %v", own, err)
	}
	change := func(actor identity.Actor, edit func(*model.Agreement)) error {
		o := w.Head().Get(sla).Clone()
		edit(o.Spec.(*model.Agreement))
		_, err := w.Commit(w.ctx, actor, Change{Base: w.Head().Seq, Title: "x", Puts: []Put{{o, o.Version}}})
		return err
	}
	if err := change(coordinator, func(a *model.Agreement) {
		a.Signatures = append(a.Signatures, model.Signature{Party: "customer", By: w.ref("person/paul"), On: w.Today().AddDays(1), Form: visa})
	}); codeOf(err) != CodeInvalid {
		t.Errorf("somebody else's visa is written: %v", err)
	}
	if err := change(coordinator, func(a *model.Agreement) {
		a.Version = "2"
		a.Signatures = append(a.Signatures, model.Signature{Party: "customer", By: w.ref("person/paul"), On: w.Today(), Form: "paper", Scan: "signed.pdf"})
	}); err != nil {
		t.Errorf("a scan beside visas that were given is refused: %v", err)
	}
}
