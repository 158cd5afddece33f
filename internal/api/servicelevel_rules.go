package api

import (
	"context"
	"mime"
	"net/http"

	"diapason/internal/app"
	"diapason/internal/model"
)

// ObjectiveFileOf says which objectives are wanted, and in which form.
type ObjectiveFileOf struct {
	Form     string   `query:"form" enum:"sloth,pyrra,openslo" default:"sloth" doc:"Rules for Prometheus in the convention of a tool, or OpenSLO"`
	Of       []string `query:"of,explode" maxItems:"500" doc:"Agreements; all when empty"`
	Services []string `query:"service,explode" maxItems:"500" doc:"Services; all when empty"`
}

func (f ObjectiveFileOf) query(version string) (q app.ObjectiveFileQuery, err error) {
	q.Form, q.Version = f.Form, version
	for _, x := range []struct {
		pointer string
		texts   []string
		into    *[]model.Ref
	}{{"/of", f.Of, &q.Of}, {"/service", f.Services, &q.Services}} {
		for _, text := range x.texts {
			r, err := optionalRef(x.pointer, text)
			if err != nil {
				return q, err
			}
			*x.into = append(*x.into, r)
		}
	}
	return q, nil
}

// objectiveFileRoutes write promises for other tools: rules for Prometheus, and OpenSLO.
func (s *Server) objectiveFileRoutes() {
	register(s, "GET", "/service-levels/rules", "objective-rules", "Promises as rules for Prometheus or as OpenSLO, with what was left out and why", "Service levels", func(ctx context.Context, in *struct{ ObjectiveFileOf }) (*body[*app.ObjectiveFile], error) {
		q, err := in.query(s.options.Version)
		if err != nil {
			return nil, err
		}
		return answer(s.app.ObjectiveFile(ctx, callerOf(ctx).actor, q, callerOf(ctx).lang))
	})
	s.mux.HandleFunc("GET /api/v1/service-levels/rules/file", s.downloadObjectiveFile)
}

// downloadObjectiveFile sends the file itself.
func (s *Server) downloadObjectiveFile(w http.ResponseWriter, r *http.Request) {
	ctx, asked := r.Context(), r.URL.Query()
	q, err := ObjectiveFileOf{asked.Get("form"), asked["of"], asked["service"]}.query(s.options.Version)
	var file *app.ObjectiveFile
	if err == nil {
		file, err = s.app.ObjectiveFile(ctx, callerOf(ctx).actor, q, callerOf(ctx).lang)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	if _, err := w.Write([]byte(file.Text)); err != nil {
		s.log.Error("objective file", "error", err)
	}
}
