package app

import (
	"testing"

	"diapason/examples"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

func TestPromisesAtRiskNameTheirServiceAndPriority(t *testing.T) {
	s := Assessed(processtest.Snapshot(t, `
service/shop: {title: Shop, stage: live, requires: [component/d]}
component/d: {title: Router}
agreement/sla: {type: sla, services: [service/shop], targets: [{name: up, metric: availability, availability: 99.9%}, {name: first, metric: time-to-restore, within: PT4H, priority: P1}, {name: any, metric: time-to-restore, within: PT8H, priority: all}]}
`), examples.On)
	x, err := ImpactIn(s, []model.Ref{{Kind: "component", Name: "d"}}, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range x.Promises {
		if p.Service.Ref.String() != "service/shop" {
			t.Errorf("%s is promised for %v", p.Target, p.Service)
		}
		got[p.Target] = p.Priority
	}
	if len(got) != 3 || got["up"] != "" || got["first"] != "P1" || got["any"] != "" {
		t.Errorf("promises at risk by priority: %v", got)
	}
}
