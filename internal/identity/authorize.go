package identity

import (
	_ "embed"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cedar-policy/cedar-go"
)

//go:embed policies.cedar
var policiesText []byte

// Reason says in one word why a decision came out as it did. A forbid adds
// reasons of its own through its @reason.
type Reason string

// Reasons of decisions.
const (
	// ReasonPermitted: a policy permits it and none forbids it.
	ReasonPermitted Reason = "permitted"
	// ReasonSignIn: nobody has signed in, and this needs an account.
	ReasonSignIn Reason = "sign-in"
	// ReasonNoPermit: no policy permits it to this actor on this resource.
	ReasonNoPermit Reason = "no-permit"
	// ReasonOwnSubmission: somebody else must decide on what the actor submitted.
	ReasonOwnSubmission Reason = "own-submission"
	// ReasonMadeByDecision: decisions and waivers are made, never edited.
	ReasonMadeByDecision Reason = "made-by-decision-only"
	// ReasonNotOfModel: drafts and accounts are not objects of the model.
	ReasonNotOfModel Reason = "not-of-the-model"
	// ReasonUnknownAction: the action does not exist.
	ReasonUnknownAction Reason = "unknown-action"
)

// Decision is the answer to one request. It is shared: do not change Policies.
type Decision struct {
	Allowed bool
	// Reason is one word for the reader.
	Reason Reason
	// Policies are the ids of the policies that decided, sorted; none where
	// nothing permits.
	Policies []string
}

// Err is nil where the decision allows, and CodeAccessDenied otherwise.
func (d Decision) Err() error {
	if d.Allowed {
		return nil
	}
	return &Error{Code: CodeAccessDenied, Decision: &d}
}

type policy struct {
	id     string
	reason Reason
	policy *cedar.Policy
}

// policyList gives the policies to Cedar in their order in the file.
type policyList []policy

// All implements cedar.PolicyIterator.
func (l policyList) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, p := range l {
			if !yield(cedar.PolicyID(p.id), p.policy) {
				return
			}
		}
	}
}

func parsePolicies(text []byte) (policyList, error) {
	parsed, err := cedar.NewPolicyListFromBytes("policies.cedar", text)
	if err != nil {
		return nil, fmt.Errorf("read the authorization policies: %w", err)
	}
	list := make(policyList, 0, len(parsed))
	seen := map[string]bool{}
	for _, p := range parsed {
		id := string(p.Annotations()["id"])
		line := p.Position().Line
		if id == "" || seen[id] {
			return nil, fmt.Errorf("read the authorization policies: policies.cedar:%d: the policy needs an @id of its own", line)
		}
		seen[id] = true
		reason := Reason(p.Annotations()["reason"])
		if p.Effect() == cedar.Forbid && reason == "" {
			return nil, fmt.Errorf("read the authorization policies: policies.cedar:%d: the forbid %s needs a @reason", line, id)
		}
		list = append(list, policy{id: id, reason: reason, policy: p})
	}
	return list, nil
}

// maxAnswers bounds the cache of answers. Questions are few (roles × kinds ×
// facts that occur); the bound holds against made-up kinds.
const maxAnswers = 1 << 16

// Authorizer answers who may do what, from the embedded policies. It is safe
// for concurrent use and holds no state but a cache of answers.
type Authorizer struct {
	policies policyList
	reasons  map[string]Reason
	fixed    cedar.EntityMap
	answers  sync.Map // question → *Decision
	count    atomic.Int64
}

// NewAuthorizer reads the embedded policies. It fails only when the program
// was built with policies that do not parse.
func NewAuthorizer() (*Authorizer, error) { return newAuthorizer(policiesText) }

func newAuthorizer(text []byte) (*Authorizer, error) {
	list, err := parsePolicies(text)
	if err != nil {
		return nil, err
	}
	z := &Authorizer{policies: list, reasons: map[string]Reason{}, fixed: cedar.EntityMap{}}
	for _, p := range list {
		z.reasons[p.id] = p.reason
	}
	for _, f := range actions {
		parents := make([]cedar.EntityUID, len(f.groups))
		for i, g := range f.groups {
			parents[i] = cedar.NewEntityUID("Action", cedar.String(g))
		}
		uid := cedar.NewEntityUID("Action", cedar.String(f.action))
		z.fixed[uid] = cedar.Entity{UID: uid, Parents: cedar.NewEntityUIDSet(parents...)}
	}
	return z, nil
}

// Authorize decides whether an actor may do something to a resource.
func (z *Authorizer) Authorize(actor Actor, action Action, resource Resource) Decision {
	return *z.answer(actor.ask(action, &resource))
}

