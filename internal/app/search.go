package app

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// searchIndex finds objects by the words of their names, titles and
// descriptions in both languages: an inverted index made once, and what changed
// since looked through word by word.
type searchIndex struct {
	snap   *model.Snapshot
	docs   []model.Handle // by kind and name: the order of equals in a result
	heavy  []bool         // whether the document is a service, which people look for first
	words  []string       // sorted
	places map[string][]posting

	scratch sync.Pool // *scores

	mu    sync.RWMutex
	dirty map[model.Ref][]weighted // what changed since, with its words
}

// weighted is a word of a document.
type weighted struct {
	word   string
	weight uint8
}

type posting struct {
	doc    int32
	weight uint8 // 3 name or title, 2 what a service is for, 1 the rest
}

// scores is one number a document, for one word and for all so far.
type scores struct{ word, all []uint16 }

// rebuildAt is how many changed objects are looked through before the index is
// made again.
const rebuildAt = 2000

// fold makes words comparable: lower case, without accents.
func foldWord(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(foldWord(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func indexed(o *model.Object, add func(word string, weight uint8)) {
	for _, w := range wordsOf(o.Metadata.Name) {
		add(w, 3)
	}
	for _, t := range []string{o.Metadata.Title.All, o.Metadata.Title.EN, o.Metadata.Title.FR} {
		for _, w := range wordsOf(t) {
			add(w, 3)
		}
	}
	for _, t := range []string{o.Metadata.Description.All, o.Metadata.Description.EN, o.Metadata.Description.FR} {
		for _, w := range wordsOf(t) {
			add(w, 1)
		}
	}
	for k, v := range o.Metadata.Labels {
		for _, w := range append(wordsOf(k), wordsOf(v)...) {
			add(w, 1)
		}
	}
	if s, ok := o.Spec.(*model.Service); ok {
		for _, t := range []model.Text{s.Sheet.Summary, s.Sheet.ForWhom} {
			for _, w := range append(wordsOf(t.All+" "+t.EN), wordsOf(t.FR)...) {
				add(w, 2)
			}
		}
	}
}

func newSearchIndex(s *model.Snapshot) *searchIndex {
	ix := &searchIndex{snap: s, places: map[string][]posting{}, dirty: map[model.Ref][]weighted{}}
	s.All(func(h model.Handle, o *model.Object) bool {
		doc := int32(len(ix.docs))
		ix.docs = append(ix.docs, h)
		ix.heavy = append(ix.heavy, o.Kind.Slug == "service")
		indexed(o, func(word string, weight uint8) {
			list := ix.places[word]
			if n := len(list); n > 0 && list[n-1].doc == doc {
				list[n-1].weight = max(list[n-1].weight, weight)
				return
			}
			ix.places[word] = append(list, posting{doc, weight})
		})
		return true
	})
	ix.words = make([]string, 0, len(ix.places))
	for w := range ix.places {
		ix.words = append(ix.words, w)
	}
	slices.Sort(ix.words)
	ix.scratch.New = func() any {
		return &scores{make([]uint16, len(ix.docs)), make([]uint16, len(ix.docs))}
	}
	return ix
}

// indexForSearch makes the index anew. What changes while it is made is noted in it
// before it takes the place of the one there is.
func (a *App) indexForSearch() {
	fresh := newSearchIndex(a.Head())
	a.advance.Lock()
	defer a.advance.Unlock()
	head := a.Head()
	head.ChangedSince(fresh.snap, func(h model.Handle) { fresh.note(head, head.Ref(h)) })
	a.search.Store(fresh)
}

// note remembers the words of an object that changed.
func (ix *searchIndex) note(s *model.Snapshot, r model.Ref) {
	var words []weighted
	if o := s.Get(r); o != nil {
		indexed(o, func(word string, weight uint8) { words = append(words, weighted{word, weight}) })
	}
	ix.dirty[r] = words
}

// noteForSearch notes what changed in the model that is about to be the newest.
func (a *App) noteForSearch(next *model.Snapshot, changed []model.Ref) {
	ix := a.search.Load()
	if ix == nil {
		return
	}
	ix.mu.Lock()
	before := len(ix.dirty)
	for _, r := range changed {
		ix.note(next, r)
	}
	n := len(ix.dirty)
	ix.mu.Unlock()
	if n > rebuildAt && before <= rebuildAt {
		go a.indexForSearch()
	}
}

// Search finds the objects whose words start with every word of the query, best
// first: whole words before beginnings, names and titles before the rest.
// kinds narrows to some kinds when not empty.
func (a *App) Search(actor identity.Actor, query string, kinds []string, limit int) []*model.Object {
	ix := a.search.Load()
	wanted := wordsOf(query)
	if ix == nil || len(wanted) == 0 || limit <= 0 {
		return nil
	}
	wanted = wanted[:min(len(wanted), 8)]
	head := a.Head()
	fresh := ix.changed(head, wanted)
	for most := max(4*limit, 100); ; most *= 8 {
		hits, all := ix.find(wanted, most)
		out := a.visibleHits(actor, head, ix, hits, fresh, kinds, limit)
		if len(out) == limit || all {
			return out
		}
	}
}

type searchHit struct {
	h     model.Handle
	score int
}

// visibleHits merges what the index found with what changed since, and leaves
// out what the actor may not see.
func (a *App) visibleHits(actor identity.Actor, head *model.Snapshot, ix *searchIndex, hits []searchHit, fresh []searchHit, kinds []string, limit int) []*model.Object {
	out := make([]*model.Object, 0, limit)
	take := func(h model.Handle) {
		if o := head.Object(h); o != nil && len(out) < limit && (len(kinds) == 0 || slices.Contains(kinds, o.Kind.Slug)) && a.Visible(actor, head, o) {
			out = append(out, o)
		}
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, x := range hits {
		for len(fresh) > 0 && fresh[0].score >= x.score {
			take(fresh[0].h)
			fresh = fresh[1:]
		}
		if len(out) == limit {
			return out
		}
		if _, changed := ix.dirty[ix.snap.Ref(x.h)]; !changed {
			take(x.h)
		}
	}
	for _, x := range fresh {
		take(x.h)
	}
	return out
}

// changed scores what changed since the index was made, best first.
func (ix *searchIndex) changed(head *model.Snapshot, wanted []string) []searchHit {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var out []searchHit
	for r, words := range ix.dirty {
		n := score(wanted, func(add func(string, uint8)) {
			for _, w := range words {
				add(w.word, w.weight)
			}
		})
		if n == 0 {
			continue
		}
		if h, ok := head.Find(r); ok && head.Object(h) != nil {
			if r.Kind == "service" {
				n += serviceBonus
			}
			out = append(out, searchHit{h, n})
		}
	}
	slices.SortFunc(out, func(x, y searchHit) int {
		if x.score != y.score {
			return y.score - x.score
		}
		return head.Ref(x.h).Compare(head.Ref(y.h))
	})
	return out
}

const (
	serviceBonus = 3
	topScore     = 8*9 + serviceBonus // eight words of weight 3, each whole
)

// find gives the best documents that hold every word, most of them at the most;
// all tells that there are no others.
func (ix *searchIndex) find(wanted []string, most int) (hits []searchHit, all bool) {
	sc := ix.scratch.Get().(*scores)
	defer ix.scratch.Put(sc)
	clear(sc.all)
	for i, w := range wanted {
		clear(sc.word)
		at, _ := slices.BinarySearch(ix.words, w)
		for _, word := range ix.words[at:] {
			if !strings.HasPrefix(word, w) {
				break
			}
			for _, p := range ix.places[word] {
				n := uint16(p.weight) * 2
				if len(word) == len(w) {
					n += 3
				}
				sc.word[p.doc] = max(sc.word[p.doc], n)
			}
		}
		for d, n := range sc.word {
			switch {
			case n == 0:
				sc.all[d] = 0
			case i == 0 || sc.all[d] > 0:
				sc.all[d] += n
			}
		}
	}
	var count [topScore + 1]int
	total := 0
	for d, n := range sc.all {
		if n > 0 {
			if ix.heavy[d] {
				n += serviceBonus
				sc.all[d] = n
			}
			count[min(n, topScore)]++
			total++
		}
	}
	// The lowest score that still gets in, and how many of it.
	floor, room := topScore, most
	for ; floor > 0 && count[floor] <= room; floor-- {
		room -= count[floor]
	}
	buckets := make([][]searchHit, topScore+1)
	for d, n := range sc.all {
		n := min(int(n), topScore)
		switch {
		case n == 0 || n < floor:
			continue
		case n == floor:
			if room == 0 {
				continue
			}
			room--
		}
		buckets[n] = append(buckets[n], searchHit{ix.docs[d], n})
	}
	for n := topScore; n > 0; n-- {
		hits = append(hits, buckets[n]...)
	}
	return hits, len(hits) == total
}

func scoreOf(o *model.Object, wanted []string) int {
	return score(wanted, func(add func(string, uint8)) { indexed(o, add) })
}

// score adds up how well words fit what is wanted; 0 where one fits none.
func score(wanted []string, words func(add func(word string, weight uint8))) int {
	var room [8]int
	best := append(room[:0], make([]int, len(wanted))...) // on the stack for a short query
	words(func(word string, weight uint8) {
		for i, w := range wanted {
			if strings.HasPrefix(word, w) {
				n := int(weight) * 2
				if word == w {
					n += 3
				}
				best[i] = max(best[i], n)
			}
		}
	})
	total := 0
	for _, n := range best {
		if n == 0 {
			return 0
		}
		total += n
	}
	return total
}
