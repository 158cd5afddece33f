package model

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Handle is a dense number for a name in a snapshot. A handle stays the same in
// every snapshot derived from the one that gave it.
type Handle int32

// Missing is no handle.
const Missing Handle = -1

const (
	pageBits = 8
	pageSize = 1 << pageBits
)

// node is what a snapshot knows under one name: the object, nil when the name is
// only referred to, and the edges in both directions.
type node struct {
	ref    Ref
	object *Object
	out    []Edge
	in     []Incoming
}

// Incoming is a reference to an object, seen from the object.
type Incoming struct {
	From    Handle
	Field   *Field
	Pointer string
	Group   bool
	Phases  uint8
}

type page [pageSize]node

// Snapshot is the immutable model at one moment. Deriving one from another
// shares all pages that did not change.
type Snapshot struct {
	Seq   int64
	pages []*page
	count int
	names []map[Ref]Handle // layers, newest first
	kinds [][]Handle       // handles of the objects of each kind, sorted by name
	live  int
}

// With derives a snapshot in which objects are put and names deleted.
func (s *Snapshot) With(seq int64, puts []*Object, deletes []Ref) *Snapshot {
	b := newBuilder(s)
	for _, r := range deletes {
		b.remove(r)
	}
	for _, o := range puts {
		b.put(o)
	}
	return b.done(seq)
}

// Size is the number of handles given: objects, and names only referred to.
func (s *Snapshot) Size() int { return s.count }

// Len is the number of objects.
func (s *Snapshot) Len() int { return s.live }

// Find gives the handle of a name; it may be a name that is only referred to.
func (s *Snapshot) Find(r Ref) (Handle, bool) {
	for _, layer := range s.names {
		if h, ok := layer[r]; ok {
			return h, true
		}
	}
	return Missing, false
}

func (s *Snapshot) node(h Handle) *node { return &s.pages[h>>pageBits][h&(pageSize-1)] }

// Ref is the name behind a handle.
func (s *Snapshot) Ref(h Handle) Ref { return s.node(h).ref }

// Object is the object behind a handle, nil when the name leads nowhere.
func (s *Snapshot) Object(h Handle) *Object {
	if h < 0 || int(h) >= s.count {
		return nil
	}
	return s.node(h).object
}

// Get finds an object by its name; nil when there is none.
func (s *Snapshot) Get(r Ref) *Object {
	h, ok := s.Find(r)
	if !ok {
		return nil
	}
	return s.Object(h)
}

// Out are the references of an object. Callers must not change the slice.
func (s *Snapshot) Out(h Handle) []Edge { return s.node(h).out }

// In are the references to a name. Callers must not change the slice.
func (s *Snapshot) In(h Handle) []Incoming { return s.node(h).in }

// OfKind are the handles of all objects of a kind, sorted by name.
func (s *Snapshot) OfKind(slug string) []Handle {
	k := KindOf(slug)
	if k == nil {
		return nil
	}
	return s.kinds[k.id]
}

// All calls fn for each object, by kind and name, until it returns false.
func (s *Snapshot) All(fn func(Handle, *Object) bool) {
	for _, list := range s.kinds {
		for _, h := range list {
			if !fn(h, s.Object(h)) {
				return
			}
		}
	}
}

// ChangedSince calls fn for each handle behind which another object stands than
// in a snapshot that this one derives from, or the other way round. Shared pages are
// passed over.
func (s *Snapshot) ChangedSince(before *Snapshot, fn func(Handle)) {
	for i := range max(len(s.pages), len(before.pages)) {
		if i < len(s.pages) && i < len(before.pages) && s.pages[i] == before.pages[i] {
			continue
		}
		for h := Handle(i << pageBits); h < Handle((i+1)<<pageBits); h++ {
			if s.Object(h) != before.Object(h) {
				fn(h)
			}
		}
	}
}

// Organisation is the settings object, the zero Organisation when there is none.
func (s *Snapshot) Organisation() *Organisation {
	for _, h := range s.OfKind("organisation") {
		return s.Object(h).Spec.(*Organisation)
	}
	return &Organisation{}
}

