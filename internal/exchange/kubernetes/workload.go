package kubernetes

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

// workload is something that runs pods.
type workload struct {
	*resource
	pod  yamlsource.Node // pod spec
	tags map[string]string
	spec *model.Component
}

// podTemplate is where a kind keeps its pod template: the keys before "spec" and
// "metadata" of the pod; nil for what runs no pods.
func podTemplate(r *resource) []string {
	switch r.kind {
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout", "DeploymentConfig":
		return []string{"spec", "template"}
	case "CronJob":
		return []string{"spec", "jobTemplate", "spec", "template"}
	case "Pod":
		return []string{}
	}
	return nil
}

func (c *cluster) nameWorkload(r *resource) *workload {
	t := r.n.Path(podTemplate(r)...)
	w := &workload{resource: r, pod: t.Get("spec"), tags: map[string]string{}}
	for _, e := range t.Path("metadata", "labels").Entries() {
		w.tags[e.Name] = e.Value.Text()
	}
	name := c.names.Give("component", key(r.kind, r.namespace, r.name), r.name, r.name+"-"+strings.ToLower(r.kind), r.name+"."+r.namespace)
	r.ref = model.Ref{Kind: "component", Name: name}
	return w
}

var workloadKeys = words(`selector strategy updateStrategy minReadySeconds revisionHistoryLimit progressDeadlineSeconds paused serviceName
	podManagementPolicy persistentVolumeClaimRetentionPolicy ordinals backoffLimit completions parallelism activeDeadlineSeconds ttlSecondsAfterFinished
	suspend successfulJobsHistoryLimit failedJobsHistoryLimit concurrencyPolicy startingDeadlineSeconds completionMode triggers test manualSelector`)

var podKeys = words(`restartPolicy terminationGracePeriodSeconds dnsPolicy dnsConfig serviceAccountName serviceAccount automountServiceAccountToken
	securityContext imagePullSecrets hostname subdomain schedulerName tolerations hostAliases readinessGates enableServiceLinks overhead
	setHostnameAsFQDN os hostNetwork hostPID hostIPC hostUsers shareProcessNamespace preemptionPolicy runtimeClassName priority affinity
	ephemeralContainers schedulingGates resourceClaims activeDeadlineSeconds`)

var containerKeys = words(`name command args workingDir ports volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle
	terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty restartPolicy resizePolicy`)

func (c *cluster) buildWorkload(w *workload) {
	spec := &model.Component{Class: "container"}
	w.spec = spec
	o := c.report.Put("component", w.ref.Name, spec)
	if w.ref.Name != w.name {
		o.Metadata.Title = model.Text{All: w.name}
	}
	c.report.Add(intake.Mapped, w.n.Place(), w.path(), w.ref, "component", nil)
	c.describe(w.resource, o, func(x model.Criticality) { spec.Criticality = x })
	if spec.Criticality == "" {
		for k, v := range w.tags {
			if intake.IsCriticality(k) {
				spec.Criticality = intake.Criticality(v)
			}
		}
	}
	c.instances(w)
	c.placement(w, o)
	containers := w.pod.Get("containers").Items()
	for i, x := range containers {
		if im := x.Get("image").Text(); im != "" && i == 0 {
			p := intake.ParseImage(im)
			spec.Class, spec.Product, spec.Version = p.Class, p.Product, p.Version
		} else if i > 0 {
			intake.Tag(o, "kubernetes.container."+x.Get("name").Text(), im)
			c.report.Add(intake.Label, x.Place(), w.path()+".containers."+x.Get("name").Text(), w.ref, "label", finding.Args{"key": "kubernetes.container"})
		}
	}
	c.capacity(w, o, containers)
	c.volumes(w)
	c.others(w)
}

// instances reads replicas, what scales them, and how many must stay.
func (c *cluster) instances(w *workload) {
	spec, what := w.spec, w.path()+".spec.replicas"
	n, stated := number(w.n.Path("spec", "replicas"))
	if w.kind == "DaemonSet" {
		c.report.Add(intake.Notice, w.n.Place(), w.path(), w.ref, "kubernetes.daemonset", nil)
		return
	}
	if r := c.scalers[key(w.kind, w.namespace, w.name)]; r != nil {
		if least, ok := number(r.n.Path("spec", "minReplicas")); ok {
			n, stated, what = max(n, least), true, r.path()+".spec.minReplicas"
		}
	}
	if stated && n == 0 {
		c.report.Add(intake.Notice, w.n.Path("spec", "replicas").Place(), what, w.ref, "instances.none", finding.Args{"value": "0"})
	}
	if n <= 1 {
		return
	}
	spec.Instances, spec.Needed = n, 1
	for _, r := range c.budgets {
		if r.namespace != w.namespace || !selects(r.n.Path("spec", "selector", "matchLabels"), w.tags) {
			continue
		}
		if k, ok := share(r.n.Path("spec", "minAvailable").Text(), n); ok {
			spec.Needed = k
		} else if k, ok := share(r.n.Path("spec", "maxUnavailable").Text(), n); ok {
			spec.Needed = n - k
		} else {
			continue
		}
		spec.Needed = min(max(spec.Needed, 1), n)
		c.report.Add(intake.Mapped, r.n.Place(), r.path(), w.ref, "kubernetes.needed", finding.Args{"needed": spec.Needed, "n": n})
		return
	}
	c.report.Add(intake.Notice, w.n.Path("spec", "replicas").Place(), what, w.ref, "instances", finding.Args{"n": n})
}

