package relational

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"math"
	"slices"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// The bounds of what a record may say, and of one statement.
const (
	mostSlices = 1 << 20    // bytes
	lastDay    = 366 * 8000 // in the year 9990
	mostRows   = 4096       // written in one statement
	mostSeries = 512        // read in one statement
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// date writes a day for a message.
func date(day int) string { return time.Unix(0, 0).UTC().AddDate(0, 0, day).Format(time.DateOnly) }

func nameOf(r *ledger.Record) string {
	return fmt.Sprintf("%s %s #%d", r.Series, date(r.Day), r.Revision)
}

// place is one day of one series by its number.
type place struct {
	series int64
	day    int
}

// row is a record as the table holds it.
type row struct {
	place
	revision int
	at       int64
	origin   int64
	sum      int64
	slices   []byte
}

// sumOf is the CRC-32C of all that a record says, whatever the table may say later.
func sumOf(buffer []byte, r *ledger.Record) (sum int64, reuse []byte) {
	b := append(buffer[:0], r.Series...)
	b = append(b, 0)
	b = binary.AppendVarint(b, int64(r.Day))
	b = binary.AppendVarint(b, int64(r.Revision))
	b = binary.AppendVarint(b, micros(r.At))
	for _, text := range [...]string{r.Engine, r.Author, r.Reason} {
		b = append(b, text...)
		b = append(b, 0)
	}
	b = append(b, r.Slices...)
	return int64(crc32.Checksum(b, castagnoli)), b
}

func validate(r *ledger.Record) error {
	what := fmt.Sprintf("the evidence of %q", string(r.Series))
	switch {
	case r.Day < 0 || r.Day > lastDay:
		return invalid(string(r.Series), fmt.Sprintf("%s is of day %d since 1970", what, r.Day), "give a day from 1970 on")
	case r.Revision < 0:
		return invalid(string(r.Series), fmt.Sprintf("%s expects revision %d", what, r.Revision), "give the next revision, or 0")
	case len(r.Slices) > mostSlices:
		return invalid(string(r.Series), fmt.Sprintf("%s is %d bytes long", what, len(r.Slices)), fmt.Sprintf("keep it under %d bytes", mostSlices))
	}
	return cmp.Or(
		plain("the name of a series", string(r.Series), mostName, false), plain("the engine of "+what, r.Engine, mostName, true),
		plain("the author of "+what, r.Author, mostName, true), plain("the reason of "+what, r.Reason, mostReason, true),
	)
}

// Append implements ledger.Ledger.
func (l *Ledger) Append(ctx context.Context, records []ledger.Record) ([]int, error) {
	if len(records) == 0 {
		return nil, nil
	}
	names := make([]ledger.Series, len(records))
	for i := range records {
		if err := validate(&records[i]); err != nil {
			return nil, err
		}
		names[i] = records[i].Series
	}
	var revisions []int
	var freshSeries map[ledger.Series]int64
	var freshOrigins map[origin]int64
	err := l.db.Tx(ctx, func(q store.Querier) error {
		at, err := l.tick(ctx, q)
		if err != nil {
			return err
		}
		var numbers map[ledger.Series]int64
		if numbers, freshSeries, err = l.seriesNumbers(ctx, q, names, true); err != nil {
			return err
		}
		origins := map[origin]int64{}
		for i := range records {
			origins[origin{records[i].Engine, records[i].Author, records[i].Reason}] = 0
		}
		if freshOrigins, err = l.originNumbers(ctx, q, origins); err != nil {
			return err
		}
		places := make([]place, len(records))
		for i := range records {
			places[i] = place{numbers[records[i].Series], records[i].Day}
		}
		latest, err := l.latest(ctx, q, places)
		if err != nil {
			return err
		}
		rows := make([]row, len(records))
		revisions = make([]int, len(records))
		var buffer []byte
		for i, r := range records {
			next := latest[places[i]] + 1
			if r.Revision != 0 && r.Revision != next {
				return conflict(&r, next)
			}
			latest[places[i]], revisions[i], r.Revision, r.At = next, next, next, moment(at)
			rows[i] = row{place: places[i], revision: next, at: at, origin: origins[origin{r.Engine, r.Author, r.Reason}], slices: r.Slices}
			if rows[i].slices == nil {
				rows[i].slices = []byte{}
			}
			rows[i].sum, buffer = sumOf(buffer, &r)
		}
		return l.insert(ctx, q, rows)
	})
	if err != nil {
		return nil, err
	}
	l.rememberSeries(freshSeries)
	l.rememberOrigins(freshOrigins)
	return revisions, nil
}

func conflict(r *ledger.Record, next int) error {
	return &store.Error{
		Code:    store.CodeConflict,
		Problem: fmt.Sprintf("the evidence of %s on %s has %d revisions by now, not %d", r.Series, date(r.Day), next-1, r.Revision-1),
		Remedy:  "read it again before correcting it", Place: string(r.Series),
	}
}

// latest gives the last revision of each place; 0 where there is none.
func (l *Ledger) latest(ctx context.Context, q store.Querier, places []place) (map[place]int, error) {
	latest := make(map[place]int, len(places))
	for _, p := range places {
		latest[p] = 0
	}
	if !l.dialect.Arrays {
		for p := range latest {
			var n int
			if err := q.QueryRow(ctx, `SELECT coalesce(max(revision), 0) FROM evidence WHERE series = $1 AND day = $2`, p.series, p.day).Scan(&n); err != nil {
				return nil, err
			}
			latest[p] = n
		}
		return latest, nil
	}
	series, days := make([]int64, 0, len(latest)), make([]int64, 0, len(latest))
	for p := range latest {
		series, days = append(series, p.series), append(days, int64(p.day))
	}
	for len(series) > 0 {
		n := min(len(series), mostRows)
		err := each(ctx, q, `SELECT k.series, k.day, e.revision FROM unnest($1::int[], $2::int[]) AS k(series, day)
			CROSS JOIN LATERAL (SELECT revision FROM evidence WHERE series = k.series AND day = k.day ORDER BY revision DESC LIMIT 1) AS e`,
			func(r store.Rows) error {
				var p place
				var n int
				err := r.Scan(&p.series, &p.day, &n)
				latest[p] = n
				return err
			}, series[:n], days[:n])
		if err != nil {
			return nil, err
		}
		series, days = series[n:], days[n:]
	}
	return latest, nil
}

// insert writes rows in the order of the table's key, which is that of its pages.
func (l *Ledger) insert(ctx context.Context, q store.Querier, rows []row) error {
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.series, b.series), cmp.Compare(a.day, b.day), cmp.Compare(a.revision, b.revision))
	})
	if !l.dialect.Arrays {
		for _, r := range rows {
			if _, err := q.Exec(ctx, `INSERT INTO evidence (series, day, revision, at, origin, sum, slices) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				r.series, r.day, r.revision, r.at, r.origin, r.sum, r.slices); err != nil {
				return err
			}
		}
		return nil
	}
	for chunk := range slices.Chunk(rows, mostRows) {
		var numbers [6][]int64
		blobs := make([][]byte, len(chunk))
		for i, r := range chunk {
			for c, n := range [...]int64{r.series, int64(r.day), int64(r.revision), r.at, r.origin, r.sum} {
				numbers[c] = append(numbers[c], n)
			}
			blobs[i] = r.slices
		}
		if _, err := q.Exec(ctx, `INSERT INTO evidence (series, day, revision, at, origin, sum, slices)
			SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])`,
			numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], blobs); err != nil {
			return err
		}
	}
	return nil
}

const columns = `series, day, revision, at, origin, sum, slices`

func scanRow(r store.Rows) (out row, err error) {
	err = r.Scan(&out.series, &out.day, &out.revision, &out.at, &out.origin, &out.sum, &out.slices)
	return out, err
}

// Read implements ledger.Ledger.
func (l *Ledger) Read(ctx context.Context, series []ledger.Series, from, to int, asOf time.Time) iter.Seq2[ledger.Record, error] {
	return func(yield func(ledger.Record, error) bool) {
		var fresh map[ledger.Series]int64
		err := l.db.View(ctx, func(q store.Querier) error {
			var numbers map[ledger.Series]int64
			var err error
			if numbers, fresh, err = l.seriesNumbers(ctx, q, series, false); err != nil {
				return err
			}
			return l.read(ctx, q, numbers, from, to, asOf, yield)
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(ledger.Record{}, err)
			return
		}
		l.rememberSeries(fresh)
	}
}

func (l *Ledger) read(ctx context.Context, q store.Querier, numbers map[ledger.Series]int64, from, to int, asOf time.Time, yield func(ledger.Record, error) bool) error {
	names := make(map[int64]ledger.Series, len(numbers))
	ids := make([]int64, 0, len(numbers))
	for name, id := range numbers {
		names[id] = name
		ids = append(ids, id)
	}
	slices.Sort(ids)
	from, to = max(from, 0), min(to, math.MaxInt32)
	days := l.eachRow
	if !l.dialect.Arrays {
		days = l.eachSeries
	}
	var rows []row
	var buffer []byte
	for some := range slices.Chunk(ids, mostSeries) {
		rows = rows[:0]
		flush := func() error {
			for i := range rows {
				var record ledger.Record
				var err error
				if record, buffer, err = l.record(ctx, q, &rows[i], names[rows[i].series], buffer); err != nil {
					return err
				}
				if !yield(record, nil) {
					return errStop
				}
			}
			rows = rows[:0]
			return nil
		}
		err := days(ctx, q, some, from, to, knownAt(asOf), func(next row) error {
			switch n := len(rows); {
			case n > 0 && rows[n-1].place == next.place:
				rows[n-1] = next // a later revision
				return nil
			case n > 0 && rows[n-1].series != next.series && !l.dialect.Arrays:
				if err := flush(); err != nil {
					return err
				}
			}
			rows = append(rows, next)
			return nil
		})
		if err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// eachRow reads the rows of some series one by one, series by series and then by day and
// revision.
func (l *Ledger) eachRow(ctx context.Context, q store.Querier, series []int64, from, to int, until int64, see func(row) error) error {
	return each(ctx, q, `SELECT `+columns+` FROM evidence WHERE series = ANY($1) AND day BETWEEN $2 AND $3 AND at <= $4 ORDER BY series, day, revision`, func(r store.Rows) error {
		next, err := scanRow(r)
		if err != nil {
			return err
		}
		return see(next)
	}, series, from, to, until)
}

// record gives a row its names back and compares it with its sum.
func (l *Ledger) record(ctx context.Context, q store.Querier, r *row, name ledger.Series, buffer []byte) (ledger.Record, []byte, error) {
	out := ledger.Record{Series: name, Day: r.day, Revision: r.revision, At: moment(r.at), Slices: r.slices}
	from, err := l.origin(ctx, q, r.origin)
	if err != nil {
		return out, buffer, err
	}
	if from == nil {
		return out, buffer, l.damaged("the evidence of " + nameOf(&out))
	}
	out.Engine, out.Author, out.Reason = from.engine, from.author, from.reason
	sum, buffer := sumOf(buffer, &out)
	if sum != r.sum {
		return out, buffer, l.damaged("the evidence of " + nameOf(&out))
	}
	return out, buffer, nil
}

// Revisions implements ledger.Ledger.
func (l *Ledger) Revisions(ctx context.Context, series ledger.Series, day int) ([]ledger.Record, error) {
	var out []ledger.Record
	err := l.db.View(ctx, func(q store.Querier) error {
		out = nil
		numbers, _, err := l.seriesNumbers(ctx, q, []ledger.Series{series}, false)
		if err != nil || len(numbers) == 0 {
			return err
		}
		var rows []row
		err = each(ctx, q, `SELECT `+columns+` FROM evidence WHERE series = $1 AND day = $2 ORDER BY revision`, func(r store.Rows) error {
			next, err := scanRow(r)
			rows = append(rows, next)
			return err
		}, numbers[series], day)
		if err != nil {
			return err
		}
		for i := range rows {
			record, _, err := l.record(ctx, q, &rows[i], series, nil)
			if err != nil {
				return err
			}
			out = append(out, record)
		}
		return nil
	})
	return out, err
}

// Last implements ledger.Ledger.
func (l *Ledger) Last(ctx context.Context) (map[ledger.Series]int, error) {
	var last map[ledger.Series]int
	err := l.db.View(ctx, func(q store.Querier) error {
		last = map[ledger.Series]int{}
		return each(ctx, q, `SELECT name, coalesce((SELECT max(day) FROM evidence WHERE series = s.id), -1) FROM series AS s`, func(r store.Rows) error {
			var name string
			var day int
			err := r.Scan(&name, &day)
			if day >= 0 {
				last[ledger.Series(name)] = day
			}
			return err
		})
	})
	return last, err
}
