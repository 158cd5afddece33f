// Package pgtest gives tests a private PostgreSQL: one server per test binary,
// started from the installed binaries on first use, listening on a Unix socket
// only, gone with the test binary however that ends.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Require is the environment variable that, set to 1, makes a missing
// PostgreSQL a failure instead of a skipped test.
const Require = "DIAPASON_REQUIRE_POSTGRES"

var server struct {
	once sync.Once
	host string // folder of the socket
	err  error
	next atomic.Int64
}

// errMissing says that there is no PostgreSQL on this machine.
var errMissing = errors.New("PostgreSQL is not installed (initdb and postgres are neither in PATH nor under /usr/lib/postgresql): apt-get install postgresql")

// URL returns the connection URL of a fresh, empty database, dropped at the end
// of the test. Without PostgreSQL on the machine the test is skipped, or fails
// when DIAPASON_REQUIRE_POSTGRES=1.
func URL(t testing.TB) string {
	t.Helper()
	server.once.Do(func() { server.host, _, server.err = start(hasty, nil) })
	need(t, server.err)
	name := fmt.Sprintf("test_%d", server.next.Add(1))
	// template0 has no other sessions to wait for; wal_log copies it without a
	// checkpoint of the whole server.
	if err := administer(server.host, "CREATE DATABASE "+name+" TEMPLATE template0 STRATEGY wal_log"); err != nil {
		t.Fatalf("the test database cannot be created: %v", err)
	}
	t.Cleanup(func() {
		if err := administer(server.host, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("the test database cannot be dropped: %v", err)
		}
	})
	return address(server.host, name)
}

// need skips the test where there is no PostgreSQL, and fails it where its server
// did not start.
func need(t testing.TB, err error) {
	t.Helper()
	switch {
	case errors.Is(err, errMissing) && os.Getenv(Require) != "1":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
}

// hasty are the settings of a server that nothing needs to outlive.
var hasty = []string{"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"}

func address(host, database string) string {
	return "postgres://postgres@/" + database + "?" + url.Values{"host": {host}, "sslmode": {"disable"}}.Encode()
}

func administer(host, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, address(host, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// binaries finds initdb and postgres.
func binaries() (initdb, postgres string, err error) {
	initdb, err = exec.LookPath("initdb")
	if err == nil {
		if postgres, err = exec.LookPath("postgres"); err == nil {
			return initdb, postgres, nil
		}
	}
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for i := len(folders) - 1; i >= 0; i-- {
		initdb, postgres = filepath.Join(folders[i], "initdb"), filepath.Join(folders[i], "postgres")
		if executable(initdb) && executable(postgres) {
			return initdb, postgres, nil
		}
	}
	return "", "", errMissing
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// folderMark stands for the server's folder in the words of a wrapping command.
const folderMark = "{folder}"

// start makes a cluster, starts its server with settings, by the command of wrap
// where it is not empty, and waits until the server answers. Exited hears when the
// command has ended.
func start(settings, wrap []string) (host string, exited <-chan error, err error) {
	initdb, postgres, err := binaries()
	if err != nil {
		return "", nil, err
	}
	// Not t.TempDir: its parents are closed to other accounts, and the path of
	// a Unix socket holds 107 bytes at most.
	folder, err := os.MkdirTemp("/tmp", "pgt")
	if err != nil {
		return "", nil, err
	}
	if err := removeAfterExit(folder); err != nil {
		os.RemoveAll(folder)
		return "", nil, err
	}
	account, err := serverAccount()
	if err != nil {
		return "", nil, err
	}
	if err := account.own(folder); err != nil {
		return "", nil, err
	}
	data := filepath.Join(folder, "data")
	create := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	create.Dir = folder
	account.use(create)
	if out, err := create.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb failed: %w\n%s", err, out)
	}
	logFile := filepath.Join(folder, "log")
	line := slices.Concat(wrap, []string{postgres, "-D", data, "-k", folder, "-h", "", "-c", "shared_buffers=32MB", "-c", "max_connections=200"}, settings)
	for i, word := range line {
		line[i] = strings.ReplaceAll(word, folderMark, folder)
	}
	run := exec.Command(line[0], line[1:]...)
	run.Dir = folder
	account.use(run)
	exited, err = startPinned(run, logFile)
	if err != nil {
		return "", nil, fmt.Errorf("postgres cannot be started: %w", err)
	}
	if err := awaitServer(folder, exited); err != nil {
		out, _ := os.ReadFile(logFile)
		return "", nil, fmt.Errorf("%w\n%s", err, strings.TrimSpace(string(out)))
	}
	return folder, exited, nil
}

// awaitServer waits until the server answers or has ended.
func awaitServer(folder string, exited <-chan error) error {
	ready := func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, address(folder, "postgres"))
		if err != nil {
			return false
		}
		conn.Close(ctx)
		return true
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for {
		select {
		case err := <-exited:
			return fmt.Errorf("postgres ended at once: %v", err)
		case <-deadline:
			return errors.New("postgres does not answer after a minute")
		case <-tick.C:
			if ready() {
				return nil
			}
		}
	}
}
