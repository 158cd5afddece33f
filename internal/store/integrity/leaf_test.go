package integrity

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"
)

// TestCanonical holds the leaf's own writer against a general canonicaliser of
// RFC 8785.
func TestCanonical(t *testing.T) {
	hash := rapid.Custom(func(t *rapid.T) Hash {
		return Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
	})
	rapid.Check(t, func(t *rapid.T) {
		l := Leaf{
			Seq:    rapid.Int64Range(1, 1<<53-1).Draw(t, "seq"),
			Type:   rapid.String().Draw(t, "type"),
			Time:   time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "time")),
			Actor:  rapid.String().Draw(t, "actor"),
			Base:   rapid.Int64Range(0, 1<<53-1).Draw(t, "base"),
			Title:  rapid.Ptr(hash, true).Draw(t, "title"),
			Reason: rapid.Ptr(hash, true).Draw(t, "reason"),
			Body:   rapid.Ptr(hash, true).Draw(t, "body"),
			Objects: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) LeafObject {
				return LeafObject{UID: rapid.String().Draw(t, "uid"), Op: rapid.String().Draw(t, "op"), Name: hash.Draw(t, "name"), Commitment: hash.Draw(t, "commitment")}
			}), 0, 4).Draw(t, "objects"),
			Erased: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) LeafErasure {
				return LeafErasure{UID: rapid.String().Draw(t, "uid"), Seq: rapid.Int64Range(1, 1<<53-1).Draw(t, "seq")}
			}), 0, 3).Draw(t, "erased"),
		}
		written := l.Canonical()
		canonical, err := jcs.Transform(written)
		if err != nil {
			t.Fatalf("%s is no JSON: %v", written, err)
		}
		if !bytes.Equal(written, canonical) {
			t.Fatalf("written   %s\ncanonical %s", written, canonical)
		}
		var read struct{ Actor string }
		if err := json.Unmarshal(written, &read); err != nil || read.Actor != l.Actor {
			t.Fatalf("the actor %q reads as %q, %v", l.Actor, read.Actor, err)
		}
	})
}

// TestLeafFormat pins the format: a change here breaks every log that exists.
func TestLeafFormat(t *testing.T) {
	salt := bytes.Repeat([]byte{1}, SaltSize)
	title := Commit(salt, []byte("Title"))
	l := Leaf{
		Seq: 7, Type: "change", Time: time.Date(2026, 3, 2, 8, 0, 0, 120_000_000, time.FixedZone("CET", 3600)),
		Actor: "actor-1", Base: 6, Title: &title,
		Objects: []LeafObject{
			{UID: "u1", Op: "put", Name: CommitName(salt, "service", "mail"), Commitment: Commit(salt, []byte(`{"n":1}`))},
			{UID: "u2", Op: "delete", Name: CommitName(salt, "team", "n1")},
		},
		Erased: []LeafErasure{{Seq: 3}, {UID: "u3", Seq: 4}},
	}
	const want = `{"actor":"actor-1","base":6,"erased":[{"seq":3},{"seq":4,"uid":"u3"}],"format":1,"objects":[` +
		`{"commitment":"3229fbb9eb8deb896bc3a8a54a6f06b46d5e11f7ee173908fba8b1074d1eadfb","name":"a4c15a72adabd8188318837a179b4928f9c9cc76185d72213882bb9397b3cd22","op":"put","uid":"u1"},` +
		`{"name":"5cccf9e36f67cc1ae93427bd1439100276a8f4979a0f42177a886c90f3566fad","op":"delete","uid":"u2"}],"seq":7,"time":"2026-03-02T07:00:00.120000Z","title":"4133badfaccdb4daeadb0268038b278c49605fa7d1ecdb866b6d37d826dcda79","type":"change"}`
	if got := string(l.Canonical()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
