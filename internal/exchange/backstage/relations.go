package backstage

import (
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// describe takes over metadata: title, description, labels, annotations, tags,
// links.
func (c *catalogue) describe(e *entity) {
	o := e.object
	for _, m := range e.n.Get("metadata").Entries() {
		what, at := e.path()+".metadata."+m.Name, m.Key.Place()
		switch m.Name {
		case "name", "uid", "etag", "generation":
		case "namespace":
			if e.namespace != "default" {
				intake.Tag(o, "backstage.namespace", e.namespace)
				c.report.Add(intake.Label, at, what, e.ref, "label", finding.Args{"key": "backstage.namespace"})
			}
		case "title":
			o.Metadata.Title = model.Text{All: m.Value.Text()}
			c.report.Add(intake.Mapped, at, what, e.ref, "title", nil)
		case "description":
			o.Metadata.Description = model.Text{All: strings.TrimSpace(m.Value.Text())}
			c.report.Add(intake.Mapped, at, what, e.ref, "description", nil)
		case "labels", "annotations":
			for _, x := range m.Value.Entries() {
				c.tag(e, x.Name, x.Value.Text(), x.Key.Place(), what+"."+x.Name)
			}
		case "tags":
			var tags []string
			for _, x := range m.Value.Items() {
				tags = append(tags, x.Text())
			}
			c.tag(e, "backstage.tags", strings.Join(tags, " "), at, what)
		case "links":
			for _, x := range m.Value.Items() {
				c.tag(e, "backstage.link."+model.Slugify(orElse(x.Get("title").Text(), x.Get("url").Text())), x.Get("url").Text(), x.Place(), what)
			}
		default:
			c.report.Add(intake.Unknown, at, what, e.ref, "key.unknown", finding.Args{"key": m.Name})
		}
	}
	if o.Metadata.Title.IsZero() {
		if t := e.n.Path("spec", "profile", "displayName").Text(); t != "" {
			o.Metadata.Title = model.Text{All: t}
		} else if e.name != o.Metadata.Name {
			o.Metadata.Title = model.Text{All: e.name}
		}
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// tag keeps a label, or takes its criticality.
func (c *catalogue) tag(e *entity, key, value string, at intake.Place, what string) {
	if x := intake.Criticality(value); intake.IsCriticality(key) && x != "" {
		switch s := e.object.Spec.(type) {
		case *model.Component:
			s.Criticality = x
			c.report.Add(intake.Mapped, at, what, e.ref, "criticality", nil)
			return
		case *model.Service:
			s.Criticality = x
			c.report.Add(intake.Mapped, at, what, e.ref, "criticality", nil)
			return
		}
	}
	intake.Tag(e.object, key, value)
	c.report.Add(intake.Label, at, what, e.ref, "label", finding.Args{"key": key})
}

// relate takes over the spec of an entity.
func (c *catalogue) relate(e *entity) {
	if e.object == nil {
		return
	}
	for _, x := range e.n.Get("spec").Entries() {
		what := e.path() + ".spec." + x.Name
		switch x.Name {
		case "type":
			intake.Tag(e.object, "backstage.type", x.Value.Text())
			c.report.Add(intake.Label, x.Key.Place(), what, e.ref, "label", finding.Args{"key": "backstage.type"})
		case "lifecycle":
			intake.Tag(e.object, "backstage.lifecycle", x.Value.Text())
			c.report.Add(intake.Label, x.Key.Place(), what, e.ref, "label", finding.Args{"key": "backstage.lifecycle"})
		case "owner":
			c.own(e, x.Value)
		case "system", "domain", "profile", "providesApis", "definition":
			if x.Name == "definition" {
				c.report.Add(intake.LeftOut, x.Key.Place(), what, e.ref, "key", finding.Args{"key": x.Name})
			}
		case "dependsOn":
			c.requires(e, x.Value, "component", what)
		case "consumesApis":
			c.requires(e, x.Value, "api", what)
		case "dependencyOf":
			for _, r := range x.Value.Items() {
				if by := c.find(r.Text(), "component", e.namespace); by != nil && by.object != nil {
					c.need(by, e.ref)
					c.report.Add(intake.Mapped, r.Place(), what, by.ref, "requires", finding.Args{"target": e.ref.String()})
				} else {
					c.report.Add(intake.Notice, r.Place(), what, e.ref, "backstage.nobody", finding.Args{"name": r.Text()})
				}
			}
		case "subcomponentOf":
			if parent := c.find(x.Value.Text(), "component", e.namespace); parent != nil && parent.object != nil {
				c.need(parent, e.ref)
				c.report.Add(intake.Mapped, x.Key.Place(), what, parent.ref, "requires", finding.Args{"target": e.ref.String()})
			} else {
				c.report.Add(intake.Notice, x.Value.Place(), what, e.ref, "backstage.nobody", finding.Args{"name": x.Value.Text()})
			}
		case "members", "memberOf", "parent", "children", "presence":
			c.people(e, x, what)
		default:
			c.report.Add(intake.Unknown, x.Key.Place(), what, e.ref, "key.unknown", finding.Args{"key": x.Name})
		}
	}
	for _, r := range e.n.Path("spec", "providesApis").Items() {
		api := c.find(r.Text(), "api", e.namespace)
		if api == nil || api.object == nil {
			c.report.Add(intake.Notice, r.Place(), e.path()+".spec.providesApis", e.ref, "backstage.nobody", finding.Args{"name": r.Text()})
			continue
		}
		c.providers[api] = append(c.providers[api], e.ref)
		c.report.Add(intake.Mapped, r.Place(), e.path()+".spec.providesApis", api.ref, "requires", finding.Args{"target": e.ref.String()})
	}
}

func (c *catalogue) own(e *entity, v yamlsource.Node) {
	what := e.path() + ".spec.owner"
	ref := v.Text()
	owner := c.find(ref, "group", e.namespace)
	if owner == nil && !strings.Contains(ref, ":") {
		owner = c.find(ref, "user", e.namespace)
	}
	if owner != nil && (owner.ref.Kind == "team" || owner.ref.Kind == "person") {
		e.object.Metadata.Owner = owner.ref
	} else if ref != "" {
		kind, namespace, name := parse(ref, "group", e.namespace)
		if kind == "user" {
			e.object.Metadata.Owner = model.Ref{Kind: "person", Name: c.names.Give("person", id(kind, namespace, name), name)}
		} else {
			e.object.Metadata.Owner = model.Ref{Kind: "team", Name: c.names.Give("team", id(kind, namespace, name), name)}
		}
		c.report.Add(intake.Notice, v.Place(), what, e.ref, "dangling", finding.Args{"target": e.object.Metadata.Owner.String()})
		return
	}
	if !e.object.Metadata.Owner.IsZero() {
		c.report.Add(intake.Mapped, v.Place(), what, e.ref, "owner", finding.Args{"owner": e.object.Metadata.Owner.String()})
	}
}

func (c *catalogue) requires(e *entity, list yamlsource.Node, kind, what string) {
	for _, r := range list.Items() {
		target := c.find(r.Text(), kind, e.namespace)
		var ref model.Ref
		if target != nil && !target.ref.IsZero() {
			ref = target.ref
			c.report.Add(intake.Mapped, r.Place(), what, e.ref, "requires", finding.Args{"target": ref.String()})
		} else {
			k, namespace, name := parse(r.Text(), kind, e.namespace)
			slug := "component"
			if k == "system" {
				slug = "service"
			}
			ref = model.Ref{Kind: slug, Name: c.names.Give(slug, id(k, namespace, name), name)}
			c.report.Add(intake.Notice, r.Place(), what, e.ref, "dangling", finding.Args{"target": ref.String()})
		}
		if ref != e.ref && !c.provides(e, target) {
			c.need(e, ref)
		}
	}
}

// provides reports that an entity provides an API.
func (c *catalogue) provides(e, api *entity) bool {
	return api != nil && api.kind == "api" && slices.ContainsFunc(e.n.Path("spec", "providesApis").Items(), func(r yamlsource.Node) bool {
		return c.find(r.Text(), "api", e.namespace) == api
	})
}

func (c *catalogue) need(e *entity, to model.Ref) {
	switch s := e.object.Spec.(type) {
	case *model.Component:
		s.Requires = c.report.Require(e.ref, s.Requires, model.Need{On: to})
	case *model.Service:
		s.Requires = c.report.Require(e.ref, s.Requires, model.Need{On: to})
	}
}

// serve makes each API require who provides it: one of them where there are several.
func (c *catalogue) serve() {
	for _, api := range c.entities {
		by := c.providers[api]
		if len(by) == 0 || api.object == nil {
			continue
		}
		slices.SortFunc(by, model.Ref.Compare)
		by = slices.Compact(by)
		need := model.Need{On: by[0]}
		if len(by) > 1 {
			need = model.Need{}
			for _, r := range by {
				need.AnyOf = append(need.AnyOf, model.Need{On: r})
			}
		}
		s := api.object.Spec.(*model.Component)
		s.Requires = append(s.Requires, need)
	}
}

// people takes over who belongs to which group.
func (c *catalogue) people(e *entity, x yamlsource.Entry, what string) {
	join := func(group, user *entity) {
		t, ok := group.object.Spec.(*model.Team)
		if ok && user.ref.Kind == "person" && !slices.Contains(t.Members, user.ref) {
			t.Members = append(t.Members, user.ref)
			slices.SortFunc(t.Members, model.Ref.Compare)
		}
	}
	list := x.Value.Items()
	if x.Value.IsScalar() {
		list = []yamlsource.Node{x.Value}
	}
	var kept []string
	for _, r := range list {
		switch other := c.find(r.Text(), map[string]string{"members": "user"}[x.Name], e.namespace); {
		case x.Name == "parent" || x.Name == "children" || x.Name == "presence":
			kept = append(kept, r.Text())
		case x.Name == "memberOf":
			if other = c.find(r.Text(), "group", e.namespace); other == nil || other.object == nil {
				c.report.Add(intake.Notice, r.Place(), what, e.ref, "backstage.nobody", finding.Args{"name": r.Text()})
				continue
			}
			join(other, e)
		case other == nil || other.object == nil:
			c.report.Add(intake.Notice, r.Place(), what, e.ref, "backstage.nobody", finding.Args{"name": r.Text()})
		default:
			join(e, other)
		}
	}
	if len(list) == 0 {
		return
	}
	if kept != nil {
		c.tag(e, "backstage."+x.Name, strings.Join(kept, " "), x.Key.Place(), what)
		return
	}
	c.report.Add(intake.Mapped, x.Key.Place(), what, e.ref, "members", nil)
}

// stage is the stage of a service with these lifecycles: that of its most
// advanced member.
func stage(lifecycles []string) model.Stage {
	best := model.Stage("")
	for _, l := range lifecycles {
		s := map[string]model.Stage{"production": model.StageLive, "experimental": model.StageBuild, "deprecated": model.StageRetiring, "retired": model.StageRetired}[strings.ToLower(l)]
		if s == model.StageLive || best == "" || best == model.StageBuild && s != "" {
			best = s
		}
	}
	if best == "" {
		return model.StageLive
	}
	return best
}

// runs reports that an entity takes part in running a system: libraries and
// documentation do not.
func (e *entity) runs() bool {
	switch strings.ToLower(e.n.Path("spec", "type").Text()) {
	case "library", "documentation", "package", "sdk":
		return false
	}
	return e.kind == "component" || e.kind == "resource"
}

// members makes a system require its members.
func (c *catalogue) members(system *entity) {
	s := system.object.Spec.(*model.Service)
	var lifecycles []string
	for _, e := range c.inside[system] {
		ref := e.n.Path("spec", "system")
		if !e.runs() {
			c.report.Add(intake.Notice, ref.Place(), e.path()+".spec.system", e.ref, "backstage.member.not", finding.Args{"service": system.ref.String()})
			continue
		}
		c.need(system, e.ref)
		c.report.Add(intake.Mapped, ref.Place(), e.path()+".spec.system", system.ref, "requires", finding.Args{"target": e.ref.String()})
		if m := e.object.Spec.(*model.Component); m.Criticality.Rank() > s.Criticality.Rank() {
			s.Criticality = m.Criticality
		}
		if l := e.n.Path("spec", "lifecycle").Text(); l != "" {
			lifecycles = append(lifecycles, l)
		}
		if strings.EqualFold(e.n.Path("spec", "type").Text(), "website") {
			s.Facing = "customer"
		}
	}
	s.Stage = stage(lifecycles)
}

// entrances makes a service of each website or service that is in no system and
// that nothing else requires.
func (c *catalogue) entrances() {
	needed := map[model.Ref]bool{}
	for _, e := range c.entities {
		if e.object == nil || e.kind == "api" {
			continue
		}
		e.object.References(func(r model.Ref, _ *model.Field, _ string) { needed[r] = true })
	}
	for api, by := range c.providers {
		for _, r := range by {
			needed[r] = needed[r] || needed[api.ref]
		}
	}
	for _, e := range c.entities {
		typ := strings.ToLower(e.n.Path("spec", "type").Text())
		if e.kind != "component" || typ != "website" && typ != "service" || needed[e.ref] || e.n.Path("spec", "system").Text() != "" {
			continue
		}
		m := e.object.Spec.(*model.Component)
		s := &model.Service{Facing: "supporting", Stage: stage([]string{e.n.Path("spec", "lifecycle").Text()}), Criticality: m.Criticality, Requires: []model.Need{{On: e.ref}}}
		if typ == "website" {
			s.Facing = "customer"
		}
		o := c.report.Put("service", c.names.Give("service", e.id(), e.name, e.name+"-service"), s)
		o.Metadata.Title, o.Metadata.Description, o.Metadata.Owner = e.object.Metadata.Title, e.object.Metadata.Description, e.object.Metadata.Owner
		c.report.Add(intake.Mapped, e.n.Place(), e.path(), o.Ref(), "backstage.entrance", nil)
	}
}
