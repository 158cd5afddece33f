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
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

type availabilityOptions struct {
	on, format string
	kinds      []string
	store      storeOptions // what a server keeps, in place of a folder of YAML
}

// kept reports that the question is about what a server keeps: a data folder or a
// database is named, and no folder of YAML.
func (o *availabilityOptions) kept(c *cobra.Command) bool {
	return c.Flags().Changed("data") || c.Flags().Changed("database")
}

// args wants the folder of the model, unless a server keeps it, and so many words.
func (o *availabilityOptions) args(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		folder := 1
		if o.kept(c) {
			folder = 0
		}
		if most < 0 {
			return cobra.MinimumNArgs(least+folder)(c, args)
		}
		return cobra.RangeArgs(least+folder, most+folder)(c, args)
	}
}

// availability is what availability management asks of a model: of a folder of YAML, or
// of what a server keeps.
func (t *terminal) availability() *cobra.Command {
	c := &cobra.Command{Use: "availability", Short: t.say("cli.availability", nil), Long: t.say("cli.availability.long", nil)}
	o := availabilityOptions{store: storeOptions{reads: true}}
	c.PersistentFlags().StringVar(&o.on, "on", "", t.say("cli.flag.on", nil))
	c.PersistentFlags().StringVar(&o.format, "format", "text", t.say("cli.availability.format", nil))
	c.PersistentFlags().StringVar(&o.store.data, "data", "", t.say("cli.availability.data", nil))
	c.PersistentFlags().StringVar(&o.store.database, "database", "", t.say("cli.availability.database", nil))
	study := &cobra.Command{
		Use: "study [PATH] SERVICE", Short: t.say("cli.availability.study", nil), Args: o.args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.askModel(cmd, args, o, func(m asked) (any, error) {
				r, err := t.find(m.state, "service", m.words[0])
				if err != nil {
					return nil, err
				}
				if m.app != nil {
					return m.app.AvailabilityOf(cmd.Context(), identity.Operator(), m.view, r, t.lang)
				}
				return app.StudyOf(cmd.Context(), m.state, r, t.lang)
			})
		},
	}
	ranking := &cobra.Command{
		Use: "ranking [PATH]", Short: t.say("cli.availability.ranking", nil), Args: o.args(0, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, k := range o.kinds {
				if model.KindOf(k) == nil {
					return unusable(errors.New(t.say("cli.availability.kind", finding.Args{"kind": k, "nearest": model.Nearest(k, model.Slugs())})))
				}
			}
			return t.askModel(cmd, args, o, func(m asked) (any, error) { return app.RankingOf(m.state, o.kinds, t.lang) })
		},
	}
	ranking.Flags().StringSliceVar(&o.kinds, "kind", nil, t.say("cli.availability.ranking.kind", nil))
	down := &cobra.Command{
		Use: "down [PATH] REF...", Short: t.say("cli.availability.down", nil), Args: o.args(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.askModel(cmd, args, o, func(m asked) (any, error) {
				refs := make([]model.Ref, 0, len(m.words))
				for _, a := range m.words {
					r, err := t.find(m.state, "component", a)
					if err != nil {
						return nil, err
					}
					refs = append(refs, r)
				}
				return app.ImpactIn(m.state, refs, t.lang)
			})
		},
	}
	advice := &cobra.Command{
		Use: "advice [PATH] SERVICE", Short: t.say("cli.availability.advice", nil), Args: o.args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.askModel(cmd, args, o, func(m asked) (any, error) {
				r, err := t.find(m.state, "service", m.words[0])
				if err != nil {
					return nil, err
				}
				return app.AdviceIn(cmd.Context(), m.state, r, t.lang)
			})
		},
	}
	c.AddCommand(study, ranking, down, advice, t.availabilityDraw(&o), t.availabilityTree(&o))
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

// asked is a question about a model: how it stands, what was said beside it, and what a
// server keeps, nil where the model is a folder of YAML.
type asked struct {
	state *app.State
	words []string
	app   *app.App
	view  app.View
}

// askModel reads a model, asks it something, and writes the answer.
func (t *terminal) askModel(cmd *cobra.Command, args []string, o availabilityOptions, ask func(asked) (any, error)) error {
	if o.format != "text" && o.format != "json" {
		return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": o.format, "formats": []string{"text", "json"}})))
	}
	on, err := t.date(o.on)
	if err != nil {
		return err
	}
	if !o.kept(cmd) {
		snap, err := t.load(args[0], true, o.format)
		if err != nil {
			return err
		}
		m := asked{state: app.Assessed(snap, on), words: args[1:]}
		got, err := ask(m)
		if err != nil {
			return t.storeError(err)
		}
		return t.answer(m, o.format, got)
	}
	if err := t.mustExist(&o.store); err != nil {
		return err
	}
	return t.withApp(cmd.Context(), &o.store, func(a *app.App) error {
		m := asked{words: args, app: a}
		if o.on != "" {
			m.view.On = on
		}
		if m.state, err = a.At(cmd.Context(), m.view); err != nil {
			return t.storeError(err)
		}
		got, err := ask(m)
		if err != nil {
			return t.storeError(err)
		}
		return t.answer(m, o.format, got)
	})
}

// answer writes what a model answered; nothing where the question wrote it itself.
func (t *terminal) answer(m asked, format string, got any) error {
	if got == nil {
		return nil
	}
	if format == "json" {
		e := json.NewEncoder(t.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(got)
	}
	p := printer{t, app.WriterFor(m.state.Snap, t.lang)}
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
	case *app.DrawnWhatIf:
		p.drawn(x)
	case *drawnDraft:
		fmt.Fprintln(t.out, t.say("cli.draw.draft", finding.Args{"id": x.ID, "title": x.Title, "n": x.Objects}))
		p.drawn(x.WhatIf)
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
	for _, m := range x.Measured {
		fmt.Fprintln(p.t.out, p.t.say("cli.availability.measured", finding.Args{"agreement": p.names([]app.Named{m.Agreement}), "attained": m.Attained, "promised": m.Promised, "sentence": m.Sentence}))
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
