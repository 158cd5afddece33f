package api

import (
	"context"

	"diapason/internal/app"
	"diapason/internal/model"
)

func (s *Server) outageRoutes() {
	register(s, "GET", "/outages/recording", "recording", "What recording an interruption starts from: what is down already, and what falls with what is said to be down now", "Availability", func(ctx context.Context, in *struct {
		Of []string `query:"of,explode" maxItems:"50" doc:"What is said to be down now"`
	}) (*body[*app.Recording], error) {
		of := make([]model.Ref, len(in.Of))
		for i, text := range in.Of {
			var err error
			if of[i], err = optionalRef("/of", text); err != nil {
				return nil, err
			}
		}
		return answer(s.app.RecordingOf(ctx, callerOf(ctx).actor, of))
	})
}
