package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

func hashes(plain [][32]byte) []integrity.Hash {
	proof := make([]integrity.Hash, len(plain))
	for i, h := range plain {
		proof[i] = h
	}
	return proof
}

// testProofs grows a log past the first full tile and verifies proofs with
// nothing but a checkpoint's public key.
func testProofs(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	if size, root, err := s.Root(ctx); err != nil || size != 0 || root != sha256.Sum256(nil) {
		t.Errorf("the empty tree: %d, %x, %v", size, root, err)
	}
	verifier, err := s.CheckpointVerifier(ctx)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := func() (integrity.Checkpoint, []byte) {
		signed, err := s.SignedCheckpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		c, err := integrity.OpenCheckpoint(signed, verifier)
		if err != nil {
			t.Fatal(err)
		}
		return c, signed
	}
	const entries = 2*integrity.TileWidth + 5
	interesting := map[int]bool{1: true, 2: true, 3: true, 255: true, 256: true, 257: true, 300: true, 511: true, 512: true, 513: true}
	var seen []integrity.Checkpoint
	var signed [][]byte
	for n := 1; n <= entries; n++ {
		entry := change(put(fmt.Sprintf("s%d", n%7), n, store.AnyVersion))
		entry.Title = fmt.Sprint("entry ", n)
		commit(t, s, entry)
		if interesting[n] || n == entries {
			c, note := checkpoint()
			if c.Size != int64(n) {
				t.Fatalf("checkpoint of size %d after %d entries", c.Size, n)
			}
			seen, signed = append(seen, c), append(signed, note)
		}
	}
	for _, c := range seen {
		for _, seq := range []int64{1, 2, c.Size / 2, c.Size - 1, c.Size} {
			if seq < 1 || seq > c.Size {
				continue
			}
			p, err := s.InclusionProof(ctx, store.Seq(seq), store.Seq(c.Size))
			if err != nil {
				t.Fatal(err)
			}
			if err := integrity.CheckInclusion(c.Size, c.Root, seq-1, p.Leaf, hashes(p.Proof)); err != nil {
				t.Errorf("entry %d in the tree of %d: %v", seq, c.Size, err)
			}
			forged := bytes.Replace(p.Leaf, []byte(`"actor":"actor-1"`), []byte(`"actor":"actor-2"`), 1)
			if integrity.CheckInclusion(c.Size, c.Root, seq-1, forged, hashes(p.Proof)) == nil {
				t.Errorf("a forged entry %d passes", seq)
			}
		}
		for _, later := range seen {
			if later.Size < c.Size {
				continue
			}
			p, err := s.ConsistencyProof(ctx, store.Seq(c.Size), store.Seq(later.Size))
			if err != nil {
				t.Fatal(err)
			}
			if err := integrity.CheckConsistency(c.Size, c.Root, later.Size, later.Root, hashes(p)); err != nil {
				t.Errorf("from %d to %d: %v", c.Size, later.Size, err)
			}
		}
	}
	for _, note := range signed {
		report, err := s.Fsck(ctx, store.FsckOptions{Checkpoint: note})
		if err != nil || report.Total != 0 || report.Entries != entries {
			t.Errorf("fsck against a checkpoint: %+v, %v", report, err)
		}
	}
	_, err = s.InclusionProof(ctx, entries+1, store.AtHead)
	wantCode(t, err, store.CodeNotFound)
	_, err = s.InclusionProof(ctx, 5, 4)
	wantCode(t, err, store.CodeNotFound)
	_, err = s.ConsistencyProof(ctx, 0, 4)
	wantCode(t, err, store.CodeInvalid)

	// The leaf opens: whoever is given a document and its salt can tell that it
	// is the one that was committed.
	v, err := s.Object(ctx, store.Ref{Kind: "service", Name: "s1"}, store.AtHead)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.InclusionProof(ctx, v.From, store.AtHead)
	if err != nil {
		t.Fatal(err)
	}
	var leaf struct {
		Format  int
		Seq     store.Seq
		Objects []struct{ UID, Op, Name, Commitment string }
	}
	if err := json.Unmarshal(p.Leaf, &leaf); err != nil {
		t.Fatal(err)
	}
	document, name := integrity.Commit(v.Salt, v.Document), integrity.CommitName(v.Salt, v.Kind, v.Name)
	if o := leaf.Objects[0]; leaf.Format != integrity.Format || leaf.Seq != v.From || o.UID != v.UID || o.Op != "put" ||
		o.Commitment != hex.EncodeToString(document[:]) || o.Name != hex.EncodeToString(name[:]) {
		t.Errorf("the leaf %s does not open with %+v", p.Leaf, v)
	}
	if strings.Contains(string(p.Leaf), "s1") || strings.Contains(string(p.Leaf), "entry ") {
		t.Errorf("the leaf shows names or texts in clear: %s", p.Leaf)
	}
}

