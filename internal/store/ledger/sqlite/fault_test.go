package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

func wantFault(t *testing.T, err error, code store.Code) {
	t.Helper()
	if store.CodeOf(err) != code {
		t.Fatalf("got %v (code %q), want %q", err, store.CodeOf(err), code)
	}
}

// fill appends whole days of many series until it fails, and tells how many days were
// acknowledged.
func fill(t *testing.T, l ledger.Ledger) (days int, err error) {
	t.Helper()
	for days = 0; days < 10_000; days++ {
		var records []ledger.Record
		for n := range 20 {
			records = append(records, ledger.Record{Series: ledger.Series(fmt.Sprint("series ", n)), Day: 20_000 + days, Slices: bytes.Repeat([]byte{byte(n)}, 300)})
		}
		if _, err := l.Append(t.Context(), records); err != nil {
			return days, err
		}
	}
	t.Fatal("it never filled up")
	return 0, nil
}

// wantWhole demands that just the acknowledged days are there, each of them whole.
func wantWhole(t *testing.T, l ledger.Ledger, days int) {
	t.Helper()
	var names []ledger.Series
	for n := range 20 {
		names = append(names, ledger.Series(fmt.Sprint("series ", n)))
	}
	n := 0
	for _, err := range l.Read(t.Context(), names, 0, 40_000, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 20*days || days == 0 {
		t.Errorf("%d records, %d days were acknowledged", n, days)
	}
	report, err := l.Fsck(t.Context(), decodeNothing)
	if err != nil || report.Total > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func decodeNothing([]byte) error { return nil }

func TestLedgerAtItsLimit(t *testing.T) {
	l := openTest(t, t.TempDir(), nil)
	limit := func(pages int) {
		t.Helper()
		if err := l.db.Tx(t.Context(), func(q store.Querier) error {
			var now int64
			return q.QueryRow(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	limit(200)
	days, err := fill(t, l)
	wantFault(t, err, store.CodeDiskFull)
	wantWhole(t, l, days)
	limit(100_000)
	if _, err := l.Append(t.Context(), []ledger.Record{{Series: "after", Day: 20_000}}); err != nil {
		t.Errorf("after space was made: %v", err)
	}
}

func TestDamagedFiles(t *testing.T) {
	folder := t.TempDir()
	l, err := Open(t.Context(), folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for day := range 50 {
		if _, err := l.Append(t.Context(), []ledger.Record{{Series: "one", Day: 20_000 + day, Slices: bytes.Repeat([]byte("slices"), 100)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := func() error {
		l, err := Open(context.Background(), folder, Options{})
		if err != nil {
			return err
		}
		defer l.Close()
		for _, err := range l.Read(context.Background(), []ledger.Series{"one"}, 0, 40_000, time.Time{}) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	tests := []struct {
		name  string
		spoil func([]byte) []byte
	}{
		{"not a database", func(b []byte) []byte { return append([]byte("nothing of ours, at all, in sixteen"), b[40:]...) }},
		{"one byte of evidence", func(b []byte) []byte {
			i := bytes.LastIndex(b, []byte("slicesslices"))
			b[i] ^= 1
			return b
		}},
		{"cut in half", func(b []byte) []byte { return b[:len(b)/2] }},
		{"pages of zeros", func(b []byte) []byte {
			clear(b[len(b)/2:])
			return b
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(path, tt.spoil(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			wantFault(t, read(), store.CodeCorrupt)
		})
	}
}

func TestReadOnly(t *testing.T) {
	folder := t.TempDir()
	_, err := Open(t.Context(), folder, Options{ReadOnly: true})
	wantFault(t, err, store.CodeNotFound)
	openTest(t, folder, nil)
	reader, err := Open(t.Context(), folder, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	_, err = reader.Append(t.Context(), []ledger.Record{{Series: "a", Day: 1}})
	wantFault(t, err, store.CodeReadOnly)
}
