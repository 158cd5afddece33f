package api_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

const measuredShop = `apiVersion: diapason/v1
kind: Service
metadata: {name: shop, title: {en: Shop, fr: Boutique}}
spec: {}
---
apiVersion: diapason/v1
kind: MeasurementSource
metadata: {name: robot}
spec: {type: other, of: [service/shop]}
`

func TestEvidenceOverHTTP(t *testing.T) {
	s := newSite(t, objects(t, measuredShop)).as("lea", "service-level-manager").as("max", "auditor")
	const series = "measurement-source/robot service/shop"
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	at := func(clock string) string { return yesterday + "T" + clock + "Z" }
	query := "/evidence?from=" + yesterday + "&series=" + url.QueryEscape(series)

	s.get("", query).problem(401, "sign-in-required")
	s.get("max", "/evidence?series=nonsense").problem(422, "invalid")
	s.get("max", query+"&until=tomorrow").problem(422, "invalid")

	// Pushed as JSON and as a table, with what is wrong told by line.
	measure := map[string]any{"series": series, "from": at("00:00:00"), "until": at("10:00:00"), "state": "good", "good": 3, "total": 3}
	wrong := map[string]any{"series": series, "from": at("10:00:00"), "until": at("00:00:00"), "state": "good"}
	s.post("lea", "/evidence/measures", map[string]any{"measures": []any{measure, wrong}}).want(200).holds([]string{`"measures":1`, `"line":2`, "ends before it begins"}, nil)
	table := "series,from,to,state\n" + series + "," + at("01:00:00") + "," + at("01:10:00") + ",bad\n" + series + ",x,y,bad\n"
	s.do("lea", "POST", "/api/v1/evidence/measures/table?reason=robot", strings.NewReader(table), "Content-Type", "text/csv", "Accept-Language", "fr").want(200).
		holds([]string{`"measures":1`, `"line":3`, "n'est pas un instant"}, nil)
	s.do("lea", "POST", "/api/v1/evidence/measures/table", strings.NewReader("a,b\n"), "Content-Type", "text/csv").problem(422, "invalid")
	s.post("max", "/evidence/measures", map[string]any{"measures": []any{measure}}).want(200).holds([]string{`"measures":0`, "you may not say"}, nil)

	got := s.get("max", query).want(200).json()
	day := got["days"].([]any)[0].(map[string]any)
	if day["good"] != 590.0 || day["bad"] != 10.0 || day["unknown"] != 840.0 || day["revision"] != 2.0 || got["mayCorrect"] != false {
		t.Errorf("%v", got)
	}
	s.get("max", "/evidence/series?about=service/shop").want(200).holds([]string{series, yesterday, "Boutique"}, nil)

	// Corrected, with every revision kept.
	correction := map[string]any{"series": series, "from": at("01:00:00"), "until": at("01:10:00"), "state": "good", "reason": ""}
	s.post("lea", "/evidence/corrections", correction).problem(422, "reason-required")
	correction["reason"] = "The robot was wrong"
	s.post("max", "/evidence/corrections", correction).problem(403, "forbidden")
	s.post("lea", "/evidence/corrections", correction).want(200).holds([]string{"The robot was wrong", `"good":600`}, nil)
	s.get("max", "/evidence/revisions?date="+yesterday+"&series="+url.QueryEscape(series)).want(200).holds([]string{`"revision":1`, `"revision":2`, `"revision":3`, "Account lea"}, nil)

	// Left out, and counted again.
	exclusion := map[string]any{"scope": "service/shop", "from": at("02:00:00"), "until": at("03:00:00"), "kind": "force-majeure", "reason": "Flood"}
	s.post("max", "/evidence/exclusions", exclusion).problem(403, "forbidden")
	s.post("lea", "/evidence/exclusions", exclusion).want(201).holds([]string{`"id":1`, "Account lea"}, nil)
	s.get("max", "/evidence/exclusions?from="+at("02:30:00")).want(200).holds([]string{"Flood"}, nil)
	s.get("max", "/evidence/exclusions?from="+at("03:00:00")).want(200).holds(nil, []string{"Flood"})
	s.post("lea", "/evidence/exclusions/1/withdrawal", map[string]any{"reason": "It was dry"}).want(200).holds([]string{`"withdraws":1`}, nil)
	s.post("lea", "/evidence/exclusions/1/withdrawal", map[string]any{"reason": "It was dry"}).problem(422, "invalid")
	s.get("max", "/evidence/exclusions").want(200).holds(nil, []string{"Flood"})
}

func TestCasesOverHTTP(t *testing.T) {
	s := newSite(t, objects(t, strings.Replace(measuredShop, "robot", "helpdesk", 1))).as("lea", "service-level-manager").as("max", "auditor").as("root", "administrator")
	s.get("max", "/cases?source=measurement-source/helpdesk").want(200).holds([]string{"[]"}, nil)
	s.get("", "/cases?source=measurement-source/helpdesk").problem(401, "sign-in-required")
	s.get("max", "/cases/mappings").want(200).holds([]string{"glpi", "itop", "servicenow"}, nil)
	good := map[string]any{"id": "I-1", "priority": "P1", "title": "Mrs Doe cannot sign in", "opened": "2027-03-01T08:00:00Z", "suspensions": []any{map[string]any{"from": "2027-03-01T09:00:00Z", "why": "waiting-customer"}}}
	late := map[string]any{"id": "I-2", "opened": "2027-03-01T08:00:00Z", "restored": "2027-02-01T08:00:00Z"}
	push := map[string]any{"source": "measurement-source/helpdesk", "cases": []any{good, late}}
	s.post("max", "/cases", push).problem(403, "forbidden")
	s.post("lea", "/cases", push).want(200).holds([]string{`"added":1`, `"line":2`, "before it was opened"}, nil)
	s.post("lea", "/cases", push).want(200).holds([]string{`"added":0`, `"same":1`}, nil)
	table := "number,opened_at,priority\nINC1,2027-03-02 08:00:00,1 - Critical\nINC2,soon,2\n"
	s.do("lea", "POST", "/api/v1/cases/table?source=measurement-source/helpdesk&mapping=servicenow", strings.NewReader(table), "Content-Type", "application/octet-stream", "Accept-Language", "fr").want(200).
		holds([]string{`"added":1`, `"line":3`, "n'est pas une date"}, nil)
	s.do("lea", "POST", "/api/v1/cases/table?source=measurement-source/helpdesk&mapping=excel", strings.NewReader(table), "Content-Type", "application/octet-stream").want(422)
	s.get("max", "/cases?source=measurement-source/helpdesk&from=2027-03-01T00:00:00Z").want(200).holds([]string{"INC1", "I-1", "service/shop", "waiting-customer"}, []string{"INC2", "I-2"})
	s.get("max", "/cases?source=measurement-source/none").problem(404, "not-found")

	erase := map[string]any{"source": "measurement-source/helpdesk", "ids": []any{"I-1", "I-9"}, "reason": "asked for"}
	s.post("", "/cases/erasures", erase).problem(401, "sign-in-required")
	s.post("lea", "/cases/erasures", erase).problem(403, "forbidden")
	s.post("root", "/cases/erasures", erase).want(200).holds([]string{`"erased":1`}, nil)
	s.post("lea", "/cases", push).want(200).holds([]string{`"same":1`}, nil)
	s.get("max", "/cases?source=measurement-source/helpdesk").want(200).holds([]string{`"titleErased":true`}, []string{"Doe"})
	s.get("", "/cases/pulls").problem(401, "sign-in-required")
	s.get("max", "/cases/pulls").want(200).holds([]string{"[]"}, nil)
}
