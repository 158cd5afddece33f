package app

import (
	"slices"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/renewal"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// record sets what was recorded beside what is predicted.
func (b *studyBuilder) record() {
	x := b.av.Interruptions(b.h)
	rhythm, predicted := b.study.Rhythm()
	times := []MeanTime{{ID: "mtbf"}, {ID: "mttr"}, {ID: "mtbsi"}}
	if predicted && rhythm.PerYear > 0 && !b.dominated(rhythm.WithoutTimes) {
		for i, d := range []time.Duration{rhythm.MTBF, rhythm.MTTR, rhythm.MTBF + rhythm.MTTR} {
			times[i].Predicted = b.w.Duration(coarse(d))
		}
	}
	if x.Known {
		share := x.Record.Availability(availability.Confidence)
		b.out.Recorded, b.out.RecordedSince = b.level(model.AvailabilityOf(1-share.Mean)), x.Since.String()
		r := x.Record
		for i, t := range []renewal.Time{r.MTBF(availability.Confidence), r.MTTR(availability.Confidence), r.MTBSI(availability.Confidence)} {
			times[i].Recorded, times[i].Interval = b.meanTime(t)
		}
	}
	for i := range times {
		times[i].Label = b.w.Message("study."+times[i].ID, nil)
	}
	b.out.Times = times
	b.interruptions(x)
}

// dominated reports that what has no times of its own carries so much of the
// unavailability, more than a twentieth, that mean times without it would mislead.
func (b *studyBuilder) dominated(without []availability.Item) bool {
	if len(without) == 0 {
		return false
	}
	list, ok := b.study.Importance()
	if !ok {
		return true
	}
	sum := 0.0
	for _, x := range list {
		if slices.Contains(without, x.Input.Item()) {
			sum += x.Criticality
		}
	}
	return sum > .05
}

func (b *studyBuilder) meanTime(t renewal.Time) (mean, interval string) {
	if t.Known {
		mean = b.w.Duration(coarse(t.Mean))
	}
	args := finding.Args{"low": coarse(t.Low), "high": coarse(t.High), "unbounded": t.Unbounded}
	if t.Unbounded && t.Low == 0 {
		return mean, ""
	}
	return mean, b.w.Message("study.interval", args)
}

// coarse leaves a length of time the digits that mean something.
func coarse(d time.Duration) time.Duration {
	switch {
	case d > 48*time.Hour:
		return d.Round(time.Hour)
	case d > 2*time.Hour:
		return d.Round(time.Minute)
	}
	return d.Round(time.Second)
}

func (b *studyBuilder) interruptions(x availability.Experience) {
	t := b.list("interruptions", [2]string{"outage", "ref"}, [2]string{"start", "datetime"}, [2]string{"until", "datetime"}, [2]string{"duration", "duration"}, [2]string{"cause", "ref"}, [2]string{"controlled", "boolean"}, [2]string{"derived", "boolean"}, [2]string{"reviewed", "boolean"})
	year := b.s.On.AddMonths(-12).In(calendars.Zone(b.s.Result.Facts))
	for _, i := range x.Interruptions {
		lasted := i.End.Sub(i.Start)
		cells := map[string]any{"outage": b.name(i.Outage), "start": i.Start.Format(time.RFC3339), "duration": duration(lasted), "cause": b.name(i.Cause), "controlled": i.Controlled, "derived": i.Derived, "reviewed": i.Reviewed}
		if !i.Open {
			cells["until"] = i.End.Format(time.RFC3339)
		}
		t.add(i.Outage, cells)
		if i.End.After(year) {
			b.out.Interruptions = append(b.out.Interruptions, InterruptedFor{
				Named: Name(b.s.Snap, i.Outage), Cause: Name(b.s.Snap, i.Cause), Start: i.Start.Format(time.RFC3339), End: i.End.Format(time.RFC3339),
				Minutes: lasted.Minutes(), Text: b.w.Duration(lasted), Open: i.Open, Controlled: i.Controlled, Derived: i.Derived,
			})
		}
	}
	t.Sentence = b.w.Message("study.recorded", finding.Args{"since": x.Since, "known": x.Known, "n": len(x.Record.Downs), "down": x.Record.Down()})
}

// shared lists alternatives that fail together.
func (b *studyBuilder) shared() {
	t := b.list("shared", [2]string{"holder", "ref"}, [2]string{"alternatives", "list"}, [2]string{"shared", "list"})
	for _, x := range b.av.FalseRedundancy(b.h) {
		t.add(x.Holder, map[string]any{"holder": b.name(x.Holder), "alternatives": names(b.s, x.Alternatives), "shared": names(b.s, x.Shared)})
	}
}

// inputs lists the failure data with their source, and what was observed.
func (b *studyBuilder) inputs() {
	t := b.list("inputs", [2]string{"object", "ref"}, [2]string{"source", "text"}, [2]string{"availability", "availability"}, [2]string{"mtbf", "duration"}, [2]string{"mttr", "duration"}, [2]string{"declared", "availability"}, [2]string{"observed", "integer"}, [2]string{"since", "date"})
	for _, in := range b.av.Inputs(b.h) {
		cells := map[string]any{"object": b.item(in.Item()), "source": sourceOf(b.w, &in), "mtbf": positive(model.Duration(coarse(in.MTBF.Std()))), "mttr": positive(model.Duration(coarse(in.MTTR.Std())))}
		switch in.Source {
		case availability.SourceNone, availability.SourceNotOwn:
		default:
			cells["availability"] = digits(in.Availability)
		}
		if in.Source == availability.SourceObserved {
			if in.DeclaredSource != availability.SourceNone {
				cells["declared"] = digits(in.Declared)
			}
			cells["observed"], cells["since"] = in.Observed, day(in.Since)
		}
		t.add(in.Ref, cells)
	}
}
