package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"diapason/internal/app/assess"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/notify"
	"diapason/internal/store"
	"diapason/internal/store/ledger"
	"diapason/internal/telemetry"
)

// Options of an App.
type Options struct {
	Store     store.Store
	Directory *identity.Directory // nil on the command line, where the operator acts
	Now       func() time.Time
	// Pace is how many times as fast as the process's own time Now runs; 1 when zero. It
	// is for tests that cannot wait for minutes to pass.
	Pace float64
	// On fixes the date on which everything is seen; zero follows the clock. The
	// example organisation is written for one date.
	On  model.Date
	Log *slog.Logger
	// Ledger keeps the evidence; nil where there is none, such as for a model on disk.
	Ledger ledger.Ledger
	// Beside says that this is no server: it records no evidence by itself.
	Beside bool
	// Metrics answers queries for the recorder of evidence; nil where nobody measures.
	Metrics telemetry.Querier
	// RecordAfter is how long after the end of a UTC day its evidence is recorded, for
	// late data; DefaultRecordAfter when zero.
	RecordAfter time.Duration
	// Channels are what notifications are sent through; nil where nothing is sent.
	Channels *notify.Channels
}

// App is the use cases over one store. It is safe for concurrent use.
type App struct {
	store     store.Store
	directory *identity.Directory
	authz     *identity.Authorizer
	now       func() time.Time
	fixed     model.Date
	log       *slog.Logger
	evidence  *evidence // nil without a ledger
	channels  *notify.Channels
	outbox    outbox

	advance sync.Mutex // one goroutine brings the model forward at a time
	head    atomic.Pointer[model.Snapshot]
	moved   *signal

	assessed   atomic.Pointer[State]
	assessedOn *signal
	waiting    atomic.Int32  // how many wait for the rules
	awaited    chan struct{} // somebody began to

	views     viewCache
	baselines atomic.Pointer[baselineCache]
	search    atomic.Pointer[searchIndex]
	pub       publications
	standings standings
	pulls     pulling
	prober    atomic.Pointer[Prober]

	stop context.CancelFunc
	done sync.WaitGroup
}

// Open loads the model and starts following the log.
func Open(ctx context.Context, o Options) (*App, error) {
	authz, err := identity.NewAuthorizer()
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{store: o.Store, directory: o.Directory, authz: authz, now: o.Now, fixed: o.On, log: o.Log, channels: o.Channels, moved: newSignal(), assessedOn: newSignal(), awaited: make(chan struct{}, 1)}
	if o.Ledger != nil {
		a.evidence = newEvidence(o)
	}
	snap, err := a.load(ctx, store.AtHead)
	if err != nil {
		return nil, err
	}
	a.head.Store(snap)
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	a.done.Go(func() { a.follow(run) })
	a.done.Go(func() { a.keepAssessed(run) })
	a.done.Go(func() { a.indexForSearch() })
	if o.Ledger != nil && o.Metrics != nil && !o.Beside {
		a.done.Go(func() { a.recordEvidence(run) })
	}
	return a, nil
}

// Close stops following the log. The store stays open.
func (a *App) Close() {
	a.stop()
	a.done.Wait()
	if a.evidence != nil {
		a.evidence.live.close()
	}
}

// Store gives the store behind the use cases, for what is not about the model.
func (a *App) Store() store.Store { return a.store }

// Ledger gives the evidence ledger; nil where there is none.
func (a *App) Ledger() ledger.Ledger {
	if a.evidence == nil {
		return nil
	}
	return a.evidence.ledger
}

// Directory gives the accounts.
func (a *App) Directory() *identity.Directory { return a.directory }

// Today is the date on which the model is seen when nobody says otherwise.
func (a *App) Today() model.Date {
	if !a.fixed.IsZero() {
		return a.fixed
	}
	loc, err := time.LoadLocation(a.head.Load().Organisation().Zone)
	if err != nil {
		loc = time.UTC
	}
	return model.DateOf(a.now().In(loc))
}

// Fixed reports that the date does not follow the clock.
func (a *App) Fixed() bool { return !a.fixed.IsZero() }

// Head is the newest snapshot.
func (a *App) Head() *model.Snapshot { return a.head.Load() }

// load reads the whole model at a seq; documents are decoded on all cores.
func (a *App) load(ctx context.Context, at store.Seq) (*model.Snapshot, error) {
	type job struct {
		i int
		v store.ObjectVersion
	}
	var (
		mu      sync.Mutex
		objects []*model.Object
		failed  error
		wg      sync.WaitGroup
		jobs    = make(chan []job, 8)
	)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for batch := range jobs {
				made := make([]*model.Object, len(batch))
				var bad error
				for n, j := range batch {
					if made[n], bad = objectOf(j.v); bad != nil {
						break
					}
				}
				mu.Lock()
				if bad != nil {
					failed = bad
				} else {
					for n, j := range batch {
						for len(objects) <= j.i {
							objects = append(objects, nil)
						}
						objects[j.i] = made[n]
					}
				}
				mu.Unlock()
			}
		})
	}
	const batchSize = 512
	var batch []job
	n := 0
	seq, err := a.store.Load(ctx, at, func(v store.ObjectVersion) error {
		batch = append(batch, job{n, v})
		n++
		if len(batch) == batchSize {
			jobs <- batch
			batch = nil
		}
		return nil
	})
	jobs <- batch
	close(jobs)
	wg.Wait()
	if err == nil {
		err = failed
	}
	if err != nil {
		return nil, err
	}
	snap, twice := model.NewSnapshot(int64(seq), objects)
	if len(twice) > 0 {
		return nil, fmt.Errorf("the log holds %s twice: run diapason fsck", twice[0].Ref())
	}
	return snap, nil
}

