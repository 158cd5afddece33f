package cli

import (
	"bytes"
	"io"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/model"
)

// availabilityTree writes the fault tree of a service for other tools to check.
func (t *terminal) availabilityTree(o *availabilityOptions) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use: "tree [PATH] SERVICE", Short: t.say("cli.availability.tree", nil), Long: t.say("cli.availability.tree.long", nil), Args: o.args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			asks := *o
			asks.format = "text"
			return t.askModel(cmd, args, asks, func(m asked) (any, error) {
				r, err := t.find(m.state, "service", m.words[0])
				if err != nil {
					return nil, err
				}
				return nil, t.writeTree(m.state, r, output)
			})
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", t.say("cli.availability.tree.output", nil))
	return c
}

func (t *terminal) writeTree(s *app.State, r model.Ref, output string) error {
	var b bytes.Buffer
	if err := app.WriteFaultTree(s, r, t.lang, &b); err != nil {
		return err
	}
	if output == "" {
		_, err := t.out.Write(b.Bytes())
		return err
	}
	return t.writeNew(output, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}
