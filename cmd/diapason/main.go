// Command diapason is the system of record and of proof for IT service design.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"diapason/internal/cli"
	_ "diapason/internal/cli/early" // runs some commands before the rest is initialised
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(cli.Status(err))
}
