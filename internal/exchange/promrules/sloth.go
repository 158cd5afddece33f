package promrules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"diapason/internal/exchange/promquery"
	"diapason/internal/exchange/slofile"
	"diapason/internal/finding"
)

// SlothVersion is the version of Sloth whose rules are written; the rules say it in
// the label sloth_version.
const SlothVersion = "v0.12.0"

// SlothOptions are what Sloth's own command takes beside files.
type SlothOptions struct {
	Period  time.Duration     // of objectives that state none; 30 days where 0
	Windows []slofile.Windows // in place of the built-in ones, where their period is the objective's
	Labels  map[string]string // added to all recording rules
	Exact   bool              // record the whole period from the events, not from the shortest window
}

// Sloth makes the rules that Sloth makes: constant windows, and factors that follow
// from the share of the budget that may burn within each.
func Sloth(objectives []*slofile.Objective, options SlothOptions) *Set {
	s := &Set{}
	if options.Period == 0 {
		options.Period = 30 * 24 * time.Hour
	}
	catalogue := map[model.Duration]slofile.Windows{}
	for _, w := range options.Windows {
		if first, have := catalogue[w.Period]; have {
			s.refuse(w.Place, "sloth.windows.twice", finding.Args{"period": w.Period.String(), "first": first.Place.String()})
			continue
		}
		catalogue[w.Period] = w
	}
	for _, o := range objectives {
		s.sloth(o, options, catalogue)
	}
	return s
}

// workbook are the shares and windows of The Site Reliability Workbook, table 5-8,
// which Sloth takes for 28 and 30 days.
func workbook(period time.Duration) slofile.Windows {
	const m, h = model.Duration(time.Minute), model.Duration(time.Hour)
	return slofile.Windows{
		Period:      model.Duration(period),
		PageQuick:   slofile.BurnWindow{Share: 2, Short: 5 * m, Long: h},
		PageSlow:    slofile.BurnWindow{Share: 5, Short: 30 * m, Long: 6 * h},
		TicketQuick: slofile.BurnWindow{Share: 10, Short: 2 * h, Long: 24 * h},
		TicketSlow:  slofile.BurnWindow{Share: 10, Short: 6 * h, Long: 72 * h},
	}
}

const (
	slothID      = "sloth_id"
	slothName    = "sloth_slo"
	slothService = "sloth_service"
	slothWindow  = "sloth_window"
)

func (s *Set) sloth(o *slofile.Objective, options SlothOptions, catalogue map[model.Duration]slofile.Windows) {
	period := options.Period
	switch {
	case o.Calendar != nil:
		days, ok := rolling(o.Calendar)
		if !ok {
			s.refuse(o.Place, "slo.calendar", finding.Args{"count": o.Calendar.Count, "unit": string(o.Calendar.Unit), "preset": "sloth"})
			return
		}
		s.note(o.Place, o.ID(), "slo.rolling", finding.Args{"days": int(days / (24 * time.Hour))})
		period = days
	case o.Period > 0:
		period = o.Period
	}
	windows, have := catalogue[model.Duration(period)]
	if !have {
		windows = workbook(period)
		if period < time.Duration(windows.TicketSlow.Long) {
			s.refuse(o.Place, "sloth.period", finding.Args{"period": promDuration(period), "longest": windows.TicketSlow.Long.String()})
			return
		}
		if period != 30*24*time.Hour && period != 28*24*time.Hour {
			s.note(o.Place, o.ID(), "sloth.windows", finding.Args{"period": promDuration(period)})
		}
	}
	if time.Duration(windows.PageQuick.Short) == period {
		s.refuse(o.Place, "sloth.period.short", finding.Args{"period": promDuration(period)})
		return
	}
	if !s.answers(o) {
		return
	}
	ratio, ok := s.slothRatio(o)
	if !ok {
		return
	}
	if o.Method != slofile.Occurrences && o.Method != "" {
		s.note(o.Place, o.ID(), "slo.method", finding.Args{"method": string(o.Method)})
	}
	id := map[string]string{slothID: o.ID(), slothName: o.Name, slothService: o.Service}
	labels := slofile.Merge(o.Labels, options.Labels)
	groups := []Group{
		{Name: "sloth-slo-sli-recordings-" + o.ID(), Rules: slothRecordings(ratio, windows, period, id, labels, options.Exact)},
		{Name: "sloth-slo-meta-recordings-" + o.ID(), Rules: slothMetadata(o, windows, period, id, labels)},
	}
	if alerts := s.slothAlerts(o, windows, id); len(alerts) > 0 {
		groups = append(groups, Group{Name: "sloth-slo-alerts-" + o.ID(), Rules: alerts})
	}
	s.add(o.Place, groups)
}

