package servicelevel

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// SLM-022: a probe that the model defines cannot run.
var probeCannotRun = finding.Rule{
	ID: "SLM-022", Process: finding.ServiceLevel, Kinds: []string{"measurement-source"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		source := finding.Spec[model.MeasurementSource](f, h)
		if source.Probe == nil || !Probes(source) {
			return
		}
		problem := ProbeFault(source.Probe)
		if problem == nil {
			return
		}
		emit(finding.Finding{
			Pointer: "/spec/probe/" + problem.Field, Variant: problem.Field, Hits: sorted(slices.Clone(source.Of)),
			Args: finding.Args{"value": problem.Value},
		})
	},
}

// Probes tells that Diapason itself is to ask what a source says: a probe is stated, and
// the source is none of those whose figures come from elsewhere.
func Probes(source *model.MeasurementSource) bool {
	return source.Probe != nil && source.Type != "tickets" && source.Type != "declared"
}

// ProbeProblem is why a probe cannot run: which of its fields says so, and what it holds.
type ProbeProblem struct {
	Field string // of the probe, such as "target"
	Value string
	Fault *model.Fault
}

// shortestInterval is how often a probe may run at most.
const shortestInterval = time.Second

// records are the types of records that a probe of DNS asks for.
var records = []string{"A", "AAAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"}

// ProbeFault says why a probe cannot run; nil where it can.
func ProbeFault(p *model.Probe) *ProbeProblem {
	problem := func(field, value, format string, args ...any) *ProbeProblem {
		return &ProbeProblem{field, value, &model.Fault{Format: format, Args: args}}
	}
	target := strings.TrimSpace(p.Target)
	if every := p.Interval.Std(); every != 0 && every < shortestInterval {
		return problem("interval", p.Interval.String(), "an interval of %s is too short: at least one second", p.Interval.String())
	}
	if _, err := ProbeStatus(p); err != nil {
		return &ProbeProblem{"status", p.Status, err}
	}
	if _, err := regexp.Compile(p.Contains); err != nil {
		return problem("contains", p.Contains, "what the answer contains is no regular expression: %s", err.Error())
	}
	if target == "" {
		return problem("target", target, "the target is missing: say what to ask")
	}
	switch p.Type {
	case "http":
		if u, err := url.Parse(target); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return problem("target", target, "%q is not an address: write it like https://portal.example/health", target)
		}
	case "tcp", "grpc", "tls":
		if !hostPort(target) {
			return problem("target", target, "%q is not host:port", target)
		}
	case "icmp":
		if strings.ContainsAny(target, "/ ") {
			return problem("target", target, "%q is not a host", target)
		}
	case "dns":
		switch {
		case p.Name == "":
			return problem("name", "", "the name to resolve is missing")
		case p.Record != "" && !slices.Contains(records, p.Record):
			return problem("record", p.Record, "a record of the type %q is not asked for: one of %s", p.Record, strings.Join(records, ", "))
		}
	default:
		return problem("type", p.Type, "the type %q of the probe is unknown: one of http, tcp, icmp, dns, grpc, tls", p.Type)
	}
	return nil
}

// ProbeStatus reads the codes of HTTP that a probe expects; none where any 2xx will do.
func ProbeStatus(p *model.Probe) ([]int, *model.Fault) {
	var out []int
	for _, word := range strings.FieldsFunc(p.Status, func(r rune) bool { return strings.ContainsRune(", ;", r) }) {
		code, err := strconv.Atoi(word)
		if err != nil || code < 100 || code > 599 {
			return nil, &model.Fault{Format: "%q is not a status code of HTTP", Args: []any{word}}
		}
		out = append(out, code)
	}
	return out, nil
}

// hostPort tells that a text is a host and a port: an address of IPv6 in brackets.
func hostPort(text string) bool {
	at := strings.LastIndexByte(text, ':')
	if at < 0 || at == len(text)-1 {
		return false
	}
	host := text[:at]
	if strings.HasPrefix(host, "[") {
		return strings.HasSuffix(host, "]") && len(host) > 2
	}
	return !strings.ContainsAny(host, ":[]/ ") && !strings.ContainsAny(text[at+1:], "/ ")
}