func (z *Authorizer) answer(q question) *Decision {
	if d, ok := z.answers.Load(q); ok {
		return d.(*Decision)
	}
	d := z.decide(q)
	if z.count.Load() < maxAnswers {
		if _, had := z.answers.LoadOrStore(q, d); !had {
			z.count.Add(1)
		}
	}
	return d
}

var objectUID = cedar.NewEntityUID("Object", "resource")

// decide asks Cedar. It sees the question and nothing else.
func (z *Authorizer) decide(q question) *Decision {
	if !q.action.Valid() {
		return &Decision{Reason: ReasonUnknownAction}
	}
	principal := cedar.Entity{UID: cedar.NewEntityUID("Reader", "anonymous")}
	switch {
	case q.facts&factOperator != 0:
		principal.UID = cedar.NewEntityUID("Operator", ByOperator)
	case q.facts&factSignedIn != 0:
		principal.UID = cedar.NewEntityUID("Account", "actor")
		var parents []cedar.EntityUID
		for _, r := range q.held.roles() {
			parents = append(parents, cedar.NewEntityUID("Role", cedar.String(r)))
		}
		for _, g := range q.anywhere.groups() {
			parents = append(parents, cedar.NewEntityUID("RoleGroup", cedar.String(g)))
		}
		principal.Parents = cedar.NewEntityUIDSet(parents...)
	}
	about := []cedar.EntityUID{cedar.NewEntityUID("Kind", cedar.String(q.kind))}
	if q.process != "" {
		about = append(about, cedar.NewEntityUID("Process", cedar.String(q.process)))
	}
	entities := maps.Clone(z.fixed)
	entities[principal.UID] = principal
	entities[objectUID] = cedar.Entity{UID: objectUID, Parents: cedar.NewEntityUIDSet(about...)}
	context := cedar.RecordMap{}
	for _, f := range factNames {
		context[cedar.String(f.name)] = cedar.Boolean(q.facts&f.fact != 0)
	}
	allowed, diagnostic := cedar.Authorize(z.policies, entities, cedar.Request{
		Principal: principal.UID,
		Action:    cedar.NewEntityUID("Action", cedar.String(q.action)),
		Resource:  objectUID,
		Context:   cedar.NewRecord(context),
	})
	// A policy that cannot be evaluated might have been a forbid.
	d := &Decision{Allowed: allowed == cedar.Allow && len(diagnostic.Errors) == 0}
	for _, r := range diagnostic.Reasons {
		d.Policies = append(d.Policies, string(r.PolicyID))
	}
	switch {
	case d.Allowed:
		d.Reason = ReasonPermitted
	case len(d.Policies) > 0 && z.reasons[d.Policies[0]] != "":
		d.Reason = z.reasons[d.Policies[0]]
	case q.facts&(factSignedIn|factOperator) == 0:
		d.Reason = ReasonSignIn
	default:
		d.Reason = ReasonNoPermit
	}
	slices.Sort(d.Policies)
	return d
}

// RolesFor lists the roles any one of which would let this actor do it, in the
// order of the vocabulary: what to ask an administrator for, or whom to turn
// to. It is empty where the actor already may, or where no role helps.
func (z *Authorizer) RolesFor(actor Actor, action Action, resource Resource) []Role {
	q := actor.ask(action, &resource)
	if z.answer(q).Allowed {
		return nil
	}
	var out []Role
	for _, r := range Roles() {
		with := q
		with.facts |= factSignedIn
		with.held, with.anywhere = q.held.with(r), q.anywhere.with(r)
		if z.answer(with).Allowed {
			out = append(out, r)
		}
	}
	return out
}

// Visible reports whether the actor may see the working version of an object:
// the one filter of lists, search and events.
func (z *Authorizer) Visible(actor Actor, resource Resource) bool {
	return z.answer(actor.ask(ActionReadModel, &resource)).Allowed
}

// Filter answers one actor and one action over many resources. It is not safe
// for concurrent use: make one per request.
type Filter struct {
	authorizer *Authorizer
	actor      Actor
	action     Action
	last       question
	allowed    bool
}

// Filter prepares to go through many resources.
func (z *Authorizer) Filter(actor Actor, action Action) *Filter {
	return &Filter{authorizer: z, actor: actor, action: action}
}

// Allows reports whether Authorize would allow it on the resource.
func (f *Filter) Allows(r *Resource) bool {
	if q := f.actor.ask(f.action, r); q != f.last {
		f.allowed = f.authorizer.answer(q).Allowed
		f.last = q
	}
	return f.allowed
}
