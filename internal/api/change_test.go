package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"diapason/internal/model"
)

func objects(t testing.TB, yaml string) []*model.Object {
	t.Helper()
	list, issues := model.Decode("test", []byte(yaml))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return list
}

func component(availability, more string) string {
	return "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db, owner: team/it}\nspec: {class: database, availability: " + availability + more + "}\n"
}

func TestAConflictIsToldByFieldAndCanBeResolved(t *testing.T) {
	s := newSite(t, objects(t, team("it")+"---\n"+component("99.9%", ""))).as("ada", "design-coordinator").as("bob", "design-coordinator")
	seen := int64(s.get("ada", "/objects/component/db").want(200).json()["version"].(float64))
	s.post("ada", "/changes", map[string]any{"title": "A", "puts": []any{put(component("99.5%", ""), seen)}}).want(201)
	mine := map[string]any{"title": "B", "puts": []any{put(component("99.99%", `, version: "16"`), seen)}}
	p := s.post("bob", "/changes", mine).problem(409, "conflict")
	conflicts := p["conflicts"].([]any)
	if len(conflicts) != 1 {
		t.Fatalf("conflicts %v", conflicts)
	}
	c := conflicts[0].(map[string]any)
	if c["ref"] != "component/db" || c["path"] != "/spec/availability" || c["base"] != "99.9%" || c["mine"] != "99.99%" || c["theirs"] != "99.5%" || c["label"] == nil {
		t.Errorf("conflict %v", c)
	}
	mine["resolutions"] = []any{map[string]any{"ref": "component/db", "path": "/spec/availability", "take": "theirs"}}
	s.post("bob", "/changes", mine).want(201)
	s.get("ada", "/objects/component/db").want(200).holds([]string{`"availability":"99.5%"`, `"version":"16"`}, nil)
	// The past stays: the version that both started from, its history, the difference.
	s.get("ada", fmt.Sprintf("/objects/component/db?seq=%d", seen)).want(200).holds([]string{`"availability":"99.9%"`}, []string{`"version":"16"`})
	history := s.get("ada", "/objects/component/db/history").want(200).json()["items"].([]any)
	if len(history) != 3 || history[0].(map[string]any)["title"] != "B" || history[1].(map[string]any)["title"] != "A" {
		t.Errorf("history %v", history)
	}
	s.get("bob", fmt.Sprintf("/diff?from=%d&to=0", seen)).want(200).holds([]string{"component/db", "99.9%", "99.5%"}, []string{"team/it"})
	// A new object of a name that is taken.
	s.post("bob", "/changes", map[string]any{"puts": []any{put(component("98%", ""), 0)}}).problem(409, "conflict")
}

func TestAWrongChangeIsRefusedWholeInTheReadersLanguage(t *testing.T) {
	s := newSite(t, objects(t, team("it"))).as("ada", "design-coordinator").as("max", "auditor")
	head := s.app.Head().Seq
	body := map[string]any{"puts": []any{put(team("good"), 0), put(strings.Replace(component("99.9%", ""), "database", "databse", 1), 0)}}
	en := s.do("ada", "POST", "/api/v1/changes", body, "Accept-Language", "en").problem(422, "invalid")
	fr := s.do("ada", "POST", "/api/v1/changes", body, "Accept-Language", "de, fr-CH;q=0.9").problem(422, "invalid")
	first := func(p map[string]any) map[string]any { return p["errors"].([]any)[0].(map[string]any) }
	if e := first(en); e["pointer"] != "/spec/class" || e["line"] != float64(4) || !strings.Contains(e["message"].(string), "did you mean") {
		t.Errorf("%v", e)
	}
	if e := first(fr); !strings.Contains(e["message"].(string), "vouliez-vous dire") {
		t.Errorf("%v", e)
	}
	if en["detail"] == fr["detail"] {
		t.Errorf("one sentence for both languages: %v", en["detail"])
	}
	p := s.do("max", "POST", "/api/v1/changes?lang=fr", map[string]any{"puts": []any{put(team("good"), 0)}}).problem(403, "forbidden")
	if strings.Contains(p["detail"].(string), "You") {
		t.Errorf("refused in English: %v", p["detail"])
	}
	s.post("ada", "/changes", map[string]any{}).problem(422, "nothing-to-do")
	s.post("ada", "/changes", map[string]any{"puts": []any{put("apiVersion: diapason/v1\nkind: Decision\nmetadata: {name: x}\nspec: {type: publication, service: y}\n", 0)}}).problem(403, "reserved-kind")
	if s.app.Head().Seq != head {
		t.Error("something was written")
	}
	s.get("ada", "/objects/service/none").problem(404, "not-found")
	s.get("ada", "/objects/nokind/none").problem(404, "not-found")
	s.get("ada", "/nowhere").problem(404, "not-found")
	s.get("ada", "/objects?on=yesterday").problem(422, "invalid")
	s.get("ada", "/objects?limit=0").problem(422, "bad-request")
	s.get("ada", "/objects?cursor=made-up").problem(422, "invalid")
	s.post("ada", "/changes", "{").problem(400, "bad-request")
}

