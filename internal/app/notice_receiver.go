package app

import (
	"cmp"
	"context"
	"net/mail"
	"slices"
	"strings"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/notify"
)

// Mailbox is where somebody reads what is sent to him.
type Mailbox struct {
	Address string
	Lang    language.Lang
	// For is why he is told: notify.ToOwner, notify.ToManager, notify.ToCustomer, or empty
	// for somebody who was named.
	For string

	actor *identity.Actor // nil without an account
}

// languageOf reads a language, by default the first of the organisation.
func (a *App) languageOf(word string) language.Lang {
	if word == "" {
		if list := a.Head().Organisation().Languages; len(list) > 0 {
			word = list[0]
		}
	}
	if word == string(language.FR) {
		return language.FR
	}
	return language.EN
}

// addressOf reads an e-mail address; empty where it is none.
func addressOf(text string) string {
	if x, err := mail.ParseAddress(strings.TrimSpace(text)); err == nil && x.Name == "" && !strings.ContainsAny(x.Address, "\r\n<>") {
		return x.Address
	}
	return ""
}

// MailboxOf is where a person is written to, in the language of his account; ok is false
// where no address is known or the person has left.
func (a *App) MailboxOf(ctx context.Context, person model.Ref) (Mailbox, bool) {
	b, err := a.mailboxes(ctx, a.languageOf(""))
	if err != nil {
		return Mailbox{}, false
	}
	return b.person(person, "")
}

// mailboxes finds mailboxes; the accounts are read once.
type mailboxes struct {
	*App
	snap     *model.Snapshot
	fallback language.Lang // of who has no account
	accounts []identity.Listed
}

func (a *App) mailboxes(ctx context.Context, fallback language.Lang) (*mailboxes, error) {
	b := &mailboxes{App: a, snap: a.Head(), fallback: fallback}
	if a.directory != nil {
		list, err := a.directory.Accounts(ctx)
		if err != nil {
			return nil, err
		}
		b.accounts = slices.DeleteFunc(list, func(x identity.Listed) bool { return !x.Active || x.Erased })
	}
	return b, nil
}

// person is the mailbox of a person.
func (b *mailboxes) person(ref model.Ref, why string) (Mailbox, bool) {
	o := b.snap.Get(ref)
	if o == nil || ref.Kind != "person" {
		return Mailbox{}, false
	}
	p := o.Spec.(*model.Person)
	address := addressOf(p.Email)
	if address == "" || !p.Left.IsZero() && p.Left <= b.Today() {
		return Mailbox{}, false
	}
	box := Mailbox{Address: address, Lang: b.fallback, For: why}
	if i := slices.IndexFunc(b.accounts, func(x identity.Listed) bool { return x.Person == ref.String() }); i >= 0 {
		box.Lang, box.actor = b.languageOf(b.accounts[i].Language), new(b.actorOf(&b.accounts[i]))
	}
	return box, true
}

// account is the mailbox of an account: the address of its person, else its login where
// that is an address.
func (b *mailboxes) account(x *identity.Listed, why string) (Mailbox, bool) {
	if ref, err := model.ParseRef(x.Person); err == nil {
		if box, ok := b.person(ref, why); ok {
			box.Lang, box.actor = b.languageOf(x.Language), new(b.actorOf(x))
			return box, true
		}
	}
	if address := addressOf(x.Login); address != "" {
		return Mailbox{Address: address, Lang: b.languageOf(x.Language), For: why, actor: new(b.actorOf(x))}, true
	}
	return Mailbox{}, false
}

func (b *mailboxes) actorOf(x *identity.Listed) identity.Actor {
	return identity.NewActor(identity.ActorFacts{Account: x.ID, Person: x.Person, Customer: x.Customer, Teams: b.Teams(x.Person), Grants: x.Grants}, b.now())
}

// party are the mailboxes of a person, or of the members and the lead of a team.
func (b *mailboxes) party(ref model.Ref, why string) (out []Mailbox) {
	o := b.snap.Get(ref)
	if o == nil {
		return nil
	}
	people := []model.Ref{ref}
	if team, ok := o.Spec.(*model.Team); ok {
		people = slices.Clone(team.Members)
		if !team.Lead.IsZero() && !slices.Contains(people, team.Lead) {
			people = append(people, team.Lead)
		}
	}
	for _, p := range people {
		if box, ok := b.person(p, why); ok {
			out = append(out, box)
		}
	}
	return out
}

// holders are the mailboxes of the accounts with a role on a service or customer.
func (b *mailboxes) holders(role identity.Role, why string, scopes ...model.Ref) (out []Mailbox) {
	for i := range b.accounts {
		x := &b.accounts[i]
		if !slices.ContainsFunc(x.Grants, func(g identity.Grant) bool {
			return g.Role == role && g.InForce(b.now()) && (g.Scope == "" && (role != identity.RoleCustomerRepresentative || slices.ContainsFunc(scopes, func(r model.Ref) bool { return r.String() == x.Customer })) ||
				slices.ContainsFunc(scopes, func(r model.Ref) bool { return !r.IsZero() && r.String() == string(g.Scope) }))
		}) {
			continue
		}
		if box, ok := b.account(x, why); ok {
			out = append(out, box)
		}
	}
	return out
}

// named are the mailboxes that a receiver of a rule stands for, of an alert.
func (b *mailboxes) named(to string, r *alertRecord) []Mailbox {
	switch to {
	case notify.ToOwner:
		if o := b.snap.Get(r.Service); o != nil {
			return b.party(o.Metadata.Owner, to)
		}
		return nil
	case notify.ToManager:
		return b.holders(identity.RoleServiceLevelManager, to, r.Service, r.Customer)
	case notify.ToCustomer:
		out := b.holders(identity.RoleCustomerRepresentative, to, r.Customer)
		if o := b.snap.Get(r.Customer); o != nil {
			out = append(out, b.party(o.Spec.(*model.Customer).Representative, to)...)
		}
		return out
	}
	if address := addressOf(to); address != "" {
		return []Mailbox{{Address: address, Lang: b.fallback}}
	}
	if ref, err := model.ParseRef(to); err == nil {
		return b.party(ref, "")
	}
	return nil
}

// told are the mailboxes that an alert is sent to through a channel, each once. Who has an
// account is told of what he may read.
func (b *mailboxes) told(c *notify.Open, r *alertRecord, x *notify.Alert) []Mailbox {
	var out []Mailbox
	for i := range c.Rules {
		if !c.Rules[i].Takes(x) {
			continue
		}
		for _, to := range c.Rules[i].To {
			for _, box := range b.named(to, r) {
				if box.actor != nil && !b.mayReadAlert(*box.actor, b.snap, r) {
					continue
				}
				if !slices.ContainsFunc(out, func(y Mailbox) bool { return strings.EqualFold(y.Address, box.Address) }) {
					out = append(out, box)
				}
			}
		}
	}
	slices.SortFunc(out, func(x, y Mailbox) int { return cmp.Compare(x.Address, y.Address) })
	return out
}
