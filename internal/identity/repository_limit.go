package identity

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"diapason/internal/store"
)

// storedCounters are the counters of sign-ins in the table identity_limit, the
// same SQL on both engines.
type storedCounters struct{ store store.SQL }

var _ counters = storedCounters{}

func (s storedCounters) read(ctx context.Context, keys []counterKey) (kept []time.Time, err error) {
	err = s.store.View(ctx, func(q store.Querier) error {
		kept, err = scanCounters(ctx, q, keys, `SELECT key, until FROM identity_limit WHERE key IN (`+placeholders(len(keys), ", ")+`)`, keyArgs(keys))
		return err
	})
	return kept, err
}

// update first writes every row as it is, or empty, in the order of the keys: that
// locks them, also those that were not there, and never two updates each other.
func (s storedCounters) update(ctx context.Context, keys []counterKey, fn func([]time.Time) ([]time.Time, error)) error {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, func(a, b counterKey) int { return bytes.Compare(a[:], b[:]) })
	return s.store.Tx(ctx, func(q store.Querier) error {
		kept, err := scanCounters(ctx, q, keys,
			`INSERT INTO identity_limit (key, until) VALUES (`+placeholders(len(sorted), ", 0), (")+`, 0) ON CONFLICT (key) DO UPDATE SET until = identity_limit.until RETURNING key, until`, keyArgs(sorted))
		if err != nil {
			return err
		}
		to, err := fn(kept)
		if err != nil {
			return err
		}
		for i, k := range keys {
			if to[i].IsZero() {
				_, err = q.Exec(ctx, `DELETE FROM identity_limit WHERE key = $1`, k[:])
			} else if !to[i].Equal(kept[i]) {
				_, err = q.Exec(ctx, `UPDATE identity_limit SET until = $2 WHERE key = $1`, k[:], micros(to[i]))
			}
			if err != nil {
				return fmt.Errorf("count a sign-in: %w", err)
			}
		}
		return nil
	})
}

func (s storedCounters) forget(ctx context.Context, now time.Time, kept int) error {
	return s.store.Tx(ctx, func(q store.Querier) error {
		if _, err := q.Exec(ctx, `DELETE FROM identity_limit WHERE until <= $1`, micros(now)); err != nil {
			return fmt.Errorf("forget counters of sign-ins: %w", err)
		}
		var n int64
		if err := q.QueryRow(ctx, `SELECT count(*) FROM identity_limit`).Scan(&n); err != nil {
			return fmt.Errorf("count the counters of sign-ins: %w", err)
		}
		if n <= int64(kept) {
			return nil
		}
		_, err := q.Exec(ctx, `DELETE FROM identity_limit WHERE key IN (SELECT key FROM identity_limit ORDER BY until LIMIT $1)`, n-int64(kept)+int64(kept)/10)
		return err
	})
}

// scanCounters reads rows of key and instant in the order of keys.
func scanCounters(ctx context.Context, q store.Querier, keys []counterKey, query string, args []any) ([]time.Time, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read the counters of sign-ins: %w", err)
	}
	defer rows.Close()
	kept := make([]time.Time, len(keys))
	for rows.Next() {
		var key []byte
		var until int64
		if err := rows.Scan(&key, &until); err != nil {
			return nil, fmt.Errorf("read the counters of sign-ins: %w", err)
		}
		for i, k := range keys {
			if bytes.Equal(k[:], key) {
				kept[i] = instant(until)
			}
		}
	}
	return kept, rows.Err()
}

func keyArgs(keys []counterKey) []any {
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k[:]
	}
	return args
}

// placeholders writes "$1, $2, …" with something between them.
func placeholders(n int, between string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(between)
		}
		fmt.Fprintf(&b, "$%d", 1+i)
	}
	return b.String()
}
