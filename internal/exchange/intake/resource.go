package intake

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"diapason/internal/model"
)

var amountForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)\s*([A-Za-z]*)$`)
})

// DockerMemory reads an amount of memory as Docker writes it, where "300M" and
// "300mb" count in powers of 1024.
func DockerMemory(s string) (model.Quantity, bool) {
	units := map[string]string{"": "B", "b": "B", "k": "KiB", "kb": "KiB", "kib": "KiB", "m": "MiB", "mb": "MiB", "mib": "MiB", "g": "GiB", "gb": "GiB", "gib": "GiB", "t": "TiB", "tb": "TiB", "tib": "TiB"}
	return amount(s, func(u string) (string, float64, bool) { v, ok := units[strings.ToLower(u)]; return v, 1, ok })
}

// KubernetesMemory reads an amount of memory as Kubernetes writes it ("64Mi",
// "128M", "1e9").
func KubernetesMemory(s string) (model.Quantity, bool) {
	return amount(s, func(u string) (string, float64, bool) {
		switch u {
		case "":
			return "B", 1, true
		case "m":
			return "B", 0.001, true
		case "k", "M", "G", "T", "P", "E":
			return strings.ToUpper(u) + "B", 1, true
		case "Ki", "Mi", "Gi", "Ti", "Pi", "Ei":
			return u + "B", 1, true
		}
		return "", 0, false
	})
}

// CPU reads a number of processor cores ("0.5", "500m").
func CPU(s string) (model.Quantity, bool) {
	return amount(s, func(u string) (string, float64, bool) {
		switch u {
		case "":
			return "cores", 1, true
		case "m":
			return "cores", 0.001, true
		}
		return "", 0, false
	})
}

func amount(s string, unit func(string) (string, float64, bool)) (model.Quantity, bool) {
	m := amountForm().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return model.Quantity{}, false
	}
	v, err := strconv.ParseFloat(m[1], 64)
	name, factor, ok := unit(m[2])
	if err != nil || !ok || v > 1e15 {
		return model.Quantity{}, false
	}
	return model.Quantity{Value: Round(v * factor), Unit: name}, true
}

// Round drops what floating point adds beyond the ninth decimal.
func Round(v float64) float64 {
	if math.Abs(v) > 1e5 {
		return v
	}
	return math.Round(v*1e9) / 1e9
}

// Times is the capacity of n identical instances.
func Times(q model.Quantity, n int) model.Quantity {
	if n > 1 {
		q.Value = Round(q.Value * float64(n))
	}
	return q
}

// Image is a container image taken apart.
type Image struct {
	Product string // name with its registry, without tag and digest
	Version string // tag
	Class   string // class of component
}

var classOfProduct = map[string]string{}

func init() {
	for class, words := range map[string]string{
		"database": "postgres postgresql mysql mariadb mongo mongodb cassandra couchdb opensearch elasticsearch clickhouse cockroach cockroachdb influxdb timescaledb neo4j oracle mssql etcd percona",
		"cache":    "redis valkey memcached varnish dragonfly keydb",
		"queue":    "kafka rabbitmq nats activemq pulsar redpanda mosquitto zookeeper",
		"network":  "nginx envoy traefik haproxy caddy httpd kong",
		"storage":  "minio ceph seaweedfs",
	} {
		for _, w := range strings.Fields(words) {
			classOfProduct[w] = class
		}
	}
}

// ParseImage takes an image reference apart ("ghcr.io/valkey-io/valkey:9.0.4").
func ParseImage(s string) Image {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "@")
	im := Image{Product: s, Class: "container"}
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, '/') {
		im.Product, im.Version = s[:i], s[i+1:]
	}
	base := strings.ToLower(im.Product[strings.LastIndexByte(im.Product, '/')+1:])
	words := strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	if slices.Contains(words, "exporter") || slices.Contains(words, "operator") {
		return im
	}
	for _, w := range words {
		if class := classOfProduct[w]; class != "" {
			im.Class = class
			break
		}
	}
	return im
}

// Criticality reads a criticality as labels write it; "" when it is none.
func Criticality(s string) model.Criticality {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "low", "minor", "faible", "tier-4", "tier4":
		return model.CriticalityLow
	case "medium", "moderate", "normal", "moyenne", "tier-3", "tier3":
		return model.CriticalityMedium
	case "high", "important", "élevée", "elevee", "tier-2", "tier2":
		return model.CriticalityHigh
	case "critical", "vital", "critique", "mission-critical", "tier-1", "tier1", "tier-0", "tier0":
		return model.CriticalityCritical
	}
	return ""
}

// IsCriticality reports that a label, annotation or attribute names a criticality.
func IsCriticality(key string) bool { return lastWord(key) == "criticality" }

// IsOwner reports that a label or annotation names who is accountable.
func IsOwner(key string) bool {
	switch lastWord(key) {
	case "owner", "team", "owned-by", "owner-team", "maintainer":
		return true
	}
	return false
}

func lastWord(key string) string {
	key = strings.ToLower(key)
	if i := strings.LastIndexAny(key, "./"); i >= 0 {
		key = key[i+1:]
	}
	return key
}

// Own makes a person (an e-mail address) or a team accountable for an object, and
// puts that person or team into the report when it is not there yet.
func (r *Report) Own(names *Names, who string) model.Ref {
	who = strings.TrimSpace(who)
	if who == "" {
		return model.Ref{}
	}
	if local, _, mail := strings.Cut(who, "@"); mail && local != "" && !strings.ContainsAny(who, " <>") {
		name := names.Give("person", strings.ToLower(who), local)
		r.Put("person", name, &model.Person{Email: who})
		return model.Ref{Kind: "person", Name: name}
	}
	name := names.Give("team", model.Slugify(who), who)
	o := r.Put("team", name, &model.Team{})
	if o.Metadata.Title.IsZero() && who != name {
		o.Metadata.Title = model.Text{All: who}
	}
	return model.Ref{Kind: "team", Name: name}
}

// Tag keeps a text as a label of an object.
func Tag(o *model.Object, key, value string) {
	if o.Metadata.Labels == nil {
		o.Metadata.Labels = map[string]string{}
	}
	o.Metadata.Labels[key] = value
}
