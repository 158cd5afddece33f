package app

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// ObjectivesQuery filters objectives; empty fields do not.
type ObjectivesQuery struct {
	Text     string // words of agreement, customer, service and target
	Of       model.Ref
	Customer model.Ref
	Service  model.Ref
	Status   Mark
	Sort     string // one of objectiveOrders; those most at risk first when empty
	Limit    int    // 100 when 0, 1 000 at most
	Cursor   string
}

// Objectives is a page of the objectives in force, those most at risk first.
type Objectives struct {
	Items []ObjectiveView `json:"items"`
	Total int             `json:"total"`
	Next  string          `json:"next,omitempty"`
	// Counts are of all that match but for the status, by mark.
	Counts ObjectiveCounts `json:"counts"`
	At     model.Instant   `json:"at" doc:"Instant up to which things may be known"`
}

// ObjectiveCounts counts objectives by mark.
type ObjectiveCounts struct {
	Gap     int `json:"gap"`
	Risk    int `json:"risk"`
	Unknown int `json:"unknown"`
	OK      int `json:"ok"`
	None    int `json:"none" doc:"No case in the window: nothing was to be judged"`
}

// ObjectiveView is how one objective stands.
type ObjectiveView struct {
	ID        string      `json:"id"`
	Of        Named       `json:"of" doc:"Agreement or contract"`
	Customer  *Named      `json:"customer,omitempty"`
	Service   Named       `json:"service"`
	Target    string      `json:"target"`
	Label     string      `json:"label"`
	Promised  string      `json:"promised"`
	Basis     string      `json:"basis" enum:"evidence,cases,declared,none"`
	BasisText string      `json:"basisText" doc:"What it rests on, or why nothing is known"`
	Mark      Mark        `json:"mark"`
	Window    WindowView  `json:"window"`
	Attained  string      `json:"attained,omitempty"`
	Coverage  string      `json:"coverage,omitempty" doc:"Known share of the counted time"`
	Verdict   string      `json:"verdict" enum:"kept,missed,unknown"`
	Cases     string      `json:"cases,omitempty" doc:"How many cases were kept, late and pending"`
	Budget    *BudgetView `json:"budget,omitempty"`
	Forecast  string      `json:"forecast,omitempty"`
	Breach    *time.Time  `json:"breach,omitempty" doc:"When the promise breaks if it goes on like this"`
	// Provisional says from when on it rests on what is measured and not recorded yet.
	Provisional string       `json:"provisional,omitempty"`
	Yields      string       `json:"yields,omitempty" doc:"Which agreement counts in its place, and for whom"`
	Credit      string       `json:"credit,omitempty" doc:"Credit due for what was attained so far, as a share of the fee"`
	Trend       []ClosedView `json:"trend" doc:"Windows that are over, oldest first"`
}

// WindowView is a window of an objective.
type WindowView struct {
	Period string        `json:"period,omitempty" doc:"2027-03, 2027-Q1 or 2027; absent for a rolling window"`
	Label  string        `json:"label"`
	From   model.Instant `json:"from"`
	Until  model.Instant `json:"until"`
	// Counted is the instant up to which is counted; absent for declared figures.
	Counted model.Instant `json:"counted,omitzero"`
}

// BudgetView is an error budget.
type BudgetView struct {
	Allowed string   `json:"allowed"`
	Used    string   `json:"used"`
	Left    string   `json:"left"`
	Spent   float64  `json:"spent" doc:"Used share; above 1 once overspent"`
	Burn    *float64 `json:"burn,omitempty" doc:"1 uses the budget up exactly at the end of the window; absent where it is infinite: nothing is allowed and something was lost"`
	Recent  *float64 `json:"recent,omitempty" doc:"The same over the last three days"`
}

// rate is a burn rate as JSON has it: nil where it is infinite.
func rate(r slo.BurnRate) *float64 {
	if v := float64(r); !math.IsInf(v, 0) {
		return &v
	}
	return nil
}

// ClosedView is a window that is over.
type ClosedView struct {
	Period   string `json:"period,omitempty"`
	Label    string `json:"label"`
	Attained string `json:"attained,omitempty"`
	Mark     Mark   `json:"mark"`
	Declared bool   `json:"declared,omitempty"`
	Sealed   string `json:"sealed,omitempty" doc:"Hash of the sealed statement"`
}

// objectiveID names an objective: agreement or contract, target, service.
func objectiveID(o *servicelevel.Objective) string {
	target := o.Target.Name
	if target == "" {
		target = strconv.Itoa(o.Index)
	}
	return o.Of.String() + "#" + target + "#" + o.Service.String()
}

