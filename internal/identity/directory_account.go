package identity

import (
	"context"
	"time"

	"diapason/internal/store"
)

// NewAccount is what an administrator enters to create an account. It has no
// password until its holder sets one through a link.
type NewAccount struct {
	Login, Name, Language string
	// Person and Customer are references of the model, or "".
	Person, Customer string
	// Grants of the account; their Account is filled in.
	Grants []Grant
}

// Listed is an account as administrators see it.
type Listed struct {
	Account
	// Grants in force or not, in the order of the vocabulary.
	Grants []Grant
}

// CreateAccount creates an account, decided by the account by (or ByOperator).
// Codes: login-invalid, login-taken, language-invalid, grant-invalid, grant-held.
func (d *Directory) CreateAccount(ctx context.Context, by, reason string, n NewAccount) (Account, error) {
	c, err := d.newCredential(n.Login, n.Name, n.Language)
	if err != nil {
		return Account{}, err
	}
	acts := []AccessAct{{Act: ActCreated, Account: c.ID}}
	salt := newID()
	if n.Person != "" || n.Customer != "" {
		acts = append(acts, AccessAct{Act: ActLinked, Account: c.ID, Link: linkCommitment(salt, n.Person, n.Customer)})
	}
	for _, g := range n.Grants {
		g.Account = c.ID
		if err := g.Check(); err != nil {
			return Account{}, err
		}
		acts = append(acts, g.act(ActGrant))
	}
	err = d.decide(ctx, by, reason, acts, func(ctx context.Context, q store.Querier) error {
		return d.tables.InsertAccount(ctx, q, c)
	}, func(ctx context.Context, q store.Querier) error {
		return d.tables.SetLink(ctx, q, c.ID, salt, n.Person, n.Customer)
	})
	if err != nil {
		return Account{}, err
	}
	c.Active, c.Person, c.Customer = true, n.Person, n.Customer
	return c.Account, nil
}

// Account finds an account with its grants. Code: account-unknown.
func (d *Directory) Account(ctx context.Context, id string) (Listed, error) {
	var l Listed
	err := d.store.View(ctx, func(q store.Querier) error {
		c, err := d.tables.AccountByID(ctx, q, id)
		if err != nil {
			return err
		}
		l.Account = c.Account
		l.Grants, err = d.tables.Grants(ctx, q, id)
		return err
	})
	return l, err
}

// AccountByLogin finds an account by its login, as typed. Code: account-unknown.
func (d *Directory) AccountByLogin(ctx context.Context, login string) (Account, error) {
	login, err := NormaliseLogin(login)
	if err != nil {
		return Account{}, &Error{Code: CodeAccountUnknown, Field: "login"}
	}
	var c Credential
	err = d.store.View(ctx, func(q store.Querier) (err error) {
		c, err = d.tables.AccountByLogin(ctx, q, login)
		return err
	})
	return c.Account, err
}

// Accounts lists all accounts with their grants, by login, erased ones last.
func (d *Directory) Accounts(ctx context.Context) ([]Listed, error) {
	var out []Listed
	err := d.store.View(ctx, func(q store.Querier) error {
		accounts, err := d.tables.Accounts(ctx, q)
		if err != nil {
			return err
		}
		state, err := d.tables.Access(ctx, q)
		if err != nil {
			return err
		}
		grants := map[string][]Grant{}
		for k, g := range state.Grants {
			grants[k.Account] = append(grants[k.Account], g)
		}
		out = make([]Listed, len(accounts))
		for i, a := range accounts {
			sortGrants(grants[a.ID])
			out[i] = Listed{Account: a, Grants: grants[a.ID]}
		}
		return nil
	})
	return out, err
}

// AnyAccount reports whether there is an account: false on the first run.
func (d *Directory) AnyAccount(ctx context.Context) (bool, error) {
	var some bool
	err := d.store.View(ctx, func(q store.Querier) (err error) {
		some, err = d.tables.AnyAccount(ctx, q)
		return err
	})
	return some, err
}

// SetProfile changes what has nothing to do with rights. Codes: login-invalid,
// login-taken, language-invalid, account-unknown.
func (d *Directory) SetProfile(ctx context.Context, id, login, name, language string) error {
	login, err := NormaliseLogin(login)
	if err != nil {
		return err
	}
	if language, err = checkLanguage(language); err != nil {
		return err
	}
	err = d.store.Tx(ctx, func(q store.Querier) error {
		return d.tables.SetProfile(ctx, q, id, login, cleanName(name, login), language)
	})
	d.cache.forget(id)
	return err
}

