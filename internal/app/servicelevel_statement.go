package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// StatementQuery says of which agreement or contract and period a statement is wanted.
type StatementQuery struct {
	Agreement model.Ref // or contract
	Period    string    // 2027-03, 2027-Q1 or 2027
}

// stated finds the agreement or contract of a query for somebody who may do something with
// it.
func (a *App) stated(actor identity.Actor, head *model.Snapshot, of model.Ref, action identity.Action) error {
	o := head.Get(of)
	if o == nil || of.Kind != "agreement" && of.Kind != "contract" {
		return notFound(of.String())
	}
	return a.Authorize(actor, action, Resource(head, o))
}

// StatementReport computes what a period of an agreement or contract attained, from the
// ledger as it stands now, as a view shows it; an empty view is the widest that the actor
// may see. Of a period that is not over it is an interim one.
func (a *App) StatementReport(ctx context.Context, actor identity.Actor, q StatementQuery, view servicelevel.View) (*servicelevel.Report, error) {
	head := a.Head()
	if err := a.stated(actor, head, q.Agreement, identity.ActionReadModel); err != nil {
		return nil, err
	}
	view, err := a.viewFor(actor, q.Agreement, view)
	if err != nil {
		return nil, err
	}
	s, err := a.statement(ctx, head, q)
	if err != nil {
		return nil, err
	}
	return s.Report(view, ""), nil
}

// Statement is the internal view of StatementReport: what Seal would seal.
func (a *App) Statement(ctx context.Context, actor identity.Actor, q StatementQuery) (*servicelevel.Statement, error) {
	r, err := a.StatementReport(ctx, actor, q, servicelevel.ViewInternal)
	if err != nil {
		return nil, err
	}
	return r.Statement, nil
}

// viewFor is the view of a statement that somebody gets who asks for one: the internal view
// is for those who read findings, the other party gets its own. Customer and supplier name
// the same view: that of the other party.
func (a *App) viewFor(actor identity.Actor, of model.Ref, view servicelevel.View) (servicelevel.View, error) {
	err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"})
	switch view {
	case "":
		if err == nil {
			return servicelevel.ViewInternal, nil
		}
		return servicelevel.Outward(of.Kind), nil
	case servicelevel.ViewInternal:
		return view, err
	case servicelevel.ViewCustomer, servicelevel.ViewSupplier:
		return servicelevel.Outward(of.Kind), nil
	}
	return "", refused("/view", &model.Fault{Format: "%q is not one of %s%s", Args: []any{string(view), "customer, supplier, internal", ""}})
}

func (a *App) statement(ctx context.Context, head *model.Snapshot, q StatementQuery) (*servicelevel.Statement, error) {
	period, ok := servicelevel.ParsePeriod(q.Period)
	if !ok {
		return nil, fail(CodePeriod, finding.Args{"period": q.Period})
	}
	if a.evidence == nil {
		return nil, fail(CodeUnavailable, nil)
	}
	l := a.evidence.ledger
	asOf, err := l.Now(ctx)
	if err != nil {
		return nil, err
	}
	h, _ := head.Find(q.Agreement)
	facts := finding.NewFacts(head, period.Last(), servicelevel.Analyses)
	loc := servicelevel.ZoneOf(facts, h)
	span := period.Span(loc)
	left, err := leftInLedger(ctx, l, span, asOf)
	if err != nil {
		return nil, err
	}
	s := servicelevel.StatementOf(facts, h, period, left)
	if len(s.Measures) == 0 {
		return nil, fail(CodeNothingPromised, finding.Args{"what": q.Agreement, "period": period.String()})
	}
	s.AsOf, s.Until = asOf, s.Period.To
	// Declared figures and sealed periods follow the date on which everything is seen.
	if now := a.instant(asOf); now.Before(s.Until) {
		s.Until = now.UTC().Truncate(time.Minute)
	}
	if !s.Until.After(s.Period.From) {
		return nil, fail(CodeTooEarly, finding.Args{"period": period.String()})
	}
	for i := range s.Measures {
		if err := a.count(ctx, l, s, &s.Measures[i]); err != nil {
			return nil, err
		}
	}
	s.Close()
	return s, a.behind(ctx, head, s)
}

// behind writes into a statement what stands behind its promises in the model as it is.
func (a *App) behind(ctx context.Context, head *model.Snapshot, s *servicelevel.Statement) error {
	state, err := a.Current(ctx, head.Seq)
	if err != nil {
		return err
	}
	x, ok := finding.Use[*servicelevel.Analysis](state.Result.Facts)
	if !ok {
		return nil
	}
	design, _ := finding.Use[*availability.Analysis](state.Result.Facts)
	x.FillBehind(s, func(of model.Ref, within servicelevel.Span) (out []servicelevel.BehindCause) {
		h, ok := state.Snap.Find(of)
		if !ok || design == nil {
			return nil
		}
		record := design.Failures
		if of.Kind == "service" {
			record = design.Interruptions
		}
		for _, i := range record(h).Interruptions {
			c := servicelevel.BehindCause{Span: servicelevel.Span{From: i.Start.UTC(), To: i.End.UTC()}, Outage: i.Outage.String(), Planned: i.Controlled}
			if !i.Start.Before(within.To) || !i.End.After(within.From) {
				continue
			}
			if !i.Cause.IsZero() {
				c.Cause = i.Cause.String()
			}
			out = append(out, c)
		}
		slices.SortFunc(out, func(x, y servicelevel.BehindCause) int {
			return cmp.Or(x.From.Compare(y.From), strings.Compare(x.Outage, y.Outage))
		})
		return out
	})
	return nil
}