func objectOf(v store.ObjectVersion) (*model.Object, error) {
	o, err := model.FromDocument(v.Document)
	if err != nil {
		return nil, fmt.Errorf("%s/%s as of entry %d: %w: run diapason fsck", v.Kind, v.Name, v.From, err)
	}
	o.UID, o.Version = v.UID, int64(v.From)
	return o, nil
}

// follow brings the model forward whenever the log has grown, whoever wrote.
func (a *App) follow(ctx context.Context) {
	for seq := range a.store.Watch(ctx, store.Seq(a.Head().Seq)) {
		if err := a.reach(ctx, seq); err != nil && ctx.Err() == nil {
			a.log.Error("the model could not follow the log", "seq", seq, "error", err)
		}
	}
}

// reach makes sure that the model holds every entry up to seq.
func (a *App) reach(ctx context.Context, seq store.Seq) error {
	a.advance.Lock()
	defer a.advance.Unlock()
	head := a.Head()
	if head.Seq >= int64(seq) {
		return nil
	}
	var puts []*model.Object
	var deletes []model.Ref
	latest := map[string]int{} // uid → place in puts, so that the last version counts
	names := map[string]model.Ref{}
	err := a.store.Changes(ctx, store.Seq(head.Seq), seq, func(v store.ObjectVersion) error {
		if v.Deleted || v.ErasedBy != 0 {
			ref := model.Ref{Kind: v.Kind, Name: v.Name}
			if i, ok := latest[v.UID]; ok {
				ref = puts[i].Ref()
				puts[i] = nil
				delete(latest, v.UID)
			}
			deletes = append(deletes, ref)
			return nil
		}
		o, err := objectOf(v)
		if err != nil {
			return err
		}
		if i, ok := latest[v.UID]; ok {
			puts[i] = o
			return nil
		}
		latest[v.UID] = len(puts)
		names[v.UID] = o.Ref()
		puts = append(puts, o)
		return nil
	})
	if err != nil {
		return err
	}
	var changed []model.Ref
	kept := puts[:0]
	for _, o := range puts {
		if o != nil {
			kept = append(kept, o)
			changed = append(changed, o.Ref())
		}
	}
	changed = append(changed, deletes...)
	next := head.With(int64(seq), kept, deletes)
	a.noteForSearch(next, changed)
	a.head.Store(next)
	a.moved.raise(int64(seq))
	return nil
}

// changedSince lists the names that differ between two snapshots of the log.
func (a *App) changedSince(ctx context.Context, from, to int64) ([]model.Ref, error) {
	var refs []model.Ref
	err := a.store.Changes(ctx, store.Seq(from), store.Seq(to), func(v store.ObjectVersion) error {
		refs = append(refs, model.Ref{Kind: v.Kind, Name: v.Name})
		return nil
	})
	return refs, err
}

// State is the model at a view with everything the rules say about it.
type State struct {
	Snap   *model.Snapshot
	On     model.Date
	Result *assess.Result
	Judged []assess.Judged

	baseline *assess.Baseline
	related  sync.Map // model.Handle → []model.Handle, what a service rests on
	fronts   sync.Map // model.Handle → []availability.Point

	hashOnce sync.Once
	hash     [32]byte
	recent   lately // dates reached, for notices
}

// Hash is the model hash of the state, computed when first asked for.
func (s *State) Hash() [32]byte {
	s.hashOnce.Do(func() { s.hash = s.Snap.Hash() })
	return s.hash
}

func newState(r *assess.Result, b *assess.Baseline) *State {
	return &State{Snap: r.Facts.Snap, On: r.Facts.On, Result: r, Judged: r.Judge(b), baseline: b}
}

// following is newState for a result derived from that of a state.
func (s *State) following(r *assess.Result, b *assess.Baseline) *State {
	if s.baseline != b {
		return newState(r, b)
	}
	return &State{Snap: r.Facts.Snap, On: r.Facts.On, Result: r, Judged: r.JudgeAfter(s.Result, s.Judged, b), baseline: b}
}

// signal tells waiting goroutines that a sequence number has been reached.
type signal struct {
	mu   sync.Mutex
	seq  int64
	wait chan struct{}
}

func newSignal() *signal { return &signal{seq: -1, wait: make(chan struct{})} }

func (s *signal) raise(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq = max(s.seq, seq)
	close(s.wait)
	s.wait = make(chan struct{})
}

// after gives a channel that closes at once when seq was passed, else at the
// next raise.
func (s *signal) after(seq int64) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seq > seq {
		c := make(chan struct{})
		close(c)
		return c
	}
	return s.wait
}
