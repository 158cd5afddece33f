package sqlite

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"diapason/internal/store/storetest"
)

// TestSyncedBeforeAcknowledged watches the system calls of a process that
// commits: each acknowledgement must come after a sync of the write-ahead log
// that began after the last write to it.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	strace := storetest.Strace(t)
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
	w := walWatch()
	if err := w.Read(log); err != nil {
		t.Fatal(err)
	}
	if w.Acknowledged != commits {
		t.Fatalf("%d acknowledgements in the trace, want %d", w.Acknowledged, commits)
	}
	t.Logf("%d acknowledgements, each after a sync; %d syncs of the write-ahead log in all", w.Acknowledged, w.Syncs)
}

// walWatch follows the write-ahead log and the lines that a stream of commits
// writes.
func walWatch() *storetest.SyncWatch {
	return &storetest.SyncWatch{
		IsLog:        func(path string) bool { return strings.HasSuffix(path, "store.db-wal") },
		Acknowledges: func(_, call, args string) bool { return call == "write" && strings.Contains(args, `"ack `) },
	}
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
			w := walWatch()
			var err error
			for _, line := range tt.trace {
				if err = w.See(line); err != nil {
					break
				}
			}
			if (err != nil) != tt.wrong {
				t.Errorf("got %v", err)
			}
		})
	}
}
