package cli

import (
	"bufio"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"diapason/internal/cli/solver"
	"diapason/internal/finding"
	"diapason/internal/language"
)

func (t *terminal) reportTops(results []*solver.Result, format string, late func() bool) error {
	b := bufio.NewWriter(t.out)
	if format == "json" {
		if err := solver.Write(b, results, late); err != nil {
			return unusable(err)
		}
		return unusable(b.Flush())
	}
	for i, r := range results {
		if i > 0 {
			fmt.Fprintln(b)
		}
		t.reportTop(b, r, late)
	}
	return b.Flush()
}

// number writes a figure with six digits in the reader's notation.
func (t *terminal) number(x float64) string {
	if math.IsInf(x, 1) {
		return "∞"
	}
	if math.IsNaN(x) {
		return "–"
	}
	s := strconv.FormatFloat(x, 'g', 6, 64)
	if t.lang == language.FR {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (t *terminal) reportTop(b *bufio.Writer, r *solver.Result, late func() bool) {
	line := func(key string, args finding.Args) { fmt.Fprintln(b, t.say(key, args)) }
	if slices.Contains(r.Unsolved, solver.Unread) {
		line("solve.text.unread", nil)
	} else {
		line("solve.text.top", finding.Args{"top": r.Top, "events": r.Events, "gates": r.Gates})
		if !r.Coherent {
			line("solve.text.incoherent", nil)
		}
	}
	switch {
	case r.Probability != nil:
		line("solve.text.exact", finding.Args{"p": t.number(*r.Probability)})
	case r.Lower != nil:
		line("solve.text.bounds", finding.Args{"lower": t.number(*r.Lower), "upper": t.number(*r.Upper)})
	default:
		line("solve.text.bare", nil)
	}
	if r.Interrupted {
		line("solve.text.interrupted", nil)
	}
	if r.CutSets != nil {
		t.reportCutSets(b, r, late)
	}
	t.reportImportance(b, r.Importance)
	if u := r.Uncertainty; u != nil {
		t.reportUncertainty(b, u)
	}
	if c := r.Curve; c != nil {
		fmt.Fprintln(b)
		line("solve.text.curve", finding.Args{"mean": t.number(c.Mean)})
		w := tabwriter.NewWriter(b, 2, 8, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "%s\t%s\t\n", t.say("solve.text.hours", nil), t.say("solve.text.probability", nil))
		for _, p := range c.Points {
			fmt.Fprintf(w, "%s\t%s\t\n", t.number(p.Hours), t.number(p.Probability))
		}
		_ = w.Flush()
	}
	for _, what := range r.Unsolved {
		if what == solver.Unread { // said above
			continue
		}
		line("solve.text.unsolved", finding.Args{"what": t.notFound(what)})
	}
	line("solve.text.took", finding.Args{"seconds": t.number(math.Round(r.Seconds*1000) / 1000), "mebibytes": strconv.FormatInt(r.PeakBytes>>20, 10)})
}

// notFound names what was asked for and not found.
func (t *terminal) notFound(what string) string {
	switch what {
	case "uncertainty":
		return t.say("solve.unsolved.uncertainty", nil)
	case "curve":
		return t.say("solve.unsolved.curve", nil)
	case "importance":
		return t.say("solve.unsolved.importance", nil)
	case "cut sets", "minimal cut sets", "cut_sets", "minimal_cut_sets":
		return t.say("solve.unsolved.cut-sets", nil)
	case "listing":
		return t.say("solve.unsolved.listing", nil)
	case "probability":
		return t.say("solve.unsolved.probability", nil)
	}
	return what
}

func (t *terminal) reportCutSets(b *bufio.Writer, r *solver.Result, late func() bool) {
	c := r.CutSets
	fmt.Fprintln(b)
	kind := map[string]string{"minimal_cut_sets": t.say("solve.kind.cut-sets", nil), "minimal_p_cuts": t.say("solve.kind.p-cuts", nil), "prime_implicants": t.say("solve.kind.primes", nil)}[c.Kind]
	args := finding.Args{"kind": kind, "count": c.Count}
	switch {
	case !c.Complete:
		fmt.Fprintln(b, t.say("solve.text.cut-sets.partial", args))
	case c.MaxOrder > 0 || c.CutOff > 0:
		fmt.Fprintln(b, t.say("solve.text.cut-sets.restricted", args))
	default:
		fmt.Fprintln(b, t.say("solve.text.cut-sets", args))
	}
	if c.MaxOrder > 0 {
		fmt.Fprintln(b, t.say("solve.text.max-order", finding.Args{"order": c.MaxOrder}))
	}
	if c.CutOff > 0 {
		fmt.Fprintln(b, t.say("solve.text.cut-off", finding.Args{"p": t.number(c.CutOff)}))
	}
	w := tabwriter.NewWriter(b, 2, 8, 2, ' ', tabwriter.AlignRight)
	for order, n := range c.ByOrder {
		if n != nil && n.Sign() > 0 {
			fmt.Fprintf(w, "  %s %d\t%s\t\n", t.say("solve.text.order", nil), order, n)
		}
	}
	_ = w.Flush()
	if c.Excluded != nil {
		fmt.Fprintln(b, t.say("solve.text.excluded", finding.Args{"p": t.number(*c.Excluded)}))
	}
	if len(c.Products) == 0 {
		return
	}
	fmt.Fprintln(b)
	fmt.Fprintln(b, t.say("solve.text.listed", finding.Args{"n": len(c.Products)}))
	for i := range c.Products {
		if i%solver.WrittenAtOnce == 0 && late() {
			r.Shorten(i)
			break
		}
		p := c.Product(i)
		probability := ""
		if p.Probability != nil {
			probability = t.number(*p.Probability)
		}
		names := make([]string, len(p.Events))
		for i, e := range p.Events {
			if rest, negated := strings.CutPrefix(e, "not "); negated {
				e = t.say("solve.text.not", finding.Args{"event": rest})
			}
			names[i] = e
		}
		if len(names) == 0 {
			names = []string{t.say("solve.text.always", nil)}
		}
		fmt.Fprintf(b, "  %-12s %s\n", probability, strings.Join(names, ", "))
	}
	if c.Remainder != nil && *c.Remainder > 0 {
		fmt.Fprintln(b, t.say("solve.text.remainder", finding.Args{"p": t.number(*c.Remainder)}))
	}
}

func (t *terminal) reportImportance(b *bufio.Writer, list []solver.Importance) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(b)
	w := tabwriter.NewWriter(b, 2, 8, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\tRAW\tRRW\n", t.say("solve.text.event", nil), t.say("solve.text.probability", nil), "Birnbaum", t.say("solve.text.criticality", nil), t.say("solve.text.diagnostic", nil), "Fussell-Vesely")
	for _, x := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.Event, t.number(x.Probability), t.number(float64(x.Birnbaum)), t.number(float64(x.Criticality)), t.number(float64(x.Diagnostic)), t.number(float64(x.FussellVesely)), t.number(float64(x.RAW)), t.number(float64(x.RRW)))
	}
	_ = w.Flush()
}

func (t *terminal) reportUncertainty(b *bufio.Writer, u *solver.Uncertainty) {
	fmt.Fprintln(b)
	if u.Events == 0 {
		fmt.Fprintln(b, t.say("solve.text.certain", nil))
		return
	}
	fmt.Fprintln(b, t.say("solve.text.uncertainty", finding.Args{"trials": u.Trials, "seed": strconv.FormatUint(u.Seed, 10), "events": u.Events}))
	w := tabwriter.NewWriter(b, 2, 8, 2, ' ', 0)
	fmt.Fprintf(w, "  %s\t%s\n", t.say("solve.text.mean", nil), t.number(*u.Mean))
	fmt.Fprintf(w, "  %s\t%s\n", t.say("solve.text.deviation", nil), t.number(*u.StdDev))
	for _, q := range u.Quantiles {
		fmt.Fprintf(w, "  %s\t%s\n", t.say("solve.text.quantile", finding.Args{"share": strconv.Itoa(int(math.Round(100 * q.Share)))}), t.number(q.Value))
	}
	_ = w.Flush()
	if u.Cut > 0 {
		fmt.Fprintln(b, t.say("solve.text.cut-draws", finding.Args{"n": u.Cut}))
	}
}
