package promrules

import (
	"time"

	"diapason/internal/exchange/slofile"
)

// Burns are the burn-rate alerts that the tool an objective was written for raises of
// its own accord; none for alerts that the file disables, and none for OpenSLO, whose
// files say themselves what to alert on.
func Burns(o *slofile.Objective) []slofile.Burn {
	var out []slofile.Burn
	add := func(a slofile.Alert, name, severity string, factor float64, long, short time.Duration) {
		if !a.Disabled {
			out = append(out, slofile.Burn{Name: name, Severity: severity, Factor: factor, Long: long, Short: short})
		}
	}
	switch o.Format {
	case slofile.Sloth, slofile.SlothObject:
		period := o.Period
		if period == 0 {
			period = 30 * 24 * time.Hour
		}
		w := workbook(period)
		for _, x := range []struct {
			alert          slofile.Alert
			name, severity string
			window         slofile.BurnWindow
		}{{o.Page, "page-quick", "page", w.PageQuick}, {o.Page, "page-slow", "page", w.PageSlow}, {o.Ticket, "ticket-quick", "ticket", w.TicketQuick}, {o.Ticket, "ticket-slow", "ticket", w.TicketSlow}} {
			add(x.alert, x.name, x.severity, slothFactor(period, x.window), time.Duration(x.window.Long), time.Duration(x.window.Short))
		}
	case slofile.Pyrra:
		names := []string{"fast-burn", "medium-burn", "slow-burn", "long-term-burn"}
		for i, w := range pyrraWindows(o.Period) {
			a := o.Page
			if i > 1 {
				a = o.Ticket
			}
			add(a, names[i], w.severity, w.factor, w.long, w.short)
		}
	}
	return out
}
