package postgres

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"syscall"
	"testing"

	"diapason/internal/store"
	"diapason/internal/store/pgtest"
)

// TestDiskFull puts a database on a file system of 16 megabytes.
func TestDiskFull(t *testing.T) {
	ctx := context.Background()
	address, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	server, err := os.Stat(address.Query().Get("host"))
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir, which is closed to the server's account.
	folder, err := os.MkdirTemp("/tmp", "pgs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(folder) })
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v): run as root", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	if err := os.Chown(folder, int(server.Sys().(*syscall.Stat_t).Uid), int(server.Sys().(*syscall.Stat_t).Gid)); err != nil {
		t.Fatal(err)
	}
	admin := openTest(t, address.String())
	execute(t, admin, fmt.Sprintf(`CREATE TABLESPACE small LOCATION '%s'`, folder))
	t.Cleanup(func() { execute(t, admin, `DROP TABLESPACE small`) })
	execute(t, admin, `CREATE DATABASE test_small TABLESPACE small TEMPLATE template0`)
	t.Cleanup(func() { execute(t, admin, `DROP DATABASE test_small WITH (FORCE)`) })
	address.Path = "/test_small"
	s := openTest(t, address.String())
	last, err := fill(t, s)
	wantFault(t, err, store.CodeDiskFull)
	if head, err := s.Head(ctx); err != nil || head != last || last == 0 {
		t.Errorf("head %d, %v; %d were acknowledged", head, err, last)
	}
	if report, err := s.Fsck(ctx, store.FsckOptions{}); err != nil || report.Total != 0 {
		t.Fatalf("fsck: %+v, %v", report, err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if done, err := s.Commit(ctx, change("after", []byte(`{}`))); err != nil || done.Seq != last+1 {
		t.Errorf("after space was made: %+v, %v", done, err)
	}
}
