// Package compose reads Docker Compose projects (compose-spec) as a model: each
// compose service becomes a component; each one that is reached from outside
// becomes a service that requires its component; named volumes become data
// assets; owners become teams or people.
package compose

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// References says what an address in the environment of a compose service, such
// as CART_ADDR, becomes where depends_on does not name it.
type References string

// The treatments of addresses.
const (
	// Auto: needed where the project declares no depends_on at all, else reported.
	Auto     References = "auto"
	Requires References = "requires"
	Degrades References = "degrades"
	Report   References = "report"
)

// Options steer an import.
type Options struct {
	Env        []string   // dot-env files; ".env" beside the first file when empty
	Profiles   []string   // profiles to take; "*" takes all
	Site       string     // title of the site where everything runs, "" for none
	References References // "" is Auto

	// Open reads a file; files named by others are asked for by their path
	// relative to the file that names them. It is os.ReadFile in the program.
	Open func(name string) ([]byte, error)
}

// Import reads the files of one project, later ones over earlier ones. The error
// is intake.Problems when the input cannot be used.
func Import(files []string, o Options) (*intake.Result, error) {
	p := &project{
		Options:  o,
		services: map[string]*service{}, volumes: map[string]intake.Place{}, sources: map[string]*yamlsource.File{}, absent: map[string]bool{},
	}
	if p.References == "" {
		p.References = Auto
	}
	p.report = intake.NewReport(0)
	p.names = intake.NewNames(p.report)
	p.Open = func(name string) ([]byte, error) {
		data, err := o.Open(name)
		p.report.Grow(len(data))
		return data, err
	}
	p.env = &environment{vars: map[string]string{}, missing: p.noteMissing}
	p.readEnvFiles(files)
	for _, f := range files {
		p.readFile(f, 0)
	}
	if p.env.over {
		p.problem(intake.Place{File: files[0]}, "env.large", finding.Args{"mib": maxGrown >> 20})
	}
	for _, name := range p.read {
		f := p.sources[name]
		if bad := f.Problem(); bad != nil {
			p.problems = append(p.problems, *bad)
		}
		for _, t := range f.Twice() {
			p.report.Add(intake.Notice, t.Place, t.Key, model.Ref{}, "twice", finding.Args{"key": t.Key})
		}
	}
	if p.report.Over() {
		return nil, append(p.problems, p.report.Stop(files[0]))
	}
	if len(p.services) == 0 && len(p.problems) == 0 {
		p.problem(intake.Place{File: files[0]}, "compose.empty", nil)
	}
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	p.build()
	if p.report.Over() {
		return nil, intake.Problems{p.report.Stop(files[0])}
	}
	return p.report.Done(), nil
}

type project struct {
	Options
	report   *intake.Report
	names    *intake.Names
	problems intake.Problems
	env      *environment
	name     string
	services map[string]*service
	order    []string // names of services as first met
	volumes  map[string]intake.Place
	sources  map[string]*yamlsource.File
	read     []string
	absent   map[string]bool // variables noted as not set
	at       intake.Place    // of the value being expanded
}

func (p *project) problem(at intake.Place, code string, args finding.Args) {
	if len(p.problems) < 100 {
		p.problems = append(p.problems, intake.Problem{Place: at, Code: code, Args: args})
	}
}

func (p *project) noteMissing(name string, required bool) {
	if p.absent[name] {
		return
	}
	p.absent[name] = true
	code := "variable"
	if required {
		code = "variable.required"
	}
	p.report.Add(intake.Notice, p.at, "${"+name+"}", model.Ref{}, code, finding.Args{"name": name})
}

// text is a scalar with its variables replaced.
func (p *project) text(n yamlsource.Node) string {
	s := n.Text()
	if !strings.Contains(s, "$") {
		return s
	}
	p.at = n.Place()
	return p.env.expand(s, 0)
}

