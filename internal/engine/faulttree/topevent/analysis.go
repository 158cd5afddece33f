package topevent

import (
	"context"
	"math"
	"math/big"
)

const (
	defaultMemory = 3 << 29 // 1.5 GiB
	largestBudget = 1 << 29
)

// blockSteps is what solving a block counts for each of its gates and leaves when it
// comes to looking at the time: much, so that only small ones go by unlooked at.
const blockSteps = 64

// Analysis is a tree made ready: probabilities of events can be changed and
// figures had again without building anything. It is used by one goroutine at
// a time.
type Analysis struct {
	opts   Options
	tree   *Tree
	events []Node // variable i+1 of the graph
	g      *graph
	blocks []*block
	solved []*function // of a block; nil when the budget did not suffice
	bounds []bounds    // of a block that is not solved
	vertex map[int32]int
	p      []Probability // by node of the tree
	mem    memory
	nodes  int

	cuts   *products
	counts []*big.Int

	interrupted bool
	limited     bool // the time is limited
	vague       bool // the context ended before the tree was cut into modules: nothing is known
}

// Compile checks a tree, simplifies it, cuts it into modules and builds their
// diagrams. A budget that does not suffice, or a context that ends, is no
// error: [Analysis.Report] then gives bounds. Errors are those of [Check] and
// *[OptionError].
func Compile(ctx context.Context, t *Tree, opts Options) (*Analysis, error) {
	if opts.MaxOrder < 0 {
		return nil, &OptionError{"MaxOrder", "it is negative; 0 restricts nothing"}
	}
	if !opts.CutOff.Valid() {
		return nil, &OptionError{"CutOff", "it is no probability; 0 restricts nothing"}
	}
	if opts.MemoryLimit < 0 || opts.NodeBudget < 0 {
		return nil, &OptionError{"MemoryLimit", "a budget is negative; 0 means the default"}
	}
	if opts.MemoryLimit == 0 {
		opts.MemoryLimit = defaultMemory
	}
	if opts.NodeBudget == 0 {
		opts.NodeBudget = largestBudget
	}
	_, limited := ctx.Deadline()
	watch := func() bool { return ctx.Err() != nil }
	beat := patient(watch)
	order, err := t.sorted(beat)
	if err != nil {
		return nil, err
	}
	a := &Analysis{opts: opts, tree: t, p: make([]Probability, len(t.nodes)), mem: memory{limit: opts.MemoryLimit}, limited: limited}
	for _, e := range t.events {
		a.p[e] = t.nodes[e].p
	}
	a.g, a.events = read(t, order, beat)
	if !beat.over() {
		a.g = simplify(a.g).separate()
	}
	if beat.over() {
		a.events, a.vague, a.interrupted = t.events, true, true
		return a, nil
	}
	a.blocks = a.g.blocks()
	a.solved = make([]*function, len(a.blocks))
	a.bounds = make([]bounds, len(a.blocks))
	a.vertex = make(map[int32]int, len(a.blocks))
	refining := make([]*refinement, len(a.blocks))
	for i, b := range a.blocks {
		a.vertex[b.root] = i
		if refining[i] = new(refinement); beat.beat(blockSteps * (len(b.gates) + len(b.leaves))) {
			continue
		}
		refining[i] = a.solve(i, watch)
		if a.solved[i] != nil {
			a.nodes += len(a.solved[i].variable)
		}
	}
	if a.limited {
		a.refineOn(refining, watch)
	}
	a.interrupted = ctx.Err() != nil
	return a, nil
}

// SetProbability changes the probability of a basic event; the next report
// has it. Errors: *[ProbabilityError], *[DefinitionError] when the node is no
// event.
func (a *Analysis) SetProbability(event Node, p Probability) error {
	if event < 0 || int(event) >= len(a.tree.nodes) || a.tree.nodes[event].kind != kindEvent {
		return &DefinitionError{Gate: event, Name: a.tree.Name(event), Problem: "it is no basic event; only those have a probability"}
	}
	if !p.Valid() {
		return &ProbabilityError{Event: event, Name: a.tree.Name(event), Value: p}
	}
	a.p[event] = p
	return nil
}

