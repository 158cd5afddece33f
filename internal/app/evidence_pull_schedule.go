package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"diapason/internal/exchange/cases"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// How ticket tools are asked at regular intervals.
const (
	pullOverlap  = time.Hour           // asked for again each time: clocks differ
	pullFirst    = 31 * 24 * time.Hour // back from a start, where nothing says since when
	pullLongest  = 30 * time.Minute    // for one answer
	pullProblems = 20                  // cases told that could not be taken
)

// PullState says how asking a ticket tool goes.
type PullState struct {
	Source   string        `json:"source"`
	Tool     string        `json:"tool" enum:"itop,glpi"`
	Host     string        `json:"host"`
	Every    string        `json:"every" doc:"Interval, such as 15m0s"`
	Asked    model.Instant `json:"asked,omitzero" doc:"When it was asked last"`
	Answered model.Instant `json:"answered,omitzero" doc:"When it answered last"`
	Next     model.Instant `json:"next,omitzero"`
	Problem  string        `json:"problem,omitempty" doc:"Why the last answer is missing; empty when it came"`
	Taken    *CasesTaken   `json:"taken,omitempty" doc:"Of the last answer"`
}

// pulling is what became of the ticket tools that are asked.
type pulling struct {
	mu    sync.Mutex
	state []pullState
}

type pullState struct {
	asked                cases.Asked
	last, answered, next time.Time
	err                  error
	taken                *CasesTaken
	complete             time.Time // cases that changed before are recorded
}

// PullCasesRegularly asks ticket tools for the cases that changed, each at its interval,
// until the server stops or the function that it gives is called. Of several servers on
// one database one asks.
func (a *App) PullCasesRegularly(ctx context.Context, list []cases.Asked) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	a.pulls.mu.Lock()
	a.pulls.state = make([]pullState, len(list))
	for i := range list {
		a.pulls.state[i].asked = list[i]
	}
	a.pulls.mu.Unlock()
	var running sync.WaitGroup
	for i := range list {
		running.Go(func() {
			for {
				a.pullOnce(ctx, i)
				select {
				case <-ctx.Done():
					return
				case <-time.After(list[i].Interval):
				}
			}
		})
	}
	return func() { cancel(); running.Wait() }
}

// pullOnce asks one ticket tool and notes what came of it.
func (a *App) pullOnce(ctx context.Context, i int) {
	now := a.now()
	a.pulls.mu.Lock()
	s := &a.pulls.state[i]
	asked, since := s.asked, s.complete
	s.last, s.next = now, now.Add(asked.Interval)
	a.pulls.mu.Unlock()
	switch {
	case !since.IsZero():
		// A clock put back must not leave anything out.
		if since = since.Add(-pullOverlap); since.After(now.Add(-pullOverlap)) {
			since = now.Add(-pullOverlap)
		}
	case !asked.From.IsZero():
		since = asked.From.UTC()
	default:
		since = now.Add(-pullFirst)
	}
	taken, err := a.pull(ctx, &asked, since)
	if ctx.Err() != nil {
		return
	}
	a.pulls.mu.Lock()
	defer a.pulls.mu.Unlock()
	if s.err = err; err != nil {
		a.log.Warn("a ticket tool was asked in vain", "source", asked.Source, "tool", asked.Tool, "host", asked.Host(), "error", errorSentence(err, language.EN))
		return
	}
	if taken == nil {
		return // another server asks
	}
	s.answered, s.complete, s.taken = a.now(), now, taken
	if taken.Added+taken.Changed+len(taken.Errors) > 0 {
		a.log.Info("cases were recorded", "source", asked.Source, "added", taken.Added, "changed", taken.Changed, "refused", len(taken.Errors), "unplaced", taken.Unplaced)
	}
}

func (a *App) pull(ctx context.Context, asked *cases.Asked, since time.Time) (*CasesTaken, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	release, err := a.evidence.ledger.Alone(ctx, "cases of "+asked.Source)
	if err != nil || release == nil {
		return nil, err
	}
	defer release()
	server, err := asked.Server()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, pullLongest)
	defer cancel()
	return a.PullCases(ctx, identity.Operator(), model.Ref{Kind: "measurement-source", Name: asked.Source},
		PullRequest{Tool: asked.Tool, Classes: asked.Classes, Server: server, Since: since, Mapping: asked.Read, Untitled: !asked.Titles})
}

// errorSentence tells an error in the reader's language.
func errorSentence(err error, lang language.Lang) string {
	var known *Error
	var fault *model.Fault
	switch {
	case errors.As(err, &known):
		return known.In(lang)
	case errors.As(err, &fault):
		return language.Writer{Lang: lang}.Fault(fault)
	}
	return err.Error()
}

// Pulls says how asking ticket tools goes: those of the sources that an actor may read.
func (a *App) Pulls(actor identity.Actor, lang language.Lang) ([]PullState, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	a.pulls.mu.Lock()
	defer a.pulls.mu.Unlock()
	out := []PullState{}
	for i := range a.pulls.state {
		s := &a.pulls.state[i]
		source := model.Ref{Kind: "measurement-source", Name: s.asked.Source}
		resource := identity.Resource{Kind: source.Kind, Name: source.Name} // it may be no source of the model: that is what goes wrong
		if o := a.Head().Get(source); o != nil {
			resource = Resource(a.Head(), o)
		}
		if a.Authorize(actor, identity.ActionReadModel, resource) != nil {
			continue
		}
		v := PullState{
			Source: source.String(), Tool: s.asked.Tool, Host: s.asked.Host(), Every: s.asked.Interval.String(),
			Asked: model.Instant{Time: s.last}, Answered: model.Instant{Time: s.answered}, Next: model.Instant{Time: s.next},
		}
		if s.err != nil {
			v.Problem = errorSentence(s.err, lang)
		}
		if s.taken != nil {
			t := *s.taken
			t.Errors = language.Writer{Lang: lang}.Issues(t.Errors[:min(len(t.Errors), pullProblems)])
			v.Taken = &t
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(x, y PullState) int { return strings.Compare(x.Source, y.Source) })
	return out, nil
}
