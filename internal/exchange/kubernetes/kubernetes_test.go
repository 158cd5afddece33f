package kubernetes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/model"
)

func importText(t testing.TB, text string) (*intake.Result, *model.Snapshot, error) {
	t.Helper()
	r, err := Import([]intake.File{intaketest.File("k.yaml", text)}, Options{})
	intaketest.Prose(t, nil, err)
	if err != nil {
		return nil, nil, err
	}
	intaketest.Prose(t, r.Notes, nil)
	return r, intaketest.Model(t, r.Objects), nil
}

func must(t testing.TB, text string) (*intake.Result, *model.Snapshot) {
	t.Helper()
	r, s, err := importText(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return r, s
}

func ref(s string) model.Ref {
	r, err := model.ParseRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func TestOnlineBoutique(t *testing.T) {
	r, err := Import(intaketest.Files(t, intaketest.Shared(t, "topologies/online-boutique/kubernetes-manifests.yaml")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	s := intaketest.Model(t, r.Objects)
	if c, v := len(s.OfKind("component")), len(s.OfKind("service")); c != 12 || v != 12 {
		t.Errorf("%d components and %d services, want 12 and 12", c, v)
	}
	edges := 0
	for _, h := range s.OfKind("component") {
		c := s.Object(h).Spec.(*model.Component)
		edges += len(c.Requires)
		if len(c.Capacity) != 2 {
			t.Errorf("%s has the capacity %v", s.Ref(h), c.Capacity)
		}
	}
	if edges != 17 {
		t.Errorf("%d addresses, want 17", edges)
	}
	if d := intaketest.Dangling(s); len(d) != 1 || d[0] != ref("service/shoppingassistantservice") {
		t.Errorf("dangling: %v", d)
	}
	if f := s.Get(ref("service/frontend-external")).Spec.(*model.Service); f.Facing != "customer" || f.Requires[0].On != ref("component/frontend") {
		t.Errorf("frontend-external: %+v", f)
	}
	for _, n := range r.Notes {
		if n.Outcome == intake.Unknown {
			t.Errorf("not understood: %s %s", n.Place, n.What)
		}
	}
}

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {team: Web, criticality: high}}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: web, x: y}}
    spec:
      nodeSelector: {topology.kubernetes.io/zone: par-1, disk: ssd}
      containers:
        - name: main
          image: nginx:1.27
          envFrom: [{configMapRef: {name: settings}}]
          env:
            - {name: CACHE, value: "redis://$(CACHE_NAME):6379"}
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: s, key: p}}}
            - {name: API_URL, value: "https://api.example.com/v1"}
          resources: {limits: {memory: 128Mi, cpu: 250m}}
        - name: side
          image: envoy
          resources: {requests: {memory: 1G}}
      initContainers: [{name: i, image: b, env: [{name: DB_ADDR, value: "db.data.svc.cluster.local:5432"}]}]
      volumes: [{name: d, persistentVolumeClaim: {claimName: files}}]
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {CACHE_NAME: cache, GONE_HOST: gone}}
  - {apiVersion: v1, kind: Service, metadata: {name: cache, namespace: shop}, spec: {selector: {app: cache}}}
  - {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b, namespace: shop}, spec: {minAvailable: 51%, selector: {matchLabels: {app: web}}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {rules: [{host: shop.example.com, http: {paths: [{backend: {service: {name: web}}}]}}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: data}, spec: {type: ExternalName, externalName: DB.example.net.}}
---
{apiVersion: v1, kind: Service, metadata: {name: cache, namespace: data}, spec: {}}
---
{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}
`

func TestWorkload(t *testing.T) {
	r, s := must(t, deployment)
	w := s.Get(ref("component/web"))
	c := w.Spec.(*model.Component)
	if c.Instances != 3 || c.Needed != 2 || c.Criticality != model.CriticalityHigh || c.Class != "network" || c.Site != ref("site/par-1") {
		t.Errorf("web: %+v", c)
	}
	if w.Metadata.Owner != ref("team/web") || w.Metadata.Labels["kubernetes.nodeSelector.disk"] != "ssd" {
		t.Errorf("metadata: %+v", w.Metadata)
	}
	if c.Capacity[0].Limit.String() != "0.75 cores" || c.Capacity[1].Limit.String() != "3245.022949218 MiB" {
		t.Errorf("capacity: %v", c.Capacity)
	}
	var needs []string
	for _, n := range c.Requires {
		needs = append(needs, fmt.Sprint(n.On, n.For))
	}
	if want := []string{"service/gone []", "service/cache.shop []", "service/db [start]"}; !slices.Equal(needs, want) {
		t.Errorf("requires %q, want %q", needs, want)
	}
	if !slices.Equal(c.Data, []model.Ref{ref("data-asset/files")}) {
		t.Errorf("data %v", c.Data)
	}
	ingress := s.Get(ref("service/web-ingress")).Spec.(*model.Service)
	if ingress.Facing != "customer" || ingress.Requires[0].On != ref("service/web") || ingress.Family != "shop" {
		t.Errorf("ingress: %+v", ingress)
	}
	if outside := s.Get(ref("component/db.example.net")); outside == nil || !outside.Spec.(*model.Component).External {
		t.Error("an ExternalName is an external component")
	}
	if s.Get(ref("service/cache.shop")) == nil {
		t.Error("two services of one name in two namespaces need two names")
	}
	codes := map[string]bool{}
	for _, n := range r.Notes {
		codes[n.Code] = true
	}
	for _, want := range []string{"kind.unknown", "address.outside", "dangling", "kubernetes.needed", "kubernetes.selector"} {
		if !codes[want] {
			t.Errorf("nothing says %s", want)
		}
	}
}

func TestNamesDoNotDependOnOrder(t *testing.T) {
	docs := strings.Split(deployment, "---\n")
	_, a := must(t, deployment)
	slices.Reverse(docs)
	_, b := must(t, strings.Join(docs, "\n---\n"))
	if a.Hash() != b.Hash() {
		t.Error("the order of the documents changes the model")
	}
}

func TestUnusable(t *testing.T) {
	for _, c := range []struct{ name, text, code string }{
		{"no object", "a: b\n", "kubernetes.empty"},
		{"a template that was not filled", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.x }}}\n", "kubernetes.name"},
		{"a syntax error in one document", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\nx: [\n", "yaml.syntax"},
		{"no name", "apiVersion: v1\nkind: Pod\n", "kubernetes.name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := importText(t, c.text)
			problems, ok := err.(intake.Problems)
			if !ok || problems[0].Code != c.code || problems[0].File == "" {
				t.Fatalf("%v, want %s", err, c.code)
			}
		})
	}
}

func TestMemory(t *testing.T) {
	repeat := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"very many small pods":      repeat(60_000, "apiVersion: v1\nkind: Pod\nmetadata: {name: a%d}\n---\n"),
		"very many items":           "apiVersion: v1\nkind: List\nitems:\n" + repeat(60_000, "- {apiVersion: v, kind: Pod, metadata: {name: p%d}}\n"),
		"very many addresses":       "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n containers:\n - env:\n" + repeat(60_000, "   - {name: A%d_HOST, value: b}\n"),
		"one name for all":          repeat(40_000, "{apiVersion: v1, kind: Node, metadata: {name: 'é%d!'}}\n---\n"),
		"a selector that takes all": repeat(3000, "{apiVersion: v1, kind: Pod, metadata: {name: p%d, labels: {a: b}}}\n---\n") + repeat(3000, "{apiVersion: v1, kind: Service, metadata: {name: s%d}, spec: {selector: {a: b}}}\n---\n"),
	} {
		t.Run(name, func(t *testing.T) {
			intaketest.Memory(t, len(text), func() { _, _ = Import([]intake.File{intaketest.File("k.yaml", text)}, Options{}) })
		})
	}
}

func FuzzKubernetes(f *testing.F) {
	for _, d := range strings.Split(deployment, "---\n") {
		f.Add(d)
	}
	f.Add(deployment)
	f.Add("apiVersion: v1\nkind: List\nitems: &i [{apiVersion: v1, kind: List, items: *i}]\n")
	f.Fuzz(func(t *testing.T, text string) { _, _, _ = importText(t, text) })
}
