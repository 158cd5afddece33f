package app

import (
	"context"
	"strings"
	"time"
	"unicode"

	"diapason/internal/exchange/cases"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
)

// CaseRecord is a case of a ticket tool, as it is pushed and read.
type CaseRecord struct {
	ID           string           `json:"id" maxLength:"200" doc:"Number in the ticket tool"`
	Service      string           `json:"service,omitempty" doc:"service/NAME or component/NAME; the name or title of one of those that the source measures"`
	Priority     string           `json:"priority,omitempty" maxLength:"200" doc:"As agreements write it, such as P1"`
	Title        string           `json:"title,omitempty" maxLength:"500" doc:"No part of what is proven; it can be erased"`
	TitleErased  bool             `json:"titleErased,omitempty" readOnly:"true"`
	Opened       model.Instant    `json:"opened"`
	Acknowledged model.Instant    `json:"acknowledged,omitzero"`
	Restored     model.Instant    `json:"restored,omitzero"`
	Closed       model.Instant    `json:"closed,omitzero"`
	Suspensions  []CaseSuspension `json:"suspensions,omitempty" maxItems:"200"`
	Withdrawn    bool             `json:"withdrawn,omitempty" doc:"It was no case after all"`
	Revision     int              `json:"revision,omitzero" readOnly:"true"`
	Recorded     model.Instant    `json:"recorded,omitzero" readOnly:"true"`
}

// CaseSuspension is a stretch in which the clock of a case stood still.
type CaseSuspension struct {
	From  model.Instant `json:"from"`
	Until model.Instant `json:"until,omitzero"`
	Why   string        `json:"why,omitempty" enum:"waiting-customer,waiting-site-access,other"`
}

// CasesTaken says what became of cases.
type CasesTaken struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"` // as they were recorded before
	// Unplaced counts cases taken whose service the source does not measure.
	Unplaced int           `json:"unplaced"`
	Errors   []model.Issue `json:"errors"` // of those that were not taken, by line
}

// Bounds of cases.
const (
	mostCases    = 50_000 // pushed at once
	batchCases   = 2_000  // in one append
	longestTitle = 500    // characters
)

// casesSource finds a source whose cases an actor may record.
func (a *App) casesSource(actor identity.Actor, source model.Ref) (*model.Snapshot, *model.MeasurementSource, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, nil, err
	}
	if err := a.withLedger(); err != nil {
		return nil, nil, err
	}
	s := a.Head()
	if _, err := a.readable(actor, s, source); err != nil {
		return nil, nil, err
	}
	if err := a.maySay(actor, s, source); err != nil {
		return nil, nil, err
	}
	spec, ok := s.Get(source).Spec.(*model.MeasurementSource)
	if !ok {
		return nil, nil, notFound(source.String())
	}
	return s, spec, nil
}

// PushCases records cases of a ticket tool. What can be taken is; of what cannot, each is
// told with its place in the list, from 1.
func (a *App) PushCases(ctx context.Context, actor identity.Actor, source model.Ref, list []CaseRecord) (*CasesTaken, error) {
	s, spec, err := a.casesSource(actor, source)
	if err != nil {
		return nil, err
	}
	switch {
	case len(list) == 0:
		return nil, fail(CodeEmpty, nil)
	case len(list) > mostCases:
		return nil, refused("", &model.Fault{Format: "%d cases at once are too many: %d are taken", Args: []any{len(list), mostCases}})
	}
	places := placesOf(s, spec)
	out := &CasesTaken{Errors: []model.Issue{}}
	var ready []ledger.Case
	for i, c := range list {
		of, found := places.find(c.Service)
		if !found && c.Service != "" {
			out.refuse(i+1, &model.Fault{Format: "%q is nothing that the source measures", Args: []any{c.Service}})
			continue
		}
		next := ledger.Case{
			Source: source.String(), ID: c.ID, Service: of, Priority: c.Priority, Title: c.Title, Opened: c.Opened.Time, Acknowledged: c.Acknowledged.Time,
			Restored: c.Restored.Time, Closed: c.Closed.Time, Withdrawn: c.Withdrawn,
		}
		for _, x := range c.Suspensions {
			next.Suspensions = append(next.Suspensions, ledger.Suspension{From: x.From.Time, To: x.Until.Time, Why: x.Why})
		}
		if f := settle(&next); f != nil {
			out.refuse(i+1, f)
			continue
		}
		ready = append(ready, next)
	}
	return out, a.appendCases(ctx, ready, out)
}

