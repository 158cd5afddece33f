package table

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// fault is why a cell cannot be a value of its field: a code of a message
// "import.cell.*" and its arguments.
type fault struct {
	code string
	args finding.Args
}

// reader turns cells into values of the document, by the types of the schema.
type reader struct {
	kind  *model.Kind
	path  *target
	epoch epoch
	dates string
	zone  string
	unit  string
	split string
	refs  []string
	point string // decimal sign of typed numbers, "." or ","; "" tells them apart
	exact bool   // texts are taken with the blanks around them
	// find resolves a text that names an object of one of some kinds.
	find func(kinds []string, text string) (model.Ref, bool)
}

// read gives the stored form of a cell for a field.
func (r *reader) read(f *model.Field, c cell) (any, *fault) {
	if c.form == isFault {
		return nil, &fault{"formula", nil}
	}
	switch f.Type {
	case model.TypeList:
		return r.list(f, c)
	case model.TypeRecord, model.TypeDependency:
		return r.one(f, c)
	}
	if c.form == isList {
		if len(c.each()) == 1 {
			return r.read(f, c.each()[0])
		}
		if f.Type != model.TypeText && f.Type != model.TypeLocalText {
			return nil, &fault{"single", nil}
		}
	}
	text := c.plain()
	switch f.Type {
	case model.TypeText, model.TypeLocalText:
		if r.exact && c.form == isText {
			return c.text, nil
		}
		return text, nil
	case model.TypeBoolean:
		return boolean(text)
	case model.TypeInteger:
		return integer(c, text)
	case model.TypeEnum:
		return choice(f, text)
	case model.TypeRef:
		return r.ref(f, text)
	case model.TypeDate:
		d, ok := dateOf(c, r.epoch, r.dates)
		if !ok {
			return nil, &fault{"date", finding.Args{"order": orDefault(r.dates, "dmy")}}
		}
		return d.String(), nil
	case model.TypeInstant:
		s, ok := instantOf(c, r.epoch, r.dates, r.zone)
		if !ok {
			code := "instant"
			if r.zone == "" {
				code = "instant.zone"
			}
			return nil, &fault{code, nil}
		}
		return s, nil
	case model.TypeTime:
		s, ok := clockOf(c)
		if !ok {
			return nil, &fault{"time", nil}
		}
		return s, nil
	case model.TypeDuration:
		if text = r.numbers(text); c.form == isDate { // a time of day stands for a length of time
			text = strconv.FormatFloat(math.Round(c.number*86400), 'f', -1, 64) + "s"
		} else {
			text = withUnit(text, r.unit)
		}
	case model.TypeAvailability, model.TypePercent:
		if text = r.numbers(text); r.unit == "%" {
			text = withUnit(text, r.unit)
		}
	case model.TypeMoney:
		text = withUnit(symbolBehind(r.numbers(text)), r.unit)
	case model.TypeQuantity:
		text = withUnit(r.numbers(text), r.unit)
	default:
		text = withUnit(text, r.unit)
	}
	stored, _, err := model.ParseValue(f.Type, text)
	if err != nil {
		return nil, &fault{string(f.Type), nil}
	}
	return stored, nil
}

