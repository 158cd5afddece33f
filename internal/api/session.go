package api

import (
	"context"
	"net/http"
	"time"

	"diapason/internal/app"
	"diapason/internal/identity"
	"diapason/internal/model"
)

const cookieName = "diapason_session"

type accountView struct {
	ID       string   `json:"id"`
	Login    string   `json:"login"`
	Name     string   `json:"name"`
	Language string   `json:"language"`
	Roles    []string `json:"roles"`
	Grants   []string `json:"grants"`
	Person   string   `json:"person,omitempty"`
	Customer string   `json:"customer,omitempty"`
	Active   bool     `json:"active"`
	Pending  bool     `json:"pending,omitempty" doc:"No password has been set yet"`
}

type sessionView struct {
	Account      *accountView `json:"account"`
	Organisation struct {
		Ref       string     `json:"ref,omitempty"`
		Title     model.Text `json:"title"`
		Languages []string   `json:"languages"`
		Zone      string     `json:"zone"`
		Currency  string     `json:"currency"`
		Color     string     `json:"color,omitempty"`
		OnColor   string     `json:"onColor,omitempty" doc:"What reads well on the colour"`
		Logo      string     `json:"logo,omitempty" doc:"Address of the logo"`
	} `json:"organisation"`
	Today    string `json:"today"`
	Head     int64  `json:"head"`
	FirstRun bool   `json:"firstRun" doc:"No administrator exists yet"`
	Empty    bool   `json:"empty" doc:"The model holds nothing yet"`
	Example  bool   `json:"example"`
	Fixed    bool   `json:"fixedDate" doc:"The date does not follow the clock"`
	// Walkthrough of service levels.
	Walkthrough string `json:"walkthrough,omitempty" enum:"offered,here" doc:"Whether the walk-through of service levels can be started, or is here"`
	Version     string `json:"version"`
	// ExampleAccounts are those a visitor of the example may step into.
	ExampleAccounts []app.ExampleAccount `json:"exampleAccounts,omitempty"`
}

func viewAccount(a identity.Account, grants []identity.Grant) *accountView {
	v := &accountView{ID: a.ID, Login: a.Login, Name: a.Name, Language: a.Language, Person: a.Person, Customer: a.Customer, Active: a.Active, Roles: []string{}, Grants: []string{}, Pending: a.PasswordChanged.IsZero()}
	seen := map[string]bool{}
	for _, g := range grants {
		if r := string(g.Role); !seen[r] {
			seen[r] = true
			v.Roles = append(v.Roles, r)
		}
		v.Grants = append(v.Grants, g.String())
	}
	return v
}

func (s *Server) session(ctx context.Context) (sessionView, error) {
	head := s.app.Head()
	var v sessionView
	if c := callerOf(ctx); c.who != nil {
		v.Account = viewAccount(c.who.Account, c.who.Grants)
	}
	org := head.Organisation()
	v.Organisation.Title = model.Text{All: "Diapason"}
	for _, h := range head.OfKind("organisation") {
		o := head.Object(h)
		v.Organisation.Ref = o.Ref().String()
		v.Organisation.Title = app.Name(head, o.Ref()).Title
	}
	v.Organisation.Languages, v.Organisation.Zone, v.Organisation.Currency, v.Organisation.Color = org.Languages, org.Zone, org.Currency, org.Color
	v.Organisation.Logo = logoAddress(head)
	if c, ok := parseColor(org.Color); ok {
		v.Organisation.OnColor = c.ink().String()
	} else {
		v.Organisation.Color = "" // nothing that a browser should be handed
	}
	if v.Organisation.Languages == nil {
		v.Organisation.Languages = []string{"en", "fr"}
	}
	v.Today, v.Head, v.Example, v.Version, v.Fixed, v.Empty = s.app.Today().String(), head.Seq, s.options.Example, s.options.Version, s.app.Fixed(), head.Len() == 0
	v.Walkthrough = s.walkthrough()
	if s.options.Example && v.Account == nil {
		list, err := s.app.ListExampleAccounts(ctx)
		if err != nil {
			return v, err
		}
		v.ExampleAccounts = list
	}
	if s.app.Directory() != nil {
		any, err := s.app.Directory().AnyAccount(ctx)
		if err != nil {
			return v, err
		}
		v.FirstRun = !any
	}
	return v, nil
}

type withCookie[T any] struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      T
}

