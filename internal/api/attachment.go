package api

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"

	"diapason/internal/model"
)

// maxAttachment is the largest file that can be attached, in bytes.
const maxAttachment = 50 << 20

// attachmentRoutes serve files: multipart up, bytes down.
func (s *Server) attachmentRoutes() {
	s.mux.HandleFunc("POST /api/v1/attachments", func(w http.ResponseWriter, r *http.Request) {
		mr, err := r.MultipartReader()
		if err != nil {
			s.writeProblem(w, r, invalid("/file", &model.Fault{Format: "send the file as multipart/form-data, in the part \"file\""}))
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
			a, err := s.app.Attach(r.Context(), callerOf(r.Context()).actor, part.FileName(), part.Header.Get("Content-Type"), part, maxAttachment)
			if err != nil {
				s.writeProblem(w, r, err)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			_ = json.NewEncoder(w).Encode(a)
			return
		}
	})
	s.mux.HandleFunc("GET /api/v1/attachments/{hash}", func(w http.ResponseWriter, r *http.Request) {
		var of model.Ref
		if v := r.URL.Query().Get("of"); v != "" {
			var err error
			if of, err = model.ParseRef(v); err != nil {
				s.writeProblem(w, r, invalid("/of", err))
				return
			}
		}
		a, content, err := s.app.OpenAttachment(r.Context(), callerOf(r.Context()).actor, r.PathValue("hash"), of)
		if err != nil {
			s.writeProblem(w, r, err)
			return
		}
		defer content.Close()
		w.Header().Set("Content-Type", safeMediaType(a.MediaType))
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
		w.Header().Set("Content-Security-Policy", "sandbox")
		_, _ = io.Copy(w, content)
	})
}

// safeMediaType keeps a browser from running what somebody uploaded.
func safeMediaType(t string) string {
	base, _, err := mime.ParseMediaType(t)
	if err != nil || strings.Contains(base, "html") || strings.Contains(base, "xml") || strings.Contains(base, "script") {
		return "application/octet-stream"
	}
	return base
}
