package ledgertest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"diapason/internal/store/ledger"
)

// targetVariable names the ledger that a process started by Killed appends to.
const targetVariable = "DIAPASON_LEDGERTEST_TARGET"

// perAppend is the number of records in each append of that process.
const perAppend = 200

// Main runs the tests of an engine, or, in a process started by Killed, appends until it
// is killed.
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
	for day := 20000; ; day++ {
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
}

// Killed kills a process that appends, in the middle of its work: what it acknowledged is
// there, what it did not is there whole or not at all.
func Killed(t *testing.T, target string, open func(t testing.TB) ledger.Ledger) {
	for round := range 3 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) { killedOnce(t, target, 10+7*round, open) })
	}
}

func killedOnce(t *testing.T, target string, after int, open func(t testing.TB) ledger.Ledger) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), targetVariable+"="+target)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if acknowledged++; acknowledged == after {
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
	days := map[int]int{}
	for _, r := range collect(t, l.Read(t.Context(), names, 0, 30000, time.Time{})) {
		days[r.Day]++
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
