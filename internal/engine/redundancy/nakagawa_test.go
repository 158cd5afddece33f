package redundancy

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

const folder = "/work/shared/data/redundancy"

func readCSV(t testing.TB, name string) [][]string {
	f, err := os.Open(folder + "/" + name)
	if err != nil {
		t.Skip("the benchmark data are not here: ", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t testing.TB, s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// nakagawa reads the problem of Fyffe, Hines and Lee (1968).
func nakagawa(t testing.TB, mixing bool, cost, weight float64) Problem {
	p := Problem{Resources: []Resource{{"cost", Amount(cost)}, {"weight", Amount(weight)}}}
	for _, row := range readCSV(t, "rap-components.csv") {
		if n := len(p.Subsystems); n == 0 || p.Subsystems[n-1].Name != row[0] {
			p.Subsystems = append(p.Subsystems, Subsystem{Name: row[0], Min: 1, Max: 8, Mixing: mixing})
		}
		s := &p.Subsystems[len(p.Subsystems)-1]
		s.Types = append(s.Types, Type{
			Name: row[1], Reliability: Probability(number(t, row[2])),
			Uses: []Use{{Each: Amount(number(t, row[3]))}, {Each: Amount(number(t, row[4]))}},
		})
	}
	return p
}

func TestTheOptimaOfNakagawaAndMiyazakiAreFound(t *testing.T) {
	for _, row := range readCSV(t, "rap-optima.csv") {
		p := nakagawa(t, row[0] == "yes", number(t, row[2]), number(t, row[1]))
		s, err := Solve(context.Background(), p, Goal{})
		if err != nil {
			t.Fatal(row, err)
		}
		if !s.Exact || math.Abs(float64(s.Reliability)-number(t, row[3])) > 5.1e-9 {
			t.Errorf("%v: %.9f, exact %v", row, s.Reliability, s.Exact)
		}
	}
}

func BenchmarkSolve66InstancesOfNakagawaAndMiyazaki(b *testing.B) {
	var list []Problem
	for _, row := range readCSV(b, "rap-optima.csv") {
		list = append(list, nakagawa(b, row[0] == "yes", number(b, row[2]), number(b, row[1])))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range list {
			if s, err := Solve(context.Background(), p, Goal{}); err != nil || !s.Exact {
				b.Fatal(err)
			}
		}
	}
}
