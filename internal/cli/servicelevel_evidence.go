package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

type evidenceOptions struct {
	storeOptions
	from, until, reason, format string
}

func (o *evidenceOptions) all(t *terminal, c *cobra.Command, format bool) {
	o.flags(t, c)
	c.Flags().StringVar(&o.from, "from", "", t.say("evidence.cli.from", nil))
	c.Flags().StringVar(&o.until, "until", "", t.say("evidence.cli.until", nil))
	if format {
		c.Flags().StringVar(&o.format, "format", "text", t.say("evidence.cli.format", nil))
	}
}

// evidence reads and writes the evidence of service levels in a store.
func (t *terminal) evidence() *cobra.Command {
	o := evidenceOptions{storeOptions: storeOptions{reads: true, measures: true}}
	var slices bool
	c := &cobra.Command{
		Use: "evidence [SERIES]", Short: t.say("evidence.cli", nil), Long: t.say("evidence.cli.long", nil), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, until, err := t.days(o)
			if err != nil {
				return err
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				if len(args) == 0 {
					list, err := a.EvidenceSeries(cmd.Context(), identity.Operator(), model.Ref{})
					return t.shown(o, list, err, func() { t.writeSeries(list) })
				}
				v, err := a.Evidence(cmd.Context(), identity.Operator(), args[0], from, until, t.lang)
				return t.shown(o, v, err, func() { t.writeEvidence(v, slices) })
			})
		},
	}
	o.all(t, c, true)
	c.Flags().BoolVar(&slices, "slices", false, t.say("evidence.cli.slices", nil))
	c.AddCommand(t.pushEvidence(), t.correctEvidence(), t.exclusions(), t.exclude(), t.include())
	return c
}

// withEvidence opens a store and its ledger.
func (t *terminal) withEvidence(cmd *cobra.Command, o *evidenceOptions, fn func(*app.App) error) error {
	if o.format != "" && o.format != "text" && o.format != "json" {
		return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": o.format, "formats": []string{"text", "json"}})))
	}
	if err := t.mustExist(&o.storeOptions); err != nil {
		return err
	}
	return t.withApp(cmd.Context(), &o.storeOptions, func(a *app.App) error {
		if a.Ledger() == nil {
			return unusable(errors.New(t.say("evidence.cli.none", finding.Args{"path": o.folder()})))
		}
		return fn(a)
	})
}

// days reads --from and --until as dates.
func (t *terminal) days(o evidenceOptions) (from, until model.Date, err error) {
	if o.from != "" {
		from, err = t.date(o.from)
	}
	if o.until != "" && err == nil {
		until, err = t.date(o.until)
	}
	return from, until, err
}

// instants reads --from and --until as instants.
func (t *terminal) instants(o evidenceOptions) (from, until model.Instant, err error) {
	for _, x := range []struct {
		text string
		into *model.Instant
	}{{o.from, &from}, {o.until, &until}} {
		at, err := time.Parse(time.RFC3339, x.text)
		if err != nil {
			return from, until, unusable(errors.New(t.say("evidence.cli.instant", finding.Args{"value": x.text})))
		}
		x.into.Time = at
	}
	return from, until, nil
}