func number(n yamlsource.Node) (int, bool) {
	v, err := strconv.Atoi(n.Text())
	return v, err == nil && v >= 0 && v < 1_000_000
}

// share reads a count or a percentage of n, rounded up as Kubernetes does.
func share(s string, n int) (int, bool) {
	if p, ok := strings.CutSuffix(s, "%"); ok {
		v, err := strconv.Atoi(p)
		return int(math.Ceil(float64(v) * float64(n) / 100)), err == nil && v >= 0 && v <= 100
	}
	v, err := strconv.Atoi(s)
	return v, err == nil && v >= 0
}

// selected lists the workloads of a namespace whose pods a selector takes.
func (c *cluster) selected(namespace string, selector yamlsource.Node) []*workload {
	entries := selector.Entries()
	if len(entries) == 0 {
		return nil
	}
	var out []*workload
	for _, w := range c.labelled[key(namespace, entries[0].Name, entries[0].Value.Text())] {
		if selects(selector, w.tags) {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b *workload) int { return a.ref.Compare(b.ref) })
	return out
}

// selects reports that a selector of labels takes the pods with these labels.
func selects(selector yamlsource.Node, tags map[string]string) bool {
	entries := selector.Entries()
	for _, e := range entries {
		if v, ok := tags[e.Name]; !ok || v != e.Value.Text() {
			return false
		}
	}
	return len(entries) > 0
}

