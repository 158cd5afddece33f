package allocation

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"diapason/internal/engine/redundancy"
)

func read(t *testing.T, text string) *Document {
	t.Helper()
	d, issues := Read("p.yaml", []byte(text), AsWritten, nil)
	for _, i := range issues {
		t.Error(i)
	}
	if len(issues) > 0 {
		t.FailNow()
	}
	return d
}

const bridge = `
redundancy: 1
title: Bridge
resources: {cost: 10, weight: none}
defaults: {max: 3}
subsystems:
  a: {types: {x: {reliability: 0.9, use: {cost: 1, weight: 2.5}}}}
  b: {mixing: true, types: {x: {reliability: 90%, use: {cost: 1}}, y: {reliability: 0.5, use: {cost: "0.5*x^2"}}}}
  c: {types: {x: {reliability: 0.9, use: {cost: [1, 3, 6]}, max: 2}}}
  d: {min: 2, needed: 2, types: {x: {reliability: 0.9, use: {cost: 1}}}}
  e: {use: {cost: 1}, types: {x: {reliability: 0.9, use: {cost: 1}}}}
structure:
  network: {from: s, to: t, links: [[s, 1, a], [1, t, b], [s, 2, c], [2, t, d], {from: 1, to: 2, subsystem: e, directed: true}]}
`

func TestEverythingOfTheFormatIsRead(t *testing.T) {
	d := read(t, bridge)
	p := d.Problem
	if d.Title != "Bridge" || len(p.Subsystems) != 5 || p.Resources[1].Limit != redundancy.Unlimited {
		t.Fatalf("%+v", d)
	}
	b, c, dd, e := p.Subsystems[1], p.Subsystems[2], p.Subsystems[3], p.Subsystems[4]
	if !b.Mixing || b.Types[0].Reliability != 0.9 || fmt.Sprint(b.Types[1].Uses[0].Table) != "[0.5 2 4.5]" || p.Subsystems[0].Mixing {
		t.Errorf("%+v", b)
	}
	if c.Types[0].Max != 2 || fmt.Sprint(c.Types[0].Uses[0].Table) != "[1 3 6]" || c.Min != 1 || c.Max != 3 {
		t.Errorf("%+v", c)
	}
	if dd.Needed != 2 || dd.Min != 2 || e.Uses[0].Each != 1 {
		t.Errorf("%+v %+v", dd, e)
	}
	if l := p.Structure.Network.Links[4]; l != (redundancy.Link{From: "1", To: "2", Subsystem: "e", Directed: true}) {
		t.Errorf("%+v", l)
	}
	if s, err := redundancy.Solve(context.Background(), p, d.Goal); err != nil || !s.Exact {
		t.Error(s, err)
	}
}

func TestTheTableOfNakagawaAndMiyazakiIsRead(t *testing.T) {
	const folder = "/work/shared/data/redundancy/"
	open := func(name string) ([]byte, error) { return os.ReadFile(folder + name) }
	if _, err := open("rap-components.csv"); err != nil {
		t.Skip("the benchmark data are not here: ", err)
	}
	for weight, want := range map[int]float64{191: 0.98681102, 159: 0.95456481} {
		text := fmt.Sprintf("redundancy: 1\nmixing: true\nresources: {cost: 130, weight: %d}\ndefaults: {min: 1, max: 8}\ncomponents: rap-components.csv\n", weight)
		d, issues := Read("p.yaml", []byte(text), AsWritten, open)
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		s, err := redundancy.Solve(context.Background(), d.Problem, d.Goal)
		if err != nil || !s.Exact || math.Abs(float64(s.Reliability)-want) > 5e-9 {
			t.Error(weight, s.Reliability, s.Exact, err)
		}
	}
}

