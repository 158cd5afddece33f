package api

import (
	"context"

	"diapason/internal/app"
)

// notificationRoutes serve the channels of notifications and what goes through them.
func (s *Server) notificationRoutes() {
	const tag = "Notifications"
	register(s, "GET", "/notifications", "notifications", "Channels of notifications, and what waits, was sent or was given up", tag, func(ctx context.Context, _ *struct{}) (*body[*app.Deliveries], error) {
		return answer(s.app.Deliveries(ctx, callerOf(ctx).actor, callerOf(ctx).lang))
	})
	register(s, "POST", "/notifications/channels/{name}/test", "test-notification-channel", "Send a test message through a channel, past everything that waits", tag, func(ctx context.Context, in *struct {
		Name string `path:"name" maxLength:"60"`
		Body struct {
			To string `json:"to,omitempty" maxLength:"254" doc:"E-mail address; by default that of the administrator who asks"`
		}
	}) (*body[*app.Trial], error) {
		return answer(s.app.TryChannel(ctx, callerOf(ctx).actor, in.Name, in.Body.To, callerOf(ctx).lang))
	})
	register(s, "POST", "/notifications/{id}/retry", "retry-notification", "Send again what was given up, or at once what waits", tag, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"64"`
	}) (*struct{}, error) {
		return nil, s.app.Redeliver(ctx, callerOf(ctx).actor, in.ID)
	}, status(204))
	register(s, "DELETE", "/notifications/{id}", "discard-notification", "Forget what was given up or waits", tag, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"64"`
	}) (*struct{}, error) {
		return nil, s.app.Discard(ctx, callerOf(ctx).actor, in.ID)
	}, status(204))
}
