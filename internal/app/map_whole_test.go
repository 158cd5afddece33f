package app

import (
	"reflect"
	"testing"

	"diapason/internal/exchange/folder"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

func TestTheWholeMap(t *testing.T) {
	objects, issues, err := folder.ReadWith("../../examples/hospital", model.Decode)
	if err != nil || len(issues) > 0 {
		t.Fatal(err, issues)
	}
	snap, _ := model.NewSnapshot(0, objects)
	on, err := model.ParseDate("2027-03-12")
	if err != nil {
		t.Fatal(err)
	}
	s := Assessed(snap, on)
	everything := func(*model.Object) bool { return true }
	draw := func(layers []string, limit int, visible func(*model.Object) bool) *WholeMap {
		m, err := WholeMapOf(s, layers, limit, visible)
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[model.Ref]bool{}
		for _, n := range m.Nodes {
			drawn[n.Ref] = true
		}
		for _, e := range m.Edges {
			if !drawn[e.From] || !drawn[e.To] {
				t.Errorf("the dependency %v has an end that is not drawn", e)
			}
		}
		return m
	}
	whole := draw(nil, wholeLimit, everything)
	t.Run("every object of every layer is drawn", func(t *testing.T) {
		want := 0
		for _, kind := range WholeLayers {
			want += len(snap.OfKind(kind))
		}
		if len(whole.Nodes) != want || whole.All != want || whole.Truncated || len(whole.Edges) == 0 {
			t.Errorf("%d of %d drawn, all %d, truncated %v, %d dependencies", len(whole.Nodes), want, whole.All, whole.Truncated, len(whole.Edges))
		}
	})
	t.Run("what stops services alone is what the ranking says", func(t *testing.T) {
		av, _ := finding.Use[*availability.Analysis](s.Result.Facts)
		want, got := map[model.Ref]int{}, map[model.Ref]int{}
		for _, r := range av.Ranking() {
			want[r.Of] = len(r.Services)
		}
		for _, n := range whole.Nodes {
			if n.Stops > 0 {
				got[n.Ref] = n.Stops
			}
		}
		if len(got) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("map %v, ranking %v", got, want)
		}
	})
	t.Run("a bound keeps those that weigh most, and says so", func(t *testing.T) {
		m := draw(nil, 20, everything)
		if !m.Truncated || m.All != whole.All || !reflect.DeepEqual(m.Nodes, whole.Nodes[:20]) {
			t.Errorf("truncated %v, all %d, %d nodes", m.Truncated, m.All, len(m.Nodes))
		}
		for i := range m.Nodes[1:] {
			if m.Nodes[i].Weight < m.Nodes[i+1].Weight {
				t.Errorf("%v stands before the heavier %v", m.Nodes[i], m.Nodes[i+1])
			}
		}
	})
	t.Run("a layer holds its kind only, and what a reader may not see is not counted", func(t *testing.T) {
		m := draw([]string{"site"}, wholeLimit, func(o *model.Object) bool { return o.Metadata.Name != "data-room-a" })
		if want := len(snap.OfKind("site")) - 1; m.All != want || len(m.Nodes) != want {
			t.Errorf("%d sites of %d", len(m.Nodes), want)
		}
		for _, n := range m.Nodes {
			if n.Kind != "site" || n.Ref.Name == "data-room-a" {
				t.Errorf("%v is drawn", n.Ref)
			}
		}
	})
}
