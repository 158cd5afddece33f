package api

import (
	"bytes"
	"context"
	"time"

	"diapason/internal/app"
	"diapason/internal/language"
	"diapason/internal/model"
)

// evidenceRoutes are the evidence of service levels: what was measured minute by minute,
// corrected, pushed, and left out.
func (s *Server) evidenceRoutes() {
	const tag = "Evidence"
	register(s, "GET", "/evidence/series", "list-series", "Series of evidence that are measured or recorded", tag, func(ctx context.Context, in *struct {
		About string `query:"about" doc:"Measurement source, service or component they are about; all when empty"`
	}) (*body[[]app.SeriesView], error) {
		about, err := optionalRef("/about", in.About)
		if err != nil {
			return nil, err
		}
		return answer(s.app.EvidenceSeries(ctx, callerOf(ctx).actor, about))
	})
	register(s, "GET", "/evidence", "read-evidence", "Evidence of a series, day by day (UTC), the days not recorded yet as provisional", tag, func(ctx context.Context, in *struct {
		Series string `query:"series" required:"true" doc:"A measurement source and what it measures, such as measurement-source/probe service/payroll"`
		From   string `query:"from" doc:"First day, year-month-day; 29 days before the last when empty"`
		Until  string `query:"until" doc:"Last day; today when empty"`
	}) (*body[*app.SeriesEvidence], error) {
		from, err := optionalDate("/from", in.From)
		if err != nil {
			return nil, err
		}
		until, err := optionalDate("/until", in.Until)
		if err != nil {
			return nil, err
		}
		return answer(s.app.Evidence(ctx, callerOf(ctx).actor, in.Series, from, until, callerOf(ctx).lang))
	})
	register(s, "GET", "/evidence/revisions", "evidence-revisions", "Every revision of a day of evidence", tag, func(ctx context.Context, in *struct {
		Series string `query:"series" required:"true"`
		Date   string `query:"date" required:"true" doc:"Day, year-month-day, UTC"`
	}) (*body[[]app.EvidenceDay], error) {
		date, err := model.ParseDate(in.Date)
		if err != nil {
			return nil, invalid("/date", err)
		}
		return answer(s.app.EvidenceRevisions(ctx, callerOf(ctx).actor, in.Series, date, callerOf(ctx).lang))
	})
	register(s, "POST", "/evidence/corrections", "correct-evidence", "Say what a stretch of time really was: a new revision of its days, with the reason", tag, func(ctx context.Context, in *struct {
		Body struct {
			app.Measure
			Reason string `json:"reason" maxLength:"1000"`
		}
	}) (*body[*app.SeriesEvidence], error) {
		return answer(s.app.Correct(ctx, callerOf(ctx).actor, in.Body.Measure, in.Body.Reason, callerOf(ctx).lang))
	})
	register(s, "POST", "/evidence/corrections/effect", "correction-effect", "What a correction would do to each promise that rests on it, before anything is recorded", tag, func(ctx context.Context, in *struct{ Body app.Measure }) (*body[[]app.Effect], error) {
		return answer(s.app.CorrectionEffect(ctx, callerOf(ctx).actor, in.Body, callerOf(ctx).lang))
	})
	s.measureRoutes(tag)
	s.exclusionRoutes(tag)
	s.caseRoutes(tag)
}

func (s *Server) measureRoutes(tag string) {
	register(s, "POST", "/evidence/measures", "push-measures", "Record measures and outages of a tool", tag, func(ctx context.Context, in *struct {
		Body struct {
			Measures []app.Measure `json:"measures" minItems:"1" maxItems:"50000"`
			Reason   string        `json:"reason,omitempty" maxLength:"1000"`
		}
	}) (*body[*app.Pushed], error) {
		done, err := s.app.PushMeasures(ctx, callerOf(ctx).actor, in.Body.Measures, in.Body.Reason)
		return answer(pushed(ctx, done), err)
	})
	register(s, "POST", "/evidence/measures/table", "push-measures-table", "Record measures and outages of a tool from CSV: series, from, to, state, good, total", tag, func(ctx context.Context, in *struct {
		Reason  string `query:"reason" maxLength:"1000"`
		RawBody []byte `contentType:"text/csv"`
	}) (*body[*app.Pushed], error) {
		done, err := s.app.PushCSV(ctx, callerOf(ctx).actor, bytes.NewReader(in.RawBody), in.Reason)
		return answer(pushed(ctx, done), err)
	})
}

// pushed says what was not taken in the reader's language.
func pushed(ctx context.Context, p *app.Pushed) *app.Pushed {
	if p != nil {
		p.Errors = language.Writer{Lang: callerOf(ctx).lang}.Issues(p.Errors)
	}
	return p
}

func (s *Server) exclusionRoutes(tag string) {
	register(s, "GET", "/evidence/exclusions", "list-exclusions", "Time that is left out by decision", tag, func(ctx context.Context, in *struct {
		From  time.Time `query:"from" doc:"Instant; from the beginning when absent"`
		Until time.Time `query:"until" doc:"Instant; without end when absent"`
	}) (*body[[]app.ExclusionView], error) {
		from := in.From
		if from.IsZero() {
			from = time.Unix(0, 0)
		}
		return answer(s.app.Exclusions(ctx, callerOf(ctx).actor, from, in.Until))
	})
	register(s, "POST", "/evidence/exclusions", "add-exclusion", "Leave a stretch of time out, with the reason and when it was announced", tag, func(ctx context.Context, in *struct {
		Body app.ExclusionRequest
	}) (*body[*app.ExclusionView], error) {
		return answer(s.app.Exclude(ctx, callerOf(ctx).actor, in.Body))
	}, status(201))
	register(s, "POST", "/evidence/exclusions/effect", "exclusion-effect", "What leaving a stretch of time out would do to each promise that it is about, before anything is recorded", tag, func(ctx context.Context, in *struct {
		Body app.ExclusionRequest
	}) (*body[[]app.Effect], error) {
		return answer(s.app.ExclusionEffect(ctx, callerOf(ctx).actor, in.Body, 0, callerOf(ctx).lang))
	})
	register(s, "GET", "/evidence/exclusions/{id}/withdrawal/effect", "withdrawal-effect", "What withdrawing an exclusion would do to each promise that it is about", tag, func(ctx context.Context, in *struct {
		ID int64 `path:"id" minimum:"1"`
	}) (*body[[]app.Effect], error) {
		return answer(s.app.ExclusionEffect(ctx, callerOf(ctx).actor, app.ExclusionRequest{}, in.ID, callerOf(ctx).lang))
	})
	register(s, "POST", "/evidence/exclusions/{id}/withdrawal", "withdraw-exclusion", "Withdraw an exclusion, with the reason", tag, func(ctx context.Context, in *struct {
		ID   int64 `path:"id" minimum:"1"`
		Body struct {
			Reason string `json:"reason" maxLength:"1000"`
		}
	}) (*body[*app.ExclusionView], error) {
		return answer(s.app.Include(ctx, callerOf(ctx).actor, in.ID, in.Body.Reason))
	})
}

// optionalDate reads a date; zero for none.
func optionalDate(pointer, text string) (model.Date, error) {
	if text == "" {
		return 0, nil
	}
	d, err := model.ParseDate(text)
	if err != nil {
		return 0, invalid(pointer, err)
	}
	return d, nil
}
