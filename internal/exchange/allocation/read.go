package allocation

import (
	"math"
	"strings"

	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/model"
)

// Version is the version of the format.
const Version = 1

// MaxFile is the largest problem that is read, in bytes.
const MaxFile = 16 << 20

// Document is a problem as read.
type Document struct {
	Title   string
	Problem redundancy.Problem
	Goal    redundancy.Goal

	file   string
	places map[[2]string]intake.Place // of subsystems, types (subsystem, type), and resources ("", resource)
	goal   intake.Place
	shape  intake.Place
}

// Open gives the text of a file that a problem names, by the name it uses.
type Open func(name string) ([]byte, error)

// Mixing says whether types may be mixed in spite of what the file says.
type Mixing int

// The ways to mix.
const (
	AsWritten Mixing = iota
	Always
	Never
)

// Read reads a problem. What is wrong with it comes in one pass.
func Read(file string, data []byte, mixing Mixing, open Open) (*Document, []model.Issue) {
	d := &decoder{doc: &Document{file: file, places: map[[2]string]intake.Place{}}, index: map[string]int{}, open: open, mixing: mixing}
	start := intake.Place{File: file}
	if len(data) > MaxFile {
		d.at(start, "the file is larger than %d MiB: no problem that can be solved is", MaxFile>>20)
		return nil, d.issues
	}
	f, problems := yamlsource.Read(file, data)
	for _, p := range problems {
		d.unreadable(p)
	}
	if len(problems) > 0 {
		return nil, d.issues
	}
	if len(f.Docs()) != 1 || !f.Docs()[0].IsMap() {
		d.at(start, "a problem is one mapping with redundancy, resources and subsystems")
		return nil, d.issues
	}
	for _, t := range f.Twice() {
		d.at(t.Place, "%q stands twice", clip(t.Key))
	}
	d.problem(f.Docs()[0])
	if bad := f.Problem(); bad != nil {
		d.unreadable(*bad)
	}
	if len(d.issues) > 0 {
		return nil, d.issues
	}
	return d.doc, nil
}

// decoder reads the values of a problem and gathers what is wrong.
type decoder struct {
	doc       *Document
	open      Open
	mixing    Mixing
	issues    []model.Issue
	resources map[string]int
	index     map[string]int // of subsystems
	defaults  counts
}

// maxIssues bounds how many problems are named at once.
const maxIssues = 100

func (d *decoder) at(p intake.Place, format string, args ...any) {
	if len(d.issues) < maxIssues {
		f := &model.Fault{Format: format, Args: args}
		d.issues = append(d.issues, model.Issue{File: p.File, Line: p.Line, Column: p.Column, Message: f.Error(), Fault: f})
	}
}

func (d *decoder) bad(n yamlsource.Node, format string, args ...any) {
	d.at(n.Place(), format, args...)
}

// unreadable says why a file is no YAML that can be read.
func (d *decoder) unreadable(p intake.Problem) {
	switch p.Code {
	case "file.encoding":
		d.at(p.Place, "this byte is no UTF-8: save the file as UTF-8")
	case "yaml.deep":
		d.at(p.Place, "nested more than %d levels deep", yamlsource.MaxDepth)
	case "yaml.dense", "file.large":
		d.at(p.Place, "the file holds more values than its size allows to keep in memory")
	case "yaml.alias", "yaml.circle":
		d.at(p.Place, "the aliases of this file unfold into too many values, or into themselves: write them out")
	default:
		detail, _ := p.Args["detail"].(string)
		d.at(p.Place, "the YAML or JSON cannot be read: %s", detail)
	}
}

func (d *decoder) unknown(e yamlsource.Entry, known ...string) {
	d.bad(e.Key, "unknown field %q; known are %s", clip(e.Name), strings.Join(known, ", "))
}

var topFields = []string{"redundancy", "title", "maximise", "minimise", "target", "mixing", "resources", "defaults", "components", "subsystems", "structure"}

