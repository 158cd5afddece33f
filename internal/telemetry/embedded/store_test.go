package embedded

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/storage"

	"diapason/internal/telemetry"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func open(t testing.TB, o Options) *Store {
	t.Helper()
	if o.Folder == "" {
		o.Folder = t.TempDir()
	}
	if o.Now == nil {
		o.Now = func() time.Time { return at(100) }
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func sample(name string, when time.Time, v float64, labels ...string) telemetry.Sample {
	l := map[string]string{"__name__": name}
	for i := 0; i+1 < len(labels); i += 2 {
		l[labels[i]] = labels[i+1]
	}
	return telemetry.Sample{Labels: l, At: when, Value: v}
}

func put(t testing.TB, s *Store, samples ...telemetry.Sample) {
	t.Helper()
	if refused, err := s.Append(context.Background(), samples); err != nil || refused > 0 {
		t.Fatalf("refused %d: %v", refused, err)
	}
}

// counter is a counter that grows by one each second, scraped every 30 s.
func counter(name string, minutes int, labels ...string) []telemetry.Sample {
	var out []telemetry.Sample
	for i := range minutes * 2 {
		out = append(out, sample(name, noon.Add(time.Duration(i)*30*time.Second+7*time.Second), float64(i*30), labels...))
	}
	return out
}

func TestRangeAnswersAtTheInstantsAskedAbout(t *testing.T) {
	s := open(t, Options{})
	put(t, s, counter("requests_total", 60, "job", "portal")...)
	put(t, s, sample("up", at(0), 1, "job", "portal"), sample("up", at(20), 0, "job", "portal"), sample("nothing", at(0), math.NaN()))
	for _, c := range []struct {
		name, expression string
		from, to         time.Time
		step             time.Duration
		want             map[int]float64 // by minute
	}{
		{"the increase over each minute of a counter", "increase(requests_total[1m])", at(2), at(4), time.Minute, map[int]float64{2: 60, 3: 60, 4: 60}},
		{"a gauge counts for five minutes, then nothing is known", "up", at(3), at(7), 2 * time.Minute, map[int]float64{3: 1}},
		{"the end is asked about where a step falls on it", "up", at(0), at(4), 2 * time.Minute, map[int]float64{0: 1, 2: 1, 4: 1}},
		{"no series is an answer without points", "absent_metric", at(0), at(9), time.Minute, map[int]float64{}},
		{"a scalar is the same at each instant", "2 + 3", at(0), at(1), time.Minute, map[int]float64{0: 5, 1: 5}},
		{"not a number stays one", "nothing", at(0), at(0), time.Minute, map[int]float64{0: math.NaN()}},
		{"nothing divided by nothing is not a number", "0 * up / 0", at(0), at(0), time.Minute, map[int]float64{0: math.NaN()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := s.Range(context.Background(), c.expression, c.from, c.to, c.step)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Points) != len(c.want) {
				t.Fatalf("%v, want %v", a.Points, c.want)
			}
			for _, p := range a.Points {
				want, ok := c.want[int(p.At.Sub(noon).Minutes())]
				if !ok || math.Abs(p.Value-want) > 1e-9 && !(math.IsNaN(want) && math.IsNaN(p.Value)) {
					t.Errorf("%v, want %v", p, want)
				}
			}
		})
	}
}

func TestAStaleSeriesEndsAtOnce(t *testing.T) {
	s := open(t, Options{})
	put(t, s, sample("up", at(0), 1), sample("up", at(1), math.Float64frombits(0x7ff0000000000002)))
	a, err := s.Range(context.Background(), "up", at(0), at(2), time.Minute)
	if err != nil || len(a.Points) != 1 || a.Points[0].Value != 1 {
		t.Errorf("%v, %v: want the first minute only", a.Points, err)
	}
}

func TestRangeRefuses(t *testing.T) {
	s := open(t, Options{MaxSamples: 50_000, Timeout: 300 * time.Millisecond})
	for _, job := range []string{"a", "b", "c"} {
		put(t, s, counter("requests_total", 90, "job", job)...)
	}
	hour := func(e string) func() (telemetry.Answer, error) {
		return func() (telemetry.Answer, error) {
			return s.Range(context.Background(), e, at(0), at(60), time.Minute)
		}
	}
	for _, c := range []struct {
		name string
		ask  func() (telemetry.Answer, error)
		want error
	}{
		{"what does not parse", hour("sum(requests_total"), telemetry.ErrExpression},
		{"an unknown function", hour("frobnicate(requests_total)"), telemetry.ErrExpression},
		{"a range vector as the answer", hour("requests_total[5m]"), telemetry.ErrExpression},
		{"a text as the answer", hour(`"yes"`), telemetry.ErrExpression},
		{"a join that matches many to many", hour("requests_total + on() requests_total"), telemetry.ErrExpression},
		{"several series", hour("requests_total"), telemetry.ErrManySeries},
		{"a subquery with more samples than allowed", hour("max_over_time(vector(1)[30d:1s])"), telemetry.ErrLimit},
		{"subqueries within subqueries", hour("sum_over_time(sum_over_time(sum_over_time(vector(1)[1d:1s])[1d:1s])[1d:1s])"), telemetry.ErrLimit},
		{"an expression without end", hour(strings.Repeat("1+", 100_000) + "1"), telemetry.ErrLimit},
		{"more instants than are answered at once", func() (telemetry.Answer, error) {
			return s.Range(context.Background(), "up", noon, noon.AddDate(1, 0, 0), time.Second)
		}, telemetry.ErrLimit},
		{"a range of many instants with many series", func() (telemetry.Answer, error) {
			return s.Range(context.Background(), "sum(requests_total * on(job) group_left() requests_total)", at(0), at(90), 20*time.Millisecond)
		}, telemetry.ErrLimit},
		{"who has gone", func() (telemetry.Answer, error) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return s.Range(ctx, "up", at(0), at(1), time.Minute)
		}, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			started := time.Now()
			a, err := c.ask()
			if !errors.Is(err, c.want) || len(a.Points) > 0 {
				t.Errorf("%d points, %v; want %v", len(a.Points), err, c.want)
			}
			if d := time.Since(started); d > 5*time.Second {
				t.Errorf("the refusal took %s", d)
			}
		})
	}
	for name, ask := range map[string]func() (telemetry.Answer, error){
		"an end before the start": func() (telemetry.Answer, error) {
			return s.Range(context.Background(), "up", at(1), at(0), time.Minute)
		},
		"no step": func() (telemetry.Answer, error) { return s.Range(context.Background(), "up", at(0), at(1), 0) },
	} {
		if _, err := ask(); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestAppendRefusesSingleSamples(t *testing.T) {
	s := open(t, Options{})
	put(t, s, sample("up", at(90), 1, "job", "portal"))
	for _, c := range []struct {
		name    string
		sample  telemetry.Sample
		refused int
	}{
		{"the same sample again is taken once", sample("up", at(90), 1, "job", "portal"), 0},
		{"another value for the same instant is refused", sample("up", at(90), 0, "job", "portal"), 1},
		{"an hour late is taken", sample("up", at(30), 1, "job", "portal"), 0},
		{"six days late is taken", sample("up", at(90-6*24*60), 1, "job", "portal"), 0},
		{"eight days late is refused", sample("up", at(90-8*24*60), 1, "job", "portal"), 1},
		{"nine minutes ahead is taken", sample("up", at(109), 1, "job", "ahead"), 0},
		{"eleven minutes ahead is refused", sample("up", at(111), 1, "job", "ahead"), 1},
		{"ten years ahead is refused", sample("up", at(100).AddDate(10, 0, 0), 1), 1},
		{"a sample without a name is refused", telemetry.Sample{Labels: map[string]string{"job": "x"}, At: at(90)}, 1},
		{"a label that is not text is refused", sample("up", at(90), 1, "job", "\xff"), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused, err := s.Append(context.Background(), []telemetry.Sample{c.sample, sample("beside", at(99), 1, "of", c.name)})
			if err != nil || refused != c.refused {
				t.Errorf("refused %d, %v; want %d", refused, err, c.refused)
			}
			a, err := s.Range(context.Background(), `beside{of="`+c.name+`"}`, at(99), at(99), time.Minute)
			if err != nil || len(a.Points) != 1 {
				t.Errorf("the sample beside it was not stored: %v, %v", a.Points, err)
			}
		})
	}
	a, err := s.Range(context.Background(), `up{job="portal"}`, at(30), at(90), time.Hour)
	if err != nil || len(a.Points) != 2 || a.Points[1].Value != 1 {
		t.Errorf("%v, %v", a.Points, err)
	}
}

