package app

import (
	"strings"
	"testing"
)

func TestLinesOfACrisisLogCannotBeChanged(t *testing.T) {
	exercise := func(lines ...string) string {
		return payroll + "---\napiVersion: diapason/v1\nkind: Exercise\nmetadata: {name: january, owner: team/hr-it}\nspec: {log: [" + strings.Join(lines, ", ") + "]}\n"
	}
	const one, two = `{at: "2027-01-10T08:00:00+01:00", text: Power lost}`, `{at: "2027-01-10T08:10:00+01:00", text: Room B takes over}`
	w := newWorld(t, exercise(one))
	author := w.actor("coordinator", "design-coordinator")
	if _, err := w.put(author, 0, exercise(one, two), AnyVersion, nil); err != nil {
		t.Fatalf("a line cannot be added: %v", err)
	}
	for name, lines := range map[string][]string{
		"taken away": {one}, "changed": {strings.Replace(one, "lost", "failed", 1), two}, "put in between": {one, one, two},
	} {
		if _, err := w.put(author, 0, exercise(lines...), AnyVersion, nil); codeOf(err) != CodeInvalid {
			t.Errorf("a line %s: %v", name, err)
		}
	}
}
