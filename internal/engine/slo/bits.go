package slo

import "math/bits"

// bitWriter appends bits to bytes, the highest bit first.
type bitWriter struct {
	out  []byte
	held uint64 // bits not yet written, at the low end
	n    uint   // how many, at most 7 between calls
}

func (w *bitWriter) write(v uint64, n uint) {
	for n > 32 {
		w.write(v>>(n-32)&(1<<32-1), 32)
		n -= 32
	}
	w.held = w.held<<n | v&(1<<n-1)
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.held>>(w.n-8)))
	}
}

// golomb writes v < 2^62 in the exponential Golomb code of an order.
func (w *bitWriter) golomb(v uint64, order uint) {
	q := v>>order + 1
	n := uint(bits.Len64(q))
	w.write(0, n-1)
	w.write(q, n)
	w.write(v&(1<<order-1), order)
}

func (w *bitWriter) close() []byte {
	if w.n > 0 {
		w.out = append(w.out, byte(w.held<<(8-w.n)))
	}
	return w.out
}

// bitReader reads what bitWriter wrote; beyond the end it reads zeros and has failed.
type bitReader struct {
	in     []byte
	at     uint // in bits
	failed bool
}

func (r *bitReader) read(n uint) uint64 {
	v := uint64(0)
	for n > 0 {
		i := r.at / 8
		if i >= uint(len(r.in)) {
			r.failed = true
			return 0
		}
		free := 8 - r.at%8
		take := min(free, n)
		v = v<<take | uint64(r.in[i])>>(free-take)&(1<<take-1)
		r.at += take
		n -= take
	}
	return v
}

func (r *bitReader) golomb(order uint) uint64 {
	n := uint(0)
	for r.read(1) == 0 {
		if n++; n > 62 || r.failed {
			r.failed = true
			return 0
		}
	}
	if n+order > 62 {
		r.failed = true
		return 0
	}
	q := 1<<n | r.read(n)
	return (q-1)<<order | r.read(order)
}

// atEnd tells that all that is left are zeros that fill the last byte.
func (r *bitReader) atEnd() bool {
	left := uint(len(r.in))*8 - r.at
	return left < 8 && r.read(left) == 0
}
