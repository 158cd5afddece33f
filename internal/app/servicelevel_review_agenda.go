package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// agendaPoint is a point of an agenda before it is written in a language.
type agendaPoint struct {
	name, topic string
	key         string // of the message "review.agenda.<key>"
	args        func(language.Writer) finding.Args
	refs        []model.Ref
}

func (p *agendaPoint) text(w language.Writer) string {
	var args finding.Args
	if p.args != nil {
		args = p.args(w)
	}
	return w.Message("review.agenda."+p.key, args)
}

func (p *agendaPoint) in(w language.Writer) AgendaItem {
	return AgendaItem{Name: p.name, Topic: p.topic, TopicText: topicText(p.topic, w.Lang), Text: p.text(w)}
}

func (p *agendaPoint) named(s *State) []Named { return names(s, p.refs) }

// scope is what a review is about, with the agreements and contracts that this means and
// the services behind them.
type scope struct {
	s        *State
	about    []model.Ref
	agreed   []model.Ref // agreements and contracts
	services map[model.Ref]bool
	supplier bool
}

// reviewScope widens what a review is about: a customer to the agreements with it, a
// supplier to its contracts, those in force.
func reviewScope(s *State, about []model.Ref) *scope {
	c := &scope{s: s, about: about, services: map[model.Ref]bool{}}
	x, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	if !ok {
		return c
	}
	for _, kind := range []string{"agreement", "contract"} {
		for _, h := range s.Snap.OfKind(kind) {
			o := s.Snap.Object(h)
			named := slices.Contains(about, o.Ref())
			party := partyOf(o)
			if !named && (party.IsZero() || !slices.Contains(about, party) || !x.Binding(h)) {
				continue
			}
			c.agreed = append(c.agreed, o.Ref())
			c.supplier = c.supplier || kind == "contract"
			for _, objective := range x.ObjectivesOf(h) {
				c.services[objective.Service] = true
			}
		}
	}
	for _, r := range about {
		if r.Kind == "service" {
			c.services[r] = true
		}
	}
	return c
}

// since is the day from which a review looks back: the review before it, or three months.
func (c *scope) since(held model.Date, but model.Ref) model.Date {
	end := c.s.On
	if !held.IsZero() {
		end = held
	}
	var last model.Date
	for _, h := range c.s.Snap.OfKind("review") {
		o := c.s.Snap.Object(h)
		x := o.Spec.(*model.Review)
		if o.Ref() == but || x.Date.IsZero() || x.Date >= end || x.Date <= last {
			continue
		}
		if slices.ContainsFunc(x.About, func(r model.Ref) bool { return slices.Contains(c.about, r) || slices.Contains(c.agreed, r) }) {
			last = x.Date
		}
	}
	if last.IsZero() {
		last = end.AddMonths(-3)
	}
	return last
}

// next is the first day on which a review of any of it is due.
func (c *scope) next() model.Date {
	var due model.Date
	for _, r := range c.agreed {
		h, _ := c.s.Snap.Find(r)
		if p := servicelevel.ReviewPlanOf(c.s.Result.Facts, h); !p.Due.IsZero() && (due.IsZero() || p.Due < due) {
			due = p.Due
		}
	}
	return due
}

// agendaDrawing gathers the points of an agenda.
type agendaDrawing struct {
	a     *App
	ctx   context.Context
	actor identity.Actor
	c     *scope
	since model.Date
	list  []agendaPoint
}

func (d *agendaDrawing) add(topic, key, id string, refs []model.Ref, args func(language.Writer) finding.Args) {
	name := topic
	if id != "" {
		name = model.Slugify(topic + "-" + id)
	}
	for n := 2; slices.ContainsFunc(d.list, func(p agendaPoint) bool { return p.name == name }); n++ {
		name = strings.TrimRight(name, "-0123456789") + "-" + string(rune('0'+n%10))
	}
	d.list = append(d.list, agendaPoint{name, topic, key, args, refs})
}

// given are arguments that are the same in every language.
func given(pairs ...any) func(language.Writer) finding.Args {
	args := finding.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return func(language.Writer) finding.Args { return args }
}

// agenda draws up what a review has to talk about, from how things stand now.
func (a *App) agenda(ctx context.Context, actor identity.Actor, c *scope, since model.Date) ([]agendaPoint, error) {
	d := &agendaDrawing{a: a, ctx: ctx, actor: actor, c: c, since: since}
	d.actions()
	if err := d.objectives(); err != nil {
		return nil, err
	}
	d.outages()
	d.changes()
	d.renewals()
	d.findings()
	if c.supplier {
		d.add("customer", "supplier", "", nil, nil)
	} else {
		d.add("customer", "customer", "", nil, nil)
	}
	d.add("other", "other", "", nil, nil)
	slices.SortStableFunc(d.list, func(p, q agendaPoint) int { return topicOrder(p.topic) - topicOrder(q.topic) })
	return d.list, nil
}

// actions are those that are open: of reviews before, and about what is reviewed.
func (d *agendaDrawing) actions() {
	snap := d.c.s.Snap
	asked := map[model.Ref]bool{}
	for _, h := range snap.OfKind("review") {
		x := snap.Object(h).Spec.(*model.Review)
		if slices.ContainsFunc(x.About, d.concerns) {
			for _, r := range x.Actions {
				asked[r] = true
			}
		}
	}
	for _, h := range snap.OfKind("action") {
		o := snap.Object(h)
		x := o.Spec.(*model.Action)
		if !x.Done.IsZero() || !asked[o.Ref()] && !slices.ContainsFunc(x.About, d.concerns) || !d.a.Visible(d.actor, snap, o) {
			continue
		}
		d.add("action", "action", o.Metadata.Name, []model.Ref{o.Ref()}, given("action", o.Ref(), "owner", o.Metadata.Owner, "owned", !o.Metadata.Owner.IsZero(), "due", x.Due, "dated", !x.Due.IsZero(), "late", !x.Due.IsZero() && x.Due < d.c.s.On))
	}
}

