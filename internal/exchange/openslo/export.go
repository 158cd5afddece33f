package openslo

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/slomodel"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Export writes the promises of a model that OpenSLO can say, as documents of
// openslo/v1: services, data sources, indicators, and an SLO for each agreement,
// service, window and method. Targets that OpenSLO cannot say are told in notes.
func Export(s *model.Snapshot) ([]byte, []intake.Note, error) {
	e := &exporter{s: s, names: map[string]string{}}
	e.services()
	for _, h := range s.OfKind("measurement-source") {
		e.indicator(s.Object(h))
	}
	for _, h := range s.OfKind("agreement") {
		e.agreement(s.Object(h))
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	for _, doc := range e.docs {
		if err := enc.Encode(doc); err != nil {
			return nil, nil, err
		}
	}
	if len(e.docs) == 0 {
		return nil, e.notes, nil
	}
	err := enc.Close()
	return b.Bytes(), e.notes, err
}

type exporter struct {
	s     *model.Snapshot
	docs  []*yaml.Node
	notes []intake.Note
	names map[string]string // names given, by kind and name → object
	tools map[model.Ref]string
}

func (e *exporter) note(o *model.Object, what, code string, args finding.Args) {
	e.notes = append(e.notes, intake.Note{Outcome: intake.Unknown, Place: intake.Place{File: o.Ref().String()}, What: what, Object: o.Ref(), Code: code, Args: args})
}

// name makes a name of OpenSLO: a DNS label that no other object of the kind has.
func (e *exporter) name(kind string, owner string, wish string) string {
	base := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(wish)), "-")
	base = strings.TrimRight(base[:min(len(base), 55)], "-")
	if base == "" {
		base = "x"
	}
	for i := 1; ; i++ {
		name := base
		if i > 1 {
			name += "-" + itoa(i)
		}
		if who, taken := e.names[kind+"\x00"+name]; !taken || who == owner {
			e.names[kind+"\x00"+name] = owner
			return name
		}
	}
}

// A mapping in the order in which its keys are put.
type keys struct{ *yaml.Node }

func mapping() keys { return keys{&yaml.Node{Kind: yaml.MappingNode}} }

func (k keys) put(key string, value *yaml.Node) {
	if value != nil {
		k.Content = append(k.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
	}
}

func text(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.Contains(s, "\n") {
		n.Style = yaml.LiteralStyle
	}
	return n
}

func number(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: items}
}

func (e *exporter) document(kind string, o *model.Object, name, title string, spec keys) {
	meta := mapping()
	meta.put("name", text(name))
	meta.put("displayName", text(title))
	own, annotations := labelled(o.Metadata.Labels)
	meta.put("labels", texts(own, true))
	meta.put("annotations", texts(annotations, false))
	doc := mapping()
	doc.put("apiVersion", text(V1))
	doc.put("kind", text(kind))
	doc.put("metadata", meta.Node)
	doc.put("spec", spec.Node)
	e.docs = append(e.docs, doc.Node)
}

func texts(values map[string]string, several bool) *yaml.Node {
	if len(values) == 0 {
		return nil
	}
	m := mapping()
	for _, k := range slices.Sorted(maps.Keys(values)) {
		if !several {
			m.put(k, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: values[k]})
			continue
		}
		var all []*yaml.Node
		for _, v := range strings.Fields(values[k]) {
			all = append(all, text(v))
		}
		m.put(k, list(all...))
	}
	return m.Node
}

func plain(t model.Text) string {
	return t.In("en")
}

