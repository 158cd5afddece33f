package api

import (
	"context"

	"diapason/internal/app"
)

func (s *Server) availabilityRoutes() {
	const tag = "Availability"
	register(s, "GET", "/services/{name}/availability", "service-availability", "Promise, prediction and record of a service, and what the prediction is made of", tag, func(ctx context.Context, in *struct {
		View
		Name string `path:"name"`
	}) (*body[*app.AvailabilityStudy], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.AvailabilityOf(ctx, callerOf(ctx).actor, v, parseRef("service", in.Name), callerOf(ctx).lang))
	})
	register(s, "GET", "/availability", "availability-ranking", "Single points of failure, those that hurt most first, and the component failure impact analysis", tag, func(ctx context.Context, in *struct {
		View
		Kind []string `query:"kind,explode" enum:"component,site,supplier,person,team,tool"`
	}) (*body[*app.AvailabilityRanking], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.AvailabilityRanking(ctx, callerOf(ctx).actor, v, in.Kind, callerOf(ctx).lang))
	})
	register(s, "GET", "/services/{name}/availability/advice", "availability-advice", "What declared improvements bring to a service and cost, alone and together", tag, func(ctx context.Context, in *struct {
		View
		Name string `path:"name"`
	}) (*body[*app.Advice], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.AdviceOf(ctx, callerOf(ctx).actor, v, parseRef("service", in.Name), callerOf(ctx).lang))
	})
	register(s, "POST", "/services/{name}/availability/draft", "draft-improvements", "Open a draft in which improvements are made", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body struct {
			Title   string                  `json:"title" maxLength:"200" doc:"Title of the draft"`
			Choices []app.ImprovementChoice `json:"choices" minItems:"1" maxItems:"50"`
		}
	}) (*body[draftView], error) {
		d, err := s.app.ImproveDraft(ctx, callerOf(ctx).actor, parseRef("service", in.Name), in.Body.Choices, in.Body.Title)
		if err != nil {
			return nil, err
		}
		return &body[draftView]{s.viewDraft(ctx, d)}, nil
	}, status(201))
}
