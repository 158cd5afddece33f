package promquery

import (
	"fmt"
	"strings"
	"testing"
)

func TestWindowed(t *testing.T) {
	for _, c := range []struct {
		name, query string
		counter     bool
		want        string
	}{
		{"a query with the variable stays", `sum(rate(x[$w]))`, true, `sum(rate(x[$w]))`},
		{"its range gives way", `sum(rate(x{a="b"}[5m])) + rate(y[1h])`, true, `sum(rate(x{a="b"}[$w])) + rate(y[$w])`},
		{"a counter is taken as a rate", `x_total`, true, `sum(rate(x_total[$w]))`},
		{"so is the counter that a sum adds up", `(sum by (job) (x_total{code=~"2.."}))`, true, `sum by (job) (rate(x_total{code=~"2.."}[$w]))`},
		{"a gauge is added up", `x`, false, `sum_over_time(x[$w])`},
		{"so is an expression of gauges", `sum(x)`, false, `sum_over_time((sum(x))[$w:1m])`},
		{"a quotient of counters has no rate", `x_total / y_total`, true, ``},
		{"a subquery has ranges of two meanings", `max_over_time(rate(x[5m])[1h:])`, true, ``},
		{"what is no PromQL stays none", `sum:requests{status:2xx}`, true, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := Windowed(c.query, "$w", c.counter); got != c.want || ok != (c.want != "") {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestCounter(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"a sum of rates", `sum(rate(x{b="1",a=~"2"}[$w]))`, `x{a=~"2",b="1"} []`},
		{"by groups, in parentheses", `(sum(increase(x[$w])) by (job, le))`, `x [job le]`},
		{"another range is another query", `sum(rate(x[5m]))`, ``},
		{"a mean is no sum", `avg(rate(x[$w]))`, ``},
		{"an offset looks elsewhere", `sum(rate(x[$w] offset 1h))`, ``},
		{"a sum without labels cannot be said by groups", `sum without (pod) (rate(x[$w]))`, ``},
		{"a metric without a name", `sum(rate({job="x"}[$w]))`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if s, by, ok := Counter(c.query, "$w"); ok {
				got = fmt.Sprint(s, by)
			}
			got = strings.ReplaceAll(got, " []", " []")
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestSelectors(t *testing.T) {
	s, ok := ParseSelector(`x_bucket{le="0.5", job!="a", code!~"5.."}`)
	if !ok || s.String() != `x_bucket{code!~"5..",job!="a",le="0.5"}` || s.Label("le") != "0.5" || s.Has("pod") || s.Label("pod") != "" || s.Matchers[1].Patterned() {
		t.Errorf("%v %v", s, ok)
	}
	for _, bad := range []string{`rate(x[5m])`, `x offset 1h`, `{a="b"}`, `x{`, `x @ 5`, strings.Repeat("x+", 40_000) + "x"} {
		if _, ok := ParseSelector(bad); ok {
			t.Errorf("%.30s is no selector", bad)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{`sum(rate(x{a="b"}[5m])) by (c)`, `x offset 1h`, `1 - y{}`, `sum_over_time((x)[1h:5m])`, `a @ start()`, `"text"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		valid := Check(query) == nil
		for _, counter := range []bool{true, false} {
			if w, ok := Windowed(query, "$w", counter); ok && !strings.Contains(query, "$w") {
				if !valid {
					t.Fatalf("%q is no query, and yet looks back on %q", query, w)
				}
				if err := Check(strings.ReplaceAll(w, "$w", "5m")); err != nil && !strings.Contains(query, "$") {
					t.Logf("%q became %q: %v", query, w, err)
				}
			}
		}
		Counter(query, "$w")
		if s, ok := ParseSelector(query); ok {
			if again, ok := ParseSelector(s.String()); !ok || again.String() != s.String() {
				t.Fatalf("%q reads back as %q", s, again)
			}
		}
	})
}
