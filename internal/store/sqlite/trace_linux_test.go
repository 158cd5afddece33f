package sqlite

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"diapason/internal/store/storetest"
)

// TestSyncedBeforeAcknowledged watches the system calls of a process that
// commits: each acknowledgement must come after a sync of the write-ahead log
// that began after the last write to it. Killing processes cannot show this,
// because the kernel keeps what a dead process has written.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv("DIAPASON_REQUIRE_STRACE") == "1" {
			t.Fatal("strace is not installed: apt-get install strace")
		}
		t.Skip("strace is not installed: apt-get install strace")
	}
	const writers, commits = 1, 25
	again, err := storetest.Again(t.TempDir(), writers, commits)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	// -y shows the path of each file descriptor, -f follows every thread, -s
	// keeps the acknowledgements readable.
	cmd := exec.Command(strace, "-f", "-y", "-s", "200", "-o", log,
		"-e", "trace=write,pwrite64,writev,pwritev,fsync,fdatasync", again.Path)
	cmd.Env = again.Env
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "Operation not permitted") {
			t.Skipf("processes cannot be traced here: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var w walWatch
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := w.see(lines.Text()); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if w.acknowledged != commits {
		t.Fatalf("%d acknowledgements in the trace, want %d", w.acknowledged, commits)
	}
	t.Logf("%d acknowledgements, each after a sync; %d syncs of the write-ahead log in all", w.acknowledged, w.syncs)
}

// walWatch follows the write-ahead log through a trace.
type walWatch struct {
	pending      map[string]string // by thread: a call that has not returned
	writes       int               // to the log, so far
	synced       int               // writes that a finished sync covers
	fresh        bool              // the log was written since the last acknowledgement
	covers       map[string]int    // by thread: the writes before its sync began
	syncs        int
	acknowledged int
}

var traced = regexp.MustCompile(`^(\d+) +(?:<\.\.\. \w+ resumed>|(\w+)\()(.*)$`)

// see takes one line of the trace.
func (w *walWatch) see(line string) error {
	m := traced.FindStringSubmatch(line)
	if m == nil {
		return nil // signals, exits
	}
	if w.pending == nil {
		w.pending, w.covers = map[string]string{}, map[string]int{}
	}
	thread, call, rest := m[1], m[2], m[3]
	if call == "" { // resumed
		call, rest = "", w.pending[thread]+rest
		call, rest, _ = strings.Cut(rest, "(")
		delete(w.pending, thread)
	} else if err := w.begin(thread, call, rest); err != nil {
		return err
	}
	if strings.HasSuffix(line, "<unfinished ...>") {
		w.pending[thread] = call + "(" + strings.TrimSuffix(rest, "<unfinished ...>")
		return nil
	}
	return w.end(thread, call, rest)
}

// begin sees a call made.
func (w *walWatch) begin(thread, call, args string) error {
	switch {
	case strings.HasSuffix(call, "sync"):
		w.covers[thread] = w.writes
	case call == "write" && strings.Contains(args, `"ack `):
		w.acknowledged++
		if !w.fresh {
			return fmt.Errorf("acknowledgement %d came without any write to the log", w.acknowledged)
		}
		if w.synced < w.writes {
			return fmt.Errorf("acknowledgement %d came before its write to the log was synced: %s", w.acknowledged, args)
		}
		w.fresh = false
	}
	return nil
}

// end sees a call return.
func (w *walWatch) end(thread, call, rest string) error {
	target, _, _ := strings.Cut(rest, ">")
	if !strings.HasSuffix(target, "store.db-wal") {
		return nil
	}
	switch {
	case strings.Contains(call, "write"):
		w.writes++
		w.fresh = true
	case !strings.HasSuffix(rest, "= 0"):
		return errors.New("a sync of the write-ahead log failed: " + rest)
	default:
		w.syncs++
		w.synced = max(w.synced, w.covers[thread])
	}
	return nil
}

// TestWatchSeesAMissingSync shows that the trace would tell.
func TestWatchSeesAMissingSync(t *testing.T) {
	const (
		write = `7 pwrite64(5</d/store.db-wal>, "x"..., 24, 0) = 24`
		sync  = `7 fdatasync(5</d/store.db-wal>) = 0`
		ack   = `8 write(1<pipe:[1]>, "ack 1 token\n", 12) = 12`
	)
	tests := []struct {
		name  string
		trace []string
		wrong bool
	}{
		{"write, sync, acknowledgement is right", []string{write, sync, ack}, false},
		{"a sync that returned in time is right", []string{write, `7 fsync(5</d/store.db-wal> <unfinished ...>`, `7 <... fsync resumed>) = 0`, ack}, false},
		{"an acknowledgement without sync is wrong", []string{write, ack}, true},
		{"a sync before the write is wrong", []string{write, sync, write, ack}, true},
		{"a sync of another file is wrong", []string{write, `7 fsync(5</d/store.db>) = 0`, ack}, true},
		{"a sync that has not returned is wrong", []string{write, `7 fsync(5</d/store.db-wal> <unfinished ...>`, ack}, true},
		{"a sync that failed is wrong", []string{write, `7 fsync(5</d/store.db-wal>) = -1 EIO (Input/output error)`, ack}, true},
		{"a sync that began before the last write is wrong", []string{
			write, `9 fsync(5</d/store.db-wal> <unfinished ...>`, write, `9 <... fsync resumed>) = 0`, ack,
		}, true},
		{"an acknowledgement of nothing written is wrong", []string{write, sync, ack, ack}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var w walWatch
			var err error
			for _, line := range tt.trace {
				if err = w.see(line); err != nil {
					break
				}
			}
			if (err != nil) != tt.wrong {
				t.Errorf("got %v", err)
			}
		})
	}
}
