package openslo

import (
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
)

// readSLI reads how something is measured; nil when it breaks the specification.
func (d *Documents) readSLI(x document, spec yamlsource.Node) *sli {
	s := &sli{document: x}
	s.Indicator.Name = x.name
	d.Check(spec, x.path()+".spec", "description", "thresholdMetric", "ratioMetric")
	threshold, ratio := spec.Get("thresholdMetric"), spec.Get("ratioMetric")
	if threshold.Exists() == ratio.Exists() {
		d.Refuse(or(spec, x.n).Place(), "openslo.metric", finding.Args{"name": x.name})
		return nil
	}
	if threshold.Exists() {
		query, ok := d.metric(s, threshold, "thresholdMetric")
		s.Threshold = &slofile.Threshold{Query: query}
		if !ok {
			return nil
		}
		return s
	}
	d.Check(ratio, x.path()+".ratioMetric", "counter", "good", "bad", "total", "rawType", "raw")
	raw, total, good, bad := ratio.Get("raw"), ratio.Get("total"), ratio.Get("good"), ratio.Get("bad")
	if raw.Exists() {
		kind := ratio.Get("rawType").Text()
		switch {
		case total.Exists() || good.Exists() || bad.Exists():
			d.Refuse(raw.Place(), "openslo.raw", nil)
			return nil
		case kind != "success" && kind != "failure":
			d.Refuse(or(ratio.Get("rawType"), ratio).Place(), "openslo.raw.type", finding.Args{"value": kind})
			return nil
		}
		query, ok := d.metric(s, raw, "raw")
		s.Raw = &slofile.Raw{Query: query, Success: kind == "success"}
		if !ok {
			return nil
		}
		return s
	}
	if !total.Exists() || good.Exists() == bad.Exists() {
		d.Refuse(ratio.Place(), "openslo.ratio", nil)
		return nil
	}
	e := &slofile.Events{Counter: ratio.Get("counter").Text() == "true"}
	ok1, ok2 := true, true
	if good.Exists() {
		e.Good, ok1 = d.metric(s, good, "good")
	} else {
		e.Bad, ok1 = d.metric(s, bad, "bad")
	}
	if e.Total, ok2 = d.metric(s, total, "total"); !ok1 || !ok2 {
		return nil
	}
	s.Events = e
	return s
}

// metric reads the query of a metric, and the source that answers it.
func (d *Documents) metric(s *sli, n yamlsource.Node, key string) (string, bool) {
	source := n.Get("metricSource")
	spec := source.Get("spec")
	d.Check(source, s.path()+"."+key+".metricSource", "metricSourceRef", "type", "spec")
	if len(spec.Entries()) == 0 {
		d.Refuse(or(source, n).Place(), "openslo.source", finding.Args{"key": key})
		return "", false
	}
	from := slofile.Source{Name: source.Get("metricSourceRef").Text(), Type: source.Get("type").Text()}
	if s.Source == (slofile.Source{}) {
		s.Source = from
	} else if s.Source != from {
		d.Note(intake.Notice, source.Place(), s.path()+"."+key, "openslo.sources", nil)
	}
	query := strings.TrimSpace(spec.Get("query").Text())
	for _, e := range spec.Entries() {
		if e.Name == "query" {
			continue
		}
		// what other tools ask with is kept as text: name=value
		query = strings.TrimSpace(query + " " + e.Name + "=" + e.Value.Text())
	}
	return window.ReplaceAllString(query, slofile.Window), true
}

// sourceOf fills in what the document of a data source says.
func (d *Documents) sourceOf(s *slofile.Source, at intake.Place) {
	if s.Name == "" {
		return
	}
	x := named(d.sources, s.Name)
	if x == nil {
		d.Note(intake.Notice, at, s.Name, "openslo.dangling", finding.Args{"kind": "DataSource", "name": s.Name})
		return
	}
	if s.Type == "" {
		s.Type = x.spec.Get("type").Text()
	}
	s.URL = address(x)
}

// address finds the URL among the connection details of a data source; nothing else
// of them is read, for they hold keys.
func address(x *document) string {
	details := x.spec.Get("connectionDetails")
	for _, n := range append(details.Items(), details) {
		if url := n.Get("url").Text(); url != "" {
			return url
		}
	}
	return ""
}