// rolling is the rolling period that stands closest to one of the calendar; only
// periods of days and weeks have a length of their own.
func rolling(c *slofile.Calendar) (time.Duration, bool) {
	const day = 24 * time.Hour
	switch c.Unit {
	case slofile.Day:
		return time.Duration(c.Count) * day, true
	case slofile.Week:
		return time.Duration(c.Count) * 7 * day, true
	case slofile.Month:
		return 30 * day, c.Count == 1
	case slofile.Quarter:
		return 90 * day, c.Count == 1
	}
	return 0, false
}

func promDuration(d time.Duration) string { return model.Duration(d).String() }

// slothFactor is the rate at which the share of the budget of a period burns within
// the long window: share × period ÷ long. The order of the operations is Sloth's, so
// that the last digit is too.
func slothFactor(period time.Duration, w slofile.BurnWindow) float64 {
	hours := float64(w.Share) * period.Hours() / 100
	return hours / time.Duration(w.Long).Hours()
}

func errorMetric(window time.Duration) string {
	return "slo:sli_error:ratio_rate" + promDuration(window)
}

// filter writes labels as a selector in the form of Prometheus's label sets.
func filter(labels map[string]string) string {
	set := model.LabelSet{}
	for k, v := range labels {
		set[model.LabelName(k)] = model.LabelValue(v)
	}
	return set.String()
}

func slothRecordings(ratio string, w slofile.Windows, period time.Duration, id, labels map[string]string, exact bool) []Rule {
	var lengths []time.Duration
	for _, x := range []slofile.BurnWindow{w.PageQuick, w.PageSlow, w.TicketQuick, w.TicketSlow} {
		lengths = append(lengths, time.Duration(x.Short), time.Duration(x.Long))
	}
	slices.Sort(lengths)
	lengths = append(slices.Compact(lengths), period)
	var out []Rule
	for _, d := range lengths {
		expr := slofile.Fill(ratio, promDuration(d))
		if d == period && !exact {
			series := errorMetric(time.Duration(w.PageQuick.Short)) + filter(id) + "[" + promDuration(d) + "]"
			expr = "sum_over_time(" + series + ")\n/ ignoring (" + slothWindow + ")\ncount_over_time(" + series + ")\n"
		}
		out = append(out, Rule{Record: errorMetric(d), Expr: expr, Labels: slofile.Merge(id, map[string]string{slothWindow: promDuration(d)}, labels)})
	}
	return out
}

func slothMetadata(o *slofile.Objective, w slofile.Windows, period time.Duration, id, own map[string]string) []Rule {
	labels := slofile.Merge(id, own)
	at := filter(id)
	ratio := float64(o.Target) / 100
	burn := func(window time.Duration) string {
		return errorMetric(window) + at + "\n/ on(" + slothID + ", " + slothName + ", " + slothService + ") group_left\nslo:error_budget:ratio" + at + "\n"
	}
	mode := "cli-gen-prom"
	switch o.Format {
	case slofile.SlothObject:
		mode = "cli-gen-k8s"
	case slofile.OpenSLO, slofile.OpenSLOAlpha:
		mode = "cli-gen-openslo"
	}
	return []Rule{
		{Record: "slo:objective:ratio", Expr: fmt.Sprintf("vector(%g)", ratio), Labels: labels},
		{Record: "slo:error_budget:ratio", Expr: fmt.Sprintf("vector(1-%g)", ratio), Labels: labels},
		{Record: "slo:time_period:days", Expr: fmt.Sprintf("vector(%g)", period.Hours()/24), Labels: labels},
		{Record: "slo:current_burn_rate:ratio", Expr: burn(time.Duration(w.PageQuick.Short)), Labels: labels},
		{Record: "slo:period_burn_rate:ratio", Expr: burn(period), Labels: labels},
		{Record: "slo:period_error_budget_remaining:ratio", Expr: "1 - slo:period_burn_rate:ratio" + at, Labels: labels},
		{Record: "sloth_slo_info", Expr: "vector(1)", Labels: slofile.Merge(labels, map[string]string{
			"sloth_version": SlothVersion, "sloth_mode": mode, "sloth_spec": string(o.Format), "sloth_objective": strconv.FormatFloat(float64(o.Target), 'f', -1, 64),
		})},
	}
}

