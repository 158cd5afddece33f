package cli

import "github.com/spf13/cobra"

// servicelevel groups the verbs for service levels: their promises before they are
// signed, and the rules that watch them.
func (t *terminal) servicelevel() *cobra.Command {
	c := &cobra.Command{
		Use: "servicelevel", Short: t.say("servicelevel.cli", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(t.attain(), t.chain(), t.servicelevelRules(), t.evidence(), t.cases(), t.statementReport(), t.sealStatement(), t.sealedStatements(), t.verifyStatement(), t.objectives(), t.probes(), t.compare(), t.declare(), t.servicelevelAlerts())
	c.AddCommand(t.reviews())
	return c
}
