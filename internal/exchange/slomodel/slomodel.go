// Package slomodel takes service level objectives over as objects of the model: a
// service for each service they name, an agreement for each document, a target for
// each objective, and a measurement source for each way of measuring.
package slomodel

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promrules"
	"diapason/internal/exchange/slofile"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Options steer what objectives become.
type Options struct {
	// Agreement is the type of the agreements: "ola", a promise of an internal team,
	// which is all that a file of objectives says; or "sla". "ola" where empty.
	Agreement string
}

// Builder gathers the objects of one import.
type Builder struct {
	Report *intake.Report
	names  *intake.Names
	o      Options
	seen   map[string]*model.Object // measurement sources by what they ask
}

// New makes a builder for sources of some bytes in all.
func New(sourceBytes int, o Options) *Builder {
	if o.Agreement == "" {
		o.Agreement = "ola"
	}
	r := intake.NewReport(sourceBytes)
	return &Builder{Report: r, names: intake.NewNames(r), o: o, seen: map[string]*model.Object{}}
}

// Import takes over what files hold. The error is intake.Problems where they hold
// nothing that can be taken; documents that are invalid are told in the notes of the
// result otherwise. The code names the problem of files without any objective.
func Import(read *slofile.Reading, files []intake.File, empty string, o Options) (*intake.Result, error) {
	b := New(intake.Bytes(files), o)
	for _, x := range read.Objectives {
		b.Objective(x)
	}
	for _, w := range read.Windows {
		b.Report.Add(intake.LeftOut, w.Place, "AlertWindows", model.Ref{}, "slo.windows.model", nil)
	}
	return b.Done(read, files, empty)
}

// Done gives the result, with what the reader told.
func (b *Builder) Done(read *slofile.Reading, files []intake.File, empty string) (*intake.Result, error) {
	for _, n := range read.Notes {
		b.Report.Add(n.Outcome, n.Place, n.What, n.Object, n.Code, n.Args)
	}
	for _, p := range read.Invalid {
		b.Report.Add(intake.Invalid, p.Place, "document", model.Ref{}, p.Code, p.Args)
	}
	if b.Report.Over() {
		return nil, intake.Problems{b.Report.Stop(intake.FirstOf(files).File)}
	}
	result := b.Report.Done()
	if len(result.Objects) == 0 {
		if len(read.Invalid) > 0 {
			return nil, read.Invalid
		}
		return nil, intake.Problems{{Place: intake.FirstOf(files), Code: empty}}
	}
	return result, nil
}

// Service is the service of a name, made when it is first named.
func (b *Builder) Service(name string, at intake.Place) *model.Object {
	ref := model.Ref{Kind: "service", Name: b.names.Give("service", name)}
	if o := b.Report.Get(ref); o != nil {
		return o
	}
	o := b.Report.Put("service", ref.Name, &model.Service{Facing: "supporting", Stage: model.StageLive})
	if name != ref.Name {
		o.Metadata.Title = model.Text{All: name}
	}
	b.Report.Add(intake.Mapped, at, "service:"+name, ref, "service", nil)
	return o
}

// Agreement is the agreement that an objective stands in.
func (b *Builder) Agreement(o *slofile.Objective) *model.Object {
	wish := o.Group
	if wish == "" {
		wish = o.Service
	}
	ref := model.Ref{Kind: "agreement", Name: b.names.Give("agreement", string(o.Format)+"\x00"+o.Group+"\x00"+o.Service, wish)}
	if a := b.Report.Get(ref); a != nil {
		return a
	}
	service := b.Service(o.Service, o.Place)
	a := b.Report.Put("agreement", ref.Name, &model.Agreement{Type: b.o.Agreement, Level: "service", Services: []model.Ref{service.Ref()}})
	b.Report.Add(intake.Mapped, o.Place, "slo:"+wish, ref, "slo.agreement", nil)
	return a
}

// Objective takes an objective over: its target, and what it is measured by.
func (b *Builder) Objective(o *slofile.Objective) {
	if b.Report.Over() {
		return
	}
	object := b.Agreement(o)
	a := object.Spec.(*model.Agreement)
	t := model.Target{Name: targetName(a, o), Metric: model.MetricAvailability, Method: method(o.Method), Slice: model.Duration(o.Slice)}
	if o.Title != "" {
		t.Title = model.Text{All: o.Title}
	}
	v := model.AvailabilityOf(1 - float64(o.Target)/100)
	t.Availability = &v
	if o.SliceTarget != nil {
		share := model.PercentOf(o.SliceTarget.Ratio())
		t.SliceTarget = &share
	}
	what := "slo:" + o.ID()
	t.Window = b.window(o, object, t.Name, what)
	if o.Calendar != nil && o.Calendar.Zone != "" {
		t.Calendar = b.calendar(o.Calendar.Zone, o.Place, what)
	}
	t.MeasuredBy = b.Source(o, &o.Indicator, o.Place)
	t.Alerts = b.alerts(o, object.Ref(), what)
	if o.Description != "" && object.Metadata.Description.IsZero() {
		object.Metadata.Description = model.Text{All: o.Description}
	}
	a.Targets = append(a.Targets, t)
	b.Report.Add(intake.Mapped, o.Place, what, object.Ref(), "slo.target", finding.Args{"target": t.Name})
	b.labels(o, what)
}

