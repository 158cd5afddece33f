package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/ledger"
)

// SeriesView is a series of evidence: what a measurement source says of one thing.
type SeriesView struct {
	Series   string     `json:"series"`
	Source   Named      `json:"source"`
	Of       Named      `json:"of"`
	Last     model.Date `json:"last,omitzero"` // last day recorded
	Measured bool       `json:"measured"`      // Diapason asks for it itself
}

// SeriesEvidence is the evidence of a series over some UTC days.
type SeriesEvidence struct {
	SeriesView
	From       model.Date    `json:"from"`
	Until      model.Date    `json:"until"`
	Days       []EvidenceDay `json:"days"` // those of which there is evidence
	MayCorrect bool          `json:"mayCorrect"`
}

// EvidenceDay is one UTC day of evidence: what stands, who said so, and the minutes.
type EvidenceDay struct {
	Date     model.Date    `json:"date"`
	Revision int           `json:"revision"` // 0 while provisional
	At       model.Instant `json:"at"`       // recorded, or asked
	Engine   string        `json:"engine,omitempty"`
	Author   string        `json:"author,omitempty"` // name of who corrected or pushed it
	Reason   string        `json:"reason,omitempty"`
	// Provisional: the day is not over or not recorded yet.
	Provisional bool            `json:"provisional,omitempty"`
	Good        int             `json:"good"`    // minutes
	Bad         int             `json:"bad"`     // minutes
	Unknown     int             `json:"unknown"` // minutes, those to come included
	Intervals   []EvidenceSlice `json:"intervals"`
}

// EvidenceSlice is a stretch of minutes that were alike.
type EvidenceSlice struct {
	From  model.Instant `json:"from"`
	Until model.Instant `json:"until"`
	State string        `json:"state" enum:"good,bad,unknown"`
	// Events of each minute; absent where they were not counted.
	Good  float64 `json:"good,omitzero"`
	Total float64 `json:"total,omitzero"`
}

// mostDays is how many days are read at once.
const mostDays = 400

// dateOf is the date of a UTC day.
func dateOf(day int) model.Date { return model.Date(day + 1) }

// dayNumber is the number of the UTC day of a date.
func dayNumber(d model.Date) int { return int(d) - 1 }

// withLedger refuses where there is no ledger.
func (a *App) withLedger() error {
	if a.evidence == nil {
		return fail(CodeUnavailable, nil)
	}
	return nil
}

// readableSeries takes a series apart, if the actor may read what it is about.
func (a *App) readableSeries(actor identity.Actor, s *model.Snapshot, name string) (source, of model.Ref, err error) {
	source, of, ok := ParseSeries(ledger.Series(name))
	if !ok {
		return source, of, refused("/series", &model.Fault{Format: "%q is no series: write a measurement source and what it measures, such as \"measurement-source/probe service/payroll\"", Args: []any{name}})
	}
	for _, ref := range []model.Ref{source, of} {
		r := identity.Resource{Kind: ref.Kind, Name: ref.Name} // what it was about may be gone
		if o := s.Get(ref); o != nil {
			r = Resource(s, o)
		}
		if err := a.Authorize(actor, identity.ActionReadModel, r); err != nil {
			if codeIs(err, CodeForbidden) {
				err = notFound(name)
			}
			return source, of, err
		}
	}
	return source, of, nil
}

// measuredBy is how a series is asked for; false where it is not.
func measuredBy(s *model.Snapshot, source, of model.Ref) (measuredSeries, bool) {
	o := s.Get(source)
	if o == nil {
		return measuredSeries{}, false
	}
	spec := o.Spec.(*model.MeasurementSource)
	if !slices.Contains(spec.Of, of) {
		return measuredSeries{}, false
	}
	return measure(source, spec, of)
}

// EvidenceSeries lists the series that are measured or recorded and that the actor may
// read, by name; of one thing when it is given.
func (a *App) EvidenceSeries(ctx context.Context, actor identity.Actor, about model.Ref) ([]SeriesView, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	last, err := a.evidence.ledger.Last(ctx)
	if err != nil {
		return nil, err
	}
	s := a.Head()
	views := map[ledger.Series]SeriesView{}
	for name, day := range last {
		views[name] = SeriesView{Series: string(name), Last: dateOf(day)}
	}
	for _, m := range measuredOf(s) {
		v := views[m.name]
		v.Series, v.Measured = string(m.name), true
		views[m.name] = v
	}
	out := []SeriesView{}
	for _, v := range views {
		source, of, err := a.readableSeries(actor, s, v.Series)
		if err != nil || about.Name != "" && of != about && source != about {
			continue
		}
		v.Source, v.Of = Name(s, source), Name(s, of)
		out = append(out, v)
	}
	slices.SortFunc(out, func(x, y SeriesView) int { return strings.Compare(x.Series, y.Series) })
	return out, nil
}

