package slomodel

import (
	"fmt"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promquery"
	"diapason/internal/exchange/slofile"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Variable stands in the queries of the model for the length of a slice.
const Variable = "$window"

// One is a query that always answers 1: the total of a share that one query gives.
const One = "vector(1)"

// Source takes over how something is measured; the same way is taken once. The
// objective may be nil: for an indicator that no objective uses.
func (b *Builder) Source(o *slofile.Objective, i *slofile.Indicator, at intake.Place) model.Ref {
	what := "sli:" + i.Name
	if o != nil && i.Name == "" {
		what = "sli:" + o.ID()
	}
	if i.Plugin != "" {
		b.Report.Add(intake.Unknown, at, what, model.Ref{}, "slo.plugin", finding.Args{"plugin": i.Plugin})
		return model.Ref{}
	}
	s := &model.MeasurementSource{Type: kindOf(i.Source.Type), URL: i.Source.URL}
	if !b.fill(s, i, at, what) {
		return model.Ref{}
	}
	key := asks(s)
	object := b.seen[key]
	if object == nil {
		wish := i.Name
		if wish == "" {
			wish = o.ID()
		}
		object = b.Report.Put("measurement-source", b.names.Give("measurement-source", key, wish), s)
		b.seen[key] = object
		if s.Type == "other" && i.Source.Type != "" {
			intake.Tag(object, "slo.source", i.Source.Type)
		}
		if i.Source.Name != "" {
			if tool := b.Report.Get(model.Ref{Kind: "tool", Name: b.names.Of("tool", i.Source.Name)}); tool != nil {
				s.Tool = tool.Ref()
			}
		}
		b.Report.Add(intake.Mapped, at, what, object.Ref(), "slo.source", nil)
	}
	if o != nil {
		spec, ref := object.Spec.(*model.MeasurementSource), b.Service(o.Service, at).Ref()
		have := false
		for _, x := range spec.Of {
			have = have || x == ref
		}
		if !have {
			spec.Of = append(spec.Of, ref)
		}
	}
	return object.Ref()
}

// Tool takes over a data source as a tool.
func (b *Builder) Tool(name, title, product string, at intake.Place) *model.Object {
	o := b.Report.Put("tool", b.names.Give("tool", name), &model.Tool{Product: product, External: true})
	if title != "" {
		o.Metadata.Title = model.Text{All: title}
	}
	b.Report.Add(intake.Mapped, at, "DataSource:"+name, o.Ref(), "slo.tool", nil)
	return o
}

// asks tells sources apart: by what they ask, where.
func asks(s *model.MeasurementSource) string {
	i := model.Indicator{}
	if s.Indicator != nil {
		i = *s.Indicator
	}
	threshold := ""
	if i.Threshold != nil {
		threshold = i.Threshold.String()
	}
	return strings.Join([]string{s.Type, s.URL, s.Query, i.Good, i.Bad, i.Total, i.Comparison, threshold}, "\x00")
}

func kindOf(source string) string {
	switch strings.ToLower(source) {
	case "", "prometheus", "sloth", "thanos", "mimir", "cortex", "victoriametrics":
		return "prometheus"
	}
	return "other"
}

func variable(query string) string { return strings.ReplaceAll(query, slofile.Window, Variable) }

// fill writes the queries of an indicator; false for one without any.
func (b *Builder) fill(s *model.MeasurementSource, i *slofile.Indicator, at intake.Place, what string) bool {
	sum := func(function, selector string) string {
		return "sum(" + function + "(" + selector + "[" + Variable + "]))"
	}
	grouped := func(by []string) {
		if len(by) > 0 {
			b.Report.Add(intake.Notice, at, what+".grouping", model.Ref{}, "slo.grouping", finding.Args{"by": by})
		}
	}
	x := &model.Indicator{}
	switch {
	case i.Events != nil:
		x.Good, x.Bad, x.Total = i.Events.Good, i.Events.Bad, i.Events.Total
		for _, part := range []struct {
			key  string
			text *string
		}{{"good", &x.Good}, {"bad", &x.Bad}, {"total", &x.Total}} {
			key, text := part.key, part.text
			if *text == "" {
				continue
			}
			if s.Type != "prometheus" {
				*text = variable(*text)
				continue
			}
			windowed, ok := promquery.Windowed(*text, slofile.Window, i.Events.Counter)
			switch {
			case !ok:
				b.Report.Add(intake.Notice, at, what+"."+key, model.Ref{}, "slo.query.asis", finding.Args{"key": key})
			case windowed != *text:
				b.Report.Add(intake.Notice, at, what+"."+key, model.Ref{}, "slo.query.windowed", finding.Args{"key": key, "query": variable(windowed)})
				*text = windowed
			}
			*text = variable(*text)
		}
	case i.Raw != nil:
		if x.Bad, x.Total = variable(i.Raw.Query), One; i.Raw.Success {
			x.Good, x.Bad = x.Bad, ""
		}
	case i.Ratio != nil:
		grouped(i.Ratio.Grouping)
		x.Bad, x.Total = sum("increase", i.Ratio.Errors), sum("increase", i.Ratio.Total)
	case i.Latency != nil:
		grouped(i.Latency.Grouping)
		x.Good, x.Total = sum("increase", i.Latency.Within), sum("increase", i.Latency.Total)
	case i.Native != nil:
		grouped(i.Native.Grouping)
		all := sum("increase", i.Native.Total)
		x.Total = "histogram_count(" + all + ")"
		x.Good = fmt.Sprintf("histogram_fraction(0, %v, %s) * %s", i.Native.Bound.Seconds(), all, x.Total)
	case i.Bool != nil:
		grouped(i.Bool.Grouping)
		x.Good, x.Total = sum("sum_over_time", i.Bool.Metric), sum("count_over_time", i.Bool.Metric)
	case i.Threshold != nil:
		s.Query = variable(i.Threshold.Query)
		x.Comparison = string(i.Threshold.Comparison)
		if x.Comparison == "" { // an indicator that no objective uses
			return s.Query != ""
		}
		x.Threshold = &model.Quantity{Value: i.Threshold.Value}
	default:
		return false
	}
	s.Indicator = x
	return true
}
