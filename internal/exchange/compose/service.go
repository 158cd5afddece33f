package compose

import (
	"slices"
	"strconv"
	"strings"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// setting is a text with its place.
type setting struct {
	value string
	at    intake.Place
}

// settingBytes is what a setting or dependency takes in memory, about.
const settingBytes = 180

type dependency struct {
	condition string // service_started, service_healthy, service_completed_successfully
	optional  bool   // required: false
	at        intake.Place
}

// service is one compose service, all files and what it extends merged.
type service struct {
	name     string
	at       intake.Place
	image    setting
	build    bool
	depends  map[string]dependency
	env      map[string]setting
	labels   map[string]setting
	keep     map[string]setting // settings kept as labels
	memory   setting
	cpus     setting
	replicas setting
	ports    []setting // published ones
	volumes  []setting // sources of mounts that are names
	aliases  []string
	profiles []string
	left     []setting // keys without counterpart
	unknown  []setting
}

// Keys that say nothing about service design, or that only the container
// runtime needs.
var leftOut = words(`annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent command configs cpu_count cpu_percent
	cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpuset credential_spec develop device_cgroup_rules devices dns dns_opt
	dns_search domainname entrypoint expose external_links extra_hosts gpus group_add init isolation label_file logging mac_address mem_swappiness
	memswap_limit mem_reservation networks oom_kill_disable oom_score_adj pids_limit post_start pre_stop privileged read_only secrets security_opt
	shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts working_dir healthcheck models`)

// Scalars that may help readers and are kept as labels.
var kept = words(`container_name hostname platform restart pull_policy runtime`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// readService lays one description over what is known of a service.
func (p *project) readService(s *service, file string, n yamlsource.Node, extending map[string]bool) {
	if x := n.Get("extends"); x.Exists() {
		p.extend(s, file, x, extending)
	}
	for _, e := range n.Entries() {
		v := e.Value
		switch e.Name {
		case "extends":
		case "image":
			s.image = p.setting(v)
		case "build":
			s.build = true
			s.left = append(s.left, setting{e.Name, e.Key.Place()})
		case "depends_on":
			p.readDepends(s, v)
		case "links", "volumes_from":
			for _, l := range v.Items() {
				name, _, _ := strings.Cut(strings.TrimPrefix(p.text(l), "container:"), ":")
				p.depend(s, name, dependency{at: l.Place()})
			}
		case "network_mode", "ipc", "pid":
			if name, ok := strings.CutPrefix(p.text(v), "service:"); ok {
				p.depend(s, name, dependency{at: v.Place()})
			} else {
				s.keep[e.Name] = p.setting(v)
			}
		case "environment":
			p.readPairs(s.env, v, true)
		case "env_file":
			p.readServiceEnv(s, file, v)
		case "labels":
			p.readPairs(s.labels, v, false)
		case "deploy":
			p.readDeploy(s, v)
		case "mem_limit":
			s.memory = p.setting(v)
		case "cpus":
			s.cpus = p.setting(v)
		case "scale":
			s.replicas = p.setting(v)
		case "ports":
			p.readPorts(s, v)
		case "volumes":
			p.readVolumes(s, v)
		case "profiles":
			for _, x := range v.Items() {
				s.profiles = append(s.profiles, p.text(x))
			}
			slices.Sort(s.profiles)
			s.profiles = slices.Compact(s.profiles)
		case "provider":
			s.left = append(s.left, setting{e.Name, e.Key.Place()})
		default:
			p.readOther(s, e)
		}
		if e.Name == "networks" {
			for _, net := range v.Entries() {
				for _, a := range net.Value.Get("aliases").Items() {
					s.aliases = append(s.aliases, strings.ToLower(p.text(a)))
				}
			}
		}
	}
}

func (p *project) readOther(s *service, e yamlsource.Entry) {
	switch {
	case kept[e.Name] && e.Value.IsScalar():
		s.keep[e.Name] = p.setting(e.Value)
	case strings.HasPrefix(e.Name, "x-") && e.Value.IsScalar():
		s.labels[strings.TrimPrefix(e.Name, "x-")] = p.setting(e.Value)
	case leftOut[e.Name], kept[e.Name], strings.HasPrefix(e.Name, "x-"):
		s.left = append(s.left, setting{e.Name, e.Key.Place()})
	default:
		s.unknown = append(s.unknown, setting{e.Name, e.Key.Place()})
	}
}

func (p *project) setting(n yamlsource.Node) setting { return setting{p.text(n), n.Place()} }

// extend reads the service that another one extends first.
func (p *project) extend(s *service, file string, x yamlsource.Node, extending map[string]bool) {
	from, target := file, p.text(x)
	if x.IsMap() {
		target = p.text(x.Get("service"))
		if f := p.text(x.Get("file")); f != "" {
			from = relative(file, f)
		}
	}
	key := from + "\x00" + target
	if extending[key] || len(extending) >= maxInclude {
		p.problem(x.Place(), "compose.extends.circle", finding.Args{"name": target})
		return
	}
	extending[key] = true
	defer delete(extending, key)
	f := p.source(from, x.Place())
	if f == nil {
		return
	}
	for _, doc := range f.Docs() {
		if base := doc.Path("services", target); base.IsMap() {
			p.readService(s, from, base, extending)
			return
		}
	}
	p.problem(x.Place(), "compose.extends", finding.Args{"name": target, "file": from})
}

func (p *project) depend(s *service, name string, d dependency) {
	if name != "" && name != s.name && p.report.Charge(settingBytes) {
		s.depends[name] = d
	}
}

func (p *project) readDepends(s *service, v yamlsource.Node) {
	if v.Tag() == "!reset" || v.Tag() == "!override" {
		clear(s.depends)
	}
	for _, x := range v.Items() {
		p.depend(s, p.text(x), dependency{at: x.Place()})
	}
	for _, e := range v.Entries() {
		d := dependency{condition: p.text(e.Value.Get("condition")), optional: e.Value.Get("required").Text() == "false", at: e.Key.Place()}
		p.depend(s, e.Name, d)
	}
}

// readPairs reads a mapping, or a list of NAME=value. In an environment a name
// alone takes its value from the environment files.
func (p *project) readPairs(into map[string]setting, v yamlsource.Node, environment bool) {
	one := func(name, value string, has bool, at intake.Place) {
		if !has && environment {
			value = p.env.vars[name]
		}
		if p.report.Charge(settingBytes + len(value)) {
			into[name] = setting{value, at}
		}
	}
	for _, x := range v.Items() {
		name, value, has := strings.Cut(p.text(x), "=")
		one(name, value, has, x.Place())
	}
	for _, e := range v.Entries() {
		one(e.Name, p.text(e.Value), !e.Value.IsNull(), e.Key.Place())
	}
}

func (p *project) readServiceEnv(s *service, file string, v yamlsource.Node) {
	list := v.Items()
	if !v.IsList() {
		list = []yamlsource.Node{v}
	}
	for _, x := range list {
		name := p.text(x)
		if x.IsMap() {
			name = p.text(x.Get("path"))
		}
		if name == "" {
			continue
		}
		data, err := p.Open(relative(file, name))
		if err != nil {
			p.report.Add(intake.Notice, x.Place(), "services."+s.name+".env_file", model.Ref{}, "env.missing", finding.Args{"name": name})
			continue
		}
		own := &environment{vars: map[string]string{}, missing: func(string, bool) {}}
		own.readEnv(string(data))
		for k, val := range own.vars {
			if _, have := s.env[k]; !have {
				s.env[k] = setting{val, x.Place()}
			}
		}
	}
}

func (p *project) readDeploy(s *service, v yamlsource.Node) {
	for _, e := range v.Entries() {
		switch e.Name {
		case "replicas":
			s.replicas = p.setting(e.Value)
		case "labels":
			p.readPairs(s.labels, e.Value, false)
		case "resources":
			limits := e.Value.Get("limits")
			for _, l := range limits.Entries() {
				switch l.Name {
				case "memory":
					s.memory = p.setting(l.Value)
				case "cpus":
					s.cpus = p.setting(l.Value)
				default:
					s.left = append(s.left, setting{"deploy.resources.limits." + l.Name, l.Key.Place()})
				}
			}
			for _, r := range e.Value.Get("reservations").Entries() {
				if r.Value.IsScalar() {
					s.keep["reservations."+r.Name] = p.setting(r.Value)
				}
			}
		case "mode", "endpoint_mode":
			s.keep["deploy."+e.Name] = p.setting(e.Value)
		default:
			s.left = append(s.left, setting{"deploy." + e.Name, e.Key.Place()})
		}
	}
}

// readPorts keeps the ports that can be reached from outside the machine.
func (p *project) readPorts(s *service, v yamlsource.Node) {
	for _, x := range v.Items() {
		text := p.text(x)
		if x.IsMap() {
			published, ip := p.text(x.Get("published")), p.text(x.Get("host_ip"))
			if published == "" || loopback(ip) {
				continue
			}
			text = published + ":" + p.text(x.Get("target"))
		} else {
			bare, _, _ := strings.Cut(text, "/")
			i := strings.LastIndexByte(bare, ':')
			if i <= 0 || loopback(bare[:i]) {
				continue
			}
		}
		if p.report.Charge(settingBytes) {
			s.ports = append(s.ports, setting{text, x.Place()})
		}
	}
}

func loopback(address string) bool {
	return strings.HasPrefix(address, "127.") || strings.HasPrefix(address, "localhost") || strings.HasPrefix(address, "[::1]") || strings.HasPrefix(address, "::1")
}

func (p *project) readVolumes(s *service, v yamlsource.Node) {
	for _, x := range v.Items() {
		source := p.text(x.Get("source"))
		if x.IsScalar() {
			var target string
			if source, target, _ = strings.Cut(p.text(x), ":"); target == "" {
				source = "" // an anonymous volume
			}
		} else if t := p.text(x.Get("type")); t != "volume" && t != "" {
			source = ""
		}
		if source == "" || strings.ContainsAny(source, "/\\~") || strings.HasPrefix(source, ".") {
			s.left = append(s.left, setting{"volumes", x.Place()})
			continue
		}
		if p.report.Charge(settingBytes) {
			s.volumes = append(s.volumes, setting{source, x.Place()})
		}
	}
}

// instances is the number of identical containers, 0 when not stated.
func (s *service) instances() int {
	n, err := strconv.Atoi(s.replicas.value)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}
