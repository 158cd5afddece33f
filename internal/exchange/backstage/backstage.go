// Package backstage reads Backstage catalogue entities (catalog-info.yaml) as a
// model: systems become services that require their members; components,
// resources and APIs become components; groups and users become teams and
// people. Who consumes an API requires it, and an API requires who provides it.
package backstage

import (
	"cmp"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// entity is one entity of the catalogue.
type entity struct {
	kind, namespace, name string // kind in lower case
	n                     yamlsource.Node
	ref                   model.Ref // what it became, zero for nothing
	object                *model.Object
}

func (e *entity) path() string { return e.kind + ":" + e.name }

func (e *entity) id() string { return id(e.kind, e.namespace, e.name) }

func id(kind, namespace, name string) string {
	return strings.ToLower(kind + ":" + namespace + "/" + name)
}

type catalogue struct {
	report   *intake.Report
	names    *intake.Names
	problems intake.Problems
	entities []*entity
	byID     map[string]*entity

	providers map[*entity][]model.Ref // of APIs
	inside    map[*entity][]*entity   // members of systems
}

// Import reads catalogue files. The error is intake.Problems when the input
// cannot be used.
func Import(files []intake.File) (*intake.Result, error) {
	report := intake.NewReport(intake.Bytes(files))
	c := &catalogue{report: report, names: intake.NewNames(report), byID: map[string]*entity{}, providers: map[*entity][]model.Ref{}, inside: map[*entity][]*entity{}}
	var sources []*yamlsource.File
	for _, file := range files {
		f, problems := yamlsource.Read(file.Name, file.Data)
		c.problems = append(c.problems, problems...)
		sources = append(sources, f)
		for _, doc := range f.Docs() {
			if items := doc.Get("items"); items.IsList() && !doc.Get("spec").Exists() { // answers of the catalogue's API
				for _, x := range items.Items() {
					c.collect(x)
				}
				continue
			}
			if doc.IsList() {
				for _, x := range doc.Items() {
					c.collect(x)
				}
				continue
			}
			c.collect(doc)
		}
	}
	if len(c.entities) == 0 && len(c.problems) == 0 {
		c.problems = intake.Problems{{Place: intake.FirstOf(files), Code: "backstage.empty"}}
	}
	if len(c.problems) == 0 {
		c.build()
	}
	for _, f := range sources {
		if bad := f.Problem(); bad != nil {
			c.problems = append(c.problems, *bad)
		}
		for _, t := range f.Twice() {
			c.report.Add(intake.Notice, t.Place, t.Key, model.Ref{}, "twice", finding.Args{"key": t.Key})
		}
	}
	if c.report.Over() {
		c.problems = append(c.problems, c.report.Stop(intake.FirstOf(files).File))
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.report.Done(), nil
}

func (c *catalogue) collect(n yamlsource.Node) {
	kind, meta := n.Get("kind").Text(), n.Get("metadata")
	if !n.IsMap() || kind == "" || !strings.Contains(n.Get("apiVersion").Text(), "backstage.io/") {
		c.report.Add(intake.Unknown, n.Place(), "document", model.Ref{}, "backstage.shape", nil)
		return
	}
	e := &entity{kind: strings.ToLower(kind), namespace: strings.ToLower(meta.Get("namespace").Text()), name: meta.Get("name").Text(), n: n}
	if e.namespace == "" {
		e.namespace = "default"
	}
	if e.name == "" && e.kind != "location" {
		c.problems = append(c.problems, intake.Problem{Place: n.Place(), Code: "kubernetes.name", Args: finding.Args{"kind": kind}})
		return
	}
	if first := c.byID[e.id()]; first != nil && e.kind != "location" {
		c.report.Add(intake.Notice, n.Place(), e.path(), model.Ref{}, "kubernetes.twice", finding.Args{"first": first.n.Place().String()})
		return
	}
	c.byID[e.id()] = e
	c.entities = append(c.entities, e)
}

// kinds gives each kind of entity its kind in the model, most telling names first.
var kinds = []struct{ entity, kind string }{
	{"group", "team"}, {"user", "person"}, {"component", "component"}, {"resource", "component"}, {"api", "component"}, {"system", "service"},
}

func (c *catalogue) build() {
	rank := func(e *entity) int {
		for i, k := range kinds {
			if k.entity == e.kind {
				return i
			}
		}
		return len(kinds)
	}
	slices.SortStableFunc(c.entities, func(a, b *entity) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name))
	})
	for _, e := range c.entities {
		for _, k := range kinds {
			if k.entity == e.kind {
				wishes := []string{e.name, e.name + "-" + e.kind, e.name + "." + e.namespace}
				e.ref = model.Ref{Kind: k.kind, Name: c.names.Give(k.kind, e.id(), wishes...)}
			}
		}
	}
	for _, e := range c.entities {
		c.entity(e)
	}
	for _, e := range c.entities {
		c.relate(e)
		if system := c.find(e.n.Path("spec", "system").Text(), "system", e.namespace); system != nil && e.object != nil {
			c.inside[system] = append(c.inside[system], e)
		}
	}
	c.serve()
	for _, e := range c.entities {
		if e.kind == "system" {
			c.members(e)
		}
	}
	c.entrances()
}

