package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/cli/solver"
	"diapason/internal/cli/start"
	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/allocation"
	"diapason/internal/finding"
	"diapason/internal/model"
)

type redundancyOptions struct {
	mixing    bool
	mixingSet bool
	limits    []string
	minimise  string
	target    string
	pareto    string
	points    int
	timeLimit time.Duration
	format    string
}

// StatusNoSolution tells that a problem is proven to have no solution.
const StatusNoSolution = 1

// firstResource is the value of --pareto without a name.
const firstResource = "*"

func (t *terminal) solveRedundancy() *cobra.Command {
	var o redundancyOptions
	c := &cobra.Command{
		Use: "redundancy PROBLEM…", Short: t.say("redundancy.cli", nil), Long: t.say("redundancy.cli.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.mixingSet = c.Flags().Changed("mixing")
			return t.runRedundancy(c.Context(), args, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.mixing, "mixing", false, t.say("redundancy.mixing", nil))
	f.StringArrayVar(&o.limits, "limit", nil, t.say("redundancy.limit", nil))
	f.StringVar(&o.minimise, "minimise", "", t.say("redundancy.minimise", nil))
	f.StringVar(&o.target, "target", "", t.say("redundancy.target", nil))
	f.StringVar(&o.pareto, "pareto", "", t.say("redundancy.pareto", nil))
	f.Lookup("pareto").NoOptDefVal = firstResource
	f.IntVar(&o.points, "points", 0, t.say("redundancy.points", nil))
	f.DurationVar(&o.timeLimit, "time-limit", 0, t.say("solve.flag.time-limit", nil))
	f.StringVar(&o.format, "format", "text", t.say("solve.flag.format", nil))
	return c
}

func (t *terminal) runRedundancy(ctx context.Context, names []string, o redundancyOptions) error {
	if err := t.solveFormat(o.format); err != nil {
		return err
	}
	switch {
	case o.timeLimit < 0:
		return t.wrongOption("--time-limit", o.timeLimit.String(), "solve.want.duration")
	case o.points < 0:
		return t.wrongOption("--points", strconv.Itoa(o.points), "solve.want.whole")
	}
	defer start.CollectRarely(0)()
	var results []*redundancyResult
	for i, name := range names {
		r, err := t.solveProblem(ctx, name, o)
		if err != nil {
			return err
		}
		if results = append(results, r); o.format == "json" {
			continue
		}
		if i > 0 {
			fmt.Fprintln(t.out)
		}
		if err := t.reportRedundancy(r); err != nil {
			return err
		}
	}
	if o.format == "json" && len(results) == 1 {
		writeJSON(t.out, results[0])
	} else if o.format == "json" {
		writeJSON(t.out, map[string]any{"problems": results})
	}
	return nil
}

// solveProblem answers one problem within the time limit.
func (t *terminal) solveProblem(ctx context.Context, name string, o redundancyOptions) (*redundancyResult, error) {
	start := time.Now()
	if o.timeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeLimit)
		defer cancel()
	}
	doc, err := t.readProblem(name, o)
	if err != nil {
		return nil, err
	}
	if err := t.override(doc, o); err != nil {
		return nil, err
	}
	sol, err := redundancy.Solve(ctx, doc.Problem, doc.Goal)
	if err != nil {
		return nil, t.noSolution(doc, err, o.format)
	}
	r := newRedundancyResult(doc, &sol)
	r.File = name
	if o.pareto != "" {
		if err := t.addFront(ctx, r, doc, o); err != nil {
			return nil, err
		}
	}
	r.Seconds = time.Since(start).Seconds()
	r.CPUSeconds, r.PeakBytes = solver.Usage()
	return r, nil
}

// readProblem reads a problem; the table that it names lies beside it.
func (t *terminal) readProblem(name string, o redundancyOptions) (*allocation.Document, error) {
	data, err := t.readInput(name)
	if err != nil {
		return nil, err
	}
	mixing := allocation.AsWritten
	if o.mixingSet {
		if mixing = allocation.Never; o.mixing {
			mixing = allocation.Always
		}
	}
	open := func(table string) ([]byte, error) {
		if name != "-" && !filepath.IsAbs(table) {
			table = filepath.Join(filepath.Dir(name), table)
		}
		info, err := os.Stat(table)
		switch {
		case err != nil || info.IsDir():
			return nil, errors.New(t.say("redundancy.table.missing", nil))
		case info.Size() > allocation.MaxFile:
			return nil, errors.New(t.say("redundancy.table.large", nil))
		}
		return os.ReadFile(table)
	}
	doc, issues := allocation.Read(name, data, mixing, open)
	if len(issues) > 0 {
		return nil, t.unsolvable(issues, o.format)
	}
	return doc, nil
}

