package probe

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"diapason/internal/telemetry"
)

// metricExpiry is when the first certificate of those shown expires, as blackbox_exporter.
const metricExpiry = "probe_ssl_earliest_cert_expiry"

const (
	// mostAtOnce is how many runs are under way at once where Options say nothing: 2 000
	// targets that are all silent need 667 at intervals of 30 s and timeouts of 10 s.
	mostAtOnce = 1000
	// tooLate is by how much a run may begin late: beyond it, its minute is not vouched for.
	tooLate = 5 * time.Second
	// flushEvery is how often results are stored.
	flushEvery = time.Second
	// DefaultReferenceInterval is how often references are asked.
	DefaultReferenceInterval = 15 * time.Second
)

// Options of the runner.
type Options struct {
	// Into takes the samples.
	Into telemetry.Appender
	// AtOnce bounds the runs under way at once.
	AtOnce int
	// References are machines (host:port, by TCP) that answer whatever becomes of the
	// services, such as the gateway or a public resolver. Where there are some, they alone
	// tell whether this machine is cut off.
	References []string
	Log        *slog.Logger
	// Now is the time that samples carry; the system's when nil. Pace is how many times
	// as fast as the process's own time it runs; 1 when zero.
	Now  func() time.Time
	Pace float64
}

// Runner runs probes. It is safe for concurrent use.
type Runner struct {
	into    telemetry.Appender
	log     *slog.Logger
	now     func() time.Time
	pace    float64
	ask     func(context.Context, *Definition) result
	room    chan struct{}
	changed chan struct{}
	done    chan finished

	mu    sync.Mutex
	queue queue
	of    map[string]*scheduled
	watch *watch
}

// scheduled is a probe with its place in the schedule.
type scheduled struct {
	Definition
	due     time.Time
	place   int // in the queue; -1: not in it
	running bool
	gone    bool
	last    Status
}

// finished is a run that has ended.
type finished struct {
	probe   *scheduled
	started time.Time
	result  result
}

// Status is the last run of a probe.
type Status struct {
	Source  string    `json:"source"`
	At      time.Time `json:"at"` // zero before the first run
	Success bool      `json:"success"`
	Blind   bool      `json:"blind"` // this machine could not ask: nothing is known
	Seconds float64   `json:"seconds"`
	Reason  string    `json:"reason,omitempty"`
	Expires time.Time `json:"expires,omitzero"` // of the certificate
	// Lag is by how much the run began later than it was due, Next when the next is due.
	Lag  time.Duration `json:"lag"`
	Next time.Time     `json:"next"`
}

// Problem is a definition that cannot be run.
type Problem struct {
	Source string
	Err    error
}

