package api

import (
	"context"
	"time"

	"diapason/internal/app"
	"diapason/internal/exchange/cases"
	"diapason/internal/language"
	"diapason/internal/model"
)

// caseMapping is a mapping of columns that comes with the program.
type caseMapping struct {
	Name  string     `json:"name"`
	Title model.Text `json:"title"`
}

// titlesErased counts titles.
type titlesErased struct {
	Erased int `json:"erased"`
}

// caseRoutes are the cases of ticket tools.
func (s *Server) caseRoutes(tag string) {
	register(s, "GET", "/cases", "list-cases", "Cases of a source that were open at any time between two instants, by opening", tag, func(ctx context.Context, in *struct {
		Source string    `query:"source" required:"true" doc:"Measurement source, such as measurement-source/helpdesk"`
		From   time.Time `query:"from" doc:"Instant; from the beginning when absent"`
		Until  time.Time `query:"until" doc:"Instant; without end when absent"`
		Limit  int       `query:"limit" minimum:"1" maximum:"10000" default:"1000"`
	}) (*body[[]app.CaseRecord], error) {
		source, err := optionalRef("/source", in.Source)
		if err != nil {
			return nil, err
		}
		from := in.From
		if from.IsZero() {
			from = time.Unix(0, 0)
		}
		return answer(s.app.Cases(ctx, callerOf(ctx).actor, source, from, in.Until, in.Limit))
	})
	register(s, "POST", "/cases", "push-cases", "Record cases of a ticket tool; one that says what was recorded before is passed over", tag, func(ctx context.Context, in *struct {
		Body struct {
			Source string           `json:"source" doc:"Measurement source, such as measurement-source/helpdesk"`
			Cases  []app.CaseRecord `json:"cases" minItems:"1" maxItems:"50000"`
		}
	}) (*body[*app.CasesTaken], error) {
		source, err := optionalRef("/source", in.Body.Source)
		if err != nil {
			return nil, err
		}
		done, err := s.app.PushCases(ctx, callerOf(ctx).actor, source, in.Body.Cases)
		return answer(taken(ctx, done), err)
	})
	register(s, "POST", "/cases/table", "import-cases", "Record the cases of a table that a ticket tool exported, CSV or XLSX", tag, func(ctx context.Context, in *struct {
		Source  string `query:"source" required:"true" doc:"Measurement source"`
		Mapping string `query:"mapping" required:"true" enum:"itop,glpi,servicenow" doc:"What the columns mean"`
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*body[*app.CasesTaken], error) {
		source, err := optionalRef("/source", in.Source)
		if err != nil {
			return nil, err
		}
		m, err := cases.ShippedMapping(in.Mapping)
		if err != nil {
			return nil, invalid("/mapping", err)
		}
		done, err := s.app.ImportCases(ctx, callerOf(ctx).actor, source, "", in.RawBody, m)
		return answer(taken(ctx, done), err)
	})
	register(s, "POST", "/cases/erasures", "erase-case-titles", "Erase the titles of cases for ever; what is proven by the cases stays as it was", tag, func(ctx context.Context, in *struct {
		Body struct {
			Source string   `json:"source" doc:"Measurement source, such as measurement-source/helpdesk"`
			IDs    []string `json:"ids,omitempty" maxItems:"10000" doc:"Numbers of cases; all of the source when absent"`
			Reason string   `json:"reason" maxLength:"1000"`
		}
	}) (*body[titlesErased], error) {
		source, err := optionalRef("/source", in.Body.Source)
		if err != nil {
			return nil, err
		}
		n, err := s.app.EraseCaseTitles(ctx, callerOf(ctx).actor, source, in.Body.IDs, in.Body.Reason)
		return answer(titlesErased{n}, err)
	})
	register(s, "GET", "/cases/pulls", "list-case-pulls", "How asking the ticket tools goes that the server asks at intervals", tag, func(ctx context.Context, _ *struct{}) (*body[[]app.PullState], error) {
		who := callerOf(ctx)
		return answer(s.app.Pulls(who.actor, who.lang))
	})
	register(s, "GET", "/cases/mappings", "list-case-mappings", "Mappings of exports of ticket tools", tag, func(ctx context.Context, _ *struct{}) (*body[[]caseMapping], error) {
		if err := s.app.SignedIn(callerOf(ctx).actor); err != nil {
			return nil, err
		}
		out := []caseMapping{}
		for _, m := range cases.Shipped() {
			out = append(out, caseMapping{m.Name, m.Title})
		}
		return answer(out, nil)
	})
}

// taken says what was not taken in the reader's language.
func taken(ctx context.Context, t *app.CasesTaken) *app.CasesTaken {
	if t != nil {
		t.Errors = language.Writer{Lang: callerOf(ctx).lang}.Issues(t.Errors)
	}
	return t
}
