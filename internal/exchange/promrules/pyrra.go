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

// Pyrra makes the rules that Pyrra makes: constant factors, and windows that are the
// same shares of every period, rounded to minutes.
func Pyrra(objectives []*slofile.Objective, fallback time.Duration) *Set {
	s := &Set{}
	if fallback == 0 {
		fallback = 28 * 24 * time.Hour
	}
	for _, o := range objectives {
		s.pyrra(o, fallback)
	}
	return s
}

// pyrraWindow is one row of Pyrra's alerts.
type pyrraWindow struct {
	name              slofile.Severity
	severity          string
	factor            float64
	last, long, short time.Duration // how long it must last; the windows
}

// pyrraWindows are the rows for a period. The divisors give whole hours and minutes
// at 28 days: 14 × 1h/5m, 7 × 6h/30m, 2 × 1d/2h, 1 × 4d/6h.
func pyrraWindows(period time.Duration) []pyrraWindow {
	part := func(by int) time.Duration { return (period / time.Duration(by)).Round(time.Minute) }
	const hours = 28 * 24
	return []pyrraWindow{
		{slofile.FastBurn, "critical", 14, part(hours * 30), part(hours), part(hours * 12)},
		{slofile.MediumBurn, "critical", 7, part(hours * 4), part(hours / 6), part(hours * 2)},
		{slofile.SlowBurn, "warning", 2, part(hours), part(28), part(hours / 2)},
		{slofile.LongTermBurn, "warning", 1, part(hours / 3), part(7), part(hours / 6)},
	}
}

// pyrraInterval is how often the counts over the whole period are taken.
func pyrraInterval(period time.Duration) time.Duration {
	weeks := int(period / (7 * 24 * time.Hour))
	return time.Duration(min(weeks, 7)+1) * 30 * time.Second
}

func (s *Set) pyrra(o *slofile.Objective, fallback time.Duration) {
	period := fallback
	switch {
	case o.Calendar != nil:
		days, ok := rolling(o.Calendar)
		if !ok {
			s.refuse(o.Place, "slo.calendar", finding.Args{"count": o.Calendar.Count, "unit": string(o.Calendar.Unit), "preset": "pyrra"})
			return
		}
		s.note(o.Place, o.ID(), "slo.rolling", finding.Args{"days": int(days / (24 * time.Hour))})
		period = days
	case o.Period > 0:
		period = o.Period
	}
	rows := pyrraWindows(period)
	if rows[0].short <= 0 {
		s.refuse(o.Place, "pyrra.period", finding.Args{"period": promDuration(period)})
		return
	}
	if !s.answers(o) {
		return
	}
	m, ok := s.metrics(o)
	if !ok {
		return
	}
	if o.Method != slofile.Occurrences && o.Method != "" {
		s.note(o.Place, o.ID(), "slo.method", finding.Args{"method": string(o.Method)})
	}
	p := &pyrraRules{Set: s, o: o, name: o.Name, period: period, rows: rows, m: m}
	if o.Format != slofile.Pyrra {
		p.name = o.ID()
	}
	s.add(o.Place, []Group{
		{Name: p.name + "-increase", Interval: model.Duration(pyrraInterval(period)), Rules: p.counts()},
		{Name: p.name, Interval: model.Duration(30 * time.Second), Rules: p.burns()},
	})
}

// metrics are the selectors of an objective, as trees.
type metrics struct {
	kind     kind
	part     promquery.Selector // errors, or requests within the bound; zero where there is none
	total    promquery.Selector
	bound    time.Duration
	grouping []string
}

type kind int

const (
	ratio kind = iota
	latency
	native
	gauge
)

// metrics reads the selectors, or finds them in queries of the usual form.
func (s *Set) metrics(o *slofile.Objective) (*metrics, bool) {
	m := &metrics{}
	part, total := "", ""
	switch i := o.Indicator; {
	case i.Ratio != nil:
		part, total, m.grouping = i.Ratio.Errors, i.Ratio.Total, i.Ratio.Grouping
	case i.Latency != nil:
		m.kind, part, total, m.grouping = latency, i.Latency.Within, i.Latency.Total, i.Latency.Grouping
	case i.Native != nil:
		m.kind, total, m.bound, m.grouping = native, i.Native.Total, i.Native.Bound, i.Native.Grouping
	case i.Bool != nil:
		m.kind, total, m.grouping = gauge, i.Bool.Metric, i.Bool.Grouping
	case i.Events != nil && i.Events.Bad != "":
		e, ok := s.windowed(o, i.Events)
		if !ok {
			return nil, false
		}
		bad, by, ok1 := promquery.Counter(e.Bad, slofile.Window)
		all, also, ok2 := promquery.Counter(e.Total, slofile.Window)
		if !ok1 || !ok2 || !slices.Equal(by, also) {
			s.refuse(o.Place, "pyrra.events", finding.Args{"slo": o.ID()})
			return nil, false
		}
		part, total, m.grouping = bad.String(), all.String(), by
	case i.Plugin != "":
		s.refuse(o.Place, "slo.plugin", finding.Args{"plugin": i.Plugin})
		return nil, false
	default:
		s.refuse(o.Place, "pyrra.events", finding.Args{"slo": o.ID()})
		return nil, false
	}
	m.grouping = slices.Compact(slices.Sorted(slices.Values(m.grouping)))
	ok := true
	if part != "" {
		m.part, ok = promquery.ParseSelector(part)
	}
	if m.total, ok = selector(ok, total); !ok {
		s.refuse(o.Place, "pyrra.selector", finding.Args{"key": "total"})
		return nil, false
	}
	return m, true
}

