package identity

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var today = time.Date(2027, 3, 12, 9, 0, 0, 0, time.UTC)

func newTestAuthorizer(t testing.TB) *Authorizer {
	t.Helper()
	z, err := NewAuthorizer()
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// holding is an actor with grants written "role" or "role@scope".
func holding(grants ...string) Actor {
	f := ActorFacts{Account: "a1", Person: "person/jeanne", Teams: []string{"team/ward-systems"}, Customer: "customer/emergency"}
	for _, text := range grants {
		g, err := ParseGrant("a1", text)
		if err != nil {
			panic(err)
		}
		f.Grants = append(f.Grants, g)
	}
	return NewActor(f, today)
}

var (
	ownService = Resource{Kind: "service", Name: "patient-record", Owner: "person/jeanne"}
	service    = Resource{Kind: "service", Name: "imaging", Owner: "person/paul"}
	component  = Resource{Kind: "component", Name: "db-1", Services: []string{"service/imaging"}, ServiceOwners: []string{"person/paul"}}
	ownPart    = Resource{Kind: "component", Name: "db-2", Services: []string{"service/patient-record"}, ServiceOwners: []string{"person/jeanne"}}
	agreement  = Resource{Kind: "agreement", Name: "sla-emergency", Customers: []string{"customer/emergency"}}
	otherSLA   = Resource{Kind: "agreement", Name: "sla-maternity", Customers: []string{"customer/maternity"}}
	contract   = Resource{Kind: "contract", Name: "c-1", Suppliers: []string{"supplier/acme"}}
	otherUC    = Resource{Kind: "contract", Name: "c-2", Suppliers: []string{"supplier/globex"}}
	org        = Resource{Kind: "organisation", Name: "hospital"}
	account    = Resource{Kind: "account", Name: "a2"}
	ownAccount = Resource{Kind: "account", Name: "a1"}
	publicCard = Resource{Kind: "service", Name: "imaging", Published: true, Audience: AudiencePublic}
	namedCard  = Resource{Kind: "service", Name: "imaging", Published: true, Customers: []string{"customer/maternity"}}
	ourCard    = Resource{Kind: "service", Name: "imaging", Published: true, Customers: []string{"customer/emergency"}}
	draftCard  = Resource{Kind: "service", Name: "imaging", Customers: []string{"customer/emergency"}, Audience: AudiencePublic}
	submitted  = Resource{Kind: "service", Name: "imaging", Author: "a2", AuthorPerson: "person/paul"}
	ownSubmit  = Resource{Kind: "service", Name: "imaging", Author: "a1"}
	samePerson = Resource{Kind: "service", Name: "imaging", Author: "a9", AuthorPerson: "person/jeanne"}
	ownDraft   = Resource{Kind: "draft", Name: "d1", Author: "a1"}
	otherDraft = Resource{Kind: "draft", Name: "d2", Author: "a2"}
)

func of(kind string) Resource { return Resource{Kind: kind, Name: "x"} }

func finding(process string) Resource {
	return Resource{Kind: "service", Name: "imaging", Process: process}
}

func TestAuthorize(t *testing.T) {
	nobody, everyday := Anonymous(false), Anonymous(true)
	owner, coordinator, catalogue := holding("service-owner"), holding("design-coordinator"), holding("catalogue-manager")
	customer, supplier := holding("customer-representative"), holding("supplier-contact@supplier/acme")
	auditor, administrator := holding("auditor"), holding("administrator")
	for _, c := range []struct {
		name     string
		actor    Actor
		action   Action
		resource Resource
		want     bool
		reason   Reason
	}{
		{"an anonymous reader sees nothing", nobody, ActionReadCatalogue, publicCard, false, ReasonSignIn},
		{"an anonymous reader sees a public service where the organisation opted in", everyday, ActionReadCatalogue, publicCard, true, ReasonPermitted},
		{"an anonymous reader sees no service for named customers", everyday, ActionReadCatalogue, namedCard, false, ReasonSignIn},
		{"an anonymous reader sees no unpublished service", everyday, ActionReadCatalogue, draftCard, false, ReasonSignIn},
		{"an anonymous reader sees no model", everyday, ActionReadModel, publicCard, false, ReasonSignIn},
		{"an anonymous reader has no account", everyday, ActionManageOwnAccount, Resource{Kind: "account"}, false, ReasonSignIn},
		{"an anonymous reader is not the author of what has none", everyday, ActionChangeDraft, of("draft"), false, ReasonSignIn},
		{"an account without roles reads public services", holding(), ActionReadCatalogue, publicCard, true, ReasonPermitted},
		{"an account without roles reads no model", holding(), ActionReadModel, service, false, ReasonNoPermit},
		{"an account without roles manages its own account", holding(), ActionManageOwnAccount, ownAccount, true, ReasonPermitted},
		{"an account does not manage another", holding(), ActionManageOwnAccount, account, false, ReasonNoPermit},

		{"a service owner edits his service", owner, ActionChangeCommit, ownService, true, ReasonPermitted},
		{"a service owner edits the service of his team", owner, ActionChangeCommit, Resource{Kind: "service", Owner: "team/ward-systems"}, true, ReasonPermitted},
		{"a service owner does not edit another's service", owner, ActionChangeCommit, service, false, ReasonNoPermit},
		{"a service owner edits the components of his service", owner, ActionChangeCommit, ownPart, true, ReasonPermitted},
		{"a service owner does not edit another's components", owner, ActionChangeCommit, component, false, ReasonNoPermit},
		{"a service owner does not edit agreements of his service", owner, ActionChangeCommit, Resource{Kind: "agreement", ServiceOwners: []string{"person/jeanne"}}, false, ReasonNoPermit},
		{"a service owner reads every service", owner, ActionReadModel, service, true, ReasonPermitted},
		{"a service owner submits his service", owner, ActionSubmit, ownService, true, ReasonPermitted},
		{"a service owner does not submit another's", owner, ActionSubmit, service, false, ReasonNoPermit},
		{"a service owner does not publish", owner, ActionPublish, submitted, false, ReasonNoPermit},
		{"owning without the role gives nothing", holding("capacity-manager"), ActionChangeCommit, ownService, false, ReasonNoPermit},
		{"a grant narrowed to a service makes its holder the owner of that service", holding("service-owner@service/imaging"), ActionChangeCommit, service, true, ReasonPermitted},
		{"a grant narrowed to a service reaches its components", holding("service-owner@service/imaging"), ActionChangeCommit, component, true, ReasonPermitted},
		{"a grant narrowed to a service reaches no other", holding("service-owner@service/imaging"), ActionChangeCommit, ownService, false, ReasonNoPermit},

		{"a design coordinator edits any service", coordinator, ActionChangeCommit, service, true, ReasonPermitted},
		{"a design coordinator edits contracts", coordinator, ActionChangeCommit, contract, true, ReasonPermitted},
		{"a design coordinator does not forge a decision", coordinator, ActionChangeCommit, of("decision"), false, ReasonMadeByDecision},
		{"a design coordinator does not write a waiver by hand", coordinator, ActionChangeCommit, of("waiver"), false, ReasonMadeByDecision},
		{"a design coordinator does not edit accounts as objects", coordinator, ActionChangeCommit, account, false, ReasonNotOfModel},
		{"a design coordinator does not publish", coordinator, ActionPublish, submitted, false, ReasonNoPermit},
		{"a design coordinator signs the baseline", coordinator, ActionSignBaseline, org, true, ReasonPermitted},
		{"a design coordinator takes over a draft", coordinator, ActionChangeDraft, otherDraft, true, ReasonPermitted},

		{"a catalogue manager publishes what another submitted", catalogue, ActionPublish, submitted, true, ReasonPermitted},
		{"a catalogue manager refuses what another submitted", catalogue, ActionRefuse, submitted, true, ReasonPermitted},
		{"a catalogue manager does not publish what he submitted", catalogue, ActionPublish, ownSubmit, false, ReasonOwnSubmission},
		{"a catalogue manager does not refuse what he submitted", catalogue, ActionRefuse, ownSubmit, false, ReasonOwnSubmission},
		{"a second account of the same person does not publish either", catalogue, ActionPublish, samePerson, false, ReasonOwnSubmission},
		{"every role together does not publish its own submission", holding("catalogue-manager", "design-coordinator", "administrator", "service-owner"), ActionPublish, ownSubmit, false, ReasonOwnSubmission},
		{"a catalogue manager narrowed to a service publishes that service", holding("catalogue-manager@service/imaging"), ActionPublish, submitted, true, ReasonPermitted},
		{"a catalogue manager narrowed to another service does not", holding("catalogue-manager@service/pharmacy"), ActionPublish, submitted, false, ReasonNoPermit},
		{"a catalogue manager does not edit contracts", catalogue, ActionChangeCommit, contract, false, ReasonNoPermit},

		{"a service level manager edits agreements", holding("service-level-manager"), ActionChangeCommit, agreement, true, ReasonPermitted},
		{"a service level manager of one customer edits his agreements", holding("service-level-manager@customer/emergency"), ActionChangeCommit, agreement, true, ReasonPermitted},
		{"a service level manager of one customer edits no other's", holding("service-level-manager@customer/emergency"), ActionChangeCommit, otherSLA, false, ReasonNoPermit},
		{"a service level manager of one customer still reads the model", holding("service-level-manager@customer/emergency"), ActionReadModel, otherSLA, true, ReasonPermitted},
		{"an availability manager edits outages", holding("availability-manager"), ActionChangeCommit, of("outage"), true, ReasonPermitted},
		{"an availability manager does not edit agreements", holding("availability-manager"), ActionChangeCommit, agreement, false, ReasonNoPermit},
		{"a capacity manager edits demands", holding("capacity-manager"), ActionChangeCommit, of("demand"), true, ReasonPermitted},
		{"a continuity manager edits recovery plans", holding("continuity-manager"), ActionChangeCommit, of("recovery-plan"), true, ReasonPermitted},
		{"a security manager edits risks", holding("security-manager"), ActionChangeCommit, of("risk"), true, ReasonPermitted},
		{"a security manager reads who holds which role", holding("security-manager"), ActionReadAccess, account, true, ReasonPermitted},
		{"a supplier manager edits contracts", holding("supplier-manager"), ActionChangeCommit, contract, true, ReasonPermitted},
		{"a supplier manager attaches the contract's document", holding("supplier-manager"), ActionWriteAttachment, contract, true, ReasonPermitted},
		{"a manager drafts", holding("capacity-manager"), ActionChangeDraft, ownDraft, true, ReasonPermitted},
		{"a manager does not edit another's draft", holding("capacity-manager"), ActionChangeDraft, otherDraft, false, ReasonNoPermit},
		{"a manager reads another's draft", holding("capacity-manager"), ActionReadModel, otherDraft, true, ReasonPermitted},
		{"a manager of one service drafts too", holding("capacity-manager@service/imaging"), ActionChangeDraft, ownDraft, true, ReasonPermitted},

		{"the manager of the rule's process waives", holding("security-manager"), ActionGrantWaiver, finding("security"), true, ReasonPermitted},
		{"the manager of another process does not", holding("capacity-manager"), ActionGrantWaiver, finding("security"), false, ReasonNoPermit},
		{"nobody waives what he submitted", holding("security-manager"), ActionGrantWaiver, Resource{Kind: "service", Process: "security", Author: "a1"}, false, ReasonOwnSubmission},
		{"a finding of no process is waived by nobody", coordinator, ActionGrantWaiver, service, false, ReasonNoPermit},
		{"an administrator does not waive", administrator, ActionGrantWaiver, finding("security"), false, ReasonNoPermit},

		{"a customer's representative reads a service published to his customer", customer, ActionReadCatalogue, ourCard, true, ReasonPermitted},
		{"a customer's representative reads no service published to another", customer, ActionReadCatalogue, namedCard, false, ReasonNoPermit},
		{"a customer's representative reads no unpublished service", customer, ActionReadCatalogue, draftCard, false, ReasonNoPermit},
		{"a customer's representative reads his agreement", customer, ActionReadModel, agreement, true, ReasonPermitted},
		{"a customer's representative reads no other agreement", customer, ActionReadModel, otherSLA, false, ReasonNoPermit},
		{"a customer's representative reads no working version", customer, ActionReadModel, ourCard, false, ReasonNoPermit},
		{"a customer's representative reads no history", customer, ActionReadHistory, agreement, false, ReasonNoPermit},
		{"a customer's representative exports nothing", customer, ActionExport, org, false, ReasonNoPermit},
		{"a customer's representative changes nothing", customer, ActionChangeCommit, agreement, false, ReasonNoPermit},
		{"a scope stands above the customer of the account", holding("customer-representative@customer/maternity"), ActionReadModel, agreement, false, ReasonNoPermit},

		{"a supplier's contact reads his contract", supplier, ActionReadModel, contract, true, ReasonPermitted},
		{"a supplier's contact reads its attachments", supplier, ActionReadAttachment, contract, true, ReasonPermitted},
		{"a supplier's contact reads no other contract", supplier, ActionReadModel, otherUC, false, ReasonNoPermit},
		{"a supplier's contact reads his reviews", supplier, ActionReadModel, Resource{Kind: "review", Suppliers: []string{"supplier/acme"}}, true, ReasonPermitted},
		{"a supplier's contact reads no risk about him", supplier, ActionReadModel, Resource{Kind: "risk", Suppliers: []string{"supplier/acme"}}, false, ReasonNoPermit},
		{"a supplier's contact changes nothing", supplier, ActionChangeCommit, contract, false, ReasonNoPermit},

		{"an auditor reads history", auditor, ActionReadHistory, contract, true, ReasonPermitted},
		{"an auditor reads drafts", auditor, ActionReadModel, otherDraft, true, ReasonPermitted},
		{"an auditor reads who holds which role", auditor, ActionReadAccess, account, true, ReasonPermitted},
		{"an auditor does not draft", auditor, ActionChangeDraft, ownDraft, false, ReasonNoPermit},

		{"an administrator manages access", administrator, ActionManageAccess, account, true, ReasonPermitted},
		{"an administrator does not publish", administrator, ActionPublish, submitted, false, ReasonNoPermit},
		{"an administrator does not submit", administrator, ActionSubmit, service, false, ReasonNoPermit},
		{"an administrator does not edit services", administrator, ActionChangeCommit, service, false, ReasonNoPermit},
		{"an administrator sets the organisation up", administrator, ActionChangeCommit, org, true, ReasonPermitted},
		{"an administrator erases personal data", administrator, ActionErase, of("person"), true, ReasonPermitted},
		{"an administrator restores", administrator, ActionRestore, org, true, ReasonPermitted},
		{"an administrator imports into a draft", administrator, ActionImport, ownDraft, true, ReasonPermitted},
		{"a manager does not manage access", coordinator, ActionManageAccess, account, false, ReasonNoPermit},

		{"the operator restores decisions", Operator(), ActionRestore, of("decision"), true, ReasonPermitted},
		{"the operator issues a new administrator's link", Operator(), ActionManageAccess, account, true, ReasonPermitted},
		{"the operator does not publish", Operator(), ActionPublish, submitted, false, ReasonNoPermit},
		{"the operator does not waive", Operator(), ActionGrantWaiver, finding("security"), false, ReasonNoPermit},
		{"an action nobody defined is refused", Operator(), Action("model.drop"), org, false, ReasonUnknownAction},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newTestAuthorizer(t).Authorize(c.actor, c.action, c.resource)
			if got.Allowed != c.want || got.Reason != c.reason {
				t.Errorf("got %+v, want allowed %v because %s", got, c.want, c.reason)
			}
			if byPolicy := c.reason != ReasonNoPermit && c.reason != ReasonSignIn && c.reason != ReasonUnknownAction; byPolicy == (len(got.Policies) == 0) {
				t.Errorf("%s by the policies %v", got.Reason, got.Policies)
			}
			if (CodeOf(got.Err()) == CodeAccessDenied) == got.Allowed {
				t.Errorf("Err is %v", got.Err())
			}
		})
	}
}

