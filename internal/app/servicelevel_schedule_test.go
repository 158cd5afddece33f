package app

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/notify"
	ledgerpostgres "diapason/internal/store/ledger/postgres"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/postgres"
)

func clockTime(t *testing.T, text string) model.ClockTime {
	t.Helper()
	var c model.ClockTime
	if err := c.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhenAScheduledReportIsDue(t *testing.T) {
	for _, c := range []struct {
		name, zone, after string
		s                 Schedule
		at                string
		want, period      string
	}{
		{"the first of the next month covers the month before", "Europe/Paris", "2027-03-12T00:00:00Z", Schedule{Every: "month", Day: 1, Covers: "over"}, "06:00", "2027-04-01T06:00:00+02:00", "2027-03"},
		{"the last day of February is the 28th", "Europe/Paris", "2027-02-01T00:00:00Z", Schedule{Every: "month", Day: 31, Covers: "running"}, "23:00", "2027-02-28T23:00:00+01:00", "2027-02"},
		{"the last day of a leap February is the 29th", "Europe/Paris", "2028-02-28T23:30:00+01:00", Schedule{Every: "month", Day: 31, Covers: "running"}, "23:00", "2028-02-29T23:00:00+01:00", "2028-02"},
		{"the last day is that of the zone of the agreement, not of UTC", "Pacific/Auckland", "2027-03-30T10:00:00Z", Schedule{Every: "month", Day: 31, Covers: "running"}, "00:10", "2027-03-31T00:10:00+13:00", "2027-03"},
		{"half an hour into the first in Auckland it is still the month before in UTC", "Pacific/Auckland", "2027-03-30T00:00:00Z", Schedule{Every: "month", Day: 1, Covers: "over"}, "00:30", "2027-04-01T00:30:00+13:00", "2027-03"},
		{"a time that the clock change skips is moved by it", "Europe/Paris", "2027-03-27T12:00:00Z", Schedule{Every: "month", Day: 28, Covers: "running"}, "02:30", "2027-03-28T03:30:00+02:00", "2027-03"},
		{"a time that comes twice counts once", "Europe/Paris", "2027-10-31T01:30:00Z", Schedule{Every: "month", Day: 31, Covers: "running"}, "02:30", "2027-11-30T02:30:00+01:00", "2027-11"},
		{"a quarter that is over is told in the month after it", "Europe/Paris", "2027-02-10T00:00:00Z", Schedule{Every: "quarter", Day: 5, Covers: "over"}, "08:00", "2027-04-05T08:00:00+02:00", "2027-Q1"},
		{"a quarter under way is told in its last month", "Europe/Paris", "2027-02-10T00:00:00Z", Schedule{Every: "quarter", Day: 15, Covers: "running"}, "08:00", "2027-03-15T08:00:00+01:00", "2027-Q1"},
		{"a year that is over is told in January", "Europe/Paris", "2027-02-10T00:00:00Z", Schedule{Every: "year", Day: 10, Covers: "over"}, "08:00", "2028-01-10T08:00:00+01:00", "2027"},
		{"every Monday tells of the month under way", "Europe/Paris", "2027-03-12T00:00:00Z", Schedule{Every: "week", Day: 1, Covers: "running"}, "08:00", "2027-03-15T08:00:00+01:00", "2027-03"},
		{"later today is today", "Europe/Paris", "2027-03-12T06:00:00Z", Schedule{Every: "week", Day: 5, Covers: "running"}, "08:00", "2027-03-12T08:00:00+01:00", "2027-03"},
		{"at its very instant the next one is meant", "Europe/Paris", "2027-04-01T06:00:00+02:00", Schedule{Every: "month", Day: 1, Covers: "over"}, "06:00", "2027-05-01T06:00:00+02:00", "2027-04"},
	} {
		t.Run(c.name, func(t *testing.T) {
			loc, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			after, err := time.Parse(time.RFC3339, c.after)
			if err != nil {
				t.Fatal(err)
			}
			c.s.At = clockTime(t, c.at)
			got := c.s.next(after, loc)
			if text := got.In(loc).Format(time.RFC3339); text != c.want {
				t.Errorf("due %s, want %s", text, c.want)
			}
			if p := c.s.period(got, loc); p != c.period {
				t.Errorf("covers %s, want %s", p, c.period)
			}
		})
	}
}

func TestWhatWasMissedDuringAStandstill(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		s    Schedule
		now  string
		want string
	}{
		{"every month that is over is made once", Schedule{Every: "month", Day: 1, Covers: "over"}, "2027-06-15T00:00:00Z", "2027-03 2027-04 2027-05"},
		{"of what is under way only the last is worth it", Schedule{Every: "month", Day: 15, Covers: "running"}, "2027-06-20T00:00:00Z", "2027-06"},
		{"weekly reports of one month that is over are one", Schedule{Every: "week", Day: 4, Covers: "over"}, "2027-05-20T00:00:00Z", "2027-03 2027-04"},
		{"at most a year is made up for", Schedule{Every: "month", Day: 1, Covers: "over"}, "2030-01-15T00:00:00Z", "2029-01 2029-02 2029-03 2029-04 2029-05 2029-06 2029-07 2029-08 2029-09 2029-10 2029-11 2029-12"},
		{"nothing is missed before its time", Schedule{Every: "month", Day: 1, Covers: "over"}, "2027-03-31T00:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.At = clockTime(t, "06:00")
			now, err := time.Parse(time.RFC3339, c.now)
			if err != nil {
				t.Fatal(err)
			}
			first := c.s.next(time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), paris)
			due, next := c.s.missed(first, now, paris)
			var periods []string
			for _, at := range due {
				periods = append(periods, c.s.period(at, paris))
			}
			if got := strings.Join(periods, " "); got != c.want {
				t.Errorf("made %q, want %q", got, c.want)
			}
			if !next.After(now) {
				t.Errorf("next is %s, not after %s", next, now)
			}
		})
	}
}

