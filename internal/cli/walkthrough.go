package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"diapason/examples"
	"diapason/internal/api"
	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// walkthroughFolder is where the walk-through keeps its own organisation.
var walkthroughFolder = filepath.Join("data", "walkthrough")

// walkthroughRoles are those that a visitor of the walk-through can step into.
var walkthroughRoles = []identity.Role{"service-level-manager", "customer-representative", "service-owner", "administrator"}

// walkthroughVerb serves the walk-through of service levels: an organisation of its own,
// seen on the machine's own clock, with targets that can be broken.
func (t *terminal) walkthroughVerb() *cobra.Command {
	o := serveOptions{walkthrough: true}
	c := &cobra.Command{
		Use: "walkthrough", Short: t.say("walkthrough.cli", nil), Long: t.say("walkthrough.cli.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return t.runServe(cmd.Context(), o) },
	}
	c.PersistentFlags().StringVar(&o.data, "data", walkthroughFolder, t.say("walkthrough.cli.data", nil))
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:8322", t.say("cli.serve.listen", nil))
	o.metrics.retention = defaultRetention
	for _, what := range []string{"break", "mend"} {
		c.AddCommand(t.walkthroughTurn(&o, what))
	}
	c.AddCommand(t.walkthroughTargets(&o))
	return c
}

func (t *terminal) walkthroughTurn(o *serveOptions, what string) *cobra.Command {
	return &cobra.Command{
		Use: what + " [TARGET]", Short: t.say("walkthrough.cli."+what, nil), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "appointments"
			if len(args) > 0 {
				name = args[0]
			}
			targets, err := t.storedTargets(cmd.Context(), o)
			if err != nil {
				return err
			}
			for _, x := range targets {
				if x.name != name {
					continue
				}
				if err := turnTarget(cmd.Context(), x.address, what); err != nil {
					return unusable(errors.New(t.say("walkthrough.cli.silent", finding.Args{"name": name, "address": x.address, "cause": err.Error()})))
				}
				fmt.Fprintln(t.out, t.say("walkthrough.cli."+what+".done", finding.Args{"name": name, "address": "http://" + x.address}))
				return nil
			}
			return unusable(errors.New(t.say("walkthrough.cli.unknown", finding.Args{"name": name})))
		},
	}
}

func (t *terminal) walkthroughTargets(o *serveOptions) *cobra.Command {
	return &cobra.Command{
		Use: "targets", Short: t.say("walkthrough.cli.targets", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			targets, err := t.storedTargets(cmd.Context(), o)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
			for _, x := range targets {
				fmt.Fprintf(w, "%s\thttp://%s\t%s\n", x.name, x.address, t.targetState(cmd.Context(), x.address))
			}
			return w.Flush()
		},
	}
}

// storedTarget is a target as the model of the walk-through names it.
type storedTarget struct {
	name, address string
	source        *model.Object
	of            model.Ref
}

// storedTargets reads the targets from the walk-through's folder, beside its server.
func (t *terminal) storedTargets(ctx context.Context, o *serveOptions) ([]storedTarget, error) {
	reading := storeOptions{data: o.data, reads: true}
	if err := t.mustExist(&reading); err != nil {
		return nil, err
	}
	var out []storedTarget
	err := t.withApp(ctx, &reading, func(a *app.App) error {
		out = targetsOf(a.Head())
		return nil
	})
	return out, err
}

// targetsOf are the targets that the probes of a model ask.
func targetsOf(s *model.Snapshot) []storedTarget {
	var out []storedTarget
	for _, h := range s.OfKind("measurement-source") {
		o := s.Object(h)
		source := o.Spec.(*model.MeasurementSource)
		if source.Probe == nil || len(source.Of) == 0 {
			continue
		}
		out = append(out, storedTarget{name: source.Of[0].Name, address: hostOf(source.Probe.Target), source: o, of: source.Of[0]})
	}
	return out
}

// walkthrough is the walk-through while its server runs.
type walkthrough struct {
	app     *app.App
	targets []*walkthroughTarget
	stored  []storedTarget
	probes  *measuring
}

