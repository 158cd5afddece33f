package coordination

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// alikeKinds are the kinds whose names people choose to tell one from another.
// Machines are not among them: web-1 and web-2 are alike on purpose.
var alikeKinds = []string{"service", "customer", "supplier", "team", "user-group", "business-activity", "process", "tool", "data-asset", "site"}

// nameIndex finds objects by their names and purposes written plainly. It is
// shared from snapshot to snapshot, with what changed laid over it.
type nameIndex struct {
	once   sync.Once
	made   bool
	base   map[string][]model.Handle // of some earlier snapshot
	moved  map[model.Handle]bool     // objects that changed since
	recent map[string][]model.Handle // their names now
	shared map[model.Handle]bool     // objects of base that share a name
	before *model.Snapshot           // that of the index taken over, until made
}

// foldNames is how many changed objects an index carries before it is made anew.
const foldNames = 512

// carry takes over the index of an earlier snapshot.
func (x *nameIndex) carry(prev *nameIndex, before *model.Snapshot) {
	if prev.made && len(prev.moved) < foldNames {
		x.base, x.shared, x.moved, x.before = prev.base, prev.shared, prev.moved, before
	}
}

// make completes the index for a snapshot, once.
func (x *nameIndex) make(now *model.Snapshot) {
	x.once.Do(func() {
		defer func() { x.made, x.before = true, nil }()
		if x.base == nil {
			x.base = map[string][]model.Handle{}
			for _, kind := range alikeKinds {
				for _, h := range now.OfKind(kind) {
					for _, k := range namesOf(now.Object(h)) {
						x.base[k] = append(x.base[k], h)
					}
				}
			}
			x.shared = map[model.Handle]bool{}
			for _, list := range x.base {
				for i := 0; len(list) > 1 && i < len(list); i++ {
					x.shared[list[i]] = true
				}
			}
			return
		}
		moved := map[model.Handle]bool{}
		for h := range x.moved {
			moved[h] = true
		}
		for _, s := range []*model.Snapshot{x.before, now} {
			for _, kind := range alikeKinds {
				for _, h := range s.OfKind(kind) {
					if x.before.Object(h) != now.Object(h) {
						moved[h] = true
					}
				}
			}
		}
		x.moved, x.recent = moved, map[string][]model.Handle{}
		for h := range moved {
			if o := now.Object(h); o != nil {
				for _, k := range namesOf(o) {
					x.recent[k] = append(x.recent[k], h)
				}
			}
		}
	})
}

// under visits the objects that bear a name.
func (x *nameIndex) under(key string, visit func(model.Handle)) {
	for _, h := range x.base[key] {
		if !x.moved[h] {
			visit(h)
		}
	}
	for _, h := range x.recent[key] {
		visit(h)
	}
}

