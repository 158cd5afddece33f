package app

import (
	"diapason/internal/app/assess"
	"diapason/internal/model"
)

// Assessed is the state of a model that no server keeps.
func Assessed(s *model.Snapshot, on model.Date) *State {
	return newState(assess.Full(assess.Facts(s, on)), nil)
}
