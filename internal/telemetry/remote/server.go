// Package remote asks a metrics server that speaks Prometheus' HTTP API: Prometheus,
// Thanos, Mimir, Cortex, VictoriaMetrics.
//
// Whatever such a server does, what comes back is either an answer that the protocol
// allows or an error: a page of a proxy, a redirect to a sign-in, points beside the
// instants asked about, an answer without end and one that drips are none. Nothing is
// guessed from a broken answer.
package remote

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"diapason/internal/telemetry"
)

// What is used where Options leave something at zero.
const (
	DefaultTimeout  = 30 * time.Second
	DefaultMaxBytes = 64 << 20
)

// Options say where the server is and how to speak to it.
type Options struct {
	// URL is the address before /api/v1, such as https://mimir.example/prometheus.
	URL string
	// User and Password sign in by HTTP's basic authentication.
	User     string
	Password Secret
	// Token is sent as a bearer token.
	Token Secret
	// Headers are sent along, such as the tenant's X-Scope-OrgID.
	Headers map[string]string
	// CA is a file of certificates (PEM) to trust instead of the system's.
	CA string
	// Timeout bounds one call with its whole answer, and MaxBytes that answer.
	Timeout  time.Duration
	MaxBytes int64
}

// Secret is a password or token: as it is, or in a file that is read at each call, so
// that it can be changed without a restart.
type Secret struct {
	Value string
	File  string
}

// Given reports whether there is a secret.
func (s Secret) Given() bool { return s.Value != "" || s.File != "" }

// String keeps the secret out of logs.
func (s Secret) String() string { return "(secret)" }

// GoString keeps the secret out of logs.
func (s Secret) GoString() string { return s.String() }

func (s Secret) read() (string, error) {
	if s.File == "" {
		return s.Value, nil
	}
	data, err := os.ReadFile(s.File)
	if err != nil {
		return "", fmt.Errorf("the secret for the metrics server cannot be read: %w", err)
	}
	if v := strings.TrimSpace(string(data)); v != "" {
		return v, nil
	}
	return "", fmt.Errorf("the file %s, which should hold the secret for the metrics server, is empty", s.File)
}

// Server is a metrics server elsewhere. It is safe for concurrent use.
type Server struct {
	base    *url.URL
	client  *http.Client
	options Options

	mu     sync.Mutex
	engine telemetry.Engine
	asked  time.Time // when the engine was last asked for its version
}

var _ telemetry.Querier = (*Server)(nil)

// New makes the client; it asks nothing yet.
func New(o Options) (*Server, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the address of a metrics server: write it like https://prometheus.example:9090", withoutUser(o.URL))
	}
	if base.User != nil {
		return nil, fmt.Errorf("the address of the metrics server holds a name or password: addresses are shown and logged, give them apart")
	}
	if base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("the address of the metrics server ends before ? and #: %s", base.Redacted())
	}
	base.Path = strings.TrimSuffix(strings.TrimSuffix(base.Path, "/"), "/api/v1")
	if o.User != "" && o.Token.Given() {
		return nil, errors.New("the metrics server is given both a user and a token: one request carries one of them")
	}
	for name, value := range o.Headers {
		if !validHeader(name, value) {
			return nil, fmt.Errorf("the header %q cannot be sent to the metrics server", name)
		}
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 8
	transport.MaxResponseHeaderBytes = 64 << 10
	if o.CA != "" {
		if transport.TLSClientConfig, err = trusting(o.CA); err != nil {
			return nil, err
		}
	}
	client := &http.Client{
		Transport: transport, Timeout: o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Server{base: base, client: client, options: o}, nil
}

func trusting(file string) (*tls.Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the certificates to trust for the metrics server cannot be read: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", file)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}

// withoutUser cuts credentials off an address that may not even be one.
func withoutUser(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return "…" + address[i:]
	}
	return address
}

// validHeader reports whether a header can be sent: a token of RFC 9110 and no control
// characters; those that say who asks and how the body travels are not for the user.
func validHeader(name, value string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "", "Authorization", "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection":
		return false
	}
	for _, r := range name {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r) {
			return false
		}
	}
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// Where is the address, for evidence and logs.
func (s *Server) Where() string { return s.base.String() }

// engineFresh is how long what the server said of itself is believed.
const engineFresh = 5 * time.Minute

// Engine asks the server for its name and version. A server without
// /api/v1/status/buildinfo is a Prometheus-compatible one of unknown version.
func (s *Server) Engine(ctx context.Context) (telemetry.Engine, error) {
	s.mu.Lock()
	known, fresh := s.engine, !s.asked.IsZero() && time.Since(s.asked) < engineFresh
	s.mu.Unlock()
	if fresh {
		return known, nil
	}
	e, err := s.askEngine(ctx)
	if err != nil {
		return telemetry.Engine{Where: s.Where()}, err
	}
	s.mu.Lock()
	s.engine, s.asked = e, time.Now()
	s.mu.Unlock()
	return e, nil
}

func (s *Server) askEngine(ctx context.Context) (telemetry.Engine, error) {
	e := telemetry.Engine{Name: "prometheus-compatible", Where: s.Where()}
	var info struct {
		Version     string `json:"version"`
		Application string `json:"application"` // Mimir and Cortex name themselves
	}
	reply, err := s.get(ctx, "/api/v1/status/buildinfo", nil, &info)
	switch {
	case reply != nil && reply.status == http.StatusNotFound: // Cortex of old, some proxies
		return e, nil
	case err != nil:
		return e, err
	}
	e.Name, e.Version = engineName(info.Application, reply.server), info.Version
	return e, nil
}

// engineName takes what a server calls itself. VictoriaMetrics sets a Server header of
// its name and answers Prometheus' version; its increase() is not Prometheus'.
func engineName(application, server string) string {
	for _, word := range []string{application, server} {
		word = strings.ToLower(word)
		for _, name := range []string{"victoriametrics", "thanos", "mimir", "cortex", "prometheus"} {
			if strings.Contains(word, name) || name == "mimir" && strings.Contains(word, "grafana mimir") {
				return name
			}
		}
	}
	return "prometheus"
}
