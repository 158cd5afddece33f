package postgres

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/pgtest"
)

func change(name string, document []byte) store.Entry {
	return store.Entry{Type: store.Change, Actor: "actor-1", Puts: []store.Put{
		{Kind: "service", Name: name, Document: document, ExpectSeq: store.AnyVersion},
	}}
}

// wantFault demands a sentence: a code, what is wrong and what to do.
func wantFault(t testing.TB, err error, code store.Code) *store.Error {
	t.Helper()
	if store.CodeOf(err) != code {
		t.Fatalf("got error %v (code %q), want code %q", err, store.CodeOf(err), code)
	}
	e, ok := err.(*store.Error)
	if !ok || e.Problem == "" || e.Remedy == "" {
		t.Fatalf("%v has no remedy", err)
	}
	if strings.Contains(err.Error(), "SQLSTATE") {
		t.Errorf("the sentence quotes the driver: %s", err)
	}
	return e
}

func TestAddresses(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	tests := []struct {
		name, url string
		code      store.Code
	}{
		{"an address that is none", "postgres://user:secret@host:port/x", store.CodeInvalid},
		{"a server that does not run", "postgres://u:secret@/x?host=" + t.TempDir(), store.CodeUnavailable},
		{"a port nobody listens on", "postgres://u:secret@127.0.0.1:1/x?sslmode=disable", store.CodeUnavailable},
		{"a host without address", "postgres://u:secret@nowhere.invalid/x", store.CodeUnavailable},
		{"a database that does not exist", strings.Replace(url, "/test_", "/missing_", 1), store.CodeSetup},
		{"an account that does not exist", strings.Replace(url, "postgres@", "nobody-known@", 1), store.CodeSetup},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is told", func(t *testing.T) {
			s, err := Open(ctx, tt.url, Options{})
			if err == nil {
				s.Close()
			}
			wantFault(t, err, tt.code)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the sentence shows the password: %s", err)
			}
		})
	}
}

func TestNewerFormat(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	s := openTest(t, url)
	execute(t, s, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99000, true)`)
	_, err := Open(ctx, url, Options{})
	if e := wantFault(t, err, store.CodeNewerFormat); e.Format != 99000 || e.Known == 0 {
		t.Errorf("%+v", e)
	}
}

func TestReplicasStartTogether(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	opened := make(chan error)
	for range 4 {
		go func() {
			s, err := Open(ctx, url, Options{})
			if err == nil {
				_, err = s.CheckpointVerifier(ctx)
				s.Close()
			}
			opened <- err
		}()
	}
	for range 4 {
		if err := <-opened; err != nil {
			t.Error(err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	_, err := Open(ctx, url, Options{ReadOnly: true})
	wantFault(t, err, store.CodeReadOnly) // nothing there yet
	s := openTest(t, url)
	reader, err := Open(ctx, url, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	_, err = reader.Commit(ctx, change("a", []byte(`{}`)))
	wantFault(t, err, store.CodeReadOnly)
	// A standby, or a database that its administrator closed for changes.
	execute(t, s, `ALTER DATABASE `+s.pool.Config().ConnConfig.Database+` SET default_transaction_read_only = on`)
	_, err = openTest(t, url).Commit(ctx, change("a", []byte(`{}`)))
	wantFault(t, err, store.CodeReadOnly)
}

// TestBrokenConnections ends every connection of a replica: the next call that
// needs one is told or served, and the replica goes on hearing of commits.
func TestBrokenConnections(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	s, other := openTest(t, url), openTest(t, url+"&application_name=other")
	watch := other.Watch(ctx, 0)
	hear := func(want store.Seq) {
		t.Helper()
		select {
		case got := <-watch:
			if got != want {
				t.Errorf("heard of %d, want %d", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("never heard of %d", want)
		}
	}
	if _, err := s.Commit(ctx, change("a", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	hear(1)
	execute(t, s, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'other'`)
	if _, err := s.Commit(ctx, change("b", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	hear(2)
	// A connection of the pool that the server closed is found out on use.
	for range 10 {
		if _, err := other.Head(ctx); err == nil {
			return
		} else if store.CodeOf(err) != store.CodeUnavailable {
			t.Fatalf("a broken connection gives %v", err)
		}
	}
	t.Error("the replica never recovered")
}

func TestConnectionLostDuringTransaction(t *testing.T) {
	ctx := context.Background()
	url := pgtest.URL(t)
	s, other := openTest(t, url), openTest(t, url)
	err := other.Tx(ctx, func(q store.Querier) error {
		var pid int64
		if err := q.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
			return err
		}
		execute(t, s, `SELECT pg_terminate_backend($1)`, pid)
		return nil // the commit that follows finds the connection gone
	})
	if code := store.CodeOf(err); code != store.CodeOutcomeUnknown && code != store.CodeUnavailable {
		t.Errorf("got %v (code %q)", err, code)
	}
}

// TestDurableWhateverTheServerSays: the test server's configuration does not
// wait for the disk, the store's connections do.
func TestDurableWhateverTheServerSays(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, pgtest.URL(t))
	var setting string
	err := s.Tx(ctx, func(q store.Querier) error {
		return q.QueryRow(ctx, `SELECT current_setting('synchronous_commit')`).Scan(&setting)
	})
	if err != nil || setting != "on" {
		t.Errorf("synchronous_commit is %q, %v", setting, err)
	}
}

// fill commits until the server refuses.
func fill(t testing.TB, s *Store) (store.Seq, error) {
	t.Helper()
	for n := range 10_000 {
		// Random-looking, or PostgreSQL compresses it away.
		document := bytes.Repeat(fmt.Appendf(nil, "%x", time.Now().UnixNano()), 1)
		for i := range 2000 {
			document = fmt.Appendf(document, "%x", uint32(n*2000+i)*2654435761)
		}
		if _, err := s.Commit(context.Background(), change(fmt.Sprintf("s%d", n), document)); err != nil {
			return store.Seq(n), err
		}
	}
	t.Fatal("the disk never filled up")
	return 0, nil
}