// services writes the services that agreements with targets promise, and the tools
// that sources come from.
func (e *exporter) services() {
	wanted := map[model.Ref]bool{}
	for _, h := range e.s.OfKind("agreement") {
		for _, r := range e.s.Object(h).Spec.(*model.Agreement).Services {
			wanted[r] = true
		}
	}
	for _, h := range e.s.OfKind("service") {
		o := e.s.Object(h)
		if wanted[o.Ref()] {
			spec := mapping()
			spec.put("description", text(short(plain(o.Metadata.Description))))
			e.document("Service", o, e.name("Service", o.Ref().String(), o.Metadata.Name), plain(o.Metadata.Title), spec)
		}
	}
	e.tools = map[model.Ref]string{}
	for _, h := range e.s.OfKind("measurement-source") {
		source := e.s.Object(h).Spec.(*model.MeasurementSource)
		o := e.s.Get(source.Tool)
		if o == nil || e.tools[source.Tool] != "" {
			continue
		}
		tool := o.Spec.(*model.Tool)
		name := e.name("DataSource", o.Ref().String(), o.Metadata.Name)
		e.tools[source.Tool] = name
		spec, details := mapping(), mapping()
		spec.put("description", text(short(plain(o.Metadata.Description))))
		kind := tool.Product
		if kind == "" {
			kind = "Prometheus"
		}
		spec.put("type", text(kind))
		url := o.Metadata.Labels[labelPrefix+"url"]
		if url == "" {
			url = source.URL
		}
		if url != "" {
			details.put("url", text(url))
			spec.put("connectionDetails", list(details.Node))
		}
		e.document("DataSource", o, name, plain(o.Metadata.Title), spec)
	}
}

// short keeps a description within what the specification allows.
func short(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 1050)])
}

func (e *exporter) indicator(o *model.Object) {
	spec := mapping()
	spec.put("description", text(short(plain(o.Metadata.Description))))
	source := o.Spec.(*model.MeasurementSource)
	i := source.Indicator
	metric := func(query string) *yaml.Node {
		from, ask, m := mapping(), mapping(), mapping()
		if name := e.tools[source.Tool]; name != "" {
			from.put("metricSourceRef", text(name))
		}
		kind := "Prometheus"
		if source.Type == "other" {
			if kind = o.Metadata.Labels["slo.source"]; kind == "" {
				kind = "other"
			}
		}
		from.put("type", text(kind))
		ask.put("query", text(strings.ReplaceAll(query, slomodel.Variable, slofile.Window)))
		from.put("spec", ask.Node)
		m.put("metricSource", from.Node)
		return m.Node
	}
	ratio := mapping()
	switch {
	case i == nil || i.Total == "":
		if source.Query == "" {
			return
		}
		spec.put("thresholdMetric", metric(source.Query))
	case i.Total == slomodel.One && i.Good != "":
		ratio.put("rawType", text("success"))
		ratio.put("raw", metric(i.Good))
	case i.Total == slomodel.One && i.Bad != "":
		ratio.put("rawType", text("failure"))
		ratio.put("raw", metric(i.Bad))
	case i.Good != "" || i.Bad != "":
		ratio.put("counter", number("true"))
		if i.Good != "" {
			ratio.put("good", metric(i.Good))
		} else {
			ratio.put("bad", metric(i.Bad))
		}
		ratio.put("total", metric(i.Total))
	default:
		return
	}
	if len(ratio.Content) > 0 {
		spec.put("ratioMetric", ratio.Node)
	}
	e.document("SLI", o, e.name("SLI", o.Ref().String(), o.Metadata.Name), plain(o.Metadata.Title), spec)
}

// window is the time window of a target; nil for one that OpenSLO has not.
func (e *exporter) window(t *model.Target) *yaml.Node {
	w := mapping()
	unit := map[string]string{"month": "1M", "quarter": "1Q", "year": "1Y"}[t.Window]
	if days, ok := strings.CutPrefix(t.Window, "rolling-"); ok {
		w.put("duration", text(days))
		w.put("isRolling", number("true"))
		return list(w.Node)
	}
	if unit == "" {
		return nil
	}
	zone := "UTC"
	if c := e.s.Get(t.Calendar); c != nil {
		zone = c.Spec.(*model.Calendar).Zone
	}
	calendar := mapping()
	calendar.put("startTime", text("2024-01-01 00:00:00"))
	calendar.put("timeZone", text(zone))
	w.put("duration", text(unit))
	w.put("isRolling", number("false"))
	w.put("calendar", calendar.Node)
	return list(w.Node)
}

func ratioOf(a model.Availability) string {
	return strconv.FormatFloat(a.Ratio(), 'f', -1, 64)
}
