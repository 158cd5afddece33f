package app

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store/ledger"
)

// countedLedger counts what this server appends, so that what was computed from the ledger
// is known to be old.
type countedLedger struct {
	ledger.Ledger
	appends atomic.Int64
}

func (l *countedLedger) Append(ctx context.Context, records []ledger.Record) ([]int, error) {
	defer l.appends.Add(1)
	return l.Ledger.Append(ctx, records)
}

func (l *countedLedger) AppendExclusion(ctx context.Context, e ledger.Exclusion) (ledger.Exclusion, error) {
	defer l.appends.Add(1)
	return l.Ledger.AppendExclusion(ctx, e)
}

func (l *countedLedger) AppendCases(ctx context.Context, cases []ledger.Case) (added, changed int, err error) {
	defer l.appends.Add(1)
	return l.Ledger.AppendCases(ctx, cases)
}

// standings keeps how all objectives stand for those who ask next: at most a minute, since
// another server may write the ledger too, and never beyond a change this server knows of.
type standings struct {
	mu   sync.Mutex
	kept *overview
}

const standingsFor = time.Minute

// overview is how all objectives in force stand.
type overview struct {
	state   *State
	now     time.Time // the instant up to which things may be known
	asked   time.Time
	appends int64
	heard   int64 // version of the days that are not recorded yet
	list    []standing
	by      map[string]int // by standing.id
	ledger  ledger.Ledger  // nil where there is none
	left    []servicelevel.Left
	planned map[plannedKey][]servicelevel.ExcludedTime

	mu     sync.Mutex
	closed map[int][]closedWindow // by place in list
	frames map[frameKey]*slo.Frame
}

// standing is how one objective stands in the window that holds now.
type standing struct {
	id       string
	o        servicelevel.Objective
	customer model.Ref
	basis    servicelevel.Basis
	window   worktime.Interval
	until    time.Time // up to which was counted
	// provisional is the instant from which it rests on what is not recorded yet; zero
	// where it does not.
	provisional time.Time
	mark        Mark
	verdict     string
	heard       bool // its source has recorded cases, at any time

	reached *slo.Attainment           // of evidence
	outlook *slo.Outlook              // of evidence
	cases   *servicelevel.CaseMeasure // of cases
	figures *model.CaseFigures        // declared
}

// closedWindow is what a window that is over attained.
type closedWindow struct {
	interval worktime.Interval
	attained *slo.Share
	value    *model.Quantity
	verdict  string
	declared bool
	sealed   string
	none     bool // no case fell into it
}

type plannedKey struct {
	service model.Ref
	zone    string
}

type frameKey struct {
	hours      model.Ref
	start, end int64
	until      int64
}

// stands gives how all objectives in force stand, from what is kept where that still holds.
func (a *App) stands(ctx context.Context) (*overview, error) {
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	a.standings.mu.Lock()
	defer a.standings.mu.Unlock()
	asked, appends, heard := a.now(), int64(0), int64(0)
	var books ledger.Ledger
	if a.evidence != nil {
		appends = a.evidence.ledger.(*countedLedger).appends.Load()
		books, heard = a.evidence.heard.beside(a.evidence.ledger)
	}
	if k := a.standings.kept; k != nil && k.state == s && k.appends == appends && k.heard == heard {
		if age := asked.Sub(k.asked); age >= 0 && age < standingsFor {
			return k, nil
		}
	}
	v := &overview{state: s, now: a.instant(asked).UTC().Truncate(time.Minute), asked: asked, appends: appends, heard: heard, ledger: books, by: map[string]int{}, planned: map[plannedKey][]servicelevel.ExcludedTime{}, closed: map[int][]closedWindow{}, frames: map[frameKey]*slo.Frame{}}
	if err := v.compute(ctx); err != nil {
		return nil, err
	}
	a.standings.kept = v
	return v, nil
}

// recentTime is the time whose burn rate forecasts go on with.
const recentTime = 72 * time.Hour

