package postgres

import (
	"regexp"
	"strings"
	"testing"

	"diapason/internal/store/pgtest"
	"diapason/internal/store/storetest"
)

// TestSyncedBeforeAcknowledged watches the system calls of a server on which
// commits stream in: the server's word that a commit is done must come after a
// sync of its write-ahead log that began after the last write to it. Settings of
// the server that weaken this are overruled by the store's connections, which
// TestDurableWhateverTheServerSays shows.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	strace := storetest.Strace(t)
	url, stop := pgtest.Traced(t, strace)
	const writers, commits = 1, 25
	stream, err := storetest.Again(url, writers, commits)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := stream.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w := walWatch()
	if err := w.Read(stop()); err != nil {
		t.Fatal(err)
	}
	if w.Acknowledged != commits {
		t.Fatalf("%d acknowledgements in the trace, want %d", w.Acknowledged, commits)
	}
	t.Logf("%d acknowledgements, each after a sync; %d syncs of the write-ahead log in all", w.Acknowledged, w.Syncs)
}

var (
	walSegment = regexp.MustCompile(`/pg_wal/[0-9A-F]{24}$`)
	token      = regexp.MustCompile(`writer-\d+-commit-\d+`)
)

// walWatch follows the segments of the write-ahead log, and acknowledges where a
// process that was given an entry of the stream says that the commit is done.
func walWatch() *storetest.SyncWatch {
	given := map[string]bool{} // processes that hold an entry of the stream
	return &storetest.SyncWatch{
		IsLog: walSegment.MatchString,
		Acknowledges: func(process, call, args string) bool {
			if call != "sendto" || !strings.Contains(args, `COMMIT\0`) || !given[process] {
				return false
			}
			delete(given, process)
			return true
		},
		Returned: func(process, call, rest string) {
			if call == "recvfrom" && token.MatchString(rest) {
				given[process] = true
			}
		},
	}
}

// TestWatchSeesAMissingSync shows that the trace would tell.
func TestWatchSeesAMissingSync(t *testing.T) {
	const (
		entry   = `7 recvfrom(9<UNIX-STREAM:[1]>, "B\0\0\0start-0-writer-0-commit-3\0\0", 8192, 0, NULL, NULL) = 40`
		write   = `7 pwrite64(5</p/data/pg_wal/000000010000000000000001>, "x", 8192, 24576) = 8192`
		sync    = `7 fdatasync(5</p/data/pg_wal/000000010000000000000001>) = 0`
		ack     = `7 sendto(9<UNIX-STREAM:[1]>, "C\0\0\0\vCOMMIT\0Z\0\0\0\5I", 18, 0, NULL, 0) = 18`
		reading = `8 sendto(9<UNIX-STREAM:[2]>, "C\0\0\0\vCOMMIT\0Z\0\0\0\5I", 18, 0, NULL, 0) = 18`
	)
	tests := []struct {
		name  string
		trace []string
		wrong bool
	}{
		{"write, sync, acknowledgement is right", []string{entry, write, sync, ack}, false},
		{"a sync by the log's own writer is right", []string{entry, write, strings.Replace(sync, "7", "3", 1), ack}, false},
		{"the end of a transaction that wrote nothing needs no sync", []string{entry, write, reading, sync, ack}, false},
		{"an acknowledgement without sync is wrong", []string{entry, write, ack}, true},
		{"an acknowledgement without a write is wrong", []string{entry, ack}, true},
		{"a sync before the write is wrong", []string{entry, write, sync, write, ack}, true},
		{"a sync of another file is wrong", []string{entry, write, `7 fdatasync(5</p/data/base/1/2>) = 0`, ack}, true},
		{"a sync that has not returned is wrong", []string{entry, write, `3 fdatasync(5</p/data/pg_wal/000000010000000000000001> <unfinished ...>`, ack}, true},
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
