package servicelevel

import (
	"math"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/renewal"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// rhythm is what availability management computes of interruptions.
type rhythm interface {
	Rhythm(service model.Handle) (perYear float64, lasts time.Duration, ok bool)
}

// pulse is the rhythm of one service.
type pulse struct {
	perYear float64
	lasts   time.Duration
	ok      bool
}

// Risk is how often the window of an availability is missed by a design that
// interrupts the service now and then: the distribution of down time in a window of
// agreed time set end to end, see [renewal.Downtime].
type Risk struct {
	PerYear float64       // interruptions in a year, round the clock
	Lasts   time.Duration // of one, in the mean
	Window  time.Duration // agreed time in a mean window
	Windows float64       // in a year
	Allowed time.Duration // down time that the promise allows in the window
	Miss    float64       // chance that a window is missed
	// Best is the largest availability that is missed in at most RiskAccepted of the
	// windows.
	Best model.Availability
	// Credit is the share of the fee that is expected to be given back, nil without
	// bands; Yearly is what that makes in a year, nil without a fee.
	Credit *float64
	Yearly *model.Money
}

const yearHours = 365.25 * 24

// windowsIn is how many windows of a promise fit in a year.
func windowsIn(window string) float64 {
	switch window {
	case "quarter":
		return 4
	case "year":
		return 1
	case "rolling-7d":
		return 365.25 / 7
	case "rolling-28d":
		return 365.25 / 28
	case "rolling-30d":
		return 365.25 / 30
	case "rolling-90d":
		return 365.25 / 90
	}
	return 12
}

// risk is nil where nothing is known of interruptions, or no time is agreed.
func (a *Analysis) risk(service model.Handle, x *Attained) *Risk {
	design, ok := finding.Use[rhythm](a.f)
	if !ok || !x.Composed.Known || x.Agreed <= 0 {
		return nil
	}
	hit, known := a.rhythms.Load(service)
	if !known {
		p := pulse{}
		p.perYear, p.lasts, p.ok = design.Rhythm(service)
		hit, _ = a.rhythms.LoadOrStore(service, p)
	}
	p := hit.(pulse)
	if !p.ok || p.lasts <= 0 {
		return nil
	}
	year := calendars.Window(a.f).Duration()
	r := &Risk{PerYear: p.perYear, Lasts: p.lasts, Windows: windowsIn(x.Target.Window)}
	r.Window = time.Duration(float64(x.Agreed) / float64(year) * yearHours / r.Windows * float64(time.Hour))
	up := 1 - min(p.perYear*p.lasts.Hours()/yearHours, .999999)
	down := renewal.Downtime{Rate: p.perYear / yearHours / up, Lasts: p.lasts, Window: r.Window}
	allowed := func(v model.Availability) time.Duration {
		return time.Duration(v.Unavailability() * float64(r.Window))
	}
	r.Allowed = allowed(*x.Target.Availability)
	r.Miss = 1 - down.Below(r.Allowed)
	r.Best = model.AvailabilityOf(float64(down.Least(RiskAccepted)) / float64(r.Window))
	if len(x.Target.Credits) > 0 {
		credit := 0.0
		for _, b := range x.Target.Credits {
			// The attainment lies in [From, Below) where down time is above what Below
			// allows and at most what From allows.
			credit += b.Credit.Ratio() * max(down.Below(allowed(b.From))-down.Below(allowed(b.Below)), 0)
		}
		if x.Target.CreditCap != nil {
			credit = min(credit, x.Target.CreditCap.Ratio())
		}
		r.Credit = &credit
	}
	return r
}

// Priced is the credit expected in a year where a fee is agreed.
func (r *Risk) Priced(fee *model.Money) {
	if r == nil || r.Credit == nil || fee == nil {
		return
	}
	yearly := fee.PerYear()
	if fee.Per == "" {
		yearly = model.Money{Minor: fee.Minor * 12, Currency: fee.Currency, Per: "year"}
	}
	yearly.Minor = int64(math.Round(float64(yearly.Minor) * *r.Credit))
	r.Yearly = &yearly
}
