package relational

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// Commit implements store.Log.
func (l *Log) Commit(ctx context.Context, e store.Entry) (store.Committed, error) {
	p, err := l.prepare(e)
	if err != nil {
		return store.Committed{}, err
	}
	return l.append(ctx, p)
}

func (l *Log) append(ctx context.Context, p *prepared) (store.Committed, error) {
	var done store.Committed
	err := l.db.Tx(ctx, func(q store.Querier) (err error) {
		done, err = l.appendIn(ctx, q, p)
		return err
	})
	if err != nil {
		return store.Committed{}, err
	}
	l.hub.Advance(done.Seq)
	return done, nil
}

// version is a row of object_version about to be written.
type version struct {
	uid, kind, name string
	put             int // index in Entry.Puts
	nameCommitment  integrity.Hash
	replaces        bool // there is a version to close
}

func (l *Log) appendIn(ctx context.Context, q store.Querier, p *prepared) (store.Committed, error) {
	if l.dialect.Lock != "" {
		if _, err := q.Exec(ctx, l.dialect.Lock); err != nil {
			return store.Committed{}, err
		}
	}
	head, last, err := headOf(ctx, q)
	if err != nil {
		return store.Committed{}, err
	}
	e := &p.entry
	if e.Base < 0 || e.Base > head {
		return store.Committed{}, invalid("", fmt.Sprintf("the entry is based on %d, the log ends at %d", e.Base, head), "base it on an entry of the log")
	}
	seq, at := head+1, p.now
	if at.Before(last) {
		at = last
	}
	if e.Numbered != nil {
		if p, err = p.numbered(seq); err != nil {
			return store.Committed{}, err
		}
	}
	versions, err := l.batches.resolvePuts(ctx, q, p)
	if err != nil {
		return store.Committed{}, err
	}
	done := store.Committed{Seq: seq, Time: at, UIDs: make([]string, len(versions))}
	for _, v := range versions {
		done.UIDs[v.put] = v.uid
	}
	slices.SortFunc(versions, func(a, b version) int { return cmp.Compare(a.uid, b.uid) })

	erased, err := erase(ctx, q, p, seq)
	if err != nil {
		return store.Committed{}, err
	}
	if err := l.writeEntry(ctx, q, p, seq, at); err != nil {
		return store.Committed{}, err
	}
	if err := l.writeVersions(ctx, q, p, seq, versions); err != nil {
		return store.Committed{}, err
	}
	leaf := p.leaf(seq, at, versions, erased)
	if err := grow(ctx, q, int64(head), leaf.Hash()); err != nil {
		return store.Committed{}, err
	}
	if e.With != nil {
		if err := e.With(ctx, q, done); err != nil {
			return store.Committed{}, err
		}
	}
	if l.dialect.Announce != "" {
		if _, err := q.Exec(ctx, l.dialect.Announce, strconv.FormatInt(int64(seq), 10)); err != nil {
			return store.Committed{}, err
		}
	}
	return done, nil
}

func (p *prepared) leaf(seq store.Seq, at time.Time, versions []version, erased []integrity.LeafErasure) integrity.Leaf {
	leaf := integrity.Leaf{
		Seq: int64(seq), Type: string(p.entry.Type), Time: at, Actor: p.entry.Actor, Base: int64(p.entry.Base),
		Objects: make([]integrity.LeafObject, len(versions)), Erased: erased,
	}
	for i := range p.texts {
		setText(&leaf, p.texts[i].part, p.texts[i].commitment)
	}
	for i, v := range versions {
		o := integrity.LeafObject{UID: v.uid, Op: string(store.OpPut), Name: v.nameCommitment, Commitment: p.commitments[v.put]}
		if p.entry.Puts[v.put].Delete {
			o.Op = string(store.OpDelete)
		}
		leaf.Objects[i] = o
	}
	return leaf
}

func setText(leaf *integrity.Leaf, part string, commitment integrity.Hash) {
	switch part {
	case "title":
		leaf.Title = &commitment
	case "reason":
		leaf.Reason = &commitment
	case "body":
		leaf.Body = &commitment
	}
}

func (l *Log) writeEntry(ctx context.Context, q store.Querier, p *prepared, seq store.Seq, at time.Time) error {
	e := &p.entry
	_, err := q.Exec(ctx, `INSERT INTO entry (seq, type, time, actor, base, objects) VALUES ($1, $2, $3, $4, $5, $6)`,
		int64(seq), string(e.Type), at.UnixMicro(), e.Actor, int64(e.Base), len(e.Puts))
	if err != nil {
		return err
	}
	return l.batches.insert(ctx, q, "entry_text (seq, part, content, salt, commitment)", 5, len(p.texts), func(i int, args []any) []any {
		t := &p.texts[i]
		return append(args, int64(seq), t.part, t.content, t.salt, t.commitment[:])
	})
}

func (l *Log) writeVersions(ctx context.Context, q store.Querier, p *prepared, seq store.Seq, versions []version) error {
	var closing []string
	for _, v := range versions {
		if v.replaces {
			closing = append(closing, v.uid)
		}
	}
	// Closed before any is opened: two objects of one entry may exchange names.
	err := l.batches.tuples(`UPDATE object_version SET to_seq = $1 WHERE to_seq IS NULL AND uid IN (`, `)`, 1, len(closing), []any{int64(seq)},
		func(i int, args []any) []any { return append(args, closing[i]) },
		func(query string, args []any) error { _, err := q.Exec(ctx, query, args...); return err })
	if err != nil {
		return err
	}
	return l.batches.insert(ctx, q, "object_version (uid, kind, name, from_seq, deleted, document, salt, commitment, name_commitment)", 9, len(versions),
		func(i int, args []any) []any {
			v := &versions[i]
			put := &p.entry.Puts[v.put]
			var deleted int64
			var document, commitment any // NULL for a deletion
			if put.Delete {
				deleted = 1
			} else {
				document, commitment = put.Document, p.commitments[v.put][:]
			}
			return append(args, v.uid, v.kind, v.name, int64(seq), deleted, document, p.salt(v.put), commitment, v.nameCommitment[:])
		})
}

// grow appends a leaf to the tree.
func grow(ctx context.Context, q store.Querier, size int64, leaf integrity.Hash) error {
	writes, err := integrity.Append(size, leaf, storedTiles{ctx, q})
	if err != nil {
		return damagedTree(err)
	}
	for _, w := range writes {
		_, err := q.Exec(ctx, `INSERT INTO tile (level, n, hashes) VALUES ($1, $2, $3)
			ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`, w.Key.Level, w.Key.N, w.Hashes)
		if err != nil {
			return err
		}
	}
	return nil
}
