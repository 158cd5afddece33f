package redundancy

import "math"

// compiled is a problem in integers, with every subsystem's choices.
type compiled struct {
	p      *Problem
	scales []scale // of all resources
	active []int   // resources that are limited or minimised; the first is minimised
	limit  []float64
	leaves []*choices
	target float64 // unreliability allowed; 1 without target
}

// mostFillings bounds the fillings of one subsystem that are enumerated.
const mostFillings = 4_000_000

// mostCount bounds the components of one type.
const mostCount = 120

func compile(p *Problem, g Goal) (*compiled, error) {
	if err := p.check(g); err != nil {
		return nil, err
	}
	c := &compiled{p: p, target: 1}
	if g.Target > 0 {
		c.target = 1 - float64(g.Target)
	}
	if err := c.bounds(); err != nil {
		return nil, err
	}
	minimised := -1
	for r := range p.Resources {
		if p.Resources[r].Name == g.Minimise {
			minimised = r
		}
	}
	if g.Minimise != "" {
		c.active = append(c.active, minimised)
	}
	for r := range p.Resources {
		if r != minimised || g.Minimise == "" {
			if !math.IsInf(c.scales[r].limit, 1) {
				c.active = append(c.active, r)
			}
		}
	}
	for _, r := range c.active {
		c.limit = append(c.limit, min(c.scales[r].limit, c.scales[r].cap))
	}
	if err := c.enumerate(); err != nil {
		return nil, err
	}
	return c, nil
}

// most is the number of components of a type that can be of use; the limits of
// resources bound it where nothing else does.
func (p *Problem) most(s *Subsystem, t *Type) int {
	n := mostCount + 1
	if s.Max > 0 {
		n = s.Max
	}
	if t.Max > 0 {
		n = min(n, t.Max)
	}
	for r := range t.Uses {
		u := &t.Uses[r]
		limit := float64(p.Resources[r].Limit)
		if k := len(u.Table); k > 0 && s.Max == 0 && t.Max == 0 {
			n = min(n, k)
		}
		if len(u.Table) == 0 && u.Each > 0 && !math.IsInf(limit, 1) {
			n = min(n, int(min(math.Floor(limit/float64(u.Each)+1e-9), mostCount+1)))
		}
	}
	return n
}

// bounds finds the scale of each resource and checks that all sums stay exact.
func (c *compiled) bounds() error {
	for i := range c.p.Subsystems {
		s := &c.p.Subsystems[i]
		for k := range s.Types {
			if t := &s.Types[k]; c.p.most(s, t) > mostCount {
				return &MistakeError{Code: Unbounded, Subsystem: s.Name, Type: t.Name, Value: mostCount}
			}
		}
	}
	for r := range c.p.Resources {
		res := &c.p.Resources[r]
		var amounts []float64
		sum := 0.0
		for i := range c.p.Subsystems {
			s := &c.p.Subsystems[i]
			worst, components := 0.0, 0
			for k := range s.Types {
				t := &s.Types[k]
				most := c.p.most(s, t)
				components += most
				if r >= len(t.Uses) {
					continue
				}
				u := &t.Uses[r]
				if len(u.Table) == 0 {
					amounts = append(amounts, float64(u.Each))
				} else if len(u.Table) < most {
					return &MistakeError{Code: ShortTable, Subsystem: s.Name, Type: t.Name, Resource: res.Name, Value: float64(most)}
				}
				largest := 0.0
				for n := 1; n <= most; n++ {
					x := u.of(n)
					if len(u.Table) > 0 {
						amounts = append(amounts, x)
					}
					largest = max(largest, x)
				}
				worst += largest
			}
			if s.Max > 0 {
				components = min(components, s.Max)
			}
			if r < len(s.Uses) {
				u := &s.Uses[r]
				if len(u.Table) > 0 && len(u.Table) < components {
					return &MistakeError{Code: ShortTable, Subsystem: s.Name, Resource: res.Name, Value: float64(components)}
				}
				largest := 0.0
				for n := 1; n <= components; n++ {
					amounts = append(amounts, u.of(n))
					largest = max(largest, u.of(n))
				}
				worst += largest
			}
			sum += worst
		}
		if sum >= exactIntegers/4 && float64(res.Limit) >= exactIntegers/4 {
			return &MistakeError{Code: TooLarge, Resource: res.Name, Value: sum}
		}
		c.scales = append(c.scales, newScale(amounts, float64(res.Limit), sum))
	}
	return nil
}

