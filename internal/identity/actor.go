package identity

import (
	"slices"
	"time"
)

// ActorFacts is what an actor is made of.
type ActorFacts struct {
	// Account is the opaque identifier of the account.
	Account string
	// Person and Customer are the references the account is linked to, or "".
	Person, Customer string
	// Teams are references of the teams the person is a member of. The model
	// knows them; ownership through a team needs them.
	Teams []string
	// Grants of the account, in force or not.
	Grants []Grant
}

// Actor is whoever asks, with the grants in force. The zero Actor is an
// anonymous reader in an organisation whose catalogue is not public.
type Actor struct {
	id, person string
	grants     []Grant
	// everywhere holds the roles granted without scope, anywhere all of them.
	everywhere, anywhere roleSet
	scoped               []Grant
	// self holds the references by which an object can be owned by the actor.
	self                 []string
	customers, suppliers []string
	operator             bool
	publicCatalogue      bool
}

// NewActor builds the actor of an active account at an instant.
func NewActor(f ActorFacts, at time.Time) Actor {
	a := Actor{id: f.Account, person: f.Person}
	if f.Person != "" {
		a.self = append(a.self, f.Person)
	}
	for _, t := range f.Teams {
		if t != "" {
			a.self = append(a.self, t)
		}
	}
	for _, g := range f.Grants {
		if g.Account != f.Account || !g.Role.Valid() || !g.InForce(at) {
			continue
		}
		a.grants = append(a.grants, g)
		a.anywhere = a.anywhere.with(g.Role)
		switch {
		case g.Role == RoleCustomerRepresentative:
			// The scope says which customer; the policies compare it.
			a.everywhere = a.everywhere.with(g.Role)
			if customer := string(g.Scope); customer != "" {
				a.customers = append(a.customers, customer)
			} else if f.Customer != "" {
				a.customers = append(a.customers, f.Customer)
			}
		case g.Role == RoleSupplierContact:
			a.everywhere = a.everywhere.with(g.Role)
			if g.Scope != "" {
				a.suppliers = append(a.suppliers, string(g.Scope))
			}
		case g.Scope == "":
			a.everywhere = a.everywhere.with(g.Role)
		default:
			a.scoped = append(a.scoped, g)
		}
	}
	return a
}

// Anonymous is a reader who has not signed in. publicCatalogue says whether
// the organisation opted in to a catalogue that anybody can read.
func Anonymous(publicCatalogue bool) Actor { return Actor{publicCatalogue: publicCatalogue} }

// Operator is the person who runs the server, at its command line: whoever can
// read and write the data folder. He decides nothing in the organisation's name.
func Operator() Actor { return Actor{id: ByOperator, operator: true} }

// ID is the account's opaque identifier, ByOperator, or "" for an anonymous reader.
func (a Actor) ID() string { return a.id }

// Person is the reference of the person behind the account, or "".
func (a Actor) Person() string { return a.person }

// SignedIn reports whether the actor is an account.
func (a Actor) SignedIn() bool { return a.id != "" && !a.operator }

// Roles lists the roles held in any scope, in the order of the vocabulary.
func (a Actor) Roles() []Role { return a.anywhere.roles() }

// Holds reports whether the actor holds a role in any scope. It serves
// interfaces that greet a role; what is allowed is Authorize's to say.
func (a Actor) Holds(r Role) bool { return a.anywhere.has(r) }

// Grants lists the grants in force.
func (a Actor) Grants() []Grant { return slices.Clone(a.grants) }

// Customers and Suppliers list the references the actor speaks for.
func (a Actor) Customers() []string { return slices.Clone(a.customers) }

// Suppliers lists the references of the suppliers the actor speaks for.
func (a Actor) Suppliers() []string { return slices.Clone(a.suppliers) }

// WithTeams is the actor as a member of teams, given by reference.
func (a Actor) WithTeams(teams ...string) Actor {
	self := make([]string, 0, len(teams)+1)
	if a.person != "" {
		self = append(self, a.person)
	}
	for _, t := range teams {
		if t != "" {
			self = append(self, t)
		}
	}
	a.self = self
	return a
}

