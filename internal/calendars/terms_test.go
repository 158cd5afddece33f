package calendars_test

import (
	"testing"

	"diapason/internal/calendars"
	"diapason/internal/model"
)

func day(t *testing.T, s string) model.Date {
	t.Helper()
	if s == "" {
		return 0
	}
	d, err := model.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestContractStanding(t *testing.T) {
	for _, c := range []struct {
		name                         string
		start, end, given            string
		term, renewal, notice        model.Period
		on                           string
		inForce, renews, passed      bool
		last, noticeBy, ends, nextly string
	}{
		{name: "a year from 15 January with three months' notice is ended by 14 October", start: "2026-01-15", term: model.Period{Months: 12}, renewal: model.Period{Months: 12}, notice: model.Period{Months: 3},
			on: "2026-10-14", inForce: true, renews: true, last: "2027-01-14", noticeBy: "2026-10-14", nextly: "2028-01-14"},
		{name: "a day later the notice day has passed", start: "2026-01-15", term: model.Period{Months: 12}, renewal: model.Period{Months: 12}, notice: model.Period{Months: 3},
			on: "2026-10-15", inForce: true, renews: true, passed: true, last: "2027-01-14", noticeBy: "2026-10-14", nextly: "2028-01-14"},
		{name: "a renewal is counted from the start, not from the end before", start: "2026-01-31", term: model.Period{Months: 1}, renewal: model.Period{Months: 1},
			on: "2026-03-30", inForce: true, renews: true, last: "2026-03-30", noticeBy: "2026-03-30", nextly: "2026-04-30"},
		{name: "notice given in time ends it with the term", start: "2026-01-15", term: model.Period{Months: 12}, renewal: model.Period{Months: 12}, notice: model.Period{Months: 3}, given: "2026-10-01",
			on: "2026-11-01", inForce: true, last: "2027-01-14", noticeBy: "2026-10-14", ends: "2027-01-14"},
		{name: "notice given too late ends it with the next term", start: "2026-01-15", term: model.Period{Months: 12}, renewal: model.Period{Months: 12}, notice: model.Period{Months: 3}, given: "2026-11-01",
			on: "2026-12-01", inForce: true, renews: true, passed: true, last: "2027-01-14", noticeBy: "2026-10-14", ends: "2028-01-14", nextly: "2028-01-14"},
		{name: "after the end by notice it has ended", start: "2026-01-15", term: model.Period{Months: 12}, renewal: model.Period{Months: 12}, notice: model.Period{Months: 3}, given: "2026-10-01",
			on: "2027-01-15", last: "2027-01-14", noticeBy: "2026-10-14", ends: "2027-01-14"},
		{name: "a fixed end is the last day in force", start: "2026-01-01", end: "2026-12-31", on: "2026-12-31", inForce: true, last: "2026-12-31", ends: "2026-12-31"},
		{name: "the day after a fixed end it has ended", start: "2026-01-01", end: "2026-12-31", on: "2027-01-01", last: "2026-12-31", ends: "2026-12-31"},
		{name: "an end alone is enough to know that it has ended", end: "2026-12-31", on: "2027-01-01", last: "2026-12-31", ends: "2026-12-31"},
		{name: "an end alone is enough to know that it is in force", end: "2026-12-31", on: "2026-05-01", inForce: true, last: "2026-12-31", ends: "2026-12-31"},
		{name: "without term it runs on", start: "2020-01-01", on: "2027-01-01", inForce: true},
		{name: "before its start it is not in force", start: "2027-02-01", on: "2027-01-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := calendars.ContractStanding(&model.Contract{Start: day(t, c.start), End: day(t, c.end), NoticeGiven: day(t, c.given), Term: c.term, Renewal: c.renewal, Notice: c.notice}, day(t, c.on))
			if s.InForce() != c.inForce || s.Renews != c.renews || s.NoticePassed != c.passed {
				t.Errorf("in force %v, renews %v, notice passed %v", s.InForce(), s.Renews, s.NoticePassed)
			}
			for what, pair := range map[string][2]string{"last": {s.Last.String(), c.last}, "notice by": {s.NoticeBy.String(), c.noticeBy}, "ends": {s.Ends.String(), c.ends}, "next last": {s.NextLast.String(), c.nextly}} {
				if pair[0] != pair[1] {
					t.Errorf("%s %q, want %q", what, pair[0], pair[1])
				}
			}
		})
	}
}
