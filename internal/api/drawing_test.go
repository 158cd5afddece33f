package api_test

import (
	"strings"
	"testing"
)

// drawn is a gesture's answer as the application reads it.
func drawn(a answer) (draft string, steps []any) {
	body := a.want(201).json()
	return body["draft"].(map[string]any)["id"].(string), body["steps"].([]any)
}

func TestTheMapIsDrawnOnInADraft(t *testing.T) {
	s := hospital(t).as("ada", "availability-manager").as("eve", "design-coordinator").as("max", "auditor")
	const focus = "/map?focus=service/medical-imaging&depth=2"
	if live := s.get("ada", focus).want(200).json(); live["draw"] != true || live["draft"] != nil {
		t.Errorf("the live map: draw %v, draft %v", live["draw"], live["draft"])
	}
	if s.get("max", focus).want(200).json()["draw"] != false || s.get("max", "/map/whole").want(200).json()["draw"] != false {
		t.Error("an auditor is offered to draw")
	}
	s.post("max", "/drawings", map[string]any{"act": "replica", "of": "component/dicom-router"}).problem(403, "forbidden")
	id, steps := drawn(s.post("ada", "/drawings", map[string]any{"title": "Second router", "act": "replica", "of": "component/dicom-router", "to": "site/data-room-b"}))
	if len(steps) < 2 {
		t.Fatalf("steps %v", steps)
	}
	m := s.get("ada", focus+"&draft="+id).want(200).json()
	marked := map[string]any{}
	for _, n := range m["nodes"].([]any) {
		node := n.(map[string]any)
		if node["drafted"] != nil {
			marked[node["ref"].(string)] = node["drafted"]
		}
	}
	if marked["component/dicom-router-2"] != "new" || len(marked) < 2 {
		t.Errorf("marked %v", marked)
	}
	edges := 0
	for _, e := range m["edges"].([]any) {
		if edge := e.(map[string]any); edge["to"] == "component/dicom-router-2" && edge["drafted"] == "new" {
			edges++
		}
	}
	if edges == 0 {
		t.Error("no new dependency leads to the replica")
	}
	singles := m["draft"].(map[string]any)
	if singles["singles"].(float64) >= singles["singlesBefore"].(float64) {
		t.Errorf("single points of failure %v", singles)
	}
	s.get("ada", "/drafts/"+id+"/assessment").want(200).holds([]string{`"verdict":"better"`}, nil)
	whole := s.get("ada", "/map/whole?draft="+id).want(200).json()
	if w := whole["draft"].(map[string]any); w["singles"].(float64) >= w["singlesBefore"].(float64) {
		t.Errorf("the whole map: single points of failure %v", w)
	}

	// A second gesture in the same draft, undone.
	same, second := drawn(s.post("ada", "/drawings", map[string]any{"draft": id, "act": "remove", "of": "component/dicom-router"}))
	if same != id {
		t.Errorf("the second gesture went into %s", same)
	}
	s.get("ada", focus+"&draft="+id).want(200).holds([]string{`"drafted":"removed"`}, nil)
	s.get("ada", "/map?focus=component/dicom-router&draft="+id).want(200).holds([]string{`"drafted":"removed"`}, nil)
	s.post("ada", "/drafts/"+id+"/undo", map[string]any{"steps": second}).want(200).holds(nil, []string{`"deletes":[{`})
	s.get("ada", focus+"&draft="+id).want(200).holds(nil, []string{`"drafted":"removed"`})

	// Somebody else changes in the draft what the gesture left: undoing it would undo his work.
	doc := s.get("eve", "/objects/component/dicom-router-2?draft="+id).want(200).json()["document"].(map[string]any)
	doc["metadata"].(map[string]any)["title"] = "Router in reserve"
	s.do("eve", "PUT", "/api/v1/drafts/"+id+"/objects/component/dicom-router-2", map[string]any{"document": doc}).want(200)
	if a := s.post("ada", "/drafts/"+id+"/undo", map[string]any{"steps": steps}); a.Code != 409 {
		t.Errorf("undoing over somebody else's work answers %d: %.300s", a.Code, a.Body)
	}
	s.get("ada", "/objects/component/dicom-router-2?draft="+id).want(200).holds([]string{"Router in reserve"}, nil)
	// A draft of somebody else is not drawn on.
	other := s.post("eve", "/drafts", map[string]any{"title": "Hers"}).want(201).json()["id"].(string)
	s.post("ada", "/drawings", map[string]any{"draft": other, "act": "replica", "of": "component/dicom-router"}).problem(403, "forbidden")
}