func TestTheComplexBridgeWithExponentialUsesIsRead(t *testing.T) {
	// The third problem of Hikita et al. (1992) with the component reliabilities of
	// a published solution; uses are functions of the number of components.
	rel := []float64{0.828134, 0.857831, 0.914192, 0.648069, 0.715}
	alpha := []float64{2.330e-5, 1.450e-5, 0.541e-5, 8.050e-5, 1.950e-5}
	volume, weight := []float64{1, 2, 3, 4, 2}, []float64{7, 8, 8, 6, 9}
	var b strings.Builder
	b.WriteString("redundancy: 1\nresources: {volume: 110, cost: 175, weight: 200}\nsubsystems:\n")
	for i := range rel {
		c := alpha[i] * math.Pow(-1000/math.Log(rel[i]), 1.5)
		fmt.Fprintf(&b, "  %d: {max: 6, types: {t: {reliability: %v, use: {volume: \"%v*x^2\", cost: \"%.6f*(x+exp(x/4))\", weight: \"%v*x*exp(x/4)\"}}}}\n", i+1, rel[i], volume[i], c, weight[i])
	}
	b.WriteString("structure: {network: {from: s, to: t, links: [[s, a, 1], [a, t, 2], [s, b, 3], [b, t, 4], [a, b, 5]]}}\n")
	d := read(t, b.String())
	s, err := redundancy.Solve(context.Background(), d.Problem, d.Goal)
	if err != nil || !s.Exact {
		t.Fatal(s, err)
	}
	// Independent: all 6^5 choices.
	best := 0.0
	for k := range 7776 {
		n, x := [5]int{}, k
		use := [3]float64{}
		r := [5]float64{}
		for i := range n {
			n[i] = 1 + x%6
			x /= 6
			m := float64(n[i])
			c := alpha[i] * math.Pow(-1000/math.Log(rel[i]), 1.5)
			use[0] += volume[i] * m * m
			use[1] += c * (m + math.Exp(m/4))
			use[2] += weight[i] * m * math.Exp(m/4)
			r[i] = 1 - math.Pow(1-rel[i], m)
		}
		if use[0] > 110 || use[1] > 175 || use[2] > 200 {
			continue
		}
		q := func(i int) float64 { return 1 - r[i] }
		best = max(best, r[4]*(1-q(0)*q(2))*(1-q(1)*q(3))+q(4)*(1-(1-r[0]*r[1])*(1-r[2]*r[3])))
	}
	if math.Abs(best-float64(s.Reliability)) > 1e-12 {
		t.Errorf("%v, all choices give %v", s.Reliability, best)
	}
}

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	good := "redundancy: 1\nresources: {cost: 10}\nsubsystems:\n  a: {max: 2, types: {x: {reliability: 0.9, use: {cost: 1}}}}\n"
	read(t, good)
	for _, c := range []struct{ name, text, want string }{
		{"an unknown field of the file", good + "limit: 3\n", `p.yaml:5:1: unknown field "limit"`},
		{"no version", strings.Replace(good, "redundancy: 1\n", "", 1), "p.yaml:1:1: redundancy is missing"},
		{"another version", strings.Replace(good, ": 1\n", ": 2\n", 1), "p.yaml:1:13: version 2"},
		{"a reliability over 1", strings.Replace(good, "0.9", "1.9", 1), "p.yaml:4:40: the reliability 1.9 is not between 0 and 1"},
		{"a reliability that is no number", strings.Replace(good, "0.9", ".nan", 1), `p.yaml:4:40: ".nan" is no reliability`},
		{"a reliability in words", strings.Replace(good, "0.9", "high", 1), `p.yaml:4:40: "high" is no reliability`},
		{"a negative amount", strings.Replace(good, "cost: 1}", "cost: -1}", 1), "p.yaml:4:57: the amount -1 is negative"},
		{"an infinite amount", strings.Replace(good, "cost: 1}", "cost: .inf}", 1), `p.yaml:4:57: ".inf" is no number`},
		{"an unknown resource", strings.Replace(good, "cost: 1}", "cots: 1}", 1), `p.yaml:4:51: "cots" is no resource; did you mean "cost"?`},
		{"a short list", strings.Replace(good, "cost: 1}", "cost: [1]}", 1), "p.yaml:4:57: the list has 1 amounts, but there can be 2"},
		{"a formula that ends", strings.Replace(good, "cost: 1}", `cost: "2*("}`, 1), `p.yaml:4:57: "2*(" ends where`},
		{"a formula with a foreign word", strings.Replace(good, "cost: 1}", `cost: "2*y"}`, 1), `p.yaml:4:57: "2*y" cannot be read from "y" on`},
		{"a formula below zero", strings.Replace(good, "cost: 1}", `cost: "1-x"}`, 1), "p.yaml:4:57: the formula gives -1 for 2 components"},
		{"a formula beyond all numbers", strings.Replace(good, "cost: 1}", `cost: "10^10^10^x"}`, 1), "p.yaml:4:57: the formula gives more than any number can hold for 1 components"},
		{"a formula beyond all numbers that no limit stops", strings.Replace(strings.Replace(good, "10}", "none}", 1), "cost: 1}", `cost: "10^(400*(x-1))"}`, 1), "p.yaml:4:57: the formula gives more than any number can hold for 2 components"},
		{"a subsystem without types", "redundancy: 1\nsubsystems:\n  a: {}\n", `p.yaml:3:3: subsystem "a" has no types`},
		{"no subsystem", "redundancy: 1\n", "p.yaml:1:1: there is no subsystem"},
		{"an empty file", "", "p.yaml: a problem is one mapping"},
		{"a name twice", good + "title: a\ntitle: b\n", `p.yaml:6:1: "title" stands twice`},
		{"more needed than possible", strings.Replace(good, "max: 2", "max: 2, needed: 3", 1), `p.yaml:4:3: subsystem "a" needs 3`},
		{"a structure with a foreign name", good + "structure: {all: [a, b]}\n", `p.yaml:5:22: "b" is no subsystem`},
		{"a structure of two words", good + "structure: {all: [a], any: [a]}\n", `p.yaml:5:23: "all" and "any" say`},
		{"a structure of nothing", good + "structure: {all: []}\n", `p.yaml:5:18: a list of structures`},
		{"atLeast without of", good + "structure: {atLeast: 1}\n", `p.yaml:5:12: atLeast and of go together`},
		{"a failing node that no link touches", good + "structure: {network: {from: s, to: t, links: [[s, t, a]], nodes: {x: a}}}\n", `p.yaml:5:67: no link touches "x"`},
		{"failing nodes without subsystems", good + "structure: {network: {from: s, to: t, links: [[s, t, a]], nodes: [s]}}\n", `p.yaml:5:66: nodes that fail are a mapping of nodes to subsystems: {n: a}`},
		{"a network without its end", good + "structure: {network: {from: s, to: t, links: [[s, b, a]]}}\n", `p.yaml:5:22: no link touches "t"`},
		{"a link of two", good + "structure: {network: {from: s, to: t, links: [[s, t]]}}\n", `p.yaml:5:47: a link is`},
		{"minimise without target", good + "minimise: cost\n", "p.yaml:5:11: minimise needs target"},
		{"minimise what there is not", good + "minimise: money\ntarget: 0.9\n", `p.yaml:5:11: "money" is no resource`},
		{"a broken file", "redundancy: [1\n", "p.yaml:"},
	} {
		d, issues := Read("p.yaml", []byte(c.text), AsWritten, nil)
		if d != nil || len(issues) == 0 || !strings.HasPrefix(issues[0].Error(), c.want) {
			t.Errorf("%s: %v", c.name, issues)
		}
	}
}

