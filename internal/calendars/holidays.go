package calendars

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/lu"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/us"

	"diapason/internal/engine/worktime"
)

func yearly(month time.Month, day, since int) *cal.Holiday {
	return &cal.Holiday{Month: month, Day: day, StartYear: since, Func: cal.CalcDayOfMonth}
}

// france is France with days of one region: the two of Alsace-Moselle (labour
// code, article L3134-13) or the abolition of slavery overseas (L3422-2).
func france(extra ...*cal.Holiday) []*cal.Holiday {
	return slices.Concat(fr.Holidays, extra)
}

var regions = map[string][]*cal.Holiday{
	"none":   {},
	"FR":     fr.Holidays,
	"FR-57":  france(aa.GoodFriday, aa.ChristmasDay2),
	"FR-971": france(yearly(time.May, 27, 1983)),
	"FR-972": france(yearly(time.May, 22, 1983)),
	"FR-973": france(yearly(time.June, 10, 1983)),
	"FR-974": france(yearly(time.December, 20, 1983)),
	"FR-976": france(yearly(time.April, 27, 1983)),
	"BE":     be.Holidays,
	// The four days that all cantons keep; others are special days of a calendar.
	"CH": {ch.Neujahr, ch.Auffahrt, ch.Bundesfeiertag, ch.Weihnachtstag},
	"DE": de.Holidays,
	"GB": gb.Holidays,
	"ES": es.Holidays,
	"IT": it.Holidays,
	"NL": nl.Holidays,
	// The library has the national day in July and lacks Europe Day (law of 25
	// April 2019): it is 23 June.
	"LU": slices.Concat(without(lu.Holidays, lu.Nationalfeierdag), []*cal.Holiday{yearly(time.June, 23, 0), yearly(time.May, 9, 2019)}),
	"US": us.Holidays,
	// The general holidays of the Canada Labour Code, part III.
	"CA": without(ca.Holidays, ca.EasterMonday, ca.CivicDay),
}

func without(list []*cal.Holiday, drop ...*cal.Holiday) []*cal.Holiday {
	return slices.DeleteFunc(slices.Clone(list), func(h *cal.Holiday) bool { return slices.Contains(drop, h) })
}

// Holidays lists the public holidays of a region ("FR", "FR-57", "BE"…) from
// the first to the last year, both held, in order: the day itself, and the day
// on which it is observed where that is another one. "" and "none" have none;
// ok is false for a region that is not known.
func Holidays(region string, first, last int) (days []worktime.Date, ok bool) {
	if region == "" {
		return nil, true
	}
	list, ok := regions[region]
	for year := first; year <= last; year++ {
		for _, h := range list {
			actual, observed := h.Calc(year)
			for _, t := range []time.Time{actual, observed} {
				if !t.IsZero() {
					days = append(days, worktime.DateOf(t))
				}
			}
		}
	}
	slices.SortFunc(days, worktime.Date.Compare)
	return slices.Compact(days), ok
}
