package identity

import (
	"context"
	"sync"
	"time"

	"diapason/internal/store"
)

// touchEvery is how exactly the last use of a session is kept: one write a
// minute at most.
const touchEvery = time.Minute

func (d *Directory) newSession(a Account, m Method, origin Origin, at time.Time) Opened {
	origin.Agent = clip(origin.Agent, maxAgent)
	return Opened{Token: newToken(), Account: a, Session: Session{
		ID: newID(), Account: a.ID, Method: m, Created: at, LastSeen: at, Expires: at.Add(d.settings.Absolute), Origin: origin,
	}}
}

func (d *Directory) keep(ctx context.Context, q store.Querier, o Opened) error {
	hash, _ := o.Token.hash()
	return d.tables.InsertSession(ctx, q, hash, o.Session)
}

// Identified is whoever a session belongs to, with his grants.
type Identified struct {
	Session Session
	Account Account
	// Grants in force or not; shared, do not change them.
	Grants []Grant
	from   time.Time
}

// Actor is the identified account at an instant, as a member of teams given by
// reference.
func (i Identified) Actor(at time.Time, teams ...string) Actor {
	return NewActor(ActorFacts{
		Account: i.Account.ID, Person: i.Account.Person, Customer: i.Account.Customer, Teams: teams, Grants: i.Grants,
	}, at)
}

// Identify finds whoever a session token belongs to. It is called with every
// request: what it read stays known for Settings.CacheFor. Code: session-unknown.
func (d *Directory) Identify(ctx context.Context, token Token) (Identified, error) {
	hash, ok := token.hash()
	if !ok {
		return Identified{}, &Error{Code: CodeSessionUnknown}
	}
	now := d.clock()
	if i, ok := d.cache.get(hash, now); ok {
		if err := d.current(i, now); err != nil {
			return Identified{}, err
		}
		return i, nil
	}
	generation := d.cache.generation()
	var i Identified
	err := d.store.View(ctx, func(q store.Querier) (err error) {
		if i.Session, err = d.tables.SessionByToken(ctx, q, hash); err != nil {
			return err
		}
		c, err := d.tables.AccountByID(ctx, q, i.Session.Account)
		if err != nil {
			return err
		}
		i.Account, i.from = c.Account, c.SessionsFrom
		i.Grants, err = d.tables.Grants(ctx, q, c.ID)
		return err
	})
	if err != nil {
		return Identified{}, err
	}
	if err := d.current(i, now); err != nil {
		return Identified{}, err
	}
	if now.Sub(i.Session.LastSeen) >= touchEvery {
		err := d.store.Tx(ctx, func(q store.Querier) error { return d.tables.TouchSession(ctx, q, hash, now) })
		if err != nil {
			return Identified{}, err
		}
		i.Session.LastSeen = now
	}
	d.cache.put(hash, i, now, generation)
	return i, nil
}

// current refuses a session that has ended.
func (d *Directory) current(i Identified, now time.Time) error {
	s := i.Session
	if !i.Account.Active || s.Created.Before(i.from) || !now.Before(s.Expires) || now.Sub(s.LastSeen) >= d.settings.Idle {
		return &Error{Code: CodeSessionUnknown}
	}
	return nil
}

// SignOut ends the session of a token; it is no error when there is none.
func (d *Directory) SignOut(ctx context.Context, token Token) error {
	hash, ok := token.hash()
	if !ok {
		return nil
	}
	err := d.store.Tx(ctx, func(q store.Querier) error { return d.tables.DeleteSession(ctx, q, hash) })
	d.cache.drop(hash)
	return err
}

// Sessions lists the sessions of an account that have not ended, the last seen first.
func (d *Directory) Sessions(ctx context.Context, account string) ([]Session, error) {
	var all []Session
	var c Credential
	err := d.store.View(ctx, func(q store.Querier) (err error) {
		if c, err = d.tables.AccountByID(ctx, q, account); err != nil {
			return err
		}
		all, err = d.tables.Sessions(ctx, q, account)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := d.clock()
	var live []Session
	for _, s := range all {
		if d.current(Identified{Session: s, Account: c.Account, from: c.SessionsFrom}, now) == nil {
			live = append(live, s)
		}
	}
	return live, nil
}

// RevokeSession ends one session of an account, by the session's ID. Code: session-unknown.
func (d *Directory) RevokeSession(ctx context.Context, account, id string) error {
	err := d.store.Tx(ctx, func(q store.Querier) error { return d.tables.DeleteSessionByID(ctx, q, account, id) })
	d.cache.forget(account)
	return err
}

// RevokeSessions ends all sessions of an account.
func (d *Directory) RevokeSessions(ctx context.Context, account string) error {
	now := d.clock()
	err := d.store.Tx(ctx, func(q store.Querier) error { return d.tables.VoidSessions(ctx, q, account, now) })
	d.cache.forget(account)
	return err
}

// maxCached bounds the sessions kept in memory.
const maxCached = 10_000

// sessionCache remembers sessions for a short time. Whatever changes an
// account or a session in this process removes it here, after the change is
// durable; a reading begun before that is not put in.
type sessionCache struct {
	keep time.Duration

	mu      sync.Mutex
	turn    uint64
	entries map[TokenHash]cached
}

type cached struct {
	Identified
	read time.Time
}

func newSessionCache(keep time.Duration) *sessionCache {
	return &sessionCache{keep: keep, entries: map[TokenHash]cached{}}
}

func (c *sessionCache) generation() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.turn
}

func (c *sessionCache) get(h TokenHash, now time.Time) (Identified, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[h]
	if age := now.Sub(e.read); !ok || age < 0 || age >= c.keep {
		return Identified{}, false
	}
	return e.Identified, true
}

func (c *sessionCache) put(h TokenHash, i Identified, now time.Time, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.turn != generation || c.keep <= 0 {
		return
	}
	if len(c.entries) >= maxCached {
		clear(c.entries)
	}
	c.entries[h] = cached{Identified: i, read: now}
}

// drop forgets one session.
func (c *sessionCache) drop(h TokenHash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	delete(c.entries, h)
}

// forget forgets the sessions of an account.
func (c *sessionCache) forget(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	for h, e := range c.entries {
		if e.Account.ID == account {
			delete(c.entries, h)
		}
	}
}

// forgetAll forgets every session.
func (c *sessionCache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	clear(c.entries)
}
