package relational

import (
	"context"
	"database/sql"
	"errors"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// manyNames is from how many unknown names on it is quicker to read them all.
const manyNames = 64

// seriesNumbers gives the numbers of series, making those that are new when asked to;
// without, series that are not in the ledger are left out. fresh are the numbers that
// this transaction learned: they may be remembered once it has ended well.
func (l *Ledger) seriesNumbers(ctx context.Context, q store.Querier, names []ledger.Series, create bool) (numbers, fresh map[ledger.Series]int64, err error) {
	numbers, fresh = make(map[ledger.Series]int64, len(names)), map[ledger.Series]int64{}
	var missing []ledger.Series
	l.mu.RLock()
	for _, name := range names {
		if id, ok := l.series[name]; ok {
			numbers[name] = id
		} else if _, seen := fresh[name]; !seen {
			fresh[name] = 0
			missing = append(missing, name)
		}
	}
	l.mu.RUnlock()
	if len(missing) == 0 {
		return numbers, nil, nil
	}
	if create && l.dialect.Arrays {
		texts := make([]string, len(missing))
		for i, name := range missing {
			texts[i] = string(name)
		}
		// The holder of the clock is the only one who adds names.
		if _, err := q.Exec(ctx, `INSERT INTO series (name) SELECT n FROM unnest($1::text[]) AS n ON CONFLICT (name) DO NOTHING`, texts); err != nil {
			return nil, nil, err
		}
	}
	learn := func(id int64, name string) {
		if _, wanted := fresh[ledger.Series(name)]; wanted {
			fresh[ledger.Series(name)], numbers[ledger.Series(name)] = id, id
		}
	}
	if len(missing) >= manyNames {
		err = each(ctx, q, `SELECT id, name FROM series`, func(r store.Rows) error {
			var id int64
			var name string
			err := r.Scan(&id, &name)
			learn(id, name)
			return err
		})
	} else {
		for _, name := range missing {
			var id int64
			err = q.QueryRow(ctx, `SELECT id FROM series WHERE name = $1`, string(name)).Scan(&id)
			if errors.Is(err, sql.ErrNoRows) {
				err = nil
				continue
			}
			if err != nil {
				break
			}
			learn(id, string(name))
		}
	}
	if err != nil {
		return nil, nil, err
	}
	for _, name := range missing {
		if fresh[name] != 0 {
			continue
		}
		if !create {
			delete(fresh, name)
			continue
		}
		var id int64
		if err := q.QueryRow(ctx, `INSERT INTO series (name) VALUES ($1) RETURNING id`, string(name)).Scan(&id); err != nil {
			return nil, nil, err
		}
		learn(id, string(name))
	}
	return numbers, fresh, nil
}

func (l *Ledger) rememberSeries(fresh map[ledger.Series]int64) {
	if len(fresh) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, id := range fresh {
		l.series[name] = id
	}
}

// originNumbers gives the numbers of origins, making those that are new.
func (l *Ledger) originNumbers(ctx context.Context, q store.Querier, wanted map[origin]int64) (fresh map[origin]int64, err error) {
	var missing []origin
	l.mu.RLock()
	for o := range wanted {
		if id, ok := l.numbers[o]; ok {
			wanted[o] = id
		} else {
			missing = append(missing, o)
		}
	}
	l.mu.RUnlock()
	fresh = make(map[origin]int64, len(missing))
	for _, o := range missing {
		var id int64
		err := q.QueryRow(ctx, `SELECT id FROM origin WHERE engine = $1 AND author = $2 AND reason = $3`, o.engine, o.author, o.reason).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			err = q.QueryRow(ctx, `INSERT INTO origin (engine, author, reason) VALUES ($1, $2, $3) RETURNING id`, o.engine, o.author, o.reason).Scan(&id)
		}
		if err != nil {
			return nil, err
		}
		wanted[o], fresh[o] = id, id
	}
	return fresh, nil
}

func (l *Ledger) rememberOrigins(fresh map[origin]int64) {
	if len(fresh) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.origins)+len(fresh) > maxOrigins {
		clear(l.origins)
		clear(l.numbers)
	}
	for o, id := range fresh {
		l.origins[id], l.numbers[o] = o, id
	}
}

// origin gives an origin by its number; nil where the ledger has none.
func (l *Ledger) origin(ctx context.Context, q store.Querier, id int64) (*origin, error) {
	l.mu.RLock()
	o, ok := l.origins[id]
	l.mu.RUnlock()
	if ok {
		return &o, nil
	}
	err := q.QueryRow(ctx, `SELECT engine, author, reason FROM origin WHERE id = $1`, id).Scan(&o.engine, &o.author, &o.reason)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.rememberOrigins(map[origin]int64{o: id})
	return &o, nil
}