// placement reads zones: one zone is the site, several are alternatives.
func (c *cluster) placement(w *workload, o *model.Object) {
	spec := w.spec
	selector := w.pod.Get("nodeSelector")
	zones := []string{}
	if z := zoneOf(selector); z != "" {
		zones = append(zones, z)
	}
	for _, e := range selector.Entries() {
		if !slices.Contains(zoneKeys, e.Name) {
			intake.Tag(o, "kubernetes.nodeSelector."+e.Name, e.Value.Text())
			c.report.Add(intake.Label, e.Key.Place(), w.path()+".nodeSelector."+e.Name, w.ref, "label", finding.Args{"key": "kubernetes.nodeSelector." + e.Name})
		}
	}
	required := w.pod.Path("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
	for _, term := range required.Get("nodeSelectorTerms").Items() {
		for _, x := range term.Get("matchExpressions").Items() {
			if slices.Contains(zoneKeys, x.Get("key").Text()) && x.Get("operator").Text() == "In" {
				for _, v := range x.Get("values").Items() {
					zones = append(zones, v.Text())
				}
			}
		}
	}
	slices.Sort(zones)
	zones = slices.Compact(zones)
	switch len(zones) {
	case 0:
		spec.Site = c.site("")
	case 1:
		spec.Site = c.site(zones[0])
	default:
		group := model.Need{}
		for _, z := range zones {
			group.AnyOf = append(group.AnyOf, model.Need{On: c.site(z)})
		}
		spec.Requires = append(spec.Requires, group)
	}
	if len(zones) > 0 {
		c.report.Add(intake.Mapped, w.pod.Place(), w.path()+".zone", w.ref, "kubernetes.zones", finding.Args{"zones": zones})
	}
	if node := w.pod.Get("nodeName").Text(); node != "" {
		name := c.names.Give("component", key("Node", "", node), node, node+"-node")
		spec.Requires = append(spec.Requires, model.Need{On: model.Ref{Kind: "component", Name: name}})
	}
	for _, x := range w.pod.Get("topologySpreadConstraints").Items() {
		intake.Tag(o, "kubernetes.spread", x.Get("topologyKey").Text())
		c.report.Add(intake.Label, x.Place(), w.path()+".topologySpreadConstraints", w.ref, "label", finding.Args{"key": "kubernetes.spread"})
	}
	if p := w.pod.Get("priorityClassName"); p.IsScalar() {
		intake.Tag(o, "kubernetes.priorityClass", p.Text())
		c.report.Add(intake.Label, p.Place(), w.path()+".priorityClassName", w.ref, "label", finding.Args{"key": "kubernetes.priorityClass"})
	}
}

// capacity sums what the containers of a pod may use, limits or else requests, for
// all instances; requests are kept as labels.
func (c *cluster) capacity(w *workload, o *model.Object, containers []yamlsource.Node) {
	for _, x := range []struct {
		name string
		read func(string) (model.Quantity, bool)
	}{{"cpu", intake.CPU}, {"memory", intake.KubernetesMemory}} {
		var limit, request []model.Quantity
		for _, container := range containers {
			res := container.Get("resources")
			amount := func(n yamlsource.Node) (model.Quantity, bool) {
				if !n.IsScalar() {
					return model.Quantity{}, false
				}
				q, ok := x.read(n.Text())
				if !ok {
					c.report.Add(intake.Unknown, n.Place(), w.path()+".resources."+x.name, w.ref, "quantity", finding.Args{"value": n.Text()})
				}
				return q, ok
			}
			r, asked := amount(res.Path("requests", x.name))
			l, limited := amount(res.Path("limits", x.name))
			if asked {
				request = append(request, r)
			}
			if limited {
				limit = append(limit, l)
			} else if asked {
				limit = append(limit, r)
			}
		}
		if q, ok := total(limit); ok {
			w.spec.Capacity = append(w.spec.Capacity, model.Capacity{Name: x.name, Limit: intake.Times(q, w.spec.Instances)})
			c.report.Add(intake.Mapped, w.pod.Place(), w.path()+".resources."+x.name, w.ref, "capacity", finding.Args{"resource": x.name})
		}
		if q, ok := total(request); ok {
			intake.Tag(o, "kubernetes.requests."+x.name, q.String())
			c.report.Add(intake.Label, w.pod.Place(), w.path()+".resources.requests."+x.name, w.ref, "label", finding.Args{"key": "kubernetes.requests." + x.name})
		}
	}
}

var bytesOf = map[string]float64{"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15, "EB": 1e18, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40, "PiB": 1 << 50, "EiB": 1 << 60}

// total adds quantities; of different units of memory, in MiB.
func total(list []model.Quantity) (model.Quantity, bool) {
	if len(list) == 0 {
		return model.Quantity{}, false
	}
	sum := list[0]
	for _, q := range list[1:] {
		if q.Unit != sum.Unit {
			sum = model.Quantity{Value: sum.Value * bytesOf[sum.Unit] / (1 << 20), Unit: "MiB"}
			q = model.Quantity{Value: q.Value * bytesOf[q.Unit] / (1 << 20), Unit: "MiB"}
		}
		sum.Value = intake.Round(sum.Value + q.Value)
	}
	return sum, true
}

// volumes makes data assets of the claims that the pods mount.
func (c *cluster) volumes(w *workload) {
	add := func(claim string, at intake.Place) {
		ref := c.data(w.namespace, claim)
		if !slices.Contains(w.spec.Data, ref) {
			w.spec.Data = append(w.spec.Data, ref)
			c.report.Add(intake.Mapped, at, w.path()+".volumes."+claim, ref, "data", nil)
		}
	}
	for _, v := range w.pod.Get("volumes").Items() {
		if claim := v.Path("persistentVolumeClaim", "claimName").Text(); claim != "" {
			add(claim, v.Place())
		} else {
			c.report.Add(intake.LeftOut, v.Place(), w.path()+".volumes."+v.Get("name").Text(), w.ref, "key", finding.Args{"key": "volumes"})
		}
	}
	for _, t := range w.n.Path("spec", "volumeClaimTemplates").Items() {
		if name := t.Path("metadata", "name").Text(); name != "" {
			add(name+"-"+w.name, t.Place())
		}
	}
}

// others reports the settings that were not taken over.
func (c *cluster) others(w *workload) {
	report := func(n yamlsource.Node, where string, used string, left map[string]bool) {
		for _, e := range n.Entries() {
			switch {
			case slices.Contains(strings.Fields(used), e.Name):
			case left[e.Name]:
				c.report.Add(intake.LeftOut, e.Key.Place(), w.path()+where+"."+e.Name, w.ref, "key", finding.Args{"key": e.Name})
			default:
				c.report.Add(intake.Unknown, e.Key.Place(), w.path()+where+"."+e.Name, w.ref, "key.unknown", finding.Args{"key": e.Name})
			}
		}
	}
	if w.kind != "Pod" {
		report(w.n.Get("spec"), ".spec", "replicas template jobTemplate volumeClaimTemplates schedule timeZone", workloadKeys)
	}
	report(w.pod, ".pod", "containers initContainers volumes nodeSelector nodeName topologySpreadConstraints priorityClassName", podKeys)
	for _, group := range []string{"containers", "initContainers"} {
		for _, x := range w.pod.Get(group).Items() {
			report(x, "."+group, "image env envFrom resources", containerKeys)
		}
	}
}
