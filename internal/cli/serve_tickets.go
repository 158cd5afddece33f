package cli

import (
	"errors"

	"diapason/internal/exchange/cases"
	"diapason/internal/model"
)

// readTickets reads which ticket tools the server asks; none without a file.
func (t *terminal) readTickets(path string) ([]cases.Asked, error) {
	if path == "" {
		return nil, nil
	}
	list, err := cases.ReadSchedule(path)
	var f *model.Fault
	if errors.As(err, &f) {
		err = errors.New(path + ": " + t.writer().Fault(f))
	}
	return list, unusable(err)
}
