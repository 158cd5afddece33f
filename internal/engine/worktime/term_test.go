package worktime

import (
	"testing"

	"pgregory.net/rapid"
)

func TestMonthArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t, "date")
		n := spread(t, "months", -600, 600)
		moved := d.AddMonths(n)
		if !moved.IsValid() || d.MonthsUntil(moved) != n {
			t.Fatalf("%s plus %d months is %s", d, n, moved)
		}
		if moved.Day != d.Day && (moved.Day > d.Day || moved.Day != DaysIn(moved.Year, moved.Month)) {
			t.Fatalf("%s plus %d months is %s: neither the same day nor the last", d, n, moved)
		}
		sticky := d.AddMonthsSticky(n)
		if d.Day == DaysIn(d.Year, d.Month) && sticky.AddDays(1).Day != 1 || sticky.Before(moved) {
			t.Fatalf("%s plus %d months is %s for month ends", d, n, sticky)
		}
		later := d.AddDays(spread(t, "days", 0, 100))
		if later.AddMonths(n).Before(moved) {
			t.Fatalf("adding months puts %s before %s", later, d)
		}
		if days := d.DaysUntil(moved); d.AddDays(days) != moved || int(d.Weekday()+7*100000)+days < 0 {
			t.Fatalf("%d days from %s to %s", days, d, moved)
		}
		if (d.Weekday()+1)%7 != d.AddDays(1).Weekday() {
			t.Fatalf("the day after %s is a %s", d, d.AddDays(1).Weekday())
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s reads back as %s, %v", d, back, err)
		}
	})
}

func drawPeriod(t *rapid.T, label string, months, days int) Period {
	return Period{spread(t, label+" months", 0, months), spread(t, label+" days", 0, days)}
}

func drawTerms(t *rapid.T) Terms {
	terms := Terms{
		Start:       drawDate(t, "start"),
		Initial:     drawPeriod(t, "initial", 60, 40),
		Renewal:     drawPeriod(t, "renewal", 14, 40),
		MaxRenewals: spread(t, "renewals", 0, 5),
		Notice:      drawPeriod(t, "notice", 6, 100),
		MonthEnd:    rapid.Bool().Draw(t, "month end"),
	}
	if rapid.Bool().Draw(t, "last day written") {
		terms.InitialEnd, terms.Initial = terms.Start.AddDays(spread(t, "length", 0, 900)), Period{}
	} else if terms.Initial.IsZero() {
		terms.Initial.Months = 1
	}
	return terms
}

// TestTermsFollowOneAnother checks the definitions of the documentation.
func TestTermsFollowOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		next := terms.Start
		for n := range 30 {
			term, ok := terms.Term(n)
			if !ok {
				if terms.renews(n - 1) {
					t.Fatalf("term %d is missing", n)
				}
				return
			}
			if term.First != next || term.Last.Before(term.First) {
				t.Fatalf("term %d runs %s to %s, not from %s", n, term.First, term.Last, next)
			}
			if terms.Notice.from(term.NoticeBy).After(term.Last) || !terms.Notice.from(term.NoticeBy.AddDays(1)).After(term.Last) {
				t.Fatalf("notice by %s is not the last day for %s before the end of %s", term.NoticeBy, terms.Notice, term.Last)
			}
			// Whole months from the start: the end is the eve of the same day
			// number, or the end of a shorter month, however often renewed.
			if whole := terms.Initial.Days == 0 && terms.Renewal.Days == 0; whole && terms.InitialEnd.IsZero() && !terms.MonthEnd {
				end := term.Last.AddDays(1)
				if end.Day != terms.Start.Day && (end.Day != 1 || terms.Start.Day <= DaysIn(term.Last.Year, term.Last.Month)) {
					t.Fatalf("term %d of a contract from %s ends on %s", n, terms.Start, term.Last)
				}
			}
			next = term.Last.AddDays(1)
		}
	})
}

func TestStandingAgreesWithCountingTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		day := terms.Start.AddDays(spread(t, "day", -100, 6000))
		got, err := terms.On(day)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := terms.Term(0)
		for want.Last.Before(day) {
			next, ok := terms.Term(want.Number + 1)
			if !ok {
				break
			}
			want = next
		}
		if got.Current != want {
			t.Fatalf("on %s the term is %+v, want %+v", day, got.Current, want)
		}
		open := want
		for open.Renews && open.NoticeBy.Before(day) {
			open, _ = terms.Term(open.Number + 1)
		}
		if got.Open != open || got.NoticePassed != (want.Renews && want.NoticeBy.Before(day)) {
			t.Fatalf("on %s open is %+v, want %+v", day, got.Open, open)
		}
		if phase := got.Phase; (phase == NotBegun) != day.Before(terms.Start) || (phase == Ended) != (want.Last.Before(day) && !want.Renews) {
			t.Fatalf("on %s the phase is %s", day, phase)
		}
	})
}
