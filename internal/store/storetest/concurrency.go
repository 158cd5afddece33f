package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"diapason/internal/store"
)

// testWriters lets many writers at the same objects: of those who saw the same
// version exactly one wins, the others are told, and nothing is lost.
func testWriters(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	uid := commit(t, s, change(put("shared", 0, 0))).UIDs[0]
	version := head(t, s)
	const writers, rounds = 8, 10
	for round := range rounds {
		var won atomic.Int64
		var newest atomic.Int64
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				done, err := s.Commit(ctx, change(
					store.Put{UID: uid, Kind: "service", Name: "shared", Document: document(round*100 + w), ExpectSeq: version},
					// A second object each: the losers' must not be written.
					put(fmt.Sprintf("own-%d-%d", round, w), w, store.MustNotExist)))
				var conflict *store.ConflictError
				switch {
				case err == nil:
					won.Add(1)
					newest.Store(int64(done.Seq))
				case !errors.As(err, &conflict):
					t.Errorf("writer %d: %v", w, err)
				case len(conflict.Conflicts) != 1 || conflict.Conflicts[0].UID != uid || conflict.Conflicts[0].Expected != version:
					t.Errorf("writer %d: %+v", w, conflict.Conflicts)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d writers won", round, won.Load())
		}
		version = store.Seq(newest.Load())
	}
	if model := load(t, s, store.AtHead); len(model) != 1+rounds {
		t.Errorf("%d objects, want the shared one and one for each winner", len(model))
	}
	if got := head(t, s); got != 1+rounds {
		t.Errorf("the head is %d", got)
	}

	// Independent objects: everyone wins, and the log has no gap.
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range rounds {
				if _, err := s.Commit(ctx, change(put(fmt.Sprintf("free-%d", w), n, store.AnyVersion))); err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	if got := head(t, s); got != 1+rounds+writers*rounds {
		t.Errorf("the head is %d", got)
	}
	entries, err := s.Entries(ctx, 0, 1000)
	if err != nil || len(entries) != int(head(t, s)) {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	wantClean(t, s)
}

// register is the sequential specification of one object: a version that a
// write moves forward when it expected the current one.
type register struct{ version, value int }

type registerInput struct {
	object        string
	write         bool
	expect, value int
}

type registerOutput struct {
	ok             bool // the write was accepted
	version, value int  // of the write when ok, else those seen
}

var registers = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		objects := map[string][]porcupine.Operation{}
		for _, op := range history {
			object := op.Input.(registerInput).object
			objects[object] = append(objects[object], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range objects {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return register{} },
	Step: func(state, input, output any) (bool, any) {
		now, in, out := state.(register), input.(registerInput), output.(registerOutput)
		switch {
		case !in.write:
			return out.version == now.version && out.value == now.value, now
		case out.ok:
			return in.expect == now.version && out.version > now.version, register{out.version, in.value}
		default:
			return in.expect != now.version && out.version == now.version, now
		}
	},
	DescribeOperation: func(input, output any) string {
		in, out := input.(registerInput), output.(registerOutput)
		if !in.write {
			return fmt.Sprintf("read %s = %d@%d", in.object, out.value, out.version)
		}
		return fmt.Sprintf("write %s = %d over %d: %v@%d", in.object, in.value, in.expect, out.ok, out.version)
	},
}

// testLinearizability records what concurrent clients of a few objects saw and
// asks a model checker for an order that explains it. Where the engine has
// replicas, the clients speak to two of them.
func testLinearizability(t *testing.T, e Engine) {
	ctx := context.Background()
	stores := []store.Store{e.Open(t)}
	if e.Replica != nil {
		stores = append(stores, e.Replica(t, stores[0]))
	}
	objects := []string{"x", "y", "z"}
	const clients, operations = 6, 60
	start := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			s := stores[client%len(stores)]
			r := rand.New(rand.NewPCG(uint64(client), 7))
			known := map[string]int{}
			for n := range operations {
				in := registerInput{object: objects[r.IntN(len(objects))], write: r.IntN(2) == 0, value: client*1000 + n}
				in.expect = known[in.object]
				call := time.Since(start).Nanoseconds()
				out, err := operate(ctx, s, in)
				back := time.Since(start).Nanoseconds()
				if err != nil {
					t.Errorf("client %d: %v", client, err)
					return
				}
				known[in.object] = out.version
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: back})
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	accepted := 0
	for _, op := range history {
		if op.Output.(registerOutput).ok {
			accepted++
		}
	}
	if accepted == 0 || accepted == len(history) {
		t.Errorf("%d of %d operations were accepted writes: the history shows nothing", accepted, len(history))
	}
	switch porcupine.CheckOperationsTimeout(registers, history, time.Minute) {
	case porcupine.Illegal:
		t.Error("no order of the operations explains what the clients saw")
	case porcupine.Unknown:
		t.Error("the model checker found no answer within a minute")
	}
}

func operate(ctx context.Context, s store.Store, in registerInput) (registerOutput, error) {
	if !in.write {
		v, err := s.Object(ctx, store.Ref{Kind: "service", Name: in.object}, store.AtHead)
		if store.CodeOf(err) == store.CodeNotFound {
			return registerOutput{}, nil
		}
		var value int
		if err == nil {
			_, err = fmt.Sscanf(string(v.Document), `{"n":%d}`, &value)
		}
		return registerOutput{version: int(v.From), value: value}, err
	}
	done, err := s.Commit(ctx, change(put(in.object, in.value, store.Seq(in.expect))))
	var conflict *store.ConflictError
	if errors.As(err, &conflict) {
		return registerOutput{version: int(conflict.Conflicts[0].Have)}, nil
	}
	return registerOutput{ok: true, version: int(done.Seq)}, err
}
