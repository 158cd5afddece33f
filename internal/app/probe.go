package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"diapason/internal/model"
)

// ProbeDefinition is what the model wants asked at regular intervals, in plain units;
// zero values are the prober's defaults.
type ProbeDefinition struct {
	Source   string   // name of the measurement source
	Of       []string // names of what it measures
	Type     string   // as in the model: http, tcp, icmp, dns, grpc, tls
	Target   string
	Interval time.Duration
	Timeout  time.Duration
	Status   []int // expected status codes
	Contains string
	Name     string
	Record   string
	Secure   bool
	Expires  time.Duration
}

// ProbeDefinitions lists the probes of the newest model, and what is wrong with those that
// cannot be read, by the name of their source.
func (a *App) ProbeDefinitions() (definitions []ProbeDefinition, problems map[string]error) {
	s := a.Head()
	for _, h := range s.OfKind("measurement-source") {
		o := s.Object(h)
		source := o.Spec.(*model.MeasurementSource)
		if source.Probe == nil || source.Type == "tickets" || source.Type == "declared" {
			continue
		}
		d, err := probeDefinition(o.Metadata.Name, source)
		if err != nil {
			if problems == nil {
				problems = map[string]error{}
			}
			problems[o.Metadata.Name] = err
			continue
		}
		definitions = append(definitions, d)
	}
	return definitions, problems
}

func probeDefinition(name string, source *model.MeasurementSource) (ProbeDefinition, error) {
	p := source.Probe
	d := ProbeDefinition{
		Source: name, Type: p.Type, Target: strings.TrimSpace(p.Target), Interval: p.Interval.Std(), Timeout: p.Timeout.Std(),
		Contains: p.Contains, Name: p.Name, Record: p.Record, Secure: p.Secure, Expires: p.Expires.Std(),
	}
	for _, of := range source.Of {
		d.Of = append(d.Of, of.Name)
	}
	for _, word := range strings.FieldsFunc(p.Status, func(r rune) bool { return strings.ContainsRune(", ;", r) }) {
		code, err := strconv.Atoi(word)
		if err != nil {
			return d, fmt.Errorf("%q is not a status code", word)
		}
		d.Status = append(d.Status, code)
	}
	return d, nil
}
