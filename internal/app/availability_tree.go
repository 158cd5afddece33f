package app

import (
	"errors"
	"io"
	"strings"

	"diapason/internal/engine/faulttree"
	"diapason/internal/exchange/openpsa"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// WriteFaultTree writes the fault tree on which the prediction of a service rests
// in the Open-PSA Model Exchange Format, so that any other tool can check it.
func WriteFaultTree(s *State, service model.Ref, lang language.Lang, out io.Writer) error {
	h, found := s.Snap.Find(service)
	if !found {
		return notFound(service.String())
	}
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return fail(CodeUnavailable, nil)
	}
	study, ok := av.Study(h)
	if !ok {
		return fail(CodeUnavailable, nil)
	}
	w := WriterFor(s.Snap, lang)
	g, top, item := study.FaultTree()
	err := openpsa.WriteGraph(out, service.String(), g, top, func(id faulttree.NodeID) openpsa.Part {
		x, p := item(id)
		part := openpsa.Part{Name: x.Ref.String(), Label: w.Value(x.Ref), Probability: p}
		switch {
		case x.Product != "":
			part.Name, part.Label = x.Product, x.Product
		case x.Ref.IsZero():
			return openpsa.Part{} // a count of alternatives
		}
		if g.Op(id) == faulttree.OpEvent {
			part.Name += " failure"
		}
		return part
	})
	var circle *openpsa.CircleError
	if errors.As(err, &circle) {
		return &model.Fault{Format: "what %s needs goes in a circle, which no fault tree can hold: %s", Args: []any{service.String(), strings.Join(circle.Names, " → ") + " → " + circle.Names[0]}}
	}
	return err
}
