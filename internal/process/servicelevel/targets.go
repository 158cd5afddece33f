package servicelevel

import (
	"strconv"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// targetsOf gives the targets of an agreement or a contract.
func targetsOf(f *finding.Facts, h model.Handle) []model.Target {
	if a := finding.Spec[model.Agreement](f, h); a != nil {
		return a.Targets
	}
	if c := finding.Spec[model.Contract](f, h); c != nil {
		return c.Targets
	}
	return nil
}

// SLM-002: a target without metric, value, unit, window, calendar, or without a
// way to measure it.
var targetIncomplete = finding.Rule{
	ID: "SLM-002", Process: finding.ServiceLevel, Kinds: []string{"agreement"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		spec := finding.Spec[model.Agreement](f, h)
		if len(spec.Targets) == 0 || use(f).gone(h, spec) {
			return
		}
		for i := range spec.Targets {
			t := &spec.Targets[i]
			if missing := lacks(t, spec.Hours); len(missing) > 0 {
				emit(finding.Finding{Part: part(t, i), Pointer: pointer(i), Args: finding.Args{"target": name(t, i), "missing": missing, "n": len(missing)}})
			}
			if q := quantity(t); q != nil && q.Unit == "" && t.Metric != model.MetricRatio {
				emit(finding.Finding{Part: part(t, i) + "/unit", Pointer: pointer(i), Variant: "unit", Args: finding.Args{"target": name(t, i), "value": *q}})
			}
		}
	},
}

func quantity(t *model.Target) *model.Quantity {
	if t.Metric.IsTime() || t.Metric == model.MetricAvailability {
		return nil
	}
	if t.AtLeast != nil {
		return t.AtLeast
	}
	return t.AtMost
}

// lacks lists what a target needs to be a promise that can be measured and is
// not stated. Times to respond and to restore have more to state: SLM-014.
func lacks(t *model.Target, hours model.Ref) []model.Text {
	var out []model.Text
	miss := func(field string, absent bool) {
		if absent {
			out = append(out, label(targetLabels, field))
		}
	}
	if t.Metric == "" {
		miss("metric", true)
		return out
	}
	recovery := t.Metric == model.MetricRecoveryTime || t.Metric == model.MetricRecoveryPoint
	perCase := t.Metric == model.MetricRespond || t.Metric == model.MetricRestore
	switch {
	case t.Metric == model.MetricAvailability:
		miss("availability", t.Availability == nil)
	case t.Metric.IsTime():
		miss("within", t.Value() == nil)
	case t.Metric == model.MetricThroughput:
		miss("atLeast", t.AtLeast == nil)
	default:
		miss("atLeast", t.Value() == nil)
	}
	// A time that every single case must keep needs no window, a share of cases does.
	miss("window", t.Window == "" && !recovery && !(perCase && t.Percentile == nil))
	miss("calendar", t.Calendar.IsZero() && hours.IsZero() && !recovery && !perCase)
	miss("measuredBy", t.MeasuredBy.IsZero() && !recovery)
	return out
}

// SLM-014: a time to respond or to restore lacks start, stop, priority, calendar
// or suspension rule.
var timeTargetIncomplete = finding.Rule{
	ID: "SLM-014", Process: finding.ServiceLevel, Kinds: []string{"agreement", "contract"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		var hours model.Ref
		switch spec := f.Snap.Object(h).Spec.(type) {
		case *model.Agreement:
			if len(spec.Targets) == 0 || use(f).gone(h, spec) {
				return
			}
			hours = spec.Hours
		case *model.Contract:
			if len(spec.Targets) == 0 || contractEnded(spec, f.On) {
				return
			}
			hours = spec.Hours
		}
		for i, t := range targetsOf(f, h) {
			if t.Metric != model.MetricRespond && t.Metric != model.MetricRestore {
				continue
			}
			var missing []model.Text
			for _, x := range []struct {
				field  string
				absent bool
			}{
				{"starts", t.Starts == ""}, {"stops", t.Stops == ""}, {"priority", t.Priority == ""},
				{"calendar", t.Calendar.IsZero() && hours.IsZero()}, {"suspension", t.Suspension == ""},
			} {
				if x.absent {
					missing = append(missing, label(targetLabels, x.field))
				}
			}
			if len(missing) > 0 {
				emit(finding.Finding{Part: part(&t, i), Pointer: pointer(i), Args: finding.Args{"target": name(&t, i), "metric": t.Metric, "missing": missing, "n": len(missing)}})
			}
		}
	},
}

// SLM-013: an alert threshold that can never fire. The error budget of a target a
// is 1 − a; even a total loss burns it no faster than 1/(1 − a) times the even
// rate, so an alert above that factor stays silent for ever.
var alertNeverFires = finding.Rule{
	ID: "SLM-013", Process: finding.ServiceLevel, Kinds: []string{"agreement", "contract"}, Reach: finding.Near, Severity: finding.Warning,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		for i, t := range targetsOf(f, h) {
			if len(t.Alerts) == 0 || t.Metric != model.MetricAvailability || t.Availability == nil {
				continue
			}
			budget := t.Availability.Unavailability()
			for j, alert := range t.Alerts {
				x := finding.Finding{Part: part(&t, i) + "/alerts/" + alertName(alert, j), Pointer: pointer(i) + "/alerts/" + strconv.Itoa(j)}
				factor, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(alert.Factor), ",", ".", 1), 64)
				switch {
				case err != nil || factor <= 0:
					x.Variant = "unreadable"
					x.Args = finding.Args{"target": name(&t, i), "alert": alertName(alert, j), "factor": alert.Factor, "stated": alert.Factor != ""}
				case budget == 0 || factor*budget <= 1:
					continue
				default:
					x.Args = finding.Args{"target": name(&t, i), "alert": alertName(alert, j), "factor": factor, "promised": *t.Availability, "most": 1 / budget}
					x.Evidence = []finding.Evidence{{Label: "promised", Value: *t.Availability}, {Label: "factor", Value: factor}, {Label: "most", Value: 1 / budget}}
				}
				emit(x)
			}
		}
	},
}

func alertName(a model.BurnAlert, i int) string {
	if a.Name != "" {
		return a.Name
	}
	return strconv.Itoa(i + 1)
}
