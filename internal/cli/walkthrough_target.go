package cli

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"diapason/internal/finding"
	"diapason/internal/language"
)

// walkthroughTarget is a small web server that a probe of the walk-through watches. It
// works until somebody breaks it, and again once it is mended.
type walkthroughTarget struct {
	name    string
	address string // host:port
	broken  atomic.Bool
	server  *http.Server
	log     *slog.Logger
}

// startTarget listens where the model says, or on another port where that one is taken.
func startTarget(name, address string, log *slog.Logger) (*walkthroughTarget, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, err
		}
	}
	t := &walkthroughTarget{name: name, address: l.Addr().String(), log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", t.health)
	mux.HandleFunc("GET /{$}", t.page)
	mux.HandleFunc("POST /break", func(w http.ResponseWriter, r *http.Request) { t.turned(w, r, false) })
	mux.HandleFunc("POST /mend", func(w http.ResponseWriter, r *http.Request) { t.turned(w, r, true) })
	t.server = &http.Server{Handler: http.NewCrossOriginProtection().Handler(mux), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = t.server.Serve(l) }()
	return t, nil
}

func (t *walkthroughTarget) stop() { _ = t.server.Close() }

func (t *walkthroughTarget) turn(works bool) {
	t.broken.Store(!works)
	t.log.Info("a target of the walk-through was turned", "target", t.name, "works", works)
}

// health is what the probe asks for.
func (t *walkthroughTarget) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if t.broken.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "out of order")
		return
	}
	fmt.Fprintln(w, "ready")
}

func (t *walkthroughTarget) turned(w http.ResponseWriter, r *http.Request, works bool) {
	t.turn(works)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

var targetPage = template.Must(template.New("target").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Name}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1c2b2a}
.state{padding:1rem;border-left:.4rem solid {{if .Broken}}#b3261e{{else}}#0b6e69{{end}};background:#f3f6f5}
button{font:inherit;padding:.5rem 1rem;border:1px solid #1c2b2a;background:#fff;border-radius:.3rem;cursor:pointer}</style></head>
<body><h1>{{.Name}}</h1><p class="state" role="status">{{.State}}</p>
<form method="post" action="{{.Action}}"><button>{{.Button}}</button></form><p>{{.Note}}</p></body></html>
`))

// page shows the target to people, with the button that turns it.
func (t *walkthroughTarget) page(w http.ResponseWriter, r *http.Request) {
	lang := language.EN
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "fr") {
		lang = language.FR
	}
	words, broken := language.Writer{Lang: lang}, t.broken.Load()
	state, action, button := words.Message("walkthrough.target.works", nil), "/break", words.Message("walkthrough.target.break", nil)
	if broken {
		state, action, button = words.Message("walkthrough.target.broken", nil), "/mend", words.Message("walkthrough.target.mend", nil)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if broken {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = targetPage.Execute(w, map[string]any{
		"Lang": string(lang), "Name": t.name, "Broken": broken, "State": state, "Action": action, "Button": button, "Note": words.Message("walkthrough.target.note", nil),
	})
}

// turnTarget tells a target that runs in another process to break or to work again.
func turnTarget(ctx context.Context, address, what string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/"+what, nil)
	if err != nil {
		return err
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		return errors.New(res.Status)
	}
	return nil
}

// targetState asks a target whether it works.
func (t *terminal) targetState(ctx context.Context, address string) string {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/health", nil)
	if err != nil {
		return err.Error()
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return t.say("walkthrough.target.stopped", nil)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return t.say("walkthrough.target.broken", nil)
	}
	return t.say("walkthrough.target.works", finding.Args{})
}

// hostOf is the host and port of a probe's target.
func hostOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	return u.Host
}
