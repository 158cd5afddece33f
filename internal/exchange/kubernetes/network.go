package kubernetes

import (
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// buildService makes a service of a Kubernetes Service: it requires the workloads
// that its selector takes, one of them where there are several.
func (c *cluster) buildService(r *resource) {
	s := r.n.Get("spec")
	spec := &model.Service{Facing: "supporting", Stage: model.StageLive, Family: family(r)}
	o := c.report.Put("service", r.ref.Name, spec)
	if r.ref.Name != r.name {
		o.Metadata.Title = model.Text{All: r.name}
	}
	c.report.Add(intake.Mapped, r.n.Place(), r.path(), r.ref, "service", nil)
	switch s.Get("type").Text() {
	case "LoadBalancer", "NodePort":
		spec.Facing = "customer"
		c.report.Add(intake.Mapped, s.Get("type").Place(), r.path()+".type", r.ref, "kubernetes.outside", nil)
	case "ExternalName":
		c.external(r, spec, s.Get("externalName"))
	}
	c.describe(r, o, func(x model.Criticality) { spec.Criticality = x })
	found := c.selected(r.namespace, s.Get("selector"))
	switch {
	case len(found) == 1:
		spec.Requires = append(spec.Requires, model.Need{On: found[0].ref})
	case len(found) > 1 && c.report.Charge(len(found)*intake.NeedBytes):
		group := model.Need{}
		for _, w := range found {
			group.AnyOf = append(group.AnyOf, model.Need{On: w.ref})
		}
		spec.Requires = append(spec.Requires, group)
	case s.Get("type").Text() != "ExternalName":
		c.report.Add(intake.Notice, r.n.Place(), r.path()+".selector", r.ref, "kubernetes.selector", nil)
	}
	for _, w := range found {
		if spec.Criticality.Rank() < w.spec.Criticality.Rank() {
			spec.Criticality = w.spec.Criticality
		}
		if found := c.report.Get(w.ref); found != nil && o.Metadata.Owner.IsZero() {
			o.Metadata.Owner = found.Metadata.Owner
		}
	}
	for _, e := range s.Entries() {
		switch e.Name {
		case "type", "selector", "externalName":
		default:
			c.report.Add(intake.LeftOut, e.Key.Place(), r.path()+"."+e.Name, r.ref, "key", finding.Args{"key": e.Name})
		}
	}
}

// external makes a component, run by somebody else, of the name that an
// ExternalName service stands for.
func (c *cluster) external(r *resource, spec *model.Service, name yamlsource.Node) {
	host := strings.TrimSuffix(strings.ToLower(name.Text()), ".")
	if host == "" {
		return
	}
	ref := model.Ref{Kind: "component", Name: c.names.Give("component", "external\x00"+host, host)}
	c.report.Put("component", ref.Name, &model.Component{Class: "cloud", External: true})
	spec.Requires = append(spec.Requires, model.Need{On: ref})
	c.report.Add(intake.Mapped, name.Place(), r.path()+".externalName", ref, "kubernetes.external", finding.Args{"host": host})
}

// backend is a Kubernetes Service that a route leads to.
type backend struct {
	namespace, name string
	at              intake.Place
}

// routes lists where an object that routes from outside leads to; nil for what
// is no such object.
func routes(r *resource) []backend {
	spec := r.n.Get("spec")
	out := []backend{}
	add := func(namespace string, n yamlsource.Node) {
		if namespace == "" {
			namespace = r.namespace
		}
		b := backend{namespace, n.Text(), n.Place()}
		if b.name != "" && !slices.ContainsFunc(out, func(x backend) bool { return x.namespace == b.namespace && x.name == b.name }) {
			out = append(out, b)
		}
	}
	switch r.kind {
	case "Ingress":
		all := []yamlsource.Node{spec.Get("defaultBackend"), spec.Get("backend")}
		for _, rule := range spec.Get("rules").Items() {
			for _, p := range rule.Path("http", "paths").Items() {
				all = append(all, p.Get("backend"))
			}
		}
		for _, b := range all {
			add("", b.Path("service", "name"))
			add("", b.Get("serviceName"))
		}
	case "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute":
		for _, rule := range spec.Get("rules").Items() {
			for _, b := range rule.Get("backendRefs").Items() {
				add(b.Get("namespace").Text(), b.Get("name"))
			}
		}
	case "Route":
		add("", spec.Path("to", "name"))
		for _, b := range spec.Get("alternateBackends").Items() {
			add("", b.Get("name"))
		}
	case "VirtualService":
		for _, proto := range []string{"http", "tcp", "tls"} {
			for _, rule := range spec.Get(proto).Items() {
				for _, d := range rule.Get("route").Items() {
					host := d.Path("destination", "host")
					name, namespace, _ := strings.Cut(host.Text(), ".")
					namespace, _, _ = strings.Cut(namespace, ".")
					out = append(out, backend{orElse(namespace, r.namespace), name, host.Place()})
				}
			}
		}
		slices.SortFunc(out, func(a, b backend) int { return strings.Compare(a.namespace+"/"+a.name, b.namespace+"/"+b.name) })
		out = slices.CompactFunc(out, func(a, b backend) bool { return a.namespace == b.namespace && a.name == b.name })
	default:
		return nil
	}
	return out
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// buildRoute makes a customer-facing service of what routes from outside.
func (c *cluster) buildRoute(r *resource) {
	name := c.names.Give("service", key(r.kind, r.namespace, r.name), r.name, r.name+"-"+strings.ToLower(r.kind), r.name+"."+r.namespace)
	spec := &model.Service{Facing: "customer", Stage: model.StageLive, Family: family(r)}
	o := c.report.Put("service", name, spec)
	if name != r.name {
		o.Metadata.Title = model.Text{All: r.name}
	}
	c.report.Add(intake.Mapped, r.n.Place(), r.path(), o.Ref(), "service", nil)
	c.describe(r, o, func(x model.Criticality) { spec.Criticality = x })
	for _, b := range routes(r) {
		to := c.byName[key("Service", b.namespace, b.name)]
		ref := model.Ref{Kind: "service", Name: c.names.Give("service", key("", b.namespace, b.name), b.name, b.name+"."+b.namespace)}
		if to == nil {
			c.report.Add(intake.Notice, b.at, r.path()+".backend", o.Ref(), "dangling", finding.Args{"target": ref.String()})
		}
		spec.Requires = c.report.Require(o.Ref(), spec.Requires, model.Need{On: ref})
	}
	hosts := r.n.Path("spec", "hostnames").Items()
	if r.kind == "VirtualService" {
		hosts = r.n.Path("spec", "hosts").Items()
	}
	if r.kind == "Ingress" {
		for _, rule := range r.n.Path("spec", "rules").Items() {
			hosts = append(hosts, rule.Get("host"))
		}
	}
	if r.kind == "Route" {
		hosts = append(hosts, r.n.Path("spec", "host"))
	}
	var names []string
	for _, h := range hosts {
		if h.Text() != "" {
			names = append(names, h.Text())
		}
	}
	if len(names) > 0 {
		intake.Tag(o, "kubernetes.hosts", strings.Join(names, " "))
		c.report.Add(intake.Label, r.n.Place(), r.path()+".hosts", o.Ref(), "label", finding.Args{"key": "kubernetes.hosts"})
	}
	for _, e := range r.n.Get("spec").Entries() {
		switch e.Name {
		case "rules", "defaultBackend", "backend", "hostnames", "hosts", "host", "to", "http", "tcp", "alternateBackends":
		default:
			c.report.Add(intake.LeftOut, e.Key.Place(), r.path()+"."+e.Name, o.Ref(), "key", finding.Args{"key": e.Name})
		}
	}
}
