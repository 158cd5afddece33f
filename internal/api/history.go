package api

import (
	"context"
	"strings"

	"diapason/internal/app"
)

func (s *Server) historyRoutes() {
	const tag = "History"
	type entries struct {
		Items []app.HistoryEntry `json:"items"`
		Next  int64              `json:"next,omitempty" doc:"Value of before for the next page"`
	}
	page := func(list []app.HistoryEntry, limit int, err error) (*body[entries], error) {
		if err != nil {
			return nil, err
		}
		out := entries{Items: list}
		if limit > 0 && len(list) == limit && list[len(list)-1].Seq > 1 {
			out.Next = list[len(list)-1].Seq
		}
		return answer(out, nil)
	}
	register(s, "GET", "/history", "get-history", "Entries of the log, newest first", tag, func(ctx context.Context, in *struct {
		Object string `query:"object"`
		Actor  string `query:"actor"`
		Type   string `query:"type" doc:"Types of entry, separated by commas: change, decision, approval, seal, access"`
		Before int64  `query:"before" minimum:"0"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*body[entries], error) {
		r, err := optionalRef("/object", in.Object)
		if err != nil {
			return nil, err
		}
		q := app.HistoryQuery{Object: r, Actor: in.Actor, Before: in.Before, Limit: in.Limit, Lang: callerOf(ctx).lang}
		if in.Type != "" {
			q.Types = strings.Split(in.Type, ",")
		}
		list, err := s.app.History(ctx, callerOf(ctx).actor, q)
		return page(list, in.Limit, err)
	})
	register(s, "GET", "/objects/{kind}/{name}/history", "get-object-history", "History of one object", tag, func(ctx context.Context, in *struct {
		Kind   string `path:"kind"`
		Name   string `path:"name"`
		Before int64  `query:"before" minimum:"0"`
	}) (*body[entries], error) {
		list, err := s.app.History(ctx, callerOf(ctx).actor, app.HistoryQuery{Object: parseRef(in.Kind, in.Name), Before: in.Before, Lang: callerOf(ctx).lang})
		return page(list, 50, err)
	})
	register(s, "GET", "/checkpoint", "get-checkpoint", "A signed checkpoint of the log, to be kept elsewhere", tag, func(ctx context.Context, _ *struct{}) (*body[struct {
		Note     string `json:"note"`
		Verifier string `json:"verifier"`
	}], error) {
		note, key, err := s.app.Checkpoint(ctx, callerOf(ctx).actor)
		return answer(struct {
			Note     string `json:"note"`
			Verifier string `json:"verifier"`
		}{string(note), key}, err)
	})
	register(s, "POST", "/objects/{kind}/{name}/erasure", "erase-object", "Erase the past of an object, keeping every proof valid", tag, func(ctx context.Context, in *struct {
		Kind string `path:"kind"`
		Name string `path:"name"`
		Body struct {
			Reason string `json:"reason" maxLength:"10000"`
		}
	}) (*body[struct {
		Versions int   `json:"versions"`
		Seq      int64 `json:"seq"`
	}], error) {
		n, seq, err := s.app.Erase(ctx, callerOf(ctx).actor, parseRef(in.Kind, in.Name), in.Body.Reason)
		return answer(struct {
			Versions int   `json:"versions"`
			Seq      int64 `json:"seq"`
		}{n, seq}, err)
	}, status(201))
	register(s, "GET", "/diff", "diff-views", "What changed between two entries of the log", tag, func(ctx context.Context, in *struct {
		From int64 `query:"from" minimum:"0"`
		To   int64 `query:"to" minimum:"0"`
	}) (*body[struct {
		Items []app.ObjectChange `json:"items"`
	}], error) {
		list, err := s.app.Difference(ctx, callerOf(ctx).actor, in.From, in.To)
		return answer(struct {
			Items []app.ObjectChange `json:"items"`
		}{list}, err)
	})
}
