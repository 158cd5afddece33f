package cli

import (
	"bytes"
	"io"

	"github.com/spf13/cobra"

	"diapason/internal/app"
)

// availabilityTree writes the fault tree of a service for other tools to check.
func (t *terminal) availabilityTree(o *availabilityOptions) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use: "tree PATH SERVICE", Short: t.say("cli.availability.tree", nil), Long: t.say("cli.availability.tree.long", nil), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			on, err := t.date(o.on)
			if err != nil {
				return err
			}
			snap, err := t.load(args[0], true, "text")
			if err != nil {
				return err
			}
			s := app.Assessed(snap, on)
			r, err := t.find(s, "service", args[1])
			if err != nil {
				return unusable(err)
			}
			var b bytes.Buffer
			if err := app.WriteFaultTree(s, r, t.lang, &b); err != nil {
				return unusable(err)
			}
			if output == "" {
				_, err := t.out.Write(b.Bytes())
				return unusable(err)
			}
			return t.writeNew(output, func(w io.Writer) error {
				_, err := w.Write(b.Bytes())
				return err
			})
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", t.say("cli.availability.tree.output", nil))
	return c
}
