package assess

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Carried gives facts what analyses of facts before them know and a change cannot have
// touched. No rule is evaluated: it is for questions about objects that stand only in
// the question, such as hours that somebody typed. It answers false where the change
// touches everything.
func Carried(prev, f *finding.Facts, changed []model.Ref) bool {
	if prev.On != f.On || settingsChanged(changed) {
		return false
	}
	carry(prev, f, influenceOf(prev.Snap, f.Snap, changed))
	return true
}
