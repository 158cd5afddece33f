package language

import (
	"testing"

	"diapason/internal/model"
)

func TestComputedAvailabilitiesHaveDigitsThatMeanSomething(t *testing.T) {
	read := func(s string) model.Availability {
		var a model.Availability
		if err := a.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, c := range []struct{ name, in, want string }{
		{"what somebody typed stays whole", "99.875%", "99.875%"},
		{"so do four decimals", "99.9999%", "99.9999%"},
		{"a computed figure keeps two digits of what is missing", "99.88416%", "99.88%"},
		{"it is never shown better than it is", "99.900001%", "99.9%"},
		{"nor as the promise that it just misses", "99.8999999%", "99.89%"},
		{"many nines keep their place", "99.99277%", "99.9927%"},
		{"a whole number stays one", "100%", "100%"},
	} {
		if got := (Writer{Lang: EN}).Value(read(c.in)); got != c.want {
			t.Errorf("%s: %s is written %s, not %s", c.name, c.in, got, c.want)
		}
	}
	if a, b := (Writer{Lang: EN}).Apart(read("99.884161%"), read("99.884169%")); a == b {
		t.Errorf("two figures that differ are both written %s", a)
	}
	if a, b := (Writer{Lang: EN}).Apart(read("99.88416%"), read("99.95%")); a != "99.88%" || b != "99.95%" {
		t.Errorf("two figures apart are written %s and %s", a, b)
	}
}