// TestRolesAgainstActions holds the whole table of roles and actions on the
// most favourable resource: a change of policy shows here as a change of letter.
func TestRolesAgainstActions(t *testing.T) {
	z := newTestAuthorizer(t)
	resources := map[Action]Resource{
		ActionReadCatalogue: ourCard, ActionReadAccess: account, ActionChangeDraft: ownDraft, ActionImport: ownDraft,
		ActionSubmit: ownService, ActionPublish: submitted, ActionRefuse: submitted, ActionSignBaseline: org,
		ActionManageAccess: account, ActionManageOwnAccount: ownAccount, ActionExport: org, ActionErase: org, ActionRestore: org,
		ActionGrantWaiver: finding("availability"), ActionChangeCommit: ownService, ActionWriteAttachment: ownService,
	}
	want := map[Role]string{
		// catalogue model findings history access attachment export | draft commit attach import | submit publish refuse waive baseline | manage own erase restore
		RoleServiceOwner:           "yyyy.yy yyyy y.... .y..",
		RoleDesignCoordinator:      "yyyy.yy yyyy y...y .y..",
		RoleCatalogueManager:       "yyyy.yy yyyy yyy.. .y..",
		RoleServiceLevelManager:    "yyyy.yy y..y ..... .y..",
		RoleAvailabilityManager:    "yyyy.yy y..y ...y. .y..",
		RoleCapacityManager:        "yyyy.yy y..y ..... .y..",
		RoleContinuityManager:      "yyyy.yy y..y ..... .y..",
		RoleSecurityManager:        "yyyyyyy y..y ..... .y..",
		RoleSupplierManager:        "yyyy.yy y..y ..... .y..",
		RoleCustomerRepresentative: "y...... .... ..... .y..",
		RoleSupplierContact:        "....... .... ..... .y..",
		RoleAuditor:                "yyyyyyy .... ..... .y..",
		RoleAdministrator:          "yyyyyyy y..y ..... yyyy",
	}
	for _, r := range Roles() {
		text := string(r)
		if r == RoleSupplierContact {
			text += "@supplier/acme"
		}
		var got []byte
		for i, a := range Actions() {
			if i == 7 || i == 11 || i == 16 {
				got = append(got, ' ')
			}
			resource, ok := resources[a]
			if !ok {
				resource = ownService
			}
			if z.Authorize(holding(text), a, resource).Allowed {
				got = append(got, 'y')
			} else {
				got = append(got, '.')
			}
		}
		if string(got) != want[r] {
			t.Errorf("%s: got %s, want %s", r, got, want[r])
		}
	}
}

