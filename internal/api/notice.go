package api

import (
	"context"

	"diapason/internal/app"
)

// noticeRoutes serve what concerns the reader himself: notices, and what is
// agreed with the customer or supplier that he speaks for.
func (s *Server) noticeRoutes() {
	const tag = "Reader"
	register(s, "GET", "/counterpart", "counterpart", "What is agreed with the customer or supplier that the reader speaks for", tag, func(ctx context.Context, _ *struct{}) (*body[*app.Counterpart], error) {
		return answer(s.app.CounterpartOf(ctx, callerOf(ctx).actor, callerOf(ctx).lang))
	})
	register(s, "GET", "/notices", "notices", "What concerns the reader, and what of it is new since he last looked; read again when an event tells of a new head", tag, func(ctx context.Context, _ *struct{}) (*body[*app.Notices], error) {
		return answer(s.app.Notices(ctx, callerOf(ctx).actor, callerOf(ctx).lang))
	})
	register(s, "POST", "/notices/seen", "see-notices", "Mark as read what concerned the reader at an entry of the log", tag, func(ctx context.Context, in *struct {
		Body struct {
			Seq int64 `json:"seq" minimum:"0" doc:"Entry that the list of notices was made at"`
		}
	}) (*struct{}, error) {
		return nil, s.app.SeeNotices(ctx, callerOf(ctx).actor, in.Body.Seq)
	}, status(204))
}
