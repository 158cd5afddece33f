package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
)

// attain asks whether what a customer wants can be promised.
func (t *terminal) attain() *cobra.Command {
	var o availabilityOptions
	var w app.Wishes
	var respond, restore, credits []string
	c := &cobra.Command{
		Use: "attain PATH --service SERVICE", Short: t.say("attain.cli", nil), Long: t.say("attain.cli.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w.Respond, w.Restore = timeWishes(respond), timeWishes(restore)
			w.Availability, w.Share = percent(w.Availability), percent(w.Share)
			for _, text := range credits {
				band, ok := creditWish(text)
				if !ok {
					return unusable(errors.New(t.say("attain.cli.band", finding.Args{"value": text})))
				}
				w.Credits = append(w.Credits, band)
			}
			if w.Availability == "" && w.RTO == "" && w.RPO == "" && w.Throughput == "" && w.Response == "" && w.Hours == "" && len(w.Respond)+len(w.Restore) == 0 {
				return unusable(errors.New(t.say("attain.cli.nothing", nil)))
			}
			return t.askedOf(args[0], o, func(s *app.State) (any, error) {
				r, err := t.find(s, "service", w.Service)
				if err != nil {
					return nil, err
				}
				w.Service = r.String()
				return app.AttainIn(cmd.Context(), s, w, t.lang)
			}, func(p printer, got any) error {
				x := got.(*app.Attainable)
				if o.format == "text" {
					p.attainable(x)
				}
				if x.Outcome == "cannot" || x.Outcome == "open" {
					return &Exit{Status: StatusFindings}
				}
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&o.on, "on", "", t.say("cli.flag.on", nil))
	f.StringVar(&o.format, "format", "text", t.say("cli.availability.format", nil))
	f.StringVar(&w.Service, "service", "", t.say("attain.cli.service", nil))
	f.StringVar(&w.Customer, "customer", "", t.say("attain.cli.customer", nil))
	f.StringVar(&w.Availability, "availability", "", t.say("attain.cli.availability", nil))
	f.StringVar(&w.Window, "window", "month", t.say("attain.cli.window", nil))
	f.StringVar(&w.Hours, "hours", "", t.say("attain.cli.hours", nil))
	f.StringArrayVar(&respond, "respond", nil, t.say("attain.cli.respond", nil))
	f.StringArrayVar(&restore, "restore", nil, t.say("attain.cli.restore", nil))
	f.StringVar(&w.Share, "share", "", t.say("attain.cli.share", nil))
	f.StringVar(&w.RTO, "rto", "", t.say("attain.cli.rto", nil))
	f.StringVar(&w.RPO, "rpo", "", t.say("attain.cli.rpo", nil))
	f.StringVar(&w.Throughput, "throughput", "", t.say("attain.cli.throughput", nil))
	f.StringVar(&w.Response, "response-time", "", t.say("attain.cli.response", nil))
	f.BoolVar(&w.Maintenance, "maintenance-excluded", false, t.say("attain.cli.maintenance", nil))
	f.StringVar(&w.Fee, "fee", "", t.say("attain.cli.fee", nil))
	f.StringArrayVar(&credits, "credit", nil, t.say("attain.cli.credit", nil))
	return c
}

// chain prints what stands behind the targets of an agreement or requirement.
func (t *terminal) chain() *cobra.Command {
	var o availabilityOptions
	c := &cobra.Command{
		Use: "chain PATH AGREEMENT", Short: t.say("chain.cli", nil), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return t.askedOf(args[0], o, func(s *app.State) (any, error) {
				r, err := t.find(s, "agreement", args[1])
				if err != nil {
					return nil, err
				}
				if r.Kind != "agreement" && r.Kind != "requirement" {
					return nil, errors.New(t.say("chain.cli.unit", finding.Args{"ref": r.String()}))
				}
				return app.ChainsIn(s, r, t.lang)
			}, func(p printer, got any) error {
				if x := got.(*app.ChainsView); o.format == "text" {
					p.chains(x)
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&o.on, "on", "", t.say("cli.flag.on", nil))
	c.Flags().StringVar(&o.format, "format", "text", t.say("cli.availability.format", nil))
	return c
}

// askedOf reads a folder, asks it something, writes JSON where that is wanted, and
// hands the answer to tell.
func (t *terminal) askedOf(path string, o availabilityOptions, ask func(*app.State) (any, error), tell func(printer, any) error) error {
	if o.format != "text" && o.format != "json" {
		return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": o.format, "formats": []string{"text", "json"}})))
	}
	on, err := t.date(o.on)
	if err != nil {
		return err
	}
	snap, err := t.load(path, true, o.format)
	if err != nil {
		return err
	}
	got, err := ask(app.Assessed(snap, on))
	var refused *app.Error
	switch {
	case errors.As(err, &refused) && len(refused.Issues) > 0:
		return unusable(errors.New(t.writer().Issue(refused.Issues[0]).Message))
	case refused != nil:
		return unusable(errors.New(refused.In(t.lang)))
	case err != nil:
		return unusable(err)
	}
	if o.format == "json" {
		e := json.NewEncoder(t.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(got); err != nil {
			return err
		}
	}
	return tell(printer{t, app.WriterFor(snap, t.lang)}, got)
}

// timeWishes reads "P1=4h"; without a priority the time is for all.
func timeWishes(list []string) []app.TimeWish {
	var out []app.TimeWish
	for _, text := range list {
		for part := range strings.SplitSeq(text, ",") {
			priority, within, found := strings.Cut(part, "=")
			if !found {
				priority, within = "", part
			}
			out = append(out, app.TimeWish{Priority: strings.TrimSpace(priority), Within: strings.TrimSpace(within)})
		}
	}
	return out
}

// percent adds the sign that is left out on command lines.
func percent(text string) string {
	if text == "" || strings.HasSuffix(text, "%") {
		return text
	}
	return text + "%"
}

// creditWish reads "98-99.9=10".
func creditWish(text string) (app.CreditWish, bool) {
	band, credit, found := strings.Cut(text, "=")
	from, below, ranged := strings.Cut(band, "-")
	if !found || !ranged || from == "" || below == "" || credit == "" {
		return app.CreditWish{}, false
	}
	return app.CreditWish{From: percent(from), Below: percent(below), Credit: percent(credit)}, true
}

func (p printer) attainable(x *app.Attainable) {
	out := p.t.out
	fmt.Fprintln(out, x.Sentence)
	if x.Hours != nil {
		fmt.Fprintf(out, "\n%s\n  %s\n", p.t.say("attain.cli.hours.is", finding.Args{"calendar": p.names([]app.Named{x.Hours.Calendar}), "word": x.Hours.Word}), x.Hours.Sentence)
	}
	for i := range x.Wishes {
		w := &x.Wishes[i]
		fmt.Fprintf(out, "\n%s\n  %s\n", p.line(w.Label+" "+w.Promised, w.Word), w.Sentence)
		if w.Risk != nil {
			fmt.Fprintf(out, "  %s\n", w.Risk.Sentence)
			if w.Risk.Credit != "" {
				fmt.Fprintf(out, "  %s\n", w.Risk.Credit)
			}
		}
		if w.Best != "" {
			fmt.Fprintf(out, "  %s\n", p.t.say("attain.cli.best", finding.Args{"best": w.Best}))
		}
		for _, l := range w.Levers {
			fmt.Fprintf(out, "  %s\n", p.t.say("attain.cli.lever", finding.Args{"text": l.Text}))
		}
	}
	if a := x.Advice; a != nil {
		fmt.Fprintf(out, "\n%s\n", a.Sentence)
		if !a.Proven {
			fmt.Fprintln(out, p.t.say("cli.advice.unproven", nil))
		}
		for _, c := range a.Changes {
			fmt.Fprintf(out, "  %s\n", c.Text)
		}
	}
	for _, c := range x.Conflicts {
		fmt.Fprintln(out, p.t.say("attain.cli.conflict", finding.Args{"text": c.Text}))
	}
	p.table(&x.Table)
}

// line is "what: word", with the space that a language puts before a colon.
func (p printer) line(what, word string) string {
	return p.t.say("chain.cli.line", finding.Args{"what": what, "word": word})
}

func (p printer) chains(x *app.ChainsView) {
	fmt.Fprintln(p.t.out, x.Sentence)
	for i := range x.Chains {
		c := &x.Chains[i]
		fmt.Fprintf(p.t.out, "\n%s\n  %s\n", p.line(p.names([]app.Named{c.Service})+", "+c.Label+" "+c.Promised, c.Word), c.Sentence)
		for _, n := range c.Needs {
			fmt.Fprintf(p.t.out, "  %s\n", p.line(p.names([]app.Named{n.Of}), n.Value+", "+n.Word))
		}
		for _, v := range c.Values {
			fmt.Fprintf(p.t.out, "  %s\n", p.line(v.Label, v.Text))
		}
	}
	p.table(&x.Table)
}
