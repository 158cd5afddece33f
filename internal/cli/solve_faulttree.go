package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/engine/faulttree/topevent"
	"diapason/internal/engine/lifetime"
	"diapason/internal/exchange/openpsa"
	"diapason/internal/finding"
	"diapason/internal/model"
)

type faultTreeOptions struct {
	tops               []string
	cutSets, primes    bool
	list               string
	maxOrder           int
	cutOff             float64
	importance         bool
	uncertainty, curve int
	seed               uint64
	missionTime        float64
	timeLimit          time.Duration
	memoryLimit        string
	format, write      string
	listed             int   // of list; negative for all
	bytes              int64 // of memoryLimit
	listGiven          bool
}

func (t *terminal) solveFaultTree() *cobra.Command {
	var o faultTreeOptions
	c := &cobra.Command{
		Use: "faulttree FILE…", Short: t.say("solve.faulttree", nil), Long: t.say("solve.faulttree.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.listGiven = c.Flags().Changed("list")
			return t.runFaultTree(c.Context(), args, o)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.tops, "top", nil, t.say("solve.faulttree.top", nil))
	f.BoolVar(&o.cutSets, "cut-sets", false, t.say("solve.faulttree.cut-sets", nil))
	f.BoolVar(&o.primes, "prime-implicants", false, t.say("solve.faulttree.prime-implicants", nil))
	f.StringVar(&o.list, "list", "10", t.say("solve.faulttree.list", nil))
	f.IntVar(&o.maxOrder, "max-order", 0, t.say("solve.faulttree.max-order", nil))
	f.Float64Var(&o.cutOff, "cut-off", 0, t.say("solve.faulttree.cut-off", nil))
	f.BoolVar(&o.importance, "importance", false, t.say("solve.faulttree.importance", nil))
	f.IntVar(&o.uncertainty, "uncertainty", 0, t.say("solve.faulttree.uncertainty", nil))
	f.Uint64Var(&o.seed, "seed", 1, t.say("solve.faulttree.seed", nil))
	f.IntVar(&o.curve, "curve", 0, t.say("solve.faulttree.curve", nil))
	f.Float64Var(&o.missionTime, "mission-time", 8760, t.say("solve.faulttree.mission-time", nil))
	f.DurationVar(&o.timeLimit, "time-limit", 0, t.say("solve.flag.time-limit", nil))
	f.StringVar(&o.memoryLimit, "memory-limit", "", t.say("solve.flag.memory-limit", nil))
	f.StringVar(&o.format, "format", "text", t.say("solve.flag.format", nil))
	f.StringVar(&o.write, "write", "", t.say("solve.faulttree.write", nil))
	return c
}

// mostListed bounds how many cut sets are written out. Whatever is not listed is
// counted, and bounded in the result.
const mostListed = 1_000_000

// checkFaultTree refuses options that cannot be meant, before any file is read.
func (t *terminal) checkFaultTree(o *faultTreeOptions) error {
	if err := t.solveFormat(o.format); err != nil {
		return err
	}
	wrong := func(option, value, want string) error {
		return unusable(errors.New(t.say("solve.option", finding.Args{"option": option, "value": value, "want": t.say(want, nil)})))
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	n, err := strconv.Atoi(o.list)
	if o.list == "all" {
		n, err = mostListed, nil
	} else if n < 0 || n > mostListed {
		err = strconv.ErrRange
	}
	if err != nil {
		return wrong("--list", o.list, "solve.want.list")
	}
	o.listed = n
	switch {
	case o.maxOrder < 0:
		return wrong("--max-order", strconv.Itoa(o.maxOrder), "solve.want.whole")
	case !(o.cutOff >= 0 && o.cutOff <= 1):
		return wrong("--cut-off", number(o.cutOff), "solve.want.probability")
	case o.uncertainty < 0:
		return wrong("--uncertainty", strconv.Itoa(o.uncertainty), "solve.want.whole")
	case o.curve < 0 || o.curve > 1_000_000:
		return wrong("--curve", strconv.Itoa(o.curve), "solve.want.curve")
	case !(o.missionTime >= 0 && o.missionTime <= 1e15):
		return wrong("--mission-time", number(o.missionTime), "solve.want.hours")
	case o.timeLimit < 0:
		return wrong("--time-limit", o.timeLimit.String(), "solve.want.duration")
	}
	if o.memoryLimit != "" {
		if o.bytes, err = bytesOf(o.memoryLimit); err != nil {
			return wrong("--memory-limit", o.memoryLimit, "solve.want.bytes")
		}
	}
	// What restricts or lists cut sets asks for them.
	o.cutSets = o.cutSets || o.primes || o.listGiven || o.maxOrder > 0 || o.cutOff > 0
	return nil
}

// bytesOf reads an amount of memory: bytes, or a number with KB, MB, GB or KiB,
// MiB, GiB.
func bytesOf(s string) (int64, error) {
	s = strings.TrimSpace(s)
	factor := 1.0
	for _, u := range []struct {
		suffix string
		bytes  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"KB", 1e3}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}} {
		if n, ok := strings.CutSuffix(s, u.suffix); ok {
			s, factor = strings.TrimSpace(n), u.bytes
			break
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x*factor >= 1<<20 && x*factor <= 1<<60) {
		return 0, strconv.ErrRange
	}
	return int64(x * factor), nil
}

func (t *terminal) runFaultTree(ctx context.Context, names []string, o faultTreeOptions) error {
	start := time.Now()
	if err := t.checkFaultTree(&o); err != nil {
		return err
	}
	defer collectRarely(o.bytes)()
	late := lateAfter(ctx)
	if o.timeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeLimit)
		defer cancel()
	}
	m, err := t.readModel(names, o.format)
	if err != nil {
		return err
	}
	if o.write != "" {
		if err := t.writeNew(o.write, m.Write); err != nil {
			return err
		}
	}
	tops := o.tops
	if len(tops) == 0 {
		tops = m.Tops()
		if len(tops) > 1 {
			shown := tops
			if len(tops) > 12 {
				shown = append(slices.Clone(tops[:12]), "…")
			}
			return unusable(errors.New(t.say("solve.tops", finding.Args{"n": len(tops), "tops": strings.Join(shown, ", "), "first": tops[0]})))
		}
	}
	var results []*faultTreeResult
	for _, top := range tops {
		r, err := t.solveTop(ctx, m, top, o)
		if err != nil {
			return err
		}
		r.Files = names
		r.Seconds = time.Since(start).Seconds()
		r.CPUSeconds, r.PeakBytes = usage()
		results = append(results, r)
	}
	return t.reportTops(results, o, late)
}

