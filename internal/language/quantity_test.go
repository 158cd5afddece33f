package language

import (
	"testing"

	"diapason/internal/model"
)

func TestQuantitiesAreShownAsAReaderUsesThem(t *testing.T) {
	for _, c := range []struct {
		value  float64
		en, fr string
	}{
		{16, "16\u00a0cores", "16\u00a0cores"},
		{0.125, "0.125\u00a0cores", "0,125\u00a0cores"},
		{22.36621, "22.37\u00a0cores", "22,37\u00a0cores"},
		{0.0012345, "0.00123\u00a0cores", "0,00123\u00a0cores"},
		{12345.6789, "12,345.68\u00a0cores", "12\u202f345,68\u00a0cores"},
	} {
		q := model.Quantity{Value: c.value, Unit: "cores"}
		if got := (Writer{Lang: EN}).Value(q); got != c.en {
			t.Errorf("%v: %q, want %q", c.value, got, c.en)
		}
		if got := (Writer{Lang: FR}).Value(q); got != c.fr {
			t.Errorf("%v: %q, want %q", c.value, got, c.fr)
		}
	}
}
