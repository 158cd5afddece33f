package app

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/process/servicelevel"
	ledgerstore "diapason/internal/store/ledger"
	ledgersqlite "diapason/internal/store/ledger/sqlite"
	"diapason/internal/store/sqlite"
)

const payrollPromise = payroll + `---
apiVersion: diapason/v1
kind: Organisation
metadata: {name: works}
spec: {zone: Europe/Paris, languages: [en, fr]}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: always}
spec: {always: true, zone: Europe/Paris}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: payroll, owner: team/hr-it}
spec: {requires: [component/db]}
---
apiVersion: diapason/v1
kind: Customer
metadata: {name: plant}
spec: {}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: agent}
spec: {type: other, of: [service/payroll]}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: tickets}
spec: {type: tickets, of: [service/payroll]}
---
apiVersion: diapason/v1
kind: Maintenance
metadata: {name: upgrade}
spec: {on: [service/payroll], start: '2027-02-10T10:30:00+01:00', end: '2027-02-10T11:00:00+01:00', announced: 2027-02-01, stops: true}
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: payroll-sla}
spec:
  type: sla
  customer: customer/plant
  services: [service/payroll]
  start: 2027-01-01
  hours: calendar/always
  fee: 1000 EUR/month
  creditCap: 8%
  targets:
  - name: availability
    metric: availability
    availability: 99.95%
    window: month
    measuredBy: measurement-source/agent
    exclusions: [planned-maintenance]
    credits: [{from: 0%, below: 99.95%, credit: 10%}]
  - name: restore
    metric: time-to-restore
    within: 4 h
    priority: P1
    percentile: 95%
    window: month
    measuredBy: measurement-source/tickets
`

// sealing is a world with a ledger that holds February 2027: an hour of interruption on
// the 10th, half of it in announced maintenance, and one case that took five hours.
func sealing(t *testing.T) (*world, ledgerstore.Ledger, string) {
	t.Helper()
	return sealingWith(t, Options{On: today})
}

