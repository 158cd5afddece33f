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

// objectives says how all promises stand.
func (t *terminal) objectives() *cobra.Command {
	o := storeOptions{reads: true}
	var format, customer, service, status string
	c := &cobra.Command{
		Use: "status", Short: t.say("objective.cli.status", nil), Long: t.say("objective.cli.status.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": []string{"text", "json"}})))
			}
			q := app.ObjectivesQuery{Status: app.Mark(status), Limit: 1 << 20}
			if customer != "" {
				q.Customer = named("customer", customer)
			}
			if service != "" {
				q.Service = named("service", service)
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				list, err := a.Objectives(cmd.Context(), identity.Operator(), q, t.lang)
				if err != nil {
					return t.storeError(err)
				}
				if format == "json" {
					e := json.NewEncoder(t.out)
					e.SetIndent("", "  ")
					if err := e.Encode(list); err != nil {
						return unusable(err)
					}
				} else if err := t.writeObjectives(list); err != nil {
					return unusable(err)
				}
				if list.Counts.Gap > 0 {
					return &Exit{Status: StatusFindings}
				}
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	c.Flags().StringVar(&customer, "customer", "", t.say("objective.cli.customer", nil))
	c.Flags().StringVar(&service, "service", "", t.say("objective.cli.service", nil))
	c.Flags().StringVar(&status, "status", "", t.say("objective.cli.status.flag", nil))
	return c
}

// named reads "kind/name" and the bare name.
func named(kind, text string) model.Ref {
	if ref, err := model.ParseRef(text); err == nil {
		return ref
	}
	return model.Ref{Kind: kind, Name: text}
}

func (t *terminal) writeObjectives(list *app.Objectives) error {
	if list.Total == 0 {
		_, err := fmt.Fprintln(t.out, t.say("objective.cli.none", nil))
		return err
	}
	w, lang := language.Writer{Lang: t.lang}, string(t.lang)
	tab := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', 0)
	for _, x := range list.Items {
		left := ""
		if x.Budget != nil {
			left = x.Budget.Left
		}
		about := x.Rests()
		if x.Forecast != "" {
			about = strings.TrimSpace(x.Forecast + " " + x.Provisional + " " + x.Yields)
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s %s\t%s\t%s\t%s\t%s\n", app.ObjectiveMark(w, x.Mark), x.Of.Title.In(lang), x.Service.Title.In(lang), x.Label, x.Promised, x.Window.Label, x.Attained, left, about)
	}
	return tab.Flush()
}
