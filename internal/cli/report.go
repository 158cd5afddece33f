package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/exchange/folder"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/report"
	"diapason/internal/store/sqlite"
)

type reportOptions struct {
	storeOptions
	output, format, on string
	seq                int64
	customer           bool
	party              string
}

func (t *terminal) reporting() *cobra.Command {
	c := &cobra.Command{Use: "report " + strings.Join(app.ReportKinds, "|"), DisableFlagsInUseLine: true, Short: t.say("cli.report", nil), Long: t.say("cli.report.long", nil), Args: t.command, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	for _, kind := range app.ReportKinds {
		o := reportOptions{storeOptions: storeOptions{reads: kind != "levels"}} // statements ask the ledger for its clock
		sub := &cobra.Command{
			Use: kind + " NAME [PATH]", Short: t.say(reportKindKey(kind), nil), Args: cobra.RangeArgs(1, 2),
			RunE: func(cmd *cobra.Command, args []string) error {
				path := ""
				if len(args) == 2 {
					path = args[1]
				}
				return t.runReport(cmd.Context(), kind, args[0], path, o)
			},
		}
		f := sub.Flags()
		o.flags(t, sub)
		f.StringVarP(&o.output, "output", "o", "", t.say("cli.report.output", nil))
		f.StringVar(&o.format, "format", "", t.say("cli.report.format", nil))
		f.StringVar(&o.on, "on", "", t.say("cli.flag.on", nil))
		f.Int64Var(&o.seq, "seq", 0, t.say("cli.flag.seq", nil))
		if kind == "levels" {
			f.StringVar(&o.party, "customer", "", t.say("level.cli.customer", nil))
		}
		if kind == "service" {
			f.BoolVar(&o.customer, "customer", false, t.say("cli.report.customer", nil))
		}
		c.AddCommand(sub)
	}
	c.AddCommand(t.schedules())
	return c
}

// reportKindKey is the message that says what a report is.
func reportKindKey(kind string) string {
	switch kind {
	case "levels", "sheet", "review":
		return "level.cli." + kind
	}
	return "cli.report." + kind
}

func (t *terminal) runReport(ctx context.Context, kind, name, path string, o reportOptions) error {
	if o.output == "" {
		return unusable(errors.New(t.say("cli.report.needs", nil)))
	}
	if path != "" && (o.data != "" || o.database != "") {
		return unusable(errors.New(t.say("cli.report.both", nil)))
	}
	format := report.Format(strings.ToLower(o.format))
	if format == "" {
		format = report.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(o.output)), "."))
		if o.output == "-" {
			format = report.PDF
		}
	}
	forms := []string{"pdf", "html", "xlsx"}
	if kind == "levels" || kind == "sheet" || kind == "review" {
		forms = append(forms, "json")
	}
	if !slices.Contains(forms, string(format)) {
		return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": string(format), "formats": forms})))
	}
	on, err := t.date(o.on)
	if err != nil {
		return err
	}
	q := app.ReportQuery{Kind: kind, Name: name, Customer: o.customer, Source: path}
	if o.party != "" {
		q.Party = named("customer", o.party)
	}
	write := func(a *app.App) error {
		v := app.View{Seq: o.seq, On: on}
		if path == "" && o.on != "" && o.seq == 0 && on < a.Today() { // the past as it was known then
			if seq, err := a.SeqOn(ctx, on); err != nil {
				return t.storeError(err)
			} else if seq > 0 {
				v.Seq = seq
			}
		}
		d, data, err := a.ReportData(ctx, identity.Operator(), v, q, t.lang)
		if err != nil {
			return t.storeError(err)
		}
		var b bytes.Buffer
		if format == "json" {
			writeJSON(&b, data)
		} else if err := report.Write(&b, d, format); err != nil {
			return unusable(err)
		}
		if o.output == "-" {
			_, err = t.out.Write(b.Bytes())
			return unusable(err)
		}
		if err := folder.WriteFile(o.output, b.Bytes()); err != nil {
			return unusable(err)
		}
		fmt.Fprintln(t.out, t.say("cli.report.done", finding.Args{"path": o.output, "title": d.Kind + " – " + d.Title}))
		return nil
	}
	if path == "" {
		if err := t.mustExist(&o.storeOptions); err != nil {
			return err
		}
		return t.withApp(ctx, &o.storeOptions, write)
	}
	return t.withFolder(ctx, path, write)
}

// withFolder opens the use cases over a folder of YAML, in a store that lives for
// this command only: what reads a server then reads a folder in the same way.
func (t *terminal) withFolder(ctx context.Context, path string, fn func(*app.App) error) (err error) {
	objects, issues, err := folder.Read(path)
	if err != nil {
		return unusable(err)
	}
	if len(issues) > 0 {
		t.reportIssues(issues, "text")
		return &Exit{StatusUnusable, errors.New(t.say("cli.unusable", finding.Args{"n": len(issues)}))}
	}
	if len(objects) == 0 {
		return unusable(errors.New(t.say("cli.check.empty", finding.Args{"path": path})))
	}
	data, err := os.MkdirTemp("", "diapason-")
	if err != nil {
		return unusable(err)
	}
	defer os.RemoveAll(data)
	st, err := sqlite.Open(ctx, data, sqlite.Options{})
	if err != nil {
		return t.storeError(err)
	}
	defer st.Close()
	a, err := app.Open(ctx, app.Options{Store: st})
	if err != nil {
		return t.storeError(err)
	}
	defer a.Close()
	if err := a.Restore(ctx, identity.Operator(), objects, path); err != nil {
		return t.storeError(err)
	}
	return fn(a)
}
