package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// RequireStrace is the environment variable that, set to 1, makes a missing
// strace a failure instead of a skipped test.
const RequireStrace = "DIAPASON_REQUIRE_STRACE"

// Strace finds strace; without it the test is skipped, or fails when
// DIAPASON_REQUIRE_STRACE=1.
func Strace(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv(RequireStrace) == "1" {
			t.Fatal("strace is not installed: apt-get install strace")
		}
		t.Skip("strace is not installed: apt-get install strace")
	}
	return path
}

// SyncWatch follows a log file through a trace of system calls (strace -f -y) and
// refuses an acknowledgement that comes before the writes to the log are synced,
// or without any. Killing processes cannot show this, because the kernel keeps
// what a dead process has written.
type SyncWatch struct {
	// IsLog tells the log by its path.
	IsLog func(path string) bool
	// Acknowledges tells the call that acknowledges a commit, when it is made.
	Acknowledges func(thread, call, args string) bool
	// Returned sees every call that returns; may be nil.
	Returned func(thread, call, rest string)

	Syncs        int // of the log
	Acknowledged int

	pending map[string]string // by thread: a call that has not returned
	writes  int               // to the log, so far
	synced  int               // writes that a finished sync covers
	fresh   bool              // the log was written since the last acknowledgement
	covers  map[string]int    // by thread: the writes before its sync began
}

// Read sees a whole trace.
func (w *SyncWatch) Read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := w.See(lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}

var tracedCall = regexp.MustCompile(`^(\d+) +(?:<\.\.\. \w+ resumed>|(\w+)\()(.*)$`)

// See takes one line of the trace.
func (w *SyncWatch) See(line string) error {
	m := tracedCall.FindStringSubmatch(line)
	if m == nil {
		return nil // signals, exits
	}
	if w.pending == nil {
		w.pending, w.covers = map[string]string{}, map[string]int{}
	}
	thread, call, rest := m[1], m[2], m[3]
	if call == "" { // resumed
		call, rest, _ = strings.Cut(w.pending[thread]+rest, "(")
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
func (w *SyncWatch) begin(thread, call, args string) error {
	switch {
	case strings.HasSuffix(call, "sync"):
		w.covers[thread] = w.writes
	case w.Acknowledges(thread, call, args):
		w.Acknowledged++
		if !w.fresh {
			return fmt.Errorf("acknowledgement %d came without any write to the log", w.Acknowledged)
		}
		if w.synced < w.writes {
			return fmt.Errorf("acknowledgement %d came before its write to the log was synced: %s", w.Acknowledged, args)
		}
		w.fresh = false
	}
	return nil
}

// end sees a call return.
func (w *SyncWatch) end(thread, call, rest string) error {
	if w.Returned != nil {
		w.Returned(thread, call, rest)
	}
	target, _, _ := strings.Cut(rest, ">")
	_, path, _ := strings.Cut(target, "<")
	if !w.IsLog(path) {
		return nil
	}
	switch {
	case strings.Contains(call, "write"):
		w.writes++
		w.fresh = true
	case !strings.HasSuffix(call, "sync"):
	case !strings.HasSuffix(rest, "= 0"):
		return errors.New("a sync of the log failed: " + rest)
	default:
		w.Syncs++
		w.synced = max(w.synced, w.covers[thread])
	}
	return nil
}
