package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// schedules groups the verbs of scheduled reports.
func (t *terminal) schedules() *cobra.Command {
	c := &cobra.Command{Use: "schedule", Short: t.say("schedule.cli", nil), Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(t.scheduleList(), t.scheduleAdd(), t.scheduleRemove(), t.scheduleRun(), t.scheduleDue(), t.scheduleFile())
	return c
}

func (t *terminal) scheduleList() *cobra.Command {
	o, format := storeOptions{reads: true}, "text"
	c := t.reviewVerb("list", t.say("schedule.cli.list", nil), cobra.NoArgs, &o, func(cmd *cobra.Command, a *app.App, _ []string) error {
		list, err := a.Schedules(cmd.Context(), identity.Operator(), t.lang)
		if err != nil {
			return t.storeError(err)
		}
		if format == "json" {
			writeJSON(t.out, list)
			return nil
		}
		tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
		if len(list.Items)+len(list.Runs) == 0 {
			fmt.Fprintln(tab, t.say("schedule.cli.none", nil))
		}
		for _, s := range list.Items {
			next := t.say("schedule.paused", nil)
			if !s.Next.IsZero() {
				next = t.say("schedule.cli.next", finding.Args{"at": t.inZone(s.Next, s.Zone)})
			}
			fmt.Fprintf(tab, "%s\t%s\t%s\t%s\n", s.ID, s.Title, s.When, next)
		}
		for _, r := range list.Runs {
			fmt.Fprintf(tab, "%s\t%s\t%s\t%s\n", r.ID, r.Title+" "+r.Period, t.say("schedule.state."+r.State, nil), r.Problem)
		}
		return unusable(tab.Flush())
	})
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	return c
}

// inZone writes an instant in a zone.
func (t *terminal) inZone(at model.Instant, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return t.writer().Instant(at.In(loc))
}

func (t *terminal) scheduleAdd() *cobra.Command {
	var o storeOptions
	s := app.Schedule{Every: "month", Day: 1, Covers: "over", Language: string(t.lang), Format: "pdf"}
	at := "06:00"
	c := t.reviewVerb("add OF", t.say("schedule.cli.add", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		s.Of = args[0]
		if err := s.At.UnmarshalText([]byte(at)); err != nil {
			return unusable(errors.New(t.sentence(err)))
		}
		id, err := a.SetSchedule(cmd.Context(), identity.Operator(), s)
		if err != nil {
			return t.storeError(err)
		}
		fmt.Fprintln(t.out, t.say("schedule.cli.added", finding.Args{"id": id}))
		return nil
	})
	c.Long = t.say("schedule.cli.add.long", nil)
	f := c.Flags()
	f.StringVar(&s.Title, "title", "", t.say("review.cli.flag.title", nil))
	f.StringVar(&s.Every, "every", s.Every, t.say("schedule.cli.every", nil))
	f.IntVar(&s.Day, "day", s.Day, t.say("schedule.cli.day", nil))
	f.StringVar(&at, "at", at, t.say("schedule.cli.at", nil))
	f.StringVar(&s.Covers, "covers", s.Covers, t.say("schedule.cli.covers", nil))
	f.BoolVar(&s.Seal, "seal", false, t.say("schedule.cli.seal", nil))
	f.StringVar(&s.Language, "language", s.Language, t.say("schedule.cli.language", nil))
	f.StringVar(&s.View, "view", "", t.say("schedule.cli.view", nil))
	f.StringVar(&s.Format, "format", s.Format, t.say("statement.cli.format", nil))
	f.StringArrayVar(&s.To, "to", nil, t.say("schedule.cli.to", nil))
	return c
}

func (t *terminal) scheduleRemove() *cobra.Command {
	var o storeOptions
	return t.reviewVerb("remove SCHEDULE", t.say("schedule.cli.remove", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		if err := a.DeleteSchedule(cmd.Context(), identity.Operator(), args[0]); err != nil {
			return t.storeError(err)
		}
		fmt.Fprintln(t.out, t.say("schedule.cli.removed", nil))
		return nil
	})
}

func (t *terminal) scheduleRun() *cobra.Command {
	var o storeOptions
	var output string
	c := t.reviewVerb("run SCHEDULE", t.say("schedule.cli.run", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		id, err := a.RunSchedule(cmd.Context(), identity.Operator(), args[0])
		if err == nil {
			err = a.MakeDueReports(cmd.Context())
		}
		if err != nil {
			return t.storeError(err)
		}
		return t.tellRun(cmd, a, id, output)
	})
	c.Flags().StringVarP(&output, "output", "o", "", t.say("cli.report.output", nil))
	return c
}

// tellRun says what became of a run, and writes its file.
func (t *terminal) tellRun(cmd *cobra.Command, a *app.App, id, output string) error {
	list, err := a.Schedules(cmd.Context(), identity.Operator(), t.lang)
	if err != nil {
		return t.storeError(err)
	}
	for _, r := range list.Runs {
		if r.ID != id {
			continue
		}
		fmt.Fprintln(t.out, t.say("schedule.cli.ran", finding.Args{"title": r.Title, "period": r.Period, "state": t.say("schedule.state."+r.State, nil), "problem": r.Problem}))
		if r.State != "done" {
			return &Exit{Status: StatusFindings}
		}
	}
	if output == "" {
		return nil
	}
	_, _, content, err := a.ScheduledReport(cmd.Context(), identity.Operator(), id)
	if err != nil {
		return t.storeError(err)
	}
	return t.put(output, content)
}

func (t *terminal) scheduleDue() *cobra.Command {
	var o storeOptions
	return t.reviewVerb("due", t.say("schedule.cli.due", nil), cobra.NoArgs, &o, func(cmd *cobra.Command, a *app.App, _ []string) error {
		if err := a.MakeDueReports(cmd.Context()); err != nil {
			return t.storeError(err)
		}
		return nil
	})
}

func (t *terminal) scheduleFile() *cobra.Command {
	o := storeOptions{reads: true}
	output := "-"
	c := t.reviewVerb("file RUN", t.say("schedule.cli.file", nil), cobra.ExactArgs(1), &o, func(cmd *cobra.Command, a *app.App, args []string) error {
		_, _, content, err := a.ScheduledReport(cmd.Context(), identity.Operator(), args[0])
		if err != nil {
			return t.storeError(err)
		}
		return t.put(output, content)
	})
	c.Flags().StringVarP(&output, "output", "o", output, t.say("cli.report.output", nil))
	return c
}
