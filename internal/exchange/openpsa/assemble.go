package openpsa

import (
	"context"
	"slices"
	"strings"

	"diapason/internal/engine/faulttree/topevent"
	"diapason/internal/engine/lifetime"
	"diapason/internal/engine/stochastic"
	"diapason/internal/model/fault"
)

// maxFailures bounds how many joint failures a common-cause group unfolds to.
const maxFailures = 1 << 16

// Tree is what one top event needs of a model, ready to be solved. Gates nested
// in formulas have no name; each joint failure of a common-cause group is an
// event of its own, named after its members in brackets: [A B].
type Tree struct {
	*topevent.Tree
	Top  string
	Bare []string // basic events without expression

	defined   int // gates of the model in the tree
	m         *Model
	exprs     []stochastic.Expr // by index of Events
	evaluator *stochastic.Evaluator
	random    []int // indices of events whose probability is uncertain
}

// Assemble makes the tree of a gate, given by its name or full path. Issues say
// what stands against it: no such gate, or a common-cause group that makes no
// sense. The probabilities are 0 until [Tree.Evaluate]. Where the context ends before
// the tree is made, both results are nil.
func (m *Model) Assemble(ctx context.Context, top string) (*Tree, []fault.Issue) {
	root, ok := m.gateNamed(top)
	if !ok {
		return nil, []fault.Issue{m.issue(place{0, 0}, "gate %s is not defined%s", top, fault.Suggestion(nearestGate(m, top)))}
	}
	t := &Tree{Tree: &topevent.Tree{}, Top: m.reference(root), m: m}
	a := &assembler{m: m, t: t, made: make([]topevent.Node, len(m.elements)), groups: make([][]topevent.Node, len(m.groups)), pulse: pulse{ctx: ctx}}
	for i := range a.made {
		a.made[i] = -1
	}
	a.gates(root)
	if a.pulse.ended {
		return nil, nil
	}
	if len(a.issues) > 0 {
		return nil, a.issues
	}
	t.SetTop(a.made[root])
	v, err := m.program.Compile(t.exprs)
	if err != nil { // circles were refused when the model was read
		return nil, []fault.Issue{m.issue(m.elements[root].at, "parameters are defined by each other in a circle: %s", t.Top)}
	}
	t.evaluator = v
	return t, nil
}

func nearestGate(m *Model, name string) string {
	if len(m.elements) > 5000 {
		return ""
	}
	return fault.Nearest(name, m.Gates())
}

type assembler struct {
	m      *Model
	t      *Tree
	made   []topevent.Node   // by element; −1 where not yet
	groups [][]topevent.Node // by group and position of the member: the gate that stands for it
	queue  []int32           // gates whose formulas are to be made
	issues []fault.Issue
	pulse  pulse
}

// gates makes a gate and all that it needs.
func (a *assembler) gates(root int32) {
	a.element(root)
	for len(a.queue) > 0 && len(a.issues) == 0 && !a.pulse.ended {
		g := a.queue[0]
		a.queue = a.queue[1:]
		f := a.formula(a.m.elements[g].body)
		if err := a.t.Define(a.made[g], f); err != nil { // each gate is made once
			a.issues = append(a.issues, a.m.issue(a.m.elements[g].at, "%s is defined twice: first as %s %s; give one of them another name", a.t.Name(a.made[g]), "gate", ""))
		}
	}
}

// element is the node of a gate or event, made when it is first needed.
func (a *assembler) element(id int32) topevent.Node {
	if a.made[id] >= 0 {
		return a.made[id]
	}
	e := &a.m.elements[id]
	name := a.m.reference(id)
	switch {
	case e.kind == gate:
		a.made[id] = a.t.AddGate(name)
		a.t.defined++
		a.queue = append(a.queue, id)
	case e.kind == houseEvent:
		a.made[id] = a.t.AddConstant(name, e.body == 1)
	case e.group != none:
		a.group(e.group)
	default:
		if e.body == none {
			a.t.Bare = append(a.t.Bare, name)
		}
		a.made[id] = a.event(name, stochastic.Expr(e.body))
	}
	return a.made[id]
}

func (a *assembler) event(name string, e stochastic.Expr) topevent.Node {
	a.t.exprs = append(a.t.exprs, e)
	return a.t.AddEvent(name, 0)
}

