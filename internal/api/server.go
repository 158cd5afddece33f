// Package api is the HTTP face of Diapason: the REST API under /api/v1 described
// by OpenAPI 3.1, the catalogue that reads without JavaScript, and the web
// application.
package api

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"diapason/internal/app"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Options of the server.
type Options struct {
	App     *app.App
	Version string
	Web     fs.FS // the built web application; nil serves none
	Log     *slog.Logger
	// Secure marks cookies as for HTTPS only.
	Secure bool
	// Proxy takes the client's address from the last X-Forwarded-For, which the
	// one proxy in front of the server sets.
	Proxy bool
	// Example says that the example organisation is shown.
	Example bool
	// Walkthrough is the walk-through of service levels, here or offered; nil for none.
	Walkthrough *Walkthrough
	// Telemetry is the metrics store; nil where none is kept.
	Telemetry *Telemetry
}

// Server answers HTTP.
type Server struct {
	app     *app.App
	options Options
	log     *slog.Logger
	mux     *http.ServeMux
	api     huma.API
	handler http.Handler
	metrics *metrics
}

// New makes the server.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{app: o.App, options: o, log: o.Log, mux: http.NewServeMux(), metrics: newMetrics(o.App, o.Telemetry)}
	s.api = humago.New(s.mux, s.config())
	s.routes()
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(s.crossOrigin))
	s.handler = s.metrics.observe(s.recover(s.headers(guard.Handler(s.identify(s.strangers(s.mux))))))
	return s
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// OpenAPI is the description of the API, OpenAPI 3.1 as JSON.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

func (s *Server) config() huma.Config {
	c := huma.DefaultConfig("Diapason", s.options.Version)
	c.OpenAPIPath = "/api/openapi"
	c.DocsPath = ""
	c.SchemasPath = "/api/schemas"
	c.CreateHooks = nil // no $schema fields in answers
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Info.Description = "System of record and of proof for IT service design. Texts are rendered in the language of Accept-Language (en or fr); ?lang= wins."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"session": {Type: "apiKey", In: "cookie", Name: cookieName}}
	for t, alias := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[model.Text](): reflect.TypeFor[localText](),
		reflect.TypeFor[model.Need](): reflect.TypeFor[any](),
	} {
		c.Components.Schemas.RegisterTypeAlias(t, alias)
	}
	return c
}

// localText documents a text per language.
type localText struct {
	EN string `json:"en,omitempty"`
	FR string `json:"fr,omitempty"`
}

func (s *Server) routes() {
	s.sessionRoutes()
	s.accountRoutes()
	s.schemaRoutes()
	s.objectRoutes()
	s.draftRoutes()
	s.drawingRoutes()
	s.findingRoutes()
	s.serviceRoutes()
	s.noticeRoutes()
	s.notificationRoutes()
	s.availabilityRoutes()
	s.serviceLevelRoutes()
	s.evidenceRoutes()
	s.publicationRoutes()
	s.historyRoutes()
	s.attachmentRoutes()
	s.tableRoutes()
	s.reportRoutes()
	s.questionnaireRoutes()
	s.questionnairePages()
	s.eventRoutes()
	s.pageRoutes()
	s.walkthroughRoutes()
	s.telemetryRoutes()
	s.describeStreams()
}

