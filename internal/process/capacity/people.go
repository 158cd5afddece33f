package capacity

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// load is recurring work and who can do it.
type load struct {
	from    model.Ref // the team or service whose work it is
	subject model.Ref // the skill it takes, or the team that does it
	people  []model.Handle
	work    model.Load
}

// bucket is all work of one subject that the same people can do.
type bucket struct {
	subject model.Ref
	people  []int // indices
	loads   []load
}

// peoplePlan is the work of all weeks against the people there are.
type peoplePlan struct {
	people    []model.Handle
	buckets   []bucket
	groups    [][]int // buckets that share people, directly or through others
	shortages map[model.Ref][]Shortage
}

// Shortage is work that finds no hours, in the weeks until the horizon.
type Shortage struct {
	Subject  model.Ref      // the skill or team most asked for among those short
	With     []model.Ref    // others that the same people are asked for
	People   []model.Ref    // who could do it
	From     []model.Ref    // whose work it is
	First    model.Date     // Monday of the first week that lacks hours
	Worst    model.Date     // Monday of the week that lacks most
	Work     model.Duration // asked for in the worst week
	Hours    model.Duration // there in the worst week
	Lacking  model.Duration // without anybody to do it in the worst week
	Unstated []model.Ref    // people whose hours are not stated: were they many, it would do
}

// Shortages lists the work that finds no hours until the planning horizon. People
// with several skills are shared as well as can be (maximum flow): a shortage is
// reported only where no way of sharing works.
func (a *Analysis) Shortages() []Shortage {
	var out []Shortage
	for _, list := range a.plan().shortages {
		out = append(out, list...)
	}
	slices.SortFunc(out, func(x, y Shortage) int {
		if c := cmp.Compare(x.First, y.First); c != 0 {
			return c
		}
		return x.Subject.Compare(y.Subject)
	})
	return out
}

func (a *Analysis) plan() *peoplePlan {
	a.once.Do(func() {
		p := &a.people
		p.collect(a.f)
		p.group()
		p.shortages = map[model.Ref][]Shortage{}
		for _, g := range p.groups {
			if s, short := p.judge(a.f, g); short {
				p.shortages[s.Subject] = append(p.shortages[s.Subject], s)
			}
		}
	})
	return &a.people
}

// collect reads the recurring work of teams and services and who can do it.
func (p *peoplePlan) collect(f *finding.Facts) {
	index := map[model.Handle]int{}
	known := map[string]int{}
	add := func(l load) {
		slices.Sort(l.people)
		l.people = slices.Compact(l.people)
		key := l.subject.String() + fmt.Sprint(l.people)
		i, ok := known[key]
		if !ok {
			i = len(p.buckets)
			known[key] = i
			b := bucket{subject: l.subject}
			for _, h := range l.people {
				n, ok := index[h]
				if !ok {
					n = len(p.people)
					index[h] = n
					p.people = append(p.people, h)
				}
				b.people = append(b.people, n)
			}
			p.buckets = append(p.buckets, b)
		}
		p.buckets[i].loads = append(p.buckets[i].loads, l)
	}
	for _, h := range f.Snap.OfKind("team") {
		t := finding.Spec[model.Team](f, h)
		for _, w := range t.Work {
			add(eligible(f, f.Snap.Ref(h), w, []model.Ref{f.Snap.Ref(h)}))
		}
	}
	for _, h := range f.Snap.OfKind("service") {
		s := finding.Spec[model.Service](f, h)
		if s.Stage == model.StageRetired || len(s.Work) == 0 {
			continue
		}
		var teams []model.Ref
		for _, r := range s.Support {
			if finding.SpecOf[model.Team](f, r) != nil {
				teams = append(teams, r)
			}
		}
		for _, w := range s.Work {
			if !w.Skill.IsZero() || len(teams) > 0 {
				add(eligible(f, f.Snap.Ref(h), w, teams))
			}
		}
	}
}

// eligible finds who can do some work: the members of the teams (everybody where
// there are none) who hold the skill it takes.
func eligible(f *finding.Facts, from model.Ref, w model.Load, teams []model.Ref) load {
	l := load{from: from, subject: w.Skill, work: w}
	allowed := map[model.Handle]bool{}
	for _, t := range teams {
		for _, m := range finding.SpecOf[model.Team](f, t).Members {
			if h, ok := f.Snap.Find(m); ok && finding.Spec[model.Person](f, h) != nil {
				allowed[h] = true
			}
		}
	}
	if w.Skill.IsZero() {
		l.subject = teams[0]
		for h := range allowed {
			l.people = append(l.people, h)
		}
		return l
	}
	if skill, ok := f.Snap.Find(w.Skill); ok {
		for _, in := range f.Snap.In(skill) {
			if in.Field.Name == "skills" && finding.Spec[model.Person](f, in.From) != nil && (len(teams) == 0 || allowed[in.From]) {
				l.people = append(l.people, in.From)
			}
		}
	}
	return l
}

