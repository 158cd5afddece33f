package identity

import (
	"context"
	"errors"
	"time"

	"diapason/internal/store"
)

// An Authenticator proves which account is speaking. It is made for one
// attempt, from what the client sent.
type Authenticator interface {
	// Method names the kind of proof.
	Method() Method
	// Authenticate gives the account. It answers CodeInvalidCredentials without
	// saying what was wrong, or CodeTooManyAttempts.
	Authenticate(ctx context.Context) (account string, err error)
}

// SignIn opens a session for whoever the authenticator says. previous is the
// token of the session that the client had, or ""; it ends: a session begun
// before the sign-in is never carried over.
func (d *Directory) SignIn(ctx context.Context, a Authenticator, origin Origin, previous Token) (Opened, error) {
	// Taken before the proof: whatever voids the proof meanwhile voids the session.
	began := d.clock()
	id, err := a.Authenticate(ctx)
	if err != nil {
		return Opened{}, err
	}
	var opened Opened
	err = d.store.Tx(ctx, func(q store.Querier) error {
		c, err := d.tables.AccountByID(ctx, q, id)
		if isAbsence(err) || err == nil && !c.Active {
			return &Error{Code: CodeInvalidCredentials}
		}
		if err != nil {
			return err
		}
		if hash, ok := previous.hash(); ok {
			if err := d.tables.DeleteSession(ctx, q, hash); err != nil {
				return err
			}
		}
		opened = d.newSession(c.Account, a.Method(), origin, began)
		return d.keep(ctx, q, opened)
	})
	if hash, ok := previous.hash(); ok {
		d.cache.drop(hash)
	}
	if err != nil {
		return Opened{}, err
	}
	return opened, nil
}

// Login signs in with login and password. Codes: invalid-credentials,
// too-many-attempts.
func (d *Directory) Login(ctx context.Context, login, password string, origin Origin, previous Token) (Opened, error) {
	return d.SignIn(ctx, d.Password(login, password, origin), origin, previous)
}

// Password is the Authenticator of one attempt with login and password.
func (d *Directory) Password(login, password string, origin Origin) Authenticator {
	return &passwordAttempt{directory: d, login: login, password: password, origin: origin}
}

type passwordAttempt struct {
	directory       *Directory
	login, password string
	origin          Origin
}

// Method implements Authenticator.
func (p *passwordAttempt) Method() Method { return MethodPassword }

// Authenticate implements Authenticator. An unknown login costs what a known one does.
func (p *passwordAttempt) Authenticate(ctx context.Context) (string, error) {
	d := p.directory
	login, err := NormaliseLogin(p.login)
	if err != nil {
		// No account has it; it is counted under one name, not under any that is typed.
		login = ""
	}
	var c Credential
	if login != "" {
		err = d.store.View(ctx, func(q store.Querier) (err error) {
			c, err = d.tables.AccountByLogin(ctx, q, login)
			return err
		})
		if err != nil && !isAbsence(err) {
			return "", err
		}
	}
	if err := d.verify(ctx, c, login, p.password, p.origin); err != nil {
		return "", err
	}
	return c.ID, nil
}

// verify checks the password of an account, or of none, within the limits.
func (d *Directory) verify(ctx context.Context, c Credential, login, password string, origin Origin) error {
	attempt, err := d.guard.begin(ctx, d.clock(), login, origin.Address)
	if err != nil {
		return err
	}
	if len(password) > 8*MaxPassword {
		password = "" // no password is so long; hash something all the same
	}
	stored := c.Password
	if !c.Active {
		stored = ""
	}
	ok, outdated, err := d.hasher.verify(ctx, stored, password)
	if err != nil {
		// Given back although the caller may have gone.
		if lost := attempt.abandoned(context.WithoutCancel(ctx)); lost != nil {
			return errors.Join(err, lost)
		}
		return err
	}
	if !ok {
		return &Error{Code: CodeInvalidCredentials}
	}
	if err := attempt.succeeded(ctx, d.clock()); err != nil {
		return err
	}
	if !outdated {
		return nil
	}
	renewed, err := d.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return d.store.Tx(ctx, func(q store.Querier) error { return d.tables.RenewHash(ctx, q, c.ID, stored, renewed) })
}