func (d *agendaDrawing) concerns(r model.Ref) bool {
	return slices.Contains(d.c.about, r) || slices.Contains(d.c.agreed, r)
}

// objectives tell of targets missed, trends, credits, and what was left out or corrected.
func (d *agendaDrawing) objectives() error {
	v, err := d.a.stands(d.ctx)
	if err != nil {
		return err
	}
	var places []int
	for i := range v.list {
		if slices.Contains(d.c.agreed, v.list[i].o.Of) {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(x, y int) int { return cmp.Compare(v.list[x].id, v.list[y].id) })
	if err := v.fillClosed(d.ctx, places); err != nil {
		return err
	}
	for _, i := range places {
		d.objective(v, i)
	}
	return nil
}

func (d *agendaDrawing) objective(v *overview, i int) {
	st := &v.list[i]
	id := strings.Join([]string{st.o.Of.Name, cmp.Or(st.o.Target.Name, "target"), st.o.Service.Name}, "-")
	refs := []model.Ref{st.o.Service, st.o.Of}
	words := func(w language.Writer) finding.Args {
		x := v.view(w, i)
		return finding.Args{"service": st.o.Service, "target": x.Label, "promised": x.Promised, "attained": x.Attained, "window": inSentence(w, x.Window.Label), "forecast": x.Forecast}
	}
	v.mu.Lock()
	closed := slices.Clone(v.closed[i])
	v.mu.Unlock()
	for n, c := range closed {
		if model.DateOf(c.interval.End.Add(-1).In(st.o.Location)) < d.since || c.verdict != slo.Missed.String() {
			continue
		}
		period := model.DateOf(c.interval.Start.In(st.o.Location)).String()[:7]
		d.add("targets", "missed", id+"-"+period, refs, func(w language.Writer) finding.Args {
			args := words(w)
			trend := v.view(w, i).Trend[n]
			args["attained"], args["window"], args["sealed"], args["declared"] = trend.Attained, inSentence(w, trend.Label), trend.Sealed != "", trend.Declared
			return args
		})
		if c.attained == nil || st.o.CreditsFault != nil || len(st.o.Credits.Bands()) == 0 {
			continue
		}
		if due := st.o.Credits.Due(c.attained); due.Due > 0 {
			d.add("credit", "credit", id+"-"+period, refs, func(w language.Writer) finding.Args {
				args := words(w)
				trend := v.view(w, i).Trend[n]
				args["attained"], args["window"], args["credit"], args["capped"], args["sealed"] = trend.Attained, inSentence(w, trend.Label), ShareText(w, due.Due), due.Capped, trend.Sealed != ""
				return args
			})
		}
	}
	switch {
	case st.outlook != nil && st.outlook.Known && st.outlook.Broken:
		d.add("targets", "broken", id+"-now", refs, words)
	case st.outlook != nil && st.outlook.Known && st.outlook.Breaks:
		d.add("trend", "breaks", id+"-now", refs, words)
	case st.mark == MarkRisk:
		d.add("trend", "spent", id+"-now", refs, words)
	case falling(closed):
		d.add("trend", "falling", id, refs, words)
	}
	d.leftOut(v, st, id, refs)
}

// inSentence writes the name of a period within a sentence: French months are not capital.
func inSentence(w language.Writer, label string) string {
	if w.Lang == language.FR {
		return strings.ToLower(label)
	}
	return label
}

// falling tells that each of the last three windows attained less than the one before.
func falling(closed []closedWindow) bool {
	var last []slo.Share
	for _, c := range closed {
		if c.attained != nil {
			last = append(last, *c.attained)
		}
	}
	if len(last) < 4 {
		return false
	}
	last = last[len(last)-4:]
	return last[0] > last[1] && last[1] > last[2] && last[2] > last[3]
}

// leftOut tells of time that somebody asked to leave out, or left out since the last
// review: what counts nevertheless, and what was decided by hand.
func (d *agendaDrawing) leftOut(v *overview, st *standing, id string, refs []model.Ref) {
	from := d.since.In(st.o.Location)
	for _, e := range v.excludable(&st.o) {
		if e.From.Before(from) || e.From.After(v.now) {
			continue
		}
		how := st.o.Standing(e).String()
		if how == slo.Holds.String() && !slices.Contains(st.o.Exclusions, e.Kind) {
			how = "not-agreed"
		}
		if how == slo.Holds.String() && e.Author == "" {
			continue // maintenance announced as was agreed: nothing to talk about
		}
		about := refs
		if work, ok := e.Maintenance(); ok {
			about = append([]model.Ref{work}, refs...)
		}
		d.add("exclusion", "exclusion", id+"-"+e.From.UTC().Format("2006-01-02-1504"), about, func(w language.Writer) finding.Args {
			return finding.Args{
				"service": st.o.Service, "from": w.Instant(e.From.In(st.o.Location)), "length": w.Duration(max(0, e.To.Sub(e.From))), "kind": w.Message("objective.kind."+e.Kind, nil),
				"standing": w.Message("objective.standing."+how, nil), "reason": e.Reason,
			}
		})
	}
}
