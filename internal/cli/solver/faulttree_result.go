package solver

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"diapason/internal/engine/faulttree/topevent"
	"diapason/internal/exchange/openpsa"
)

// Result is what is told about one top event; docs/solve.md describes it.
type Result struct {
	Files       []string     `json:"files"`
	Top         string       `json:"top"`
	Events      int          `json:"basic_events"`
	Gates       int          `json:"gates"`
	Coherent    bool         `json:"coherent"`
	MissionTime float64      `json:"mission_time_hours"`
	Exact       bool         `json:"exact"`
	Probability *float64     `json:"probability,omitempty"`
	Lower       *float64     `json:"lower,omitempty"`
	Upper       *float64     `json:"upper,omitempty"`
	Interrupted bool         `json:"interrupted"`
	CutSets     *CutSets     `json:"minimal_cut_sets,omitempty"`
	Importance  []Importance `json:"importance,omitempty"`
	Uncertainty *Uncertainty `json:"uncertainty,omitempty"`
	Curve       *Curve       `json:"curve,omitempty"`
	Unsolved    []string     `json:"unsolved,omitempty"`
	Modules     int          `json:"modules"`
	Nodes       int          `json:"diagram_nodes"`
	Seconds     float64      `json:"seconds"`
	CPUSeconds  float64      `json:"cpu_seconds"`
	PeakBytes   int64        `json:"peak_bytes"`
}

// CutSets is what is told about cut sets; those listed are Products.
type CutSets struct {
	Kind      string      `json:"kind"`
	Complete  bool        `json:"complete"`
	Count     string      `json:"count"`
	ByOrder   Orders      `json:"by_order"`
	MaxOrder  int         `json:"max_order,omitempty"`
	CutOff    float64     `json:"cut_off,omitempty"`
	Sum       *float64    `json:"sum,omitempty"`
	Listed    [0]struct{} `json:"listed"` // the place of products, which are written one by one
	Remainder *float64    `json:"remainder,omitempty"`
	Excluded  *float64    `json:"excluded,omitempty"` // where something restricts the analysis

	Products []topevent.Product `json:"-"`
	tree     *openpsa.Tree
	bare     bool
}

// Product is the i-th of the cut sets listed.
func (v *CutSets) Product(i int) Product {
	p := &v.Products[i]
	x := Product{Order: len(p.Literals), Events: make([]string, len(p.Literals))}
	if !v.bare {
		probability := float64(p.Probability)
		x.Probability = &probability
	}
	for i, l := range p.Literals {
		x.Events[i] = v.tree.Name(l.Node)
		if l.Negated {
			x.Events[i] = "not " + x.Events[i]
		}
	}
	return x
}

// Write writes the results as JSON, several in an object; listed cut sets are
// written one by one, for there can be a million.
func Write(w *bufio.Writer, results []*Result, late func() bool) error {
	if len(results) == 1 {
		if err := results[0].write(w, "", late); err != nil {
			return err
		}
		return w.WriteByte('\n')
	}
	before := "{\n  \"tops\": [\n    "
	for _, r := range results {
		_, _ = w.WriteString(before) // the writer keeps its error
		before = ",\n    "
		if err := r.write(w, "    ", late); err != nil {
			return err
		}
	}
	_, err := w.WriteString("\n  ]\n}\n")
	return err
}

// WrittenAtOnce is how many cut sets are written between two looks at whether that
// has to end.
const WrittenAtOnce = 256

// Shorten leaves a list at its first n cut sets. What of the result is not written
// yet says so: the remainder takes in what is left out.
func (r *Result) Shorten(n int) {
	c := r.CutSets
	if !slices.Contains(r.Unsolved, "listing") {
		r.Unsolved = append(r.Unsolved, "listing")
	}
	if c.Remainder != nil {
		remainder := *c.Remainder
		for _, p := range c.Products[n:] {
			remainder += float64(p.Probability)
		}
		top := 1.0
		if r.Probability != nil {
			top = *r.Probability
		} else if r.Upper != nil {
			top = *r.Upper
		}
		remainder = min(remainder, top)
		c.Remainder = &remainder
	}
	c.Products = c.Products[:n]
}

func (r *Result) write(w *bufio.Writer, indent string, late func() bool) error {
	var b bytes.Buffer
	encode := func(v any, indent string) error {
		b.Reset()
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent(indent, "  ")
		err := e.Encode(v)
		b.Truncate(max(0, b.Len()-1)) // its line end
		return err
	}
	if err := encode(r, indent); err != nil {
		return err
	}
	// Quotation marks inside of names are escaped, so this is the field.
	before, after, found := bytes.Cut(bytes.Clone(b.Bytes()), []byte(`"listed": []`))
	_, _ = w.Write(before)
	if found {
		_, _ = w.WriteString(`"listed": [`)
		inner := "\n" + indent + "      "
		for i := range r.CutSets.Products {
			if i%WrittenAtOnce == 0 && late() {
				r.Shorten(i)
				if err := encode(r, indent); err != nil {
					return err
				}
				_, after, _ = bytes.Cut(bytes.Clone(b.Bytes()), []byte(`"listed": []`))
				break
			}
			if err := encode(r.CutSets.Product(i), indent+"      "); err != nil {
				return err
			}
			_, _ = w.WriteString(inner)
			_, _ = w.Write(b.Bytes())
			inner = ",\n" + indent + "      "
		}
		if len(r.CutSets.Products) > 0 {
			_, _ = w.WriteString("\n" + indent + "    ")
		}
		_, _ = w.WriteString("]")
	}
	_, err := w.Write(after)
	return err
}

