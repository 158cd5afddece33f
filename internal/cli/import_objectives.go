package cli

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/openslo"
	"diapason/internal/exchange/pyrra"
	"diapason/internal/exchange/slomodel"
	"diapason/internal/exchange/sloth"
	"diapason/internal/finding"
)

func (t *terminal) importOpenSLO() *cobra.Command {
	return t.importObjectives("openslo", t.say("import.cli.openslo", nil), t.say("import.cli.openslo.long", nil), openslo.Import)
}

func (t *terminal) importSloth() *cobra.Command {
	return t.importObjectives("sloth", t.say("import.cli.sloth", nil), t.say("import.cli.sloth.long", nil), sloth.Import)
}

func (t *terminal) importPyrra() *cobra.Command {
	return t.importObjectives("pyrra", t.say("import.cli.pyrra", nil), t.say("import.cli.pyrra.long", nil), pyrra.Import)
}

func (t *terminal) importObjectives(name, short, long string, run func([]intake.File, slomodel.Options) (*intake.Result, error)) *cobra.Command {
	var o importOptions
	var agreement string
	c := &cobra.Command{
		Use: name + " FILE…", Short: short, Long: long, Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if agreement != "ola" && agreement != "sla" {
				return unusable(errors.New(t.say("import.cli.agreement.unknown", finding.Args{"value": agreement})))
			}
			return t.take(o, args, func() (*intake.Result, error) {
				files, err := readAll(args)
				if err != nil {
					return nil, err
				}
				return run(files, slomodel.Options{Agreement: agreement})
			})
		},
	}
	t.importFlags(c, &o)
	c.Flags().StringVar(&agreement, "agreement", "ola", t.say("import.cli.agreement", nil))
	return c
}

func (t *terminal) exportOpenSLO() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "openslo PATH", Short: t.say("import.cli.export.openslo", nil), Long: t.say("import.cli.export.openslo.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			snap, err := t.load(args[0], true, "text")
			if err != nil {
				return err
			}
			text, notes, err := openslo.Export(snap)
			if err != nil {
				return unusable(err)
			}
			w := t.writer()
			for _, n := range notes {
				fmt.Fprintf(t.err, "%s: %s\n", n.Place, n.Message(w))
			}
			if len(text) == 0 {
				return unusable(errors.New(t.say("import.cli.export.openslo.none", nil)))
			}
			if err := t.deliver(out, text); err != nil {
				return unusable(err)
			}
			if out != "" {
				n := bytes.Count(text, []byte("\napiVersion: ")) + 1
				fmt.Fprintln(t.out, t.say("import.cli.export.openslo.done", finding.Args{"n": n, "file": out}))
			}
			return nil
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", t.say("import.cli.export.openslo.file", nil))
	return c
}
