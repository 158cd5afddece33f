package wikimedia

import (
	"path/filepath"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
	"diapason/internal/model"
)

func TestWikimediaCatalogue(t *testing.T) {
	nodes, err := filepath.Glob(filepath.Join(intaketest.Shared(t, "topologies/wikimedia/conftool-data"), "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Import(intaketest.Files(t, append([]string{intaketest.Shared(t, "topologies/wikimedia/service.yaml")}, nodes...)...))
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	s := intaketest.Model(t, r.Objects)
	stages := map[model.Stage]int{}
	withPool := 0
	for _, h := range s.OfKind("service") {
		o := s.Object(h)
		stages[o.Spec.(*model.Service).Stage]++
		if o.Metadata.Labels["wikimedia.lvs.depool_threshold"] != "" {
			withPool++
		}
	}
	if len(s.OfKind("service")) != 136 || stages[model.StageLive] != 129 || stages[model.StageTransition] != 7 {
		t.Errorf("%d services by stage %v, want 129 live, 7 in transition", len(s.OfKind("service")), stages)
	}
	if withPool != 103 {
		t.Errorf("%d services with a pool, want 103", withPool)
	}
	hosts, pools := 0, map[string]bool{}
	for _, h := range s.OfKind("component") {
		o := s.Object(h)
		if l := o.Metadata.Labels; l["conftool.cluster"] != "" {
			pools[l["conftool.site"]+" "+l["conftool.cluster"]+" "+l["conftool.service"]] = true
		} else {
			hosts++
		}
	}
	if hosts != 964 || len(pools) != 190 {
		t.Errorf("%d hosts and %d pools, want 964 and 190", hosts, len(pools))
	}
	if n := len(s.OfKind("site")); n != 7 {
		t.Errorf("%d sites, want 7", n)
	}
	if n := len(stoppedByOneSite(s)); n != 23 {
		t.Errorf("%d services stop with one site, want 23", n)
	}
	if d := intaketest.Dangling(s); len(d) > 0 {
		t.Errorf("dangling: %v", d)
	}
}

// stoppedByOneSite lists the services that the loss of some one site stops.
func stoppedByOneSite(s *model.Snapshot) map[model.Ref]bool {
	out := map[model.Ref]bool{}
	for _, site := range s.OfKind("site") {
		lost := s.Ref(site)
		memo := map[model.Ref]bool{}
		var works func(model.Ref) bool
		var holds func(model.Need) bool
		holds = func(n model.Need) bool {
			group, needed := n.Group()
			if group == nil {
				return works(n.On)
			}
			for _, x := range group {
				if holds(x) {
					needed--
				}
			}
			return needed <= 0
		}
		works = func(r model.Ref) bool {
			if v, ok := memo[r]; ok {
				return v
			}
			memo[r] = true
			o := s.Get(r)
			ok := r != lost && o != nil
			if o != nil {
				if c, is := o.Spec.(*model.Component); is && c.Site == lost {
					ok = false
				}
				for _, n := range intaketest.Needs(o) {
					ok = holds(n) && ok
				}
			}
			memo[r] = ok
			return ok
		}
		for _, h := range s.OfKind("service") {
			if !works(s.Ref(h)) {
				out[s.Ref(h)] = true
			}
		}
	}
	return out
}

const catalogue = `
service::catalog:
  shared: &s
    description: one
    ip: {a: {default: 10.0.0.1}, b: {default: 10.0.1.1}}
    lvs: {conftool: {cluster: web, service: nginx}, depool_threshold: 0.66}
    sites: [a, b]
    state: production
  behind: {description: two, ip: {a: {default: 10.0.0.1}}, sites: [a], state: service_setup}
  bare: {sites: [b], state: strange, novel: 1}
  other: {<<: *s, lvs: {conftool: {cluster: web, service: nginx}, depool_threshold: 0.5}}
---
a: {web: {h1: [nginx], h2: [nginx], h3: [nginx], h4: [nginx]}}
b: {web: {h5: [nginx]}}
`

func TestPools(t *testing.T) {
	r, err := Import([]intake.File{intaketest.File("w.yaml", catalogue)})
	if err != nil {
		t.Fatal(err)
	}
	intaketest.Prose(t, r.Notes, nil)
	s := intaketest.Model(t, r.Objects)
	need := func(ref string) string {
		x, _ := model.ParseRef(ref)
		if s.Get(x) == nil {
			t.Fatalf("%s is not there", ref)
		}
		b, _ := intaketest.Needs(s.Get(x))[0].MarshalJSON()
		return string(b)
	}
	for ref, want := range map[string]string{
		"component/a.web.nginx":    `{"atLeast":3,"of":["component/h1","component/h2","component/h3","component/h4"]}`,
		"component/a.web.nginx-50": `{"atLeast":2,"of":["component/h1","component/h2","component/h3","component/h4"]}`,
		"component/b.web.nginx":    `"component/h5"`,
		"service/shared":           `{"anyOf":["component/a.web.nginx","component/b.web.nginx"]}`,
		"service/behind":           `"component/a.web.nginx"`,
		"service/bare":             `"site/b"`,
	} {
		if got := need(ref); got != want {
			t.Errorf("%s needs %s, want %s", ref, got, want)
		}
	}
	unknown := 0
	for _, n := range r.Notes {
		if n.Outcome == intake.Unknown {
			unknown++
		}
	}
	if unknown != 2 {
		t.Errorf("%d parts not understood, want the state and the new key", unknown)
	}
}

func FuzzWikimedia(f *testing.F) {
	f.Add(catalogue)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Import([]intake.File{intaketest.File("w.yaml", text)})
		intaketest.Prose(t, nil, err)
		if err == nil {
			intaketest.Model(t, r.Objects)
		}
	})
}
