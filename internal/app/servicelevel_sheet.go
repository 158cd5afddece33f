package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// LevelSheetQuery says which months and promises the sheet services × months shows; empty
// fields do not filter.
type LevelSheetQuery struct {
	Until    string // the last month, 2027-03; the present one where empty
	Months   int    // 12 when 0, 36 at most
	Of       model.Ref
	Customer model.Ref
	Service  model.Ref
	// Agreements leaves contracts out.
	Agreements bool
}

// monthsMost is how many months a sheet shows at most.
const monthsMost = 36

// LevelSheet is what was attained of each promise, month by month.
type LevelSheet struct {
	Months []LevelMonth  `json:"months"`
	Rows   []LevelRow    `json:"rows" doc:"One promise for one service each, by service"`
	At     model.Instant `json:"at" doc:"Instant up to which things may be known"`
	Counts LevelCounts   `json:"counts" doc:"Months that are over, by what became of the promise"`
}

// LevelMonth is a month of the calendar; where it begins and ends follows the zone of each
// agreement.
type LevelMonth struct {
	Period string `json:"period" doc:"2027-03"`
	Label  string `json:"label"`
}

// LevelCounts counts months of promises.
type LevelCounts struct {
	Kept    int `json:"kept"`
	Missed  int `json:"missed"`
	Unknown int `json:"unknown"`
	None    int `json:"none" doc:"Months without any case: nothing was to be judged"`
	Sealed  int `json:"sealed"`
}

// LevelRow is one promise for one service.
type LevelRow struct {
	Of       Named       `json:"of" doc:"Agreement or contract"`
	With     *Named      `json:"with,omitempty" doc:"Customer, team or supplier"`
	Service  Named       `json:"service"`
	Target   string      `json:"target"`
	Label    string      `json:"label"`
	Promised string      `json:"promised"`
	Zone     string      `json:"zone" doc:"IANA zone in which its months begin and end"`
	Cells    []LevelCell `json:"cells" doc:"One a month"`
}

// LevelCell is a month of a promise.
type LevelCell struct {
	Period   string `json:"period"`
	Promised bool   `json:"promised" doc:"The agreement was in force in the month"`
	Basis    string `json:"basis" enum:"evidence,cases,declared,none"`
	Attained string `json:"attained,omitempty"`
	// Share is what was attained as a share, for machines.
	Share    *slo.Share `json:"share,omitempty"`
	Coverage string     `json:"coverage,omitempty" doc:"Known share of the counted time"`
	Unknown  string     `json:"unknown,omitempty" doc:"Time of which nothing is known"`
	Excluded string     `json:"excluded,omitempty" doc:"Time that was left out"`
	Cases    string     `json:"cases,omitempty"`
	Mark     Mark       `json:"mark,omitempty" doc:"Absent where the month is not what the promise is judged by"`
	// Provisional: the month is not over, or its last days are not recorded yet.
	Provisional bool   `json:"provisional,omitempty"`
	Declared    bool   `json:"declared,omitempty" doc:"Typed by hand"`
	Sealed      string `json:"sealed,omitempty" doc:"Hash of the sealed statement"`
	// Since tells what the evidence gives now where that differs from what was sealed.
	Since string `json:"since,omitempty" doc:"What the evidence gives now, where it differs from what was sealed"`
	// Whole names the longer period that the figure is of.
	Whole string `json:"whole,omitempty" doc:"Longer period that the figure is of"`
}

// LevelSheet computes the sheet services × months from the evidence.
func (a *App) LevelSheet(ctx context.Context, actor identity.Actor, q LevelSheetQuery, lang language.Lang) (*LevelSheet, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	base, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	months, err := monthsOf(base.state, q)
	if err != nil {
		return nil, err
	}
	b := &levelBuilder{a: a, actor: actor, w: WriterFor(base.state.Snap, lang), months: months}
	// The days of these months are counted apart from how things stand now.
	b.v = &overview{state: base.state, now: base.now, ledger: base.ledger, left: base.left, planned: map[plannedKey][]servicelevel.ExcludedTime{}, closed: map[int][]closedWindow{}, frames: map[frameKey]*slo.Frame{}}
	if err := b.choose(ctx, q); err != nil {
		return nil, err
	}
	if err := b.count(ctx); err != nil {
		return nil, err
	}
	return b.sheet(ctx)
}

// monthsOf lists the first days of the months that are asked for, the earliest first.
func monthsOf(s *State, q LevelSheetQuery) ([]model.Date, error) {
	on := s.On.UTC()
	last := model.NewDate(on.Year(), on.Month(), 1)
	if q.Until != "" {
		p, ok := servicelevel.ParsePeriod(q.Until)
		if !ok {
			return nil, fail(CodePeriod, finding.Args{"period": q.Until})
		}
		end := p.Last().UTC()
		last = model.NewDate(end.Year(), end.Month(), 1)
	}
	n := q.Months
	if n <= 0 {
		n = 12
	}
	n = min(n, monthsMost)
	out := make([]model.Date, n)
	for i := range out {
		out[i] = last.AddMonths(i + 1 - n)
	}
	return out, nil
}

// levelBuilder computes a sheet.
type levelBuilder struct {
	a      *App
	actor  identity.Actor
	w      language.Writer
	v      *overview
	months []model.Date
	with   []model.Ref   // by place in v.list
	cells  [][]levelCell // by place in v.list
	seals  map[string]Sealed
}

