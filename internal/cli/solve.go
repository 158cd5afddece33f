package cli

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"diapason/internal/cli/solver"
	"diapason/internal/finding"
)

// solve is the parent of the expert commands: each reads a file in a standard or
// documented format, computes, and writes the result. None needs a server, a
// folder of objects or a database.
func (t *terminal) solve() *cobra.Command {
	c := &cobra.Command{
		Use: "solve", Short: t.say("solve.cli", nil), Long: t.say("solve.cli.long", nil), Args: t.command,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(t.solvers()...)
	return c
}

// solvers are the commands under solve, one file each.
func (t *terminal) solvers() []*cobra.Command {
	return []*cobra.Command{t.solveFaultTree(), t.solveRedundancy()}
}

// solveFormat refuses an output that no solver writes.
func (t *terminal) solveFormat(format string) error {
	if slices.Contains(solver.Formats, format) {
		return nil
	}
	return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": solver.Formats})))
}
