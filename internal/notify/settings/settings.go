// Package settings reads the file that says which channels notifications go through and
// who is told, in YAML or JSON. It is strict: what it does not know is a problem, with its
// line and column. Passwords, tokens and keys never stand in the file; it names the file or
// the environment variable that holds them.
package settings

import (
	"cmp"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/notify"
)

// Problem is something wrong in the file; its sentence is the message Key.
type Problem struct {
	intake.Place
	Key  string
	Args finding.Args
}

// Settings are what the file says.
type Settings struct {
	Base     string // address of the interface, without a slash at its end
	Channels []Channel
}

// Channel is one channel with what it is opened with.
type Channel struct {
	notify.Channel
	Place      intake.Place
	Server     string   // host and port of a mail server
	URL        *url.URL // of the others
	Encryption string
	CA         string
	From       mail.Address
	User       string
	Password   notify.Secret
	Token      notify.Secret
	Key        notify.Secret
	Headers    map[string]string
}

// What is sent a minute at most unless the file says otherwise, and whatever it says.
const (
	usualPerMinute = 60
	mostPerMinute  = 6000
)

var (
	types      = []string{notify.Email, notify.Webhook, notify.Alertmanager}
	every      = []string{"name", "type", "language", "ca", "alerts"}
	fields     = map[string][]string{notify.Email: {"server", "encryption", "user", "password", "from", "perMinute"}, notify.Webhook: {"url", "user", "password", "token", "headers", "key", "perMinute"}, notify.Alertmanager: {"url", "user", "password", "token", "headers"}}
	severities = []string{"page", "ticket"}
	kinds      = []string{"burn", "not-measured"}
	languages  = []string{"en", "fr"}
	words      = []string{notify.ToOwner, notify.ToManager, notify.ToCustomer}
)

// reading is one file being read.
type reading struct {
	problems []Problem
}

// Read reads the file. Without problems the settings are whole.
func Read(name string, data []byte) (*Settings, []Problem) {
	r := &reading{}
	f, bad := yamlsource.Read(name, data)
	for _, p := range bad {
		r.problems = append(r.problems, Problem{p.Place, "import.problem." + p.Code, p.Args})
	}
	for _, twice := range f.Twice() {
		r.add(twice.Place, "notify.file.twice", finding.Args{"value": twice.Key})
	}
	s := &Settings{}
	docs := f.Docs()
	switch {
	case len(r.problems) > 0:
	case len(docs) != 1 || !docs[0].IsMap():
		r.add(intake.Place{File: name, Line: 1, Column: 1}, "notify.file.form", nil)
	default:
		r.settings(s, docs[0])
	}
	if p := f.Problem(); p != nil {
		r.problems = append(r.problems, Problem{p.Place, "import.problem." + p.Code, p.Args})
	}
	slices.SortStableFunc(r.problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
	})
	return s, r.problems
}

func (r *reading) add(at intake.Place, key string, args finding.Args) {
	r.problems = append(r.problems, Problem{at, key, args})
}

// known complains about fields that have no place in a mapping.
func (r *reading) known(n yamlsource.Node, names ...string) bool {
	if !n.IsMap() {
		r.add(n.Place(), "notify.file.mapping", finding.Args{"names": strings.Join(names, ", ")})
		return false
	}
	for _, e := range n.Entries() {
		if !slices.Contains(names, e.Name) {
			r.add(e.Key.Place(), "notify.file.field", finding.Args{"value": e.Name, "names": strings.Join(names, ", ")})
		}
	}
	return true
}

// text reads a single value.
func (r *reading) text(n yamlsource.Node) string {
	if n.Exists() && !n.IsNull() && !n.IsScalar() {
		r.add(n.Place(), "notify.file.single", nil)
	}
	return strings.TrimSpace(n.Text())
}

// among reads a value out of a list, empty where there is none.
func (r *reading) among(n yamlsource.Node, names []string) string {
	v := r.text(n)
	if v != "" && !slices.Contains(names, v) {
		r.add(n.Place(), "notify.file.choice", finding.Args{"value": v, "names": strings.Join(names, ", ")})
		return ""
	}
	return v
}

// list reads a value or a list of them.
func (r *reading) list(n yamlsource.Node, fits func(yamlsource.Node, string)) []string {
	items := n.Items()
	if n.IsScalar() {
		items = []yamlsource.Node{n}
	} else if n.Exists() && !n.IsNull() && !n.IsList() {
		r.add(n.Place(), "notify.file.single", nil)
	}
	var out []string
	for _, i := range items {
		v := r.text(i)
		fits(i, v)
		out = append(out, v)
	}
	return out
}

func (r *reading) settings(s *Settings, n yamlsource.Node) {
	r.known(n, "url", "channels")
	if v := r.text(n.Get("url")); v != "" {
		if u := r.address(n.Get("url")); u != nil {
			s.Base = strings.TrimSuffix(u.String(), "/")
		}
	}
	list := n.Get("channels")
	if len(list.Items()) == 0 {
		r.add(list.Place(), "notify.file.empty", nil)
	}
	for _, item := range list.Items() {
		c := r.channel(item)
		if slices.ContainsFunc(s.Channels, func(x Channel) bool { return x.Name == c.Name }) && c.Name != "" {
			r.add(item.Get("name").Place(), "notify.file.named", finding.Args{"value": c.Name})
		}
		s.Channels = append(s.Channels, c)
	}
}

