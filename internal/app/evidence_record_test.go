package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
	"diapason/internal/store/ledger/sqlite"
	"diapason/internal/telemetry"
)

// server answers expressions minute by minute, as a metrics server would.
type server struct {
	mu      sync.Mutex
	asked   int
	fails   error
	answers map[string]func(at time.Time) float64 // NaN: a number that is none; 0/0 aside, absent below
	delay   time.Duration
	warns   []string
}

// absent is the value of a minute without an answer.
var absent = math.Inf(-1)

func (s *server) Engine(context.Context) (telemetry.Engine, error) {
	return telemetry.Engine{Name: "prometheus", Version: "3.8.0", Where: "embedded"}, nil
}

func (s *server) Range(ctx context.Context, expression string, from, to time.Time, step time.Duration) (telemetry.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.delay > 0 {
		select {
		case <-ctx.Done():
			return telemetry.Answer{}, ctx.Err()
		case <-time.After(s.delay):
		}
	}
	if s.fails != nil {
		return telemetry.Answer{}, s.fails
	}
	value := s.answers[expression]
	if value == nil {
		value = func(time.Time) float64 { return absent }
	}
	e, _ := s.Engine(ctx)
	out := telemetry.Answer{Engine: e, Warnings: s.warns}
	for at := from; !at.After(to); at = at.Add(step) {
		if v := value(at); v != absent {
			out.Points = append(out.Points, telemetry.Point{At: at, Value: v})
		}
	}
	return out, nil
}

func always(v float64) func(time.Time) float64 { return func(time.Time) float64 { return v } }

// between gives v in the minutes of a day [from, to), and other elsewhere.
func between(from, to int, v, other float64) func(time.Time) float64 {
	return func(at time.Time) float64 {
		if m := int(at.Add(-time.Minute).Sub(at.Add(-time.Minute).Truncate(24*time.Hour)) / time.Minute); m >= from && m < to {
			return v
		}
		return other
	}
}

type recording struct {
	*evidence
	t      *testing.T
	server *server
	clock  time.Time
}

const thisDay = 20_500 // the UTC day that is going on

