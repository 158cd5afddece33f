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

var window = regexp.MustCompile(`\{\{\s*\.window\s*\}\}`)

// readSLO reads an SLO; nil when it breaks the specification.
func (d *Documents) readSLO(x document) *slo {
	s := &slo{document: x, service: x.spec.Get("service").Text()}
	v1 := x.version == V1
	if v1 {
		d.Check(x.spec, x.path()+".spec", "description", "service", "indicator", "indicatorRef", "budgetingMethod", "timeWindow", "objectives", "alertPolicies")
	} else {
		d.Check(x.spec, x.path()+".spec", "description", "service", "indicator", "budgetingMethod", "timeWindows", "objectives")
	}
	if s.service == "" {
		d.Refuse(or(x.spec, x.n).Place(), "openslo.service", finding.Args{"name": x.name})
		return nil
	}
	s.method = slofile.Method(x.spec.Get("budgetingMethod").Text())
	methods := []slofile.Method{slofile.Occurrences, slofile.Timeslices, slofile.RatioTimeslices}
	if !v1 {
		methods = methods[:2]
	}
	if !slices.Contains(methods, s.method) {
		d.Refuse(or(x.spec.Get("budgetingMethod"), x.spec).Place(), "openslo.method", finding.Args{"value": string(s.method), "allowed": methods})
		return nil
	}
	var ok bool
	if s.period, ok = d.window(&x); !ok {
		return nil
	}
	list := x.spec.Get("objectives").Items()
	if len(list) == 0 {
		d.Refuse(or(x.spec.Get("objectives"), x.spec).Place(), "openslo.objectives", nil)
		return nil
	}
	if v1 {
		ok = d.indicatorV1(s, list)
	} else {
		ok = d.indicatorAlpha(s, list)
	}
	if !ok {
		return nil
	}
	for i, n := range list {
		o, good := d.objective(s, n, i)
		if !good {
			return nil
		}
		s.objectives = append(s.objectives, o)
	}
	for _, n := range x.spec.Get("alertPolicies").Items() {
		if p := d.policy(n); p != nil {
			s.policies = append(s.policies, p)
		}
	}
	return s
}

// indicatorV1 reads the indicator of an SLO: it stands at the SLO, or at each of its
// objectives.
func (d *Documents) indicatorV1(s *slo, list []yamlsource.Node) bool {
	own := s.spec.Get("indicator").Exists() || s.spec.Get("indicatorRef").Exists()
	composite := slices.ContainsFunc(list, func(n yamlsource.Node) bool { return n.Get("indicator").Exists() || n.Get("indicatorRef").Exists() })
	if own == composite {
		d.Refuse(or(s.spec, s.n).Place(), "openslo.indicator", finding.Args{"name": s.name, "both": own})
		return false
	}
	if composite {
		return true
	}
	s.indicator = d.indicatorAt(s.spec, s.path())
	return s.indicator != nil
}

func (d *Documents) indicatorAt(n yamlsource.Node, what string) *sli {
	inline, ref := n.Get("indicator"), n.Get("indicatorRef")
	if inline.Exists() == ref.Exists() {
		d.Refuse(n.Place(), "openslo.indicator", finding.Args{"name": what, "both": inline.Exists()})
		return nil
	}
	if inline.Exists() {
		x := document{n: inline, kind: "SLI", version: V1, metadata: inline.Get("metadata"), spec: inline.Get("spec")}
		d.Check(inline, what+".indicator", "apiVersion", "kind", "metadata", "spec")
		if !d.head(&x) {
			return nil
		}
		s := d.readSLI(x, x.spec)
		if s != nil {
			d.sourceOf(&s.Source, inline.Place())
		}
		return s
	}
	if i := slices.IndexFunc(d.slis, func(s *sli) bool { return s.name == ref.Text() }); i >= 0 {
		d.slis[i].used = true
		return d.slis[i]
	}
	d.Note(intake.Notice, ref.Place(), what+".indicatorRef", "openslo.dangling", finding.Args{"kind": "SLI", "name": ref.Text()})
	return &sli{document: document{n: ref, kind: "SLI", name: ref.Text()}, Indicator: slofile.Indicator{Name: ref.Text()}}
}

