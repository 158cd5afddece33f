package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What the write-ahead log holds is moved into the database between commits, not by
// one of them.
func TestLogIsMovedBetweenCommits(t *testing.T) {
	folder := t.TempDir()
	s := openTest(t, folder)
	mark := bytes.Repeat([]byte("moved"), 20)
	for n := range enough {
		if _, err := s.Commit(context.Background(), change(fmt.Sprintf("s%d", n), mark)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Commit(context.Background(), change("last", []byte("the last word"))); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		content, err := os.ReadFile(filepath.Join(folder, FileName))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, mark) && bytes.Contains(content, []byte("the last word")) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the database itself does not hold what was committed, although nothing is written any more")
		}
		time.Sleep(20 * time.Millisecond)
	}
}
