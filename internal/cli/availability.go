package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

type availabilityOptions struct {
	on, format string
	kinds      []string
}

// availability is what availability management asks of a model on disk.
func (t *terminal) availability() *cobra.Command {
	c := &cobra.Command{Use: "availability", Short: t.say("cli.availability", nil), Long: t.say("cli.availability.long", nil)}
	var o availabilityOptions
	c.PersistentFlags().StringVar(&o.on, "on", "", t.say("cli.flag.on", nil))
	c.PersistentFlags().StringVar(&o.format, "format", "text", t.say("cli.availability.format", nil))
	study := &cobra.Command{
		Use: "study PATH SERVICE", Short: t.say("cli.availability.study", nil), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return t.onModel(args[0], o, func(s *app.State) (any, error) {
				r, err := t.find(s, "service", args[1])
				if err != nil {
					return nil, err
				}
				return app.StudyOf(s, r, t.lang)
			})
		},
	}
	ranking := &cobra.Command{
		Use: "ranking PATH", Short: t.say("cli.availability.ranking", nil), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, k := range o.kinds {
				if model.KindOf(k) == nil {
					return unusable(errors.New(t.say("cli.availability.kind", finding.Args{"kind": k, "nearest": model.Nearest(k, model.Slugs())})))
				}
			}
			return t.onModel(args[0], o, func(s *app.State) (any, error) { return app.RankingOf(s, o.kinds, t.lang) })
		},
	}
	ranking.Flags().StringSliceVar(&o.kinds, "kind", nil, t.say("cli.availability.ranking.kind", nil))
	down := &cobra.Command{
		Use: "down PATH REF...", Short: t.say("cli.availability.down", nil), Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return t.onModel(args[0], o, func(s *app.State) (any, error) {
				refs := make([]model.Ref, 0, len(args)-1)
				for _, a := range args[1:] {
					r, err := t.find(s, "component", a)
					if err != nil {
						return nil, err
					}
					refs = append(refs, r)
				}
				return app.ImpactIn(s, refs, t.lang)
			})
		},
	}
	advice := &cobra.Command{
		Use: "advice PATH SERVICE", Short: t.say("cli.availability.advice", nil), Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.onModel(args[0], o, func(s *app.State) (any, error) {
				r, err := t.find(s, "service", args[1])
				if err != nil {
					return nil, err
				}
				return app.AdviceIn(cmd.Context(), s, r, t.lang)
			})
		},
	}
	c.AddCommand(study, ranking, down, advice, t.availabilityTree(&o))
	return c
}

// find reads "kind/name", or a bare name of the kind that is usual here, of an
// object that the model has.
func (t *terminal) find(s *app.State, kind, text string) (model.Ref, error) {
	r := model.Ref{Kind: kind, Name: text}
	if full, err := model.ParseRef(text); err == nil && full.Kind != "" {
		r = full
	}
	if s.Snap.Get(r) != nil {
		return r, nil
	}
	var known []string
	for _, h := range s.Snap.OfKind(r.Kind) {
		known = append(known, s.Snap.Ref(h).Name)
	}
	return r, errors.New(t.say("cli.availability.unknown", finding.Args{"ref": r.String(), "nearest": model.Nearest(r.Name, known)}))
}

