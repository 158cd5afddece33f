package api

import (
	"context"
	"strings"

	"diapason/internal/app"
	"diapason/internal/model"
)

// reviewRoutes serve service reviews: what is due, agendas, minutes and actions.
func (s *Server) reviewRoutes(tag string) {
	type done struct {
		Ref model.Ref `json:"ref"`
		Seq int64     `json:"seq" doc:"Entry of the log"`
	}
	register(s, "GET", "/service-levels/reviews", "list-reviews", "Reviews of agreements and contracts: what is due when, what was held, and the actions that are open", tag, func(ctx context.Context, _ *struct{}) (*body[*app.Reviews], error) {
		return answer(s.app.ServiceReviews(ctx, callerOf(ctx).actor, callerOf(ctx).lang))
	})
	register(s, "GET", "/service-levels/agenda", "draw-agenda", "The agenda of a review of something, drawn up from how things stand now", tag, func(ctx context.Context, in *struct {
		About string `query:"about" required:"true" doc:"agreement/NAME, customer/NAME, contract/NAME or supplier/NAME; several with commas"`
	}) (*body[[]app.AgendaItem], error) {
		var about []model.Ref
		for _, part := range strings.Split(in.About, ",") {
			ref, err := model.ParseRef(strings.TrimSpace(part))
			if err != nil {
				return nil, invalid("/about", err)
			}
			about = append(about, ref)
		}
		return answer(s.app.Agenda(ctx, callerOf(ctx).actor, about, callerOf(ctx).lang))
	})
	register(s, "POST", "/service-levels/reviews", "plan-review", "Plan a review", tag, func(ctx context.Context, in *struct{ Body app.ReviewPlanned }) (*body[done], error) {
		name, seq, err := s.app.PlanReview(ctx, callerOf(ctx).actor, in.Body)
		return answer(done{parseRef("review", name), seq}, err)
	}, status(201))
	register(s, "GET", "/service-levels/reviews/{name}", "get-review", "One review: agenda, who was there, what was said and decided, and its actions", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
	}) (*body[*app.ReviewSheet], error) {
		return answer(s.app.Review(ctx, callerOf(ctx).actor, in.Name, callerOf(ctx).lang))
	})
	register(s, "PUT", "/service-levels/reviews/{name}", "write-review", "Record agenda, participants, minutes and decisions of a review", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body app.ReviewMinutes
	}) (*body[done], error) {
		seq, err := s.app.WriteReview(ctx, callerOf(ctx).actor, in.Name, in.Body, callerOf(ctx).lang)
		return answer(done{parseRef("review", in.Name), seq}, err)
	})
	register(s, "POST", "/service-levels/reviews/{name}/actions", "ask-action", "Record an action that a review asks for", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body app.ActionAsked
	}) (*body[done], error) {
		name, seq, err := s.app.AskAction(ctx, callerOf(ctx).actor, in.Name, in.Body)
		return answer(done{parseRef("action", name), seq}, err)
	}, status(201))
	register(s, "POST", "/service-levels/actions/{name}", "follow-action", "Record that an action is done, or is to be done by another day", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body app.ActionFollowed
	}) (*body[done], error) {
		seq, err := s.app.FollowAction(ctx, callerOf(ctx).actor, in.Name, in.Body)
		return answer(done{parseRef("action", in.Name), seq}, err)
	})
}