// Resource is what an action is about, as far as rights are concerned. Kinds
// are the model's slugs, and besides "draft", "account", "organisation".
type Resource struct {
	Kind, Name string
	// Owner is the reference of the owning person or team.
	Owner string
	// Services are references of the services that the object belongs to: a
	// component's services, an agreement's; a service itself needs none.
	Services []string
	// ServiceOwners are the owners of those services, as references.
	ServiceOwners []string
	// Customers are the customers it concerns: parties of an agreement, named
	// audience of a published service.
	Customers []string
	// Suppliers are the suppliers it concerns: party of a contract, subject of a review.
	Suppliers []string
	// Process is the process of the finding's rule, for waivers.
	Process string
	// Author is the account that submitted or drafted, AuthorPerson the person behind it.
	Author, AuthorPerson string
	// Published says that this is a published version.
	Published bool
	// Audience of a published version, besides the named Customers.
	Audience Audience
}

// Audience is who a published service is shown to.
type Audience uint8

// The audiences, each wider than the one before.
const (
	// AudienceNamed: the organisation's own staff and the customers named.
	AudienceNamed Audience = iota
	// AudienceCustomers: besides, every customer, and every account.
	AudienceCustomers
	// AudiencePublic: besides, anybody, where the organisation opted in.
	AudiencePublic
)

// fact is one yes-or-no fact about actor and resource; policies read them as
// context.<name>.
type fact uint16

const (
	factOwner fact = 1 << iota
	factServiceOwner
	factOwnCustomer
	factOwnSupplier
	factAuthor
	factSelf
	factPublished
	factForCustomers
	factForPublic
	factPublicCatalogue
	factSignedIn
	factOperator
)

var factNames = []struct {
	fact fact
	name string
}{
	{factOwner, "owner"},
	{factServiceOwner, "serviceOwner"},
	{factOwnCustomer, "ownCustomer"},
	{factOwnSupplier, "ownSupplier"},
	{factAuthor, "author"},
	{factSelf, "self"},
	{factPublished, "published"},
	{factForCustomers, "forCustomers"},
	{factForPublic, "forPublic"},
	{factPublicCatalogue, "publicCatalogue"},
}

// question is everything a decision depends on. Two requests with the same
// question have the same answer, which is what makes answers cacheable.
type question struct {
	action        Action
	kind, process string
	// held holds the roles in force for this resource, anywhere those held in any scope.
	held, anywhere roleSet
	facts          fact
}

// ask reduces a request to its question.
func (a *Actor) ask(action Action, r *Resource) question {
	q := question{action: action, kind: r.Kind, process: r.Process, held: a.everywhere, anywhere: a.anywhere}
	if a.id != "" {
		if a.operator {
			q.facts |= factOperator
		} else {
			q.facts |= factSignedIn
		}
		if r.Author == a.id {
			q.facts |= factAuthor
		}
		if r.Kind == kindAccount && r.Name == a.id {
			q.facts |= factSelf
		}
	}
	if a.person != "" && r.AuthorPerson == a.person {
		q.facts |= factAuthor
	}
	if r.Owner != "" && slices.Contains(a.self, r.Owner) {
		q.facts |= factOwner
		if r.Kind == kindService {
			q.facts |= factServiceOwner
		}
	}
	if intersects(a.self, r.ServiceOwners) {
		q.facts |= factServiceOwner
	}
	if intersects(a.customers, r.Customers) {
		q.facts |= factOwnCustomer
	}
	if intersects(a.suppliers, r.Suppliers) {
		q.facts |= factOwnSupplier
	}
	for _, g := range a.scoped {
		if r.within(g.Scope) {
			q.held = q.held.with(g.Role)
			if g.Role == RoleServiceOwner {
				q.facts |= factServiceOwner
			}
		}
	}
	if r.Published {
		q.facts |= factPublished
	}
	if r.Audience >= AudienceCustomers {
		q.facts |= factForCustomers
	}
	if r.Audience >= AudiencePublic {
		q.facts |= factForPublic
	}
	if a.publicCatalogue {
		q.facts |= factPublicCatalogue
	}
	return q
}

const (
	kindAccount = "account"
	kindService = "service"
)

// within reports whether the resource lies in a scope: it is the scope's
// object, or belongs to it.
func (r *Resource) within(s Scope) bool {
	kind := s.Kind()
	if len(s) == len(kind)+1+len(r.Name) && r.Kind == kind && string(s[len(kind)+1:]) == r.Name {
		return true
	}
	switch kind {
	case kindService:
		return slices.Contains(r.Services, string(s))
	case "customer":
		return slices.Contains(r.Customers, string(s))
	case "supplier":
		return slices.Contains(r.Suppliers, string(s))
	}
	return false
}

func intersects(a, b []string) bool {
	if len(a) == 0 {
		return false
	}
	for _, v := range b {
		if v != "" && slices.Contains(a, v) {
			return true
		}
	}
	return false
}
