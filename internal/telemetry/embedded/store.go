// Package embedded is a Prometheus TSDB with its query engine in this process: the
// metrics store of an installation that has no other. Its semantics are Prometheus' own.
//
// The settings differ from Prometheus' defaults where those are wrong for service levels:
// 400 days are kept (a year and the month that settles it), blocks grow to 10 days (a
// year is some 40 of them rather than 4 400), samples may be a week late (an agent that
// was cut off over a long weekend sends what it kept), the write-ahead log is compressed.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/util/compression"

	"diapason/internal/telemetry"
)

// What is used where Options leave something at zero.
const (
	DefaultRetention  = 400 * 24 * time.Hour
	DefaultLate       = 7 * 24 * time.Hour
	DefaultTimeout    = 30 * time.Second
	DefaultMaxSamples = 10_000_000 // 160 MB at 16 bytes each

	// Lookback is how long a value counts as current, as in Prometheus.
	Lookback = 5 * time.Minute
	// maxBlock is the length of the longest block: 2 h × 3 × 3 × 3 × 3 = 162 h, the last
	// step of the ladder below 10 days, so about a week.
	maxBlock = 10 * 24 * time.Hour
	// maxAhead is how far in the future a sample may lie. One sample far ahead would make
	// everything after it too old; Remote Write and scraping allow the same.
	maxAhead = 10 * time.Minute
	// maxExpression is the longest expression taken, maxBare the longest without what stands
	// in quotes, in bytes.
	maxExpression = 64 << 10
	maxBare       = 8 << 10
	// maxPoints is the most that one call of Range answers: almost two years of minutes.
	maxPoints = 1_000_000
	// maxExemplars is how many examples (of traces, as a rule) are kept, in memory.
	maxExemplars = 20_000
	// shortestRetention is the shortest retention that makes sense: two blocks of the head.
	shortestRetention = 6 * time.Hour
)

// Options of the store.
type Options struct {
	// Folder holds the blocks and the write-ahead log; it is made where missing.
	Folder string
	// Retention is how long samples are kept.
	Retention time.Duration
	// Late is how much older than the newest sample one may be and still be taken.
	Late time.Duration
	// Timeout and MaxSamples bound one query.
	Timeout    time.Duration
	MaxSamples int
	// Concurrent is how many queries run at once; the others wait for their turn.
	Concurrent int
	Log        *slog.Logger
	// Registerer takes the store's own figures; nil keeps them to itself.
	Registerer prometheus.Registerer
	// Now is the clock by which samples are refused as too far ahead.
	Now func() time.Time
	// Pace is how many times as fast as the process's own time Now runs: 1 for a system's
	// clock, which is then not believed when it jumps ahead. With 0 it always is.
	Pace float64
}

// blockName is how the folder of a block is called: a ULID.
var blockName = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)

// ErrLocked says that another process has the folder open.
var ErrLocked = errors.New("another process has the metrics open")

// DamageError says which parts of the store cannot be read, and what to do.
type DamageError struct {
	Folder string
	Parts  []string // folders of the damaged parts, relative to Folder
	Cause  error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("the metrics in %s are damaged: %v. Move %s out of that folder and start again: the time that these parts hold becomes unknown, everything else stays",
		e.Folder, e.Cause, strings.Join(e.Parts, ", "))
}

// Unwrap gives the cause.
func (e *DamageError) Unwrap() error { return e.Cause }

// Store is the open metrics store. It is safe for concurrent use.
type Store struct {
	db     *tsdb.DB
	engine *promql.Engine
	parser parser.Parser
	folder string
	now    func() time.Time
	pace   float64
	clock  disbelief
}

var (
	_ telemetry.Querier  = (*Store)(nil)
	_ telemetry.Appender = (*Store)(nil)
)

// Open opens the store, replaying what its write-ahead log holds.
//
// A write-ahead log with a damaged tail is cut where the damage begins, with a warning in
// the log: what was acknowledged and is lost is at most the last two to three hours, and
// becomes unknown. A damaged block is a DamageError: nothing is deleted without a word.
func Open(o Options) (*Store, error) {
	o = o.withDefaults()
	if o.Retention < shortestRetention {
		return nil, fmt.Errorf("metrics cannot be kept for %s only: give at least %s", o.Retention, shortestRetention)
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the metrics cannot be made: %w", err)
	}
	if err := readableBlocks(o.Folder); err != nil {
		return nil, err
	}
	log := slog.New(atLeastWarnings{o.Log.Handler()}).With("part", "metrics")
	settings := tsdb.DefaultOptions()
	settings.RetentionDuration = o.Retention.Milliseconds()
	settings.MaxBlockDuration = min(maxBlock, max(o.Retention/10, 2*time.Hour)).Milliseconds()
	settings.OutOfOrderTimeWindow = o.Late.Milliseconds()
	settings.WALCompression = compression.Snappy
	settings.WALSegmentSize = 32 << 20
	settings.EnableExemplarStorage, settings.MaxExemplars = true, maxExemplars
	db, err := tsdb.Open(o.Folder, log, o.Registerer, settings, nil)
	if err != nil {
		return nil, openError(o.Folder, err)
	}
	grammar := parser.NewParser(parser.Options{})
	engine := promql.NewEngine(promql.EngineOpts{
		Logger: log, Reg: o.Registerer, Parser: grammar,
		MaxSamples: o.MaxSamples, Timeout: o.Timeout, ActiveQueryTracker: turns(make(chan struct{}, o.Concurrent)),
		LookbackDelta: Lookback, EnableAtModifier: true, EnableNegativeOffset: true,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() },
		// Without it the engine looks at the clock once per series only: a subquery in a
		// subquery goes on for long after its time is up.
		EnableQueryCost: true,
	})
	return &Store{db: db, engine: engine, parser: grammar, folder: o.Folder, now: o.Now, pace: o.Pace}, nil
}

