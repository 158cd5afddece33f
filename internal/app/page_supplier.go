package app

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/supplier"
)

// supplierPage answers: which contract wants a decision, which deliveries fall
// short of what customers are promised, which reviews are due.
func supplierPage(p *page) {
	a, ok := finding.Use[*supplier.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	p.askDeadlines(a)
	p.askOf("deliveries", nil, "SUP-001", "SUP-002", "SUP-006", "SUP-008", "SUP-010", "SUP-011")
	p.askOf("reviews", nil, "SUP-004", "SUP-005", "SUP-007", "SUP-009", "SUP-012")
	p.contracts(a)
	p.suppliers(a)
	p.supplierReviews()
}

// askDeadlines asks for the calendar of contracts: the days for notice and the
// ends of the next months.
func (p *page) askDeadlines(a *supplier.Analysis) {
	mark, passed := MarkOK, 0
	standing := map[model.Ref]string{}
	for _, j := range p.of("SUP-003") {
		mark = mark.Worst(markOf(j))
		standing[j.Subject] = p.w.Finding(j.Finding)
		if j.Outcome == finding.Violated && j.Severity == finding.Error {
			passed++
		}
	}
	items, n := []QuestionItem{}, 0
	for _, d := range a.Deadlines() {
		near := !d.Next.IsZero() && p.state.On.DaysUntil(d.Next) <= nearDays
		text, told := standing[d.Contract]
		if !near && !told {
			continue
		}
		n++
		if len(items) == itemsShown {
			continue
		}
		if !told {
			text = p.w.Message("page.deadline.ends", nil)
			if d.Renews && d.Next == d.NoticeBy {
				text = p.w.Message("page.deadline.notice", finding.Args{"last": d.Last})
			}
		}
		x := p.item(d.Contract, text)
		if !d.Next.IsZero() {
			x.Date = d.Next.String()
		}
		items = append(items, x)
	}
	p.ask("deadlines", mark, finding.Args{"n": n, "passed": passed, "days": nearDays}, items)
}

// contracts is the calendar of contracts, the next day first.
func (p *page) contracts(a *supplier.Analysis) {
	t := p.list("contracts", [2]string{"contract", "ref"}, [2]string{"supplier", "ref"}, [2]string{"covers", "list"}, [2]string{"next", "date"}, [2]string{"noticeBy", "date"}, [2]string{"end", "date"}, [2]string{"renews", "boolean"}, [2]string{"amount", "money"}, [2]string{"document", "ref"}, [2]string{"mark", "mark"})
	for _, d := range a.Deadlines() {
		x := finding.SpecOf[model.Contract](p.state.Result.Facts, d.Contract)
		if x == nil {
			continue
		}
		cells := map[string]any{"contract": p.name(d.Contract), "supplier": p.name(d.Supplier), "covers": names(p.state, x.Covers), "next": day(d.Next), "noticeBy": day(d.NoticeBy), "end": day(d.Last), "renews": d.Renews, "document": p.name(x.Document), "mark": p.markAbout(d.Contract)}
		if x.Amount != nil {
			cells["amount"] = x.Amount.String()
		}
		t.add(d.Contract, cells)
	}
}

// suppliers lists the partners with the share of critical services that falls
// with each, the greatest first.
func (p *page) suppliers(a *supplier.Analysis) {
	t := p.list("suppliers", [2]string{"supplier", "ref"}, [2]string{"category", "text"}, [2]string{"country", "text"}, [2]string{"critical", "boolean"}, [2]string{"concentration", "percent"}, [2]string{"falls", "list"}, [2]string{"exitPlan", "ref"}, [2]string{"exitReviewed", "date"}, [2]string{"mark", "mark"})
	seen := map[model.Ref]bool{}
	add := func(r model.Ref, share *supplier.Share) {
		x := finding.SpecOf[model.Supplier](p.state.Result.Facts, r)
		if x == nil || seen[r] {
			return
		}
		seen[r] = true
		cells := map[string]any{"supplier": p.name(r), "category": p.label("supplier", "category", x.Category), "country": x.Country, "critical": x.Critical, "exitPlan": p.name(x.ExitPlan.Document), "exitReviewed": day(x.ExitPlan.ReviewedOn), "falls": []Named{}, "mark": p.markAbout(r)}
		if share != nil {
			cells["concentration"], cells["falls"] = share.Ratio().String(), names(p.state, share.Services)
		}
		t.add(r, cells)
	}
	shares := a.Concentration()
	for i := range shares {
		if !shares[i].Supplier.IsZero() {
			add(shares[i].Supplier, &shares[i])
		}
	}
	for _, h := range p.state.Snap.OfKind("supplier") {
		add(p.state.Snap.Ref(h), nil)
	}
}

// supplierReviews lists suppliers and contracts that are to be reviewed, with the
// last review held and the day on which the next is due.
func (p *page) supplierReviews() {
	t := p.list("reviews", [2]string{"object", "ref"}, [2]string{"lastReview", "date"}, [2]string{"review", "ref"}, [2]string{"due", "date"}, [2]string{"openActions", "list"}, [2]string{"mark", "mark"})
	for _, kind := range []string{"supplier", "contract"} {
		for _, h := range p.state.Snap.OfKind(kind) {
			o := p.state.Snap.Object(h)
			var interval model.Period
			switch x := o.Spec.(type) {
			case *model.Supplier:
				interval = x.ReviewInterval
			case *model.Contract:
				interval = x.ReviewInterval
			}
			last, review, open := p.lastReview(h)
			if interval.IsZero() && last.IsZero() {
				continue
			}
			cells := map[string]any{"object": p.name(o.Ref()), "lastReview": day(last), "review": p.name(review), "openActions": names(p.state, open), "mark": p.markAbout(o.Ref())}
			if !last.IsZero() && !interval.IsZero() {
				cells["due"] = day(last.Add(interval))
			}
			t.add(o.Ref(), cells)
		}
	}
	sortByDate(t, "due")
}

// lastReview gives the last review held of an object and the actions of its
// reviews that are still open.
func (p *page) lastReview(h model.Handle) (on model.Date, review model.Ref, open []model.Ref) {
	for _, in := range p.state.Snap.In(h) {
		o := p.state.Snap.Object(in.From)
		x, ok := o.Spec.(*model.Review)
		if !ok {
			continue
		}
		if !x.Date.IsZero() && x.Date <= p.state.On && x.Date > on {
			on, review = x.Date, o.Ref()
		}
		for _, a := range x.Actions {
			if act := finding.SpecOf[model.Action](p.state.Result.Facts, a); act != nil && act.Done.IsZero() && !slices.Contains(open, a) {
				open = append(open, a)
			}
		}
	}
	return on, review, open
}
