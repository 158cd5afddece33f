package identity

import (
	"slices"
	"strings"
	"time"
)

// Scope narrows a grant to one object, written as a reference "kind/name":
// "customer/emergency", "supplier/acme", "service/patient-record". The empty
// scope is the whole organisation.
type Scope string

// Kind is the slug of the kind of the scope's object, or "".
func (s Scope) Kind() string {
	kind, _, _ := strings.Cut(string(s), "/")
	return kind
}

// GrantKey identifies a grant: an account holds each at most once.
type GrantKey struct {
	// Account is the opaque identifier of the holder.
	Account string
	Role    Role
	Scope   Scope
	// DeputyFor is the account whose place the holder takes, or "" when he holds
	// the role in his own right.
	DeputyFor string
}

// Grant is one role held by one account.
type Grant struct {
	GrantKey
	// From and Until bound the grant, Until excluded; zero means unbounded. A
	// deputy's grant always ends.
	From, Until time.Time
	// Seq is the entry of the log that decided it.
	Seq int64
}

// InForce reports whether the grant counts at an instant.
func (g Grant) InForce(at time.Time) bool {
	return (g.From.IsZero() || !at.Before(g.From)) && (g.Until.IsZero() || at.Before(g.Until))
}

// Check refuses a grant that says nothing sensible: CodeGrantInvalid with the
// field at fault.
func (g Grant) Check() error {
	i := g.Role.index()
	if i < 0 {
		return &Error{Code: CodeGrantInvalid, Field: "role", Value: string(g.Role)}
	}
	f := roles[i]
	if g.Scope != "" {
		kind, name, ok := strings.Cut(string(g.Scope), "/")
		if !ok || name == "" || !slices.Contains(f.scopes, kind) {
			return &Error{Code: CodeGrantInvalid, Field: "scope", Value: string(g.Scope)}
		}
	}
	if g.Scope == "" && g.Role == RoleSupplierContact {
		return &Error{Code: CodeGrantInvalid, Field: "scope"}
	}
	if g.DeputyFor != "" && (g.DeputyFor == g.Account || g.Until.IsZero()) {
		return &Error{Code: CodeGrantInvalid, Field: "deputyFor", Value: g.DeputyFor}
	}
	if !g.From.IsZero() && !g.Until.IsZero() && !g.From.Before(g.Until) {
		return &Error{Code: CodeGrantInvalid, Field: "until"}
	}
	return nil
}

// permanent reports whether the grant neither ends nor stands in for somebody:
// only such a grant of administrator keeps an organisation manageable.
func (g Grant) permanent(at time.Time) bool {
	return g.DeputyFor == "" && g.Until.IsZero() && g.InForce(at)
}

// ParseGrant reads "role" or "role@kind/name", the form in which accounts are
// listed and edited. It fails with CodeGrantInvalid.
func ParseGrant(account, text string) (Grant, error) {
	role, scope, _ := strings.Cut(strings.TrimSpace(text), "@")
	g := Grant{GrantKey: GrantKey{Account: account, Role: Role(role), Scope: Scope(scope)}}
	return g, g.Check()
}

// String writes "role" or "role@kind/name".
func (g Grant) String() string {
	if g.Scope == "" {
		return string(g.Role)
	}
	return string(g.Role) + "@" + string(g.Scope)
}
