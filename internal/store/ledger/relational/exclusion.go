package relational

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

const exclusionColumns = `id, at, scope, starts, ends, kind, announced, author, reason, withdraws, sum`

// sumOfExclusion is the CRC-32C of all that an exclusion says.
func sumOfExclusion(e *ledger.Exclusion) int64 {
	var b []byte
	for _, n := range [...]int64{e.ID, micros(e.At), micros(e.From), micros(e.To), micros(e.Announced), e.Withdraws} {
		b = binary.AppendVarint(b, n)
	}
	for _, text := range [...]string{e.Scope, e.Kind, e.Author, e.Reason} {
		b = append(append(b, text...), 0)
	}
	return int64(crc32.Checksum(b, castagnoli))
}

func validateExclusion(e *ledger.Exclusion) error {
	if err := cmp.Or(
		plain("the scope of an exclusion", e.Scope, mostName, true), plain("the author of an exclusion", e.Author, mostName, true),
		plain("the reason of an exclusion", e.Reason, mostReason, true),
	); err != nil {
		return err
	}
	switch {
	case e.Withdraws < 0:
		return invalid("", fmt.Sprintf("there is no exclusion %d", e.Withdraws), "give the number of an exclusion")
	case e.Withdraws > 0:
		return nil
	}
	switch e.Kind {
	case ledger.PlannedMaintenance, ledger.CustomerCause, ledger.ForceMajeure:
	default:
		return invalid("", fmt.Sprintf("an exclusion cannot be of kind %q", e.Kind), "use planned-maintenance, customer-cause or force-majeure")
	}
	if !e.From.Before(e.To) {
		return invalid("", "the exclusion ends before it begins", "give an end after its beginning")
	}
	return nil
}

func (l *Ledger) scanExclusion(r store.Row) (ledger.Exclusion, error) {
	var e ledger.Exclusion
	var at, from, to, announced, sum int64
	if err := r.Scan(&e.ID, &at, &e.Scope, &from, &to, &e.Kind, &announced, &e.Author, &e.Reason, &e.Withdraws, &sum); err != nil {
		return e, err
	}
	e.At, e.From, e.To, e.Announced = moment(at), time.UnixMicro(from).UTC(), time.UnixMicro(to).UTC(), moment(announced)
	if sumOfExclusion(&e) != sum {
		return e, l.damaged(fmt.Sprintf("the exclusion %d", e.ID))
	}
	return e, nil
}

// AppendExclusion implements ledger.Ledger.
func (l *Ledger) AppendExclusion(ctx context.Context, e ledger.Exclusion) (ledger.Exclusion, error) {
	if err := validateExclusion(&e); err != nil {
		return ledger.Exclusion{}, err
	}
	var out ledger.Exclusion
	err := l.db.Tx(ctx, func(q store.Querier) error {
		out = e
		at, err := l.tick(ctx, q)
		if err != nil {
			return err
		}
		if e.Withdraws > 0 {
			was, err := l.scanExclusion(q.QueryRow(ctx, `SELECT `+exclusionColumns+` FROM exclusion WHERE id = $1`, e.Withdraws))
			switch {
			case errors.Is(err, sql.ErrNoRows):
				return &store.Error{Code: store.CodeNotFound, Problem: fmt.Sprintf("there is no exclusion %d", e.Withdraws), Remedy: "give the number of an exclusion"}
			case err != nil:
				return err
			case was.Withdraws > 0:
				return invalid("", fmt.Sprintf("the entry %d withdraws an exclusion itself", e.Withdraws), "give the number of an exclusion")
			}
			var n int
			if err := q.QueryRow(ctx, `SELECT count(*) FROM exclusion WHERE withdraws = $1`, e.Withdraws).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				return &store.Error{Code: store.CodeConflict, Problem: fmt.Sprintf("the exclusion %d was withdrawn before", e.Withdraws), Remedy: "read the exclusions again"}
			}
			out.Scope, out.From, out.To, out.Kind, out.Announced = was.Scope, was.From, was.To, was.Kind, was.Announced
		}
		if err := q.QueryRow(ctx, `SELECT coalesce(max(id), 0) + 1 FROM exclusion`).Scan(&out.ID); err != nil {
			return err
		}
		out.At, out.From, out.To, out.Announced = moment(at), time.UnixMicro(out.From.UnixMicro()).UTC(), time.UnixMicro(out.To.UnixMicro()).UTC(), moment(micros(out.Announced))
		_, err = q.Exec(ctx, `INSERT INTO exclusion (`+exclusionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			out.ID, at, out.Scope, micros(out.From), micros(out.To), out.Kind, micros(out.Announced), out.Author, out.Reason, out.Withdraws, sumOfExclusion(&out))
		return err
	})
	if err != nil {
		return ledger.Exclusion{}, err
	}
	return out, nil
}

// Exclusions implements ledger.Ledger.
func (l *Ledger) Exclusions(ctx context.Context, from, to, asOf time.Time) ([]ledger.Exclusion, error) {
	var out []ledger.Exclusion
	err := l.db.View(ctx, func(q store.Querier) error {
		out = nil
		return each(ctx, q, `SELECT `+exclusionColumns+` FROM exclusion AS e
			WHERE ends > $1 AND starts < $2 AND at <= $3 AND withdraws = 0
			AND NOT EXISTS (SELECT 1 FROM exclusion AS w WHERE w.withdraws <> 0 AND w.withdraws = e.id AND w.at <= $3)
			ORDER BY starts, id`, func(r store.Rows) error {
			e, err := l.scanExclusion(r)
			out = append(out, e)
			return err
		}, from.UnixMicro(), to.UnixMicro(), knownAt(asOf))
	})
	return out, err
}
