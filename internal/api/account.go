package api

import (
	"context"
	"time"

	"diapason/internal/identity"
)

type AccountInput struct {
	Login    string   `json:"login" maxLength:"256"`
	Name     string   `json:"name" maxLength:"256"`
	Language string   `json:"language,omitempty"`
	Person   string   `json:"person,omitempty"`
	Customer string   `json:"customer,omitempty"`
	Grants   []string `json:"grants,omitempty" doc:"Roles, each with its scope where it has one: service-level-manager, service-owner@service/payroll, customer-representative@customer/emergency"`
}

type linkView struct {
	URL     string    `json:"url"`
	Expires time.Time `json:"expires"`
}

func parseGrants(account string, words []string) ([]identity.Grant, error) {
	out := []identity.Grant{}
	for _, w := range words {
		g, err := identity.ParseGrant(account, w)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

func (s *Server) accountRoutes() {
	const tag = "Accounts"
	manage := func(ctx context.Context, id string) error {
		return s.app.Authorize(callerOf(ctx).actor, identity.ActionManageAccess, identity.Resource{Kind: "account", Name: id})
	}
	register(s, "GET", "/accounts", "list-accounts", "List accounts", tag, func(ctx context.Context, _ *struct{}) (*body[[]*accountView], error) {
		if err := s.app.Authorize(callerOf(ctx).actor, identity.ActionReadAccess, identity.Resource{Kind: "account"}); err != nil {
			return nil, err
		}
		list, err := s.app.Directory().Accounts(ctx)
		if err != nil {
			return nil, err
		}
		out := []*accountView{}
		for _, l := range list {
			if !l.Erased {
				out = append(out, viewAccount(l.Account, l.Grants))
			}
		}
		return answer(out, nil)
	})
	register(s, "POST", "/accounts", "create-account", "Create an account", tag, func(ctx context.Context, in *struct {
		Body struct {
			AccountInput
			Reason string `json:"reason,omitempty"`
		}
	}) (*body[*accountView], error) {
		if err := manage(ctx, ""); err != nil {
			return nil, err
		}
		b := in.Body
		grants, err := parseGrants("", b.Grants)
		if err != nil {
			return nil, err
		}
		if b.Language == "" {
			b.Language = "fr"
		}
		acc, err := s.app.Directory().CreateAccount(ctx, callerOf(ctx).actor.ID(), b.Reason, identity.NewAccount{Login: b.Login, Name: b.Name, Language: b.Language, Person: b.Person, Customer: b.Customer, Grants: grants})
		if err != nil {
			return nil, err
		}
		return s.account(ctx, acc.ID)
	}, status(201))
	register(s, "PATCH", "/accounts/{id}", "change-account", "Change an account: roles, person, language, active", tag, func(ctx context.Context, in *struct {
		ID   string `path:"id"`
		Body struct {
			Login    *string   `json:"login,omitempty"`
			Name     *string   `json:"name,omitempty"`
			Language *string   `json:"language,omitempty"`
			Person   *string   `json:"person,omitempty"`
			Customer *string   `json:"customer,omitempty"`
			Active   *bool     `json:"active,omitempty"`
			Grants   *[]string `json:"grants,omitempty"`
			Reason   string    `json:"reason,omitempty"`
		}
	}) (*body[*accountView], error) {
		b, by := in.Body, callerOf(ctx).actor
		if b.Person != nil || b.Customer != nil || b.Active != nil || b.Grants != nil || b.Login != nil {
			if err := manage(ctx, in.ID); err != nil {
				return nil, err
			}
		} else if err := s.app.Authorize(by, identity.ActionManageOwnAccount, identity.Resource{Kind: "account", Name: in.ID}); err != nil {
			if err := manage(ctx, in.ID); err != nil {
				return nil, err
			}
		}
		now, err := s.app.Directory().Account(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		pick := func(p *string, old string) string {
			if p != nil {
				return *p
			}
			return old
		}
		if b.Login != nil || b.Name != nil || b.Language != nil {
			if err := s.app.Directory().SetProfile(ctx, in.ID, pick(b.Login, now.Login), pick(b.Name, now.Name), pick(b.Language, now.Language)); err != nil {
				return nil, err
			}
		}
		change := identity.AccessChange{Active: b.Active, Person: b.Person, Customer: b.Customer}
		if b.Grants != nil {
			grants, err := parseGrants(in.ID, *b.Grants)
			if err != nil {
				return nil, err
			}
			change.Grants = &grants
		}
		if change.Active != nil || change.Person != nil || change.Customer != nil || change.Grants != nil {
			if err := s.app.Directory().ChangeAccess(ctx, by.ID(), b.Reason, in.ID, change); err != nil {
				return nil, err
			}
		}
		return s.account(ctx, in.ID)
	})
	register(s, "POST", "/accounts/{id}/password-link", "password-link", "Issue a one-time link to set a password", tag, func(ctx context.Context, in *struct {
		ID string `path:"id"`
	}) (*body[linkView], error) {
		if err := manage(ctx, in.ID); err != nil {
			return nil, err
		}
		l, err := s.app.Directory().IssuePasswordLink(ctx, callerOf(ctx).actor.ID(), "", in.ID)
		if err != nil {
			return nil, err
		}
		return answer(linkView{"/password?token=" + string(l.Token), l.Expires}, nil)
	}, status(200))
}

func (s *Server) account(ctx context.Context, id string) (*body[*accountView], error) {
	l, err := s.app.Directory().Account(ctx, id)
	if err != nil {
		return nil, err
	}
	return answer(viewAccount(l.Account, l.Grants), nil)
}
