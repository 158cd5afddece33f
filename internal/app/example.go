package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// ExampleAccount is an account of the example organisation that a visitor may
// step into with one click, on his own machine only.
type ExampleAccount struct {
	Login string   `json:"login"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
}

// exampleLogins are the roles a visitor can try, in the order shown.
var exampleLogins = []identity.Role{
	"design-coordinator", "catalogue-manager", "service-level-manager", "availability-manager", "capacity-manager", "continuity-manager",
	"security-manager", "supplier-manager", "service-owner", "customer-representative", "supplier-contact", "auditor", "administrator",
}

// ExampleAccounts creates, where they are missing, one account for each of the roles (of
// all where none is given), tied to the person who holds it in the example. Their
// passwords are random and known to nobody.
func (a *App) ExampleAccounts(ctx context.Context, dir *identity.Directory, roles ...identity.Role) error {
	if len(roles) == 0 {
		roles = exampleLogins
	}
	head := a.Head()
	holders := map[string]model.Ref{}
	for _, h := range head.OfKind("role-assignment") {
		r := head.Object(h).Spec.(*model.RoleAssignment)
		if _, taken := holders[string(r.Role)]; !taken {
			holders[string(r.Role)] = r.Holder
		}
	}
	for _, role := range roles {
		login := string(role)
		if _, err := dir.AccountByLogin(ctx, login); err == nil {
			continue
		}
		n := identity.NewAccount{Login: login, Language: "fr"}
		label, _ := model.ChoiceLabel(model.RoleName(role))
		n.Name = label.In("fr")
		if p, ok := holders[login]; ok && head.Get(p) != nil {
			n.Person, n.Name = p.String(), head.Get(p).Title("fr")
		}
		grant := login
		switch role {
		case "customer-representative":
			for _, h := range head.OfKind("customer") {
				if c := head.Object(h).Spec.(*model.Customer); c.Representative.String() == n.Person && n.Person != "" {
					n.Customer = head.Ref(h).String()
					grant += "@" + n.Customer
					break
				}
			}
		case "supplier-contact":
			for _, h := range head.OfKind("supplier") {
				if s := head.Object(h).Spec.(*model.Supplier); s.Contact.String() == n.Person && n.Person != "" {
					grant += "@" + head.Ref(h).String()
					break
				}
			}
		}
		g, err := identity.ParseGrant("", grant)
		if err != nil {
			return fmt.Errorf("example account %s: %w", login, err)
		}
		n.Grants = []identity.Grant{g}
		acc, err := dir.CreateAccount(ctx, identity.ByOperator, "example", n)
		if err != nil {
			return fmt.Errorf("example account %s: %w", login, err)
		}
		link, err := dir.IssuePasswordLink(ctx, identity.ByOperator, "example", acc.ID)
		if err != nil {
			return err
		}
		if _, err := dir.SetPassword(ctx, link.Token, rand.Text()+rand.Text(), identity.Origin{}); err != nil {
			return fmt.Errorf("example account %s: %w", login, err)
		}
	}
	return nil
}

// ListExampleAccounts lists the accounts a visitor can step into.
func (a *App) ListExampleAccounts(ctx context.Context) ([]ExampleAccount, error) {
	list, err := a.directory.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	out := []ExampleAccount{}
	for _, role := range exampleLogins {
		for _, l := range list {
			if l.Login == string(role) && l.Active {
				x := ExampleAccount{Login: l.Login, Name: l.Name, Roles: []string{}}
				for _, g := range l.Grants {
					if !slices.Contains(x.Roles, string(g.Role)) {
						x.Roles = append(x.Roles, string(g.Role))
					}
				}
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// StepInto opens a session of an example account without a password.
func (a *App) StepInto(ctx context.Context, login string, origin identity.Origin, previous identity.Token) (identity.Opened, error) {
	return a.directory.SignIn(ctx, exampleVisitor{a, login}, origin, previous)
}

// exampleVisitor proves nothing: it stands only where the server shows the
// example organisation on the visitor's own machine.
type exampleVisitor struct {
	app   *App
	login string
}

// Method names this way of signing in.
func (exampleVisitor) Method() identity.Method { return "example" }

// Authenticate finds the example account of a role.
func (v exampleVisitor) Authenticate(ctx context.Context) (string, error) {
	if !slices.Contains(exampleLogins, identity.Role(v.login)) {
		return "", &identity.Error{Code: identity.CodeInvalidCredentials}
	}
	acc, err := v.app.directory.AccountByLogin(ctx, v.login)
	if err != nil {
		return "", &identity.Error{Code: identity.CodeInvalidCredentials}
	}
	return acc.ID, nil
}
