package app

import (
	"context"
	"fmt"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// Declaration is a figure of a period that is over, typed by hand.
type Declaration struct {
	ID     string `json:"id" doc:"Objective: agreement/payroll#availability#service/payroll"`
	Period string `json:"period" doc:"2027-03, 2027-Q1 or 2027"`
	Figure string `json:"figure" maxLength:"100" doc:"A share such as 99.9%, or a quantity in the unit of the target"`
	Cases  int    `json:"cases,omitempty" minimum:"0" doc:"Number of cases behind it"`
	Reason string `json:"reason" maxLength:"1000" doc:"Where the figure comes from"`
}

// Declared says where a declaration was written.
type Declared struct {
	Seq     int64  `json:"seq"`
	Figures Named  `json:"figures" doc:"Object that holds the figure"`
	Period  string `json:"period"`
}

// declarable is what a target may be declared in: "%" for shares, the unit of a quantity,
// or nothing where it cannot be declared.
func declarable(t *model.Target) string {
	switch {
	case t.Name == "":
		return ""
	case t.Metric == model.MetricAvailability, t.Metric.IsTime(), t.Availability != nil:
		return "%"
	case t.AtLeast != nil:
		return t.AtLeast.Unit
	case t.AtMost != nil:
		return t.AtMost.Unit
	}
	return ""
}

// declaredOn are the rights that declaring figures of an objective depends on.
func declaredOn(o *servicelevel.Objective) identity.Resource {
	r := identity.Resource{Kind: "case-figures"}
	if o.Service.Kind == "service" {
		r.Services = []string{o.Service.String()}
	}
	return r
}

// Declare writes a figure typed by hand into the model, marked as such. A figure declared
// before for the same period is replaced; measured and sealed ones are not.
func (a *App) Declare(ctx context.Context, actor identity.Actor, d Declaration) (*Declared, error) {
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	i, ok := v.by[d.ID]
	if !ok {
		return nil, notFound(d.ID)
	}
	st, snap := &v.list[i], v.state.Snap
	if _, err := a.readable(actor, snap, st.o.Of); err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionChangeCommit, declaredOn(&st.o)); err != nil {
		return nil, err
	}
	c, period, err := a.declaration(&st.o, &d)
	if err != nil {
		return nil, err
	}
	if err := needReason(d.Reason); err != nil {
		return nil, err
	}
	name := model.Slugify(fmt.Sprintf("%s-%s-%s-%s-declared", st.o.Of.Name, st.o.Target.Name, st.o.Service.Name, period))
	o := &model.Object{Kind: model.KindOf("case-figures"), Metadata: model.Metadata{Name: name}, Spec: c}
	expect := int64(0)
	if before := figuresFor(snap, c); before != nil {
		was := before.Spec.(*model.CaseFigures)
		if was.Sealed != "" || !was.Declared {
			return nil, refused("/period", &model.Fault{Format: "there are figures of %s already: %s", Args: []any{period.String(), before.Ref().String()}})
		}
		o = before.Clone()
		spec := o.Spec.(*model.CaseFigures)
		spec.Attained, spec.Value, spec.Cases, spec.Until, spec.Service = c.Attained, c.Value, c.Cases, c.Until, c.Service
		expect = before.Version
	}
	title := Name(snap, st.o.Service).Title
	en, fr := WriterFor(snap, "en"), WriterFor(snap, "fr")
	if expect == 0 {
		o.Metadata.Title = model.T(
			en.Message("objective.declared.title", finding.Args{"service": title.In("en"), "target": en.Value(st.o.Target.Metric), "period": period.String()}),
			fr.Message("objective.declared.title", finding.Args{"service": title.In("fr"), "target": fr.Value(st.o.Target.Metric), "period": period.String()}))
	}
	seq, err := a.Commit(ctx, actor, Change{Base: snap.Seq, Title: o.Metadata.Title.In("en"), Reason: strings.TrimSpace(d.Reason), Puts: []Put{{Object: o, Expect: expect}}})
	if err != nil {
		return nil, err
	}
	return &Declared{Seq: seq, Figures: Name(a.Head(), o.Ref()), Period: period.String()}, nil
}

// declaration reads what was typed, or says at which field it is wrong.
func (a *App) declaration(o *servicelevel.Objective, d *Declaration) (*model.CaseFigures, servicelevel.Period, error) {
	period, ok := servicelevel.ParsePeriod(strings.TrimSpace(d.Period))
	switch {
	case !ok:
		return nil, period, refused("/period", &model.Fault{Format: "%q is no period: write 2027-03, 2027-Q1 or 2027", Args: []any{d.Period}})
	case !period.Last().AddDays(1).In(o.Location).Before(a.instant(a.now())):
		return nil, period, refused("/period", &model.Fault{Format: "%s is not over yet: declare it once it is", Args: []any{period.String()}})
	}
	c := &model.CaseFigures{Of: o.Of, Target: o.Target.Name, Service: o.Service, From: period.First, Until: period.Last(), Cases: d.Cases, Declared: true}
	r := &wishReader{}
	switch unit := declarable(o.Target); unit {
	case "":
		return nil, period, refused("/figure", &model.Fault{Format: "no figure can be declared: the target has no name, or promises nothing that can be counted"})
	case "%":
		if share, ok := read[model.Availability](r, "/figure", model.TypeAvailability, d.Figure); ok {
			c.Attained = &share
		}
	default:
		value, ok := read[model.Quantity](r, "/figure", model.TypeQuantity, d.Figure)
		if ok && value.Unit != unit {
			return nil, period, refused("/figure", &model.Fault{Format: "the target is promised in %s: write the figure in it", Args: []any{unit}})
		}
		if ok {
			c.Value = &value
		}
	}
	switch {
	case r.err != nil:
		return nil, period, r.err
	case c.Attained == nil && c.Value == nil:
		return nil, period, refused("/figure", &model.Fault{Format: "write what was attained, such as 99.9 or 99.95"})
	}
	return c, period, nil
}

// figuresFor finds the figures of the same target, thing and period, the last that were
// written.
func figuresFor(s *model.Snapshot, c *model.CaseFigures) *model.Object {
	h, ok := s.Find(c.Of)
	if !ok {
		return nil
	}
	var best *model.Object
	for _, in := range s.In(h) {
		o := s.Object(in.From)
		f, ok := o.Spec.(*model.CaseFigures)
		if !ok || f.Target != c.Target || f.Service != c.Service || f.From != c.From || f.Until != c.Until {
			continue
		}
		if best == nil || o.Version > best.Version {
			best = o
		}
	}
	return best
}