// onModel reads a folder, asks it something, and writes the answer.
func (t *terminal) onModel(path string, o availabilityOptions, ask func(*app.State) (any, error)) error {
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
	if err != nil {
		return unusable(err)
	}
	if o.format == "json" {
		e := json.NewEncoder(t.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(got)
	}
	p := printer{t, app.WriterFor(snap, t.lang)}
	switch x := got.(type) {
	case *app.AvailabilityStudy:
		p.study(x)
	case *app.AvailabilityRanking:
		fmt.Fprintln(t.out, x.Sentence)
		p.table(&x.Ranking)
		p.table(&x.Matrix)
	case *app.Advice:
		p.advice(x)
	case *app.Impact:
		p.impact(x)
	}
	return nil
}

type printer struct {
	t *terminal
	w language.Writer
}

func (p printer) study(x *app.AvailabilityStudy) {
	fmt.Fprintln(p.t.out, x.Sentence)
	if x.Uncertainty != nil {
		fmt.Fprintln(p.t.out, x.Uncertainty.Sentence)
	}
	for _, n := range x.Notes {
		fmt.Fprintln(p.t.out, n)
	}
	for _, m := range x.Times {
		if m.Predicted != "" || m.Recorded != "" || m.Interval != "" {
			fmt.Fprintln(p.t.out, p.t.say("cli.availability.time", finding.Args{"label": m.Label, "predicted": m.Predicted, "recorded": m.Recorded, "interval": m.Interval}))
		}
	}
	for i := range x.Tables {
		p.table(&x.Tables[i])
	}
}

func (p printer) impact(x *app.Impact) {
	say := func(key string, list []app.Named) {
		if len(list) > 0 {
			fmt.Fprintln(p.t.out, p.t.say(key, finding.Args{"list": p.names(list), "n": len(list)}))
		}
	}
	fmt.Fprintln(p.t.out, p.t.say("cli.down.of", finding.Args{"list": p.names(x.Together)}))
	if len(x.Lost) == 0 {
		fmt.Fprintln(p.t.out, p.t.say("cli.down.nothing", nil))
	}
	say("cli.down.lost", x.Lost)
	say("cli.down.others", x.Others)
	say("cli.down.degraded", x.Degraded)
	for _, f := range x.Alternatives {
		fmt.Fprintln(p.t.out, p.t.say("cli.down.left", finding.Args{"holder": p.names([]app.Named{f.Holder}), "left": p.names(f.Left), "n": f.Working, "needed": f.Needed}))
	}
	for _, h := range x.Promises {
		fmt.Fprintln(p.t.out, p.t.say("cli.down.promise", finding.Args{"agreement": p.names([]app.Named{h.Agreement}), "service": p.names([]app.Named{h.Service}), "priority": h.Priority, "text": h.Text}))
	}
}

func (p printer) advice(x *app.Advice) {
	fmt.Fprintln(p.t.out, x.Sentence)
	if !x.Proven {
		fmt.Fprintln(p.t.out, p.t.say("cli.advice.unproven", nil))
	}
	for _, b := range x.Front {
		fmt.Fprintln(p.t.out, p.t.say("cli.advice.bundle", finding.Args{"cost": b.Cost, "after": b.After.Text, "month": b.After.Month, "text": b.Text, "kept": b.Kept}))
	}
	p.table(&x.Table)
}

// names writes titles in the reader's language.
func (p printer) names(list []app.Named) string {
	parts := make([]string, len(list))
	for i, n := range list {
		parts[i] = app.CellText(p.w, "ref", n)
	}
	return p.w.List(parts)
}

// table writes a table as aligned text, empty ones not at all.
func (p printer) table(x *app.Table) {
	if len(x.Rows) == 0 && x.Sentence == "" {
		return
	}
	fmt.Fprintf(p.t.out, "\n%s\n", x.Title)
	if x.Sentence != "" {
		fmt.Fprintln(p.t.out, x.Sentence)
	}
	if len(x.Rows) == 0 {
		return
	}
	w := tabwriter.NewWriter(p.t.out, 2, 8, 2, ' ', 0)
	defer w.Flush()
	row := func(cell func(app.Column) string) {
		parts := make([]string, len(x.Columns))
		for i, c := range x.Columns {
			parts[i] = strings.Join(strings.Fields(cell(c)), " ")
		}
		fmt.Fprintln(w, strings.Join(parts, "\t"))
	}
	row(func(c app.Column) string { return c.Label })
	for _, r := range x.Rows {
		row(func(c app.Column) string { return app.CellText(p.w, c.Type, r.Cells[c.Key]) })
	}
}
