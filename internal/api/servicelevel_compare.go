package api

import (
	"context"
	"mime"
	"net/http"
	"strings"

	"diapason/internal/app"
	"diapason/internal/exchange/table"
	"diapason/internal/finding"
	"diapason/internal/language"
)

// comparisonRoutes set promise, prediction and measurement side by side, and hand out the
// tables behind the pictures of an objective.
func (s *Server) comparisonRoutes() {
	const tag = "Service levels"
	register(s, "GET", "/service-levels/comparison", "compare-objectives", "Promise, prediction and measurement of each promise side by side, with what the three say together", tag, func(ctx context.Context, in *struct {
		ObjectiveFilter
		Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
		Cursor string `query:"cursor"`
	}) (*body[*app.Comparison], error) {
		q, err := in.query()
		if err != nil {
			return nil, err
		}
		q.Limit, q.Cursor = in.Limit, in.Cursor
		return answer(s.app.Comparison(ctx, callerOf(ctx).actor, q, callerOf(ctx).lang))
	})
	s.mux.HandleFunc("GET /api/v1/service-levels/comparison/export/{file}", s.exportComparison)
	s.mux.HandleFunc("GET /api/v1/service-levels/objective/export/{file}", s.exportObjective)
}

// tableFile tells what is asked for as "name.xlsx" or "name.csv".
func tableFile(r *http.Request) (name string, format table.Format, ok bool) {
	name, ext, _ := strings.Cut(r.PathValue("file"), ".")
	format = table.Format(ext)
	return name, format, format == table.XLSX || format == table.CSV
}

// sendTable writes rows as a file.
func (s *Server) sendTable(w http.ResponseWriter, r *http.Request, title string, labels []string, rows [][]any, lang language.Lang, format table.Format) {
	w.Header().Set("Content-Type", format.MediaType())
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": r.PathValue("file")}))
	if err := table.WriteRows(w, title, labels, rows, lang, format); err != nil {
		s.log.Error("export", "file", r.PathValue("file"), "error", err)
	}
}

func (s *Server) exportComparison(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	name, format, ok := tableFile(r)
	if !ok || name != "comparison" {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.PathValue("file")}})
		return
	}
	filter, err := ObjectiveFilter{q.Get("q"), q.Get("of"), q.Get("customer"), q.Get("service"), q.Get("status")}.query()
	var list *app.Comparison
	if err == nil {
		filter.Limit = mostExported
		list, err = s.app.Comparison(ctx, callerOf(ctx).actor, filter, callerOf(ctx).lang)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	title, labels, rows := app.ComparisonRows(list, callerOf(ctx).lang)
	s.sendTable(w, r, title, labels, rows, callerOf(ctx).lang, format)
}

// exportObjective writes the days or the timeline of one objective.
func (s *Server) exportObjective(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	lang := callerOf(ctx).lang
	name, format, ok := tableFile(r)
	rowsOf := map[string]func(*app.ObjectiveSheet, language.Lang) (string, []string, [][]any){"days": app.DayRows, "timeline": app.TimelineRows, "windows": app.WindowRows}[name]
	if !ok || rowsOf == nil {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.PathValue("file")}})
		return
	}
	x, err := s.app.Objective(ctx, callerOf(ctx).actor, r.URL.Query().Get("id"), lang)
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	title, labels, rows := rowsOf(x, lang)
	s.sendTable(w, r, title, labels, rows, lang, format)
}
