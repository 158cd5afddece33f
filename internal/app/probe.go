package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
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

// Prober runs probes while the server runs.
type Prober interface {
	// Runs are the last runs, by the name of their source.
	Runs() map[string]ProbeRun
	// Refused are the definitions that it cannot run although the model takes them, by
	// the name of their source.
	Refused() map[string]string
	// Health is how it keeps its schedule.
	Health() ProberHealth
	// Try runs a probe once, now; nothing is stored.
	Try(ctx context.Context, d ProbeDefinition) (ProbeRun, error)
}

// ProbeRun is one run of a probe. A blind one says nothing of its target: this machine
// could not ask.
type ProbeRun struct {
	At      model.Instant `json:"at,omitzero"`
	Success bool          `json:"success"`
	Blind   bool          `json:"blind" doc:"This machine could not ask: nothing is known"`
	Seconds float64       `json:"seconds"`
	Lag     float64       `json:"lag" doc:"Seconds behind its schedule"`
	Reason  string        `json:"reason,omitempty" doc:"Why it failed, in technical English"`
	Expires model.Instant `json:"expires,omitzero" doc:"When the certificate expires"`
	Next    model.Instant `json:"next,omitzero" doc:"When it is due next"`
}

// ProberHealth is how a prober keeps its schedule.
type ProberHealth struct {
	Probes  int           `json:"probes"`
	Running int           `json:"running" doc:"Under way"`
	Lag     float64       `json:"lag" doc:"Of the run that began last, in seconds behind its schedule"`
	Vouched model.Instant `json:"vouched,omitzero" doc:"The last minute that it vouches for"`
}

// ProbeState is how a probe stands.
type ProbeState string

// The states of a probe.
const (
	ProbeAnswers ProbeState = "answers"
	ProbeFails   ProbeState = "fails"
	ProbeBlind   ProbeState = "blind"   // this machine could not ask: unknown
	ProbeWaits   ProbeState = "waits"   // no run yet
	ProbeStopped ProbeState = "stopped" // this server runs no probes
	ProbeCannot  ProbeState = "cannot"  // the definition cannot run
)

// ProbeView is one probe of the model.
type ProbeView struct {
	Source   Named      `json:"source"`
	Of       []Named    `json:"of"`
	Type     string     `json:"type,omitempty" doc:"http, tcp, icmp, dns, grpc or tls"`
	Target   string     `json:"target,omitempty"`
	Interval float64    `json:"interval,omitempty" doc:"Seconds"`
	Timeout  float64    `json:"timeout,omitempty" doc:"Seconds"`
	State    ProbeState `json:"state" enum:"answers,fails,blind,waits,stopped,cannot"`
	Word     string     `json:"word" doc:"The state in words"`
	Problem  string     `json:"problem,omitempty" doc:"Why it cannot run"`
	Last     *ProbeRun  `json:"last,omitempty"`
	MayTry   bool       `json:"mayTry"`
}

// Probes are the probes of the model and how they run here.
type Probes struct {
	Here   bool          `json:"here" doc:"This server runs probes"`
	Health *ProberHealth `json:"health,omitempty"`
	At     model.Instant `json:"at"`
	Probes []ProbeView   `json:"probes"`
}

// defaults of a probe where its definition is silent, as the prober has them.
const (
	probeInterval = 30 * time.Second
	probeTimeout  = 10 * time.Second
)

// UseProber lets the probes that run in this process be seen and tried.
func (a *App) UseProber(p Prober) { a.prober.Store(&p) }

func (a *App) runningProber() Prober {
	if p := a.prober.Load(); p != nil {
		return *p
	}
	return nil
}

// ProbeDefinitions lists the probes of the newest model that can run. Those that cannot
// are findings, and are listed by Probes.
func (a *App) ProbeDefinitions() []ProbeDefinition {
	s := a.Head()
	var out []ProbeDefinition
	for _, h := range s.OfKind("measurement-source") {
		o := s.Object(h)
		if source := o.Spec.(*model.MeasurementSource); servicelevel.Probes(source) && servicelevel.ProbeFault(source.Probe) == nil {
			out = append(out, probeDefinition(o.Metadata.Name, source))
		}
	}
	return out
}

func probeDefinition(name string, source *model.MeasurementSource) ProbeDefinition {
	p := source.Probe
	status, _ := servicelevel.ProbeStatus(p)
	d := ProbeDefinition{
		Source: name, Type: p.Type, Target: strings.TrimSpace(p.Target), Interval: p.Interval.Std(), Timeout: p.Timeout.Std(), Status: status,
		Contains: p.Contains, Name: p.Name, Record: p.Record, Secure: p.Secure, Expires: p.Expires.Std(),
	}
	for _, of := range source.Of {
		d.Of = append(d.Of, of.Name)
	}
	return d
}