// openWalkthrough fills an empty store with the organisation of the walk-through, and
// starts its targets. A target whose port is taken listens elsewhere, and the model says so.
func (t *terminal) openWalkthrough(ctx context.Context, a *app.App, dir *identity.Directory, log *slog.Logger) (*walkthrough, error) {
	if a.Head().Len() == 0 {
		objects, issues := examples.Walkthrough()
		if len(issues) > 0 {
			t.reportIssues(issues, "text")
			return nil, unusable(errors.New(t.say("cli.unusable", finding.Args{"n": len(issues)})))
		}
		if err := a.Restore(ctx, identity.Operator(), objects, t.say("walkthrough.loaded", nil)); err != nil {
			return nil, t.storeError(err)
		}
	}
	if err := a.ExampleAccounts(ctx, dir, walkthroughRoles...); err != nil {
		return nil, t.storeError(err)
	}
	if err := t.alsoAvailability(ctx, dir); err != nil {
		return nil, t.storeError(err)
	}
	x := &walkthrough{app: a, stored: targetsOf(a.Head())}
	var moved []*model.Object
	for i := range x.stored {
		s := &x.stored[i]
		target, err := startTarget(s.name, s.address, log)
		if err != nil {
			x.close()
			return nil, unusable(err)
		}
		x.targets = append(x.targets, target)
		if target.address == s.address {
			continue
		}
		s.address = target.address
		spec := *s.source.Spec.(*model.MeasurementSource)
		asked := *spec.Probe
		asked.Target = "http://" + target.address + "/health"
		spec.Probe = &asked
		moved = append(moved, &model.Object{Kind: s.source.Kind, Metadata: s.source.Metadata, Spec: &spec})
	}
	if len(moved) > 0 {
		if _, err := a.Apply(ctx, identity.Operator(), moved, false, t.say("walkthrough.moved", nil), ""); err != nil {
			x.close()
			return nil, t.storeError(err)
		}
	}
	return x, nil
}

// alsoAvailability lets the service level manager record outages as well: in so small an
// organisation one person manages service levels and availability.
func (t *terminal) alsoAvailability(ctx context.Context, dir *identity.Directory) error {
	manager, err := dir.AccountByLogin(ctx, "service-level-manager")
	if err != nil {
		return err
	}
	g, err := identity.ParseGrant(manager.ID, "availability-manager")
	if err != nil {
		return err
	}
	err = dir.Grant(ctx, identity.ByOperator, "example", g)
	var held *identity.Error
	if errors.As(err, &held) && held.Code == identity.CodeGrantHeld { // since the last start
		return nil
	}
	return err
}

func (x *walkthrough) close() {
	if x == nil {
		return
	}
	for _, target := range x.targets {
		target.stop()
	}
}

// tell writes where the targets are.
func (x *walkthrough) tell(t *terminal, out io.Writer) {
	if x == nil {
		return
	}
	for i, target := range x.targets {
		fmt.Fprintln(out, t.say("walkthrough.ready.target", finding.Args{"name": x.stored[i].name, "url": "http://" + target.address}))
	}
}

// serve is what the API needs of the walk-through.
func (x *walkthrough) serve() *api.Walkthrough {
	return &api.Walkthrough{
		Targets: func(ctx context.Context) []app.WalkthroughTarget {
			snap := x.app.Head()
			out := make([]app.WalkthroughTarget, len(x.targets))
			for i, target := range x.targets {
				s := &x.stored[i]
				series := string(app.SeriesName(s.source.Ref(), s.of))
				out[i] = app.WalkthroughTarget{Name: s.name, Service: app.Name(snap, s.of), Address: "http://" + target.address + "/", Works: !target.broken.Load(), Series: series, Promise: x.app.WalkthroughPromise(ctx, series)}
				if run, ok := x.probes.lastRun(s.source.Metadata.Name); ok {
					out[i].Last = &run
				}
			}
			return out
		},
		Turn: func(name string, works bool) bool {
			for _, target := range x.targets {
				if target.name == name {
					target.turn(works)
					return true
				}
			}
			return false
		},
	}
}

// lastRun is the last run of a probe; false before the first.
func (m *measuring) lastRun(source string) (app.ProbeSeen, bool) {
	if m == nil || m.runner == nil {
		return app.ProbeSeen{}, false
	}
	for _, s := range m.runner.Statuses() {
		if s.Source == source && !s.At.IsZero() {
			return app.ProbeSeen{At: model.Instant{Time: s.At.UTC()}, Success: s.Success}, true
		}
	}
	return app.ProbeSeen{}, false
}

// besides starts the walk-through beside the example, once, at an address of its own.
type besides struct {
	t    *terminal
	data string
	ctx  context.Context
	end  context.CancelFunc
	turn chan struct{} // held while it is started
	url  string
	done chan struct{}
}

func (t *terminal) walkthroughBeside(ctx context.Context, data string) *besides {
	b := &besides{t: t, data: data, turn: make(chan struct{}, 1), done: make(chan struct{})}
	b.ctx, b.end = context.WithCancel(ctx)
	close(b.done)
	return b
}

// start gives the address of the walk-through, which runs then until the context ends.
func (b *besides) start(ctx context.Context) (string, error) {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-b.turn }()
	if b.url != "" {
		return b.url, nil
	}
	ready, failed := make(chan string, 1), make(chan error, 1)
	b.done = make(chan struct{})
	o := serveOptions{storeOptions: storeOptions{data: b.data}, listen: "127.0.0.1:0", walkthrough: true, ready: func(url string) { ready <- url }}
	o.metrics.retention = defaultRetention
	done := b.done
	go func() {
		defer close(done)
		failed <- b.t.runServe(b.ctx, o)
	}()
	select {
	case b.url = <-ready:
		return b.url, nil
	case err := <-failed:
		return "", err
	}
}

// stop ends the walk-through and waits for it.
func (b *besides) stop() {
	b.end()
	b.turn <- struct{}{}
	defer func() { <-b.turn }()
	<-b.done
}
