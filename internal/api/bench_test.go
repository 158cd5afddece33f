//go:build unix

package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"diapason/internal/app"
	"diapason/internal/generate"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store/sqlite"
)

// bench is a server on a large generated organisation, shared by the benchmarks
// of this file.
type bench struct {
	url    string
	cookie *http.Cookie
	app    *app.App
	start  time.Duration
	ready  time.Duration
	first  time.Duration // the first what-if question, asked as soon as the server answers
}

var (
	benchOnce sync.Once
	benchIt   *bench
)

func largeServer(b *testing.B) *bench {
	if os.Getenv("DIAPASON_BENCH") == "" {
		b.Skip("set DIAPASON_BENCH=1: this loads 115 000 objects (make bench does)")
	}
	benchOnce.Do(func() {
		dir, err := os.MkdirTemp("", "diapason-bench-")
		if err != nil {
			b.Fatal(err)
		}
		ctx := b.Context()
		open := func() (*sqlite.Store, *app.App, *identity.Directory) {
			st, err := sqlite.Open(b.Context(), dir, sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			d, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
			if err != nil {
				b.Fatal(err)
			}
			a, err := app.Open(b.Context(), app.Options{Store: st, Directory: d, On: generate.On})
			if err != nil {
				b.Fatal(err)
			}
			return st, a, d
		}
		st, a, _ := open()
		var objects []*model.Object
		generate.Objects(generate.Size{Services: 10_000, Components: 100_000, Seed: 1}, func(o *model.Object) { objects = append(objects, o) })
		if err := a.Restore(ctx, identity.Operator(), objects, "bench"); err != nil {
			b.Fatal(err)
		}
		a.Close()
		st.Close()
		started := time.Now()
		_, a, d := open()
		it := &bench{app: a, start: time.Since(started)}
		g, err := identity.ParseGrant("", "design-coordinator")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.CreateAccount(ctx, identity.ByOperator, "bench", identity.NewAccount{Login: "design-coordinator", Name: "bench", Language: "en", Grants: []identity.Grant{g}}); err != nil {
			b.Fatal(err)
		}
		if _, err := a.Current(ctx, 1); err != nil {
			b.Fatal(err)
		}
		it.ready = time.Since(started)
		srv := httptest.NewServer(New(Options{App: a, Version: "bench", Example: true}))
		it.url = srv.URL
		res, err := http.Post(srv.URL+"/api/v1/example-session", "application/json", bytes.NewReader([]byte(`{"login":"design-coordinator"}`)))
		if err != nil || len(res.Cookies()) == 0 {
			b.Fatal(err, res)
		}
		it.cookie = res.Cookies()[0]
		body := map[string]any{"puts": []any{changedComponent(a, "component-000001")}}
		asked := time.Now()
		it.do(b, "POST", "/what-if", body)
		it.first = time.Since(asked)
		benchIt = it
	})
	if benchIt == nil {
		b.Fatal("the server could not be set up")
	}
	return benchIt
}

func (x *bench) do(b testing.TB, method, path string, body any) []byte {
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, x.url+"/api/v1"+path, in)
	if err != nil {
		b.Fatal(err)
	}
	req.AddCookie(x.cookie)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		b.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, out, err)
	}
	return out
}

func reportTimes(b *testing.B, name string, times []time.Duration) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	for _, p := range []struct {
		label string
		q     float64
	}{{"p50", .5}, {"p95", .95}, {"p99", .99}, {"max", 1}} {
		i := min(int(p.q*float64(len(times))), len(times)-1)
		b.ReportMetric(float64(times[i].Microseconds())/1000, name+"-"+p.label+"-ms")
	}
}

// BenchmarkServerStart tells how long the server takes to open 115 000 objects,
// and until every rule has seen them.
func BenchmarkServerStart(b *testing.B) {
	x := largeServer(b)
	for b.Loop() {
	}
	b.ReportMetric(x.start.Seconds(), "open-s")
	b.ReportMetric(x.ready.Seconds(), "assessed-s")
}

func changedComponent(a *app.App, name string) map[string]any {
	o := a.Head().Get(model.Ref{Kind: "component", Name: name}).Clone()
	c := o.Spec.(*model.Component)
	c.MTTR += model.Duration(time.Hour)
	return map[string]any{"document": json.RawMessage(o.Document())}
}

// processorTime is the processor time that this process has used, client, server and
// garbage collector together: on a loaded machine it tells more than the clock.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWhatIf asks what random components' slower repair would bring, and
// then the component that most things stand on.
func BenchmarkWhatIf(b *testing.B) {
	x := largeServer(b)
	r := rand.New(rand.NewPCG(1, 2))
	var random, processor, hub []time.Duration
	ask := func(name string) (took, used time.Duration) {
		body := map[string]any{"puts": []any{changedComponent(x.app, name)}}
		started, before := time.Now(), processorTime()
		x.do(b, "POST", "/what-if", body)
		return time.Since(started), processorTime() - before
	}
	for b.Loop() {
		for range 200 {
			took, used := ask(fmt.Sprintf("component-%06d", r.IntN(100_000)))
			random, processor = append(random, took), append(processor, used)
		}
		most, name := 0, ""
		s := x.app.Head()
		for _, h := range s.OfKind("component") {
			if n := len(s.In(h)); n > most {
				most, name = n, s.Ref(h).Name
			}
		}
		for range 3 {
			took, _ := ask(name)
			hub = append(hub, took)
		}
	}
	b.ReportMetric(float64(x.first.Microseconds())/1000, "first-ms")
	reportTimes(b, "random", random)
	reportTimes(b, "random-cpu", processor)
	reportTimes(b, "hub", hub)
}

// BenchmarkSearchUnderCommits searches 500 times a second while objects are
// committed one by one, durably.
func BenchmarkSearchUnderCommits(b *testing.B) {
	x := largeServer(b)
	r := rand.New(rand.NewPCG(3, 4))
	queries := []string{"service 12", "component 4", "paie", "équipe", "supplier", "site 3", "person 77", "agreement"}
	for b.Loop() {
		var mu sync.Mutex
		var searches, commits []time.Duration
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Millisecond):
				}
				put := changedComponent(x.app, fmt.Sprintf("component-%06d", r.IntN(100_000)))
				put["expect"] = -1
				body := map[string]any{"title": "bench", "puts": []any{put}}
				started := time.Now()
				x.do(b, "POST", "/changes", body)
				commits = append(commits, time.Since(started))
			}
		})
		const rate, seconds = 500, 20
		var each sync.WaitGroup
		tick := time.NewTicker(time.Second / rate)
		for i := range rate * seconds {
			<-tick.C
			each.Go(func() {
				started := time.Now()
				x.do(b, "GET", "/search?q="+queries[i%len(queries)][:4]+"&limit=10", nil)
				d := time.Since(started)
				mu.Lock()
				searches = append(searches, d)
				mu.Unlock()
			})
		}
		tick.Stop()
		each.Wait()
		close(stop)
		wg.Wait()
		reportTimes(b, "search", searches)
		reportTimes(b, "commit", commits)
	}
}
