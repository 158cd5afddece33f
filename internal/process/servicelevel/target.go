package servicelevel

import (
	"strings"

	"diapason/internal/model"
)

// value is what a target promises: an availability, a time, or a quantity; nil
// where it states none.
func value(t *model.Target) any {
	switch {
	case t.Metric == model.MetricAvailability:
		if t.Availability != nil {
			return *t.Availability
		}
	case isTime(t.Metric):
		if t.Within > 0 || t.Metric == model.MetricRecoveryPoint {
			return t.Within
		}
	case t.AtLeast != nil:
		return *t.AtLeast
	case t.AtMost != nil:
		return *t.AtMost
	case t.Availability != nil:
		return *t.Availability
	}
	return nil
}

func isTime(m model.Metric) bool {
	switch m {
	case model.MetricRespond, model.MetricRestore, model.MetricResponseTime, model.MetricRecoveryTime, model.MetricRecoveryPoint:
		return true
	}
	return false
}

func sameValue(a, b *model.Target) bool {
	return value(a) == value(b) && percentile(a) == percentile(b)
}

// percentile is the share of cases that must keep the time; all where none is
// stated.
func percentile(t *model.Target) model.Percent {
	if t.Percentile != nil {
		return *t.Percentile
	}
	return model.PercentOf(1)
}

// allPriorities tells that a target holds for cases of every priority.
func allPriorities(p string) bool {
	switch strings.ToLower(p) {
	case "", "all", "toutes", "*":
		return true
	}
	return false
}

// samePriority tells that two targets speak of the same cases.
func samePriority(a, b string) bool {
	return strings.EqualFold(a, b) || allPriorities(a) && allPriorities(b)
}

// covers tells that a target for priority p says something about cases of q.
func covers(p, q string) bool { return allPriorities(p) || strings.EqualFold(p, q) }

// labels are the words of the schema for the fields of a record.
type labels map[string]model.Text

func labelsOf(kind string, path ...string) labels {
	fields := model.KindOf(kind).Fields
	for _, p := range path {
		for _, f := range fields {
			if f.Name == p {
				if fields = f.Fields; f.Type == model.TypeList {
					fields = f.Item.Fields
				}
				break
			}
		}
	}
	out := labels{}
	for _, f := range fields {
		out[f.Name] = f.Label
	}
	return out
}

var (
	targetLabels   = labelsOf("agreement", "targets")
	resourceLabels = labelsOf("agreement", "resources")
)

func label(l labels, field string) model.Text { return l[field] }