// formula makes the formula of a node; those nested in it become gates without a
// name. It goes over the nodes in the order in which they were read: the parts of
// a connective stand before it.
func (a *assembler) formula(root int32) topevent.Formula {
	type step struct {
		node int32
		next int32
		args []topevent.Arg
	}
	path := []step{{node: root}}
	if a.m.nodes[root].do <= constant {
		return topevent.Formula{Operator: topevent.Pass, Args: []topevent.Arg{{Node: a.leaf(root)}}}
	}
	for !a.pulse.beat() {
		s := &path[len(path)-1]
		inputs := a.m.inputs(s.node)
		if int(s.next) < len(inputs) {
			in := inputs[s.next]
			s.next++
			if a.m.nodes[in].do <= constant {
				s.args = append(s.args, topevent.Arg{Node: a.leaf(in)})
			} else {
				path = append(path, step{node: in})
			}
			continue
		}
		f := a.connect(&a.m.nodes[s.node], s.args)
		path = path[:len(path)-1]
		if len(path) == 0 {
			return f
		}
		above := &path[len(path)-1]
		if f.Operator == topevent.Not {
			above.args = append(above.args, topevent.Arg{Node: f.Args[0].Node, Negated: !f.Args[0].Negated})
			continue
		}
		above.args = append(above.args, topevent.Arg{Node: a.t.AddFormula("", f)})
	}
	return topevent.Formula{}
}

func (a *assembler) leaf(n int32) topevent.Node {
	x := &a.m.nodes[n]
	if x.do == constant {
		return a.t.AddConstant("", x.min == 1)
	}
	return a.element(x.target)
}

var operators = [...]topevent.Operator{and: topevent.And, or: topevent.Or, not: topevent.Not, xor: topevent.Xor, iff: topevent.Iff, nand: topevent.Nand, nor: topevent.Nor, atleast: topevent.AtLeast, cardinality: topevent.Cardinality, imply: topevent.Imply}

// connect gives a connective its operator and arguments.
func (a *assembler) connect(x *node, args []topevent.Arg) topevent.Formula {
	f := topevent.Formula{Operator: operators[x.do], Min: int(x.min), Max: min(int(x.max), len(args)), Args: args}
	switch {
	case x.do == atleast && x.min == 0: // always holds
		return topevent.Formula{Operator: topevent.Pass, Args: []topevent.Arg{{Node: a.t.AddConstant("", true)}}}
	case x.do == iff && len(args)%2 == 1:
		f.Operator = topevent.Xor // A iff B iff C is true iff an even number is false
	case x.do == iff && len(args) > 2:
		odd := a.t.AddFormula("", topevent.Formula{Operator: topevent.Xor, Args: args})
		return topevent.Formula{Operator: topevent.Not, Args: []topevent.Arg{{Node: odd}}}
	}
	return f
}

// group unfolds a common-cause group: an event for each set of members that can
// fail together, and for each member the gate that one of its sets fails.
func (a *assembler) group(id int32) {
	m := a.m
	g := &m.groups[id]
	n := len(g.members)
	levels, err := m.levels(g)
	if err != nil {
		a.issues = append(a.issues, m.issue(g.at, "the %s of the common-cause group %s does not fit its %d members: level %d is missing or has no meaning", g.model.String(), m.names[g.name], n, err.Level))
		return
	}
	failures := 0.0
	for k := 1; k <= n; k++ {
		if levels[k] != stochastic.None {
			failures += binomial(n, k)
		}
	}
	if failures > maxFailures {
		a.issues = append(a.issues, m.issue(g.at, "the common-cause group %s unfolds to more than %d joint failures: split it, or give factors for fewer levels", m.names[g.name], maxFailures))
		return
	}
	args := make([][]topevent.Arg, n)
	for k := 1; k <= n; k++ {
		if levels[k] == stochastic.None {
			continue
		}
		subsets(n, k, func(members []int) {
			names := make([]string, len(members))
			for i, x := range members {
				names[i] = m.reference(g.members[x].element)
			}
			e := a.event("["+strings.Join(names, " ")+"]", levels[k])
			for _, x := range members {
				args[x] = append(args[x], topevent.Arg{Node: e})
			}
		})
	}
	for i, x := range g.members {
		a.made[x.element] = a.t.AddFormula(m.reference(x.element), topevent.Formula{Operator: topevent.Or, Args: args[i]})
	}
}

