package model

import "reflect"

// logOf is the crisis log of an object; nil for kinds that keep none.
func logOf(o *Object) []LogLine {
	if o == nil {
		return nil
	}
	switch s := o.Spec.(type) {
	case *Exercise:
		return s.Log
	case *Outage:
		return s.Log
	}
	return nil
}

// LogKept reports what a change does to a crisis log beside adding lines at its end;
// nil where it keeps what was written.
func LogKept(before, after *Object) *Issue {
	was, is := logOf(before), logOf(after)
	if after == nil {
		return nil // the whole object goes, and stays in the history
	}
	for i := range was {
		if i < len(is) && was[i].At.Equal(is[i].At.Time) && was[i].By == is[i].By && reflect.DeepEqual(was[i].Text, is[i].Text) {
			continue
		}
		f := &Fault{Format: "line %d of the crisis log of %s was changed or taken away: lines are only added at its end", Args: []any{i + 1, after.Ref()}}
		return &Issue{Pointer: "/spec/log", Message: f.Error(), Fault: f}
	}
	return nil
}
