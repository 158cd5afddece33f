package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/common/model"
	"github.com/spf13/cobra"

	"diapason/internal/exchange/folder"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/promrules"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/slosource"
	"diapason/internal/finding"
)

// rulesOptions are the flags of servicelevel rules.
type rulesOptions struct {
	preset, out, period string
	labels              map[string]string
	exact               bool
}

func (t *terminal) servicelevelRules() *cobra.Command {
	var o rulesOptions
	c := &cobra.Command{
		Use: "rules FILE…", Short: t.say("servicelevel.cli.rules", nil), Long: t.say("servicelevel.cli.rules.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return t.writeRules(args, o) },
	}
	c.Flags().StringVar(&o.preset, "preset", "sloth", t.say("servicelevel.cli.rules.preset", nil))
	c.Flags().StringVarP(&o.out, "output", "o", "", t.say("servicelevel.cli.rules.output", nil))
	c.Flags().StringVar(&o.period, "period", "", t.say("servicelevel.cli.rules.period", nil))
	c.Flags().StringToStringVar(&o.labels, "label", nil, t.say("servicelevel.cli.rules.label", nil))
	c.Flags().BoolVar(&o.exact, "disable-optimized-rules", false, t.say("servicelevel.cli.rules.exact", nil))
	return c
}

func (t *terminal) writeRules(names []string, o rulesOptions) error {
	var period time.Duration
	if o.period != "" {
		d, err := model.ParseDuration(o.period)
		if err != nil || d <= 0 {
			return unusable(errors.New(t.say("servicelevel.cli.rules.period.bad", finding.Args{"value": o.period})))
		}
		period = time.Duration(d)
	}
	if o.preset != "sloth" && o.preset != "pyrra" {
		return unusable(errors.New(t.say("servicelevel.cli.rules.preset.unknown", finding.Args{"value": o.preset})))
	}
	files, err := readAll(names)
	if err != nil {
		return t.refuse(err, "text")
	}
	read := slosource.Read(files)
	set := t.rules(read, o, period)
	problems := append(read.Invalid, set.Problems...)
	w := t.writer()
	for _, n := range append(read.Notes, set.Notes...) {
		fmt.Fprintf(t.err, "%s: %s: %s\n", n.Place, n.What, n.Message(w))
	}
	for _, p := range problems {
		fmt.Fprintf(t.err, "%s: %s\n", p.Place, p.Message(w))
	}
	if len(set.Groups) == 0 {
		return unusable(errors.New(t.say("servicelevel.cli.rules.none", finding.Args{"n": len(problems)})))
	}
	text, err := set.Encode(t.say("servicelevel.rules.comment", finding.Args{"preset": o.preset, "version": Version()}))
	if err != nil {
		return unusable(err)
	}
	if err := t.deliver(o.out, text); err != nil {
		return unusable(err)
	}
	if o.out != "" {
		fmt.Fprintln(t.out, t.say("servicelevel.cli.rules.done", finding.Args{"file": o.out, "groups": len(set.Groups), "n": len(read.Objectives) - len(set.Problems)}))
	}
	if len(problems) > 0 {
		return &Exit{StatusFindings, errors.New(t.say("servicelevel.cli.rules.some", finding.Args{"n": len(problems)}))}
	}
	return nil
}

func (t *terminal) rules(read *slofile.Reading, o rulesOptions, period time.Duration) *promrules.Set {
	if o.preset == "pyrra" {
		for _, w := range read.Windows {
			read.Notes = append(read.Notes, intake.Note{Outcome: intake.LeftOut, Place: w.Place, What: "AlertWindows", Code: "slo.windows"})
		}
		return promrules.Pyrra(read.Objectives, period)
	}
	return promrules.Sloth(read.Objectives, promrules.SlothOptions{Period: period, Windows: read.Windows, Labels: o.labels, Exact: o.exact})
}

// deliver writes a text to a file, whole or not at all, or to the output where no
// file is named.
func (t *terminal) deliver(name string, text []byte) error {
	if name == "" {
		_, err := t.out.Write(text)
		return err
	}
	return folder.WriteFile(name, text)
}
