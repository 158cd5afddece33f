package solver

import (
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"diapason/internal/engine/faulttree/topevent"
	"diapason/internal/engine/lifetime"
	"diapason/internal/exchange/openpsa"
	"diapason/internal/model/fault"
)

// FaultTree solves the top events of a model that stands in files, - for what is piped
// in. An error is a *[Trouble], or one of reading what is piped in.
func FaultTree(ctx context.Context, in io.Reader, names []string, o *FaultTreeOptions) ([]*Result, error) {
	start := time.Now()
	if trouble := o.Check(); trouble != nil {
		return nil, trouble
	}
	ctx, cancel := within(ctx, o)
	defer cancel()
	finish := func(r *Result) *Result {
		r.Files = names
		r.Seconds = time.Since(start).Seconds()
		r.CPUSeconds, r.PeakBytes = Usage()
		return r
	}
	m, err := readModel(ctx, in, names)
	if err != nil {
		return nil, err
	}
	var results []*Result
	if m == nil {
		tops := o.Tops
		if len(tops) == 0 {
			tops = []string{""}
		}
		for _, top := range tops {
			results = append(results, finish(unread(top, o)))
		}
		return results, nil
	}
	if o.Write != "" {
		if err := WriteNew(o.Write, m.Write); err != nil {
			return nil, err
		}
	}
	tops := o.Tops
	if len(tops) == 0 {
		tops = m.Tops()
		if len(tops) > 1 {
			shown := tops
			if len(tops) > 12 {
				shown = append(slices.Clone(tops[:12]), "…")
			}
			return nil, refused("solve.tops", map[string]any{"n": len(tops), "tops": strings.Join(shown, ", "), "first": tops[0]})
		}
	}
	for _, top := range tops {
		r, err := solveTop(ctx, m, top, o)
		if err != nil {
			return nil, err
		}
		results = append(results, finish(r))
	}
	return results, nil
}

// readModel reads the files that together are one model; nil when the context ends
// before that.
func readModel(ctx context.Context, in io.Reader, names []string) (*openpsa.Model, error) {
	files := make([]openpsa.File, len(names))
	for i, name := range names {
		data, err := ReadInput(ctx, in, name)
		if err != nil {
			return nil, err
		}
		if data == nil { // what is piped in did not end in time
			return nil, nil
		}
		files[i] = openpsa.File{Name: name, Data: data}
	}
	m, issues := openpsa.Read(ctx, files)
	if len(issues) > 0 {
		return nil, unusable(issues)
	}
	return m, nil
}

// solveTop computes what is asked for about one top event.
func solveTop(ctx context.Context, m *openpsa.Model, top string, o *FaultTreeOptions) (*Result, error) {
	tree, issues := m.Assemble(ctx, top)
	if tree == nil && len(issues) == 0 {
		return unread(top, o), nil
	}
	if len(issues) == 0 {
		issues = tree.Evaluate(lifetime.Hours(o.MissionTime))
	}
	bare := false
	if len(issues) == 0 && len(tree.Bare) > 0 {
		if bare = len(tree.Bare) == len(tree.Events()); !bare {
			issues = tree.BareIssues()
		}
	}
	if len(issues) > 0 {
		return nil, unusable(issues)
	}
	if bare {
		if !o.CutSets || o.CutOff > 0 || o.Importance || o.Uncertainty > 0 || o.Curve > 0 {
			return nil, refused("solve.bare", map[string]any{"top": tree.Top})
		}
		for _, e := range tree.Events() { // any number will do: none is told
			tree.SetProbability(e, 0.5)
		}
	}
	failed := func(err error) *Trouble {
		return refused("solve.failed", map[string]any{"top": tree.Top, "why": err.Error()})
	}
	a, err := topevent.Compile(ctx, tree.Tree, topevent.Options{CutSets: o.CutSets, List: o.listed, MaxOrder: o.MaxOrder, CutOff: topevent.Probability(o.CutOff), Primes: o.Primes, Importance: o.Importance, MemoryLimit: o.bytes})
	if err != nil {
		return nil, failed(err)
	}
	report, err := a.Report(ctx)
	if err != nil {
		return nil, failed(err)
	}
	r := newResult(tree, report, o, bare)
	if o.Uncertainty > 0 {
		r.addUncertainty(ctx, a, tree, o)
	}
	if o.Curve > 0 {
		if issues := r.addCurve(ctx, a, tree, o); len(issues) > 0 {
			return nil, unusable(issues)
		}
	}
	return r, nil
}

// addUncertainty draws the uncertain parameters and adds the distribution of the
// probability of the top event.
func (r *Result) addUncertainty(ctx context.Context, a *topevent.Analysis, tree *openpsa.Tree, o *FaultTreeOptions) {
	u := &Uncertainty{Events: tree.Uncertain(), Seed: o.Seed}
	if u.Events == 0 {
		r.Uncertainty = u
		return
	}
	source := rand.New(rand.NewPCG(o.Seed, 0x9E3779B97F4A7C15))
	d, err := a.Uncertainty(ctx, o.Uncertainty, func(_ int, q []topevent.Probability) { u.Cut += tree.Draw(source, q) })
	if err != nil {
		r.Unsolved = append(r.Unsolved, "uncertainty")
		return
	}
	u.Trials, u.Mean, u.StdDev = d.Trials, &d.Mean, &d.StdDev
	for _, p := range []float64{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99} {
		u.Quantiles = append(u.Quantiles, Quantile{p, d.Quantile(p)})
	}
	r.Uncertainty = u
}

// addCurve adds the probability at moments spread evenly over the mission, and its
// mean over it by Simpson's rule on each pair of steps.
func (r *Result) addCurve(ctx context.Context, a *topevent.Analysis, tree *openpsa.Tree, o *FaultTreeOptions) []fault.Issue {
	n := o.Curve + o.Curve%2
	c := &Curve{}
	for i := range n + 1 {
		hours := o.MissionTime * float64(i) / float64(n)
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
		c.Points = append(c.Points, Point{hours, float64(p)})
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