// levelCell is a month of an objective before it is written for people.
type levelCell struct {
	window   worktime.Interval
	promised bool
	until    time.Time
	reached  *slo.Attainment
	measure  *servicelevel.Measure // of cases
	figure   closedWindow          // of the model: declared or sealed
}

// choose finds the promises that were in force in one of the months.
func (b *levelBuilder) choose(ctx context.Context, q LevelSheetQuery) error {
	x, ok := finding.Use[*servicelevel.Analysis](b.v.state.Result.Facts)
	if !ok {
		return nil
	}
	last := map[ledger.Series]int{}
	if b.v.ledger != nil {
		var err error
		if last, err = b.v.ledger.Last(ctx); err != nil {
			return err
		}
	}
	snap := b.v.state.Snap
	for _, kind := range []string{"agreement", "contract"} {
		if kind == "contract" && q.Agreements {
			continue
		}
		for _, h := range snap.OfKind(kind) {
			o := snap.Object(h)
			if !q.Of.IsZero() && o.Ref() != q.Of || !b.a.Visible(b.actor, snap, o) || !q.Customer.IsZero() && partyOf(o) != q.Customer {
				continue
			}
			bound := b.bound(x, h, o)
			if !slices.Contains(bound, true) {
				continue
			}
			for _, objective := range x.ObjectivesOf(h) {
				if !q.Service.IsZero() && objective.Service != q.Service {
					continue
				}
				b.take(objective, partyOf(o), bound, last)
			}
		}
	}
	return nil
}

// bound tells for each month whether an agreement or contract was in force in it.
func (b *levelBuilder) bound(x *servicelevel.Analysis, h model.Handle, o *model.Object) []bool {
	in := func(day model.Date) bool {
		if c, ok := o.Spec.(*model.Contract); ok {
			return calendars.ContractStanding(c, day).InForce()
		}
		return x.InForce(h, day)
	}
	out := make([]bool, len(b.months))
	for i, m := range b.months {
		out[i] = in(m) || in(m.AddMonths(1).AddDays(-1))
	}
	return out
}

func (b *levelBuilder) take(o servicelevel.Objective, with model.Ref, bound []bool, last map[ledger.Series]int) {
	st := standing{id: objectiveID(&o), o: o, basis: servicelevel.BasisNone}
	st.until = b.v.now.Truncate(24 * time.Hour) // UTC days are recorded once they are over
	day, recorded := last[ledger.Series(o.Series)]
	if recorded && day >= slo.DayOf(b.v.now) {
		st.until = b.v.now
	}
	switch basis := o.Basis(); {
	case b.v.ledger == nil:
	case basis == servicelevel.BasisEvidence && recorded:
		st.basis = basis
	case basis == servicelevel.BasisCases:
		st.basis, st.until = basis, b.v.now
	}
	cells := make([]levelCell, len(b.months))
	for i, m := range b.months {
		window := slo.Month.At(m.In(o.Location), o.Location)
		until := window.End
		if st.until.Before(until) {
			until = st.until
		}
		cells[i] = levelCell{window: window, promised: bound[i], until: until}
	}
	b.v.list, b.with, b.cells = append(b.v.list, st), append(b.with, with), append(b.cells, cells)
}

// count reads the evidence and the cases of all months, and the figures of the model.
func (b *levelBuilder) count(ctx context.Context) error {
	var evidence []int
	bySource := map[string][]int{}
	for i := range b.v.list {
		st := &b.v.list[i]
		windows := make([]worktime.Interval, len(b.months))
		for n := range b.cells[i] {
			windows[n] = b.cells[i][n].window
		}
		for n, f := range b.v.declared(st, windows) {
			b.cells[i][n].figure = f
		}
		switch st.basis {
		case servicelevel.BasisEvidence:
			b.v.plannedOf(&st.o) // before the work is shared out
			evidence = append(evidence, i)
		case servicelevel.BasisCases:
			bySource[st.o.Source.String()] = append(bySource[st.o.Source.String()], i)
		}
	}
	from := func(i int) int { return slo.DayOf(b.cells[i][0].window.Start) }
	slices.SortStableFunc(evidence, func(x, y int) int { return cmp.Compare(from(x), from(y)) })
	err := b.v.eachEvidence(ctx, evidence, from, func(i int, days []slo.Day) {
		st := &b.v.list[i]
		for n := range b.cells[i] {
			c := &b.cells[i][n]
			if !c.promised || !c.until.After(c.window.Start) {
				continue
			}
			reached := slo.Attain(days, b.v.frame(&st.o, c.window, c.until), st.o.Rules)
			c.reached = &reached
		}
	})
	if err != nil {
		return err
	}
	for source, places := range bySource {
		by, err := b.v.casesOf(ctx, source, b.months[0].UTC().AddDate(0, 0, -1), b.v.now)
		if err != nil {
			return err
		}
		heard, err := b.v.heardOf(ctx, source, by)
		if err != nil {
			return err
		}
		for _, i := range places {
			st := &b.v.list[i]
			st.heard = heard
			for n := range b.cells[i] {
				if c := &b.cells[i][n]; c.promised && c.until.After(c.window.Start) {
					c.measure = st.judge(by[st.o.Service.String()], c.window, c.until)
				}
			}
		}
	}
	return nil
}
