package cli

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"

	"diapason/internal/app"
	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// inBlocks calls fn for pieces of n things on all cores, each piece in one call:
// findings of one subject stand together. Then gives the pieces in order to done,
// while later ones are still being made; nothing more is asked for after an error.
func inBlocks[T any](n int, fn func(from, to int) T, done func(T) error) error {
	const block = 512
	type piece struct {
		from, to int
		made     chan T
	}
	workers := runtime.GOMAXPROCS(0)
	queue, order := make(chan piece), make(chan piece, 4*workers)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(order)
		defer close(queue)
		for from := 0; from < n; from += block {
			p := piece{from, min(from+block, n), make(chan T, 1)}
			select {
			case <-stop:
				return
			case order <- p:
				queue <- p
			}
		}
	})
	for range workers {
		wg.Go(func() {
			for p := range queue {
				p.made <- fn(p.from, p.to)
			}
		})
	}
	var err error
	for p := range order {
		if made := <-p.made; err == nil {
			if err = done(made); err != nil {
				close(stop)
			}
		}
	}
	wg.Wait()
	return err
}

func (t *terminal) reportText(snap *model.Snapshot, on model.Date, judged []assess.Judged) error {
	w := app.WriterFor(snap, t.lang)
	words := map[finding.Severity]string{}
	for _, s := range []finding.Severity{finding.Info, finding.Warning, finding.Error} {
		words[s] = t.say("severity."+s.String(), nil)
	}
	unknown := t.say("outcome.unknown", nil)
	err := inBlocks(len(judged), func(from, to int) []byte {
		var b bytes.Buffer
		var l model.Locator
		for _, j := range judged[from:to] {
			if j.Baseline {
				continue
			}
			severity := words[j.Severity]
			if j.Outcome == finding.Unknown {
				severity = unknown
			}
			if !j.Waiver.IsZero() {
				severity = t.say("cli.waived", finding.Args{"severity": severity, "until": j.Until})
			}
			writeFinding(&b, snap, w, &l, j, severity)
		}
		return b.Bytes()
	}, func(text []byte) error {
		_, err := t.out.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	c := count(judged)
	_, err = t.out.Write([]byte(t.say("cli.check.summary", finding.Args{"objects": snap.Len(), "on": on, "errors": c.Error, "warnings": c.Warning, "infos": c.Info, "unknowns": c.Unknown, "waived": c.Waived, "baseline": c.Baseline}) + "\n"))
	return err
}

// writeFinding writes a finding as compilers write: where, how bad, what; then
// its evidence and the remedy.
func writeFinding(b *bytes.Buffer, snap *model.Snapshot, w language.Writer, l *model.Locator, j assess.Judged, severity string) {
	if o := snap.Get(j.Subject); o != nil && o.Source != nil {
		line, column := l.Locate(o.Source, j.Pointer)
		b.WriteString(o.Source.File)
		b.WriteByte(':')
		b.Write(strconv.AppendInt(b.AvailableBuffer(), int64(line), 10))
		b.WriteByte(':')
		b.Write(strconv.AppendInt(b.AvailableBuffer(), int64(column), 10))
		b.WriteString(": ")
	}
	for _, s := range []string{severity, " ", j.Rule, ": ", j.Subject.String(), ": ", w.Finding(j.Finding), "\n"} {
		b.WriteString(s)
	}
	for _, e := range j.Evidence {
		for _, s := range []string{"    ", w.EvidenceLabel(j.Rule, e.Label), w.Colon(), w.Value(e.Value), "\n"} {
			b.WriteString(s)
		}
	}
	if remedy := w.Remedy(j.Finding); remedy != "" {
		for _, s := range []string{"    → ", remedy, "\n"} {
			b.WriteString(s)
		}
	}
}
