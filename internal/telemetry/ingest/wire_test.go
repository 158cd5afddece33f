package ingest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage"
)

// asPrometheusReads compares what is read of a request with what the generated code of
// Prometheus reads.
func asPrometheusReads(t *testing.T, data []byte) {
	t.Helper()
	var want prompb.WriteRequest
	wantErr := want.Unmarshal(data)
	var got written
	gotErr := got.read(data)
	builder := labels.NewScratchBuilder(4)
	if gotErr == nil {
		for _, s := range got.series {
			if _, err := readLabels(s.labels, &builder); err != nil {
				gotErr = err
			}
		}
	}
	if wantErr != nil || gotErr != nil {
		return // nonsense, which the two readers end at different places
	}
	if len(got.series) != len(want.Timeseries) || len(got.metadata) != len(want.Metadata) {
		t.Fatalf("%d series, %d of metadata; want %d, %d", len(got.series), len(got.metadata), len(want.Timeseries), len(want.Metadata))
	}
	for i, s := range got.series {
		w := &want.Timeseries[i]
		named, _ := readLabels(s.labels, &builder)
		if wanted := w.ToLabels(&builder, nil); !labels.Equal(named, wanted) {
			t.Fatalf("labels %s, want %s", named, wanted)
		}
		samples := got.samples[s.from:s.to]
		if !slices.EqualFunc(samples, w.Samples, func(a, b prompb.Sample) bool {
			return a.Timestamp == b.Timestamp && math.Float64bits(a.Value) == math.Float64bits(b.Value)
		}) {
			t.Fatalf("samples %v, want %v", samples, w.Samples)
		}
		if len(s.exemplars) != len(w.Exemplars) || len(s.histograms) != len(w.Histograms) {
			t.Fatalf("%d exemplars, %d histograms; want %d, %d", len(s.exemplars), len(s.histograms), len(w.Exemplars), len(w.Histograms))
		}
	}
}

func example() []byte {
	w := prompb.WriteRequest{
		Metadata: []prompb.MetricMetadata{{Type: prompb.MetricMetadata_COUNTER, MetricFamilyName: "requests_total", Help: "Requests."}},
		Timeseries: []prompb.TimeSeries{
			{Labels: []prompb.Label{{Name: "__name__", Value: "requests_total"}, {Name: "job", Value: ""}}, Samples: []prompb.Sample{{Timestamp: -5, Value: math.NaN()}, {Timestamp: 1 << 40, Value: 3}}},
			{Samples: []prompb.Sample{{}}},
			{Labels: []prompb.Label{{Name: "b", Value: "2"}, {Name: "a", Value: "1"}}, Exemplars: []prompb.Exemplar{{Labels: []prompb.Label{{Name: "trace", Value: "x"}}, Value: 1}}, Histograms: []prompb.Histogram{{Sum: 5}}},
		},
	}
	data, err := w.Marshal()
	if err != nil {
		panic(err)
	}
	return data
}

// torn is a series whose labels stand apart, as no sender writes them but the format
// allows.
func torn() []byte {
	label := func(name, value string) []byte {
		l := prompb.Label{Name: name, Value: value}
		data, _ := l.Marshal()
		return append([]byte{fieldLabel, byte(len(data))}, data...)
	}
	sample := prompb.Sample{Timestamp: 7, Value: 1}
	data, _ := sample.Marshal()
	series := slices.Concat(label("__name__", "up"), label("a", "1"), append([]byte{fieldSample, byte(len(data))}, data...), label("b", "2"), label("c", "3"))
	return append([]byte{fieldSeries, byte(len(series))}, series...)
}

func TestRequestsAreReadAsPrometheusReadsThem(t *testing.T) {
	for _, data := range [][]byte{nil, example(), torn(), append(example(), torn()...), {0x7a, 1, 'x'}} {
		if err := new(written).read(data); err != nil {
			t.Errorf("%x is not read: %v", data, err)
		}
		asPrometheusReads(t, data)
		for n := range data { // cut off anywhere
			asPrometheusReads(t, data[:n])
		}
		if len(data) > 0 && new(written).read(data[:len(data)-1]) == nil {
			t.Errorf("%x is read though its end is missing", data)
		}
	}
}

func FuzzReadRequest(f *testing.F) {
	f.Add(example())
	f.Add(torn())
	f.Fuzz(asPrometheusReads)
}

func TestReferencesAreKeptForTwoGenerations(t *testing.T) {
	var r references
	series := make([]writtenSeries, mostReferences+10)
	refs, all := make([]storage.SeriesRef, len(series)), make([]int, len(series))
	for i := range series {
		series[i].labels, refs[i], all[i] = fmt.Append(nil, i), storage.SeriesRef(i+1), i
	}
	r.keep(series, refs, all)
	found := make([]storage.SeriesRef, len(series))
	aged := r.find(series, found)
	if !slices.Equal(found, refs) || len(aged) != mostReferences {
		t.Fatalf("%d are of the older generation", len(aged))
	}
	r.keep(series, refs, aged[:20]) // those that are used become young again
	for i := range series {
		series[i].labels, refs[i] = fmt.Append(nil, "other ", i), storage.SeriesRef(i+1)
	}
	r.keep(series, refs, all[:mostReferences-30])
	if n := len(r.young) + len(r.aged); n > 2*mostReferences {
		t.Errorf("%d references are kept", n)
	}
	if r.find([]writtenSeries{{labels: []byte("3")}, {labels: []byte("700")}}, found); found[0] != 4 {
		t.Errorf("a series in use was forgotten: %v", found[:2])
	}
}
