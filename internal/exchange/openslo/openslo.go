// Package openslo reads and writes OpenSLO documents, openslo/v1 and v1alpha
// (https://openslo.com). Documents that break the specification are told with their
// place and left out; the others are taken.
package openslo

import (
	"regexp"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
)

// The API versions that are read.
const (
	V1      = "openslo/v1"
	V1Alpha = "openslo/v1alpha"
)

// document is one document, or one that stands inside another.
type document struct {
	n                   yamlsource.Node
	version, kind       string
	name, title         string
	description         string
	labels, annotations []tag
	metadata, spec      yamlsource.Node
}

type tag struct {
	key, value string
	at         intake.Place
}

// slo is an SLO with what it names found.
type slo struct {
	document
	service    string
	method     slofile.Method
	period     period
	indicator  *sli // nil for a composite
	objectives []objective
	policies   []*document
}

// sli is how something is measured.
type sli struct {
	document
	slofile.Indicator
	used bool // by an SLO
}

// objective is one level of an SLO.
type objective struct {
	n           yamlsource.Node
	title       string
	target      slofile.Percentage
	comparison  slofile.Comparison
	value       float64
	hasValue    bool
	slice       period
	sliceTarget *slofile.Percentage
	indicator   *sli // of a composite
	weight      string
}

// Documents are the documents of files.
type Documents struct {
	*slofile.Reading
	services, sources, conditions, policies, targets []*document
	slis                                             []*sli
	slos                                             []*slo
}

// Is reports that a document is one of OpenSLO.
func Is(doc yamlsource.Node) bool {
	return strings.HasPrefix(doc.Get("apiVersion").Text(), "openslo/") || strings.HasPrefix(doc.Get("apiVersion").Text(), "openslo.com/")
}

// Read reads the documents of files.
func Read(files []intake.File) *Documents {
	var docs []yamlsource.Node
	var strange []intake.Place
	from, _ := slofile.Documents(files, func(doc yamlsource.Node) {
		if Is(doc) {
			docs = append(docs, doc)
		} else {
			strange = append(strange, doc.Place())
		}
	})
	d := ReadDocuments(docs)
	for _, at := range strange {
		d.Note(intake.Unknown, at, "document", "openslo.shape", nil)
	}
	d.Add(from)
	d.Sort()
	return d
}

// ReadDocuments reads documents that Is accepts.
func ReadDocuments(docs []yamlsource.Node) *Documents {
	d := &Documents{Reading: &slofile.Reading{}}
	var slos []document
	for _, n := range docs {
		x, ok := d.open(n)
		if !ok {
			continue
		}
		switch x.kind {
		case "Service":
			d.Check(x.spec, "spec", "description")
			d.services = append(d.services, &x)
		case "SLO":
			slos = append(slos, x)
		case "SLI":
			if s := d.readSLI(x, x.spec); s != nil {
				d.slis = append(d.slis, s)
			}
		case "DataSource":
			d.Check(x.spec, "spec", "description", "type", "connectionDetails")
			d.sources = append(d.sources, &x)
		case "AlertPolicy":
			d.policies = append(d.policies, &x)
		case "AlertCondition":
			d.conditions = append(d.conditions, &x)
		case "AlertNotificationTarget":
			d.targets = append(d.targets, &x)
		default:
			d.Refuse(n.Get("kind").Place(), "openslo.kind", finding.Args{"kind": x.kind})
		}
	}
	for _, s := range d.slis {
		d.sourceOf(&s.Source, s.n.Place())
	}
	for _, x := range slos {
		if s := d.readSLO(x); s != nil {
			d.slos = append(d.slos, s)
			for i := range s.objectives {
				d.Objectives = append(d.Objectives, s.definition(i))
			}
		}
	}
	d.Sort()
	return d
}

var (
	dnsLabel = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	alpha    = map[string]bool{"Service": true, "SLO": true}
)

// open reads what all documents have.
func (d *Documents) open(n yamlsource.Node) (document, bool) {
	x := document{n: n, version: n.Get("apiVersion").Text(), kind: n.Get("kind").Text(), metadata: n.Get("metadata"), spec: n.Get("spec")}
	if x.version != V1 && x.version != V1Alpha {
		d.Refuse(n.Get("apiVersion").Place(), "openslo.version", finding.Args{"version": x.version})
		return x, false
	}
	if x.version == V1Alpha && !alpha[x.kind] {
		d.Refuse(or(n.Get("kind"), n).Place(), "openslo.kind", finding.Args{"kind": x.kind})
		return x, false
	}
	d.Check(n, x.kind, "apiVersion", "kind", "metadata", "spec")
	return x, d.head(&x)
}

// head reads the metadata of a document; a name is required.
func (d *Documents) head(x *document) bool {
	m := x.metadata
	x.name, x.title, x.description = m.Get("name").Text(), m.Get("displayName").Text(), strings.TrimSpace(x.spec.Get("description").Text())
	if !dnsLabel.MatchString(x.name) {
		d.Refuse(or(m.Get("name"), m, x.n).Place(), "openslo.name", finding.Args{"kind": x.kind, "name": x.name})
		return false
	}
	if len([]rune(x.description)) > 1050 {
		d.Refuse(x.spec.Get("description").Place(), "openslo.description", nil)
		return false
	}
	d.Check(m, x.kind+":"+x.name+".metadata", "name", "displayName", "labels", "annotations")
	for _, e := range m.Get("labels").Entries() {
		value := e.Value.Text()
		if items := e.Value.Items(); items != nil {
			var all []string
			for _, i := range items {
				all = append(all, i.Text())
			}
			value = strings.Join(all, " ")
		}
		x.labels = append(x.labels, tag{e.Name, value, e.Key.Place()})
	}
	for _, e := range m.Get("annotations").Entries() {
		x.annotations = append(x.annotations, tag{e.Name, e.Value.Text(), e.Key.Place()})
	}
	return true
}

func (x *document) path() string { return x.kind + ":" + x.name }

func or(nodes ...yamlsource.Node) yamlsource.Node {
	for _, n := range nodes {
		if n.Exists() {
			return n
		}
	}
	return nodes[len(nodes)-1]
}

// named finds a document by its name; the first one counts.
func named(list []*document, name string) *document {
	if i := slices.IndexFunc(list, func(x *document) bool { return x.name == name }); i >= 0 {
		return list[i]
	}
	return nil
}

// definition is an objective in the form that all formats share.
func (s *slo) definition(i int) *slofile.Objective {
	o := &s.objectives[i]
	out := &slofile.Objective{
		Place: o.n.Place(), Format: slofile.Format(s.version), Group: s.name, Service: s.service, Name: s.name + "-" + itoa(i),
		Title: o.title, Description: s.description, Target: o.target, Calendar: s.period.calendar, Period: s.period.rolling,
		Method: s.method, Slice: o.slice.rolling, SliceTarget: o.sliceTarget,
		Page: slofile.Alert{Disabled: true}, Ticket: slofile.Alert{Disabled: true}, Absent: slofile.Alert{Disabled: true},
	}
	x := s.indicator
	if o.indicator != nil {
		x = o.indicator
	}
	if x != nil {
		out.Indicator = x.Indicator
		if t := x.Threshold; t != nil {
			out.Indicator.Threshold = &slofile.Threshold{Query: t.Query, Comparison: o.comparison, Value: o.value}
		}
	}
	return out
}
