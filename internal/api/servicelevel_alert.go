package api

import (
	"context"

	"diapason/internal/app"
)

// alertRoutes serve the alerts of service levels.
func (s *Server) alertRoutes(tag string) {
	register(s, "GET", "/service-levels/alerts", "service-level-alerts", "Alerts of service levels: budgets that are used too fast, and what is no longer measured", tag, func(ctx context.Context, in *struct {
		Days int `query:"days" minimum:"0" maximum:"400" doc:"Also those that ended in so many last days"`
	}) (*body[[]app.AlertView], error) {
		return answer(s.app.ServiceLevelAlerts(ctx, callerOf(ctx).actor, in.Days, callerOf(ctx).lang))
	})
}