func (d *decoder) problem(root yamlsource.Node) {
	for _, e := range root.Entries() {
		switch e.Name {
		case "redundancy":
			if n, ok := d.integer(e.Value, 1, math.MaxInt32); ok && n != Version {
				d.bad(e.Value, "version %d of the format is not known here: write redundancy: %d", n, Version)
			}
		case "title":
			d.doc.Title = e.Value.Text()
		case "resources", "maximise", "minimise", "target", "mixing", "defaults", "components", "subsystems", "structure":
		default:
			d.unknown(e, topFields...)
		}
	}
	if !root.Get("redundancy").Exists() {
		d.bad(root, "redundancy is missing: write redundancy: %d, the version of the format", Version)
	}
	d.readResources(root.Get("resources"))
	d.readGoal(root)
	d.readDefaults(root)
	if c := root.Get("components"); c.Exists() {
		d.readTable(c)
	}
	subsystems := root.Get("subsystems")
	switch {
	case subsystems.IsMap():
		for _, e := range subsystems.Entries() {
			d.readSubsystem(e)
		}
	case subsystems.Exists() && !subsystems.IsNull():
		d.bad(subsystems, "subsystems is a mapping of names")
	}
	if p := &d.doc.Problem; len(p.Subsystems) == 0 {
		d.bad(root, "there is no subsystem: write subsystems with their types, or components with a table of them")
	}
	d.complete()
	if s := root.Get("structure"); s.Exists() {
		d.doc.shape = s.Place()
		if part := d.structure(s, 0); part != nil {
			d.doc.Problem.Structure = part
		}
	}
}

func (d *decoder) readResources(n yamlsource.Node) {
	d.resources = map[string]int{}
	if n.Exists() && !n.IsMap() && !n.IsNull() {
		d.bad(n, "resources is a mapping of names to limits, for example cost: 130, or weight: none")
		return
	}
	for _, e := range n.Entries() {
		r := redundancy.Resource{Name: e.Name, Limit: redundancy.Unlimited}
		if e.Value.Text() != "none" || e.Value.Tag() != "!!str" {
			if x, ok := d.number(e.Value); ok {
				if x < 0 {
					d.bad(e.Value, "the limit %v is negative", x)
				}
				r.Limit = redundancy.Amount(x)
			}
		}
		d.resources[e.Name] = len(d.doc.Problem.Resources)
		d.doc.places[[2]string{"", e.Name}] = e.Key.Place()
		d.doc.Problem.Resources = append(d.doc.Problem.Resources, r)
	}
}

func (d *decoder) readGoal(root yamlsource.Node) {
	g := &d.doc.Goal
	d.doc.goal = root.Place()
	if m := root.Get("maximise"); m.Exists() && m.Text() != "reliability" {
		d.bad(m, "only reliability can be maximised")
	}
	if m := root.Get("minimise"); m.Exists() {
		d.doc.goal = m.Place()
		g.Minimise = m.Text()
		if _, ok := d.resources[g.Minimise]; !ok {
			d.bad(m, "%q is no resource%s", clip(g.Minimise), d.nearest(g.Minimise))
		}
		if root.Get("maximise").Exists() {
			d.bad(m, "either maximise: reliability or minimise: a resource, not both")
		}
		if !root.Get("target").Exists() {
			d.bad(m, "minimise needs target: the reliability to reach")
		}
	}
	if t := root.Get("target"); t.Exists() {
		d.doc.goal = t.Place()
		if x, ok := d.probability(t); ok {
			g.Target = redundancy.Probability(x)
		}
	}
}

func (d *decoder) nearest(name string) model.Suggestion {
	var names []string
	for r := range d.resources {
		names = append(names, r)
	}
	return model.Suggestion(model.Nearest(name, names))
}

// counts are the numbers of components that a subsystem may have.
type counts struct {
	min, max, needed int
	mixing           bool
}

func (d *decoder) readDefaults(root yamlsource.Node) {
	d.defaults = counts{min: -1}
	if m := root.Get("mixing"); m.Exists() {
		d.defaults.mixing = d.boolean(m)
	}
	n := root.Get("defaults")
	if n.Exists() && !n.IsMap() {
		d.bad(n, "defaults is a mapping with min, max, needed, mixing")
	}
	for _, e := range n.Entries() {
		if !d.count(e, &d.defaults) {
			d.unknown(e, "min", "max", "needed", "mixing")
		}
	}
}

// count reads a field of counts; false when it is none.
func (d *decoder) count(e yamlsource.Entry, c *counts) bool {
	const most = 120
	switch e.Name {
	case "min":
		c.min, _ = d.integer(e.Value, 0, most)
	case "max":
		c.max, _ = d.integer(e.Value, 1, most)
	case "needed":
		c.needed, _ = d.integer(e.Value, 1, most)
	case "mixing":
		c.mixing = d.boolean(e.Value)
	default:
		return false
	}
	return true
}

