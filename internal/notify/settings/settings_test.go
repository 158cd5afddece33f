package settings_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diapason/internal/language"
	"diapason/internal/notify"
	"diapason/internal/notify/settings"
)

const whole = `
url: https://diapason.example.org/
channels:
- name: mail
  type: email
  server: smtp.example.org:587
  user: diapason
  password: {env: TEST_SECRET}
  from: Diapason <diapason@example.org>
  alerts:
  - {to: [owner, service-level-manager]}
  - {to: [customer, person/jeanne, oncall@example.org], severities: [page], customers: [customer/emergency]}
- name: chat
  type: webhook
  url: https://chat.example.org/hooks/1234
  key: {env: TEST_SECRET}
  language: fr
  perMinute: 10
  alerts: {kinds: [burn], services: [service/shop]}
- {name: alertmanager, type: alertmanager, url: "http://127.0.0.1:9093"}
`

func TestAFileSaysWhoIsTold(t *testing.T) {
	t.Setenv("TEST_SECRET", "0123456789")
	s, problems := settings.Read("notify.yaml", []byte(whole))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, problems := s.Open()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.Base != "https://diapason.example.org" || len(c.List) != 3 || c.Mail() != c.Named("mail") || c.Named("chat").Language != "fr" || c.Named("chat").PerMinute != 10 || c.Named("chat").Address != "https://chat.example.org" || c.Named("alertmanager").Poster == nil {
		t.Errorf("%+v", c)
	}
	burn := notify.Alert{Severity: "page", Kind: "burn", Service: "service/shop", Customer: "customer/ward"}
	other := notify.Alert{Severity: "ticket", Kind: "not-measured", Service: "service/mail"}
	for _, tt := range []struct {
		name    string
		channel string
		alert   notify.Alert
		want    bool
	}{
		{"the first rule takes everything", "mail", other, true},
		{"what the rule names goes", "chat", burn, true},
		{"what it does not name stays", "chat", other, false},
		{"without rules everything goes", "alertmanager", other, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.Named(tt.channel).Takes(&tt.alert); got != tt.want {
				t.Error(got)
			}
		})
	}
	if r := c.Named("mail").Rules[1]; r.Takes(&burn) || !slices.Equal(r.To, []string{"customer", "person/jeanne", "oncall@example.org"}) {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsWrongInTheFileHasItsPlaceAndSentence(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"an unknown field", "channels:\n- {name: a, type: alertmanager, url: 'http://a', colour: red}\n", `2:50: “colour” is no field here`},
		{"a field of another type of channel", "channels:\n- {name: a, type: email, server: 'm:25', from: a@b.example, url: 'http://a'}\n", `2:61: “url” is no field here`},
		{"an unknown field at the top", "channel: []\nchannels:\n- {name: a, type: alertmanager, url: 'http://a'}\n", `1:1: “channel” is no field here`},
		{"no channel", "url: https://a.example\n", "names no channel"},
		{"nothing", "", "1:1: The file needs"},
		{"no YAML", "a: [", "2:2"},
		{"a key twice", "channels:\n- {name: a, name: b, type: alertmanager, url: 'http://a'}\n", "stands twice"},
		{"a type that is none", "channels:\n- name: a\n  type: sms\n", "3:9: “sms” is none of email, webhook"},
		{"two channels of one name", "channels:\n- {name: a, type: alertmanager, url: 'http://a'}\n- {name: a, type: alertmanager, url: 'http://b'}\n", "3:10: Two channels"},
		{"a secret in plain", "channels:\n- {name: a, type: webhook, url: 'https://a', key: hunter2hunter2}\n", "2:51: A secret does not stand in this file"},
		{"a password without encryption to elsewhere", "channels:\n- {name: a, type: alertmanager, url: 'http://a.example', token: {env: X}}\n", "2:38: A password or token is not sent without encryption"},
		{"an address with a password", "channels:\n- {name: a, type: webhook, url: 'https://me:hunter2@a.example'}\n", "2:33: “https://me:xxxxx@a.example” is no address"},
		{"an address of no web server", "channels:\n- {name: a, type: webhook, url: 'file:///etc/passwd'}\n", "2:33: “file:///etc/passwd” is no address"},
		{"a server without port", "channels:\n- {name: a, type: email, server: mail.example.org, from: a@b.example}\n", "2:34: “mail.example.org” is no mail server"},
		{"no sender", "channels:\n- {name: a, type: email, server: 'm:25'}\n", "2:3: “” is no sender"},
		{"a user without password", "channels:\n- {name: a, type: email, server: 'm:25', from: a@b.example, user: me}\n", "2:67: A user needs a password"},
		{"a receiver who is nobody", "channels:\n- {name: a, type: email, server: 'm:25', from: a@b.example, alerts: [{to: [boss]}]}\n", "2:76: “boss” is nobody to tell"},
		{"a severity that is none", "channels:\n- {name: a, type: alertmanager, url: 'http://a', alerts: [{severities: [p1]}]}\n", "2:73: “p1” is none of page, ticket."},
		{"a service without kind", "channels:\n- {name: a, type: alertmanager, url: 'http://a', alerts: [{services: [shop]}]}\n", "2:71: “shop” is no reference"},
		{"receivers where there is one end", "channels:\n- {name: a, type: webhook, url: 'https://a', alerts: [{to: [owner]}]}\n", "“to” is no field here"},
		{"messages without bound", "channels:\n- {name: a, type: webhook, url: 'https://a', perMinute: 0}\n", "“0” is no number of messages"},
		{"a header of two lines", "channels:\n- name: a\n  type: webhook\n  url: https://a\n  headers: {X-A: \"b\\r\\nc: d\"}\n", "5:13: “X-A” is no header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := settings.Read("notify.yaml", []byte(tt.text))
			var said []string
			for _, p := range problems {
				for _, lang := range []language.Lang{language.EN, language.FR} {
					text := language.Writer{Lang: lang}.Message(p.Key, p.Args)
					if text == "" || strings.Contains(text, "hunter2") || strings.Contains(text, "<no value>") {
						t.Errorf("%s in %s: %q", p.Key, lang, text)
					}
					said = append(said, p.Place.String()+": "+text)
				}
			}
			if !strings.Contains(strings.Join(said, "\n"), tt.want) {
				t.Errorf("%q, want %q", said, tt.want)
			}
		})
	}
}

func TestSecretsAndCertificatesMustBeThere(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := "channels:\n- {name: a, type: webhook, url: 'https://a', key: {file: " + empty + "}}\n- {name: b, type: webhook, url: 'https://a', key: {env: TEST_NOT_SET}}\n- {name: c, type: webhook, url: 'https://a', ca: " + empty + "}\n"
	s, problems := settings.Read("notify.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if _, problems = s.Open(); len(problems) != 3 {
		t.Error(problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, problems := settings.Read("notify.yaml", data)
		if len(problems) == 0 {
			for i := range s.Channels {
				if c := &s.Channels[i]; c.Name == "" || c.Type == "" || c.Address == "" {
					t.Errorf("%+v", c)
				}
			}
		}
	})
}
