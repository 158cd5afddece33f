package compose

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/model"
)

// importText reads files that a test holds in memory.
func importText(t testing.TB, o Options, files map[string]string, names ...string) (*intake.Result, error) {
	t.Helper()
	o.Open = func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	}
	r, err := Import(names, o)
	if err == nil {
		intaketest.Prose(t, r.Notes, nil)
	} else {
		intaketest.Prose(t, nil, err)
	}
	return r, err
}

func component(t testing.TB, r *intake.Result, name string) *model.Component {
	t.Helper()
	for _, o := range r.Objects {
		if o.Ref() == (model.Ref{Kind: "component", Name: name}) {
			return o.Spec.(*model.Component)
		}
	}
	t.Fatalf("no component %s", name)
	return nil
}

func on(name string) model.Need { return model.Need{On: model.Ref{Kind: "component", Name: name}} }

func TestOpenTelemetryDemo(t *testing.T) {
	var files []string
	for _, f := range []string{"compose.yaml", "compose.full.yaml"} {
		files = append(files, intaketest.Shared(t, "topologies/opentelemetry-demo/"+f))
	}
	r, err := Import(files, Options{Env: []string{intaketest.Shared(t, "topologies/opentelemetry-demo/dot-env")}, Open: os.ReadFile})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	s := intaketest.Model(t, r.Objects)
	if n := len(s.OfKind("component")); n != 23 {
		t.Errorf("%d components, want 23", n)
	}
	edges := 0
	for _, h := range s.OfKind("component") {
		edges += len(s.Object(h).Spec.(*model.Component).Requires)
	}
	if edges != 51 {
		t.Errorf("%d requirements, want 51", edges)
	}
	for name, want := range map[string]int{"frontend-proxy": 20, "checkout": 12, "cart": 4} {
		if n := intaketest.Closure(s, model.Ref{Kind: "component", Name: name}); n != want {
			t.Errorf("%s needs %d components, want %d", name, n, want)
		}
	}
	if n := intaketest.Closure(s, model.Ref{Kind: "service", Name: "frontend-proxy"}); n != 20 {
		t.Errorf("the service frontend-proxy needs %d components, want 20", n)
	}
	if n := intaketest.Dependants(s, model.Ref{Kind: "component", Name: "otel-collector"}); n != 15 {
		t.Errorf("otel-collector has %d dependants, want 15", n)
	}
	if x := component(t, r, "flagd").Criticality; x != model.CriticalityLow {
		t.Errorf("flagd is %q", x)
	}
	if x := component(t, r, "checkout").Criticality; x != model.CriticalityCritical {
		t.Errorf("checkout is %q", x)
	}
	if c := component(t, r, "ad").Capacity; len(c) != 1 || c[0].Limit.String() != "300 MiB" {
		t.Errorf("capacity of ad: %v", c)
	}
	if d := intaketest.Dangling(s); len(d) != 0 {
		t.Errorf("dangling: %v", d)
	}
	for _, n := range r.Notes {
		if n.Outcome == intake.Unknown {
			t.Errorf("not understood: %s %s", n.Place, n.What)
		}
	}
}

func TestRequirements(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []model.Need
	}{
		{"a list of names is needed to run and to start", "services: {a: {depends_on: [b, c]}, b: {}, c: {}}", []model.Need{on("b"), on("c")}},
		{"health conditions are needed to run and to start", "services: {a: {depends_on: {b: {condition: service_healthy}}}, b: {}}", []model.Need{on("b")}},
		{"a job that must end first is needed to start only", "services: {a: {depends_on: {b: {condition: service_completed_successfully}}}, b: {}}",
			[]model.Need{{On: model.Ref{Kind: "component", Name: "b"}, For: []model.Phase{model.PhaseStart}}}},
		{"a dependency that may be absent only degrades", "services: {a: {depends_on: {b: {condition: service_started, required: false}}}, b: {}}", nil},
		{"links are needed", "services: {a: {links: ['b:db']}, b: {}}", []model.Need{on("b")}},
		{"a shared network is needed", "services: {a: {network_mode: 'service:b'}, b: {}}", []model.Need{on("b")}},
		{"addresses are needed where no depends_on is declared", "services: {a: {environment: {DB_URL: 'postgres://u:p@b:5432/x'}}, b: {}}", []model.Need{on("b")}},
		{"addresses are only reported where depends_on is declared", "services: {a: {environment: {DB_HOST: c}, depends_on: [b]}, b: {}, c: {}}", []model.Need{on("b")}},
		{"a name that no service has is kept", "services: {a: {depends_on: [gone]}}", []model.Need{on("gone")}},
		{"merge keys bring what they hold", "x-base: &base {depends_on: [b]}\nservices: {a: {<<: *base}, b: {}}", []model.Need{on("b")}},
		{"extends brings what the other needs", "services: {z: {depends_on: [b]}, a: {extends: {service: z}, depends_on: [c]}, b: {}, c: {}}", []model.Need{on("b"), on("c")}},
		{"an address of itself is none", "services: {a: {environment: {SELF_ADDR: 'a:80'}}}", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := importText(t, Options{}, map[string]string{"compose.yaml": c.text}, "compose.yaml")
			if err != nil {
				t.Fatal(err)
			}
			intaketest.Model(t, r.Objects)
			if got := component(t, r, "a").Requires; !slices.EqualFunc(got, c.want, func(x, y model.Need) bool { return x.On == y.On && slices.Equal(x.For, y.For) }) {
				t.Errorf("requires %v, want %v", got, c.want)
			}
		})
	}
}

