// Package outgoing sends HTTP requests to an address that an operator configured, and to
// no other: redirections are not followed, answers are read up to a bound, and every
// request has an end.
package outgoing

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"diapason/internal/notify"
)

// answerMost bounds what is read of an answer, in bytes: it is looked at for what went
// wrong only.
const answerMost = 4 << 10

// Options of a client.
type Options struct {
	URL *url.URL
	CA  string // file of certificates to trust, besides those of the system when empty
	// User and Password, or Token, are what it logs in with.
	User            string
	Password, Token notify.Secret
	Headers         map[string]string
}

// Client sends to one address.
type Client struct {
	options Options
	http    *http.Client
}

// New makes a client; it sends nothing yet.
func New(o Options) (*Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = 64 << 10
	transport.MaxIdleConnsPerHost = 1
	if o.CA != "" {
		pool, err := Trusted(o.CA)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return &Client{options: o, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Trusted reads a file of certificates in PEM.
func Trusted(file string) (*x509.CertPool, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return pool, nil
}

// Post sends a body. The error is a *notify.Problem; nil where the answer is a 2xx.
func (c *Client) Post(ctx context.Context, path, mediaType string, body []byte, headers map[string]string) error {
	target := *c.options.URL
	if path != "" {
		target = *c.options.URL.JoinPath(path)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return notify.NewProblem(notify.Refused, err.Error())
	}
	r.Header.Set("Content-Type", mediaType)
	r.Header.Set("User-Agent", "Diapason")
	for _, set := range []map[string]string{c.options.Headers, headers} {
		for k, v := range set {
			r.Header.Set(k, v)
		}
	}
	if err := c.login(r); err != nil {
		return err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return Failure(err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	return verdict(answer, said)
}

func (c *Client) login(r *http.Request) error {
	secret := c.options.Token
	if c.options.User != "" {
		secret = c.options.Password
	}
	if !secret.Given() {
		return nil
	}
	word, err := secret.Read()
	if err != nil {
		p := notify.NewProblem(notify.NoSecret, err.Error())
		p.Whole = true
		return p
	}
	if c.options.User != "" {
		r.SetBasicAuth(c.options.User, word)
	} else {
		r.Header.Set("Authorization", "Bearer "+word)
	}
	return nil
}

// verdict judges an answer: what is refused for good is not sent again, what asks for time
// is.
func verdict(answer *http.Response, said []byte) error {
	status := answer.StatusCode
	if status >= 200 && status < 300 {
		return nil
	}
	text := strings.TrimSpace(answer.Status + " " + strings.TrimSpace(string(said)))
	var p *notify.Problem
	switch {
	case status >= 300 && status < 400:
		p = notify.NewProblem(notify.Redirected, answer.Status)
		p.Whole = true
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		p = notify.NewProblem(notify.Login, text)
		p.Whole = true
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		p = notify.NewProblem(notify.Busy, text)
		p.Whole, p.After = true, retryAfter(answer.Header.Get("Retry-After"))
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		p = notify.NewProblem(notify.Refused, text)
		p.Whole = true // an address that is wrong, or not there yet
	case status >= 500:
		p = notify.NewProblem(notify.Busy, text)
	default:
		p = notify.NewProblem(notify.Refused, text)
		p.Final = true
	}
	return p
}

// retryAfter reads a number of seconds; a date says too little under clocks that differ.
func retryAfter(value string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 0 || n > 86400 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// Failure is the problem that an error of a connection is.
func Failure(err error) *notify.Problem {
	code := notify.Unreachable
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		code = notify.Timeout
	case errors.As(err, &certificate) || errors.As(err, &record):
		code = notify.Certificate
	}
	var in *url.Error
	if errors.As(err, &in) { // which repeats the address
		err = in.Err
	}
	p := notify.NewProblem(code, err.Error())
	p.Whole = true
	return p
}
