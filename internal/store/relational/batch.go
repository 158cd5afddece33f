package relational

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"diapason/internal/store"
)

// batches are the numbers of tuples one statement may carry, in falling order
// down to 1. A few fixed sizes keep the number of distinct statements small, so
// that the drivers prepare each once.
type batches []int

// tuples runs a statement as often as needed to pass n tuples of the given
// width. The statement is before ‖ ($1,$2),($3,$4)… ‖ after, or before ‖
// $1,$2,… ‖ after where before does not end in VALUES; leading arguments come
// first. run is called with the statement and its arguments.
func (b batches) tuples(before, after string, width, n int, leading []any, fill func(i int, args []any) []any, run func(query string, args []any) error) error {
	for done := 0; done < n; {
		size := 1
		for _, s := range b {
			if n-done >= s {
				size = s
				break
			}
		}
		args := make([]any, len(leading), len(leading)+size*width)
		copy(args, leading)
		for i := range size {
			args = fill(done+i, args)
		}
		if err := run(statement(before, after, len(leading)+1, width, size), args); err != nil {
			return err
		}
		done += size
	}
	return nil
}

// insert adds n rows.
func (b batches) insert(ctx context.Context, q store.Querier, into string, width, n int, fill func(i int, args []any) []any) error {
	return b.tuples("INSERT INTO "+into+" VALUES ", "", width, n, nil, fill, func(query string, args []any) error {
		_, err := q.Exec(ctx, query, args...)
		return err
	})
}

type statementKey struct {
	before, after      string
	first, width, size int
}

var statements sync.Map // statementKey → string

func statement(before, after string, first, width, size int) string {
	key := statementKey{before, after, first, width, size}
	if s, ok := statements.Load(key); ok {
		return s.(string)
	}
	var b strings.Builder
	b.WriteString(before)
	n := first
	values := strings.HasSuffix(before, "VALUES ") // tuples, not a list
	for i := range size {
		if i > 0 {
			b.WriteByte(',')
		}
		if values {
			b.WriteByte('(')
		}
		for j := range width {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			n++
		}
		if values {
			b.WriteByte(')')
		}
	}
	b.WriteString(after)
	s := b.String()
	statements.Store(key, s)
	return s
}