// instant is now; where the date on which everything is seen is fixed and lies ahead, the
// end of that day: the example organisation's own past is over.
func (a *App) instant(now time.Time) time.Time {
	if a.Fixed() {
		if shown := a.fixed.UTC(); shown.After(now) {
			return shown
		}
	}
	return now
}

// leftInLedger are the exclusions of the ledger that touch a period.
func leftInLedger(ctx context.Context, l ledger.Ledger, span servicelevel.Span, asOf time.Time) ([]servicelevel.Left, error) {
	list, err := l.Exclusions(ctx, span.From, span.To, asOf)
	if err != nil {
		return nil, err
	}
	out := make([]servicelevel.Left, len(list))
	for i, e := range list {
		out[i] = servicelevel.Left{Scope: e.Scope, ExcludedTime: servicelevel.ExcludedTime{
			Span: servicelevel.Span{From: e.From.UTC(), To: e.To.UTC()}, Kind: e.Kind, Source: servicelevel.ExclusionName(e.ID), Author: e.Author, Announced: e.Announced.UTC(), Reason: e.Reason,
		}}
	}
	return out, nil
}

// count reads the evidence of a measure as of the statement's instant and computes it.
func (a *App) count(ctx context.Context, l ledger.Ledger, s *servicelevel.Statement, m *servicelevel.Measure) error {
	switch m.Basis {
	case servicelevel.BasisEvidence:
		days, counted, err := countDays(ctx, l, ledger.Series(m.Series), s.Period, s.AsOf)
		if err != nil {
			return err
		}
		m.Evidence = counted
		m.Compute(s.Period, s.Until, days)
	case servicelevel.BasisCases:
		cases, err := countCases(ctx, l, m, s.Period, s.AsOf)
		if err != nil {
			return err
		}
		m.Cases.Counted = cases
		m.ComputeCases(s.Period, s.Until)
	}
	return nil
}

func countDays(ctx context.Context, l ledger.Ledger, series ledger.Series, period servicelevel.Span, asOf time.Time) (days []slo.Day, counted []servicelevel.CountedDay, err error) {
	for r, err := range l.Read(ctx, []ledger.Series{series}, slo.DayOf(period.From), slo.DayOf(period.To.Add(-1)), asOf) {
		if err != nil {
			return nil, nil, err
		}
		day, err := slo.DecodeDay(r.Slices)
		if err != nil {
			return nil, nil, err
		}
		days = append(days, day)
		counted = append(counted, countedDay(r))
	}
	return days, counted, nil
}

func countedDay(r ledger.Record) servicelevel.CountedDay {
	h := sha256.Sum256(r.Slices)
	return servicelevel.CountedDay{Day: r.Day, Revision: r.Revision, SHA256: hex.EncodeToString(h[:]), Engine: r.Engine, Author: r.Author, Reason: r.Reason}
}

// caseHorizon is how long before a period a case may have been opened and still count.
const caseHorizon = 366 * 24 * time.Hour

func countCases(ctx context.Context, l ledger.Ledger, m *servicelevel.Measure, period servicelevel.Span, asOf time.Time) ([]servicelevel.CountedCase, error) {
	out := []servicelevel.CountedCase{}
	for c, err := range l.Cases(ctx, m.Cases.Source, period.From.Add(-caseHorizon), period.To, asOf) {
		if err != nil {
			return nil, err
		}
		if x, ok := countedCase(c, m); ok {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b servicelevel.CountedCase) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// countedCase is a case as a measure counts it; ok is false where it does not concern it.
func countedCase(c ledger.Case, m *servicelevel.Measure) (servicelevel.CountedCase, bool) {
	x := servicelevel.CountedCase{ID: c.ID, Revision: c.Revision, Priority: c.Priority, Start: c.Opened.UTC()}
	if c.Withdrawn || c.Service != m.Service || m.Cases.Priority != "" && !strings.EqualFold(c.Priority, m.Cases.Priority) {
		return x, false
	}
	switch m.Cases.Starts {
	case "acknowledged":
		x.Start = c.Acknowledged.UTC()
	}
	switch m.Cases.Stops {
	case "acknowledged":
		x.Stop = c.Acknowledged.UTC()
	case "confirmed":
		x.Stop = c.Closed.UTC()
	default:
		x.Stop = c.Restored.UTC()
	}
	if x.Start.IsZero() {
		return x, false
	}
	var still []worktime.Interval
	for _, s := range c.Suspensions {
		if s.Why != m.Cases.Suspension {
			continue
		}
		end := s.To
		if end.IsZero() {
			end = x.Start.Add(2 * caseHorizon)
			if !x.Stop.IsZero() {
				end = x.Stop
			}
		}
		still = append(still, worktime.Interval{Start: s.From, End: end})
	}
	x.Suspended = servicelevel.SpansOf(worktime.NewSet(still...))
	if len(x.Suspended) == 0 {
		x.Suspended = nil
	}
	return x, true
}