func selector(before bool, text string) (promquery.Selector, bool) {
	v, ok := promquery.ParseSelector(text)
	return v, ok && before
}

type pyrraRules struct {
	*Set
	o      *slofile.Objective
	name   string
	period time.Duration
	rows   []pyrraWindow
	m      *metrics
}

// labels are those that all rules of the objective carry: its name, and what the
// selector of all events fixes, where the rules do not group by it.
func (p *pyrraRules) labels(grouping []string) map[string]string {
	out := slofile.Merge(p.o.Labels, map[string]string{"slo": p.name})
	for _, m := range p.m.total.Matchers {
		if m.Operator == promquery.Equal {
			out[m.Name] = m.Value
		}
	}
	for _, g := range grouping {
		delete(out, g)
	}
	return out
}

func by(grouping []string) string {
	if len(grouping) == 0 {
		return "sum"
	}
	return "sum by (" + strings.Join(grouping, ", ") + ") "
}

// print writes an expression as Prometheus prints it.
func (p *pyrraRules) print(format string, args ...any) string {
	return promquery.Format(fmt.Sprintf(format, args...))
}

// short is a metric's name without the ending that says what it counts.
func short(metric string, endings ...string) string {
	for _, e := range endings {
		metric = strings.TrimSuffix(metric, e)
	}
	return metric
}

func (p *pyrraRules) increaseName(metric string) string {
	return short(metric, "_total", "_count", "_bucket") + ":increase" + promDuration(p.period)
}

// counts are the rules that count events over the whole period, and the alerts on
// metrics that have gone.
func (p *pyrraRules) counts() []Rule {
	grouping := p.countGrouping()
	labels := p.labels(grouping)
	w := promDuration(p.period)
	increase := func(v promquery.Selector, labels map[string]string) Rule {
		return Rule{Record: p.increaseName(v.Name), Expr: p.print("%s(increase(%s[%s]))", by(grouping), v, w), Labels: labels}
	}
	var out []Rule
	switch m := p.m; m.kind {
	case ratio:
		out = append(out, increase(m.total, labels))
		out = p.gone(out, m.total, labels)
		if m.part.Name != m.total.Name {
			out = append(out, increase(m.part, labels))
			out = p.gone(out, m.part, labels)
		}
	case latency:
		within := slofile.Merge(map[string]string{"le": m.part.Label(model.BucketLabel)}, labels)
		out = append(out, increase(m.total, labels), increase(m.part, within))
		out = p.gone(out, m.total, labels)
		out = p.gone(out, m.part, within)
	case native:
		// the rules of a native histogram keep labels they group by, as Pyrra's do
		labels = p.labels(nil)
		count := fmt.Sprintf("histogram_count(%s(increase(%s[%s])))", by(m.grouping), m.total, w)
		name := p.increaseName(m.total.Name)
		out = append(out, Rule{Record: name, Expr: p.print("%s", count), Labels: labels},
			Rule{Record: name, Expr: p.print("histogram_fraction(0, %v, %s(increase(%s[%s]))) * %s", m.bound.Seconds(), by(m.grouping), m.total, w, count),
				Labels: slofile.Merge(labels, map[string]string{"le": fmt.Sprintf("%g", m.bound.Seconds())})})
	case gauge:
		for _, x := range []struct{ name, function string }{{"count", "count_over_time"}, {"sum", "sum_over_time"}} {
			out = append(out, Rule{Record: m.total.Name + ":" + x.name + w, Expr: p.print("%s(%s(%s[%s]))", by(grouping), x.function, m.total, w), Labels: labels})
		}
		out = p.gone(out, m.total, labels)
	}
	return out
}

