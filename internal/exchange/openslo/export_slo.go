package openslo

import (
	"strconv"

	"go.yaml.in/yaml/v4"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// agreement writes the targets of an agreement: one SLO for those that share their
// window, their method and what measures them, in the order of the agreement.
func (e *exporter) agreement(o *model.Object) {
	a := o.Spec.(*model.Agreement)
	type group struct {
		window, method string
		calendar       model.Ref
		source         model.Ref
		targets        []*model.Target
	}
	var groups []*group
	for i := range a.Targets {
		t := &a.Targets[i]
		source := e.s.Get(t.MeasuredBy)
		switch {
		case t.Metric != model.MetricAvailability && t.Metric != model.MetricRatio || t.Availability == nil:
			e.note(o, "targets."+t.Name, "openslo.export.metric", finding.Args{"target": t.Name})
			continue
		case *t.Availability == model.AvailabilityOf(0):
			e.note(o, "targets."+t.Name, "openslo.export.full", finding.Args{"target": t.Name})
			continue
		case source == nil || source.Kind.Slug != "measurement-source" || !e.measures(source):
			e.note(o, "targets."+t.Name, "openslo.export.source", finding.Args{"target": t.Name})
			continue
		}
		method := t.Method
		if method == "" {
			method = "timeslices"
		}
		var into *group
		for _, g := range groups {
			if g.window == t.Window && g.method == method && g.calendar == t.Calendar && e.together(g.source, t.MeasuredBy) {
				into = g
			}
		}
		if into == nil {
			into = &group{window: t.Window, method: method, calendar: t.Calendar, source: t.MeasuredBy}
			groups = append(groups, into)
		}
		into.targets = append(into.targets, t)
	}
	for n, g := range groups {
		for m, r := range a.Services {
			if r.Kind != "service" {
				e.note(o, "services", "openslo.export.service", finding.Args{"service": r})
				continue
			}
			wish := o.Metadata.Name
			if len(groups) > 1 {
				wish += "-" + g.targets[0].Name
			}
			if len(a.Services) > 1 {
				wish += "-" + r.Name
			}
			spec := mapping()
			spec.put("description", text(short(plain(o.Metadata.Description))))
			spec.put("service", text(e.name("Service", r.String(), r.Name)))
			composite := false
			for _, t := range g.targets {
				composite = composite || t.MeasuredBy != g.source
			}
			if !composite {
				spec.put("indicatorRef", text(e.name("SLI", g.source.String(), g.source.Name)))
			}
			spec.put("timeWindow", e.window(g.targets[0]))
			spec.put("budgetingMethod", text(map[string]string{"occurrences": "Occurrences", "timeslices": "Timeslices", "ratio-timeslices": "RatioTimeslices"}[g.method]))
			var objectives []*yaml.Node
			for _, t := range g.targets {
				objectives = append(objectives, e.objective(o, t, g.method, composite))
			}
			spec.put("objectives", list(objectives...))
			spec.put("alertPolicies", e.policies(o, g.targets[0]))
			e.document("SLO", o, e.name("SLO", o.Ref().String()+itoa(n)+" "+itoa(m), wish), plain(o.Metadata.Title), spec)
		}
	}
}

// measures tells whether a source gives what OpenSLO calls an indicator.
func (e *exporter) measures(o *model.Object) bool {
	s := o.Spec.(*model.MeasurementSource)
	return s.Indicator != nil && (s.Indicator.Total != "" || s.Query != "" && s.Indicator.Comparison != "" && s.Indicator.Threshold != nil)
}

// together tells whether two sources may stand in one SLO: they are one, or they ask
// the same and differ in their thresholds alone.
func (e *exporter) together(a, b model.Ref) bool {
	if a == b {
		return true
	}
	x, y := e.s.Get(a).Spec.(*model.MeasurementSource), e.s.Get(b).Spec.(*model.MeasurementSource)
	return x.Indicator != nil && y.Indicator != nil && x.Indicator.Total == "" && y.Indicator.Total == "" && x.Query == y.Query && x.URL == y.URL && x.Type == y.Type
}

func (e *exporter) objective(o *model.Object, t *model.Target, method string, composite bool) *yaml.Node {
	n := mapping()
	title := plain(t.Title)
	if title == "" {
		title = t.Name
	}
	n.put("displayName", text(title))
	n.put("target", number(ratioOf(*t.Availability)))
	if i := e.s.Get(t.MeasuredBy).Spec.(*model.MeasurementSource).Indicator; i.Total == "" {
		n.put("op", text(i.Comparison))
		n.put("value", number(strconv.FormatFloat(i.Threshold.Value, 'f', -1, 64)))
	}
	if method != "occurrences" {
		slice := shorten(t.Slice.Std())
		if slice == "" {
			slice = "1m"
		}
		if method == "timeslices" {
			share := "1"
			if t.SliceTarget != nil {
				share = strconv.FormatFloat(t.SliceTarget.Ratio(), 'f', -1, 64)
			}
			n.put("timeSliceTarget", number(share))
		}
		n.put("timeSliceWindow", text(slice))
	}
	if composite {
		n.put("indicatorRef", text(e.name("SLI", t.MeasuredBy.String(), t.MeasuredBy.Name)))
	}
	return n.Node
}

// policies writes the burn-rate alerts of a target as a policy inside the SLO.
func (e *exporter) policies(o *model.Object, t *model.Target) *yaml.Node {
	if len(t.Alerts) == 0 {
		return nil
	}
	var conditions []*yaml.Node
	for _, a := range t.Alerts {
		if a.Short > 0 {
			e.note(o, "targets."+t.Name, "openslo.export.short", finding.Args{"alert": a.Name, "short": a.Short.String()})
		}
		long := shorten(a.Long.Std())
		if _, err := strconv.ParseFloat(a.Factor, 64); err != nil || long == "" {
			continue
		}
		meta, condition, spec, x := mapping(), mapping(), mapping(), mapping()
		meta.put("name", text(e.name("AlertCondition", a.Name, a.Name)))
		condition.put("kind", text("burnrate"))
		condition.put("op", text("gt"))
		condition.put("threshold", number(a.Factor))
		condition.put("lookbackWindow", text(long))
		spec.put("severity", text("page"))
		spec.put("condition", condition.Node)
		x.put("kind", text("AlertCondition"))
		x.put("metadata", meta.Node)
		x.put("spec", spec.Node)
		conditions = append(conditions, x.Node)
	}
	if len(conditions) == 0 {
		return nil
	}
	meta, spec, p := mapping(), mapping(), mapping()
	meta.put("name", text(e.name("AlertPolicy", t.Name, t.Name+"-burn")))
	spec.put("alertWhenBreaching", number("true"))
	spec.put("conditions", list(conditions...))
	p.put("kind", text("AlertPolicy"))
	p.put("metadata", meta.Node)
	p.put("spec", spec.Node)
	return list(p.Node)
}
