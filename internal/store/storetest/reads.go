package storetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"diapason/internal/store"
)

// testReads makes a random history, remembers the whole model after each entry,
// and demands that every way of reading says the same at every seq.
func testReads(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	r := rand.New(rand.NewPCG(1, 2))
	const entries = 60
	uids := []string{"u0", "u1", "u2", "u3", "u4", "u5"}
	names := map[string]string{} // living uid → name
	models := []map[string]string{{}}
	for n := range entries {
		model := maps.Clone(models[n])
		var puts []store.Put
		for _, uid := range uids {
			name, living := names[uid]
			switch p := r.IntN(6); {
			case p == 0 && living:
				puts = append(puts, store.Put{UID: uid, Delete: true, ExpectSeq: store.AnyVersion})
				delete(names, uid)
				delete(model, "service/"+name)
			case p == 1 && living: // another name
				fresh := fmt.Sprintf("%s-%d", uid, n)
				puts = append(puts, store.Put{UID: uid, Kind: "service", Name: fresh, Document: document(n), ExpectSeq: store.AnyVersion})
				delete(model, "service/"+name)
				names[uid], model["service/"+fresh] = fresh, string(document(n))
			case p == 2 || p == 3 && living:
				if !living {
					name = uid
					names[uid] = name
				}
				puts = append(puts, store.Put{UID: uid, Kind: "service", Name: name, Document: document(n), ExpectSeq: store.AnyVersion})
				model["service/"+name] = string(document(n))
			}
		}
		entry := change(puts...)
		if len(puts) == 0 {
			entry.Type = store.Decision
		}
		commit(t, s, entry)
		models = append(models, model)
	}
	for seq, want := range models {
		if got := load(t, s, store.Seq(seq)); !maps.Equal(got, want) {
			t.Fatalf("Load at %d: %v, want %v", seq, got, want)
		}
	}
	if got := load(t, s, store.AtHead); !maps.Equal(got, models[entries]) {
		t.Fatalf("Load at the head: %v", got)
	}
	for range 40 { // Changes lead from any seq to any later one
		from := r.IntN(entries)
		to := from + r.IntN(entries-from) + 1
		got := maps.Clone(models[from])
		living := map[string]string{}
		_, err := s.Load(ctx, store.Seq(from), func(v store.ObjectVersion) error {
			living[v.UID] = "service/" + v.Name
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Changes(ctx, store.Seq(from), store.Seq(to), func(v store.ObjectVersion) error {
			delete(got, living[v.UID])
			delete(living, v.UID)
			if !v.Deleted {
				living[v.UID] = "service/" + v.Name
				got[living[v.UID]] = string(v.Document)
			}
			return nil
		})
		if err != nil || !maps.Equal(got, models[to]) {
			t.Fatalf("Changes from %d to %d: %v, want %v (%v)", from, to, got, models[to], err)
		}
	}
	for seq := range models {
		for name, want := range models[entries] {
			v, err := s.Object(ctx, store.Ref{Kind: "service", Name: name[len("service/"):]}, store.Seq(seq))
			want, living := models[seq][name], want != "" && models[seq][name] != ""
			if living != (err == nil) || living && string(v.Document) != want {
				t.Fatalf("Object %s at %d: %+v, %v; want %q", name, seq, v, err, want)
			}
		}
	}
	wantClean(t, s)
}

func testTimes(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	day := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	at := func(when time.Time, name string) store.Committed {
		entry := change(put(name, 1, 0))
		entry.Time = when
		return commit(t, s, entry)
	}
	at(day, "a")
	at(day.Add(time.Hour).In(time.FixedZone("CET", 3600)), "b")
	late := at(day.Add(-time.Hour), "c")
	if !late.Time.Equal(day.Add(time.Hour)) {
		t.Errorf("an entry dated before its predecessor got the time %v", late.Time)
	}
	at(day.Add(2*time.Hour), "d")
	for _, tt := range []struct {
		when time.Time
		want store.Seq
	}{
		{day.Add(-time.Second), 0}, {day, 1}, {day.Add(time.Minute), 1}, {day.Add(time.Hour), 3},
		{day.Add(2*time.Hour - time.Microsecond), 3}, {day.AddDate(1, 0, 0), 4},
	} {
		if got, err := s.SeqAt(ctx, tt.when); err != nil || got != tt.want {
			t.Errorf("SeqAt(%v) = %d, %v; want %d", tt.when, got, err, tt.want)
		}
	}
	entries, err := s.Entries(ctx, 0, 10)
	if err != nil || !entries[1].Time.Equal(day.Add(time.Hour)) || entries[1].Time.Location() != time.UTC {
		t.Errorf("entry 2: %+v, %v", entries[1], err)
	}
	wantClean(t, s)
}

func testWatch(t *testing.T, e Engine) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := e.Open(t)
	watch := s.Watch(ctx, 0)
	next := func(ch <-chan store.Seq) store.Seq {
		t.Helper()
		select {
		case seq, ok := <-ch:
			if !ok {
				t.Fatal("the watch closed")
			}
			return seq
		case <-time.After(20 * time.Second):
			t.Fatal("no word of the commit")
			return 0
		}
	}
	commit(t, s, change(put("a", 1, 0)))
	if got := next(watch); got != 1 {
		t.Errorf("the watch said %d", got)
	}
	commit(t, s, change(put("b", 1, 0)))
	commit(t, s, change(put("c", 1, 0)))
	for got := next(watch); got != 3; got = next(watch) { // a slow reader may see the latest only
		if got != 2 {
			t.Fatalf("the watch said %d", got)
		}
	}
	if got := next(s.Watch(ctx, 1)); got != 3 {
		t.Errorf("a watch that begins late said %d", got)
	}
	if e.Replica != nil {
		other := e.Replica(t, s)
		there := other.Watch(ctx, 3)
		commit(t, s, change(put("d", 1, 0)))
		if got := next(there); got != 4 {
			t.Errorf("the other replica heard %d", got)
		}
		if got := head(t, other); got != 4 {
			t.Errorf("the other replica reads %d", got)
		}
	}
	cancel()
	for range watch { // ends, because the channel closes with the context
	}
}