func testErasure(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	secret := func(n int) store.Put {
		return store.Put{UID: "person", Kind: "person", Name: "jeanne-martin", ExpectSeq: store.AnyVersion, Document: fmt.Appendf(nil, `{"name":"Jeanne Martin","n":%d}`, n)}
	}
	entry := change(secret(1), put("mail", 1, 0))
	entry.Title, entry.Reason = "Arrivée de Jeanne Martin", "Recrutement"
	commit(t, s, entry)                                                                             // 1
	commit(t, s, change(secret(2)))                                                                 // 2
	commit(t, s, change(store.Put{UID: "person", Delete: true, ExpectSeq: store.AnyVersion}))       // 3
	commit(t, s, store.Entry{Type: store.Decision, Actor: "actor-2", Body: []byte(`{"a":"mail"}`)}) // 4
	before, err := s.SignedCheckpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := s.InclusionProof(ctx, 1, store.AtHead)
	if err != nil {
		t.Fatal(err)
	}

	_, err = s.Erase(ctx, store.Erasure{Actor: "actor-1", Versions: []store.VersionRef{{UID: "person", From: 9}}})
	wantCode(t, err, store.CodeNotFound)
	mail, err := s.Object(ctx, store.Ref{Kind: "service", Name: "mail"}, store.AtHead)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Erase(ctx, store.Erasure{Actor: "actor-1", Versions: []store.VersionRef{{UID: "person", From: 1}, {UID: mail.UID, From: 1}}})
	wantCode(t, err, store.CodeInvalid) // a living object's current version
	_, err = s.Erase(ctx, store.Erasure{Actor: "actor-1", Texts: []store.Seq{2}})
	wantCode(t, err, store.CodeNotFound) // no text there
	_, err = s.Erase(ctx, store.Erasure{Actor: "actor-1"})
	wantCode(t, err, store.CodeInvalid)
	if got := head(t, s); got != 4 {
		t.Fatalf("refused erasures moved the head to %d", got)
	}

	done, err := s.Erase(ctx, store.Erasure{
		Actor: "actor-1", Reason: "Demande d’effacement",
		Versions: []store.VersionRef{{UID: "person", From: 3}, {UID: "person", From: 1}, {UID: "person", From: 2}},
		Texts:    []store.Seq{1},
	})
	if err != nil || done.Seq != 5 {
		t.Fatalf("erase: %+v, %v", done, err)
	}
	_, err = s.Erase(ctx, store.Erasure{Actor: "actor-1", Versions: []store.VersionRef{{UID: "person", From: 1}}})
	wantCode(t, err, store.CodeErased)

	history, err := s.History(ctx, "person")
	if err != nil || len(history) != 3 {
		t.Fatalf("history: %+v, %v", history, err)
	}
	for _, v := range history {
		if v.ErasedBy != 5 || v.Document != nil || v.Salt != nil || v.Name != "" {
			t.Errorf("version %d is not erased: %+v", v.From, v)
		}
	}
	entries, err := s.Entries(ctx, 0, 10)
	if err != nil || entries[0].Title != "" || entries[0].Reason != "" || !entries[0].Erased {
		t.Errorf("entry 1: %+v, %v", entries[0], err)
	}
	if entries[4].Type != store.Decision || entries[4].Reason != "Demande d’effacement" {
		t.Errorf("the erasure itself: %+v", entries[4])
	}
	if model := load(t, s, 1); len(model) != 2 {
		t.Errorf("the model at 1 has lost the erased object: %v", model)
	}

	report := wantClean(t, s)
	if report.Erased != 5 {
		t.Errorf("fsck counted %d erased, want 3 versions and 2 texts", report.Erased)
	}
	verifier, err := s.CheckpointVerifier(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c, err := integrity.OpenCheckpoint(before, verifier)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.InclusionProof(ctx, 1, store.Seq(c.Size))
	if err != nil || !bytes.Equal(again.Leaf, proof.Leaf) {
		t.Errorf("the leaf of entry 1 changed: %s, %v", again.Leaf, err)
	}
	if err := integrity.CheckInclusion(c.Size, c.Root, 0, again.Leaf, hashes(again.Proof)); err != nil {
		t.Errorf("the proof of an erased entry: %v", err)
	}
	if report, err := s.Fsck(ctx, store.FsckOptions{Checkpoint: before}); err != nil || report.Total != 0 {
		t.Errorf("fsck against the checkpoint before: %+v, %v", report, err)
	}
}