func TestWhatTheEngineRefusesIsExplainedWithItsPlace(t *testing.T) {
	good := "redundancy: 1\nresources: {cost: 10}\nsubsystems:\n  a: {max: 2, types: {x: {reliability: 0.9, use: {cost: 1}}}}\n  b: {max: 2, types: {x: {reliability: 0.9, use: {cost: 1}}}}\n"
	for _, c := range []struct{ name, text, want string }{
		{"a limit that even the smallest choice exceeds", strings.Replace(good, "10", "1.5", 1), `p.yaml:2:13: even the smallest choice uses 2 of "cost", more than the limit of 1.5`},
		{"one component alone exceeds the limit", strings.Replace(good, "10", "0.5", 1), `p.yaml:2:13: even the smallest choice uses 2 of "cost", more than the limit of 0.5`},
		{"a target out of reach", good + "minimise: cost\ntarget: 0.999\n", `p.yaml:7:9: reliability 0.999 cannot be reached within the limits: the best is 0.98`},
		{"a subsystem that the structure leaves out", good + "structure: a\n", `p.yaml:5:3: the structure does not name subsystem "b"`},
		{"nothing bounds the components", strings.Replace(strings.Replace(good, "10", "none", 1), "max: 2, ", "", 1), `p.yaml:4:`},
		{"nothing to use bounds the components", "redundancy: 1\nsubsystems:\n  a: {types: {x: {reliability: 0.9}}}\n", `p.yaml:3:`},
		{"a structure that always works", good + "structure: {network: {from: s, to: s, links: [[s, t, a], [s, t, b]]}}\n", `p.yaml:6:12: the structure is the same whatever works`},
	} {
		d := read(t, c.text)
		_, err := redundancy.Solve(context.Background(), d.Problem, d.Goal)
		if err == nil {
			t.Errorf("%s: solved", c.name)
			continue
		}
		if i := d.Explain(err); i == nil || !strings.HasPrefix(i.Error(), c.want) {
			t.Errorf("%s: %v", c.name, i)
		}
	}
	if read(t, good).Explain(errors.New("else")) != nil {
		t.Error("a foreign error was explained")
	}
}

