package cli_test

import (
	"fmt"
	"os"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// mountable tells whether small file systems can be mounted here; where they must
// be, by DIAPASON_REQUIRE_MOUNT=1, it fails instead.
func mountable() (bool, error) {
	folder, err := os.MkdirTemp("", "mount")
	if err != nil {
		return false, err
	}
	defer os.Remove(folder)
	if err = syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k"); err == nil {
		return true, syscall.Unmount(folder, 0)
	}
	if os.Getenv(requireMount) == "1" {
		return false, fmt.Errorf("a small file system cannot be mounted here: %w", err)
	}
	return false, nil
}

// smallDisk mounts a file system of a size at a folder, until the script ends:
// smalldisk FOLDER SIZE.
func smallDisk(ts *testscript.TestScript, _ bool, args []string) {
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o755))
	ts.Check(syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=755,size="+args[1]))
	ts.Defer(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			ts.Logf("unmount: %v", err)
		}
	})
}
