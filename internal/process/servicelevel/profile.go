package servicelevel

import (
	"strconv"
	"sync"

	"diapason/internal/engine/reliance"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// profile is a way of restoring: who, and which steps. Components restored alike
// share one.
type profile struct {
	by    []model.Ref
	steps []model.Step
	mttr  model.Duration // stands for the steps where there are none
	down  bool           // the mttr has the waiting for those who restore in it
}

// lump tells that the mean time to restore, which counts from the failure, stands
// for all the work.
func (p profile) lump() bool { return len(p.steps) == 0 && p.mttr > 0 }

// unrestored is the number of what nobody is said to restore.
const unrestored int32 = 0

// profiles numbers the ways of restoring.
type profiles struct {
	mu     sync.Mutex
	number map[string]int32
	list   []profile
}

func newProfiles() *profiles {
	return &profiles{number: map[string]int32{}, list: make([]profile, 1)}
}

func (p *profiles) of(x profile) int32 {
	key := make([]byte, 0, 128)
	refs := func(list []model.Ref) {
		for _, r := range list {
			key = append(append(append(append(key, r.Kind...), '/'), r.Name...), ',')
		}
		key = append(key, 0)
	}
	refs(x.by)
	key = strconv.AppendBool(strconv.AppendInt(key, int64(x.mttr), 10), x.down)
	for _, s := range x.steps {
		key = strconv.AppendInt(append(key, 0), int64(s.Duration), 10)
		for _, t := range append([]string{s.Name, s.Title.All, s.Title.EN, s.Title.FR}, s.After...) {
			key = append(append(key, 1), t...)
		}
		refs(s.By)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, known := p.number[string(key)]; known {
		return n
	}
	n := int32(len(p.list))
	p.number[string(key)] = n
	p.list = append(p.list, x)
	return n
}

func (p *profiles) get(n int32) profile {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.list[n]
}

// restoreGraph is the model as restorations see it: what a service needs while
// running, each node that is restored as such labelled with itself.
type restoreGraph struct{ a *Analysis }

// Needs implements reliance.Graph.
func (g restoreGraph) Needs(n int32) []reliance.Need {
	if finding.Spec[model.Supplier](g.a.f, model.Handle(n)) != nil {
		return nil
	}
	return g.a.needs(model.Handle(n))
}

// Labels implements reliance.Graph.
func (g restoreGraph) Labels(n int32) []int32 {
	if _, ok := g.a.restoration(model.Handle(n)); ok {
		return []int32{n}
	}
	return nil
}

// restoration is the way of restoring a node; ok is false for what is not
// restored as such: sites, people, and services of which parts are restored.
func (a *Analysis) restoration(h model.Handle) (number int32, ok bool) {
	if hit, known := a.numbers.Load(h); known {
		number = hit.(int32)
		return max(number, 0), number >= 0
	}
	number, ok = a.findRestoration(h)
	if !ok {
		number = -1
	}
	a.numbers.Store(h, number)
	return max(number, 0), ok
}

func (a *Analysis) findRestoration(h model.Handle) (number int32, ok bool) {
	o := a.f.Snap.Object(h)
	if o == nil {
		return 0, false
	}
	var p profile
	switch spec := o.Spec.(type) {
	case *model.Component:
		p = profile{by: spec.Restore.By, steps: spec.Restore.Steps, mttr: spec.MTTR, down: spec.CountsDown(a.f.Snap.Organisation())}
	case *model.Service:
		if len(spec.Restore.By) == 0 {
			return 0, false
		}
		p = profile{by: spec.Restore.By, steps: spec.Restore.Steps}
	case *model.Supplier:
	default:
		return 0, false
	}
	if len(p.by) == 0 {
		a.contractsOn(h, func(c model.Handle, spec *model.Contract) {
			if timeTarget(spec.Targets, model.MetricRestore, "") != nil {
				p.by = append(p.by, a.f.Snap.Ref(c))
			}
		})
	}
	if len(p.by) == 0 {
		return unrestored, true
	}
	if len(p.steps) > 0 {
		p.mttr, p.down = 0, false
	}
	return a.profiles.of(p), true
}

// timeTarget finds the target of a time metric that holds for cases of a
// priority: that of the priority itself, else one for all. For cases of every
// priority it is the longest of all.
func timeTarget(targets []model.Target, metric model.Metric, priority string) *model.Target {
	var best *model.Target
	all := allPriorities(priority)
	for i := range targets {
		t := &targets[i]
		if t.Metric != metric || t.Within <= 0 || !all && !covers(t.Priority, priority) {
			continue
		}
		own := !all && !allPriorities(t.Priority)
		if best == nil || own && allPriorities(best.Priority) || own == (!all && !allPriorities(best.Priority)) && t.Within > best.Within {
			best = t
		}
	}
	return best
}
