package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/notify"
	"diapason/internal/notify/settings"
)

// openChannels reads a file of notifications and opens its channels; nil without a file.
func (t *terminal) openChannels(path string) (*notify.Channels, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, unusable(errors.New(t.say("notify.file.read", finding.Args{"path": path, "cause": err.Error()})))
	}
	s, problems := settings.Read(path, data)
	var channels *notify.Channels
	if len(problems) == 0 {
		channels, problems = s.Open()
	}
	if len(problems) == 0 {
		return channels, nil
	}
	w := t.writer()
	for _, p := range problems {
		fmt.Fprintf(t.err, "%s: %s\n", p.Place, w.Message(p.Key, p.Args))
	}
	return nil, unusable(errors.New(t.say("notify.file.unusable", finding.Args{"path": path, "n": len(problems)})))
}

func (t *terminal) notifying() *cobra.Command {
	c := &cobra.Command{Use: "notify", Short: t.say("notify.cli", nil), Long: t.say("notify.cli.long", nil), Args: t.command, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(t.notifyTest())
	return c
}

func (t *terminal) notifyTest() *cobra.Command {
	var names []string
	var to string
	c := &cobra.Command{
		Use: "test FILE", Short: t.say("notify.cli.test", nil), Long: t.say("notify.cli.test.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			channels, err := t.openChannels(args[0])
			if err != nil {
				return err
			}
			return t.tryChannels(cmd.Context(), channels, names, to)
		},
	}
	c.Flags().StringSliceVar(&names, "channel", nil, t.say("notify.cli.channel", nil))
	c.Flags().StringVar(&to, "to", "", t.say("notify.cli.to", nil))
	return c
}

func (t *terminal) tryChannels(ctx context.Context, channels *notify.Channels, names []string, to string) error {
	var have []string
	for _, c := range channels.List {
		have = append(have, c.Name)
	}
	for _, n := range names {
		if !slices.Contains(have, n) {
			return unusable(errors.New(t.say("notify.cli.unknown", finding.Args{"channel": n, "channels": have})))
		}
	}
	failed := 0
	for i := range channels.List {
		c := &channels.List[i]
		if len(names) > 0 && !slices.Contains(names, c.Name) {
			continue
		}
		lang := t.lang
		if c.Language != "" {
			lang = language.Lang(c.Language)
		}
		receivers := []string{""}
		if c.Type == notify.Email {
			receivers = trialReceivers(c, to)
		}
		if len(receivers) == 0 {
			fmt.Fprintln(t.out, t.say("notify.cli.nobody", finding.Args{"channel": c.Name}))
			failed++
		}
		for _, receiver := range receivers {
			where := c.Address
			if receiver != "" {
				where = receiver
			}
			if problem := app.Try(ctx, c, receiver, lang, time.Now()); problem != nil {
				failed++
				fmt.Fprintln(t.out, t.say("notify.cli.failed", finding.Args{"channel": c.Name, "to": where, "problem": app.ProblemText(t.writer(), problem)}))
				continue
			}
			fmt.Fprintln(t.out, t.say("notify.cli.sent", finding.Args{"channel": c.Name, "to": where}))
		}
	}
	if failed > 0 {
		return &Exit{StatusFindings, errors.New(t.say("notify.cli.failures", finding.Args{"n": failed}))}
	}
	return nil
}

// trialReceivers are the addresses that a file names itself, unless one is given: people
// and roles are known to a server only.
func trialReceivers(c *notify.Open, to string) (out []string) {
	if to != "" {
		return []string{to}
	}
	for _, r := range c.Rules {
		for _, x := range r.To {
			if strings.Contains(x, "@") && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}
