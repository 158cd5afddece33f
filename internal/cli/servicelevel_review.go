package cli

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// reviews groups the verbs of service reviews.
func (t *terminal) reviews() *cobra.Command {
	c := &cobra.Command{Use: "review", Short: t.say("review.cli", nil), Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(t.reviewList(), t.reviewAgenda(), t.reviewPlan(), t.reviewShow(), t.reviewMinutes(), t.reviewAction(), t.reviewDone())
	return c
}

// reviewVerb is a verb of reviews over a store.
func (t *terminal) reviewVerb(use, short string, args cobra.PositionalArgs, o *storeOptions, run func(cmd *cobra.Command, a *app.App, args []string) error) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Args: args,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.mustExist(o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), o, func(a *app.App) error { return run(cmd, a, args) })
		},
	}
	o.flags(t, c)
	return c
}

func (t *terminal) reviewList() *cobra.Command {
	o, format := storeOptions{reads: true}, "text"
	c := t.reviewVerb("list", t.say("review.cli.list", nil), cobra.NoArgs, &o, func(cmd *cobra.Command, a *app.App, _ []string) error {
		list, err := a.ServiceReviews(cmd.Context(), identity.Operator(), t.lang)
		if err != nil {
			return t.storeError(err)
		}
		if format == "json" {
			writeJSON(t.out, list)
		} else if err := t.writeReviews(list); err != nil {
			return unusable(err)
		}
		late := false
		for _, d := range list.Agreed {
			late = late || d.Overdue
		}
		for _, x := range list.Action {
			late = late || x.State == "overdue"
		}
		if late {
			return &Exit{Status: StatusFindings}
		}
		return nil
	})
	c.Long = t.say("review.cli.list.long", nil)
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	return c
}

