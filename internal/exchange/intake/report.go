// Package intake is what all importers share: where things stand in a source, the
// report of what became of them, problems that make an input unusable, and names
// that do not collide. It carries no prose: codes and arguments are rendered by
// the messages "import.note.*" and "import.problem.*".
package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Place is where something stands in a source file; line and column count from 1
// and are 0 where they mean nothing.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String writes "file:line:column".
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Outcome says what became of a part of the source.
type Outcome string

// The outcomes of a part of the source.
const (
	Invalid Outcome = "invalid" // it breaks the rules of its format and was left out
	Mapped  Outcome = "mapped"  // it became an object or a field
	Label   Outcome = "label"   // it is kept as a label of the object
	Notice  Outcome = "notice"  // it was understood, and somebody should look at it
	LeftOut Outcome = "left"    // it was understood and says nothing about service design
	Unknown Outcome = "unknown" // it was not understood
)

// Outcomes lists the outcomes in the order in which a report shows them.
var Outcomes = []Outcome{Invalid, Mapped, Label, Notice, LeftOut, Unknown}

// Note says what became of one part of the source.
type Note struct {
	Outcome Outcome
	Place
	What   string    // path in the source, such as "services.cart.logging"
	Object model.Ref // what it became, or belongs to; zero for none
	Code   string    // why; rendered by the message "import.note.<code>"
	Args   finding.Args
}

// Message renders why, in the writer's language.
func (n Note) Message(w language.Writer) string {
	args := finding.Args{"what": n.What, "object": n.Object}
	for k, v := range n.Args {
		args[k] = v
	}
	if n.Outcome == Invalid { // what is wrong is said as of any input
		return w.Message("import.problem."+n.Code, args)
	}
	return w.Message("import.note."+n.Code, args)
}

// Problem is something that makes the input unusable.
type Problem struct {
	Place
	Code string // rendered by the message "import.problem.<code>"
	Args finding.Args
}

// Message renders what is wrong and what to do, in the writer's language.
func (p Problem) Message(w language.Writer) string {
	return w.Message("import.problem."+p.Code, p.Args)
}

// Problems are what make an input unusable, as an error.
type Problems []Problem

// Error lists the problems in English, one a line.
func (p Problems) Error() string {
	w := language.Writer{Lang: language.EN}
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.Place.String() + ": " + x.Message(w)
	}
	return strings.Join(lines, "\n")
}

// Result is what an importer made of its sources.
type Result struct {
	Objects []*model.Object // sorted by kind and name
	Notes   []Note          // in the order of the sources
}

// Report gathers notes and objects while an importer works.
type Report struct {
	notes   []Note
	objects map[model.Ref]*model.Object
	args    map[string]finding.Args // arguments of notes that say the same, shared
	needs   map[[2]model.Ref]int    // who requires what, and where in the list it stands
	budget  int                     // bytes that objects and notes may still take
	over    bool
}

// What objects and notes take in memory, about, and what they may take beside a
// source of some bytes.
const (
	objectBytes = 3000
	noteBytes   = 240
	spareBytes  = 14 << 20
	bytesPer    = 24
)

// NeedBytes is what a need takes in memory, about.
const NeedBytes = 360

// NewReport makes an empty report on sources of some bytes in all. A source that
// would unfold into far more objects and notes than its size explains is stopped:
// see Over.
func NewReport(sourceBytes int) *Report {
	return &Report{objects: map[model.Ref]*model.Object{}, args: map[string]finding.Args{}, needs: map[[2]model.Ref]int{}, budget: spareBytes + bytesPer*sourceBytes}
}

// Grow adds to the bytes of the sources.
func (r *Report) Grow(sourceBytes int) { r.budget += bytesPer * sourceBytes }

// Over reports that the sources hold more than their size allows; what came after
// was left out.
func (r *Report) Over() bool { return r.over }

// Stop gives the problem of Over, for the first file.
func (r *Report) Stop(file string) Problem {
	return Problem{Place: Place{File: file}, Code: "report.large", Args: finding.Args{"n": len(r.objects)}}
}

// Charge counts memory that an importer takes beside objects and notes, about;
// false when the sources are over their limit.
func (r *Report) Charge(n int) bool {
	if r.budget -= n; r.budget < 0 {
		r.over = true
	}
	return !r.over
}

// Add notes what became of a part of the source.
func (r *Report) Add(outcome Outcome, at Place, what string, object model.Ref, code string, args finding.Args) {
	if !r.Charge(noteBytes + len(what)) {
		return
	}
	if len(args) == 1 {
		for k, v := range args {
			if s, ok := v.(string); ok {
				id := k + "\x00" + s
				if shared, have := r.args[id]; have {
					args = shared
				} else {
					r.args[id] = args
				}
			}
		}
	}
	r.notes = append(r.notes, Note{outcome, at, what, object, code, args})
}

// Put adds an object, or gives the one that is already there under its name.
func (r *Report) Put(kind, name string, spec any) *model.Object {
	ref := model.Ref{Kind: kind, Name: name}
	if o := r.objects[ref]; o != nil {
		return o
	}
	o := &model.Object{Kind: model.KindOf(kind), Metadata: model.Metadata{Name: name}, Spec: spec}
	if r.Charge(objectBytes) {
		r.objects[ref] = o
	}
	return o
}

// Require adds a need of an object to its list unless one for the same target is
// there; a need for running widens one for starting only.
func (r *Report) Require(from model.Ref, list []model.Need, n model.Need) []model.Need {
	id := [2]model.Ref{from, n.On}
	if i, have := r.needs[id]; have {
		if len(n.For) == 0 {
			list[i].For = nil
		}
		return list
	}
	if !r.Charge(NeedBytes) {
		return list
	}
	r.needs[id] = len(list)
	return append(list, n)
}

// Get finds an object put before; nil when there is none, or none was kept.
func (r *Report) Get(ref model.Ref) *model.Object { return r.objects[ref] }

// Done gives the result, in stable order.
func (r *Report) Done() *Result {
	out := &Result{Notes: r.notes}
	for _, o := range r.objects {
		out.Objects = append(out.Objects, o)
	}
	slices.SortFunc(out.Objects, func(a, b *model.Object) int { return a.Ref().Compare(b.Ref()) })
	slices.SortStableFunc(out.Notes, func(a, b Note) int {
		return cmp.Or(slices.Index(Outcomes, a.Outcome)-slices.Index(Outcomes, b.Outcome), cmp.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column, cmp.Compare(a.What, b.What))
	})
	return out
}

// File is a source file with its content.
type File struct {
	Name string
	Data []byte
}

// Bytes is the size of files in all.
func Bytes(files []File) int {
	n := 0
	for _, f := range files {
		n += len(f.Data)
	}
	return n
}

// FirstOf is the place of the first file, for what concerns them all; it is empty
// where a folder held no file.
func FirstOf(files []File) Place {
	if len(files) == 0 {
		return Place{}
	}
	return Place{File: files[0].Name}
}
