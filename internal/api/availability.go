package api

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"strconv"

	"diapason/internal/app"
)

func (s *Server) availabilityRoutes() {
	const tag = "Availability"
	s.mux.HandleFunc("GET /api/v1/services/{name}/availability/tree", s.faultTree)
	s.outageRoutes()
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

// faultTree writes the whole tree before the first byte goes out.
func (s *Server) faultTree(w http.ResponseWriter, r *http.Request) {
	ctx, q, name := r.Context(), r.URL.Query(), r.PathValue("name")
	var seq int64
	var err error
	if text := q.Get("seq"); text != "" {
		if seq, err = strconv.ParseInt(text, 10, 64); err != nil || seq < 0 {
			err = unknownChoice(callerOf(ctx).lang, "/seq", text, []string{"0", "1", "2…"})
		}
	}
	var v app.View
	if err == nil {
		v, err = s.view(ctx, View{Seq: seq, On: q.Get("on"), Draft: q.Get("draft")})
	}
	var b bytes.Buffer
	if err == nil {
		err = s.app.FaultTree(ctx, callerOf(ctx).actor, v, parseRef("service", name), callerOf(ctx).lang, &b)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": parseRef("service", name).Name + ".opsa.xml"}))
	_, _ = w.Write(b.Bytes())
}
