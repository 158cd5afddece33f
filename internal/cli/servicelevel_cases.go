package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/exchange/cases"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// The environment of "servicelevel cases pull": secrets are no arguments.
const (
	envTicketToken    = "DIAPASON_TICKETS_TOKEN"
	envTicketApp      = "DIAPASON_TICKETS_APP_TOKEN"
	envTicketUser     = "DIAPASON_TICKETS_USER"
	envTicketPassword = "DIAPASON_TICKETS_PASSWORD"
)

// cases reads and records the cases of ticket tools.
func (t *terminal) cases() *cobra.Command {
	o := evidenceOptions{storeOptions: storeOptions{reads: true}}
	c := &cobra.Command{
		Use: "cases SOURCE", Short: t.say("evidence.cli.cases", nil), Long: t.say("evidence.cli.cases.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, until, err := t.days(o)
			if err != nil {
				return err
			}
			start, end := time.Unix(0, 0), time.Time{}
			if !from.IsZero() {
				start = from.UTC()
			}
			if !until.IsZero() {
				end = until.AddDays(1).UTC()
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				list, err := a.Cases(cmd.Context(), identity.Operator(), sourceNamed(args[0]), start, end, 1_000_000)
				return t.shown(o, list, err, func() { t.writeCases(list) })
			})
		},
	}
	o.all(t, c, true)
	c.AddCommand(t.importCases(), t.pullCases(), t.eraseCases())
	return c
}

// sourceNamed accepts "measurement-source/name" and the bare name.
func sourceNamed(text string) model.Ref {
	if ref, err := model.ParseRef(text); err == nil {
		return ref
	}
	return model.Ref{Kind: "measurement-source", Name: text}
}

func (t *terminal) writeCases(list []app.CaseRecord) {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	at := func(i model.Instant) string {
		if i.IsZero() {
			return "—"
		}
		return i.UTC().Format(time.RFC3339)
	}
	for _, c := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, c.Priority, c.Service, at(c.Opened), at(c.Acknowledged), at(c.Restored))
	}
}

// mappingOf reads a mapping: one that comes with the program, or a file.
func (t *terminal) mappingOf(name string) (*cases.Mapping, error) {
	if m, err := cases.ShippedMapping(name); err == nil && filepath.Ext(name) == "" {
		return m, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		var known []string
		for _, m := range cases.Shipped() {
			known = append(known, m.Name)
		}
		return nil, unusable(errors.New(t.say("evidence.cli.mapping.none", finding.Args{"value": name, "known": known})))
	}
	m, err := cases.ParseMapping(data)
	var f *model.Fault
	if errors.As(err, &f) {
		err = errors.New(name + ": " + t.writer().Fault(f))
	}
	return m, unusable(err)
}

// casesTaken writes what became of cases.
func (t *terminal) casesTaken(place string, done *app.CasesTaken, err error) error {
	if err != nil {
		return t.storeError(err)
	}
	for _, e := range (language.Writer{Lang: t.lang}).Issues(done.Errors) {
		fmt.Fprintln(t.err, t.say("evidence.cli.line", finding.Args{"path": place, "line": e.Line, "message": e.Message}))
	}
	fmt.Fprintln(t.out, t.say("evidence.cli.taken", finding.Args{"added": done.Added, "changed": done.Changed, "same": done.Same}))
	if done.Unplaced > 0 {
		fmt.Fprintln(t.out, t.say("evidence.cli.unplaced", finding.Args{"n": done.Unplaced}))
	}
	if len(done.Errors) > 0 {
		return &Exit{StatusFindings, errors.New(t.say("evidence.cli.refused", finding.Args{"n": len(done.Errors)}))}
	}
	return nil
}

func (t *terminal) importCases() *cobra.Command {
	var o evidenceOptions
	var mapping string
	c := &cobra.Command{
		Use: "import SOURCE FILE", Short: t.say("evidence.cli.cases.import", nil), Long: t.say("evidence.cli.cases.import.long", nil), Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := t.mappingOf(mapping)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(args[1])
			if err != nil {
				return unusable(err)
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				done, err := a.ImportCases(cmd.Context(), identity.Operator(), sourceNamed(args[0]), args[1], data, m)
				return t.casesTaken(args[1], done, err)
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&mapping, "mapping", "", t.say("evidence.cli.mapping", nil))
	return c
}

func (t *terminal) pullCases() *cobra.Command {
	var o evidenceOptions
	var q app.PullRequest
	var mapping, since string
	c := &cobra.Command{
		Use: "pull SOURCE", Short: t.say("evidence.cli.cases.pull", nil), Long: t.say("evidence.cli.cases.pull.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if mapping != "" {
				if q.Mapping, err = t.mappingOf(mapping); err != nil {
					return err
				}
			}
			from, err := t.date(since)
			if err != nil {
				return err
			}
			q.Since = from.UTC()
			q.Server.Token, q.Server.App, q.Server.User, q.Server.Pass = os.Getenv(envTicketToken), os.Getenv(envTicketApp), os.Getenv(envTicketUser), os.Getenv(envTicketPassword)
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				done, err := a.PullCases(cmd.Context(), identity.Operator(), sourceNamed(args[0]), q)
				return t.casesTaken(q.Server.URL, done, err)
			})
		},
	}
	o.flags(t, c)
	f := c.Flags()
	f.StringVar(&q.Tool, "tool", "", t.say("evidence.cli.tool", nil))
	f.StringVar(&q.Server.URL, "url", "", t.say("evidence.cli.url", nil))
	f.StringSliceVar(&q.Classes, "class", nil, t.say("evidence.cli.class", nil))
	f.StringVar(&since, "since", "", t.say("evidence.cli.since", nil))
	f.StringVar(&mapping, "mapping", "", t.say("evidence.cli.mapping", nil))
	return c
}

func (t *terminal) eraseCases() *cobra.Command {
	var o evidenceOptions
	var reason string
	var all bool
	c := &cobra.Command{
		Use: "erase SOURCE [NUMBER…]", Short: t.say("evidence.cli.cases.erase", nil), Long: t.say("evidence.cli.cases.erase.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) > 1) {
				return unusable(errors.New(t.say("evidence.cli.cases.erase.which", nil)))
			}
			return t.withEvidence(cmd, &o, func(a *app.App) error {
				n, err := a.EraseCaseTitles(cmd.Context(), identity.Operator(), sourceNamed(args[0]), args[1:], reason)
				if err != nil {
					return t.storeError(err)
				}
				fmt.Fprintln(t.out, t.say("evidence.cli.cases.erased", finding.Args{"n": n}))
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&reason, "reason", "", t.say("evidence.cli.cases.erase.reason", nil))
	c.Flags().BoolVar(&all, "all", false, t.say("evidence.cli.cases.erase.all", nil))
	return c
}