// Probes lists every probe that the model defines and the actor may read: those that
// cannot run first, then those that fail, then by name.
func (a *App) Probes(ctx context.Context, actor identity.Actor, lang language.Lang) (*Probes, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	s, prober := a.Head(), a.runningProber()
	out := &Probes{Here: prober != nil, At: model.Instant{Time: a.now()}, Probes: []ProbeView{}}
	var runs map[string]ProbeRun
	var refusals map[string]string
	if prober != nil {
		health := prober.Health()
		out.Health, runs, refusals = &health, prober.Runs(), prober.Refused()
	}
	w := WriterFor(s, lang)
	for _, h := range s.OfKind("measurement-source") {
		o := s.Object(h)
		source := o.Spec.(*model.MeasurementSource)
		if !servicelevel.Probes(source) && source.Type != "probe" || !a.Visible(actor, s, o) {
			continue
		}
		v := ProbeView{Source: Name(s, o.Ref()), Of: []Named{}, State: ProbeStopped}
		for _, of := range source.Of {
			if x := s.Get(of); x == nil || a.Visible(actor, s, x) {
				v.Of = append(v.Of, Name(s, of))
			}
		}
		v.read(w, o, source, runs, refusals, prober != nil)
		v.Word = w.Message("probe.state."+string(v.State), nil)
		v.MayTry = prober != nil && v.State != ProbeCannot && a.May(actor, identity.ActionChangeCommit, Resource(s, o))
		out.Probes = append(out.Probes, v)
	}
	slices.SortFunc(out.Probes, func(x, y ProbeView) int {
		if c := probeUrgency(x.State) - probeUrgency(y.State); c != 0 {
			return c
		}
		return strings.Compare(x.Source.Ref.String(), y.Source.Ref.String())
	})
	return out, nil
}

// read fills in what the model says of a probe and what its last run gave.
func (v *ProbeView) read(w language.Writer, o *model.Object, source *model.MeasurementSource, runs map[string]ProbeRun, refusals map[string]string, here bool) {
	p := source.Probe
	if p == nil {
		v.State, v.Problem = ProbeCannot, w.Message("probe.undescribed", nil)
		return
	}
	v.Type, v.Target = p.Type, strings.TrimSpace(p.Target)
	interval, timeout := p.Interval.Std(), p.Timeout.Std()
	if interval == 0 {
		interval = probeInterval
	}
	if timeout == 0 {
		timeout = probeTimeout
	}
	v.Interval, v.Timeout = interval.Seconds(), min(timeout, interval).Seconds()
	if problem := servicelevel.ProbeFault(p); problem != nil {
		v.State, v.Problem = ProbeCannot, w.Fault(problem.Fault)
		return
	}
	if why := refusals[o.Metadata.Name]; why != "" {
		v.State, v.Problem = ProbeCannot, why
		return
	}
	if !here {
		return
	}
	run, ran := runs[o.Metadata.Name]
	switch {
	case !ran || run.At.IsZero():
		v.State = ProbeWaits
	case run.Blind:
		v.State = ProbeBlind
	case run.Success:
		v.State = ProbeAnswers
	default:
		v.State = ProbeFails
	}
	if ran {
		v.Last = &run
	}
}

// probeUrgency orders states: what measures nothing, what fails, what is well.
func probeUrgency(s ProbeState) int {
	return slices.Index([]ProbeState{ProbeCannot, ProbeBlind, ProbeFails, ProbeWaits, ProbeStopped, ProbeAnswers}, s)
}

// TryProbe runs a probe of the model once, now. Nothing is stored: what it answers is no
// evidence. Whoever may change the source may try it.
func (a *App) TryProbe(ctx context.Context, actor identity.Actor, name string, lang language.Lang) (*ProbeRun, error) {
	s := a.Head()
	ref := model.Ref{Kind: "measurement-source", Name: name}
	o, err := a.readable(actor, s, ref)
	if err != nil {
		return nil, err
	}
	if err := a.maySay(actor, s, ref); err != nil {
		return nil, err
	}
	source := o.Spec.(*model.MeasurementSource)
	if !servicelevel.Probes(source) {
		return nil, refused("/name", &model.Fault{Format: "a probe that nothing describes cannot run: say what to ask, or another type of source"})
	}
	if problem := servicelevel.ProbeFault(source.Probe); problem != nil {
		return nil, refused("/spec/probe/"+problem.Field, problem.Fault)
	}
	prober := a.runningProber()
	if prober == nil {
		return nil, fail(CodeUnavailable, nil)
	}
	run, err := prober.Try(ctx, probeDefinition(name, source))
	if err != nil {
		return nil, refused("/spec/probe", &model.Fault{Format: "%s", Args: []any{err.Error()}})
	}
	run.At = model.Instant{Time: a.now().UTC()}
	return &run, nil
}