func TestAuditorsCustomersAndSuppliersNeverChangeAnything(t *testing.T) {
	z := newTestAuthorizer(t)
	kinds := enumOf(t, "Kind")
	rapid.Check(t, func(t *rapid.T) {
		actor := holding("auditor", "customer-representative", "supplier-contact@supplier/acme")
		action := rapid.SampledFrom(Actions()).Draw(t, "action")
		r := drawResource(t, kinds)
		if !action.Reads() && action != ActionManageOwnAccount && z.Authorize(actor, action, r).Allowed {
			t.Fatalf("%s is allowed on %+v", action, r)
		}
	})
}

func drawResource(t *rapid.T, kinds []string) Resource {
	ref := func(label, kind string, names ...string) []string {
		n := rapid.SampledFrom(append(names, "")).Draw(t, label)
		if n == "" {
			return nil
		}
		return []string{kind + "/" + n}
	}
	r := Resource{
		Kind:          rapid.SampledFrom(kinds).Draw(t, "kind"),
		Name:          rapid.SampledFrom([]string{"a1", "imaging", "x"}).Draw(t, "name"),
		Owner:         rapid.SampledFrom([]string{"", "person/jeanne", "person/paul", "team/ward-systems"}).Draw(t, "owner"),
		Services:      ref("services", "service", "imaging", "patient-record"),
		ServiceOwners: ref("service owners", "person", "jeanne", "paul"),
		Customers:     ref("customers", "customer", "emergency", "maternity"),
		Suppliers:     ref("suppliers", "supplier", "acme", "globex"),
		Process:       rapid.SampledFrom([]string{"", "security", "catalogue"}).Draw(t, "process"),
		Author:        rapid.SampledFrom([]string{"", "a1", "a2"}).Draw(t, "author"),
		Published:     rapid.Bool().Draw(t, "published"),
		Audience:      Audience(rapid.IntRange(0, 2).Draw(t, "audience")),
	}
	return r
}

