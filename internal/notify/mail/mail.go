// Package mail sends messages by e-mail through an SMTP server.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"diapason/internal/notify"
	"diapason/internal/notify/outgoing"
)

// Ways of encryption.
const (
	StartTLS = "starttls" // asked for on an open connection, and demanded
	TLS      = "tls"      // from the first byte
	None     = "none"
)

// saidMost bounds what a server may say on one connection, in bytes.
const saidMost = 1 << 20

// Options of a channel.
type Options struct {
	Host       string
	Port       int
	Encryption string // StartTLS when empty
	CA         string // file of certificates to trust; those of the system when empty
	User       string // nobody logs in when empty
	Password   notify.Secret
	From       netmail.Address
}

// Channel sends through one server.
type Channel struct {
	options Options
	tls     *tls.Config
}

// New makes a channel; it sends nothing yet.
func New(o Options) (*Channel, error) {
	c := &Channel{options: o, tls: &tls.Config{ServerName: o.Host, MinVersion: tls.VersionTLS12}}
	if o.CA != "" {
		pool, err := outgoing.Trusted(o.CA)
		if err != nil {
			return nil, err
		}
		c.tls.RootCAs = pool
	}
	return c, nil
}

// Send implements notify.Sender: one connection for one message.
func (c *Channel) Send(ctx context.Context, m notify.Message) error {
	letter, err := c.letter(m)
	if err != nil { // what cannot be written never can
		p := notify.NewProblem(notify.Refused, err.Error())
		p.Final = true
		return p
	}
	client, problem := c.client(ctx)
	if problem != nil {
		return problem
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		if letter.IsDelivered() { // and only the farewell failed
			return nil
		}
		return failure(ctx, err)
	}
	return nil
}

func (c *Channel) client(ctx context.Context) (*gomail.Client, error) {
	o := c.options
	left := time.Minute
	if end, ok := ctx.Deadline(); ok {
		left = max(time.Millisecond, time.Until(end))
	}
	options := []gomail.Option{gomail.WithPort(o.Port), gomail.WithTimeout(left), gomail.WithTLSConfig(c.tls), gomail.WithDialContextFunc(c.dial(ctx)), gomail.WithSMTPAuth(gomail.SMTPAuthNoAuth), gomail.WithoutNoop()}
	switch o.Encryption {
	case TLS:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if o.User != "" {
		password, err := o.Password.Read()
		if err != nil {
			p := notify.NewProblem(notify.NoSecret, err.Error())
			p.Whole = true
			return nil, p
		}
		login := gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
		if o.Encryption == TLS { // of which the library does not know that its connection is encrypted
			login = gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
		}
		options = append(options, login, gomail.WithUsername(o.User), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(o.Host, options...)
	if err != nil {
		return nil, notify.NewProblem(notify.Refused, err.Error())
	}
	return client, nil
}

// dial connects; the connection ends with ctx whatever the server does, and it gives no
// more than it may say.
func (c *Channel) dial(ctx context.Context) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		bounded := &bounded{Conn: conn, left: saidMost, stop: context.AfterFunc(ctx, func() { conn.Close() })}
		if c.options.Encryption != TLS {
			return bounded, nil
		}
		secure := tls.Client(bounded, c.tls)
		if err := secure.HandshakeContext(dialing); err != nil {
			bounded.Close()
			return nil, err
		}
		return secure, nil
	}
}

// bounded is a connection that ends.
type bounded struct {
	net.Conn
	left int
	stop func() bool
}

var errTalks = errors.New("the server says more than a mail server has to say")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTalks
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (b *bounded) Close() error {
	b.stop()
	return b.Conn.Close()
}

// letter writes the e-mail: its identifier is that of the message, so that a server or a
// reader can tell one that was sent twice.
func (c *Channel) letter(m notify.Message) (*gomail.Msg, error) {
	x := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from := c.options.From
	if from.Name != "" {
		if err := x.FromFormat(from.Name, from.Address); err != nil {
			return nil, err
		}
	} else if err := x.From(from.Address); err != nil {
		return nil, err
	}
	if err := x.To(m.To); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	x.SetMessageIDWithValue(m.ID + "@" + domain)
	x.SetDateWithValue(m.Time)
	x.Subject(strings.Join(strings.Fields(m.Subject), " "))
	x.SetGenHeader("Auto-Submitted", "auto-generated")
	x.SetGenHeader("X-Auto-Response-Suppress", "All")
	x.SetGenHeader("Content-Language", m.Language)
	x.SetUserAgent("Diapason")
	x.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(m.Text, "\n", "\r\n"))
	for _, f := range m.Files {
		if err := x.AttachReader(f.Name, strings.NewReader(string(f.Data)), gomail.WithFileContentType(gomail.ContentType(f.Type))); err != nil {
			return nil, fmt.Errorf("attach %s: %w", f.Name, err)
		}
	}
	return x, nil
}

// failure is the problem that an error is: a server answers 4xx to what may be tried again
// and 5xx to what may not (RFC 5321, 4.2.1).
func failure(ctx context.Context, err error) *notify.Problem {
	if ctx.Err() != nil {
		return outgoing.Failure(ctx.Err())
	}
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "dial failed: "), "send failed: ")
	var sent *gomail.SendError
	if errors.As(err, &sent) && sent.ErrorCode() != 0 {
		p := notify.NewProblem(notify.Refused, text)
		switch {
		case sent.ErrorCode() == 530 || sent.ErrorCode() == 535:
			p.Code, p.Whole = notify.Login, true
		case sent.Reason == gomail.ErrSMTPMailFrom: // it takes nothing from us, now or ever
			p.Whole = true
		case sent.IsTemp():
			p.Code = notify.Busy
		default:
			p.Final = true
		}
		return p
	}
	var said *textproto.Error
	if errors.As(err, &said) {
		p := notify.NewProblem(notify.Busy, text)
		if said.Code == 530 || said.Code == 534 || said.Code == 535 || said.Code == 538 {
			p.Code = notify.Login
		}
		p.Whole = true
		return p
	}
	p := outgoing.Failure(err)
	p.Detail = notify.NewProblem("", text).Detail
	if strings.Contains(text, "STARTTLS") {
		p.Code = notify.Certificate
	}
	if strings.Contains(text, "AUTH") {
		p.Code = notify.Login
	}
	return p
}