func TestTablesOfComponentsAreReadStrictly(t *testing.T) {
	problem := "redundancy: 1\nresources: {cost: 10}\ncomponents: c.csv\n"
	for _, c := range []struct{ name, table, want string }{
		{"a column that is no resource", "subsystem,type,reliability,mass\n", `c.csv:1:28: "mass" is no resource`},
		{"no column of reliabilities", "subsystem,type,cost\n", "c.csv:1:1: a table of components has the columns"},
		{"a reliability over 1", "subsystem,type,reliability,cost\na,x,1.2,3\n", "c.csv:2:5: the reliability 1.2"},
		{"a negative amount", "subsystem,type,reliability,cost\na,x,0.2,-3\n", "c.csv:2:9: the amount -3 is negative"},
		{"a row too short", "subsystem,type,reliability,cost\na,x,0.2\n", "c.csv:2:1: the table cannot be read"},
		{"a type twice", "subsystem,type,reliability,cost\na,x,0.2,1\na,x,0.2,1\n", `c.csv:3:1: "x" stands twice`},
		{"a word for a number", "subsystem;type;reliability;cost\na;x;0,2;1\n", `c.csv:2:5: "0,2" is no number`},
	} {
		_, issues := Read("p.yaml", []byte(problem), AsWritten, func(string) ([]byte, error) { return []byte(c.table), nil })
		if len(issues) == 0 || !strings.HasPrefix(issues[0].Error(), c.want) {
			t.Errorf("%s: %v", c.name, issues)
		}
	}
}

func TestTheExampleOfTheDocumentationIsSolvedAsItSays(t *testing.T) {
	for _, name := range []string{"solve-redundancy.md", "fr/solve-redundancy.md"} {
		data, err := os.ReadFile("../../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		from := strings.Index(text, "    redundancy: 1")
		to := strings.Index(text, "[web, database, link]}\n")
		d := read(t, strings.ReplaceAll(text[from:to]+"[web, database, link]}\n", "\n    ", "\n")[4:])
		s, err := redundancy.Solve(context.Background(), d.Problem, d.Goal)
		if err != nil || !s.Exact {
			t.Fatal(s, err)
		}
		said := fmt.Sprintf("%.10g", float64(s.Reliability))
		if !strings.Contains(strings.Replace(text, "0,99", "0.99", 1), said) {
			t.Errorf("%s does not say %s", name, said)
		}
	}
}

func TestFormulas(t *testing.T) {
	for text, want := range map[string]float64{
		"7*x*exp(x/4)": 21 * math.Exp(0.75), "2*(x+exp(x/4))": 2 * (3 + math.Exp(0.75)), "-2^2+x": -1, "2^-1": 0.5, "x^2^0.5": math.Pow(3, math.Sqrt(2)),
		"1e2": 100, ".5*x": 1.5, "ceil(x/2) - floor(x/2)": 1, "sqrt(9)/abs(0-3)": 1, "ln(exp(2))": 2, "5": 5, "2 e": math.NaN(),
	} {
		f, fault := parseFormula(text)
		if math.IsNaN(want) {
			if fault == nil {
				t.Errorf("%s was read", text)
			}
			continue
		}
		if fault != nil || math.Abs(f(3)-want) > 1e-12 {
			t.Errorf("%s: %v %v, want %v", text, f(3), fault, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(bridge), []byte("subsystem,type,reliability,cost\na,x,0.9,1\n"))
	f.Add([]byte("redundancy: 1\nresources: {cost: 3}\ncomponents: c.csv\nstructure: {atLeast: 1, of: [a, {not: a}]}\nminimise: cost\ntarget: 0.5\n"), []byte("subsystem,type,reliability,cost\na,x,0.9,1\na,y,1,0\n"))
	f.Add([]byte(`{"redundancy": 1, "resources": {"w": 1e300}, "subsystems": {"1": {"max": 3, "types": {"t": {"reliability": 1, "use": {"w": "x^x"}}}}}, "structure": {"paths": [["1"]]}}`), []byte(""))
	f.Fuzz(func(t *testing.T, data, table []byte) {
		if len(data) > 2000 || len(table) > 2000 {
			return
		}
		d, issues := Read("p", data, Always, func(string) ([]byte, error) { return table, nil })
		if (d == nil) == (len(issues) == 0) {
			t.Fatal("neither a problem nor what is wrong with it")
		}
		if d == nil || len(d.Problem.Subsystems) > 6 {
			return
		}
		for i := range d.Problem.Subsystems {
			s := &d.Problem.Subsystems[i]
			if s.Max == 0 || s.Max > 4 || len(s.Types) > 3 {
				return
			}
		}
		ctx, stop := context.WithCancel(context.Background())
		stop()
		s, err := redundancy.Solve(ctx, d.Problem, d.Goal)
		if err != nil {
			if d.Explain(err) == nil {
				t.Fatal(err)
			}
			return
		}
		if !(s.Reliability >= 0 && s.Reliability <= 1) || s.Reliability < d.Goal.Target-1e-9 {
			t.Fatal(s)
		}
		for r, u := range s.Uses {
			if u > d.Problem.Resources[r].Limit {
				t.Fatal(s.Uses, d.Problem.Resources)
			}
		}
	})
}
