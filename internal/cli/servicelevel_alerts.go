package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
)

// servicelevelAlerts lists the alerts of service levels.
func (t *terminal) servicelevelAlerts() *cobra.Command {
	o := storeOptions{reads: true}
	var format string
	var days int
	c := &cobra.Command{
		Use: "alerts", Short: t.say("alert.cli", nil), Long: t.say("alert.cli.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": []string{"text", "json"}})))
			}
			if days < 0 || days > 400 {
				return unusable(errors.New(t.say("alert.cli.days.bad", finding.Args{"value": days})))
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				list, err := a.ServiceLevelAlerts(cmd.Context(), identity.Operator(), days, t.lang)
				if err != nil {
					return t.storeError(err)
				}
				if format == "json" {
					e := json.NewEncoder(t.out)
					e.SetIndent("", "  ")
					err = e.Encode(list)
				} else {
					err = t.writeAlerts(list)
				}
				if err != nil {
					return unusable(err)
				}
				for _, x := range list {
					if x.State == "firing" {
						return &Exit{Status: StatusFindings}
					}
				}
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	c.Flags().IntVar(&days, "days", 0, t.say("alert.cli.days", nil))
	return c
}

func (t *terminal) writeAlerts(list []app.AlertView) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(t.out, t.say("alert.cli.none", nil))
		return err
	}
	w, lang := t.writer(), string(t.lang)
	tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
	for _, x := range list {
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\t%s\n", t.say("alert.cli.state", finding.Args{"state": x.State}), t.say("alert.cli.severity", finding.Args{"severity": x.Severity}), w.Instant(x.Since.UTC()), x.Agreement.Title.In(lang), x.Service.Title.In(lang), x.Text)
	}
	return tab.Flush()
}
