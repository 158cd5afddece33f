package identity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"diapason/internal/store"
)

// TokenHash is the SHA-256 of a Token.
type TokenHash = [sha256.Size]byte

// Credential is an account with what only sign-in may know.
type Credential struct {
	Account
	// Password is the PHC string, "" for none.
	Password string
	// SessionsFrom voids the sessions begun before it.
	SessionsFrom time.Time
	// LinkSalt is the salt of the commitment to Person and Customer.
	LinkSalt string
}

// StoredLink is a one-time link as it is kept.
type StoredLink struct {
	Purpose Purpose
	Account string
	Expires time.Time
	Used    bool
}

// Repository keeps accounts, grants, sessions and links, inside the
// transaction that its caller opened. Not finding something is reported by the
// codes of this package.
type Repository interface {
	// InsertAccount adds an account without rights; CodeLoginTaken.
	InsertAccount(ctx context.Context, q store.Querier, c Credential) error
	// AccountByID finds an account; CodeAccountUnknown.
	AccountByID(ctx context.Context, q store.Querier, id string) (Credential, error)
	// AccountByLogin finds an account by normalised login; CodeAccountUnknown.
	AccountByLogin(ctx context.Context, q store.Querier, login string) (Credential, error)
	// Accounts lists all accounts by login, erased ones last.
	Accounts(ctx context.Context, q store.Querier) ([]Account, error)
	// AnyAccount reports whether there is one.
	AnyAccount(ctx context.Context, q store.Querier) (bool, error)
	// SetProfile changes login, name and language; CodeLoginTaken.
	SetProfile(ctx context.Context, q store.Querier, id, login, name, language string) error
	// SetPassword stores a PHC string and voids the sessions begun before at.
	SetPassword(ctx context.Context, q store.Querier, id, phc string, at time.Time) error
	// RenewHash replaces a PHC string by another of the same password, unless
	// the password was changed meanwhile.
	RenewHash(ctx context.Context, q store.Querier, id, old, renewed string) error
	// SetLink notes the person and the customer an account speaks for, with the
	// salt of their commitment in the log.
	SetLink(ctx context.Context, q store.Querier, id, salt, person, customer string) error
	// ErasePersonal removes login, name, password and links to the model.
	ErasePersonal(ctx context.Context, q store.Querier, id string) error

	// Access reads what the tables say of rights.
	Access(ctx context.Context, q store.Querier) (*AccessState, error)
	// SetAccess writes the differences between two states; links are SetLink's.
	SetAccess(ctx context.Context, q store.Querier, before, after *AccessState) error
	// Grants lists the grants of an account.
	Grants(ctx context.Context, q store.Querier, account string) ([]Grant, error)

	// InsertSession keeps a session under the hash of its token.
	InsertSession(ctx context.Context, q store.Querier, token TokenHash, s Session) error
	// SessionByToken finds a session, ended or not; CodeSessionUnknown.
	SessionByToken(ctx context.Context, q store.Querier, token TokenHash) (Session, error)
	// Sessions lists the sessions of an account, the last seen first.
	Sessions(ctx context.Context, q store.Querier, account string) ([]Session, error)
	// TouchSession notes that the session was used.
	TouchSession(ctx context.Context, q store.Querier, token TokenHash, at time.Time) error
	// DeleteSession ends the session of a token, if there is one.
	DeleteSession(ctx context.Context, q store.Querier, token TokenHash) error
	// DeleteSessionByID ends a session of an account; CodeSessionUnknown.
	DeleteSessionByID(ctx context.Context, q store.Querier, account, id string) error
	// VoidSessions ends all sessions of an account begun before at.
	VoidSessions(ctx context.Context, q store.Querier, account string, at time.Time) error
	// Purge removes sessions and links that ended before an instant.
	Purge(ctx context.Context, q store.Querier, idle, ended time.Time) error

	// InsertLink keeps a link; earlier unused ones of its purpose and account are cancelled.
	InsertLink(ctx context.Context, q store.Querier, token TokenHash, l StoredLink, at time.Time) error
	// LinkByToken finds a link, usable or not; CodeLinkUnknown.
	LinkByToken(ctx context.Context, q store.Querier, token TokenHash) (StoredLink, error)
	// UseLink uses a link up: of any number of callers one succeeds, the others
	// get CodeLinkUsed, CodeLinkExpired or CodeLinkUnknown.
	UseLink(ctx context.Context, q store.Querier, token TokenHash, purpose Purpose, at time.Time) (StoredLink, error)
	// CancelLinks makes the unused links of an account unknown.
	CancelLinks(ctx context.Context, q store.Querier, purpose Purpose, account string) error
}

// Tables is the Repository on the tables identity_*, the same SQL on both engines.
type Tables struct{}

var _ Repository = Tables{}

const accountColumns = `id, COALESCE(login, ''), name, language, password, password_changed, sessions_from, created, active, erased, link_salt, person, customer`

