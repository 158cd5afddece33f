package app

import (
	"strings"
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
)

func TestACorrectedDayIsCompletedByWhatIsMeasured(t *testing.T) {
	at := func(day, minute int) time.Time { return startOf(day).Add(time.Duration(minute) * time.Minute) }
	run := func(minutes int, s slo.State) slo.Run { return slo.Run{Minutes: minutes, State: s} }
	day := func(runs ...slo.Run) slo.Day { return slo.Day{Number: thisDay, Runs: runs}.Normal() }
	good, bad, unknown := slo.Good, slo.Bad, slo.Unknown
	measured := day(run(60, good), run(60, bad), run(1320, good))
	for _, c := range []struct {
		name     string
		record   ledger.Record
		recorded slo.Day
		want     slo.Day
	}{
		{"what a person said of a day that lasts stands, and the rest is filled in",
			ledger.Record{Author: "paul", Revision: 2, At: at(thisDay, 200)}, day(run(197, good)), day(run(1440, good))},
		{"what a person called unknown stays unknown",
			ledger.Record{Author: "paul", Revision: 2, At: at(thisDay, 200)}, day(run(60, good), run(60, unknown), run(75, good)), day(run(60, good), run(60, unknown), run(1320, good))},
		{"minutes that were not settled then are filled in",
			ledger.Record{Author: "paul", Revision: 2, At: at(thisDay, 100)}, day(run(94, good)), day(run(94, good), run(1, unknown), run(25, bad), run(1320, good))},
		{"of a day that was never recorded all that nobody spoke of is filled in",
			ledger.Record{Author: "paul", Revision: 1, At: at(thisDay, 200)}, day(run(60, unknown), run(60, good)), day(run(1440, good))},
		{"a day that was corrected after it was over stays",
			ledger.Record{Author: "paul", Revision: 1, At: at(thisDay+1, 10)}, day(run(10, bad)), day(run(10, bad))},
		{"what nobody corrected takes late data",
			ledger.Record{Revision: 3, At: at(thisDay, 200)}, day(run(120, good)), measured},
	} {
		c.record.Day = thisDay
		if got := completed(&c.record, c.recorded, measured); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTodayIsShownAndCorrectedWhileItLasts(t *testing.T) {
	clock := time.Date(2027, 3, 12, 10, 0, 0, 0, time.UTC)
	value := func(at time.Time) float64 {
		if at.Day() < 12 {
			return absent
		}
		if h := at.Hour()*60 + at.Minute(); h > 9*60 && h <= 9*60+30 {
			return 0
		}
		return 1
	}
	s := &server{answers: map[string]func(time.Time) float64{"up{shop}": func(at time.Time) float64 { return value(at) }}}
	w := measuredWorld(t, nil, &clock) // without the recorder, which would read the clock beside the test
	w.evidence.metrics = s
	if err := w.Restore(w.ctx, identity.Operator(), w.objects(measured+"---"+watchedShop), "promise"); err != nil {
		t.Fatal(err)
	}
	paul := w.actor("slm", "service-level-manager")
	const series = "measurement-source/web service/shop"
	view := func() *ObjectiveSheet {
		t.Helper()
		w.evidence.live.days = nil
		if err := newAlertWatch(w.App).pass(w.ctx, time.Minute); err != nil {
			t.Fatal(err)
		}
		x, err := w.Objective(w.ctx, paul, "agreement/silver#up#service/shop", language.EN)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	today := func() EvidenceDay {
		t.Helper()
		v, err := w.Evidence(w.ctx, paul, series, model.NewDate(2027, 3, 12), model.NewDate(2027, 3, 12), language.EN)
		if err != nil || len(v.Days) != 1 {
			t.Fatal(v, err)
		}
		return v.Days[0]
	}
	x := view()
	if len(x.Interruptions) != 1 || x.Budget == nil || !strings.HasPrefix(x.Budget.Used, "30") {
		t.Fatalf("what is measured today is not shown: %+v, %+v", x.Interruptions, x.Budget)
	}
	if x.Provisional == "" {
		t.Errorf("what is not recorded yet is not told for provisional")
	}
	if last, err := w.evidence.ledger.Last(w.ctx); err != nil || len(last) != 0 {
		t.Errorf("looking recorded something: %v, %v", last, err)
	}
	_, err := w.Correct(w.ctx, paul, Measure{Series: series, From: instant("2027-03-12T09:00:00Z"), Until: instant("2027-03-12T09:10:00Z"), State: "good"}, "the robot's own cable", language.EN)
	if err != nil {
		t.Fatal(err)
	}
	if d := today(); d.Good != 580 || d.Bad != 20 || d.Revision != 2 || d.Reason != "the robot's own cable" {
		t.Errorf("corrected: %+v", d)
	}
	if x = view(); !strings.HasPrefix(x.Budget.Used, "20") {
		t.Errorf("the page does not show the correction: %s", x.Budget.Used)
	}
	// The day goes on, and is recorded whole under the correction.
	clock = time.Date(2027, 3, 13, 0, 20, 0, 0, time.UTC)
	if _, err := w.evidence.record(w.ctx, measuredOf(w.Head()), dayOf(clock)-1); err != nil {
		t.Fatal(err)
	}
	if x = view(); strings.Contains(x.Provisional, "11\u00a0March") || strings.Contains(x.Provisional, "12\u00a0March") {
		t.Errorf("a day that is recorded stays provisional: %q", x.Provisional)
	}
	if d := today(); d.Good != 1420 || d.Bad != 20 || d.Unknown != 0 || d.Author == "" || d.Engine == "" {
		t.Errorf("the day after: %+v", d)
	}
	if v, err := w.Evidence(w.ctx, paul, series, model.NewDate(2027, 3, 1), model.NewDate(2027, 3, 12), language.EN); err != nil || v.Days[0].Date < model.NewDate(2027, 3, 11) {
		t.Errorf("days before the first one were recorded: %+v, %v", v, err)
	}
	revisions, err := w.EvidenceRevisions(w.ctx, paul, series, model.NewDate(2027, 3, 12), language.EN)
	if err != nil || len(revisions) != 3 || revisions[0].Bad != 30 {
		t.Errorf("what was measured first cannot be read any more: %+v, %v", revisions, err)
	}
}
