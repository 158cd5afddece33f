package api_test

import (
	"net/url"
	"testing"
	"time"
)

const promisedShop = `apiVersion: diapason/v1
kind: Service
metadata: {name: shop, title: {en: Shop, fr: Boutique}}
spec: {}
---
apiVersion: diapason/v1
kind: Service
metadata: {name: mail, title: {en: Mail, fr: Messagerie}}
spec: {}
---
apiVersion: diapason/v1
kind: Calendar
metadata: {name: always}
spec: {zone: Europe/Paris, always: true}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: robot}
spec:
  type: prometheus
  of: [service/shop]
  indicator: {good: 'sum(increase(good_total{service="$service"}[$window]))', total: 'sum(increase(all_total{service="$service"}[$window]))'}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: broken}
spec: {type: probe, of: [service/mail], probe: {type: http, target: mail.example}}
---
apiVersion: diapason/v1
kind: Agreement
metadata: {name: gold, title: {en: Gold, fr: Or}}
spec:
  type: sla
  services: [service/shop, service/mail]
  start: 2020-01-01
  hours: always
  targets:
    - {name: up, metric: availability, availability: 99%, window: month, measuredBy: measurement-source/robot, exclusions: [planned-maintenance, customer-cause, force-majeure]}
`

const shopUp = "agreement/gold#up#service/shop"

// lastMonth is the month before the present one, with the minutes of its tenth day.
func lastMonth() (month string, at func(clock string) string) {
	now := time.Now().UTC()
	first := time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	return first.Format("2006-01"), func(clock string) string { return first.Format("2006-01") + "-10T" + clock + "Z" }
}

func TestObjectivesAreFilteredSortedAndCompared(t *testing.T) {
	s := newSite(t, objects(t, promisedShop)).as("lea", "service-level-manager")
	s.get("lea", "/service-levels/objectives?q=boutique").want(200).holds([]string{`"total":1`, shopUp}, []string{"service/mail\""})
	s.get("lea", "/service-levels/objectives?service=service/mail").want(200).holds([]string{`"total":1`, "service/mail"}, []string{shopUp})
	s.get("lea", "/service-levels/objectives?of=agreement/none").want(200).holds([]string{`"total":0`}, nil)
	s.get("lea", "/service-levels/objectives?status=gap").want(200).holds([]string{`"total":0`}, nil)
	for sort, first := range map[string]string{"service": "service/mail", "-service": "service/shop"} {
		list := s.get("lea", "/service-levels/objectives?sort="+sort).want(200).json()["items"].([]any)
		if got := list[0].(map[string]any)["service"].(map[string]any)["ref"]; got != first {
			t.Errorf("sorted by %s, %v comes first", sort, got)
		}
	}
	s.get("lea", "/service-levels/objectives?sort=colour").problem(422, "bad-request")
	s.get("lea", "/service-levels/comparison?service=service/shop").want(200).holds([]string{`"total":1`, `"promised":0.01`, "nobody can check"}, nil)
	s.get("lea", "/service-levels/comparison/export/comparison.csv").want(200).holds([]string{"Promised", "What the three say", "Shop"}, nil)
	s.get("lea", "/service-levels/comparison/export/other.csv").problem(404, "not-found")
	for _, file := range []string{"days.csv", "timeline.xlsx", "windows.csv"} {
		s.get("lea", "/service-levels/objective/export/"+file+"?id="+url.QueryEscape(shopUp)).want(200)
	}
	s.get("lea", "/service-levels/objective/export/days.csv?id=nothing").problem(404, "not-found")
}

func TestFiguresAreDeclaredByHand(t *testing.T) {
	s := newSite(t, objects(t, promisedShop)).as("lea", "service-level-manager").as("max", "auditor")
	month, _ := lastMonth()
	figure := func(change map[string]any) map[string]any {
		m := map[string]any{"id": shopUp, "period": month, "figure": "99,5 %", "reason": "Report of the provider"}
		for k, v := range change {
			m[k] = v
		}
		return m
	}
	for _, tt := range []struct {
		name, code, at string
		status         int
		change         map[string]any
	}{
		{"of nothing", "not-found", "", 404, map[string]any{"id": "agreement/gold#up#service/none"}},
		{"of no period", "invalid", "/period", 422, map[string]any{"period": "soon"}},
		{"of a month to come", "invalid", "/period", 422, map[string]any{"period": "2999-01"}},
		{"of a month that no date can hold", "invalid", "/period", 422, map[string]any{"period": "1800-01"}},
		{"without a figure", "invalid", "/figure", 422, map[string]any{"figure": ""}},
		{"beyond all", "invalid", "/figure", 422, map[string]any{"figure": "120 %"}},
		{"without a reason", "reason-required", "", 422, map[string]any{"reason": " "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := s.post("lea", "/service-levels/declarations", figure(tt.change))
			a.problem(tt.status, tt.code)
			a.holds([]string{tt.at}, nil)
		})
	}
	s.post("max", "/service-levels/declarations", figure(nil)).problem(403, "forbidden")
	s.post("lea", "/service-levels/declarations", figure(nil)).want(201).holds([]string{"case-figures/gold-up-shop-" + month + "-declared"}, nil)
	s.get("lea", "/service-levels/objectives?q=shop").want(200).holds([]string{`"basis":"declared"`, "99.5"}, nil)
	s.post("lea", "/service-levels/declarations", figure(map[string]any{"figure": "99.7 %"})).want(201)
	s.get("max", "/service-levels/objective?id="+url.QueryEscape(shopUp)).want(200).holds([]string{"99.7", `"mayDeclare":false`, `"declaredIn":"%"`}, []string{"99.5"})
}