func (c *catalogue) entity(e *entity) {
	spec := e.n.Get("spec")
	switch e.kind {
	case "component", "resource", "api":
		e.object = c.report.Put("component", e.ref.Name, &model.Component{Class: class(e.kind, spec.Get("type").Text())})
		c.report.Add(intake.Mapped, e.n.Place(), e.path(), e.ref, "component", nil)
	case "system":
		s := &model.Service{Facing: "supporting", Stage: model.StageLive}
		if d := spec.Get("domain").Text(); d != "" {
			s.Family = c.title("domain", e.namespace, d)
			c.report.Add(intake.Mapped, spec.Get("domain").Place(), e.path()+".domain", e.ref, "family", nil)
		}
		e.object = c.report.Put("service", e.ref.Name, s)
		c.report.Add(intake.Mapped, e.n.Place(), e.path(), e.ref, "service", nil)
	case "group":
		e.object = c.report.Put("team", e.ref.Name, &model.Team{})
		c.report.Add(intake.Mapped, e.n.Place(), e.path(), e.ref, "team", nil)
	case "user":
		e.object = c.report.Put("person", e.ref.Name, &model.Person{Email: spec.Path("profile", "email").Text()})
		c.report.Add(intake.Mapped, e.n.Place(), e.path(), e.ref, "person", nil)
	case "domain":
		c.report.Add(intake.Mapped, e.n.Place(), e.path(), model.Ref{}, "family", nil)
		return
	case "location":
		c.report.Add(intake.Notice, e.n.Place(), e.path(), model.Ref{}, "backstage.location", nil)
		return
	case "template":
		c.report.Add(intake.LeftOut, e.n.Place(), e.path(), model.Ref{}, "kind", finding.Args{"kind": e.kind})
		return
	default:
		c.report.Add(intake.Unknown, e.n.Place(), e.path(), model.Ref{}, "kind.unknown", finding.Args{"kind": e.kind})
		return
	}
	c.describe(e)
}

// class is the class of component of a type of entity.
func class(kind, typ string) string {
	if kind == "api" {
		return "software"
	}
	switch t := strings.ToLower(typ); {
	case t == "library" || t == "documentation" || t == "package" || t == "sdk":
		return "software"
	case kind == "component":
		return "application"
	case strings.Contains(t, "database") || strings.Contains(t, "postgres") || strings.Contains(t, "mysql") || strings.HasSuffix(t, "-db") || t == "db":
		return "database"
	case strings.Contains(t, "bucket") || strings.Contains(t, "storage") || strings.Contains(t, "volume"):
		return "storage"
	case strings.Contains(t, "queue") || strings.Contains(t, "topic") || strings.Contains(t, "kafka"):
		return "queue"
	case strings.Contains(t, "cache") || strings.Contains(t, "redis"):
		return "cache"
	case strings.Contains(t, "cluster") || strings.Contains(t, "server"):
		return "server"
	case strings.Contains(t, "cloud") || strings.Contains(t, "saas"):
		return "cloud"
	}
	return "other"
}

// title is what people call an entity: its title, else its name.
func (c *catalogue) title(kind, namespace, ref string) string {
	if e := c.find(ref, kind, namespace); e != nil {
		if t := e.n.Path("metadata", "title").Text(); t != "" {
			return t
		}
		return e.name
	}
	_, name, _ := strings.Cut(ref, "/")
	if name == "" {
		name = ref
	}
	return name
}

// find resolves an entity reference, [kind:][namespace/]name.
func (c *catalogue) find(ref, kind, namespace string) *entity {
	k, ns, name := parse(ref, kind, namespace)
	return c.byID[id(k, ns, name)]
}

func parse(ref, kind, namespace string) (string, string, string) {
	if k, rest, ok := strings.Cut(ref, ":"); ok {
		kind, ref = k, rest
	}
	if ns, rest, ok := strings.Cut(ref, "/"); ok {
		namespace, ref = ns, rest
	}
	return strings.ToLower(kind), strings.ToLower(namespace), ref
}
