// Package storetest is the conformance suite of package store: what every
// engine must do, in tests that run on any of them.
package storetest

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"diapason/internal/store"
)

// Engine is what an engine's own test gives to the suite.
type Engine struct {
	// Open opens a fresh, empty store, closed at the end of the test.
	Open func(t testing.TB) store.Store
	// Replica opens the database of a store a second time, as another process
	// would; nil when the engine allows one process only.
	Replica func(t testing.TB, s store.Store) store.Store
	// Spoil changes the content of an attachment behind the store's back;
	// Lose removes it.
	Spoil, Lose func(t testing.TB, s store.Store, sha256 string)
}

// Exercise runs the suite.
func Exercise(t *testing.T, e Engine) {
	groups := []struct {
		name string
		run  func(*testing.T, Engine)
	}{
		{"commit", testCommit},
		{"conflicts", testConflicts},
		{"documents that name their entry", testNumbered},
		{"refusals", testRefusals},
		{"reads follow a reference model", testReads},
		{"times", testTimes},
		{"watch", testWatch},
		{"drafts", testDrafts},
		{"attachments", testBlobs},
		{"settings and cursors", testSettings},
		{"transactions", testTransactions},
		{"erasure", testErasure},
		{"proofs", testProofs},
		{"fsck", testFsck},
		{"writers", testWriters},
		{"linearizability", testLinearizability},
		{"bulk", testBulk},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) { g.run(t, e) })
	}
}

func document(n int) []byte { return fmt.Appendf(nil, `{"n":%d}`, n) }

// put is a put of service/name with a numbered document.
func put(name string, n int, expect store.Seq) store.Put {
	return store.Put{Kind: "service", Name: name, Document: document(n), ExpectSeq: expect}
}

// change is a change entry by a test's author.
func change(puts ...store.Put) store.Entry {
	return store.Entry{Type: store.Change, Actor: "actor-1", Puts: puts}
}

func commit(t testing.TB, s store.Store, e store.Entry) store.Committed {
	t.Helper()
	done, err := s.Commit(context.Background(), e)
	if err != nil {
		t.Fatalf("commit: %v", err)
	}
	return done
}

func wantCode(t testing.TB, err error, code store.Code) {
	t.Helper()
	if store.CodeOf(err) != code {
		t.Fatalf("got error %v (code %q), want code %q", err, store.CodeOf(err), code)
	}
}

// wantClean demands that Fsck finds nothing.
func wantClean(t testing.TB, s store.Store) store.FsckReport {
	t.Helper()
	report, err := s.Fsck(context.Background(), store.FsckOptions{})
	if err != nil {
		t.Fatalf("fsck: %v", err)
	}
	for _, p := range report.Problems {
		t.Errorf("fsck: %s: %s", p.Type, p)
	}
	if t.Failed() {
		t.FailNow()
	}
	return report
}

func head(t testing.TB, s store.Store) store.Seq {
	t.Helper()
	seq, err := s.Head(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// load reads the whole model at a seq: "kind/name" → document.
func load(t testing.TB, s store.Store, at store.Seq) map[string]string {
	t.Helper()
	model := map[string]string{}
	var last string
	_, err := s.Load(context.Background(), at, func(v store.ObjectVersion) error {
		name := v.Kind + "/" + v.Name
		if name <= last && last != "" {
			t.Errorf("Load gives %s after %s", name, last)
		}
		last = name
		model[name] = string(bytes.Clone(v.Document))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return model
}