func targetName(a *model.Agreement, o *slofile.Objective) string {
	wish := o.Name
	if o.Format == slofile.OpenSLO || o.Format == slofile.OpenSLOAlpha {
		if wish = o.Title; model.Slugify(wish) == "" || wish == "" {
			wish = "objective"
		}
	}
	name := model.Slugify(wish)
	for i := 2; ; i++ {
		taken := false
		for _, t := range a.Targets {
			taken = taken || t.Name == name
		}
		if !taken {
			return name
		}
		name = model.Slugify(wish) + "-" + strconv.Itoa(i)
	}
}

func method(m slofile.Method) string {
	switch m {
	case slofile.Timeslices:
		return "timeslices"
	case slofile.RatioTimeslices:
		return "ratio-timeslices"
	}
	return "occurrences"
}

var windows = map[time.Duration]string{7 * day: "rolling-7d", 28 * day: "rolling-28d", 30 * day: "rolling-30d", 90 * day: "rolling-90d"}

const day = 24 * time.Hour

// window is the window of a target, "" for one that the model does not have; that
// one is kept as a label of the agreement.
func (b *Builder) window(o *slofile.Objective, a *model.Object, target, what string) string {
	text := ""
	switch c := o.Calendar; {
	case c != nil:
		if c.Count == 1 {
			switch c.Unit {
			case slofile.Month, slofile.Quarter, slofile.Year:
				if !aligned(c) {
					b.Report.Add(intake.Notice, o.Place, what, a.Ref(), "slo.start", finding.Args{"start": c.Start, "unit": string(c.Unit)})
				}
				return string(c.Unit)
			}
		}
		text = fmt.Sprintf("%d %s %s", c.Count, c.Unit, c.Start)
	case o.Period == 0:
		if o.Format != slofile.OpenSLO && o.Format != slofile.OpenSLOAlpha {
			b.Report.Add(intake.Notice, o.Place, what, a.Ref(), "slo.period.none", nil)
			return "rolling-30d"
		}
		b.Report.Add(intake.Notice, o.Place, what, a.Ref(), "slo.window.none", nil)
		return ""
	default:
		if w := windows[o.Period]; w != "" {
			return w
		}
		text = o.Period.String()
	}
	key := "slo.window." + target
	intake.Tag(a, key, text)
	b.Report.Add(intake.Unknown, o.Place, what, a.Ref(), "slo.window", finding.Args{"window": text, "key": key})
	return ""
}

// aligned tells whether a period of the calendar starts where the model's does: at
// midnight of the first day of its month, quarter or year.
func aligned(c *slofile.Calendar) bool {
	t, err := time.Parse(time.DateTime, c.Start)
	if err != nil || t.Day() != 1 || t.Hour()+t.Minute()+t.Second() != 0 {
		return false
	}
	switch c.Unit {
	case slofile.Quarter:
		return (t.Month()-1)%3 == 0
	case slofile.Year:
		return t.Month() == 1
	}
	return true
}

// calendar is a calendar that is always open in a zone: what a window of the calendar
// is cut by.
func (b *Builder) calendar(zone string, at intake.Place, what string) model.Ref {
	ref := model.Ref{Kind: "calendar", Name: b.names.Give("calendar", zone, "always-"+strings.ReplaceAll(zone, "/", "-"))}
	if b.Report.Get(ref) == nil {
		b.Report.Put("calendar", ref.Name, &model.Calendar{Zone: zone, Always: true})
		b.Report.Add(intake.Mapped, at, what, ref, "slo.calendar", finding.Args{"zone": zone})
	}
	return ref
}

// alerts are the burn-rate alerts of an objective: those that its file states, else
// those of the tool that the file is for.
func (b *Builder) alerts(o *slofile.Objective, ref model.Ref, what string) []model.BurnAlert {
	burns := o.Burns
	if len(burns) == 0 {
		burns = promrules.Burns(o)
	}
	var out []model.BurnAlert
	for _, x := range burns {
		out = append(out, model.BurnAlert{Name: x.Name, Factor: strconv.FormatFloat(x.Factor, 'g', 10, 64), Long: model.Duration(x.Long), Short: model.Duration(x.Short)})
		if x.After > 0 {
			b.Report.Add(intake.Unknown, o.Place, what, ref, "slo.after", finding.Args{"alert": x.Name, "after": x.After.String()})
		}
	}
	for _, a := range []slofile.Alert{o.Page, o.Ticket} {
		if !a.Disabled && len(a.Labels)+len(a.Annotations) > 0 {
			b.Report.Add(intake.LeftOut, o.Place, what+".alerting", ref, "slo.alerting", nil)
			break
		}
	}
	return out
}

// labels keeps the labels of the rules, on what measures.
func (b *Builder) labels(o *slofile.Objective, what string) {
	if len(o.Labels) == 0 {
		return
	}
	var source *model.Object
	if a := b.Agreement(o).Spec.(*model.Agreement); len(a.Targets) > 0 {
		source = b.Report.Get(a.Targets[len(a.Targets)-1].MeasuredBy)
	}
	if source == nil {
		return
	}
	for k, v := range o.Labels {
		intake.Tag(source, k, v)
	}
	b.Report.Add(intake.Label, o.Place, what+".labels", source.Ref(), "slo.labels", finding.Args{"n": len(o.Labels)})
}
