package capacity

import (
	"regexp"
	"slices"
	"strconv"
	"sync"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// underLoad is CAP-006: of a group with an alternative to spare, the rest must
// carry the demand when the largest alternative is down.
func underLoad(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	if !slices.ContainsFunc(f.Snap.Out(h), func(e model.Edge) bool { return e.Group && e.Runs() }) {
		return
	}
	switch s := f.Snap.Object(h).Spec.(type) {
	case *model.Service:
		groupsUnderLoad(f, h, s.Requires, "/spec/requires", emit)
	case *model.Component:
		groupsUnderLoad(f, h, s.Requires, "/spec/requires", emit)
	case *model.Site:
		groupsUnderLoad(f, h, s.Requires, "/spec/requires", emit)
	case *model.Tool:
		groupsUnderLoad(f, h, s.Requires, "/spec/requires", emit)
	}
}

func groupsUnderLoad(f *finding.Facts, h model.Handle, list []model.Need, at string, emit func(finding.Finding)) {
	for i := range list {
		n := &list[i]
		of, needed := n.Group()
		if len(of) == 0 {
			continue
		}
		here := at + "/" + strconv.Itoa(i)
		if needed < len(of) {
			judge(f, h, of, here, emit)
		}
		word := "/of"
		if len(n.AnyOf) > 0 {
			word = "/anyOf"
		}
		groupsUnderLoad(f, h, of, here+word, emit)
	}
}

// carrier is an alternative that carries some of a resource.
type carrier struct {
	ref    model.Ref
	x      Exhaustion
	unit   string
	copies bool // it keeps the same data as the others: nothing moves when one is down
}

// keeps reports a store of data: alternatives hold copies of one volume.
func keeps(f *finding.Facts, h model.Handle, unit string) bool {
	c := finding.Spec[model.Component](f, h)
	return c != nil && (c.Class == "storage" || c.Class == "database") && volume().MatchString(unit)
}

// volume is a unit of stored data: GB, TiB, Go, To…
var volume = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[kKMGTPE]?i?[BoO]$`) })

func judge(f *finding.Facts, h model.Handle, of []model.Need, at string, emit func(finding.Finding)) {
	carriers := map[string][]carrier{}
	var resources []string
	members := 0
	for i := range of {
		r := of[i].On
		m, ok := f.Snap.Find(r)
		if r.IsZero() || !ok || !of[i].Counts(model.PhaseRun) {
			continue
		}
		members++
		for _, x := range loads(f, m) {
			if x.Limit.Value > 0 && x.Unit == "" {
				if carriers[x.Resource] == nil {
					resources = append(resources, x.Resource)
				}
				carriers[x.Resource] = append(carriers[x.Resource], carrier{r, x, x.Limit.Unit, keeps(f, m, x.Limit.Unit)})
			}
		}
	}
	own := loads(f, h)
	for _, resource := range resources {
		list := carriers[resource]
		if len(list) < 2 || len(list) < members || !slices.EqualFunc(list[1:], list[:len(list)-1], func(a, b carrier) bool { return sameUnit(a.unit, b.unit) }) {
			continue
		}
		var all, demand float64
		largest, known := list[0], true
		for _, c := range list {
			all += c.x.Limit.Value
			if c.copies {
				demand = max(demand, c.x.Demand.Value)
			} else {
				demand += c.x.Demand.Value
			}
			known = known && !c.x.Unknown
			if c.x.Limit.Value > largest.x.Limit.Value {
				largest = c
			}
		}
		// Where not all of them are measured, what is asked of the holder counts.
		if !known {
			b := burden{unit: largest.unit}
			known = b.asked(f, h, largest.x, own, len(resources) == 1)
			demand = b.demand
		}
		rest := all - largest.x.Limit.Value
		if !known || demand <= rest {
			continue
		}
		q := func(v float64) model.Quantity { return model.Quantity{Value: round(v), Unit: largest.unit} }
		refs := make([]model.Ref, len(list))
		for i, c := range list {
			refs[i] = c.ref
		}
		emit(finding.Finding{
			Pointer: at, Part: at[len("/spec/"):] + "/" + resource, Causes: []model.Ref{largest.ref},
			Args: finding.Args{"resource": list[0].x.Title, "largest": largest.ref, "alternatives": refs, "rest": q(rest), "demand": q(demand), "lacking": q(demand - rest)},
			Evidence: []finding.Evidence{
				{Label: "alternatives", Value: refs}, {Label: "largest", Value: largest.ref}, {Label: "all", Value: q(all)},
				{Label: "rest", Value: q(rest)}, {Label: "demand", Value: q(demand)}},
		})
	}
}
