package api

import (
	"context"
	"encoding/json"
	"time"

	"diapason/internal/app"
	"diapason/internal/language"
	"diapason/internal/model"
)

type draftView struct {
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Author  app.NamedActor `json:"author"`
	Base    int64          `json:"base"`
	Head    int64          `json:"head"`
	Version int64          `json:"version"`
	Updated time.Time      `json:"updated"`
	Count   int            `json:"count"`
	Puts    []draftPut     `json:"puts"`
	Deletes []deleted      `json:"deletes"`
}

type draftPut struct {
	Ref      model.Ref       `json:"ref"`
	Title    model.Text      `json:"title"`
	New      bool            `json:"new"`
	Document json.RawMessage `json:"document"`
	YAML     string          `json:"yaml"`
	Expect   int64           `json:"expect"`
}

func (s *Server) viewDraft(ctx context.Context, d app.Draft) draftView {
	v := draftView{ID: d.ID, Title: d.Title, Author: app.NamedActor{ID: d.Author, Name: s.app.ActorName(ctx, d.Author)}, Base: d.Base, Head: d.Head, Version: d.Version, Updated: d.Updated, Count: d.Count, Puts: []draftPut{}, Deletes: []deleted{}}
	for _, p := range d.Puts {
		v.Puts = append(v.Puts, draftPut{p.Object.Ref(), app.HitOf(p.Object).Title, p.Expect == 0, p.Object.Document(), string(p.Object.YAML()), p.Expect})
	}
	for _, x := range d.Deletes {
		v.Deletes = append(v.Deletes, deleted{x.Ref, &x.Expect})
	}
	return v
}

type figureView struct {
	Subject app.Named  `json:"subject"`
	Figure  string     `json:"figure"`
	Label   model.Text `json:"label"`
	Before  string     `json:"before"`
	After   string     `json:"after"`
	Verdict string     `json:"verdict"`
}

type assessmentView struct {
	Findings struct {
		New       []app.FindingView `json:"new"`
		Worse     []app.FindingView `json:"worse"`
		Resolved  []app.FindingView `json:"resolved"`
		Unchanged int               `json:"unchanged"`
	} `json:"findings"`
	Figures      []figureView `json:"figures"`
	Milliseconds int64        `json:"milliseconds"`
}

// findingsShown bounds each list of a what-if: what changes thousands is told by
// its first hundreds.
const findingsShown = 300

func (s *Server) viewAssessment(ctx context.Context, a *app.Assessment, started time.Time) assessmentView {
	var v assessmentView
	v.Findings.New = s.viewFindings(ctx, a.After, a.New[:min(len(a.New), findingsShown)])
	v.Findings.Worse = s.viewFindings(ctx, a.After, a.Worse[:min(len(a.Worse), findingsShown)])
	v.Findings.Resolved = s.viewFindings(ctx, a.Before, a.Resolved[:min(len(a.Resolved), findingsShown)])
	v.Findings.Unchanged = a.Unchanged
	w := app.WriterFor(a.After.Snap, callerOf(ctx).lang)
	v.Figures = []figureView{}
	for _, f := range a.Figures {
		before, after := w.Value(f.Before), w.Value(f.After)
		if x, ok := f.Before.(model.Availability); ok {
			if y, ok := f.After.(model.Availability); ok {
				before, after = w.Apart(x, y)
			}
		}
		v.Figures = append(v.Figures, figureView{
			Subject: app.Name(a.After.Snap, f.Subject), Figure: f.Name, Before: before, After: after, Verdict: f.Verdict,
			Label: model.T(language.Writer{Lang: language.EN}.Message("figure."+f.Name, nil), language.Writer{Lang: language.FR}.Message("figure."+f.Name, nil)),
		})
	}
	v.Milliseconds = time.Since(started).Milliseconds()
	return v
}

// writtenInDraft is what an author puts into a draft that others may work on too.
type writtenInDraft struct {
	Document json.RawMessage `json:"document,omitempty"`
	YAML     string          `json:"yaml,omitempty"`
	Expect   *int64          `json:"expect,omitempty" doc:"Version of the object that the author saw when he began; without it the one at the head"`
	Was      json.RawMessage `json:"was,omitempty" doc:"The document as the author saw it in the draft: if somebody changed it there since, nothing is written"`
}

