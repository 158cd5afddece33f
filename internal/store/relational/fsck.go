package relational

import (
	"context"
	"fmt"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// fsckPage is the number of entries verified between two reports of progress.
const fsckPage = 256

// Examination gathers what Fsck finds. It sees each stored row once and checks
// it against the commitments; the leaves rebuilt from the commitments are then
// checked against the tree.
type Examination struct {
	opts   store.FsckOptions
	Report store.FsckReport
}

// Add notes a problem.
func (x *Examination) Add(p store.Problem) {
	limit := x.opts.Limit
	if limit <= 0 {
		limit = 1000
	}
	x.Report.Total++
	if len(x.Report.Problems) < limit {
		x.Report.Problems = append(x.Report.Problems, p)
	}
}

// Examine verifies everything but the contents of attachments. It runs in one
// transaction: commits go on meanwhile without disturbing it.
func (l *Log) Examine(ctx context.Context, opts store.FsckOptions) (*Examination, error) {
	x := &Examination{opts: opts}
	var known *integrity.Checkpoint
	if len(opts.Checkpoint) > 0 {
		_, _, verifier, err := l.keys(ctx)
		if err != nil {
			return nil, err
		}
		c, err := integrity.OpenCheckpoint(opts.Checkpoint, verifier)
		if err != nil {
			return nil, invalid("", "the checkpoint given cannot be used: "+err.Error(), "give a checkpoint that this log signed")
		}
		known = &c
	}
	err := l.db.View(ctx, func(q store.Querier) error {
		head, _, err := headOf(ctx, q)
		if err != nil {
			return err
		}
		tiles := &lastTile{tiles: storedTiles{ctx, q}}
		if err := x.entries(ctx, q, head, tiles); err != nil {
			return err
		}
		for _, check := range []func(context.Context, store.Querier, store.Seq) error{x.strays, x.erasures, x.chains, x.names, x.cursors} {
			if err := check(ctx, q, head); err != nil {
				return err
			}
		}
		if err := x.tree(ctx, q, head, tiles); err != nil {
			return err
		}
		if known != nil {
			return x.checkpoint(*known, head, tiles)
		}
		return nil
	})
	return x, err
}

// lastTile keeps the tile read last: the leaves of a tile are verified one
// after the other.
type lastTile struct {
	tiles  integrity.Tiles
	key    integrity.TileKey
	hashes []byte
}

// Tile implements integrity.Tiles.
func (l *lastTile) Tile(key integrity.TileKey) ([]byte, error) {
	if l.hashes == nil || l.key != key {
		hashes, err := l.tiles.Tile(key)
		if err != nil {
			return nil, err
		}
		l.key, l.hashes = key, hashes
	}
	return l.hashes, nil
}

// entries recomputes every leaf from the tables and compares its hash with the
// one in the tree.
func (x *Examination) entries(ctx context.Context, q store.Querier, head store.Seq, tiles integrity.Tiles) error {
	var last time.Time
	for first := store.Seq(1); first <= head; first += fsckPage {
		if err := ctx.Err(); err != nil {
			return err
		}
		end := min(first+fsckPage-1, head)
		leaves, err := storedLeaves(ctx, q, first, end, x)
		if err != nil {
			return err
		}
		next := int64(first)
		for _, r := range leaves {
			for ; next < r.leaf.Seq; next++ {
				x.Add(store.Problem{Type: store.EntryMissing, Seq: store.Seq(next)})
			}
			next++
			x.Report.Entries++
			if err := x.leaf(r, last, tiles); err != nil {
				return err
			}
			last = r.leaf.Time
		}
		for ; next <= int64(end); next++ {
			x.Add(store.Problem{Type: store.EntryMissing, Seq: store.Seq(next)})
		}
		if x.opts.Progress != nil {
			x.opts.Progress(end, head)
		}
	}
	return nil
}

func (x *Examination) leaf(r rebuilt, last time.Time, tiles integrity.Tiles) error {
	seq := store.Seq(r.leaf.Seq)
	switch have := int64(len(r.leaf.Objects)); {
	case have < r.objects:
		x.Add(store.Problem{Type: store.RowMissing, Seq: seq, Want: r.objects, Have: have})
	case have > r.objects:
		x.Add(store.Problem{Type: store.RowExtra, Seq: seq, Want: r.objects, Have: have})
	}
	if r.leaf.Base < 0 || r.leaf.Base >= r.leaf.Seq {
		x.Add(store.Problem{Type: store.EntryOrder, Seq: seq, Detail: "base"})
	}
	if r.leaf.Time.Before(last) {
		x.Add(store.Problem{Type: store.EntryOrder, Seq: seq, Detail: "time"})
	}
	n := r.leaf.Seq - 1
	hashes, err := tiles.Tile(integrity.TileKey{N: n / integrity.TileWidth})
	if err != nil {
		return err
	}
	at := int(n%integrity.TileWidth) * len(integrity.Hash{})
	if len(hashes) < at+len(integrity.Hash{}) {
		return nil // the examination of the tree reports it
	}
	if hashOf(hashes[at:at+len(integrity.Hash{})]) != r.leaf.Hash() {
		x.Add(store.Problem{Type: store.LeafChanged, Seq: seq})
	}
	return nil
}

// version implements verifier.
func (x *Examination) version(o storedVersion) {
	x.Report.Versions++
	p := store.Problem{Seq: store.Seq(o.from), UID: o.uid, Kind: o.kind, Name: o.name}
	if o.erasedBy != nil {
		x.Report.Erased++
		if o.document != nil || o.salt != nil {
			p.Type = store.DocumentChanged
			x.Add(p)
		}
		return
	}
	if len(o.salt) != integrity.SaltSize || integrity.CommitName(o.salt, o.kind, o.name) != hashOf(o.nameCommitment) {
		p.Type = store.NameChanged
		x.Add(p)
	}
	switch {
	case o.deleted && (o.document != nil || o.commitment != nil),
		!o.deleted && (len(o.salt) != integrity.SaltSize || integrity.Commit(o.salt, o.document) != hashOf(o.commitment)):
		p.Type = store.DocumentChanged
		x.Add(p)
	}
}

// text implements verifier.
func (x *Examination) text(t storedText) {
	changed := t.part != "title" && t.part != "reason" && t.part != "body"
	if t.erasedBy != nil {
		x.Report.Erased++
		changed = changed || t.content != nil || t.salt != nil
	} else {
		changed = changed || len(t.salt) != integrity.SaltSize || integrity.Commit(t.salt, t.content) != hashOf(t.commitment)
	}
	if changed {
		x.Add(store.Problem{Type: store.TextChanged, Seq: store.Seq(t.seq), Detail: t.part})
	}
}

// strays finds rows of entries that are not in the log.
func (x *Examination) strays(ctx context.Context, q store.Querier, head store.Seq) error {
	err := each(ctx, q, `SELECT uid, kind, name, from_seq FROM object_version WHERE from_seq NOT IN (SELECT seq FROM entry) ORDER BY from_seq, uid`, func(rows store.Rows) error {
		p := store.Problem{Type: store.RowExtra}
		var from int64
		err := rows.Scan(&p.UID, &p.Kind, &p.Name, &from)
		p.Seq = store.Seq(from)
		x.Add(p)
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, q, `SELECT seq, part FROM entry_text WHERE seq NOT IN (SELECT seq FROM entry) ORDER BY seq, part`, func(rows store.Rows) error {
		p := store.Problem{Type: store.TextChanged}
		var seq int64
		err := rows.Scan(&seq, &p.Detail)
		p.Seq = store.Seq(seq)
		x.Add(p)
		return err
	})
}

// erasures finds rows that were erased by an entry that is not in the log.
func (x *Examination) erasures(ctx context.Context, q store.Querier, _ store.Seq) error {
	return each(ctx, q, `SELECT from_seq, uid, kind, 'object ' || uid, erased_by FROM object_version WHERE erased_by NOT IN (SELECT seq FROM entry)
		UNION ALL SELECT seq, '', '', part, erased_by FROM entry_text WHERE erased_by NOT IN (SELECT seq FROM entry) ORDER BY 1, 2, 4`, func(rows store.Rows) error {
		p := store.Problem{Type: store.ErasureUnknown}
		var seq int64
		err := rows.Scan(&seq, &p.UID, &p.Kind, &p.Detail, &p.Have)
		p.Seq = store.Seq(seq)
		x.Add(p)
		return err
	})
}

// chains verifies that each version of an object ends where the next begins,
// and the last never.
func (x *Examination) chains(ctx context.Context, q store.Querier, _ store.Seq) error {
	type link struct {
		p  store.Problem
		to int64 // 0 for NULL
	}
	var previous *link
	end := func(want int64) {
		if previous != nil && previous.to != want {
			previous.p.Want, previous.p.Have = want, previous.to
			x.Add(previous.p)
		}
	}
	err := each(ctx, q, `SELECT uid, kind, name, from_seq, COALESCE(to_seq, 0) FROM object_version ORDER BY uid, from_seq`, func(rows store.Rows) error {
		l := &link{p: store.Problem{Type: store.VersionChain}}
		var from int64
		if err := rows.Scan(&l.p.UID, &l.p.Kind, &l.p.Name, &from, &l.to); err != nil {
			return err
		}
		l.p.Seq = store.Seq(from)
		if previous != nil && previous.p.UID == l.p.UID {
			end(from)
		} else {
			end(0)
		}
		previous = l
		return nil
	})
	end(0)
	return err
}

// names finds two living objects with one kind and name.
func (x *Examination) names(ctx context.Context, q store.Querier, _ store.Seq) error {
	return each(ctx, q, `SELECT kind, name, count(*) FROM object_version WHERE to_seq IS NULL AND deleted = 0
		GROUP BY kind, name HAVING count(*) > 1 ORDER BY kind, name`, func(rows store.Rows) error {
		p := store.Problem{Type: store.NameTwice, Want: 1}
		err := rows.Scan(&p.Kind, &p.Name, &p.Have)
		x.Add(p)
		return err
	})
}

func (x *Examination) cursors(ctx context.Context, q store.Querier, head store.Seq) error {
	return each(ctx, q, `SELECT name, seq FROM consumer WHERE seq > $1 ORDER BY name`, func(rows store.Rows) error {
		p := store.Problem{Type: store.CursorAhead, Want: int64(head)}
		err := rows.Scan(&p.Detail, &p.Have)
		x.Add(p)
		return err
	}, int64(head))
}

// tree verifies the shape of the tiles and that every hash above the leaves
// follows from those below.
func (x *Examination) tree(ctx context.Context, q store.Querier, head store.Seq, tiles integrity.Tiles) error {
	type stored struct {
		key   integrity.TileKey
		bytes int64
	}
	widths := map[integrity.TileKey]int64{}
	err := each(ctx, q, `SELECT level, n, length(hashes) FROM tile ORDER BY level, n`, func(rows store.Rows) error {
		var s stored
		if err := rows.Scan(&s.key.Level, &s.key.N, &s.bytes); err != nil {
			return err
		}
		widths[s.key] = s.bytes
		return nil
	})
	if err != nil {
		return err
	}
	size := int64(len(integrity.Hash{}))
	for level, count := 0, int64(head); count > 0; level, count = level+1, count/integrity.TileWidth {
		for n := int64(0); n*integrity.TileWidth < count; n++ {
			key := integrity.TileKey{Level: level, N: n}
			want := min(count-n*integrity.TileWidth, integrity.TileWidth)
			if err := x.tile(key, want, widths[key], tiles); err != nil {
				return err
			}
			delete(widths, key)
		}
	}
	for key, bytes := range widths {
		x.Add(store.Problem{Type: store.TileExtra, Detail: key.String(), Have: bytes / size})
	}
	return nil
}

func (x *Examination) tile(key integrity.TileKey, want, bytes int64, tiles integrity.Tiles) error {
	size := int64(len(integrity.Hash{}))
	switch {
	case bytes < want*size:
		x.Add(store.Problem{Type: store.TileMissing, Detail: key.String(), Want: want, Have: bytes / size})
		return nil
	case bytes > want*size:
		x.Add(store.Problem{Type: store.TileExtra, Detail: key.String(), Want: want, Have: bytes / size})
	}
	if key.Level == 0 {
		return nil // compared with the leaves
	}
	hashes, err := tiles.Tile(key)
	if err != nil {
		return err
	}
	for i := range want {
		below := integrity.TileKey{Level: key.Level - 1, N: key.N*integrity.TileWidth + i}
		children, err := tiles.Tile(below)
		if err != nil {
			return err
		}
		if len(children) < integrity.TileWidth*int(size) {
			continue // reported as missing
		}
		if integrity.RootOfTile(children[:integrity.TileWidth*int(size)]) != hashOf(hashes[i*size:(i+1)*size]) {
			x.Add(store.Problem{Type: store.TileChanged, Detail: fmt.Sprintf("%v, hash %d", key, i)})
		}
	}
	return nil
}

// checkpoint verifies that the log continues a checkpoint kept elsewhere.
func (x *Examination) checkpoint(known integrity.Checkpoint, head store.Seq, tiles integrity.Tiles) error {
	p := store.Problem{Type: store.CheckpointOther, Want: known.Size, Have: int64(head)}
	if known.Size > int64(head) {
		p.Detail = fmt.Sprintf("it has %d entries only", head)
		x.Add(p)
		return nil
	}
	root, err := integrity.Root(known.Size, tiles)
	if store.CodeOf(damagedTree(err)) == store.CodeCorrupt {
		return nil // reported as missing
	}
	if err == nil && root != known.Root {
		p.Detail = "its first entries are others"
		x.Add(p)
	}
	return err
}