func orDefault(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

var numberForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d[\d.,]*\d`) })

// numbers writes the numbers of a text without thousands signs and with a decimal
// point. Of two different signs the last one is the decimal sign, a sign that
// stands several times is none; one sign alone is decimal unless the mapping says
// otherwise.
func (r *reader) numbers(text string) string {
	return numberForm().ReplaceAllStringFunc(text, func(s string) string {
		point := r.point
		if point == "" {
			comma, dot := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
			switch {
			case comma >= 0 && dot >= 0:
				point = string(s[max(comma, dot)])
			case strings.Count(s, ",") == 1:
				point = ","
			case strings.Count(s, ".") == 1:
				point = "."
			}
		}
		for _, sign := range []string{",", "."} {
			if sign != point {
				s = strings.ReplaceAll(s, sign, "")
			}
		}
		return strings.Replace(s, ",", ".", 1)
	})
}

// symbolBehind turns "$1200" into "1200 $".
func symbolBehind(s string) string {
	for _, symbol := range []string{"€", "$", "£"} {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(s), symbol); ok {
			return strings.TrimSpace(rest) + " " + symbol
		}
	}
	return s
}

// withUnit adds a unit to a bare number.
func withUnit(text, unit string) string {
	if unit == "" {
		return text
	}
	for _, c := range text {
		if (c < '0' || c > '9') && !strings.ContainsRune("+-., \u00a0\u202f", c) {
			return text
		}
	}
	if unit == "%" {
		return text + "%"
	}
	return text + " " + unit
}

func boolean(text string) (any, *fault) {
	switch fold(text) {
	case "true", "yes", "y", "1", "x", "oui", "o", "vrai", "✓":
		return true, nil
	case "false", "no", "n", "0", "non", "faux", "-":
		return false, nil
	}
	return nil, &fault{"boolean", nil}
}

func integer(c cell, text string) (any, *fault) {
	if c.form == isNumber && c.number == math.Trunc(c.number) && math.Abs(c.number) < 1<<53 {
		return json.Number(strconv.FormatInt(int64(c.number), 10)), nil
	}
	plain := strings.ReplaceAll(blanks.Replace(text), " ", "")
	plain = strings.TrimSuffix(strings.TrimSuffix(plain, ".0"), ",0")
	v, err := strconv.ParseInt(plain, 10, 53)
	if err != nil {
		return nil, &fault{"integer", nil}
	}
	return json.Number(strconv.FormatInt(v, 10)), nil
}

// choice reads a value of a closed list, or its label in either language.
func choice(f *model.Field, text string) (any, *fault) {
	want := fold(text)
	var values []string
	for _, ch := range f.Choices {
		if ch.Value == text || fold(ch.Value) == want {
			return ch.Value, nil
		}
		values = append(values, ch.Value)
	}
	found := ""
	for _, ch := range f.Choices {
		if fold(ch.Label.In("en")) == want || fold(ch.Label.In("fr")) == want {
			if found != "" && found != ch.Value {
				found = ""
				break
			}
			found = ch.Value
		}
	}
	if found != "" {
		return found, nil
	}
	return nil, &fault{"enum", finding.Args{"allowed": strings.Join(values, ", "), "nearest": model.Nearest(text, values)}}
}

func (r *reader) ref(f *model.Field, text string) (any, *fault) {
	kinds := f.Refs
	if r.refs != nil {
		kinds = r.refs
	}
	ref, ok := r.find(kinds, text)
	if !ok {
		return nil, &fault{"ref", finding.Args{"kinds": strings.Join(kinds, ", ")}}
	}
	return ref.String(), nil
}

func (r *reader) list(f *model.Field, c cell) (any, *fault) {
	if c.form != isList {
		text := strings.TrimSpace(c.plain())
		if strings.HasPrefix(text, "[") {
			return r.complex(text)
		}
		if f.Item.Type == model.TypeRecord {
			return nil, &fault{"record", nil}
		}
		var parts []cell
		for _, p := range splitList(text, r.split) {
			parts = append(parts, cell{text: p})
		}
		if c.form != isText && len(parts) == 1 {
			parts[0] = c
		}
		c = list(parts)
	}
	out := make([]any, 0, len(c.each()))
	for _, x := range c.each() {
		if x.empty() {
			continue
		}
		v, bad := r.read(f.Item, x)
		if bad != nil {
			return nil, bad
		}
		out = append(out, v)
	}
	return out, nil
}

// splitList cuts a text at a separator, or at semicolons and line ends.
func splitList(text, separator string) []string {
	var parts []string
	if separator != "" {
		parts = strings.Split(text, separator)
	} else {
		parts = strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' })
	}
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// one reads a record or a dependency: a reference, or its document form.
func (r *reader) one(f *model.Field, c cell) (any, *fault) {
	text := strings.TrimSpace(c.plain())
	if strings.HasPrefix(text, "{") {
		return r.complex(text)
	}
	if f.Type == model.TypeRecord {
		return nil, &fault{"record", nil}
	}
	return r.ref(f, text)
}

// complex reads a value in its document form (JSON, or YAML in one line), with
// all the checks of a document.
func (r *reader) complex(text string) (any, *fault) {
	text = strings.NewReplacer("\r", " ", "\n", " ").Replace(text)
	open, end := "", ""
	for i, s := range r.path.steps[1:] {
		if i > 0 {
			open += "{"
			end = "}" + end
		}
		open += s.field + ": "
		if s.listed {
			open += "["
			end = "]" + end
		}
	}
	doc := "apiVersion: " + model.APIVersion + "\nkind: " + r.kind.Name + "\nmetadata: {name: x"
	if r.path.steps[0].field == "metadata" {
		doc += ", " + open + text + end + "}\n"
	} else {
		doc += "}\nspec: {" + open + text + end + "}\n"
	}
	objects, issues := model.Decode("", []byte(doc))
	if len(issues) > 0 {
		if f := issues[0].Fault; f != nil {
			return nil, &fault{"complex", finding.Args{"detail": f}}
		}
		return nil, &fault{"complex", finding.Args{"detail": issues[0].Message}}
	}
	if len(objects) != 1 {
		return nil, &fault{"record", nil}
	}
	var v any = objects[0].Tree()
	for _, s := range r.path.steps {
		m, _ := v.(map[string]any)
		v = m[s.field]
		if list, ok := v.([]any); ok && s.listed {
			if len(list) != 1 {
				return nil, &fault{"record", nil}
			}
			v = list[0]
		}
	}
	return v, nil
}
