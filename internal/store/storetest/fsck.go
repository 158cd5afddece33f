package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"diapason/internal/store"
)

// testFsck changes a database behind the store's back, in every table that the
// log depends on, and demands that Fsck says which entry is touched.
func testFsck(t *testing.T, e Engine) {
	tests := []struct {
		name string
		sql  []string
		want []store.ProblemType // each must be among those found
		seq  store.Seq           // an entry that must be named, 0 for none
	}{
		{"a changed document", []string{`UPDATE object_version SET document = $blob WHERE uid = 'u2' AND from_seq = 1`}, []store.ProblemType{store.DocumentChanged}, 1},
		{"a changed salt", []string{`UPDATE object_version SET salt = $salt WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.DocumentChanged, store.NameChanged}, 2},
		{"a changed commitment", []string{`UPDATE object_version SET commitment = $hash WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.DocumentChanged, store.LeafChanged}, 2},
		{"a changed name", []string{`UPDATE object_version SET name = 'other' WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.NameChanged}, 2},
		{"a changed kind", []string{`UPDATE object_version SET kind = 'other' WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.NameChanged}, 2},
		{"a changed uid", []string{`UPDATE object_version SET uid = 'u1-other' WHERE uid = 'u1'`}, []store.ProblemType{store.LeafChanged}, 1},
		{"a missing version", []string{`DELETE FROM object_version WHERE uid = 'u1' AND from_seq = 1`}, []store.ProblemType{store.RowMissing, store.LeafChanged}, 1},
		{"a missing deletion", []string{`DELETE FROM object_version WHERE uid = 'u2' AND from_seq = 3`}, []store.ProblemType{store.RowMissing, store.VersionChain}, 3},
		{"an extra version", []string{`INSERT INTO object_version (uid, kind, name, from_seq, deleted, document, salt, commitment, name_commitment) SELECT 'u9', kind, 'nine', from_seq, deleted, document, salt, commitment, name_commitment FROM object_version WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.RowExtra, store.LeafChanged}, 2},
		{"a version of no entry", []string{`INSERT INTO object_version (uid, kind, name, from_seq, deleted, name_commitment) VALUES ('u9', 'k', 'nine', 77, 1, $hash)`}, []store.ProblemType{store.RowExtra}, 77},
		{"a deletion that was a put", []string{`UPDATE object_version SET deleted = 1 WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.LeafChanged}, 2},
		{"an end brought forward", []string{`UPDATE object_version SET to_seq = 3 WHERE uid = 'u1' AND from_seq = 2`}, []store.ProblemType{store.VersionChain}, 2},
		{"an end that never comes", []string{`UPDATE object_version SET to_seq = NULL WHERE uid = 'u2' AND from_seq = 3`, `UPDATE object_version SET to_seq = 9 WHERE uid = 'u2' AND from_seq = 1`}, []store.ProblemType{store.VersionChain}, 1},
		{"an erasure that nobody decided", []string{`UPDATE object_version SET document = NULL, salt = NULL, name = '', erased_by = 4 WHERE uid = 'u1' AND from_seq = 1`}, []store.ProblemType{store.LeafChanged}, 4},
		{"an erasure by no entry", []string{`UPDATE object_version SET document = NULL, salt = NULL, name = '', erased_by = 99 WHERE uid = 'u1' AND from_seq = 1`}, []store.ProblemType{store.ErasureUnknown}, 1},
		{"an erasure undone", []string{`UPDATE object_version SET erased_by = NULL, document = $blob, salt = $salt WHERE erased_by = 5`}, []store.ProblemType{store.DocumentChanged, store.LeafChanged}, 5},
		{"a document put back behind an erasure", []string{`UPDATE object_version SET document = $blob WHERE erased_by = 5`}, []store.ProblemType{store.DocumentChanged}, 2},
		{"a changed title", []string{`UPDATE entry_text SET content = $blob WHERE seq = 1 AND part = 'title'`}, []store.ProblemType{store.TextChanged}, 1},
		{"a missing reason", []string{`DELETE FROM entry_text WHERE seq = 1 AND part = 'reason'`}, []store.ProblemType{store.LeafChanged}, 1},
		{"a text of no entry", []string{`INSERT INTO entry_text (seq, part, commitment) VALUES (88, 'title', $hash)`}, []store.ProblemType{store.TextChanged}, 88},
		{"a text of no known part", []string{`INSERT INTO entry_text (seq, part, content, salt, commitment) SELECT seq, 'poem', content, salt, commitment FROM entry_text WHERE seq = 1 AND part = 'title'`}, []store.ProblemType{store.TextChanged}, 1},
		{"another actor", []string{`UPDATE entry SET actor = 'mallory' WHERE seq = 3`}, []store.ProblemType{store.LeafChanged}, 3},
		{"another time", []string{`UPDATE entry SET time = time + 1 WHERE seq = 5`}, []store.ProblemType{store.LeafChanged}, 5},
		{"an earlier time", []string{`UPDATE entry SET time = 0 WHERE seq = 4`}, []store.ProblemType{store.LeafChanged, store.EntryOrder}, 4},
		{"another type", []string{`UPDATE entry SET type = 'approval' WHERE seq = 4`}, []store.ProblemType{store.LeafChanged}, 4},
		{"a base in the future", []string{`UPDATE entry SET base = 4 WHERE seq = 2`}, []store.ProblemType{store.LeafChanged, store.EntryOrder}, 2},
		{"another count", []string{`UPDATE entry SET objects = 4 WHERE seq = 1`}, []store.ProblemType{store.RowMissing}, 1},
		{"an entry missing in the middle", []string{`DELETE FROM entry WHERE seq = 2`}, []store.ProblemType{store.EntryMissing, store.RowExtra}, 2},
		{"an entry missing at the end", []string{`DELETE FROM entry WHERE seq = 5`, `DELETE FROM entry_text WHERE seq = 5`}, []store.ProblemType{store.TileExtra, store.ErasureUnknown}, 0},
		{"two entries exchanged", []string{`UPDATE entry SET seq = 99 WHERE seq = 3`, `UPDATE entry SET seq = 3 WHERE seq = 4`, `UPDATE entry SET seq = 4 WHERE seq = 99`}, []store.ProblemType{store.LeafChanged}, 3},
		{"a changed tile", []string{`UPDATE tile SET hashes = $tile`}, []store.ProblemType{store.LeafChanged}, 1},
		{"a missing tile", []string{`DELETE FROM tile`}, []store.ProblemType{store.TileMissing}, 0},
		{"a tile too many", []string{`INSERT INTO tile (level, n, hashes) VALUES (1, 0, $hash)`}, []store.ProblemType{store.TileExtra}, 0},
		{"a consumer ahead of the log", []string{`UPDATE consumer SET seq = 17`}, []store.ProblemType{store.CursorAhead}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is found", func(t *testing.T) {
			s := sample(t, e)
			wantClean(t, s)
			tamper(t, s, tt.sql...)
			report, err := s.Fsck(context.Background(), store.FsckOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !slices.ContainsFunc(report.Problems, func(p store.Problem) bool { return p.Type == want }) {
					t.Errorf("no %s among %v", want, report.Problems)
				}
			}
			if tt.seq != 0 && !slices.ContainsFunc(report.Problems, func(p store.Problem) bool { return p.Seq == tt.seq }) {
				t.Errorf("nothing about entry %d in %v", tt.seq, report.Problems)
			}
			for _, p := range report.Problems {
				if s := p.String(); strings.Contains(s, "unknown problem") || len(s) < 20 {
					t.Errorf("%s says %q", p.Type, s)
				}
			}
		})
	}
	t.Run("a log that was cut is found against a checkpoint", func(t *testing.T) { testCut(t, e) })
	t.Run("changed hashes above the leaves are found", func(t *testing.T) { testUpperTiles(t, e) })
	t.Run("spoilt and lost attachments are found", func(t *testing.T) { testSpoiltBlobs(t, e) })
	t.Run("the list of problems is bounded, their number is not", func(t *testing.T) {
		s := sample(t, e)
		tamper(t, s, `UPDATE entry SET actor = 'mallory'`)
		report, err := s.Fsck(context.Background(), store.FsckOptions{Limit: 2})
		if err != nil || len(report.Problems) != 2 || report.Total != 5 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

// sample makes a small log with everything in it.
func sample(t *testing.T, e Engine) store.Store {
	ctx := context.Background()
	s := e.Open(t)
	first := change(
		store.Put{UID: "u1", Kind: "service", Name: "one", Document: document(1)},
		store.Put{UID: "u2", Kind: "service", Name: "two", Document: document(2)},
		store.Put{UID: "u3", Kind: "service", Name: "three", Document: document(3)})
	first.Title, first.Reason = "First", "To begin"
	commit(t, s, first)
	commit(t, s, change(
		store.Put{UID: "u1", Kind: "service", Name: "one", Document: document(4), ExpectSeq: 1},
		store.Put{UID: "u3", Kind: "service", Name: "three", Document: document(5), ExpectSeq: 1}))
	commit(t, s, change(
		store.Put{UID: "u2", Delete: true, ExpectSeq: 1},
		store.Put{UID: "u3", Kind: "service", Name: "three", Document: document(6), ExpectSeq: 2}))
	commit(t, s, store.Entry{Type: store.Decision, Actor: "actor-2", Body: []byte(`{"publish":"one"}`)})
	if _, err := s.Erase(ctx, store.Erasure{Actor: "actor-1", Reason: "Asked for", Versions: []store.VersionRef{{UID: "u3", From: 2}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCursor(ctx, "search", 5); err != nil {
		t.Fatal(err)
	}
	return s
}

// tamper runs statements in which $blob, $salt, $hash and $tile stand for byte
// strings of the right lengths.
func tamper(t testing.TB, s store.Store, statements ...string) {
	t.Helper()
	values := []struct {
		name  string
		bytes []byte
	}{
		{"$blob", []byte(`{"n":666}`)},
		{"$salt", slices.Repeat([]byte{7}, 16)},
		{"$hash", slices.Repeat([]byte{7}, 32)},
		{"$tile", slices.Repeat([]byte{7}, 5*32)},
	}
	err := s.Tx(context.Background(), func(q store.Querier) error {
		for _, statement := range statements {
			var args []any
			for _, v := range values {
				if strings.Contains(statement, v.name) {
					args = append(args, v.bytes)
					statement = strings.ReplaceAll(statement, v.name, fmt.Sprintf("$%d", len(args)))
				}
			}
			n, err := q.Exec(context.Background(), statement, args...)
			if err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
			if n == 0 {
				return fmt.Errorf("%s: changed nothing", statement)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func testCut(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	var hashes []byte
	for n := range 4 {
		commit(t, s, store.Entry{Type: store.Decision, Actor: "actor-1", Body: document(n)})
		if n == 2 { // what a cut back to entry 3 must restore
			if err := s.View(ctx, func(q store.Querier) error {
				return q.QueryRow(ctx, `SELECT hashes FROM tile`).Scan(&hashes)
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	signed, err := s.SignedCheckpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Tx(ctx, func(q store.Querier) error {
		if _, err := q.Exec(ctx, `UPDATE tile SET hashes = $1`, hashes); err != nil {
			return err
		}
		if _, err := q.Exec(ctx, `DELETE FROM entry_text WHERE seq = 4`); err != nil {
			return err
		}
		_, err := q.Exec(ctx, `DELETE FROM entry WHERE seq = 4`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	wantClean(t, s) // consistent in itself: only a checkpoint kept elsewhere shows it
	cut := func() {
		t.Helper()
		report, err := s.Fsck(ctx, store.FsckOptions{Checkpoint: signed})
		if err != nil || report.Total != 1 || report.Problems[0].Type != store.CheckpointOther {
			t.Errorf("%+v, %v", report, err)
		}
	}
	cut()
	commit(t, s, store.Entry{Type: store.Decision, Actor: "actor-1", Body: document(99)})
	cut() // as long as before, with another end
	_, err = s.Fsck(ctx, store.FsckOptions{Checkpoint: []byte("no checkpoint")})
	wantCode(t, err, store.CodeInvalid)
}

func testUpperTiles(t *testing.T, e Engine) {
	s := e.Open(t)
	for n := range 257 {
		commit(t, s, store.Entry{Type: store.Decision, Actor: "actor-1", Body: document(n)})
	}
	wantClean(t, s)
	tamper(t, s, `UPDATE tile SET hashes = $hash WHERE level = 1`)
	report, err := s.Fsck(context.Background(), store.FsckOptions{})
	if err != nil || report.Total != 1 || report.Problems[0].Type != store.TileChanged {
		t.Errorf("%+v, %v", report, err)
	}
}

func testSpoiltBlobs(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	var blobs []store.Blob
	for _, content := range []string{"one", "two", "three"} {
		blob, err := s.PutBlob(ctx, "text/plain", strings.NewReader(content), 100)
		if err != nil {
			t.Fatal(err)
		}
		blobs = append(blobs, blob)
	}
	e.Spoil(t, s, blobs[0].SHA256)
	e.Lose(t, s, blobs[1].SHA256)
	report, err := s.Fsck(ctx, store.FsckOptions{})
	if err != nil || report.Total != 2 || report.Blobs != 3 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, p := range report.Problems {
		want := store.BlobChanged
		if p.Detail == blobs[1].SHA256 {
			want = store.BlobMissing
		}
		if p.Type != want {
			t.Errorf("%v, want %s", p, want)
		}
	}
}