func (s *Server) cookie(token identity.Token, expires time.Time) http.Cookie {
	c := http.Cookie{Name: s.cookieName(), Value: string(token), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.options.Secure, Expires: expires}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// opened answers a sign-in: the cookie, and the session as GET would give it.
func (s *Server) opened(ctx context.Context, o identity.Opened, err error) (*withCookie[sessionView], error) {
	if err != nil {
		return nil, err
	}
	who, err := s.app.Directory().Identify(ctx, o.Token)
	if err != nil {
		return nil, err
	}
	c := *callerOf(ctx)
	c.who, c.token = &who, o.Token
	v, err := s.session(context.WithValue(ctx, keyCaller, &c))
	if err != nil {
		return nil, err
	}
	return &withCookie[sessionView]{[]http.Cookie{s.cookie(o.Token, o.Session.Expires)}, v}, nil
}

func (s *Server) sessionRoutes() {
	const tag = "Session"
	register(s, "GET", "/session", "get-session", "Who is signed in, and what is looked at", tag, func(ctx context.Context, _ *struct{}) (*body[sessionView], error) {
		return answer(s.session(ctx))
	})
	register(s, "POST", "/session", "sign-in", "Sign in", tag, func(ctx context.Context, in *struct {
		Body struct {
			Login    string `json:"login" maxLength:"256"`
			Password string `json:"password" maxLength:"1024"`
		}
	}) (*withCookie[sessionView], error) {
		c := callerOf(ctx)
		o, err := s.app.Directory().Login(ctx, in.Body.Login, in.Body.Password, c.origin, c.token)
		return s.opened(ctx, o, err)
	}, status(200))
	if s.options.Example {
		register(s, "POST", "/example-session", "step-into-example", "Step into an account of the example organisation, on one's own machine", tag, func(ctx context.Context, in *struct {
			Body struct {
				Login string `json:"login" maxLength:"100"`
			}
		}) (*withCookie[sessionView], error) {
			c := callerOf(ctx)
			o, err := s.app.StepInto(ctx, in.Body.Login, c.origin, c.token)
			return s.opened(ctx, o, err)
		}, status(200))
	}
	register(s, "DELETE", "/session", "sign-out", "Sign out", tag, func(ctx context.Context, _ *struct{}) (*withCookie[struct{}], error) {
		if c := callerOf(ctx); c.token != "" {
			if err := s.app.Directory().SignOut(ctx, c.token); err != nil {
				return nil, err
			}
		}
		return &withCookie[struct{}]{SetCookie: []http.Cookie{s.cookie("", time.Unix(1, 0))}}, nil
	}, status(200))
	register(s, "POST", "/first-administrator", "first-administrator", "Become the first administrator, with the one-time link of the first start", tag, func(ctx context.Context, in *struct {
		Body struct {
			Token    string   `json:"token"`
			Login    string   `json:"login" maxLength:"256"`
			Name     string   `json:"name" maxLength:"256"`
			Password string   `json:"password" maxLength:"1024"`
			Language string   `json:"language,omitempty"`
			Roles    []string `json:"roles,omitempty" doc:"Roles taken besides administrator, in a small organisation"`
		}
	}) (*withCookie[sessionView], error) {
		b := in.Body
		r := identity.Registration{Login: b.Login, Name: b.Name, Password: b.Password, Language: b.Language}
		if r.Language == "" {
			r.Language = string(callerOf(ctx).lang)
		}
		for _, role := range b.Roles {
			r.Roles = append(r.Roles, identity.Role(role))
		}
		o, err := s.app.Directory().RegisterFirstAdministrator(ctx, identity.Token(b.Token), r, callerOf(ctx).origin)
		return s.opened(ctx, o, err)
	}, status(201))
	register(s, "POST", "/password", "set-password", "Set a password with a one-time link, or change one's own", tag, func(ctx context.Context, in *struct {
		Body struct {
			Token   string `json:"token,omitempty"`
			Current string `json:"current,omitempty" maxLength:"1024"`
			New     string `json:"new" maxLength:"1024"`
		}
	}) (*withCookie[sessionView], error) {
		c := callerOf(ctx)
		if in.Body.Token != "" {
			o, err := s.app.Directory().SetPassword(ctx, identity.Token(in.Body.Token), in.Body.New, c.origin)
			return s.opened(ctx, o, err)
		}
		if c.who == nil {
			return nil, &app.Error{Code: app.CodeSignIn}
		}
		o, err := s.app.Directory().ChangePassword(ctx, c.who.Account.ID, in.Body.Current, in.Body.New, c.origin)
		return s.opened(ctx, o, err)
	}, status(200))
}
