package slofile

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	nouns "diapason/internal/model"
)

// Reading is what files of objectives hold, with what a reader says of them.
type Reading struct {
	Objectives []*Objective
	// Windows are catalogues of alert windows that stood among the files.
	Windows []Windows
	// Invalid are documents that break the rules of their format; they are left
	// out, the others are not.
	Invalid intake.Problems
	// Notes tell of parts that were not understood or have no counterpart.
	Notes []intake.Note
}

// Windows are the windows of alerts for one period: two severities with a fast and a
// slow burn each.
type Windows struct {
	intake.Place
	Period                                       model.Duration
	PageQuick, PageSlow, TicketQuick, TicketSlow BurnWindow
}

// BurnWindow is a share of the budget, burnt within the long window; the short window
// ends the alert soon after the burning ends.
type BurnWindow struct {
	Share       Percentage
	Short, Long model.Duration
}

// Add appends what another reading holds.
func (r *Reading) Add(other *Reading) {
	r.Objectives = append(r.Objectives, other.Objectives...)
	r.Windows = append(r.Windows, other.Windows...)
	r.Invalid = append(r.Invalid, other.Invalid...)
	r.Notes = append(r.Notes, other.Notes...)
}

// Refuse notes that a document is invalid.
func (r *Reading) Refuse(at intake.Place, code string, args finding.Args) {
	r.Invalid = append(r.Invalid, intake.Problem{Place: at, Code: code, Args: args})
}

// Note tells of a part.
func (r *Reading) Note(outcome intake.Outcome, at intake.Place, what, code string, args finding.Args) {
	r.Notes = append(r.Notes, intake.Note{Outcome: outcome, Place: at, What: what, Code: code, Args: args})
}

// Sort puts problems and notes in the order of the sources.
func (r *Reading) Sort() {
	before := func(a, b intake.Place) int {
		return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	}
	slices.SortStableFunc(r.Invalid, func(a, b intake.Problem) int { return before(a.Place, b.Place) })
	slices.SortStableFunc(r.Notes, func(a, b intake.Note) int { return before(a.Place, b.Place) })
}

// Documents reads files and gives their documents one by one, those of lists too.
func Documents(files []intake.File, each func(doc yamlsource.Node)) (*Reading, []*yamlsource.File) {
	r := &Reading{}
	var sources []*yamlsource.File
	for _, file := range files {
		f, problems := yamlsource.Read(file.Name, file.Data)
		r.Invalid = append(r.Invalid, problems...)
		sources = append(sources, f)
		for _, doc := range f.Docs() {
			items := doc.Items()
			if doc.Get("kind").Text() == "List" {
				items = doc.Get("items").Items()
			}
			if items == nil {
				each(doc)
				continue
			}
			for _, x := range items {
				each(x)
			}
		}
		for _, t := range f.Twice() {
			r.Note(intake.Notice, t.Place, t.Key, "twice", finding.Args{"key": t.Key})
		}
		if bad := f.Problem(); bad != nil {
			r.Invalid = append(r.Invalid, *bad)
		}
	}
	return r, sources
}

// Check compares the keys of a mapping with those that its format has, and tells of
// the others.
func (r *Reading) Check(n yamlsource.Node, what string, known ...string) {
	for _, e := range n.Entries() {
		if !slices.Contains(known, e.Name) {
			r.Note(intake.Unknown, e.Key.Place(), path(what, e.Name), "slo.key", finding.Args{"key": e.Name, "nearest": nouns.Nearest(e.Name, known)})
		}
	}
}

func path(what, key string) string {
	if what == "" {
		return key
	}
	return what + "." + key
}

// Texts reads a mapping of texts; nil for none.
func Texts(n yamlsource.Node) map[string]string {
	var out map[string]string
	for _, e := range n.Entries() {
		if out == nil {
			out = map[string]string{}
		}
		out[e.Name] = e.Value.Text()
	}
	return out
}

// Merge lays mappings over each other, later ones over earlier ones.
func Merge(all ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

// Number reads a finite number; false for anything else.
func Number(n yamlsource.Node) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(n.Text()), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}
