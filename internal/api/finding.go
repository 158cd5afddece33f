package api

import (
	"context"

	"diapason/internal/app"
	"diapason/internal/model"
)

func (s *Server) findingRoutes() {
	const tag = "Findings"
	register(s, "GET", "/findings", "list-findings", "List findings, worst first", tag, func(ctx context.Context, in *struct {
		View
		Process  string `query:"process"`
		Severity string `query:"severity" enum:"error,warning,info"`
		Outcome  string `query:"outcome" enum:"violated,unknown"`
		Subject  string `query:"subject"`
		Service  string `query:"service"`
		Owner    string `query:"owner"`
		Rule     string `query:"rule"`
		Waived   bool   `query:"waived" doc:"Also those waived or in the baseline"`
		Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
		Cursor   int    `query:"cursor" minimum:"0"`
	}) (*body[struct {
		Items  []app.FindingView `json:"items"`
		Next   *int              `json:"next"`
		Total  int               `json:"total"`
		Counts app.Counts        `json:"counts"`
	}], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		q := app.FindingQuery{Process: in.Process, Severity: in.Severity, Outcome: in.Outcome, Rule: in.Rule, Waived: in.Waived}
		for _, x := range []struct {
			to          *model.Ref
			pointer, in string
		}{{&q.Subject, "/subject", in.Subject}, {&q.Service, "/service", in.Service}, {&q.Owner, "/owner", in.Owner}} {
			if *x.to, err = optionalRef(x.pointer, x.in); err != nil {
				return nil, err
			}
		}
		st, list, err := s.app.Findings(ctx, callerOf(ctx).actor, v, q)
		if err != nil {
			return nil, err
		}
		out := struct {
			Items  []app.FindingView `json:"items"`
			Next   *int              `json:"next"`
			Total  int               `json:"total"`
			Counts app.Counts        `json:"counts"`
		}{Total: len(list), Counts: app.CountAll(list)}
		from := min(in.Cursor, len(list))
		to := min(from+in.Limit, len(list))
		out.Items = s.viewFindings(ctx, st, list[from:to])
		if to < len(list) {
			out.Next = &to
		}
		return answer(out, nil)
	})
	register(s, "GET", "/collect-first", "collect-first", "Missing data, the most important first", tag, func(ctx context.Context, in *struct {
		View
		Service string `query:"service"`
	}) (*body[struct {
		Items []app.FindingView `json:"items"`
	}], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		q := app.FindingQuery{Outcome: "unknown"}
		if q.Service, err = optionalRef("/service", in.Service); err != nil {
			return nil, err
		}
		st, list, err := s.app.Findings(ctx, callerOf(ctx).actor, v, q)
		if err != nil {
			return nil, err
		}
		return answer(struct {
			Items []app.FindingView `json:"items"`
		}{s.viewFindings(ctx, st, list[:min(len(list), findingsShown)])}, nil)
	})
	register(s, "POST", "/waivers", "grant-waiver", "Waive a finding until a date, with a reason", tag, func(ctx context.Context, in *struct {
		Body struct {
			Rule    string      `json:"rule"`
			Subject model.Ref   `json:"subject"`
			Causes  []model.Ref `json:"causes"`
			Reason  string      `json:"reason" maxLength:"10000"`
			Until   string      `json:"until"`
		}
	}) (*body[struct {
		Ref model.Ref `json:"ref"`
		Seq int64     `json:"seq"`
	}], error) {
		until, err := model.ParseDate(in.Body.Until)
		if err != nil {
			return nil, invalid("/until", err)
		}
		ref, seq, err := s.app.GrantWaiver(ctx, callerOf(ctx).actor, app.WaiverRequest{Rule: in.Body.Rule, Subject: in.Body.Subject, Causes: in.Body.Causes, Reason: in.Body.Reason, Until: until})
		return answer(struct {
			Ref model.Ref `json:"ref"`
			Seq int64     `json:"seq"`
		}{ref, seq}, err)
	}, status(201))
	register(s, "POST", "/baseline", "sign-baseline", "Take over every standing finding as a baseline", tag, func(ctx context.Context, in *struct {
		Body struct {
			Reason string `json:"reason" maxLength:"10000"`
		}
	}) (*body[seqView], error) {
		seq, err := s.app.SignBaseline(ctx, callerOf(ctx).actor, in.Body.Reason)
		return answer(seqView{seq}, err)
	}, status(201))
	register(s, "GET", "/baseline", "get-baseline", "The baseline in force", tag, func(ctx context.Context, _ *struct{}) (*body[any], error) {
		b, err := s.app.Baseline(ctx, callerOf(ctx).actor)
		if err != nil || b == nil {
			return answer[any](nil, err)
		}
		return answer[any](b, nil)
	})
}
