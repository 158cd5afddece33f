package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// LevelPack is what a steering committee is shown of a period: what was sealed and what was
// not, what was attained, missed and why, what is due, and what lies ahead.
type LevelPack struct {
	Period string `json:"period" doc:"2027-03, 2027-Q1 or 2027"`
	Label  string `json:"label"`
	// Sealed counts the statements that are sealed, All those that there are.
	Sealed    int             `json:"sealed"`
	All       int             `json:"all"`
	Stated    []PackStatement `json:"statements" doc:"Statements of the period, those that are not sealed first"`
	Sheet     *LevelSheet     `json:"sheet"`
	Breaches  []PackBreach    `json:"breaches"`
	Credits   []PackCredit    `json:"credits"`
	Outages   []PackOutage    `json:"outages"`
	Actions   []ReviewAction  `json:"actions"`
	Forecasts []PackForecast  `json:"forecasts"`
	Reviews   []ReviewDue     `json:"reviews" doc:"Reviews that are overdue, planned or due in the next months"`
}

// PackStatement is the statement of an agreement or contract for a period of the pack.
type PackStatement struct {
	Of     Named         `json:"of"`
	With   *Named        `json:"with,omitempty"`
	Period string        `json:"period"`
	State  string        `json:"state" enum:"sealed,interim,open,none" doc:"sealed; computed before the period was over; computed and not sealed; or not to be had"`
	Hash   string        `json:"hash,omitempty" doc:"Of the sealed statement"`
	At     model.Instant `json:"at,omitzero" doc:"When it was sealed"`
	Reason string        `json:"reason,omitempty" doc:"Why there is none"`
	Kept   int           `json:"kept"`
	Missed int           `json:"missed"`
	Open   int           `json:"unknown"`

	statement *servicelevel.Statement
}

// PackBreach is a target that was missed, with what interrupted the service.
type PackBreach struct {
	Of            Named              `json:"of"`
	Service       Named              `json:"service"`
	Target        string             `json:"target"`
	Period        string             `json:"period"`
	Promised      string             `json:"promised"`
	Attained      string             `json:"attained"`
	Sealed        bool               `json:"sealed"`
	Interruptions []PackInterruption `json:"interruptions,omitempty" doc:"The longest, as the evidence shows them"`
	Late          int                `json:"late,omitempty" doc:"Cases that came late"`
}

// PackInterruption is an interruption that the evidence shows, with the outage recorded for
// it.
type PackInterruption struct {
	From   model.Instant `json:"from"`
	Until  model.Instant `json:"until"`
	Length string        `json:"length"`
	Outage *Named        `json:"outage,omitempty"`
	Cause  *Named        `json:"cause,omitempty"`
}

// PackCredit is a credit that is due, with its working.
type PackCredit struct {
	Of      Named  `json:"of"`
	Service *Named `json:"service,omitempty"` // absent for the total of an agreement
	Target  string `json:"target,omitempty"`
	Period  string `json:"period"`
	Due     string `json:"due" doc:"Share of the fee of the period"`
	Working string `json:"working"`
	Sealed  bool   `json:"sealed"`
}

// PackOutage is an outage of the period.
type PackOutage struct {
	Named
	Start    model.Instant `json:"start"`
	End      model.Instant `json:"end,omitzero"`
	Length   string        `json:"length"`
	Cause    *Named        `json:"cause,omitempty"`
	Services []Named       `json:"services"`
	Planned  bool          `json:"controlled"`
	Reviewed bool          `json:"reviewed"`
}

// PackForecast is a promise that is at risk now.
type PackForecast struct {
	Of       Named  `json:"of"`
	Service  Named  `json:"service"`
	Target   string `json:"target"`
	Promised string `json:"promised"`
	Attained string `json:"attained,omitempty"`
	Window   string `json:"window"`
	Mark     Mark   `json:"mark"`
	Text     string `json:"text"`
}

