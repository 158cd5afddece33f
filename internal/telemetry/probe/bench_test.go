package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"diapason/internal/anchor"
	"diapason/internal/telemetry"
	"diapason/internal/telemetry/embedded"
)

// BenchmarkProbes is the cost of one probe by HTTP on the loopback interface.
func BenchmarkProbes(b *testing.B) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	defer site.Close()
	d, _ := Definition{Source: "a", Type: TypeHTTP, Target: site.URL}.withDefaults()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if r := ask(context.Background(), &d); !r.success {
				b.Error(r.reason)
			}
		}
	})
}

// The aims of 2 000 probes every 30 s.
const (
	aimLate = 1000.0 // ms: behind its schedule, at most
	aimCore = 50.0   // % of one core, the targets' part included
)

// targets are 2 000 probes of real targets on the loopback interface, as an organisation
// has them: most ask web pages.
func targets(b *testing.B) (definitions []Definition) {
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	site := httptest.NewServer(ok)
	b.Cleanup(site.Close)
	secure := httptest.NewUnstartedServer(ok)
	secure.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	secure.StartTLS()
	b.Cleanup(secure.Close)
	mail := listening(b, listen(b), func(c net.Conn) {
		fmt.Fprint(c, "220 mail ready\r\n")
		_, _ = bufio.NewReader(c).ReadByte() // until the prober goes
	})
	add := func(n int, d Definition, target func(i int) string) {
		for i := range n {
			d.Source, d.Target = fmt.Sprintf("source-%d", len(definitions)), target(i)
			definitions = append(definitions, d)
		}
	}
	page := func(i int) string { return fmt.Sprintf("%s/%d", site.URL, i) }
	same := func(address string) func(int) string { return func(int) string { return address } }
	add(1200, Definition{Type: TypeHTTP}, page)
	add(100, Definition{Type: TypeHTTP, Contains: "ok"}, func(i int) string { return fmt.Sprintf("%s/%d", secure.URL, i) })
	add(300, Definition{Type: TypeTCP, Contains: "220"}, same(mail))
	add(200, Definition{Type: TypeDNS, Name: "portal.example"}, same(nameServer(b)))
	add(100, Definition{Type: TypeGRPC}, same(healthServer(b)))
	add(50, Definition{Type: TypeGRPC, Secure: true}, same(healthServer(b, grpc.Creds(grpcCreds()))))
	add(50, Definition{Type: TypeTLS}, same(strings.TrimPrefix(secure.URL, "https://")))
	return definitions
}

// BenchmarkTwoThousandProbes runs 2 000 probes every 30 s for one minute, stores what they
// saw, and tells how late one began at most and what it all cost.
func BenchmarkTwoThousandProbes(b *testing.B) {
	definitions := targets(b)
	if len(definitions) != 2000 {
		b.Fatal(len(definitions))
	}
	into, err := embedded.Open(embedded.Options{Folder: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer into.Close()
	r, err := New(Options{Into: into})
	if err != nil {
		b.Fatal(err)
	}
	r.Set(definitions)
	started := time.Now()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	watch, worst := anchor.Start(), 0.0
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			worst = max(worst, r.Figures().Lag)
			time.Sleep(5 * time.Millisecond)
		}
	}()
	r.Run(ctx)
	<-ended
	_, used := watch.Read()
	count := func(expression string) float64 {
		a, err := into.Range(context.Background(), expression, time.Now(), time.Now(), time.Minute)
		if err != nil || len(a.Points) != 1 {
			b.Fatal(a.Points, err)
		}
		return a.Points[0].Value
	}
	b.ReportMetric(0, "ns/op")
	anchor.AtMost(b, worst*1000, aimLate, "ms-late-at-most")
	anchor.AtMost(b, used.Seconds()/time.Since(started).Seconds()*100, aimCore, "%-of-a-core")
	anchor.AtLeast(b, count("sum(count_over_time("+telemetry.MetricProbeSuccess+"[2m]))"), 3990, "runs")
	anchor.AtLeast(b, count("sum("+telemetry.MetricProbeSuccess+")"), 2000, "targets-seen")
}
