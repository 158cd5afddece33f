package api_test

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzInput sends any bytes to what takes JSON: whatever they are, the server
// neither fails nor panics, and refuses in the form of RFC 9457.
func FuzzInput(f *testing.F) {
	s := newSite(f, objects(f, team("it")+"---\n"+component("99.9%", ""))).as("ada", "design-coordinator")
	targets := []string{"/changes", "/what-if", "/parse", "/value", "/format", "/drafts", "/waivers", "/baseline", "/accounts", "/session"}
	for i, target := range targets[:7] {
		_ = target
		for _, seed := range []any{
			map[string]any{"puts": []any{put(team("new"), 0)}}, map[string]any{"puts": []any{put(component("99.5%", ""), -1)}, "deletes": []any{map[string]any{"ref": "team/it"}}},
			map[string]any{"yaml": component("99.5%", ", requires: [{anyOf: [component/a, {atLeast: 1, of: [component/b]}]}]")},
			map[string]any{"type": "duration", "text": "4 h 30"}, map[string]any{"type": "money", "text": "1 200 €/mois"}, map[string]any{"type": "availability", "text": "99,9 %"},
			map[string]any{"document": map[string]any{"apiVersion": "diapason/v1", "kind": "Team", "metadata": map[string]any{"name": "x"}, "spec": map[string]any{"members": nil}}},
			map[string]any{"title": "x", "puts": []any{map[string]any{"document": nil}}}, map[string]any{"rule": "COO-001", "subject": "component/db", "causes": []any{}, "reason": "x", "until": "2027-04-01"},
			map[string]any{"deletes": []any{map[string]any{"ref": "component/db", "expect": 9e15}}, "base": 99, "resolutions": []any{map[string]any{"ref": "team/it", "path": "/", "take": "mine"}}},
		} {
			raw, err := json.Marshal(seed)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint8(i), raw)
		}
		f.Add(uint8(i), []byte(`{"yaml":"a: &a [*a]"}`))
		f.Add(uint8(i), []byte(`[`))
		f.Add(uint8(i), []byte("null"))
		f.Add(uint8(i), []byte{})
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		target := targets[int(which)%len(targets)]
		s.t = t
		a := s.do("ada", "POST", "/api/v1"+target, bytes.NewReader(body), "Content-Type", "application/json")
		if a.Code >= 500 {
			t.Fatalf("%s answers %d: %s\n%s", target, a.Code, a.Body, s.log.String())
		}
		if a.Code >= 400 && a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s refuses with %d as %q", target, a.Code, a.Header.Get("Content-Type"))
		}
		if !json.Valid(a.Body) {
			t.Errorf("%s answers %q", target, a.Body)
		}
	})
}
