package identity

import (
	"context"
	"fmt"
	"time"

	"diapason/internal/store"
)

const grantColumns = `account_id, role, scope, deputy_for, valid_from, valid_until, seq`

func scanGrant(row store.Row) (Grant, error) {
	var g Grant
	var role, scope string
	var from, until *int64
	if err := row.Scan(&g.Account, &role, &scope, &g.DeputyFor, &from, &until, &g.Seq); err != nil {
		return Grant{}, fmt.Errorf("read a grant: %w", err)
	}
	g.Role, g.Scope = Role(role), Scope(scope)
	g.From, g.Until = bound(from), bound(until)
	return g, nil
}

// bound and nullable convert between the ends of a grant and nullable integers.
func bound(micros *int64) time.Time {
	if micros == nil {
		return time.Time{}
	}
	return time.UnixMicro(*micros).UTC()
}

func nullable(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func (Tables) grants(ctx context.Context, q store.Querier, where string, args ...any) ([]Grant, error) {
	rows, err := q.Query(ctx, `SELECT `+grantColumns+` FROM identity_grant `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list grants: %w", err)
	}
	defer rows.Close()
	var out []Grant
	for rows.Next() {
		g, err := scanGrant(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// Grants implements Repository.
func (t Tables) Grants(ctx context.Context, q store.Querier, account string) ([]Grant, error) {
	gs, err := t.grants(ctx, q, `WHERE account_id = $1`, account)
	sortGrants(gs)
	return gs, err
}

// Access implements Repository.
func (t Tables) Access(ctx context.Context, q store.Querier) (*AccessState, error) {
	s := NewAccessState()
	accounts, err := t.credentials(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		s.Accounts[a.ID] = AccountAccess{Active: a.Active, Erased: a.Erased, Link: linkCommitment(a.LinkSalt, a.Person, a.Customer)}
	}
	gs, err := t.grants(ctx, q, ``)
	if err != nil {
		return nil, err
	}
	for _, g := range gs {
		s.Grants[g.GrantKey] = g
	}
	return s, nil
}

// SetAccess implements Repository.
func (Tables) SetAccess(ctx context.Context, q store.Querier, before, after *AccessState) error {
	for id, a := range after.Accounts {
		if before.Accounts[id] == a {
			continue
		}
		err := changed(q.Exec(ctx, `UPDATE identity_account SET active = $2, erased = $3 WHERE id = $1`,
			id, truth(a.Active), truth(a.Erased)))
		if err != nil {
			return err
		}
	}
	for k := range before.Grants {
		if _, ok := after.Grants[k]; ok {
			continue
		}
		_, err := q.Exec(ctx, `DELETE FROM identity_grant WHERE account_id = $1 AND role = $2 AND scope = $3 AND deputy_for = $4`,
			k.Account, string(k.Role), string(k.Scope), k.DeputyFor)
		if err != nil {
			return fmt.Errorf("revoke a grant: %w", err)
		}
	}
	for k, g := range after.Grants {
		if before.Grants[k] == g {
			continue
		}
		_, err := q.Exec(ctx, `INSERT INTO identity_grant (`+grantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (account_id, role, scope, deputy_for) DO UPDATE
			SET valid_from = excluded.valid_from, valid_until = excluded.valid_until, seq = excluded.seq`,
			g.Account, string(g.Role), string(g.Scope), g.DeputyFor, nullable(g.From), nullable(g.Until), g.Seq)
		if err != nil {
			return fmt.Errorf("write a grant: %w", err)
		}
	}
	return nil
}