// Hash is the model hash: SHA-256 over the sorted names and canonical documents,
// each preceded by its length.
func (s *Snapshot) Hash() [sha256.Size]byte {
	type item struct {
		name string
		doc  []byte
	}
	items := make([]item, 0, s.live)
	s.All(func(_ Handle, o *Object) bool {
		items = append(items, item{o.Ref().String(), o.Document()})
		return true
	})
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.name, b.name) })
	h := sha256.New()
	var n [8]byte
	for _, it := range items {
		for _, part := range [][]byte{[]byte(it.name), it.doc} {
			binary.BigEndian.PutUint64(n[:], uint64(len(part)))
			h.Write(n[:])
			h.Write(part)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// builder makes one snapshot; pages are copied when first written.
type builder struct {
	s     *Snapshot
	owned map[int]bool
	layer map[Ref]Handle
}

// A layer above this size is folded into one map.
const foldAt = 4096

func newBuilder(base *Snapshot) *builder {
	s := &Snapshot{count: base.count, live: base.live, pages: slices.Clone(base.pages), kinds: slices.Clone(base.kinds)}
	b := &builder{s: s, owned: map[int]bool{}, layer: map[Ref]Handle{}}
	s.names = append([]map[Ref]Handle{b.layer}, base.names...)
	return b
}

func (b *builder) write(h Handle) *node {
	p := int(h >> pageBits)
	if !b.owned[p] {
		c := *b.s.pages[p]
		b.s.pages[p] = &c
		b.owned[p] = true
	}
	return &b.s.pages[p][h&(pageSize-1)]
}

func (b *builder) intern(r Ref) Handle {
	if h, ok := b.s.Find(r); ok {
		return h
	}
	h := Handle(b.s.count)
	b.s.count++
	if p := int(h >> pageBits); p == len(b.s.pages) {
		b.s.pages = append(b.s.pages, new(page))
		b.owned[p] = true
	}
	b.write(h).ref = r
	b.layer[r] = h
	return h
}

func (b *builder) put(o *Object) {
	h := b.intern(o.Ref())
	var out []Edge
	o.references(func(r Ref, f *Field, pointer string, group bool, phases uint8) {
		out = append(out, Edge{b.intern(r), f, pointer, group, phases})
	})
	b.link(h, out)
	n := b.write(h)
	if n.object == nil {
		b.s.live++
		b.listKind(o.Kind.id, h, true)
	}
	n.object = o
}

func (b *builder) remove(r Ref) {
	h, ok := b.s.Find(r)
	if !ok || b.s.Object(h) == nil {
		return
	}
	b.link(h, nil)
	n := b.write(h)
	b.listKind(n.object.Kind.id, h, false)
	n.object = nil
	b.s.live--
}

// link gives an object its edges. Ends whose references stay what they were are
// left alone: much refers to a site or a customer, and most changes touch neither.
func (b *builder) link(h Handle, out []Edge) {
	was := b.s.node(h).out
	if slices.Equal(was, out) {
		return
	}
	b.write(h).out = out
	old, now := byEnd(was), byEnd(out)
	for to, list := range old {
		if !slices.Equal(list, now[to]) {
			b.relink(h, to, now[to])
		}
	}
	for to, list := range now {
		if old[to] == nil {
			b.relink(h, to, list)
		}
	}
}

func incoming(from Handle, e Edge) Incoming {
	return Incoming{from, e.Field, e.Pointer, e.Group, e.Phases}
}

// byEnd sorts edges by where they lead.
func byEnd(edges []Edge) map[Handle][]Edge {
	m := make(map[Handle][]Edge, len(edges))
	for _, e := range edges {
		m[e.To] = append(m[e.To], e)
	}
	return m
}

// relink replaces the references from one object among those to another; they
// stand together.
func (b *builder) relink(from, to Handle, edges []Edge) {
	t := b.write(to)
	list := make([]Incoming, 0, len(t.in)+len(edges))
	for _, in := range t.in {
		if in.From != from {
			list = append(list, in)
		}
	}
	for _, e := range edges {
		list = append(list, incoming(from, e))
	}
	t.in = list
}

func (b *builder) listKind(kind int, h Handle, add bool) {
	name := b.s.Ref(h).Name
	list := b.s.kinds[kind]
	i, _ := slices.BinarySearchFunc(list, name, func(x Handle, n string) int { return cmp.Compare(b.s.Ref(x).Name, n) })
	if add {
		b.s.kinds[kind] = slices.Insert(slices.Clone(list), i, h)
	} else {
		b.s.kinds[kind] = slices.Delete(slices.Clone(list), i, i+1)
	}
}

func (b *builder) done(seq int64) *Snapshot {
	s := b.s
	s.Seq = seq
	if len(b.layer) == 0 && len(s.names) > 1 {
		s.names = s.names[1:]
	}
	for len(s.names) > 8 || len(s.names) > 2 && len(s.names[0])+len(s.names[1]) < foldAt {
		last := len(s.names) - 1
		if len(s.names) > 2 && len(s.names[0])+len(s.names[1]) < foldAt {
			s.names = append([]map[Ref]Handle{fold(s.names[1], s.names[0])}, s.names[2:]...)
			continue
		}
		s.names = append(slices.Clone(s.names[:last-1]), fold(s.names[last], s.names[last-1]))
	}
	return s
}

func fold(older, newer map[Ref]Handle) map[Ref]Handle {
	m := make(map[Ref]Handle, len(older)+len(newer))
	for k, v := range older {
		m[k] = v
	}
	for k, v := range newer {
		m[k] = v
	}
	return m
}

// SameDocument reports that two objects have the same canonical document.
func SameDocument(a, b *Object) bool {
	return a != nil && b != nil && bytes.Equal(a.Document(), b.Document())
}
