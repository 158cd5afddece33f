package redundancy

import (
	"math"
	"strconv"
	"strings"
)

// exactIntegers bounds the integers that float64 adds without error.
const exactIntegers = 1 << 53

// mostDecimals bounds the decimals of an amount that count.
const mostDecimals = 15

// decimals counts the digits after the point of the shortest decimal that reads
// back as x.
func decimals(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	s := strconv.FormatFloat(x, 'f', -1, 64)
	_, after, _ := strings.Cut(s, ".")
	return min(len(after), mostDecimals)
}

// scale turns the amounts of one resource into integers.
type scale struct {
	factor float64 // a power of ten
	limit  float64 // in units of 1/factor; +Inf without limit
	cap    float64 // what is above it can never be part of a solution
}

// newScale finds the unit in which all amounts are integers, or, where they have
// too many digits, one of a part in 2^53 of the largest sum.
func newScale(amounts []float64, limit float64, largestSum float64) scale {
	digits := 0
	for _, x := range amounts {
		digits = max(digits, decimals(x))
	}
	if !math.IsInf(limit, 1) {
		digits = max(digits, decimals(limit))
		largestSum = min(largestSum, limit)
	}
	for digits > 0 && largestSum*math.Pow10(digits) >= exactIntegers/4 {
		digits--
	}
	f := math.Pow10(digits)
	s := scale{factor: f, limit: math.Inf(1), cap: math.Ceil(largestSum * f)}
	if !math.IsInf(limit, 1) {
		s.limit = math.Floor(limit*f + 1e-9)
		if r := math.Round(limit * f); math.Abs(limit*f-r) < 1e-6 {
			s.limit = r
		}
	}
	return s
}

func (s *scale) units(x float64) float64 { return math.Round(x * s.factor) }

// amount turns units back; dividing by a power of ten gives the nearest decimal.
func (s *scale) amount(units float64) Amount { return Amount(units / s.factor) }
