package relational

import (
	"context"
	"sync"

	"diapason/internal/store"
)

// Hub tells watchers of this process that the head has grown. A slow watcher
// finds the latest head only: each channel holds one value, replaced in place.
type Hub struct {
	mu       sync.Mutex
	head     store.Seq
	watchers map[*watcher]struct{}
	closed   bool
}

type watcher struct {
	ch   chan store.Seq
	sent store.Seq
}

func newHub() *Hub { return &Hub{watchers: map[*watcher]struct{}{}} }

// Advance makes a new head known; one that is not new changes nothing.
func (h *Hub) Advance(head store.Seq) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if head <= h.head || h.closed {
		return
	}
	h.head = head
	for w := range h.watchers {
		w.offer(head)
	}
}

// offer runs under the hub's lock: nobody else sends on the channel.
func (w *watcher) offer(head store.Seq) {
	if head <= w.sent {
		return
	}
	select {
	case <-w.ch:
	default:
	}
	w.ch <- head
	w.sent = head
}

// Close ends every watch.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for w := range h.watchers {
		close(w.ch)
		delete(h.watchers, w)
	}
}

// Watch implements store.Log.
func (l *Log) Watch(ctx context.Context, after store.Seq) <-chan store.Seq {
	h := l.hub
	w := &watcher{ch: make(chan store.Seq, 1), sent: after}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(w.ch)
		return w.ch
	}
	h.watchers[w] = struct{}{}
	w.offer(h.head)
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if _, there := h.watchers[w]; there {
			delete(h.watchers, w)
			close(w.ch)
		}
	})
	return w.ch
}
