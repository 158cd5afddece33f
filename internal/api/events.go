package api

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"diapason/internal/app"
	"diapason/internal/finding"
)

// eventRoutes serve server-sent events, health and the web application.
func (s *Server) eventRoutes() {
	s.mux.HandleFunc("GET /api/v1/events", s.events)
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s.mux.HandleFunc("GET /readyz", s.ready)
	s.mux.Handle("GET /metrics", s.metrics.handler())
	s.mux.HandleFunc("GET /api/docs", s.docs)
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.Method + " " + r.URL.Path}})
	})
	if s.options.Web != nil {
		s.mux.Handle("/", s.web())
	}
}

// heartbeat keeps intermediaries from closing a quiet stream.
const heartbeat = 25 * time.Second

func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if !callerOf(r.Context()).actor.SignedIn() {
		s.writeProblem(w, r, &app.Error{Code: app.CodeSignIn})
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Time{})
	last := int64(-1)
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		seq, wait := s.app.HeadChange(last)
		if seq != last {
			last = seq
			if _, err := fmt.Fprintf(w, "event: head\ndata: {\"seq\":%d}\n\n", seq); err != nil {
				return
			}
			if rc.Flush() != nil {
				return
			}
			continue
		}
		select {
		case <-r.Context().Done():
			return
		case <-wait:
		case <-tick.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil || rc.Flush() != nil {
				return
			}
		}
	}
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if _, err := s.app.Store().Head(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "store:", err)
		return
	}
	if !s.app.Ready() {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "assessing the model")
		return
	}
	fmt.Fprintln(w, "ready")
	if t := s.options.Telemetry; t != nil && t.State != nil { // metrics that are out of reach make minutes unknown, not the server unready
		fmt.Fprintln(w, "metrics:", t.State(r.Context()))
	}
}

// web serves the built application: hashed assets for ever, any other path as
// the application itself.
func (s *Server) web() http.Handler {
	files := http.FileServerFS(s.options.Web)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(s.options.Web, name); err == nil && !info.IsDir() && name != "index.html" {
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			files.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		index, err := fs.ReadFile(s.options.Web, "index.html")
		if err != nil {
			http.Error(w, "The web interface was not built into this program: run make build. The API is at /api/docs.", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(index)
	})
}
