package api

import (
	"context"

	"diapason/internal/app"
)

func (s *Server) serviceLevelRoutes() {
	s.statementRoutes()
	s.objectiveRoutes()
	s.reviewRoutes("Service levels")
	const tag = "Service levels"
	type asked struct {
		View
		Body app.Wishes
	}
	register(s, "POST", "/service-levels/attain", "attain", "Say whether what a customer wants can be promised, which link fails, by how much, and what would make it so", tag, func(ctx context.Context, in *asked) (*body[*app.Attainable], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.Attain(ctx, callerOf(ctx).actor, v, in.Body, callerOf(ctx).lang))
	})
	register(s, "POST", "/service-levels/attain/draft", "draft-promise", "Open a draft of an agreement with what a customer wants as its targets", tag, func(ctx context.Context, in *struct {
		View
		Body struct {
			Title  string     `json:"title" maxLength:"200" doc:"Title of the draft"`
			Wishes app.Wishes `json:"wishes"`
		}
	}) (*body[draftView], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		d, err := s.app.PromiseDraft(ctx, callerOf(ctx).actor, v, in.Body.Wishes, in.Body.Title)
		if err != nil {
			return nil, err
		}
		return &body[draftView]{s.viewDraft(ctx, d)}, nil
	}, status(201))
	register(s, "GET", "/service-levels/chain/{kind}/{name}", "promise-chain", "What stands behind every target of an agreement or requirement: promises of teams and suppliers, hand-overs, plans and copies", tag, func(ctx context.Context, in *struct {
		View
		Kind string `path:"kind" enum:"agreement,requirement"`
		Name string `path:"name"`
	}) (*body[*app.ChainsView], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.ChainsOf(ctx, callerOf(ctx).actor, v, parseRef(in.Kind, in.Name), callerOf(ctx).lang))
	})
}
