package api

import (
	"context"
	"mime"
	"net/http"
	"strings"

	"diapason/internal/app"
	"diapason/internal/exchange/table"
	"diapason/internal/finding"
)

// ObjectiveFilter selects objectives. It is exported because huma reads the parameters of
// exported structs only.
type ObjectiveFilter struct {
	Q        string `query:"q" maxLength:"200" doc:"Words of agreement, customer, service and target"`
	Of       string `query:"of" doc:"Only those of this agreement or contract"`
	Customer string `query:"customer" doc:"Only those of this customer"`
	Service  string `query:"service" doc:"Only those of this service or component"`
	Status   string `query:"status" enum:"gap,risk,unknown,ok,none"`
}

func (f ObjectiveFilter) query() (q app.ObjectivesQuery, err error) {
	q.Text, q.Status = f.Q, app.Mark(f.Status)
	if q.Of, err = optionalRef("/of", f.Of); err != nil {
		return q, err
	}
	if q.Customer, err = optionalRef("/customer", f.Customer); err != nil {
		return q, err
	}
	q.Service, err = optionalRef("/service", f.Service)
	return q, err
}

func (s *Server) objectiveRoutes() {
	s.objectiveFileRoutes()
	s.comparisonRoutes()
	const tag = "Service levels"
	register(s, "GET", "/service-levels/objectives", "list-objectives", "How all promises in force stand, those most at risk first: attained, budget, forecast, the last twelve windows", tag, func(ctx context.Context, in *struct {
		ObjectiveFilter
		Sort   string `query:"sort" enum:"service,-service,attained,-attained,budget,-budget,forecast,-forecast" doc:"Those most at risk first when empty"`
		Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
		Cursor string `query:"cursor"`
	}) (*body[*app.Objectives], error) {
		q, err := in.query()
		if err != nil {
			return nil, err
		}
		q.Sort, q.Limit, q.Cursor = in.Sort, in.Limit, in.Cursor
		return answer(s.app.Objectives(ctx, callerOf(ctx).actor, q, callerOf(ctx).lang))
	})
	register(s, "GET", "/service-levels/objective", "get-objective", "One promise with what its figures are made of: days, interruptions, exclusions, corrections", tag, func(ctx context.Context, in *struct {
		ID string `query:"id" required:"true" doc:"Agreement or contract, target and service: agreement/payroll#availability#service/payroll"`
	}) (*body[*app.ObjectiveSheet], error) {
		return answer(s.app.Objective(ctx, callerOf(ctx).actor, in.ID, callerOf(ctx).lang))
	})
	register(s, "POST", "/service-levels/declarations", "declare-figure", "Declare by hand what a period attained, with the reason; it is marked as declared everywhere", tag, func(ctx context.Context, in *struct{ Body app.Declaration }) (*body[*app.Declared], error) {
		return answer(s.app.Declare(ctx, callerOf(ctx).actor, in.Body))
	}, status(201))
	s.mux.HandleFunc("GET /api/v1/service-levels/objectives/export/{file}", s.exportObjectives)
}

// mostExported is how many objectives a spreadsheet holds.
const mostExported = 10_000

// exportObjectives writes the objectives as XLSX or CSV, with the filters of the list.
func (s *Server) exportObjectives(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	_, ext, _ := strings.Cut(r.PathValue("file"), ".")
	format := table.Format(ext)
	if r.PathValue("file") != "objectives."+ext || format != table.XLSX && format != table.CSV {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.PathValue("file")}})
		return
	}
	filter, err := ObjectiveFilter{q.Get("q"), q.Get("of"), q.Get("customer"), q.Get("service"), q.Get("status")}.query()
	var list *app.Objectives
	if err == nil {
		filter.Limit = mostExported
		list, err = s.app.Objectives(ctx, callerOf(ctx).actor, filter, callerOf(ctx).lang)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	title, labels, rows := app.ObjectiveRows(list, callerOf(ctx).lang)
	w.Header().Set("Content-Type", format.MediaType())
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "objectives." + ext}))
	if err := table.WriteRows(w, title, labels, rows, callerOf(ctx).lang, format); err != nil {
		s.log.Error("objectives export", "error", err)
	}
}
