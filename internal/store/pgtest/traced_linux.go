package pgtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Traced starts a server of its own that waits for the disk, under strace at the
// path given, and returns the URL of a database and a function that stops the
// server and gives the path of the trace: the writes, syncs and messages of all
// its processes.
func Traced(t testing.TB, strace string) (url string, stop func() (trace string)) {
	t.Helper()
	host, exited, err := start([]string{"-c", "fsync=on", "-c", "wal_sync_method=fdatasync"},
		[]string{strace, "-f", "-y", "-s", "9000", "-o", folderMark + "/trace", "-e",
			"trace=write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sendto,recvfrom"})
	if err != nil && strings.Contains(err.Error(), "Operation not permitted") {
		t.Skipf("processes cannot be traced here: %v", err)
	}
	need(t, err)
	stopped := false
	stop = func() string {
		t.Helper()
		trace := filepath.Join(host, "trace")
		if stopped {
			return trace
		}
		stopped = true
		data, err := os.ReadFile(filepath.Join(host, "data", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(data), "\n")
		pid, err := strconv.Atoi(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGINT); err != nil { // fast shutdown
			t.Fatal(err)
		}
		select {
		case <-exited: // strace ends after all it follows
		case <-time.After(time.Minute):
			t.Fatal("the traced server does not stop")
		}
		return trace
	}
	t.Cleanup(func() { stop() })
	return address(host, "postgres"), stop
}
