package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diapason/internal/store"
)

func change(name string, document []byte) store.Entry {
	return store.Entry{Type: store.Change, Actor: "actor-1", Puts: []store.Put{
		{Kind: "service", Name: name, Document: document, ExpectSeq: store.AnyVersion},
	}}
}

// wantFault demands a sentence: a code, what is wrong, what to do, and no
// driver's text.
func wantFault(t testing.TB, err error, code store.Code) *store.Error {
	t.Helper()
	if store.CodeOf(err) != code {
		t.Fatalf("got error %v (code %q), want code %q", err, store.CodeOf(err), code)
	}
	e, ok := err.(*store.Error)
	if !ok || e.Problem == "" || e.Remedy == "" {
		t.Fatalf("%v has no remedy", err)
	}
	if strings.Contains(err.Error(), "SQLITE") {
		t.Errorf("the sentence quotes the driver: %s", err)
	}
	return e
}

func wantClean(t testing.TB, s *Store) {
	t.Helper()
	report, err := s.Fsck(context.Background(), store.FsckOptions{})
	if err != nil || report.Total != 0 {
		t.Fatalf("fsck: %+v, %v", report, err)
	}
}

// fill commits until the store refuses, and returns the last seq acknowledged
// and the refusal.
func fill(t testing.TB, s *Store) (store.Seq, error) {
	t.Helper()
	for n := range 10_000 {
		done, err := s.Commit(context.Background(), change(fmt.Sprintf("s%d", n), bytes.Repeat([]byte("x"), 20_000)))
		if err != nil {
			return store.Seq(n), err
		}
		if done.Seq != store.Seq(n+1) {
			t.Fatalf("commit %d got seq %d", n+1, done.Seq)
		}
	}
	t.Fatal("the disk never filled up")
	return 0, nil
}

