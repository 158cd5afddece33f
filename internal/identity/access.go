package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
)

// AccessFormat is the format of the body of access entries.
const AccessFormat = "access/1"

// By names who decided an access entry where it was not an account.
const (
	// ByFirstStart: the holder of the first administrator's link.
	ByFirstStart = "first-start"
	// ByOperator: the person who runs the server, from its command line.
	ByOperator = "operator"
)

// ActKind says what one act of an access entry does.
type ActKind string

// The acts.
const (
	// ActCreated: the account exists from now on.
	ActCreated ActKind = "account-created"
	// ActDeactivated: the account can no longer sign in; its grants stay.
	ActDeactivated ActKind = "account-deactivated"
	// ActReactivated undoes ActDeactivated.
	ActReactivated ActKind = "account-reactivated"
	// ActLinked commits to the person and the customer of the model that the
	// account speaks for.
	ActLinked ActKind = "account-linked"
	// ActErased: login and name are erased, grants end, for ever.
	ActErased ActKind = "account-erased"
	// ActGrant gives a role.
	ActGrant ActKind = "grant"
	// ActRevoke takes a role back.
	ActRevoke ActKind = "revoke"
	// ActPasswordLink: a link was issued that lets its bearer set the password.
	// Recorded because its issuer could use it himself.
	ActPasswordLink ActKind = "password-link-issued"
)

