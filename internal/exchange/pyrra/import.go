package pyrra

import (
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slomodel"
)

// Import takes files of Pyrra over as a model. The error is intake.Problems when the
// input cannot be used.
func Import(files []intake.File, o slomodel.Options) (*intake.Result, error) {
	return slomodel.Import(Read(files), files, "pyrra.empty", o)
}
