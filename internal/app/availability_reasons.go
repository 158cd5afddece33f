package app

import (
	"math"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// reasons lists what the prediction takes from interruptions that go on, from the load
// of the day and from the hours of those who restore, and how far what it leaves out
// matters.
func (b *studyBuilder) reasons() {
	b.out.Notes = []string{}
	b.open()
	b.loads()
	b.waitings()
	b.crews()
}

// open names the interruptions that go on and are counted, in what the service needs or
// in its own record: one that is over and whose end was forgotten outweighs all others.
func (b *studyBuilder) open() {
	var told []model.Ref
	tell := func(x availability.Experience) {
		for _, i := range x.Interruptions {
			o := finding.SpecOf[model.Outage](b.s.Result.Facts, i.Outage)
			if o == nil || !o.End.IsZero() || i.Controlled || !x.Known || slices.Contains(told, i.Outage) {
				continue
			}
			told = append(told, i.Outage)
			b.note("study.open.note", finding.Args{"outage": i.Outage, "cause": i.Cause, "since": model.DateOf(i.Start), "lasted": i.End.Sub(i.Start)})
		}
	}
	for _, in := range b.av.Inputs(b.h) {
		if h, ok := b.s.Snap.Find(in.Ref); ok && in.Source == availability.SourceObserved {
			tell(b.av.Failures(h))
		}
	}
	tell(b.av.Interruptions(b.h))
}

// filled adds a table by fill, and takes it away again where it has no rows.
func (b *studyBuilder) filled(fill func(t *Table), id string, columns ...[2]string) {
	t := b.list(id, columns...)
	if fill(t); len(t.Rows) == 0 {
		b.out.Tables = b.out.Tables[:len(b.out.Tables)-1]
	}
}

func (b *studyBuilder) note(key string, args finding.Args) {
	b.out.Notes = append(b.out.Notes, b.w.Message(key, args))
}

// sourceOf says where failure data come from, and that the MTTR was lengthened.
func sourceOf(w language.Writer, in *availability.Input) string {
	if in.Repair > 0 && in.Source == availability.SourceTimes && in.MTTR > in.Repair {
		return w.Message("source.waiting", finding.Args{"repair": in.Repair})
	}
	return w.Message("source."+string(in.Source), nil)
}

// loads says of each group, and of each component of several instances, how many must
// work and why.
func (b *studyBuilder) loads() {
	b.filled(func(t *Table) {
		t.Sentence = b.w.Message("study.loads", nil)
		for _, l := range b.av.Loads(b.h) {
			args := finding.Args{"holder": l.Holder, "resource": l.Resource, "demand": l.Demand, "each": l.Each, "carry": l.Carry, "declared": l.Declared,
				"needed": l.Needed, "n": l.Total, "demands": l.Demands, "m": len(l.Demands), "raised": l.Raised(), "over": l.Carry > l.Total}
			why := "study.load.unknown"
			if l.Known {
				why = "study.load.known"
			}
			args["why"] = b.w.Message(why, args)
			t.add(l.Holder, map[string]any{"holder": b.name(l.Holder), "alternatives": names(b.s, l.Of), "existing": l.Total, "asDeclared": l.Declared, "needed": l.Needed, "why": args["why"]})
			if l.Raised() {
				b.note("study.load.note", args)
			}
		}
	}, "loads", [2]string{"holder", "ref"}, [2]string{"alternatives", "list"}, [2]string{"existing", "integer"}, [2]string{"asDeclared", "integer"}, [2]string{"needed", "integer"}, [2]string{"why", "text"})
}

// waitings says what the hours of those who restore make of declared MTTRs.
func (b *studyBuilder) waitings() {
	b.filled(func(t *Table) {
		t.Sentence = b.w.Message("study.waitings", nil)
		for _, w := range b.av.Waitings(b.h) {
			args := finding.Args{"repair": w.Repair, "down": coarse(w.Down), "by": w.By, "steps": w.Steps, "missing": w.Missing}
			key := "study.waiting.added"
			switch {
			case w.Nobody:
				key = "study.waiting.nobody"
			case !w.Known:
				key = "study.waiting.missing"
			case w.Down == w.Repair:
				key = "study.waiting.none"
			}
			cells := map[string]any{"object": b.name(w.Of), "restoredBy": names(b.s, w.By), "repair": duration(w.Repair), "why": b.w.Message(key, args)}
			if w.Known {
				cells["down"] = duration(coarse(w.Down))
			}
			t.add(w.Of, cells)
		}
	}, "waitings", [2]string{"object", "ref"}, [2]string{"restoredBy", "list"}, [2]string{"repair", "duration"}, [2]string{"down", "duration"}, [2]string{"why", "text"})
}

// crews says how busy those are who restore several things: the prediction takes each
// as repaired by itself.
func (b *studyBuilder) crews() {
	b.filled(func(t *Table) {
		t.Sentence = b.w.Message("study.crews", nil)
		for _, c := range b.av.Crews(b.h) {
			load := crewLoad(c.Load)
			cells := map[string]any{"team": b.name(c.Team), "people": c.People, "restored": len(c.Restores), "repairs": number(c.Repairs), "crewLoad": load.String()}
			if c.Keeps {
				cells["crewWait"] = duration(c.Wait)
			}
			t.add(c.Team, cells)
			if c.Busy() {
				b.note("study.crew.note", finding.Args{"team": c.Team, "people": c.People, "n": len(c.Restores), "load": load, "keeps": c.Keeps, "wait": coarse(c.Wait), "assumed": c.Assumed})
			}
		}
	}, "crews", [2]string{"team", "ref"}, [2]string{"people", "integer"}, [2]string{"restored", "integer"}, [2]string{"repairs", "number"}, [2]string{"crewLoad", "percent"}, [2]string{"crewWait", "duration"})
}

// crewLoad is a load with two significant digits: most crews are at less than one
// percent.
func crewLoad(x float64) model.Percent {
	if x <= 0 || math.IsInf(x, 1) {
		return model.PercentOf(0)
	}
	scale := math.Pow(10, 1-math.Floor(math.Log10(x)))
	return model.PercentOf(math.Round(x*scale) / scale)
}