// New makes a runner without probes.
func New(o Options) (*Runner, error) {
	if o.AtOnce == 0 {
		o.AtOnce = mostAtOnce
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &Runner{into: o.Into, log: o.Log, now: o.Now, pace: max(o.Pace, 1), ask: ask, room: make(chan struct{}, o.AtOnce), changed: make(chan struct{}, 1), done: make(chan finished, o.AtOnce), of: map[string]*scheduled{}, watch: newWatch(len(o.References) > 0)}
	for _, target := range o.References {
		d, err := Definition{Type: TypeTCP, Target: target, Interval: DefaultReferenceInterval, Timeout: 5 * time.Second}.withDefaults()
		if err != nil {
			return nil, fmt.Errorf("the reference of the probes: %w", err)
		}
		r.add(d, r.now())
	}
	return r, nil
}

// Set replaces the definitions. Those that stay as they were keep their place in the
// schedule; those that cannot be run are given back, the others run.
func (r *Runner) Set(definitions []Definition) []Problem {
	r.mu.Lock()
	defer r.mu.Unlock()
	var problems []Problem
	kept := map[string]bool{}
	now := r.now()
	for _, d := range definitions {
		d, err := d.withDefaults()
		if err == nil && d.Source == "" {
			err = fmt.Errorf("the name of the source is missing")
		}
		if err != nil {
			problems = append(problems, Problem{d.Source, err})
			continue
		}
		kept[d.key()] = true
		if known := r.of[d.key()]; known != nil && reflect.DeepEqual(known.Definition, d) {
			continue
		}
		r.remove(d.key())
		r.add(d, now)
	}
	for key, p := range maps.Clone(r.of) {
		if p.Source != "" && !kept[key] {
			r.remove(key)
		}
	}
	select {
	case r.changed <- struct{}{}:
	default:
	}
	return problems
}

func (r *Runner) add(d Definition, now time.Time) {
	p := &scheduled{Definition: d, due: next(&d, now)}
	p.last.Source = d.Source
	r.of[d.key()] = p
	heap.Push(&r.queue, p)
}

func (r *Runner) remove(key string) {
	if p := r.of[key]; p != nil {
		p.gone = true
		heap.Remove(&r.queue, p.place)
		delete(r.of, key)
	}
}

// next is when a probe is due next: each has its own place within the interval, by its
// name, so that they are spread evenly and stay in place over restarts.
func next(d *Definition, after time.Time) time.Time {
	h := fnv.New64a()
	_, _ = h.Write([]byte(d.key()))
	offset := time.Duration(mixed(h.Sum64()) % uint64(d.Interval))
	slot := after.Add(-offset).Truncate(d.Interval).Add(offset)
	for !slot.After(after) {
		slot = slot.Add(d.Interval)
	}
	return slot
}

// mixed spreads the bits of a hash (the finalizer of MurmurHash3): names that differ in
// their last letter would else be due close to each other.
func mixed(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// Statuses are the last runs, by source.
func (r *Runner) Statuses() []Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Status
	for _, p := range r.of {
		if p.Source != "" {
			last := p.last
			last.Next = p.due
			out = append(out, last)
		}
	}
	slices.SortFunc(out, func(a, b Status) int { return cmp.Compare(a.Source, b.Source) })
	return out
}

// Figures are what a server shows of its prober.
type Figures struct {
	Probes   int       // defined
	Running  int       // under way
	Lag      float64   // of the run that began last, in seconds behind its schedule
	Vouched  time.Time // the last minute for which a heartbeat was written
	Failures int       // probes whose last run failed
}

// Figures gives them.
func (r *Runner) Figures() Figures {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := Figures{Running: len(r.room), Lag: r.watch.lag.Seconds(), Vouched: r.watch.vouched}
	for _, p := range r.of {
		if p.Source != "" {
			f.Probes++
			if !p.last.At.IsZero() && !p.last.Success {
				f.Failures++
			}
		}
	}
	return f
}

// Run runs probes until the context ends; what was under way then is dropped.
func (r *Runner) Run(ctx context.Context) {
	stored := make(chan struct{})
	go func() { r.store(ctx); close(stored) }()
	var runs sync.WaitGroup
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		now := r.now()
		wait := r.begin(ctx, now, &runs)
		timer.Reset(time.Duration(float64(wait) / r.pace))
		select {
		case <-ctx.Done():
		case <-r.changed:
		case <-timer.C:
		}
	}
	runs.Wait()
	<-stored
}

// begin begins what is due and says how long to wait then.
func (r *Runner) begin(ctx context.Context, now time.Time, runs *sync.WaitGroup) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watch.tick(now)
	for len(r.queue) > 0 && !r.queue[0].due.After(now) {
		p := r.queue[0]
		lag := now.Sub(p.due)
		if p.running || lag > tooLate {
			r.watch.late(p.due, now)
		} else {
			select {
			case r.room <- struct{}{}:
			default: // all places are taken: wait for one, late if need be
				return 10 * time.Millisecond
			}
			p.running, r.watch.lag = true, lag
			runs.Go(func() { r.run(ctx, p, now, lag) })
		}
		p.due = next(&p.Definition, now)
		heap.Fix(&r.queue, p.place)
	}
	wait := now.Truncate(time.Second).Add(time.Second).Sub(now)
	if len(r.queue) > 0 {
		wait = min(wait, r.queue[0].due.Sub(now))
	}
	return max(wait, 0)
}

