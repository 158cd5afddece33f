package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/credentials"

	"diapason/internal/telemetry"
)

func grpcCreds() credentials.TransportCredentials {
	return credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{certificate}})
}

// store is an appender that keeps everything.
type store struct {
	mu      sync.Mutex
	samples []telemetry.Sample
	fail    func(time.Time) bool
}

func (s *store) Append(_ context.Context, samples []telemetry.Sample) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range samples {
		if s.fail != nil && s.fail(x.At) && x.Labels["__name__"] != telemetry.MetricProbeHeartbeat {
			return len(samples), errors.New("the disk is full")
		}
	}
	s.samples = append(s.samples, samples...)
	return 0, nil
}

// beats are the minutes since start that were vouched for.
func (s *store) beats(start time.Time) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []int
	for _, x := range s.samples {
		if x.Labels["__name__"] == telemetry.MetricProbeHeartbeat {
			out = append(out, int(x.At.Sub(start)/time.Minute))
		}
	}
	return out
}

func (s *store) of(source string) (n int, sum float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.samples {
		if x.Labels["__name__"] == telemetry.MetricProbeSuccess && x.Labels["source"] == source {
			n++
			sum += x.Value
		}
	}
	return n, sum
}

// minutes runs probes for some minutes of a clock of its own, beginning on the full
// minute; what each run gives is said by answer.
func minutes(t *testing.T, n int, o Options, definitions []Definition, answer func(since time.Duration, d *Definition) result, during func(r *Runner, start time.Time)) (*store, *Runner, time.Time) {
	t.Helper()
	into := &store{}
	if s, ok := o.Into.(*store); ok {
		into = s
	}
	var runner *Runner
	var start time.Time
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
		start = time.Now()
		o.Into = into
		r, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		runner = r
		r.ask = func(ctx context.Context, d *Definition) result {
			got := answer(time.Since(start), d)
			wait, cancel := context.WithTimeout(ctx, min(time.Duration(got.seconds*float64(time.Second)), d.Timeout))
			defer cancel()
			<-wait.Done()
			return got
		}
		if problems := r.Set(definitions); len(problems) > 0 {
			t.Fatal(problems)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		if during != nil {
			during(r, start)
		}
		time.Sleep(time.Until(start.Add(time.Duration(n) * time.Minute)))
		cancel()
		<-ended
	})
	return into, runner, start
}

// hosts are probes of different machines.
func hosts(n int) []Definition {
	var out []Definition
	for i := range n {
		out = append(out, Definition{Source: fmt.Sprintf("source-%d", i), Services: []string{"portal"}, Type: TypeTCP, Target: fmt.Sprintf("host-%d.example:443", i)})
	}
	return out
}

func well(time.Duration, *Definition) result { return result{success: true, seconds: 0.02} }

func TestEachFullMinuteIsVouchedFor(t *testing.T) {
	s, r, start := minutes(t, 10, Options{}, hosts(20), well, nil)
	if got := s.beats(start); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("%v", got)
	}
	for _, d := range hosts(20) {
		if n, sum := s.of(d.Source); n != 20 || sum != 20 {
			t.Errorf("%s: %d runs, %v good; want 20", d.Source, n, sum)
		}
	}
	f := r.Figures()
	if f.Probes != 20 || f.Failures != 0 || f.Lag > 0.01 {
		t.Errorf("%+v", f)
	}
}

func TestAMinuteThatBeginsInTheMiddleIsNotVouchedFor(t *testing.T) {
	into := &store{}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Truncate(time.Minute).Add(time.Minute)
		time.Sleep(time.Until(start.Add(20 * time.Second)))
		r, _ := New(Options{Into: into})
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		r.Run(ctx)
		if got := into.beats(start); !slices.Equal(got, []int{1, 2, 3}) {
			t.Errorf("%v", got)
		}
	})
}