// writingAfterInterrupt is how long a list is still written after an interrupt.
const writingAfterInterrupt = 300 * time.Millisecond

// lateAfter tells whether an interrupt came so long ago that a long list has to end
// unfinished. A time limit does not: what was found within it is written.
func lateAfter(interrupt context.Context) func() bool {
	var since time.Time
	return func() bool {
		if interrupt.Err() == nil {
			return false
		}
		if since.IsZero() {
			since = time.Now()
		}
		return time.Since(since) > writingAfterInterrupt
	}
}

// readModel reads the files that together are one model.
func (t *terminal) readModel(names []string, format string) (*openpsa.Model, error) {
	files := make([]openpsa.File, len(names))
	for i, name := range names {
		data, err := t.readInput(name)
		if err != nil {
			return nil, err
		}
		files[i] = openpsa.File{Name: name, Data: data}
	}
	m, issues := openpsa.Read(files)
	if len(issues) > 0 {
		return nil, t.unsolvable(issues, format)
	}
	return m, nil
}

// unsolvable reports what makes a model unusable.
func (t *terminal) unsolvable(issues []model.Issue, format string) error {
	t.reportIssues(issues, format)
	return &Exit{StatusUnusable, errors.New(t.say("solve.unusable", finding.Args{"n": len(issues)}))}
}

// maxInput bounds a file to solve.
const maxInput = 1 << 30

// readInput reads a file, or what is piped in for -.
func (t *terminal) readInput(name string) ([]byte, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(t.in, maxInput+1))
		return data, unusable(err)
	}
	info, err := os.Stat(name)
	problem := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = "solve.file.missing"
	case err != nil:
		problem = "solve.file.unreadable"
	case info.IsDir():
		problem = "solve.file.folder"
	case info.Size() > maxInput:
		problem = "solve.file.large"
	}
	var data []byte
	if problem == "" {
		if data, err = os.ReadFile(name); err == nil {
			return data, nil
		}
		problem = "solve.file.unreadable"
	}
	return nil, unusable(errors.New(t.say(problem, finding.Args{"file": name})))
}

// writeNew writes a file that does not exist yet.
func (t *terminal) writeNew(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return unusable(errors.New(t.say("solve.write.exists", finding.Args{"file": name})))
	}
	if err == nil {
		err = write(f)
		if closed := f.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		return unusable(errors.New(t.say("solve.write.failed", finding.Args{"file": name})))
	}
	return nil
}

