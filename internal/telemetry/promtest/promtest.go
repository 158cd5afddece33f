// Package promtest gives tests a real Prometheus: a private process of the installed
// server, listening on the loopback interface, that takes samples by Remote Write and is
// gone with the test.
package promtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"

	"diapason/internal/telemetry"
)

// Require is the environment variable that, set to 1, makes a missing Prometheus a
// failure instead of a skipped test.
const Require = "DIAPASON_REQUIRE_PROMETHEUS"

// Start starts a Prometheus without targets and gives its address. flags are added to its
// command line. Without Prometheus on the machine the test is skipped, or fails when
// DIAPASON_REQUIRE_PROMETHEUS=1.
func Start(t testing.TB, flags ...string) string {
	t.Helper()
	return StartWith(t, "global: {scrape_interval: 1h}\n", flags...)
}

// StartWith is Start with a configuration.
func StartWith(t testing.TB, configuration string, flags ...string) string {
	t.Helper()
	binary, err := exec.LookPath("prometheus")
	if err != nil {
		if os.Getenv(Require) == "1" {
			t.Fatal("Prometheus is not installed: apt-get install prometheus")
		}
		t.Skip("Prometheus is not installed: apt-get install prometheus")
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	if err := os.WriteFile(config, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	var said output
	cmd := exec.Command(binary, slices.Concat([]string{
		"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(folder, "data"), "--web.listen-address=" + address,
		"--web.enable-remote-write-receiver", "--storage.tsdb.retention.time=1000d", "--log.level=warn",
	}, flags)...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error, 1), make(chan struct{})
	go func() { // Pdeathsig follows the thread that started the process
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	url := "http://" + address
	if err := answers(url, ended); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	return url
}

func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func answers(url string, ended <-chan struct{}) error {
	deadline := time.After(30 * time.Second)
	for {
		if r, err := http.Get(url + "/-/ready"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ended:
			return errors.New("Prometheus ended by itself")
		case <-deadline:
			return errors.New("Prometheus is not ready after 30 s")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Write sends samples to a server by Remote Write 1.0, in order of time, as a Prometheus
// without a window for late samples wants them.
func Write(t testing.TB, url string, samples []telemetry.Sample) {
	t.Helper()
	samples = slices.Clone(samples)
	slices.SortStableFunc(samples, func(a, b telemetry.Sample) int { return a.At.Compare(b.At) })
	for part := range slices.Chunk(samples, 5000) {
		r, err := http.NewRequest(http.MethodPost, url+"/api/v1/write", bytes.NewReader(Encode(part)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-protobuf")
		r.Header.Set("Content-Encoding", "snappy")
		r.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode/100 != 2 {
			t.Fatalf("%s: %s", answer.Status, body)
		}
	}
}

// Encode is a Remote Write 1.0 request of samples, compressed.
func Encode(samples []telemetry.Sample) []byte {
	var w prompb.WriteRequest
	for _, s := range samples {
		ts := prompb.TimeSeries{Samples: []prompb.Sample{{Timestamp: s.At.UnixMilli(), Value: s.Value}}}
		for name, value := range s.Labels {
			ts.Labels = append(ts.Labels, prompb.Label{Name: name, Value: value})
		}
		slices.SortFunc(ts.Labels, func(a, b prompb.Label) int { return strings.Compare(a.Name, b.Name) })
		w.Timeseries = append(w.Timeseries, ts)
	}
	data, err := w.Marshal()
	if err != nil {
		panic(fmt.Sprint("samples of a test cannot be encoded: ", err))
	}
	return snappy.Encode(nil, data)
}

// output is what a process says.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