// levels are the probabilities of the joint failures of a group by their size,
// made once.
func (m *Model) levels(g *group) ([]stochastic.Expr, *stochastic.FactorError) {
	if g.levels != nil {
		return g.levels, nil
	}
	levels, err := m.program.Levels(g.model, len(g.members), g.distribution, g.factors)
	if err != nil {
		refused, _ := err.(*stochastic.FactorError)
		return nil, refused
	}
	for len(m.exprAt) < m.program.Len() {
		m.exprAt = append(m.exprAt, g.at)
	}
	g.levels = levels
	return levels, nil
}

func binomial(n, k int) float64 {
	out := 1.0
	for i := range k {
		out = out * float64(n-i) / float64(i+1)
	}
	return out
}

// subsets gives every set of k of n members in lexical order.
func subsets(n, k int, f func([]int)) {
	set := make([]int, k)
	for i := range set {
		set[i] = i
	}
	for {
		f(set)
		i := k - 1
		for i >= 0 && set[i] == n-k+i {
			i--
		}
		if i < 0 {
			return
		}
		set[i]++
		for j := i + 1; j < k; j++ {
			set[j] = set[j-1] + 1
		}
	}
}

// Evaluate computes the probabilities of the basic events for a mission time and
// gives them to the tree. Issues name the expressions that have no probability as
// their value. Events without expression keep 0; see [Tree.Bare].
func (t *Tree) Evaluate(mission lifetime.Hours) []fault.Issue {
	t.evaluator.Point(mission)
	t.random = t.random[:0]
	var issues []fault.Issue
	blamed := map[stochastic.Expr]bool{}
	for i, event := range t.Events() {
		e := t.exprs[i]
		if e == stochastic.None {
			continue
		}
		p := topevent.Probability(t.evaluator.Value(e))
		if t.evaluator.Random(e) {
			t.random = append(t.random, i)
		}
		if p.Valid() {
			t.SetProbability(event, p)
			continue
		}
		if len(issues) >= maxIssues {
			break
		}
		at := e
		b := t.evaluator.Blame(e)
		if b != nil {
			at = b.Expr
		}
		if blamed[at] { // one parameter can serve many events
			continue
		}
		blamed[at] = true
		switch {
		case b == nil:
			issues = append(issues, t.m.issue(t.m.exprAt[at], "the probability of %s is %v: it must lie between 0 and 1", t.Name(event), float64(p)))
		case b.Want == "":
			issues = append(issues, t.m.issue(t.m.exprAt[at], "<%s> has no finite value here: it is %v", b.Op.String(), b.Value))
		default:
			issues = append(issues, t.m.issue(t.m.exprAt[at], "<%s>: the %s is %v and must be %s", b.Op.String(), fault.Phrase(b.Name), b.Value, fault.Phrase(b.Want)))
		}
	}
	slices.SortFunc(issues, func(a, b fault.Issue) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return (a.Line-b.Line)<<8 + min(max(a.Column-b.Column, -127), 127)
	})
	return issues
}

// Gates is the number of gates of the model that the top depends on, without those
// that nested formulas and common-cause groups become.
func (t *Tree) Gates() int { return t.defined }

// Uncertain is the number of basic events whose probability is uncertain.
func (t *Tree) Uncertain() int { return len(t.random) }

// Draw draws the uncertain probabilities into q, which is by index of Events;
// [Tree.Evaluate] must have come before. It returns how many of them fell outside
// [0, 1] and were cut, or have no value and were left as they were.
func (t *Tree) Draw(source stochastic.Source, q []topevent.Probability) (cut int) {
	t.evaluator.Sample(source)
	for _, i := range t.random {
		p := topevent.Probability(t.evaluator.Value(t.exprs[i]))
		switch {
		case p.Valid():
			q[i] = p
		case p > 1:
			q[i] = 1
			cut++
		case p < 0:
			q[i] = 0
			cut++
		default:
			cut++
		}
	}
	return cut
}