func newRecording(t *testing.T) *recording {
	t.Helper()
	r := &recording{t: t, server: &server{answers: map[string]func(time.Time) float64{}}, clock: startOf(thisDay).Add(time.Hour)}
	now := func() time.Time { return r.clock }
	l, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Options{Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r.evidence = newEvidence(Options{Ledger: l, Metrics: r.server, Now: now, Log: slog.New(slog.DiscardHandler)})
	return r
}

func (r *recording) pass(series []measuredSeries, over int, wantWhole bool) {
	r.t.Helper()
	whole, err := r.record(r.t.Context(), series, over)
	if err != nil || whole != wantWhole {
		r.t.Fatalf("whole %v, %v", whole, err)
	}
}

// days writes what is recorded: day, revision, reason, and the minutes of each state.
func (r *recording) days(series ledger.Series) string {
	r.t.Helper()
	var out []string
	for rec, err := range r.ledger.Read(r.t.Context(), []ledger.Series{series}, 0, 40_000, time.Time{}) {
		if err != nil {
			r.t.Fatal(err)
		}
		day, err := slo.DecodeDay(rec.Slices)
		if err != nil {
			r.t.Fatal(err)
		}
		text := fmt.Sprintf("%+d.%d", rec.Day-thisDay, rec.Revision)
		for _, run := range day.Runs {
			text += fmt.Sprintf(" %s %d", run.State, run.Minutes)
			if run.Total != 0 {
				text += fmt.Sprintf(" (%s/%s)", run.Good, run.Total)
			}
		}
		if rec.Reason != "" {
			text += " [" + rec.Reason + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func (r *recording) want(series ledger.Series, want string) {
	r.t.Helper()
	if got := r.days(series); got != want {
		r.t.Errorf("recorded %q, want %q", got, want)
	}
}

// valued is a series whose minutes are good from 1.
func valued(n int) measuredSeries {
	of := model.Ref{Kind: "service", Name: fmt.Sprint("s", n)}
	m, ok := measure(model.Ref{Kind: "measurement-source", Name: "up"}, &model.MeasurementSource{Query: "up{$service}[$window]"}, of)
	if !ok {
		panic("not measured")
	}
	return m
}

func TestADayIsRecordedOnceItIsOver(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	r.server.answers["up{s1}[1m]"] = between(600, 630, 0, 1)
	r.pass([]measuredSeries{m}, thisDay-1, true)
	r.want(m.name, "-4.1 good 600 bad 30 good 810; -3.1 good 600 bad 30 good 810; -2.1 good 600 bad 30 good 810; -1.1 good 600 bad 30 good 810")
	revisions, err := r.ledger.Revisions(t.Context(), m.name, thisDay-1)
	if err != nil || revisions[0].Engine != "prometheus 3.8.0 embedded" || revisions[0].Author != "" {
		t.Errorf("%+v, %v", revisions, err)
	}
	asked := r.server.asked
	r.pass([]measuredSeries{m}, thisDay-1, true)
	if r.server.asked != asked {
		t.Error("what is recorded is asked for again")
	}
}

func TestASeriesBeginsWithTheFirstDayOfWhichAnythingIsKnown(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	start := startOf(thisDay - 2).Add(12 * time.Hour)
	r.server.answers["up{s1}[1m]"] = func(at time.Time) float64 {
		if at.After(start) {
			return 1
		}
		return absent
	}
	r.pass([]measuredSeries{m}, thisDay-1, true)
	r.want(m.name, "-2.1 unknown 720 good 720; -1.1 good 1440")
}

func TestAfterAStandstillAllDaysAreRecorded(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	r.server.answers["up{s1}[1m]"] = func(at time.Time) float64 {
		if at.After(startOf(thisDay-8)) && !at.After(startOf(thisDay-6)) {
			return absent // the metrics server stood still as well
		}
		return 1
	}
	r.pass([]measuredSeries{m}, thisDay-10, true)
	r.pass([]measuredSeries{m}, thisDay-1, true)
	got := r.days(m.name)
	if !strings.Contains(got, "-9.1 good 1440; -8.1; -7.1; -6.1 good 1440") || !strings.HasSuffix(got, "-1.1 good 1440") {
		t.Errorf("recorded %q", got)
	}
}

func TestNobodyAnswers(t *testing.T) {
	for _, tt := range []struct {
		err    error
		reason string
	}{
		{fmt.Errorf("%w: connection refused", telemetry.ErrUnavailable), reasonUnavailable}, {telemetry.ErrNonsense, reasonNonsense},
		{telemetry.ErrLimit, reasonLimit}, {telemetry.ErrManySeries, reasonManySeries}, {telemetry.ErrExpression, reasonExpression},
		{context.DeadlineExceeded, reasonUnavailable}, {errors.New("anything else"), reasonUnavailable},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			r := newRecording(t)
			m := valued(1)
			r.server.answers["up{s1}[1m]"] = always(1)
			r.pass([]measuredSeries{m}, thisDay-6, true)
			r.server.fails = tt.err
			r.pass([]measuredSeries{m}, thisDay-5, false)
			if got := r.days(m.name); !strings.HasSuffix(got, "-6.1 good 1440; -5.1 ["+tt.reason+"]") {
				t.Fatalf("recorded %q", got)
			}
			r.clock = r.clock.Add(5 * time.Minute)
			r.pass([]measuredSeries{m}, thisDay-5, false) // nothing new to say
			r.server.fails = nil
			r.pass([]measuredSeries{m}, thisDay-1, true)
			if got := r.days(m.name); !strings.HasSuffix(got, "-5.2 good 1440 [late-data]; -4.1 good 1440; -3.1 good 1440; -2.1 good 1440; -1.1 good 1440") {
				t.Fatalf("recorded %q", got)
			}
		})
	}
}

func TestAServerThatIsGoneIsNotAskedForEverySeries(t *testing.T) {
	r := newRecording(t)
	r.server.fails = telemetry.ErrUnavailable
	var series []measuredSeries
	for n := range 600 {
		series = append(series, valued(n))
	}
	r.pass(series, thisDay-1, false)
	if r.server.asked > patience+askers {
		t.Errorf("asked %d times", r.server.asked)
	}
}

func TestLateDataCorrectsAndNeverUnsays(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	r.server.answers["up{s1}[1m]"] = between(0, 1000, 1, absent)
	r.pass([]measuredSeries{m}, thisDay-3, true)
	r.want(m.name, "-6.1 good 1000; -5.1 good 1000; -4.1 good 1000; -3.1 good 1000")
	// A person corrects one of the days.
	day, err := slo.EncodeDay(slo.Day{Number: thisDay - 4, Runs: []slo.Run{{Minutes: 10, State: slo.Bad}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ledger.Append(t.Context(), []ledger.Record{{Series: m.name, Day: thisDay - 4, Author: "account-1", Reason: "seen", Slices: day}}); err != nil {
		t.Fatal(err)
	}
	// The rest arrives late, and the beginning has left the server.
	r.server.answers["up{s1}[1m]"] = between(900, 1440, 0, absent)
	r.clock = r.clock.Add(24 * time.Hour)
	r.pass([]measuredSeries{m}, thisDay-2, true)
	r.want(m.name, "-6.1 good 1000; -5.2 good 900 bad 540 [late-data]; -4.2 bad 10 [seen]; -3.2 good 900 bad 540 [late-data]; -2.1 unknown 900 bad 540")
}

func TestAClockPutForwardDoesNoHarm(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	known := startOf(thisDay)
	r.server.answers["up{s1}[1m]"] = func(at time.Time) float64 {
		if at.After(known) {
			return absent
		}
		return 1
	}
	r.pass([]measuredSeries{m}, thisDay-1, true)
	// The clock is days ahead for long enough to be believed.
	r.clock = r.clock.AddDate(0, 0, 2)
	r.pass([]measuredSeries{m}, thisDay+1, true)
	r.clock = r.clock.AddDate(0, 0, -2)
	// And the days really come.
	known = startOf(thisDay + 2)
	r.clock = startOf(thisDay + 2).Add(time.Hour)
	r.pass([]measuredSeries{m}, thisDay+1, true)
	if got := r.days(m.name); !strings.HasSuffix(got, "-1.1 good 1440; +0.2 good 1440 [late-data]; +1.2 good 1440 [late-data]") {
		t.Errorf("recorded %q", got)
	}
	report, err := r.ledger.Fsck(t.Context(), func([]byte) error { return nil })
	if err != nil || report.Total > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestAClockIsTrustedWhenTimeHasPassedAsItSays(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	steps := []struct {
		name    string
		wall    time.Duration // since the step before, by the system's clock
		elapsed time.Duration // in truth
		want    bool
	}{
		{"at first", 0, 0, true},
		{"a minute later", time.Minute, time.Minute, true},
		{"corrected by a second", time.Minute, 61 * time.Second, true},
		{"put forward by a day", 24 * time.Hour, time.Minute, false},
		{"and still there", time.Minute, time.Minute, false},
		{"put back", -24 * time.Hour, time.Minute, false},
		{"half an hour later", 30 * time.Minute, 30 * time.Minute, false},
		{"an hour after the jump", 30 * time.Minute, 30 * time.Minute, true},
	}
	var g jumpGuard
	for _, s := range steps {
		at = at.Add(s.wall)
		if got := g.trusts(at, s.elapsed); got != s.want {
			t.Errorf("%s: trusted %v", s.name, got)
		}
	}
}

func TestTwoServersDoNotRecordTheSame(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	r.server.answers["up{s1}[1m]"] = always(1)
	release, err := r.ledger.Alone(t.Context(), "recorder")
	if err != nil {
		t.Fatal(err)
	}
	r.pass([]measuredSeries{m}, thisDay-1, false)
	r.want(m.name, "")
	release()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := r.record(t.Context(), []measuredSeries{m}, thisDay-1); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r.want(m.name, "-4.1 good 1440; -3.1 good 1440; -2.1 good 1440; -1.1 good 1440")
}

func TestJudgingAMinute(t *testing.T) {
	ref, of := model.Ref{Kind: "measurement-source", Name: "web"}, model.Ref{Kind: "service", Name: "shop"}
	quantity := func(v float64, unit string) *model.Quantity { return &model.Quantity{Value: v, Unit: unit} }
	ratio := &model.Indicator{Good: "good", Total: "total"}
	bad := &model.Indicator{Bad: "bad", Total: "total"}
	tests := []struct {
		name   string
		source model.MeasurementSource
		values []float64
		want   string
	}{
		{"a query is good from 1", model.MeasurementSource{Query: "q"}, []float64{1}, "good 0/0"},
		{"and bad below", model.MeasurementSource{Query: "q"}, []float64{0.99}, "bad 0/0"},
		{"no number is unknown", model.MeasurementSource{Query: "q"}, []float64{math.NaN()}, "unknown 0/0"},
		{"a threshold in milliseconds compares with seconds", model.MeasurementSource{Query: "q", Indicator: &model.Indicator{Comparison: "lte", Threshold: quantity(300, "ms")}}, []float64{0.3}, "good 0/0"},
		{"at most is not more than", model.MeasurementSource{Query: "q", Indicator: &model.Indicator{Comparison: "lte", Threshold: quantity(300, "ms")}}, []float64{0.301}, "bad 0/0"},
		{"less than leaves the value out", model.MeasurementSource{Query: "q", Indicator: &model.Indicator{Comparison: "lt", Threshold: quantity(5, "")}}, []float64{5}, "bad 0/0"},
		{"more than leaves the value out", model.MeasurementSource{Query: "q", Indicator: &model.Indicator{Comparison: "gt", Threshold: quantity(5, "")}}, []float64{5}, "bad 0/0"},
		{"infinity compares", model.MeasurementSource{Query: "q", Indicator: &model.Indicator{Comparison: "lte", Threshold: quantity(5, "")}}, []float64{math.Inf(1)}, "bad 0/0"},
		{"all events good", model.MeasurementSource{Indicator: ratio}, []float64{120, 120}, "good 120/120"},
		{"one event bad", model.MeasurementSource{Indicator: ratio}, []float64{119, 120}, "bad 119/120"},
		{"one event bad is enough for nine in ten", model.MeasurementSource{Indicator: &model.Indicator{Good: "good", Total: "total", Threshold: quantity(90, "%")}}, []float64{119, 120}, "good 119/120"},
		{"more good events than events", model.MeasurementSource{Indicator: ratio}, []float64{121, 120}, "good 120/120"},
		{"no event is unknown", model.MeasurementSource{Indicator: ratio}, []float64{0, 0}, "unknown 0/0"},
		{"fewer than no events are unknown", model.MeasurementSource{Indicator: ratio}, []float64{-1, 5}, "unknown 0/0"},
		{"infinite events are unknown", model.MeasurementSource{Indicator: ratio}, []float64{1, math.Inf(1)}, "unknown 0/0"},
		{"bad events leave the others good", model.MeasurementSource{Indicator: bad}, []float64{2, 120}, "bad 118/120"},
		{"a probe that failed once", model.MeasurementSource{Probe: &model.Probe{}}, []float64{1, 2}, "bad 1/2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, ok := measure(ref, &tt.source, of)
			if !ok {
				t.Fatal("not measured")
			}
			state, good, total := m.judge(tt.values)
			if got := fmt.Sprintf("%s %v/%v", state, good, total); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	for _, s := range []model.MeasurementSource{{}, {Type: "tickets", Query: "q"}, {Type: "declared", Query: "q"}, {Indicator: &model.Indicator{Total: "total"}}} {
		if m, ok := measure(ref, &s, of); ok {
			t.Errorf("%+v is asked for as %v", s, m.expressions())
		}
	}
}

func TestSeriesOfBadEventsBeginWithTheFirst(t *testing.T) {
	ref, of := model.Ref{Kind: "measurement-source", Name: "web"}, model.Ref{Kind: "service", Name: "shop"}
	r := newRecording(t)
	r.server.answers["total"] = always(100)
	r.server.answers["bad"] = between(60, 70, 3, absent)
	bad, _ := measure(ref, &model.MeasurementSource{Indicator: &model.Indicator{Bad: "bad", Total: "total"}}, of)
	r.pass([]measuredSeries{bad}, thisDay-1, true)
	if got := r.days(bad.name); !strings.HasSuffix(got, "-1.1 good 60 (100/100) bad 10 (97/100) good 1370 (100/100)") {
		t.Errorf("recorded %q", got)
	}
	// A server that does not answer in full says nothing by its silence.
	r = newRecording(t)
	r.server.answers["total"], r.server.answers["bad"], r.server.warns = always(100), between(60, 70, 3, absent), []string{"partial response"}
	r.pass([]measuredSeries{bad}, thisDay-1, true)
	if got := r.days(bad.name); !strings.HasSuffix(got, "-1.1 unknown 60 bad 10 (97/100)") {
		t.Errorf("recorded %q", got)
	}
	good, _ := measure(ref, &model.MeasurementSource{Indicator: &model.Indicator{Good: "good", Total: "total"}}, of)
	r = newRecording(t)
	r.server.answers["total"] = always(100)
	r.pass([]measuredSeries{good}, thisDay-1, true)
	r.want(good.name, "")
}

func TestTheCurrentDayIsAskedForOnceAMinute(t *testing.T) {
	r := newRecording(t)
	m := valued(1)
	r.server.answers["up{s1}[1m]"] = always(1)
	r.server.delay = 5 * time.Millisecond
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			l, err := r.provisional(t.Context(), &m, thisDay)
			if err != nil || len(l.day.Runs) != 1 || l.day.Runs[0].Minutes != 60 || l.from != "prometheus 3.8.0 embedded" {
				t.Errorf("%+v, %v", l, err)
			}
		})
	}
	wg.Wait()
	if r.server.asked != 1 {
		t.Errorf("asked %d times", r.server.asked)
	}
	r.clock = r.clock.Add(time.Minute)
	r.server.fails = telemetry.ErrNonsense
	l, err := r.provisional(t.Context(), &m, thisDay)
	if err != nil || len(l.day.Runs) > 0 || l.why != reasonNonsense {
		t.Errorf("%+v, %v", l, err)
	}
	r.clock = r.clock.AddDate(0, 0, -1) // put back
	r.server.fails = nil
	if l, err = r.provisional(t.Context(), &m, thisDay-1); err != nil || len(l.day.Runs) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
}
