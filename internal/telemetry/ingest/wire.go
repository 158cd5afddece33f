package ingest

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/metadata"
	"github.com/prometheus/prometheus/prompb"
)

// written is a prometheus.WriteRequest as it is read: series keep the bytes of their
// labels, and only what is stored is taken apart. It is used again for the next request.
type written struct {
	series   []writtenSeries
	samples  []prompb.Sample
	metadata []prompb.MetricMetadata
}

// writtenSeries is one series of a request. Its slices point into the request.
type writtenSeries struct {
	labels     []byte // the labels as they are encoded, one after the other
	from, to   int    // its samples in written.samples
	exemplars  []prompb.Exemplar
	histograms []prompb.Histogram
}

var (
	errWire = errors.New("a field is cut off or of another type than its definition says")
	err2    = errors.New("it is a request of Remote Write 2.0, which its content type must say: application/x-protobuf;proto=io.prometheus.write.v2.Request")
)

// Fields of prometheus.WriteRequest, prometheus.TimeSeries, prometheus.Label and
// prometheus.Sample (prompb/remote.proto, prompb/types.proto), as they stand on the wire:
// number and type in one.
const (
	wireVarint, wireFixed64, wireBytes, wireFixed32 = 0, 1, 2, 5

	fieldSeries    = 1<<3 | wireBytes
	fieldMetadata  = 3<<3 | wireBytes
	fieldSymbols2  = 4<<3 | wireBytes // of io.prometheus.write.v2.Request
	fieldSeries2   = 5<<3 | wireBytes
	fieldLabel     = 1<<3 | wireBytes
	fieldSample    = 2<<3 | wireBytes
	fieldExemplar  = 3<<3 | wireBytes
	fieldHistogram = 4<<3 | wireBytes
	fieldName      = 1<<3 | wireBytes
	fieldText      = 2<<3 | wireBytes
	fieldValue     = 1<<3 | wireFixed64
	fieldTimestamp = 2<<3 | wireVarint
)

// cut takes one field off a message: its tag, its number where it is one, its bytes where
// it has any, and where the rest begins.
func cut(b []byte) (tag, number uint64, data []byte, size int, err error) {
	tag, size = binary.Uvarint(b)
	if size <= 0 || tag>>3 == 0 {
		return 0, 0, nil, 0, errWire
	}
	switch tag & 7 {
	case wireVarint:
		v, n := binary.Uvarint(b[size:])
		if n <= 0 {
			return 0, 0, nil, 0, errWire
		}
		return tag, v, nil, size + n, nil
	case wireFixed64:
		if len(b) < size+8 {
			return 0, 0, nil, 0, errWire
		}
		return tag, binary.LittleEndian.Uint64(b[size:]), nil, size + 8, nil
	case wireFixed32:
		if len(b) < size+4 {
			return 0, 0, nil, 0, errWire
		}
		return tag, uint64(binary.LittleEndian.Uint32(b[size:])), nil, size + 4, nil
	case wireBytes:
		length, n := binary.Uvarint(b[size:])
		if n <= 0 || length > uint64(len(b)-size-n) {
			return 0, 0, nil, 0, errWire
		}
		size += n
		return tag, 0, b[size : size+int(length)], size + int(length), nil
	}
	return 0, 0, nil, 0, errWire // groups among them: the definition has none
}

// read reads a request. What it keeps points into data.
func (w *written) read(data []byte) error {
	clear(w.series) // lets go of the request before
	w.series, w.samples, w.metadata = w.series[:0], w.samples[:0], w.metadata[:0]
	for len(data) > 0 {
		tag, _, field, size, err := cut(data)
		if err != nil {
			return err
		}
		data = data[size:]
		switch tag {
		case fieldSeries:
			if err := w.readSeries(field); err != nil {
				return err
			}
		case fieldMetadata:
			var m prompb.MetricMetadata
			if err := m.Unmarshal(field); err != nil {
				return err
			}
			w.metadata = append(w.metadata, m)
		case fieldSymbols2, fieldSeries2: // taken for 1.0, all of it would be lost without a word
			return err2
		}
	}
	return nil
}

func (w *written) readSeries(data []byte) error {
	s := writtenSeries{from: len(w.samples)}
	together := true   // the labels stand side by side, so far
	var first, end int // where they do
	for at := 0; at < len(data); {
		tag, _, field, size, err := cut(data[at:])
		if err != nil {
			return err
		}
		switch tag {
		case fieldLabel:
			switch {
			case end == 0:
				first, end = at, at+size
			case together && end == at:
				end += size
			case together: // something stands between them: they are copied
				together = false
				s.labels = append(s.labels, data[first:end]...)
				fallthrough
			default:
				s.labels = append(s.labels, data[at:at+size]...)
			}
		case fieldSample:
			sample, err := readSample(field)
			if err != nil {
				return err
			}
			w.samples = append(w.samples, sample)
		case fieldExemplar:
			s.exemplars = append(s.exemplars, prompb.Exemplar{})
			if err := s.exemplars[len(s.exemplars)-1].Unmarshal(field); err != nil {
				return err
			}
		case fieldHistogram:
			s.histograms = append(s.histograms, prompb.Histogram{})
			if err := s.histograms[len(s.histograms)-1].Unmarshal(field); err != nil {
				return err
			}
		}
		at += size
	}
	if together {
		s.labels = data[first:end:end]
	}
	s.to = len(w.samples)
	w.series = append(w.series, s)
	return nil
}

func readSample(data []byte) (s prompb.Sample, err error) {
	for len(data) > 0 {
		tag, number, _, size, err := cut(data)
		if err != nil {
			return s, err
		}
		data = data[size:]
		switch tag {
		case fieldValue:
			s.Value = math.Float64frombits(number)
		case fieldTimestamp:
			s.Timestamp = int64(number)
		}
	}
	return s, nil
}

// readLabels gives the labels of a series, in the order of their names.
func readLabels(data []byte, b *labels.ScratchBuilder) (labels.Labels, error) {
	b.Reset()
	for len(data) > 0 {
		_, _, label, size, err := cut(data)
		if err != nil {
			return labels.EmptyLabels(), err
		}
		data = data[size:]
		var name, text []byte
		for len(label) > 0 {
			tag, _, field, size, err := cut(label)
			if err != nil {
				return labels.EmptyLabels(), err
			}
			label = label[size:]
			switch tag {
			case fieldName:
				name = field
			case fieldText:
				text = field
			}
		}
		b.Add(string(name), string(text))
	}
	b.Sort()
	return b.Labels(), nil
}

// metadataOf is what a sender says of a metric.
func metadataOf(m *prompb.MetricMetadata) metadata.Metadata {
	kind := model.MetricTypeUnknown
	if name, ok := prompb.MetricMetadata_MetricType_name[int32(m.Type)]; ok {
		kind = model.MetricType(strings.ToLower(name))
	}
	return metadata.Metadata{Type: kind, Unit: m.Unit, Help: m.Help}
}