// enumerate lists the choices of every subsystem.
func (c *compiled) enumerate() error {
	trends, err := c.p.tendencies(c.p.index())
	if err != nil {
		return err
	}
	m := len(c.active)
	least := make([][]float64, len(c.p.Subsystems))
	total := make([]float64, m)
	for i := range c.p.Subsystems {
		least[i] = c.leastUse(i)
		for r := range m {
			total[r] += least[i][r]
		}
	}
	for i := range c.p.Subsystems {
		room := make([]float64, m)
		for r := range m {
			room[r] = c.limit[r] - (total[r] - least[i][r])
		}
		e := enumeration{c: c, s: &c.p.Subsystems[i], room: room, out: &choices{m: m, leaf: i, types: len(c.p.Subsystems[i].Types)}}
		if err := e.run(); err != nil {
			return err
		}
		e.out.prune(room, trends[i])
		if e.out.len() == 0 {
			return c.whyInfeasible()
		}
		c.leaves = append(c.leaves, e.out)
	}
	return nil
}

// leastUse bounds from below what the smallest filling of a subsystem uses.
func (c *compiled) leastUse(i int) []float64 {
	s := &c.p.Subsystems[i]
	out := make([]float64, len(c.active))
	if s.Min == 0 {
		return out
	}
	for k, r := range c.active {
		least := math.Inf(1)
		for t := range s.Types {
			for n := max(1, s.Types[t].Min); n <= c.p.most(s, &s.Types[t]); n++ {
				x := 0.0
				if r < len(s.Types[t].Uses) {
					x = c.scales[r].units(s.Types[t].Uses[r].of(n))
				}
				least = min(least, x)
			}
		}
		if !math.IsInf(least, 1) {
			out[k] = least
		}
	}
	return out
}

// whyInfeasible finds the limit that even the smallest choice exceeds.
func (c *compiled) whyInfeasible() error {
	for k, r := range c.active {
		if math.IsInf(c.scales[r].limit, 1) {
			continue
		}
		total := 0.0
		for i := range c.p.Subsystems {
			room := make([]float64, len(c.active))
			for x := range room {
				room[x] = math.Inf(1)
			}
			e := enumeration{c: c, s: &c.p.Subsystems[i], room: room, out: &choices{m: len(c.active), leaf: i, types: len(c.p.Subsystems[i].Types)}, smallest: k + 1}
			if err := e.run(); err != nil {
				return err
			}
			if e.out.len() > 0 {
				total += e.out.use[k]
			}
		}
		if total > c.limit[k] {
			return &InfeasibleError{Resource: c.p.Resources[r].Name, Least: c.scales[r].amount(total), Limit: c.p.Resources[r].Limit}
		}
	}
	return &InfeasibleError{}
}

// enumeration lists the fillings of one subsystem.
type enumeration struct {
	c        *compiled
	s        *Subsystem
	room     []float64
	out      *choices
	visited  int
	smallest int // resource plus one: keep only the filling that uses least of it

	counts []int8
	use    []float64
	saved  [][]float64 // what was used before each type was chosen
}

// most is the number of components of a type to try.
func (e *enumeration) most(t *Type) int {
	if e.smallest == 0 {
		return e.c.p.most(e.s, t)
	}
	n := max(e.s.Min, t.Min, 1) // whatever the limits
	if t.Max > 0 {
		n = min(n, t.Max)
	}
	return n
}

