package relational

import (
	"context"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// current is the last version of an object, a deletion included.
type current struct {
	uid, kind, name string
	from            store.Seq
	deleted         bool
}

// path is how an object is named: kind/name. A kind has no slash in it.
func path(kind, name string) string { return kind + "/" + name }

// resolvePuts finds the object of every put, compares its version with the
// expected one, and returns the versions to write, in the order of the puts.
// All conflicts are gathered before it gives up.
func (b batches) resolvePuts(ctx context.Context, q store.Querier, p *prepared) ([]version, error) {
	puts := p.entry.Puts
	byUID, err := b.currentByUID(ctx, q, puts)
	if err != nil {
		return nil, err
	}
	byName, err := b.livingByName(ctx, q, puts)
	if err != nil {
		return nil, err
	}
	versions := make([]version, len(puts))
	var conflicts []store.Conflict
	leaving := map[string]bool{} // uids that give up their name in this entry
	seen := make(map[string]bool, len(puts))
	for i := range puts {
		put := &puts[i]
		uid := put.UID
		if uid == "" {
			uid = p.fresh[i]
			if living, ok := byName[path(put.Kind, put.Name)]; ok {
				uid = living.uid
				byUID[uid] = living
			}
		}
		if seen[uid] {
			return nil, invalid(put.Kind+"/"+put.Name, "the object "+uid+" appears twice in the entry", "put or delete each object once")
		}
		seen[uid] = true
		was, known := byUID[uid]
		v := version{uid: uid, kind: put.Kind, name: put.Name, put: i, replaces: known}
		if put.Delete && known {
			v.kind, v.name = was.kind, was.name
		}
		if c, ok := compare(put, was, known); !ok {
			c.UID, c.Kind, c.Name = uid, v.kind, v.name
			conflicts = append(conflicts, c)
			continue
		}
		if known && !was.deleted && (put.Delete || was.kind != v.kind || was.name != v.name) {
			leaving[uid] = true
		}
		v.nameCommitment = integrity.CommitName(p.salt(i), v.kind, v.name)
		versions[i] = v
	}
	for i := range versions {
		v := &versions[i]
		if puts[v.put].Delete || v.uid == "" {
			continue
		}
		if holder, ok := byName[path(v.kind, v.name)]; ok && holder.uid != v.uid && !leaving[holder.uid] {
			conflicts = append(conflicts, store.Conflict{
				UID: v.uid, Kind: v.kind, Name: v.name,
				Expected: puts[v.put].ExpectSeq, Have: holder.from, Holder: holder.uid,
			})
		}
	}
	if len(conflicts) > 0 {
		return nil, &store.ConflictError{Conflicts: conflicts}
	}
	return versions, nil
}

// compare tells whether the object is at the version the put expects.
func compare(put *store.Put, was current, known bool) (store.Conflict, bool) {
	c := store.Conflict{Expected: put.ExpectSeq, Have: store.MustNotExist}
	living := known && !was.deleted
	if living {
		c.Have = was.from
	}
	if put.Delete && !living {
		return c, false
	}
	switch put.ExpectSeq {
	case store.AnyVersion:
		return c, true
	case store.MustNotExist:
		return c, !living
	default:
		// The version after a deletion counts too: who saw the deletion may
		// bring the object back.
		return c, known && was.from == put.ExpectSeq
	}
}

func (b batches) currentByUID(ctx context.Context, q store.Querier, puts []store.Put) (map[string]current, error) {
	uids := make([]string, 0, len(puts))
	for i := range puts {
		if puts[i].UID != "" {
			uids = append(uids, puts[i].UID)
		}
	}
	found := map[string]current{}
	err := b.tuples(`SELECT uid, kind, name, from_seq, deleted FROM object_version WHERE to_seq IS NULL AND uid IN (`, `)`, 1, len(uids), nil,
		func(i int, args []any) []any { return append(args, uids[i]) },
		func(query string, args []any) error {
			return each(ctx, q, query, func(rows store.Rows) error {
				c, err := scanCurrent(rows)
				found[c.uid] = c
				return err
			}, args...)
		})
	return found, err
}

func (b batches) livingByName(ctx context.Context, q store.Querier, puts []store.Put) (map[string]current, error) {
	names := make([]string, 0, len(puts))
	for i := range puts {
		if !puts[i].Delete || puts[i].UID == "" {
			names = append(names, path(puts[i].Kind, puts[i].Name))
		}
	}
	found := map[string]current{}
	err := b.tuples(`SELECT uid, kind, name, from_seq, deleted FROM object_version WHERE to_seq IS NULL AND deleted = 0 AND kind || '/' || name IN (`, `)`, 1, len(names), nil,
		func(i int, args []any) []any { return append(args, names[i]) },
		func(query string, args []any) error {
			return each(ctx, q, query, func(rows store.Rows) error {
				c, err := scanCurrent(rows)
				found[path(c.kind, c.name)] = c
				return err
			}, args...)
		})
	return found, err
}

func scanCurrent(rows store.Rows) (current, error) {
	var c current
	var from, deleted int64
	err := rows.Scan(&c.uid, &c.kind, &c.name, &from, &deleted)
	c.from, c.deleted = store.Seq(from), deleted != 0
	return c, err
}
