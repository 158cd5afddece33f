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
	todo := everything(f.Snap)
	for i, list := range r.run(todo, nil) {
		r.put(todo[i], list)
	}
	r.collect()
	return r
}

// everything pairs each rule with each of its subjects.
func everything(s *model.Snapshot) []key {
	var todo []key
	for i, rule := range Rules() {
		for _, kind := range rule.Kinds {
			for _, h := range s.OfKind(kind) {
				todo = append(todo, key{i, h})
			}
		}
	}
	return todo
}

// run evaluates on all cores, in chunks; with a pause on one, pausing after each.
func (r *Result) run(todo []key, pause func()) [][]*finding.Finding {
	out := make([][]*finding.Finding, len(todo))
	severities := severityOverrides(r.Facts.Snap.Organisation())
	r.Visited += len(todo)
	if pause != nil {
		for i, k := range todo {
			out[i] = evaluate(r.Facts, k, severities)
			pause()
		}
		return out
	}
	chunk := max(1, min(256, len(todo)/(8*runtime.GOMAXPROCS(0))))
	workers := min(runtime.GOMAXPROCS(0), len(todo)/chunk+1)
	next := make(chan int, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for start := range next {
				for i := start; i < min(start+chunk, len(todo)); i++ {
					out[i] = evaluate(r.Facts, todo[i], severities)
				}
			}
		})
	}
	for start := 0; start < len(todo); start += chunk {
		next <- start
	}
	close(next)
	wg.Wait()
	return out
}

func evaluate(f *finding.Facts, k key, severities map[string]finding.Severity) []*finding.Finding {
	rule := &Rules()[k.rule]
	var out []*finding.Finding
	rule.Check(f, k.subject, func(x finding.Finding) {
		x.Rule = rule.ID
		if x.Subject.IsZero() {
			x.Subject = f.Snap.Ref(k.subject)
		}
		if x.Outcome == "" {
			x.Outcome = finding.Violated
		}
		if x.Severity == finding.Off {
			x.Severity = rule.Severity
		}
		if s, changed := severities[rule.ID]; changed {
			if s == finding.Off {
				return
			}
			x.Severity = shifted(&x, rule.Severity, s)
		}
		x.Normalise()
		out = append(out, &x)
	})
	slices.SortStableFunc(out, finding.Compare)
	return out
}