func (o Options) withDefaults() Options {
	if o.Retention == 0 {
		o.Retention = DefaultRetention
	}
	if o.Late == 0 {
		o.Late = DefaultLate
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxSamples == 0 {
		o.MaxSamples = DefaultMaxSamples
	}
	if o.Concurrent == 0 {
		o.Concurrent = 4
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// readableBlocks finds blocks whose description cannot be read: the TSDB skips them with
// a line in its log, so that their time would be missing without anybody's knowledge.
func readableBlocks(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("the folder of the metrics cannot be read: %w", err)
	}
	damage := &DamageError{Folder: folder}
	for _, e := range entries {
		if !blockName.MatchString(e.Name()) || !e.IsDir() {
			continue
		}
		if _, err := tsdbMeta(filepath.Join(folder, e.Name())); err != nil {
			damage.Parts = append(damage.Parts, e.Name())
			damage.Cause = errors.Join(damage.Cause, err)
		}
	}
	if damage.Cause != nil {
		return damage
	}
	return nil
}

// openError says in words why the store does not open.
func openError(folder string, err error) error {
	if strings.Contains(err.Error(), "lock DB directory") && (errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES)) {
		return fmt.Errorf("%w: %s. Stop that process, or give this one another folder", ErrLocked, folder)
	}
	damage := &DamageError{Folder: folder, Cause: err}
	for _, word := range strings.FieldsFunc(err.Error(), func(r rune) bool { return strings.ContainsRune(" :/\n\"", r) }) {
		if blockName.MatchString(word) {
			damage.Parts = append(damage.Parts, word)
		}
	}
	if len(damage.Parts) > 0 {
		return damage
	}
	for _, part := range []string{"WAL", "WBL"} {
		if strings.Contains(err.Error(), "repair corrupted "+part) {
			damage.Parts = []string{strings.ToLower(part)}
			return damage
		}
	}
	return fmt.Errorf("the metrics in %s cannot be opened: %w", folder, err)
}

// Close ends queries, writes out what is in memory and releases the folder.
func (s *Store) Close() error { return errors.Join(s.engine.Close(), s.db.Close()) }

// Folder is where the store lies.
func (s *Store) Folder() string { return s.folder }

// Queryable gives the series themselves.
func (s *Store) Queryable() storage.Queryable { return s.db }

// Exemplars gives the examples of single measurements that came with samples.
func (s *Store) Exemplars() storage.ExemplarQueryable { return s.db }

// PromQL is the engine with the limits of the store, and its grammar.
func (s *Store) PromQL() (*promql.Engine, parser.Parser) { return s.engine, s.parser }

// Series is the number of series in memory: those written to lately.
func (s *Store) Series() uint64 { return s.db.Head().NumSeries() }

// Compact writes what is old enough from memory into blocks, as the store does by itself
// every two hours.
func (s *Store) Compact(ctx context.Context) error { return s.db.Compact(ctx) }

// Version is that of the engine as its servers are numbered: server 3.16.0 is the module
// v0.316.0 of go.mod.
const Version = "3.16.0"

// Engine says that this process answers.
func (s *Store) Engine(context.Context) (telemetry.Engine, error) {
	return telemetry.Engine{Name: "prometheus", Version: Version, Where: "embedded"}, nil
}

// atLeastWarnings keeps the TSDB's account of its daily work out of the log.
type atLeastWarnings struct{ slog.Handler }

func (h atLeastWarnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// Handle leaves out the TSDB's word that it replaced a lock file: it says so before it
// tries, of a file that every orderly stop leaves behind.
func (h atLeastWarnings) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, "A lockfile from a previous execution") {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h atLeastWarnings) WithAttrs(a []slog.Attr) slog.Handler {
	return atLeastWarnings{h.Handler.WithAttrs(a)}
}

func (h atLeastWarnings) WithGroup(name string) slog.Handler {
	return atLeastWarnings{h.Handler.WithGroup(name)}
}

// turns lets so many queries run at once as it has room for.
type turns chan struct{}

func (t turns) GetMaxConcurrent() int { return cap(t) }

func (t turns) Insert(ctx context.Context, _ string) (int, error) {
	select {
	case t <- struct{}{}:
		return 0, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (t turns) Delete(int) { <-t }

func (t turns) Close() error { return nil }
