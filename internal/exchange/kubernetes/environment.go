package kubernetes

import (
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// connect makes requirements of the addresses in the environment of a workload.
// What only its init containers name is needed to start only.
func (c *cluster) connect(w *workload) {
	for _, x := range w.pod.Get("containers").Items() {
		c.connectContainer(w, x, nil)
	}
	for _, x := range w.pod.Get("initContainers").Items() {
		phases := []model.Phase{model.PhaseStart}
		if x.Get("restartPolicy").Text() == "Always" { // a sidecar
			phases = nil
		}
		c.connectContainer(w, x, phases)
	}
}

// variableBytes is what a variable takes in memory, about.
const variableBytes = 160

type variable struct {
	name, value string
	at          intake.Place
}

func (c *cluster) connectContainer(w *workload, container yamlsource.Node, phases []model.Phase) {
	plain := 0
	var first intake.Place
	for _, v := range c.environment(w, container) {
		what := w.path() + ".env." + v.name
		found := intake.Addresses(v.name, v.value)
		if len(found) == 0 {
			if strings.EqualFold(v.name, "OTEL_RESOURCE_ATTRIBUTES") {
				c.attributes(w, v)
			}
			if plain++; plain == 1 {
				first = v.at
			}
		}
		for _, a := range found {
			c.address(w, v, what, a, phases)
		}
	}
	if plain > 0 {
		c.report.Add(intake.LeftOut, first, w.path()+".env", w.ref, "environment", finding.Args{"n": plain})
	}
}

func (c *cluster) address(w *workload, v variable, what string, a intake.Address, phases []model.Phase) {
	target, inside := c.resolve(w.namespace, a.Host)
	switch {
	case target != nil:
		if o := c.report.Get(target.ref); o != nil && len(o.Spec.(*model.Service).Requires) == 1 && o.Spec.(*model.Service).Requires[0].On == w.ref {
			return // its own address
		}
		w.spec.Requires = c.report.Require(w.ref, w.spec.Requires, model.Need{On: target.ref, For: phases})
		c.report.Add(intake.Mapped, v.at, what, w.ref, "address", finding.Args{"target": target.ref.String()})
	case inside && a.Sure:
		name, namespace, _ := strings.Cut(a.Host, ".")
		namespace, _, _ = strings.Cut(namespace, ".")
		namespace = orElse(namespace, w.namespace)
		ref := model.Ref{Kind: "service", Name: c.names.Give("service", key("", namespace, name), name, name+"."+namespace)}
		w.spec.Requires = c.report.Require(w.ref, w.spec.Requires, model.Need{On: ref, For: phases})
		c.report.Add(intake.Notice, v.at, what, w.ref, "dangling", finding.Args{"target": ref.String()})
	case !inside:
		c.report.Add(intake.Notice, v.at, what, w.ref, "address.outside", finding.Args{"host": a.Host})
	}
}

// resolve finds the Service that a name means inside a namespace; inside tells
// that the name can only be one of the cluster.
func (c *cluster) resolve(namespace, host string) (found *resource, inside bool) {
	parts := strings.Split(host, ".")
	cluster := len(parts) >= 3 && parts[2] == "svc" || len(parts) >= 4 && parts[3] == "svc"
	if len(parts) >= 4 && parts[3] == "svc" { // a pod of a StatefulSet before the Service
		parts = parts[1:]
	}
	if len(parts) >= 2 && (len(parts) == 2 || cluster) {
		if r := c.byName[key("Service", parts[1], parts[0])]; r != nil {
			return r, true
		}
		if r := c.byName[key("Service", namespace, parts[1])]; r != nil && !cluster { // pod.service
			return r, true
		}
	}
	if len(parts) == 1 {
		return c.byName[key("Service", namespace, parts[0])], true
	}
	return nil, cluster
}

// environment lists the variables of a container, those of ConfigMaps included.
// Secrets are never read.
func (c *cluster) environment(w *workload, container yamlsource.Node) []variable {
	var out []variable
	index := map[string]int{}
	add := func(v variable) {
		if i, have := index[v.name]; have {
			out[i] = v
			return
		}
		if c.report.Charge(variableBytes) {
			index[v.name] = len(out)
			out = append(out, v)
		}
	}
	for _, from := range container.Get("envFrom").Items() {
		name := from.Path("configMapRef", "name").Text()
		if name == "" {
			continue
		}
		m := c.byName[key("ConfigMap", w.namespace, name)]
		if m == nil {
			c.report.Add(intake.Notice, from.Place(), w.path()+".envFrom", w.ref, "kubernetes.configmap", finding.Args{"name": name})
			continue
		}
		for _, e := range m.n.Get("data").Entries() {
			add(variable{from.Get("prefix").Text() + e.Name, e.Value.Text(), e.Key.Place()})
		}
	}
	for _, x := range container.Get("env").Items() {
		v := variable{x.Get("name").Text(), x.Get("value").Text(), x.Place()}
		if ref := x.Path("valueFrom", "configMapKeyRef"); ref.IsMap() {
			if m := c.byName[key("ConfigMap", w.namespace, ref.Get("name").Text())]; m != nil {
				v.value = m.n.Path("data", ref.Get("key").Text()).Text()
			} else if ref.Get("optional").Text() != "true" {
				c.report.Add(intake.Notice, ref.Place(), w.path()+".env."+v.name, w.ref, "kubernetes.configmap", finding.Args{"name": ref.Get("name").Text()})
			}
		}
		v.value = expand(v.value, func(name string) string {
			if i, have := index[name]; have {
				return out[i].value
			}
			return ""
		})
		add(v)
	}
	return out
}

// expand replaces $(NAME) by the variables that stand before.
func expand(s string, before func(name string) string) string {
	for range 16 {
		start := strings.Index(s, "$(")
		if start < 0 || len(s) > 4096 {
			return s
		}
		end := strings.IndexByte(s[start:], ')')
		if end < 0 {
			return s
		}
		s = s[:start] + before(s[start+2:start+end]) + s[start+end+1:]
	}
	return s
}

// attributes reads the OpenTelemetry resource attributes: criticality, version.
func (c *cluster) attributes(w *workload, v variable) {
	for _, pair := range strings.Split(v.value, ",") {
		k, value, _ := strings.Cut(pair, "=")
		if x := intake.Criticality(value); intake.IsCriticality(strings.TrimSpace(k)) && x != "" {
			w.spec.Criticality = x
			c.report.Add(intake.Mapped, v.at, w.path()+".env."+v.name, w.ref, "criticality", nil)
		}
	}
}