func TestSamplesOutliveARestart(t *testing.T) {
	folder := t.TempDir()
	s := open(t, Options{Folder: folder})
	put(t, s, counter("requests_total", 60)...)
	put(t, s, sample("late", at(60), 1))
	put(t, s, sample("late", at(-600), 2))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Folder: folder})
	for expression, want := range map[string]float64{"count_over_time(requests_total[2h])": 120, "sum_over_time(late[12h])": 3} {
		a, err := s.Range(context.Background(), expression, at(61), at(61), time.Minute)
		if err != nil || len(a.Points) != 1 || a.Points[0].Value != want {
			t.Errorf("%s: %v, %v; want %v", expression, a.Points, err, want)
		}
	}
}

func TestOneFolderServesOneProcess(t *testing.T) {
	s := open(t, Options{})
	_, err := Open(Options{Folder: s.Folder()})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), s.Folder()) {
		t.Errorf("%v", err)
	}
}

// blockOf makes a store with one block on disk and gives its name.
func blockOf(t *testing.T, folder string) string {
	t.Helper()
	s := open(t, Options{Folder: folder, Now: func() time.Time { return at(600) }})
	put(t, s, counter("requests_total", 400)...)
	if err := s.db.Compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	blocks := s.db.Blocks()
	if len(blocks) == 0 {
		t.Fatal("no block was written")
	}
	name := filepath.Base(blocks[0].Dir())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDamageIsSaidWithTheWayOut(t *testing.T) {
	for _, c := range []struct {
		name string
		file string
		data string
	}{
		{"an index that was cut off", "index", "\xba\xaa"},
		{"an index full of nonsense", "index", strings.Repeat("nonsense", 100)},
		{"a description that was cut off", "meta.json", `{"ulid": "01`},
		{"a description of something else", "meta.json", `{"version": 7}`},
		{"chunks without a head", "chunks/000001", "xx"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			block := blockOf(t, folder)
			if err := os.WriteFile(filepath.Join(folder, block, c.file), []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(Options{Folder: folder})
			var damage *DamageError
			if !errors.As(err, &damage) || len(damage.Parts) != 1 || damage.Parts[0] != block {
				if s != nil {
					_ = s.Close()
				}
				t.Fatalf("%v", err)
			}
			if err := os.Rename(filepath.Join(folder, block), filepath.Join(t.TempDir(), block)); err != nil {
				t.Fatal(err)
			}
			s = open(t, Options{Folder: folder})
			a, err := s.Range(context.Background(), "requests_total", at(0), at(399), time.Minute)
			if err != nil || len(a.Points) == 0 || len(a.Points) == 400 {
				t.Errorf("after moving the block away: %d points, %v; want those of the rest", len(a.Points), err)
			}
		})
	}
}

func TestADamagedLogIsCutWhereTheDamageBegins(t *testing.T) {
	folder := t.TempDir()
	s := open(t, Options{Folder: folder})
	put(t, s, counter("requests_total", 30)...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	segments, _ := filepath.Glob(filepath.Join(folder, "wal", "0*"))
	first := segments[0]
	before, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	used := len(strings.TrimRight(string(before), "\x00"))
	before[used-used/4] ^= 0xff
	if err := os.WriteFile(first, before, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Folder: folder}) // opens: the answers are those before the damage
	a, err := s.Range(context.Background(), "count_over_time(requests_total[1h])", at(31), at(31), time.Minute)
	if err != nil || len(a.Points) == 1 && a.Points[0].Value == 60 {
		t.Errorf("%v, %v", a.Points, err)
	}
	put(t, s, sample("up", at(40), 1))
}

func TestRetentionBelowReasonIsRefused(t *testing.T) {
	if _, err := Open(Options{Folder: t.TempDir(), Retention: time.Minute}); err == nil {
		t.Error("a minute is taken")
	}
}

func TestTheEngineSaysItsVersion(t *testing.T) {
	s := open(t, Options{})
	e, err := s.Engine(context.Background())
	if err != nil || e.Name != "prometheus" || !strings.HasPrefix(e.Version, "3.") || e.Where != "embedded" {
		t.Errorf("%+v, %v", e, err)
	}
	modules, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var minor, patch int
	_, after, _ := strings.Cut(string(modules), "github.com/prometheus/prometheus v0.")
	if _, err := fmt.Sscanf(after, "%d.%d", &minor, &patch); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%d.%d.%d", minor/100, minor%100, patch); e.Version != want {
		t.Errorf("the engine says version %s, go.mod %s", e.Version, want)
	}
}

