package api

import (
	"context"

	"diapason/internal/app"
	"diapason/internal/model"
)

func (s *Server) serviceRoutes() {
	const tag = "Services"
	s.mux.HandleFunc("GET /api/v1/processes/{process}/lists/{file}", s.exportList)
	register(s, "GET", "/overview", "overview", "Every service with its eight marks, what would hurt most, dates ahead", tag, func(ctx context.Context, in *struct {
		View
		Stage       string `query:"stage"`
		Owner       string `query:"owner"`
		Customer    string `query:"customer"`
		Criticality string `query:"criticality"`
		Process     string `query:"process"`
	}) (*body[*app.Overview], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		q := app.OverviewQuery{Stage: in.Stage, Criticality: in.Criticality, Process: in.Process}
		if q.Owner, err = optionalRef("/owner", in.Owner); err != nil {
			return nil, err
		}
		if q.Customer, err = optionalRef("/customer", in.Customer); err != nil {
			return nil, err
		}
		return answer(s.app.Overview(ctx, callerOf(ctx).actor, v, q, callerOf(ctx).lang))
	})
	register(s, "GET", "/services/{name}/sheet", "service-sheet", "All that is known of a service", tag, func(ctx context.Context, in *struct {
		View
		Name string `path:"name"`
	}) (*body[*app.Sheet], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.Sheet(ctx, callerOf(ctx).actor, v, parseRef("service", in.Name), callerOf(ctx).lang))
	})
	register(s, "GET", "/why", "why", "Why a computed figure is what it is", tag, func(ctx context.Context, in *struct {
		View
		Subject string `query:"subject" required:"true"`
		Figure  string `query:"figure" enum:"availability" default:"availability"`
	}) (*body[*app.Why], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		r, err := optionalRef("/subject", in.Subject)
		if err != nil {
			return nil, err
		}
		return answer(s.app.Why(ctx, callerOf(ctx).actor, v, r, in.Figure, callerOf(ctx).lang))
	})
	register(s, "GET", "/map", "map", "The neighbourhood of an object", tag, func(ctx context.Context, in *struct {
		View
		Focus string `query:"focus" required:"true"`
		Depth int    `query:"depth" minimum:"1" maximum:"6" default:"2"`
	}) (*body[*app.Map], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		r, err := optionalRef("/focus", in.Focus)
		if err != nil {
			return nil, err
		}
		return answer(s.app.Map(ctx, callerOf(ctx).actor, v, r, in.Depth))
	})
	register(s, "GET", "/map/whole", "map-whole", "The whole organisation, or some of its layers: at most 2000 objects, those that weigh most first", tag, func(ctx context.Context, in *struct {
		View
		Layer []string `query:"layer" enum:"service,component,tool,site,supplier,team,person" doc:"Kinds drawn; all when none is named"`
	}) (*body[*app.WholeMap], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.WholeMap(ctx, callerOf(ctx).actor, v, in.Layer))
	})
	register(s, "GET", "/impact", "impact", "What stops if some objects are down together", tag, func(ctx context.Context, in *struct {
		View
		Of []string `query:"of,explode" required:"true" minItems:"1" maxItems:"50"`
	}) (*body[*app.Impact], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		of := make([]model.Ref, len(in.Of))
		for i, text := range in.Of {
			if of[i], err = optionalRef("/of", text); err != nil {
				return nil, err
			}
		}
		return answer(s.app.ImpactOf(ctx, callerOf(ctx).actor, v, of, callerOf(ctx).lang))
	})
	register(s, "GET", "/catalogue", "catalogue", "Published services, as the reader may see them", "Catalogue", func(ctx context.Context, in *View) (*body[[]app.Card], error) {
		v, err := s.view(ctx, *in)
		if err != nil {
			return nil, err
		}
		return answer(s.app.Catalogue(ctx, callerOf(ctx).actor, v))
	})
	register(s, "GET", "/my-work", "my-work", "What waits for the reader", tag, func(ctx context.Context, _ *struct{}) (*body[myWork], error) {
		return answer(s.myWork(ctx))
	})
	register(s, "GET", "/processes/{process}", "process-page", "The page of a process: its manager's questions and lists", tag, func(ctx context.Context, in *struct {
		View
		Process string `path:"process" enum:"coordination,catalogue,servicelevel,availability,capacity,continuity,security,supplier"`
	}) (*body[*app.ProcessPage], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		return answer(s.app.ProcessPage(ctx, callerOf(ctx).actor, v, in.Process, callerOf(ctx).lang))
	})
}

type myWork struct {
	Submissions []submissionView  `json:"submissions"`
	Findings    []app.FindingView `json:"findings"`
	Dates       []app.DateAhead   `json:"dates"`
	Actions     []app.ActionDue   `json:"actions"`
	Drafts      []draftView       `json:"drafts"`
	Services    []app.Named       `json:"services"`
	Person      *app.Named        `json:"person"`
}

func (s *Server) myWork(ctx context.Context) (myWork, error) {
	c := callerOf(ctx)
	w, err := s.app.MyWork(ctx, c.actor, c.lang)
	if err != nil {
		return myWork{}, err
	}
	out := myWork{Findings: s.viewFindings(ctx, w.State, w.Findings), Dates: w.Dates, Actions: w.Actions, Services: w.Services, Person: w.Person, Drafts: []draftView{}}
	for _, d := range w.Drafts {
		out.Drafts = append(out.Drafts, s.viewDraft(ctx, d))
	}
	subs, err := s.submissions(ctx)
	if err != nil {
		return out, err
	}
	out.Submissions = subs
	return out, nil
}
