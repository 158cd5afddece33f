// Package promquery reads and rewrites PromQL without asking anybody: whether a query
// is one, what a selector selects, and how a query looks back on a window that is
// chosen later. It is the one door to Prometheus's own parser for whoever only reads
// and writes queries.
package promquery

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// maxQuery is the longest query that is read, in bytes: longer ones are not written
// by people, and reading them takes time out of proportion.
const maxQuery = 64 << 10

var promql = sync.OnceValue(func() parser.Parser { return parser.NewParser(parser.Options{}) })

func parse(query string) (parser.Expr, error) {
	if len(query) > maxQuery {
		return nil, errors.New("longer than 64 KiB")
	}
	return promql().ParseExpr(query)
}

// Check says what is wrong with a query, in one line of Prometheus's own words; nil
// where nothing is.
func Check(query string) error {
	if _, err := parse(query); err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return errors.New(line)
	}
	return nil
}

// Format writes a query as Prometheus prints it; one that is none comes back as it is.
func Format(query string) string {
	e, err := parse(query)
	if err != nil {
		return query
	}
	return e.String()
}

// The operators of a Matcher.
const (
	Equal      = "="
	NotEqual   = "!="
	Pattern    = "=~"
	NotPattern = "!~"
)

// Matcher is a condition on a label.
type Matcher struct {
	Name, Operator, Value string
}

// String writes name="value".
func (m Matcher) String() string { return m.Name + m.Operator + strconv.Quote(m.Value) }

// Patterned tells whether the condition is a regular expression.
func (m Matcher) Patterned() bool { return m.Operator == Pattern || m.Operator == NotPattern }

// Selector is a metric with conditions on its labels.
type Selector struct {
	Name     string
	Matchers []Matcher // in the order of their text
}

// String writes the selector as Prometheus prints it.
func (s Selector) String() string {
	if len(s.Matchers) == 0 {
		return s.Name
	}
	var out []string
	for _, m := range s.Matchers {
		out = append(out, m.String())
	}
	return s.Name + "{" + strings.Join(out, ",") + "}"
}

// Label is the value that a selector asks of a label, by whatever operator; "" for none.
func (s Selector) Label(name string) string {
	if i := slices.IndexFunc(s.Matchers, func(m Matcher) bool { return m.Name == name }); i >= 0 {
		return s.Matchers[i].Value
	}
	return ""
}

// Has tells whether a selector sets a condition on a label.
func (s Selector) Has(name string) bool {
	return slices.ContainsFunc(s.Matchers, func(m Matcher) bool { return m.Name == name })
}

// ParseSelector reads a plain selector, such as http_requests_total{code=~"5.."};
// false for any other expression.
func ParseSelector(query string) (Selector, bool) {
	e, err := parse(query)
	if err != nil {
		return Selector{}, false
	}
	v, ok := e.(*parser.VectorSelector)
	if !ok {
		return Selector{}, false
	}
	return selector(v)
}

func selector(v *parser.VectorSelector) (Selector, bool) {
	if v.Name == "" || v.OriginalOffset != 0 || v.Timestamp != nil || v.StartOrEnd != 0 {
		return Selector{}, false
	}
	s := Selector{Name: v.Name}
	for _, m := range v.LabelMatchers {
		if m.Name != model.MetricNameLabel {
			s.Matchers = append(s.Matchers, Matcher{m.Name, m.Type.String(), m.Value})
		}
	}
	slices.SortFunc(s.Matchers, func(a, b Matcher) int { return strings.Compare(a.String(), b.String()) })
	return s, true
}

// stand is a range that stands for the window while a query is a tree; nobody writes it.
const (
	stand     = 27*time.Hour + 26*time.Minute + 5*time.Second + 7*time.Millisecond
	standText = "1d3h26m5s7ms"
)

// Windowed makes a query look back on a window, for which the variable stands in its
// text: a query that holds the variable already stays as it is; ranges give way to
// the window; a counter without a range is taken as a rate, a gauge is added up. The
// answer is false where none of these has a meaning.
func Windowed(query, variable string, counter bool) (string, bool) {
	if strings.Contains(query, variable) {
		return query, true
	}
	e, err := parse(query)
	if err != nil {
		return "", false
	}
	ranges, subqueries := 0, 0
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch x := n.(type) {
		case *parser.MatrixSelector:
			x.Range, x.RangeExpr = stand, nil
			ranges++
		case *parser.SubqueryExpr:
			subqueries++
		}
		return nil
	})
	switch {
	case subqueries > 0:
		return "", false
	case ranges > 0:
	case !counter:
		v, plain := e.(*parser.VectorSelector)
		if !plain {
			return "sum_over_time((" + query + ")[" + variable + ":1m])", true
		}
		e = over("sum_over_time", v)
	default:
		if e = rated(e); e == nil {
			return "", false
		}
	}
	return strings.ReplaceAll(e.String(), standText, variable), true
}

// rated takes the rate of a counter, or of the counter that a sum adds up.
func rated(e parser.Expr) parser.Expr {
	switch x := e.(type) {
	case *parser.VectorSelector:
		return &parser.AggregateExpr{Op: parser.SUM, Expr: over("rate", x)}
	case *parser.ParenExpr:
		return rated(x.Expr)
	case *parser.AggregateExpr:
		if v, ok := x.Expr.(*parser.VectorSelector); ok && x.Op == parser.SUM {
			x.Expr = over("rate", v)
			return x
		}
	}
	return nil
}

func over(function string, v *parser.VectorSelector) parser.Expr {
	return &parser.Call{Func: parser.Functions[function], Args: parser.Expressions{&parser.MatrixSelector{VectorSelector: v, Range: stand}}}
}

// Counter finds the counter whose rate or increase over the window a query adds up,
// sum by (grouping) (rate(selector[variable])); false for a query of another form.
func Counter(query, variable string) (s Selector, grouping []string, ok bool) {
	e, err := parse(strings.ReplaceAll(query, variable, standText))
	if err != nil {
		return s, nil, false
	}
	for p, is := e.(*parser.ParenExpr); is; p, is = e.(*parser.ParenExpr) {
		e = p.Expr
	}
	a, is := e.(*parser.AggregateExpr)
	if !is || a.Op != parser.SUM || a.Without {
		return s, nil, false
	}
	c, is := a.Expr.(*parser.Call)
	if !is || c.Func.Name != "rate" && c.Func.Name != "increase" || len(c.Args) != 1 {
		return s, nil, false
	}
	m, is := c.Args[0].(*parser.MatrixSelector)
	if !is || m.Range != stand {
		return s, nil, false
	}
	v, is := m.VectorSelector.(*parser.VectorSelector)
	if !is {
		return s, nil, false
	}
	s, ok = selector(v)
	return s, a.Grouping, ok
}
