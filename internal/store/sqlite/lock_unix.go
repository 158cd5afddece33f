//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"diapason/internal/store"
)

// lockFolder takes the data folder for this process until the function it
// returns is called or the process ends, however it ends.
func lockFolder(folder string) (unlock func(), err error) {
	path := filepath.Join(folder, "store.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileFault(err, path)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fileFault(err, path)
		}
		holder := "another process"
		if pid, err := os.ReadFile(path); err == nil && len(pid) > 0 {
			holder = "process " + strings.TrimSpace(string(pid))
		}
		return nil, &store.Error{
			Code:    store.CodeInUse,
			Problem: fmt.Sprintf("%s already serves the data folder %s", holder, folder),
			Remedy:  "stop it, or choose another data folder",
			Place:   folder,
			Cause:   err,
		}
	}
	// The number is only for the message above: the lock is what counts.
	if f.Truncate(0) == nil {
		fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return func() { f.Close() }, nil
}

func isFull(err error) bool     { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