func (s *Server) draftRoutes() {
	const tag = "Drafts"
	type Path struct {
		ID string `path:"id"`
	}
	register(s, "GET", "/drafts", "list-drafts", "List drafts", tag, func(ctx context.Context, _ *struct{}) (*body[[]draftView], error) {
		list, err := s.app.Drafts(ctx, callerOf(ctx).actor)
		if err != nil {
			return nil, err
		}
		out := []draftView{}
		for _, d := range list {
			out = append(out, s.viewDraft(ctx, d))
		}
		return answer(out, nil)
	})
	register(s, "POST", "/drafts", "create-draft", "Start a draft", tag, func(ctx context.Context, in *struct {
		Body struct {
			Title string    `json:"title" maxLength:"500"`
			Puts  []written `json:"puts,omitempty"`
		}
	}) (*body[draftView], error) {
		var objects []*model.Object
		seen := app.Versions{}
		for _, p := range in.Body.Puts {
			list, err := p.objects()
			if err != nil {
				return nil, err
			}
			objects = append(objects, list...)
			p.note(seen, list)
		}
		d, err := s.app.CreateDraftFrom(ctx, callerOf(ctx).actor, in.Body.Title, objects, seen)
		if err != nil {
			return nil, err
		}
		return answer(s.viewDraft(ctx, d), nil)
	}, status(201))
	register(s, "GET", "/drafts/{id}", "get-draft", "Read a draft", tag, func(ctx context.Context, in *Path) (*body[draftView], error) {
		d, err := s.app.Draft(ctx, callerOf(ctx).actor, in.ID)
		if err != nil {
			return nil, err
		}
		return answer(s.viewDraft(ctx, d), nil)
	})
	edit := func(ctx context.Context, id string, e app.DraftEdit) (*body[draftView], error) {
		d, err := s.app.EditDraft(ctx, callerOf(ctx).actor, id, e)
		if err != nil {
			return nil, err
		}
		return answer(s.viewDraft(ctx, d), nil)
	}
	register(s, "PATCH", "/drafts/{id}", "rename-draft", "Rename a draft", tag, func(ctx context.Context, in *struct {
		Path
		Body struct {
			Title string `json:"title" minLength:"1" maxLength:"500"`
		}
	}) (*body[draftView], error) {
		return edit(ctx, in.ID, app.DraftEdit{Title: in.Body.Title})
	})
	register(s, "DELETE", "/drafts/{id}", "delete-draft", "Throw a draft away", tag, func(ctx context.Context, in *Path) (*struct{}, error) {
		return nil, s.app.DeleteDraft(ctx, callerOf(ctx).actor, in.ID)
	}, status(204))
	type ObjectInDraft struct {
		Path
		Kind string `path:"kind"`
		Name string `path:"name"`
	}
	register(s, "PUT", "/drafts/{id}/objects/{kind}/{name}", "put-in-draft", "Put an object into a draft", tag, func(ctx context.Context, in *struct {
		ObjectInDraft
		Body writtenInDraft
	}) (*body[draftView], error) {
		put := written{in.Body.Document, in.Body.YAML, in.Body.Expect}
		objects, err := put.objects()
		if err != nil {
			return nil, err
		}
		if o := objects[0].Ref(); len(objects) != 1 || o != parseRef(in.Kind, in.Name) {
			return nil, invalid("/metadata/name", errNameDiffers)
		}
		seen := app.Versions{}
		put.note(seen, objects)
		e := app.DraftEdit{Put: objects, Seen: seen}
		if len(in.Body.Was) > 0 {
			if e.Was, err = app.DecodeObjects("was", in.Body.Was); err != nil {
				return nil, err
			}
		}
		return edit(ctx, in.ID, e)
	})
	register(s, "DELETE", "/drafts/{id}/objects/{kind}/{name}", "delete-in-draft", "Delete an object by a draft, or with ?undo=true take it out of the draft", tag, func(ctx context.Context, in *struct {
		ObjectInDraft
		Undo bool `query:"undo"`
	}) (*body[draftView], error) {
		r := parseRef(in.Kind, in.Name)
		if in.Undo {
			return edit(ctx, in.ID, app.DraftEdit{TakeOut: []model.Ref{r}})
		}
		return edit(ctx, in.ID, app.DraftEdit{Delete: []model.Ref{r}})
	})
	register(s, "GET", "/drafts/{id}/assessment", "assess-draft", "What committing a draft would bring", tag, func(ctx context.Context, in *Path) (*body[assessmentView], error) {
		started := time.Now()
		a, err := s.app.AssessDraft(ctx, callerOf(ctx).actor, in.ID)
		if err != nil {
			return nil, err
		}
		return answer(s.viewAssessment(ctx, a, started), nil)
	})
	register(s, "GET", "/drafts/{id}/changes", "draft-changes", "What a draft changes", tag, func(ctx context.Context, in *Path) (*body[struct {
		Items []app.ObjectChange `json:"items"`
	}], error) {
		list, err := s.app.DraftChanges(ctx, callerOf(ctx).actor, in.ID)
		if err != nil {
			return nil, err
		}
		out := struct {
			Items []app.ObjectChange `json:"items"`
		}{list}
		return answer(out, nil)
	})
	register(s, "POST", "/drafts/{id}/commit", "commit-draft", "Commit a draft", tag, func(ctx context.Context, in *struct {
		Path
		Body struct {
			Title       string       `json:"title,omitempty" maxLength:"500"`
			Reason      string       `json:"reason,omitempty" maxLength:"10000"`
			Resolutions []resolution `json:"resolutions,omitempty"`
		}
	}) (*body[seqView], error) {
		seq, err := s.app.CommitDraft(ctx, callerOf(ctx).actor, in.ID, in.Body.Title, in.Body.Reason, resolutions(in.Body.Resolutions))
		return answer(seqView{seq}, err)
	}, status(201))
	register(s, "POST", "/what-if", "what-if", "What changes would bring; nothing is kept", tag, func(ctx context.Context, in *struct {
		View
		Body struct {
			Puts    []written `json:"puts,omitempty"`
			Deletes []deleted `json:"deletes,omitempty"`
			Draft   string    `json:"draft,omitempty"`
			Focus   string    `json:"focus,omitempty"`
		}
	}) (*body[assessmentView], error) {
		started := time.Now()
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		if in.Body.Draft != "" {
			v.Draft = in.Body.Draft
		}
		var puts []*model.Object
		var deletes []model.Ref
		for _, p := range in.Body.Puts {
			list, err := p.objects()
			if err != nil {
				return nil, err
			}
			puts = append(puts, list...)
		}
		for _, d := range in.Body.Deletes {
			deletes = append(deletes, d.Ref)
		}
		a, err := s.app.WhatIf(ctx, callerOf(ctx).actor, v, puts, deletes)
		if err != nil {
			return nil, err
		}
		return answer(s.viewAssessment(ctx, a, started), nil)
	}, status(200))
}
