package relational

import (
	"context"
	"encoding/json"
	"fmt"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// mostProblems is how many problems a report lists.
const mostProblems = 1000

// Fsck implements ledger.Ledger.
func (l *Ledger) Fsck(ctx context.Context, readable func([]byte) error) (ledger.Report, error) {
	var report ledger.Report
	err := l.db.View(ctx, func(q store.Querier) error {
		report = ledger.Report{}
		if err := l.checkEvidence(ctx, q, readable, &report); err != nil {
			return err
		}
		if err := l.checkExclusions(ctx, q, &report); err != nil {
			return err
		}
		return l.checkCases(ctx, q, &report)
	})
	return report, err
}

func note(r *ledger.Report, t ledger.ProblemType, format string, args ...any) {
	if r.Total++; len(r.Problems) < mostProblems {
		r.Problems = append(r.Problems, ledger.Problem{Type: t, Where: fmt.Sprintf(format, args...)})
	}
}

func (l *Ledger) checkEvidence(ctx context.Context, q store.Querier, readable func([]byte) error, report *ledger.Report) error {
	names, origins := map[int64]ledger.Series{}, map[int64]origin{}
	if err := each(ctx, q, `SELECT id, name FROM series`, func(r store.Rows) error {
		var id int64
		var name string
		err := r.Scan(&id, &name)
		names[id] = ledger.Series(name)
		return err
	}); err != nil {
		return err
	}
	report.Series = int64(len(names))
	if err := each(ctx, q, `SELECT id, engine, author, reason FROM origin`, func(r store.Rows) error {
		var id int64
		var o origin
		err := r.Scan(&id, &o.engine, &o.author, &o.reason)
		origins[id] = o
		return err
	}); err != nil {
		return err
	}
	var before row
	var buffer []byte
	return each(ctx, q, `SELECT `+columns+` FROM evidence ORDER BY series, day, revision`, func(r store.Rows) error {
		now, err := scanRow(r)
		if err != nil {
			return err
		}
		report.Records++
		name, named := names[now.series]
		from, came := origins[now.origin]
		record := ledger.Record{
			Series: name, Day: now.day, Revision: now.revision, At: moment(now.at),
			Engine: from.engine, Author: from.author, Reason: from.reason, Slices: now.slices,
		}
		if !named {
			record.Series = ledger.Series(fmt.Sprintf("series %d", now.series))
		}
		var sum int64
		switch sum, buffer = sumOf(buffer, &record); {
		case !named || !came:
			note(report, ledger.NameUnknown, "%s", nameOf(&record))
		case sum != now.sum:
			note(report, ledger.RecordChanged, "%s", nameOf(&record))
		case readable(now.slices) != nil:
			note(report, ledger.SlicesUnreadable, "%s", nameOf(&record))
		}
		last := 0
		if before.place == now.place {
			last = before.revision
			if now.at < before.at {
				note(report, ledger.TimeOrder, "%s", nameOf(&record))
			}
		}
		if now.revision != last+1 {
			note(report, ledger.RevisionMissing, "%s", nameOf(&record))
		}
		now.slices = nil
		before = now
		return nil
	})
}

func (l *Ledger) checkExclusions(ctx context.Context, q store.Querier, report *ledger.Report) error {
	last := int64(0)
	return each(ctx, q, `SELECT `+exclusionColumns+` FROM exclusion ORDER BY id`, func(r store.Rows) error {
		report.Exclusions++
		e, err := l.scanExclusion(r)
		switch {
		case store.CodeOf(err) == store.CodeCorrupt:
			note(report, ledger.ExclusionChanged, "%d", e.ID)
		case err != nil:
			return err
		}
		if e.ID != last+1 {
			note(report, ledger.RevisionMissing, "the exclusion %d", e.ID)
		}
		last = e.ID
		return nil
	})
}

func (l *Ledger) checkCases(ctx context.Context, q store.Querier, report *ledger.Report) error {
	var source, id string
	var revision int
	var before int64
	return each(ctx, q, `SELECT source, id, revision, at, sum, document, opened, ended, withdrawn FROM ticket ORDER BY source, id, revision`, func(r store.Rows) error {
		report.Cases++
		var c ledger.Case
		var at, sum, opened, over, withdrawn int64
		var said []byte
		if err := r.Scan(&c.Source, &c.ID, &c.Revision, &at, &sum, &said, &opened, &over, &withdrawn); err != nil {
			return err
		}
		where := fmt.Sprintf("%s %s #%d", c.Source, c.ID, c.Revision)
		var d document
		changed := sumOfCase(c.Source, c.ID, c.Revision, at, said) != sum || json.Unmarshal(said, &d) != nil
		if d.to(&c); changed || opened != c.Opened.UnixMicro() || over != ended(&c) || (withdrawn != 0) != c.Withdrawn {
			note(report, ledger.CaseChanged, "%s", where)
		}
		last := 0
		if source == c.Source && id == c.ID {
			last = revision
			if at < before {
				note(report, ledger.TimeOrder, "%s", "the case "+where)
			}
		}
		if c.Revision != last+1 {
			note(report, ledger.RevisionMissing, "%s", "the case "+where)
		}
		source, id, revision, before = c.Source, c.ID, c.Revision, at
		return nil
	})
}
