package backstage

import (
	"slices"
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/model"
)

const shop = `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Orders.API
  title: Orders
  description: Takes orders
  labels: {criticality: high, tier: "2"}
  annotations: {github.com/project-slug: shop/orders}
  tags: [go, core]
  links: [{url: https://runbook.example.com, title: Runbook}]
spec:
  type: service
  lifecycle: production
  owner: team-orders
  system: shop
  providesApis: [orders]
  consumesApis: ['api:default/payments', orders]
  dependsOn: ['resource:orders-db', 'component:nowhere']
  novelty: 1
---
{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {name: web}, spec: {type: website, lifecycle: experimental, owner: 'user:ann', system: shop, consumesApis: [orders]}}
---
{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {name: sdk}, spec: {type: library, lifecycle: production, owner: nobody, system: shop}}
---
{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {name: pay-a}, spec: {type: service, lifecycle: production, owner: team-orders, providesApis: [payments]}}
---
{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {name: pay-b}, spec: {type: service, lifecycle: production, owner: team-orders, providesApis: [payments]}}
---
{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {name: alone}, spec: {type: service, lifecycle: deprecated, owner: team-orders}}
---
{apiVersion: backstage.io/v1alpha1, kind: API, metadata: {name: orders}, spec: {type: openapi, lifecycle: production, owner: team-orders, system: shop, definition: 'openapi: 3.1'}}
---
{apiVersion: backstage.io/v1alpha1, kind: API, metadata: {name: payments}, spec: {type: grpc, lifecycle: production, owner: team-orders, definition: x}}
---
{apiVersion: backstage.io/v1alpha1, kind: Resource, metadata: {name: orders-db}, spec: {type: database, owner: team-orders, system: shop, dependencyOf: ['component:web']}}
---
{apiVersion: backstage.io/v1alpha1, kind: System, metadata: {name: shop}, spec: {owner: team-orders, domain: retail}}
---
{apiVersion: backstage.io/v1alpha1, kind: Domain, metadata: {name: retail, title: Retail}, spec: {owner: team-orders}}
---
{apiVersion: backstage.io/v1alpha1, kind: Group, metadata: {name: team-orders}, spec: {type: team, profile: {displayName: Orders team}, parent: company, children: [], members: [bob]}}
---
{apiVersion: backstage.io/v1alpha1, kind: User, metadata: {name: ann}, spec: {profile: {displayName: Ann, email: ann@example.com}, memberOf: [team-orders]}}
---
{apiVersion: backstage.io/v1alpha1, kind: User, metadata: {name: bob}, spec: {memberOf: []}}
---
{apiVersion: backstage.io/v1alpha1, kind: Location, metadata: {name: more}, spec: {targets: [./x.yaml]}}
---
{apiVersion: backstage.io/v1alpha1, kind: Gizmo, metadata: {name: g}}
`

func importText(t testing.TB, text string) (*intake.Result, error) {
	t.Helper()
	r, err := Import([]intake.File{intaketest.File("catalog-info.yaml", text)})
	intaketest.Prose(t, nil, err)
	if err == nil {
		intaketest.Prose(t, r.Notes, nil)
	}
	return r, err
}

