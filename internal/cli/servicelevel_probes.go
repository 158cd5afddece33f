package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/telemetry/probe"
)

// probes lists the probes of the model and why one cannot run, and tries them.
func (t *terminal) probes() *cobra.Command {
	o := storeOptions{reads: true}
	var format string
	var try bool
	c := &cobra.Command{
		Use: "probes", Short: t.say("probe.cli", nil), Long: t.say("probe.cli.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": []string{"text", "json"}})))
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				if try {
					runner, err := probe.New(probe.Options{})
					if err != nil {
						return unusable(err)
					}
					a.UseProber(&prober{runner: runner})
				}
				list, err := a.Probes(cmd.Context(), identity.Operator(), t.lang)
				if err != nil {
					return t.storeError(err)
				}
				list.Here, list.Health = false, nil // a try is no server
				for i := range list.Probes {
					if p := &list.Probes[i]; try && p.State != app.ProbeCannot {
						if p.Last, err = a.TryProbe(cmd.Context(), identity.Operator(), p.Source.Ref.Name, t.lang); err != nil {
							return t.storeError(err)
						}
						p.State = stateOfTry(p.Last)
						p.Word = t.say("probe.state."+string(p.State), nil)
					}
				}
				return t.writeProbes(list, format)
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	c.Flags().BoolVar(&try, "try", false, t.say("probe.cli.try", nil))
	return c
}

func stateOfTry(run *app.ProbeRun) app.ProbeState {
	switch {
	case run.Blind:
		return app.ProbeBlind
	case run.Success:
		return app.ProbeAnswers
	}
	return app.ProbeFails
}

// writeProbes writes probes for people or machines; the status tells of those that cannot
// run or fail.
func (t *terminal) writeProbes(list *app.Probes, format string) error {
	bad := 0
	for _, p := range list.Probes {
		if p.State == app.ProbeCannot || p.State == app.ProbeFails {
			bad++
		}
	}
	switch {
	case format == "json":
		e := json.NewEncoder(t.out)
		e.SetIndent("", "  ")
		if err := e.Encode(list); err != nil {
			return unusable(err)
		}
	case len(list.Probes) == 0:
		fmt.Fprintln(t.out, t.say("probe.cli.none", nil))
	default:
		tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
		for _, p := range list.Probes {
			told, took := p.Problem, ""
			if p.Last != nil {
				told, took = p.Last.Reason, time.Duration(p.Last.Seconds*float64(time.Second)).Round(time.Millisecond).String()
			}
			every := ""
			if p.Interval > 0 {
				every = time.Duration(p.Interval * float64(time.Second)).String()
			}
			fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.Source.Ref.Name, p.Word, p.Type, p.Target, every, took, told)
		}
		if err := tab.Flush(); err != nil {
			return unusable(err)
		}
	}
	if bad > 0 {
		return &Exit{Status: StatusFindings}
	}
	return nil
}

// compare sets promise, prediction and measurement side by side.
func (t *terminal) compare() *cobra.Command {
	o := storeOptions{reads: true}
	var format, service string
	c := &cobra.Command{
		Use: "compare", Short: t.say("compare.cli", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": []string{"text", "json"}})))
			}
			q := app.ObjectivesQuery{Limit: 1 << 20}
			if service != "" {
				q.Service = named("service", service)
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				list, err := a.Comparison(cmd.Context(), identity.Operator(), q, t.lang)
				if err != nil {
					return t.storeError(err)
				}
				if format == "json" {
					e := json.NewEncoder(t.out)
					e.SetIndent("", "  ")
					return e.Encode(list)
				}
				lang := string(t.lang)
				tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
				for _, x := range list.Items {
					fmt.Fprintf(tab, "%s\t%s %s\t%s\t%s\t%s\t%s\n", x.Of.Title.In(lang), x.Service.Title.In(lang), x.Label, x.Promised, x.Predicted, x.Measured, x.Sentence)
				}
				return tab.Flush()
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	c.Flags().StringVar(&service, "service", "", t.say("objective.cli.service", nil))
	return c
}

// declare writes a figure of a period that is over, typed by hand.
func (t *terminal) declare() *cobra.Command {
	var o storeOptions
	var d app.Declaration
	c := &cobra.Command{
		Use: "declare OBJECTIVE", Short: t.say("objective.cli.declare", nil), Long: t.say("objective.cli.declare.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.ID = args[0]
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				done, err := a.Declare(cmd.Context(), identity.Operator(), d)
				if err != nil {
					return t.storeError(err)
				}
				fmt.Fprintln(t.out, t.say("objective.cli.declared", finding.Args{"figures": done.Figures.Ref.String(), "period": done.Period}))
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&d.Period, "period", "", t.say("objective.cli.declare.period", nil))
	c.Flags().StringVar(&d.Figure, "figure", "", t.say("objective.cli.declare.figure", nil))
	c.Flags().IntVar(&d.Cases, "cases", 0, t.say("objective.cli.declare.cases", nil))
	c.Flags().StringVar(&d.Reason, "reason", "", t.say("evidence.cli.reason", nil))
	return c
}