func TestADraftIsWorkedOnAssessedAndCommitted(t *testing.T) {
	s := newSite(t, objects(t, team("it"))).as("ada", "design-coordinator").as("max", "auditor")
	s.post("max", "/drafts", map[string]any{"title": "no"}).problem(403, "forbidden")
	id := s.post("ada", "/drafts", map[string]any{"title": "New database", "puts": []any{map[string]any{"yaml": component("99.9%", "")}}}).want(201).json()["id"].(string)
	s.get("ada", "/objects/component/db").problem(404, "not-found")
	s.get("ada", "/objects/component/db?draft="+id).want(200)
	s.do("ada", "PUT", "/api/v1/drafts/"+id+"/objects/component/db", map[string]any{"yaml": component("99.5%", ", requires: [component/nowhere]")}).want(200)
	s.do("ada", "PUT", "/api/v1/drafts/"+id+"/objects/component/other", map[string]any{"yaml": component("99.5%", "")}).problem(422, "invalid")
	s.get("ada", "/drafts/"+id+"/assessment").want(200).holds([]string{"COO-001"}, nil)
	s.get("ada", "/drafts/"+id+"/changes").want(200).holds([]string{"component/db"}, nil)
	s.do("max", "PATCH", "/api/v1/drafts/"+id, map[string]any{"title": "mine"}).problem(403, "forbidden")
	s.do("ada", "PATCH", "/api/v1/drafts/"+id, map[string]any{"title": "Database"}).want(200)
	s.post("ada", "/drafts/"+id+"/commit", map[string]any{"reason": "because"}).want(201)
	s.get("ada", "/objects/component/db").want(200).holds([]string{"99.5%"}, nil)
	s.get("ada", "/drafts/"+id).problem(404, "not-found")
	s.get("ada", "/history?limit=1").want(200).holds([]string{`"title":"Database"`, `"reason":"because"`}, nil)
	id = s.post("ada", "/drafts", map[string]any{"title": "Gone"}).want(201).json()["id"].(string)
	s.do("ada", "DELETE", "/api/v1/drafts/"+id, nil).want(204)
	s.get("ada", "/drafts").want(200).holds(nil, []string{"Gone"})
}

// standing is what stands, as rule, subject, part and severity.
func standing(s *site) []string {
	s.t.Helper()
	var out []string
	cursor := ""
	for {
		page := s.get("ada", "/findings?limit=1000"+cursor).want(200).json()
		for _, x := range page["items"].([]any) {
			out = append(out, sign(x))
		}
		if page["next"] == nil {
			slices.Sort(out)
			return out
		}
		cursor = fmt.Sprintf("&cursor=%v", page["next"])
	}
}

func sign(x any) string {
	m := x.(map[string]any)
	causes, _ := json.Marshal(m["causes"])
	return fmt.Sprint(m["rule"], m["subject"].(map[string]any)["ref"], m["part"], m["severity"], m["outcome"], string(causes))
}

