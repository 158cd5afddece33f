// Package probe asks targets at regular intervals from where this process runs, with the
// probers of blackbox_exporter, and writes down what came of it.
//
// A prober that cannot see proves nothing about what it looks at. A run that failed for a
// reason of this machine's own (no network, no socket, no right to send ICMP) writes no
// sample; and for each minute in which the runner kept its schedule, stored its samples
// and was not cut off itself, it writes a heartbeat. A minute without one is unknown.
package probe

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/blackbox_exporter/config"
	pconfig "github.com/prometheus/common/config"
)

// The types of probes.
const (
	TypeHTTP = "http"
	TypeTCP  = "tcp"
	TypeICMP = "icmp"
	TypeDNS  = "dns"
	TypeGRPC = "grpc"
	TypeTLS  = "tls"
)

// What is used where a Definition leaves something at zero.
const (
	DefaultInterval = 30 * time.Second
	DefaultTimeout  = 10 * time.Second
	shortest        = time.Second // interval
)

// Definition is one probe.
type Definition struct {
	Source   string        // name of the measurement source; label source
	Services []string      // what it measures; a sample each, label service
	Type     string        // one of the types above
	Target   string        // URL for http; host:port for tcp, grpc, tls; host for icmp; server for dns
	Interval time.Duration // 30 s when zero, at least one second
	Timeout  time.Duration // 10 s when zero, at most the interval
	Status   []int         // codes expected of http; any 2xx when empty
	Contains string        // regular expression (RE2) that the answer must match
	Name     string        // name to resolve by dns; service to ask for by grpc
	Record   string        // type of the record for dns; A when empty
	Secure   bool          // over TLS: tcp, grpc
	Expires  time.Duration // the certificate must be valid for so long still
}

// key tells definitions apart.
func (d *Definition) key() string { return d.Source + "\x00" + d.Type + "\x00" + d.Target }

// withDefaults fills in what is left at zero, and refuses what cannot be asked.
func (d Definition) withDefaults() (Definition, error) {
	if d.Interval == 0 {
		d.Interval = DefaultInterval
	}
	if d.Timeout == 0 {
		d.Timeout = DefaultTimeout
	}
	d.Timeout = min(d.Timeout, d.Interval)
	switch {
	case d.Interval < shortest:
		return d, fmt.Errorf("an interval of %s is too short: at least %s", d.Interval, shortest)
	case d.Timeout < 0, d.Expires < 0:
		return d, errors.New("a duration is negative")
	case d.Target == "":
		return d, errors.New("the target is missing")
	}
	if _, err := regexp.Compile(d.Contains); err != nil {
		return d, fmt.Errorf("what the answer contains is no regular expression: %w", err)
	}
	for _, s := range d.Status {
		if s < 100 || s > 599 {
			return d, fmt.Errorf("%d is not a status code of HTTP", s)
		}
	}
	return d.checkTarget()
}

var records = []string{"A", "AAAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"}

func (d Definition) checkTarget() (Definition, error) {
	switch d.Type {
	case TypeHTTP:
		u, err := url.Parse(d.Target)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return d, fmt.Errorf("%q is not an address: write it like https://portal.example/health", d.Target)
		}
	case TypeTCP, TypeGRPC, TypeTLS:
		if _, port, err := net.SplitHostPort(d.Target); err != nil || port == "" {
			return d, fmt.Errorf("%q is not host:port", d.Target)
		}
	case TypeICMP:
		if strings.ContainsAny(d.Target, "/ ") {
			return d, fmt.Errorf("%q is not a host", d.Target)
		}
	case TypeDNS:
		if d.Name == "" {
			return d, errors.New("the name to resolve is missing")
		}
		if d.Record == "" {
			d.Record = "A"
		}
		if !slices.Contains(records, d.Record) {
			return d, fmt.Errorf("a record of the type %q is not asked for: one of %s", d.Record, strings.Join(records, ", "))
		}
	default:
		return d, fmt.Errorf("the type %q is unknown", d.Type)
	}
	return d, nil
}

// host is whom the probe asks, without port.
func (d *Definition) host() string {
	t := d.Target
	if d.Type == TypeHTTP {
		if u, err := url.Parse(t); err == nil {
			return u.Hostname()
		}
	}
	if h, _, err := net.SplitHostPort(t); err == nil {
		return h
	}
	return t
}

// local reports whether the probe stays on this machine, and so says nothing of its network.
func (d *Definition) local() bool {
	h := d.host()
	ip := net.ParseIP(h)
	return h == "localhost" || ip != nil && ip.IsLoopback()
}

// encrypted reports whether the probe may see a certificate.
func (d *Definition) encrypted() bool {
	return d.Secure || d.Type == TypeTLS || d.Type == TypeHTTP && strings.HasPrefix(d.Target, "https:")
}

// module is the definition in the terms of blackbox_exporter. Names that resolve to both
// families are asked by IPv4, which a machine without IPv6 can reach too.
func (d *Definition) module() (prober string, m config.Module) {
	m = config.DefaultModule
	m.Timeout = d.Timeout
	expression, _ := config.NewRegexp(d.Contains)
	switch d.Type {
	case TypeHTTP:
		m.HTTP.IPProtocol, m.HTTP.IPProtocolFallback = "ip4", true
		m.HTTP.ValidStatusCodes = d.Status
		m.HTTP.HTTPClientConfig = pconfig.DefaultHTTPClientConfig
		m.HTTP.BodySizeLimit = 10 << 20
		if d.Contains != "" {
			m.HTTP.FailIfBodyNotMatchesRegexp = []config.Regexp{expression}
		}
		return "http", m
	case TypeTCP, TypeTLS:
		m.TCP.IPProtocol, m.TCP.IPProtocolFallback = "ip4", true
		m.TCP.TLS = d.Secure || d.Type == TypeTLS
		if d.Contains != "" {
			m.TCP.QueryResponse = []config.QueryResponse{{Expect: expression}}
		}
		return "tcp", m
	case TypeICMP:
		m.ICMP.IPProtocol, m.ICMP.IPProtocolFallback = "ip4", true
		return "icmp", m
	default: // TypeDNS
		m.DNS.IPProtocol, m.DNS.IPProtocolFallback = "ip4", true
		m.DNS.TransportProtocol = "udp"
		m.DNS.QueryName, m.DNS.QueryType, m.DNS.Recursion = d.Name, d.Record, true
		// A name without such a record does not resolve: an empty answer is none.
		m.DNS.ValidateAnswer.FailIfNoneMatchesRegexp = []string{d.Contains}
		return "dns", m
	}
}