func (e *enumeration) run() error {
	e.counts = make([]int8, len(e.s.Types))
	e.use = make([]float64, len(e.room))
	e.saved = make([][]float64, len(e.s.Types))
	for t := range e.saved {
		e.saved[t] = make([]float64, len(e.room))
	}
	start := make([]float64, e.s.needed())
	start[0] = 1
	if e.s.Mixing {
		return e.mixed(0, 0, start)
	}
	for t := range e.s.Types {
		for k := range e.s.Types {
			if k != t && e.s.Types[k].Min > 0 {
				return nil // no single type meets every smallest count
			}
		}
	}
	for t := range e.s.Types {
		if err := e.alone(t, start); err != nil {
			return err
		}
	}
	if e.s.Min == 0 {
		e.emit(0, start)
	}
	return nil
}

// alone lists the fillings with one type.
func (e *enumeration) alone(t int, works []float64) error {
	typ := &e.s.Types[t]
	copy(e.saved[t], e.use)
	for n := 1; n <= e.most(typ); n++ {
		works = e.another(works, typ)
		if n < e.s.Min || n < typ.Min {
			continue
		}
		e.counts[t] = int8(n)
		if e.take(t, n) {
			e.emit(n, works)
		}
	}
	copy(e.use, e.saved[t])
	e.counts[t] = 0
	return nil
}

// mixed chooses the number of type t and those after it.
func (e *enumeration) mixed(t, total int, works []float64) error {
	if e.visited++; e.visited > mostFillings {
		return &MistakeError{Code: TooMany, Subsystem: e.s.Name, Value: mostFillings}
	}
	if t == len(e.s.Types) {
		if total >= e.s.Min {
			e.emit(total, works)
		}
		return nil
	}
	typ := &e.s.Types[t]
	most := e.most(typ)
	copy(e.saved[t], e.use)
	if e.s.Max > 0 {
		most = min(most, e.s.Max-total)
	}
	for n := 0; n <= most; n++ {
		if n > 0 {
			works = e.another(works, typ)
		}
		if n < typ.Min {
			continue
		}
		e.counts[t] = int8(n)
		if e.take(t, n) {
			if err := e.mixed(t+1, total+n, works); err != nil {
				return err
			}
		}
	}
	copy(e.use, e.saved[t])
	e.counts[t] = 0
	return nil
}

// take adds what n components of type t use to what was used before, and reports
// whether they fit.
func (e *enumeration) take(t, n int) bool {
	fits := true
	for k, r := range e.c.active {
		e.use[k] = e.saved[t][k]
		if r < len(e.s.Types[t].Uses) {
			e.use[k] += e.c.scales[r].units(e.s.Types[t].Uses[r].of(n))
		}
		fits = fits && e.use[k] <= e.room[k]
	}
	return fits
}

// another adds one component to the distribution of the number that works.
func (e *enumeration) another(works []float64, t *Type) []float64 {
	p := float64(t.Reliability)
	out := make([]float64, len(works))
	for k, x := range works {
		out[k] += x * (1 - p)
		if k+1 < len(out) {
			out[k+1] += x * p
		}
	}
	return out
}

// emit records the filling that stands.
func (e *enumeration) emit(total int, works []float64) {
	q := 0.0
	for _, x := range works {
		q += x
	}
	q = min(q, 1)
	if total < e.s.needed() {
		q = 1
	}
	o := e.out
	start := len(o.use)
	for k, r := range e.c.active {
		x := e.use[k]
		if total > 0 && r < len(e.s.Uses) {
			x += e.c.scales[r].units(e.s.Uses[r].of(total))
		}
		if x > e.room[k] {
			o.use = o.use[:start]
			return
		}
		o.use = append(o.use, x)
	}
	if e.smallest > 0 && o.len() > 0 {
		if k := e.smallest - 1; o.use[start+k] >= o.use[k] {
			o.use = o.use[:start]
			return
		}
		o.q, o.p, o.counts, o.use = o.q[:0], o.p[:0], o.counts[:0], append(o.use[:0], o.use[start:]...)
	}
	o.q, o.p = append(o.q, q), append(o.p, 1-q)
	o.counts = append(o.counts, e.counts...)
}