func (s *Set) slothAlerts(o *slofile.Objective, w slofile.Windows, id map[string]string) []Rule {
	period := time.Duration(w.Period)
	budget := (100 - float64(o.Target)) / 100
	at := filter(id)
	pair := func(b slofile.BurnWindow) string {
		limit := fmt.Sprintf("(%v * %v)", slothFactor(period, b), budget)
		one := func(d model.Duration) string {
			return "    max(" + errorMetric(time.Duration(d)) + at + " > " + limit + ") without (" + slothWindow + ")\n"
		}
		return "(\n" + one(b.Short) + "    and\n" + one(b.Long) + ")\n"
	}
	var out []Rule
	for _, x := range []struct {
		severity    string
		alert       slofile.Alert
		quick, slow slofile.BurnWindow
	}{{"page", o.Page, w.PageQuick, w.PageSlow}, {"ticket", o.Ticket, w.TicketQuick, w.TicketSlow}} {
		if x.alert.Disabled {
			continue
		}
		s.tellFactor(o, x.severity, slothFactor(period, x.quick), time.Duration(x.quick.Long))
		s.tellFactor(o, x.severity, slothFactor(period, x.slow), time.Duration(x.slow.Long))
		who := "{{$labels." + slothService + "}} {{$labels." + slothName + "}}"
		out = append(out, Rule{
			Alert:  x.alert.Name,
			Expr:   pair(x.quick) + "or\n" + pair(x.slow),
			Labels: slofile.Merge(map[string]string{"sloth_severity": x.severity}, x.alert.Labels),
			Annotations: slofile.Merge(map[string]string{
				"title":   "(" + x.severity + ") " + who + " SLO error budget burn rate is too fast.",
				"summary": who + " SLO error budget burn rate is over expected.",
			}, x.alert.Annotations),
		})
	}
	return out
}

// slothRatio is the error ratio of an objective, with the window still open.
func (s *Set) slothRatio(o *slofile.Objective) (string, bool) {
	events := func(bad, total string) (string, bool) { return "(" + bad + ")\n/\n(" + total + ")\n", true }
	sum := func(grouping []string, of string) string {
		if len(grouping) == 0 {
			return "sum(" + of + ")"
		}
		return "sum by (" + strings.Join(grouping, ", ") + ") (" + of + ")"
	}
	over := func(grouping []string, function, selector string) string {
		return sum(grouping, function+"("+selector+"["+slofile.Window+"])")
	}
	switch i := o.Indicator; {
	case i.Events != nil:
		e, ok := s.windowed(o, i.Events)
		switch {
		case !ok:
			return "", false
		case e.Bad != "":
			return events(e.Bad, e.Total)
		}
		return "(\n  1 - (\n    (\n      " + e.Good + "\n    )\n    /\n    (\n      " + e.Total + "\n    )\n  )\n)", true
	case i.Raw != nil && i.Raw.Success:
		return "(1 - (" + i.Raw.Query + "))", true
	case i.Raw != nil:
		return "(" + i.Raw.Query + ")", true
	case i.Ratio != nil:
		return events(over(i.Ratio.Grouping, "rate", i.Ratio.Errors), over(i.Ratio.Grouping, "rate", i.Ratio.Total))
	case i.Latency != nil:
		all := over(i.Latency.Grouping, "rate", i.Latency.Total)
		return events(all+"\n-\n"+over(i.Latency.Grouping, "rate", i.Latency.Within), all)
	case i.Native != nil:
		return fmt.Sprintf("(1 - histogram_fraction(0, %v, %s))", i.Native.Bound.Seconds(), over(i.Native.Grouping, "rate", i.Native.Total)), true
	case i.Bool != nil:
		all := over(i.Bool.Grouping, "count_over_time", i.Bool.Metric)
		return events(all+"\n-\n"+over(i.Bool.Grouping, "sum_over_time", i.Bool.Metric), all)
	case i.Threshold != nil:
		if err := promquery.Check(slofile.Fill(i.Threshold.Query, "1m")); err != nil {
			s.refuse(o.Place, "slo.query.promql", finding.Args{"key": "query", "detail": err.Error()})
			return "", false
		}
		return fmt.Sprintf("(1 - avg_over_time(((%s) %s bool %v)[%s:1m]))", strings.TrimSpace(i.Threshold.Query), i.Threshold.Comparison.Sign(), i.Threshold.Value, slofile.Window), true
	case i.Plugin != "":
		s.refuse(o.Place, "slo.plugin", finding.Args{"plugin": i.Plugin})
	default:
		s.refuse(o.Place, "slo.indicator", finding.Args{"slo": o.ID()})
	}
	return "", false
}

// windowed makes the queries of events look back on the window.
func (s *Set) windowed(o *slofile.Objective, e *slofile.Events) (slofile.Events, bool) {
	out := *e
	for _, x := range []struct {
		key  string
		text *string
	}{{"good", &out.Good}, {"bad", &out.Bad}, {"total", &out.Total}} {
		if *x.text == "" {
			continue
		}
		text, ok := promquery.Windowed(*x.text, slofile.Window, e.Counter)
		if !ok {
			s.refuse(o.Place, "slo.query.range", finding.Args{"key": x.key, "query": *x.text})
			return out, false
		}
		if text != *x.text {
			s.note(o.Place, o.ID(), "slo.query.windowed", finding.Args{"key": x.key, "query": text})
		}
		*x.text = text
	}
	return out, true
}
