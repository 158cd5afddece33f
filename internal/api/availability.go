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
}