// group joins the buckets that share people.
func (p *peoplePlan) group() {
	leader := make([]int, len(p.buckets))
	owner := map[int]int{}
	find := func(i int) int {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	for i := range p.buckets {
		leader[i] = i
		for _, n := range p.buckets[i].people {
			if o, ok := owner[n]; ok {
				leader[find(i)] = find(o)
			} else {
				owner[n] = i
			}
		}
	}
	at := map[int]int{}
	for i := range p.buckets {
		l := find(i)
		if _, ok := at[l]; !ok {
			at[l] = len(p.groups)
			p.groups = append(p.groups, nil)
		}
		p.groups[at[l]] = append(p.groups[at[l]], i)
	}
}

// monday is the first day of the week of a date.
func monday(d model.Date) model.Date {
	return d.AddDays(-(int(d.UTC().Weekday()) + 6) % 7)
}

// weeks lists the Mondays until the horizon at which work or people change.
func (p *peoplePlan) weeks(f *finding.Facts, group []int) []model.Date {
	first, last := monday(f.On), horizon(f)
	out := []model.Date{first}
	note := func(d model.Date) {
		if d > first && d <= last {
			out = append(out, monday(d), monday(d).AddDays(7))
		}
	}
	for _, b := range group {
		for _, l := range p.buckets[b].loads {
			note(l.work.From)
			note(l.work.Until)
		}
		for _, n := range p.buckets[b].people {
			person := finding.Spec[model.Person](f, p.people[n])
			note(person.Joined)
			note(person.Left)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// judge looks for the first and the worst week of a group.
func (p *peoplePlan) judge(f *finding.Facts, group []int) (Shortage, bool) {
	var out Shortage
	short := false
	for _, week := range p.weeks(f, group) {
		s, lacks := p.week(f, group, week)
		if !lacks {
			continue
		}
		first := out.First
		if !short {
			first = week
		}
		if !short || len(out.Unstated) > 0 && len(s.Unstated) == 0 || s.Lacking > out.Lacking && (len(s.Unstated) == 0) == (len(out.Unstated) == 0) {
			out = s
		}
		out.First = first
		short = true
	}
	return out, short
}

// week assigns the work of one week.
func (p *peoplePlan) week(f *finding.Facts, group []int, week model.Date) (Shortage, bool) {
	fl := flow{people: make([]int64, len(p.people))}
	var unstated []model.Ref
	for n := range p.people {
		person := finding.Spec[model.Person](f, p.people[n])
		if there(person, week) {
			fl.people[n] = int64(person.HoursPerWeek.Std() / time.Second)
		}
	}
	for _, b := range group {
		var sum int64
		for _, l := range p.buckets[b].loads {
			if (l.work.From.IsZero() || l.work.From <= week.AddDays(6)) && (l.work.Until.IsZero() || l.work.Until >= week) {
				sum += int64(l.work.HoursPerWeek.Std() / time.Second)
			}
		}
		fl.work = append(fl.work, sum)
		fl.edges = append(fl.edges, p.buckets[b].people)
	}
	lacking, buckets, people := fl.solve()
	if lacking == 0 {
		return Shortage{}, false
	}
	for _, n := range people {
		person := finding.Spec[model.Person](f, p.people[n])
		if there(person, week) && person.HoursPerWeek == 0 {
			unstated = append(unstated, f.Snap.Ref(p.people[n]))
			fl.people[n] = unlimited
		}
	}
	if len(unstated) > 0 {
		if still, b2, p2 := fl.solve(); still > 0 { // it does not depend on them
			lacking, buckets, people, unstated = still, b2, p2, nil
		}
	}
	s := Shortage{Worst: week, Lacking: seconds(lacking), Unstated: unstated}
	var most int64
	var subjects []model.Ref
	for _, b := range buckets {
		bucket := &p.buckets[group[b]]
		s.Work += seconds(fl.work[b])
		subjects = append(subjects, bucket.subject)
		if fl.work[b] > most || fl.work[b] == most && most > 0 && bucket.subject.Compare(s.Subject) < 0 {
			most, s.Subject = fl.work[b], bucket.subject
		}
		for _, l := range bucket.loads {
			s.From = append(s.From, l.from)
		}
	}
	for _, n := range people {
		s.People = append(s.People, f.Snap.Ref(p.people[n]))
	}
	s.Hours = s.Work - s.Lacking
	s.With = slices.DeleteFunc(subjects, func(r model.Ref) bool { return r == s.Subject })
	for _, list := range []*[]model.Ref{&s.With, &s.From, &s.People, &s.Unstated} {
		slices.SortFunc(*list, model.Ref.Compare)
		*list = slices.Compact(*list)
	}
	return s, true
}

func seconds(n int64) model.Duration { return model.Duration(time.Duration(n) * time.Second) }

// hours is CAP-005, with the skill or team that is short as subject.
func hours(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	for _, s := range use(f).plan().shortages[f.Snap.Ref(h)] {
		out := finding.Finding{
			Pointer: "/metadata/name", Causes: s.With,
			Args: finding.Args{"work": s.Work, "hours": s.Hours, "lacking": s.Lacking, "late": s.Worst > s.First, "first": s.First, "worst": s.Worst, "with": s.With, "people": s.People, "from": s.From, "n": len(s.People)},
			Evidence: []finding.Evidence{
				{Label: "work", Value: s.Work}, {Label: "hours", Value: s.Hours}, {Label: "lacking", Value: s.Lacking},
				{Label: "first", Value: s.First}, {Label: "worst", Value: s.Worst}, {Label: "from", Value: s.From}},
		}
		if len(s.People) > 0 {
			out.Evidence = append(out.Evidence, finding.Evidence{Label: "people", Value: s.People})
		}
		if len(s.Unstated) > 0 {
			out.Outcome, out.Causes, out.Evidence = finding.Unknown, s.Unstated, out.Evidence[:1]
			out.Args["unstated"] = s.Unstated
		}
		emit(out)
	}
}
