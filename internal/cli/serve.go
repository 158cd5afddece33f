package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"diapason/examples"
	"diapason/internal/api"
	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
	"diapason/internal/store/postgres"
	"diapason/internal/store/sqlite"
	"diapason/web"
)

type storeOptions struct {
	data, database string
	reads          bool // nothing is written: a running server is no hindrance
	measures       bool // the metrics of the folder are asked, where no server holds them
}

func (o *storeOptions) flags(t *terminal, c *cobra.Command) {
	c.Flags().StringVar(&o.data, "data", "", t.say("cli.flag.data", nil))
	c.Flags().StringVar(&o.database, "database", "", t.say("cli.flag.database", nil))
}

// url is the address of the database; empty for a data folder.
func (o *storeOptions) url() string { return cmp.Or(o.database, os.Getenv("DIAPASON_DATABASE_URL")) }

// folder is the data folder.
func (o *storeOptions) folder() string { return cmp.Or(o.data, "data") }

// open opens the store: a data folder with SQLite, or a PostgreSQL database by URL.
func (o *storeOptions) open(ctx context.Context) (store.Store, error) {
	if url := o.url(); url != "" {
		return postgres.Open(ctx, url, postgres.Options{})
	}
	return sqlite.Open(ctx, o.folder(), sqlite.Options{ReadOnly: o.reads, Clock: machine.now})
}

// mustExist refuses a data folder without a store, where reading would otherwise
// make an empty one and find it in order.
func (t *terminal) mustExist(o *storeOptions) error {
	if o.url() != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(o.folder(), sqlite.FileName)); errors.Is(err, fs.ErrNotExist) {
		return unusable(errors.New(t.say("cli.data.none", finding.Args{"path": o.folder()})))
	}
	return nil
}

type serveOptions struct {
	storeOptions
	metrics    telemetryOptions
	listen, on string
	example    bool
	// walkthrough serves the walk-through of service levels, and ready hears its address.
	walkthrough bool
	ready       func(url string)
	secure      bool
	jsonLog     bool
	proxy       bool
	notify      string // file of notifications
	tickets     string // file of ticket tools
}

func (t *terminal) serve() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use: "serve", Short: t.say("cli.serve", nil), Long: t.say("cli.serve.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return t.runServe(cmd.Context(), o) },
	}
	o.flags(t, c)
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8321", t.say("cli.serve.listen", nil))
	f.StringVar(&o.on, "on", "", t.say("cli.serve.on", nil))
	f.BoolVar(&o.example, "example", false, t.say("cli.serve.example", nil))
	f.BoolVar(&o.secure, "secure-cookies", false, t.say("cli.serve.secure", nil))
	f.BoolVar(&o.proxy, "behind-proxy", false, t.say("cli.serve.proxy", nil))
	f.BoolVar(&o.jsonLog, "log-json", false, t.say("cli.serve.log-json", nil))
	f.StringVar(&o.notify, "notify", "", t.say("notify.serve", nil))
	f.StringVar(&o.tickets, "tickets", "", t.say("evidence.serve.tickets", nil))
	o.metrics.flags(t, c)
	return c
}

// storeError gives an error of the store its sentence in the user's language.
func (t *terminal) storeError(err error) error {
	var e *store.Error
	if errors.As(err, &e) {
		return &Exit{StatusUnusable, errors.New(api.StoreSentence(e, t.lang))}
	}
	var known *app.Error
	if errors.As(err, &known) {
		return &Exit{StatusUnusable, errors.New(known.In(t.lang))}
	}
	return unusable(err)
}

