// Package wikimedia reads Wikimedia's service catalogue
// (hieradata/common/service.yaml of operations/puppet) with the pools of hosts of
// conftool-data/node as a model. It is an example of an importer for one
// organisation's own files: what the mapping language of tables cannot say, here
// that a pool needs a share of hosts found in other files, takes one small
// package.
package wikimedia

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// pool is the hosts of one cluster that serve one service in one data centre.
type pool struct {
	site, cluster, service string
	hosts                  []string
	at                     intake.Place
}

type estate struct {
	report   *intake.Report
	names    *intake.Names
	services []yamlsource.Entry
	pools    map[[3]string]*pool
	order    []*pool
	owners   map[[2]string]string // site and address → service that has a pool there
	byName   map[string]yamlsource.Node
}

// Import reads the catalogue and the node files, told apart by what they hold.
// The error is intake.Problems when the input cannot be used.
func Import(files []intake.File) (*intake.Result, error) {
	report := intake.NewReport(intake.Bytes(files))
	e := &estate{report: report, names: intake.NewNames(report), pools: map[[3]string]*pool{}, owners: map[[2]string]string{}, byName: map[string]yamlsource.Node{}}
	var problems intake.Problems
	var sources []*yamlsource.File
	for _, file := range files {
		f, bad := yamlsource.Read(file.Name, file.Data)
		problems = append(problems, bad...)
		sources = append(sources, f)
		for _, doc := range f.Docs() {
			switch catalogue := doc.Get("service::catalog"); {
			case catalogue.IsMap():
				e.services = append(e.services, catalogue.Entries()...)
			case doc.IsMap():
				e.readNodes(doc)
			default:
				e.report.Add(intake.Unknown, doc.Place(), "document", model.Ref{}, "wikimedia.shape", nil)
			}
		}
	}
	if len(e.services) == 0 && len(problems) == 0 {
		problems = append(problems, intake.Problem{Place: intake.FirstOf(files), Code: "wikimedia.empty"})
	}
	if len(problems) == 0 {
		e.build()
	}
	for _, f := range sources {
		if bad := f.Problem(); bad != nil {
			problems = append(problems, *bad)
		}
	}
	if e.report.Over() {
		problems = append(problems, e.report.Stop(intake.FirstOf(files).File))
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return e.report.Done(), nil
}

// readNodes reads data centre → cluster → host → [services].
func (e *estate) readNodes(doc yamlsource.Node) {
	for _, site := range doc.Entries() {
		for _, cluster := range site.Value.Entries() {
			for _, host := range cluster.Value.Entries() {
				for _, s := range host.Value.Items() {
					id := [3]string{site.Name, cluster.Name, s.Text()}
					p := e.pools[id]
					if p == nil {
						p = &pool{site.Name, cluster.Name, s.Text(), nil, cluster.Key.Place()}
						e.pools[id] = p
						e.order = append(e.order, p)
					}
					p.hosts = append(p.hosts, host.Name)
				}
			}
		}
	}
}

func (e *estate) site(name string) model.Ref {
	return e.report.Put("site", e.names.Give("site", name), &model.Site{}).Ref()
}

func (e *estate) build() {
	for _, s := range e.services {
		e.byName[s.Name] = s.Value
		e.names.Give("service", s.Name)
		if s.Value.Get("lvs").IsMap() {
			addresses(s.Value, func(site, ip string) {
				if _, have := e.owners[[2]string{site, ip}]; !have {
					e.owners[[2]string{site, ip}] = s.Name
				}
			})
		}
	}
	for _, p := range e.order {
		site := e.site(p.site)
		for _, h := range p.hosts {
			ref := model.Ref{Kind: "component", Name: e.names.Give("component", "host\x00"+h, h)}
			if e.report.Get(ref) == nil {
				e.report.Put("component", ref.Name, &model.Component{Class: "server", Site: site})
				e.report.Add(intake.Mapped, p.at, p.site+"."+p.cluster+"."+h, ref, "component", nil)
			}
		}
	}
	for _, p := range e.order { // a pool exists whether or not a service of the catalogue uses it
		e.pool(p, 0)
	}
	for _, s := range e.services {
		e.service(s)
	}
}

// pool is the component of a pool that needs a share of its hosts; without a
// share one host is enough. Services that need different shares of one pool get
// a component each.
func (e *estate) pool(p *pool, share float64) model.Ref {
	name := p.site + "." + p.cluster + "." + p.service
	if share == 0 {
		share = e.usualShare(p)
	}
	wish := name
	if share != e.usualShare(p) {
		wish = name + "-" + strconv.FormatFloat(100*share, 'f', -1, 64)
	}
	ref := model.Ref{Kind: "component", Name: e.names.Give("component", "pool\x00"+wish, wish)}
	if e.report.Get(ref) != nil {
		return ref
	}
	hosts := slices.Clone(p.hosts)
	slices.Sort(hosts)
	hosts = slices.Compact(hosts)
	needed := max(1, int(math.Ceil(share*float64(len(hosts))-1e-9)))
	group := model.Need{AtLeast: needed}
	if !e.report.Charge(len(hosts) * intake.NeedBytes) {
		hosts = hosts[:1]
	}
	for _, h := range hosts {
		group.Of = append(group.Of, model.Need{On: model.Ref{Kind: "component", Name: e.names.Of("component", "host\x00"+h)}})
	}
	if len(hosts) == 1 { // one of one is no redundancy
		group = group.Of[0]
	}
	o := e.report.Put("component", ref.Name, &model.Component{Class: "other", Requires: []model.Need{group}})
	intake.Tag(o, "conftool.cluster", p.cluster)
	intake.Tag(o, "conftool.service", p.service)
	intake.Tag(o, "conftool.site", p.site)
	e.report.Add(intake.Mapped, p.at, name, ref, "wikimedia.pool", finding.Args{"needed": needed, "n": len(hosts)})
	return ref
}

// usualShare is the share that the first service of the catalogue asks of a pool.
func (e *estate) usualShare(p *pool) float64 {
	for _, s := range e.services {
		t := s.Value.Path("lvs", "conftool")
		if t.Get("cluster").Text() == p.cluster && t.Get("service").Text() == p.service && slices.Contains(sites(s.Value), p.site) {
			return threshold(s.Value)
		}
	}
	return 0
}

func threshold(s yamlsource.Node) float64 {
	v, err := strconv.ParseFloat(s.Path("lvs", "depool_threshold").Text(), 64)
	if err != nil || v < 0 || v > 1 {
		return 0
	}
	return v
}

func sites(s yamlsource.Node) []string {
	var out []string
	for _, x := range s.Get("sites").Items() {
		out = append(out, x.Text())
	}
	return out
}

func addresses(s yamlsource.Node, fn func(site, ip string)) {
	for _, site := range s.Get("ip").Entries() {
		if site.Value.IsScalar() {
			fn(site.Name, site.Value.Text())
		}
		for _, ip := range site.Value.Entries() {
			fn(site.Name, ip.Value.Text())
		}
	}
}

// Settings that only the load balancer, the monitoring and the DNS need.
var kept = []string{"port", "encryption", "page", "role", "httpbb_dir", "public_endpoint", "lvs.class", "lvs.scheduler", "lvs.protocol", "lvs.depool_threshold"}

func (e *estate) service(entry yamlsource.Entry) {
	n := entry.Value
	what := "service::catalog." + entry.Name
	spec := &model.Service{Facing: "supporting"}
	o := e.report.Put("service", e.names.Of("service", entry.Name), spec)
	ref := o.Ref()
	e.report.Add(intake.Mapped, entry.Key.Place(), what, ref, "service", nil)
	o.Metadata.Description = model.Text{All: strings.TrimSpace(n.Get("description").Text())}
	switch state := n.Get("state"); state.Text() {
	case "production":
		spec.Stage = model.StageLive
	case "lvs_setup", "monitoring_setup", "service_setup": // on the clusters of production, soon with users
		spec.Stage = model.StageTransition
	default:
		e.report.Add(intake.Unknown, state.Place(), what+".state", ref, "wikimedia.state", finding.Args{"value": state.Text()})
	}
	if n.Get("public_endpoint").Exists() || n.Get("public_aliases").Exists() {
		spec.Facing = "customer"
	}
	var alternatives []model.Need
	for _, site := range sites(n) {
		if r := e.at(n, site, what, ref); !slices.ContainsFunc(alternatives, func(x model.Need) bool { return x.On == r }) {
			alternatives = append(alternatives, model.Need{On: r})
		}
	}
	switch len(alternatives) {
	case 0:
		e.report.Add(intake.Notice, entry.Key.Place(), what+".sites", ref, "wikimedia.nowhere", nil)
	case 1:
		spec.Requires = alternatives
	default:
		spec.Requires = []model.Need{{AnyOf: alternatives}}
	}
	e.labels(o, n, what)
}

// at is what a service needs in one data centre: its pool, the pool behind the
// address that it shares, else the data centre itself.
func (e *estate) at(n yamlsource.Node, site, what string, ref model.Ref) model.Ref {
	holder := n
	if !n.Get("lvs").IsMap() {
		holder = yamlsource.Node{}
		addresses(n, func(s, ip string) {
			if owner := e.owners[[2]string{s, ip}]; s == site && owner != "" {
				holder = e.byName[owner]
			}
		})
	}
	t := holder.Path("lvs", "conftool")
	if !t.IsMap() {
		return e.site(site)
	}
	p := e.pools[[3]string{site, t.Get("cluster").Text(), t.Get("service").Text()}]
	if p == nil {
		e.report.Add(intake.Notice, t.Place(), what+".lvs.conftool", ref, "wikimedia.nopool", finding.Args{"site": site, "cluster": t.Get("cluster").Text(), "name": t.Get("service").Text()})
		return e.site(site)
	}
	return e.pool(p, threshold(holder))
}

func (e *estate) labels(o *model.Object, n yamlsource.Node, what string) {
	for _, k := range kept {
		if v := n.Path(strings.Split(k, ".")...); v.IsScalar() {
			intake.Tag(o, "wikimedia."+k, v.Text())
			e.report.Add(intake.Label, v.Place(), what+"."+k, o.Ref(), "label", finding.Args{"key": "wikimedia." + k})
		}
	}
	intake.Tag(o, "wikimedia.sites", strings.Join(sites(n), " "))
	for _, x := range n.Entries() {
		switch x.Name {
		case "description", "state", "sites", "ip":
		case "lvs":
			for _, y := range x.Value.Entries() {
				if !slices.Contains(kept, "lvs."+y.Name) && y.Name != "conftool" {
					e.report.Add(intake.LeftOut, y.Key.Place(), what+".lvs."+y.Name, o.Ref(), "key", finding.Args{"key": "lvs." + y.Name})
				}
			}
		case "probes", "discovery", "aliases", "public_aliases":
			e.report.Add(intake.LeftOut, x.Key.Place(), what+"."+x.Name, o.Ref(), "key", finding.Args{"key": x.Name})
		default:
			if !slices.Contains(kept, x.Name) {
				e.report.Add(intake.Unknown, x.Key.Place(), what+"."+x.Name, o.Ref(), "key.unknown", finding.Args{"key": x.Name})
			}
		}
	}
}