// shown writes an answer as JSON or as text.
func (t *terminal) shown(o evidenceOptions, v any, err error, text func()) error {
	switch {
	case err != nil:
		return t.storeError(err)
	case o.format == "json":
		e := json.NewEncoder(t.out)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	text()
	return nil
}

func (t *terminal) writeSeries(list []app.SeriesView) {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	for _, s := range list {
		last := t.say("evidence.cli.never", nil)
		if !s.Last.IsZero() {
			last = t.say("evidence.cli.last", finding.Args{"date": s.Last})
		}
		fmt.Fprintf(w, "%s\t%s\n", s.Series, last)
	}
}

func (t *terminal) writeEvidence(v *app.SeriesEvidence, slices bool) {
	if len(v.Days) == 0 {
		fmt.Fprintln(t.out, t.say("evidence.cli.empty", finding.Args{"series": v.Series, "from": v.From, "until": v.Until}))
		return
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "%s\n", t.say("evidence.cli.columns", nil))
	for _, d := range v.Days {
		revision := strconv.Itoa(d.Revision)
		if d.Provisional {
			revision = t.say("evidence.cli.provisional", nil)
		}
		who := d.Engine
		if d.Author != "" {
			who = d.Author
		}
		if d.Reason != "" {
			who += " — " + d.Reason
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\n", d.Date, revision, d.Good, d.Bad, d.Unknown, who)
		if !slices {
			continue
		}
		for _, s := range d.Intervals {
			events := ""
			if s.Total != 0 {
				events = strconv.FormatFloat(s.Good, 'f', -1, 64) + "/" + strconv.FormatFloat(s.Total, 'f', -1, 64)
			}
			fmt.Fprintf(w, "  %s – %s\t%s\t%s\n", s.From.UTC().Format("15:04"), s.Until.UTC().Format("15:04"), t.say("evidence.state."+s.State, nil), events)
		}
	}
}

// pushEvidence records measures from a table.
func (t *terminal) pushEvidence() *cobra.Command {
	var o evidenceOptions
	c := &cobra.Command{
		Use: "push FILE.csv", Short: t.say("evidence.cli.push", nil), Long: t.say("evidence.cli.push.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var in io.Reader = t.in
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return unusable(err)
				}
				defer f.Close()
				in = f
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				done, err := a.PushCSV(cmd.Context(), identity.Operator(), in, o.reason)
				if err != nil {
					return t.storeError(err)
				}
				for _, e := range (language.Writer{Lang: t.lang}).Issues(done.Errors) {
					fmt.Fprintln(t.err, t.say("evidence.cli.line", finding.Args{"path": args[0], "line": e.Line, "message": e.Message}))
				}
				fmt.Fprintln(t.out, t.say("evidence.cli.pushed", finding.Args{"n": done.Measures, "days": done.Days}))
				if len(done.Errors) > 0 {
					return &Exit{StatusFindings, errors.New(t.say("evidence.cli.refused", finding.Args{"n": len(done.Errors)}))}
				}
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&o.reason, "reason", "", t.say("evidence.cli.reason", nil))
	return c
}

func (t *terminal) correctEvidence() *cobra.Command {
	o := evidenceOptions{storeOptions: storeOptions{measures: true}}
	var state string
	c := &cobra.Command{
		Use: "correct SERIES", Short: t.say("evidence.cli.correct", nil), Long: t.say("evidence.cli.correct.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, until, err := t.instants(o)
			if err != nil {
				return err
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				v, err := a.Correct(cmd.Context(), identity.Operator(), app.Measure{Series: args[0], From: from, Until: until, State: state}, o.reason, t.lang)
				return t.shown(o, v, err, func() { t.writeEvidence(v, false) })
			})
		},
	}
	o.all(t, c, true)
	c.Flags().StringVar(&state, "state", "", t.say("evidence.cli.state", nil))
	c.Flags().StringVar(&o.reason, "reason", "", t.say("evidence.cli.reason", nil))
	return c
}

func (t *terminal) exclusions() *cobra.Command {
	o := evidenceOptions{storeOptions: storeOptions{reads: true}}
	c := &cobra.Command{
		Use: "exclusions", Short: t.say("evidence.cli.exclusions", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, until, err := t.days(o)
			if err != nil {
				return err
			}
			var start, end time.Time
			if start = time.Unix(0, 0); !from.IsZero() {
				start = from.UTC()
			}
			if !until.IsZero() {
				end = until.AddDays(1).UTC()
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				list, err := a.Exclusions(cmd.Context(), identity.Operator(), start, end)
				return t.shown(o, list, err, func() { t.writeExclusions(list) })
			})
		},
	}
	o.all(t, c, true)
	return c
}

func (t *terminal) writeExclusions(list []app.ExclusionView) {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	for _, e := range list {
		scope := e.Scope
		if scope == "" {
			scope = t.say("evidence.cli.everything", nil)
		}
		fmt.Fprintf(w, "%d\t%s – %s\t%s\t%s\t%s — %s\n", e.ID, e.From.UTC().Format(time.RFC3339), e.Until.UTC().Format(time.RFC3339), scope, t.say("evidence.kind."+e.Kind, nil), e.Author, e.Reason)
	}
}

func (t *terminal) exclude() *cobra.Command {
	var o evidenceOptions
	var kind, announced string
	c := &cobra.Command{
		Use: "exclude [SCOPE]", Short: t.say("evidence.cli.exclude", nil), Long: t.say("evidence.cli.exclude.long", nil), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q := app.ExclusionRequest{Kind: kind, Reason: o.reason}
			if len(args) > 0 {
				q.Scope = args[0]
			}
			var err error
			if q.From, q.Until, err = t.instants(o); err != nil {
				return err
			}
			if announced != "" {
				if q.Announced.Time, err = time.Parse(time.RFC3339, announced); err != nil {
					return unusable(errors.New(t.say("evidence.cli.instant", finding.Args{"value": announced})))
				}
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				v, err := a.Exclude(cmd.Context(), identity.Operator(), q)
				return t.shown(o, v, err, func() { t.writeExclusions([]app.ExclusionView{*v}) })
			})
		},
	}
	o.all(t, c, true)
	c.Flags().StringVar(&kind, "kind", "planned-maintenance", t.say("evidence.cli.kind", nil))
	c.Flags().StringVar(&announced, "announced", "", t.say("evidence.cli.announced", nil))
	c.Flags().StringVar(&o.reason, "reason", "", t.say("evidence.cli.reason", nil))
	return c
}

func (t *terminal) include() *cobra.Command {
	var o evidenceOptions
	c := &cobra.Command{
		Use: "include NUMBER", Short: t.say("evidence.cli.include", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return unusable(errors.New(t.say("evidence.cli.number", finding.Args{"value": args[0]})))
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				_, err := a.Include(cmd.Context(), identity.Operator(), id, o.reason)
				return t.shown(o, nil, err, func() { fmt.Fprintln(t.out, t.say("evidence.cli.included", finding.Args{"id": int(id)})) })
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&o.reason, "reason", "", t.say("evidence.cli.reason", nil))
	return c
}
