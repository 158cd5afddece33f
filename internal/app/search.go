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
	words  []string // sorted
	places map[string][]posting

	mu    sync.RWMutex
	dirty map[model.Ref]bool
}

type posting struct {
	h      model.Handle
	weight uint8 // 3 name, 2 title, 1 the rest
}

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
	ix := &searchIndex{snap: s, places: map[string][]posting{}, dirty: map[model.Ref]bool{}}
	s.All(func(h model.Handle, o *model.Object) bool {
		indexed(o, func(word string, weight uint8) {
			list := ix.places[word]
			if n := len(list); n > 0 && list[n-1].h == h {
				list[n-1].weight = max(list[n-1].weight, weight)
				return
			}
			ix.places[word] = append(list, posting{h, weight})
		})
		return true
	})
	ix.words = make([]string, 0, len(ix.places))
	for w := range ix.places {
		ix.words = append(ix.words, w)
	}
	slices.Sort(ix.words)
	return ix
}

func (a *App) indexForSearch() { a.search.Store(newSearchIndex(a.Head())) }

func (a *App) noteForSearch(changed []model.Ref) {
	ix := a.search.Load()
	if ix == nil {
		return
	}
	ix.mu.Lock()
	for _, r := range changed {
		ix.dirty[r] = true
	}
	n := len(ix.dirty)
	ix.mu.Unlock()
	if n > rebuildAt && n-len(changed) <= rebuildAt {
		go func() { // what changes while it is made is noted in the old one and carried over
			fresh := newSearchIndex(a.Head())
			a.advance.Lock()
			defer a.advance.Unlock()
			head := a.Head()
			for r := range ix.dirty {
				if o := head.Get(r); o != fresh.snap.Get(r) {
					fresh.dirty[r] = true
				}
			}
			a.search.Store(fresh)
		}()
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
	score := ix.find(wanted, limit)
	head := a.Head()
	ix.mu.RLock()
	for r := range ix.dirty {
		if h, ok := head.Find(r); ok {
			delete(score, h)
			if o := head.Object(h); o != nil {
				if n := scoreOf(o, wanted); n > 0 {
					score[h] = n
				}
			}
		}
	}
	ix.mu.RUnlock()
	type hit struct {
		o     *model.Object
		score int
	}
	hits := make([]hit, 0, min(len(score), 4096))
	for h, n := range score {
		o := head.Object(h)
		if o == nil || len(kinds) > 0 && !slices.Contains(kinds, o.Kind.Slug) {
			continue
		}
		if o.Kind.Slug == "service" {
			n += 3 // people look for services first
		}
		hits = append(hits, hit{o, n})
	}
	slices.SortFunc(hits, func(x, y hit) int {
		if x.score != y.score {
			return y.score - x.score
		}
		return x.o.Ref().Compare(y.o.Ref())
	})
	out := make([]*model.Object, 0, limit)
	for _, x := range hits {
		if len(out) == limit {
			break
		}
		if a.Visible(actor, head, x.o) {
			out = append(out, x.o)
		}
	}
	return out
}

// mostPostings bounds the work of one query: beyond it, the rarest words decide.
const mostPostings = 50_000

func (ix *searchIndex) find(wanted []string, _ int) map[model.Handle]int {
	var score map[model.Handle]int
	for i, w := range wanted {
		at, _ := slices.BinarySearch(ix.words, w)
		next := map[model.Handle]int{}
		seen := 0
		for _, word := range ix.words[at:] {
			if !strings.HasPrefix(word, w) || seen > mostPostings {
				break
			}
			for _, p := range ix.places[word] {
				seen++
				n := int(p.weight) * 2
				if word == w {
					n += 3
				}
				if i > 0 {
					had, ok := score[p.h]
					if !ok {
						continue
					}
					n += had
				}
				next[p.h] = max(next[p.h], n)
			}
		}
		if score = next; len(score) == 0 {
			break
		}
	}
	if score == nil {
		score = map[model.Handle]int{}
	}
	return score
}

func scoreOf(o *model.Object, wanted []string) int {
	best := make([]int, len(wanted))
	indexed(o, func(word string, weight uint8) {
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