func (v *overview) compute(ctx context.Context) error {
	x, ok := finding.Use[*servicelevel.Analysis](v.state.Result.Facts)
	if !ok {
		return nil
	}
	last := map[ledger.Series]int{}
	today, lasts := v.ledger.(*ledgerAndToday)
	recordedLast := last
	if v.ledger != nil {
		books := v.ledger
		if lasts {
			books = today.Ledger
		}
		var err error
		if recordedLast, err = books.Last(ctx); err != nil {
			return err
		}
		if last = recordedLast; lasts {
			last = today.over(recordedLast)
		}
		if v.left, err = leftInLedger(ctx, v.ledger, servicelevel.Span{From: v.now.AddDate(-3, 0, 0), To: v.now.AddDate(2, 0, 0)}, time.Time{}); err != nil {
			return err
		}
	}
	for _, o := range x.Objectives() {
		st := standing{id: objectiveID(&o), o: o, basis: servicelevel.BasisNone, mark: MarkUnknown, verdict: slo.Undecided.String()}
		if ag := finding.SpecOf[model.Agreement](v.state.Result.Facts, o.Of); ag != nil {
			st.customer = ag.Customer
		}
		st.until = v.now.Truncate(24 * time.Hour) // UTC days are recorded once they are over
		if day, ok := last[ledger.Series(o.Series)]; ok && day >= slo.DayOf(v.now) {
			st.until = v.now
		}
		if lasts {
			if until, heard := today.until(o.Series, v.now); heard {
				st.until, st.provisional = until, today.since(ledger.Series(o.Series), recordedLast, v.now)
			}
		}
		at := v.now
		if o.Window.IsRolling() {
			at = st.until
		}
		st.window = o.Window.At(at, o.Location)
		_, recorded := last[ledger.Series(o.Series)]
		switch basis := o.Basis(); {
		case v.ledger == nil:
		case basis == servicelevel.BasisEvidence && recorded:
			st.basis = basis
		case basis == servicelevel.BasisCases:
			st.basis, st.until = basis, v.now
		}
		v.list = append(v.list, st)
	}
	if err := v.countEvidence(ctx); err != nil {
		return err
	}
	if err := v.countCases(ctx); err != nil {
		return err
	}
	for i := range v.list {
		v.list[i].declare(v.state.Snap)
	}
	slices.SortStableFunc(v.list, func(a, b standing) int {
		_, x := a.o.Overridden()
		_, y := b.o.Overridden()
		return cmp.Or(boolOrder(!x)-boolOrder(!y), cmp.Compare(urgency(a.mark), urgency(b.mark)), cmp.Compare(b.spent(), a.spent()))
	})
	for i := range v.list {
		v.by[v.list[i].id] = i
	}
	return nil
}

// urgency orders marks: what is missed, what is at risk, what is kept, what nobody knows, and
// what there was nothing to judge of.
func urgency(m Mark) int {
	return slices.Index([]Mark{MarkGap, MarkRisk, MarkOK, MarkUnknown, MarkNone}, m)
}

func (st *standing) spent() slo.Share {
	if st.reached == nil {
		return 0
	}
	return st.reached.Budget.Spent
}

// atOnce is how many series are read from the ledger in one go.
const atOnce = 128

// countEvidence reads the days of the present windows and counts them, on all cores.
func (v *overview) countEvidence(ctx context.Context) error {
	var todo []int
	for i := range v.list {
		if v.list[i].basis == servicelevel.BasisEvidence {
			todo = append(todo, i)
			v.plannedOf(&v.list[i].o) // before the work is shared out
		}
	}
	from := func(i int) int {
		st := &v.list[i]
		start := st.window.Start
		if recent := st.until.Add(-recentTime); recent.Before(start) {
			start = recent
		}
		return slo.DayOf(start)
	}
	slices.SortStableFunc(todo, func(x, y int) int { return cmp.Compare(from(x), from(y)) })
	return v.eachEvidence(ctx, todo, from, func(i int, days []slo.Day) {
		st := &v.list[i]
		frame := v.frame(&st.o, st.window, st.until)
		reached := slo.Attain(days, frame, st.o.Rules)
		st.reached, st.verdict = &reached, reached.Verdict.String()
		recentFrame := v.frame(&st.o, worktime.Interval{Start: st.until.Add(-recentTime), End: st.until}, st.until)
		recent := slo.Attain(days, recentFrame, st.o.Rules)
		var out slo.Outlook
		if st.o.Window.IsRolling() {
			length := st.window.Duration()
			wide := worktime.Interval{Start: st.window.Start, End: st.until.Add(length)}
			out = slo.ForecastRolling(days, st.until, length, st.o.Agreed(wide), v.excluded(&st.o), recent, st.o.Rules)
		} else {
			out = slo.Forecast(frame, reached, recent, st.o.Rules)
		}
		st.outlook = &out
		st.mark = markOfBudget(&reached, &out)
	})
}