// indicatorAlpha reads the indicator of v1alpha: a threshold at the SLO, or ratios at
// its objectives.
func (d *Documents) indicatorAlpha(s *slo, list []yamlsource.Node) bool {
	n := s.spec.Path("indicator", "thresholdMetric")
	ratios := slices.ContainsFunc(list, func(n yamlsource.Node) bool { return n.Get("ratioMetrics").Exists() })
	if n.Exists() == ratios {
		d.Refuse(or(s.spec, s.n).Place(), "openslo.indicator.alpha", finding.Args{"both": ratios})
		return false
	}
	if !n.Exists() {
		return true
	}
	query, from, ok := d.metricAlpha(n, "thresholdMetric")
	s.indicator = &sli{document: document{n: n, kind: "SLI", name: s.name, version: V1Alpha}, Indicator: slofile.Indicator{Name: s.name, Threshold: &slofile.Threshold{Query: query}, Source: from}}
	return ok
}

func (d *Documents) metricAlpha(n yamlsource.Node, key string) (string, slofile.Source, bool) {
	d.Check(n, key, "source", "queryType", "query")
	for _, k := range []string{"source", "queryType", "query"} {
		if n.Get(k).Text() == "" {
			d.Refuse(n.Place(), "openslo.source.alpha", finding.Args{"key": key, "missing": k})
			return "", slofile.Source{}, false
		}
	}
	return window.ReplaceAllString(strings.TrimSpace(n.Get("query").Text()), slofile.Window), slofile.Source{Type: n.Get("source").Text()}, true
}

// objective reads one level of an SLO.
func (d *Documents) objective(s *slo, n yamlsource.Node, i int) (objective, bool) {
	v1 := s.version == V1
	what := s.path() + ".objectives." + itoa(i)
	o := objective{n: n, title: n.Get("displayName").Text(), weight: n.Get("compositeWeight").Text()}
	if v1 {
		d.Check(n, what, "displayName", "op", "value", "target", "targetPercent", "timeSliceTarget", "timeSliceWindow", "indicator", "indicatorRef", "compositeWeight")
	} else {
		d.Check(n, what, "displayName", "op", "value", "target", "timeSliceTarget", "ratioMetrics")
	}
	fail := func(at yamlsource.Node, code string, args finding.Args) (objective, bool) {
		d.Refuse(or(at, n).Place(), code, args)
		return o, false
	}
	share := func(key string, most float64, inclusive bool) (slofile.Percentage, bool) {
		v, ok := slofile.Number(n.Get(key))
		if !ok || v < 0 || v > most || v == most && !inclusive {
			fail(n.Get(key), "openslo.target", finding.Args{"key": key, "value": n.Get(key).Text(), "most": most})
			return 0, false
		}
		if most == 1 {
			v *= 100
		}
		return slofile.Percentage(v), true
	}
	ok := true
	switch ratio, percent := n.Get("target").Exists(), n.Get("targetPercent").Exists() && v1; {
	case ratio == percent:
		return fail(n, "openslo.target.one", nil)
	case ratio:
		o.target, ok = share("target", 1, false)
	default:
		o.target, ok = share("targetPercent", 100, false)
	}
	if !ok {
		return o, false
	}
	if n.Get("indicator").Exists() || n.Get("indicatorRef").Exists() {
		if o.indicator = d.indicatorAt(n, what); o.indicator == nil {
			return o, false
		}
	} else if s.indicator == nil && v1 {
		return fail(n, "openslo.indicator", finding.Args{"name": what, "both": false})
	}
	if ratio := n.Get("ratioMetrics"); ratio.Exists() {
		if o.indicator, ok = d.ratioAlpha(s, ratio, i); !ok {
			return o, false
		}
	} else if s.indicator == nil && !v1 {
		return fail(n, "openslo.indicator.alpha", finding.Args{"both": false})
	}
	if !d.comparison(s, &o, n) {
		return o, false
	}
	if s.method == slofile.Timeslices {
		v, ok := share("timeSliceTarget", 1, true)
		if !ok {
			return o, false
		}
		o.sliceTarget = &v
	}
	if v1 && s.method != slofile.Occurrences {
		if o.slice, ok = d.length(n.Get("timeSliceWindow"), n, "timeSliceWindow"); !ok {
			return o, false
		}
	}
	return o, true
}

