package app

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
	"diapason/internal/store/ledger"
)

const statedParties = `---
apiVersion: diapason/v1
kind: Supplier
metadata: {name: cloud, title: {en: Cloud Ltd}}
spec: {}
---
apiVersion: diapason/v1
kind: Contract
metadata: {name: hosting}
spec:
  supplier: supplier/cloud
  covers: [service/payroll]
  start: 2027-01-01
  hours: calendar/always
  amount: 12000 EUR/year
  creditCap: 4%
  maintenanceNotice: P30D
  targets:
  - name: up
    metric: availability
    availability: 99.9%
    window: month
    measuredBy: measurement-source/agent
    credits: [{from: 0%, below: 99.9%, credit: 5%}]
---
apiVersion: diapason/v1
kind: Customer
metadata: {name: works}
spec: {uses: [service/payroll]}
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: all}
spec:
  type: sla
  level: customer
  customer: customer/works
  start: 2027-01-01
  hours: calendar/always
  targets: [{name: up, metric: availability, availability: 99%, window: month, measuredBy: measurement-source/agent}]
---
apiVersion: diapason/v1
kind: Outage
metadata: {name: disk}
spec: {start: '2027-02-10T09:00:00Z', end: '2027-02-10T10:00:00Z', cause: component/db, hits: [service/payroll]}
`

// stating is the world of sealing with a supplier, an agreement about all that a customer
// uses, and an exclusion of the ledger.
func stating(t *testing.T) *world {
	t.Helper()
	w, l, _ := sealing(t)
	if err := w.Restore(w.ctx, identity.Operator(), w.objects(payrollPromise+statedParties), "again"); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2027, 2, 10, 9, 0, 0, 0, time.UTC)
	if _, err := l.AppendExclusion(w.ctx, ledger.Exclusion{Scope: "agreement/payroll-sla", From: at, To: at.Add(time.Minute), Kind: "planned-maintenance", Author: "mia", Announced: at.AddDate(0, 0, -20), Reason: "a disk was changed"}); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestContractsAndAgreementsAboutAllThatACustomerUsesAreStatedAndSealed(t *testing.T) {
	w := stating(t)
	coordinator := w.actor("cora", "design-coordinator")
	for _, c := range []struct {
		name, of, verdict, service, cost string
		credit                           string
	}{
		{"a supplier's delivery is held against his contract, and its cap caps the credits", "contract/hosting", "missed", "service/payroll", "40.00 EUR", "4%"},
		{"an agreement that names no service is about all that its customer uses", "agreement/all", "kept", "service/payroll", "", "0%"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := StatementQuery{Agreement: w.ref(c.of), Period: "2027-02"}
			sealed, err := w.Seal(w.ctx, coordinator, q, "")
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.SealedStatement(w.ctx, coordinator, sealed.Hash)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(got.Statement.Measures); n != 1 {
				t.Fatalf("%d measures", n)
			}
			m := got.Statement.Measures[0]
			if m.Verdict() != c.verdict || m.Service != c.service || got.Statement.Credit.Due.String() != c.credit {
				t.Errorf("%s for %s, credit %s", m.Verdict(), m.Service, got.Statement.Credit.Due)
			}
			if cost, ok := got.Statement.Cost(); ok != (c.cost != "") || ok && cost.String() != c.cost {
				t.Errorf("its credits come to %s, want %q", cost, c.cost)
			}
			if v, err := w.VerifyStatement(w.ctx, coordinator, []byte(sealed.Hash)); err != nil || !v.Holds() {
				t.Errorf("%+v %v", v, err)
			}
			name := model.Ref{Kind: "case-figures", Name: model.Slugify(q.Agreement.Name + "-up-payroll-2027-02")}
			if w.Head().Get(name) == nil {
				t.Errorf("%s did not enter the model", name)
			}
		})
	}
	if _, err := w.Seal(w.ctx, w.actor("sam", "service-level-manager"), StatementQuery{Agreement: w.ref("contract/hosting"), Period: "2027-02"}, "again"); codeOf(err) != CodeForbidden {
		t.Errorf("who may not change contracts seals one: %v", err)
	}
}

