package identity

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"testing"

	"diapason/internal/model"

	internalast "github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

//go:embed policies.cedarschema
var schemaText []byte

func readSchema(t *testing.T) *validate.Validator {
	t.Helper()
	var s schema.Schema
	s.SetFilename("policies.cedarschema")
	if err := s.UnmarshalCedar(schemaText); err != nil {
		t.Fatal(err)
	}
	resolved, err := s.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	return validate.New(resolved)
}

func TestPoliciesUseOnlyTheWordsOfTheirSchema(t *testing.T) {
	v := readSchema(t)
	list, err := parsePolicies(policiesText)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if err := v.Policy(p.id, (*internalast.Policy)(p.policy.AST())); err != nil {
			t.Errorf("%s: %v", p.id, err)
		}
	}
	// The validator accepts any id of an enumerated type, so ids are compared here.
	for _, m := range regexp.MustCompile(`(Role|RoleGroup|Kind|Process)::"([^"]*)"`).FindAllStringSubmatch(string(policiesText), -1) {
		if !slices.Contains(enumOf(t, m[1]), m[2]) {
			t.Errorf("the schema does not know %s", m[0])
		}
	}
}

// enumOf reads the values of an enumerated entity type of the schema.
func enumOf(t *testing.T, name string) []string {
	t.Helper()
	block := regexp.MustCompile(`(?s)entity ` + name + ` enum \[(.*?)\];`).FindSubmatch(schemaText)
	if block == nil {
		t.Fatalf("the schema has no enumerated entity %s", name)
	}
	var out []string
	for _, m := range regexp.MustCompile(`"([^"]+)"`).FindAllSubmatch(block[1], -1) {
		out = append(out, string(m[1]))
	}
	return out
}

func TestEveryRoleAndActionIsKnownToTheSchemaAndUsedByAPolicy(t *testing.T) {
	text := string(policiesText)
	var names []string
	for _, r := range Roles() {
		names = append(names, string(r))
		direct := strings.Contains(text, `Role::"`+string(r)+`"`)
		if !direct {
			t.Errorf("no policy speaks of the role %s", r)
		}
	}
	if got := enumOf(t, "Role"); !slices.Equal(got, names) {
		t.Errorf("roles of the schema are %v, of the program %v", got, names)
	}
	for _, f := range actions {
		used := strings.Contains(text, `Action::"`+string(f.action)+`"`)
		for _, g := range f.groups {
			used = used || strings.Contains(text, `Action::"`+g+`"`)
		}
		if !used {
			t.Errorf("no policy speaks of the action %s", f.action)
		}
		if !strings.Contains(string(schemaText), `"`+string(f.action)+`"`) {
			t.Errorf("the schema does not know the action %s", f.action)
		}
	}
	for _, g := range []Group{GroupStaff, GroupDesigners} {
		if !strings.Contains(text, `RoleGroup::"`+string(g)+`"`) {
			t.Errorf("no policy speaks of the group %s", g)
		}
	}
	for _, f := range roles {
		if f.process != "" && !slices.Contains(enumOf(t, "Process"), f.process) {
			t.Errorf("the schema does not know the process %s", f.process)
		}
	}
	for _, n := range factNames {
		if !strings.Contains(text, "context."+n.name) {
			t.Errorf("no policy reads context.%s", n.name)
		}
		if !strings.Contains(string(schemaText), `"`+n.name+`"`) {
			t.Errorf("the schema does not know the fact %s", n.name)
		}
	}
}

func TestPoliciesWithoutNameOrReasonAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"a policy without @id":         `permit (principal, action, resource);`,
		"two policies with the same":   `@id("a") permit (principal, action, resource); @id("a") permit (principal, action, resource);`,
		"a forbid without @reason":     `@id("a") forbid (principal, action, resource);`,
		"something that is not Cedar":  `@id("a") allow everybody;`,
		"a policy that stops half way": `@id("a") permit (principal, action`,
	} {
		if _, err := newAuthorizer([]byte(text)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestAPolicyThatCannotBeEvaluatedRefuses(t *testing.T) {
	z, err := newAuthorizer([]byte(`
		@id("all") permit (principal, action, resource);
		@id("broken") @reason("x") forbid (principal, action, resource) when { context.missing };`))
	if err != nil {
		t.Fatal(err)
	}
	if z.Authorize(Operator(), ActionReadModel, Resource{Kind: "service"}).Allowed {
		t.Error("a forbid that fails to evaluate is taken for one that does not forbid")
	}
}

func TestTheKindsOfTheSchemaAreThoseOfTheModel(t *testing.T) {
	want := append(model.Slugs(), "account", "draft")
	got := enumOf(t, "Kind")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("kinds of policies.cedarschema are\n%v, of the model\n%v", got, want)
	}
}

func TestEveryKindHasSomebodyBesidesTheCoordinatorWhoChangesIt(t *testing.T) {
	// These concern the design as a whole: the coordinator alone changes them.
	coordinators := []string{"process", "role-assignment"}
	// These are made by decisions.
	decided := []string{"decision", "waiver"}
	z := newTestAuthorizer(t)
	for _, kind := range model.Slugs() {
		var who []Role
		for _, r := range Roles() {
			if r == RoleSupplierContact {
				continue
			}
			if z.Authorize(holding(string(r)), ActionChangeCommit, of(kind)).Allowed {
				who = append(who, r)
			}
		}
		switch {
		case slices.Contains(decided, kind):
			if len(who) > 0 {
				t.Errorf("%s is edited by %v", kind, who)
			}
		case slices.Contains(coordinators, kind):
			if !slices.Equal(who, []Role{RoleDesignCoordinator}) {
				t.Errorf("%s is changed by %v", kind, who)
			}
		case len(who) < 2:
			t.Errorf("%s is changed by %v alone", kind, who)
		}
	}
}