// AccessChange is what an administrator changes about an account, in one entry
// of the log. Nil fields stay as they are.
type AccessChange struct {
	Active           *bool
	Person, Customer *string
	// Grants the account shall hold, all others being revoked.
	Grants *[]Grant
}

// ChangeAccess changes what an account may do. Where nothing changes, nothing
// is recorded. Codes: account-unknown, account-inactive (erased),
// last-administrator, grant-invalid, grant-held.
func (d *Directory) ChangeAccess(ctx context.Context, by, reason, id string, c AccessChange) error {
	now, err := d.Account(ctx, id)
	if err != nil {
		return err
	}
	var acts []AccessAct
	if c.Active != nil && *c.Active != now.Active {
		act := ActDeactivated
		if *c.Active {
			act = ActReactivated
		}
		acts = append(acts, AccessAct{Act: act, Account: id})
	}
	person, customer := now.Person, now.Customer
	if c.Person != nil {
		person = *c.Person
	}
	if c.Customer != nil {
		customer = *c.Customer
	}
	salt, linked := newID(), person != now.Person || customer != now.Customer
	if linked {
		acts = append(acts, AccessAct{Act: ActLinked, Account: id, Link: linkCommitment(salt, person, customer)})
	}
	if c.Grants != nil {
		changes, err := grantChanges(id, now.Grants, *c.Grants)
		if err != nil {
			return err
		}
		acts = append(acts, changes...)
	}
	if len(acts) == 0 {
		return nil
	}
	return d.decide(ctx, by, reason, acts, nil, func(ctx context.Context, q store.Querier) error {
		if linked {
			if err := d.tables.SetLink(ctx, q, id, salt, person, customer); err != nil {
				return err
			}
		}
		if c.Active == nil || *c.Active {
			return nil
		}
		if err := d.tables.CancelLinks(ctx, q, PurposePassword, id); err != nil {
			return err
		}
		return d.tables.VoidSessions(ctx, q, id, d.clock())
	})
}

// grantChanges lists the acts that lead from the grants held to those wanted.
func grantChanges(account string, held, wanted []Grant) ([]AccessAct, error) {
	var revoked, granted []AccessAct
	want := map[GrantKey]Grant{}
	for _, g := range wanted {
		g.Account = account
		if err := g.Check(); err != nil {
			return nil, err
		}
		want[g.GrantKey] = g
	}
	for _, h := range held {
		w, keep := want[h.GrantKey]
		if keep && sameInstant(w.From, h.From) && sameInstant(w.Until, h.Until) {
			delete(want, h.GrantKey)
			continue
		}
		revoked = append(revoked, h.act(ActRevoke))
	}
	left := make([]Grant, 0, len(want))
	for _, g := range want {
		left = append(left, g)
	}
	sortGrants(left)
	for _, g := range left {
		granted = append(granted, g.act(ActGrant))
	}
	return append(revoked, granted...), nil
}

func sameInstant(a, b time.Time) bool {
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}

// Grant gives one role. Codes: account-unknown, account-inactive,
// grant-invalid, grant-held.
func (d *Directory) Grant(ctx context.Context, by, reason string, g Grant) error {
	if err := g.Check(); err != nil {
		return err
	}
	return d.decide(ctx, by, reason, []AccessAct{g.act(ActGrant)}, nil, nil)
}

// Revoke takes one role back, and with it those of its deputies. Codes:
// account-unknown, grant-unknown, last-administrator.
func (d *Directory) Revoke(ctx context.Context, by, reason string, k GrantKey) error {
	return d.decide(ctx, by, reason, []AccessAct{Grant{GrantKey: k}.act(ActRevoke)}, nil, nil)
}

// Erase removes an account's login, name, password, sessions and grants for
// ever. Its identifier stays in the log. Codes: account-unknown,
// account-inactive (erased already), last-administrator.
func (d *Directory) Erase(ctx context.Context, by, reason, id string) error {
	acts := []AccessAct{{Act: ActErased, Account: id}}
	return d.decide(ctx, by, reason, acts, nil, func(ctx context.Context, q store.Querier) error {
		if err := d.tables.CancelLinks(ctx, q, PurposePassword, id); err != nil {
			return err
		}
		if err := d.tables.VoidSessions(ctx, q, id, d.clock()); err != nil {
			return err
		}
		return d.tables.ErasePersonal(ctx, q, id)
	})
}
