package probe

import (
	"math/bits"
	"slices"
	"time"
)

const (
	// fewestHosts is how many machines must be silent all at once before the network of
	// this one is thought to be cut, where there are no references.
	fewestHosts = 3
	// fewestSeconds is in how many seconds of a minute the runner must have been awake.
	fewestSeconds = 55
	// settled is how long after its end a minute is judged: runs that began in it and in
	// the next have ended then, unless their timeout is longer.
	settled = time.Minute + 15*time.Second
	// longestJudged is how far back minutes are judged after a gap.
	longestJudged = 5 * time.Minute
)

// watch judges for each minute whether the runner saw.
type watch struct {
	references bool // references alone tell
	minutes    map[int64]*minute
	judged     int64 // the last minute that was judged, in minutes since 1970
	lag        time.Duration
	vouched    time.Time
}

// minute is what happened in one.
type minute struct {
	awake  uint64 // bit for each second in which the loop was awake
	faulty bool   // a run was late or left out, or its sample was not stored
	saw    int    // runs that something answered
	silent map[string]bool
}

func newWatch(references bool) *watch {
	return &watch{references: references, minutes: map[int64]*minute{}}
}

func (w *watch) at(t time.Time) *minute {
	n := t.Unix() / 60
	m := w.minutes[n]
	if m == nil {
		m = &minute{silent: map[string]bool{}}
		w.minutes[n] = m
	}
	return m
}

func (w *watch) tick(now time.Time) { w.at(now).awake |= 1 << (now.Unix() % 60) }

// late notes a run that did not begin when it was due.
func (w *watch) late(due, now time.Time) {
	w.at(now).faulty = true
	if now.Sub(due) < longestJudged {
		w.at(due).faulty = true
	}
}

// lost notes a result that was not stored.
func (w *watch) lost(started time.Time) { w.at(started).faulty = true }

// ran notes whether a run saw anything of the world outside this machine.
func (w *watch) ran(d *Definition, started time.Time, got result) {
	if d.local() || w.references && d.Source != "" {
		return
	}
	m := w.at(started)
	if got.sight == seen {
		m.saw++
	} else {
		m.silent[d.host()] = true
	}
}

// dark reports that in a minute nothing at all was seen, though enough was looked at.
func (w *watch) dark(n int64) bool {
	m := w.minutes[n]
	enough := fewestHosts
	if w.references {
		enough = 1
	}
	return m != nil && m.saw == 0 && len(m.silent) >= enough
}

// vouch gives the minutes, not given before, that can be vouched for by now. The minutes
// beside a dark one are dark too where something was silent in them: a cut does not begin
// on the full minute.
func (w *watch) vouch(now time.Time) []time.Time {
	last := now.Add(-settled).Unix()/60 - 1
	if w.judged == 0 || last < w.judged { // at the start, and when the clock went back
		w.judged = min(last, w.first()-1)
	}
	w.judged = max(w.judged, last-int64(longestJudged/time.Minute))
	var out []time.Time
	for ; w.judged < last; w.judged++ {
		n := w.judged + 1
		m := w.minutes[n]
		if m == nil || m.faulty || bits.OnesCount64(m.awake) < fewestSeconds || w.dark(n) ||
			len(m.silent) > 0 && (w.dark(n-1) || w.dark(n+1)) {
			continue
		}
		out = append(out, time.Unix(n*60, 0).UTC())
	}
	for n := range w.minutes {
		if n < last-2 || n > now.Unix()/60+2 {
			delete(w.minutes, n)
		}
	}
	if len(out) > 0 {
		w.vouched = out[len(out)-1]
	}
	return out
}

// first is the first minute that anything is known of.
func (w *watch) first() int64 {
	known := make([]int64, 0, len(w.minutes))
	for n := range w.minutes {
		known = append(known, n)
	}
	if len(known) == 0 {
		return 0
	}
	return slices.Min(known)
}
