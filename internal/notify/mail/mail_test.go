package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"diapason/internal/notify"
	"diapason/internal/notify/mail"
	"diapason/internal/notify/notifytest"
)

func channel(t *testing.T, m *notifytest.Mail, o mail.Options) *mail.Channel {
	t.Helper()
	host, port, _ := net.SplitHostPort(m.Address)
	o.Host, o.From, o.CA = host, netmail.Address{Name: "Diapason – été", Address: "diapason@example.org"}, m.CA
	o.Port, _ = strconv.Atoi(port)
	c, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var letter = notify.Message{ID: "0123abcd", Type: notify.TypeFiring, Time: time.Date(2027, 3, 12, 10, 6, 0, 0, time.UTC), To: "jeanne@example.org", Language: "fr", Subject: "Urgent\u00a0: la boutique\r\nBcc: thief@example.org", Text: "La boutique consomme trop vite.\nÀ ce rythme, la promesse est rompue le 27 mars.\n.\n"}

func password(t *testing.T, word string) notify.Secret {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(word+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return notify.Secret{File: file}
}

func TestMailIsTakenEncryptedAndWithLogin(t *testing.T) {
	for _, tt := range []struct {
		name       string
		server     notifytest.Options
		encryption string
		user       string
	}{
		{"encryption on an open connection, with login", notifytest.Options{StartTLS: true, User: "diapason", Password: "hunter2 ü"}, mail.StartTLS, "diapason"},
		{"encryption from the first byte, with login", notifytest.Options{TLS: true, User: "diapason", Password: "hunter2 ü"}, mail.TLS, "diapason"},
		{"no encryption and no login", notifytest.Options{}, mail.None, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := notifytest.Start(t, tt.server)
			o := mail.Options{Encryption: tt.encryption, User: tt.user}
			if tt.user != "" {
				o.Password = password(t, tt.server.Password)
			}
			m := letter
			m.Files = []notify.File{{Name: "relevé.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 …")}}
			if err := channel(t, server, o).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			got := server.Await(t, 1)[0]
			if got.To != "jeanne@example.org" || got.From != "diapason@example.org" || got.Headers.Get("Message-ID") != "<0123abcd@example.org>" || got.Headers.Get("Auto-Submitted") != "auto-generated" {
				t.Errorf("envelope and headers: %+v", got)
			}
			if subject, err := new(mime.WordDecoder).DecodeHeader(got.Headers.Get("Subject")); err != nil || subject != "Urgent : la boutique Bcc: thief@example.org" || got.Headers.Get("Bcc") != "" {
				t.Errorf("subject %q, %v", subject, err)
			}
			_, params, _ := mime.ParseMediaType(got.Headers.Get("Content-Type"))
			parts := multipart.NewReader(strings.NewReader(got.Body), params["boundary"])
			first, err := parts.NextRawPart()
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(quotedprintable.NewReader(first))
			if !strings.Contains(string(text), "À ce rythme, la promesse est rompue le 27 mars.\r\n.\r\n") {
				t.Errorf("text %q", text)
			}
			second, err := parts.NextPart()
			if err != nil || second.FileName() == "" || !strings.HasPrefix(second.Header.Get("Content-Type"), "application/pdf") {
				t.Errorf("attachment %v %v", second, err)
			}
		})
	}
}

