package cli

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"diapason/internal/finding"
	"diapason/internal/language"
)

// digits writes a figure with up to ten digits in the reader's notation.
func (t *terminal) digits(x float64) string {
	s := strconv.FormatFloat(x, 'g', 10, 64)
	if t.lang == language.FR {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (t *terminal) reportRedundancy(r *redundancyResult) error {
	b := bufio.NewWriter(t.out)
	line := func(key string, args finding.Args) { fmt.Fprintln(b, t.say(key, args)) }
	if r.Title != "" {
		fmt.Fprintln(b, r.Title)
	}
	switch {
	case r.Least != nil && r.Exact:
		line("redundancy.text.least", finding.Args{"resource": r.Minimise, "used": t.digits(r.Least.Used)})
	case r.Least != nil:
		line("redundancy.text.least.bound", finding.Args{"resource": r.Minimise, "used": t.digits(r.Least.Used), "lower": t.digits(r.Least.Lower)})
	}
	figures := finding.Args{"r": t.digits(r.Reliability), "q": t.digits(r.Unreliability)}
	switch {
	case r.Least != nil:
		line("redundancy.text.reaches", figures)
	case r.Exact:
		line("redundancy.text.exact", figures)
	default:
		figures["upper"] = t.digits(*r.Upper)
		line("redundancy.text.bounds", figures)
	}
	for _, u := range r.Use {
		args := finding.Args{"resource": u.Resource, "used": t.digits(u.Used)}
		if u.Limit == nil {
			line("redundancy.text.use", args)
			continue
		}
		args["limit"] = t.digits(*u.Limit)
		line("redundancy.text.use.limit", args)
	}
	fmt.Fprintln(b)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\t%s\n", t.say("redundancy.text.subsystem", nil), t.say("redundancy.text.components", nil), t.say("redundancy.text.reliability", nil))
	for _, s := range r.Subsystems {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, t.components(s.Components), t.digits(s.Reliability))
	}
	if err := w.Flush(); err != nil {
		return unusable(err)
	}
	t.reportFront(b, r)
	return unusable(b.Flush())
}

// components writes what a subsystem gets: "3 × a + 1 × b".
func (t *terminal) components(list []componentView) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = fmt.Sprintf("%d × %s", c.Count, c.Type)
	}
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, " + ")
}

func (t *terminal) reportFront(b *bufio.Writer, r *redundancyResult) {
	if r.Pareto == nil {
		return
	}
	fmt.Fprintln(b)
	args := finding.Args{"n": len(r.Pareto.Points), "resource": r.Pareto.Resource}
	key := "redundancy.text.pareto"
	if !r.Pareto.Complete {
		key += ".part"
	}
	fmt.Fprintln(b, t.say(key, args))
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\t%s\n", r.Pareto.Resource, t.say("redundancy.text.reliability", nil), t.say("redundancy.text.components", nil))
	for _, p := range r.Pareto.Points {
		var parts []string
		for _, s := range p.Subsystems {
			parts = append(parts, s.Name+(language.Writer{Lang: t.lang}).Colon()+t.components(s.Components))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", t.digits(p.Used), t.digits(p.Reliability), strings.Join(parts, "; "))
	}
	_ = w.Flush()
}
