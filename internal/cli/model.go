package cli

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/api"
	"diapason/internal/app"
	"diapason/internal/exchange/folder"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// withApp opens the store and the use cases for one command of the operator.
func (t *terminal) withApp(ctx context.Context, o *storeOptions, fn func(*app.App) error) error {
	st, err := o.open(ctx)
	if err != nil {
		return t.storeError(err)
	}
	defer st.Close()
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		return unusable(err)
	}
	l, err := o.openLedger(ctx)
	if err != nil {
		return t.storeError(err)
	}
	if l != nil {
		defer l.Close()
	}
	options := app.Options{Store: st, Directory: dir, Ledger: l, Now: machine.now, Pace: machine.pace, Beside: true}
	if o.measures {
		metrics, err := t.openMeasured(o)
		if err != nil {
			return err
		}
		if metrics != nil {
			defer metrics.Close()
			options.Metrics = metrics
		}
	}
	a, err := app.Open(ctx, options)
	if err != nil {
		return t.storeError(err)
	}
	defer a.Close()
	return fn(a)
}

func (t *terminal) exportModel() *cobra.Command {
	o := storeOptions{reads: true}
	var out string
	var seq int64
	c := &cobra.Command{
		Use: "export", Short: t.say("cli.export", nil), Long: t.say("cli.export.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return unusable(errors.New(t.say("cli.export.needs", nil)))
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				snap, err := a.SnapshotAt(cmd.Context(), seq)
				if err != nil {
					return t.storeError(err)
				}
				if err := folder.Write(out, folder.Sorted(snap)); err != nil {
					return unusable(err)
				}
				hash := snap.Hash()
				fmt.Fprintln(t.out, t.say("cli.export.done", finding.Args{"n": snap.Len(), "path": out, "hash": hex.EncodeToString(hash[:])}))
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVarP(&out, "output", "o", "", t.say("cli.flag.output", nil))
	c.Flags().Int64Var(&seq, "seq", 0, t.say("cli.flag.seq", nil))
	return c
}

func (t *terminal) apply() *cobra.Command {
	var o storeOptions
	var prune, yes bool
	var title, reason string
	c := &cobra.Command{
		Use: "apply PATH", Short: t.say("cli.apply", nil), Long: t.say("cli.apply.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			objects, issues, err := folder.Read(args[0])
			if err != nil {
				return unusable(err)
			}
			if len(issues) > 0 {
				t.reportIssues(issues, "text")
				return &Exit{StatusUnusable, errors.New(t.say("cli.unusable", finding.Args{"n": len(issues)}))}
			}
			if len(objects) == 0 { // with --prune this would delete everything
				return unusable(errors.New(t.say("cli.check.empty", finding.Args{"path": args[0]})))
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				plan := app.PlanApply(a.Head(), objects, prune)
				t.showPlan(a.Head(), plan)
				if plan.Empty() {
					hash := a.Head().Hash()
					fmt.Fprintln(t.out, t.say("cli.apply.nothing", finding.Args{"hash": hex.EncodeToString(hash[:])}))
					return nil
				}
				if !yes {
					fmt.Fprintln(t.out, t.say("cli.apply.dry", nil))
					return nil
				}
				if title == "" {
					title = "apply " + args[0]
				}
				seq, err := a.Apply(cmd.Context(), identity.Operator(), objects, prune, title, reason)
				if err != nil {
					return t.storeError(err)
				}
				hash := a.Head().Hash()
				fmt.Fprintln(t.out, t.say("cli.apply.done", finding.Args{"seq": int(seq), "hash": hex.EncodeToString(hash[:])}))
				return nil
			})
		},
	}
	o.flags(t, c)
	f := c.Flags()
	f.BoolVar(&prune, "prune", false, t.say("cli.apply.prune", nil))
	f.BoolVar(&yes, "yes", false, t.say("cli.apply.yes", nil))
	f.StringVar(&title, "title", "", t.say("cli.apply.title", nil))
	f.StringVar(&reason, "reason", "", t.say("cli.apply.reason", nil))
	return c
}

func (t *terminal) showPlan(s *model.Snapshot, p app.Plan) {
	w := app.WriterFor(s, t.lang)
	for _, r := range p.Creates {
		fmt.Fprintf(t.out, "+ %s\n", r)
	}
	for _, r := range p.Updates {
		fmt.Fprintf(t.out, "~ %s\n", r)
		for _, c := range p.Changes[r] {
			fmt.Fprintf(t.out, "    %s: %s → %s\n", w.Value(c.Label), shown(c.Before), shown(c.After))
		}
	}
	for _, r := range p.Deletes {
		fmt.Fprintf(t.out, "- %s\n", r)
	}
	fmt.Fprintln(t.out, t.say("cli.apply.plan", finding.Args{"creates": len(p.Creates), "updates": len(p.Updates), "deletes": len(p.Deletes), "same": len(p.Same)}))
}

// shown is one side of a change as documents write it.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "—"
	case string:
		return v
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(b.String())
}

func (t *terminal) fsck() *cobra.Command {
	o := storeOptions{reads: true}
	c := &cobra.Command{
		Use: "fsck", Short: t.say("cli.fsck", nil), Long: t.say("cli.fsck.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.mustExist(&o); err != nil {
				return err
			}
			st, err := o.open(cmd.Context())
			if err != nil {
				return t.storeError(err)
			}
			defer st.Close()
			report, err := st.Fsck(cmd.Context(), store.FsckOptions{})
			if err != nil {
				return t.storeError(err)
			}
			problems := len(report.Problems)
			for _, p := range report.Problems {
				fmt.Fprintln(t.out, language.Writer{Lang: t.lang}.Library(p.String()))
			}
			dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
			if err != nil {
				return unusable(err)
			}
			access, err := dir.Verify(cmd.Context())
			if err != nil {
				return t.storeError(err)
			}
			for _, p := range access {
				fmt.Fprintln(t.out, p)
			}
			wrong, records, err := t.checkLedger(cmd.Context(), &o)
			if err != nil {
				return t.storeError(err)
			}
			if problems += len(access) + wrong; problems > 0 {
				return &Exit{StatusFindings, errors.New(t.say("cli.fsck.bad", finding.Args{"n": problems}))}
			}
			fmt.Fprintln(t.out, t.say("cli.fsck.good", finding.Args{"entries": int(report.Entries)}))
			if records > 0 {
				fmt.Fprintln(t.out, t.say("cli.fsck.ledger", finding.Args{"records": int(records)}))
			}
			return nil
		},
	}
	o.flags(t, c)
	return c
}

func (t *terminal) openapi() *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: t.say("cli.openapi", nil), Args: cobra.NoArgs, Hidden: true,
		RunE: func(*cobra.Command, []string) error {
			out, err := api.Describe(Version())
			if err == nil {
				_, err = t.out.Write(out)
			}
			return unusable(err)
		},
	}
}
