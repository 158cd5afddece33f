package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// sentence says an error in the user's language, one line for each that was
// joined.
func (t *terminal) sentence(err error) string {
	var fault *model.Fault
	if errors.As(err, &fault) {
		var joined interface{ Unwrap() []error }
		if !errors.As(err, &joined) {
			return t.writer().Fault(fault)
		}
		var lines []string
		for _, e := range joined.Unwrap() {
			lines = append(lines, t.sentence(e))
		}
		return strings.Join(lines, "\n")
	}
	return err.Error()
}

// speak makes every command refuse wrong arguments and options in the user's
// language.
func (t *terminal) speak(c *cobra.Command) {
	c.SetFlagErrorFunc(t.option)
	for _, sub := range c.Commands() {
		if check := sub.Args; check != nil {
			sub.Args = func(cmd *cobra.Command, args []string) error {
				err := check(cmd, args)
				var said *Exit
				if err == nil || errors.As(err, &said) {
					return err
				}
				return unusable(errors.New(t.say("cli.arguments", finding.Args{"usage": cmd.UseLine()})))
			}
		}
		t.speak(sub)
	}
}

// command refuses a word that is no command.
func (t *terminal) command(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return unusable(errors.New(t.say("cli.command.unknown", finding.Args{"word": args[0], "nearest": model.Nearest(args[0], names)})))
}

// option refuses an option that is unknown, without its value or with a wrong one.
func (t *terminal) option(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	key, args := "", finding.Args{"command": cmd.CommandPath()}
	switch {
	case errors.As(err, &unknown):
		key, args["option"] = "cli.option.unknown", dashed(unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames())
	case errors.As(err, &empty):
		key, args["option"] = "cli.option.value", dashed(empty.GetSpecifiedName(), empty.GetSpecifiedShortnames())
	case errors.As(err, &wrong):
		key, args["option"], args["value"] = "cli.option.wrong", "--"+wrong.GetFlag().Name, wrong.GetValue()
	default:
		return unusable(err)
	}
	return unusable(errors.New(t.say(key, args)))
}

func dashed(name, short string) string {
	if short != "" {
		return "-" + name
	}
	return "--" + name
}
