package openpsa

import "diapason/internal/model/fault"

// BareIssues names the events of the tree without expression, each where it is
// defined: where others have a probability, they need one.
func (t *Tree) BareIssues() []fault.Issue {
	var out []fault.Issue
	bare := map[string]bool{}
	for _, name := range t.Bare {
		bare[name] = true
	}
	for i := range t.m.elements {
		e := &t.m.elements[i]
		if e.kind != basicEvent || e.body != none || e.group != none || !bare[t.m.reference(int32(i))] {
			continue
		}
		if len(out) == maxIssues {
			break
		}
		out = append(out, t.m.issue(e.at, "basic-event %s has no expression: give its probability, for instance <float value=\"0.001\"/>", t.m.names[e.name]))
	}
	return out
}
