package storetest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"diapason/internal/store"
)

// Puts makes n new objects of the size that typical components have: 750 bytes.
func Puts(n int) []store.Put {
	padding := bytes.Repeat([]byte("x"), 700)
	puts := make([]store.Put, n)
	for i := range puts {
		puts[i] = store.Put{
			Kind: "component", Name: fmt.Sprintf("component-%06d", i),
			Document: fmt.Appendf(nil, `{"description":"%s","n":%d,"p":%d}`, padding, i, i*7919),
		}
	}
	return puts
}

// testBulk commits 100 000 objects in one entry and replaces them in another.
func testBulk(t *testing.T, e Engine) {
	if testing.Short() {
		t.Skip("100 000 objects take some seconds: run without -short")
	}
	const n = 100_000
	s := e.Open(t)
	puts := Puts(n)
	began := time.Now()
	done := commit(t, s, change(puts...))
	t.Logf("%d new objects committed in %v", n, time.Since(began))
	for i := range puts {
		puts[i].UID, puts[i].ExpectSeq = done.UIDs[i], done.Seq
		puts[i].Document = fmt.Appendf(nil, `{"n":%d}`, i)
	}
	began = time.Now()
	commit(t, s, change(puts...))
	t.Logf("%d objects replaced in %v", n, time.Since(began))
	began = time.Now()
	count := 0
	if _, err := s.Load(context.Background(), store.AtHead, func(store.ObjectVersion) error { count++; return nil }); err != nil || count != n {
		t.Fatalf("%d objects, %v", count, err)
	}
	t.Logf("%d objects read in %v", count, time.Since(began))
	began = time.Now()
	if report := wantClean(t, s); report.Versions != 2*n {
		t.Errorf("fsck saw %d versions", report.Versions)
	}
	t.Logf("fsck of %d versions in %v", 2*n, time.Since(began))
}