// Objectives lists how the objectives that the actor may read stand. Windows that are over
// are computed for the page that is asked for.
func (a *App) Objectives(ctx context.Context, actor identity.Actor, q ObjectivesQuery, lang language.Lang) (*Objectives, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	v, err := a.stands(ctx)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = 100
	}
	first := 0
	if q.Cursor != "" {
		if first, err = strconv.Atoi(q.Cursor); err != nil || first < 0 {
			return nil, refused("/cursor", &model.Fault{Format: "this cursor was not given by this server"})
		}
	}
	out := &Objectives{Items: []ObjectiveView{}, At: model.Instant{Time: v.now}}
	snap := v.state.Snap
	may := map[model.Ref]bool{}
	words := strings.Fields(foldWord(q.Text))
	titles := map[model.Ref]string{}
	title := func(r model.Ref) string {
		text, ok := titles[r]
		if !ok && !r.IsZero() {
			t := Name(snap, r).Title
			text = foldWord(r.Name + " " + t.In("en") + " " + t.In("fr"))
			titles[r] = text
		}
		return text
	}
	w := WriterFor(snap, lang)
	var chosen []int
	for i := range v.list {
		st := &v.list[i]
		allowed, known := may[st.o.Of]
		if !known {
			allowed = a.Visible(actor, snap, snap.Get(st.o.Of))
			may[st.o.Of] = allowed
		}
		if !allowed || !q.Of.IsZero() && st.o.Of != q.Of || !q.Customer.IsZero() && st.customer != q.Customer || !q.Service.IsZero() && st.o.Service != q.Service {
			continue
		}
		if len(words) > 0 {
			text := title(st.o.Of) + " " + title(st.o.Service) + " " + title(st.customer) + " " + foldWord(st.o.Target.Name+" "+w.Value(st.o.Target.Metric)+" "+st.o.Target.Priority)
			if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
				continue
			}
		}
		if _, yields := st.o.Overridden(); yields { // nobody is owed it
			if q.Status == "" {
				chosen = append(chosen, i)
			}
			continue
		}
		switch st.mark {
		case MarkGap:
			out.Counts.Gap++
		case MarkRisk:
			out.Counts.Risk++
		case MarkOK:
			out.Counts.OK++
		case MarkNone:
			out.Counts.None++
		default:
			out.Counts.Unknown++
		}
		if q.Status == "" || st.mark == q.Status {
			chosen = append(chosen, i)
		}
	}
	if err := v.sortObjectives(chosen, q.Sort, title); err != nil {
		return nil, err
	}
	out.Total = len(chosen)
	chosen = chosen[min(first, len(chosen)):]
	if len(chosen) > q.Limit {
		chosen = chosen[:q.Limit]
		out.Next = strconv.Itoa(first + q.Limit)
	}
	if err := v.fillClosed(ctx, chosen); err != nil {
		return nil, err
	}
	for _, i := range chosen {
		x := v.view(w, i)
		if !a.readsSource(actor, snap, &v.list[i]) {
			x.hideSource(w)
		}
		out.Items = append(out.Items, x)
	}
	return out, nil
}

// view writes how an objective stands for people.
func (v *overview) view(w language.Writer, i int) ObjectiveView {
	st := &v.list[i]
	t, snap := st.o.Target, v.state.Snap
	x := ObjectiveView{ID: st.id, Of: Name(snap, st.o.Of), Service: Name(snap, st.o.Service), Target: t.Name, Label: w.Value(t.Metric), Promised: PromisedValue(w, *t), Basis: string(st.basis), Mark: st.mark, Verdict: st.verdict, Trend: []ClosedView{}}
	if t.Priority != "" {
		x.Label += " " + t.Priority
	}
	if !st.customer.IsZero() {
		n := Name(snap, st.customer)
		x.Customer = &n
	}
	x.Yields = yields(w, &st.o)
	x.Window = v.window(w, &st.o, st.window)
	x.Window.Counted = model.Instant{Time: st.until}
	switch {
	case st.figures != nil:
		x.Window = WindowView{Label: w.Date(st.figures.From) + " – " + w.Date(st.figures.Until), From: model.Instant{Time: st.figures.From.In(st.o.Location)}, Until: model.Instant{Time: st.figures.Until.AddDays(1).In(st.o.Location)}}
		if f := st.figures; f.From.UTC().Day() == 1 && f.From.AddMonths(1) == f.Until.AddDays(1) {
			x.Window.Label = monthInWords(w, f.From)
		}
		x.Attained, x.BasisText = figureText(w, st.figures), w.Message("objective.basis.declared", nil)
	case st.reached != nil:
		st.viewEvidence(w, &x)
	case st.cases != nil:
		r := st.cases.Result
		if r.Attained != nil {
			x.Attained = ShareText(w, *r.Attained)
		}
		x.Cases = w.Message("objective.cases", finding.Args{"kept": r.Kept, "late": r.Late, "pending": r.Pending})
		x.BasisText = w.Message("objective.basis.cases", finding.Args{"source": st.o.Source})
	default:
		x.BasisText = w.Message("objective.gap."+st.gap(), finding.Args{"source": st.o.Source, "service": st.o.Service})
	}
	v.mu.Lock()
	closed := v.closed[i]
	v.mu.Unlock()
	for _, c := range closed {
		cv := ClosedView{Mark: markOfVerdict(c.verdict), Declared: c.declared, Sealed: c.sealed}
		if c.none && cv.Mark == MarkUnknown {
			cv.Mark = MarkNone
		}
		win := v.window(w, &st.o, c.interval)
		cv.Period, cv.Label = win.Period, win.Label
		switch {
		case c.attained != nil:
			cv.Attained = ShareText(w, *c.attained)
		case c.value != nil:
			cv.Attained = w.Value(*c.value)
		}
		x.Trend = append(x.Trend, cv)
	}
	return x
}

