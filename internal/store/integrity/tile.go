package integrity

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is the number of tree levels in a tile: 256 hashes, 8 KiB.
const TileHeight = 8

// TileWidth is the number of hashes in a full tile.
const TileWidth = 1 << TileHeight

// TileKey designates a tile: Level 0 holds leaf hashes, level 1 the hashes of
// full level-0 tiles, and so on; N counts tiles along the level.
type TileKey struct {
	Level int
	N     int64
}

// String names a tile as messages show it.
func (k TileKey) String() string { return fmt.Sprintf("tile %d/%d", k.Level, k.N) }

// Tiles reads stored tiles: the hashes of a tile, one after the other; empty
// when the tile does not exist.
type Tiles interface {
	Tile(key TileKey) ([]byte, error)
}

// Write is a tile to store anew, whole.
type Write struct {
	Key    TileKey
	Hashes []byte
}

// Append adds one leaf hash to a tree of the given size and returns the tiles
// that change: one, and one more for each tile that it fills.
func Append(size int64, leaf Hash, tiles Tiles) ([]Write, error) {
	r := reader{tiles: tiles, cache: map[TileKey][]byte{}}
	hashes, err := tlog.StoredHashesForRecordHash(size, leaf, &r)
	if err != nil {
		return nil, err
	}
	var writes []Write
	for level, h := range hashes {
		if level%TileHeight != 0 {
			continue
		}
		n := size >> level // the position of this hash on its level
		key := TileKey{Level: level / TileHeight, N: n >> TileHeight}
		old, err := r.tile(key)
		if err != nil {
			return nil, err
		}
		at := int(n%TileWidth) * tlog.HashSize
		if len(old) < at {
			return nil, &TileError{Key: key, Want: at / tlog.HashSize, Have: len(old) / tlog.HashSize}
		}
		grown := append(append(make([]byte, 0, at+tlog.HashSize), old[:at]...), h[:]...)
		writes = append(writes, Write{Key: key, Hashes: grown})
	}
	return writes, nil
}

// Root is the root hash of the first size leaves. The empty tree's root is
// SHA-256 of the empty string.
func Root(size int64, tiles Tiles) (Hash, error) {
	return tlog.TreeHash(size, &reader{tiles: tiles, cache: map[TileKey][]byte{}})
}

// ProveInclusion proves that the leaf of index n is in the tree of the given
// size.
func ProveInclusion(size, n int64, tiles Tiles) ([]Hash, error) {
	return tlog.ProveRecord(size, n, &reader{tiles: tiles, cache: map[TileKey][]byte{}})
}

// ProveConsistency proves that the tree of size a is a prefix of that of size
// b, 1 ≤ a ≤ b.
func ProveConsistency(a, b int64, tiles Tiles) ([]Hash, error) {
	return tlog.ProveTree(b, a, &reader{tiles: tiles, cache: map[TileKey][]byte{}})
}

// CheckInclusion verifies a proof of ProveInclusion for a leaf's canonical
// JSON.
func CheckInclusion(size int64, root Hash, n int64, leaf []byte, proof []Hash) error {
	return tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(leaf))
}

// CheckConsistency verifies a proof of ProveConsistency.
func CheckConsistency(a int64, rootA Hash, b int64, rootB Hash, proof []Hash) error {
	return tlog.CheckTree(proof, b, rootB, a, rootA)
}

// TileError says that a stored tile is shorter than the tree needs.
type TileError struct {
	Key        TileKey
	Want, Have int // hashes
}

// Error names the tile and the counts.
func (e *TileError) Error() string {
	return fmt.Sprintf("the tree's %v should hold at least %d hashes, it holds %d", e.Key, e.Want, e.Have)
}

// reader finds any hash of the tree in the tiles, each read once.
type reader struct {
	tiles Tiles
	cache map[TileKey][]byte
}

func (r *reader) tile(key TileKey) ([]byte, error) {
	if data, ok := r.cache[key]; ok {
		return data, nil
	}
	data, err := r.tiles.Tile(key)
	if err != nil {
		return nil, err
	}
	r.cache[key] = data
	return data, nil
}

// ReadHashes implements tlog.HashReader.
func (r *reader) ReadHashes(indexes []int64) ([]Hash, error) {
	hashes := make([]Hash, len(indexes))
	for i, index := range indexes {
		t := tlog.TileForIndex(TileHeight, index)
		key := TileKey{Level: t.L, N: t.N}
		data, err := r.tile(key)
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, &TileError{Key: key, Want: t.W, Have: len(data) / tlog.HashSize}
		}
		hashes[i], err = tlog.HashFromTile(t, data[:t.W*tlog.HashSize], index)
		if err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// RootOfTile is the hash above a full tile: what the next level stores of it.
func RootOfTile(hashes []byte) Hash {
	level := make([]Hash, len(hashes)/tlog.HashSize)
	for i := range level {
		copy(level[i][:], hashes[i*tlog.HashSize:])
	}
	for len(level) > 1 {
		for i := range len(level) / 2 {
			level[i] = tlog.NodeHash(level[2*i], level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return level[0]
}
