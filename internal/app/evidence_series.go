package app

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
	"diapason/internal/telemetry"
)

// measuredSeries is a series of evidence that the recorder asks for: what a measurement
// source says of one of the things it measures.
type measuredSeries struct {
	name   ledger.Series
	source model.Ref
	of     model.Ref
	// Counts of events: good or bad, and total. Without them value is compared.
	good, bad, total string
	value            string
	comparison       string  // gte, gt, lte, lt; with counts, of the ratio of good events
	threshold        float64 // in base units: seconds, ratio
	judged           bool    // there is a threshold
}

// SeriesName names the evidence of what a measurement source says of one thing.
func SeriesName(source, of model.Ref) ledger.Series {
	return ledger.Series(servicelevel.Series(source, of))
}

// ParseSeries takes a series apart; false for what is no name of one.
func ParseSeries(name ledger.Series) (source, of model.Ref, ok bool) {
	left, right, found := strings.Cut(string(name), " ")
	if !found {
		return source, of, false
	}
	source, err1 := model.ParseRef(left)
	of, err2 := model.ParseRef(right)
	return source, of, err1 == nil && err2 == nil && source.Kind == "measurement-source" && (of.Kind == "service" || of.Kind == "component")
}

// sliceWindow is the length of a slice in an expression.
const sliceWindow = "1m"

// measuredOf lists the series of a model that a metrics server can be asked about.
func measuredOf(s *model.Snapshot) []measuredSeries {
	var out []measuredSeries
	for _, h := range s.OfKind("measurement-source") {
		o := s.Object(h)
		source := o.Spec.(*model.MeasurementSource)
		for _, of := range source.Of {
			if m, ok := measure(o.Ref(), source, of); ok {
				out = append(out, m)
			}
		}
	}
	return out
}

// measure is how a source measures a thing; false for tickets, declared figures, and
// sources that say nothing to ask.
func measure(ref model.Ref, source *model.MeasurementSource, of model.Ref) (measuredSeries, bool) {
	m := measuredSeries{name: SeriesName(ref, of), source: ref, of: of}
	if source.Type == "tickets" || source.Type == "declared" {
		return m, false
	}
	fill := strings.NewReplacer("$service", of.Name, "$window", sliceWindow).Replace
	i := source.Indicator
	if i != nil && i.Threshold != nil {
		m.threshold, m.judged, m.comparison = baseValue(*i.Threshold), true, i.Comparison
	}
	switch {
	case i != nil && i.Total != "" && (i.Good != "" || i.Bad != ""):
		m.good, m.bad, m.total = fill(i.Good), fill(i.Bad), fill(i.Total)
		if m.good != "" {
			m.bad = ""
		}
	case source.Query != "":
		m.value = fill(source.Query)
		if !m.judged {
			m.threshold, m.judged, m.comparison = 1, true, "gte"
		}
	case source.Probe != nil:
		m.good, m.total = probeCounts(ref.Name, of.Name, source.Probe.Interval.Std())
	default:
		return m, false
	}
	if m.comparison == "" {
		m.comparison = "gte"
	}
	return m, true
}

// probeCounts are the runs of a probe that succeeded in a minute, and all of them; of a
// probe that does not run twice a minute, the last run that should have been by then. A
// minute for which the prober does not vouch is nobody's downtime.
func probeCounts(source, of string, interval time.Duration) (good, total string) {
	series := fmt.Sprintf(`%s{%s=%s,%s=%s}`, telemetry.MetricProbeSuccess, telemetry.LabelSource, strconv.Quote(source), telemetry.LabelService, strconv.Quote(of))
	vouched := fmt.Sprintf(` and on() count_over_time(%s[%s])`, telemetry.MetricProbeHeartbeat, sliceWindow)
	if interval <= 30*time.Second { // also where it is not said
		return fmt.Sprintf(`sum(sum_over_time(%s[%s]))`, series, sliceWindow) + vouched, fmt.Sprintf(`sum(count_over_time(%s[%s]))`, series, sliceWindow) + vouched
	}
	within := int((interval + 30*time.Second).Seconds()) // runs are not always on time
	return fmt.Sprintf(`sum(last_over_time(%s[%ds]))`, series, within) + vouched, fmt.Sprintf(`count(last_over_time(%s[%ds]))`, series, within) + vouched
}

