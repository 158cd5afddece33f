package language

import (
	"strings"
	"time"

	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
)

var weekdaysFR = []string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."}

func (w Writer) weekday(d time.Weekday) string {
	if w.Lang == FR {
		return weekdaysFR[d]
	}
	return d.String()[:3]
}

// Pattern writes hours of the week: "Mon–Fri 18:00–20:00, Sun 00:00–24:00".
func (w Writer) Pattern(p worktime.Pattern) string {
	parts := make([]string, 0, len(p))
	for _, g := range p {
		days := w.weekday(g.From)
		if g.To != g.From {
			days += "–" + w.weekday(g.To)
		}
		for i, s := range g.Spans {
			sep := " "
			if i > 0 {
				sep = " + "
			}
			days += sep + s.From.String() + "–" + s.To.String()
		}
		parts = append(parts, days)
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, ", ")
}

// Leg writes who works on what from when to when; the end says its date only
// where it is another day.
func (w Writer) Leg(l finding.Leg) string {
	head := w.Value(l.What)
	if !l.By.IsZero() {
		head = strings.TrimPrefix(head+", ", ", ") + w.ref(l.By)
	}
	if l.From.IsZero() {
		return head
	}
	to := "…"
	switch {
	case l.To.IsZero():
	case worktime.DateOf(l.To) == worktime.DateOf(l.From):
		to = l.To.Format("15:04")
	default:
		to = w.Instant(l.To)
	}
	return head + w.Colon() + w.Instant(l.From) + " → " + to
}

// Band writes a credit band in the interval notation of the language.
func (w Writer) Band(b finding.Band) string {
	if w.Lang == FR {
		return "[" + w.Value(b.From) + fixedSpace + "; " + w.Value(b.Below) + "[" + fixedSpace + ": " + w.Value(b.Credit)
	}
	return "[" + w.Value(b.From) + ", " + w.Value(b.Below) + "): " + w.Value(b.Credit)
}

// Pair writes a figure of something: "Contract: 99.9%".
func (w Writer) Pair(p finding.Pair) string { return w.Value(p.Of) + w.Colon() + w.Value(p.Value) }

// Colon is a colon between a word and what it stands for, with the space that the
// language puts before it.
func (w Writer) Colon() string {
	if w.Lang == FR {
		return fixedSpace + ": "
	}
	return ": "
}
