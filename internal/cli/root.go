// Package cli is the command line of Diapason: one file a verb. It never calls
// os.Exit; Run returns an error that carries the exit status.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/cli/start"
	"diapason/internal/finding"
	"diapason/internal/language"
)

// Exit statuses of the command.
const (
	StatusFindings = 1 // findings at or above --fail-on
	StatusUnusable = 2 // input or environment that cannot be used
)

// Exit is an error with an exit status. A nil Err says nothing more to the user.
type Exit struct {
	Status int
	Err    error
}

// Error is the sentence for the user.
func (e *Exit) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

func (e *Exit) Unwrap() error { return e.Err }

func unusable(err error) error {
	if err == nil {
		return nil
	}
	return &Exit{StatusUnusable, err}
}

// terminal is what commands talk to.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	lang     language.Lang
}

func (t *terminal) writer() language.Writer { return language.Writer{Lang: t.lang} }

func (t *terminal) say(key string, args finding.Args) string { return t.writer().Message(key, args) }

// Run runs one command line. It returns nil, or an error whose status Status gives.
func Run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) error {
	t := &terminal{in: in, out: out, err: errOut, lang: chooseLanguage(args, os.Getenv)}
	root := t.root(args)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	t.speak(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return nil
	}
	var exit *Exit
	if !errors.As(err, &exit) {
		err = &Exit{StatusUnusable, err}
	}
	if msg := t.sentence(err); msg != "" {
		fmt.Fprintf(errOut, "diapason: %s\n", msg)
	}
	return err
}

// Status is the exit status for an error of Run.
func Status(err error) int {
	var exit *Exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.Status
	}
	return StatusUnusable
}

// chooseLanguage takes --lang, else DIAPASON_LANG, else the locale, else English.
func chooseLanguage(args []string, getenv func(string) string) language.Lang {
	word := ""
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			word = v
		} else if a == "--lang" && i+1 < len(args) {
			word = args[i+1]
		}
	}
	for _, name := range []string{"DIAPASON_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if word == "" {
			word = getenv(name)
		}
	}
	if strings.HasPrefix(strings.ToLower(word), "fr") {
		return language.FR
	}
	return language.EN
}

// verbs are the commands of the program. Only the one that is called is made:
// making one reads its prose.
var verbs = []struct {
	name    string
	command func(*terminal) *cobra.Command
}{
	{"check", (*terminal).check}, {"explain", (*terminal).explain}, {"schema", (*terminal).schema}, {"serve", (*terminal).serve},
	{"export", (*terminal).exporting}, {"import", (*terminal).importing}, {"apply", (*terminal).apply}, {"fsck", (*terminal).fsck},
	{"openapi", (*terminal).openapi}, {"generate", (*terminal).generate}, {"erase", (*terminal).erase}, {"checkpoint", (*terminal).checkpoint},
	{"solve", (*terminal).solve}, {"availability", (*terminal).availability}, {"report", (*terminal).reporting},
	{"questionnaire", (*terminal).questionnaire}, {"health", (*terminal).health}, {"servicelevel", (*terminal).servicelevel}, {"notify", (*terminal).notifying}, {"walkthrough", (*terminal).walkthroughVerb},
}

// verb is the first word of a command line that is no option.
func verb(args []string) string {
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--lang":
			i++ // its value
		case !strings.HasPrefix(args[i], "-"):
			return args[i]
		}
	}
	return ""
}

func (t *terminal) root(args []string) *cobra.Command {
	root := &cobra.Command{
		Use: "diapason", Short: t.say("cli.root", nil), Long: t.say("cli.root.long", nil),
		SilenceErrors: true, SilenceUsage: true, Version: Version(),
		Args: t.command, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetVersionTemplate("diapason {{.Version}}\n")
	root.PersistentFlags().String("lang", "", t.say("cli.flag.lang", nil))
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if verb(args) != "solve" { // which sets the collector itself
			start.Done()
		}
		if v, _ := cmd.Flags().GetString("lang"); v != "" && v != "fr" && v != "en" {
			return unusable(errors.New(t.say("cli.lang.unknown", finding.Args{"lang": v})))
		}
		return nil
	}
	word := verb(args)
	if len(args) == 1 && args[0] == "--version" { // needs none
		return root
	}
	for _, v := range verbs {
		if word == v.name {
			root.AddCommand(v.command(t))
			return root
		}
	}
	for _, v := range verbs { // help, completion, and words that are no verb
		root.AddCommand(v.command(t))
	}
	return root
}

// Version is the version of the program, from its build information.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "0.1.0-dev"
}
