package app

import (
	"strings"
	"testing"

	"diapason/examples"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

func TestWhatIsMeasuredStandsBesideWhatIsRecorded(t *testing.T) {
	w, _, _ := sealing(t)
	study := func(actor identity.Actor, v View, lang language.Lang) *AvailabilityStudy {
		t.Helper()
		s, err := w.AvailabilityOf(w.ctx, actor, v, w.ref("service/payroll"), lang)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	now := study(identity.Operator(), View{}, language.EN)
	if len(now.Measured) != 1 {
		t.Fatalf("measured %+v", now.Measured)
	}
	m := now.Measured[0]
	list, err := w.Objectives(w.ctx, identity.Operator(), ObjectivesQuery{Service: w.ref("service/payroll"), Text: "availability"}, language.EN)
	if err != nil || len(list.Items) != 1 {
		t.Fatal(err, list)
	}
	if o := list.Items[0]; m.Objective != o.ID || m.Attained != o.Attained || m.Promised != o.Promised || m.Mark != o.Mark || len(m.Trend) != len(o.Trend) || m.Agreement.Ref != o.Of.Ref {
		t.Errorf("the page says %+v, the objective %+v", m, o)
	}
	if feb := m.Trend[len(m.Trend)-1]; feb.Period != "2027-02" || feb.Attained == "" {
		t.Errorf("February was measured: %+v", feb)
	}
	if m.Sentence == "" || m.Attained != "" && (m.Basis != "evidence" || m.Until == "" || !strings.Contains(m.Sentence, m.Coverage)) {
		t.Errorf("it does not say what it rests on: %+v", m)
	}
	table := now.Tables[len(now.Tables)-1]
	for _, x := range now.Tables {
		if x.ID == "measured" {
			table = x
		}
	}
	if table.ID != "measured" || len(table.Rows) != 1 || table.Sentence == "" {
		t.Errorf("table %+v", table)
	}
	// Of an earlier day only what the model had then is told: no ledger was asked.
	for _, x := range study(identity.Operator(), View{On: w.Today().AddMonths(-6)}, language.FR).Measured {
		if x.Basis == "evidence" {
			t.Errorf("on an earlier day: %+v", x)
		}
	}
}

// What the model itself has, figures declared and those of sealed statements, is told
// of a model on disk.
func TestFiguresDeclaredStandBesideThePrediction(t *testing.T) {
	s := Assessed(processtest.Snapshot(t, `
organisation/o: {zone: UTC}
customer/c: {}
service/shop: {stage: live, requires: [component/a]}
component/a: {availability: 99.9%}
agreement/sla: {type: sla, customer: c, services: [service/shop], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 99.5%, window: month}, {name: soon, metric: time-to-restore, within: 4h}]}
case-figures/feb: {of: agreement/sla, target: up, service: service/shop, from: 2027-02-01, until: 2027-02-28, attained: 99.7%, declared: true}
`), examples.On)
	for lang, want := range map[language.Lang]string{language.EN: "Declared by hand (February 2027)", language.FR: "Déclaré à la main (Février 2027)"} {
		study, err := StudyOf(t.Context(), s, model.Ref{Kind: "service", Name: "shop"}, lang)
		if err != nil {
			t.Fatal(err)
		}
		if len(study.Measured) != 1 || study.Measured[0].Basis != "declared" || strings.ReplaceAll(study.Measured[0].Sentence, "\u00a0", " ") != want || study.Measured[0].Mark != MarkOK {
			t.Errorf("%s: %+v", lang, study.Measured)
		}
	}
}