// namesOf are the plain forms of an object's name, titles and purpose, each after
// its kind. Two objects with a form in common are near-identical.
func namesOf(o *model.Object) []string {
	var keys []string
	add := func(sort, text string) {
		if text != "" {
			if k := o.Kind.Slug + sort + text; !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	for _, s := range []string{o.Metadata.Name, o.Metadata.Title.All, o.Metadata.Title.EN, o.Metadata.Title.FR} {
		words := plainWords(s)
		add(":", strings.Join(words, ""))
		if len(words) > 1 {
			slices.Sort(words)
			add(":", strings.Join(words, ""))
		}
	}
	const purpose = 6 // words, below which a purpose says too little
	if s, ok := o.Spec.(*model.Service); ok {
		for _, t := range []model.Text{s.Sheet.Summary, o.Metadata.Description} {
			for _, text := range []string{t.All, t.EN, t.FR} {
				if words := plainWords(text); len(words) >= purpose {
					add("=", strings.Join(words, " "))
				}
			}
		}
	}
	return keys
}

// empty are words that tell nothing apart.
var empty = map[string]bool{"service": true, "the": true, "of": true, "for": true, "and": true, "a": true,
	"le": true, "la": true, "l": true, "les": true, "de": true, "du": true, "des": true, "d": true, "et": true, "pour": true}

// plainWords are the words of a text without case, accents, plural and empty words.
func plainWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := make([]string, 0, len(words))
	for _, w := range words {
		w = strings.ReplaceAll(model.Slugify(w), "-", "")
		if empty[w] {
			continue
		}
		if len(w) > 3 {
			w = strings.TrimSuffix(w, "s")
		}
		out = append(out, w)
	}
	return out
}

// alike gives the objects that a subject is near-identical to.
func (a *Analysis) alike(h model.Handle) map[model.Handle]bool {
	a.names.make(a.f.Snap)
	var out map[model.Handle]bool
	add := func(x model.Handle) {
		if x != h {
			if out == nil {
				out = map[model.Handle]bool{}
			}
			out[x] = true
		}
	}
	if len(a.names.moved) > 0 || a.names.shared[h] {
		for _, k := range namesOf(a.f.Snap.Object(h)) {
			a.names.under(k, add)
		}
	}
	a.besides(h, func(x model.Handle) {
		if mistyped(a.f.Snap.Ref(h).Name, a.f.Snap.Ref(x).Name) {
			add(x)
		}
	})
	return out
}

// besides visits the objects of the same kind next to one by name.
func (a *Analysis) besides(h model.Handle, visit func(model.Handle)) {
	r := a.f.Snap.Ref(h)
	list := a.f.Snap.OfKind(r.Kind)
	i, found := slices.BinarySearchFunc(list, r.Name, func(x model.Handle, n string) int { return cmp.Compare(a.f.Snap.Ref(x).Name, n) })
	if i > 0 {
		visit(list[i-1])
	}
	if found {
		i++
	}
	if i < len(list) {
		visit(list[i])
	}
}

// mistyped reports that two long names are one letter apart, digits aside: app-1
// and app-2 are told apart by their number.
func mistyped(a, b string) bool {
	const long = 7
	if len(a) < long || len(b) < long || len(a)-len(b) > 1 || len(b)-len(a) > 1 {
		return false
	}
	i, j := 0, 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for j < min(len(a), len(b))-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	x, y := a[i:len(a)-j], b[i:len(b)-j]
	return len(x) <= 1 && len(y) <= 1 && !strings.ContainsAny(x+y, "0123456789")
}

// checkAlike is COO-007: told on the first of those alike by name.
func checkAlike(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	a := of(f)
	others := a.alike(h)
	if len(others) == 0 {
		return
	}
	subject := f.Snap.Ref(h)
	var later []model.Ref
	for x := range others {
		if subject.Compare(f.Snap.Ref(x)) < 0 && !a.toldBefore(h, x) {
			later = append(later, f.Snap.Ref(x))
		}
	}
	if len(later) == 0 {
		return
	}
	later = sorted(later)
	emit(finding.Finding{Causes: later, Pointer: "/metadata/name", Args: finding.Args{"others": later, "n": len(later)}})
}

// toldBefore reports that an object that comes before both is alike to both.
func (a *Analysis) toldBefore(h, x model.Handle) bool {
	of := a.alike(x)
	for first := range a.alike(h) {
		if of[first] && a.f.Snap.Ref(first).Compare(a.f.Snap.Ref(h)) < 0 {
			return true
		}
	}
	return false
}

// beyondAlike judges again what shared a name with what changed, and what does now.
func beyondAlike(before, now *finding.Facts, changed, found []model.Handle, visit func(model.Handle)) {
	for _, h := range found {
		visit(h)
	}
	again := func(h model.Handle) {
		visit(h)
		for _, f := range []*finding.Facts{before, now} {
			if f.Snap.Object(h) != nil {
				for x := range of(f).alike(h) {
					visit(x)
				}
			}
		}
	}
	for _, h := range changed {
		if slices.Contains(alikeKinds, now.Snap.Ref(h).Kind) {
			again(h)
			of(now).besides(h, again)
		}
	}
}

// Prepare computes what the analyses of later snapshots take over.
func (a *Analysis) Prepare() { a.names.make(a.f.Snap) }
