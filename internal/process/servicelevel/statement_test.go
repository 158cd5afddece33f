package servicelevel_test

import (
	"errors"
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

func march() servicelevel.Span {
	return servicelevel.Span{From: time.Date(2027, 2, 28, 23, 0, 0, 0, time.UTC), To: time.Date(2027, 3, 31, 22, 0, 0, 0, time.UTC)}
}

// measured is a statement with an hour of interruption on 10 March, half an hour of it
// left out, and one case that took two hours of the three allowed.
func measured(t *testing.T) *servicelevel.Statement {
	t.Helper()
	period := march()
	var days []slo.Day
	for d := slo.DayOf(period.From); d <= slo.DayOf(period.To); d++ {
		b := slo.NewDayBuilder(d)
		b.Set(0, slo.DayMinutes, slo.Run{State: slo.Good})
		if d == slo.DayOf(time.Date(2027, 3, 10, 0, 0, 0, 0, time.UTC)) {
			b.Set(600, 660, slo.Run{State: slo.Bad})
		}
		days = append(days, b.Day())
	}
	percent := func(s string) model.Percent {
		var p model.Percent
		if err := p.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return p
	}
	availability := func(s string) model.Availability {
		var a model.Availability
		if err := a.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return a
	}
	ten := time.Date(2027, 3, 10, 10, 0, 0, 0, time.UTC)
	up := servicelevel.Measure{
		Target: "availability", Metric: "availability", Service: "service/payroll", Basis: servicelevel.BasisEvidence, Series: "measurement-source/probe service/payroll",
		Rules:    &servicelevel.MeasureRules{Target: percent("99.95%"), Method: "timeslices", Slice: 1, Unknown: "excluded"},
		Agreed:   []servicelevel.Span{period},
		Excluded: []servicelevel.ExcludedTime{{Span: servicelevel.Span{From: ten.Add(30 * time.Minute), To: ten.Add(time.Hour)}, Kind: "planned-maintenance", Source: "maintenance/upgrade"}},
		Bands:    []model.CreditBand{{From: availability("0%"), Below: availability("99.95%"), Credit: percent("10%")}},
	}
	up.Compute(period, period.To, days)
	restore := servicelevel.Measure{
		Target: "restore-p1", Metric: "time-to-restore", Service: "service/payroll", Basis: servicelevel.BasisCases, Agreed: []servicelevel.Span{period},
		Cases: &servicelevel.CaseMeasure{Source: "measurement-source/tickets", Within: servicelevel.Length(3 * time.Hour), Share: percent("95%"), Counted: []servicelevel.CountedCase{{ID: "I-1", Revision: 2, Start: ten, Stop: ten.Add(2 * time.Hour)}}},
	}
	restore.ComputeCases(period, period.To)
	s := &servicelevel.Statement{
		Format: servicelevel.StatementFormat, Agreement: servicelevel.Pinned{Object: "agreement/payroll", Version: 12, Material: "00"}, Period: period, Until: period.To, Zone: "Europe/Paris",
		AsOf: time.Date(2027, 4, 2, 8, 0, 0, 0, time.UTC), Measures: []servicelevel.Measure{up, restore}, CreditCap: new(percent("5%")),
	}
	s.Close()
	return s
}

func TestAStatementComputesWhatWasAttained(t *testing.T) {
	s := measured(t)
	r := s.Measures[0].Result
	if got := time.Duration(r.Agreed); got != 743*time.Hour {
		t.Errorf("March in Paris has %v, want 743 hours", got)
	}
	if time.Duration(r.Bad) != 30*time.Minute || time.Duration(r.LeftOut) != 30*time.Minute || r.Verdict != "missed" {
		t.Errorf("bad %v, left out %v, %s", r.Bad, r.LeftOut, r.Verdict)
	}
	if len(r.Interruptions) != 1 || r.Interruptions[0].To.Sub(r.Interruptions[0].From) != 30*time.Minute {
		t.Errorf("interruptions %v", r.Interruptions)
	}
	if s.Measures[1].Verdict() != "kept" || time.Duration(s.Measures[1].Cases.Counted[0].Elapsed) != 2*time.Hour {
		t.Errorf("cases %+v", s.Measures[1].Cases)
	}
	if s.Credit.Due.String() != "5%" || !s.Credit.Capped || s.Credit.Full.String() != "10%" {
		t.Errorf("credit %+v", s.Credit)
	}
}

func TestAStatementReadsBackToTheSameBytes(t *testing.T) {
	b, err := measured(t).Canonical()
	if err != nil {
		t.Fatal(err)
	}
	s, err := servicelevel.ReadStatement(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Canonical()
	if err != nil || string(again) != string(b) {
		t.Errorf("it became, %v\n%s\nfrom\n%s", err, again, b)
	}
	for _, bad := range []string{``, `{}`, `{"format":"other/v1"}`, `{"format":"diapason/service-level-statement/v1","surprise":1}`} {
		if _, err := servicelevel.ReadStatement([]byte(bad)); !errors.Is(err, servicelevel.ErrStatement) {
			t.Errorf("%q gives %v", bad, err)
		}
	}
}

func TestNoCreditIsDueForAPromiseInWhosePlaceAnotherCounts(t *testing.T) {
	s := measured(t)
	m := &s.Measures[0]
	if m.Credit == nil {
		t.Fatal("no credit is due at first")
	}
	m.Overridden = "agreement/own"
	m.Compute(s.Period, s.Period.To, nil)
	if m.Credit != nil {
		t.Errorf("%+v is due", m.Credit)
	}
	b, err := s.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := servicelevel.ReadStatement(b); err != nil || again.Measures[0].Overridden != "agreement/own" {
		t.Errorf("%v", err)
	}
}
