package app

import (
	"bytes"
	"context"
	"math"
	"testing"

	"diapason/internal/engine/faulttree/topevent"
	"diapason/internal/exchange/folder"
	"diapason/internal/exchange/openpsa"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// The prediction and the tree written for others are solved by two programs that
// share no step: diagrams of all services at once, and one top event by itself.
func TestTreesWrittenForOthersGiveThePrediction(t *testing.T) {
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
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		t.Fatal("no analysis of availability")
	}
	solved := 0
	for _, h := range snap.OfKind("service") {
		value, _, _, exact, _, ok := av.Predicted(h)
		if !ok || !exact {
			continue
		}
		var b bytes.Buffer
		if err := WriteFaultTree(s, snap.Ref(h), language.FR, &b); err != nil {
			t.Error(err)
			continue
		}
		m, issues := openpsa.Read(context.Background(), []openpsa.File{{Name: snap.Ref(h).Name, Data: b.Bytes()}})
		if len(issues) > 0 {
			t.Errorf("%v\n%s", issues, b.String())
			continue
		}
		tops := m.Tops()
		if len(tops) != 1 {
			t.Errorf("%s: tops %v", snap.Ref(h), tops)
			continue
		}
		tree, issues := m.Assemble(context.Background(), tops[0])
		if len(issues) > 0 || len(tree.Evaluate(0)) > 0 {
			t.Errorf("%s: %v", snap.Ref(h), issues)
			continue
		}
		r, err := topevent.Analyse(context.Background(), tree.Tree, topevent.Options{})
		if err != nil || !r.Exact {
			t.Errorf("%s: %v %v", snap.Ref(h), r, err)
			continue
		}
		if got, want := float64(r.Upper), value.Unavailability(); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: the tree gives %v, the prediction %v", snap.Ref(h), got, want)
		}
		solved++
	}
	if solved < 20 {
		t.Errorf("only %d services were compared", solved)
	}
}
