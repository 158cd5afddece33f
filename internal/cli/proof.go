package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

func (t *terminal) erase() *cobra.Command {
	var o storeOptions
	var reason string
	c := &cobra.Command{
		Use: "erase KIND/NAME", Short: t.say("cli.erase", nil), Long: t.say("cli.erase.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := model.ParseRef(args[0])
			if err != nil {
				var f *model.Fault
				if errors.As(err, &f) {
					err = errors.New(t.writer().Fault(f))
				}
				return unusable(err)
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				n, seq, err := a.Erase(cmd.Context(), identity.Operator(), r, reason)
				if err != nil {
					return t.storeError(err)
				}
				fmt.Fprintln(t.out, t.say("cli.erase.done", finding.Args{"n": n, "what": r, "seq": int(seq)}))
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&reason, "reason", "", t.say("cli.erase.reason", nil))
	return c
}

func (t *terminal) checkpoint() *cobra.Command {
	var o storeOptions
	c := &cobra.Command{
		Use: "checkpoint", Short: t.say("cli.checkpoint", nil), Long: t.say("cli.checkpoint.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				note, verifier, err := a.Checkpoint(cmd.Context(), identity.Operator())
				if err != nil {
					return t.storeError(err)
				}
				fmt.Fprintf(t.out, "%s\n%s\n", note, t.say("cli.checkpoint.key", finding.Args{"key": verifier}))
				return nil
			})
		},
	}
	o.flags(t, c)
	return c
}
