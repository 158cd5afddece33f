package app

import (
	"testing"

	"diapason/internal/model"
)

func TestNothingIsWrittenThatCannotBeReadAgain(t *testing.T) {
	w := newWorld(t, payroll)
	author := w.actor("coordinator", "design-coordinator")
	before, err := w.store.Head(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	figures := &model.Object{Kind: model.KindOf("case-figures"), Metadata: model.Metadata{Name: "old"}, Spec: &model.CaseFigures{From: model.NewDate(1800, 1, 1), Until: model.NewDate(1800, 1, 31)}}
	_, err = w.Commit(w.ctx, author, Change{Base: int64(before), Title: "figures", Puts: []Put{{Object: figures, Expect: AnyVersion}}})
	if codeOf(err) != CodeInvalid {
		t.Errorf("dates that no document can hold: %v", err)
	}
	if after, err := w.store.Head(w.ctx); err != nil || after != before {
		t.Errorf("entry %d was written: %v", after, err)
	}
}
