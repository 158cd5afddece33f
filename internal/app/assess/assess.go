// Package assess composes the rules and analyses of the eight processes and runs
// them over a snapshot: all of them, or only what a change can reach.
package assess

import (
	"runtime"
	"slices"
	"sync"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/capacity"
	"diapason/internal/process/catalogue"
	"diapason/internal/process/continuity"
	"diapason/internal/process/coordination"
	"diapason/internal/process/security"
	"diapason/internal/process/servicelevel"
	"diapason/internal/process/supplier"
)

// Rules lists all rules of the eight processes, by identifier within a process.
var Rules = sync.OnceValue(func() []finding.Rule {
	return slices.Concat(coordination.Rules(), catalogue.Rules(), servicelevel.Rules(), availability.Rules(),
		capacity.Rules(), continuity.Rules(), security.Rules(), supplier.Rules())
})

// Rule finds a rule by its identifier; nil when there is none.
func Rule(id string) *finding.Rule {
	for i, r := range Rules() {
		if r.ID == id {
			return &Rules()[i]
		}
	}
	return nil
}

// Facts makes the facts of a snapshot on a date, with the analyses of the eight
// processes.
func Facts(snap *model.Snapshot, on model.Date) *finding.Facts {
	return finding.NewFacts(snap, on, func(f *finding.Facts) []any {
		return slices.Concat(coordination.Analyses(f), catalogue.Analyses(f), servicelevel.Analyses(f), availability.Analyses(f),
			capacity.Analyses(f), continuity.Analyses(f), security.Analyses(f), supplier.Analyses(f))
	})
}

// Key names one evaluation: a rule on a subject.
type key struct {
	rule    int
	subject model.Handle
}

// Full runs every rule on every subject.
func Full(f *finding.Facts) *Result {
	r := &Result{Facts: f}
	r.run(everything(f.Snap, nil), nil, r.put)
	r.collect()
	return r
}

// everything pairs each rule, apart from some, with each of its subjects.
func everything(s *model.Snapshot, without []string) []key {
	count := 0
	each := func(visit func(rule int, list []model.Handle)) {
		for i := range Rules() {
			rule := &Rules()[i]
			if slices.Contains(without, rule.ID) {
				continue
			}
			for _, kind := range rule.Kinds {
				visit(i, s.OfKind(kind))
			}
		}
	}
	each(func(_ int, list []model.Handle) { count += len(list) })
	todo := make([]key, 0, count)
	each(func(rule int, list []model.Handle) {
		for _, h := range list {
			todo = append(todo, key{rule, h})
		}
	})
	return todo
}

// run evaluates on all cores, in chunks; with a pause on one, pausing after each.
// What was found is kept in the order of what was to do; where nothing was, nothing
// is.
func (r *Result) run(todo []key, pause func(), keep func(key, []*finding.Finding)) {
	severities := severityOverrides(r.Facts.Snap.Organisation())
	r.Visited += len(todo)
	if pause != nil {
		e := newEvaluation(r.Facts, severities)
		for _, k := range todo {
			if list := e.of(k); len(list) > 0 {
				keep(k, list)
			}
			pause()
		}
		return
	}
	chunk := max(1, min(256, len(todo)/(8*runtime.GOMAXPROCS(0))))
	workers := min(runtime.GOMAXPROCS(0), len(todo)/chunk+1)
	type outcome struct {
		key
		list []*finding.Finding
	}
	out := make([][]outcome, (len(todo)+chunk-1)/chunk) // by chunk
	next := make(chan int, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			e := newEvaluation(r.Facts, severities)
			for n := range next {
				for _, k := range todo[n*chunk : min((n+1)*chunk, len(todo))] {
					if list := e.of(k); len(list) > 0 {
						out[n] = append(out[n], outcome{k, list})
					}
				}
			}
		})
	}
	for n := range out {
		next <- n
	}
	close(next)
	wg.Wait()
	for _, list := range out {
		for _, o := range list {
			keep(o.key, o.list)
		}
	}
}

// evaluation runs rules on subjects, one after the other.
type evaluation struct {
	facts      *finding.Facts
	severities map[string]finding.Severity
	rule       *finding.Rule
	subject    model.Handle
	out        []*finding.Finding
	emit       func(finding.Finding)
}

func newEvaluation(f *finding.Facts, severities map[string]finding.Severity) *evaluation {
	e := &evaluation{facts: f, severities: severities}
	e.emit = e.take
	return e
}

// of is what a rule finds on a subject, in order.
func (e *evaluation) of(k key) []*finding.Finding {
	e.rule, e.subject, e.out = &Rules()[k.rule], k.subject, nil
	e.rule.Check(e.facts, k.subject, e.emit)
	slices.SortStableFunc(e.out, finding.Compare)
	return e.out
}

func (e *evaluation) take(x finding.Finding) {
	x.Rule = e.rule.ID
	if x.Subject.IsZero() {
		x.Subject = e.facts.Snap.Ref(e.subject)
	}
	if x.Outcome == "" {
		x.Outcome = finding.Violated
	}
	if x.Severity == finding.Off {
		x.Severity = e.rule.Severity
	}
	if s, changed := e.severities[x.Rule]; changed {
		if s == finding.Off {
			return
		}
		x.Severity = shifted(&x, e.rule.Severity, s)
	}
	x.Normalise()
	e.out = append(e.out, &x)
}