// countGrouping is what counts over the period are grouped by, so that no label is
// lost that tells errors apart or that a pattern selects.
func (p *pyrraRules) countGrouping() []string {
	out := slices.Clone(p.m.grouping)
	switch p.m.kind {
	case gauge:
		// Pyrra groups a gauge by all labels of its selector, its name among them
		out = append(out, model.MetricNameLabel)
		for _, m := range p.m.total.Matchers {
			out = append(out, m.Name)
		}
	case ratio, latency:
		for _, m := range p.m.part.Matchers {
			if !p.m.total.Has(m.Name) && m.Name != model.BucketLabel {
				out = append(out, m.Name)
			}
		}
	}
	for _, m := range p.m.total.Matchers {
		if m.Patterned() {
			out = append(out, m.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// gone adds the alert on a metric that is not there.
func (p *pyrraRules) gone(rules []Rule, v promquery.Selector, labels map[string]string) []Rule {
	if p.o.Absent.Disabled {
		return rules
	}
	first := p.rows[0]
	// the time in which errors alone would raise the first alert
	after := time.Duration(first.factor*(1-p.o.Target.Ratio())*first.long.Seconds())*time.Second + first.last
	return append(rules, Rule{
		Alert: p.o.Absent.Name, Expr: p.print("absent(%s) == 1", v), For: model.Duration(after.Round(time.Minute)),
		Labels: slofile.Merge(labels, map[string]string{"severity": p.severity(slofile.MetricGone, "critical")}), Annotations: p.o.Absent.Annotations,
	})
}

func (p *pyrraRules) severity(name slofile.Severity, usual string) string {
	if s := p.o.Severities[name]; s != "" {
		return s
	}
	return usual
}

func (p *pyrraRules) burnName(window time.Duration) string {
	return short(p.m.total.Name, "_total", "_count") + ":burnrate" + promDuration(window)
}

// burns are the rules of the error ratio over each window, and the alerts on them.
func (p *pyrraRules) burns() []Rule {
	var lengths []time.Duration
	for _, w := range p.rows {
		lengths = append(lengths, w.short, w.long)
	}
	slices.Sort(lengths)
	var out []Rule
	for _, d := range slices.Compact(lengths) {
		out = append(out, Rule{Record: p.burnName(d), Expr: p.burn(promDuration(d)), Labels: p.labels(p.m.grouping)})
	}
	at := p.alertSelector()
	target := strconv.FormatFloat(p.o.Target.Ratio(), 'f', -1, 64)
	for i, w := range p.rows {
		alert := p.o.Page
		if i > 1 {
			alert = p.o.Ticket
		}
		if alert.Disabled {
			continue
		}
		p.tellFactor(p.o, w.severity, w.factor, w.long)
		one := func(d time.Duration) string {
			return fmt.Sprintf("%s{%s} > (%.f * (1-%s))", p.burnName(d), at, w.factor, target)
		}
		exhaustion := time.Duration(p.period.Seconds()/w.factor) * time.Second
		out = append(out, Rule{
			Alert: alert.Name, Expr: one(w.short) + " and " + one(w.long), For: model.Duration(w.last), Annotations: alert.Annotations,
			Labels: slofile.Merge(p.labels(p.m.grouping), map[string]string{
				"short": promDuration(w.short), "long": promDuration(w.long), "severity": p.severity(w.name, w.severity), "exhaustion": promDuration(exhaustion),
			}, alert.Labels),
		})
	}
	return out
}

// burn is the error ratio over a window.
func (p *pyrraRules) burn(w string) string {
	g := by(p.m.grouping)
	switch m := p.m; m.kind {
	case latency:
		return p.print("(%[1]s(rate(%[2]s[%[4]s])) - %[1]s(rate(%[3]s[%[4]s]))) / %[1]s(rate(%[2]s[%[4]s]))", g, m.total, m.part, w)
	case native:
		return p.print("1 - histogram_fraction(0, %v, %s(rate(%s[%s])))", m.bound.Seconds(), g, m.total, w)
	case gauge:
		return p.print("(%[1]s(count_over_time(%[2]s[%[3]s])) - %[1]s(sum_over_time(%[2]s[%[3]s]))) / %[1]s(count_over_time(%[2]s[%[3]s]))", g, m.total, w)
	}
	return p.print("%[1]s(rate(%[2]s[%[4]s])) / %[1]s(rate(%[3]s[%[4]s]))", g, p.m.part, p.m.total, w)
}

// alertSelector finds the recorded ratios: by the labels of the selector, patterns
// only where the rules group by their label, and the name of the objective.
func (p *pyrraRules) alertSelector() string {
	out := []string{`slo="` + p.name + `"`}
	for _, m := range p.m.total.Matchers {
		if !m.Patterned() || slices.Contains(p.m.grouping, m.Name) {
			out = append(out, m.String())
		}
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}