// comparison reads how a threshold compares. With a ratio there is nothing to compare:
// op and value are refused there, as the validator of the specification does.
func (d *Documents) comparison(s *slo, o *objective, n yamlsource.Node) bool {
	x := s.indicator
	if o.indicator != nil {
		x = o.indicator
	}
	op := n.Get("op")
	o.comparison = slofile.Comparison(op.Text())
	if op.Exists() && o.comparison.Sign() == "" {
		d.Refuse(op.Place(), "openslo.op", finding.Args{"value": op.Text()})
		return false
	}
	o.value, o.hasValue = slofile.Number(n.Get("value"))
	if n.Get("value").Exists() && !o.hasValue {
		d.Refuse(n.Get("value").Place(), "openslo.value", finding.Args{"value": n.Get("value").Text()})
		return false
	}
	switch ratio := x.Events != nil || x.Raw != nil; {
	case ratio && op.Exists():
		d.Refuse(op.Place(), "openslo.op.ratio", nil)
		return false
	case ratio && o.hasValue && s.version == V1:
		d.Refuse(n.Get("value").Place(), "openslo.op.ratio", nil)
		return false
	case x.Threshold != nil && (!op.Exists() || !o.hasValue):
		d.Refuse(n.Place(), "openslo.op.missing", nil)
		return false
	}
	return true
}

// ratioAlpha reads the ratio of an objective of v1alpha.
func (d *Documents) ratioAlpha(s *slo, n yamlsource.Node, i int) (*sli, bool) {
	d.Check(n, "ratioMetrics", "good", "total", "incremental")
	good, from, ok1 := d.metricAlpha(n.Get("good"), "good")
	total, _, ok2 := d.metricAlpha(n.Get("total"), "total")
	if !ok1 || !ok2 {
		return nil, false
	}
	return &sli{
		document:  document{n: n, kind: "SLI", name: s.name + "-" + itoa(i), version: V1Alpha},
		Indicator: slofile.Indicator{Name: s.name + "-" + itoa(i), Events: &slofile.Events{Good: good, Total: total, Counter: n.Get("incremental").Text() == "true"}, Source: from},
	}, true
}

// policy finds the alert policy that an SLO names, or reads the one that stands in it.
func (d *Documents) policy(n yamlsource.Node) *document {
	if ref := n.Get("alertPolicyRef"); ref.Exists() {
		x := named(d.policies, ref.Text())
		if x == nil {
			d.Note(intake.Notice, ref.Place(), "alertPolicyRef", "openslo.dangling", finding.Args{"kind": "AlertPolicy", "name": ref.Text()})
		}
		return x
	}
	x := document{n: n, kind: "AlertPolicy", version: V1, metadata: n.Get("metadata"), spec: n.Get("spec")}
	if n.IsScalar() { // the specification's own examples name policies without a key
		if p := named(d.policies, n.Text()); p != nil {
			return p
		}
		d.Note(intake.Notice, n.Place(), "alertPolicies", "openslo.dangling", finding.Args{"kind": "AlertPolicy", "name": n.Text()})
		return nil
	}
	if !d.head(&x) {
		return nil
	}
	return &x
}
