package intake

import (
	"errors"
	"io/fs"

	"diapason/internal/finding"
)

// Unread is the problem of a file that cannot be read, told where it is named; at
// may be the zero Place.
func Unread(at Place, name string, err error) Problem {
	named := at.File != "" && at.File != name
	if !named {
		at = Place{File: name}
	}
	args := finding.Args{"name": name}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	code := "file.read"
	if args["detail"] = err.Error(); errors.Is(err, fs.ErrNotExist) {
		code = "file.missing"
	}
	if named {
		code += ".named"
	}
	return Problem{Place: at, Code: code, Args: args}
}