// PackQuery says which pack is wanted; empty fields do not filter.
type PackQuery struct {
	Period   string // 2027-03, 2027-Q1 or 2027
	Customer model.Ref
}

// LevelPackOf gathers what a steering committee is shown of a period.
func (a *App) LevelPackOf(ctx context.Context, actor identity.Actor, q PackQuery, lang language.Lang) (*LevelPack, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	period, ok := servicelevel.ParsePeriod(q.Period)
	if !ok {
		return nil, fail(CodePeriod, finding.Args{"period": q.Period})
	}
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	b := &packBuilder{a: a, ctx: ctx, actor: actor, v: v, w: WriterFor(v.state.Snap, lang), period: period, q: q}
	b.out = &LevelPack{Period: period.String(), Label: periodLabel(b.w, period), Stated: []PackStatement{}, Breaches: []PackBreach{}, Credits: []PackCredit{}, Outages: []PackOutage{}, Actions: []ReviewAction{}, Forecasts: []PackForecast{}, Reviews: []ReviewDue{}}
	if err := b.statements(); err != nil {
		return nil, err
	}
	last := period.Last().UTC()
	sheet := LevelSheetQuery{Agreements: true, Until: model.NewDate(last.Year(), last.Month(), 1).String()[:7], Customer: q.Customer}
	if b.out.Sheet, err = a.LevelSheet(ctx, actor, sheet, lang); err != nil {
		return nil, err
	}
	b.outages()
	for i := range b.out.Stated {
		b.breaches(&b.out.Stated[i])
		b.credits(&b.out.Stated[i])
	}
	b.ahead()
	return b.out, nil
}

// periodLabel writes a period for people.
func periodLabel(w language.Writer, p servicelevel.Period) string {
	text := p.String()
	if year, quarter, ok := strings.Cut(text, "-Q"); ok {
		return w.Message("objective.quarter", finding.Args{"quarter": quarter, "year": year})
	}
	if len(text) == len("2027") {
		return text
	}
	return monthInWords(w, p.First)
}

type packBuilder struct {
	a      *App
	ctx    context.Context
	actor  identity.Actor
	v      *overview
	w      language.Writer
	period servicelevel.Period
	q      PackQuery
	out    *LevelPack
	seen   []outageSeen
}

// parts are the periods that statements of the pack are of: itself, its quarters and its
// months.
func (b *packBuilder) parts() []string {
	first, months := b.period.First, max(b.period.Window.Months, 1)
	var out []string
	for i := range months {
		out = append(out, first.AddMonths(i).String()[:7])
	}
	if months == 12 {
		for _, quarter := range []string{"-Q1", "-Q2", "-Q3", "-Q4"} {
			out = append(out, b.period.String()+quarter)
		}
	}
	if months > 1 {
		out = append(out, b.period.String())
	}
	return out
}

