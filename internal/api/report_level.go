package api

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"diapason/internal/app"
	"diapason/internal/exchange/table"
	"diapason/internal/finding"
)

// levelSheetRoutes serve the sheet services × months and the pack of a period.
func (s *Server) levelSheetRoutes(tag string) {
	type filter struct {
		Until    string `query:"until" doc:"Last month, 2027-03; the present one where absent"`
		Months   int    `query:"months" minimum:"0" maximum:"36" doc:"12 where absent"`
		Of       string `query:"of" doc:"Only this agreement or contract"`
		Customer string `query:"customer" doc:"Only this customer"`
		Service  string `query:"service" doc:"Only this service or component"`
	}
	register(s, "GET", "/service-levels/sheet", "level-sheet", "What was attained of each promise, month by month: from evidence, cases and declared figures, sealed months with their seal", tag, func(ctx context.Context, in *filter) (*body[*app.LevelSheet], error) {
		q, err := levelQuery(in.Until, in.Months, in.Of, in.Customer, in.Service)
		if err != nil {
			return nil, err
		}
		return answer(s.app.LevelSheet(ctx, callerOf(ctx).actor, q, callerOf(ctx).lang))
	})
	register(s, "GET", "/service-levels/pack/{period}", "level-pack", "What a steering committee is shown of a period: what is sealed and what is not, breaches with their causes, credits with their working, outages, actions, forecasts", tag, func(ctx context.Context, in *struct {
		Period   string `path:"period" doc:"2027-03, 2027-Q1 or 2027"`
		Customer string `query:"customer" doc:"Only this customer"`
	}) (*body[*app.LevelPack], error) {
		of, err := optionalRef("/customer", in.Customer)
		if err != nil {
			return nil, err
		}
		return answer(s.app.LevelPackOf(ctx, callerOf(ctx).actor, app.PackQuery{Period: in.Period, Customer: of}, callerOf(ctx).lang))
	})
	s.mux.HandleFunc("GET /api/v1/service-levels/sheet/export/{file}", s.exportLevels)
}

func levelQuery(until string, months int, of, customer, service string) (q app.LevelSheetQuery, err error) {
	q.Until, q.Months = until, months
	if q.Of, err = optionalRef("/of", of); err != nil {
		return q, err
	}
	if q.Customer, err = optionalRef("/customer", customer); err != nil {
		return q, err
	}
	q.Service, err = optionalRef("/service", service)
	return q, err
}

// exportLevels writes the sheet as XLSX or CSV, with the filters of the page.
func (s *Server) exportLevels(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	_, ext, _ := strings.Cut(r.PathValue("file"), ".")
	format := table.Format(ext)
	if r.PathValue("file") != "sheet."+ext || format != table.XLSX && format != table.CSV {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.PathValue("file")}})
		return
	}
	months, _ := strconv.Atoi(q.Get("months"))
	asked, err := levelQuery(q.Get("until"), months, q.Get("of"), q.Get("customer"), q.Get("service"))
	var sheet *app.LevelSheet
	if err == nil {
		sheet, err = s.app.LevelSheet(ctx, callerOf(ctx).actor, asked, callerOf(ctx).lang)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	title, labels, rows := app.LevelRows(sheet, callerOf(ctx).lang)
	w.Header().Set("Content-Type", format.MediaType())
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "sheet." + ext}))
	if err := table.WriteRows(w, title, labels, rows, callerOf(ctx).lang, format); err != nil {
		s.log.Error("sheet export", "error", err)
	}
}
