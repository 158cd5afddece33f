package settings

import (
	"net"
	"strconv"

	"diapason/internal/finding"
	"diapason/internal/notify"
	"diapason/internal/notify/alertmanager"
	"diapason/internal/notify/mail"
	"diapason/internal/notify/outgoing"
	"diapason/internal/notify/webhook"
)

// Open makes the channels. Nothing is sent yet, but certificates and secrets must be there.
func (s *Settings) Open() (*notify.Channels, []Problem) {
	r := &reading{}
	out := &notify.Channels{Base: s.Base}
	for i := range s.Channels {
		c := &s.Channels[i]
		for _, secret := range []notify.Secret{c.Password, c.Token, c.Key} {
			if !secret.Given() {
				continue
			}
			if _, err := secret.Read(); err != nil {
				r.add(c.Place, "notify.file.unread", finding.Args{"channel": c.Name, "cause": err.Error()})
			}
		}
		open, err := c.open(s.Base)
		if err != nil {
			r.add(c.Place, "notify.file.unread", finding.Args{"channel": c.Name, "cause": err.Error()})
		}
		out.List = append(out.List, open)
	}
	return out, r.problems
}

func (c *Channel) open(base string) (notify.Open, error) {
	open := notify.Open{Channel: c.Channel}
	web := outgoing.Options{URL: c.URL, CA: c.CA, User: c.User, Password: c.Password, Token: c.Token, Headers: c.Headers}
	switch c.Type {
	case notify.Webhook:
		x, err := webhook.New(webhook.Options{Options: web, Key: c.Key, Source: base})
		open.Sender = x
		return open, err
	case notify.Alertmanager:
		x, err := alertmanager.New(alertmanager.Options{Options: web, Source: base})
		open.Poster = x
		return open, err
	}
	host, port, err := net.SplitHostPort(c.Server)
	if err != nil {
		return open, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return open, err
	}
	x, err := mail.New(mail.Options{Host: host, Port: number, Encryption: c.Encryption, CA: c.CA, User: c.User, Password: c.Password, From: c.From})
	open.Sender = x
	return open, err
}