// register adds an operation with the problems that it can answer.
func register[I, O any](s *Server, method, path, id, summary, tag string, fn func(context.Context, *I) (*O, error), more ...func(*huma.Operation)) {
	op := huma.Operation{
		OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary, Tags: []string{tag},
		Errors: []int{400, 401, 403, 404, 409, 422}, Security: []map[string][]string{{"session": {}}}, MaxBodyBytes: 64 << 20, BodyReadTimeout: time.Minute,
		SkipValidateParams: false,
	}
	for _, m := range more {
		m(&op)
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

func status(code int) func(*huma.Operation) {
	return func(op *huma.Operation) { op.DefaultStatus = code }
}

type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

// View is the query parameters of every read of the model.
type View struct {
	Seq   int64  `query:"seq" minimum:"0" doc:"Entry of the log to look at; 0 is the newest"`
	On    string `query:"on" doc:"Date to look at, year-month-day"`
	Draft string `query:"draft" doc:"Draft to lay over the model"`
}

func (s *Server) view(ctx context.Context, v View) (app.View, error) {
	out := app.View{Seq: v.Seq, Draft: v.Draft}
	if v.On != "" {
		d, err := model.ParseDate(v.On)
		if err != nil {
			return out, invalid("/on", err)
		}
		out.On = d
		if v.Seq == 0 && d < s.app.Today() { // the past as it was known then
			seq, err := s.app.SeqOn(ctx, d)
			if err != nil {
				return out, err
			}
			if seq > 0 {
				out.Seq = seq
			}
		}
	}
	return out, nil
}

func invalid(pointer string, err error) error {
	var f *model.Fault
	errors.As(err, &f)
	return &app.Error{Code: app.CodeInvalid, Args: map[string]any{"n": 1, "first": err.Error()}, Issues: []model.Issue{{Pointer: pointer, Message: err.Error(), Fault: f}}}
}

func parseRef(kind, name string) model.Ref { return model.Ref{Kind: kind, Name: name} }

func optionalRef(pointer, s string) (model.Ref, error) {
	if s == "" {
		return model.Ref{}, nil
	}
	r, err := model.ParseRef(s)
	if err != nil {
		return r, invalid(pointer, err)
	}
	return r, nil
}

type contextKey int

const (
	keyCaller contextKey = iota
)

// caller is who asks, in which language, from where.
type caller struct {
	actor  identity.Actor
	who    *identity.Identified
	token  identity.Token
	lang   language.Lang
	origin identity.Origin
	base   string // address of the server as the caller knows it
}

func callerOf(ctx context.Context) *caller {
	if c, ok := ctx.Value(keyCaller).(*caller); ok {
		return c
	}
	return &caller{lang: language.EN}
}

// identify puts the caller in the context of every request.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &caller{actor: identity.Anonymous(s.app.Head().Organisation().PublicCatalogue), origin: s.originOf(r), base: s.baseOf(r)}
		if cookie, err := r.Cookie(s.cookieName()); err == nil && s.app.Directory() != nil {
			token := identity.Token(cookie.Value)
			if who, err := s.app.Directory().Identify(r.Context(), token); err == nil {
				c.who, c.token = &who, token
				c.actor = who.Actor(time.Now(), s.app.Teams(who.Account.Person)...)
			}
		}
		c.lang = chooseLanguage(r, c.who)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), keyCaller, c)))
	})
}

// crossOrigin refuses what another site's page sends, before anybody is identified.
func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request) {
	l := chooseLanguage(r, nil)
	s.writeProblem(w, r, problemOf(http.StatusForbidden, "cross-origin", language.Writer{Lang: l}.Message("error.cross-origin", nil)))
}

// chooseLanguage takes ?lang=, else Accept-Language, else the account's; a language
// that is none of ours counts as none.
func chooseLanguage(r *http.Request, who *identity.Identified) language.Lang {
	word := strings.ToLower(r.URL.Query().Get("lang"))
	if !strings.HasPrefix(word, "fr") && !strings.HasPrefix(word, "en") {
		word = ""
	}
	if word == "" && who != nil && r.Header.Get("Accept-Language") == "" {
		word = who.Account.Language
	}
	if word == "" {
		for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
			tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
			if tag == "fr" || strings.HasPrefix(tag, "fr-") || tag == "en" || strings.HasPrefix(tag, "en-") {
				word = tag
				break
			}
		}
	}
	if strings.HasPrefix(word, "fr") {
		return language.FR
	}
	return language.EN
}

// baseOf is the address of the server as the caller wrote it, for links that
// people hand on.
func (s *Server) baseOf(r *http.Request) string {
	scheme, host := "http://", r.Host
	if s.options.Secure || r.TLS != nil {
		scheme = "https://"
	}
	if s.options.Proxy {
		if x := r.Header.Get("X-Forwarded-Host"); x != "" && !strings.ContainsAny(x, "/?#@ ,") {
			host = x
		}
		if r.Header.Get("X-Forwarded-Proto") == "https" {
			scheme = "https://"
		}
	}
	return scheme + host
}

func (s *Server) originOf(r *http.Request) identity.Origin {
	o := identity.Origin{Agent: r.UserAgent()}
	if list := r.Header.Values("X-Forwarded-For"); s.options.Proxy && len(list) > 0 {
		parts := strings.Split(list[len(list)-1], ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(parts[len(parts)-1])); err == nil {
			o.Address = a
			return o
		}
	}
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		o.Address = ap.Addr()
	}
	return o
}

// headers are those that keep a browser from doing harm.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.options.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// Describe is the OpenAPI description of the server, made without a store.
func Describe(version string) ([]byte, error) {
	s := &Server{options: Options{Version: version, Example: true}, mux: http.NewServeMux(), metrics: &metrics{}}
	s.api = humago.New(s.mux, s.config())
	s.routes()
	return s.OpenAPI()
}
