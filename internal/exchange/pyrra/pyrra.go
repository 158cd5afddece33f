// Package pyrra reads the files of Pyrra: Kubernetes objects ServiceLevelObjective
// (pyrra.dev/v1alpha1). The format is described at https://github.com/pyrra-dev/pyrra.
package pyrra

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promquery"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
)

// Prefix marks, in metadata of Pyrra, labels and annotations that rules carry.
const Prefix = "pyrra.dev/"

// Is reports that a document is one of Pyrra's.
func Is(doc yamlsource.Node) bool {
	return strings.HasPrefix(doc.Get("apiVersion").Text(), Prefix)
}

// Read reads the documents of files that are Pyrra's. A document that breaks the
// format is told with its place and does not hide the others; one of another format
// is told as well.
func Read(files []intake.File) *slofile.Reading {
	r := &reader{out: &slofile.Reading{}}
	from, _ := slofile.Documents(files, func(doc yamlsource.Node) {
		if !Is(doc) {
			r.out.Note(intake.Unknown, doc.Place(), "document", "pyrra.shape", nil)
			return
		}
		r.document(doc)
	})
	r.out.Add(from)
	r.out.Sort()
	return r.out
}

// ReadDocument reads one document that Is accepts.
func ReadDocument(doc yamlsource.Node) *slofile.Reading {
	r := &reader{out: &slofile.Reading{}}
	r.document(doc)
	return r.out
}

type reader struct{ out *slofile.Reading }

func or(nodes ...yamlsource.Node) yamlsource.Node {
	for _, n := range nodes {
		if n.Exists() {
			return n
		}
	}
	return nodes[len(nodes)-1]
}

func (r *reader) document(doc yamlsource.Node) {
	if kind := doc.Get("kind").Text(); kind != "ServiceLevelObjective" {
		r.out.Note(intake.Unknown, or(doc.Get("kind"), doc).Place(), "kind", "kind.unknown", finding.Args{"kind": kind})
		return
	}
	meta, spec := doc.Get("metadata"), doc.Get("spec")
	r.out.Check(doc, "", "apiVersion", "kind", "metadata", "spec", "status")
	r.out.Check(spec, "spec", "description", "target", "window", "indicator", "alerting", "partial_response_strategy")
	o := &slofile.Objective{
		Place: doc.Place(), Format: slofile.Pyrra, Name: meta.Get("name").Text(), Group: meta.Get("namespace").Text(),
		Description: strings.TrimSpace(spec.Get("description").Text()), Labels: carried(meta.Get("labels")), Annotations: carried(meta.Get("annotations")),
		Method: slofile.Occurrences,
	}
	if o.Name == "" {
		r.out.Refuse(or(meta, doc).Place(), "kubernetes.name", finding.Args{"kind": "ServiceLevelObjective"})
		return
	}
	// Pyrra knows no services: what the rules carry as a service, else the name
	if o.Service = o.Labels["service"]; o.Service == "" {
		o.Service = o.Name
	}
	target, ok := slofile.Number(spec.Get("target"))
	if !ok || target < 0 || target > 100 {
		r.out.Refuse(or(spec.Get("target"), spec, doc).Place(), "pyrra.target", finding.Args{"value": spec.Get("target").Text()})
		return
	}
	if target > 0 && target < 1 {
		r.out.Note(intake.Notice, spec.Get("target").Place(), o.Name+".target", "pyrra.target.ratio", finding.Args{"value": spec.Get("target").Text()})
	}
	o.Target = slofile.Percentage(target)
	if o.Period, ok = r.duration(spec, "window", doc); !ok {
		return
	}
	if s := spec.Get("partial_response_strategy"); s.Exists() {
		r.out.Note(intake.LeftOut, s.Place(), o.Name+".partial_response_strategy", "pyrra.thanos", nil)
	}
	if r.indicator(o, spec.Get("indicator"), or(spec, doc)) && r.alerting(o, spec.Get("alerting")) {
		r.out.Objectives = append(r.out.Objectives, o)
	}
}

// carried reads the labels or annotations that rules carry, without their prefix.
func carried(n yamlsource.Node) map[string]string {
	out := map[string]string{}
	for _, e := range n.Entries() {
		if name, ok := strings.CutPrefix(e.Name, Prefix); ok {
			out[name] = e.Value.Text()
		}
	}
	return out
}

func (r *reader) duration(n yamlsource.Node, key string, around yamlsource.Node) (time.Duration, bool) {
	d, err := model.ParseDuration(n.Get(key).Text())
	if err != nil || d <= 0 {
		r.out.Refuse(or(n.Get(key), n, around).Place(), "slo.duration", finding.Args{"key": key, "value": n.Get(key).Text()})
		return 0, false
	}
	return time.Duration(d), true
}

