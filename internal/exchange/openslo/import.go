package openslo

import (
	"slices"
	"strings"
	"time"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/slomodel"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// labelPrefix begins the keys of labels that keep what only OpenSLO says.
const labelPrefix = "openslo."

// Import takes documents over as a model. The error is intake.Problems when the input
// cannot be used.
func Import(files []intake.File, o slomodel.Options) (*intake.Result, error) {
	d := Read(files)
	b := slomodel.New(intake.Bytes(files), o)
	for _, x := range d.services {
		d.service(b, x)
	}
	for _, x := range d.sources {
		d.source(b, x)
	}
	for _, s := range d.slos {
		d.take(b, s)
	}
	for _, s := range d.slis {
		if s.used {
			continue
		}
		if o := b.Report.Get(b.Source(nil, &s.Indicator, s.n.Place())); o != nil {
			describe(b, o, &s.document)
		}
	}
	for _, list := range [][]*document{d.policies, d.conditions, d.targets} {
		for _, x := range list {
			d.told(b, x)
		}
	}
	return b.Done(d.Reading, files, "openslo.empty")
}

// describe takes over the title, description, labels and annotations of a document.
func describe(b *slomodel.Builder, o *model.Object, x *document) {
	if x.title != "" {
		o.Metadata.Title = model.Text{All: x.title}
	}
	if x.description != "" {
		o.Metadata.Description = model.Text{All: x.description}
	}
	for i, t := range append(slices.Clone(x.labels), x.annotations...) {
		key := t.key
		if i >= len(x.labels) {
			key = labelPrefix + "annotation." + key
		}
		intake.Tag(o, key, t.value)
		b.Report.Add(intake.Label, t.at, x.path()+"."+t.key, o.Ref(), "label", finding.Args{"key": key})
	}
}

func (d *Documents) service(b *slomodel.Builder, x *document) {
	if first := named(d.services, x.name); first != x {
		b.Report.Add(intake.Notice, x.n.Place(), x.path(), model.Ref{}, "kubernetes.twice", finding.Args{"first": first.n.Place().String()})
		return
	}
	describe(b, b.Service(x.name, x.n.Place()), x)
}

func (d *Documents) source(b *slomodel.Builder, x *document) {
	if first := named(d.sources, x.name); first != x {
		b.Report.Add(intake.Notice, x.n.Place(), x.path(), model.Ref{}, "kubernetes.twice", finding.Args{"first": first.n.Place().String()})
		return
	}
	o := b.Tool(x.name, x.title, x.spec.Get("type").Text(), x.n.Place())
	describe(b, o, x)
	if url := address(x); url != "" {
		intake.Tag(o, labelPrefix+"url", url)
	}
	details := x.spec.Get("connectionDetails")
	for _, n := range append(details.Items(), details) {
		for _, e := range n.Entries() {
			if e.Name != "url" {
				b.Report.Add(intake.LeftOut, e.Key.Place(), x.path()+"."+e.Name, o.Ref(), "openslo.secret", finding.Args{"key": e.Name})
			}
		}
	}
}

// take takes an SLO over.
func (d *Documents) take(b *slomodel.Builder, s *slo) {
	var burns []slofile.Burn
	for _, p := range s.policies {
		burns = append(burns, d.burns(b, p)...)
	}
	var object *model.Object
	described := map[*model.Object]bool{}
	for i := range s.objectives {
		o := s.definition(i)
		o.Burns = burns
		b.Objective(o)
		object = b.Agreement(o)
		if w := s.objectives[i].weight; w != "" {
			b.Report.Add(intake.Unknown, s.objectives[i].n.Get("compositeWeight").Place(), s.path()+".compositeWeight", object.Ref(), "openslo.weight", finding.Args{"weight": w})
		}
		x := s.indicator
		if own := s.objectives[i].indicator; own != nil {
			x = own
		}
		targets := object.Spec.(*model.Agreement).Targets
		source := b.Report.Get(targets[len(targets)-1].MeasuredBy)
		if x != nil && x.metadata.Exists() && source != nil && !described[source] {
			described[source] = true
			describe(b, source, &x.document)
		}
	}
	if object != nil {
		describe(b, object, &s.document)
	}
}

// burns reads the burn-rate alerts of a policy.
func (d *Documents) burns(b *slomodel.Builder, p *document) []slofile.Burn {
	var out []slofile.Burn
	for _, n := range p.spec.Get("conditions").Items() {
		x := &document{n: n, kind: "AlertCondition", version: V1, metadata: n.Get("metadata"), spec: n.Get("spec")}
		if ref := n.Get("conditionRef"); ref.Exists() {
			if x = named(d.conditions, ref.Text()); x == nil {
				b.Report.Add(intake.Notice, ref.Place(), p.path()+".conditionRef", model.Ref{}, "openslo.dangling", finding.Args{"kind": "AlertCondition", "name": ref.Text()})
				continue
			}
		} else if !d.head(x) {
			continue
		}
		c := x.spec.Get("condition")
		factor, ok := slofile.Number(c.Get("threshold"))
		op := slofile.Comparison(c.Get("op").Text())
		switch {
		case c.Get("kind").Text() != "burnrate" || op.Sign() == "" || !ok:
			d.Refuse(or(c, x.spec, x.n).Place(), "openslo.condition", finding.Args{"name": x.name})
			continue
		case op == slofile.AtMost || op == slofile.LessThan:
			b.Report.Add(intake.Unknown, c.Get("op").Place(), x.path(), model.Ref{}, "openslo.condition.below", finding.Args{"op": string(op)})
			continue
		}
		long, ok := d.length(c.Get("lookbackWindow"), c, "lookbackWindow")
		if !ok {
			continue
		}
		burn := slofile.Burn{Name: x.name, Severity: x.spec.Get("severity").Text(), Factor: factor, Long: long.rolling}
		if after := c.Get("alertAfter"); after.Exists() {
			if p, ok := d.length(after, c, "alertAfter"); ok {
				burn.After = p.rolling
			}
		}
		if burn.Severity != "" {
			b.Report.Add(intake.LeftOut, x.spec.Get("severity").Place(), x.path()+".severity", model.Ref{}, "openslo.severity", finding.Args{"severity": burn.Severity})
		}
		out = append(out, burn)
	}
	for _, n := range p.spec.Get("notificationTargets").Items() {
		b.Report.Add(intake.LeftOut, n.Place(), p.path()+".notificationTargets", model.Ref{}, "openslo.notify", finding.Args{"name": or(n.Get("targetRef"), n.Path("metadata", "name")).Text()})
	}
	return out
}

// told says what became of the documents on alerts.
func (d *Documents) told(b *slomodel.Builder, x *document) {
	switch x.kind {
	case "AlertNotificationTarget":
		b.Report.Add(intake.LeftOut, x.n.Place(), x.path(), model.Ref{}, "openslo.notify", finding.Args{"name": x.name})
	case "AlertPolicy":
		used := false
		for _, s := range d.slos {
			for _, p := range s.policies {
				used = used || p == x
			}
		}
		if !used {
			b.Report.Add(intake.LeftOut, x.n.Place(), x.path(), model.Ref{}, "openslo.unused", finding.Args{"name": x.name})
		}
	case "AlertCondition":
		used := false
		for _, p := range d.policies {
			for _, n := range p.spec.Get("conditions").Items() {
				used = used || n.Get("conditionRef").Text() == x.name
			}
		}
		if !used {
			b.Report.Add(intake.LeftOut, x.n.Place(), x.path(), model.Ref{}, "openslo.unused", finding.Args{"name": x.name})
		}
	}
}

// shorten writes a length of time as OpenSLO does, in its largest whole unit; "" for
// one of less than a minute.
func shorten(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{7 * 24 * time.Hour, "w"}, {24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= u.unit && d%u.unit == 0 {
			return itoa(int(d/u.unit)) + u.name
		}
	}
	return ""
}

// labelled splits the labels of an object into those of OpenSLO's own documents and
// the annotations among them.
func labelled(labels map[string]string) (own, annotations map[string]string) {
	own, annotations = map[string]string{}, map[string]string{}
	for k, v := range labels {
		if a, ok := strings.CutPrefix(k, labelPrefix+"annotation."); ok {
			annotations[a] = v
		} else if !strings.HasPrefix(k, labelPrefix) && !strings.HasPrefix(k, "slo.") {
			own[k] = v
		}
	}
	return own, annotations
}
