package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diapason/internal/store"
)

// Store is what a Directory needs of the store: the log, and the tables beside it.
type Store interface {
	store.SQL
	// Commit appends an entry to the log; Entry.With runs in its transaction.
	Commit(ctx context.Context, e store.Entry) (store.Committed, error)
	// Entries reads the log, to prove that the tables follow from it.
	Entries(ctx context.Context, after store.Seq, limit int) ([]store.EntryRecord, error)
}

// Settings of a Directory; zero values stand for the defaults beside them.
type Settings struct {
	// Idle ends a session that is not used (8 hours: a working day).
	Idle time.Duration
	// Absolute ends a session however much it is used (7 days).
	Absolute time.Duration
	// FirstLink is how long the first administrator's link lives (24 hours).
	FirstLink time.Duration
	// PasswordLink is how long a link to set a password lives (72 hours).
	PasswordLink time.Duration
	// CacheFor is how long a session is not read again from the store (5
	// seconds, negative for never). Within this process every change counts at
	// once; it is the delay after which other replicas follow.
	CacheFor time.Duration
	// Hash holds the parameters of password hashing (DefaultArgon2).
	Hash Argon2
	// Hashes is how many passwords are hashed at once (up to 4).
	Hashes int
	// Limits of sign-ins (DefaultLimits).
	Limits Limits
}

func (s Settings) withDefaults() Settings {
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&s.Idle, 8*time.Hour)
	set(&s.Absolute, 7*24*time.Hour)
	set(&s.FirstLink, 24*time.Hour)
	set(&s.PasswordLink, 72*time.Hour)
	set(&s.CacheFor, 5*time.Second)
	return s
}

// Directory is the service of this package: who has an account, who is signed
// in, who was granted what. Its callers authorize; it keeps what must hold
// whoever asks (one use of a link, one login, one administrator left). It is
// safe for concurrent use.
type Directory struct {
	store    Store
	tables   Repository
	settings Settings
	now      func() time.Time
	guard    *guard
	hasher   *hasher
	cache    *sessionCache
}

// NewDirectory makes a directory on a store. now gives the time.
func NewDirectory(s Store, settings Settings, now func() time.Time) (*Directory, error) {
	settings = settings.withDefaults()
	h, err := newHasher(settings.Hash, settings.Hashes)
	if err != nil {
		return nil, err
	}
	return &Directory{
		store: s, tables: Tables{}, settings: settings, now: now,
		guard: newGuard(settings.Limits, storedCounters{s}), hasher: h, cache: newSessionCache(settings.CacheFor),
	}, nil
}

// clock is the time in UTC and microseconds, as it is stored.
func (d *Directory) clock() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// decide commits an access entry and brings the tables in line with it, in one
// transaction. first runs before the entry is folded in, then after it.
func (d *Directory) decide(ctx context.Context, by, reason string, acts []AccessAct, first, then func(ctx context.Context, q store.Querier) error) error {
	now := d.clock()
	entry := AccessEntry{Format: AccessFormat, By: by, Acts: acts}
	body, err := entry.Canonical()
	if err != nil {
		return err
	}
	_, err = d.store.Commit(ctx, store.Entry{
		Type: store.Access, Actor: by, Time: now, Reason: reason, Body: body,
		With: func(ctx context.Context, q store.Querier, done store.Committed) error {
			before, err := d.tables.Access(ctx, q)
			if err != nil {
				return err
			}
			if first != nil {
				if err := first(ctx, q); err != nil {
					return err
				}
			}
			after := before.clone()
			if err := after.Apply(int64(done.Seq), done.Time, entry); err != nil {
				return err
			}
			if err := d.tables.SetAccess(ctx, q, before, after); err != nil {
				return err
			}
			if then == nil {
				return nil
			}
			return then(ctx, q)
		},
	})
	// An act can reach further accounts: a role revoked ends with its deputies.
	d.cache.forgetAll()
	return err
}

// FirstAdministratorLink makes the link with which the first account is
// created, for the server to print; an earlier one no longer works. ok is
// false, and there is no link, once there is an account.
func (d *Directory) FirstAdministratorLink(ctx context.Context) (link Link, ok bool, err error) {
	now := d.clock()
	link = Link{Token: newToken(), Purpose: PurposeFirstAdministrator, Expires: now.Add(d.settings.FirstLink)}
	hash, _ := link.Token.hash()
	err = d.store.Tx(ctx, func(q store.Querier) error {
		some, err := d.tables.AnyAccount(ctx, q)
		if ok = !some; err != nil || some {
			return err
		}
		return d.tables.InsertLink(ctx, q, hash, StoredLink{Purpose: link.Purpose, Expires: link.Expires}, now)
	})
	if err != nil || !ok {
		return Link{}, false, err
	}
	return link, true, nil
}

