// Package webhook sends messages to an HTTP address as CloudEvents 1.0 in structured JSON
// (https://github.com/cloudevents/spec, JSON event format, HTTP protocol binding), signed as
// Standard Webhooks has it (https://www.standardwebhooks.com): HMAC-SHA256 over identifier,
// time of sending and body.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"diapason/internal/notify"
	"diapason/internal/notify/outgoing"
)

// MediaType is that of the body.
const MediaType = "application/cloudevents+json; charset=utf-8"

// typePrefix begins the type of each event.
const typePrefix = "diapason."

// Options of a channel.
type Options struct {
	outgoing.Options
	// Key signs what is sent; nothing is signed without one.
	Key notify.Secret
	// Source names this installation in each event.
	Source string
	Now    func() time.Time // time.Now when nil
}

// Channel sends to one address.
type Channel struct {
	options Options
	client  *outgoing.Client
}

// New makes a channel; it sends nothing yet.
func New(o Options) (*Channel, error) {
	client, err := outgoing.New(o.Options)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Source == "" {
		o.Source = "urn:diapason"
	}
	return &Channel{options: o, client: client}, nil
}

// event is a CloudEvent.
type event struct {
	Version string    `json:"specversion"`
	ID      string    `json:"id"`
	Source  string    `json:"source"`
	Type    string    `json:"type"`
	Subject string    `json:"subject,omitempty"`
	Time    time.Time `json:"time"`
	Media   string    `json:"datacontenttype"`
	Data    any       `json:"data"`
}

// told is the data of a message that is not about an alert.
type told struct {
	Language string `json:"language,omitempty"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
	Link     string `json:"link,omitempty"`
}

// alerted is the data of a message about an alert.
type alerted struct {
	notify.Alert
	Language string `json:"language"`
	Link     string `json:"link,omitempty"`
}

// Send implements notify.Sender.
func (c *Channel) Send(ctx context.Context, m notify.Message) error {
	e := event{Version: "1.0", ID: m.ID, Source: c.options.Source, Type: typePrefix + m.Type, Subject: m.About, Time: m.Time.UTC(), Media: "application/json"}
	link := ""
	if strings.HasPrefix(c.options.Source, "http") && m.Path != "" {
		link = strings.TrimSuffix(c.options.Source, "/") + m.Path
	}
	if len(m.Alerts) == 1 {
		e.Data = alerted{Alert: m.Alerts[0], Language: m.Language, Link: link}
	} else {
		e.Data = told{Language: m.Language, Subject: m.Subject, Text: m.Text, Link: link}
	}
	body, err := json.Marshal(e)
	if err != nil {
		p := notify.NewProblem(notify.Refused, err.Error())
		p.Final = true
		return p
	}
	headers := map[string]string{}
	if c.options.Key.Given() {
		key, err := c.options.Key.Read()
		if err != nil {
			p := notify.NewProblem(notify.NoSecret, err.Error())
			p.Whole = true
			return p
		}
		at := strconv.FormatInt(c.options.Now().Unix(), 10)
		headers["Webhook-Id"], headers["Webhook-Timestamp"] = m.ID, at
		headers["Webhook-Signature"] = "v1," + Sign(key, m.ID, at, body)
	}
	return c.client.Post(ctx, "", MediaType, body, headers)
}

// Sign is the signature of a body in base64. A key that begins with whsec_ is base64
// itself.
func Sign(key, id, timestamp string, body []byte) string {
	bytes := []byte(key)
	if coded, ok := strings.CutPrefix(key, "whsec_"); ok {
		if raw, err := base64.StdEncoding.DecodeString(coded); err == nil {
			bytes = raw
		}
	}
	mac := hmac.New(sha256.New, bytes)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
