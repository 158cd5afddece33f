package ledgertest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"diapason/internal/store/ledger"
)

// targetVariable names the ledger that a process started by Again appends to,
// daysVariable after how many days it ends: never where it is empty.
const (
	targetVariable = "DIAPASON_LEDGERTEST_TARGET"
	daysVariable   = "DIAPASON_LEDGERTEST_DAYS"
)

// perAppend is the number of records in each append of that process: of one day.
const perAppend = 2000

// Again is this test as a process that appends day after day, to a ledger at target, and
// writes the number of each day once it is acknowledged. It ends after some days; never
// with 0.
func Again(target string, days int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), targetVariable+"="+target)
	if days > 0 {
		cmd.Env = append(cmd.Env, daysVariable+"="+strconv.Itoa(days))
	}
	return cmd
}

// Main runs the tests of an engine, or, in a process started by Again, appends until it
// is killed or its days are over.
func Main(m *testing.M, open func(ctx context.Context, target string) (ledger.Ledger, error)) {
	target := os.Getenv(targetVariable)
	if target == "" {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	l, err := open(ctx, target)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	days, _ := strconv.Atoi(os.Getenv(daysVariable))
	for day := 20000; days == 0 || day < 20000+days; day++ {
		var records []ledger.Record
		for n := range perAppend {
			records = append(records, ledger.Record{Series: ledger.Series(fmt.Sprint("series ", n)), Day: day, Slices: []byte("12345678")})
		}
		if _, err := l.Append(ctx, records); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(day)
	}
	if err := l.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Killed kills a process that appends, in the middle of the write of a day, sooner or
// later in it each time: what it acknowledged is there, the day that it did not is there
// whole or not at all.
func Killed(t *testing.T, target string, open func(t testing.TB) ledger.Ledger) {
	for round := range 8 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) { killedOnce(t, target, 3+round%3, float64(round)/8, open) })
	}
}

// killedOnce kills after some days and a part of the next.
func killedOnce(t *testing.T, target string, after int, part float64, open func(t testing.TB) ledger.Ledger) {
	cmd := Again(target, 0)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged, last := 0, time.Now()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		took := time.Since(last)
		last = last.Add(took)
		if acknowledged++; acknowledged == after {
			time.Sleep(time.Duration(float64(took) * part))
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if acknowledged < after {
		t.Fatalf("only %d appends were acknowledged", acknowledged)
	}
	l := open(t)
	var names []ledger.Series
	for n := range perAppend {
		names = append(names, ledger.Series(fmt.Sprint("series ", n)))
	}
	days, revisions := map[int]int{}, map[int]int{}
	for _, r := range collect(t, l.Read(t.Context(), names, 0, 30000, time.Time{})) {
		days[r.Day]++
		if first, ok := revisions[r.Day]; ok && first != r.Revision {
			t.Fatalf("day %d is of revisions %d and %d: half of it was written", r.Day-20000, first, r.Revision)
		}
		revisions[r.Day] = r.Revision
	}
	for day := range acknowledged {
		if days[20000+day] != perAppend {
			t.Errorf("day %d has %d records", day, days[20000+day])
		}
	}
	for day, n := range days {
		if n != perAppend {
			t.Errorf("day %d has %d records", day-20000, n)
		}
	}
	wantClean(t, l)
}
