package sqlite

import (
	"context"
	"database/sql"

	"diapason/internal/store"
)

// direct is a store.Querier over a transaction of database/sql.
type direct struct{ tx *sql.Tx }

func (d direct) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := d.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (d direct) Query(ctx context.Context, query string, args ...any) (store.Rows, error) {
	r, err := d.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return rows{r}, nil
}

func (d direct) QueryRow(ctx context.Context, query string, args ...any) store.Row {
	return d.tx.QueryRowContext(ctx, query, args...)
}

// rows drops the error of Close, which Err has told before.
type rows struct{ *sql.Rows }

func (r rows) Close() { r.Rows.Close() }

// prepared is the writer's store.Querier: it prepares each statement once. It
// never passes a caller's cancellation on, because SQLite answers an
// interrupted statement by rolling back the whole group of commits.
type prepared struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// maxStatements bounds the statements kept; beyond it all are prepared anew.
const maxStatements = 256

func (p *prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.statements[query]; ok {
		return s, nil
	}
	if len(p.statements) >= maxStatements {
		p.forget()
	}
	s, err := p.conn.PrepareContext(ctx, query)
	if err == nil {
		p.statements[query] = s
	}
	return s, err
}

func (p *prepared) forget() {
	for query, s := range p.statements {
		s.Close()
		delete(p.statements, query)
	}
}

func (p *prepared) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx = context.WithoutCancel(ctx)
	s, err := p.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (p *prepared) Query(ctx context.Context, query string, args ...any) (store.Rows, error) {
	ctx = context.WithoutCancel(ctx)
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return rows{r}, nil
}

func (p *prepared) QueryRow(ctx context.Context, query string, args ...any) store.Row {
	ctx = context.WithoutCancel(ctx)
	s, err := p.statement(ctx, query)
	if err != nil {
		return failed{err}
	}
	return s.QueryRowContext(ctx, args...)
}

// failed is the row of a query that could not be prepared.
type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }
