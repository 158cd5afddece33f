package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/app/assess"
	"diapason/internal/exchange/folder"
	"diapason/internal/exchange/sarif"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

type checkOptions struct {
	format, on, failOn, baseline, writeBaseline string
	noCache                                     bool
}

func (t *terminal) check() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use: "check PATH", Short: t.say("cli.check", nil), Long: t.say("cli.check.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return t.runCheck(args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", t.say("cli.check.format", nil))
	f.StringVar(&o.on, "on", "", t.say("cli.flag.on", nil))
	f.StringVar(&o.failOn, "fail-on", "error", t.say("cli.check.fail-on", nil))
	f.StringVar(&o.baseline, "baseline", "", t.say("cli.check.baseline", nil))
	f.StringVar(&o.writeBaseline, "write-baseline", "", t.say("cli.check.write-baseline", nil))
	f.BoolVar(&o.noCache, "no-cache", false, t.say("cli.check.no-cache", nil))
	return c
}

// date reads --on; without it, today where the computer is.
func (t *terminal) date(s string) (model.Date, error) {
	if s == "" {
		return model.DateOf(time.Now()), nil
	}
	d, err := model.ParseDate(s)
	if err != nil {
		return 0, unusable(errors.New(t.say("cli.on.unknown", finding.Args{"why": t.sentence(err)})))
	}
	return d, nil
}

func (t *terminal) runCheck(path string, o checkOptions) error {
	defer spendMemory()()
	on, err := t.date(o.on)
	if err != nil {
		return err
	}
	threshold, ok := finding.ParseSeverity(o.failOn)
	if !ok {
		return unusable(errors.New(t.say("cli.check.fail-on.unknown", finding.Args{"value": o.failOn})))
	}
	if o.format != "text" && o.format != "json" && o.format != "sarif" {
		return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": o.format, "formats": []string{"text", "json", "sarif"}})))
	}
	baseline, err := t.readBaseline(o.baseline)
	if err != nil {
		return err
	}
	snap, err := t.load(path, !o.noCache, o.format)
	if err != nil {
		return err
	}
	result := assess.Full(assess.Facts(snap, on))
	judged := result.Judge(baseline)
	if o.writeBaseline != "" {
		if err := writeBaseline(o.writeBaseline, assess.NewBaseline(on, "", result.Findings())); err != nil {
			return err
		}
	}
	if err := t.reportFindings(snap, on, judged, o.format); err != nil {
		return unusable(err)
	}
	if threshold != finding.Off {
		for _, j := range judged {
			if j.Counts() && j.Outcome == finding.Violated && j.Severity >= threshold {
				return &Exit{Status: StatusFindings}
			}
		}
	}
	return nil
}

// load reads a folder into a snapshot; unusable input is reported in full.
func (t *terminal) load(path string, cached bool, format string) (*model.Snapshot, error) {
	decode := model.Decode
	if cached {
		decode = folder.OpenCache(Version()).Decode
	}
	objects, issues, err := folder.ReadWith(path, decode)
	if err != nil {
		return nil, unusable(err)
	}
	if len(issues) > 0 {
		t.reportIssues(issues, format)
		return nil, &Exit{StatusUnusable, errors.New(t.say("cli.unusable", finding.Args{"n": len(issues)}))}
	}
	if len(objects) == 0 {
		return nil, unusable(errors.New(t.say("cli.check.empty", finding.Args{"path": path})))
	}
	snap, _ := model.NewSnapshot(0, objects)
	return snap, nil
}

func (t *terminal) reportIssues(issues []model.Issue, format string) {
	issues = t.writer().Issues(issues)
	if format == "json" {
		e := json.NewEncoder(t.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		_ = e.Encode(map[string]any{"issues": issues})
		return
	}
	w := bufio.NewWriter(t.err)
	defer w.Flush()
	for _, i := range issues {
		fmt.Fprintln(w, i.Error())
	}
}

func (t *terminal) readBaseline(path string) (*assess.Baseline, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, unusable(errors.New(t.say("cli.baseline.unreadable", finding.Args{"path": path})))
	}
	b, err := assess.ParseBaseline(data)
	if err != nil {
		return nil, unusable(errors.New(t.say("cli.baseline.foreign", finding.Args{"path": path})))
	}
	return b, nil
}

func writeBaseline(path string, b *assess.Baseline) error {
	data, err := json.MarshalIndent(b, "", "  ")
	if err == nil {
		err = folder.WriteFile(path, append(data, '\n'))
	}
	return unusable(err)
}

func (t *terminal) reportFindings(snap *model.Snapshot, on model.Date, judged []assess.Judged, format string) error {
	if format == "text" {
		return t.reportText(snap, on, judged)
	}
	w := app.WriterFor(snap, t.lang)
	views := make([]app.FindingView, 0, len(judged))
	err := inBlocks(len(judged), func(from, to int) []app.FindingView {
		var l model.Locator
		out := make([]app.FindingView, to-from)
		for i, j := range judged[from:to] {
			out[i] = app.ViewFinding(snap, w, j)
			out[i].Place(snap, &l)
		}
		return out
	}, func(made []app.FindingView) error {
		views = append(views, made...)
		return nil
	})
	if err != nil {
		return err
	}
	if format == "json" {
		e := json.NewEncoder(t.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(map[string]any{"on": on, "objects": snap.Len(), "findings": views, "counts": count(judged)})
	}
	var rules []sarif.Rule
	for _, r := range assess.Rules() {
		if p := language.Rule(t.lang, r.ID); p != nil {
			rules = append(rules, sarif.Rule{ID: r.ID, Title: p.Title, Explanation: p.Explanation, Severity: r.Severity})
		}
	}
	return sarif.Write(t.out, Version(), rules, views)
}

type counts struct {
	Error    int `json:"error"`
	Warning  int `json:"warning"`
	Info     int `json:"info"`
	Unknown  int `json:"unknown"`
	Waived   int `json:"waived"`
	Baseline int `json:"baseline"`
}

func count(judged []assess.Judged) counts {
	var c counts
	for _, j := range judged {
		switch {
		case !j.Waiver.IsZero():
			c.Waived++
		case j.Baseline:
			c.Baseline++
		case j.Outcome == finding.Unknown:
			c.Unknown++
		case j.Severity == finding.Error:
			c.Error++
		case j.Severity == finding.Warning:
			c.Warning++
		default:
			c.Info++
		}
	}
	return c
}
