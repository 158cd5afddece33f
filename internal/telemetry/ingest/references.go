package ingest

import (
	"strings"
	"sync"

	"github.com/prometheus/prometheus/storage"
)

// mostReferences is how many series a generation of references holds: beyond it the older
// generation is let go.
const mostReferences = 250_000

// references are the places of series in the store, by their labels as senders encode
// them: a sender writes the labels of a series the same way in each request, so that they
// are taken apart, checked and looked up once.
//
// The store gives each series a number that is never used again. Of a series that it has
// let go the number is worth nothing, and the labels are read anew.
type references struct {
	mu          sync.RWMutex
	young, aged map[string]storage.SeriesRef
}

// find fills in the references of series; 0 where none is known. It gives the places of
// those that are known of old.
func (r *references) find(series []writtenSeries, refs []storage.SeriesRef) (aged []int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for i := range series {
		ref, ok := r.young[string(series[i].labels)]
		if !ok {
			if ref, ok = r.aged[string(series[i].labels)]; ok {
				aged = append(aged, i)
			}
		}
		refs[i] = ref
	}
	return aged
}

// keep remembers the references of the series at some places.
func (r *references) keep(series []writtenSeries, refs []storage.SeriesRef, places []int) {
	if len(places) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, i := range places {
		if len(r.young) >= mostReferences {
			r.aged, r.young = r.young, nil
		}
		if r.young == nil {
			r.young = map[string]storage.SeriesRef{}
		}
		r.young[strings.Clone(string(series[i].labels))] = refs[i]
	}
}
