package app

import (
	"cmp"
	"slices"
	"strings"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// interruptionsTold is how many interruptions are told of a target that was missed.
const interruptionsTold = 3

// target gives what a measure promises, in the words of its agreement.
func (b *packBuilder) target(of model.Ref, m *servicelevel.Measure) (label, promised string) {
	label = m.Target
	if o := b.v.state.Snap.Get(of); o != nil {
		var list []model.Target
		switch x := o.Spec.(type) {
		case *model.Agreement:
			list = x.Targets
		case *model.Contract:
			list = x.Targets
		}
		for i := range list {
			if list[i].Name == m.Target {
				return strings.TrimSpace(b.w.Value(list[i].Metric) + " " + list[i].Priority), PromisedValue(b.w, list[i])
			}
		}
	}
	if m.Rules != nil {
		promised = b.w.Value(m.Rules.Target)
	}
	return label, promised
}

// breaches tells of the targets that a statement says were missed, with their causes.
func (b *packBuilder) breaches(p *PackStatement) {
	if p.statement == nil {
		return
	}
	for i := range p.statement.Measures {
		m := &p.statement.Measures[i]
		if m.Verdict() != slo.Missed.String() {
			continue
		}
		service, _ := model.ParseRef(m.Service)
		x := PackBreach{Of: p.Of, Service: Name(b.v.state.Snap, service), Period: p.Period, Sealed: p.State == "sealed"}
		x.Target, x.Promised = b.target(p.Of.Ref, m)
		if share, ok := m.Attained(); ok {
			x.Attained = ShareText(b.w, share)
		} else if m.Declared != nil && m.Declared.Value != nil {
			x.Attained = b.w.Value(*m.Declared.Value)
		}
		if m.Cases != nil {
			x.Late = m.Cases.Result.Late
		}
		if m.Result != nil {
			x.Interruptions = b.interruptions(service, m.Result.Interruptions)
		}
		b.out.Breaches = append(b.out.Breaches, x)
	}
}

// interruptions are the longest of a measure, each with the outage that was recorded for it.
func (b *packBuilder) interruptions(service model.Ref, list []servicelevel.Span) []PackInterruption {
	longest := slices.Clone(list)
	slices.SortStableFunc(longest, func(x, y servicelevel.Span) int { return cmp.Compare(y.To.Sub(y.From), x.To.Sub(x.From)) })
	longest = longest[:min(len(longest), interruptionsTold)]
	slices.SortFunc(longest, func(x, y servicelevel.Span) int { return x.From.Compare(y.From) })
	var out []PackInterruption
	for _, i := range longest {
		x := PackInterruption{From: model.Instant{Time: i.From}, Until: model.Instant{Time: i.To}, Length: b.w.Duration(i.To.Sub(i.From))}
		for _, o := range b.seen {
			end := o.spec.Start.Add(o.lasted)
			if slices.Contains(o.services, service) && o.spec.Start.Before(i.To) && end.After(i.From) {
				x.Outage, x.Cause = named(b.v.state.Snap, o.object.Ref()), named(b.v.state.Snap, o.spec.Cause)
				break
			}
		}
		out = append(out, x)
	}
	return out
}

// credits tells of the credits that a statement says are due, with their working.
func (b *packBuilder) credits(p *PackStatement) {
	if p.statement == nil || p.statement.Credit.Full <= 0 {
		return
	}
	sealed := p.State == "sealed"
	for i := range p.statement.Measures {
		m := &p.statement.Measures[i]
		if m.Credit == nil || m.Credit.Full <= 0 {
			continue
		}
		service, _ := model.ParseRef(m.Service)
		label, promised := b.target(p.Of.Ref, m)
		n := Name(b.v.state.Snap, service)
		b.out.Credits = append(b.out.Credits, PackCredit{Of: p.Of, Service: &n, Target: label, Period: p.Period, Due: ShareText(b.w, m.Credit.Due), Sealed: sealed, Working: b.working(m, promised)})
	}
	total := p.statement
	args := finding.Args{"full": ShareText(b.w, total.Credit.Full), "due": ShareText(b.w, total.Credit.Due), "capped": total.Credit.Capped, "cap": "", "fee": "", "cost": ""}
	if total.CreditCap != nil {
		args["cap"] = b.w.Value(*total.CreditCap)
	}
	if total.Fee != nil {
		args["fee"] = b.w.Value(*total.Fee)
		if cost, ok := total.Cost(); ok {
			args["cost"] = b.w.Value(cost)
		}
	}
	b.out.Credits = append(b.out.Credits, PackCredit{Of: p.Of, Period: p.Period, Due: ShareText(b.w, total.Credit.Due), Sealed: sealed, Working: b.w.Message("level.credit.total", args)})
}

// working writes how the credit of a measure comes about.
func (b *packBuilder) working(m *servicelevel.Measure, promised string) string {
	args := finding.Args{"promised": promised, "attained": "", "from": "", "below": "", "full": ShareText(b.w, m.Credit.Full), "due": ShareText(b.w, m.Credit.Due), "capped": m.Credit.Capped, "cap": ""}
	if share, ok := m.Attained(); ok {
		args["attained"] = ShareText(b.w, share)
		for _, band := range m.Bands {
			var at model.Availability
			if at.UnmarshalText([]byte(share.String())) == nil && !at.Less(band.From) && at.Less(band.Below) {
				args["from"], args["below"] = b.w.Value(band.From), b.w.Value(band.Below)
			}
		}
	}
	if m.CreditCap != nil {
		args["cap"] = b.w.Value(*m.CreditCap)
	}
	return b.w.Message("level.credit.working", args)
}

// reviewsAhead is how far ahead reviews are told of, in days.
const reviewsAhead = 90

// ahead tells of what lies ahead: promises at risk, open actions, reviews.
func (b *packBuilder) ahead() {
	s := b.v.state
	for i := range b.v.list {
		st := &b.v.list[i]
		if st.mark != MarkGap && st.mark != MarkRisk || st.figures != nil || !b.q.Customer.IsZero() && st.customer != b.q.Customer || !b.a.Visible(b.actor, s.Snap, s.Snap.Get(st.o.Of)) {
			continue
		}
		x := b.v.view(b.w, i)
		text := x.Forecast
		if text == "" {
			text = cmp.Or(x.Cases, x.BasisText)
		}
		b.out.Forecasts = append(b.out.Forecasts, PackForecast{Of: x.Of, Service: x.Service, Target: x.Label, Promised: x.Promised, Attained: x.Attained, Window: x.Window.Label, Mark: x.Mark, Text: text})
	}
	seen := map[model.Ref]bool{}
	for _, h := range s.Snap.OfKind("review") {
		o := s.Snap.Object(h)
		x := o.Spec.(*model.Review)
		if !slices.Contains(reviewTypes, x.Type) || !b.a.Visible(b.actor, s.Snap, o) || !b.q.Customer.IsZero() && !slices.ContainsFunc(x.About, b.ofCustomer) {
			continue
		}
		for _, act := range b.a.actionsOf(b.actor, s, o.Ref(), x.Actions) {
			if act.State != "done" && !seen[act.Ref] {
				seen[act.Ref] = true
				b.out.Actions = append(b.out.Actions, act)
			}
		}
	}
	slices.SortStableFunc(b.out.Actions, byDue)
	for _, d := range b.a.reviewsDue(b.actor, s, b.w) {
		near := func(day model.Date) bool { return !day.IsZero() && s.On.DaysUntil(day) <= reviewsAhead }
		if (near(d.Due) || near(d.Planned)) && (b.q.Customer.IsZero() || b.ofCustomer(d.Ref)) {
			b.out.Reviews = append(b.out.Reviews, d)
		}
	}
}

// ofCustomer tells that something is the customer of the pack or agreed with him.
func (b *packBuilder) ofCustomer(r model.Ref) bool {
	if r == b.q.Customer {
		return true
	}
	o := b.v.state.Snap.Get(r)
	return o != nil && partyOf(o) == b.q.Customer
}
