package app

import (
	"context"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/coordination"
)

// Sheet is all that is known of a service, for those who design and run it.
type Sheet struct {
	Service     ServiceRow       `json:"service"`
	Version     int64            `json:"version"`
	Description model.Text       `json:"description"`
	FourPs      map[string]PView `json:"fourPs"`
	Promises    []PromiseView    `json:"promises"`
	Security    []PillarView     `json:"security"`
	Sections    []SectionView    `json:"sections"`
	Capacity    Table            `json:"capacity"`
	Continuity  Table            `json:"continuity"`
	Suppliers   Table            `json:"suppliers"`
	Documents   Table            `json:"documents"`
	Findings    []FindingView    `json:"findings"`
	Publication PublicationView  `json:"publication"`
	Permissions map[string]bool  `json:"permissions"`
}

// PView is one of the four Ps of a service.
type PView struct {
	State string  `json:"state"` // complete, none (declared) or empty
	Items []Named `json:"items"`
	Why   string  `json:"why,omitempty"`
}

// PromiseView sets promise, prediction and measurement side by side.
type PromiseView struct {
	Agreement Named      `json:"agreement"`
	Customer  *Named     `json:"customer,omitempty"`
	Target    string     `json:"target"`
	Title     model.Text `json:"title"`
	Metric    string     `json:"metric"`
	Label     string     `json:"label"`
	Promised  string     `json:"promised"`
	Predicted string     `json:"predicted,omitempty"`
	Measured  string     `json:"measured,omitempty"`
	Period    string     `json:"period,omitempty"`
	Declared  bool       `json:"declared,omitempty"`
	Verdict   Mark       `json:"verdict"`
	Coverage  string     `json:"coverage,omitempty"`
	Why       string     `json:"why,omitempty"`
	Findings  []string   `json:"findings,omitempty"`
}

// PillarView is what is required and assured on one pillar of security.
type PillarView struct {
	Pillar   model.Pillar `json:"pillar"`
	Label    string       `json:"label"`
	Required *int         `json:"required"`
	Assured  *int         `json:"assured"`
	Weakest  *Named       `json:"weakest,omitempty"`
}

// SectionView is one section of the service design package.
type SectionView struct {
	ID     string     `json:"id"`
	Label  model.Text `json:"label"`
	State  string     `json:"state"` // complete, waived or missing
	Needed bool       `json:"needed"`
	Proof  []Named    `json:"proof"`
}

// PublicationView is where the service stands with the catalogue.
type PublicationView struct {
	State      string `json:"state"` // none, published, ahead (the working version differs)
	At         string `json:"at,omitempty"`
	By         string `json:"by,omitempty"`
	Submission *struct {
		ID   string `json:"id"`
		By   string `json:"by"`
		At   string `json:"at"`
		Note string `json:"note"`
		Mine bool   `json:"mine"`
	} `json:"submission,omitempty"`
	Blocking []FindingView `json:"blocking"`
	Refusal  string        `json:"refusal,omitempty"`
}

// Sheet gathers the sheet of a service.
func (a *App) Sheet(ctx context.Context, actor identity.Actor, v View, service model.Ref, lang language.Lang) (*Sheet, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	o, err := a.readable(actor, s.Snap, service)
	if err != nil {
		return nil, err
	}
	if service.Kind != "service" {
		return nil, notFound(service.String())
	}
	h, _ := s.Snap.Find(service)
	svc := o.Spec.(*model.Service)
	w := WriterFor(s.Snap, lang)
	b := sheetBuilder{a: a, s: s, h: h, o: o, svc: svc, w: w}
	res := Resource(s.Snap, o)
	out := &Sheet{
		Service: s.row(h, w), Version: o.Version, Description: o.Metadata.Description, FourPs: b.fourPs(), Promises: b.promises(), Security: b.security(), Sections: b.sections(),
		Capacity: b.capacity(), Continuity: b.continuity(), Suppliers: b.suppliers(), Documents: b.documents(), Findings: []FindingView{},
		Permissions: map[string]bool{
			"edit": v.Seq == 0 && a.May(actor, identity.ActionChangeCommit, res), "submit": a.May(actor, identity.ActionSubmit, res), "withdraw": a.May(actor, identity.ActionRefuse, res),
			"publish": a.May(actor, identity.ActionPublish, res), "waive": a.May(actor, identity.ActionGrantWaiver, res),
		},
	}
	for _, d := range a.datesAhead(s, w, 400) {
		if d.Ref == service {
			out.Service.NextDate = &d
			break
		}
	}
	for _, j := range s.OfService(h) {
		out.Findings = append(out.Findings, ViewFinding(s.Snap, w, j))
	}
	out.Publication = b.publication(ctx, actor)
	return out, nil
}

type sheetBuilder struct {
	a   *App
	s   *State
	h   model.Handle
	o   *model.Object
	svc *model.Service
	w   language.Writer
}