func (p *project) readEnvFiles(files []string) {
	names := p.Env
	if names == nil {
		beside := filepath.Join(filepath.Dir(files[0]), ".env")
		if data, err := p.Open(beside); err == nil {
			p.at = intake.Place{File: beside}
			p.env.readEnv(string(data))
			p.report.Add(intake.Mapped, p.at, ".env", model.Ref{}, "env.file", finding.Args{"n": len(p.env.vars)})
		}
		return
	}
	for _, name := range names {
		at := intake.Place{File: name}
		data, err := p.Open(name)
		if err != nil {
			p.problems = append(p.problems, intake.Unread(at, name, err))
			continue
		}
		p.at = at
		before := len(p.env.vars)
		p.env.readEnv(string(data))
		p.report.Add(intake.Mapped, at, filepath.Base(name), model.Ref{}, "env.file", finding.Args{"n": len(p.env.vars) - before})
	}
}

// source parses a file once.
func (p *project) source(name string, at intake.Place) *yamlsource.File {
	if f, ok := p.sources[name]; ok {
		return f
	}
	data, err := p.Open(name)
	if err != nil {
		p.problems = append(p.problems, intake.Unread(at, name, err))
		p.sources[name] = nil
		return nil
	}
	f, problems := yamlsource.Read(name, data)
	p.problems = append(p.problems, problems...)
	p.sources[name] = f
	p.read = append(p.read, name)
	return f
}

const maxInclude = 16

func (p *project) readFile(name string, depth int) {
	f := p.source(name, intake.Place{})
	if f == nil {
		return
	}
	for _, doc := range f.Docs() {
		if !doc.IsMap() || !doc.Get("services").Exists() && !doc.Get("include").Exists() {
			p.problem(doc.Place(), "compose.shape", nil)
			continue
		}
		for _, e := range doc.Entries() {
			p.readTop(name, e, depth)
		}
	}
}

func (p *project) readTop(file string, e yamlsource.Entry, depth int) {
	at := e.Key.Place()
	switch e.Name {
	case "services":
		if !e.Value.IsMap() && !e.Value.IsNull() {
			p.problem(e.Value.Place(), "compose.services", nil)
		}
		for _, s := range e.Value.Entries() {
			if s.Value.Tag() == "!reset" {
				delete(p.services, s.Name)
				continue
			}
			if !s.Value.IsMap() {
				p.problem(s.Key.Place(), "compose.service", finding.Args{"name": s.Name})
				continue
			}
			if p.report.Over() {
				break
			}
			svc := p.service(s.Name, s.Key.Place())
			p.readService(svc, file, s.Value, map[string]bool{})
		}
	case "name":
		p.name = p.text(e.Value)
	case "volumes":
		for _, v := range e.Value.Entries() {
			if _, ok := p.volumes[v.Name]; !ok {
				p.volumes[v.Name] = v.Key.Place()
			}
		}
	case "include":
		for _, n := range e.Value.Items() {
			paths := n.Items()
			if n.IsScalar() {
				paths = []yamlsource.Node{n}
			} else if n.IsMap() {
				paths = append(n.Get("path").Items(), n.Get("path"))
			}
			for _, one := range paths {
				if target := p.text(one); target != "" && depth < maxInclude {
					p.readFile(relative(file, target), depth+1)
				}
			}
		}
	case "version":
	case "networks", "secrets", "configs", "models":
		p.report.Add(intake.LeftOut, at, e.Name, model.Ref{}, "key", finding.Args{"key": e.Name})
	default:
		if strings.HasPrefix(e.Name, "x-") {
			p.report.Add(intake.LeftOut, at, e.Name, model.Ref{}, "extension", finding.Args{"key": e.Name})
			return
		}
		p.report.Add(intake.Unknown, at, e.Name, model.Ref{}, "key.unknown", finding.Args{"key": e.Name})
	}
}

func relative(file, target string) string {
	if path.IsAbs(target) {
		return target
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(target))
}

const serviceBytes = 1200

func (p *project) service(name string, at intake.Place) *service {
	s := p.services[name]
	if s == nil {
		p.report.Charge(serviceBytes)
		s = &service{name: name, at: at, depends: map[string]dependency{}, env: map[string]setting{}, labels: map[string]setting{}, keep: map[string]setting{}}
		p.services[name] = s
		p.order = append(p.order, name)
	}
	return s
}

// taken reports that the profiles asked for include the service.
func (p *project) taken(s *service) bool {
	if len(s.profiles) == 0 || slices.Contains(p.Profiles, "*") {
		return true
	}
	return slices.ContainsFunc(s.profiles, func(x string) bool { return slices.Contains(p.Profiles, x) })
}