// nearlySpent is the share of a budget from which an objective is at risk.
const nearlySpent = slo.Whole / 100 * 80

// leastCoverage is the known share of the counted time below which nothing is said to be
// kept.
const leastCoverage = slo.Whole / 2

// markOfBudget judges a window that is under way: what is lost already, what will be if
// it goes on like this, and what is kept.
func markOfBudget(reached *slo.Attainment, out *slo.Outlook) Mark {
	switch {
	case reached.Verdict == slo.Undecided:
		return MarkUnknown
	case out.Known && out.Broken:
		return MarkGap
	case reached.Verdict == slo.Missed, out.Known && out.Breaks, reached.Budget.Spent >= nearlySpent:
		return MarkRisk
	case reached.Coverage < leastCoverage:
		return MarkUnknown // what nobody saw is not kept
	}
	return MarkOK
}

// eachEvidence reads the evidence of the objectives at some places in the list, from a day
// each, and hands the days over. The places come ordered by that day.
func (v *overview) eachEvidence(ctx context.Context, places []int, from func(int) int, do func(i int, days []slo.Day)) error {
	chunks := make(chan []int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for chunk := range chunks {
				if err := v.readChunk(ctx, chunk, from, do); err != nil {
					mu.Lock()
					failed = cmp.Or(failed, err)
					mu.Unlock()
				}
			}
		})
	}
	for chunk := range slices.Chunk(places, atOnce) {
		chunks <- chunk
	}
	close(chunks)
	wg.Wait()
	return failed
}

func (v *overview) readChunk(ctx context.Context, chunk []int, from func(int) int, do func(i int, days []slo.Day)) error {
	users := map[ledger.Series][]int{}
	var series []ledger.Series
	first, last := from(chunk[0]), 0
	for _, i := range chunk {
		name := ledger.Series(v.list[i].o.Series)
		if users[name] == nil {
			series = append(series, name)
		}
		users[name] = append(users[name], i)
		first, last = min(first, from(i)), max(last, slo.DayOf(v.list[i].until))
	}
	days := map[ledger.Series][]slo.Day{}
	for r, err := range v.ledger.Read(ctx, series, first, last, time.Time{}) {
		if err != nil {
			return err
		}
		day, err := slo.DecodeDay(r.Slices)
		if err != nil {
			return err
		}
		days[r.Series] = append(days[r.Series], day)
	}
	for name, list := range users {
		for _, i := range list {
			do(i, days[name])
		}
	}
	return nil
}

// frame is the time of an objective that counts in a window; objectives with the same
// hours share it as far as nothing is excluded.
func (v *overview) frame(o *servicelevel.Objective, window worktime.Interval, until time.Time) *slo.Frame {
	excluded := v.excluded(o)
	if excluded.Len() > 0 {
		return slo.NewFrame(window, until, o.Agreed(window), excluded)
	}
	key := frameKey{hours: o.Hours, start: window.Start.UnixNano(), end: window.End.UnixNano(), until: until.UnixNano()}
	v.mu.Lock()
	f := v.frames[key]
	v.mu.Unlock()
	if f == nil {
		f = slo.NewFrame(window, until, o.Agreed(window), worktime.Set{})
		v.mu.Lock()
		v.frames[key] = f
		v.mu.Unlock()
	}
	return f
}

// plannedOf lists the planned maintenance behind an objective.
func (v *overview) plannedOf(o *servicelevel.Objective) []servicelevel.ExcludedTime {
	key := plannedKey{o.Service, o.Location.String()}
	v.mu.Lock()
	defer v.mu.Unlock()
	list, ok := v.planned[key]
	if !ok {
		if x, use := finding.Use[*servicelevel.Analysis](v.state.Result.Facts); use {
			list = x.Planned(o.Service, o.Location)
		}
		v.planned[key] = list
	}
	return list
}

// excludable lists what an objective may leave out.
func (v *overview) excludable(o *servicelevel.Objective) []servicelevel.ExcludedTime {
	return o.Excludable(v.plannedOf(o), v.left)
}

func (v *overview) excluded(o *servicelevel.Objective) worktime.Set {
	return o.Excluded(v.excludable(o))
}
