package assess

import (
	"fmt"
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/generate"
	"diapason/internal/model"
)

// Forty layers of ten, each needing all ten of the next, hold 10^39 paths: only
// what visits each object once comes to an end.
func TestManyDiamondsAreJudgedWithoutWalkingTheirPaths(t *testing.T) {
	const layers, wide = 40, 10
	for _, group := range []string{"%s", "{anyOf: [%s]}"} {
		var b strings.Builder
		for l := range layers {
			for i := range wide {
				fmt.Fprintf(&b, "---\napiVersion: diapason/v1\nkind: Component\nmetadata: {name: c-%d-%d}\nspec: {class: server, mtbf: 2000 h, mttr: 4 h", l, i)
				if l+1 < layers {
					next := make([]string, wide)
					for j := range next {
						next[j] = fmt.Sprintf("component/c-%d-%d", l+1, j)
					}
					b.WriteString(", requires: [" + fmt.Sprintf(group, strings.Join(next, ", ")) + "]")
				}
				b.WriteString("}\n")
			}
		}
		b.WriteString("---\napiVersion: diapason/v1\nkind: Service\nmetadata: {name: top}\nspec: {stage: live, criticality: high, requires: [component/c-0-0]}\n")
		objects, issues := model.Decode("layers", []byte(b.String()))
		if len(issues) > 0 {
			t.Fatal(issues[0])
		}
		snap, _ := model.NewSnapshot(1, objects)
		r := Full(Facts(snap, generate.On))
		most := len(Rules()) * snap.Len()
		if r.Visited > most {
			t.Errorf("%d evaluations of %d objects, at most %d", r.Visited, snap.Len(), most)
		}
		type requirer interface {
			Required(model.Handle) []model.Handle
		}
		a, ok := finding.Use[requirer](r.Facts)
		top, _ := snap.Find(model.Ref{Kind: "service", Name: "top"})
		if !ok || len(a.Required(top)) != (layers-1)*wide+1 {
			t.Errorf("the service rests on %d objects, want %d", len(a.Required(top)), (layers-1)*wide+1)
		}
	}
}