func TestDatabaseAtItsLimit(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, t.TempDir())
	limit := func(pages int) {
		if err := s.writer.submit(ctx, s.writer.upkeep, func(q store.Querier) error {
			var now int64
			return q.QueryRow(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	limit(200)
	last, err := fill(t, s)
	wantFault(t, err, store.CodeDiskFull)
	if head, err := s.Head(ctx); err != nil || head != last || last == 0 {
		t.Errorf("head %d, %v; %d were acknowledged", head, err, last)
	}
	wantClean(t, s)
	limit(100_000)
	if _, err := s.Commit(ctx, change("after", []byte(`{}`))); err != nil {
		t.Errorf("after space was made: %v", err)
	}
	wantClean(t, s)
}

// TestGroupAtItsLimit fills the database while many writers share each sync:
// the failure of one undoes the group, and each must still learn its own fate.
func TestGroupAtItsLimit(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, t.TempDir())
	if err := s.writer.submit(ctx, s.writer.upkeep, func(q store.Querier) error {
		var now int64
		return q.QueryRow(ctx, "PRAGMA max_page_count = 300").Scan(&now)
	}); err != nil {
		t.Fatal(err)
	}
	const writers = 16
	type outcome struct {
		seq  store.Seq
		name string
		err  error
	}
	outcomes := make(chan outcome)
	for w := range writers {
		go func() {
			for n := range 20 {
				name := fmt.Sprintf("s%d-%d", w, n)
				done, err := s.Commit(ctx, change(name, bytes.Repeat([]byte("x"), 500*(w+1))))
				outcomes <- outcome{done.Seq, name, err}
			}
		}()
	}
	names := map[store.Seq]string{}
	refused := 0
	for range writers * 20 {
		o := <-outcomes
		switch {
		case o.err != nil:
			wantFault(t, o.err, store.CodeDiskFull)
			refused++
		case names[o.seq] != "":
			t.Errorf("entry %d was acknowledged twice", o.seq)
		default:
			names[o.seq] = o.name
		}
	}
	if refused == 0 {
		t.Fatal("the database never filled up")
	}
	entries, err := s.Entries(ctx, 0, 1000)
	if err != nil || len(entries) != len(names) {
		t.Fatalf("%d entries, %d acknowledged, %v", len(entries), len(names), err)
	}
	for _, e := range entries {
		if names[e.Seq] != e.Ops[0].Name {
			t.Errorf("entry %d is of %s, it was acknowledged for %s", e.Seq, e.Ops[0].Name, names[e.Seq])
		}
	}
	wantClean(t, s)
}

func TestLockedDatabase(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, t.TempDir())
	if err := s.writer.submit(ctx, s.writer.upkeep, func(q store.Querier) error {
		var now int64
		return q.QueryRow(ctx, "PRAGMA busy_timeout = 20").Scan(&now)
	}); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", "file:"+s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Commit(ctx, change("a", []byte(`{}`)))
	wantFault(t, err, store.CodeLocked)
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(ctx, change("a", []byte(`{}`))); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	wantClean(t, s)
}

func TestFolderInUse(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	s := openTest(t, folder)
	if _, err := s.Commit(ctx, change("a", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	_, err := Open(ctx, folder, Options{})
	e := wantFault(t, err, store.CodeInUse)
	if want := fmt.Sprintf("process %d already serves", os.Getpid()); !strings.Contains(e.Problem, want) {
		t.Errorf("%q does not say %q", e.Problem, want)
	}
	// Reading beside the server is allowed.
	reader, err := Open(ctx, folder, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	wantClean(t, reader)
	_, err = reader.Commit(ctx, change("b", []byte(`{}`)))
	wantFault(t, err, store.CodeReadOnly)
	_, err = reader.PutBlob(ctx, "text/plain", strings.NewReader("x"), 10)
	wantFault(t, err, store.CodeReadOnly)
}

func TestReadingAClosedStore(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	s, err := Open(ctx, folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(ctx, change("a", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := Open(ctx, folder, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if head, err := reader.Head(ctx); err != nil || head != 1 {
		t.Errorf("head %d, %v", head, err)
	}
	// A server may start meanwhile, and what it commits is seen.
	server := openTest(t, folder)
	if _, err := server.Commit(ctx, change("b", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
	if head, err := reader.Head(ctx); err != nil || head != 2 {
		t.Errorf("head %d after the server's commit, %v", head, err)
	}
}

func TestNoStoreToRead(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	_, err := Open(context.Background(), folder, Options{ReadOnly: true})
	wantFault(t, err, store.CodeNotFound)
	if _, err := os.Stat(folder); err == nil {
		t.Error("opening for reading created the folder")
	}
}

func TestDamagedFile(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name  string
		spoil func(path string, content []byte) []byte
	}{
		{"a file that is no database", func(string, []byte) []byte { return bytes.Repeat([]byte("hello "), 5000) }},
		{"a destroyed first page", func(_ string, b []byte) []byte { return append(bytes.Repeat([]byte{7}, 4096), b[4096:]...) }},
		{"destroyed pages after the first", func(_ string, b []byte) []byte {
			return append(b[:4096], bytes.Repeat([]byte{7}, len(b)-4096)...)
		}},
		{"a file cut in the middle", func(_ string, b []byte) []byte { return b[:len(b)/2/4096*4096] }},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is told", func(t *testing.T) {
			folder := t.TempDir()
			s, err := Open(ctx, folder, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for n := range 50 {
				if _, err := s.Commit(ctx, change(fmt.Sprint("s", n), bytes.Repeat([]byte("x"), 3000))); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(s.path, tt.spoil(s.path, content), 0o600); err != nil {
				t.Fatal(err)
			}
			// Either the store does not open, or the damage shows where it is read.
			s, err = Open(ctx, folder, Options{})
			if err == nil {
				defer s.Close()
				_, err = s.Fsck(ctx, store.FsckOptions{})
			}
			wantFault(t, err, store.CodeCorrupt)
		})
	}
}

func TestNewerFormat(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	s, err := Open(ctx, folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Tx(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99000, 1)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{false, true} {
		_, err = Open(ctx, folder, Options{ReadOnly: readOnly})
		e := wantFault(t, err, store.CodeNewerFormat)
		if e.Format != 99000 || e.Known == 0 || !strings.Contains(e.Error(), fmt.Sprintf("made by a newer Diapason (format 99000, this one knows %d)", e.Known)) {
			t.Errorf("%+v", e)
		}
	}
}

// TestOlderFormat opens a database whose last migrations were not applied yet:
// they are, unless it is opened for reading only.
func TestOlderFormat(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	path := filepath.Join(folder, FileName)
	db, err := sql.Open("sqlite", dsn(path, nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE unrelated (n INTEGER)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, folder, Options{ReadOnly: true})
	wantFault(t, err, store.CodeReadOnly)
	s := openTest(t, folder)
	if _, err := s.Commit(ctx, change("a", []byte(`{}`))); err != nil {
		t.Fatal(err)
	}
}

func TestAwkwardFolderNames(t *testing.T) {
	for _, name := range []string{"données du réseau", "50% ?mode=ro#x", "a&b=c;d"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), name)
			s := openTest(t, folder)
			if _, err := s.Commit(context.Background(), change("a", []byte(`{}`))); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(folder, FileName)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestErasedBytesAreGone looks for erased content in every file of the folder.
func TestErasedBytesAreGone(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	s := openTest(t, folder)
	const secret = "Jeanne-Martin-née-en-1971"
	for _, size := range []int{1, 400} { // in the page, and in overflow pages
		name := fmt.Sprintf("s%d", size)
		if _, err := s.Commit(ctx, change(name, bytes.Repeat([]byte(secret), size))); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(ctx, change(name, []byte(`{}`))); err != nil {
			t.Fatal(err)
		}
		v, err := s.Object(ctx, store.Ref{Kind: "service", Name: name}, store.AtHead)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Erase(ctx, store.Erasure{Actor: "actor-1", Versions: []store.VersionRef{{UID: v.UID, From: v.From - 1}}}); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err != nil || bytes.Contains(content, []byte(secret)) {
			t.Errorf("%s still holds what was erased (%v)", file, err)
		}
	}
	wantClean(t, s)
}

func TestClosedStore(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	watch := s.Watch(ctx, 0)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range watch { // closed
	}
	_, err = s.Commit(ctx, change("a", []byte(`{}`)))
	wantFault(t, err, store.CodeClosed)
}
