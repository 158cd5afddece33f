package slo

import "math/bits"

// bitWriter appends bits to bytes, the highest bit first.
type bitWriter struct {
	out  []byte
	held uint64 // bits not yet written, at the low end
	n    uint   // how many, at most 7 between calls
}

func (w *bitWriter) write(v uint64, n uint) {
	if n > 32 {
		w.write(v>>32, n-32)
		v, n = v&(1<<32-1), 32
	}
	w.held = w.held<<n | v
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.held>>(w.n-8)))
	}
	w.held &= 1<<w.n - 1
}

// golomb writes v < 2^50 in the exponential Golomb code of an order of at most 50.
func (w *bitWriter) golomb(v uint64, order uint) {
	q := v>>order + 1
	n := uint(bits.Len64(q))
	if whole := 2*n - 1 + order; whole <= 64 {
		w.write(q<<order|v&(1<<order-1), whole)
		return
	}
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
	in     []byte // not yet held
	held   uint64 // bits that come next, at the high end
	n      uint   // how many
	failed bool
}

// fill holds at least 56 bits, as far as there are any.
func (r *bitReader) fill() {
	for r.n <= 56 && len(r.in) > 0 {
		r.held |= uint64(r.in[0]) << (56 - r.n)
		r.in, r.n = r.in[1:], r.n+8
	}
}

// read reads at most 50 bits.
func (r *bitReader) read(n uint) uint64 {
	if r.n < n {
		if r.fill(); r.n < n {
			r.failed = true
			return 0
		}
	}
	v := r.held >> (64 - n)
	r.held, r.n = r.held<<n, r.n-n
	return v
}

// golomb reads a number that golomb wrote; one of more than 50 bits has failed.
func (r *bitReader) golomb(order uint) uint64 {
	r.fill()
	n := uint(bits.LeadingZeros64(r.held))
	if n >= r.n || n+order > 50 {
		r.failed = true
		return 0
	}
	r.held, r.n = r.held<<n, r.n-n
	q := r.read(n + 1)
	return (q-1)<<order | r.read(order)
}

// atEnd tells that all that is left are zeros that fill the last byte.
func (r *bitReader) atEnd() bool { return len(r.in) == 0 && r.n < 8 && r.held == 0 }
