package ledgertest

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

// testModel compares a ledger under random appends with a list in memory.
func testModel(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		type kept struct {
			ledger.Record
			before time.Time // the ledger's clock after it was recorded
		}
		var model []kept
		name := rapid.Map(rapid.IntRange(0, 3), func(n int) ledger.Series { return ledger.Series(fmt.Sprintf("run %d series %d", run, n)) })
		day := rapid.IntRange(20000, 20006)
		for range rapid.IntRange(1, 6).Draw(r, "appends") {
			var records []ledger.Record
			for range rapid.IntRange(1, 8).Draw(r, "records") {
				records = append(records, ledger.Record{
					Series: name.Draw(r, "series"), Day: day.Draw(r, "day"), Slices: rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(r, "slices"),
					Engine: rapid.SampledFrom([]string{"", "a", "b"}).Draw(r, "engine"), Reason: rapid.SampledFrom([]string{"", "é"}).Draw(r, "reason"),
				})
			}
			revisions, err := l.Append(context.Background(), records)
			if err != nil {
				r.Fatal(err)
			}
			now, err := l.Now(context.Background())
			if err != nil {
				r.Fatal(err)
			}
			for i, record := range records {
				record.Revision = 1
				for _, k := range model {
					if k.Series == record.Series && k.Day == record.Day {
						record.Revision++
					}
				}
				if revisions[i] != record.Revision {
					r.Fatalf("revision %d of %s on %d, want %d", revisions[i], record.Series, record.Day, record.Revision)
				}
				model = append(model, kept{record, now})
			}
		}
		from, to := day.Draw(r, "from"), day.Draw(r, "to")
		var asOf time.Time
		if i := rapid.IntRange(-1, len(model)-1).Draw(r, "known"); i >= 0 {
			asOf = model[i].before
		}
		want := map[string]ledger.Record{}
		for _, k := range model {
			if k.Day >= from && k.Day <= to && (asOf.IsZero() || !k.before.After(asOf)) {
				want[fmt.Sprint(k.Series, k.Day)] = k.Record
			}
		}
		var names []ledger.Series
		for n := range 4 {
			names = append(names, ledger.Series(fmt.Sprintf("run %d series %d", run, n)))
		}
		var before ledger.Record
		for got, err := range l.Read(context.Background(), names, from, to, asOf) {
			if err != nil {
				r.Fatal(err)
			}
			if before.Series == got.Series && before.Day >= got.Day {
				r.Fatalf("%s: day %d after %d", got.Series, got.Day, before.Day)
			}
			before = got
			key := fmt.Sprint(got.Series, got.Day)
			w, ok := want[key]
			if !ok || w.Revision != got.Revision || !bytes.Equal(w.Slices, got.Slices) || w.Engine != got.Engine || w.Reason != got.Reason {
				r.Fatalf("got %+v, want %+v", got, w)
			}
			delete(want, key)
		}
		if len(want) > 0 {
			r.Fatalf("not given: %v", want)
		}
	})
	wantClean(t, l)
}

// testWriters lets many append the same days at once, on every server there is: each
// revision is given once, without gaps, and of those who expect a number one wins.
func testWriters(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	servers := []ledger.Ledger{l}
	if e.Replica != nil {
		servers = append(servers, e.Replica(t, l))
	}
	const writers, rounds = 8, 10
	var wg sync.WaitGroup
	var mu sync.Mutex
	got, won := map[int]int{}, map[int]int{}
	for w := range writers {
		wg.Go(func() {
			server := servers[w%len(servers)]
			for n := range rounds {
				revisions, err := server.Append(context.Background(), []ledger.Record{
					{Series: payroll, Day: 20000, Reason: fmt.Sprint("writer ", w)}, {Series: ledger.Series(fmt.Sprint("new ", n)), Day: 20000},
				})
				if err != nil {
					t.Error(err)
					return
				}
				_, err = server.Append(context.Background(), []ledger.Record{{Series: mail, Day: 20000 + n, Revision: 1}})
				mu.Lock()
				got[revisions[0]]++
				if err == nil {
					won[n]++
				} else if store.CodeOf(err) != store.CodeConflict {
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for n := range writers * rounds {
		if got[n+1] != 1 {
			t.Errorf("revision %d was given %d times", n+1, got[n+1])
		}
	}
	for n := range rounds {
		if won[n] != 1 {
			t.Errorf("%d writers made the first revision of day %d", won[n], n)
		}
	}
	for _, server := range servers {
		if all, err := server.Revisions(t.Context(), payroll, 20000); err != nil || len(all) != writers*rounds {
			t.Errorf("%d revisions, %v", len(all), err)
		}
	}
	wantClean(t, l)
}

func testAlone(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	other := l
	if e.Replica != nil {
		other = e.Replica(t, l)
	}
	take := func(from ledger.Ledger, name string) func() {
		t.Helper()
		release, err := from.Alone(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return release
	}
	first := take(l, "recorder")
	if first == nil {
		t.Fatal("nobody holds it, and it was not given")
	}
	if take(other, "recorder") != nil {
		t.Fatal("two hold it")
	}
	second := take(other, "cases")
	if second == nil {
		t.Fatal("another name is not free")
	}
	first()
	if again := take(other, "recorder"); again == nil {
		t.Fatal("it was not given back")
	} else {
		again()
	}
	second()
}
