package relational

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"

	"diapason/internal/store"
)

// packed is the rows of one series as one text, because a row that is handed over costs
// several times what it costs to be found: numbers in the order of a row without its
// series, and the slices in hexadecimal digits.
const packed = `SELECT k.value, (SELECT group_concat(format('%d %d %d %d %d %s', day, revision, at, origin, sum, hex(slices)), ';')
	FROM evidence WHERE series = k.value AND day BETWEEN $2 AND $3 AND at <= $4) FROM json_each($1) AS k`

// eachSeries reads the rows of some series, a series at a time, series by series and then
// by day and revision.
func (l *Ledger) eachSeries(ctx context.Context, q store.Querier, series []int64, from, to int, until int64, see func(row) error) error {
	list := []byte{'['}
	for i, id := range series {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, id, 10)
	}
	var rows []row
	return each(ctx, q, packed, func(r store.Rows) error {
		var id int64
		var text []byte
		if err := r.Scan(&id, &text); err != nil {
			return err
		}
		if len(text) == 0 {
			return nil
		}
		var err error
		if rows, err = unpack(rows[:0], id, text); err != nil {
			return l.damaged("the evidence of series " + strconv.FormatInt(id, 10))
		}
		for _, next := range rows {
			if err := see(next); err != nil {
				return err
			}
		}
		return nil
	}, string(append(list, ']')), from, to, until)
}

var errPacked = errors.New("rows of the evidence ledger are not as they were asked for")

// unpack takes the rows of a series apart.
func unpack(rows []row, series int64, text []byte) ([]row, error) {
	blobs := make([]byte, len(text)/2) // of all rows together
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte{';'})
		next := row{place: place{series: series}}
		for i := range 5 {
			var word []byte
			var ok bool
			if word, line, ok = bytes.Cut(line, []byte{' '}); !ok {
				return nil, errPacked
			}
			n, err := strconv.ParseInt(string(word), 10, 64)
			if err != nil {
				return nil, errPacked
			}
			switch i {
			case 0:
				next.day = int(n)
			case 1:
				next.revision = int(n)
			case 2:
				next.at = n
			case 3:
				next.origin = n
			case 4:
				next.sum = n
			}
		}
		n, err := hex.Decode(blobs, line)
		if err != nil {
			return nil, errPacked
		}
		next.slices, blobs = blobs[:n:n], blobs[n:]
		rows = append(rows, next)
	}
	// The rows of a series lie in this order; the text is not promised to keep it.
	if !slices.IsSortedFunc(rows, inOrder) {
		slices.SortFunc(rows, inOrder)
	}
	return rows, nil
}

func inOrder(a, b row) int {
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.revision, b.revision))
}
