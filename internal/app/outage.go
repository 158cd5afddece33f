package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// Recording is what recording an interruption starts from: what time it is, what is
// down already, and what falls with what is said to be down now.
type Recording struct {
	Now       model.Instant `json:"now"`
	Zone      string        `json:"zone"`      // of the organisation
	Record    bool          `json:"record"`    // the reader may record outages
	Plan      bool          `json:"plan"`      // the reader may record maintenance
	Review    bool          `json:"review"`    // the reader may plan reviews
	Down      []DownCause   `json:"down"`      // what was asked about
	Open      []OutageView  `json:"open"`      // outages that have no end yet, the latest first
	Unstudied []OutageView  `json:"unstudied"` // ended lately, uncontrolled, and not reviewed
}

// DownCause is something that is down, with the services that an outage of it hits.
type DownCause struct {
	Named
	Cause    bool    `json:"cause"`   // it can be the cause of an outage
	Planned  bool    `json:"planned"` // it can be worked on by a maintenance
	Services []Named `json:"services"`
}

// OutageView is an outage as recorded.
type OutageView struct {
	Named
	Version  int64           `json:"version"`
	Document json.RawMessage `json:"document"`
	Cause    *Named          `json:"cause,omitempty"`
	Start    model.Instant   `json:"start"`
	End      *model.Instant  `json:"end,omitempty"`
	Services []Named         `json:"services"`
	Derived  bool            `json:"derived"`            // the services are those that the design says
	Planned  model.Date      `json:"planned,omitzero"`   // day for which its review is planned
	Due      model.Date      `json:"reviewDue,omitzero"` // day by which it is to be reviewed
}

// slack is how far ahead of the server's clock an end may lie and still be one.
const slack = 5 * time.Minute

// studied is for how many days after its end an outage that nobody reviewed is shown.
const studied = 30

// RecordingOf says what recording an interruption of some objects starts from.
func (a *App) RecordingOf(ctx context.Context, actor identity.Actor, of []model.Ref) (*Recording, error) {
	s, err := a.At(ctx, View{})
	if err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	av, ok := finding.Use[*availability.Analysis](s.Result.Facts)
	if !ok {
		return nil, fail(CodeUnavailable, nil)
	}
	for _, r := range of {
		if _, err := a.readable(actor, s.Snap, r); err != nil {
			return nil, err
		}
		if !availability.Fails(r.Kind) {
			return nil, refused("/of", &model.Fault{Format: "%q cannot be down: ask about what services rest on, such as a component, a site, a supplier, a person or a service", Args: []any{r.String()}})
		}
	}
	may := func(kind string) bool {
		return a.May(actor, identity.ActionChangeCommit, identity.Resource{Kind: kind})
	}
	zone := calendars.Zone(s.Result.Facts)
	out := &Recording{
		Now: model.Instant{Time: a.clock(s.On, zone)}, Zone: zone.String(), Record: may("outage"), Plan: may("maintenance"), Review: may("review"),
		Down: downCauses(s, av, of), Open: []OutageView{}, Unstudied: []OutageView{},
	}
	out.outages(s, av, func(o *model.Object) bool { return a.Visible(actor, s.Snap, o) })
	return out, nil
}

// clock is the time of the day on which the model is seen.
func (a *App) clock(on model.Date, zone *time.Location) time.Time {
	now := a.now().In(zone).Truncate(time.Minute)
	if model.DateOf(now) == on {
		return now
	}
	day := on.In(zone)
	return time.Date(day.Year(), day.Month(), day.Day(), now.Hour(), now.Minute(), 0, 0, zone)
}

// downCauses splits what falls together among its causes: what each stops alone, and
// with each what they stop only together.
func downCauses(s *State, av *availability.Analysis, of []model.Ref) []DownCause {
	out := []DownCause{}
	together := av.Down(of).Services
	alone := map[model.Ref][]model.Ref{}
	var explained []model.Ref
	for _, r := range of {
		alone[r] = av.Down([]model.Ref{r}).Services
		explained = append(explained, alone[r]...)
	}
	for _, r := range of {
		var hit []model.Ref
		for _, service := range together {
			if slices.Contains(alone[r], service) || !slices.Contains(explained, service) {
				hit = append(hit, service)
			}
		}
		out = append(out, DownCause{
			Named: Name(s.Snap, r), Services: names(s, hit),
			Cause: takes("outage", "cause", r.Kind), Planned: takes("maintenance", "on", r.Kind),
		})
	}
	return out
}

// takes reports whether a field of a kind may refer to another kind.
func takes(kind, field, to string) bool {
	return slices.ContainsFunc(model.KindOf(kind).Fields, func(f *model.Field) bool {
		return f.Name == field && slices.Contains(f.Refs, to)
	})
}

// outages lists what is down as recorded, and what ended and waits for its review.
func (x *Recording) outages(s *State, av *availability.Analysis, visible func(*model.Object) bool) {
	for _, h := range s.Snap.OfKind("outage") {
		o := s.Snap.Object(h)
		spec := o.Spec.(*model.Outage)
		if !visible(o) || spec.Start.IsZero() || spec.Start.After(x.Now.Time) {
			continue
		}
		v := OutageView{
			Named: Name(s.Snap, o.Ref()), Version: o.Version, Document: o.Document(), Start: spec.Start,
			Services: names(s, av.Hits(h)), Derived: len(spec.Hits) == 0,
		}
		if !spec.Cause.IsZero() {
			cause := Name(s.Snap, spec.Cause)
			v.Cause = &cause
		}
		if spec.End.IsZero() {
			x.Open = append(x.Open, v)
			continue
		}
		wait, waits := av.AwaitsReview(h)
		if since := x.Now.Sub(spec.End.Time); !waits || since < -slack || since > studied*24*time.Hour {
			continue
		}
		v.End, v.Planned, v.Due = &spec.End, wait.Planned, wait.Due
		x.Unstudied = append(x.Unstudied, v)
	}
	latest := func(a, b OutageView) int { return b.Start.Compare(a.Start.Time) }
	slices.SortStableFunc(x.Open, latest)
	slices.SortStableFunc(x.Unstudied, latest)
}
