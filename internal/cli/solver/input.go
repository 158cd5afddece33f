package solver

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// maxInput bounds a file to solve.
const maxInput = 1 << 30

// ReadInput reads a file, or what is piped in for -. Both results are nil when the
// context ends before what is piped in does.
func ReadInput(ctx context.Context, in io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return readPiped(ctx, in)
	}
	info, err := os.Stat(name)
	problem := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = "solve.file.missing"
	case err != nil:
		problem = "solve.file.unreadable"
	case info.IsDir():
		problem = "solve.file.folder"
	case info.Size() > maxInput:
		problem = "solve.file.large"
	}
	var data []byte
	if problem == "" {
		if data, err = os.ReadFile(name); err == nil {
			return data, nil
		}
		problem = "solve.file.unreadable"
	}
	return nil, refused(problem, map[string]any{"file": name})
}

// readPiped waits for the end of what is piped in, but not beyond the context: what
// still waits then is left behind.
func readPiped(ctx context.Context, in io.Reader) ([]byte, error) {
	type piped struct {
		data []byte
		err  error
	}
	done := make(chan piped, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
		done <- piped{data, err}
	}()
	select {
	case p := <-done:
		return p.data, p.err
	case <-ctx.Done():
		return nil, nil
	}
}

// WriteNew writes a file that does not exist yet.
func WriteNew(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return refused("solve.write.exists", map[string]any{"file": name})
	}
	if err == nil {
		err = write(f)
		if closed := f.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		return refused("solve.write.failed", map[string]any{"file": name})
	}
	return nil
}
