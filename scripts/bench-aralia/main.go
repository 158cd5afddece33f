// Command bench-aralia measures `diapason solve faulttree` on the Aralia trees
// beside SCRAM, the C++ reference, and the start of the program. It fails when
// one of its anchors is missed.
//
//	go run ./scripts/bench-aralia [part…]   start probability cutsets hard open
//
// CPU seconds are user and system of whole processes, start included, the least
// of three runs, the two programs in turns. Without SCRAM its figures come from
// scram.csv of the data. The trees are looked for in $DIAPASON_SHARED, else in
// ../shared.
package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Anchors.
const (
	mostStart  = 0.040 // CPU seconds of a command that does little
	leastRatio = 3.0   // SCRAM's sum of CPU seconds by ours
	mostHard   = 20.0  // CPU seconds of das9701
	mostBytes  = 2 << 30
	openBudget = 60 // seconds for nus9601
)

// published counts that are wrong; docs/aralia.md shows why.
var corrected = map[string]string{"edf9206": "7159688704"}

type tree struct {
	name, file        string
	count, top        string // as published
	scramExact        float64
	scramCutSets      float64 // least of its complete modes; 0 where it finishes in none
	scramProbability  string
	scramCutSetsCount string
}

type bench struct {
	program, scram string // scram is empty where it is not installed
	rounds         int
	trees          []tree
	missed         []string
}

func main() {
	b := &bench{}
	flag.StringVar(&b.program, "program", "bin/diapason", "the program to measure")
	flag.IntVar(&b.rounds, "rounds", 3, "runs of each tree, of which the least counts")
	flag.Parse()
	parts := flag.Args()
	if len(parts) == 0 {
		parts = []string{"start", "probability", "cutsets", "hard", "open"}
	}
	if path, err := exec.LookPath("scram"); err == nil {
		b.scram = path
	}
	if err := b.read(); err != nil {
		fmt.Println("  no Aralia trees, only the start is measured:", err)
	} else if b.scram == "" {
		fmt.Println("  SCRAM is not installed here: its figures are those of scram.csv, taken on another machine")
	}
	for _, part := range parts {
		measure, ok := map[string]func() error{"start": b.start, "probability": b.probability, "cutsets": b.cutSets, "hard": b.hard, "open": b.open}[part]
		if !ok {
			fmt.Fprintf(os.Stderr, "bench-aralia: no part is called %q; there are start, probability, cutsets, hard, open\n", part)
			os.Exit(2)
		}
		if part != "start" && len(b.trees) == 0 {
			continue
		}
		fmt.Printf("· %s\n", part)
		if err := measure(); err != nil {
			b.miss("%s: %v", part, err)
		}
	}
	for _, m := range b.missed {
		fmt.Println("MISSED:", m)
	}
	if len(b.missed) > 0 {
		os.Exit(1)
	}
}

func (b *bench) miss(format string, args ...any) {
	b.missed = append(b.missed, fmt.Sprintf(format, args...))
}

// read reads the published table and SCRAM's figures.
func (b *bench) read() error {
	shared := os.Getenv("DIAPASON_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "shared")
	}
	dir := filepath.Join(shared, "data", "faulttree")
	published, err := rows(filepath.Join(dir, "aralia-published.csv"))
	if err != nil {
		return err
	}
	measured, err := rows(filepath.Join(dir, "scram.csv"))
	if err != nil {
		return err
	}
	for _, r := range published {
		t := tree{name: r[0], file: filepath.Join(dir, "aralia", r[0]+".xml"), count: r[2], top: r[3]}
		if right, ok := corrected[t.name]; ok {
			t.count = right
		}
		for _, m := range measured {
			if m[0] != t.name || !strings.HasPrefix(m[2], "ok") {
				continue
			}
			seconds, err := strconv.ParseFloat(m[3], 64)
			if err != nil {
				return fmt.Errorf("scram.csv, %s: %w", t.name, err)
			}
			switch {
			case m[1] == "bdd-probability":
				t.scramExact, t.scramProbability = seconds, m[6]
			case strings.HasSuffix(m[1], "-full") && (t.scramCutSets == 0 || seconds < t.scramCutSets):
				t.scramCutSets, t.scramCutSetsCount = seconds, m[5]
			}
		}
		b.trees = append(b.trees, t)
	}
	return nil
}

func rows(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err == nil && len(all) < 2 {
		err = fmt.Errorf("%s is empty", path)
	}
	if err != nil {
		return nil, err
	}
	return all[1:], nil
}

// solved is what counts of the program's result.
type solved struct {
	Exact       bool    `json:"exact"`
	Probability float64 `json:"probability"`
	Lower       float64 `json:"lower"`
	Upper       float64 `json:"upper"`
	CutSets     struct {
		Count    string `json:"count"`
		Complete bool   `json:"complete"`
	} `json:"minimal_cut_sets"`
}

// solve runs the program on a tree.
func (b *bench) solve(t *tree, flags ...string) (solved, usage, error) {
	var s solved
	out, u, err := run(b.program, append([]string{"solve", "faulttree", t.file, "--format", "json"}, flags...)...)
	if err == nil {
		err = json.Unmarshal(out, &s)
	}
	return s, u, err
}

// start measures what a command costs that does little.
func (b *bench) start() error {
	trivial := [][]string{{"explain", "--help"}, {"solve", "faulttree", "--help"}, {"--version"}}
	if i := slices.IndexFunc(b.trees, func(t tree) bool { return t.name == "chinese" }); i >= 0 {
		trivial = append(trivial, []string{"solve", "faulttree", b.trees[i].file})
	}
	for _, args := range trivial {
		const runs = 20
		var sum usage
		for range runs {
			_, u, err := run(b.program, args...)
			if err != nil {
				return err
			}
			sum.cpu += u.cpu
			sum.bytes = max(sum.bytes, u.bytes)
		}
		mean := sum.cpu / runs
		words := slices.Clone(args)
		words[len(words)-1] = filepath.Base(words[len(words)-1])
		fmt.Printf("  diapason %-32s %5.1f ms CPU on average of %d, at most %d MiB\n", strings.Join(words, " "), mean*1e3, runs, sum.bytes>>20)
		if mean > mostStart {
			b.miss("diapason %s takes %.1f ms of CPU, more than %.0f", strings.Join(words, " "), mean*1e3, mostStart*1e3)
		}
	}
	return nil
}
