package sqlite

import (
	"context"
	"strings"
	"syscall"
	"testing"

	"diapason/internal/store"
)

// mountSmall mounts a file system of one megabyte; tests that need one are
// skipped where that is not allowed.
func mountSmall(t *testing.T) (folder string, remount func(flags uintptr, options string)) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v): run as root", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return folder, func(flags uintptr, options string) {
		t.Helper()
		if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT|flags, options); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDiskFull(t *testing.T) {
	ctx := context.Background()
	folder, remount := mountSmall(t)
	s, err := Open(ctx, folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	last, err := fill(t, s)
	wantFault(t, err, store.CodeDiskFull)
	if head, err := s.Head(ctx); err != nil || head != last || last == 0 {
		t.Errorf("head %d, %v; %d were acknowledged", head, err, last)
	}
	wantClean(t, s)
	_, err = s.PutBlob(ctx, "text/plain", strings.NewReader(strings.Repeat("x", 1<<20)), 2<<20)
	wantFault(t, err, store.CodeDiskFull)
	remount(0, "size=8m")
	if done, err := s.Commit(ctx, change("after", []byte(`{}`))); err != nil || done.Seq != last+1 {
		t.Errorf("after space was made: %+v, %v", done, err)
	}
	wantClean(t, s)
}

func TestNoRoomForANewStore(t *testing.T) {
	folder, remount := mountSmall(t)
	remount(0, "size=16k")
	_, err := Open(context.Background(), folder, Options{})
	wantFault(t, err, store.CodeDiskFull)
}

func TestReadOnlyFolder(t *testing.T) {
	ctx := context.Background()
	folder, remount := mountSmall(t)
	s, err := Open(ctx, folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(ctx, change("a", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	remount(syscall.MS_RDONLY, "")
	_, err = Open(ctx, folder, Options{})
	wantFault(t, err, store.CodeReadOnly)
	// A store that nobody writes can be read from where nothing can be written.
	reader, err := Open(ctx, folder, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	wantClean(t, reader)
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
}
