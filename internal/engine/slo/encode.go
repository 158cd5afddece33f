package slo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// The bytes of a day, format 1:
//
//	byte     1, the format
//	varint   number of the day
//	uvarint  number of runs; what follows is absent where it is 0
//	byte     flags: 1 events are counted, 2 all counts are whole events
//	byte     order of the minutes, then, where events are counted, of totals and of bads
//	bits     for each run: state (0 that of the run before, or 1 and which of the two
//	         others; good comes before the first), minutes − 1, and for known runs where
//	         events are counted: total less that of the known run before (zigzag), and
//	         bad events where the total is not 0
//
// Numbers in the bits are exponential Golomb codes of an order that follows from their
// mean; the last byte is filled with zeros. A quiet day takes 9 bytes.
const formatDay = 1

const (
	flagCounts = 1 << iota
	flagWhole
)

// EncodeDay gives the bytes of a valid day in its normal form: the same evidence, the same
// bytes. The error says what is not valid.
func EncodeDay(d Day) ([]byte, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	d = d.Normal()
	out := make([]byte, 0, 16)
	out = append(out, formatDay)
	out = binary.AppendVarint(out, int64(d.Number))
	out = binary.AppendUvarint(out, uint64(len(d.Runs)))
	if len(d.Runs) == 0 {
		return out, nil
	}
	flags, unit := shapeOf(d.Runs)
	minutes, totals, bads := streams(d.Runs, flags, unit)
	out = append(out, flags, byte(minutes.order()))
	if flags&flagCounts != 0 {
		out = append(out, byte(totals.order()), byte(bads.order()))
	}
	w := bitWriter{out: out}
	km, kt, kb := minutes.order(), totals.order(), bads.order()
	before, state := Count(0), Good
	for _, r := range d.Runs {
		if r.State == state {
			w.write(0, 1)
		} else {
			w.write(2|uint64((r.State+2-state)%3), 2)
		}
		state = r.State
		w.golomb(uint64(r.Minutes-1), km)
		if flags&flagCounts != 0 && r.State != Unknown {
			w.golomb(zigzag(int64(r.Total/unit-before/unit)), kt)
			if r.Total != 0 {
				w.golomb(uint64((r.Total-r.Good)/unit), kb)
			}
			before = r.Total
		}
	}
	return w.close(), nil
}

func shapeOf(runs []Run) (flags byte, unit Count) {
	flags, unit = flagWhole, 1000
	for _, r := range runs {
		if r.Total != 0 {
			flags |= flagCounts
		}
		if r.Total%1000 != 0 || r.Good%1000 != 0 {
			flags, unit = flags&^flagWhole, 1
		}
	}
	return flags, unit
}

// stream is what is known of numbers that are coded together.
type stream struct{ sum, n uint64 }

func (s *stream) add(v uint64) { s.sum, s.n = s.sum+v, s.n+1 }

// order is that of the exponential Golomb code, about the binary logarithm of the mean.
func (s *stream) order() uint {
	if s.n == 0 || s.sum < s.n {
		return 0
	}
	return uint(bits.Len64(s.sum/s.n)) - 1
}

func streams(runs []Run, flags byte, unit Count) (minutes, totals, bads stream) {
	before := Count(0)
	for _, r := range runs {
		minutes.add(uint64(r.Minutes - 1))
		if flags&flagCounts != 0 && r.State != Unknown {
			totals.add(zigzag(int64(r.Total/unit - before/unit)))
			if r.Total != 0 {
				bads.add(uint64((r.Total - r.Good) / unit))
			}
			before = r.Total
		}
	}
	return minutes, totals, bads
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// ErrEvidence is what DecodeDay answers for bytes that are no day.
var ErrEvidence = errors.New("the bytes are no day of evidence")

func noDay(what string) error { return fmt.Errorf("%w: %s", ErrEvidence, what) }

// DecodeDay reads the bytes of EncodeDay, and nothing else: bytes that EncodeDay would not
// have written are ErrEvidence with what is wrong.
func DecodeDay(b []byte) (Day, error) {
	if len(b) == 0 {
		return Day{}, noDay("nothing is there")
	}
	if b[0] != formatDay {
		return Day{}, noDay(fmt.Sprintf("format %d is not known; this version reads format %d", b[0], formatDay))
	}
	number, n := binary.Varint(b[1:])
	if n <= 0 || n > 1 && b[n] == 0 || number < -maxDay || number > maxDay {
		return Day{}, noDay("the number of the day cannot be read")
	}
	b = b[1+n:]
	runs, n := binary.Uvarint(b)
	if n <= 0 || n > 1 && b[n-1] == 0 || runs > DayMinutes {
		return Day{}, noDay("the number of runs cannot be read")
	}
	b = b[n:]
	d := Day{Number: int(number)}
	if runs == 0 {
		if len(b) > 0 {
			return Day{}, noDay("something follows its end")
		}
		return d, nil
	}
	return d, d.decodeRuns(b, int(runs))
}

func (d *Day) decodeRuns(b []byte, runs int) error {
	head := 2
	if len(b) > 0 && b[0]&flagCounts != 0 {
		head = 4
	}
	if len(b) < head {
		return noDay("it is cut short")
	}
	flags := b[0]
	if flags > flagCounts|flagWhole {
		return noDay("its flags are not known")
	}
	var orders [3]uint
	for i, k := range b[1:head] {
		if k > 50 {
			return noDay("an order is out of range")
		}
		orders[i] = uint(k)
	}
	r := bitReader{in: b[head:]}
	if 8*len(r.in) < 2*runs { // each run has at least a bit of state and one of length
		return noDay("it is cut short")
	}
	unit := Count(1)
	if flags&flagWhole != 0 {
		unit = 1000
	}
	d.Runs = make([]Run, 0, runs)
	before, minutes, state := Count(0), 0, Good // before in units
	var lengths, totals, bads stream
	for range runs {
		if r.read(1) == 1 {
			state = (state + 1 + State(r.read(1))) % 3
		}
		run := Run{State: state}
		length := r.golomb(orders[0])
		if length >= DayMinutes {
			return d.refuse("a run cannot be read")
		}
		lengths.add(length)
		run.Minutes = int(length) + 1
		minutes += run.Minutes
		if flags&flagCounts != 0 && run.State != Unknown {
			step := r.golomb(orders[1])
			total := before + Count(unzigzag(step))
			if total < 0 || total > MaxCount/unit {
				return d.refuse("events are out of range")
			}
			totals.add(step)
			bad := uint64(0)
			if total != 0 {
				bad = r.golomb(orders[2])
				bads.add(bad)
			}
			if bad > uint64(total) {
				return d.refuse("more bad events than events")
			}
			run.Total, run.Good = total*unit, (total-Count(bad))*unit
			before = total
		}
		d.Runs = append(d.Runs, run)
	}
	switch {
	case r.failed || !r.atEnd():
		return d.refuse("it is cut short or something follows its end")
	case minutes > DayMinutes:
		return d.refuse("it has more minutes than a day")
	case !d.isNormal():
		return d.refuse("it is not in normal form")
	}
	if want, _ := shapeOf(d.Runs); want != flags {
		return d.refuse("its flags do not fit its counts")
	}
	if lengths.order() != orders[0] || totals.order() != orders[1] || bads.order() != orders[2] {
		return d.refuse("its orders do not fit its numbers")
	}
	return nil
}

func (d *Day) refuse(what string) error {
	*d = Day{}
	return noDay(what)
}
