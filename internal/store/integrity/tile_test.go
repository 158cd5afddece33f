package integrity

import (
	"encoding/binary"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// memory holds tiles in a map.
type memory map[TileKey][]byte

func (m memory) Tile(key TileKey) ([]byte, error) { return m[key], nil }

func leafNumber(n int64) Hash { return tlog.RecordHash(binary.BigEndian.AppendUint64(nil, uint64(n))) }

// TestTiles grows a tree beyond two full levels of tiles and compares every
// root and some proofs with those of a tree whose hashes are stored one by one.
func TestTiles(t *testing.T) {
	const size = TileWidth*TileWidth + 3*TileWidth + 7
	tiles := memory{}
	var plain []Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		found := make([]Hash, len(indexes))
		for i, index := range indexes {
			found[i] = plain[index]
		}
		return found, nil
	})
	for n := range int64(size) {
		hashes, err := tlog.StoredHashesForRecordHash(n, leafNumber(n), reader)
		if err != nil {
			t.Fatal(err)
		}
		plain = append(plain, hashes...)
		writes, err := Append(n, leafNumber(n), tiles)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range writes {
			tiles[w.Key] = w.Hashes
		}
		if n%997 != 0 && (n+1)%TileWidth > 1 {
			continue
		}
		want, err := tlog.TreeHash(n+1, reader)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Root(n+1, tiles); err != nil || got != want {
			t.Fatalf("root of %d leaves: %v, %v; want %v", n+1, got, err, want)
		}
	}
	if len(tiles[TileKey{Level: 2}]) != tlog.HashSize {
		t.Errorf("level 2 holds %d bytes", len(tiles[TileKey{Level: 2}]))
	}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.Int64Range(1, size).Draw(t, "b")
		a := rapid.Int64Range(1, b).Draw(t, "a")
		rootA, err1 := Root(a, tiles)
		rootB, err2 := Root(b, tiles)
		consistency, err3 := ProveConsistency(a, b, tiles)
		inclusion, err4 := ProveInclusion(b, a-1, tiles)
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := CheckConsistency(a, rootA, b, rootB, consistency); err != nil {
			t.Fatal(err)
		}
		leaf := binary.BigEndian.AppendUint64(nil, uint64(a-1))
		if err := CheckInclusion(b, rootB, a-1, leaf, inclusion); err != nil {
			t.Fatal(err)
		}
		if CheckInclusion(b, rootB, a-1, append(leaf, 0), inclusion) == nil {
			t.Fatal("a proof holds for another leaf")
		}
	})
}

func TestRootOfTile(t *testing.T) {
	tiles := memory{}
	for n := range int64(TileWidth) {
		writes, err := Append(n, leafNumber(n), tiles)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range writes {
			tiles[w.Key] = w.Hashes
		}
	}
	want, err := Root(TileWidth, tiles)
	if err != nil || RootOfTile(tiles[TileKey{}]) != want {
		t.Errorf("the hash above a full tile is not the root of its leaves (%v)", err)
	}
}

func TestMissingHashes(t *testing.T) {
	tiles := memory{TileKey{}: make([]byte, 2*tlog.HashSize)}
	if _, err := Root(3, tiles); err == nil {
		t.Error("a root is computed from hashes that are not there")
	}
	if _, err := Append(5, Hash{}, tiles); err == nil {
		t.Error("a leaf is appended after a gap")
	}
}
