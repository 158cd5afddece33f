package app

import (
	"context"
	"errors"
	"time"

	"diapason/internal/exchange/cases"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// PullRequest says which ticket tool is asked for what.
type PullRequest struct {
	Tool    string // itop or glpi
	Classes []string
	Server  cases.Server
	Since   time.Time
	Mapping *cases.Mapping // the one that comes with the program when nil
	// Untitled leaves the titles of cases out: they may hold personal data.
	Untitled bool
}

// PullCases records the cases that changed in a ticket tool since an instant.
func (a *App) PullCases(ctx context.Context, actor identity.Actor, source model.Ref, q PullRequest) (*CasesTaken, error) {
	s, spec, err := a.casesSource(actor, source)
	if err != nil {
		return nil, err
	}
	if q.Tool != cases.ToolITop && q.Tool != cases.ToolGLPI {
		return nil, refused("/tool", &model.Fault{Format: "%q is no ticket tool that can be asked: write itop or glpi", Args: []any{q.Tool}})
	}
	if q.Mapping == nil {
		if q.Mapping, err = cases.ShippedMapping(q.Tool); err != nil {
			return nil, err
		}
	}
	zone := a.zone()
	if q.Mapping.Zone != "" {
		if loc, err := time.LoadLocation(q.Mapping.Zone); err == nil {
			zone = loc
		}
	}
	out := &CasesTaken{Errors: []model.Issue{}}
	if len(q.Classes) == 0 {
		q.Classes = []string{"Incident", "UserRequest"}
	}
	if q.Tool == cases.ToolGLPI {
		q.Classes = q.Classes[:1] // it has tickets of one class
	}
	for _, class := range q.Classes {
		var read *cases.Result
		if q.Tool == cases.ToolITop {
			read, err = q.Server.ITop(ctx, class, q.Since, q.Mapping, zone)
		} else {
			read, err = q.Server.GLPI(ctx, q.Since, q.Mapping, zone)
		}
		var f *model.Fault
		if errors.As(err, &f) {
			return nil, refused("/url", f)
		}
		if err != nil {
			return nil, err
		}
		if q.Untitled {
			for i := range read.Cases {
				read.Cases[i].Title = ""
			}
		}
		out.Errors = append(out.Errors, read.Issues...)
		if err := a.takeCases(ctx, source, placesOf(s, spec), read.Cases, q.Mapping, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}
