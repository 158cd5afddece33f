package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func refsOf(list any) []string {
	out := []string{}
	for _, x := range list.([]any) {
		out = append(out, x.(map[string]any)["ref"].(string))
	}
	return out
}

func TestAnInterruptionIsRecordedEndedAndReviewed(t *testing.T) {
	s := hospital(t).as("ada", "availability-manager").as("max", "auditor").as("had", "customer-representative@customer/clinic-ormes-bleus")
	const at = "/outages/recording?of=component/dicom-router"
	s.get("had", at).problem(403, "forbidden")
	if r := s.get("max", at).want(200).json(); r["record"] != false || r["plan"] != false {
		t.Errorf("an auditor may record %v, plan %v", r["record"], r["plan"])
	}
	r := s.get("ada", at).want(200).json()
	now, err := time.Parse(time.RFC3339, r["now"].(string))
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(r["zone"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if day := now.In(zone).Format(time.DateOnly); day != "2027-03-12" {
		t.Errorf("it is %s in %s", day, zone)
	}
	down := r["down"].([]any)[0].(map[string]any)
	if got := refsOf(down["services"]); len(got) != 1 || got[0] != "service/medical-imaging" || down["cause"] != true {
		t.Errorf("down %v", down)
	}
	began := now.Add(-time.Hour)
	outage := func(more map[string]any) map[string]any {
		spec := map[string]any{"start": began.Format(time.RFC3339), "cause": "component/dicom-router"}
		for k, v := range more {
			spec[k] = v
		}
		return map[string]any{"apiVersion": "diapason/v1", "kind": "Outage", "metadata": map[string]any{"name": "router-now"}, "spec": spec}
	}
	change := func(doc map[string]any, expect any) map[string]any {
		return map[string]any{"title": "x", "reason": "because", "puts": []any{map[string]any{"document": doc, "expect": expect}}}
	}
	s.post("ada", "/changes", change(outage(nil), 0)).want(201)
	open := s.get("ada", "/outages/recording").want(200).json()["open"].([]any)
	if len(open) != 1 {
		t.Fatalf("open %v", open)
	}
	mine := open[0].(map[string]any)
	if got := refsOf(mine["services"]); mine["ref"] != "outage/router-now" || mine["derived"] != true || len(got) != 1 || got[0] != "service/medical-imaging" {
		t.Errorf("open %v", mine)
	}
	s.get("ada", "/objects/outage/router-now").want(200).holds([]string{"AVL-008"}, nil)
	s.post("ada", "/changes", change(outage(map[string]any{"end": now.Add(-time.Minute).Format(time.RFC3339)}), mine["version"])).want(201)
	r = s.get("ada", "/outages/recording").want(200).json()
	waits := r["unstudied"].([]any)
	if len(r["open"].([]any)) != 0 || len(waits) != 1 || waits[0].(map[string]any)["reviewDue"] != "2027-03-22" {
		t.Errorf("after its end: open %v, waiting for a review %v", r["open"], waits)
	}
	planned := map[string]any{"apiVersion": "diapason/v1", "kind": "Review", "metadata": map[string]any{"name": "review-router-now"}, "spec": map[string]any{"type": "outage", "about": []any{"outage/router-now"}, "planned": "2027-03-20"}}
	s.post("ada", "/changes", change(planned, 0)).want(201)
	if waits := s.get("ada", "/outages/recording").want(200).json()["unstudied"].([]any); len(waits) != 1 || waits[0].(map[string]any)["planned"] != "2027-03-20" {
		t.Errorf("with a review planned: %v", waits)
	}
	planned["spec"].(map[string]any)["date"] = "2027-03-12"
	s.post("ada", "/changes", change(planned, -1)).want(201)
	if waits := s.get("ada", "/outages/recording").want(200).json()["unstudied"].([]any); len(waits) != 0 {
		t.Errorf("reviewed, and still waiting: %v", waits)
	}
}

func TestAnInterruptionOfAToolIsRecorded(t *testing.T) {
	s := hospital(t).as("ada", "availability-manager").as("sid", "design-coordinator")
	object := func(kind, name, title string, spec map[string]any) map[string]any {
		return map[string]any{"document": map[string]any{"apiVersion": "diapason/v1", "kind": kind, "metadata": map[string]any{"name": name, "title": title}, "spec": spec}, "expect": 0}
	}
	change := func(puts ...any) map[string]any {
		return map[string]any{"title": "x", "reason": "because", "puts": puts}
	}
	s.post("sid", "/changes", change(
		object("Tool", "scheduler", "Scheduler", map[string]any{"mtbf": "1000 h", "mttr": "2 h", "inService": "2026-01-01"}),
		object("Service", "planning", "Planning", map[string]any{"stage": "live", "requires": []any{"tool/scheduler"}}))).want(201)
	down := s.get("ada", "/outages/recording?of=tool/scheduler").want(200).json()["down"].([]any)[0].(map[string]any)
	if got := refsOf(down["services"]); len(got) != 1 || got[0] != "service/planning" || down["cause"] != true || down["planned"] != true {
		t.Fatalf("down %v", down)
	}
	spec := map[string]any{"start": "2027-03-10T08:00:00+01:00", "end": "2027-03-10T10:00:00+01:00", "cause": "tool/scheduler"}
	s.post("ada", "/changes", change(object("Outage", "scheduler-down", "Scheduler down", spec))).want(201)
	s.get("ada", "/services/planning/availability").want(200).holds([]string{"outage/scheduler-down", "declared figures corrected by recorded interruptions"}, nil)

	long := strings.Repeat("x", 256)
	refusal := s.post("ada", "/changes", change(object("Outage", "long", long, spec))).problem(422, "invalid")
	first := refusal["errors"].([]any)[0].(map[string]any)
	if field := first["pointer"]; field != "/metadata/title" || !strings.Contains(first["message"].(string), "255") {
		t.Errorf("a title too long is refused with %v", first)
	}
}

func TestWhatFallsTogetherIsToldAtEachCause(t *testing.T) {
	s := hospital(t).as("ada", "availability-manager")
	both := s.get("ada", "/outages/recording?of=site/data-room-a&of=site/data-room-b").want(200).json()["down"].([]any)
	a, b := refsOf(both[0].(map[string]any)["services"]), refsOf(both[1].(map[string]any)["services"])
	alone := refsOf(s.get("ada", "/outages/recording?of=site/data-room-a").want(200).json()["down"].([]any)[0].(map[string]any)["services"])
	if len(a) <= len(alone) || len(b) < 2 {
		t.Errorf("data room A stops %v alone; with B %v, and B %v", alone, a, b)
	}
	for _, x := range alone {
		if !slices.Contains(a, x) {
			t.Errorf("%s falls with data room A alone, and is not told there", x)
		}
	}
	s.get("ada", "/outages/recording?of=customer/clinic-ormes-bleus").problem(422, "invalid")
}
