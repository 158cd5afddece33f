package app

import (
	"cmp"
	"context"
	"slices"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// ServiceRow is a service on the conductor's desk.
type ServiceRow struct {
	Ref           model.Ref                `json:"ref"`
	Title         model.Text               `json:"title"`
	Facing        string                   `json:"facing"`
	Stage         model.Stage              `json:"stage"`
	Owner         *Named                   `json:"owner,omitempty"`
	Criticality   model.Criticality        `json:"criticality"`
	AvailableFrom string                   `json:"availableFrom,omitempty"`
	RetiresOn     string                   `json:"retiresOn,omitempty"`
	State         Lifecycle                `json:"state"`
	Marks         map[finding.Process]Mark `json:"marks"`
	PromiseAtRisk *FindingView             `json:"promiseAtRisk"`
	NextDate      *DateAhead               `json:"nextDate"`
	Findings      Counts                   `json:"findings"`
}

// DateAhead is something that falls due.
type DateAhead struct {
	Date  string     `json:"date"`
	What  string     `json:"what"`
	Ref   model.Ref  `json:"ref"`
	Title model.Text `json:"title"`
}

// StageGroup is the services at one stage.
type StageGroup struct {
	Stage    model.Stage  `json:"stage"`
	Label    model.Text   `json:"label"`
	Services []ServiceRow `json:"services"`
}

// Overview is the conductor's desk.
type Overview struct {
	Stages []StageGroup  `json:"stages"`
	Top    []FindingView `json:"top"`
	Dates  []DateAhead   `json:"dates"`
	Counts Counts        `json:"counts"`
	Seq    int64         `json:"seq"`
}

// OverviewQuery filters the desk.
type OverviewQuery struct {
	Stage       string
	Owner       model.Ref
	Customer    model.Ref
	Criticality string
	Process     string // findings of this process come first
}

// Overview shows every service that the actor may see, by stage.
func (a *App) Overview(ctx context.Context, actor identity.Actor, v View, q OverviewQuery, lang language.Lang) (*Overview, error) {
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	w := WriterFor(s.Snap, lang)
	ahead := a.datesAhead(s, w, 90)
	next := map[model.Ref]*DateAhead{}
	for i, d := range ahead {
		if next[d.Ref] == nil {
			next[d.Ref] = &ahead[i]
		}
	}
	out := &Overview{Stages: []StageGroup{}, Seq: s.Snap.Seq, Top: []FindingView{}, Dates: ahead[:min(len(ahead), 30)]}
	groups := map[model.Stage][]ServiceRow{}
	for _, h := range s.Snap.OfKind("service") {
		o := s.Snap.Object(h)
		svc := o.Spec.(*model.Service)
		if q.Stage != "" && q.Stage != string(svc.Stage) || q.Criticality != "" && q.Criticality != string(svc.Criticality) || !q.Owner.IsZero() && o.Metadata.Owner != q.Owner {
			continue
		}
		if !a.Visible(actor, s.Snap, o) || !q.Customer.IsZero() && !servesCustomer(s.Snap, h, svc, q.Customer) {
			continue
		}
		row := s.row(h, w)
		row.NextDate = next[o.Ref()]
		groups[svc.Stage] = append(groups[svc.Stage], row)
	}
	for _, st := range model.Stages {
		if list := groups[model.Stage(st.Value)]; len(list) > 0 {
			out.Stages = append(out.Stages, StageGroup{model.Stage(st.Value), st.Label, list})
		}
	}
	if list := groups[""]; len(list) > 0 {
		out.Stages = append(out.Stages, StageGroup{"", model.T("Stage not stated", "Étape non renseignée"), list})
	}
	all := slices.Clone(s.Judged)
	SortWorstFirst(all)
	for _, j := range all {
		switch {
		case !j.Counts():
		case j.Outcome == finding.Unknown:
			out.Counts.Unknown++
		case j.Severity == finding.Error:
			out.Counts.Error++
		case j.Severity == finding.Warning:
			out.Counts.Warning++
		default:
			out.Counts.Info++
		}
	}
	const shown = 12
	for _, j := range all {
		r := assess.Rule(j.Rule)
		if len(out.Top) == shown || !j.Counts() {
			break
		}
		if q.Process == "" || r != nil && string(r.Process) == q.Process {
			out.Top = append(out.Top, ViewFinding(s.Snap, w, j))
		}
	}
	return out, nil
}

func (s *State) row(h model.Handle, w language.Writer) ServiceRow {
	o := s.Snap.Object(h)
	svc := o.Spec.(*model.Service)
	row := ServiceRow{
		Ref: o.Ref(), Title: Name(s.Snap, o.Ref()).Title, Facing: svc.Facing, Stage: svc.Stage, Criticality: svc.Criticality,
		AvailableFrom: svc.AvailableFrom.String(), RetiresOn: svc.RetiresOn.String(), State: LifecycleOf(svc, s.On),
	}
	if !o.Metadata.Owner.IsZero() {
		n := Name(s.Snap, o.Metadata.Owner)
		row.Owner = &n
	}
	row.Marks = s.Marks(h)
	for _, j := range s.OfService(h) {
		r := assess.Rule(j.Rule)
		if r == nil {
			continue
		}
		if !j.Counts() {
			continue
		}
		switch {
		case j.Outcome == finding.Unknown:
			row.Findings.Unknown++
		case j.Severity == finding.Error:
			row.Findings.Error++
		case j.Severity == finding.Warning:
			row.Findings.Warning++
		default:
			row.Findings.Info++
		}
		if row.PromiseAtRisk == nil && r.Process == finding.ServiceLevel && j.Outcome == finding.Violated && j.Severity >= finding.Warning {
			v := ViewFinding(s.Snap, w, j)
			row.PromiseAtRisk = &v
		}
	}
	return row
}

func servesCustomer(s *model.Snapshot, h model.Handle, svc *model.Service, customer model.Ref) bool {
	for _, g := range svc.Users {
		if o := s.Get(g); o != nil && o.Spec.(*model.UserGroup).Customer == customer {
			return true
		}
	}
	for _, in := range s.In(h) {
		switch x := s.Object(in.From).Spec.(type) {
		case *model.Agreement:
			if x.Customer == customer {
				return true
			}
		case *model.Customer:
			if s.Ref(in.From) == customer {
				return true
			}
		}
	}
	return false
}

// dated gives the date fields that are worth announcing, by kind, and the message
// that says what falls due.
var dated = map[string]map[string]string{
	"service":       {"availableFrom": "date.service.availableFrom", "retiresOn": "date.service.retiresOn", "migrateBy": "date.service.migrateBy"},
	"agreement":     {"end": "date.agreement.end"},
	"contract":      {"end": "date.contract.end"},
	"action":        {"due": "date.action.due"},
	"review":        {"planned": "date.review.planned"},
	"exercise":      {"planned": "date.exercise.planned"},
	"certification": {"expires": "date.certification.expires"},
	"component":     {"supportEnds": "date.component.supportEnds"},
	"tool":          {"supportEnds": "date.tool.supportEnds"},
	"waiver":        {"until": "date.waiver.until"},
	"document":      {"reviewBy": "date.document.reviewBy"},
	"policy":        {"reviewBy": "date.policy.reviewBy"},
}

// dueDates is what suppliers' and agreements' terms derive; notice days are
// computed, never typed.
type dueDates interface {
	NoticeDays(from, until model.Date) []struct {
		Ref model.Ref
		Day model.Date
	}
}

// datesAhead lists what falls due within some days, soonest first.
func (a *App) datesAhead(s *State, w language.Writer, days int) []DateAhead {
	return datesBetween(s, w, s.On, s.On.AddDays(days))
}

// due is a day on which something falls due, and the message that says what.
type due struct {
	ref     model.Ref
	day     model.Date
	message string
}

// datesBetween lists what falls due from one day to another, both included,
// soonest first.
func datesBetween(s *State, w language.Writer, from, end model.Date) []DateAhead {
	return written(s, w, dueBetween(s, from, end))
}

// written says in the reader's language what falls due.
func written(s *State, w language.Writer, list []due) []DateAhead {
	out := make([]DateAhead, len(list))
	for i, d := range list {
		out[i] = DateAhead{d.day.String(), w.Message(d.message, nil), d.ref, Name(s.Snap, d.ref).Title}
	}
	return out
}

func dueBetween(s *State, from, end model.Date) []due {
	var out []due
	for kind, fields := range dated {
		for _, h := range s.Snap.OfKind(kind) {
			o := s.Snap.Object(h)
			o.Dates(func(f *model.Field, d model.Date) {
				if key := fields[f.Name]; key != "" && d >= from && d <= end && !finished(o) {
					out = append(out, due{o.Ref(), d, key})
				}
			})
		}
	}
	if n, ok := finding.Use[dueDates](s.Result.Facts); ok {
		for _, d := range n.NoticeDays(from, end) {
			out = append(out, due{d.Ref, d.Day, "date.notice"})
		}
	}
	slices.SortFunc(out, func(x, y due) int { return cmp.Or(cmp.Compare(x.day, y.day), x.ref.Compare(y.ref)) })
	return out
}

func finished(o *model.Object) bool {
	switch x := o.Spec.(type) {
	case *model.Action:
		return !x.Done.IsZero()
	case *model.Review:
		return !x.Date.IsZero()
	case *model.Exercise:
		return !x.Date.IsZero()
	case *model.Service:
		return x.Stage == model.StageRetired
	}
	return false
}
