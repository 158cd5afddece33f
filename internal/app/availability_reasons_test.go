package app

import (
	"strings"
	"testing"

	"diapason/examples"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

const reasonsYAML = `
organisation/o: {zone: UTC}
service/shop: {title: Shop, stage: live, requires: [{anyOf: [component/a, component/b, component/c]}, component/d]}
component/a: {mtbf: 200 h, mttr: 8 h, restore: {by: [team/ops]}, capacity: [{name: orders, limit: 100 orders/min}]}
component/b: {mtbf: 200 h, mttr: 8 h, restore: {by: [team/ops]}, capacity: [{name: orders, limit: 100 orders/min}]}
component/c: {mtbf: 200 h, mttr: 8 h, restore: {by: [team/silent]}, capacity: [{name: orders, limit: 100 orders/min}]}
component/d: {title: Router, mtbf: 200 h, mttr: 2 h, restore: {by: [contract/over]}}
demand/sales: {title: Sales, service: service/shop, resource: orders, current: 40 orders/min, peak: 150 orders/min}
person/ann: {}
team/ops: {title: Operations, calendar: day, members: [ann]}
team/silent: {title: Silent, members: [ann]}
calendar/day: {zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "16:00"}]}
supplier/x: {}
contract/over: {supplier: x, start: 2025-01-01, end: 2026-01-01, hours: day}
`

func TestAStudySaysWhatItTakesAndLeavesOut(t *testing.T) {
	s := Assessed(processtest.Snapshot(t, reasonsYAML), examples.On)
	for _, tc := range []struct {
		lang  language.Lang
		notes []string
		cells map[string][]string // by table: what its rows say
	}{
		{language.EN,
			[]string{"At the load of the day Shop needs 2 of 3, where 1 is declared: 150 orders/min of “orders”, 100 orders/min each.", "Operations (1 person) restores 2 things, which takes 23% of its hours:"},
			map[string][]string{
				"loads":    {"Load: 150 orders/min of “orders” take 2 at 100 orders/min each (Sales)."},
				"waitings": {"Repair 8 h; 18 h 40 with the hours of those who restore.", "no waiting is counted, because this is not known: Silent.", "Repair 2 h; nobody of those named can restore it"},
			}},
		{language.FR,
			[]string{"À la charge du jour, Shop a besoin de 2 sur 3, alors que 1 suffirait", "Operations (1 personne) rétablit 2 choses, ce qui prend 23 % de ses heures"},
			map[string][]string{
				"loads":    {"Charge : 150 orders/min de « orders » en occupent 2, à raison de 100 orders/min chacune (Sales)."},
				"waitings": {"Réparation 8 h ; 18 h 40 avec les heures de ceux qui rétablissent."},
			}},
	} {
		study, err := StudyOf(t.Context(), s, model.Ref{Kind: "service", Name: "shop"}, tc.lang)
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
		notes := plain.Replace(strings.Join(study.Notes, "\n"))
		for _, want := range tc.notes {
			if !strings.Contains(notes, want) {
				t.Errorf("the notes lack %q:\n%s", want, notes)
			}
		}
		for _, table := range study.Tables {
			var all []string
			for _, r := range table.Rows {
				why, _ := r.Cells["why"].(string)
				all = append(all, why)
			}
			rows := plain.Replace(strings.Join(all, "\n"))
			for _, want := range tc.cells[table.ID] {
				if !strings.Contains(rows, want) {
					t.Errorf("table %s lacks %q:\n%s", table.ID, want, rows)
				}
			}
			delete(tc.cells, table.ID)
		}
		if len(tc.cells) > 0 {
			t.Errorf("no table says %v", tc.cells)
		}
	}
}

func TestAStudyNamesInterruptionsThatGoOn(t *testing.T) {
	const text = `
organisation/o: {zone: UTC, recordedSince: 2026-03-12}
service/shop: {title: Shop, stage: live, availableFrom: 2020-01-01, requires: [component/d]}
component/d: {title: Router, mtbf: 2000 h, mttr: 2 h, inService: 2020-01-01}
outage/open: {title: Long one, cause: component/d, start: 2026-04-02T10:00:00Z}
outage/over: {cause: component/d, start: 2026-03-20T10:00:00Z, end: 2026-03-20T11:00:00Z}
outage/planned: {cause: component/d, controlled: true, start: 2027-03-01T10:00:00Z}
`
	s := Assessed(processtest.Snapshot(t, text), examples.On)
	for lang, want := range map[language.Lang]string{
		language.EN: "An interruption of Router, open since 2 April 2026, is counted (",
		language.FR: "Une interruption de Router, ouverte depuis le 2 avril 2026, est comptée (",
	} {
		study, err := StudyOf(t.Context(), s, model.Ref{Kind: "service", Name: "shop"}, lang)
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
		if len(study.Notes) != 1 || !strings.HasPrefix(plain.Replace(study.Notes[0]), want) {
			t.Errorf("the notes are %q, want one that begins %q", study.Notes, want)
		}
	}
}