func TestCatalogue(t *testing.T) {
	r, err := importText(t, shop)
	if err != nil {
		t.Fatal(err)
	}
	s := intaketest.Model(t, r.Objects)
	get := func(ref string) *model.Object {
		x, err := model.ParseRef(ref)
		if err != nil {
			t.Fatal(err)
		}
		o := s.Get(x)
		if o == nil {
			t.Fatalf("%s is not there", ref)
		}
		return o
	}
	needs := func(ref string) string {
		var out []string
		for _, n := range intaketest.Needs(get(ref)) {
			b, _ := n.MarshalJSON()
			out = append(out, strings.Trim(string(b), `"`))
		}
		return strings.Join(out, " ")
	}
	for ref, want := range map[string]string{
		"component/orders.api": "component/payments component/orders-db component/nowhere",
		"component/web":        "component/orders component/orders-db",
		"component/orders":     "component/orders.api",
		"component/payments":   `{"anyOf":["component/pay-a","component/pay-b"]}`,
		"service/shop":         "component/orders.api component/web component/orders-db",
		"service/alone":        "component/alone",
	} {
		if got := needs(ref); got != want {
			t.Errorf("%s requires %s, want %s", ref, got, want)
		}
	}
	shop := get("service/shop").Spec.(*model.Service)
	if shop.Facing != "customer" || shop.Family != "Retail" || shop.Stage != model.StageLive || shop.Criticality != model.CriticalityHigh {
		t.Errorf("shop: %+v", shop)
	}
	if alone := get("service/alone").Spec.(*model.Service); alone.Stage != model.StageRetiring || alone.Facing != "supporting" {
		t.Errorf("alone: %+v", alone)
	}
	o := get("component/orders.api")
	if o.Metadata.Owner.String() != "team/team-orders" || o.Metadata.Title.All != "Orders" || o.Metadata.Labels["backstage.tags"] != "go core" || o.Metadata.Labels["backstage.link.runbook"] == "" || o.Spec.(*model.Component).Class != "application" {
		t.Errorf("orders: %+v", o.Metadata)
	}
	if get("component/orders-db").Spec.(*model.Component).Class != "database" {
		t.Error("a resource of type database is a database")
	}
	if get("component/web").Metadata.Owner.String() != "person/ann" {
		t.Error("a user owns")
	}
	if m := get("team/team-orders").Spec.(*model.Team).Members; !slices.Equal(m, []model.Ref{{Kind: "person", Name: "ann"}, {Kind: "person", Name: "bob"}}) {
		t.Errorf("members %v", m)
	}
	codes := map[string]int{}
	for _, n := range r.Notes {
		codes[n.Code]++
	}
	if codes["kind.unknown"] != 1 || codes["key.unknown"] != 1 || codes["backstage.location"] != 1 || codes["dangling"] != 2 || codes["backstage.member.not"] != 2 {
		t.Errorf("notes %v", codes)
	}
	var dangling []string
	for _, r := range intaketest.Dangling(s) {
		dangling = append(dangling, r.String())
	}
	slices.Sort(dangling)
	if !slices.Equal(dangling, []string{"component/nowhere", "team/nobody"}) {
		t.Errorf("dangling %v", dangling)
	}
}

func TestNamesDoNotDependOnOrder(t *testing.T) {
	docs := strings.Split(shop, "---\n")
	a, _ := importText(t, shop)
	slices.Reverse(docs)
	b, err := importText(t, strings.Join(docs, "\n---\n"))
	if err != nil {
		t.Fatal(err)
	}
	if intaketest.Model(t, a.Objects).Hash() != intaketest.Model(t, b.Objects).Hash() {
		t.Error("the order of the entities changes the model")
	}
}

func TestNamesOfDifferentKindsDoNotCollide(t *testing.T) {
	r, err := importText(t, "[{apiVersion: backstage.io/v1, kind: API, metadata: {name: pets}}, {apiVersion: backstage.io/v1, kind: Component, metadata: {name: pets}, spec: {type: service, providesApis: [pets]}}]")
	if err != nil {
		t.Fatal(err)
	}
	s := intaketest.Model(t, r.Objects)
	for _, name := range []string{"pets", "pets-api"} {
		if s.Get(model.Ref{Kind: "component", Name: name}) == nil {
			t.Errorf("no component %s", name)
		}
	}
}

func TestUnusable(t *testing.T) {
	for text, code := range map[string]string{"a: b": "backstage.empty", "apiVersion: backstage.io/v1\nkind: System\n": "kubernetes.name", "a: [": "yaml.syntax"} {
		_, err := importText(t, text)
		if problems, ok := err.(intake.Problems); !ok || problems[0].Code != code {
			t.Errorf("%q: %v, want %s", text, err, code)
		}
	}
}

func FuzzBackstage(f *testing.F) {
	for _, d := range strings.Split(shop, "---\n") {
		f.Add(d)
	}
	f.Add(shop)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := importText(t, text)
		if err == nil {
			intaketest.Model(t, r.Objects)
		}
	})
}
