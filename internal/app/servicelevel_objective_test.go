package app

import (
	"encoding/json"
	"strings"
	"testing"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
)

func TestObjectivesShowHowPromisesStand(t *testing.T) {
	w, _, _ := sealing(t)
	list, err := w.Objectives(w.ctx, identity.Operator(), ObjectivesQuery{}, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	if list.Total != 2 {
		t.Fatalf("%+v", list)
	}
	by := map[string]ObjectiveView{}
	for _, x := range list.Items {
		by[x.Target] = x
	}
	a := by["availability"]
	feb := a.Trend[len(a.Trend)-1]
	if a.Basis != "evidence" || feb.Period != "2027-02" || feb.Mark != MarkGap || feb.Attained == "" || a.ID != "agreement/payroll-sla#availability#service/payroll" {
		t.Errorf("%+v", a)
	}
	restore := by["restore"]
	if late := restore.Trend[len(restore.Trend)-1]; restore.Basis != "cases" || late.Attained != "0%" || late.Mark != MarkGap {
		t.Errorf("%+v", restore)
	}
	if restore.Mark != MarkNone || restore.Verdict != "unknown" || list.Counts.None != 1 || list.Counts.Unknown != 1 || !strings.Contains(restore.BasisText, "nothing was to be judged") {
		t.Errorf("a window without cases: %+v, %+v", restore, list.Counts)
	}
	for _, tt := range []struct {
		name  string
		q     ObjectivesQuery
		total int
	}{
		{"words are looked for in titles and names", ObjectivesQuery{Text: "payroll restore"}, 1},
		{"words that nothing holds find nothing", ObjectivesQuery{Text: "nothing"}, 0},
		{"a customer has his own", ObjectivesQuery{Customer: w.ref("customer/plant")}, 2},
		{"another service has none", ObjectivesQuery{Service: w.ref("service/mail")}, 0},
		{"a status filters", ObjectivesQuery{Status: MarkOK}, 0},
		{"a window without cases is found apart", ObjectivesQuery{Status: MarkNone}, 1},
	} {
		if got, err := w.Objectives(w.ctx, identity.Operator(), tt.q, language.FR); err != nil || got.Total != tt.total {
			t.Errorf("%s: %d, %v", tt.name, got.Total, err)
		}
	}
	if _, err := w.Objectives(w.ctx, identity.Anonymous(true), ObjectivesQuery{}, language.EN); codeOf(err) != CodeSignIn {
		t.Errorf("a stranger reads: %v", err)
	}
	other := w.actor("customer", "customer-representative@customer/acme")
	if got, err := w.Objectives(w.ctx, other, ObjectivesQuery{}, language.EN); err != nil || got.Total != 0 {
		t.Errorf("another customer reads %+v, %v", got, err)
	}
	if _, err := w.Objective(w.ctx, other, a.ID, language.EN); codeOf(err) != CodeNotFound {
		t.Errorf("another customer opens it: %v", err)
	}
	sheet, err := w.Objective(w.ctx, identity.Operator(), a.ID, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	if len(sheet.Days) != 29 || len(sheet.Interruptions) != 1 || sheet.Interruptions[0].Length != "30\u00a0min" && sheet.Interruptions[0].Length != "30 min" || len(sheet.Excluded) != 1 || !sheet.Excluded[0].Holds || !sheet.MaySeal {
		t.Errorf("%d days, %+v, %+v", len(sheet.Days), sheet.Interruptions, sheet.Excluded)
	}
	if _, err := w.Objective(w.ctx, identity.Operator(), "agreement/none#x#service/payroll", language.EN); codeOf(err) != CodeNotFound {
		t.Errorf("an unknown objective: %v", err)
	}
	// A correction is seen at once: what was kept is let go.
	bad := Measure{Series: "measurement-source/agent service/payroll", From: instant("2027-02-20T00:00:00Z"), Until: instant("2027-02-20T02:00:00Z"), State: "bad"}
	if _, err := w.Correct(w.ctx, identity.Operator(), bad, "The agent was wrong", language.EN); err != nil {
		t.Fatal(err)
	}
	if sheet, err = w.Objective(w.ctx, identity.Operator(), a.ID, language.EN); err != nil || len(sheet.Corrections) != 1 || len(sheet.Interruptions) != 2 || sheet.Interruptions[0].From.Day() != 20 {
		t.Errorf("%+v, %v", sheet.Corrections, err)
	}
}

func TestAnInfiniteBurnRateCanBeWritten(t *testing.T) {
	if text, err := json.Marshal(BudgetView{Burn: rate(slo.MostBurn(slo.Whole)), Recent: rate(2)}); err != nil || strings.Contains(string(text), `"burn"`) || !strings.Contains(string(text), `"recent":2`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestTheProcessPageTellsWhatTheLedgerHasMeasured(t *testing.T) {
	w, _, _ := sealing(t)
	list, err := w.Objectives(w.ctx, identity.Operator(), ObjectivesQuery{}, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.ProcessPage(w.ctx, identity.Operator(), View{}, "servicelevel", language.EN)
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]any{}
	for _, l := range page.Lists {
		for _, row := range l.Rows {
			if l.ID == "promises" {
				measured[row.Cells["target"].(string)] = row.Cells["measured"]
			}
		}
	}
	told := 0
	for _, x := range list.Items {
		if x.Attained == "" || x.Basis == "declared" {
			continue
		}
		if told++; measured[x.Label] != x.Attained {
			t.Errorf("%s: the page tells %v, the ledger %s", x.Label, measured[x.Label], x.Attained)
		}
	}
	if told == 0 {
		t.Errorf("nothing is measured: %+v", list.Items)
	}
}