var kinds = []string{"ratio", "latency", "latencyNative", "bool_gauge"}

func (r *reader) indicator(o *slofile.Objective, n, around yamlsource.Node) bool {
	what := o.Name + ".indicator"
	r.out.Check(n, what, kinds...)
	var set []string
	for _, k := range kinds {
		if n.Get(k).IsMap() {
			set = append(set, k)
		}
	}
	if len(set) != 1 {
		r.out.Refuse(or(n, around).Place(), "pyrra.indicator", finding.Args{"set": set, "n": len(set)})
		return false
	}
	part := n.Get(set[0])
	what += "." + set[0]
	var grouping []string
	for _, g := range part.Get("grouping").Items() {
		grouping = append(grouping, g.Text())
	}
	slices.Sort(grouping)
	grouping = slices.Compact(grouping)
	switch set[0] {
	case "ratio":
		r.out.Check(part, what, "errors", "total", "grouping")
		bad, ok1 := r.metric(part.Get("errors"), "errors", part)
		all, ok2 := r.metric(part.Get("total"), "total", part)
		o.Indicator.Ratio = &slofile.Ratio{Errors: bad, Total: all, Grouping: grouping}
		return ok1 && ok2
	case "latency":
		r.out.Check(part, what, "success", "total", "grouping")
		good, ok1 := r.metric(part.Get("success"), "success", part)
		all, ok2 := r.metric(part.Get("total"), "total", part)
		if ok1 && !r.bucket(part.Path("success", "metric"), good) {
			return false
		}
		o.Indicator.Latency = &slofile.Latency{Within: good, Total: all, Grouping: grouping}
		return ok1 && ok2
	case "latencyNative":
		r.out.Check(part, what, "total", "latency", "grouping")
		all, ok1 := r.metric(part.Get("total"), "total", part)
		bound, ok2 := r.duration(part, "latency", part)
		o.Indicator.Native = &slofile.NativeLatency{Total: all, Bound: bound, Grouping: grouping}
		return ok1 && ok2
	}
	r.out.Check(part, what, "metric", "grouping")
	metric, ok := r.metric(part, "bool_gauge", part)
	o.Indicator.Bool = &slofile.BoolGauge{Metric: metric, Grouping: grouping}
	return ok
}

// metric reads a metric selector.
func (r *reader) metric(n yamlsource.Node, key string, around yamlsource.Node) (string, bool) {
	at, text := or(n.Get("metric"), n, around).Place(), strings.TrimSpace(n.Get("metric").Text())
	if text == "" {
		r.out.Refuse(at, "slo.query.missing", finding.Args{"key": key})
		return "", false
	}
	if n.Exists() && key != "bool_gauge" {
		r.out.Check(n, key, "metric")
	}
	if err := promquery.Check(text); err != nil {
		r.out.Refuse(at, "slo.query.promql", finding.Args{"key": key, "detail": err.Error()})
		return "", false
	}
	v, ok := promquery.ParseSelector(text)
	if !ok {
		r.out.Refuse(at, "pyrra.selector", finding.Args{"key": key})
		return "", false
	}
	return v.String(), true
}

// bucket says whether a selector names the bucket of a bound, in whatever spelling:
// Prometheus 2 and 3 write bounds differently.
func (r *reader) bucket(at yamlsource.Node, selector string) bool {
	if v, ok := promquery.ParseSelector(selector); ok && v.Has("le") {
		return true
	}
	r.out.Refuse(at.Place(), "pyrra.bucket", nil)
	return false
}

func (r *reader) alerting(o *slofile.Objective, n yamlsource.Node) bool {
	r.out.Check(n, o.Name+".alerting", "disabled", "burnrates", "absent", "name", "absentName", "severities")
	severities := n.Get("severities")
	r.out.Check(severities, o.Name+".alerting.severities", "absent", "fastBurn", "mediumBurn", "slowBurn", "longTermBurn")
	name, absent := n.Get("name").Text(), n.Get("absentName").Text()
	if name == "" {
		name = "ErrorBudgetBurn"
	}
	if absent == "" {
		absent = "SLOMetricAbsent"
	}
	off := n.Get("disabled").Text() == "true" || n.Get("burnrates").Text() == "false"
	o.Page = slofile.Alert{Disabled: off, Name: name, Annotations: o.Annotations}
	o.Ticket = o.Page
	o.Absent = slofile.Alert{Disabled: n.Get("absent").Text() == "false", Name: absent, Annotations: o.Annotations}
	for _, e := range severities.Entries() {
		if o.Severities == nil {
			o.Severities = map[slofile.Severity]string{}
		}
		o.Severities[slofile.Severity(e.Name)] = e.Value.Text()
	}
	return true
}
