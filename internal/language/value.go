package language

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
)

const (
	thinSpace  = "\u202f" // narrow no-break space, between thousands in French
	fixedSpace = "\u00a0"
)

const (
	// plainDecimals is the most decimals of an availability that stand as they are:
	// what people typed stays whole.
	plainDecimals = 4
	// shownDigits is how many significant digits of a computed unavailability
	// people see: the data it rests on have no more.
	shownDigits = 2
)

// told is an availability with the digits that tell something.
func told(a model.Availability) model.Availability {
	if _, decimals, _ := strings.Cut(strings.TrimSuffix(a.String(), "%"), "."); len(decimals) <= plainDecimals {
		return a
	}
	return a.Rounded(shownDigits)
}

// Apart writes two availabilities with as many digits as it takes to tell them
// apart.
func (w Writer) Apart(a, b model.Availability) (string, string) {
	x, y := told(a), told(b)
	for digits := shownDigits + 1; x == y && a != b && digits < 12; digits++ {
		x, y = a.Rounded(digits), b.Rounded(digits)
	}
	return w.percent(x.String()), w.percent(y.String())
}

// Value writes a typed value for people in the writer's language.
func (w Writer) Value(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case worktime.Pattern:
		return w.Pattern(x)
	case finding.Leg:
		return w.Leg(x)
	case finding.Band:
		return w.Band(x)
	case finding.Pair:
		return w.Pair(x)
	case model.Text:
		return x.In(string(w.Lang))
	case model.Phrase:
		return w.Library(string(x))
	case model.Ref:
		return w.ref(x)
	case []model.Ref:
		parts := make([]string, len(x))
		for i, r := range x {
			parts[i] = w.ref(r)
		}
		return w.List(parts)
	case []string:
		return w.List(x)
	case model.Date:
		return w.Date(x)
	case model.Duration:
		return w.Duration(x.Std())
	case time.Duration:
		return w.Duration(x)
	case model.Period:
		return w.Period(x)
	case model.Availability:
		return w.percent(told(x).String())
	case *model.Availability:
		if x == nil {
			return ""
		}
		return w.Value(*x)
	case model.Percent:
		return w.percent(x.String())
	case model.Money:
		return w.Money(x)
	case model.Quantity:
		return w.Number(shownQuantity(x.Value)) + strings.TrimRight(fixedSpace+x.Unit, fixedSpace)
	case *model.Quantity:
		if x == nil {
			return ""
		}
		return w.Value(*x)
	case model.Instant:
		return w.Instant(x.Time)
	case time.Time:
		return w.Instant(x)
	case bool:
		return map[Lang]map[bool]string{EN: {true: "yes", false: "no"}, FR: {true: "oui", false: "non"}}[w.Lang][x]
	case int:
		return w.Number(float64(x))
	case int64:
		return w.Number(float64(x))
	case float64:
		return w.Number(x)
	}
	if label, ok := model.ChoiceLabel(v); ok {
		return label.In(string(w.Lang))
	}
	if list := reflect.ValueOf(v); list.Kind() == reflect.Slice { // of values of a closed list, texts, dates…
		parts := make([]string, list.Len())
		for i := range parts {
			parts[i] = w.Value(list.Index(i).Interface())
		}
		return w.List(parts)
	}
	return fmt.Sprint(v)
}

func (w Writer) ref(r model.Ref) string {
	if w.Title == nil || r.IsZero() {
		return r.String()
	}
	return w.Title(r)
}

// List joins parts as a sentence does: "a, b and c".
func (w Writer) List(parts []string) string {
	and := " and "
	if w.Lang == FR {
		and = " et "
	}
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	const most = 8
	if len(parts) > most {
		more := fmt.Sprintf("%d others", len(parts)-most)
		if w.Lang == FR {
			more = fmt.Sprintf("%d autres", len(parts)-most)
		}
		return strings.Join(parts[:most], ", ") + and + more
	}
	return strings.Join(parts[:len(parts)-1], ", ") + and + parts[len(parts)-1]
}

var monthsFR = []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// Date writes "12 March 2027" or "12 mars 2027" (the first is "1er" in French).
func (w Writer) Date(d model.Date) string {
	if d.IsZero() {
		return "—"
	}
	u := d.UTC()
	if w.Lang == FR {
		day := strconv.Itoa(u.Day())
		if u.Day() == 1 {
			day = "1er"
		}
		return day + fixedSpace + monthsFR[u.Month()-1] + fixedSpace + strconv.Itoa(u.Year())
	}
	return u.Format("2\u00a0January\u00a02006")
}

