package allocation

import (
	"strings"

	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/model"
)

// structure reads when the system works; nil when it cannot be read.
func (d *decoder) structure(n yamlsource.Node, depth int) *redundancy.Structure {
	if n.IsScalar() {
		return d.named(n)
	}
	if !n.IsMap() {
		d.bad(n, "a structure is the name of a subsystem, or one of all, any, atLeast with of, not, paths, cuts, network")
		return nil
	}
	entries := n.Entries()
	if len(entries) == 0 {
		d.bad(n, "a structure is the name of a subsystem, or one of all, any, atLeast with of, not, paths, cuts, network")
		return nil
	}
	if at := n.Get("atLeast"); at.Exists() || n.Get("of").Exists() {
		return d.atLeast(n, depth)
	}
	if len(entries) > 1 {
		d.bad(entries[1].Key, "%q and %q say the structure twice: nest one in the other", clip(entries[0].Name), clip(entries[1].Name))
		return nil
	}
	e := entries[0]
	switch e.Name {
	case "all", "any":
		needed := 0
		if e.Name == "any" {
			needed = 1
		}
		return d.group(e.Value, needed, depth)
	case "not":
		if part := d.structure(e.Value, depth+1); part != nil {
			return &redundancy.Structure{Not: part}
		}
		return nil
	case "paths":
		return d.sets(e.Value, 1, 0)
	case "cuts":
		return d.sets(e.Value, 0, 1)
	case "network":
		return d.network(e.Value)
	}
	d.unknown(e, "all", "any", "atLeast", "of", "not", "paths", "cuts", "network")
	return nil
}

// named reads the name of a subsystem.
func (d *decoder) named(n yamlsource.Node) *redundancy.Structure {
	name := n.Text()
	if _, ok := d.index[name]; ok {
		return &redundancy.Structure{Subsystem: name}
	}
	var names []string
	for i := range d.doc.Problem.Subsystems {
		names = append(names, d.doc.Problem.Subsystems[i].Name)
	}
	d.bad(n, "%q is no subsystem%s", clip(name), model.Suggestion(model.Nearest(name, names)))
	return nil
}

func (d *decoder) group(n yamlsource.Node, needed, depth int) *redundancy.Structure {
	if !n.IsList() || len(n.Items()) == 0 {
		d.bad(n, "a list of structures was expected")
		return nil
	}
	g := &redundancy.Structure{Needed: needed}
	for _, x := range n.Items() {
		if part := d.structure(x, depth+1); part != nil {
			g.Of = append(g.Of, *part)
		}
	}
	if len(g.Of) < len(n.Items()) {
		return nil
	}
	return g
}

func (d *decoder) atLeast(n yamlsource.Node, depth int) *redundancy.Structure {
	for _, e := range n.Entries() {
		if e.Name != "atLeast" && e.Name != "of" {
			d.unknown(e, "atLeast", "of")
		}
	}
	if !n.Get("atLeast").Exists() || !n.Get("of").Exists() {
		d.bad(n, "atLeast and of go together: atLeast: 2, of: [a, b, c]")
		return nil
	}
	g := d.group(n.Get("of"), 0, depth)
	needed, ok := d.integer(n.Get("atLeast"), 1, max(1, len(n.Get("of").Items())))
	if g == nil || !ok {
		return nil
	}
	g.Needed = needed
	return g
}

// sets reads a list of lists of subsystems: minimal paths (any of all) or minimal
// cuts (all of any).
func (d *decoder) sets(n yamlsource.Node, outer, inner int) *redundancy.Structure {
	if !n.IsList() || len(n.Items()) == 0 {
		d.bad(n, "a list of lists of subsystems was expected")
		return nil
	}
	g := &redundancy.Structure{Needed: outer}
	for _, x := range n.Items() {
		if part := d.group(x, inner, deepest); part != nil {
			g.Of = append(g.Of, *part)
		}
	}
	if len(g.Of) < len(n.Items()) {
		return nil
	}
	return g
}

func (d *decoder) network(n yamlsource.Node) *redundancy.Structure {
	if !n.IsMap() {
		d.bad(n, "a network is a mapping with from, to and links")
		return nil
	}
	g := &redundancy.Network{}
	for _, e := range n.Entries() {
		switch e.Name {
		case "from":
			g.Source = e.Value.Text()
		case "to":
			g.Target = e.Value.Text()
		case "links":
			for _, x := range e.Value.Items() {
				d.link(g, x)
			}
		case "nodes":
			d.nodes(g, e.Value)
		default:
			d.unknown(e, "from", "to", "links", "nodes")
		}
	}
	if g.Source == "" || g.Target == "" || len(n.Get("links").Items()) == 0 {
		d.bad(n, "a network is a mapping with from, to and links")
		return nil
	}
	touched := map[string]bool{}
	for _, l := range g.Links {
		touched[l.From], touched[l.To] = true, true
	}
	for _, end := range []string{g.Source, g.Target} {
		if !touched[end] && len(g.Links) == len(n.Get("links").Items()) {
			d.bad(n, "no link touches %q", clip(end))
		}
	}
	if len(g.Links) < len(n.Get("links").Items()) {
		return nil
	}
	for i, e := range n.Get("nodes").Entries() {
		if i < len(g.Nodes) && !touched[g.Nodes[i].Name] && g.Nodes[i].Name != g.Source && g.Nodes[i].Name != g.Target {
			d.bad(e.Key, "no link touches %q", clip(g.Nodes[i].Name))
		}
	}
	return &redundancy.Structure{Network: g}
}

// nodes reads the nodes that fail, each with its subsystem.
func (d *decoder) nodes(g *redundancy.Network, n yamlsource.Node) {
	if !n.IsMap() {
		d.bad(n, "nodes that fail are a mapping of nodes to subsystems: {n: a}")
		return
	}
	for _, e := range n.Entries() {
		part := d.named(e.Value)
		if part == nil {
			part = &redundancy.Structure{}
		}
		g.Nodes = append(g.Nodes, redundancy.Node{Name: e.Name, Subsystem: part.Subsystem})
	}
}

// link reads [from, to, subsystem], with an arrow as the fourth element where it
// is passed one way only, or a mapping.
func (d *decoder) link(g *redundancy.Network, n yamlsource.Node) {
	l := redundancy.Link{}
	by := n
	if items := n.Items(); n.IsList() {
		if len(items) < 3 || len(items) > 4 || len(items) == 4 && items[3].Text() != "directed" {
			d.bad(n, "a link is [from, to, subsystem], or [from, to, subsystem, directed]")
			return
		}
		l.From, l.To, by, l.Directed = items[0].Text(), items[1].Text(), items[2], len(items) == 4
	} else {
		for _, e := range n.Entries() {
			switch e.Name {
			case "from":
				l.From = e.Value.Text()
			case "to":
				l.To = e.Value.Text()
			case "subsystem":
				by = e.Value
			case "directed":
				l.Directed = d.boolean(e.Value)
			default:
				d.unknown(e, "from", "to", "subsystem", "directed")
			}
		}
	}
	if l.From == "" || l.To == "" || strings.TrimSpace(by.Text()) == "" {
		d.bad(n, "a link is [from, to, subsystem], or [from, to, subsystem, directed]")
		return
	}
	if part := d.named(by); part != nil {
		l.Subsystem = part.Subsystem
		g.Links = append(g.Links, l)
	}
}
