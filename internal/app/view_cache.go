package app

import (
	"context"
	"sync"

	"diapason/internal/app/assess"
	"diapason/internal/model"
	"diapason/internal/store"
)

// View says which model is looked at: an entry of the log (0: the newest), a
// date (zero: today), and a draft laid over it ("" for none).
type View struct {
	Seq   int64
	On    model.Date
	Draft string
}

// IsNow reports the ordinary view.
func (v View) IsNow() bool { return v.Seq == 0 && v.On.IsZero() && v.Draft == "" }

// viewCache keeps the last few views that are not the ordinary one.
type viewCache struct {
	mu    sync.Mutex
	items []viewItem
}

type viewItem struct {
	seq   int64
	on    model.Date
	state *State
}

const viewsKept = 4

func (c *viewCache) get(seq int64, on model.Date) *State {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, it := range c.items {
		if it.seq == seq && it.on == on {
			c.items = append(append(c.items[:i:i], c.items[i+1:]...), it)
			return it.state
		}
	}
	return nil
}

func (c *viewCache) put(s *State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items = append(c.items, viewItem{s.Snap.Seq, s.On, s})
	if len(c.items) > viewsKept {
		c.items = c.items[1:]
	}
}

// At gives the state of a view. Past entries are read from the log; the last
// few views are remembered.
func (a *App) At(ctx context.Context, v View) (*State, error) {
	base, err := a.base(ctx, v)
	if err != nil || v.Draft == "" {
		return base, err
	}
	d, err := a.store.GetDraft(ctx, v.Draft)
	if err != nil {
		return nil, fromStore(err, v.Draft)
	}
	puts, deletes, err := a.draftObjects(ctx, base.Snap, d)
	if err != nil {
		return nil, err
	}
	return a.overlay(ctx, base, puts, deletes)
}

func (a *App) base(ctx context.Context, v View) (*State, error) {
	head := a.Head().Seq
	if v.Seq > head {
		return nil, notFound("#" + model.Quantity{Value: float64(v.Seq)}.String())
	}
	now := v.Seq == 0 || v.Seq == head
	on := v.On
	if on.IsZero() {
		on = a.Today()
	}
	if now && on == a.Today() {
		return a.Current(ctx, head)
	}
	seq := v.Seq
	if seq == 0 {
		seq = head
	}
	if s := a.views.get(seq, on); s != nil {
		return s, nil
	}
	snap := a.Head()
	if !now {
		var err error
		if snap, err = a.load(ctx, store.Seq(seq)); err != nil {
			return nil, err
		}
	}
	baseline, err := a.baseline(ctx)
	if err != nil {
		return nil, err
	}
	s := newState(assess.Full(assess.Facts(snap, on)), baseline)
	a.views.put(s)
	return s, nil
}

// overlay lays changes over a state and runs the rules that they reach.
func (a *App) overlay(ctx context.Context, base *State, puts []*model.Object, deletes []model.Ref) (*State, error) {
	if len(puts)+len(deletes) == 0 {
		return base, nil
	}
	changed := append([]model.Ref{}, deletes...)
	for _, o := range puts {
		changed = append(changed, o.Ref())
	}
	snap := base.Snap.With(base.Snap.Seq, puts, deletes)
	baseline, err := a.baseline(ctx)
	if err != nil {
		return nil, err
	}
	return base.following(assess.Delta(base.Result, assess.Facts(snap, base.On), changed), baseline), nil
}

// SnapshotAt gives the model as of an entry of the log, the newest for 0.
func (a *App) SnapshotAt(ctx context.Context, seq int64) (*model.Snapshot, error) {
	head := a.Head()
	if seq == 0 || seq == head.Seq {
		return head, nil
	}
	if seq < 0 || seq > head.Seq {
		return nil, notFound("#" + model.Quantity{Value: float64(seq)}.String())
	}
	return a.load(ctx, store.Seq(seq))
}