// solveTop computes what is asked for about one top event.
func (t *terminal) solveTop(ctx context.Context, m *openpsa.Model, top string, o faultTreeOptions) (*faultTreeResult, error) {
	tree, issues := m.Assemble(top)
	if len(issues) == 0 {
		issues = tree.Evaluate(lifetime.Hours(o.missionTime))
	}
	bare := false
	if len(issues) == 0 && len(tree.Bare) > 0 {
		if bare = len(tree.Bare) == len(tree.Events()); !bare {
			issues = tree.BareIssues()
		}
	}
	if len(issues) > 0 {
		return nil, t.unsolvable(issues, o.format)
	}
	if bare {
		if !o.cutSets || o.cutOff > 0 || o.importance || o.uncertainty > 0 || o.curve > 0 {
			return nil, unusable(errors.New(t.say("solve.bare", finding.Args{"top": tree.Top})))
		}
		for _, e := range tree.Events() { // any number will do: none is told
			tree.SetProbability(e, 0.5)
		}
	}
	if !o.cutSets {
		o.listed = 0
	}
	a, err := topevent.Compile(ctx, tree.Tree, topevent.Options{CutSets: o.cutSets, List: o.listed, MaxOrder: o.maxOrder, CutOff: topevent.Probability(o.cutOff), Primes: o.primes, Importance: o.importance, MemoryLimit: o.bytes})
	if err != nil {
		return nil, unusable(errors.New(t.say("solve.failed", finding.Args{"top": tree.Top, "why": err.Error()})))
	}
	report, err := a.Report(ctx)
	if err != nil {
		return nil, unusable(errors.New(t.say("solve.failed", finding.Args{"top": tree.Top, "why": err.Error()})))
	}
	r := t.faultTreeResult(tree, report, o, bare)
	if o.uncertainty > 0 {
		r.addUncertainty(ctx, a, tree, o)
	}
	if o.curve > 0 {
		if issues := r.addCurve(ctx, a, tree, o); len(issues) > 0 {
			return nil, t.unsolvable(issues, o.format)
		}
	}
	return r, nil
}

// addUncertainty draws the uncertain parameters and adds the distribution of the
// probability of the top event.
func (r *faultTreeResult) addUncertainty(ctx context.Context, a *topevent.Analysis, tree *openpsa.Tree, o faultTreeOptions) {
	u := &uncertaintyView{Events: tree.Uncertain(), Seed: o.seed}
	if u.Events == 0 {
		r.Uncertainty = u
		return
	}
	source := rand.New(rand.NewPCG(o.seed, 0x9E3779B97F4A7C15))
	d, err := a.Uncertainty(ctx, o.uncertainty, func(_ int, q []topevent.Probability) { u.Cut += tree.Draw(source, q) })
	if err != nil {
		r.Unsolved = append(r.Unsolved, "uncertainty")
		return
	}
	u.Trials, u.Mean, u.StdDev = d.Trials, d.Mean, d.StdDev
	for _, p := range []float64{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99} {
		u.Quantiles = append(u.Quantiles, quantileView{p, d.Quantile(p)})
	}
	r.Uncertainty = u
}

// addCurve adds the probability at moments spread evenly over the mission, and its
// mean over it by Simpson's rule on each pair of steps.
func (r *faultTreeResult) addCurve(ctx context.Context, a *topevent.Analysis, tree *openpsa.Tree, o faultTreeOptions) []model.Issue {
	n := o.curve + o.curve%2
	c := &curveView{}
	for i := range n + 1 {
		hours := o.missionTime * float64(i) / float64(n)
		if issues := tree.Evaluate(lifetime.Hours(hours)); len(issues) > 0 {
			return issues
		}
		for _, e := range tree.Events() {
			if err := a.SetProbability(e, tree.Probability(e)); err != nil {
				r.Unsolved = append(r.Unsolved, "curve")
				return nil
			}
		}
		p, ok := a.Probability()
		if !ok || ctx.Err() != nil {
			r.Unsolved = append(r.Unsolved, "curve")
			return nil
		}
		c.Points = append(c.Points, pointView{hours, float64(p)})
		switch weight := 2.0; {
		case i == 0 || i == n:
			c.Mean += float64(p)
		case i%2 == 1:
			c.Mean += 2 * weight * float64(p)
		default:
			c.Mean += weight * float64(p)
		}
	}
	c.Mean /= 3 * float64(n)
	r.Curve = c
	return nil
}
