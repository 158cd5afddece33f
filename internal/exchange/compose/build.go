package compose

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// build makes the objects of the services that the profiles take.
func (p *project) build() {
	var taken []*service
	declared := false
	for _, name := range p.order {
		s := p.services[name]
		if s == nil {
			continue
		}
		if !p.taken(s) {
			p.report.Add(intake.LeftOut, s.at, "services."+s.name, model.Ref{}, "profile", finding.Args{"profiles": s.profiles})
			continue
		}
		taken = append(taken, s)
		declared = declared || len(s.depends) > 0
	}
	slices.SortFunc(taken, func(a, b *service) int { return strings.Compare(a.name, b.name) })
	site := p.site()
	hosts := map[string]string{} // name on the network → compose service
	for _, s := range taken {
		p.names.Give("component", s.name, s.name)
	}
	for _, s := range taken {
		hosts[strings.ToLower(s.name)] = s.name
	}
	for _, s := range taken {
		for _, h := range append(s.aliases, strings.ToLower(s.keep["hostname"].value), strings.ToLower(s.keep["container_name"].value)) {
			if h != "" && hosts[h] == "" {
				hosts[h] = s.name
			}
		}
	}
	references := p.References
	if references == Auto {
		references = Requires
		if declared {
			references = Report
		}
	}
	for _, s := range taken {
		p.component(s, site, hosts, references)
	}
	if p.report.Over() {
		return
	}
	p.entrances(taken)
	for _, name := range slices.Sorted(maps.Keys(p.volumes)) {
		if p.names.Of("data-asset", name) == "" {
			p.report.Add(intake.LeftOut, p.volumes[name], "volumes."+name, model.Ref{}, "volume.unused", nil)
		}
	}
}

func (p *project) site() model.Ref {
	if p.Site == "" {
		return model.Ref{}
	}
	name := p.names.Give("site", p.Site)
	o := p.report.Put("site", name, &model.Site{})
	if name != p.Site {
		o.Metadata.Title = model.Text{All: p.Site}
	}
	return o.Ref()
}

func (p *project) component(s *service, site model.Ref, hosts map[string]string, references References) {
	c := &model.Component{Class: "container", Site: site}
	o := p.report.Put("component", p.names.Of("component", s.name), c)
	ref, what := o.Ref(), "services."+s.name
	if o.Metadata.Name != s.name {
		o.Metadata.Title = model.Text{All: s.name}
	}
	p.report.Add(intake.Mapped, s.at, what, ref, "component", nil)
	if s.image.value != "" {
		im := intake.ParseImage(s.image.value)
		c.Class, c.Product, c.Version = im.Class, im.Product, im.Version
	}
	if n := s.instances(); n > 1 {
		c.Instances, c.Needed = n, 1
		p.report.Add(intake.Notice, s.replicas.at, what+".replicas", ref, "instances", finding.Args{"n": n})
	} else if s.replicas.value != "" && n == 0 {
		p.report.Add(intake.Notice, s.replicas.at, what+".replicas", ref, "instances.none", finding.Args{"value": s.replicas.value})
	}
	p.capacity(s, c, ref)
	p.depends(s, c, ref)
	p.describe(s, c, o)
	p.addresses(s, c, ref, hosts, references)
	for _, v := range s.volumes {
		name := p.names.Give("data-asset", v.value)
		p.report.Put("data-asset", name, &model.DataAsset{})
		data := model.Ref{Kind: "data-asset", Name: name}
		if !slices.Contains(c.Data, data) {
			c.Data = append(c.Data, data)
			p.report.Add(intake.Mapped, v.at, what+".volumes."+v.value, data, "data", nil)
		}
	}
	for _, k := range s.left {
		p.report.Add(intake.LeftOut, k.at, what+"."+k.value, ref, "key", finding.Args{"key": k.value})
	}
	for _, k := range s.unknown {
		p.report.Add(intake.Unknown, k.at, what+"."+k.value, ref, "key.unknown", finding.Args{"key": k.value})
	}
}

func (p *project) capacity(s *service, c *model.Component, ref model.Ref) {
	for _, x := range []struct {
		name string
		set  setting
		read func(string) (model.Quantity, bool)
	}{{"memory", s.memory, intake.DockerMemory}, {"cpu", s.cpus, intake.CPU}} {
		if x.set.value == "" {
			continue
		}
		q, ok := x.read(x.set.value)
		if !ok {
			p.report.Add(intake.Unknown, x.set.at, "services."+s.name+"."+x.name, ref, "quantity", finding.Args{"value": x.set.value})
			continue
		}
		c.Capacity = append(c.Capacity, model.Capacity{Name: x.name, Limit: intake.Times(q, c.Instances)})
	}
}

