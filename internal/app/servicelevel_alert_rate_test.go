package app

import (
	"encoding/json"
	"strings"
	"testing"

	"diapason/internal/engine/slo"
	"diapason/internal/language"
	"diapason/internal/model"
)

func TestAPromiseWithoutExceptionIsToldWithoutRate(t *testing.T) {
	r := &alertRecord{alertBody: alertBody{Kind: alertBurn, Agreement: model.Ref{Kind: "agreement", Name: "gold"}, Target: "up", Zone: "UTC", Long: model.Duration(3600e9), LongRate: finite(slo.MostBurn(slo.Whole)), ShortRate: finite(3)}}
	if _, err := json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	if text := alertText(language.Writer{Lang: language.EN}, r, alertFiring); !strings.Contains(text, "without exception") || strings.Contains(text, "times faster") {
		t.Error(text)
	}
	r.LongRate = finite(14.4)
	if text := alertText(language.Writer{Lang: language.FR}, r, alertFiring); !strings.Contains(text, "14,4 fois plus vite") {
		t.Error(text)
	}
}
