package api

import (
	"context"
	"net"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"diapason/internal/app"
	"diapason/internal/identity"
)

// Telemetry is what a metrics store adds to the server. Who may write and read is decided
// here; the handlers are reached by nobody else.
type Telemetry struct {
	// Write takes samples; Query answers Prometheus' HTTP API. Nil where there is none.
	Write, Query http.Handler
	// WritePaths and QueryPrefix say where they stand.
	WritePaths  []string
	QueryPrefix string
	// MayWrite and MayRead judge a token; nil where there are no tokens.
	MayWrite, MayRead func(token string) bool
	// Open lets in whoever asks this machine by its own name: the example organisation.
	Open bool
	// Figures are shown at /metrics.
	Figures prometheus.Gatherer
	// State says in a line who answers queries, for /readyz.
	State func(context.Context) string
}

func (s *Server) telemetryRoutes() {
	s.probeRoutes()
	t := s.options.Telemetry
	if t == nil {
		return
	}
	if t.Write != nil {
		for _, path := range t.WritePaths {
			s.mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
				if s.mayWriteSamples(r) {
					t.Write.ServeHTTP(w, r)
					return
				}
				refuseToken(w, "samples are taken with a token only: see --ingest-token-file")
			})
		}
	}
	if t.Query != nil {
		s.mux.HandleFunc(t.QueryPrefix+"/", func(w http.ResponseWriter, r *http.Request) {
			if s.mayReadSamples(r) {
				t.Query.ServeHTTP(w, r)
				return
			}
			refuseToken(w, "metrics are shown to who has signed in and may read the model, or has a token: see --query-token-file")
		})
	}
}

// probeRoutes are the probes of the model and how they run here.
func (s *Server) probeRoutes() {
	const tag = "Evidence"
	register(s, "GET", "/probes", "list-probes", "Every probe that the model defines: its target, last run, lag, and why it cannot run", tag, func(ctx context.Context, _ *struct{}) (*body[*app.Probes], error) {
		return answer(s.app.Probes(ctx, callerOf(ctx).actor, callerOf(ctx).lang))
	})
	register(s, "POST", "/probes/{name}/run", "try-probe", "Run a probe once, now; nothing is stored", tag, func(ctx context.Context, in *struct {
		Name string `path:"name" doc:"Name of the measurement source"`
	}) (*body[*app.ProbeRun], error) {
		return answer(s.app.TryProbe(ctx, callerOf(ctx).actor, in.Name, callerOf(ctx).lang))
	})
}

// takesSamples reports whether a request is one of a sender of samples, whose token is
// judged before its body is read.
func (s *Server) takesSamples(r *http.Request) bool {
	t := s.options.Telemetry
	if t == nil || t.Write == nil {
		return false
	}
	for _, path := range t.WritePaths {
		if r.URL.Path == path {
			return true
		}
	}
	return false
}

func (s *Server) mayWriteSamples(r *http.Request) bool {
	t := s.options.Telemetry
	if token := tokenOf(r); token != "" && t.MayWrite != nil {
		return t.MayWrite(token)
	}
	return t.Open && byOwnName(r)
}

func (s *Server) mayReadSamples(r *http.Request) bool {
	t := s.options.Telemetry
	if token := tokenOf(r); token != "" && t.MayRead != nil {
		return t.MayRead(token)
	}
	c := callerOf(r.Context())
	if c.who != nil {
		return s.app.May(c.actor, identity.ActionReadModel, identity.Resource{Kind: "measurement-source"})
	}
	return t.Open && byOwnName(r)
}

// tokenOf is the token that a request shows: as a bearer, or as the password of basic
// authentication, which every sender and data source can send.
func tokenOf(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(token)
	}
	_, password, _ := r.BasicAuth()
	return password
}

// byOwnName reports whether a request was made to this machine under a name of its own: a
// page of another site can make a browser ask here, but not under this name.
func byOwnName(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func refuseToken(w http.ResponseWriter, why string) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="diapason"`)
	http.Error(w, why, http.StatusUnauthorized)
}
