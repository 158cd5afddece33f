package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"diapason/internal/store"
)

// testNumbered commits entries with a document that names the entry's number, many
// at once.
func testNumbered(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := range 5 {
				entry := change(put(fmt.Sprintf("plain-%d-%d", w, n), n, store.MustNotExist), put(fmt.Sprintf("numbered-%d-%d", w, n), 0, store.MustNotExist))
				entry.Numbered = func(seq store.Seq) map[int][]byte { return map[int][]byte{1: document(int(seq))} }
				done, err := s.Commit(ctx, entry)
				if err != nil {
					t.Error(err)
					return
				}
				for i, want := range [][]byte{document(n), document(int(done.Seq))} {
					v, err := s.Object(ctx, store.Ref{UID: done.UIDs[i]}, store.AtHead)
					if err != nil || string(v.Document) != string(want) {
						t.Errorf("object %d of entry %d holds %s (%v), want %s", i, done.Seq, v.Document, err, want)
					}
				}
			}
		})
	}
	wg.Wait()
	for name, documents := range map[string]map[int][]byte{
		"an object that is not there is refused": {7: document(1)}, "a negative one is refused": {-1: document(1)}, "an empty document is refused": {0: nil},
	} {
		t.Run(name, func(t *testing.T) {
			before := head(t, s)
			entry := change(put("refused", 1, store.MustNotExist))
			entry.Numbered = func(store.Seq) map[int][]byte { return documents }
			_, err := s.Commit(ctx, entry)
			wantCode(t, err, store.CodeInvalid)
			if head(t, s) != before {
				t.Error("something was written")
			}
		})
	}
	wantClean(t, s)
}
