package app

import (
	"cmp"
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// itemsShown bounds what an answer points to; the count in it is of all.
const itemsShown = 12

// nearDays is how far ahead a manager's morning looks.
const nearDays = 90

// askOf asks a question that the standing findings of some rules answer. The
// answer has n gaps, unknown cases that cannot be judged, and first, the object
// of the worst.
func (p *page) askOf(id string, more finding.Args, rules ...string) {
	list := p.of(rules...)
	args := finding.Args{"n": 0, "unknown": 0, "first": ""}
	for k, v := range more {
		args[k] = v
	}
	mark, n, unknown := MarkOK, 0, 0
	items := []QuestionItem{}
	for _, j := range list {
		mark = mark.Worst(markOf(j))
		if j.Outcome == finding.Unknown {
			unknown++
		} else {
			if n == 0 {
				args["first"] = j.Subject
			}
			n++
		}
		if len(items) < itemsShown {
			items = append(items, p.item(j.Subject, p.w.Finding(j.Finding)))
		}
	}
	args["n"], args["unknown"] = n, unknown
	p.ask(id, mark, args, items)
}

// markAbout is the worst mark of an object in the page's own process.
func (p *page) markAbout(r model.Ref) Mark {
	m := MarkOK
	for _, j := range p.state.About(r) {
		if rule := assess.Rule(j.Rule); rule != nil && rule.Process == p.Process {
			m = m.Worst(markOf(j))
		}
	}
	return m
}

// name gives a cell the title of an object; no object leaves it empty.
func (p *page) name(r model.Ref) any {
	if r.IsZero() {
		return nil
	}
	return Name(p.state.Snap, r)
}

// day is a date as a cell; no date leaves it empty.
func day(d model.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}

// span is a length of time as a cell.
func span(d model.Duration) any { return d.String() }

// digits is a computed availability as a cell, with the digits that mean something.
func digits(a model.Availability) any { return a.Rounded(2).String() }

// positive is a length of time as a cell; none leaves it empty.
func positive(d model.Duration) any {
	if d <= 0 {
		return nil
	}
	return d.String()
}

// label is the label of a value of a closed list in the reader's language.
func (p *page) label(kind, field, value string) any {
	if value == "" {
		return nil
	}
	return choiceOf(kind, field, value).In(string(p.w.Lang))
}

// services visits the services that are not retired, by stage and name.
func (p *page) services(visit func(h model.Handle, o *model.Object, s *model.Service)) {
	list := slices.Clone(p.state.Snap.OfKind("service"))
	stage := func(h model.Handle) int { return p.state.Snap.Object(h).Spec.(*model.Service).Stage.Rank() }
	slices.SortStableFunc(list, func(x, y model.Handle) int {
		return cmp.Or(cmp.Compare(stage(x), stage(y)), p.state.Snap.Ref(x).Compare(p.state.Snap.Ref(y)))
	})
	for _, h := range list {
		o := p.state.Snap.Object(h)
		if s := o.Spec.(*model.Service); s.Stage != model.StageRetired {
			visit(h, o, s)
		}
	}
}

// promises visits the targets of agreements with customers in force.
func (p *page) promises(visit func(o *model.Object, x *model.Agreement, t *model.Target, i int)) {
	for _, h := range p.state.Snap.OfKind("agreement") {
		o := p.state.Snap.Object(h)
		x := o.Spec.(*model.Agreement)
		if x.Type == "ola" || !calendars.AgreementStanding(x, p.state.On).InForce() {
			continue
		}
		for i := range x.Targets {
			visit(o, x, &x.Targets[i], i)
		}
	}
}

// partMark is the worst mark of a part of an object.
func (p *page) partMark(r model.Ref, part string) Mark {
	m := MarkOK
	for _, j := range p.state.About(r) {
		if j.Shows(r, part) {
			m = m.Worst(markOf(j))
		}
	}
	return m
}

// sortByDate orders rows by a column of dates, rows without one last.
func sortByDate(t *Table, key string) {
	slices.SortStableFunc(t.Rows, func(x, y Row) int {
		a, _ := x.Cells[key].(string)
		b, _ := y.Cells[key].(string)
		if (a == "") != (b == "") {
			return boolOrder(b == "")
		}
		return cmp.Compare(a, b)
	})
}

// sortByNumber orders rows by a column of numbers, the greatest first and rows
// without one last.
func sortByNumber(t *Table, key string) {
	number := func(r Row) int {
		if v, ok := r.Cells[key].(int); ok {
			return v
		}
		return -1
	}
	slices.SortStableFunc(t.Rows, func(x, y Row) int { return number(y) - number(x) })
}