// Registration is what the first administrator enters.
type Registration struct {
	Login, Name, Language, Password string
	// Roles he takes besides administrator, where a small organisation has one
	// person for several; none of them can be narrowed.
	Roles []Role
}

// RegisterFirstAdministrator creates the first account with its one-time link
// and signs it in. Codes: link-unknown, link-used, link-expired,
// weak-password, login-invalid, grant-invalid.
func (d *Directory) RegisterFirstAdministrator(ctx context.Context, token Token, r Registration, origin Origin) (Opened, error) {
	hash, err := d.usableLink(ctx, token, PurposeFirstAdministrator)
	if err != nil {
		return Opened{}, err
	}
	c, err := d.newCredential(r.Login, r.Name, r.Language)
	if err != nil {
		return Opened{}, err
	}
	if c.Password, err = d.newPassword(ctx, c.Login, r.Password); err != nil {
		return Opened{}, err
	}
	c.PasswordChanged = c.Created
	acts := []AccessAct{{Act: ActCreated, Account: c.ID}}
	for i, role := range append([]Role{RoleAdministrator}, r.Roles...) {
		if i > 0 && role == RoleAdministrator {
			continue
		}
		g := Grant{GrantKey: GrantKey{Account: c.ID, Role: role}}
		if err := g.Check(); err != nil {
			return Opened{}, err
		}
		acts = append(acts, g.act(ActGrant))
	}
	c.Active = true
	opened := d.newSession(c.Account, MethodPassword, origin, c.Created)
	err = d.decide(ctx, ByFirstStart, "", acts, func(ctx context.Context, q store.Querier) error {
		if _, err := d.tables.UseLink(ctx, q, hash, PurposeFirstAdministrator, c.Created); err != nil {
			return err
		}
		some, err := d.tables.AnyAccount(ctx, q)
		if err != nil {
			return err
		}
		if some {
			return &Error{Code: CodeLinkUsed}
		}
		return d.tables.InsertAccount(ctx, q, c)
	}, func(ctx context.Context, q store.Querier) error {
		return d.keep(ctx, q, opened)
	})
	if err != nil {
		return Opened{}, err
	}
	return opened, nil
}

// usableLink refuses a link that cannot be used, before any costly work is
// done for its bearer. Using it is decided later, once.
func (d *Directory) usableLink(ctx context.Context, token Token, purpose Purpose) (TokenHash, error) {
	hash, ok := token.hash()
	if !ok {
		return hash, &Error{Code: CodeLinkUnknown}
	}
	var l StoredLink
	err := d.store.View(ctx, func(q store.Querier) (err error) {
		l, err = d.tables.LinkByToken(ctx, q, hash)
		return err
	})
	if err != nil {
		return hash, err
	}
	return hash, l.check(purpose, d.clock())
}

// newCredential is an account to be, with a fresh identifier.
func (d *Directory) newCredential(login, name, language string) (Credential, error) {
	login, err := NormaliseLogin(login)
	if err != nil {
		return Credential{}, err
	}
	if language, err = checkLanguage(language); err != nil {
		return Credential{}, err
	}
	return Credential{Account: Account{
		ID: newID(), Login: login, Name: cleanName(name, login), Language: language, Created: d.clock(),
	}}, nil
}

// newPassword refuses weak passwords and hashes others.
func (d *Directory) newPassword(ctx context.Context, login, password string) (string, error) {
	if w := Weaknesses(login, password); len(w) > 0 {
		return "", &Error{Code: CodeWeakPassword, Field: "password", Weaknesses: w}
	}
	return d.hasher.hash(ctx, password)
}

// Verify compares what the log says of rights with the tables, and returns
// the differences in English sentences: none where all is well.
func (d *Directory) Verify(ctx context.Context) ([]string, error) {
	fromLog := NewAccessState()
	last := store.Seq(0)
	for {
		entries, err := d.store.Entries(ctx, last, 1000)
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			last = e.Seq
			if e.Type != store.Access {
				continue
			}
			entry, err := ParseAccessEntry(e.Body)
			if err == nil {
				err = fromLog.Fold(int64(e.Seq), entry)
			}
			if err != nil {
				return []string{fmt.Sprintf("entry %d of the log: %v", e.Seq, err)}, nil
			}
		}
	}
	var stored *AccessState
	err := d.store.View(ctx, func(q store.Querier) (err error) {
		stored, err = d.tables.Access(ctx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return fromLog.Differences(stored), nil
}

// Purge removes sessions and links that have long ended.
func (d *Directory) Purge(ctx context.Context) error {
	now := d.clock()
	return d.store.Tx(ctx, func(q store.Querier) error {
		return d.tables.Purge(ctx, q, now.Add(-d.settings.Idle), now)
	})
}

// isAbsence reports whether an error only says that there is no such account.
func isAbsence(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == CodeAccountUnknown
}
