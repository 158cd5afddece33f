package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/cli/solver"
	"diapason/internal/cli/start"
	"diapason/internal/finding"
	"diapason/internal/model"
)

func (t *terminal) solveFaultTree() *cobra.Command {
	o := solver.NewFaultTreeOptions()
	c := &cobra.Command{
		Use: "faulttree FILE…", Short: t.say("solve.faulttree", nil), Long: t.say("solve.faulttree.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.ListGiven = c.Flags().Changed("list")
			return t.runFaultTree(c.Context(), args, o)
		},
	}
	t.solverFlags(c, o.Flags())
	return c
}

// solverFlags gives a command the options of a solver, whose values are the defaults.
func (t *terminal) solverFlags(c *cobra.Command, options []solver.Option) {
	f := c.Flags()
	for _, o := range options {
		words := t.say(o.Words, nil)
		switch v := o.Value.(type) {
		case *bool:
			f.BoolVar(v, o.Name, *v, words)
		case *int:
			f.IntVar(v, o.Name, *v, words)
		case *uint64:
			f.Uint64Var(v, o.Name, *v, words)
		case *float64:
			f.Float64Var(v, o.Name, *v, words)
		case *string:
			f.StringVar(v, o.Name, *v, words)
		case *[]string:
			f.StringArrayVar(v, o.Name, *v, words)
		case *time.Duration:
			f.DurationVar(v, o.Name, *v, words)
		}
	}
}

func (t *terminal) runFaultTree(ctx context.Context, names []string, o *solver.FaultTreeOptions) error {
	if trouble := o.Check(); trouble != nil { // the limit of memory is needed before
		return t.unsolved(trouble, o.Format)
	}
	defer start.CollectRarely(o.Bytes())()
	late := solver.LateAfter(ctx)
	results, err := solver.FaultTree(ctx, t.in, names, o)
	if err != nil {
		return t.unsolved(err, o.Format)
	}
	return t.reportTops(results, o.Format, late)
}

// unsolved says why nothing was solved.
func (t *terminal) unsolved(err error, format string) error {
	var trouble *solver.Trouble
	if !errors.As(err, &trouble) {
		return unusable(err)
	}
	if len(trouble.Issues) > 0 {
		return t.unsolvable(trouble.Issues, format)
	}
	args := finding.Args(trouble.Args)
	if trouble.Want != "" {
		args["want"] = t.say(trouble.Want, nil)
	}
	return unusable(errors.New(t.say(trouble.Key, args)))
}

// unsolvable reports what makes a model unusable.
func (t *terminal) unsolvable(issues []model.Issue, format string) error {
	t.reportIssues(issues, format)
	return &Exit{StatusUnusable, errors.New(t.say("solve.unusable", finding.Args{"n": len(issues)}))}
}

// readInput reads a file, or what is piped in for -.
func (t *terminal) readInput(name string) ([]byte, error) {
	data, err := solver.ReadInput(context.Background(), t.in, name)
	if err != nil {
		return nil, t.unsolved(err, "")
	}
	return data, nil
}

// writeNew writes a file that does not exist yet.
func (t *terminal) writeNew(name string, write func(io.Writer) error) error {
	if err := solver.WriteNew(name, write); err != nil {
		return t.unsolved(err, "")
	}
	return nil
}