// ImportCases records the cases of a table that a ticket tool exported.
func (a *App) ImportCases(ctx context.Context, actor identity.Actor, source model.Ref, name string, table []byte, m *cases.Mapping) (*CasesTaken, error) {
	s, spec, err := a.casesSource(actor, source)
	if err != nil {
		return nil, err
	}
	read, err := cases.Read(name, table, m, a.zone())
	if err != nil {
		if f, ok := err.(*model.Fault); ok {
			return nil, refused("/file", f)
		}
		return nil, err
	}
	out := &CasesTaken{Errors: append([]model.Issue{}, read.Issues...)}
	return out, a.takeCases(ctx, source, placesOf(s, spec), read.Cases, m, out)
}

// zone is the organisation's.
func (a *App) zone() *time.Location {
	loc, err := time.LoadLocation(a.Head().Organisation().Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// takeCases records cases as a tool tells them. A tool that tells only for how long a
// clock stood still has the stretch laid just before the restoration.
func (a *App) takeCases(ctx context.Context, source model.Ref, places places, list []cases.Case, m *cases.Mapping, out *CasesTaken) error {
	ready := make([]ledger.Case, 0, len(list))
	for _, c := range list {
		word := c.Service
		if ref, ok := m.Services[word]; ok {
			word = ref
		}
		of, found := places.find(word)
		if !found {
			out.Unplaced++
		}
		next := ledger.Case{
			Source: source.String(), ID: c.ID, Service: of, Priority: c.Priority, Title: c.Title,
			Opened: c.Opened, Acknowledged: c.Acknowledged, Restored: c.Restored, Closed: c.Closed, Withdrawn: c.Withdrawn,
		}
		end := c.Restored
		if end.IsZero() {
			end = c.Closed
		}
		if from := end.Add(-c.Suspended); c.Suspended > 0 && !end.IsZero() {
			if from.Before(c.Opened) {
				from = c.Opened
			}
			if from.Before(end) {
				next.Suspensions = []ledger.Suspension{{From: from, To: end, Why: m.Suspension}}
			}
		}
		if f := settle(&next); f != nil {
			out.refuse(c.Line, f)
			continue
		}
		ready = append(ready, next)
	}
	return a.appendCases(ctx, ready, out)
}

func (out *CasesTaken) refuse(line int, f *model.Fault) {
	if len(out.Errors) < mostIssues {
		issue := issueOf(f)
		issue.Line = line
		out.Errors = append(out.Errors, issue)
	}
}

// settle makes a case fit for the ledger, or says what is wrong with it.
func settle(c *ledger.Case) *model.Fault {
	for _, text := range []*string{&c.ID, &c.Priority, &c.Title} {
		*text = strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(*text, "�")))
	}
	if r := []rune(c.Title); len(r) > longestTitle {
		c.Title = string(r[:longestTitle])
	}
	switch {
	case c.ID == "" || len(c.ID) > 200 || len(c.Priority) > 200:
		return &model.Fault{Format: "the case has no number, or its number or priority is longer than 200 characters"}
	case c.Opened.IsZero() || c.Opened.Year() < 1971 || c.Opened.Year() > 9000:
		return &model.Fault{Format: "the case %s has no date of opening", Args: []any{c.ID}}
	}
	for _, t := range []time.Time{c.Acknowledged, c.Restored, c.Closed} {
		if !t.IsZero() && (t.Before(c.Opened) || t.Year() > 9000) {
			return &model.Fault{Format: "the case %s was acknowledged, restored or closed before it was opened", Args: []any{c.ID}}
		}
	}
	for _, x := range c.Suspensions {
		switch {
		case x.From.IsZero() || !x.To.IsZero() && x.To.Before(x.From):
			return &model.Fault{Format: "a suspension of the case %s ends before it begins", Args: []any{c.ID}}
		case x.Why != "" && x.Why != "waiting-customer" && x.Why != "waiting-site-access" && x.Why != "other":
			return &model.Fault{Format: "%q is no reason of a suspension: write waiting-customer, waiting-site-access or other", Args: []any{x.Why}}
		}
	}
	return nil
}