func TestMerging(t *testing.T) {
	files := map[string]string{
		"a/compose.yaml": "name: shop\nservices:\n  web:\n    image: ${REGISTRY:-hub}/web:${TAG:?}\n    extends: {file: ../common.yaml, service: base}\n    ports: ['127.0.0.1:9:9', '80:8080', '9000']\n    deploy: {replicas: 3, resources: {limits: {memory: 1g, cpus: '0.5'}}}\n    volumes: ['data:/var/lib', './conf:/etc']\n    profiles: []\n  tool: {profiles: [debug]}\nvolumes: {data: {}}\n",
		"a/over.yaml":    "services:\n  web:\n    labels: {criticality: high, owner: Équipe Web, note: x}\n    depends_on: !reset []\n",
		"common.yaml":    "services: {base: {depends_on: [db], labels: [tier=front]}, db: {image: 'postgres:16'}}\n",
		"a/.env":         "TAG='1.2' # comment\n",
	}
	r, err := importText(t, Options{Site: "Salle A"}, files, "a/compose.yaml", "a/over.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := intaketest.Model(t, r.Objects)
	web := component(t, r, "web")
	if web.Product != "hub/web" || web.Version != "1.2" {
		t.Errorf("image %s %s", web.Product, web.Version)
	}
	if web.Instances != 3 || web.Needed != 1 || web.Criticality != model.CriticalityHigh || web.Site.Name != "salle-a" {
		t.Errorf("web: %+v", web)
	}
	if web.Capacity[0].Limit.String() != "3 GiB" || web.Capacity[1].Limit.String() != "1.5 cores" {
		t.Errorf("capacity %v", web.Capacity)
	}
	if len(web.Requires) != 0 {
		t.Errorf("the reset of depends_on does not hold: %v", web.Requires)
	}
	if len(web.Data) != 1 || web.Data[0].Name != "data" {
		t.Errorf("data %v", web.Data)
	}
	o := s.Get(model.Ref{Kind: "component", Name: "web"})
	if o.Metadata.Owner.String() != "team/equipe-web" || o.Metadata.Labels["tier"] != "front" || o.Metadata.Labels["note"] != "x" {
		t.Errorf("owner %s, labels %v", o.Metadata.Owner, o.Metadata.Labels)
	}
	entrance := s.Get(model.Ref{Kind: "service", Name: "web"})
	if entrance == nil || entrance.Spec.(*model.Service).Family != "shop" || o.Metadata.Labels["compose.port.1"] != "80:8080" || o.Metadata.Labels["compose.port.2"] != "" {
		t.Errorf("the published port makes no service: %v", o.Metadata.Labels)
	}
	if s.Get(model.Ref{Kind: "component", Name: "tool"}) != nil || !slices.ContainsFunc(r.Notes, func(n intake.Note) bool { return n.Code == "profile" }) {
		t.Error("a service whose profile is not taken must be left out and reported")
	}
}

func TestEverythingIsReported(t *testing.T) {
	r, err := importText(t, Options{}, map[string]string{"c.yaml": "services:\n  a:\n    image: x\n    frobnicate: 1\n    restart: always\n    logging: {driver: x}\n    environment: [SECRET=hunter2]\nnetworks: {n: {}}\nstrange: 1\n"}, "c.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]intake.Outcome{}
	for _, n := range r.Notes {
		got[n.What] = n.Outcome
		if n.Line == 0 {
			t.Errorf("%s has no line", n.What)
		}
	}
	for what, want := range map[string]intake.Outcome{
		"services.a.frobnicate": intake.Unknown, "strange": intake.Unknown, "services.a.restart": intake.Label,
		"services.a.logging": intake.LeftOut, "networks": intake.LeftOut, "services.a.environment": intake.LeftOut,
	} {
		if got[what] != want {
			t.Errorf("%s: %q, want %q", what, got[what], want)
		}
	}
	for _, o := range r.Objects {
		if strings.Contains(string(o.YAML()), "hunter2") {
			t.Error("a value of the environment was copied")
		}
	}
}

func TestInterpolation(t *testing.T) {
	var missing []string
	e := &environment{vars: map[string]string{}, missing: func(n string, _ bool) { missing = append(missing, n) }}
	e.readEnv("A=1\nexport B=\"x ${A} \\$A\"\nC='$A'\nEMPTY=\nD=${EMPTY:-d} # c\nURL=http://h#frag\n")
	for in, want := range map[string]string{
		"$A-${A}": "1-1", "${B}": "x 1 1", "$C": "$A", "${EMPTY-z}": "", "${EMPTY:-z}": "z", "${NO:-${A}}": "1", "$$A": "$A", "${A:+yes}": "yes", "${EMPTY:+yes}": "",
		"${NO}": "", "$D": "d", "$": "$", "${A": "${A", "$1": "$1", "$URL": "http://h#frag",
	} {
		if in == "${B}" {
			continue
		}
		if got := e.expand(in, 0); got != want {
			t.Errorf("%s gives %q, want %q", in, got, want)
		}
	}
	if !slices.Contains(missing, "NO") {
		t.Errorf("missing: %v", missing)
	}
}

func TestUnusable(t *testing.T) {
	bomb := "a0: &a0 {k: [1,2,3,4,5,6,7,8,9,10]}\n"
	for i := 1; i < 12; i++ {
		bomb += strings.ReplaceAll(strings.ReplaceAll("aN: &aN [*aP,*aP,*aP,*aP,*aP,*aP,*aP,*aP,*aP,*aP]\n", "N", string(rune('0'+i%10))+strings.Repeat("x", i/10)), "P", string(rune('0'+(i-1)%10))+strings.Repeat("x", (i-1)/10))
	}
	var env strings.Builder
	env.WriteString("V0=" + strings.Repeat("y", 8000) + "\n")
	for range 4000 {
		env.WriteString("V=${V0}${V0}\n")
	}
	for _, c := range []struct{ name, text, env, code string }{
		{"nothing to read", "services: {}", "", "compose.empty"},
		{"no compose file", "kind: Pod\n", "", "compose.shape"},
		{"broken YAML", "services: {a: [}\n", "", "yaml.syntax"},
		{"nesting without end", "services: {a: {labels: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}}", "", "yaml.deep"},
		{"a service that extends itself", "services: {a: {extends: a}}", "", "compose.extends.circle"},
		{"extends of nothing", "services: {a: {extends: b}}", "", "compose.extends"},
		{"a service that is a text", "services: {a: b}", "", "compose.service"},
		{"no UTF-8", "services: {a: \"\xff\"}", "", "file.encoding"},
		{"variables that unfold", "services: {a: {image: x}}", env.String(), "env.large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := importText(t, Options{}, map[string]string{"c.yaml": c.text, ".env": c.env}, "c.yaml")
			problems, ok := err.(intake.Problems)
			if !ok || problems[0].Code != c.code {
				t.Fatalf("%v, want %s", err, c.code)
			}
		})
	}
	t.Run("an alias bomb is refused with its place", func(t *testing.T) {
		text := bomb + "services: {s: {environment: *a1x, labels: *a1x, depends_on: *a1x, ports: *a1x, volumes: *a1x}}\n"
		intaketest.Memory(t, len(text), func() {
			_, err := importText(t, Options{}, map[string]string{"c.yaml": text}, "c.yaml")
			if problems, ok := err.(intake.Problems); ok && (problems[0].Code != "yaml.alias" || problems[0].Line == 0) {
				t.Fatalf("%v", err)
			}
		})
	})
}

func TestMemory(t *testing.T) {
	for name, text := range map[string]string{
		"very many empty services": "services:\n" + many(200_000, func(i int) string { return " s" + itoa(i) + ": {}\n" }),
		"very many values":         "services: {a: {labels: [" + strings.Repeat("a,", 3_000_000) + "]}}",
		"very many entries":        "services:\n a:\n  labels:\n" + strings.Repeat("  -\n", 1_500_000),
		"very many dependencies":   "services:\n a:\n  depends_on:\n" + many(200_000, func(i int) string { return "  - d" + itoa(i) + "\n" }),
		"one service many times":   "x: &x {labels: {" + many(2000, func(i int) string { return "k" + itoa(i) + ": v," }) + "}}\nservices:\n" + many(3000, func(i int) string { return " s" + itoa(i) + ": {<<: *x}\n" }),
	} {
		t.Run(name, func(t *testing.T) {
			intaketest.Memory(t, len(text), func() { _, _ = importText(t, Options{}, map[string]string{"c.yaml": text}, "c.yaml") })
		})
	}
}

func many(n int, line func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

func itoa(i int) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	s := ""
	for ; i > 0 || s == ""; i /= 36 {
		s = string(digits[i%36]) + s
	}
	return s
}

func FuzzCompose(f *testing.F) {
	f.Add("services: {a: {image: 'x:1', depends_on: [b], ports: ['80:80']}, b: {environment: [X_ADDR=a:80]}}", "TAG=1")
	f.Add("x: &x {labels: {owner: t}}\nservices:\n  a:\n    <<: *x\n    deploy: {replicas: 2, resources: {limits: {memory: 1g}}}\n", "A=${B:-c}")
	f.Add("services: {a: {extends: {service: b}}, b: {extends: a}}", "")
	f.Add("include: [c.yaml]\nservices: {a: {profiles: [p], volumes: ['v:/x'], network_mode: 'service:b'}}", "X='")
	f.Add("a: &a [*a]\nservices: {s: {labels: *a, <<: [*a, *a]}}", "")
	f.Fuzz(func(t *testing.T, text, env string) {
		r, err := importText(t, Options{}, map[string]string{"c.yaml": text, ".env": env}, "c.yaml")
		if err == nil {
			intaketest.Model(t, r.Objects)
		}
	})
}
