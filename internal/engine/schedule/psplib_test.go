package schedule

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// psplib returns the folder of the PSPLIB instances beside the repository.
func psplib(t testing.TB) string {
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
	data := filepath.Join(dir, "..", "shared", "data", "schedule")
	if _, err := os.Stat(filepath.Join(data, "best-known.csv")); err != nil {
		if os.Getenv("DIAPASON_REQUIRE_SHARED") == "1" {
			t.Fatalf("the shared data are required: %v", err)
		}
		t.Skipf("no shared data: %v", err)
	}
	return data
}

// readPSPLIB reads a single-mode project in the .sm format (Kolisch and
// Sprecher 1997): precedence, then requests and durations, then availability.
func readPSPLIB(path string) (Problem, error) {
	file, err := os.Open(path)
	if err != nil {
		return Problem{}, err
	}
	defer file.Close()
	var p Problem
	section := ""
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch {
		case strings.HasPrefix(line, "PRECEDENCE RELATIONS"), strings.HasPrefix(line, "REQUESTS/DURATIONS"), strings.HasPrefix(line, "RESOURCEAVAILABILITIES"):
			section = strings.Fields(line)[0]
			continue
		case strings.HasPrefix(line, "*"), strings.HasPrefix(line, "-"):
			continue
		}
		var numbers []int
		for _, word := range strings.Fields(line) {
			n, err := strconv.Atoi(word)
			if err != nil {
				numbers = nil
				break
			}
			numbers = append(numbers, n)
		}
		if len(numbers) == 0 {
			continue
		}
		switch section {
		case "PRECEDENCE":
			name := strconv.Itoa(numbers[0])
			p.Tasks = append(p.Tasks, Task{Name: name})
			for _, after := range numbers[3:] {
				// Successors have higher numbers; they are linked below.
				p.Tasks[len(p.Tasks)-1].After = append(p.Tasks[len(p.Tasks)-1].After, strconv.Itoa(after))
			}
		case "REQUESTS/DURATIONS:":
			t := &p.Tasks[numbers[0]-1]
			t.Duration = Seconds(numbers[2])
			for k, units := range numbers[3:] {
				if units > 0 {
					t.Needs = append(t.Needs, Need{Resource: fmt.Sprint("R", k+1), Units: units})
				}
			}
		case "RESOURCEAVAILABILITIES:":
			for k, units := range numbers {
				p.Resources = append(p.Resources, Resource{Name: fmt.Sprint("R", k+1), Capacity: units})
			}
		}
	}
	before := make([][]string, len(p.Tasks))
	for _, t := range p.Tasks {
		for _, name := range t.After {
			n, _ := strconv.Atoi(name)
			before[n-1] = append(before[n-1], t.Name)
		}
	}
	for i := range p.Tasks {
		p.Tasks[i].After = before[i]
	}
	return p, lines.Err()
}

type known struct {
	name             string
	path, lower, top Seconds
}

func readBestKnown(t testing.TB, dir, set string) []known {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "best-known.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []known
	for _, row := range rows[1:] {
		if row[0] != set {
			continue
		}
		var n [3]int
		for k := range n {
			if n[k], err = strconv.Atoi(row[2+k]); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, known{row[1], Seconds(n[0]), Seconds(n[1]), Seconds(n[2])})
	}
	return all
}

// TestPSPLIB schedules published projects: every schedule is verified, no
// bound is undercut, and the average stays near the best known. Each 20th file
// is read, all of them with DIAPASON_ALL_SHARED=1.
func TestPSPLIB(t *testing.T) {
	dir := psplib(t)
	for _, set := range []struct {
		name   string
		gap    float64 // average allowed over the best known makespan
		proven int     // percent of schedules proven optimal
	}{{"j30", 0.005, 60}, {"j60", 0.015, 60}} {
		t.Run(set.name, func(t *testing.T) {
			step, offset := 20, 7
			if os.Getenv("DIAPASON_ALL_SHARED") == "1" {
				step, offset = 1, 0
			}
			instances := readBestKnown(t, dir, set.name)
			if len(instances) == 0 {
				t.Fatal("no instances")
			}
			total, count, proven, best, built := 0.0, 0, 0, 0, 0
			for k := offset; k < len(instances); k += step {
				want := instances[k]
				p, err := readPSPLIB(filepath.Join(dir, set.name, want.name+".sm"))
				if err != nil {
					t.Fatal(err)
				}
				s, err := Solve(p, DefaultBudget)
				if err != nil {
					t.Fatalf("%s: %v", want.name, err)
				}
				if err := verify(p, s); err != nil {
					t.Errorf("%s: %v", want.name, err)
				}
				if s.CriticalPath != want.path || s.Makespan < want.lower || s.LowerBound > want.top {
					t.Errorf("%s: path %d, bound %d, makespan %d; published path %d, bounds %d to %d",
						want.name, s.CriticalPath, s.LowerBound, s.Makespan, want.path, want.lower, want.top)
				}
				total += float64(s.Makespan-want.top) / float64(want.top)
				count++
				built += s.Built
				if s.Makespan <= want.top {
					best++
				}
				if s.Optimal {
					proven++
				}
			}
			gap := total / float64(count)
			t.Logf("%d projects: %.3f %% over the best known, %d at it, %d proven optimal, %d schedules each", count, 100*gap, best, proven, built/count)
			if gap > set.gap {
				t.Errorf("%.3f %% over the best known on average, want at most %.3f %%", 100*gap, 100*set.gap)
			}
			if 100*proven < set.proven*count {
				t.Errorf("%d of %d proven optimal, want %d %%", proven, count, set.proven)
			}
		})
	}
}
