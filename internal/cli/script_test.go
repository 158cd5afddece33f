package cli_test

import (
	"context"
	dbsql "database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the driver for sql

	"diapason/internal/cli"
)

// TestMain lets scripts run the command as a program of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"diapason": program, "status": status, "unprivileged": unprivileged, "date": date, "sleep": sleep})
}

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Status(cli.Run(ctx, args, os.Stdin, os.Stdout, os.Stderr))
}

func program() {
	useClock()
	os.Exit(run(os.Args[1:]))
}

// status fails unless a command ends with one exit status, which exec alone
// cannot tell: status 2 check nowhere.
func status() {
	var want int
	if _, err := fmt.Sscan(os.Args[1], &want); err != nil {
		fmt.Fprintln(os.Stderr, "status: the first argument is the exit status expected")
		os.Exit(99)
	}
	if got := run(os.Args[2:]); got != want {
		fmt.Fprintf(os.Stderr, "\nexit status %d, want %d\n", got, want)
		os.Exit(98)
	}
}

// unprivileged is status for an account that permissions hold back.
func unprivileged() {
	if os.Getuid() == 0 {
		if err := syscall.Setgid(65534); err == nil {
			err = syscall.Setuid(65534)
			if err != nil {
				fmt.Fprintln(os.Stderr, "unprivileged:", err)
				os.Exit(99)
			}
		}
	}
	status()
}

func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for dir := e.WorkDir; strings.HasPrefix(dir, os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
				if err := os.Chmod(dir, 0o755); err != nil { // for unprivileged
					return err
				}
			}
			e.Setenv("EXAMPLES", examples)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG", "DIAPASON_LANG", "DIAPASON_DATABASE_URL"} {
				e.Setenv(name, "")
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"samehash": sameHash, "sentence": sentence, "holdport": holdPort, "freeport": freePort, "serving": serving, "overwrite": overwrite, "sql": sql,
			"smalldisk": smallDisk, "fill": fill, "holds": holds, "damage": damage,
			"mailserver": mailServer, "webreceiver": webReceiver, "heard": heard, "outagenow": outageNow,
		},
		Condition: func(word string) (bool, error) {
			if word == "mount" {
				return mountable()
			}
			return false, fmt.Errorf("unknown condition %q", word)
		},
	})
}

// sameHash compares the model hashes that two outputs end with.
func sameHash(ts *testscript.TestScript, neg bool, args []string) {
	hash := func(file string) string {
		words := strings.Fields(ts.ReadFile(file))
		if len(words) == 0 || len(words[len(words)-1]) != 64 {
			ts.Fatalf("%s does not end with a model hash", file)
		}
		return words[len(words)-1]
	}
	if a, b := hash(args[0]), hash(args[1]); (a == b) == neg {
		ts.Fatalf("model hashes %s and %s", a, b)
	}
}

// sentence demands that the error output is one line that begins with the
// program's name and holds the words given: sentence 'in use'.
func sentence(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.TrimSpace(ts.ReadFile("stderr"))
	if !strings.HasPrefix(text, "diapason: ") || strings.Contains(text, "\n") {
		ts.Fatalf("not one sentence: %s", text)
	}
	for _, a := range args {
		if !strings.Contains(text, a) {
			ts.Fatalf("%q is not in: %s", a, text)
		}
	}
}

// holdPort listens on a port until the script ends; its address is $HELD.
func holdPort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv("HELD", l.Addr().String())
}

// freePort puts the address of a free port into $FREE.
func freePort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("FREE", l.Addr().String())
	l.Close()
}

// serving waits until a server answers: serving ADDRESS.
func serving(ts *testscript.TestScript, _ bool, args []string) {
	for range 300 {
		if res, err := http.Get("http://" + args[0] + "/healthz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("nothing answers at %s", args[0])
}

// overwrite writes text over the beginning of a file: overwrite FILE TEXT.
func overwrite(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteAt([]byte(args[1]), 0)
	ts.Check(err)
	ts.Check(f.Close())
}

// sql carries out a statement on a database behind the program's back: sql FILE
// STATEMENT.
func sql(ts *testscript.TestScript, _ bool, args []string) {
	db, err := dbsql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	result, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		ts.Fatalf("the statement changed nothing")
	}
}
