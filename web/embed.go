// Package web embeds the built web application, so that one binary serves the
// interface without any file beside it.
//
// The content of dist is made by "npm run build"; before that step the folder
// holds a placeholder only, so that Go code compiles in a fresh clone.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built application rooted at its index.html. On a tree
// where the application has not been built, index.html is absent.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		// fs.Sub fails on an invalid path only, and this one is a constant.
		return dist
	}
	return files
}