// IssuePasswordLink makes a link with which its bearer sets the password of an
// account; earlier ones no longer work. It is recorded in the log, for its
// issuer could use it himself. Codes: account-unknown, account-inactive.
func (d *Directory) IssuePasswordLink(ctx context.Context, by, reason, account string) (Link, error) {
	now := d.clock()
	link := Link{Token: newToken(), Purpose: PurposePassword, Account: account, Expires: now.Add(d.settings.PasswordLink)}
	hash, _ := link.Token.hash()
	acts := []AccessAct{{Act: ActPasswordLink, Account: account}}
	err := d.decide(ctx, by, reason, acts, nil, func(ctx context.Context, q store.Querier) error {
		c, err := d.tables.AccountByID(ctx, q, account)
		if err != nil {
			return err
		}
		if !c.Active {
			return &Error{Code: CodeAccountInactive, Field: "account", Value: account}
		}
		return d.tables.InsertLink(ctx, q, hash, StoredLink{Purpose: PurposePassword, Account: account, Expires: link.Expires}, now)
	})
	if err != nil {
		return Link{}, err
	}
	return link, nil
}

// PasswordLinkAccount says whose password a link sets, for the page that asks
// for it. Codes: link-unknown, link-used, link-expired.
func (d *Directory) PasswordLinkAccount(ctx context.Context, token Token) (Account, error) {
	hash, err := d.usableLink(ctx, token, PurposePassword)
	if err != nil {
		return Account{}, err
	}
	var c Credential
	err = d.store.View(ctx, func(q store.Querier) error {
		l, err := d.tables.LinkByToken(ctx, q, hash)
		if err != nil {
			return err
		}
		c, err = d.tables.AccountByID(ctx, q, l.Account)
		return err
	})
	return c.Account, err
}

// SetPassword sets a password through a link, ends all sessions of the account
// and signs it in. Codes: link-unknown, link-used, link-expired, weak-password,
// account-inactive.
func (d *Directory) SetPassword(ctx context.Context, token Token, password string, origin Origin) (Opened, error) {
	account, err := d.PasswordLinkAccount(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	phc, err := d.newPassword(ctx, account.Login, password)
	if err != nil {
		return Opened{}, err
	}
	hash, _ := token.hash()
	return d.replacePassword(ctx, account.ID, phc, origin, func(q store.Querier, _ Credential, at time.Time) error {
		_, err := d.tables.UseLink(ctx, q, hash, PurposePassword, at)
		return err
	})
}

// ChangePassword replaces a password by its holder, who gives the current one.
// All his sessions end and a new one begins. Codes: invalid-credentials,
// too-many-attempts, weak-password.
func (d *Directory) ChangePassword(ctx context.Context, account, current, replacement string, origin Origin) (Opened, error) {
	var c Credential
	err := d.store.View(ctx, func(q store.Querier) (err error) {
		c, err = d.tables.AccountByID(ctx, q, account)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	if w := Weaknesses(c.Login, replacement); len(w) > 0 {
		return Opened{}, &Error{Code: CodeWeakPassword, Field: "password", Weaknesses: w}
	}
	if err := d.verify(ctx, c, c.Login, current, origin); err != nil {
		return Opened{}, err
	}
	if normalise(current) == normalise(replacement) {
		return Opened{}, &Error{Code: CodeWeakPassword, Field: "password", Weaknesses: []Weakness{WeakUnchanged}}
	}
	phc, err := d.hasher.hash(ctx, replacement)
	if err != nil {
		return Opened{}, err
	}
	return d.replacePassword(ctx, account, phc, origin, func(_ store.Querier, now Credential, _ time.Time) error {
		if !now.PasswordChanged.Equal(c.PasswordChanged) {
			return &Error{Code: CodeInvalidCredentials} // what was proved is no longer the password
		}
		return nil
	})
}

// replacePassword stores a hash, ends the sessions and opens one, after first
// agreed in the same transaction.
func (d *Directory) replacePassword(ctx context.Context, account, phc string, origin Origin, first func(q store.Querier, c Credential, at time.Time) error) (Opened, error) {
	now := d.clock()
	var opened Opened
	err := d.store.Tx(ctx, func(q store.Querier) error {
		c, err := d.tables.AccountByID(ctx, q, account)
		if err != nil {
			return err
		}
		if err := first(q, c, now); err != nil {
			return err
		}
		if !c.Active {
			return &Error{Code: CodeAccountInactive, Field: "account", Value: account}
		}
		if err := d.tables.SetPassword(ctx, q, account, phc, now); err != nil {
			return err
		}
		if err := d.tables.VoidSessions(ctx, q, account, now); err != nil {
			return err
		}
		c.PasswordChanged = now
		opened = d.newSession(c.Account, MethodPassword, origin, now)
		return d.keep(ctx, q, opened)
	})
	d.cache.forget(account)
	if err != nil {
		return Opened{}, err
	}
	return opened, nil
}