// Evidence reads the evidence of a series for the UTC days [from, until]. Without dates it
// is the last thirty days. Days that are not recorded yet are asked for.
func (a *App) Evidence(ctx context.Context, actor identity.Actor, series string, from, until model.Date, lang language.Lang) (*SeriesEvidence, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	s := a.Head()
	source, of, err := a.readableSeries(actor, s, series)
	if err != nil {
		return nil, err
	}
	now := dateOf(dayOf(a.now()))
	if until.IsZero() {
		until = dateOf(dayOf(a.instant(a.now())))
	}
	if from.IsZero() {
		from = until.AddDays(-29)
	}
	if from > until || from.DaysUntil(until) >= mostDays {
		return nil, refused("/until", &model.Fault{Format: "evidence is read for %d days at most, from its first to its last", Args: []any{mostDays}})
	}
	m, measured := measuredBy(s, source, of)
	out := &SeriesEvidence{SeriesView: SeriesView{Series: series, Source: Name(s, source), Of: Name(s, of), Measured: measured}, From: from, Until: until, Days: []EvidenceDay{}}
	out.MayCorrect = a.maySay(actor, s, source) == nil
	recorded := map[int]bool{}
	for r, err := range a.evidence.ledger.Read(ctx, []ledger.Series{ledger.Series(series)}, dayNumber(from), dayNumber(until), time.Time{}) {
		if err != nil {
			return nil, err
		}
		day, err := a.evidenceDay(ctx, &r, lang)
		if err != nil {
			return nil, err
		}
		recorded[r.Day] = true
		out.Days, out.Last = append(out.Days, day), day.Date
	}
	// The current day and the one before, until it is recorded.
	for date := max(from, now.AddDays(-1)); measured && a.evidence.metrics != nil && date <= min(until, now); date++ {
		if recorded[dayNumber(date)] {
			continue
		}
		l, err := a.evidence.provisional(ctx, &m, dayNumber(date))
		if err != nil {
			return nil, err
		}
		day := daySlices(l.day)
		day.At, day.Engine, day.Reason, day.Provisional = model.Instant{Time: l.at}, l.from, a.reasonText(l.why, "", lang), true
		out.Days = append(out.Days, day)
	}
	slices.SortFunc(out.Days, func(x, y EvidenceDay) int { return y.Date.DaysUntil(x.Date) })
	return out, nil
}

// EvidenceRevisions gives every revision of the evidence of one day.
func (a *App) EvidenceRevisions(ctx context.Context, actor identity.Actor, series string, date model.Date, lang language.Lang) ([]EvidenceDay, error) {
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	if _, _, err := a.readableSeries(actor, a.Head(), series); err != nil {
		return nil, err
	}
	records, err := a.evidence.ledger.Revisions(ctx, ledger.Series(series), dayNumber(date))
	if err != nil {
		return nil, err
	}
	out := make([]EvidenceDay, len(records))
	for i := range records {
		if out[i], err = a.evidenceDay(ctx, &records[i], lang); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// evidenceDay renders a revision.
func (a *App) evidenceDay(ctx context.Context, r *ledger.Record, lang language.Lang) (EvidenceDay, error) {
	day, err := slo.DecodeDay(r.Slices)
	if err != nil {
		return EvidenceDay{}, err
	}
	out := daySlices(day)
	out.Revision, out.At, out.Engine, out.Reason = r.Revision, model.Instant{Time: r.At}, r.Engine, a.reasonText(r.Reason, r.Author, lang)
	if r.Author != "" {
		out.Author = a.ActorName(ctx, r.Author)
	}
	return out, nil
}

// reasonText gives the recorder's own reasons their sentence; people's stay as they are.
func (a *App) reasonText(reason, author string, lang language.Lang) string {
	if reason == "" || author != "" {
		return reason
	}
	return language.Writer{Lang: lang}.Message("evidence.reason."+reason, nil)
}

// daySlices writes the runs of a day as intervals.
func daySlices(day slo.Day) EvidenceDay {
	out := EvidenceDay{Date: dateOf(day.Number), Intervals: []EvidenceSlice{}, Unknown: slo.DayMinutes}
	at := startOf(day.Number)
	for _, run := range day.Runs {
		end := at.Add(time.Duration(run.Minutes) * time.Minute)
		out.Intervals = append(out.Intervals, EvidenceSlice{From: model.Instant{Time: at}, Until: model.Instant{Time: end}, State: run.State.String(), Good: run.Good.Events(), Total: run.Total.Events()})
		switch run.State {
		case slo.Good:
			out.Good += run.Minutes
		case slo.Bad:
			out.Bad += run.Minutes
		}
		at = end
	}
	out.Unknown -= out.Good + out.Bad
	return out
}

// maySay refuses those who may not say what a source measured: those who may not change
// the source.
func (a *App) maySay(actor identity.Actor, s *model.Snapshot, source model.Ref) error {
	o := s.Get(source)
	if o == nil {
		return notFound(source.String())
	}
	return a.Authorize(actor, identity.ActionChangeCommit, Resource(s, o))
}