// yields says which agreements count in the place of an objective.
func yields(w language.Writer, o *servicelevel.Objective) string {
	var out []string
	for _, x := range o.Overrides {
		out = append(out, w.Message("objective.yields", finding.Args{"by": x.By, "for": x.For, "some": !x.For.IsZero()}))
	}
	return strings.Join(out, " ")
}

// readsSource tells whether somebody may know what an objective is measured by.
func (a *App) readsSource(actor identity.Actor, s *model.Snapshot, st *standing) bool {
	source := s.Get(st.o.Source)
	return source == nil || a.Visible(actor, s, source)
}

// hideSource says what an objective rests on without naming its source.
func (x *ObjectiveView) hideSource(w language.Writer) {
	key := x.Basis
	if x.Attained == "" {
		key = string(servicelevel.BasisNone)
	}
	x.BasisText = w.Message("objective.rests."+key, nil)
}

// gap names why nothing is known of an objective.
func (st *standing) gap() string {
	if st.o.Gap == "" {
		return "silent"
	}
	if st.o.Gap == servicelevel.GapTickets && st.basis == servicelevel.BasisCases {
		if st.mark == MarkNone {
			return "no-cases"
		}
		return "silent"
	}
	return string(st.o.Gap)
}

func figureText(w language.Writer, f *model.CaseFigures) string {
	switch {
	case f.Attained != nil:
		return w.Value(*f.Attained)
	case f.Value != nil:
		return w.Value(*f.Value)
	}
	return ""
}

func (st *standing) viewEvidence(w language.Writer, x *ObjectiveView) {
	r := st.reached
	x.BasisText = w.Message("objective.basis.evidence", finding.Args{"source": st.o.Source})
	if r.Attained == nil {
		x.BasisText = w.Message("objective.gap.window", finding.Args{"source": st.o.Source})
		return
	}
	x.Attained, x.Coverage = ShareText(w, *r.Attained), ShareText(w, r.Coverage)
	if !st.provisional.IsZero() && st.until.After(st.provisional) {
		x.Provisional = w.Message("objective.provisional", finding.Args{"since": st.provisional.In(st.o.Location)})
	}
	x.Budget = &BudgetView{Allowed: w.Duration(r.Budget.Allowed), Used: w.Duration(r.Budget.Used), Left: w.Duration(r.Budget.Left), Spent: r.Budget.Spent.Ratio(), Burn: rate(r.Budget.Rate), Recent: rate(0)}
	if st.o.CreditsFault == nil && len(st.o.Credits.Bands()) > 0 && x.Yields == "" {
		x.Credit = ShareText(w, st.o.Credits.Due(r.Attained).Due)
	}
	if out := st.outlook; out != nil && out.Known {
		x.Budget.Recent = rate(out.Rate)
		key := "keeps"
		switch {
		case out.Broken:
			key = "broken"
		case out.Breaks:
			key = "breaks"
			breach := out.Breach.UTC()
			x.Breach = &breach
		}
		x.Forecast = w.Message("objective.forecast."+key, finding.Args{"on": model.DateOf(out.Breach.In(st.o.Location)), "left": r.Budget.Left, "over": -r.Budget.Left, "rolling": st.o.Window.IsRolling()})
	}
}

// window names a window as it can be sealed, and for people.
func (v *overview) window(w language.Writer, o *servicelevel.Objective, i worktime.Interval) WindowView {
	from, last := model.DateOf(i.Start.In(o.Location)), model.DateOf(i.End.Add(-1).In(o.Location))
	x := WindowView{From: model.Instant{Time: i.Start.UTC()}, Until: model.Instant{Time: i.End.UTC()}}
	if o.Window.IsRolling() {
		x.Label = w.Date(from) + " – " + w.Date(last)
		return x
	}
	x.Period = servicelevel.Period{Window: slo.Window{Months: max(o.Window.Months, 1)}, First: from}.String()
	x.Label = x.Period
	if o.Window.Months <= 1 {
		x.Label = monthInWords(w, from)
	} else if year, quarter, ok := strings.Cut(x.Period, "-Q"); ok {
		x.Label = w.Message("objective.quarter", finding.Args{"quarter": quarter, "year": year})
	}
	return x
}