// appendCases records cases in batches: each is there whole or not at all, and what was
// recorded before is passed over when it is sent again.
func (a *App) appendCases(ctx context.Context, ready []ledger.Case, out *CasesTaken) error {
	for len(ready) > 0 {
		n := min(len(ready), batchCases)
		added, changed, err := a.evidence.ledger.AppendCases(ctx, ready[:n])
		if err != nil {
			return err
		}
		out.Added, out.Changed, out.Same = out.Added+added, out.Changed+changed, out.Same+n-added-changed
		ready = ready[n:]
	}
	return nil
}

// places are the words by which a tool may call what a source measures.
type places struct {
	words map[string]string
	only  string // the one thing that is measured, if it is one
}

func placesOf(s *model.Snapshot, source *model.MeasurementSource) places {
	p := places{words: map[string]string{}}
	for _, of := range source.Of {
		words := []string{of.String(), of.Name}
		if o := s.Get(of); o != nil {
			words = append(words, o.Metadata.Title.All, o.Metadata.Title.EN, o.Metadata.Title.FR)
		}
		for _, w := range words {
			if w = strings.ToLower(strings.TrimSpace(w)); w != "" && p.words[w] == "" {
				p.words[w] = of.String()
			}
		}
	}
	if len(source.Of) == 1 {
		p.only = source.Of[0].String()
	}
	return p
}

// find gives the thing that a word means. Without a word it is the only one.
func (p places) find(word string) (of string, ok bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	if word == "" {
		return p.only, p.only != ""
	}
	of, ok = p.words[word]
	return of, ok
}

// Cases lists the cases of a source that were open at any time in [from, until), by
// opening; most at most.
func (a *App) Cases(ctx context.Context, actor identity.Actor, source model.Ref, from, until time.Time, most int) ([]CaseRecord, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	if _, err := a.readable(actor, a.Head(), source); err != nil {
		return nil, err
	}
	if until.IsZero() {
		until = lastInstant
	}
	out := []CaseRecord{}
	for c, err := range a.evidence.ledger.Cases(ctx, source.String(), from, until, time.Time{}) {
		if err != nil {
			return nil, err
		}
		if len(out) == most {
			break
		}
		v := CaseRecord{
			ID: c.ID, Service: c.Service, Priority: c.Priority, Title: c.Title, TitleErased: !c.TitleErased.IsZero(), Opened: model.Instant{Time: c.Opened}, Acknowledged: model.Instant{Time: c.Acknowledged},
			Restored: model.Instant{Time: c.Restored}, Closed: model.Instant{Time: c.Closed}, Revision: c.Revision, Recorded: model.Instant{Time: c.At},
		}
		for _, x := range c.Suspensions {
			v.Suspensions = append(v.Suspensions, CaseSuspension{From: model.Instant{Time: x.From}, Until: model.Instant{Time: x.To}, Why: x.Why})
		}
		out = append(out, v)
	}
	return out, nil
}

// EraseCaseTitles erases the titles of cases of a source, of all of them where none is
// named: what is proven by the cases stays as it was. It counts those erased. What the tool
// calls such a case afterwards is not kept either.
func (a *App) EraseCaseTitles(ctx context.Context, actor identity.Actor, source model.Ref, ids []string, reason string) (int, error) {
	if err := a.Authorize(actor, identity.ActionErase, identity.Resource{Kind: source.Kind, Name: source.Name}); err != nil {
		return 0, err
	}
	if err := a.withLedger(); err != nil {
		return 0, err
	}
	if err := needReason(reason); err != nil {
		return 0, err
	}
	defer a.evidence.ledger.(*countedLedger).appends.Add(1)
	return a.evidence.ledger.EraseTitles(ctx, ledger.TitleErasure{Source: source.String(), IDs: ids, Author: actor.ID(), Reason: reason})
}