// AccessAct is one act. Accounts are named by their opaque identifier, never
// by login or name.
type AccessAct struct {
	Act       ActKind    `json:"act"`
	Account   string     `json:"account"`
	Role      Role       `json:"role,omitempty"`
	Scope     Scope      `json:"scope,omitempty"`
	DeputyFor string     `json:"deputyFor,omitempty"`
	From      *time.Time `json:"from,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
	// Link of ActLinked is a salted commitment (see linkCommitment): references
	// of people may name them. Empty where the account is linked to nothing.
	Link string `json:"link,omitempty"`
}

// AccessEntry is the body of a log entry of type access. All its acts happen or
// none. It holds no personal data, so that it never needs to be erased; the
// reason somebody gives is a text of the log entry, which can be.
type AccessEntry struct {
	Format string `json:"format"`
	// By is the account that decided, ByFirstStart or ByOperator.
	By   string      `json:"by"`
	Acts []AccessAct `json:"acts"`
}

// Canonical is the body as canonical JSON (RFC 8785).
func (e AccessEntry) Canonical() ([]byte, error) {
	plain, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write access entry: %w", err)
	}
	return jcs.Transform(plain)
}

// ParseAccessEntry reads the body of an access entry. Unknown fields and
// formats are refused: rights are not guessed.
func ParseAccessEntry(body []byte) (AccessEntry, error) {
	var e AccessEntry
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return AccessEntry{}, fmt.Errorf("read access entry: %w", err)
	}
	if d.More() {
		return AccessEntry{}, fmt.Errorf("read access entry: something follows the entry")
	}
	if e.Format != AccessFormat {
		return AccessEntry{}, fmt.Errorf("read access entry: format %q is not %q: a newer version wrote it", e.Format, AccessFormat)
	}
	return e, nil
}

func (g Grant) act(kind ActKind) AccessAct {
	a := AccessAct{Act: kind, Account: g.Account, Role: g.Role, Scope: g.Scope, DeputyFor: g.DeputyFor}
	if kind == ActGrant {
		a.From, a.Until = optional(g.From), optional(g.Until)
	}
	return a
}

func (a AccessAct) grant(seq int64) Grant {
	g := Grant{GrantKey: GrantKey{a.Account, a.Role, a.Scope, a.DeputyFor}, Seq: seq}
	if a.From != nil {
		g.From = a.From.UTC()
	}
	if a.Until != nil {
		g.Until = a.Until.UTC()
	}
	return g
}

// optional gives t in UTC and microseconds, as both engines keep it, or nil for zero.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Microsecond)
	return &t
}

// AccountAccess is what the log says of an account.
type AccountAccess struct {
	Active, Erased bool
	// Link commits to the person and the customer it speaks for, or is "".
	Link string
}

// AccessState is the access entries of the log folded in their order.
type AccessState struct {
	Accounts map[string]AccountAccess
	Grants   map[GrantKey]Grant
}

// linkCommitment is the SHA-256, in hexadecimal, of salt ‖ JSON of the two
// references. The log keeps it; salt and references are rows that can be
// erased, and the log then says nothing about anybody.
func linkCommitment(salt, person, customer string) string {
	if person == "" && customer == "" {
		return ""
	}
	pair, _ := json.Marshal([2]string{person, customer}) // strings always marshal
	sum := sha256.Sum256(append([]byte(salt), pair...))
	return hex.EncodeToString(sum[:])
}

// NewAccessState is the state before the first entry.
func NewAccessState() *AccessState {
	return &AccessState{Accounts: map[string]AccountAccess{}, Grants: map[GrantKey]Grant{}}
}

// Apply folds one entry in, committed under seq at an instant. It fails, and
// leaves the state as it was, when an act makes no sense in the state: unknown
// account, grant held already, grant not held, last administrator.
func (s *AccessState) Apply(seq int64, at time.Time, e AccessEntry) error {
	next := s.clone()
	if err := next.Fold(seq, e); err != nil {
		return err
	}
	if s.manageable(at) && !next.manageable(at) {
		return &Error{Code: CodeLastAdministrator}
	}
	*s = *next
	return nil
}

// Fold folds in an entry that stands in the log. After an error the state is
// of no use: the log says something that this program cannot follow.
func (s *AccessState) Fold(seq int64, e AccessEntry) error {
	for _, a := range e.Acts {
		if err := s.apply(seq, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *AccessState) clone() *AccessState {
	return &AccessState{Accounts: maps.Clone(s.Accounts), Grants: maps.Clone(s.Grants)}
}

func (s *AccessState) apply(seq int64, a AccessAct) error {
	account, known := s.Accounts[a.Account]
	switch {
	case a.Act == ActCreated && a.Account == "":
		return &Error{Code: CodeAccountUnknown}
	case a.Act == ActCreated && known:
		return fmt.Errorf("account %s is created twice", a.Account)
	case a.Act == ActCreated:
		s.Accounts[a.Account] = AccountAccess{Active: true}
		return nil
	case !known:
		return &Error{Code: CodeAccountUnknown, Field: "account", Value: a.Account}
	case account.Erased:
		return &Error{Code: CodeAccountInactive, Field: "account", Value: a.Account}
	}
	switch a.Act {
	case ActDeactivated, ActReactivated:
		account.Active = a.Act == ActReactivated
		s.Accounts[a.Account] = account
	case ActLinked:
		account.Link = a.Link
		s.Accounts[a.Account] = account
	case ActErased:
		s.Accounts[a.Account] = AccountAccess{Erased: true}
		maps.DeleteFunc(s.Grants, func(k GrantKey, _ Grant) bool {
			return k.Account == a.Account || k.DeputyFor == a.Account
		})
	case ActGrant:
		g := a.grant(seq)
		if err := g.Check(); err != nil {
			return err
		}
		if _, held := s.Grants[g.GrantKey]; held {
			return &Error{Code: CodeGrantHeld, Field: "role", Value: g.String()}
		}
		if g.DeputyFor != "" && !s.holds(g.DeputyFor, g.Role, g.Scope) {
			return &Error{Code: CodeGrantInvalid, Field: "deputyFor", Value: g.DeputyFor}
		}
		s.Grants[g.GrantKey] = g
	case ActRevoke:
		g := a.grant(seq)
		if _, held := s.Grants[g.GrantKey]; !held {
			return &Error{Code: CodeGrantUnknown, Field: "role", Value: g.String()}
		}
		delete(s.Grants, g.GrantKey)
		// A deputy stands in for a holder: without one, he holds nothing.
		maps.DeleteFunc(s.Grants, func(k GrantKey, _ Grant) bool {
			return g.DeputyFor == "" && k.DeputyFor == g.Account && k.Role == g.Role && k.Scope == g.Scope
		})
	case ActPasswordLink:
	default:
		return fmt.Errorf("access entry %d: act %q is not known: a newer version wrote it", seq, a.Act)
	}
	return nil
}

// holds reports whether an account holds a role in its own right.
func (s *AccessState) holds(account string, role Role, scope Scope) bool {
	_, ok := s.Grants[GrantKey{Account: account, Role: role, Scope: scope}]
	return ok
}

// manageable reports whether an active account holds administrator for good.
func (s *AccessState) manageable(at time.Time) bool {
	for _, g := range s.Grants {
		if g.Role == RoleAdministrator && g.permanent(at) && s.Accounts[g.Account].Active {
			return true
		}
	}
	return false
}

// GrantsOf lists the grants of an account, in the order of the vocabulary, then by scope.
func (s *AccessState) GrantsOf(account string) []Grant {
	var out []Grant
	for k, g := range s.Grants {
		if k.Account == account {
			out = append(out, g)
		}
	}
	sortGrants(out)
	return out
}

func sortGrants(gs []Grant) {
	slices.SortFunc(gs, func(a, b Grant) int {
		if c := a.Role.index() - b.Role.index(); c != 0 {
			return c
		}
		if c := strings.Compare(string(a.Scope), string(b.Scope)); c != 0 {
			return c
		}
		return strings.Compare(a.DeputyFor, b.DeputyFor)
	})
}

// Differences says, in English sentences ordered by account, where two states
// disagree: s as the log gives it, stored as the tables hold it.
func (s *AccessState) Differences(stored *AccessState) []string {
	var out []string
	for id, want := range s.Accounts {
		switch have, ok := stored.Accounts[id]; {
		case !ok:
			out = append(out, fmt.Sprintf("account %s is in the log and not in the table", id))
		case have != want:
			out = append(out, fmt.Sprintf("account %s is %+v in the table, %+v in the log", id, have, want))
		}
	}
	for id := range stored.Accounts {
		if _, ok := s.Accounts[id]; !ok {
			out = append(out, fmt.Sprintf("account %s is in the table and not in the log", id))
		}
	}
	for k, want := range s.Grants {
		switch have, ok := stored.Grants[k]; {
		case !ok:
			out = append(out, fmt.Sprintf("account %s: grant %s of entry %d is not in the table", k.Account, want, want.Seq))
		case have != want:
			out = append(out, fmt.Sprintf("account %s: grant %s differs between table and log", k.Account, want))
		}
	}
	for k, have := range stored.Grants {
		if _, ok := s.Grants[k]; !ok {
			out = append(out, fmt.Sprintf("account %s: grant %s is in the table and not in the log", k.Account, have))
		}
	}
	slices.Sort(out)
	return out
}