// values evaluates all blocks: the pair of every vertex that is a leaf or the
// root of a block. ok is false when a block is not solved.
func (a *Analysis) values() (at []pair, ok bool) {
	if a.vague {
		return nil, false
	}
	at = a.points()
	var work []pair
	for i, b := range a.blocks {
		f := a.solved[i]
		if f == nil {
			return nil, false
		}
		work = f.evaluate(work, func(x int32) pair { return at[x] })
		at[b.root] = work[f.root>>1].of(f.root)
	}
	return at, true
}

// points returns the pairs of the events alone.
func (a *Analysis) points() []pair {
	at := make([]pair, len(a.g.vertices))
	for i, e := range a.events {
		p := float64(a.p[e])
		at[i+1] = pair{p, 1 - p}
	}
	return at
}

// top returns the pair of the top.
func (a *Analysis) top(at []pair) pair {
	top := a.g.top
	p := pair{1, 0}
	if top.id() != 0 {
		p = at[top.id()]
	}
	return p.of(ref(top & 1))
}

// Probability returns the exact probability of the top event, and false when
// only bounds are known.
func (a *Analysis) Probability() (Probability, bool) {
	at, ok := a.values()
	if !ok {
		return 0, false
	}
	return clamp(a.top(at).yes), true
}

func clamp(p float64) Probability { return Probability(math.Min(1, math.Max(0, p))) }

// Report computes what the options ask for with the present probabilities.
func (a *Analysis) Report(ctx context.Context) (*Report, error) {
	if a.vague {
		return a.nothing(), nil
	}
	r := &Report{Upper: 1, Events: len(a.events), Coherent: a.g.coherent(), Modules: len(a.blocks), Nodes: a.nodes, Interrupted: a.interrupted}
	at, ok := a.values()
	if !ok {
		top := a.intervals()[a.g.top.id()].of(ref(a.g.top & 1))
		r.Lower, r.Upper = clamp(top.low), clamp(top.high)
	} else {
		p := clamp(a.top(at).yes)
		r.Lower, r.Upper, r.Exact, r.Interrupted = p, p, true, false
	}
	if a.opts.wantsCutSets() {
		if !ok && a.cuts != nil {
			at = a.points()
		}
		if at != nil {
			var short bool
			if r.CutSets, short = a.cutSets(ctx, at, float64(r.Upper)); short {
				r.Unsolved = append(r.Unsolved, "listing")
			}
		}
		if r.CutSets == nil {
			r.Unsolved = append(r.Unsolved, "minimal cut sets")
		}
	}
	if a.opts.Importance {
		if ok {
			r.Importance = a.importance(at, pulseOf(ctx))
		} else {
			r.Unsolved = append(r.Unsolved, "importance")
		}
	}
	r.PeakBytes = a.mem.peak
	return r, nil
}

// nothing is the report of an analysis that ended before anything was known.
func (a *Analysis) nothing() *Report {
	r := &Report{Upper: 1, Events: len(a.events), Interrupted: true}
	if a.opts.wantsCutSets() {
		r.Unsolved = append(r.Unsolved, "minimal cut sets")
	}
	if a.opts.Importance {
		r.Unsolved = append(r.Unsolved, "importance")
	}
	return r
}

// Analyse compiles a tree and reports on it.
func Analyse(ctx context.Context, t *Tree, opts Options) (*Report, error) {
	a, err := Compile(ctx, t, opts)
	if err != nil {
		return nil, err
	}
	return a.Report(ctx)
}

// coherent reports whether every variable reaches the top with an even number
// of complements and through no XOR. What is not so in the graph may still be
// coherent as a function; the answer is then false.
func (g *graph) coherent() bool {
	down, _ := g.reach()
	sign := make([]uint8, len(g.vertices)) // 1 plain, 2 complemented
	sign[g.top.id()] = 1 << (g.top & 1)
	for _, id := range down {
		v := &g.vertices[id]
		if v.op == opXor || sign[id] == 3 {
			return false
		}
		for _, a := range v.args {
			s := sign[id]
			if a&1 == 1 {
				s ^= 3
			}
			sign[a.id()] |= s
		}
	}
	for v := int32(1); v <= g.variables; v++ {
		if sign[v]&2 != 0 {
			return false
		}
	}
	return true
}
