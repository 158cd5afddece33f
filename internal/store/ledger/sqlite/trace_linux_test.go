package sqlite

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"diapason/internal/store/ledger/ledgertest"
	"diapason/internal/store/storetest"
)

// TestSyncedBeforeAcknowledged watches the system calls of a process that records day
// after day: each acknowledgement must come after a sync of the ledger's write-ahead log
// that began after the last write to it. Killing cannot show this, because the kernel keeps
// what a dead process has written.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	strace := storetest.Strace(t)
	const days = 12
	again := ledgertest.Again(t.TempDir(), days)
	log := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command(strace, "-f", "-y", "-s", "200", "-o", log, "-e", "trace=write,pwrite64,writev,pwritev,fsync,fdatasync", again.Path)
	cmd.Env = again.Env
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "Operation not permitted") {
			t.Skipf("processes cannot be traced here: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	w := storetest.SyncWatch{
		IsLog: func(path string) bool { return strings.HasSuffix(path, FileName+"-wal") },
		Acknowledges: func(_, call, args string) bool {
			return call == "write" && strings.HasPrefix(args, "1<") && strings.Contains(args, `"200`)
		},
	}
	if err := w.Read(log); err != nil {
		t.Fatal(err)
	}
	if w.Acknowledged != days || w.Syncs < days {
		t.Errorf("%d acknowledgements and %d syncs in the trace, want %d days", w.Acknowledged, w.Syncs, days)
	}
}
