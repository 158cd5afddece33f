package sqlite

import (
	"syscall"
	"testing"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

func TestDiskFull(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v): run as root", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	l := openTest(t, folder, nil)
	days, err := fill(t, l)
	wantFault(t, err, store.CodeDiskFull)
	wantWhole(t, l, days)
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(t.Context(), []ledger.Record{{Series: "after", Day: 20_000}}); err != nil {
		t.Errorf("after space was made: %v", err)
	}
}
