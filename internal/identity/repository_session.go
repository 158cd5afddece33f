package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"diapason/internal/store"
)

const sessionColumns = `id, account_id, method, created, last_seen, expires, address, agent`

func scanSession(row store.Row) (Session, error) {
	var s Session
	var method, address string
	var created, seen, expires int64
	err := row.Scan(&s.ID, &s.Account, &method, &created, &seen, &expires, &address, &s.Origin.Agent)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, &Error{Code: CodeSessionUnknown}
	}
	if err != nil {
		return Session{}, fmt.Errorf("read a session: %w", err)
	}
	s.Method = Method(method)
	s.Created, s.LastSeen, s.Expires = instant(created), instant(seen), instant(expires)
	// An address that was not known when the session began stays the zero Addr.
	s.Origin.Address, _ = netip.ParseAddr(address)
	return s, nil
}

// InsertSession implements Repository.
func (Tables) InsertSession(ctx context.Context, q store.Querier, token TokenHash, s Session) error {
	address := ""
	if s.Origin.Address.IsValid() {
		address = s.Origin.Address.String()
	}
	_, err := q.Exec(ctx, `INSERT INTO identity_session (token_hash, `+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		token[:], s.ID, s.Account, string(s.Method), micros(s.Created), micros(s.LastSeen), micros(s.Expires), address, s.Origin.Agent)
	if err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	return nil
}

// SessionByToken implements Repository.
func (Tables) SessionByToken(ctx context.Context, q store.Querier, token TokenHash) (Session, error) {
	return scanSession(q.QueryRow(ctx, `SELECT `+sessionColumns+` FROM identity_session WHERE token_hash = $1`, token[:]))
}

// Sessions implements Repository.
func (Tables) Sessions(ctx context.Context, q store.Querier, account string) ([]Session, error) {
	rows, err := q.Query(ctx, `SELECT `+sessionColumns+` FROM identity_session WHERE account_id = $1 ORDER BY last_seen DESC, id`, account)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	defer rows.Close()
	var out []Session
	for rows.Next() {
		s, err := scanSession(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// TouchSession implements Repository.
func (Tables) TouchSession(ctx context.Context, q store.Querier, token TokenHash, at time.Time) error {
	_, err := q.Exec(ctx, `UPDATE identity_session SET last_seen = $2 WHERE token_hash = $1 AND last_seen < $2`, token[:], micros(at))
	return err
}

// DeleteSession implements Repository.
func (Tables) DeleteSession(ctx context.Context, q store.Querier, token TokenHash) error {
	_, err := q.Exec(ctx, `DELETE FROM identity_session WHERE token_hash = $1`, token[:])
	return err
}

// DeleteSessionByID implements Repository.
func (Tables) DeleteSessionByID(ctx context.Context, q store.Querier, account, id string) error {
	n, err := q.Exec(ctx, `DELETE FROM identity_session WHERE account_id = $1 AND id = $2`, account, id)
	if err == nil && n == 0 {
		return &Error{Code: CodeSessionUnknown}
	}
	return err
}

// VoidSessions implements Repository.
func (Tables) VoidSessions(ctx context.Context, q store.Querier, account string, at time.Time) error {
	if _, err := q.Exec(ctx, `UPDATE identity_account SET sessions_from = $2 WHERE id = $1`, account, micros(at)); err != nil {
		return fmt.Errorf("end the sessions of an account: %w", err)
	}
	_, err := q.Exec(ctx, `DELETE FROM identity_session WHERE account_id = $1`, account)
	return err
}

// Purge implements Repository.
func (Tables) Purge(ctx context.Context, q store.Querier, idle, ended time.Time) error {
	if _, err := q.Exec(ctx, `DELETE FROM identity_session WHERE expires <= $1 OR last_seen <= $2`, micros(ended), micros(idle)); err != nil {
		return fmt.Errorf("remove ended sessions: %w", err)
	}
	_, err := q.Exec(ctx, `DELETE FROM identity_link WHERE expires <= $1`, micros(ended.Add(-keepLinks)))
	return err
}

// keepLinks is how long an expired or used link is still recognised as such.
const keepLinks = 30 * 24 * time.Hour

// InsertLink implements Repository.
func (t Tables) InsertLink(ctx context.Context, q store.Querier, token TokenHash, l StoredLink, at time.Time) error {
	if err := t.CancelLinks(ctx, q, l.Purpose, l.Account); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `INSERT INTO identity_link (token_hash, purpose, account_id, created, expires) VALUES ($1, $2, $3, $4, $5)`,
		token[:], string(l.Purpose), l.Account, micros(at), micros(l.Expires))
	if err != nil {
		return fmt.Errorf("make a one-time link: %w", err)
	}
	return nil
}

// LinkByToken implements Repository.
func (Tables) LinkByToken(ctx context.Context, q store.Querier, token TokenHash) (StoredLink, error) {
	var l StoredLink
	var purpose string
	var expires int64
	var used *int64
	err := q.QueryRow(ctx, `SELECT purpose, account_id, expires, used FROM identity_link WHERE token_hash = $1`, token[:]).
		Scan(&purpose, &l.Account, &expires, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return StoredLink{}, &Error{Code: CodeLinkUnknown}
	}
	if err != nil {
		return StoredLink{}, fmt.Errorf("read a one-time link: %w", err)
	}
	l.Purpose, l.Expires, l.Used = Purpose(purpose), instant(expires), used != nil
	return l, nil
}

// check says whether a link can be used for a purpose at an instant.
func (l StoredLink) check(purpose Purpose, at time.Time) error {
	switch {
	case l.Purpose != purpose:
		return &Error{Code: CodeLinkUnknown}
	case l.Used:
		return &Error{Code: CodeLinkUsed}
	case !at.Before(l.Expires):
		return &Error{Code: CodeLinkExpired}
	}
	return nil
}

// UseLink implements Repository.
func (t Tables) UseLink(ctx context.Context, q store.Querier, token TokenHash, purpose Purpose, at time.Time) (StoredLink, error) {
	// The update decides between rivals; what follows only says why one lost.
	n, err := q.Exec(ctx, `UPDATE identity_link SET used = $2 WHERE token_hash = $1 AND purpose = $3 AND used IS NULL AND expires > $2`,
		token[:], micros(at), string(purpose))
	if err != nil {
		return StoredLink{}, fmt.Errorf("use a one-time link: %w", err)
	}
	l, err := t.LinkByToken(ctx, q, token)
	if err != nil {
		return StoredLink{}, err
	}
	if n == 0 {
		if err := l.check(purpose, at); err != nil {
			return StoredLink{}, err
		}
		return StoredLink{}, &Error{Code: CodeLinkUsed}
	}
	return l, nil
}

// CancelLinks implements Repository.
func (Tables) CancelLinks(ctx context.Context, q store.Querier, purpose Purpose, account string) error {
	_, err := q.Exec(ctx, `DELETE FROM identity_link WHERE purpose = $1 AND account_id = $2 AND used IS NULL`, string(purpose), account)
	if err != nil {
		return fmt.Errorf("cancel one-time links: %w", err)
	}
	return nil
}
