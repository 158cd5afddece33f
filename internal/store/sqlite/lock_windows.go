package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"diapason/internal/store"
)

// lockFolder takes the data folder for this process: the file is opened without
// sharing, so that a second process cannot open it while the first lives.
func lockFolder(folder string) (unlock func(), err error) {
	path := filepath.Join(folder, "store.lock")
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, fileFault(err, path)
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	const sharingViolation = syscall.Errno(32)
	if errors.Is(err, sharingViolation) {
		return nil, &store.Error{
			Code:    store.CodeInUse,
			Problem: fmt.Sprintf("another process already serves the data folder %s", folder),
			Remedy:  "stop it, or choose another data folder",
			Place:   folder,
			Cause:   err,
		}
	}
	if err != nil {
		return nil, fileFault(err, path)
	}
	return func() { syscall.CloseHandle(h) }, nil
}

func isFull(err error) bool {
	const handleDiskFull, diskFull = syscall.Errno(39), syscall.Errno(112)
	return errors.Is(err, handleDiskFull) || errors.Is(err, diskFull)
}

func isReadOnly(err error) bool {
	const writeProtect = syscall.Errno(19)
	return errors.Is(err, writeProtect)
}
