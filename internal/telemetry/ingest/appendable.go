package ingest

import (
	"context"
	"strings"
	"sync"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/metadata"
	"github.com/prometheus/prometheus/storage"

	"diapason/internal/telemetry/embedded"
)

// appendable passes samples on to the store, notes what they say of their metrics, and,
// for a request that asks for it, goes on after a refused sample where Prometheus' OTLP
// handler would give up the whole request.
type appendable struct {
	to    storage.AppendableV2
	known *knowledge
}

type refusalsKey struct{}

// lenient makes the appenders of a context count refused samples.
func lenient(ctx context.Context, f *refusals) context.Context {
	return context.WithValue(ctx, refusalsKey{}, f)
}

func (a *appendable) AppenderV2(ctx context.Context) storage.AppenderV2 {
	f, _ := ctx.Value(refusalsKey{}).(*refusals)
	inner := a.to.AppenderV2(ctx)
	out := &appender{AppenderV2: inner, known: a.known, refusals: f}
	out.exemplars, _ = inner.(storage.ExemplarAppenderV2)
	return out
}

type appender struct {
	storage.AppenderV2
	exemplars storage.ExemplarAppenderV2
	known     *knowledge
	refusals  *refusals
}

func (a *appender) Append(ref storage.SeriesRef, ls labels.Labels, st, t int64, v float64, h *histogram.Histogram, fh *histogram.FloatHistogram, o storage.AOptions) (storage.SeriesRef, error) {
	if ref == 0 && !o.Metadata.IsEmpty() {
		a.known.note(o.MetricFamilyName, ls, o.Metadata)
	}
	got, err := a.AppenderV2.Append(ref, ls, st, t, v, h, fh, o)
	if a.refusals == nil {
		return got, err
	}
	if err != nil && embedded.Refusal(err) {
		a.refusals.add(err)
		return got, nil
	}
	a.refusals.stored++
	return got, err
}

func (a *appender) AppendExemplars(ref storage.SeriesRef, ls labels.Labels, e []exemplar.Exemplar) (storage.SeriesRef, error) {
	if a.exemplars == nil {
		return ref, nil
	}
	return a.exemplars.AppendExemplars(ref, ls, e)
}

// mostMetrics is how many metrics are known by type, help and unit at most.
const mostMetrics = 20_000

// knowledge is what senders said of their metrics: kept in memory, for the editors of
// queries; the store itself holds none.
type knowledge struct {
	mu sync.RWMutex
	of map[string]metadata.Metadata // by metric family
}

func (k *knowledge) note(family string, ls labels.Labels, m metadata.Metadata) {
	if family == "" {
		family = familyOf(ls.Get(model.MetricNameLabel), m.Type)
	}
	k.mu.RLock()
	known, ok := k.of[family]
	full := len(k.of) >= mostMetrics
	k.mu.RUnlock()
	if ok && known.Equals(m) || !ok && full {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil {
		k.of = map[string]metadata.Metadata{}
	}
	k.of[strings.Clone(family)] = metadata.Metadata{Type: m.Type, Unit: strings.Clone(m.Unit), Help: strings.Clone(m.Help)}
}

// familyOf takes from the name of a series what histograms and summaries add to it.
func familyOf(name string, t model.MetricType) string {
	if t != model.MetricTypeHistogram && t != model.MetricTypeSummary {
		return name
	}
	for _, suffix := range []string{"_bucket", "_count", "_sum"} {
		if f, ok := strings.CutSuffix(name, suffix); ok {
			return f
		}
	}
	return name
}

// all calls f with each metric until it returns false.
func (k *knowledge) all(f func(family string, m metadata.Metadata) bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for family, m := range k.of {
		if !f(family, m) {
			return
		}
	}
}
