package topevent

import (
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// araliaFolder finds the Aralia trees beside the project.
func araliaFolder(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test")
	}
	shared := os.Getenv("DIAPASON_SHARED")
	if shared == "" {
		shared = filepath.Join(dir, "..", "shared")
	}
	data := filepath.Join(shared, "data", "faulttree")
	if _, err := os.Stat(filepath.Join(data, "scram.csv")); err != nil {
		if os.Getenv("DIAPASON_REQUIRE_SHARED") == "1" {
			t.Fatalf("the shared data are required: %v", err)
		}
		t.Skipf("no shared data: %v", err)
	}
	return data
}

type element struct {
	XMLName xml.Name
	Name    string    `xml:"name,attr"`
	Value   string    `xml:"value,attr"`
	Min     string    `xml:"min,attr"`
	Parts   []element `xml:",any"`
}

// readAralia reads what the Aralia trees use of Open-PSA XML: the first gate
// defined is the top.
func readAralia(t testing.TB, path string) *Tree {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var root element
	if err := xml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	tree := &Tree{}
	nodes := map[string]Node{}
	for _, part := range root.Parts {
		for _, e := range part.Parts {
			if e.XMLName.Local == "define-basic-event" {
				p, err := strconv.ParseFloat(e.Parts[0].Value, 64)
				if err != nil {
					t.Fatal(err)
				}
				nodes[e.Name] = tree.AddEvent(e.Name, Probability(p))
			}
		}
	}
	gate := func(name string) Node {
		if _, ok := nodes[name]; !ok {
			nodes[name] = tree.AddGate(name)
		}
		return nodes[name]
	}
	operators := map[string]Operator{"and": And, "or": Or, "not": Not, "atleast": AtLeast, "xor": Xor}
	var formula func(e element) Formula
	formula = func(e element) Formula {
		op, ok := operators[e.XMLName.Local]
		if !ok {
			t.Fatalf("operator %s", e.XMLName.Local)
		}
		f := Formula{Operator: op}
		if e.Min != "" {
			f.Min, _ = strconv.Atoi(e.Min)
		}
		for _, p := range e.Parts {
			switch p.XMLName.Local {
			case "basic-event":
				n, ok := nodes[p.Name]
				if !ok {
					t.Fatalf("event %s is not defined", p.Name)
				}
				f.Args = append(f.Args, Arg{Node: n})
			case "gate":
				f.Args = append(f.Args, Arg{Node: gate(p.Name)})
			default:
				f.Args = append(f.Args, Arg{Node: tree.AddFormula("", formula(p))})
			}
		}
		return f
	}
	first := true
	for _, part := range root.Parts {
		for _, e := range part.Parts {
			if e.XMLName.Local != "define-gate" {
				continue
			}
			n := gate(e.Name)
			var f Formula
			if o := e.Parts[0]; o.XMLName.Local == "gate" || o.XMLName.Local == "basic-event" {
				f = formula(element{XMLName: xml.Name{Local: "or"}, Parts: e.Parts})
			} else {
				f = formula(o)
			}
			if err := tree.Define(n, f); err != nil {
				t.Fatal(err)
			}
			if first {
				tree.SetTop(n)
				first = false
			}
		}
	}
	return tree
}

// slowTrees take seconds; they run when DIAPASON_ENDURE is set.
var slowTrees = map[string]bool{"das9701": true}

// countErrors are the counts that the published table has wrong; see
// docs/aralia.md.
var countErrors = map[string]string{
	"edf9206": "7159688704", // published: those of at most order 20
}

// eventErrors are the numbers of basic events that it has wrong.
var eventErrors = map[string]int{"edfpa15p": 100} // published: 276

type publishedTree struct {
	name, probability, cutSets string
	events                     int
}