func TestADrawnDraftMergesWithWhatOthersDoMeanwhile(t *testing.T) {
	s := hospital(t).as("eve", "design-coordinator")
	id, _ := drawn(s.post("eve", "/drawings", map[string]any{"title": "Move", "act": "move", "of": "component/dicom-router", "to": "site/data-room-b"}))
	live := s.get("eve", "/objects/component/dicom-router").want(200).json()
	doc := live["document"].(map[string]any)
	doc["metadata"].(map[string]any)["description"] = "Changed by somebody else"
	s.post("eve", "/changes", map[string]any{"title": "Meanwhile", "reason": "x", "puts": []any{map[string]any{"document": doc, "expect": live["version"]}}}).want(201)
	// A second gesture on the same object starts from both.
	drawn(s.post("eve", "/drawings", map[string]any{"draft": id, "act": "need", "of": "component/dicom-router", "to": "supplier/" + first(s, "supplier")}))
	s.post("eve", "/drafts/"+id+"/commit", map[string]any{"reason": "because"}).want(201)
	s.get("eve", "/objects/component/dicom-router").want(200).holds([]string{"Changed by somebody else", "site/data-room-b", "supplier/" + first(s, "supplier")}, nil)
}

func first(s *site, kind string) string {
	return s.app.Head().Ref(s.app.Head().OfKind(kind)[0]).Name
}

func TestAGestureIsRefusedAtItsEndInTheReadersLanguage(t *testing.T) {
	s := hospital(t).as("eve", "design-coordinator")
	for _, c := range []struct {
		name  string
		body  map[string]any
		says  string
		field string
	}{
		{"a service that moves", map[string]any{"act": "move", "of": "service/payroll", "to": "site/data-room-b"}, "n’est sur aucun site", "/of"},
		{"a replica of a supplier", map[string]any{"act": "replica", "of": "supplier/" + first(s, "supplier")}, "donnez plutôt une alternative", "/of"},
		{"a dependency on a customer", map[string]any{"act": "need", "of": "service/payroll", "to": "customer/" + first(s, "customer")}, "ne peut pas être requis", "/to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do("eve", "POST", "/api/v1/drawings?lang=fr", c.body)
			text := strings.ReplaceAll(string(a.Body), "'", "’")
			if a.Code != 422 || !strings.Contains(text, c.says) || !strings.Contains(text, `"`+c.field+`"`) {
				t.Errorf("%d: %s", a.Code, a.Body)
			}
		})
	}
	if len(s.get("eve", "/drafts").want(200).Body) > 5 {
		t.Error("a refused gesture left a draft behind")
	}
}

func TestWhatDrawingWouldBringIsSaidAndNothingKept(t *testing.T) {
	s := hospital(t).as("ada", "availability-manager").as("had", "customer-representative@customer/clinic-ormes-bleus")
	draw := func(gestures ...any) map[string]any { return map[string]any{"gestures": gestures} }
	replica := map[string]any{"act": "replica", "of": "component/dicom-router", "to": "site/data-room-b"}
	x := s.post("ada", "/drawings/what-if", draw(replica, map[string]any{"act": "remove", "of": "component/dicom-router"})).want(200).json()
	if got := refsOf(x["added"]); len(got) != 1 || got[0] != "component/dicom-router-2" {
		t.Errorf("added %v", got)
	}
	if got := refsOf(x["removed"]); len(got) != 1 || got[0] != "component/dicom-router" {
		t.Errorf("removed %v", got)
	}
	x = s.post("ada", "/drawings/what-if", draw(replica)).want(200).json()
	figure := x["figures"].([]any)[0].(map[string]any)
	if figure["verdict"] != "better" || figure["before"] != "99.88%" || x["singles"].(float64) >= x["singlesBefore"].(float64) {
		t.Errorf("what it brings: %v, singles %v of %v", figure, x["singles"], x["singlesBefore"])
	}
	if list := string(s.get("ada", "/drafts").want(200).Body); strings.TrimSpace(list) != "[]" {
		t.Errorf("a question left drafts: %v", list)
	}
	refusal := s.post("ada", "/drawings/what-if", draw(replica, map[string]any{"act": "move", "of": "component/dicom-router-2", "to": "component/dicom-router"})).problem(422, "invalid")
	if at := refusal["errors"].([]any)[0].(map[string]any)["pointer"]; at != "/gestures/1/to" {
		t.Errorf("the refusal points at %v", at)
	}
	s.post("ada", "/drawings/what-if", draw()).problem(422, "invalid")
	s.post("had", "/drawings/what-if", draw(replica)).want(403)
}