func (t *terminal) runServe(ctx context.Context, o serveOptions) error {
	var on model.Date
	var err error
	if o.on != "" {
		if on, err = t.date(o.on); err != nil {
			return err
		}
	}
	if o.example && o.data == "" && o.database == "" {
		o.data = filepath.Join("data", "example")
	}
	if o.example && on.IsZero() {
		on = examples.On
	}
	channels, err := t.openChannels(o.notify)
	if err != nil {
		return err
	}
	tickets, err := t.readTickets(o.tickets)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return unusable(errors.New(t.say(listenFailure(err), finding.Args{"address": o.listen})))
	}
	defer listener.Close()
	log := slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
	if o.jsonLog {
		log = slog.New(slog.NewJSONHandler(t.err, nil))
	}
	st, err := o.open(ctx)
	if err != nil {
		return t.storeError(err)
	}
	defer st.Close()
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		return unusable(err)
	}
	books, err := o.openLedger(ctx)
	if err != nil {
		return t.storeError(err)
	}
	defer books.Close()
	measured, err := t.openTelemetry(o, log)
	if err != nil {
		return err
	}
	defer measured.close()
	a, err := app.Open(ctx, app.Options{Store: st, Directory: dir, On: on, Now: machine.now, Pace: machine.pace, Log: log, Ledger: books, Metrics: measured.querier(), Channels: channels})
	if err != nil {
		return t.storeError(err)
	}
	defer a.Close()
	var walked *walkthrough
	base := "http://" + shownAddress(listener.Addr().String())
	loopback := isLoopback(listener.Addr())
	if o.example {
		if err := t.loadExample(ctx, a, dir); err != nil {
			return err
		}
	} else if o.walkthrough {
		if walked, err = t.openWalkthrough(ctx, a, dir, log); err != nil {
			return err
		}
		walked.probes = measured
		defer walked.close()
	} else if err := t.firstAdministrator(ctx, dir, base); err != nil {
		return t.storeError(err)
	}
	shown := (o.example || o.walkthrough) && loopback // the example's accounts are offered
	offered := (*api.Walkthrough)(nil)
	switch {
	case walked != nil:
		offered = walked.serve()
	case shown && !o.proxy && o.url() == "":
		beside := t.walkthroughBeside(ctx, filepath.Join(o.folder(), "walkthrough"))
		defer beside.stop()
		offered = &api.Walkthrough{Start: beside.start}
	}
	handler := api.New(api.Options{App: a, Version: Version(), Web: web.Files(), Log: log, Secure: o.secure, Proxy: o.proxy, Example: shown, Walkthrough: offered, Telemetry: measured.serve(shown && !o.proxy)})
	measured.start(ctx, a)
	defer a.SendNotifications(ctx)()
	defer a.WatchAlerts(ctx)()
	defer a.MakeReports(ctx)()
	defer a.PullCasesRegularly(ctx, tickets)()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	if o.ready != nil {
		o.ready(base)
	} else {
		fmt.Fprintln(t.out, t.say("cli.serve.ready", finding.Args{"url": base}))
		walked.tell(t, t.out)
	}
	if o.example && !loopback {
		fmt.Fprintln(t.out, t.say("cli.serve.example.away", nil))
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return unusable(err)
	case <-ctx.Done():
	}
	if o.ready == nil {
		fmt.Fprintln(t.out, t.say("cli.serve.stopping", nil))
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if server.Shutdown(stop) != nil { // streams of events do not end by themselves
		_ = server.Close()
	}
	return nil
}

// listenFailure is the message for an address that cannot be listened on.
func listenFailure(err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "cli.serve.port"
	case errors.Is(err, fs.ErrPermission):
		return "cli.serve.port.forbidden"
	}
	return "cli.serve.address"
}

// shownAddress replaces "every address" by one that a browser can open.
func shownAddress(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

func (t *terminal) firstAdministrator(ctx context.Context, dir *identity.Directory, base string) error {
	link, ok, err := dir.FirstAdministratorLink(ctx)
	if err != nil || !ok {
		return err
	}
	fmt.Fprintln(t.out, t.say("cli.serve.first", finding.Args{"url": base + "/first-administrator?token=" + string(link.Token), "until": link.Expires.Local().Format("2006-01-02 15:04")}))
	return nil
}