func TestBlindness(t *testing.T) {
	down := func(d *Definition, from, to, since time.Duration) bool {
		return since >= from && since < to && !d.local()
	}
	const m = time.Minute
	quiet := result{sight: silent, seconds: 10, reason: "i/o timeout"}
	for _, c := range []struct {
		name        string
		o           Options
		definitions []Definition
		answer      func(time.Duration, *Definition) result
		beats       []int
	}{
		{"all machines silent is this machine's blindness, with the minutes in which it begins and ends", Options{}, hosts(5), func(since time.Duration, d *Definition) result {
			if down(d, 2*m+20*time.Second, 4*m+10*time.Second, since) {
				return quiet
			}
			return well(since, d)
		}, []int{0, 1, 5, 6, 7}},
		{"one machine silent is its own affair", Options{}, hosts(5), func(since time.Duration, d *Definition) result {
			if d.Source == "source-3" {
				return quiet
			}
			return well(since, d)
		}, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"all services broken but their machines there is no blindness", Options{}, hosts(5), func(time.Duration, *Definition) result {
			return result{sight: seen, seconds: 0.1, reason: "status 500"}
		}, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"two machines are too few to tell", Options{}, hosts(2), func(time.Duration, *Definition) result { return quiet }, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"what answers on this machine proves nothing of its network", Options{}, append(hosts(4), Definition{Source: "own", Type: TypeTCP, Target: "127.0.0.1:1"}), func(since time.Duration, d *Definition) result {
			if down(d, 0, 10*m, since) {
				return quiet
			}
			return well(since, d)
		}, nil},
		{"a reference that answers tells that all machines are down", Options{References: []string{"gateway.example:53"}}, hosts(5), func(since time.Duration, d *Definition) result {
			if d.Source != "" {
				return quiet
			}
			return well(since, d)
		}, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"a silent reference tells of blindness though something answers", Options{References: []string{"gateway.example:53"}}, hosts(5), func(since time.Duration, d *Definition) result {
			if d.Source == "" && since > 4*m {
				return quiet
			}
			return well(since, d)
		}, []int{0, 1, 2, 3}},
		{"too few places for silent targets make the runner late", Options{AtOnce: 2}, hosts(30), func(time.Duration, *Definition) result { return quiet }, nil},
		{"samples that are not stored are not vouched for", Options{Into: &store{fail: func(at time.Time) bool { return at.Minute() == 4 }}}, hosts(5), well, []int{0, 1, 2, 4, 5, 6, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, start := minutes(t, 10, c.o, c.definitions, c.answer, nil)
			got := s.beats(start)
			if !slices.Equal(got, c.beats) {
				t.Errorf("minutes %v are vouched for, want %v", got, c.beats)
			}
		})
	}
}

func TestWhatCannotBeAskedWritesNoSample(t *testing.T) {
	s, r, start := minutes(t, 5, Options{}, hosts(2), func(since time.Duration, d *Definition) result {
		if d.Source == "source-0" {
			return result{sight: blind, reason: "network is unreachable"}
		}
		return well(since, d)
	}, nil)
	if n, _ := s.of("source-0"); n != 0 {
		t.Errorf("%d samples of a blind probe", n)
	}
	if n, _ := s.of("source-1"); n != 10 {
		t.Errorf("%d samples of the other", n)
	}
	if st := r.Statuses(); len(st) != 2 || !st[0].Blind || st[0].Reason == "" || st[1].Blind {
		t.Errorf("%+v", st)
	}
	if got := s.beats(start); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestDefinitionsAreReplacedWhileRunning(t *testing.T) {
	first := hosts(3)
	second := append(hosts(2), Definition{Source: "new", Services: []string{"a", "b"}, Type: TypeTCP, Target: "new.example:1", Interval: 10 * time.Second})
	s, _, start := minutes(t, 10, Options{}, first, well, func(r *Runner, start time.Time) {
		time.Sleep(5 * time.Minute)
		if p := r.Set(second); len(p) > 0 {
			t.Error(p)
		}
	})
	for source, want := range map[string]int{"source-0": 20, "source-1": 20, "source-2": 10, "new": 60} { // two services
		if n, _ := s.of(source); n != want {
			t.Errorf("%s: %d samples, want %d", source, n, want)
		}
	}
	if got := s.beats(start); len(got) != 8 {
		t.Errorf("%v: a change costs no heartbeat", got)
	}
}

func TestAClockThatJumpsLeavesAGap(t *testing.T) {
	for _, jump := range []time.Duration{3 * time.Minute, -3 * time.Minute} {
		var ahead atomic.Int64
		s, _, start := minutes(t, 12, Options{}, hosts(5), well, func(r *Runner, start time.Time) {
			r.mu.Lock()
			r.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
			r.mu.Unlock()
			time.Sleep(5*time.Minute + 30*time.Second)
			ahead.Store(int64(jump))
		})
		got := s.beats(start)
		for _, b := range got {
			if jump > 0 && (b == 5 || b == 6 || b == 7) {
				t.Errorf("%s: minute %d, which did not take place, is vouched for: %v", jump, b, got)
			}
		}
		if len(got) < 5 {
			t.Errorf("%s: %v: the runner did not go on", jump, got)
		}
	}
}

func TestProbesAreSpreadOverTheirInterval(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	var perSecond [30]int
	for i := range 2000 {
		d, _ := Definition{Source: fmt.Sprintf("source-%d", i), Type: TypeTCP, Target: "a:1"}.withDefaults()
		due := next(&d, now)
		if !due.After(now) || due.After(now.Add(d.Interval)) || !next(&d, due).Equal(due.Add(d.Interval)) {
			t.Fatalf("due at %s", due)
		}
		perSecond[due.Unix()%30]++
	}
	if most := slices.Max(perSecond[:]); most > 110 {
		t.Errorf("%d of 2000 probes fall on one second: %v", most, perSecond)
	}
}