// sealingWith is the same with options of its own.
func sealingWith(t *testing.T, o Options) (*world, ledgerstore.Ledger, string) {
	t.Helper()
	folder := t.TempDir()
	st, err := sqlite.Open(t.Context(), folder, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	l, err := ledgersqlite.Open(t.Context(), folder, ledgersqlite.Options{Clock: o.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	o.Store, o.Directory, o.Ledger = st, dir, l
	a, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	w := &world{a, t, dir, t.Context()}
	if err := a.Restore(w.ctx, identity.Operator(), w.objects(payrollPromise), "start"); err != nil {
		t.Fatal(err)
	}
	var records []ledgerstore.Record
	for d := slo.DayOf(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)); d <= slo.DayOf(time.Date(2027, 2, 28, 0, 0, 0, 0, time.UTC)); d++ {
		b := slo.NewDayBuilder(d)
		b.Set(0, slo.DayMinutes, slo.Run{State: slo.Good})
		if d == slo.DayOf(time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC)) {
			b.Set(9*60, 10*60, slo.Run{State: slo.Bad})
		}
		raw, err := slo.EncodeDay(b.Day())
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, ledgerstore.Record{Series: "measurement-source/agent service/payroll", Day: d, Engine: "agent 1.0", Slices: raw})
	}
	if _, err := l.Append(w.ctx, records); err != nil {
		t.Fatal(err)
	}
	nine := time.Date(2027, 2, 10, 9, 0, 0, 0, time.UTC)
	if _, _, err := l.AppendCases(w.ctx, []ledgerstore.Case{{Source: "measurement-source/tickets", ID: "I-7", Service: "service/payroll", Priority: "P1", Opened: nine, Restored: nine.Add(5 * time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	return w, l, folder
}

func TestASealedPeriodIsVerifiedFromTheLedgerAlone(t *testing.T) {
	w, l, folder := sealing(t)
	manager := w.actor("mia", "service-level-manager")
	q := StatementQuery{Agreement: w.ref("agreement/payroll-sla"), Period: "2027-02"}
	s, err := w.Seal(w.ctx, manager, q, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.SealedStatement(w.ctx, manager, s.Hash)
	if err != nil {
		t.Fatal(err)
	}
	up, restore := got.Statement.Measures[0], got.Statement.Measures[1]
	if time.Duration(up.Result.Bad) != 30*time.Minute || time.Duration(up.Result.LeftOut) != 30*time.Minute || up.Result.Verdict != "missed" {
		t.Errorf("availability %+v", *up.Result)
	}
	if restore.Cases == nil || restore.Cases.Result.Late != 1 || restore.Verdict() != "missed" {
		t.Errorf("cases %+v", restore.Cases)
	}
	if got.Statement.Credit.Due.String() != "8%" {
		t.Errorf("credit %+v, want the cap of 8 %%", got.Statement.Credit)
	}
	figures := w.Head().Get(w.ref("case-figures/payroll-sla-availability-payroll-2027-02"))
	if figures == nil {
		t.Fatal("the figures of the period did not enter the model")
	}
	paper, err := w.SealedPaper(w.ctx, manager, s.Hash, servicelevel.ViewInternal, language.FR)
	if err != nil || !bytes.HasPrefix(paper, []byte("%PDF")) {
		t.Fatalf("document: %v, %.20q", err, paper)
	}
	holds := func(what string, report []byte) {
		t.Helper()
		v, err := w.VerifyStatement(w.ctx, manager, report)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, c := range v.Checks {
			if !c.Passed {
				t.Errorf("%s: %s failed %v", what, c.Name, c.Args)
			}
		}
	}
	holds("its hash", []byte(s.Hash+"\n"))
	holds("its JSON", append(got.Canonical, '\n'))
	holds("its document", paper)

	// What comes later changes nothing: a correction, a longer holiday, another exclusion.
	late, err := slo.EncodeDay(slo.Day{Number: slo.DayOf(time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(w.ctx, []ledgerstore.Record{{Series: "measurement-source/agent service/payroll", Day: slo.DayOf(time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC)), Author: "mia", Reason: "agent was blind", Slices: late}}); err != nil {
		t.Fatal(err)
	}
	holds("after a correction", []byte(s.Hash))
	again, err := w.Seal(w.ctx, manager, q, "")
	if codeOf(err) != CodeReason {
		t.Errorf("sealing again without a reason gives %v, %v", again, err)
	}
	again, err = w.Seal(w.ctx, manager, q, "the agent was blind on the 10th")
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.SealedStatements(w.ctx, manager, q.Agreement)
	if err != nil || len(list) != 2 || !list[0].Superseded || list[1].Superseded || list[1].Hash != again.Hash {
		t.Errorf("seals %+v, %v", list, err)
	}

	forged := bytes.Replace(got.Canonical, []byte(`"verdict":"missed"`), []byte(`"verdict":"kept"`), 1)
	if _, err := w.VerifyStatement(w.ctx, manager, forged); codeOf(err) != CodeNoStatement && codeOf(err) != CodeNotFound {
		t.Errorf("a forged statement gives %v", err)
	}
	db, err := sql.Open("sqlite", filepath.Join(folder, ledgersqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	if err != nil {
		t.Fatal(err)
	}
	var triggers []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		triggers = append(triggers, name)
	}
	rows.Close()
	for _, name := range triggers {
		if _, err := db.Exec(`DROP TRIGGER ` + name); err != nil {
			t.Fatal(err)
		}
	}
	good, _ := slo.EncodeDay(slo.Day{Number: slo.DayOf(time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC)), Runs: []slo.Run{{Minutes: slo.DayMinutes, State: slo.Good}}})
	if _, err := db.Exec(`UPDATE evidence SET slices = ? WHERE day = ? AND revision = 1`, good, slo.DayOf(time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC))); err != nil {
		t.Fatal(err)
	}
	v, err := w.VerifyStatement(w.ctx, manager, []byte(s.Hash))
	if err != nil || v.Holds() {
		t.Errorf("a ledger that was tampered with verifies: %+v, %v", v, err)
	}
}

func TestWhoMaySealAndWhen(t *testing.T) {
	w, _, _ := sealing(t)
	q := StatementQuery{Agreement: w.ref("agreement/payroll-sla"), Period: "2027-02"}
	if _, err := w.Seal(w.ctx, w.actor("ann", "auditor"), q, ""); codeOf(err) != CodeForbidden {
		t.Errorf("an auditor seals: %v", err)
	}
	manager := w.actor("mia", "service-level-manager")
	for period, want := range map[string]Code{"february": CodePeriod, "2027-04": CodeTooEarly, "2027-Q1": CodeNothingPromised} {
		q.Period = period
		if _, err := w.Statement(w.ctx, manager, q); codeOf(err) != want {
			t.Errorf("%s gives %v, want %s", period, err, want)
		}
	}
	q.Period = "2027-03"
	s, err := w.Statement(w.ctx, manager, q)
	if err != nil || !s.Interim() {
		t.Fatalf("the month under way is no interim statement: %v", err)
	}
	if d := w.StatementDocument(w.ctx, s.Report(servicelevel.ViewInternal, ""), language.EN); !strings.Contains(d.Lead, "March") {
		t.Errorf("lead %q", d.Lead)
	}
	// Of March in Paris the ledger knows one hour: the last of 28 February in UTC.
	if c := s.Measures[0].Result.Coverage.Ratio(); c <= 0 || c > 0.01 {
		t.Errorf("coverage %v", c)
	}
}