func publishedTrees(t testing.TB) []publishedTree {
	t.Helper()
	file, err := os.Open(filepath.Join(araliaFolder(t), "aralia-published.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []publishedTree
	for _, r := range rows[1:] {
		n, err := strconv.Atoi(r[1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, publishedTree{r[0], r[3], r[2], n})
	}
	return out
}

func TestAraliaTreesGiveThePublishedFigures(t *testing.T) {
	dir := araliaFolder(t)
	for _, want := range publishedTrees(t) {
		t.Run(want.name, func(t *testing.T) {
			if want.probability == "unknown" {
				t.Skip("nobody has published it")
			}
			if slowTrees[want.name] && os.Getenv("DIAPASON_ENDURE") == "" {
				t.Skip("takes seconds; set DIAPASON_ENDURE")
			}
			tree := readAralia(t, filepath.Join(dir, "aralia", want.name+".xml"))
			report, err := Analyse(context.Background(), tree, Options{CutSets: true, List: 100})
			if err != nil {
				t.Fatal(err)
			}
			p, ok := report.Probability()
			if got := fmt.Sprintf("%.5E", float64(p)); !ok || got != want.probability {
				t.Errorf("probability %s (exact %v), published %s", got, ok, want.probability)
			}
			events := want.events
			if right, ok := eventErrors[want.name]; ok {
				events = right
			}
			if report.Events != events || len(tree.Events()) != events {
				t.Errorf("%d events of %d, published %d", report.Events, len(tree.Events()), want.events)
			}
			count := want.cutSets
			if right, ok := countErrors[want.name]; ok {
				count = right
			}
			if report.CutSets == nil || report.CutSets.Count.String() != count {
				t.Fatalf("cut sets %+v, want %s", report.CutSets, count)
			}
			checkListed(t, tree, report.CutSets)
			if report.PeakBytes > 2<<30 {
				t.Errorf("took %d bytes", report.PeakBytes)
			}
		})
	}
}

// checkListed checks by evaluation of the tree itself that products fail it
// and that none of their parts does (coherent trees).
func checkListed(t *testing.T, tree *Tree, c *CutSets) {
	t.Helper()
	order, err := tree.sorted(nil)
	if err != nil {
		t.Fatal(err)
	}
	failed := make([]uint64, tree.Len())
	fails := func(set []Arg) bool {
		clear(failed)
		for _, l := range set {
			failed[l.Node] = 1
		}
		for _, n := range order {
			if f, ok := tree.Formula(n); ok {
				failed[n] = f.states(failed) & 1
			}
		}
		return failed[tree.top] == 1
	}
	if c.Kind != MinimalCutSets {
		return
	}
	for _, p := range c.Listed {
		if !fails(p.Literals) {
			t.Fatalf("%v does not fail the top", p)
		}
		for i := range p.Literals {
			if fails(slices.Delete(slices.Clone(p.Literals), i, i+1)) {
				t.Fatalf("%v is not minimal", p)
			}
		}
	}
}

func TestPublishedCountOfEdf9206StopsAtOrder20(t *testing.T) {
	tree := readAralia(t, filepath.Join(araliaFolder(t), "aralia", "edf9206.xml"))
	report, err := Analyse(context.Background(), tree, Options{CutSets: true, MaxOrder: 20})
	if err != nil {
		t.Fatal(err)
	}
	if got := report.CutSets.Count.String(); got != "385825320" {
		t.Errorf("%s products of at most order 20, the published count is 385825320", got)
	}
}

func TestSamplingAgreesWithTheDiagrams(t *testing.T) {
	dir := araliaFolder(t)
	for _, name := range []string{"das9206", "edf9201", "edf9202", "edfpa14b", "edfpa15p", "ftr10", "isp9604", "isp9606"} {
		tree := readAralia(t, filepath.Join(dir, "aralia", name+".xml"))
		report, err := Analyse(context.Background(), tree, Options{})
		if err != nil {
			t.Fatal(err)
		}
		e, err := Simulate(context.Background(), tree, 200_000, 7)
		if err != nil {
			t.Fatal(err)
		}
		if p := float64(report.Lower); p < e.Lower || p > e.Upper {
			t.Errorf("%s: %v, sampled [%v, %v]", name, p, e.Lower, e.Upper)
		}
	}
}

func TestBoundsOfNus9601AreProvenAndShrink(t *testing.T) {
	if os.Getenv("DIAPASON_ENDURE") == "" {
		t.Skip("takes a minute; set DIAPASON_ENDURE")
	}
	tree := readAralia(t, filepath.Join(araliaFolder(t), "aralia", "nus9601.xml"))
	e, err := Simulate(context.Background(), tree, 20_000_000, 3)
	if err != nil {
		t.Fatal(err)
	}
	last := 1.0
	for _, seconds := range []time.Duration{5, 60} {
		ctx, cancel := context.WithTimeout(context.Background(), seconds*time.Second)
		report, err := Analyse(ctx, tree, Options{})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		low, high := float64(report.Lower), float64(report.Upper)
		t.Logf("%v s: [%v, %v], sampled [%v, %v], peak %d MB", int(seconds), low, high, e.Lower, e.Upper, report.PeakBytes>>20)
		if low > e.Upper || high < e.Lower || high-low > last || high > 1.1e-5 {
			t.Errorf("bounds [%v, %v], sampled [%v, %v]", low, high, e.Lower, e.Upper)
		}
		last = high - low
	}
}

func BenchmarkAralia(b *testing.B) {
	dir := araliaFolder(b)
	for _, tree := range publishedTrees(b) {
		if tree.probability == "unknown" {
			continue
		}
		parsed := readAralia(b, filepath.Join(dir, "aralia", tree.name+".xml"))
		for _, run := range []struct {
			name    string
			options Options
		}{{"probability", Options{}}, {"cutsets", Options{CutSets: true}}} {
			b.Run(tree.name+"/"+run.name, func(b *testing.B) {
				b.ReportAllocs()
				var nodes int
				var peak int64
				start := cpu()
				for b.Loop() {
					report, err := Analyse(context.Background(), parsed, run.options)
					if err != nil {
						b.Fatal(err)
					}
					nodes, peak = report.Nodes, report.PeakBytes
				}
				b.ReportMetric(float64((cpu()-start).Microseconds())/float64(b.N), "cpu-µs/op")
				b.ReportMetric(float64(nodes), "nodes")
				b.ReportMetric(float64(peak>>10), "peak-KiB")
			})
		}
	}
}

func BenchmarkOneChangedProbability(b *testing.B) {
	tree := readAralia(b, filepath.Join(araliaFolder(b), "aralia", "edfpa14b.xml"))
	a, err := Compile(context.Background(), tree, Options{CutSets: true, Importance: true})
	if err != nil {
		b.Fatal(err)
	}
	events := tree.Events()
	i := 0
	for b.Loop() {
		i++
		if err := a.SetProbability(events[i%len(events)], Probability(i%7)/100); err != nil {
			b.Fatal(err)
		}
		if _, err := a.Report(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
