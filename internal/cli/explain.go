package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

func (t *terminal) explain() *cobra.Command {
	return &cobra.Command{
		Use: "explain [RULE]", Short: t.say("cli.explain", nil), Long: t.say("cli.explain.long", nil), Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, r := range assess.Rules() {
					if p := language.Rule(t.lang, r.ID); p != nil {
						fmt.Fprintf(t.out, "%s  %-8s %s\n", r.ID, t.say("severity."+r.Severity.String(), nil), p.Title)
					}
				}
				return nil
			}
			id := strings.ToUpper(args[0])
			r, p := assess.Rule(id), language.Rule(t.lang, id)
			if r == nil || p == nil {
				ids := []string{}
				for _, r := range assess.Rules() {
					ids = append(ids, r.ID)
				}
				slices.Sort(ids)
				return unusable(errors.New(t.say("cli.explain.unknown", finding.Args{"rule": args[0], "nearest": model.Nearest(id, ids)})))
			}
			fmt.Fprintf(t.out, "%s  %s\n%s, %s\n\n%s\n", id, p.Title, t.say("process."+string(r.Process), nil), t.say("severity."+r.Severity.String(), nil), strings.TrimSpace(p.Explanation))
			return nil
		},
	}
}

func (t *terminal) schema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: t.say("cli.schema", nil), Long: t.say("cli.schema.long", nil), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := t.out.Write(model.JSONSchema(string(t.lang)))
			return unusable(err)
		},
	}
}
