package app

import (
	"strings"

	"diapason/internal/language"
)

// ObjectiveRows are objectives as rows of a spreadsheet, with its title and columns.
func ObjectiveRows(list *Objectives, lang language.Lang) (title string, labels []string, rows [][]any) {
	w := language.Writer{Lang: lang}
	for _, key := range []string{"mark", "agreement", "customer", "service", "target", "promised", "window", "attained", "coverage", "left", "forecast", "basis", "before"} {
		labels = append(labels, w.Message("objective.column."+key, nil))
	}
	for _, x := range list.Items {
		customer, left := "", ""
		if x.Customer != nil {
			customer = x.Customer.Title.In(string(lang))
		}
		if x.Budget != nil {
			left = x.Budget.Left
		}
		var before []string
		for _, c := range x.Trend {
			if c.Attained != "" {
				before = append(before, c.Label+w.Colon()+c.Attained)
			}
		}
		rows = append(rows, []any{ObjectiveMark(w, x.Mark), x.Of.Title.In(string(lang)), customer, x.Service.Title.In(string(lang)), x.Label, x.Promised, x.Window.Label, x.Attained, x.Coverage, left, x.Forecast, x.Rests(), strings.Join(before, "; ")})
	}
	return w.Message("objective.list", nil), labels, rows
}

// Rests says what an objective rests on, what of it is provisional, and what counts in its
// place.
func (x *ObjectiveView) Rests() string {
	var said []string
	for _, s := range []string{x.BasisText, x.Provisional, x.Yields} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, "; ")
}

// ObjectiveMark is the word for how an objective stands.
func ObjectiveMark(w language.Writer, m Mark) string {
	return w.Message("objective.mark."+string(m), nil)
}
