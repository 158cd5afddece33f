package relational

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// checkpointKey is the setting that holds the checkpoint key pair: origin,
// signer and verifier keys, one a line.
const checkpointKey = "checkpoint.key"

func (l *Log) keys(ctx context.Context) (origin, signer, verifier string, err error) {
	stored, err := l.Setting(ctx, checkpointKey)
	if store.CodeOf(err) == store.CodeNotFound {
		var parts [3]string
		if parts[0], parts[1], parts[2], err = integrity.GenerateKey(); err != nil {
			return "", "", "", err
		}
		stored, err = l.InitSetting(ctx, checkpointKey, []byte(strings.Join(parts[:], "\n")))
	}
	if err != nil {
		return "", "", "", err
	}
	parts := strings.Split(string(stored), "\n")
	if len(parts) != 3 {
		return "", "", "", &store.Error{
			Code: store.CodeCorrupt, Problem: "the checkpoint key in the settings cannot be read",
			Remedy: "restore the database from a backup", Place: checkpointKey,
		}
	}
	return parts[0], parts[1], parts[2], nil
}

// damagedTree names the failure of a tree that lacks hashes.
func damagedTree(err error) error {
	var missing *integrity.TileError
	if !errors.As(err, &missing) {
		return err
	}
	return &store.Error{
		Code: store.CodeCorrupt, Problem: missing.Error(),
		Remedy: "run diapason fsck and restore the database from a backup", Place: missing.Key.String(), Cause: err,
	}
}

// Root implements store.Tree.
func (l *Log) Root(ctx context.Context) (store.Seq, [32]byte, error) {
	var head store.Seq
	var root integrity.Hash
	err := l.db.View(ctx, func(q store.Querier) (err error) {
		if head, _, err = headOf(ctx, q); err != nil {
			return err
		}
		root, err = integrity.Root(int64(head), storedTiles{ctx, q})
		return damagedTree(err)
	})
	return head, root, err
}

// SignedCheckpoint implements store.Tree.
func (l *Log) SignedCheckpoint(ctx context.Context) ([]byte, error) {
	origin, signer, _, err := l.keys(ctx)
	if err != nil {
		return nil, err
	}
	size, root, err := l.Root(ctx)
	if err != nil {
		return nil, err
	}
	return integrity.Checkpoint{Origin: origin, Size: int64(size), Root: root}.Sign(signer)
}

// CheckpointVerifier implements store.Tree.
func (l *Log) CheckpointVerifier(ctx context.Context) (string, error) {
	_, _, verifier, err := l.keys(ctx)
	return verifier, err
}

// InclusionProof implements store.Tree.
func (l *Log) InclusionProof(ctx context.Context, seq, size store.Seq) (store.Inclusion, error) {
	var inclusion store.Inclusion
	err := l.db.View(ctx, func(q store.Querier) error {
		size, _, err := resolve(ctx, q, size)
		if err != nil {
			return err
		}
		if seq < 1 || seq > size {
			return beyond(seq, size)
		}
		leaf, err := storedLeaf(ctx, q, seq)
		if err != nil {
			return err
		}
		tiles := storedTiles{ctx, q}
		root, err := integrity.Root(int64(size), tiles)
		if err != nil {
			return damagedTree(err)
		}
		proof, err := integrity.ProveInclusion(int64(size), int64(seq-1), tiles)
		if err != nil {
			return damagedTree(err)
		}
		inclusion = store.Inclusion{Seq: seq, Size: size, Root: root, Leaf: leaf.Canonical(), Proof: plainHashes(proof)}
		return nil
	})
	return inclusion, err
}

// ConsistencyProof implements store.Tree.
func (l *Log) ConsistencyProof(ctx context.Context, a, b store.Seq) ([][32]byte, error) {
	var proof []integrity.Hash
	err := l.db.View(ctx, func(q store.Querier) error {
		size, _, err := resolve(ctx, q, b)
		if err != nil {
			return err
		}
		if a < 1 || a > size {
			return invalid("", fmt.Sprintf("the log of %d entries cannot be shown to continue one of %d", size, a), "give two sizes, the smaller first, from 1 on")
		}
		proof, err = integrity.ProveConsistency(int64(a), int64(size), storedTiles{ctx, q})
		return damagedTree(err)
	})
	return plainHashes(proof), err
}

func plainHashes(hashes []integrity.Hash) [][32]byte {
	plain := make([][32]byte, len(hashes))
	for i, h := range hashes {
		plain[i] = h
	}
	return plain
}

// storedLeaf rebuilds a leaf from the tables.
func storedLeaf(ctx context.Context, q store.Querier, seq store.Seq) (integrity.Leaf, error) {
	leaves, err := storedLeaves(ctx, q, seq, seq, nil)
	if err != nil {
		return integrity.Leaf{}, err
	}
	if len(leaves) != 1 {
		return integrity.Leaf{}, &store.Error{
			Code: store.CodeGap, Problem: fmt.Sprintf("entry %d is missing from the log", seq),
			Remedy: "run diapason fsck and restore the database from a backup", Place: fmt.Sprintf("entry %d", seq), Cause: sql.ErrNoRows,
		}
	}
	return leaves[0].leaf, nil
}