func TestTheOtherPartySeesItsViewOnly(t *testing.T) {
	w := stating(t)
	manager, customer, other := w.actor("mia", "service-level-manager"), w.actor("paul", "customer-representative@customer/plant"), w.actor("zoe", "customer-representative@customer/works")
	q := StatementQuery{Agreement: w.ref("agreement/payroll-sla"), Period: "2027-02"}
	sealed, err := w.Seal(w.ctx, manager, q, "")
	if err != nil {
		t.Fatal(err)
	}
	full, r, err := w.SealedReport(w.ctx, manager, sealed.Hash, "")
	if err != nil || r.View != servicelevel.ViewInternal {
		t.Fatalf("%v %v", r, err)
	}
	b := full.Statement.Measures[0].Behind
	if b == nil || len(b.Causes) != 1 || b.Causes[0].Cause != "component/db" || b.Predicted == nil {
		t.Errorf("behind the promise stood %+v", b)
	}
	if len(full.Documents) != 4 {
		t.Errorf("%d documents, want two views in two languages", len(full.Documents))
	}
	secret := []string{"mia", "measurement-source", "component/db", "agent 1.0", manager.ID(), "behind", "material"}
	hides := func(what string, content []byte) {
		t.Helper()
		for _, s := range secret {
			if bytes.Contains(content, []byte(s)) {
				t.Errorf("%s tells %q", what, s)
			}
		}
	}
	x, view, err := w.SealedReport(w.ctx, customer, sealed.Hash, "")
	if err != nil || view.View != servicelevel.ViewCustomer {
		t.Fatalf("%+v %v", view, err)
	}
	hides("the customer's JSON", x.Canonical)
	if !bytes.Contains(x.Canonical, []byte("a disk was changed")) || x.Author != "" || len(x.Documents) != 2 {
		t.Errorf("author %q, %d documents, %s", x.Author, len(x.Documents), x.Canonical)
	}
	var html bytes.Buffer
	if err := report.Write(&html, w.StatementDocument(w.ctx, view, language.EN), report.HTML); err != nil {
		t.Fatal(err)
	}
	hides("the customer's HTML", html.Bytes())
	html.Reset()
	if err := report.Write(&html, w.StatementDocument(w.ctx, r, language.EN), report.HTML); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Predicted by the design", "The credits cost", "agent 1.0", "Who carried the promise", "Interruptions of the record"} {
		if s == "Who carried the promise" && len(b.Links) == 0 {
			continue
		}
		if !strings.Contains(html.String(), s) {
			t.Errorf("the internal report does not say %q", s)
		}
	}
	if _, _, err := w.SealedReport(w.ctx, customer, sealed.Hash, servicelevel.ViewInternal); codeOf(err) != CodeForbidden {
		t.Errorf("a customer opens the internal view: %v", err)
	}
	if _, err := w.SealedStatement(w.ctx, customer, sealed.Hash); codeOf(err) != CodeForbidden {
		t.Errorf("a customer opens the statement: %v", err)
	}
	if _, err := w.StatementReport(w.ctx, customer, q, servicelevel.ViewInternal); codeOf(err) != CodeForbidden {
		t.Errorf("a customer computes the internal view: %v", err)
	}
	if live, err := w.StatementReport(w.ctx, customer, q, ""); err != nil || live.View != servicelevel.ViewCustomer {
		t.Errorf("%v", err)
	}
	if _, _, err := w.SealedReport(w.ctx, other, sealed.Hash, ""); codeOf(err) != CodeNotFound {
		t.Errorf("another customer opens it: %v", err)
	}
	if _, _, err := w.SealedReport(w.ctx, manager, sealed.Hash, "everything"); codeOf(err) != CodeInvalid {
		t.Errorf("a view that is none gives %v", err)
	}
	list, err := w.SealedStatements(w.ctx, customer, model.Ref{})
	if err != nil || len(list) != 1 || list[0].Author != "" {
		t.Errorf("%+v %v", list, err)
	}

	paper, err := w.SealedPaper(w.ctx, customer, sealed.Hash, "", language.FR)
	if err != nil {
		t.Fatal(err)
	}
	for what, content := range map[string][]byte{"the customer's JSON": x.Canonical, "the customer's document": paper, "the statement": full.Canonical} {
		v, err := w.VerifyStatement(w.ctx, customer, content)
		if err != nil || !v.Holds() || v.Hash != sealed.Hash {
			t.Errorf("%s: %+v %v", what, v, err)
		}
	}
	forged := bytes.Replace(x.Canonical, []byte(`"verdict":"missed"`), []byte(`"verdict":"kept"`), 1)
	if v, err := w.VerifyStatement(w.ctx, customer, forged); err != nil || v.Holds() {
		t.Errorf("a forged report verifies: %+v %v", v, err)
	}
	var again servicelevel.Report
	if err := json.Unmarshal(x.Canonical, &again); err != nil || again.Sealed != sealed.Hash {
		t.Errorf("%q %v", again.Sealed, err)
	}
}

func TestWhoDecidedAnExclusionIsForThoseInside(t *testing.T) {
	w := stating(t)
	const id = "agreement/payroll-sla#availability#service/payroll"
	for _, c := range []struct {
		name   string
		actor  identity.Actor
		author bool
	}{
		{"the manager sees who left time out", w.actor("mia", "service-level-manager"), true},
		{"the customer sees the reason alone", w.actor("paul", "customer-representative@customer/plant"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := w.Objective(w.ctx, c.actor, id, language.EN)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, e := range x.Excluded {
				if e.Reason == "a disk was changed" {
					found = true
					if (e.Author != "") != c.author {
						t.Errorf("author %q", e.Author)
					}
				}
			}
			if !found {
				t.Errorf("the exclusion is not shown: %+v", x.Excluded)
			}
		})
	}
}