func TestWhatIfTellsWhatTheCommitBrings(t *testing.T) {
	s := hospital(t).as("ada", "design-coordinator")
	if _, err := s.app.Current(t.Context(), s.app.Head().Seq); err != nil {
		t.Fatal(err)
	}
	slow := s.app.Head().Object(s.app.Head().OfKind("component")[3]).Clone()
	slow.Spec.(*model.Component).MTTR += 48 * 3600 * 1e9
	slow.Spec.(*model.Component).Requires = append(slow.Spec.(*model.Component).Requires, model.Need{On: model.Ref{Kind: "component", Name: "nowhere"}})
	body := map[string]any{"title": "t", "puts": []any{map[string]any{"document": json.RawMessage(slow.Document()), "expect": slow.Version}}}
	before := standing(s)
	seq := s.app.Head().Seq
	v := s.post("ada", "/what-if", map[string]any{"puts": body["puts"]}).want(200).json()["findings"].(map[string]any)
	if s.app.Head().Seq != seq || !slices.Equal(before, standing(s)) {
		t.Fatal("what-if left something behind")
	}
	s.post("ada", "/changes", body).want(201)
	if _, err := s.app.Current(t.Context(), s.app.Head().Seq); err != nil {
		t.Fatal(err)
	}
	after := standing(s)
	missing := func(list, from []string) (out []string) {
		for _, x := range list {
			if !slices.Contains(from, x) {
				out = append(out, x)
			}
		}
		return out
	}
	var told []string
	for _, key := range []string{"new", "worse"} {
		for _, x := range v[key].([]any) {
			if x.(map[string]any)["rule"] == "COO-009" {
				continue // it compares two models, so that nothing of it stands afterwards
			}
			told = append(told, sign(x))
		}
	}
	if len(told) == 0 {
		t.Fatal("what-if tells nothing new")
	}
	if m := missing(told, after); len(m) > 0 {
		t.Errorf("told, but it did not come: %q", m)
	}
	if m := missing(missing(after, before), told); len(m) > 0 {
		t.Errorf("it came, but was not told: %q", m)
	}
	for _, x := range v["resolved"].([]any) {
		if slices.Contains(after, sign(x)) {
			t.Errorf("told resolved, but it stands: %s", sign(x))
		}
	}
}

const service = `apiVersion: diapason/v1
kind: Service
metadata: {name: payroll, title: {en: Payroll, fr: Paie}, owner: team/it}
spec: {facing: supporting, stage: requirement, criticality: low}
`

func TestPublishingTakesAnotherPersonAndNoStandingError(t *testing.T) {
	s := newSite(t, objects(t, team("it")+"---\n"+strings.Replace(service, "low}", "low, requires: [component/nowhere]}", 1)))
	s.as("ada", "design-coordinator", "catalogue-manager").as("bob", "catalogue-manager").as("max", "auditor").as("eva", "design-coordinator", "security-manager", "service-level-manager", "availability-manager", "capacity-manager", "continuity-manager", "supplier-manager", "catalogue-manager")
	s.post("max", "/services/payroll/submission", map[string]any{}).problem(403, "forbidden")
	s.post("ada", "/services/payroll/submission", map[string]any{"note": "please"}).want(201)
	s.post("ada", "/services/payroll/submission", map[string]any{}).problem(409, "already-decided")
	var list []map[string]any
	if err := json.Unmarshal(s.get("bob", "/submissions").want(200).Body, &list); err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	at := "/submissions/" + list[0]["id"].(string) + "/decision"
	publish := map[string]any{"outcome": "publish"}
	s.post("ada", at, publish).problem(403, "same-person")
	if p := s.post("bob", at, publish).problem(409, "publication-blocked"); len(p["findings"].([]any)) == 0 {
		t.Errorf("what blocks is not named: %v", p)
	}
	s.post("bob", at, map[string]any{"outcome": "refuse"}).problem(422, "reason-required")
	for _, b := range list[0]["blocked"].([]any) {
		f := b.(map[string]any)
		refs := []any{}
		for _, c := range f["causes"].([]any) {
			if m, ok := c.(map[string]any); ok {
				c = m["ref"]
			}
			refs = append(refs, c)
		}
		w := map[string]any{"rule": f["rule"], "subject": f["subject"].(map[string]any)["ref"], "causes": refs, "reason": "", "until": "2027-05-01"}
		s.post("eva", "/waivers", w).problem(422, "reason-required")
		w["reason"] = "it is being described"
		s.post("max", "/waivers", w).problem(403, "forbidden")
		p := s.post("ada", "/waivers", w).problem(403, "forbidden") // who submitted does not waive what stands against it
		if strings.Contains(p["detail"].(string), "roles: .") {
			t.Errorf("refused with half a sentence: %v", p["detail"])
		}
		s.post("eva", "/waivers", w).want(201)
	}
	s.post("max", at, publish).problem(403, "forbidden")
	s.post("bob", at, publish).want(201)
	s.post("bob", at, publish).problem(409, "already-decided")
	s.get("max", "/history?limit=20").want(200).holds([]string{"decision"}, nil)
}
