package app

import (
	"time"

	"diapason/internal/language"
	"diapason/internal/model"
)

// CellText writes the value of a cell for people, by the type of its column.
func CellText(w language.Writer, typ string, v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case Named:
		if t := w.Value(x.Title); t != "" {
			return t
		}
		return x.Ref.Name
	case []Named:
		parts := make([]string, len(x))
		for i, n := range x {
			parts[i] = CellText(w, typ, n)
		}
		return w.List(parts)
	case string:
		switch t := model.Type(typ); t {
		case model.TypeDate, model.TypeDuration, model.TypeAvailability, model.TypePercent, model.TypeMoney, model.TypeQuantity, model.TypePeriod:
			if _, value, err := model.ParseValue(t, x); err == nil {
				return w.Value(value)
			}
		case model.TypeInstant:
			if at, err := time.Parse(time.RFC3339, x); err == nil {
				return w.Instant(at)
			}
		}
		return x
	}
	return w.Value(v)
}