func TestWhatAMailServerRefusesIsNamed(t *testing.T) {
	on := func(word, answer string) func(string, string) string {
		return func(command, _ string) string {
			if command == word {
				return answer
			}
			return ""
		}
	}
	for _, tt := range []struct {
		name   string
		server notifytest.Options
		client mail.Options
		want   notify.Problem
	}{
		{"a wrong password concerns the whole channel", notifytest.Options{StartTLS: true, User: "diapason", Password: "right"}, mail.Options{User: "diapason"}, notify.Problem{Code: notify.Login, Whole: true}},
		{"a server without encryption is sent nothing", notifytest.Options{}, mail.Options{}, notify.Problem{Code: notify.Certificate, Whole: true}},
		{"a server that asks for a login gets no password without encryption", notifytest.Options{User: "diapason", Password: "right"}, mail.Options{User: "diapason"}, notify.Problem{Code: notify.Certificate, Whole: true}},
		{"a receiver that does not exist is final", notifytest.Options{Answer: on("RCPT", "550 5.1.1 no such user")}, mail.Options{Encryption: mail.None}, notify.Problem{Code: notify.Refused, Final: true}},
		{"a receiver that is greylisted is tried again", notifytest.Options{Answer: on("RCPT", "451 4.7.1 later")}, mail.Options{Encryption: mail.None}, notify.Problem{Code: notify.Busy}},
		{"a message that is refused at its end is final", notifytest.Options{Answer: on("END", "554 5.7.1 spam")}, mail.Options{Encryption: mail.None}, notify.Problem{Code: notify.Refused, Final: true}},
		{"a server that is closing is tried again", notifytest.Options{Answer: on("CONNECT", "421 4.3.2 closing")}, mail.Options{Encryption: mail.None}, notify.Problem{Code: notify.Busy, Whole: true}},
		{"a sender that is not accepted concerns the whole channel", notifytest.Options{Answer: on("MAIL", "550 5.7.1 not you")}, mail.Options{Encryption: mail.None}, notify.Problem{Code: notify.Refused, Whole: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.client.User != "" {
				tt.client.Password = password(t, "wrong-secret")
			}
			server := notifytest.Start(t, tt.server)
			p := problem(t, channel(t, server, tt.client).Send(t.Context(), letter))
			if p.Code != tt.want.Code || p.Final != tt.want.Final || p.Whole != tt.want.Whole {
				t.Errorf("%+v, want %+v", p, tt.want)
			}
			if strings.Contains(p.Detail, "wrong-secret") || len(server.Letters()) > 0 {
				t.Errorf("detail %q", p.Detail)
			}
		})
	}
}

func problem(t *testing.T, err error) *notify.Problem {
	t.Helper()
	var p *notify.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%v is no problem of a channel", err)
	}
	return p
}

func TestAMailServerIsNeitherTrustedBlindlyNorForEver(t *testing.T) {
	t.Run("a certificate of nobody known", func(t *testing.T) {
		server := notifytest.Start(t, notifytest.Options{TLS: true})
		server.CA = ""
		if p := problem(t, channel(t, server, mail.Options{Encryption: mail.TLS}).Send(t.Context(), letter)); p.Code != notify.Certificate || !p.Whole {
			t.Errorf("%+v", p)
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		l, _ := net.Listen("tcp", "127.0.0.1:0")
		l.Close()
		host, port, _ := net.SplitHostPort(l.Addr().String())
		n, _ := strconv.Atoi(port)
		c, _ := mail.New(mail.Options{Host: host, Port: n, Encryption: mail.None, From: netmail.Address{Address: "a@example.org"}})
		if p := problem(t, c.Send(t.Context(), letter)); p.Code != notify.Unreachable || !p.Whole {
			t.Errorf("%+v", p)
		}
	})
	for _, tt := range []struct {
		name, say, code string
	}{
		{"a server that says nothing", "", notify.Timeout},
		{"a server that never ends its greeting", "220-" + strings.Repeat("x", 100) + "\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				for tt.say != "" {
					if _, err := io.WriteString(conn, tt.say); err != nil {
						return
					}
				}
				_, _ = io.Copy(io.Discard, conn)
			}()
			server := &notifytest.Mail{Address: l.Addr().String()}
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			began := time.Now()
			p := problem(t, channel(t, server, mail.Options{Encryption: mail.None}).Send(ctx, letter))
			if !p.Whole || tt.code != "" && p.Code != tt.code || time.Since(began) > 10*time.Second {
				t.Errorf("%+v after %s", p, time.Since(began))
			}
		})
	}
}
