package allocation

import (
	"errors"
	"strconv"

	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/intake"
	"diapason/internal/model"
)

// digits writes a number as short as it can be read back.
func digits(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Explain turns what the engine refuses into a sentence with its place; nil for
// other errors.
func (doc *Document) Explain(err error) *model.Issue {
	place, fault := doc.explain(err)
	if fault == nil {
		return nil
	}
	return &model.Issue{File: place.File, Line: place.Line, Column: place.Column, Message: fault.Error(), Fault: fault}
}

// explain finds the sentence and the place for what the engine refuses.
func (doc *Document) explain(err error) (intake.Place, *model.Fault) {
	var mistake *redundancy.MistakeError
	var infeasible *redundancy.InfeasibleError
	var unreachable *redundancy.UnreachableError
	fault := func(format string, args ...any) *model.Fault { return &model.Fault{Format: format, Args: args} }
	start := intake.Place{File: doc.file, Line: 1, Column: 1}
	switch {
	case errors.As(err, &infeasible) && infeasible.Resource != "":
		return doc.places[[2]string{"", infeasible.Resource}], fault("even the smallest choice uses %s of %q, more than the limit of %s: raise the limit, or lower min", digits(float64(infeasible.Least)), infeasible.Resource, digits(float64(infeasible.Limit)))
	case errors.As(err, &infeasible):
		return start, fault("each limit can be met alone, but no choice meets all of them together: raise one, or lower min")
	case errors.As(err, &unreachable):
		most := digits(float64(unreachable.Best))
		if unreachable.Exact {
			return doc.goal, fault("reliability %s cannot be reached within the limits: the best is %s", digits(float64(unreachable.Target)), most)
		}
		return doc.goal, fault("reliability %s cannot be reached within the limits: no choice has more than %s", digits(float64(unreachable.Target)), most)
	case errors.Is(err, redundancy.ErrUndecided):
		return start, fault("the time ended before any choice within the limits was found: allow more time")
	case !errors.As(err, &mistake):
		return start, nil
	}
	place, ok := doc.places[[2]string{mistake.Subsystem, mistake.Type}]
	if !ok {
		if place, ok = doc.places[[2]string{mistake.Subsystem, ""}]; !ok || mistake.Subsystem == "" {
			place = start
		}
	}
	switch mistake.Code {
	case redundancy.Unbounded:
		return place, fault("nothing bounds the number of components of type %q in subsystem %q: write max, or give a resource that it uses a limit", mistake.Type, mistake.Subsystem)
	case redundancy.ShortTable:
		return place, fault("the use of %q in subsystem %q is listed for fewer components than there can be (%d)", mistake.Resource, mistake.Subsystem, int(mistake.Value))
	case redundancy.TooMany:
		return place, fault("subsystem %q can be filled in more than %d ways: lower max, or the number of types", mistake.Subsystem, int(mistake.Value))
	case redundancy.TooLarge:
		return doc.places[[2]string{"", mistake.Resource}], fault("the amounts of %q are too large to be added exactly: use a larger unit", mistake.Resource)
	case redundancy.UnusedSubsystem:
		return place, fault("the structure does not name subsystem %q: name it, or leave it out", mistake.Subsystem)
	case redundancy.BadNeeded:
		return place, fault("subsystem %q needs more working components than it can have", mistake.Subsystem)
	case redundancy.ConstantStructure:
		return doc.shape, fault("the structure is the same whatever works: check the names and the links of its networks")
	case redundancy.EntangledStructure, redundancy.DeepStructure:
		return doc.shape, fault("the structure is too entangled: more than %d decisions are needed to write it down", int(mistake.Value))
	case redundancy.UnknownResource:
		return doc.goal, fault("say which resource is to be minimised: minimise: cost")
	}
	return place, fault("the problem cannot be solved as it is written: %s", string(mistake.Code))
}
