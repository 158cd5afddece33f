// Package slosource reads files of service level objectives without being told which
// tool they were written for: each document says it itself.
package slosource

import (
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/openslo"
	"diapason/internal/exchange/pyrra"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/sloth"
	"diapason/internal/exchange/yamlsource"
)

// Read reads files of Sloth, Pyrra and OpenSLO, mixed as they come. Documents that
// break their format are told and left out; so are documents of other formats.
func Read(files []intake.File) *slofile.Reading {
	out := &slofile.Reading{}
	var open []yamlsource.Node
	from, _ := slofile.Documents(files, func(doc yamlsource.Node) {
		switch {
		case sloth.Is(doc):
			out.Add(sloth.ReadDocument(doc))
		case pyrra.Is(doc):
			out.Add(pyrra.ReadDocument(doc))
		case openslo.Is(doc):
			open = append(open, doc)
		default:
			out.Refuse(doc.Place(), "slo.shape", nil)
		}
	})
	out.Add(openslo.ReadDocuments(open).Reading)
	out.Add(from)
	out.Sort()
	return out
}
