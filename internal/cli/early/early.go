// Package early runs a command before most of the program is initialised. The packages
// that are linked into the program for servers, metrics and documents take some ten
// milliseconds of a processor to initialise, longer than most fault trees take to be
// solved. Packages initialise in the order of their import paths once those they need
// have done so; this one needs little and comes before the large ones.
//
// Only the program imports it. What it does not know by heart it leaves alone, and the
// program goes its ordinary way: other commands, help, options that are wrong, what is
// piped in, and whatever has to be told in words.
package early

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"diapason/internal/cli/solver"
	"diapason/internal/cli/start"
)

func init() {
	if len(os.Args) < 4 || os.Args[1] != "solve" {
		return
	}
	// Initialising keeps its goroutine on one thread, which makes waiting dear.
	status := make(chan int)
	go func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		status <- Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	}()
	if s := <-status; s != NotRun {
		os.Exit(s)
	}
}

// NotRun is the status of a command line that was left to the ordinary way: nothing was
// written and nothing has changed.
const NotRun = -1

// unusable is the status of the command where its output cannot be written.
const unusable = 2

// Run runs a command line and returns its exit status, or NotRun.
func Run(ctx context.Context, args []string, out, errOut io.Writer) int {
	if len(args) < 3 || args[0] != "solve" || args[1] != "faulttree" {
		return NotRun
	}
	o := solver.NewFaultTreeOptions()
	files, ok := parse(args[2:], o)
	// Words are for the ordinary way, and what could not be done twice.
	if !ok || len(files) == 0 || o.Format != "json" || o.Write != "" || len(o.Tops) > 1 || o.Curve > 0 {
		return NotRun
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || !info.Mode().IsRegular() {
			return NotRun
		}
	}
	if o.Check() != nil {
		return NotRun
	}
	undo := start.CollectRarely(o.Bytes())
	late := solver.LateAfter(ctx)
	results, err := solver.FaultTree(ctx, nil, files, o)
	if err != nil { // found before anything long began
		undo()
		return NotRun
	}
	w := bufio.NewWriter(out)
	err = solver.Write(w, results, late)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		fmt.Fprintf(errOut, "diapason: %s\n", err)
		return unusable
	}
	return 0
}
