package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

func (t *terminal) questionnaire() *cobra.Command {
	c := &cobra.Command{Use: "questionnaire create|list|revoke", DisableFlagsInUseLine: true, Short: t.say("cli.questionnaire", nil), Long: t.say("cli.questionnaire.long", nil), Args: t.command, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(t.askQuestionnaire(), t.listQuestionnaires(), t.revokeQuestionnaire())
	return c
}

func (t *terminal) askQuestionnaire() *cobra.Command {
	var o storeOptions
	var login, to, url string
	var days int
	c := &cobra.Command{
		Use: "create ACTIVITY", Short: t.say("cli.questionnaire.create", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if login == "" {
				return unusable(errors.New(t.say("cli.questionnaire.for.needed", nil)))
			}
			ref := model.Ref{Kind: "business-activity", Name: args[0]}
			if strings.Contains(args[0], "/") {
				var err error
				if ref, err = model.ParseRef(args[0]); err != nil {
					return unusable(err)
				}
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				acc, err := a.Directory().AccountByLogin(cmd.Context(), login)
				if identity.CodeOf(err) == identity.CodeAccountUnknown {
					return unusable(errors.New(t.say("cli.questionnaire.for.unknown", finding.Args{"login": login})))
				}
				if err != nil {
					return t.storeError(err)
				}
				lang := t.lang
				if acc.Language == string(language.FR) || acc.Language == string(language.EN) {
					lang = language.Lang(acc.Language)
				}
				if cmd.Flags().Changed("lang") {
					lang = t.lang
				}
				i, err := a.Ask(cmd.Context(), identity.Operator(), app.NewQuestionnaire{Subject: ref, Recipient: to, Language: lang, Days: days, For: acc.ID}, strings.TrimSuffix(url, "/"))
				if err != nil {
					return t.storeError(err)
				}
				fmt.Fprintf(t.out, "%s\n\n%s\n\n%s", i.Questionnaire.ID, i.Subject, i.Text)
				return nil
			})
		},
	}
	o.flags(t, c)
	f := c.Flags()
	f.StringVar(&login, "for", "", t.say("cli.questionnaire.for", nil))
	f.StringVar(&to, "to", "", t.say("cli.questionnaire.to", nil))
	f.IntVar(&days, "days", 0, t.say("cli.questionnaire.days", nil))
	f.StringVar(&url, "url", "http://127.0.0.1:8321", t.say("cli.questionnaire.url", nil))
	return c
}

func (t *terminal) listQuestionnaires() *cobra.Command {
	o := storeOptions{reads: true}
	c := &cobra.Command{
		Use: "list", Short: t.say("cli.questionnaire.list", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				list, err := a.Questionnaires(cmd.Context(), identity.Operator())
				if err != nil {
					return t.storeError(err)
				}
				if len(list) == 0 {
					fmt.Fprintln(t.out, t.say("cli.questionnaire.none", nil))
				}
				for _, q := range list {
					state := t.say("questionnaire.is."+string(q.State), finding.Args{"until": model.DateOf(q.Expires.Local()), "by": q.Respondent})
					fmt.Fprintf(t.out, "%s  %s  %s\n", q.ID, q.Subject.Ref, state)
				}
				return nil
			})
		},
	}
	o.flags(t, c)
	return c
}

func (t *terminal) revokeQuestionnaire() *cobra.Command {
	var o storeOptions
	c := &cobra.Command{
		Use: "revoke ID", Short: t.say("cli.questionnaire.revoke", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				if err := a.RevokeQuestionnaire(cmd.Context(), identity.Operator(), args[0]); err != nil {
					return t.storeError(err)
				}
				fmt.Fprintln(t.out, t.say("cli.questionnaire.revoked", finding.Args{"id": args[0]}))
				return nil
			})
		},
	}
	o.flags(t, c)
	return c
}