func (t *terminal) wrongOption(option, value, want string) error {
	return unusable(errors.New(t.say("solve.option", finding.Args{"option": option, "value": value, "want": t.say(want, nil)})))
}

// override puts what the command line says in place of what the file says.
func (t *terminal) override(doc *allocation.Document, o redundancyOptions) error {
	for _, l := range o.limits {
		resource, text, ok := strings.Cut(l, "=")
		x, err := strconv.ParseFloat(text, 64)
		if text == "none" {
			x, err = float64(redundancy.Unlimited), nil
		}
		if !ok || err != nil || !(x >= 0) {
			return t.wrongOption("--limit", l, "redundancy.want.limit")
		}
		found := false
		for i := range doc.Problem.Resources {
			if r := &doc.Problem.Resources[i]; r.Name == resource {
				r.Limit, found = redundancy.Amount(x), true
			}
		}
		if !found {
			return t.wrongOption("--limit", l, "redundancy.want.resource")
		}
	}
	if o.minimise != "" {
		if !hasResource(doc, o.minimise) {
			return t.wrongOption("--minimise", o.minimise, "redundancy.want.resource")
		}
		doc.Goal.Minimise = o.minimise
	}
	if o.target != "" {
		text, percent := strings.CutSuffix(o.target, "%")
		x, err := strconv.ParseFloat(text, 64)
		if percent {
			x /= 100
		}
		if err != nil || !(x >= 0 && x <= 1) {
			return t.wrongOption("--target", o.target, "solve.want.probability")
		}
		doc.Goal.Target = redundancy.Probability(x)
	}
	if o.pareto != "" && o.pareto != firstResource && !hasResource(doc, o.pareto) {
		return t.wrongOption("--pareto", o.pareto, "redundancy.want.resource")
	}
	return nil
}

func hasResource(doc *allocation.Document, name string) bool {
	for _, r := range doc.Problem.Resources {
		if r.Name == name {
			return true
		}
	}
	return false
}

// noSolution says why there is none: exit status 1 where that is proven.
func (t *terminal) noSolution(doc *allocation.Document, err error, format string) error {
	issue := doc.Explain(err)
	if issue == nil {
		return unusable(err)
	}
	var infeasible *redundancy.InfeasibleError
	var unreachable *redundancy.UnreachableError
	proven := errors.As(err, &infeasible) || errors.As(err, &unreachable)
	if !proven {
		return t.unsolvable([]model.Issue{*issue}, format)
	}
	if format == "json" {
		view := map[string]any{"feasible": false, "exact": true, "issues": t.writer().Issues([]model.Issue{*issue})}
		if infeasible != nil && infeasible.Resource != "" {
			view["resource"], view["least"], view["limit"] = infeasible.Resource, infeasible.Least, infeasible.Limit
		}
		if unreachable != nil {
			view["target"], view["upper"] = unreachable.Target, unreachable.Best
		}
		writeJSON(t.out, view)
	} else {
		t.reportIssues([]model.Issue{*issue}, format)
	}
	return &Exit{StatusNoSolution, errors.New(t.say("redundancy.none", nil))}
}

// addFront adds the best compromises between one resource and reliability.
func (t *terminal) addFront(ctx context.Context, r *redundancyResult, doc *allocation.Document, o redundancyOptions) error {
	g := doc.Goal
	switch {
	case o.pareto != firstResource:
		g.Minimise = o.pareto
	case g.Minimise == "" && len(doc.Problem.Resources) > 0:
		g.Minimise = doc.Problem.Resources[0].Name
	case g.Minimise == "":
		return unusable(errors.New(t.say("redundancy.pareto.resource", nil)))
	}
	points, complete, err := redundancy.Front(ctx, doc.Problem, g, o.points)
	if err != nil && !errors.Is(err, redundancy.ErrUndecided) {
		return t.noSolution(doc, err, o.format)
	}
	r.addFront(doc, g.Minimise, points, complete)
	return nil
}