func TestTheEffectOfACorrectionIsToldBeforeItIsMade(t *testing.T) {
	s := newSite(t, objects(t, promisedShop)).as("lea", "service-level-manager").as("max", "auditor")
	const series = "measurement-source/robot service/shop"
	_, at := lastMonth()
	measure := func(from, until, state string) map[string]any {
		return map[string]any{"series": series, "from": at(from), "until": at(until), "state": state}
	}
	s.post("lea", "/evidence/measures", map[string]any{"measures": []any{measure("00:00:00", "10:00:00", "good"), measure("10:00:00", "11:00:00", "bad")}}).want(200)
	effect := func(who, path string, body map[string]any) answer { return s.post(who, path, body) }
	effect("max", "/evidence/corrections/effect", measure("10:00:00", "11:00:00", "good")).problem(403, "forbidden")
	backwards := effect("lea", "/evidence/corrections/effect", measure("11:00:00", "10:00:00", "good"))
	backwards.problem(422, "invalid")
	backwards.holds([]string{"/until"}, nil)
	effect("lea", "/evidence/corrections/effect", measure("10:00:00", "11:00:00", "well")).problem(422, "bad-request")
	effect("lea", "/evidence/corrections/effect", measure("10:00:00", "11:00:00", "good")).want(200).holds([]string{`"verdict":"missed"`, `"verdict":"kept"`, `"attained":"100%"`, `"changes":true`}, nil)
	exclusion := map[string]any{"scope": "service/shop", "from": at("10:00:00"), "until": at("11:00:00"), "kind": "force-majeure", "reason": ""}
	effect("lea", "/evidence/exclusions/effect", exclusion).want(200).holds([]string{`"attained":"100%"`, `"changes":true`}, nil)
	s.get("max", "/evidence/exclusions").want(200).holds(nil, []string{"force-majeure"}) // nothing was kept
	exclusion["reason"] = "Flood"
	s.post("lea", "/evidence/exclusions", exclusion).want(201)
	s.get("max", "/evidence/exclusions/1/withdrawal/effect").problem(403, "forbidden")
	s.get("lea", "/evidence/exclusions/2/withdrawal/effect").problem(422, "invalid")
	s.get("lea", "/evidence/exclusions/1/withdrawal/effect").want(200).holds([]string{`"verdict":"missed"`, `"changes":true`}, nil)
	s.get("lea", "/service-levels/objective?id="+url.QueryEscape(shopUp)).want(200).holds([]string{`"id":1`, `"mayChange":true`, "Flood"}, nil)
}

func TestProbesAreListedWithWhyOneCannotRun(t *testing.T) {
	s := newSite(t, objects(t, promisedShop)).as("lea", "service-level-manager").as("max", "auditor")
	s.get("", "/probes").problem(401, "sign-in-required")
	s.get("max", "/probes").want(200).holds([]string{`"here":false`, "measurement-source/broken", `"state":"cannot"`, "mail.example", "is not an address"}, []string{"measurement-source/robot"})
	s.post("max", "/probes/broken/run", nil).problem(403, "forbidden")
	refused := s.post("lea", "/probes/broken/run", nil)
	refused.problem(422, "invalid")
	refused.holds([]string{"/spec/probe/target"}, nil)
	s.post("lea", "/probes/robot/run", nil).problem(422, "invalid")
	s.post("lea", "/probes/none/run", nil).problem(404, "not-found")
	s.get("lea", "/findings?rule=SLM-022").want(200).holds([]string{"SLM-022", "measurement-source/broken"}, nil)
}

func TestRulesAndOpenSLOAreWrittenFromTheModel(t *testing.T) {
	s := newSite(t, objects(t, promisedShop)).as("lea", "service-level-manager")
	for form, words := range map[string][]string{
		"sloth":   {"sloth-slo", "good_total", `"objectives":1`},
		"pyrra":   {"pyrra-rules.yaml"},
		"openslo": {"openslo/v1", "kind: SLO"},
	} {
		s.get("lea", "/service-levels/rules?form="+form+"&of=agreement/gold&service=service/shop").want(200).holds(words, nil)
	}
	s.get("lea", "/service-levels/rules?of=agreement/none").problem(404, "not-found")
	s.get("lea", "/service-levels/rules?form=yaml").problem(422, "bad-request")
	s.get("lea", "/service-levels/rules/file?form=openslo").want(200).holds([]string{"apiVersion: openslo/v1"}, nil)
	s.get("", "/service-levels/rules/file?form=openslo").problem(401, "sign-in-required")
}
