// Package ledgertest is the conformance suite of package ledger: what every engine must
// do, in tests that run on any of them.
package ledgertest

import (
	"context"
	"iter"
	"testing"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// Engine is what an engine's own test gives to the suite.
type Engine struct {
	// Open opens a fresh, empty ledger, closed at the end of the test. The clock may be
	// nil.
	Open func(t testing.TB, clock func() time.Time) ledger.Ledger
	// Replica opens the same ledger a second time, as another server would; nil when the
	// engine allows one only.
	Replica func(t testing.TB, l ledger.Ledger) ledger.Ledger
	// Execute runs a statement behind the ledger's back, with whatever the engine needs
	// to be allowed to.
	Execute func(t testing.TB, l ledger.Ledger, statement string) error
	// Unguarded runs statements with the guards against changes taken away.
	Unguarded func(t testing.TB, l ledger.Ledger, statements ...string)
	// Bytes is the engine's type of byte strings.
	Bytes string
	// Size is what the ledger takes on disk, indexes included, in bytes.
	Size func(t testing.TB, l ledger.Ledger) int64
}

// Exercise runs the suite.
func Exercise(t *testing.T, e Engine) {
	groups := []struct {
		name string
		run  func(*testing.T, Engine)
	}{
		{"evidence", testEvidence},
		{"refusals", testRefusals},
		{"the clock only goes forward", testClock},
		{"reads follow a reference model", testModel},
		{"exclusions", testExclusions},
		{"cases", testCases},
		{"titles of cases", testTitles},
		{"it only grows", testGrows},
		{"changed bytes are found", testDamage},
		{"writers at once", testWriters},
		{"one alone", testAlone},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) { g.run(t, e) })
	}
}

func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func add(t testing.TB, l ledger.Ledger, records ...ledger.Record) []int {
	t.Helper()
	revisions, err := l.Append(context.Background(), records)
	if err != nil {
		t.Fatal(err)
	}
	return revisions
}

func wantCode(t testing.TB, err error, code store.Code) {
	t.Helper()
	if store.CodeOf(err) != code {
		t.Fatalf("got error %v (code %q), want code %q", err, store.CodeOf(err), code)
	}
}

func readable([]byte) error { return nil }

// wantClean demands that Fsck finds nothing.
func wantClean(t testing.TB, l ledger.Ledger) ledger.Report {
	t.Helper()
	report, err := l.Fsck(context.Background(), readable)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		t.Errorf("fsck: %s: %s", p.Type, p)
	}
	if t.Failed() {
		t.FailNow()
	}
	return report
}

// at is an instant of a day of tests.
func at(day, hour int) time.Time {
	return time.Date(2026, 1, day, hour, 0, 0, 0, time.UTC)
}
