package early_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"diapason/internal/cli"
	"diapason/internal/cli/early"
)

// The test program is the command too, early and ordinary, when it is called as one:
// with solve as its first word it never gets here.
func TestMain(m *testing.M) {
	if os.Getenv("DIAPASON_TEST_AS_COMMAND") != "" {
		fmt.Fprintln(os.Stderr, ordinary)
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err := cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		stop()
		os.Exit(cli.Status(err))
	}
	os.Exit(m.Run())
}

const ordinary = "the ordinary way"

const bridge = `<opsa-mef><define-fault-tree name="Bridge"><define-gate name="down"><or>
<and><basic-event name="a"/><basic-event name="b"/></and><and><basic-event name="b"/><basic-event name="c"/></and></or></define-gate>
<define-basic-event name="a"><float value="0.1"/></define-basic-event>
<define-basic-event name="b"><uniform-deviate><float value="0.1"/><float value="0.3"/></uniform-deviate></define-basic-event>
<define-basic-event name="c"><exponential><float value="1e-4"/><system-mission-time/></exponential></define-basic-event>
</define-fault-tree></opsa-mef>`

// folder has models that tests solve.
func folder(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"bridge.xml": bridge,
		"wrong.xml":  strings.ReplaceAll(bridge, `"c"/></and></or>`, `"d"/></and></or>`),
		"two.xml":    strings.ReplaceAll(bridge, `</define-fault-tree>`, `<define-gate name="up"><not><basic-event name="a"/></not></define-gate></define-fault-tree>`),
		"large.xml":  large(40_000),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// large is a model of gates that share much, so that solving it takes long.
func large(gates int) string {
	var b strings.Builder
	b.WriteString("<opsa-mef><define-fault-tree name=\"Large\">\n")
	for i := range gates {
		fmt.Fprintf(&b, `<define-gate name="g%d"><%s>`, i, []string{"and", "or"}[i%2])
		for j := 1; j <= 3; j++ {
			if next := i + 1 + (i*j*7919)%300; next < gates && (j > 1 || i+1 >= gates) {
				fmt.Fprintf(&b, `<gate name="g%d"/>`, next)
			}
		}
		if i+1 < gates {
			fmt.Fprintf(&b, `<gate name="g%d"/>`, i+1)
		}
		fmt.Fprintf(&b, "<basic-event name=\"e%d\"/></%s></define-gate>\n", (i*104729)%(gates/2), []string{"and", "or"}[i%2])
	}
	for i := range gates / 2 {
		fmt.Fprintf(&b, `<define-basic-event name="e%d"><float value="0.3"/></define-basic-event>`+"\n", i)
	}
	b.WriteString("</define-fault-tree></opsa-mef>")
	return b.String()
}

// Figures that differ from run to run.
var measured = regexp.MustCompile(`("(?:seconds|cpu_seconds|peak_bytes)": )[0-9.e-]+|[0-9.,]+ s, [0-9]+ MiB at most`)

func quiet(output []byte) string { return measured.ReplaceAllString(string(output), "$1") }

// command runs this program as the command.
func command(dir string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "DIAPASON_TEST_AS_COMMAND=1", "DIAPASON_LANG=en")
	return c
}

func TestACommandEndsTheSameEarlyAndTheOrdinaryWay(t *testing.T) {
	dir := folder(t)
	for _, x := range []struct {
		early bool
		args  string
	}{
		{true, "bridge.xml --format json"},
		{true, "--format json bridge.xml"},
		{true, "bridge.xml --format=json --cut-sets --list 2 --importance=true"},
		{true, "bridge.xml --format json --list all --max-order 0x2 --cut-off 1e-3 --lang fr"},
		{true, "bridge.xml --format json --uncertainty 100 --seed 7 --mission-time 1e3"},
		{true, "two.xml --format json --top down --prime-implicants"},
		{true, "two.xml --format json --top up --time-limit 1m --memory-limit 512MiB"},
		{true, "bridge.xml --format text --format json"},
		{false, "bridge.xml"},
		{false, "bridge.xml --format text"},
		{false, "bridge.xml --format yaml"},
		{false, "bridge.xml --format json --list many"},
		{false, "bridge.xml --format json --list -1"},
		{false, "bridge.xml --format json --cut-sets=maybe"},
		{false, "bridge.xml --format json --max-order two"},
		{false, "bridge.xml --format json --seed"},
		{false, "bridge.xml --format json --unknown"},
		{false, "bridge.xml --format json --lang de"},
		{false, "bridge.xml --format json -x"},
		{false, "bridge.xml --format json --help"},
		{false, "bridge.xml --format json -h"},
		{false, "bridge.xml --format json --cut-sets false"},
		{false, "bridge.xml --format json -- more.xml"},
		{false, "bridge.xml --format json --curve 4"},
		{false, "two.xml --format json --top up --top down"},
		{false, "two.xml --format json"},
		{false, "two.xml --format json --top nowhere"},
		{false, "wrong.xml --format json"},
		{false, "missing.xml --format json"},
		{false, ". --format json"},
		{false, "--format json"},
		{false, "- --format json"},
	} {
		t.Run(x.args, func(t *testing.T) {
			args := strings.Fields(x.args)
			run := func(args ...string) (out, errOut string, status int) {
				c := command(dir, args...)
				var o, e bytes.Buffer
				c.Stdin, c.Stdout, c.Stderr = strings.NewReader(bridge), &o, &e
				_ = c.Run() // its status is compared
				return quiet(o.Bytes()), e.String(), c.ProcessState.ExitCode()
			}
			out, errOut, status := run(append([]string{"solve", "faulttree"}, args...)...)
			// An option before the verb is for the ordinary way.
			wantOut, wantErr, wantStatus := run(append([]string{"--lang=en", "solve", "faulttree"}, args...)...)
			if strings.HasPrefix(errOut, ordinary) == x.early {
				t.Errorf("early is to be %v; standard error is %s", x.early, errOut)
			}
			errOut, wantErr = strings.TrimPrefix(errOut, ordinary+"\n"), strings.TrimPrefix(wantErr, ordinary+"\n")
			if out != wantOut || errOut != wantErr || status != wantStatus {
				t.Errorf("early: status %d\n%s%s\nordinary: status %d\n%s%s", status, out, errOut, wantStatus, wantOut, wantErr)
			}
		})
	}
}