// Instant writes date, time and zone: "12 March 2027, 08:00 Europe/Paris".
func (w Writer) Instant(t time.Time) string {
	return w.Date(model.DateOf(t)) + ", " + t.Format("15:04") + " " + t.Location().String()
}

// Duration writes "4 h 30", "2 d", "43 min 12 s"; French days are "j".
func (w Writer) Duration(d time.Duration) string {
	if d < 0 {
		return "−" + w.Duration(-d)
	}
	day := "d"
	if w.Lang == FR {
		day = "j"
	}
	s := int64(d.Round(time.Second) / time.Second)
	if s == 0 {
		return "0" + fixedSpace + "s"
	}
	var parts []string
	add := func(n int64, unit string) {
		if n > 0 {
			parts = append(parts, w.Number(float64(n))+fixedSpace+unit)
		}
	}
	if s >= 48*3600 || s%86400 == 0 {
		add(s/86400, day)
		s %= 86400
	}
	h, m, sec := s/3600, s/60%60, s%60
	if h > 0 && m > 0 && sec == 0 {
		parts = append(parts, fmt.Sprintf("%d%sh%s%02d", h, fixedSpace, fixedSpace, m))
		return strings.Join(parts, fixedSpace)
	}
	add(h, "h")
	add(m, "min")
	add(sec, "s")
	return strings.Join(parts, fixedSpace)
}

// Period writes "1 year and 6 months", "30 jours".
func (w Writer) Period(p model.Period) string {
	var parts []string
	add := func(n int, en, fr, frs string) {
		if n == 0 {
			return
		}
		word := en + "s"
		if n == 1 {
			word = en
		}
		if w.Lang == FR {
			word = frs
			if n == 1 {
				word = fr
			}
		}
		parts = append(parts, strconv.Itoa(n)+fixedSpace+word)
	}
	add(p.Months/12, "year", "an", "ans")
	add(p.Months%12, "month", "mois", "mois")
	add(p.Days, "day", "jour", "jours")
	return w.List(parts)
}

func (w Writer) percent(s string) string {
	v := strings.TrimSuffix(s, "%")
	if i := strings.IndexByte(v, '.'); i >= 0 && len(v)-i > 7 { // computed figures: six decimals
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			v = strings.TrimRight(strings.TrimRight(strconv.FormatFloat(math.Floor(f*1e6)/1e6, 'f', 6, 64), "0"), ".")
		}
	}
	if w.Lang == FR {
		return strings.Replace(v, ".", ",", 1) + fixedSpace + "%"
	}
	return v + "%"
}

// Number writes a number with the language's separators, at most six decimals.
func (w Writer) Number(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i > 7 {
		s = strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 6, 64), "0"), ".")
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, frac, has := strings.Cut(s, ".")
	sep, point := ",", "."
	if w.Lang == FR {
		sep, point = thinSpace, ","
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(c)
	}
	if has {
		b.WriteString(point + frac)
	}
	return sign + b.String()
}

// shownQuantity leaves a figure of up to three decimals as it was typed, and of a
// computed one what a reader uses: two decimals, or three significant digits below
// one.
func shownQuantity(v float64) float64 {
	if _, decimals, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), "."); len(decimals) <= 3 {
		return v
	}
	if math.Abs(v) >= 1 {
		return math.Round(v*100) / 100
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if err != nil {
		return v
	}
	return short
}

// Money writes "€1,200.00 a month" as "1 200,00 € par mois" in French.
func (w Writer) Money(m model.Money) string {
	amount, _, _ := strings.Cut(m.String(), " ")
	f, _ := strconv.ParseFloat(amount, 64)
	text := w.Number(math.Trunc(f))
	if i := strings.IndexByte(amount, '.'); i >= 0 {
		point := "."
		if w.Lang == FR {
			point = ","
		}
		text += point + amount[i+1:]
	}
	symbol := map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}[m.Currency]
	if symbol == "" {
		symbol = m.Currency
	}
	if w.Lang == EN && len([]rune(symbol)) == 1 {
		text = symbol + text
	} else {
		text += fixedSpace + symbol
	}
	per := map[Lang]map[string]string{EN: {"month": " a month", "year": " a year"}, FR: {"month": " par mois", "year": " par an"}}
	return text + per[w.Lang][m.Per]
}