// mailing is a channel that keeps nothing: what waits for it is seen in the outbox.
type mailing struct{}

func (mailing) Send(context.Context, notify.Message) error { return nil }

func TestAScheduledReportIsMadeOnceAndSent(t *testing.T) {
	var clock atomic.Int64
	set := func(text string) {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		clock.Store(at.UnixNano())
	}
	set("2027-02-20T12:00:00Z")
	channels := &notify.Channels{List: []notify.Open{{Channel: notify.Channel{Name: "post", Type: notify.Email}, Sender: mailing{}}}}
	w, _, _ := sealingWith(t, Options{Now: func() time.Time { return time.Unix(0, clock.Load()) }, Channels: channels})
	id, err := w.SetSchedule(w.ctx, identity.Operator(), Schedule{Of: "agreement/payroll-sla", Every: "month", Day: 2, At: clockTime(t, "06:00"), Covers: "over", Seal: true, Language: "fr", View: "customer", Format: "pdf", To: []string{"board@example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	made := func() []ReportRun {
		t.Helper()
		if err := w.MakeDueReports(w.ctx); err != nil {
			t.Fatal(err)
		}
		list, err := w.Schedules(w.ctx, identity.Operator(), language.EN)
		if err != nil {
			t.Fatal(err)
		}
		return list.Runs
	}
	if runs := made(); len(runs) != 0 {
		t.Fatalf("made before its time: %+v", runs)
	}
	set("2027-03-12T12:00:00Z")
	runs := made()
	if len(runs) != 1 || runs[0].State != runDone || runs[0].Period != "2027-02" || !runs[0].Sealed || runs[0].Attempts != 1 || !slices.Equal(runs[0].Sent, []string{"board@example.org"}) {
		t.Fatalf("made %+v", runs)
	}
	name, media, content, err := w.ScheduledReport(w.ctx, identity.Operator(), runs[0].ID)
	if err != nil || media != "application/pdf" || !bytes.HasPrefix(content, []byte("%PDF")) || name != "payroll-sla-2027-02.pdf" {
		t.Errorf("file %q %q %.10q %v", name, media, content, err)
	}
	waiting, err := w.dueMessages(w.ctx, "post", w.now(), 10)
	if err != nil || len(waiting) != 1 || waiting[0].Language != "fr" || len(waiting[0].Files) != 1 || !strings.Contains(waiting[0].Text, "scellé") {
		t.Fatalf("messages %+v, %v", waiting, err)
	}

	// A second server, or the same one after a crash that forgot where it was, makes it no
	// second time.
	if err := w.keepSchedule(w.ctx, storedSchedule{mustSchedule(t, w, id), time.Date(2027, 3, 2, 5, 0, 0, 0, time.UTC).UnixMicro()}); err != nil {
		t.Fatal(err)
	}
	if runs := made(); len(runs) != 1 {
		t.Errorf("made again: %+v", runs)
	}
	seals, err := w.SealedStatements(w.ctx, identity.Operator(), w.ref("agreement/payroll-sla"))
	if err != nil || len(seals) != 1 {
		t.Errorf("seals %+v, %v", seals, err)
	}
	if waiting, err := w.dueMessages(w.ctx, "post", w.now(), 10); err != nil || len(waiting) != 1 {
		t.Errorf("sent again: %d, %v", len(waiting), err)
	}

	// Made now, it takes the seal that is there.
	run, err := w.RunSchedule(w.ctx, identity.Operator(), id)
	if err != nil {
		t.Fatal(err)
	}
	runs = made()
	if len(runs) != 2 || runs[0].ID != run || runs[0].State != runDone || !runs[0].Sealed {
		t.Errorf("made now %+v", runs)
	}
	if seals, _ := w.SealedStatements(w.ctx, identity.Operator(), w.ref("agreement/payroll-sla")); len(seals) != 1 {
		t.Errorf("sealed twice: %+v", seals)
	}
}

func mustSchedule(t *testing.T, w *world, id string) Schedule {
	t.Helper()
	s, err := w.storedSchedule(w.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return s.Schedule
}

func TestWhatGoesWrongWithAScheduledReportIsSeen(t *testing.T) {
	for _, c := range []struct {
		name     string
		schedule Schedule
		state    string
		says     string
	}{
		{"a period in which nothing is judged", Schedule{Of: "agreement/payroll-sla", Every: "quarter", Covers: "over"}, runFailed, "no target that is counted"},
		{"a receiver without a channel", Schedule{Of: "agreement/payroll-sla", Every: "month", Covers: "over", To: []string{"board@example.org"}}, runWaiting, "channel"},
		{"the pack tells what is not sealed", Schedule{Of: "pack", Every: "month", Covers: "over"}, runDone, ""},
		{"the sheet", Schedule{Of: "sheet", Every: "month", Covers: "running"}, runDone, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, _, _ := sealing(t)
			s := c.schedule
			s.Day, s.Language, s.Format = 1, "en", "html"
			id, err := w.SetSchedule(w.ctx, identity.Operator(), s)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.RunSchedule(w.ctx, identity.Operator(), id); err != nil {
				t.Fatal(err)
			}
			if err := w.MakeDueReports(w.ctx); err != nil {
				t.Fatal(err)
			}
			list, err := w.Schedules(w.ctx, identity.Operator(), language.EN)
			if err != nil || len(list.Runs) != 1 {
				t.Fatalf("runs %+v, %v", list, err)
			}
			if r := list.Runs[0]; r.State != c.state || c.says == "" != (r.Problem == "") || !strings.Contains(r.Problem, c.says) || r.Sealed {
				t.Errorf("run %+v, want %s with %q", r, c.state, c.says)
			}
		})
	}
}

func TestSchedulesThatCouldNeverBeMadeAreRefused(t *testing.T) {
	w, _, _ := sealing(t)
	good := Schedule{Of: "agreement/payroll-sla", Every: "month", Day: 1, Covers: "over", Language: "en", Format: "pdf"}
	for name, change := range map[string]func(*Schedule){
		"of what is not there":                     func(s *Schedule) { s.Of = "agreement/gone" },
		"a day that no week has":                   func(s *Schedule) { s.Every, s.Day = "week", 8 },
		"a format of nobody":                       func(s *Schedule) { s.Format = "docx" },
		"the customer's view of all":               func(s *Schedule) { s.Of, s.View = "pack", "customer" },
		"the supplier's view of an agreement":      func(s *Schedule) { s.View = "supplier" },
		"a receiver that is nobody":                func(s *Schedule) { s.To = []string{"everybody"} },
		"sealing a pack before the period is over": func(s *Schedule) { s.Of, s.Covers, s.Seal = "pack", "running", true },
	} {
		t.Run(name, func(t *testing.T) {
			s := good
			change(&s)
			if _, err := w.SetSchedule(w.ctx, identity.Operator(), s); codeOf(err) != CodeInvalid {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := w.SetSchedule(w.ctx, w.actor("cy", "customer-representative"), good); err == nil {
		t.Error("a customer may schedule")
	}
}

func TestServersOnOneDatabaseMakeAReportOnce(t *testing.T) {
	url := pgtest.URL(t)
	server := func() *world {
		st, err := postgres.Open(t.Context(), url, postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		l, err := ledgerpostgres.Open(t.Context(), url, ledgerpostgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		a, err := Open(t.Context(), Options{Store: st, On: today, Ledger: l})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(a.Close)
		return &world{a, t, nil, t.Context()}
	}
	one := server()
	if err := one.Restore(t.Context(), identity.Operator(), one.objects(payrollPromise), "start"); err != nil {
		t.Fatal(err)
	}
	id, err := one.SetSchedule(t.Context(), identity.Operator(), Schedule{Of: "sheet", Every: "month", Day: 1, Covers: "over", Language: "en", Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	// It was due on two days that a standstill swallowed.
	s := mustSchedule(t, one, id)
	if err := one.keepSchedule(t.Context(), storedSchedule{s, time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC).UnixMicro()}); err != nil {
		t.Fatal(err)
	}
	both := []*world{one, server(), server()}
	failed := make(chan error, len(both))
	for _, w := range both {
		go func() { failed <- w.MakeDueReports(t.Context()) }()
	}
	for range both {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	list, err := both[1].Schedules(t.Context(), identity.Operator(), language.EN)
	if err != nil || len(list.Runs) != 2 {
		t.Fatalf("runs %+v, %v", list, err)
	}
	for i, period := range []string{"2027-02", "2027-01"} {
		if r := list.Runs[i]; r.Period != period || r.State != runDone || r.Attempts != 1 {
			t.Errorf("run %+v, want %s made once", r, period)
		}
	}
}
