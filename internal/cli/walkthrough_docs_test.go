package cli_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"diapason/internal/cli"
)

// walkthroughPace is how many times as fast as the machine's clock the guide is walked
// through: its minutes are measured for real, only shorter.
const walkthroughPace = 15

// useClock takes the clock of the test over into a command that the test runs.
func useClock() {
	start, pace, ok := strings.Cut(os.Getenv("WALKTHROUGH_CLOCK"), ",")
	if !ok {
		return
	}
	at, err1 := strconv.ParseInt(start, 10, 64)
	times, err2 := strconv.ParseFloat(pace, 64)
	if err1 == nil && err2 == nil {
		cli.SetClock(time.Unix(0, at), times)
	}
}

// date is the command of that name, for the forms that the guide uses, on the test's clock.
func date() {
	start, pace, _ := strings.Cut(os.Getenv("WALKTHROUGH_CLOCK"), ",")
	at, _ := strconv.ParseInt(start, 10, 64)
	times, _ := strconv.ParseFloat(pace, 64)
	now := time.Unix(0, at).Add(time.Duration(float64(time.Since(time.Unix(0, at))) * times)).UTC()
	fmt.Println(strings.NewReplacer("+", "", "%Y", now.Format("2006"), "%m", now.Format("01"), "%d", now.Format("02"), "%H", now.Format("15"), "%M", now.Format("04")).Replace(os.Args[len(os.Args)-1]))
}

// sleep is the command of that name, on the test's clock.
func sleep() {
	_, pace, _ := strings.Cut(os.Getenv("WALKTHROUGH_CLOCK"), ",")
	times, err1 := strconv.ParseFloat(pace, 64)
	seconds, err2 := strconv.ParseFloat(os.Args[1], 64)
	if err1 != nil || err2 != nil {
		os.Exit(1)
	}
	time.Sleep(time.Duration(seconds / times * float64(time.Second)))
}

// TestTheWalkthroughIsWalkedAsItIsWritten runs the commands of docs/walkthrough.md in the
// order of the guide, in one shell, and looks for what the guide says is to be seen.
func TestTheWalkthroughIsWalkedAsItIsWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	for lang, file := range map[string]string{"en": "../../docs/walkthrough.md", "fr": "../../docs/fr/walkthrough.md"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address := l.Addr().String()
			l.Close()
			guide := strings.ReplaceAll(string(text), "127.0.0.1:8322", address)
			guide = strings.ReplaceAll(guide, "diapason walkthrough &", "diapason walkthrough --listen "+address+" &")
			sh := startShell(t, lang)
			blocks := regexp.MustCompile("(?ms)^```sh( again)?\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?").FindAllStringSubmatch(guide, -1)
			if len(blocks) < 15 {
				t.Fatalf("%d commands were found", len(blocks))
			}
			for _, b := range blocks {
				sh.walk(b[2], b[3], b[1] != "")
			}
		})
	}
}

// shell is one shell that keeps its variables from command to command.
type shell struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

func startShell(t *testing.T, lang string) *shell {
	cmd := exec.Command("bash")
	cmd.Dir = t.TempDir()
	home := filepath.Join(cmd.Dir, ".home")
	cmd.Env = append(os.Environ(), "DIAPASON_LANG="+lang, "HOME="+home, "XDG_CACHE_HOME="+home, fmt.Sprintf("WALKTHROUGH_CLOCK=%d,%d", time.Now().UnixNano(), walkthroughPace))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		fmt.Fprintln(in, "kill -INT $SERVER 2>/dev/null; wait; exit")
		in.Close()
		_ = cmd.Wait()
	})
	return &shell{t, in, bufio.NewReader(out)}
}

// run runs a command to its end.
func (s *shell) run(command string) (output string, status string) {
	fmt.Fprintf(s.in, "%s\necho \"=== $?\"\n", command)
	var b strings.Builder
	for {
		line, err := s.out.ReadString('\n')
		if status, ok := strings.CutPrefix(line, "=== "); ok {
			return b.String(), strings.TrimSpace(status)
		}
		b.WriteString(line)
		if err != nil {
			s.t.Fatalf("the shell has ended: %s", b.String())
		}
	}
}

// walk runs a command and looks for what is to be seen; where time has to pass it is run
// again until that is seen.
func (s *shell) walk(command, want string, again bool) {
	s.t.Helper()
	deadline := time.Now().Add(80 * time.Second)
	for {
		out, status := s.run(command)
		missing := unseen(out, want)
		if missing == "" && status == "0" {
			return
		}
		if !again || time.Now().After(deadline) {
			s.t.Fatalf("%s\nended with %s and writes\n%s\nand not %q", command, status, out, missing)
		}
		time.Sleep(300 * time.Millisecond)
	}
}

// unseen is the first line of what is to be seen that an output lacks. An ellipsis stands
// for anything.
func unseen(output, want string) string {
	for line := range strings.Lines(want) {
		line = strings.TrimSpace(line)
		if line == "" || line == "…" {
			continue
		}
		parts := strings.Split(line, "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(strings.TrimSpace(parts[i]))
		}
		if !regexp.MustCompile(strings.Join(parts, ".*")).MatchString(strings.ReplaceAll(output, "\u00a0", " ")) && !regexp.MustCompile(strings.Join(parts, ".*")).MatchString(output) {
			return line
		}
	}
	return ""
}
