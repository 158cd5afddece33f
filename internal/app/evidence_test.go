package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
	ledgersqlite "diapason/internal/store/ledger/sqlite"
	"diapason/internal/store/sqlite"
	"diapason/internal/telemetry"
)

const measured = `
apiVersion: diapason/v1
kind: Service
metadata: {name: shop, title: {en: Shop, fr: Boutique}}
spec: {}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: mail}
spec: {}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: web}
spec: {type: prometheus, query: 'up{$service}', of: [service/shop]}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: robot, title: {en: Robot, fr: Robot}}
spec: {type: other, of: [service/shop, service/mail]}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: desk}
spec: {type: tickets, of: [service/shop]}
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: gold}
spec: {type: sla, services: [service/shop]}
`

// measuredWorld has a ledger, a metrics server and a clock that the test moves.
func measuredWorld(t *testing.T, metrics telemetry.Querier, clock *time.Time) *world {
	t.Helper()
	ctx := t.Context()
	folder := t.TempDir()
	st, err := sqlite.Open(ctx, folder, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledgersqlite.Open(ctx, folder, ledgersqlite.Options{Clock: func() time.Time { return *clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	a, err := Open(ctx, Options{Store: st, Directory: dir, On: today, Ledger: l, Metrics: metrics, Now: func() time.Time { return *clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	w := &world{a, t, dir, ctx}
	if err := a.Restore(ctx, identity.Operator(), w.objects(measured), "start"); err != nil {
		t.Fatal(err)
	}
	return w
}

const robotShop = "measurement-source/robot service/shop"

// told writes the days of evidence: date, revision, minutes good, bad and unknown.
func told(v *SeriesEvidence) string {
	var out []string
	for _, d := range v.Days {
		text := fmt.Sprintf("%s.%d %d/%d/%d", d.Date, d.Revision, d.Good, d.Bad, d.Unknown)
		if d.Provisional {
			text += " provisional"
		}
		if d.Reason != "" {
			text += " " + d.Author + ": " + d.Reason
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func instant(text string) model.Instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return model.Instant{Time: t}
}

func TestEvidenceIsPushedCorrectedAndRead(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	manager := w.actor("slm", "service-level-manager")
	auditor := w.actor("auditor", "auditor")
	csv := "\uFEFFSeries;From;To;State;Good;Total\n" +
		robotShop + ";2027-03-08T22:00:00+01:00;2027-03-09T01:30:00Z;good;10;10\n" +
		robotShop + ";2027-03-09 00:10:30+00:00;2027-03-09 00:12:10+00:00;bad;;\n" +
		robotShop + ";yesterday;2027-03-09T00:12:10Z;bad;;\n" +
		robotShop + ";2027-03-09T00:00:00Z;2027-03-09T00:12:10Z;up;;\n" +
		robotShop + ";2027-03-09T00:00:00Z;2027-03-08T00:12:10Z;bad;;\n" +
		robotShop + ";2027-03-09T00:00:00Z;2027-03-12T06:00:00Z;bad;;\n" +
		robotShop + ";2027-03-09T00:00:00Z;2027-03-09T00:10:00Z;good;5;2\n" +
		robotShop + ";2027-03-09T00:00:00Z;2027-03-09T00:10:00Z;good;x;2\n" +
		"measurement-source/robot service/nothing;2027-03-09T00:00:00Z;2027-03-09T00:10:00Z;good;;\n" +
		"measurement-source/web service/mail;2027-03-09T00:00:00Z;2027-03-09T00:10:00Z;good;;\n" +
		"gibberish;2027-03-09T00:00:00Z;2027-03-09T00:10:00Z;good;;\n" +
		"\"broken;2027\n"
	done, err := w.PushCSV(w.ctx, manager, strings.NewReader(csv), "robot")
	if err != nil {
		t.Fatal(err)
	}
	if done.Measures != 2 || done.Days != 2 || len(done.Errors) != 10 {
		t.Errorf("%+v", done)
	}
	for i, e := range done.Errors {
		if e.Line != i+4 {
			t.Errorf("line %d: %s", e.Line, e.Message)
		}
	}
	v, err := w.Evidence(w.ctx, auditor, robotShop, 0, 0, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	if got := told(v); got != "2027-03-08.1 180/0/1260 slm: robot; 2027-03-09.1 87/3/1350 slm: robot" || v.MayCorrect || v.Measured {
		t.Errorf("%s %+v", got, v.SeriesView)
	}
	if s := v.Days[1].Intervals; len(s) != 3 || s[0].Total != 10 || s[1].State != "bad" || s[1].From.Format(time.TimeOnly) != "00:10:00" || s[1].Until.Format(time.TimeOnly) != "00:13:00" {
		t.Errorf("%+v", s)
	}
	outage := Measure{Series: robotShop, From: instant("2027-03-08T23:00:00Z"), Until: instant("2027-03-09T00:05:00Z"), State: "unknown"}
	if _, err := w.Correct(w.ctx, auditor, outage, "why not", language.EN); codeOf(err) != CodeForbidden {
		t.Errorf("an auditor corrects: %v", err)
	}
	if _, err := w.Correct(w.ctx, manager, outage, " ", language.EN); codeOf(err) != CodeReason {
		t.Errorf("without a reason: %v", err)
	}
	if v, err = w.Correct(w.ctx, manager, outage, "The robot was blind", language.FR); err != nil {
		t.Fatal(err)
	}
	if got := told(v); got != "2027-03-08.2 120/0/1320 slm: The robot was blind; 2027-03-09.2 82/3/1355 slm: The robot was blind" || !v.MayCorrect {
		t.Error(got)
	}
	revisions, err := w.EvidenceRevisions(w.ctx, auditor, robotShop, model.NewDate(2027, 3, 9), language.EN)
	if err != nil || len(revisions) != 2 || revisions[0].Good != 87 || revisions[1].Author != "slm" {
		t.Errorf("%+v, %v", revisions, err)
	}
	list, err := w.EvidenceSeries(w.ctx, auditor, model.Ref{})
	if err != nil || len(list) != 2 || list[0].Series != robotShop || list[0].Last.String() != "2027-03-09" || !list[1].Measured || list[1].Of.Title.FR != "Boutique" {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err = w.EvidenceSeries(w.ctx, auditor, w.ref("service/mail")); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestEvidenceIsReadByThoseWhoMayReadWhatItIsAbout(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	customer := w.actor("customer", "customer-representative@customer/acme")
	for _, tt := range []struct {
		name  string
		actor identity.Actor
		code  Code
	}{{"a stranger", identity.Anonymous(true), CodeSignIn}, {"a customer", customer, CodeNotFound}} {
		if _, err := w.Evidence(w.ctx, tt.actor, robotShop, 0, 0, language.EN); codeOf(err) != tt.code {
			t.Errorf("%s reads: %v", tt.name, err)
		}
		if _, err := w.EvidenceRevisions(w.ctx, tt.actor, robotShop, today, language.EN); codeOf(err) != tt.code {
			t.Errorf("%s reads revisions: %v", tt.name, err)
		}
	}
	if list, err := w.EvidenceSeries(w.ctx, customer, model.Ref{}); err != nil || len(list) > 0 {
		t.Errorf("a customer lists %v, %v", list, err)
	}
	done, err := w.PushMeasures(w.ctx, customer, []Measure{{Series: robotShop, From: instant("2027-03-08T00:00:00Z"), Until: instant("2027-03-08T01:00:00Z"), State: "good"}}, "")
	if err != nil || done.Measures > 0 || len(done.Errors) != 1 {
		t.Errorf("a customer pushes: %+v, %v", done, err)
	}
	if _, err := w.PushMeasures(w.ctx, identity.Anonymous(true), nil, ""); codeOf(err) != CodeSignIn {
		t.Errorf("a stranger pushes: %v", err)
	}
	if _, err := w.Exclude(w.ctx, customer, ExclusionRequest{}); codeOf(err) != CodeForbidden {
		t.Errorf("a customer excludes: %v", err)
	}
}

func TestTheDayThatIsMeasuredIsProvisional(t *testing.T) {
	clock := time.Date(2027, 3, 10, 0, 5, 0, 0, time.UTC) // within the grace for late data
	metrics := &server{answers: map[string]func(time.Time) float64{"up{shop}": always(1)}}
	metrics.answers["up{$service}"] = nil
	w := measuredWorld(t, metrics, &clock)
	manager := w.actor("slm", "service-level-manager")
	const series = "measurement-source/web service/shop"
	metrics.mu.Lock()
	metrics.answers["up{shop}"] = always(0)
	metrics.mu.Unlock()
	v, err := w.Evidence(w.ctx, manager, series, model.NewDate(2027, 3, 9), 0, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	if got := told(v); got != "2027-03-09.0 0/1440/0 provisional; 2027-03-10.0 0/5/1435 provisional" || !v.Measured {
		t.Error(got)
	}
	_, err = w.Correct(w.ctx, manager, Measure{Series: series, From: instant("2027-03-09T23:00:00Z"), Until: instant("2027-03-10T00:01:00Z"), State: "good"}, "it was up", language.EN)
	if codeOf(err) != CodeInvalid || !strings.Contains(err.Error(), "the last 5 minutes are still being measured") {
		t.Errorf("a minute that is only just over is corrected: %v", err)
	}
}

func TestCorrectionsAtOnceAreAllKept(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	failed := make(chan error)
	const writers = 3 // as many as attempts, so that each gets its turn
	for n := range writers {
		go func() {
			from := time.Date(2027, 3, 9, n, 0, 0, 0, time.UTC)
			_, err := w.PushMeasures(w.ctx, identity.Operator(), []Measure{{Series: robotShop, From: model.Instant{Time: from}, Until: model.Instant{Time: from.Add(time.Hour)}, State: "bad"}}, "")
			failed <- err
		}()
	}
	for range writers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	v, err := w.Evidence(w.ctx, identity.Operator(), robotShop, 0, 0, language.EN)
	if err != nil || len(v.Days) != 1 || v.Days[0].Bad != 60*writers {
		t.Errorf("%s, %v", told(v), err)
	}
}

func TestExclusionsAreAddedAndWithdrawn(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	manager := w.actor("slm", "service-level-manager")
	auditor := w.actor("auditor", "auditor")
	good := ExclusionRequest{Scope: "service/shop", From: instant("2027-03-12T20:00:00Z"), Until: instant("2027-03-12T22:00:00Z"), Kind: ledger.PlannedMaintenance, Announced: instant("2027-03-01T08:00:00Z"), Reason: "Mise à jour"}
	v, err := w.Exclude(w.ctx, manager, good)
	if err != nil || v.ID != 1 || v.Subject.Title.FR != "Boutique" || v.Author != "slm" || !v.MayChange {
		t.Fatalf("%+v, %v", v, err)
	}
	for _, tt := range []struct {
		name   string
		change func(*ExclusionRequest)
		code   Code
	}{
		{"of something that is not there", func(q *ExclusionRequest) { q.Scope = "service/none" }, CodeNotFound},
		{"of a team", func(q *ExclusionRequest) { q.Scope = "team/ops" }, CodeInvalid},
		{"of a source that is not there", func(q *ExclusionRequest) { q.Scope = "measurement-source/none service/shop" }, CodeNotFound},
		{"of no kind", func(q *ExclusionRequest) { q.Kind = "bad luck" }, CodeInvalid},
		{"backwards", func(q *ExclusionRequest) { q.Until = q.From }, CodeInvalid},
		{"announced tomorrow", func(q *ExclusionRequest) { q.Announced = instant("2027-03-12T12:00:00Z") }, CodeInvalid},
		{"without a reason", func(q *ExclusionRequest) { q.Reason = "" }, CodeReason},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := good
			tt.change(&q)
			if _, err := w.Exclude(w.ctx, manager, q); codeOf(err) != tt.code {
				t.Errorf("got %v", err)
			}
		})
	}
	all := good
	all.Scope, all.Announced, all.Kind = "", model.Instant{}, ledger.ForceMajeure
	if v, err = w.Exclude(w.ctx, manager, all); err != nil || !v.Announced.Equal(clock) || v.Subject != nil {
		t.Errorf("%+v, %v", v, err)
	}
	list, err := w.Exclusions(w.ctx, auditor, instant("2027-03-12T21:00:00Z").Time, time.Time{})
	if err != nil || len(list) != 2 || list[0].MayChange {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := w.Include(w.ctx, auditor, 1, "x"); codeOf(err) != CodeForbidden {
		t.Errorf("an auditor withdraws: %v", err)
	}
	if _, err := w.Include(w.ctx, manager, 1, ""); codeOf(err) != CodeReason {
		t.Errorf("without a reason: %v", err)
	}
	if v, err = w.Include(w.ctx, manager, 1, "It did not take place"); err != nil || v.Withdraws != 1 || v.Scope != "service/shop" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := w.Include(w.ctx, manager, 1, "again"); codeOf(err) != CodeInvalid {
		t.Errorf("a second time: %v", err)
	}
	if list, err = w.Exclusions(w.ctx, auditor, time.Unix(0, 0), time.Time{}); err != nil || len(list) != 1 || list[0].ID != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

func FuzzReadMeasures(f *testing.F) {
	f.Add("series,from,to,state\n" + robotShop + ",2027-03-09T00:00:00Z,2027-03-09T00:10:00Z,good\n")
	f.Add("\uFEFFSeries;From;Until;State;Good;Total\n;;;;1,5;\"")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readMeasures(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, m := range list {
			if m.line < 1 || m.fault == nil && (m.From.IsZero() || m.Until.IsZero()) {
				t.Errorf("%+v", m)
			}
		}
	})
}
