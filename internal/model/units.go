package model

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Availability is a share of time in service, kept exactly as unavailability in
// units of 1e-12 so that nines lose no precision. Document form "99.95%".
type Availability struct{ unavailable int64 }

const availabilityScale = 1_000_000_000_000

// AvailabilityOf makes one from an unavailability in [0, 1].
func AvailabilityOf(unavailability float64) Availability {
	return Availability{int64(math.Round(unavailability * availabilityScale))}
}

// Unavailability is the share of time out of service, in [0, 1].
func (a Availability) Unavailability() float64 {
	return float64(a.unavailable) / availabilityScale
}

// Ratio is the share of time in service, in [0, 1].
func (a Availability) Ratio() float64 {
	return float64(availabilityScale-a.unavailable) / availabilityScale
}

// Less reports a lower availability.
func (a Availability) Less(b Availability) bool { return a.unavailable > b.unavailable }

// Rounded keeps so many significant digits of the unavailability and rounds it
// up: a computed figure is never shown better than it is, and never equal to a
// promise that it misses.
func (a Availability) Rounded(digits int) Availability {
	step := int64(1)
	for most := int64(math.Pow10(digits)); a.unavailable/step >= most; {
		step *= 10
	}
	return Availability{(a.unavailable + step - 1) / step * step}
}

// String writes "99.95%" with every digit that is kept.
func (a Availability) String() string { return decimalPercent(availabilityScale - a.unavailable) }

// MarshalText writes "99.95%".
func (a Availability) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads "99.95%", "99,95 %" or "0.9995".
func (a *Availability) UnmarshalText(b []byte) error {
	v, err := parseShare(string(b))
	if err != nil {
		return err
	}
	if v < 0 || v > availabilityScale {
		return faultf("%q is no availability: it lies between 0 %% and 100 %%", clip(string(b), 40))
	}
	a.unavailable = availabilityScale - v
	return nil
}

// Percent is a ratio such as a threshold, a load or a growth; it may exceed 100 %
// or be negative. Document form "80%".
type Percent int64

// Ratio gives 0.8 for 80 %.
func (p Percent) Ratio() float64 { return float64(p) / availabilityScale }

// PercentOf makes one from a ratio.
func PercentOf(ratio float64) Percent { return Percent(math.Round(ratio * availabilityScale)) }

// String writes "80%".
func (p Percent) String() string { return decimalPercent(int64(p)) }

// MarshalText writes "80%".
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads "80%", "80 %" or "0.8".
func (p *Percent) UnmarshalText(b []byte) error {
	v, err := parseShare(string(b))
	if err != nil {
		return err
	}
	*p = Percent(v)
	return nil
}

func decimalPercent(v int64) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	s := fmt.Sprintf("%d.%010d", v/(availabilityScale/100), v%(availabilityScale/100))
	return sign + strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

func parseShare(s string) (int64, error) {
	in := plainNumber(s)
	text, percent := strings.CutSuffix(in, "%")
	if !decimalNumber().MatchString(text) {
		return 0, faultf("%q is no percentage: write for example 99.95%%", clip(s, 40))
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, faultf("%q is no percentage: write for example 99.95%%", clip(s, 40))
	}
	scale := int64(availabilityScale)
	if percent {
		scale /= 100
	} else if r.Cmp(big.NewRat(1, 1)) > 0 {
		return 0, faultf("%q has no unit: write %s%% for a percentage, or a ratio of 1 at most", clip(s, 40), text)
	}
	r.Mul(r, new(big.Rat).SetInt64(scale))
	f, _ := r.Float64()
	if math.Abs(f) > 1e18 {
		return 0, faultf("%q is out of range", clip(s, 40))
	}
	return int64(math.Round(f)), nil
}

var decimalNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[+-]?\d{1,15}(\.\d{1,12})?$`) })

var noSpaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")

// plainNumber drops spaces, turns a decimal comma into a point.
func plainNumber(s string) string {
	s = noSpaces.Replace(strings.TrimSpace(s))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	return s
}

// Quantity is a number with its unit ("1200 requests/s", "64 GiB"). Units are
// compared as written; nothing is converted in silence.
type Quantity struct {
	Value float64
	Unit  string
}

// String writes "1200 requests/s".
func (q Quantity) String() string {
	s := strconv.FormatFloat(q.Value, 'f', -1, 64)
	if q.Unit != "" {
		s += " " + q.Unit
	}
	return s
}

// MarshalText writes "1200 requests/s".
func (q Quantity) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads "1200 requests/s", "1 200 requêtes/s" or "64GiB".
func (q *Quantity) UnmarshalText(b []byte) error {
	if number, unit, ok := strings.Cut(string(b), " "); ok && unit != "" && (unit[0] < '0' || unit[0] > '9') {
		// the stored form needs no pattern
		if v, err := strconv.ParseFloat(number, 64); err == nil && decimalNumber().MatchString(number) && len(unit) <= 60 {
			q.Value, q.Unit = v, strings.TrimSpace(unit)
			return nil
		}
	}
	m := quantityForm().FindStringSubmatch(strings.TrimSpace(string(b)))
	if m == nil {
		return faultf("%q is no quantity: write a number and its unit, for example 1200 requests/s", clip(string(b), 40))
	}
	v, err := strconv.ParseFloat(plainNumber(m[1]), 64)
	if err != nil || math.IsInf(v, 0) || math.Abs(v) > 1e15 {
		return faultf("%q is no quantity: its number cannot be read", clip(string(b), 40))
	}
	q.Value, q.Unit = v, strings.TrimSpace(m[2])
	return nil
}

var quantityForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([+-]?\d(?:[\d \x{00a0}\x{202f}]*\d)?(?:[.,]\d+)?)\s*(\D.{0,60})?$`)
})

// Money is an amount in the minor unit of its ISO 4217 currency, once or per
// month or year. Document form "1200.00 EUR/month".
type Money struct {
	Minor    int64
	Currency string
	Per      string // "", "month" or "year"
}

// String writes "1200.00 EUR/month".
func (m Money) String() string {
	digits := minorDigits(m.Currency)
	sign, v := "", m.Minor
	if v < 0 {
		sign, v = "-", -v
	}
	pow := int64(math.Pow10(digits))
	s := sign + strconv.FormatInt(v/pow, 10)
	if digits > 0 {
		s += fmt.Sprintf(".%0*d", digits, v%pow)
	}
	s += " " + m.Currency
	if m.Per != "" {
		s += "/" + m.Per
	}
	return s
}

// PerYear is the amount of a year: twelve months, or the amount itself.
func (m Money) PerYear() Money {
	if m.Per == "month" {
		return Money{m.Minor * 12, m.Currency, "year"}
	}
	return m
}

// Units is the amount in units of the currency, for pictures only.
func (m Money) Units() float64 { return float64(m.Minor) / math.Pow10(minorDigits(m.Currency)) }

// MarshalText writes "1200.00 EUR/month".
func (m Money) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads "1200.00 EUR/month", "1 200 €/mois", "500 EUR".
func (m *Money) UnmarshalText(b []byte) error {
	fail := faultf("%q is no amount of money: write for example 1200.00 EUR or 1 200 €/mois", clip(string(b), 40))
	f := moneyForm().FindStringSubmatch(strings.TrimSpace(string(b)))
	if f == nil {
		return fail
	}
	cur := map[string]string{"€": "EUR", "$": "USD", "£": "GBP"}[f[2]]
	if cur == "" {
		cur = strings.ToUpper(f[2])
	}
	per, ok := map[string]string{"": "", "month": "month", "mois": "month", "year": "year", "an": "year"}[strings.ToLower(f[3])]
	r, good := new(big.Rat).SetString(plainNumber(f[1]))
	if !ok || !good {
		return fail
	}
	r.Mul(r, new(big.Rat).SetInt64(int64(math.Pow10(minorDigits(cur)))))
	if !r.IsInt() || !r.Num().IsInt64() {
		return faultf("%q has more decimals than %s knows, or is too large", clip(string(b), 40), cur)
	}
	*m = Money{r.Num().Int64(), cur, per}
	return nil
}

var moneyForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(-?\d(?:[\d \x{00a0}\x{202f}]*\d)?(?:[.,]\d+)?)\s*([A-Za-z]{3}|[€$£])\s*(?:/\s*([a-z]+))?$`)
})

// minorDigits is the number of decimals of an ISO 4217 currency.
func minorDigits(currency string) int {
	switch currency {
	case "JPY", "KRW", "CLP", "XOF", "XAF", "XPF", "ISK", "VND":
		return 0
	case "TND", "BHD", "KWD", "JOD", "OMR", "IQD", "LYD":
		return 3
	}
	return 2
}
