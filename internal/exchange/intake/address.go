package intake

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Address is a host that a setting of a deployment names.
type Address struct {
	Host string // as written, in lower case
	// Sure tells that the setting is an address by its name or its form, so that
	// a host nobody knows is a gap and no chance word.
	Sure bool
}

const host = `([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)`

var (
	addressName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[_.-])(?:addr|address|addresses|host|hosts|hostname|url|urls|uri|endpoint|endpoints|server|servers|broker|brokers|dsn|upstream|connection_?string|listen_?to)$`)
	})
	bareName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[_.-])(?:addr|address|host|hosts|hostname|endpoint|server|servers|broker|brokers)$`)
	})
	ownName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[_.-])(?:listen|listeners|bind|advertised)(?:[_.-]|$)`)
	})

	schemeForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^@/\s,]*@)?` + host + `(?::\d{1,5})?`)
	})
	keyedForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[;\s])(?:host|server|data source|address)\s*=\s*` + host)
	})
	dsnForm  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@(?:tcp|unix)\(` + host + `(?::\d{1,5})?\)`) })
	portForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:\d+@)?` + host + `:\d{1,5}(?:/\S*)?$`) })
	bareForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^` + host + `$`) })
	ipForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9.]+$`) })
)

// Addresses finds the hosts that a setting names, each once: URLs, host:port,
// connection strings, lists of them, and a bare host where the setting's name
// says that it is one. Loopback and plain IP addresses are no hosts of anybody.
func Addresses(name, value string) []Address {
	if len(value) > 4096 || strings.TrimSpace(value) == "" || ownName().MatchString(name) {
		return nil
	}
	named := addressName().MatchString(name)
	var out []Address
	add := func(h string, sure bool) {
		h = strings.ToLower(h)
		switch {
		case ipForm().MatchString(h), h == "localhost", strings.HasSuffix(h, ".localhost"), h == "host.docker.internal", h == "none", h == "true", h == "false":
			return
		case slices.ContainsFunc(out, func(a Address) bool { return a.Host == h }):
			return
		}
		out = append(out, Address{h, sure})
	}
	for _, m := range schemeForm().FindAllStringSubmatch(value, 16) {
		add(m[1], named)
	}
	for _, form := range []*regexp.Regexp{keyedForm(), dsnForm()} {
		for _, m := range form.FindAllStringSubmatch(value, 16) {
			add(m[1], named)
		}
	}
	if out != nil {
		return out
	}
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		if m := portForm().FindStringSubmatch(part); m != nil {
			add(m[1], named)
		} else if m := bareForm().FindStringSubmatch(part); m != nil && bareName().MatchString(name) {
			add(m[1], true)
		}
	}
	return out
}