// baseValue is a quantity in the base unit of Prometheus: seconds for times, a ratio for
// percent; other units stay as they are.
func baseValue(q model.Quantity) float64 {
	switch strings.TrimSpace(q.Unit) {
	case "%":
		return q.Value / 100
	case "ns":
		return q.Value / 1e9
	case "µs", "us", "μs":
		return q.Value / 1e6
	case "ms":
		return q.Value / 1e3
	case "min":
		return q.Value * 60
	case "h":
		return q.Value * 3600
	}
	return q.Value
}

// expressions are what is asked: two counts, or one value.
func (m *measuredSeries) expressions() []string {
	if m.total == "" {
		return []string{m.value}
	}
	return []string{m.good + m.bad, m.total}
}

// kept compares a value with the threshold.
func (m *measuredSeries) kept(v float64) bool {
	switch m.comparison {
	case "gt":
		return v > m.threshold
	case "lte":
		return v <= m.threshold
	case "lt":
		return v < m.threshold
	}
	return v >= m.threshold
}

// judge says what one minute was. What was not answered, or not with a number that makes
// sense, is unknown, and so is a minute without any event. Counted events without a
// threshold make a good minute when all of them were good.
func (m *measuredSeries) judge(values []float64) (state slo.State, good, total float64) {
	for _, v := range values {
		if math.IsNaN(v) {
			return slo.Unknown, 0, 0
		}
	}
	if m.total == "" {
		return stateOf(m.kept(values[0])), 0, 0
	}
	good, total = values[0], values[1]
	if total <= 0 || good < 0 || math.IsInf(good, 0) || math.IsInf(total, 0) {
		return slo.Unknown, 0, 0
	}
	if m.bad != "" {
		good = max(total-good, 0)
	}
	good = min(good, total)
	if m.judged {
		return stateOf(m.kept(good / total)), good, total
	}
	return stateOf(total-good < smallest), good, total
}

// smallest is the least part of an event that counts: rates are extrapolated.
const smallest = 0.001

func stateOf(good bool) slo.State {
	if good {
		return slo.Good
	}
	return slo.Bad
}

// days judges answers minute by minute for UTC days [from, to]. The answer at the end of
// a minute is what it was.
func (m *measuredSeries) days(answers []telemetry.Answer, from, to int) []slo.Day {
	builders := make([]*slo.DayBuilder, to-from+1)
	for i := range builders {
		builders[i] = slo.NewDayBuilder(from + i)
	}
	start := startOf(from)
	minutes := len(builders) * slo.DayMinutes
	width := len(answers)
	values := make([]float64, minutes*width)
	for i := range values {
		values[i] = math.NaN()
	}
	answered := make([]bool, minutes) // the first question, with whatever number
	for i, a := range answers {
		for _, p := range a.Points {
			since := p.At.Sub(start)
			n := int(since/time.Minute) - 1
			if n < 0 || n >= minutes || since%time.Minute != 0 {
				continue
			}
			values[n*width+i] = p.Value
			answered[n] = answered[n] || i == 0
		}
	}
	// A series of bad events begins with the first of them: where all events were counted
	// and it is not there, there were none, unless the server warns that it does not
	// answer in full.
	none := m.bad != "" && len(answers[0].Warnings) == 0
	for n := range minutes {
		v := values[n*width : (n+1)*width]
		if none && !answered[n] {
			v[0] = 0
		}
		if state, good, total := m.judge(v); state != slo.Unknown {
			builders[n/slo.DayMinutes].Minute(n%slo.DayMinutes, state, good, total)
		}
	}
	out := make([]slo.Day, len(builders))
	for i, b := range builders {
		out[i] = b.Day()
	}
	return out
}

// startOf is the beginning of a UTC day.
func startOf(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// dayOf is the UTC day of an instant.
func dayOf(t time.Time) int { return slo.DayOf(t) }

// engineText names who answered, as it stands in the ledger.
func engineText(e telemetry.Engine) string {
	return strings.TrimSpace(strings.TrimSpace(e.Name+" "+e.Version) + " " + e.Where)
}