func (t *terminal) writeReviews(list *app.Reviews) error {
	w, lang := t.writer(), string(t.lang)
	tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
	if len(list.Agreed)+len(list.Held) == 0 {
		fmt.Fprintln(tab, t.say("review.cli.none", nil))
	}
	dated := func(key string, d model.Date) string {
		if d.IsZero() {
			return ""
		}
		return t.say("review.cli."+key, finding.Args{"due": d, "last": d, "day": d})
	}
	for _, d := range list.Agreed {
		due := dated("due", d.Due)
		switch {
		case d.Interval == "":
			due = t.say("review.cli.no-interval", nil)
		case d.Overdue:
			due = dated("overdue", d.Due)
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\n", d.Ref, d.Title.In(lang), due, dated("last", d.Last), dated("planned.for", d.Planned))
	}
	for _, r := range list.Held {
		when := dated("held.on", r.Held)
		if when == "" {
			when = dated("planned.for", r.Planned)
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t\t\n", r.Ref, r.Title.In(lang), when)
	}
	t.writeActions(tab, w, list.Action)
	return tab.Flush()
}

func (t *terminal) writeActions(tab *tabwriter.Writer, w language.Writer, list []app.ReviewAction) {
	for _, x := range list {
		owner, due := "", ""
		if x.Owner != nil {
			owner = x.Owner.Title.In(string(w.Lang))
		}
		if !x.Due.IsZero() {
			due = w.Date(x.Due)
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\n", x.Ref, x.Title.In(string(w.Lang)), t.say("review.state."+x.State, nil), due, owner)
	}
}

func (t *terminal) reviewAgenda() *cobra.Command {
	o, format := storeOptions{reads: true}, "text"
	c := t.reviewVerb("agenda ABOUT…", t.say("review.cli.agenda", nil), cobra.MinimumNArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		list, err := a.Agenda(cmd.Context(), identity.Operator(), references(args), t.lang)
		if err != nil {
			return t.storeError(err)
		}
		if format == "json" {
			writeJSON(t.out, list)
			return nil
		}
		t.writeAgenda(list)
		return nil
	})
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	return c
}

// references reads "agreement/name"; a bare name is an agreement.
func references(args []string) []model.Ref {
	var out []model.Ref
	for _, arg := range args {
		out = append(out, agreementNamed(arg))
	}
	return out
}

func (t *terminal) writeAgenda(list []app.AgendaItem) {
	topic := ""
	for _, p := range list {
		if p.TopicText != topic {
			topic = p.TopicText
			fmt.Fprintln(t.out, topic)
		}
		fmt.Fprintln(t.out, "  - "+p.Text)
		if p.Said != "" {
			fmt.Fprintln(t.out, "    → "+p.Said)
		}
	}
}

func (t *terminal) reviewPlan() *cobra.Command {
	var o storeOptions
	var on, title string
	var attendees []string
	c := t.reviewVerb("plan ABOUT…", t.say("review.cli.plan", nil), cobra.MinimumNArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		day, err := t.date(on)
		if err != nil {
			return err
		}
		q := app.ReviewPlanned{About: references(args), Planned: day, Title: title}
		for _, p := range attendees {
			q.Attendees = append(q.Attendees, named("person", p))
		}
		name, seq, err := a.PlanReview(cmd.Context(), identity.Operator(), q)
		if err != nil {
			return t.storeError(err)
		}
		fmt.Fprintln(t.out, t.say("review.cli.planned", finding.Args{"name": name, "day": day, "seq": seq}))
		return nil
	})
	c.Flags().StringVar(&on, "on", "", t.say("review.cli.flag.on", nil))
	c.Flags().StringVar(&title, "title", "", t.say("review.cli.flag.title", nil))
	c.Flags().StringArrayVar(&attendees, "attendee", nil, t.say("review.cli.flag.attendee", nil))
	return c
}

func (t *terminal) reviewShow() *cobra.Command {
	o, format := storeOptions{reads: true}, "text"
	c := t.reviewVerb("show REVIEW", t.say("review.cli.show", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		x, err := a.Review(cmd.Context(), identity.Operator(), named("review", args[0]).Name, t.lang)
		if err != nil {
			return t.storeError(err)
		}
		if format == "json" {
			writeJSON(t.out, x)
			return nil
		}
		w := t.writer()
		when := ""
		switch {
		case !x.Held.IsZero():
			when = t.say("review.cli.held.on", finding.Args{"day": x.Held})
		case !x.Planned.IsZero():
			when = t.say("review.cli.planned.for", finding.Args{"day": x.Planned})
		}
		fmt.Fprintln(t.out, x.Title.In(string(t.lang))+", "+when)
		t.writeAgenda(x.Agenda)
		if x.Minutes != "" {
			fmt.Fprintln(t.out, t.say("review.report.minutes.title", nil)+w.Colon()+x.Minutes)
		}
		for _, d := range x.Decisions {
			fmt.Fprintln(t.out, t.say("review.report.decision", nil)+w.Colon()+d.Text)
		}
		tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
		t.writeActions(tab, w, x.Actions)
		return unusable(tab.Flush())
	})
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	return c
}

func (t *terminal) reviewMinutes() *cobra.Command {
	var o storeOptions
	var held, minutes string
	var attendees, decisions []string
	c := t.reviewVerb("minutes REVIEW", t.say("review.cli.minutes", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		day, err := t.date(held)
		if err != nil {
			return err
		}
		name := named("review", args[0]).Name
		x, err := a.Review(cmd.Context(), identity.Operator(), name, t.lang)
		if err != nil {
			return t.storeError(err)
		}
		q := app.ReviewMinutes{Version: x.Version, Planned: x.Planned, Held: x.Held, Minutes: x.Minutes, Decisions: x.Decisions}
		if held != "" {
			q.Held = day
		}
		for _, p := range x.Agenda {
			q.Agenda = append(q.Agenda, app.AgendaSaid{Name: p.Name, Topic: p.Topic, Text: p.Text, Said: p.Said})
		}
		for _, p := range x.Attendees {
			q.Attendees = append(q.Attendees, p.Ref)
		}
		if len(attendees) > 0 {
			q.Attendees = nil
			for _, p := range attendees {
				q.Attendees = append(q.Attendees, named("person", p))
			}
		}
		if minutes != "" {
			if path, ok := strings.CutPrefix(minutes, "@"); ok {
				content, err := os.ReadFile(path)
				if err != nil {
					return unusable(err)
				}
				minutes = string(content)
			}
			q.Minutes = minutes
		}
		for _, d := range decisions {
			q.Decisions = append(q.Decisions, app.ReviewDecision{Text: d})
		}
		seq, err := a.WriteReview(cmd.Context(), identity.Operator(), name, q, t.lang)
		return t.reviewWritten(name, seq, err)
	})
	c.Long = t.say("review.cli.minutes.long", nil)
	c.Flags().StringVar(&held, "held", "", t.say("review.cli.flag.held", nil))
	c.Flags().StringVar(&minutes, "minutes", "", t.say("review.cli.flag.minutes", nil))
	c.Flags().StringArrayVar(&attendees, "attendee", nil, t.say("review.cli.flag.attendee", nil))
	c.Flags().StringArrayVar(&decisions, "decision", nil, t.say("review.cli.flag.decision", nil))
	return c
}

func (t *terminal) reviewWritten(name string, seq int64, err error) error {
	if err != nil {
		return t.storeError(err)
	}
	fmt.Fprintln(t.out, t.say("review.cli.written", finding.Args{"name": name, "seq": seq}))
	return nil
}

func (t *terminal) reviewAction() *cobra.Command {
	var o storeOptions
	var title, owner, due string
	c := t.reviewVerb("action REVIEW", t.say("review.cli.action", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		day, err := t.date(due)
		if err != nil {
			return err
		}
		name, seq, err := a.AskAction(cmd.Context(), identity.Operator(), named("review", args[0]).Name, app.ActionAsked{Title: title, Owner: owner, Due: day})
		return t.reviewWritten(name, seq, err)
	})
	c.Flags().StringVar(&title, "title", "", t.say("review.cli.flag.title", nil))
	c.Flags().StringVar(&owner, "owner", "", t.say("review.cli.flag.owner", nil))
	c.Flags().StringVar(&due, "due", "", t.say("review.cli.flag.due", nil))
	return c
}

func (t *terminal) reviewDone() *cobra.Command {
	var o storeOptions
	var on string
	c := t.reviewVerb("done ACTION", t.say("review.cli.done", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		day := a.Today()
		if on != "" {
			var err error
			if day, err = t.date(on); err != nil {
				return err
			}
		}
		name := named("action", args[0]).Name
		seq, err := a.FollowAction(cmd.Context(), identity.Operator(), name, app.ActionFollowed{Done: day})
		return t.reviewWritten(name, seq, err)
	})
	c.Flags().StringVar(&on, "on", "", t.say("review.cli.flag.on", nil))
	return c
}
