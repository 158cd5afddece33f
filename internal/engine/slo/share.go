package slo

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Share is a ratio in units of 1e-12, exact where nines matter: Whole is 100 %.
type Share int64

// Whole is 100 %.
const Whole Share = 1_000_000_000_000

// ShareOf makes a share of a ratio, rounded to the nearest unit. What is no number is 0.
func ShareOf(ratio float64) Share {
	v := math.Round(ratio * float64(Whole))
	switch {
	case math.IsNaN(v):
		return 0
	case v >= math.MaxInt64:
		return math.MaxInt64
	case v <= math.MinInt64:
		return math.MinInt64
	}
	return Share(v)
}

// Ratio gives 0.5 for 50 %.
func (s Share) Ratio() float64 { return float64(s) / float64(Whole) }

// String writes "99.95%" with every digit that is kept.
func (s Share) String() string {
	sign, v := "", uint64(s)
	if s < 0 {
		sign, v = "-", -v
	}
	text := fmt.Sprintf("%d.%010d", v/1e10, v%1e10)
	return sign + strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}

// MarshalText writes "99.95%".
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes, and nothing finer than a unit.
func (s *Share) UnmarshalText(b []byte) error {
	text, ok := strings.CutSuffix(string(b), "%")
	v, fine := decimal(text, 10)
	if !ok || !fine {
		return fmt.Errorf("%q is no share: write for example 99.95%%, with ten decimals at most", clip(b))
	}
	*s = Share(v)
	return nil
}

// decimal reads a decimal number in units of its last of so many decimals.
func decimal(text string, decimals int) (int64, bool) {
	whole, part, point := strings.Cut(text, ".")
	if point && part == "" || len(part) > decimals || strings.ContainsAny(part, "+-") || strings.HasPrefix(whole, "+") {
		return 0, false
	}
	v, err := strconv.ParseInt(whole+part+strings.Repeat("0", decimals-len(part)), 10, 64)
	return v, err == nil && strings.TrimPrefix(whole, "-") != ""
}

func clip(b []byte) string { return string(b[:min(len(b), 40)]) }

// Of is the share of a duration, rounded down.
func (s Share) Of(d time.Duration) time.Duration {
	return time.Duration(scale(int64(d), int64(s), int64(Whole)))
}

// Count is a number of events in thousandths: counters are extrapolated to the edges of a
// minute, so that a minute may hold parts of events.
type Count int64

// MaxCount is the largest number of events of a minute.
const MaxCount Count = 1_000_000_000_000

// CountOf rounds a number of events to the nearest thousandth; ok is false for what is no
// number, negative or beyond MaxCount.
func CountOf(events float64) (c Count, ok bool) {
	v := math.Round(events * 1000)
	if !(v >= 0 && v <= float64(MaxCount)) {
		return 0, false
	}
	return Count(v), true
}

// Events gives the number of events.
func (c Count) Events() float64 { return float64(c) / 1000 }

// String writes "12.5".
func (c Count) String() string {
	sign, v := "", uint64(c)
	if c < 0 {
		sign, v = "-", -v
	}
	text := fmt.Sprintf("%d.%03d", v/1000, v%1000)
	return sign + strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// MarshalText writes "12.5".
func (c Count) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes, and nothing finer than a thousandth.
func (c *Count) UnmarshalText(b []byte) error {
	v, ok := decimal(string(b), 3)
	if !ok {
		return fmt.Errorf("%q is no number of events: write for example 12.5, with three decimals at most", clip(b))
	}
	*c = Count(v)
	return nil
}

// wide is an unsigned number of 128 bits.
type wide struct{ hi, lo uint64 }

func product(a, b uint64) wide {
	hi, lo := bits.Mul64(a, b)
	return wide{hi, lo}
}

func (w wide) plus(o wide) wide {
	lo, carry := bits.Add64(w.lo, o.lo, 0)
	hi, _ := bits.Add64(w.hi, o.hi, carry)
	return wide{hi, lo}
}

func (w wide) minus(o wide) wide {
	lo, borrow := bits.Sub64(w.lo, o.lo, 0)
	hi, _ := bits.Sub64(w.hi, o.hi, borrow)
	return wide{hi, lo}
}

func (w wide) less(o wide) bool { return w.hi < o.hi || w.hi == o.hi && w.lo < o.lo }

func (w wide) isZero() bool { return w == wide{} }

// times multiplies by a number; the product must fit in 128 bits.
func (w wide) times(n uint64) wide {
	p := product(w.lo, n)
	p.hi += w.hi * n
	return p
}

func (w wide) shifted(n uint) wide { return wide{w.hi<<n | w.lo>>(64-n), w.lo << n} }

func (w wide) big() *big.Int {
	x := new(big.Int).SetUint64(w.hi)
	return x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(w.lo))
}

// shareOfWide is num/den rounded down, Whole where num exceeds den; den is positive and
// below 2^87.
func shareOfWide(num, den wide) Share {
	if !num.less(den) {
		return Whole
	}
	if den.hi == 0 {
		p := product(num.lo, uint64(Whole))
		q, _ := bits.Div64(p.hi, p.lo, den.lo)
		return Share(q)
	}
	rest, q := num.times(uint64(Whole)), uint64(0)
	for i := 40; i >= 0; i-- {
		if d := den.shifted(uint(i)); !rest.less(d) {
			rest, q = rest.minus(d), q|1<<i
		}
	}
	return Share(q)
}

// scale is v·num/den rounded down, saturating; den > 0.
func scale(v, num, den int64) int64 {
	p := new(big.Int).Mul(big.NewInt(v), big.NewInt(num))
	return floorOf(p, big.NewInt(den))
}

// floorOf is num/den rounded towards minus infinity, saturating; den > 0.
func floorOf(num, den *big.Int) int64 {
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	if r.Sign() < 0 {
		q.Sub(q, big.NewInt(1))
	}
	switch {
	case q.IsInt64():
		return q.Int64()
	case q.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}
