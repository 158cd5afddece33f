package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"diapason/internal/app"
	"diapason/internal/exchange/table"
	"diapason/internal/finding"
	"diapason/internal/language"
)

// exportList writes one list of a process's page as XLSX or CSV, all its rows.
func (s *Server) exportList(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	id, ext, _ := strings.Cut(r.PathValue("file"), ".")
	format := table.Format(ext)
	if format != table.XLSX && format != table.CSV {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.PathValue("file")}})
		return
	}
	seq, _ := strconv.ParseInt(q.Get("seq"), 10, 64)
	v, err := s.view(ctx, View{Seq: seq, On: q.Get("on"), Draft: q.Get("draft")})
	var list *app.Table
	if err == nil {
		list, err = s.app.ProcessList(ctx, callerOf(ctx).actor, v, r.PathValue("process"), id, callerOf(ctx).lang)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	labels := make([]string, len(list.Columns))
	for i, c := range list.Columns {
		labels[i] = c.Label
	}
	writer := language.Writer{Lang: callerOf(ctx).lang}
	rows := make([][]any, len(list.Rows))
	for i, row := range list.Rows {
		rows[i] = make([]any, len(list.Columns))
		for j, c := range list.Columns {
			rows[i][j] = app.SheetCell(writer, c.Type, row.Cells[c.Key])
		}
	}
	w.Header().Set("Content-Type", format.MediaType())
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": r.PathValue("process") + "-" + id + "." + ext}))
	if err := table.WriteRows(w, list.Title, labels, rows, callerOf(ctx).lang, format); err != nil {
		s.log.Error("list export", "process", r.PathValue("process"), "list", id, "error", err)
	}
}