// subsystem finds a subsystem by name or adds it.
func (d *decoder) subsystem(name string, at intake.Place) *redundancy.Subsystem {
	p := &d.doc.Problem
	if i, ok := d.index[name]; ok {
		return &p.Subsystems[i]
	}
	d.doc.places[[2]string{name, ""}] = at
	d.index[name] = len(p.Subsystems)
	c := d.defaults
	p.Subsystems = append(p.Subsystems, redundancy.Subsystem{Name: name, Min: c.min, Max: c.max, Needed: c.needed, Mixing: c.mixing})
	return &p.Subsystems[len(p.Subsystems)-1]
}

func (d *decoder) readSubsystem(e yamlsource.Entry) {
	s := d.subsystem(e.Name, e.Key.Place())
	if !e.Value.IsMap() {
		d.bad(e.Key, "subsystem %q is a mapping with types, min, max, needed, mixing, use", clip(e.Name))
		return
	}
	c := counts{s.Min, s.Max, s.Needed, s.Mixing}
	for _, f := range e.Value.Entries() {
		if d.count(f, &c) {
			continue
		}
		if f.Name != "types" && f.Name != "use" {
			d.unknown(f, "types", "min", "max", "needed", "mixing", "use")
		}
	}
	s.Min, s.Max, s.Needed, s.Mixing = c.min, c.max, c.needed, c.mixing
	if s.Max > 0 && s.Min > s.Max {
		d.bad(e.Key, "subsystem %q has at least %d and at most %d components", clip(e.Name), s.Min, s.Max)
	}
	if s.Max > 0 && s.Needed > s.Max {
		d.bad(e.Key, "subsystem %q needs %d working components and has at most %d", clip(e.Name), s.Needed, s.Max)
	}
	if u := e.Value.Get("use"); u.Exists() {
		s.Uses = d.uses(u, s.Max)
	}
	types := e.Value.Get("types")
	if types.Exists() && !types.IsMap() {
		d.bad(types, "types is a mapping of names, each with reliability and use")
	}
	for _, t := range types.Entries() {
		d.readType(s, t)
	}
}

func (d *decoder) readType(s *redundancy.Subsystem, e yamlsource.Entry) {
	key := [2]string{s.Name, e.Name}
	if _, twice := d.doc.places[key]; twice {
		d.bad(e.Key, "%q stands twice", clip(e.Name))
		return
	}
	d.doc.places[key] = e.Key.Place()
	t := redundancy.Type{Name: e.Name}
	for _, f := range e.Value.Entries() {
		switch f.Name {
		case "reliability":
			if x, ok := d.probability(f.Value); ok {
				t.Reliability = redundancy.Probability(x)
			}
		case "min":
			t.Min, _ = d.integer(f.Value, 0, 120)
		case "max":
			t.Max, _ = d.integer(f.Value, 1, 120)
		case "use":
		default:
			d.unknown(f, "reliability", "use", "min", "max")
		}
	}
	if !e.Value.Get("reliability").Exists() {
		d.bad(e.Key, "type %q has no reliability", clip(e.Name))
	}
	if t.Max > 0 && t.Min > t.Max {
		d.bad(e.Key, "type %q has at least %d and at most %d components", clip(e.Name), t.Min, t.Max)
	}
	most := s.Max
	if t.Max > 0 && (most == 0 || t.Max < most) {
		most = t.Max
	}
	if u := e.Value.Get("use"); u.Exists() {
		t.Uses = d.uses(u, most)
	}
	s.Types = append(s.Types, t)
}

// complete fills in what the file leaves open.
func (d *decoder) complete() {
	p := &d.doc.Problem
	for i := range p.Subsystems {
		s := &p.Subsystems[i]
		if s.Min < 0 {
			s.Min = max(s.Needed, 1)
		}
		for _, u := range s.Uses {
			if n := len(u.Table); n > 0 && (s.Max == 0 || n < s.Max) {
				s.Max = n
			}
		}
		switch d.mixing {
		case Always:
			s.Mixing = true
		case Never:
			s.Mixing = false
		}
		if len(s.Types) == 0 {
			d.at(d.doc.places[[2]string{s.Name, ""}], "subsystem %q has no types of components", clip(s.Name))
		}
	}
}
