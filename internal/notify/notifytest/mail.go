// Package notifytest gives tests what notifications are sent to: a mail server that speaks
// SMTP with or without encryption and login, and keeps what it takes.
package notifytest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mail is a mail server on the loopback interface.
type Mail struct {
	Address string
	// CA is a file with the certificate to trust.
	CA string

	o        Options
	listener net.Listener
	tls      *tls.Config
	mu       sync.Mutex
	taken    []Letter
	arrived  chan struct{}
}

// Options of a mail server.
type Options struct {
	StartTLS, TLS  bool
	User, Password string // demanded where a user is given
	// Answer changes the answer to a command: the word and what follows; empty leaves it.
	Answer func(command, rest string) string
}

// Letter is an e-mail that was taken.
type Letter struct {
	From, To string // of the envelope
	Raw      string
	Headers  mail.Header
	Body     string // as it was sent
}

// Start starts a mail server that ends with the test.
func Start(t testing.TB, o Options) *Mail {
	t.Helper()
	m, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	if o.TLS || o.StartTLS {
		m.certificate(t)
	}
	t.Cleanup(m.Close)
	return m
}

// Listen starts a mail server without encryption, until it is closed.
func Listen(o Options) (*Mail, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Mail{Address: l.Addr().String(), o: o, listener: l, arrived: make(chan struct{}, 1)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return m, nil
}

// Close ends the server.
func (m *Mail) Close() { m.listener.Close() }

func (m *Mail) certificate(t testing.TB) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	m.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	m.CA = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(m.CA, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Letters are the e-mails taken so far.
func (m *Mail) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Letter(nil), m.taken...)
}

// Await waits until so many e-mails were taken.
func (m *Mail) Await(t testing.TB, n int) []Letter {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		if list := m.Letters(); len(list) >= n {
			return list
		}
		select {
		case <-m.arrived:
		case <-late:
			t.Fatalf("%d e-mails came, want %d", len(m.Letters()), n)
		}
	}
}

func (m *Mail) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	if m.o.TLS {
		conn = tls.Server(conn, m.tls)
	}
	secure, known := m.o.TLS, m.o.User == ""
	r := bufio.NewReader(conn)
	say := func(format string, args ...any) { fmt.Fprintf(conn, format+"\r\n", args...) }
	var letter Letter
	if greeting := m.answer("CONNECT", ""); greeting != "" {
		say("%s", greeting)
		return
	}
	say("220 test ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		word = strings.ToUpper(word)
		if own := m.answer(word, rest); own != "" {
			say("%s", own)
			continue
		}
		switch word {
		case "EHLO", "HELO":
			say("250-test")
			if m.o.StartTLS && !secure {
				say("250-STARTTLS")
			}
			if m.o.User != "" && (secure || !m.o.StartTLS) {
				say("250-AUTH PLAIN LOGIN")
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go ahead")
			conn = tls.Server(conn, m.tls)
			r, secure = bufio.NewReader(conn), true
			say = func(format string, args ...any) { fmt.Fprintf(conn, format+"\r\n", args...) }
		case "AUTH":
			if known = m.login(r, rest, say); known {
				say("235 welcome")
			} else {
				say("535 5.7.8 wrong user or password")
			}
		case "MAIL":
			if !known {
				say("530 5.7.0 log in first")
				continue
			}
			letter = Letter{From: address(rest)}
			say("250 fine")
		case "RCPT":
			letter.To = address(rest)
			say("250 fine")
		case "DATA":
			say("354 go on")
			raw, ok := readData(r)
			if !ok {
				return
			}
			letter.Raw = raw
			if x, err := mail.ReadMessage(strings.NewReader(raw)); err == nil {
				body, _ := io.ReadAll(x.Body)
				letter.Headers, letter.Body = x.Header, string(body)
			}
			if end := m.answer("END", letter.To); end != "" {
				say("%s", end)
				continue
			}
			m.mu.Lock()
			m.taken = append(m.taken, letter)
			m.mu.Unlock()
			select {
			case m.arrived <- struct{}{}:
			default:
			}
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

func (m *Mail) answer(word, rest string) string {
	if m.o.Answer == nil {
		return ""
	}
	return m.o.Answer(word, rest)
}

func (m *Mail) login(r *bufio.Reader, rest string, say func(string, ...any)) bool {
	how, first, _ := strings.Cut(rest, " ")
	if how == "LOGIN" {
		say("334 VXNlcm5hbWU6")
		user, _ := r.ReadString('\n')
		say("334 UGFzc3dvcmQ6")
		password, _ := r.ReadString('\n')
		return decoded(user) == m.o.User && decoded(password) == m.o.Password
	}
	return decoded(first) == "\x00"+m.o.User+"\x00"+m.o.Password
}

func decoded(text string) string {
	data, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	return string(data)
}

func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	before, _, _ := strings.Cut(after, ">")
	return before
}

func readData(r *bufio.Reader) (string, bool) {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", false
		}
		if line == ".\r\n" {
			return b.String(), true
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}