// Orders are exact counts by order; as JSON an object whose keys are the
// orders that occur, ascending, and whose values are integers in strings.
type Orders []*big.Int

// MarshalJSON writes the orders in ascending order, which a map would not.
func (c Orders) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for order, n := range c {
		if n == nil || n.Sign() == 0 {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(strconv.Itoa(order)) + ":" + strconv.Quote(n.String()))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Product is a cut set.
type Product struct {
	Order       int      `json:"order"`
	Probability *float64 `json:"probability,omitempty"`
	Events      []string `json:"events"` // a complemented one begins with "not "
}

// Importance has the measures of one event.
type Importance struct {
	Event         string  `json:"event"`
	Probability   float64 `json:"probability"`
	Birnbaum      Figure  `json:"birnbaum"`
	Criticality   Figure  `json:"criticality"`
	Diagnostic    Figure  `json:"diagnostic"`
	FussellVesely Figure  `json:"fussell_vesely"`
	RAW           Figure  `json:"raw"`
	RRW           Figure  `json:"rrw"`
}

// Figure is a number that JSON may not know: what is not finite is null where
// it is not computed, and "infinite".
type Figure float64

// MarshalJSON writes null for NaN and a word for infinity.
func (f Figure) MarshalJSON() ([]byte, error) {
	switch x := float64(f); {
	case math.IsNaN(x):
		return []byte("null"), nil
	case math.IsInf(x, 0):
		return []byte(`"infinite"`), nil
	default:
		return json.Marshal(x)
	}
}

// Uncertainty is the distribution of the probability over draws of parameters.
type Uncertainty struct {
	Trials    int        `json:"trials"`
	Seed      uint64     `json:"seed"`
	Events    int        `json:"uncertain_events"`
	Cut       int        `json:"draws_cut_to_range"`
	Mean      *float64   `json:"mean,omitempty"`               // nil where nothing was drawn
	StdDev    *float64   `json:"standard_deviation,omitempty"` // nil where nothing was drawn
	Quantiles []Quantile `json:"quantiles,omitempty"`
}

// Quantile is a value that a share of draws does not exceed.
type Quantile struct {
	Share float64 `json:"share"`
	Value float64 `json:"value"`
}

// Curve is the probability over the mission.
type Curve struct {
	Mean   float64 `json:"mean"`
	Points []Point `json:"points"`
}

// Point is the probability at a moment.
type Point struct {
	Hours       float64 `json:"hours"`
	Probability float64 `json:"probability"`
}

// unread is the result where the time was over before the model was read: nothing is
// known.
func unread(top string, o *FaultTreeOptions) *Result {
	lower, upper := 0.0, 1.0
	return &Result{Top: top, MissionTime: o.MissionTime, Lower: &lower, Upper: &upper, Interrupted: true, Unsolved: []string{Unread}}
}

// Unread stands in Unsolved of a result whose model was not read to its end.
const Unread = "model"

func newResult(tree *openpsa.Tree, report *topevent.Report, o *FaultTreeOptions, bare bool) *Result {
	r := &Result{
		Top: tree.Top, Events: report.Events, Gates: tree.Gates(), Coherent: report.Coherent, MissionTime: o.MissionTime,
		Exact: report.Exact, Interrupted: report.Interrupted, Unsolved: report.Unsolved, Modules: report.Modules, Nodes: report.Nodes,
	}
	lower, upper := float64(report.Lower), float64(report.Upper)
	switch {
	case bare:
		r.Exact = false
	case report.Exact:
		r.Probability = &lower
	default:
		r.Lower, r.Upper = &lower, &upper
	}
	if c := report.CutSets; c != nil && o.CutSets {
		r.CutSets = viewCutSets(tree, c, bare)
	}
	for _, x := range report.Importance {
		r.Importance = append(r.Importance, Importance{tree.Name(x.Event), float64(tree.Probability(x.Event)), Figure(x.Birnbaum), Figure(x.Criticality), Figure(x.Diagnostic), Figure(x.FussellVesely), Figure(x.RAW), Figure(x.RRW)})
	}
	slices.SortFunc(r.Importance, func(a, b Importance) int {
		return cmp.Or(cmp.Compare(b.Criticality, a.Criticality), cmp.Compare(b.Birnbaum, a.Birnbaum), strings.Compare(a.Event, b.Event))
	})
	return r
}

func viewCutSets(tree *openpsa.Tree, c *topevent.CutSets, bare bool) *CutSets {
	v := &CutSets{Kind: c.Kind.String(), Complete: c.Complete, Count: "0", ByOrder: c.ByOrder, MaxOrder: c.MaxOrder, CutOff: float64(c.CutOff), Products: c.Listed, tree: tree, bare: bare}
	if c.Count != nil {
		v.Count = c.Count.String()
	}
	if !bare {
		remainder := float64(c.Remainder)
		v.Remainder = &remainder
		if !math.IsInf(c.Sum, 0) { // of more products than a double can hold; JSON knows no infinity
			v.Sum = &c.Sum
		}
		if c.MaxOrder > 0 || c.CutOff > 0 {
			excluded := float64(c.Excluded)
			v.Excluded = &excluded
		}
	}
	return v
}
