package settings

import (
	"net/mail"
	"slices"
	"strings"

	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/notify"
)

// rules reads which alerts go through a channel. Where the file says nothing all do, by
// e-mail to the owner and the service level manager.
func (r *reading) rules(n yamlsource.Node, kind string) []notify.Rule {
	var out []notify.Rule
	items := n.Items()
	if n.IsMap() {
		items = []yamlsource.Node{n}
	} else if n.Exists() && !n.IsList() {
		r.add(n.Place(), "notify.file.rules", nil)
	}
	for _, item := range items {
		out = append(out, r.rule(item, kind))
	}
	if len(out) == 0 && !n.Exists() {
		out = []notify.Rule{{}}
	}
	for i := range out {
		if kind == notify.Email && len(out[i].To) == 0 {
			out[i].To = []string{notify.ToOwner, notify.ToManager}
		}
	}
	return out
}

func (r *reading) rule(n yamlsource.Node, kind string) notify.Rule {
	names := []string{"severities", "kinds", "services", "customers"}
	if kind == notify.Email {
		names = append([]string{"to"}, names...)
	}
	if !r.known(n, names...) {
		return notify.Rule{}
	}
	among := func(allowed []string) func(yamlsource.Node, string) {
		return func(at yamlsource.Node, v string) {
			if !slices.Contains(allowed, v) {
				r.add(at.Place(), "notify.file.choice", finding.Args{"value": v, "names": strings.Join(allowed, ", ")})
			}
		}
	}
	named := func(prefixes ...string) func(yamlsource.Node, string) {
		return func(at yamlsource.Node, v string) {
			if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(v, p+"/") && len(v) > len(p)+1 }) {
				r.add(at.Place(), "notify.file.reference", finding.Args{"value": v, "kinds": strings.Join(prefixes, ", ")})
			}
		}
	}
	return notify.Rule{
		To:         r.list(n.Get("to"), r.receiver),
		Severities: r.list(n.Get("severities"), among(severities)),
		Kinds:      r.list(n.Get("kinds"), among(kinds)),
		Services:   r.list(n.Get("services"), named("service", "component")),
		Customers:  r.list(n.Get("customers"), named("customer")),
	}
}

// receiver checks who is to be told by e-mail.
func (r *reading) receiver(at yamlsource.Node, v string) {
	if slices.Contains(words, v) || strings.HasPrefix(v, "person/") || strings.HasPrefix(v, "team/") {
		return
	}
	if x, err := mail.ParseAddress(v); err != nil || x.Name != "" {
		r.add(at.Place(), "notify.file.receiver", finding.Args{"value": v, "names": strings.Join(words, ", ")})
	}
}
