package model

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Duration is an exact length of time, whole seconds. Its document form is ISO
// 8601 with days of 24 hours at most ("PT4H30M", "P2D"); people may type "4 h",
// "4h30", "2 d", "45 min", "1,5 h".
type Duration time.Duration

// Std gives the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String writes ISO 8601.
func (d Duration) String() string {
	s := int64(time.Duration(d) / time.Second)
	if s == 0 {
		return "PT0S"
	}
	var b strings.Builder
	if s < 0 {
		b.WriteByte('-')
		s = -s
	}
	b.WriteByte('P')
	if s%86400 == 0 {
		fmt.Fprintf(&b, "%dD", s/86400)
		return b.String()
	}
	b.WriteByte('T')
	for _, u := range []struct {
		n int64
		c byte
	}{{3600, 'H'}, {60, 'M'}, {1, 'S'}} {
		if v := s / u.n; v > 0 {
			fmt.Fprintf(&b, "%d%c", v, u.c)
			s %= u.n
		}
	}
	return b.String()
}

// MarshalText writes ISO 8601.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads any accepted form.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := ParseDuration(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

var (
	isoDuration = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
	})
	typedDuration = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(\d+(?:[.,]\d+)?)\s*([a-zéû]+)\.?\s*`) })
	frenchClock   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(\d+)\s*h\s*(\d{1,2})$`) })
)

var durationUnits = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second, "seconde": time.Second, "secondes": time.Second,
	"m": time.Minute, "min": time.Minute, "mn": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour, "heure": time.Hour, "heures": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour, "j": 24 * time.Hour, "jour": 24 * time.Hour, "jours": 24 * time.Hour,
	"w": 168 * time.Hour, "week": 168 * time.Hour, "weeks": 168 * time.Hour, "semaine": 168 * time.Hour, "semaines": 168 * time.Hour,
}

const maxDuration = 100 * 366 * 24 * time.Hour

// ParseDuration reads ISO 8601 or a typed form. Months and years are no exact
// durations and are refused: see Period.
func ParseDuration(s string) (Duration, error) {
	in := plainSpaces(s)
	fail := func() (Duration, error) {
		return 0, faultf("%q is no duration: write for example 30min, 4h, 1h30, 2d or PT4H", clip(s, 40))
	}
	if in == "" {
		return fail()
	}
	if d, ok := hoursOnly(in); ok {
		return d, nil
	}
	var total float64
	if m := isoDuration().FindStringSubmatch(in); m != nil && in != "P" && !strings.HasSuffix(in, "T") {
		for i, unit := range []time.Duration{168 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
			if m[i+1] != "" {
				v, _ := strconv.ParseFloat(m[i+1], 64)
				total += v * float64(unit)
			}
		}
	} else if m := frenchClock().FindStringSubmatch(in); m != nil {
		h, _ := strconv.ParseFloat(m[1], 64)
		mn, _ := strconv.ParseFloat(m[2], 64)
		total = h*float64(time.Hour) + mn*float64(time.Minute)
	} else {
		for rest := in; rest != ""; {
			m := typedDuration().FindStringSubmatch(rest)
			if m == nil {
				return fail()
			}
			unit, ok := durationUnits[strings.ToLower(m[2])]
			if !ok {
				return fail()
			}
			v, _ := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
			total += v * float64(unit)
			rest = rest[len(m[0]):]
		}
	}
	if total > float64(maxDuration) {
		return 0, faultf("%q is longer than a hundred years", clip(s, 40))
	}
	return Duration(time.Duration(total+0.5) / time.Second * time.Second), nil
}

// Period is a length of calendar time in months and days, as contracts count it
// ("P3M", "P1Y", "P30D"). It has no fixed number of hours.
type Period struct {
	Months, Days int
}

// IsZero reports an absent period.
func (p Period) IsZero() bool { return p == Period{} }

// String writes ISO 8601.
func (p Period) String() string {
	if p.IsZero() {
		return "P0D"
	}
	s := "P"
	if y := p.Months / 12; y > 0 {
		s += strconv.Itoa(y) + "Y"
	}
	if m := p.Months % 12; m > 0 {
		s += strconv.Itoa(m) + "M"
	}
	if p.Days > 0 {
		s += strconv.Itoa(p.Days) + "D"
	}
	return s
}

// MarshalText writes ISO 8601.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads any accepted form.
func (p *Period) UnmarshalText(b []byte) error {
	v, err := ParsePeriod(string(b))
	if err != nil {
		return err
	}
	*p = v
	return nil
}

var (
	isoPeriod = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?$`)
	})
	typedPeriod = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(\d{1,6})\s*([a-zé]+)\s*`) })
)

// ParsePeriod reads "P1Y6M", "3 months", "1 an", "30 jours".
func ParsePeriod(s string) (Period, error) {
	in := plainSpaces(s)
	fail := func() (Period, error) {
		return Period{}, faultf("%q is no period: write for example P3M, 3 months, 1 year or 30 days", clip(s, 40))
	}
	if m := isoPeriod().FindStringSubmatch(in); m != nil && in != "P" {
		n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
		return Period{Months: 12*n(1) + n(2), Days: 7*n(3) + n(4)}, nil
	}
	if in == "" {
		return fail()
	}
	var p Period
	for rest := in; rest != ""; {
		m := typedPeriod().FindStringSubmatch(rest)
		if m == nil {
			return fail()
		}
		n, _ := strconv.Atoi(m[1])
		switch strings.ToLower(m[2]) {
		case "y", "year", "years", "an", "ans", "année", "années":
			p.Months += 12 * n
		case "mo", "month", "months", "mois":
			p.Months += n
		case "w", "week", "weeks", "semaine", "semaines":
			p.Days += 7 * n
		case "d", "day", "days", "j", "jour", "jours":
			p.Days += n
		default:
			return fail()
		}
		rest = rest[len(m[0]):]
	}
	return p, nil
}

var noBreakSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// plainSpaces trims a text and makes its no-break spaces plain.
func plainSpaces(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return strings.TrimSpace(noBreakSpaces.Replace(s))
		}
	}
	return strings.TrimSpace(s)
}

// hoursOnly reads "PT4H", "PT20M" and "P2D", the forms that most documents hold.
func hoursOnly(s string) (Duration, bool) {
	if len(s) < 3 || len(s) > 9 || s[0] != 'P' {
		return 0, false
	}
	digits, unit := s[1:len(s)-1], 24*time.Hour
	if digits[0] == 'T' {
		digits = digits[1:]
		switch s[len(s)-1] {
		case 'H':
			unit = time.Hour
		case 'M':
			unit = time.Minute
		case 'S':
			unit = time.Second
		default:
			return 0, false
		}
	} else if s[len(s)-1] != 'D' {
		return 0, false
	}
	if digits == "" {
		return 0, false
	}
	n := 0
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
		n = n*10 + int(digits[i]-'0')
	}
	d := time.Duration(n) * unit
	return Duration(d), d <= maxDuration
}