// What a package imports decides when it has its turn: one import too many of a package
// with a late path, and most of the program is initialised first.
func TestMostOfTheProgramIsNotInitialisedWhereACommandRunsEarly(t *testing.T) {
	dir := folder(t)
	initialised := func(args ...string) int {
		c := command(dir, args...)
		c.Env = append(c.Env, "GODEBUG=inittrace=1")
		var e bytes.Buffer
		c.Stderr = &e
		if err := c.Run(); err != nil {
			t.Fatal(err)
		}
		return strings.Count(e.String(), "\ninit ")
	}
	few := initialised("solve", "faulttree", "bridge.xml", "--format", "json")
	all := initialised("--lang=en", "solve", "faulttree", "bridge.xml", "--format", "json")
	t.Logf("%d of %d packages", few, all)
	if few > all/2 {
		t.Errorf("%d of %d packages were initialised before the command ran", few, all)
	}
}

func TestOtherCommandsAreLeftToTheOrdinaryWay(t *testing.T) {
	for _, args := range []string{"", "solve", "solve faulttree", "solve redundancy x.yaml --format json", "check . --format json", "--lang fr solve faulttree x.xml", "help solve faulttree", "__complete solve faulttree x.xml"} {
		var out bytes.Buffer
		if status := early.Run(context.Background(), strings.Fields(args), &out, &out); status != early.NotRun || out.Len() > 0 {
			t.Errorf("%q was run: status %d, %s", args, status, out.String())
		}
	}
}

func TestAnInterruptEndsTheWorkWithBoundsEitherWay(t *testing.T) {
	dir := folder(t)
	for name, args := range map[string][]string{
		"early":    {"solve", "faulttree", "large.xml", "--format", "json"},
		"ordinary": {"--lang=en", "solve", "faulttree", "large.xml", "--format", "json"},
	} {
		for _, after := range []time.Duration{400 * time.Millisecond, 2 * time.Second} {
			t.Run(fmt.Sprint(name, " after ", after), func(t *testing.T) {
				c := command(dir, args...)
				var out bytes.Buffer
				c.Stdout = &out
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(after)
				sent := time.Now()
				if err := c.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
				if err := c.Wait(); err != nil {
					t.Fatal(err)
				}
				took := time.Since(sent)
				var r struct {
					Interrupted, Exact bool
					Lower, Upper       *float64
				}
				if err := json.Unmarshal(out.Bytes(), &r); err != nil {
					t.Fatalf("%v in %s", err, out.String())
				}
				if !r.Interrupted || r.Exact || r.Lower == nil || r.Upper == nil || *r.Lower < 0 || *r.Upper > 1 || *r.Lower > *r.Upper {
					t.Errorf("%s", out.String())
				}
				t.Logf("answered %v after the interrupt", took)
				if took > 2*time.Second { // a busy machine makes anything late
					t.Errorf("answered only %v after the interrupt", took)
				}
			})
		}
	}
}

func TestAnOutputThatCannotBeWrittenIsSaidEitherWay(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no device that is always full:", err)
	}
	defer full.Close()
	dir := folder(t)
	var said []string
	for _, args := range [][]string{{"solve", "faulttree", "bridge.xml", "--format", "json"}, {"--lang=en", "solve", "faulttree", "bridge.xml", "--format", "json"}} {
		c := command(dir, args...)
		var e bytes.Buffer
		c.Stdout, c.Stderr = full, &e
		_ = c.Run() // its status is compared
		said = append(said, fmt.Sprint(c.ProcessState.ExitCode(), strings.TrimPrefix(e.String(), ordinary+"\n")))
	}
	if said[0] != said[1] || !strings.HasPrefix(said[0], "2diapason: ") {
		t.Errorf("%q", said)
	}
}
