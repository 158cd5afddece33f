package api

import (
	"context"
	"net/http"

	"diapason/internal/app"
	"diapason/internal/model"
)

// logoAddress is where the logo of a snapshot's organisation is read, "" where it
// has none. The address changes with the image.
func logoAddress(s *model.Snapshot) string {
	if _, logo, ok := app.LogoOf(s); ok {
		return "/catalogue/logo/" + logo.Hash
	}
	return ""
}

// brandRoutes serve the organisation's logo, to everybody, and let it be changed.
func (s *Server) brandRoutes() {
	s.mux.HandleFunc("GET /catalogue/logo/{hash}", func(w http.ResponseWriter, r *http.Request) {
		logo, content, err := s.app.OpenLogo(r.Context(), r.PathValue("hash"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", logo.MediaType)
		h.Set("Cache-Control", "public, max-age=86400")
		// Opened by itself, an SVG is a document: nothing in it may run or reach out.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		_, _ = w.Write(content)
	})
	s.mux.HandleFunc("POST /api/v1/organisation/logo", func(w http.ResponseWriter, r *http.Request) {
		c := callerOf(r.Context())
		mr, err := r.MultipartReader()
		if err != nil {
			s.writeProblem(w, r, invalid("/file", &model.Fault{Format: "send the image as multipart/form-data, in the part \"file\""}))
			return
		}
		for {
			part, err := mr.NextPart()
			if err != nil {
				s.writeProblem(w, r, invalid("/file", &model.Fault{Format: "no part \"file\" was sent"}))
				return
			}
			if part.FormName() != "file" {
				continue
			}
			seq, err := s.app.SetLogo(r.Context(), c.actor, part, c.lang)
			if err != nil {
				s.writeProblem(w, r, err)
				return
			}
			writeJSON(w, http.StatusCreated, seqView{seq})
			return
		}
	})
	register(s, "DELETE", "/organisation/logo", "remove-logo", "Take the organisation's logo away", "Model", func(ctx context.Context, _ *struct{}) (*body[seqView], error) {
		c := callerOf(ctx)
		seq, err := s.app.RemoveLogo(ctx, c.actor, c.lang)
		return answer(seqView{seq}, err)
	}, status(200))
}