func (p *project) depends(s *service, c *model.Component, ref model.Ref) {
	for _, name := range slices.Sorted(maps.Keys(s.depends)) {
		d := s.depends[name]
		what := "services." + s.name + ".depends_on." + name
		to := model.Ref{Kind: "component", Name: p.names.Of("component", name)}
		if to.Name == "" { // no service of the project has that name, or its profile is not taken
			to.Name = p.names.Give("component", name, name)
			p.report.Add(intake.Notice, d.at, what, ref, "dangling", finding.Args{"target": to.String()})
		}
		if d.optional {
			c.Degrades = append(c.Degrades, to)
			p.report.Add(intake.Mapped, d.at, what, ref, "degrades", finding.Args{"target": to.String()})
			continue
		}
		need := model.Need{On: to}
		switch d.condition {
		case "", "service_started", "service_healthy":
		case "service_completed_successfully":
			need.For = []model.Phase{model.PhaseStart}
		default:
			p.report.Add(intake.Unknown, d.at, what+".condition", ref, "condition", finding.Args{"value": d.condition})
		}
		c.Requires = p.report.Require(ref, c.Requires, need)
	}
}

// describe takes over criticality, owner and labels.
func (p *project) describe(s *service, c *model.Component, o *model.Object) {
	ref, what := o.Ref(), "services."+s.name
	for _, k := range slices.Sorted(maps.Keys(s.labels)) {
		v := s.labels[k]
		if !p.meaning(o, c, k, v, what+".labels."+k) {
			intake.Tag(o, k, v.value)
			p.report.Add(intake.Label, v.at, what+".labels."+k, ref, "label", finding.Args{"key": k})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(s.keep)) {
		if v := s.keep[k]; v.value != "" {
			intake.Tag(o, "compose."+k, v.value)
			p.report.Add(intake.Label, v.at, what+"."+k, ref, "label", finding.Args{"key": "compose." + k})
		}
	}
	attributes := s.env["OTEL_RESOURCE_ATTRIBUTES"]
	for _, pair := range strings.Split(attributes.value, ",") {
		k, v, ok := strings.Cut(pair, "=")
		if k = strings.TrimSpace(k); !ok || k == "" {
			continue
		}
		at := setting{strings.TrimSpace(v), attributes.at}
		path := what + ".environment.OTEL_RESOURCE_ATTRIBUTES." + k
		if !p.meaning(o, c, k, at, path) && at.value != "" {
			intake.Tag(o, k, at.value)
			p.report.Add(intake.Label, at.at, path, ref, "label", finding.Args{"key": k})
		}
	}
	for name, v := range s.env {
		if !strings.EqualFold(name, "OTEL_RESOURCE_ATTRIBUTES") && intake.IsCriticality(strings.ReplaceAll(name, "_", ".")) {
			p.meaning(o, c, "criticality", v, what+".environment."+name)
		}
	}
}

// meaning takes over a label that the model has a field for.
func (p *project) meaning(o *model.Object, c *model.Component, key string, v setting, what string) bool {
	switch {
	case intake.IsCriticality(key):
		if x := intake.Criticality(v.value); x != "" {
			c.Criticality = x
			p.report.Add(intake.Mapped, v.at, what, o.Ref(), "criticality", nil)
			return true
		}
		p.report.Add(intake.Unknown, v.at, what, o.Ref(), "criticality.unknown", finding.Args{"value": v.value})
		return false
	case intake.IsOwner(key) && v.value != "":
		if o.Metadata.Owner.IsZero() {
			o.Metadata.Owner = p.report.Own(p.names, v.value)
			p.report.Add(intake.Mapped, v.at, what, o.Ref(), "owner", finding.Args{"owner": o.Metadata.Owner.String()})
			return true
		}
	case key == "org.opencontainers.image.description" || key == "description":
		o.Metadata.Description = model.Text{All: v.value}
		p.report.Add(intake.Mapped, v.at, what, o.Ref(), "description", nil)
		return true
	}
	return false
}

// addresses treats the hosts that the environment names.
func (p *project) addresses(s *service, c *model.Component, ref model.Ref, hosts map[string]string, references References) {
	var plain int
	var first intake.Place
	for _, name := range slices.Sorted(maps.Keys(s.env)) {
		v := s.env[name]
		what := "services." + s.name + ".environment." + name
		found := intake.Addresses(name, v.value)
		if len(found) == 0 {
			if plain++; first.Line == 0 || v.at.Line < first.Line && v.at.File == first.File {
				first = v.at
			}
		}
		for _, a := range found {
			target, known := hosts[a.Host]
			if !known {
				if strings.Contains(a.Host, ".") {
					p.report.Add(intake.Notice, v.at, what, ref, "address.outside", finding.Args{"host": a.Host})
				} else if a.Sure && references == Requires {
					to := model.Ref{Kind: "component", Name: p.names.Give("component", a.Host, a.Host)}
					c.Requires = p.report.Require(ref, c.Requires, model.Need{On: to})
					p.report.Add(intake.Notice, v.at, what, ref, "dangling", finding.Args{"target": to.String()})
				} else if a.Sure {
					p.report.Add(intake.Notice, v.at, what, ref, "address.nobody", finding.Args{"host": a.Host})
				}
				continue
			}
			if target == s.name {
				continue
			}
			to := model.Ref{Kind: "component", Name: p.names.Of("component", target)}
			if _, stated := s.depends[target]; stated {
				continue
			}
			switch references {
			case Requires:
				c.Requires = p.report.Require(ref, c.Requires, model.Need{On: to})
				p.report.Add(intake.Mapped, v.at, what, ref, "address", finding.Args{"target": to.String()})
			case Degrades:
				if !slices.Contains(c.Degrades, to) {
					c.Degrades = append(c.Degrades, to)
				}
				p.report.Add(intake.Mapped, v.at, what, ref, "degrades", finding.Args{"target": to.String()})
			default:
				p.report.Add(intake.Notice, v.at, what, ref, "address.undeclared", finding.Args{"target": to.String()})
			}
		}
	}
	if plain > 0 {
		p.report.Add(intake.LeftOut, first, "services."+s.name+".environment", ref, "environment", finding.Args{"n": plain})
	}
}

// entrances makes a service of each component that is reached from outside: it
// publishes a port or a router leads to it. In a project without any, what
// nothing else needs counts as one.
func (p *project) entrances(taken []*service) {
	var open []*service
	for _, s := range taken {
		if len(s.ports) > 0 || routed(s) {
			open = append(open, s)
		}
	}
	guessed := len(open) == 0
	if guessed {
		needed := map[model.Ref]bool{}
		for _, s := range taken {
			c := p.report.Get(model.Ref{Kind: "component", Name: p.names.Of("component", s.name)}).Spec.(*model.Component)
			for _, n := range c.Requires {
				needed[n.On] = true
			}
		}
		for _, s := range taken {
			if !needed[model.Ref{Kind: "component", Name: p.names.Of("component", s.name)}] {
				open = append(open, s)
			}
		}
	}
	for _, s := range open {
		component := p.report.Get(model.Ref{Kind: "component", Name: p.names.Of("component", s.name)})
		spec := &model.Service{Facing: "customer", Stage: model.StageLive, Family: p.name, Criticality: component.Spec.(*model.Component).Criticality}
		spec.Requires = []model.Need{{On: component.Ref()}}
		o := p.report.Put("service", p.names.Give("service", s.name, s.name), spec)
		o.Metadata.Title, o.Metadata.Owner = component.Metadata.Title, component.Metadata.Owner
		at, code, args := s.at, "entrance.routed", finding.Args{}
		if len(s.ports) > 0 {
			at, code, args = s.ports[0].at, "entrance", finding.Args{"port": s.ports[0].value}
			for i, port := range s.ports {
				intake.Tag(component, "compose.port."+strconv.Itoa(i+1), port.value)
			}
		} else if guessed {
			code = "entrance.guessed"
		}
		outcome := intake.Mapped
		if guessed {
			outcome = intake.Notice
		}
		p.report.Add(outcome, at, "services."+s.name, o.Ref(), code, args)
	}
}

func routed(s *service) bool {
	for k, v := range s.labels {
		if k == "traefik.enable" && v.value == "true" || strings.HasPrefix(k, "traefik.http.routers.") {
			return true
		}
	}
	return false
}
