package servicelevel

import (
	"strings"

	"diapason/internal/model"
)

func sameValue(a, b *model.Target) bool {
	return a.Value() == b.Value() && a.Share() == b.Share()
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
