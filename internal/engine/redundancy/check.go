package redundancy

import "math"

// check finds the first mistake of a problem and its goal.
func (p *Problem) check(g Goal) error {
	if len(p.Subsystems) == 0 {
		return &MistakeError{Code: NoSubsystem}
	}
	if !isProbability(g.Target) {
		return &MistakeError{Code: BadTarget, Value: float64(g.Target)}
	}
	resources := map[string]bool{}
	for _, r := range p.Resources {
		if resources[r.Name] {
			return &MistakeError{Code: TwiceResource, Resource: r.Name}
		}
		resources[r.Name] = true
		if x := float64(r.Limit); !(x >= 0) {
			return &MistakeError{Code: BadLimit, Resource: r.Name, Value: x}
		}
	}
	if g.Minimise != "" && !resources[g.Minimise] {
		return &MistakeError{Code: UnknownResource, Resource: g.Minimise}
	}
	names := map[string]bool{}
	for i := range p.Subsystems {
		s := &p.Subsystems[i]
		if names[s.Name] {
			return &MistakeError{Code: TwiceSubsystem, Subsystem: s.Name}
		}
		names[s.Name] = true
		if err := p.checkSubsystem(s); err != nil {
			return err
		}
	}
	return p.checkStructure(names)
}

func isProbability(x Probability) bool { return x >= 0 && x <= 1 }

func (p *Problem) checkSubsystem(s *Subsystem) error {
	if len(s.Types) == 0 {
		return &MistakeError{Code: NoType, Subsystem: s.Name}
	}
	if s.Min < 0 || s.Max < 0 || s.Max > 0 && s.Min > s.Max || s.Needed < 0 || s.Max > mostCount || s.Min > mostCount {
		return &MistakeError{Code: BadCount, Subsystem: s.Name, Value: float64(s.Min)}
	}
	if s.Max > 0 && s.needed() > s.Max {
		return &MistakeError{Code: BadNeeded, Subsystem: s.Name, Value: float64(s.needed())}
	}
	if err := p.checkUses(s.Uses, s.Name, ""); err != nil {
		return err
	}
	types := map[string]bool{}
	for i := range s.Types {
		t := &s.Types[i]
		if types[t.Name] {
			return &MistakeError{Code: TwiceType, Subsystem: s.Name, Type: t.Name}
		}
		types[t.Name] = true
		if !isProbability(t.Reliability) {
			return &MistakeError{Code: BadReliability, Subsystem: s.Name, Type: t.Name, Value: float64(t.Reliability)}
		}
		if t.Min < 0 || t.Max < 0 || t.Max > 0 && t.Min > t.Max || t.Max > mostCount || t.Min > mostCount {
			return &MistakeError{Code: BadCount, Subsystem: s.Name, Type: t.Name, Value: float64(t.Min)}
		}
		if err := p.checkUses(t.Uses, s.Name, t.Name); err != nil {
			return err
		}
	}
	return nil
}

func (p *Problem) checkUses(uses []Use, subsystem, typ string) error {
	for r := range uses {
		name := ""
		if r < len(p.Resources) {
			name = p.Resources[r].Name
		}
		bad := func(x Amount) error {
			if x >= 0 && !math.IsInf(float64(x), 0) && r < len(p.Resources) {
				return nil
			}
			return &MistakeError{Code: BadAmount, Subsystem: subsystem, Type: typ, Resource: name, Value: float64(x)}
		}
		if err := bad(uses[r].Each); err != nil {
			return err
		}
		for _, x := range uses[r].Table {
			if err := bad(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// deepest bounds the nesting of structures.
const deepest = 200

func (p *Problem) checkStructure(names map[string]bool) error {
	if p.Structure == nil {
		return nil
	}
	used := map[string]bool{}
	if err := checkPart(p.Structure, names, used, 0); err != nil {
		return err
	}
	for i := range p.Subsystems {
		if !used[p.Subsystems[i].Name] {
			return &MistakeError{Code: UnusedSubsystem, Subsystem: p.Subsystems[i].Name}
		}
	}
	return nil
}

func checkPart(s *Structure, names, used map[string]bool, depth int) error {
	if depth > deepest {
		return &MistakeError{Code: DeepStructure, Value: deepest}
	}
	given := 0
	for _, is := range []bool{s.Subsystem != "", len(s.Of) > 0, s.Network != nil, s.Not != nil} {
		if is {
			given++
		}
	}
	switch {
	case given == 0:
		return &MistakeError{Code: EmptyStructure}
	case given > 1:
		return &MistakeError{Code: AmbiguousStructure, Subsystem: s.Subsystem}
	case s.Subsystem != "":
		return checkName(s.Subsystem, names, used)
	case s.Not != nil:
		return checkPart(s.Not, names, used, depth+1)
	case s.Network != nil:
		n := s.Network
		if len(n.Links) == 0 {
			return &MistakeError{Code: EmptyStructure}
		}
		for _, l := range n.Links {
			if err := checkName(l.Subsystem, names, used); err != nil {
				return err
			}
		}
		return checkNodes(n, names, used)
	}
	if s.Needed < 0 || s.Needed > len(s.Of) {
		return &MistakeError{Code: BadNeeded, Value: float64(s.Needed)}
	}
	for i := range s.Of {
		if err := checkPart(&s.Of[i], names, used, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// checkNodes refuses a failing node that stands twice or that no link touches.
func checkNodes(n *Network, names, used map[string]bool) error {
	touched := map[string]bool{n.Source: true, n.Target: true}
	for _, l := range n.Links {
		touched[l.From], touched[l.To] = true, true
	}
	seen := map[string]bool{}
	for _, x := range n.Nodes {
		if seen[x.Name] || !touched[x.Name] {
			return &MistakeError{Code: BadNode, Node: x.Name, Subsystem: x.Subsystem}
		}
		seen[x.Name] = true
		if err := checkName(x.Subsystem, names, used); err != nil {
			return err
		}
	}
	return nil
}

func checkName(name string, names, used map[string]bool) error {
	if !names[name] {
		return &MistakeError{Code: UnknownSubsystem, Subsystem: name}
	}
	used[name] = true
	return nil
}