func (r *reading) channel(n yamlsource.Node) Channel {
	c := Channel{Place: n.Place()}
	if !n.IsMap() {
		r.add(n.Place(), "notify.file.mapping", finding.Args{"names": strings.Join(every, ", ")})
		return c
	}
	c.Name, c.Type = r.text(n.Get("name")), r.among(n.Get("type"), types)
	if c.Name == "" || len(c.Name) > 60 || strings.ContainsAny(c.Name, "/?#%\\ \t\r\n") {
		r.add(orElse(n.Get("name"), n), "notify.file.name", finding.Args{"value": c.Name})
	}
	if c.Type == "" {
		if !n.Get("type").Exists() {
			r.add(n.Place(), "notify.file.type", finding.Args{"names": strings.Join(types, ", ")})
		}
		return c
	}
	r.known(n, slices.Concat(every, fields[c.Type])...)
	c.Language, c.CA, c.User = r.among(n.Get("language"), languages), r.text(n.Get("ca")), r.text(n.Get("user"))
	c.Password, c.Token, c.Key = r.secret(n.Get("password")), r.secret(n.Get("token")), r.secret(n.Get("key"))
	c.PerMinute = usualPerMinute
	if v := r.text(n.Get("perMinute")); v != "" {
		k, err := strconv.Atoi(v)
		if err != nil || k < 1 || k > mostPerMinute {
			r.add(n.Get("perMinute").Place(), "notify.file.rate", finding.Args{"value": v, "most": mostPerMinute})
		}
		c.PerMinute = k
	}
	if c.Type == notify.Email {
		r.server(&c, n)
	} else {
		r.target(&c, n)
	}
	if (c.User != "") != c.Password.Given() || c.User != "" && c.Token.Given() {
		r.add(orElse(n.Get("user"), n), "notify.file.login", nil)
	}
	c.Rules = r.rules(n.Get("alerts"), c.Type)
	return c
}

// orElse is where a value stands, or the mapping that lacks it.
func orElse(n, otherwise yamlsource.Node) intake.Place {
	if n.Exists() {
		return n.Place()
	}
	return otherwise.Place()
}

func (r *reading) server(c *Channel, n yamlsource.Node) {
	at := n.Get("server")
	c.Server = r.text(at)
	host, port, err := net.SplitHostPort(c.Server)
	if k, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || k < 1 || k > 65535 {
		r.add(orElse(at, n), "notify.file.server", finding.Args{"value": c.Server})
	}
	c.Address = c.Server
	c.Encryption = r.among(n.Get("encryption"), []string{"starttls", "tls", "none"})
	if c.Encryption == "none" && c.User != "" && !loopback(host) {
		r.add(n.Get("encryption").Place(), "notify.file.plain", nil)
	}
	from, err := mail.ParseAddress(r.text(n.Get("from")))
	if err != nil || strings.ContainsAny(from.Name+from.Address, "\r\n") {
		r.add(orElse(n.Get("from"), n), "notify.file.from", finding.Args{"value": r.text(n.Get("from"))})
		return
	}
	c.From = *from
}

func (r *reading) target(c *Channel, n yamlsource.Node) {
	at := n.Get("url")
	if !at.Exists() {
		r.add(n.Place(), "notify.file.url", finding.Args{"value": ""})
		return
	}
	if c.URL = r.address(at); c.URL == nil {
		return
	}
	c.Address = c.URL.Scheme + "://" + c.URL.Host // what follows may be a key
	if c.Type == notify.Alertmanager {
		c.Address = c.URL.String()
	}
	if c.URL.Scheme == "http" && (c.User != "" || c.Token.Given()) && !loopback(c.URL.Hostname()) {
		r.add(at.Place(), "notify.file.plain", nil)
	}
	if h := n.Get("headers"); h.Exists() {
		c.Headers = map[string]string{}
		for _, e := range h.Entries() {
			v := r.text(e.Value)
			if e.Name == "" || strings.ContainsAny(e.Name, " :\r\n\t") || strings.ContainsAny(v, "\r\n") {
				r.add(e.Key.Place(), "notify.file.header", finding.Args{"value": e.Name})
			}
			c.Headers[e.Name] = v
		}
	}
}

// address reads the address of a server.
func (r *reading) address(n yamlsource.Node) *url.URL {
	u, err := url.Parse(r.text(n))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		value := r.text(n)
		if err == nil {
			value = u.Redacted()
		}
		r.add(n.Place(), "notify.file.url", finding.Args{"value": value})
		return nil
	}
	return u
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// secret reads where a secret stands.
func (r *reading) secret(n yamlsource.Node) notify.Secret {
	if !n.Exists() {
		return notify.Secret{}
	}
	if !n.IsMap() { // written in plain: the problem does not repeat it
		r.add(n.Place(), "notify.file.secret", nil)
		return notify.Secret{}
	}
	r.known(n, "file", "env")
	s := notify.Secret{File: r.text(n.Get("file")), Env: r.text(n.Get("env"))}
	if (s.File == "") == (s.Env == "") {
		r.add(n.Place(), "notify.file.secret", nil)
	}
	return s
}
