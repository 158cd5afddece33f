package cli

import (
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

// faultTreeResult is what is told about one top event; docs/solve.md describes it.
type faultTreeResult struct {
	Files       []string         `json:"files"`
	Top         string           `json:"top"`
	Events      int              `json:"basic_events"`
	Gates       int              `json:"gates"`
	Coherent    bool             `json:"coherent"`
	MissionTime float64          `json:"mission_time_hours"`
	Exact       bool             `json:"exact"`
	Probability *float64         `json:"probability,omitempty"`
	Lower       *float64         `json:"lower,omitempty"`
	Upper       *float64         `json:"upper,omitempty"`
	Interrupted bool             `json:"interrupted"`
	CutSets     *cutSetsView     `json:"minimal_cut_sets,omitempty"`
	Importance  []importanceView `json:"importance,omitempty"`
	Uncertainty *uncertaintyView `json:"uncertainty,omitempty"`
	Curve       *curveView       `json:"curve,omitempty"`
	Unsolved    []string         `json:"unsolved,omitempty"`
	Modules     int              `json:"modules"`
	Nodes       int              `json:"diagram_nodes"`
	Seconds     float64          `json:"seconds"`
	CPUSeconds  float64          `json:"cpu_seconds"`
	PeakBytes   int64            `json:"peak_bytes"`
}

type cutSetsView struct {
	Kind      string        `json:"kind"`
	Complete  bool          `json:"complete"`
	Count     string        `json:"count"`
	ByOrder   orderCounts   `json:"by_order"`
	MaxOrder  int           `json:"max_order,omitempty"`
	CutOff    float64       `json:"cut_off,omitempty"`
	Sum       *float64      `json:"sum,omitempty"`
	Listed    []productView `json:"listed"`
	Remainder *float64      `json:"remainder,omitempty"`
}

// orderCounts are exact counts by order; as JSON an object whose keys are the
// orders that occur, ascending, and whose values are integers in strings.
type orderCounts []*big.Int

// MarshalJSON writes the orders in ascending order, which a map would not.
func (c orderCounts) MarshalJSON() ([]byte, error) {
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

type productView struct {
	Order       int      `json:"order"`
	Probability *float64 `json:"probability,omitempty"`
	Events      []string `json:"events"` // a complemented one begins with "not "
}

type importanceView struct {
	Event         string    `json:"event"`
	Probability   float64   `json:"probability"`
	Birnbaum      finiteOne `json:"birnbaum"`
	Criticality   finiteOne `json:"criticality"`
	Diagnostic    finiteOne `json:"diagnostic"`
	FussellVesely finiteOne `json:"fussell_vesely"`
	RAW           finiteOne `json:"raw"`
	RRW           finiteOne `json:"rrw"`
}

// finiteOne is a number that JSON may not know: what is not finite is null where
// it is not computed, and "infinite".
type finiteOne float64

// MarshalJSON writes null for NaN and a word for infinity.
func (f finiteOne) MarshalJSON() ([]byte, error) {
	switch x := float64(f); {
	case math.IsNaN(x):
		return []byte("null"), nil
	case math.IsInf(x, 0):
		return []byte(`"infinite"`), nil
	default:
		return json.Marshal(x)
	}
}

type uncertaintyView struct {
	Trials    int            `json:"trials"`
	Seed      uint64         `json:"seed"`
	Events    int            `json:"uncertain_events"`
	Cut       int            `json:"draws_cut_to_range"`
	Mean      float64        `json:"mean"`
	StdDev    float64        `json:"standard_deviation"`
	Quantiles []quantileView `json:"quantiles,omitempty"`
}

type quantileView struct {
	Share float64 `json:"share"`
	Value float64 `json:"value"`
}

type curveView struct {
	Mean   float64     `json:"mean"`
	Points []pointView `json:"points"`
}

type pointView struct {
	Hours       float64 `json:"hours"`
	Probability float64 `json:"probability"`
}

func (t *terminal) faultTreeResult(tree *openpsa.Tree, report *topevent.Report, o faultTreeOptions, bare bool) *faultTreeResult {
	r := &faultTreeResult{
		Top: tree.Top, Events: report.Events, Gates: tree.Gates(), Coherent: report.Coherent, MissionTime: o.missionTime,
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
	if c := report.CutSets; c != nil && o.cutSets {
		r.CutSets = viewCutSets(tree, c, bare)
	}
	for _, x := range report.Importance {
		r.Importance = append(r.Importance, importanceView{tree.Name(x.Event), float64(tree.Probability(x.Event)), finiteOne(x.Birnbaum), finiteOne(x.Criticality), finiteOne(x.Diagnostic), finiteOne(x.FussellVesely), finiteOne(x.RAW), finiteOne(x.RRW)})
	}
	slices.SortFunc(r.Importance, func(a, b importanceView) int {
		return cmp.Or(cmp.Compare(b.Criticality, a.Criticality), cmp.Compare(b.Birnbaum, a.Birnbaum), strings.Compare(a.Event, b.Event))
	})
	return r
}

func viewCutSets(tree *openpsa.Tree, c *topevent.CutSets, bare bool) *cutSetsView {
	v := &cutSetsView{Kind: c.Kind.String(), Complete: c.Complete, Count: "0", ByOrder: c.ByOrder, MaxOrder: c.MaxOrder, CutOff: float64(c.CutOff), Listed: []productView{}}
	if c.Count != nil {
		v.Count = c.Count.String()
	}
	if !bare {
		remainder := float64(c.Remainder)
		v.Sum, v.Remainder = &c.Sum, &remainder
	}
	for _, p := range c.Listed {
		x := productView{Order: len(p.Literals), Events: make([]string, len(p.Literals))}
		if !bare {
			probability := float64(p.Probability)
			x.Probability = &probability
		}
		for i, l := range p.Literals {
			x.Events[i] = tree.Name(l.Node)
			if l.Negated {
				x.Events[i] = "not " + x.Events[i]
			}
		}
		v.Listed = append(v.Listed, x)
	}
	return v
}
