package model

import "testing"

func TestACrisisLogIsOnlyAddedTo(t *testing.T) {
	exercise := func(lines string) *Object {
		list, issues := Decode("x.yaml", []byte("apiVersion: diapason/v1\nkind: Exercise\nmetadata: {name: x}\nspec: {plan: p, log: ["+lines+"]}\n"))
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		return list[0]
	}
	const one, two = `{at: "2027-01-10T08:00:00+01:00", text: Power lost}`, `{at: "2027-01-10T08:10:00+01:00", text: Room B takes over}`
	for _, c := range []struct {
		name, before, after string
		kept                bool
	}{
		{"a line at the end is added", one, one + ", " + two, true},
		{"the same instant in another zone is the same line", one, `{at: "2027-01-10T07:00:00Z", text: Power lost}`, true},
		{"a first line is added to none", "", one, true},
		{"a line is taken away", one + ", " + two, one, false},
		{"a line is changed", one, `{at: "2027-01-10T08:00:00+01:00", text: Power failed}`, false},
		{"a line is put before another", two, one + ", " + two, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := LogKept(exercise(c.before), exercise(c.after)); (got == nil) != c.kept {
				t.Errorf("%v", got)
			}
		})
	}
	if LogKept(exercise(one), nil) != nil || LogKept(nil, exercise(one)) != nil {
		t.Error("what is new or goes as a whole changes no log")
	}
}
