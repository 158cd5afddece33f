package api

import (
	"context"
	"net/http"

	"diapason/internal/app"
)

// scheduleRoutes serve scheduled reports and those that were made.
func (s *Server) scheduleRoutes(tag string) {
	type kept struct {
		ID string `json:"id"`
	}
	register(s, "GET", "/service-levels/reports", "list-scheduled-reports", "Scheduled reports, and what became of those that were due", tag, func(ctx context.Context, _ *struct{}) (*body[*app.Schedules], error) {
		return answer(s.app.Schedules(ctx, callerOf(ctx).actor, callerOf(ctx).lang))
	})
	register(s, "POST", "/service-levels/reports/schedules", "schedule-report", "Schedule a report", tag, func(ctx context.Context, in *struct{ Body app.Schedule }) (*body[kept], error) {
		in.Body.ID = ""
		id, err := s.app.SetSchedule(ctx, callerOf(ctx).actor, in.Body)
		return answer(kept{id}, err)
	}, status(201))
	register(s, "PUT", "/service-levels/reports/schedules/{id}", "change-schedule", "Change a scheduled report", tag, func(ctx context.Context, in *struct {
		ID   string `path:"id"`
		Body app.Schedule
	}) (*body[kept], error) {
		in.Body.ID = in.ID
		id, err := s.app.SetSchedule(ctx, callerOf(ctx).actor, in.Body)
		return answer(kept{id}, err)
	})
	register(s, "DELETE", "/service-levels/reports/schedules/{id}", "delete-schedule", "Stop a scheduled report for good; what it made stays", tag, func(ctx context.Context, in *struct {
		ID string `path:"id"`
	}) (*struct{}, error) {
		return nil, s.app.DeleteSchedule(ctx, callerOf(ctx).actor, in.ID)
	})
	register(s, "POST", "/service-levels/reports/schedules/{id}/runs", "run-schedule", "Have a scheduled report made now", tag, func(ctx context.Context, in *struct {
		ID string `path:"id"`
	}) (*body[kept], error) {
		id, err := s.app.RunSchedule(ctx, callerOf(ctx).actor, in.ID)
		return answer(kept{id}, err)
	}, status(202))
	s.mux.HandleFunc("GET /api/v1/service-levels/reports/runs/{id}/file", s.scheduledReport)
}

// scheduledReport gives the file of a report that was made.
func (s *Server) scheduledReport(w http.ResponseWriter, r *http.Request) {
	name, media, content, err := s.app.ScheduledReport(r.Context(), callerOf(r.Context()).actor, r.PathValue("id"))
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	disposition := "inline"
	if media == "application/json" || r.URL.Query().Get("download") == "true" {
		disposition = "attachment"
	}
	sendFile(w, media, name, disposition, content)
}
