package notify

import "slices"

// Types of channels.
const (
	Email        = "email"
	Webhook      = "webhook"
	Alertmanager = "alertmanager"
)

// Words for receivers that the model and the accounts know.
const (
	ToOwner    = "owner"                 // of the service or component
	ToManager  = "service-level-manager" // accounts with that role
	ToCustomer = "customer"              // who speaks for the customer of the agreement
)

// Channel is a channel as it was configured, without its secrets.
type Channel struct {
	Name     string
	Type     string
	Address  string // of the server, for people
	Language string // empty for that of the organisation
	// PerMinute bounds how many messages are sent.
	PerMinute int
	Rules     []Rule
}

// Rule says which alerts go through a channel; what is empty excludes nothing.
type Rule struct {
	// To are the receivers of an e-mail: the words above, person/NAME, team/NAME, or an
	// address. Other channels have one end.
	To         []string
	Severities []string // page, ticket
	Kinds      []string // burn, not-measured
	Services   []string // service/NAME, component/NAME
	Customers  []string // customer/NAME
}

// Takes tells whether the rule is about an alert.
func (r *Rule) Takes(a *Alert) bool {
	for _, part := range []struct {
		list  []string
		value string
	}{{r.Severities, a.Severity}, {r.Kinds, a.Kind}, {r.Services, a.Service}, {r.Customers, a.Customer}} {
		if len(part.list) > 0 && !slices.Contains(part.list, part.value) {
			return false
		}
	}
	return true
}

// Takes tells whether an alert goes through the channel.
func (c *Channel) Takes(a *Alert) bool {
	return slices.ContainsFunc(c.Rules, func(r Rule) bool { return r.Takes(a) })
}

// Open is a channel that can be sent through: Sender for messages, or Poster for an
// Alertmanager.
type Open struct {
	Channel
	Sender Sender
	Poster Poster
}

// Channels are those of an organisation.
type Channels struct {
	// Base is the address of the interface, without a slash at its end, for links; empty
	// where nobody gave it.
	Base string
	List []Open
}

// Named finds a channel.
func (c *Channels) Named(name string) *Open {
	if c == nil {
		return nil
	}
	for i := range c.List {
		if c.List[i].Name == name {
			return &c.List[i]
		}
	}
	return nil
}

// Mail is the first channel for e-mail; nil where there is none.
func (c *Channels) Mail() *Open {
	if c == nil {
		return nil
	}
	for i := range c.List {
		if c.List[i].Type == Email {
			return &c.List[i]
		}
	}
	return nil
}
