package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/report"
)

// reportRoutes serve what is printed: services, continuity plans, committee packs.
func (s *Server) reportRoutes() {
	s.mux.HandleFunc("GET /api/v1/reports/{report}/{name}", s.report)
	s.levelSheetRoutes("Service levels")
	s.scheduleRoutes("Service levels")
}

// formatJSON is the form for machines, of the reports that have one.
const formatJSON report.Format = "json"

// unknownChoice refuses a value that is not one of a few.
func unknownChoice(lang language.Lang, pointer, value string, known []string) error {
	return invalid(pointer, fmt.Errorf("%s", language.Writer{Lang: lang}.Message("error.choice", finding.Args{"value": value, "known": known})))
}

// report writes one report. The whole of it is made before the first byte goes
// out, so that a failure is a problem and never half a document.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	ctx, q, c := r.Context(), r.URL.Query(), callerOf(r.Context())
	kind, name := r.PathValue("report"), r.PathValue("name")
	format := report.Format(q.Get("format"))
	if format == "" {
		format = report.PDF
	}
	var err error
	if !slices.Contains(report.Formats, format) && format != formatJSON {
		err = unknownChoice(c.lang, "/format", string(format), []string{"pdf", "html", "xlsx"})
	}
	if view := q.Get("view"); err == nil && view != "" && view != "internal" && view != "customer" {
		err = unknownChoice(c.lang, "/view", view, []string{"internal", "customer"})
	}
	var v app.View
	if err == nil {
		var seq int64
		if text := q.Get("seq"); text != "" {
			if seq, err = strconv.ParseInt(text, 10, 64); err != nil || seq < 0 {
				err = unknownChoice(c.lang, "/seq", text, []string{"0", "1", "2…"})
			}
		}
		if err == nil {
			v, err = s.view(ctx, View{Seq: seq, On: q.Get("on"), Draft: q.Get("draft")})
		}
	}
	var d *report.Document
	var data any
	var party model.Ref
	if err == nil {
		party, err = optionalRef("/customer", q.Get("customer"))
	}
	if err == nil {
		d, data, err = s.app.ReportData(ctx, c.actor, v, app.ReportQuery{Kind: kind, Name: name, Customer: q.Get("view") == "customer", Customers: customersOf(c), Party: party}, c.lang)
	}
	if err == nil && format == formatJSON && data == nil {
		err = unknownChoice(c.lang, "/format", string(format), []string{"pdf", "html", "xlsx"})
	}
	var b bytes.Buffer
	media := format.MediaType()
	switch {
	case err != nil:
	case format == formatJSON:
		media = "application/json"
		err = json.NewEncoder(&b).Encode(data)
	default:
		err = report.Write(&b, d, format)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if format == report.HTML { // it needs nothing but its own style
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	}
	disposition := "inline"
	if format == report.XLSX || format == formatJSON || q.Get("download") == "true" {
		disposition = "attachment"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": reportFile(kind, name, d, format)}))
	_, _ = w.Write(b.Bytes())
}

// reportFile is the name under which a report is kept: what, of what, of when.
func reportFile(kind, name string, d *report.Document, format report.Format) string {
	safe := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, kind+"-"+name)
	return safe + "-" + d.On.Format("2006-01-02") + "." + string(format)
}
