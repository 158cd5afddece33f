// Package kubernetes reads Kubernetes manifests as a model: workloads become
// components, Services and what routes to them become services that require
// their workloads, claims become data assets, zones become sites. An address in
// the environment of a container becomes a requirement of its workload.
package kubernetes

import (
	"cmp"
	"slices"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// Options steer an import.
type Options struct {
	Site string // title of the site of what names no zone, "" for none
}

// Import reads manifests: several documents a file, List objects. The error is
// intake.Problems when the input cannot be used.
func Import(files []intake.File, o Options) (*intake.Result, error) {
	report := intake.NewReport(intake.Bytes(files))
	c := &cluster{report: report, names: intake.NewNames(report), Options: o, byName: map[string]*resource{}, labelled: map[string][]*workload{}, scalers: map[string]*resource{}}
	var sources []*yamlsource.File
	for _, file := range files {
		f, problems := yamlsource.Read(file.Name, file.Data)
		c.problems = append(c.problems, problems...)
		sources = append(sources, f)
		for _, doc := range f.Docs() {
			c.collect(doc, 0)
		}
	}
	if len(c.resources) == 0 && len(c.problems) == 0 {
		c.problems = intake.Problems{{Place: intake.FirstOf(files), Code: "kubernetes.empty"}}
	}
	if len(c.problems) == 0 {
		c.build()
	}
	for _, f := range sources {
		if bad := f.Problem(); bad != nil {
			c.problems = append(c.problems, *bad)
		}
		for _, t := range f.Twice() {
			c.report.Add(intake.Notice, t.Place, t.Key, model.Ref{}, "twice", finding.Args{"key": t.Key})
		}
	}
	if c.report.Over() {
		c.problems = append(c.problems, c.report.Stop(intake.FirstOf(files).File))
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.report.Done(), nil
}

// resource is one object of the manifests.
type resource struct {
	kind, namespace, name string
	n                     yamlsource.Node
	ref                   model.Ref // what it became
}

func (r *resource) path() string { return r.kind + "/" + r.name }

// key is how other objects name it.
func key(kind, namespace, name string) string { return kind + "\x00" + namespace + "\x00" + name }

type cluster struct {
	Options
	report    *intake.Report
	names     *intake.Names
	problems  intake.Problems
	resources []*resource
	byName    map[string]*resource
	workloads []*workload
	labelled  map[string][]*workload // by namespace, label and value
	scalers   map[string]*resource   // HorizontalPodAutoscalers by what they scale
	budgets   []*resource            // PodDisruptionBudgets
}

const maxResources = 200_000

// collect keeps the objects of a document, those inside List objects included.
func (c *cluster) collect(n yamlsource.Node, depth int) {
	kind := n.Get("kind").Text()
	if !n.IsMap() || kind == "" || n.Get("apiVersion").Text() == "" {
		c.report.Add(intake.Unknown, n.Place(), "document", model.Ref{}, "kubernetes.shape", nil)
		return
	}
	if items := n.Get("items"); strings.HasSuffix(kind, "List") && items.IsList() {
		for _, x := range items.Items() {
			if depth < 8 && len(c.resources) < maxResources {
				c.collect(x, depth+1)
			}
		}
		return
	}
	meta := n.Get("metadata")
	r := &resource{kind: kind, namespace: meta.Get("namespace").Text(), name: meta.Get("name").Text(), n: n}
	if r.name == "" {
		r.name = meta.Get("generateName").Text()
	}
	if r.name == "" {
		c.problems = append(c.problems, intake.Problem{Place: n.Place(), Code: "kubernetes.name", Args: finding.Args{"kind": kind}})
		return
	}
	if r.namespace == "" {
		r.namespace = "default"
	}
	id := key(r.kind, r.namespace, r.name)
	if first := c.byName[id]; first != nil {
		c.report.Add(intake.Notice, n.Place(), r.path(), model.Ref{}, "kubernetes.twice", finding.Args{"first": first.n.Place().String()})
		return
	}
	c.byName[id] = r
	c.resources = append(c.resources, r)
}

// Kinds that say nothing about what services are made of.
var noCounterpart = words(`ServiceAccount Role RoleBinding ClusterRole ClusterRoleBinding NetworkPolicy Secret CustomResourceDefinition StorageClass
	PersistentVolume LimitRange ResourceQuota PriorityClass MutatingWebhookConfiguration ValidatingWebhookConfiguration APIService Endpoints EndpointSlice
	Lease Event ControllerRevision PodSecurityPolicy PodTemplate RuntimeClass IngressClass GatewayClass Gateway CSIDriver CSINode VolumeAttachment
	ServiceMonitor PodMonitor PrometheusRule Certificate Issuer ClusterIssuer SealedSecret ExternalSecret DestinationRule PeerAuthentication
	AuthorizationPolicy Sidecar EnvoyFilter ServiceEntry Kustomization HelmRelease BackendConfig FrontendConfig ManagedCertificate SecurityContextConstraints
	VerticalPodAutoscaler PodDisruptionBudget HorizontalPodAutoscaler ConfigMap Namespace FlowSchema PriorityLevelConfiguration ReferenceGrant ValidatingAdmissionPolicy
	ValidatingAdmissionPolicyBinding`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// build makes the objects, in an order that does not depend on the files.
func (c *cluster) build() {
	slices.SortStableFunc(c.resources, func(a, b *resource) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(rank(a.kind), rank(b.kind)), cmp.Compare(a.name, b.name))
	})
	for _, r := range c.resources {
		if owned(r) {
			c.report.Add(intake.LeftOut, r.n.Place(), r.path(), model.Ref{}, "kubernetes.owned", nil)
			continue
		}
		switch {
		case podTemplate(r) != nil:
			w := c.nameWorkload(r)
			c.workloads = append(c.workloads, w)
			for k, v := range w.tags {
				c.labelled[key(r.namespace, k, v)] = append(c.labelled[key(r.namespace, k, v)], w)
			}
		case r.kind == "HorizontalPodAutoscaler":
			target := r.n.Path("spec", "scaleTargetRef")
			c.scalers[key(target.Get("kind").Text(), r.namespace, target.Get("name").Text())] = r
		case r.kind == "PodDisruptionBudget":
			c.budgets = append(c.budgets, r)
		case r.kind == "Service":
			r.ref = model.Ref{Kind: "service", Name: c.names.Give("service", key("", r.namespace, r.name), r.name, r.name+"."+r.namespace)}
		case r.kind == "Node":
			r.ref = model.Ref{Kind: "component", Name: c.names.Give("component", key("Node", "", r.name), r.name, r.name+"-node")}
		case r.kind == "PersistentVolumeClaim":
			c.data(r.namespace, r.name)
		}
	}
	for _, w := range c.workloads {
		c.buildWorkload(w)
	}
	for _, r := range c.resources {
		switch {
		case owned(r), podTemplate(r) != nil:
		case r.kind == "Service":
			c.buildService(r)
		case routes(r) != nil:
			c.buildRoute(r)
		case r.kind == "Node":
			c.buildNode(r)
		case r.kind == "PersistentVolumeClaim":
			c.buildClaim(r)
		case r.kind == "Namespace":
			c.report.Add(intake.Mapped, r.n.Place(), r.path(), model.Ref{}, "family", nil)
		case r.kind == "HorizontalPodAutoscaler", r.kind == "PodDisruptionBudget", r.kind == "ConfigMap":
			c.report.Add(intake.Mapped, r.n.Place(), r.path(), model.Ref{}, "kubernetes.used", finding.Args{"kind": r.kind})
		case noCounterpart[r.kind]:
			c.report.Add(intake.LeftOut, r.n.Place(), r.path(), model.Ref{}, "kind", finding.Args{"kind": r.kind})
		default:
			c.report.Add(intake.Unknown, r.n.Place(), r.path(), model.Ref{}, "kind.unknown", finding.Args{"kind": r.kind})
		}
	}
	for _, w := range c.workloads {
		c.connect(w)
	}
}

// rank puts kinds whose names matter most first.
func rank(kind string) int {
	if i := slices.Index([]string{"Deployment", "StatefulSet", "DaemonSet", "Service", "Ingress"}, kind); i >= 0 {
		return i
	}
	return 9
}

// owned reports an object that another one made, such as the pods of a Deployment.
func owned(r *resource) bool {
	return (r.kind == "Pod" || r.kind == "ReplicaSet" || r.kind == "Job") && len(r.n.Path("metadata", "ownerReferences").Items()) > 0
}

// describe takes over labels, annotations, owner and description.
func (c *cluster) describe(r *resource, o *model.Object, criticality func(model.Criticality)) {
	meta := r.n.Get("metadata")
	for _, group := range []string{"labels", "annotations"} {
		for _, e := range meta.Get(group).Entries() {
			v := e.Value.Text()
			what := r.path() + ".metadata." + group + "." + e.Name
			at := e.Key.Place()
			switch {
			case intake.IsCriticality(e.Name) && intake.Criticality(v) != "" && criticality != nil:
				criticality(intake.Criticality(v))
				c.report.Add(intake.Mapped, at, what, o.Ref(), "criticality", nil)
				continue
			case intake.IsCriticality(e.Name):
				c.report.Add(intake.Unknown, at, what, o.Ref(), "criticality.unknown", finding.Args{"value": v})
			case intake.IsOwner(e.Name) && v != "" && o.Metadata.Owner.IsZero():
				o.Metadata.Owner = c.report.Own(c.names, v)
				c.report.Add(intake.Mapped, at, what, o.Ref(), "owner", finding.Args{"owner": o.Metadata.Owner.String()})
				continue
			case e.Name == "kubernetes.io/description" || e.Name == "description":
				o.Metadata.Description = model.Text{All: v}
				c.report.Add(intake.Mapped, at, what, o.Ref(), "description", nil)
				continue
			case len(v) > 1024 || strings.HasPrefix(e.Name, "kubectl.kubernetes.io/"):
				c.report.Add(intake.LeftOut, at, what, o.Ref(), "key", finding.Args{"key": e.Name})
				continue
			}
			intake.Tag(o, e.Name, v)
			c.report.Add(intake.Label, at, what, o.Ref(), "label", finding.Args{"key": e.Name})
		}
	}
	if r.namespace != "default" {
		intake.Tag(o, "kubernetes.namespace", r.namespace)
	}
}

// family is the family of the services of a resource.
func family(r *resource) string {
	if part := r.n.Path("metadata", "labels", "app.kubernetes.io/part-of").Text(); part != "" {
		return part
	}
	if r.namespace != "default" {
		return r.namespace
	}
	return ""
}

// site is the site of a zone, or of the whole import when zone is "".
func (c *cluster) site(zone string) model.Ref {
	title := zone
	if title == "" {
		title = c.Site
	}
	if title == "" {
		return model.Ref{}
	}
	name := c.names.Give("site", title)
	o := c.report.Put("site", name, &model.Site{})
	if o.Metadata.Title.IsZero() && name != title {
		o.Metadata.Title = model.Text{All: title}
	}
	return o.Ref()
}

func (c *cluster) data(namespace, claim string) model.Ref {
	name := c.names.Give("data-asset", key("", namespace, claim), claim, claim+"."+namespace)
	return c.report.Put("data-asset", name, &model.DataAsset{}).Ref()
}

func (c *cluster) buildClaim(r *resource) {
	o := c.report.Get(c.data(r.namespace, r.name))
	if o == nil { // over the limit
		return
	}
	c.report.Add(intake.Mapped, r.n.Place(), r.path(), o.Ref(), "data", nil)
	c.describe(r, o, nil)
	for _, x := range [][]string{{"resources", "requests", "storage"}, {"storageClassName"}} {
		if v := r.n.Get("spec").Path(x...).Text(); v != "" {
			intake.Tag(o, "kubernetes."+x[len(x)-1], v)
		}
	}
}

func (c *cluster) buildNode(r *resource) {
	spec := &model.Component{Class: "server", Site: c.site(zoneOf(r.n.Path("metadata", "labels")))}
	o := c.report.Put("component", r.ref.Name, spec)
	c.report.Add(intake.Mapped, r.n.Place(), r.path(), o.Ref(), "component", nil)
	c.describe(r, o, func(x model.Criticality) { spec.Criticality = x })
	for _, e := range r.n.Path("status", "capacity").Entries() {
		read := map[string]func(string) (model.Quantity, bool){"cpu": intake.CPU, "memory": intake.KubernetesMemory}[e.Name]
		if read == nil {
			continue
		}
		if q, ok := read(e.Value.Text()); ok {
			spec.Capacity = append(spec.Capacity, model.Capacity{Name: e.Name, Limit: q})
		}
	}
}

// zoneOf is the zone that labels or a node selector name, else the region.
func zoneOf(labels yamlsource.Node) string {
	for _, k := range zoneKeys {
		if z := labels.Get(k).Text(); z != "" {
			return z
		}
	}
	return ""
}

var zoneKeys = []string{"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"}
