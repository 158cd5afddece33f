package relational

import (
	"context"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// rebuilt is a leaf rebuilt from the tables, with the count the entry carries.
type rebuilt struct {
	leaf    integrity.Leaf
	objects int64
}

// storedVersion is a row of object_version as the verification sees it.
type storedVersion struct {
	uid, kind, name                            string
	from                                       int64
	deleted                                    bool
	document, salt, commitment, nameCommitment []byte
	erasedBy                                   *int64
}

// storedText is a row of entry_text as the verification sees it.
type storedText struct {
	seq                       int64
	part                      string
	content, salt, commitment []byte
	erasedBy                  *int64
}

// verifier looks at the rows that leaves are rebuilt from.
type verifier interface {
	version(storedVersion)
	text(storedText)
}

// storedLeaves rebuilds the leaves of the entries first to last that exist, in
// order, from the commitments in the tables. What the commitments commit to is
// for the verifier, which may be nil.
func storedLeaves(ctx context.Context, q store.Querier, first, last store.Seq, v verifier) ([]rebuilt, error) {
	var leaves []rebuilt
	index := map[int64]int{}
	err := each(ctx, q, `SELECT seq, type, time, actor, base, objects FROM entry WHERE seq >= $1 AND seq <= $2 ORDER BY seq`, func(rows store.Rows) error {
		var r rebuilt
		var micros int64
		if err := rows.Scan(&r.leaf.Seq, &r.leaf.Type, &micros, &r.leaf.Actor, &r.leaf.Base, &r.objects); err != nil {
			return err
		}
		r.leaf.Time = time.UnixMicro(micros)
		index[r.leaf.Seq] = len(leaves)
		leaves = append(leaves, r)
		return nil
	}, int64(first), int64(last))
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT seq, part, content, salt, commitment, erased_by FROM entry_text WHERE seq >= $1 AND seq <= $2`, func(rows store.Rows) error {
		var t storedText
		if err := rows.Scan(&t.seq, &t.part, &t.content, &t.salt, &t.commitment, &t.erasedBy); err != nil {
			return err
		}
		if v != nil {
			v.text(t)
		}
		if i, ok := index[t.seq]; ok {
			setText(&leaves[i].leaf, t.part, hashOf(t.commitment))
		}
		return nil
	}, int64(first), int64(last))
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT uid, kind, name, from_seq, deleted, document, salt, commitment, name_commitment, erased_by FROM object_version
		WHERE from_seq >= $1 AND from_seq <= $2 ORDER BY from_seq, uid`, func(rows store.Rows) error {
		var o storedVersion
		var deleted int64
		if err := rows.Scan(&o.uid, &o.kind, &o.name, &o.from, &deleted, &o.document, &o.salt, &o.commitment, &o.nameCommitment, &o.erasedBy); err != nil {
			return err
		}
		o.deleted = deleted != 0
		if v != nil {
			v.version(o)
		}
		if i, ok := index[o.from]; ok {
			object := integrity.LeafObject{UID: o.uid, Op: string(store.OpPut), Name: hashOf(o.nameCommitment), Commitment: hashOf(o.commitment)}
			if o.deleted {
				object.Op = string(store.OpDelete)
			}
			leaves[i].leaf.Objects = append(leaves[i].leaf.Objects, object)
		}
		return nil
	}, int64(first), int64(last))
	if err != nil {
		return nil, err
	}
	erasure := func(rows store.Rows) error {
		var by int64
		var e integrity.LeafErasure
		if err := rows.Scan(&by, &e.UID, &e.Seq); err != nil {
			return err
		}
		if i, ok := index[by]; ok {
			leaves[i].leaf.Erased = append(leaves[i].leaf.Erased, e)
		}
		return nil
	}
	// Texts first, as in the leaf.
	err = each(ctx, q, `SELECT DISTINCT erased_by, '', seq FROM entry_text WHERE erased_by >= $1 AND erased_by <= $2 ORDER BY erased_by, seq`, erasure, int64(first), int64(last))
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT erased_by, uid, from_seq FROM object_version WHERE erased_by >= $1 AND erased_by <= $2 ORDER BY erased_by, uid, from_seq`, erasure, int64(first), int64(last))
	return leaves, err
}

// hashOf reads a stored hash; one of another length is not the hash of
// anything, and reads as zero.
func hashOf(b []byte) integrity.Hash {
	var h integrity.Hash
	if len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}