func TestAFilterAnswersAsAuthorizeDoes(t *testing.T) {
	z := newTestAuthorizer(t)
	kinds := enumOf(t, "Kind")
	rapid.Check(t, func(t *rapid.T) {
		actor := holding(rapid.SampledFrom([]string{"auditor", "customer-representative", "supplier-contact@supplier/acme", "service-owner@service/imaging", "service-level-manager@customer/maternity"}).Draw(t, "grant"))
		action := rapid.SampledFrom(Actions()).Draw(t, "action")
		f := z.Filter(actor, action)
		for range 20 {
			r := drawResource(t, kinds)
			fresh := *z.decide(actor.ask(action, &r))
			if got := f.Allows(&r); got != fresh.Allowed || z.Authorize(actor, action, r).Allowed != fresh.Allowed {
				t.Fatalf("%s on %+v: filter %v, policies %v", action, r, got, fresh)
			}
		}
	})
}

func TestGrantsCountBetweenTheirDatesOnly(t *testing.T) {
	z := newTestAuthorizer(t)
	deputy := Grant{
		GrantKey: GrantKey{Account: "a1", Role: RoleCatalogueManager, DeputyFor: "a3"},
		From:     today.AddDate(0, 0, -1), Until: today.AddDate(0, 0, 7),
	}
	for _, c := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"not before", deputy.From.Add(-time.Second), false},
		{"from the first instant", deputy.From, true},
		{"until the last instant", deputy.Until.Add(-time.Second), true},
		{"not after", deputy.Until, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			actor := NewActor(ActorFacts{Account: "a1", Grants: []Grant{deputy}}, c.at)
			if got := z.Authorize(actor, ActionPublish, submitted).Allowed; got != c.want {
				t.Errorf("publishing is allowed: %v", got)
			}
		})
	}
	foreign := NewActor(ActorFacts{Account: "a2", Grants: []Grant{deputy}}, deputy.From)
	if z.Authorize(foreign, ActionPublish, Resource{Kind: "service", Author: "a9"}).Allowed {
		t.Error("a grant of another account counts")
	}
}

func TestRolesForNamesWhomToTurnTo(t *testing.T) {
	z := newTestAuthorizer(t)
	for _, c := range []struct {
		name     string
		actor    Actor
		action   Action
		resource Resource
		want     []Role
	}{
		{"publishing needs the catalogue manager", holding("service-owner"), ActionPublish, submitted, []Role{RoleCatalogueManager}},
		{"no role lets a submitter publish", holding("service-owner"), ActionPublish, ownSubmit, nil},
		{"who may needs nobody", holding("catalogue-manager"), ActionPublish, submitted, nil},
		{"a demand is for capacity or coordination", holding("auditor"), ActionChangeCommit, of("demand"), []Role{RoleDesignCoordinator, RoleCapacityManager}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := z.RolesFor(c.actor, c.action, c.resource); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheCacheOfAnswersIsBounded(t *testing.T) {
	z := newTestAuthorizer(t)
	z.count.Store(maxAnswers)
	z.Authorize(Operator(), ActionReadModel, of("made-up"))
	if n := z.count.Load(); n != maxAnswers {
		t.Errorf("%d answers are kept", n)
	}
}