// statements finds the sealed statements of the period, and computes those that are not
// sealed.
func (b *packBuilder) statements() error {
	s := b.v.state
	x, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	if !ok {
		return nil
	}
	for _, kind := range []string{"agreement", "contract"} {
		for _, h := range s.Snap.OfKind(kind) {
			o := s.Snap.Object(h)
			if !b.a.Visible(b.actor, s.Snap, o) || !b.q.Customer.IsZero() && partyOf(o) != b.q.Customer || !b.bound(x, h, o) {
				continue
			}
			if err := b.stated(o); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(b.out.Stated, func(p, q PackStatement) int {
		return cmp.Or(cmp.Compare(stateOrder(p.State), stateOrder(q.State)), p.Of.Ref.Compare(q.Of.Ref), cmp.Compare(p.Period, q.Period))
	})
	return nil
}

func stateOrder(state string) int {
	return slices.Index([]string{"open", "interim", "none", "sealed"}, state)
}

// bound tells that something was in force at the beginning or the end of the period.
func (b *packBuilder) bound(x *servicelevel.Analysis, h model.Handle, o *model.Object) bool {
	for _, day := range []model.Date{b.period.First, min(b.period.Last(), max(b.v.state.On, b.period.First))} {
		if c, ok := o.Spec.(*model.Contract); ok && calendars.ContractStanding(c, day).InForce() || !ok && x.InForce(h, day) {
			return true
		}
	}
	return false
}

// stated gives the statements of one agreement or contract.
func (b *packBuilder) stated(o *model.Object) error {
	found := false
	for _, part := range b.parts() {
		p := PackStatement{Of: Name(b.v.state.Snap, o.Ref()), With: named(b.v.state.Snap, partyOf(o)), Period: part}
		seals, err := b.a.sealedOf(b.ctx, o.Ref(), part)
		if err != nil {
			return err
		}
		if n := len(seals); n > 0 {
			full := SealedStatement{Sealed: seals[n-1]}
			if err := b.a.readSeal(b.ctx, &full); err != nil {
				return err
			}
			p.State, p.Hash, p.At, p.statement = "sealed", full.Hash, model.Instant{Time: full.At}, full.Statement
			if full.Interim {
				p.State = "interim"
			}
		}
		// An interim seal of a period that is over by now is not the last word.
		if p.State != "sealed" {
			st, err := b.a.statement(b.ctx, b.v.state.Snap, StatementQuery{Agreement: o.Ref(), Period: part})
			var known *Error
			switch {
			case errors.As(err, &known) && known.Code == CodeNothingPromised:
				continue // nothing is judged by such a period
			case errors.As(err, &known) && (known.Code == CodeUnavailable || known.Code == CodeTooEarly):
				p.State, p.Reason = "none", known.In(b.w.Lang)
			case err != nil:
				return err
			case p.State == "interim" && st.Interim():
			default:
				p.State, p.Hash, p.At, p.statement = "open", "", model.Instant{}, st
				if st.Interim() {
					p.State = "interim"
				}
			}
		}
		found = true
		b.tally(&p)
		b.out.Stated = append(b.out.Stated, p)
	}
	if !found {
		b.out.Stated = append(b.out.Stated, PackStatement{Of: Name(b.v.state.Snap, o.Ref()), With: named(b.v.state.Snap, partyOf(o)), Period: b.period.String(), State: "none", Reason: b.w.Message("level.nothing", nil)})
	}
	return nil
}

func (b *packBuilder) tally(p *PackStatement) {
	b.out.All++
	if p.State == "sealed" {
		b.out.Sealed++
	}
	if p.statement == nil {
		return
	}
	for i := range p.statement.Measures {
		switch markOfVerdict(p.statement.Measures[i].Verdict()) {
		case MarkOK:
			p.Kept++
		case MarkGap:
			p.Missed++
		default:
			p.Open++
		}
	}
}

// span is the period in the zone of the organisation.
func (b *packBuilder) span() worktime.Interval {
	zone := calendars.Zone(b.v.state.Result.Facts)
	return worktime.Interval{Start: b.period.First.In(zone), End: b.period.Last().AddDays(1).In(zone)}
}

// outages lists what was recorded as down in the period.
func (b *packBuilder) outages() {
	s := b.v.state
	within := b.span()
	if b.v.now.Before(within.End) {
		within.End = b.v.now
	}
	var services map[model.Ref]bool
	if !b.q.Customer.IsZero() {
		services = reviewScope(s, []model.Ref{b.q.Customer}).services
	}
	b.seen = outagesOf(s, services, within)
	for _, o := range b.seen {
		if !b.a.Visible(b.actor, s.Snap, o.object) {
			continue
		}
		b.out.Outages = append(b.out.Outages, PackOutage{
			Named: Name(s.Snap, o.object.Ref()), Start: o.spec.Start, End: o.spec.End, Length: b.w.Duration(o.lasted.Round(time.Minute)), Cause: named(s.Snap, o.spec.Cause),
			Services: names(s, o.services), Planned: o.spec.Controlled || !o.spec.Maintenance.IsZero(), Reviewed: o.reviewed,
		})
	}
}
