package openpsa

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"diapason/internal/engine/faulttree"
)

// Part is what a node of a graph stands for.
type Part struct {
	Name        string // what the format does not allow of it becomes hyphens; empty for any name
	Label       string // for people
	Probability faulttree.Probability
}

// CircleError says that a graph cannot be written: its gates depend on each other
// in a circle, which a fault tree does not have.
type CircleError struct{ Names []string } // each depends on the next, the last on the first

func (e *CircleError) Error() string {
	return fmt.Sprintf("gates depend on each other in a circle: %s → %s", strings.Join(e.Names, " → "), e.Names[0])
}

// WriteGraph writes what a top event of a graph depends on as a fault tree. The
// error is a *[CircleError], or one of the writer.
func WriteGraph(w io.Writer, tree string, g *faulttree.Graph, top faulttree.NodeID, part func(faulttree.NodeID) Part) error {
	order, err := sorted(g, top, part)
	if err != nil {
		return err
	}
	names := map[string]int{}
	name := make(map[faulttree.NodeID]string, len(order))
	for _, id := range order {
		n := identifier(part(id).Name)
		if n == "" {
			n = "node-" + strconv.Itoa(int(id))
		}
		names[n]++
		if again := names[n]; again > 1 {
			n += "-" + strconv.Itoa(again)
			names[n]++
		}
		name[id] = n
	}
	out := &writer{w: bufio.NewWriter(w)}
	out.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	out.start("opsa-mef")
	tag := "define-fault-tree"
	out.start(tag + named("name", identifier(tree)))
	for i := len(order) - 1; i >= 0; i-- { // the top first
		if id := order[i]; g.Op(id) != faulttree.OpEvent && g.Op(id) != faulttree.OpConstant {
			out.gate(g, id, part(id).Label, name)
		}
	}
	out.end(tag)
	out.start("model-data")
	for _, id := range order {
		switch g.Op(id) {
		case faulttree.OpEvent:
			out.start("define-basic-event" + named("name", name[id]))
			out.label(part(id).Label)
			out.line("<float" + named("value", strconv.FormatFloat(float64(part(id).Probability), 'g', -1, 64)) + "/>")
			out.end("define-basic-event")
		case faulttree.OpConstant:
			out.start("define-house-event" + named("name", name[id]))
			out.line("<constant" + named("value", strconv.FormatBool(g.Probability(id) == 1)) + "/>")
			out.end("define-house-event")
		}
	}
	out.end("model-data")
	out.end("opsa-mef")
	return out.w.Flush()
}

func (w *writer) gate(g *faulttree.Graph, id faulttree.NodeID, label string, name map[faulttree.NodeID]string) {
	w.start("define-gate" + named("name", name[id]))
	w.label(label)
	head := map[faulttree.Op]string{faulttree.OpOr: "or", faulttree.OpAnd: "and", faulttree.OpAtLeast: "atleast", faulttree.OpNot: "not", faulttree.OpXor: "xor"}[g.Op(id)]
	tag, inputs := head, g.Inputs(id)
	if tag == "atleast" {
		switch g.Threshold(id) { // the plain words where they fit
		case 1:
			tag, head = "or", "or"
		case len(inputs):
			tag, head = "and", "and"
		default:
			head += named("min", strconv.Itoa(g.Threshold(id)))
		}
	}
	if single := len(inputs) == 1 && tag != "not"; !single {
		w.start(head)
		defer w.end("define-gate")
		defer w.end(tag)
	} else {
		defer w.end("define-gate")
	}
	for _, in := range inputs {
		kind := "gate"
		switch g.Op(in) {
		case faulttree.OpEvent:
			kind = "basic-event"
		case faulttree.OpConstant:
			kind = "house-event"
		}
		w.line("<" + kind + named("name", name[in]) + "/>")
	}
}

// sorted lists what a node depends on, inputs before gates.
func sorted(g *faulttree.Graph, top faulttree.NodeID, part func(faulttree.NodeID) Part) ([]faulttree.NodeID, error) {
	type step struct {
		id   faulttree.NodeID
		next int
	}
	var order []faulttree.NodeID
	state := make([]uint8, g.Len()) // 1 on the way, 2 done
	path := []step{{id: top}}
	state[top] = 1
	for len(path) > 0 {
		s := &path[len(path)-1]
		inputs := g.Inputs(s.id)
		if s.next == len(inputs) {
			state[s.id] = 2
			order = append(order, s.id)
			path = path[:len(path)-1]
			continue
		}
		in := inputs[s.next]
		s.next++
		switch state[in] {
		case 0:
			state[in] = 1
			path = append(path, step{id: in})
		case 1:
			e := &CircleError{}
			for i := range path {
				if path[i].id == in {
					for _, x := range path[i:] {
						if n := part(x.id).Name; n != "" {
							e.Names = append(e.Names, n)
						}
					}
				}
			}
			if len(e.Names) == 0 {
				e.Names = []string{"?"}
			}
			return nil, e
		}
	}
	return order, nil
}

// identifier is what the format allows of a name: letters, digits, low lines and
// single hyphens within, a letter first.
func identifier(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
			b.WriteRune(r)
		case r >= '0' && r <= '9':
			if b.Len() == 0 {
				b.WriteByte('n')
			}
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}
