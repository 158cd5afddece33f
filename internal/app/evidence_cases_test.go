package app

import (
	"strings"
	"testing"
	"time"

	"diapason/internal/exchange/cases"
)

func TestCasesAreImportedPushedAndRead(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	manager, auditor := w.actor("slm", "service-level-manager"), w.actor("auditor", "auditor")
	m, err := cases.ShippedMapping("itop")
	if err != nil {
		t.Fatal(err)
	}
	desk, robot := w.ref("measurement-source/desk"), w.ref("measurement-source/robot")
	table := "ref,service_name,priority,title,start_date,resolution_date,cumulatedpending\n" +
		"I-1,,1,Down,2027-03-01T08:00:00Z,2027-03-01T12:00:00Z,3600\n" +
		"I-2,Boutique,2,\"Two\nlines\",2027-03-02T08:00:00Z,,\n" +
		"I-3,Other,2,x,2027-03-02T08:00:00Z,2027-03-01T08:00:00Z,\n" +
		"I-4,Other,3,x,2027-03-02T08:00:00Z,,\n"
	if _, err := w.ImportCases(w.ctx, auditor, desk, "x.csv", []byte(table), m); codeOf(err) != CodeForbidden {
		t.Errorf("an auditor imports: %v", err)
	}
	done, err := w.ImportCases(w.ctx, manager, desk, "x.csv", []byte(table), m)
	if err != nil || done.Added != 3 || done.Unplaced != 2 || len(done.Errors) != 1 || done.Errors[0].Line != 5 {
		t.Fatalf("%+v, %v", done, err)
	}
	if done, err = w.ImportCases(w.ctx, manager, desk, "x.csv", []byte(strings.Replace(table, "I-2,Boutique,2", "I-2,Boutique,1", 1)), m); err != nil || done.Added != 0 || done.Changed != 1 || done.Same != 2 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := w.ImportCases(w.ctx, manager, desk, "x.csv", []byte("a,b\n"), m); codeOf(err) != CodeInvalid {
		t.Errorf("a table of something else: %v", err)
	}
	list, err := w.Cases(w.ctx, auditor, desk, time.Unix(0, 0), time.Time{}, 10)
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	if c := list[0]; c.ID != "I-1" || c.Service != "service/shop" || c.Priority != "P1" || len(c.Suspensions) != 1 || c.Suspensions[0].From.Hour() != 11 || c.Suspensions[0].Why != "waiting-customer" {
		t.Errorf("%+v", c)
	}
	if c := list[1]; c.Revision != 2 || c.Title != "Two lines" || c.Service != "service/shop" || list[2].Service != "" {
		t.Errorf("%+v", list)
	}

	push := []CaseRecord{
		{ID: "R-1", Service: "Shop", Opened: instant("2027-03-01T08:00:00Z"), Suspensions: []CaseSuspension{{From: instant("2027-03-01T09:00:00Z"), Why: "other"}}},
		{ID: "R-2", Service: "Unheard of", Opened: instant("2027-03-01T08:00:00Z")},
		{ID: "R-3", Opened: instant("2027-03-01T08:00:00Z"), Suspensions: []CaseSuspension{{From: instant("2027-03-01T09:00:00Z"), Why: "lunch"}}},
		{ID: "", Opened: instant("2027-03-01T08:00:00Z")},
		{ID: "R-5"},
	}
	if done, err = w.PushCases(w.ctx, manager, robot, push); err != nil || done.Added != 1 || len(done.Errors) != 4 || done.Errors[0].Line != 2 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err = w.PushCases(w.ctx, manager, w.ref("measurement-source/none"), push); codeOf(err) != CodeNotFound {
		t.Errorf("of no source: %v", err)
	}
	if list, err = w.Cases(w.ctx, auditor, robot, time.Unix(0, 0), time.Time{}, 10); err != nil || len(list) != 1 || list[0].Service != "service/shop" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestTitlesOfCasesAreErased(t *testing.T) {
	clock := time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)
	w := measuredWorld(t, nil, &clock)
	manager, administrator := w.actor("slm", "service-level-manager"), w.actor("root", "administrator")
	robot := w.ref("measurement-source/robot")
	push := []CaseRecord{
		{ID: "R-1", Service: "Shop", Title: "Mrs Doe", Opened: instant("2027-03-01T08:00:00Z")}, {ID: "R-2", Service: "Shop", Title: "Printer", Opened: instant("2027-03-02T08:00:00Z")},
	}
	if _, err := w.PushCases(w.ctx, manager, robot, push); err != nil {
		t.Fatal(err)
	}
	if _, err := w.EraseCaseTitles(w.ctx, manager, robot, []string{"R-1"}, "asked for"); codeOf(err) != CodeForbidden {
		t.Errorf("whoever may record may not erase: %v", err)
	}
	if _, err := w.EraseCaseTitles(w.ctx, administrator, robot, []string{"R-1"}, " "); err == nil {
		t.Error("an erasure without a reason")
	}
	if n, err := w.EraseCaseTitles(w.ctx, administrator, robot, []string{"R-1", "R-9"}, "asked for"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if done, err := w.PushCases(w.ctx, manager, robot, push); err != nil || done.Same != 2 {
		t.Errorf("%+v, %v", done, err)
	}
	list, err := w.Cases(w.ctx, manager, robot, time.Unix(0, 0), time.Time{}, 10)
	if err != nil || len(list) != 2 || list[0].Title != "" || !list[0].TitleErased || list[1].Title != "Printer" || list[1].TitleErased {
		t.Errorf("%+v, %v", list, err)
	}
}