func scanAccount(row store.Row) (Credential, error) {
	var c Credential
	var changed, from, created, active, erased int64
	err := row.Scan(&c.ID, &c.Login, &c.Name, &c.Language, &c.Password, &changed, &from, &created, &active, &erased, &c.LinkSalt, &c.Person, &c.Customer)
	if errors.Is(err, sql.ErrNoRows) {
		return Credential{}, &Error{Code: CodeAccountUnknown}
	}
	if err != nil {
		return Credential{}, fmt.Errorf("read an account: %w", err)
	}
	c.PasswordChanged, c.SessionsFrom, c.Created = instant(changed), instant(from), instant(created)
	c.Active, c.Erased = active != 0, erased != 0
	return c, nil
}

// instant and micros convert between times and the integers of the tables; 0 is no time.
func instant(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// AccountByID implements Repository.
func (Tables) AccountByID(ctx context.Context, q store.Querier, id string) (Credential, error) {
	return scanAccount(q.QueryRow(ctx, `SELECT `+accountColumns+` FROM identity_account WHERE id = $1`, id))
}

// AccountByLogin implements Repository.
func (Tables) AccountByLogin(ctx context.Context, q store.Querier, login string) (Credential, error) {
	return scanAccount(q.QueryRow(ctx, `SELECT `+accountColumns+` FROM identity_account WHERE login = $1`, login))
}

// Accounts implements Repository.
func (t Tables) Accounts(ctx context.Context, q store.Querier) ([]Account, error) {
	credentials, err := t.credentials(ctx, q)
	out := make([]Account, len(credentials))
	for i, c := range credentials {
		out[i] = c.Account
	}
	return out, err
}

func (Tables) credentials(ctx context.Context, q store.Querier) ([]Credential, error) {
	rows, err := q.Query(ctx, `SELECT `+accountColumns+` FROM identity_account ORDER BY erased, login, id`)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	defer rows.Close()
	var out []Credential
	for rows.Next() {
		c, err := scanAccount(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// AnyAccount implements Repository.
func (Tables) AnyAccount(ctx context.Context, q store.Querier) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_account LIMIT 1) AS probe`).Scan(&n)
	return n > 0, err
}

// InsertAccount implements Repository.
func (Tables) InsertAccount(ctx context.Context, q store.Querier, c Credential) error {
	n, err := q.Exec(ctx, `INSERT INTO identity_account
		(id, login, name, language, password, password_changed, sessions_from, created, active, erased, link_salt, person, customer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '', '', '') ON CONFLICT (login) DO NOTHING`,
		c.ID, c.Login, c.Name, c.Language, c.Password, micros(c.PasswordChanged), micros(c.SessionsFrom), micros(c.Created))
	if err != nil {
		return fmt.Errorf("create an account: %w", err)
	}
	if n == 0 {
		return &Error{Code: CodeLoginTaken, Field: "login", Value: c.Login}
	}
	return nil
}

// SetProfile implements Repository.
func (t Tables) SetProfile(ctx context.Context, q store.Querier, id, login, name, language string) error {
	holder, err := t.AccountByLogin(ctx, q, login)
	if err == nil && holder.ID != id {
		return &Error{Code: CodeLoginTaken, Field: "login", Value: login}
	}
	if err != nil && CodeOf(err) != CodeAccountUnknown {
		return err
	}
	return changed(q.Exec(ctx, `UPDATE identity_account SET login = $2, name = $3, language = $4 WHERE id = $1 AND erased = 0`,
		id, login, name, language))
}

// SetPassword implements Repository.
func (Tables) SetPassword(ctx context.Context, q store.Querier, id, phc string, at time.Time) error {
	return changed(q.Exec(ctx, `UPDATE identity_account SET password = $2, password_changed = $3, sessions_from = $3 WHERE id = $1 AND erased = 0`,
		id, phc, micros(at)))
}

// changed turns the number of rows of an update of one account into an error.
func changed(n int64, err error) error {
	if err != nil {
		return fmt.Errorf("change an account: %w", err)
	}
	if n == 0 {
		return &Error{Code: CodeAccountUnknown}
	}
	return nil
}

// RenewHash implements Repository.
func (Tables) RenewHash(ctx context.Context, q store.Querier, id, old, renewed string) error {
	_, err := q.Exec(ctx, `UPDATE identity_account SET password = $3 WHERE id = $1 AND password = $2`, id, old, renewed)
	return err
}

// SetLink implements Repository.
func (Tables) SetLink(ctx context.Context, q store.Querier, id, salt, person, customer string) error {
	return changed(q.Exec(ctx, `UPDATE identity_account SET link_salt = $2, person = $3, customer = $4 WHERE id = $1`, id, salt, person, customer))
}

// ErasePersonal implements Repository.
func (Tables) ErasePersonal(ctx context.Context, q store.Querier, id string) error {
	return changed(q.Exec(ctx, `UPDATE identity_account SET login = NULL, name = '', password = '', link_salt = '', person = '', customer = '' WHERE id = $1`, id))
}
