package openpsa

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/engine/stochastic"
)

// Write writes the model as one document in the format: fault trees with all they
// hold, common-cause groups, then what stands in no fault tree as model data.
// Names, structure, expressions, labels and attributes are kept; comments, the
// division into files and the order of different kinds of definitions are not.
func (m *Model) Write(w io.Writer) error {
	out := &writer{m: m, w: bufio.NewWriterSize(w, 1<<16), inside: make([][]int32, len(m.containers)+1), elements: make([][]int32, len(m.containers)+1), groups: make([][]int32, len(m.containers)+1)}
	for i, c := range m.containers {
		out.inside[c.in+1] = append(out.inside[c.in+1], int32(i))
	}
	for i, e := range m.elements {
		out.elements[e.in+1] = append(out.elements[e.in+1], int32(i))
	}
	for i, g := range m.groups {
		out.groups[g.in+1] = append(out.groups[g.in+1], int32(i))
	}
	out.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	root := "opsa-mef"
	if m.name != "" {
		root += named("name", m.name)
	}
	out.start(root)
	out.attributes(m.attributes[-2-outside])
	for _, c := range out.inside[0] {
		out.container(c)
	}
	for _, g := range out.groups[0] {
		out.group(&m.groups[g])
	}
	if len(out.elements[0]) > 0 {
		out.start("model-data")
		for _, e := range out.elements[0] {
			out.element(e)
		}
		out.end("model-data")
	}
	out.end("opsa-mef")
	return out.w.Flush()
}

type writer struct {
	m        *Model
	w        *bufio.Writer
	depth    int
	inside   [][]int32 // containers by container + 1
	elements [][]int32
	groups   [][]int32
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;", "\t", "&#9;", "\r", "&#13;")

func named(attribute, value string) string {
	return " " + attribute + `="` + escaper.Replace(value) + `"`
}

func (w *writer) line(text string) {
	for range min(w.depth, 40) {
		_, _ = w.w.WriteString("  ") // the writer keeps its error for Flush
	}
	_, _ = w.w.WriteString(text)
	_ = w.w.WriteByte('\n')
}

func (w *writer) start(tag string) {
	w.line("<" + tag + ">")
	w.depth++
}

func (w *writer) end(tag string) {
	w.depth--
	w.line("</" + tag + ">")
}

func (w *writer) label(text string) {
	if text != "" {
		w.line("<label>" + escaper.Replace(text) + "</label>")
	}
}

func (w *writer) attributes(list []attribute) {
	if len(list) == 0 {
		return
	}
	w.start("attributes")
	for _, a := range list {
		tag := "<attribute" + named("name", a.name) + named("value", a.value)
		if a.kind != "" {
			tag += named("type", a.kind)
		}
		w.line(tag + "/>")
	}
	w.end("attributes")
}

// role is written where it differs from what the container implies.
func (w *writer) role(private bool, in int32) string {
	switch implied := in != outside && w.m.containers[in].private; {
	case private == implied:
		return ""
	case private:
		return ` role="private"`
	}
	return ` role="public"`
}

func (w *writer) container(id int32) {
	c := &w.m.containers[id]
	tag := "define-fault-tree"
	head := tag + named("name", w.m.names[c.name])
	if c.component {
		tag = "define-component"
		head = tag + named("name", w.m.names[c.name]) + w.role(c.private, c.in)
	}
	w.start(head)
	w.label(w.m.labels[-2-id])
	w.attributes(w.m.attributes[-2-id])
	for _, e := range w.elements[id+1] {
		w.element(e)
	}
	for _, inner := range w.inside[id+1] {
		w.container(inner)
	}
	for _, g := range w.groups[id+1] {
		w.group(&w.m.groups[g])
	}
	w.end(tag)
}

func (w *writer) element(id int32) {
	e := &w.m.elements[id]
	tag := "define-" + e.kind.String()
	head := tag + named("name", w.m.names[e.name]) + w.role(e.private, e.in)
	if e.unit != "" {
		head += named("unit", e.unit)
	}
	if e.body == none && w.m.labels[id] == "" && len(w.m.attributes[id]) == 0 {
		w.line("<" + head + "/>")
		return
	}
	w.start(head)
	w.label(w.m.labels[id])
	w.attributes(w.m.attributes[id])
	switch {
	case e.body == none:
	case e.kind == gate:
		w.formula(e.body)
	case e.kind == houseEvent:
		w.line("<constant" + named("value", strconv.FormatBool(e.body == 1)) + "/>")
	default:
		w.expression(stochastic.Expr(e.body))
	}
	w.end(tag)
}

func (w *writer) formula(n int32) {
	x := &w.m.nodes[n]
	switch {
	case x.do <= houseReference:
		e := x.target
		w.line("<" + w.m.elements[e].kind.String() + named("name", w.m.reference(e)) + "/>")
		return
	case x.do == constant:
		w.line("<constant" + named("value", strconv.FormatBool(x.min == 1)) + "/>")
		return
	}
	head := x.do.String()
	if x.do == atleast || x.do == cardinality {
		head += named("min", strconv.Itoa(int(x.min)))
	}
	if x.do == cardinality {
		head += named("max", strconv.Itoa(int(x.max)))
	}
	w.start(head)
	for _, in := range w.m.inputs(n) {
		w.formula(in)
	}
	w.end(x.do.String())
}

func (w *writer) expression(e stochastic.Expr) {
	p := &w.m.program
	op := p.Op(e)
	switch op {
	case stochastic.Constant:
		w.line("<float" + named("value", strconv.FormatFloat(p.Value(e), 'g', -1, 64)) + "/>")
		return
	case stochastic.Parameter:
		w.line("<parameter" + named("name", w.m.reference(w.m.uses[e])) + "/>")
		return
	}
	args := p.Arguments(e)
	if len(args) == 0 {
		w.line("<" + op.String() + "/>")
		return
	}
	w.start(op.String())
	switch op {
	case stochastic.Histogram:
		w.expression(args[0])
		w.pairs("bin", args[1:])
	case stochastic.Switch:
		w.pairs("case", args[:len(args)-1])
		w.expression(args[len(args)-1])
	default:
		for _, a := range args {
			w.expression(a)
		}
	}
	w.end(op.String())
}

func (w *writer) pairs(tag string, args []stochastic.Expr) {
	for i := 0; i+1 < len(args); i += 2 {
		w.start(tag)
		w.expression(args[i])
		w.expression(args[i+1])
		w.end(tag)
	}
}

func (w *writer) group(g *group) {
	w.start("define-CCF-group" + named("name", w.m.names[g.name]) + named("model", g.model.String()))
	w.label(g.label)
	w.attributes(g.attributes)
	w.start("members")
	for _, x := range g.members {
		w.line("<basic-event" + named("name", w.m.reference(x.element)) + "/>")
	}
	w.end("members")
	w.start("distribution")
	w.expression(g.distribution)
	w.end("distribution")
	w.start("factors")
	var levels []int
	for level := range g.factors {
		levels = append(levels, level)
	}
	slices.Sort(levels)
	for _, level := range levels {
		w.start("factor" + named("level", strconv.Itoa(level)))
		w.expression(g.factors[level])
		w.end("factor")
	}
	w.end("factors")
	w.end("define-CCF-group")
}