func statusOf(source string, started time.Time, got result) Status {
	return Status{Source: source, At: started, Success: got.success, Blind: got.sight == blind, Seconds: got.seconds, Reason: got.reason, Expires: got.expiry}
}

// Try runs a probe once, now, outside the schedule; nothing is stored and no heartbeat
// rests on it. It waits for a place among the runs under way.
func (r *Runner) Try(ctx context.Context, d Definition) (Status, error) {
	d, err := d.withDefaults()
	if err != nil {
		return Status{}, err
	}
	select {
	case r.room <- struct{}{}:
		defer func() { <-r.room }()
	case <-ctx.Done():
		return Status{}, ctx.Err()
	}
	started := r.now()
	return statusOf(d.Source, started, r.ask(ctx, &d)), nil
}

func (r *Runner) run(ctx context.Context, p *scheduled, started time.Time, lag time.Duration) {
	defer func() { <-r.room }()
	got := r.ask(ctx, &p.Definition)
	r.mu.Lock()
	p.running = false
	dropped := ctx.Err() != nil || p.gone
	if !dropped {
		p.last = statusOf(p.Source, started, got)
		p.last.Lag = lag
		r.watch.ran(&p.Definition, started, got)
	}
	r.mu.Unlock()
	if !dropped && p.Source != "" {
		select {
		case r.done <- finished{p, started, got}:
		case <-ctx.Done():
		}
	}
}

// store stores results once a second, and heartbeats when their minute can be vouched for.
func (r *Runner) store(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	var samples []telemetry.Sample
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-r.done:
			samples = f.appendTo(samples)
			continue
		case <-tick.C:
		}
		if !r.append(ctx, samples) {
			r.mu.Lock()
			for _, s := range samples {
				r.watch.lost(s.At)
			}
			r.mu.Unlock()
		}
		samples = samples[:0]
		r.mu.Lock()
		vouched := r.watch.vouch(r.now())
		r.mu.Unlock()
		var beats []telemetry.Sample
		for _, minute := range vouched {
			beats = append(beats, telemetry.Sample{Labels: map[string]string{"__name__": telemetry.MetricProbeHeartbeat}, At: minute.Add(30 * time.Second), Value: 1})
		}
		r.append(ctx, beats)
	}
}

func (r *Runner) append(ctx context.Context, samples []telemetry.Sample) bool {
	if len(samples) == 0 {
		return true
	}
	refused, err := r.into.Append(ctx, samples)
	if err != nil || refused > 0 {
		r.log.Error("what the probes saw cannot be stored", "samples", len(samples), "refused", refused, "error", err)
	}
	return err == nil && refused == 0
}

// appendTo adds the samples of a run; a blind one has none.
func (f *finished) appendTo(samples []telemetry.Sample) []telemetry.Sample {
	if f.result.sight == blind {
		return samples
	}
	services := f.probe.Services
	if len(services) == 0 {
		services = []string{""}
	}
	for _, service := range services {
		add := func(name string, v float64) {
			l := map[string]string{"__name__": name, telemetry.LabelSource: f.probe.Source}
			if service != "" {
				l[telemetry.LabelService] = service
			}
			samples = append(samples, telemetry.Sample{Labels: l, At: f.started, Value: v})
		}
		success := 0.0
		if f.result.success {
			success = 1
		}
		add(telemetry.MetricProbeSuccess, success)
		add(telemetry.MetricProbeDuration, f.result.seconds)
		if !f.result.expiry.IsZero() {
			add(metricExpiry, float64(f.result.expiry.Unix()))
		}
	}
	return samples
}

// queue is the schedule: a heap by when probes are due.
type queue []*scheduled

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

// Push adds a probe.
func (q *queue) Push(x any) {
	p := x.(*scheduled)
	p.place = len(*q)
	*q = append(*q, p)
}

// Pop takes the last.
func (q *queue) Pop() any {
	old := *q
	p := old[len(old)-1]
	p.place = -1
	*q = old[:len(old)-1]
	return p
}