// elsewhere is a Querier that remembers what it was asked.
type elsewhere struct{ asked []string }

func (e *elsewhere) Range(_ context.Context, expression string, _, _ time.Time, _ time.Duration) (telemetry.Answer, error) {
	e.asked = append(e.asked, expression)
	return telemetry.Answer{}, telemetry.ErrUnavailable
}

func (e *elsewhere) Engine(context.Context) (telemetry.Engine, error) {
	return telemetry.Engine{}, telemetry.ErrUnavailable
}

func TestBesideARemoteServerOnlyOwnMetricsAreAnsweredHere(t *testing.T) {
	s := open(t, Options{})
	for expression, own := range map[string]bool{
		`min_over_time(probe_success{source="portal"}[1m])`:                                true,
		`probe_success{source="portal"} * on() group_left() max(diapason_probe_heartbeat)`: true,
		`diapason_probe_heartbeat`:                                                         true,
		`probe_success{instance="https://portal.example"}`:                                 false, // another prober's
		`sum(requests_total)`:                                                              false,
		`probe_success{source="portal"} or up`:                                             false,
		`{source="portal"}`:                                                                false,
		`vector(1)`:                                                                        false,
		`sum(`:                                                                             false,
	} {
		var e elsewhere
		_, _ = s.Beside(&e).Range(context.Background(), expression, at(0), at(1), time.Minute)
		if asked := len(e.asked) == 0; asked != own {
			t.Errorf("%s: answered here %t, want %t", expression, asked, own)
		}
	}
}

func TestRefusalsAreThoseOfOneSample(t *testing.T) {
	if !Refusal(storage.ErrTooOldSample) || Refusal(errors.New("no space left on device")) {
		t.Error("a refusal and a fault are mixed up")
	}
}
