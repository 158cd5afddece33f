package examples

import (
	"embed"

	"diapason/internal/model"
)

//go:embed walkthrough
var walkthroughFiles embed.FS

// Walkthrough reads the organisation of the walk-through of service levels. It is written
// for no date: it is seen on the machine's own clock.
func Walkthrough() ([]*model.Object, []model.Issue) {
	return read(walkthroughFiles, "walkthrough")
}