func (b *sheetBuilder) fourPs() map[string]PView {
	found := map[model.FourP][]model.Ref{}
	if x, ok := finding.Use[*coordination.Analysis](b.s.Result.Facts); ok {
		found = x.FourPs(b.h)
	}
	out := map[string]PView{}
	for _, p := range model.FourPs {
		v := PView{State: "complete", Items: names(b.s, found[model.FourP(p.Value)])}
		if len(v.Items) == 0 {
			v.State = "empty"
			for _, n := range b.svc.None {
				if string(n.P) == p.Value && !n.Because.IsZero() {
					v.State, v.Why = "none", b.w.Value(n.Because)
				}
			}
		}
		out[p.Value] = v
	}
	return out
}

func (b *sheetBuilder) promises() []PromiseView {
	out := []PromiseView{}
	behind := b.s.behind(b.h)
	for _, in := range b.s.Snap.In(b.h) {
		o := b.s.Snap.Object(in.From)
		ag, ok := o.Spec.(*model.Agreement)
		if !ok || in.Field.Name != "services" || ag.Type != "sla" {
			continue
		}
		for i := range ag.Targets {
			out = append(out, b.s.promise(b.w, o, ag, i, b.h, behind))
		}
	}
	slices.SortStableFunc(out, func(x, y PromiseView) int {
		return slices.Index(markOrder, y.Verdict) - slices.Index(markOrder, x.Verdict)
	})
	return out
}

// PromisedValue writes what a target promises.
func PromisedValue(w language.Writer, t model.Target) string {
	text := ""
	switch {
	case t.Availability != nil:
		text = w.Value(*t.Availability)
	case t.Within != 0:
		text = w.Value(t.Within)
	case t.AtLeast != nil:
		text = "≥ " + w.Value(*t.AtLeast)
	case t.AtMost != nil:
		text = "≤ " + w.Value(*t.AtMost)
	}
	if t.Percentile != nil {
		text += w.Message("target.percentile", finding.Args{"share": *t.Percentile})
	}
	return text
}

func latestFigures(s *model.Snapshot, of model.Ref, target string, service model.Ref) *model.CaseFigures {
	h, ok := s.Find(of)
	if !ok {
		return nil
	}
	var last *model.CaseFigures
	for _, in := range s.In(h) {
		f, ok := s.Object(in.From).Spec.(*model.CaseFigures)
		if ok && f.Target == target && (f.Service.IsZero() || f.Service == service) && (last == nil || f.Until > last.Until) {
			last = f
		}
	}
	return last
}

func (b *sheetBuilder) security() []PillarView {
	out := []PillarView{}
	for _, p := range model.Pillars {
		v := PillarView{Pillar: model.Pillar(p.Value), Label: p.Label.In(string(b.w.Lang)), Required: b.svc.Security.Of(model.Pillar(p.Value))}
		for _, h := range b.s.Design(b.h) {
			c, ok := b.s.Snap.Object(h).Spec.(*model.Component)
			if !ok {
				continue
			}
			if level := c.Security.Of(v.Pillar); level != nil && (v.Assured == nil || *level < *v.Assured) {
				n := Name(b.s.Snap, b.s.Snap.Ref(h))
				v.Assured, v.Weakest = level, &n
			}
		}
		out = append(out, v)
	}
	return out
}

func (b *sheetBuilder) sections() []SectionView {
	out := []SectionView{}
	x, ok := finding.Use[*coordination.Analysis](b.s.Result.Facts)
	if !ok {
		return out
	}
	for i, sec := range x.Sections(b.h) {
		out = append(out, SectionView{string(sec.Name), model.Sections[i].Label, string(sec.State), sec.Required, names(b.s, sec.Proof)})
	}
	return out
}

func (b *sheetBuilder) publication(ctx context.Context, actor identity.Actor) PublicationView {
	v := PublicationView{State: "none", Blocking: []FindingView{}}
	for _, j := range blocking(b.s, b.h) {
		v.Blocking = append(v.Blocking, ViewFinding(b.s.Snap, b.w, j))
	}
	who := func(d *model.Decision) string {
		if !d.By.IsZero() {
			return b.w.Value(d.By)
		}
		return b.a.ActorName(ctx, d.Account)
	}
	if p, err := b.a.PublishedService(ctx, b.s.Snap, b.o.Ref()); err == nil && p != nil {
		d := p.Decision.Spec.(*model.Decision)
		v.State, v.At, v.By = "published", d.At.Format("2006-01-02T15:04:05Z07:00"), who(d)
		if p.Ahead {
			v.State = "ahead"
		}
	}
	if open := openSubmission(b.s.Snap, b.o.Ref()); open != nil {
		d := open.Spec.(*model.Decision)
		v.Submission = &struct {
			ID   string `json:"id"`
			By   string `json:"by"`
			At   string `json:"at"`
			Note string `json:"note"`
			Mine bool   `json:"mine"`
		}{open.Metadata.Name, who(d), d.At.Format("2006-01-02T15:04:05Z07:00"), b.w.Value(d.Reason), d.Account == actor.ID()}
	} else if list := decisions(b.s.Snap, b.o.Ref()); len(list) > 0 {
		if d := list[len(list)-1].Spec.(*model.Decision); d.Type == "refusal" {
			v.Refusal = b.w.Value(d.Reason)
		}
	}
	return v
}
