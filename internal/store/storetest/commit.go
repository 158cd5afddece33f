package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"diapason/internal/store"
)

func testCommit(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	if got := head(t, s); got != 0 {
		t.Fatalf("the empty log has head %d", got)
	}
	first := commit(t, s, store.Entry{
		Type: store.Change, Actor: "actor-1", Title: "Première version", Reason: "Reprise de l’existant",
		Puts: []store.Put{put("mail", 1, 0), {UID: "uid-a", Kind: "team", Name: "n1", Document: document(2)}},
	})
	if first.Seq != 1 || len(first.UIDs) != 2 || first.UIDs[0] == "" || first.UIDs[1] != "uid-a" {
		t.Fatalf("first commit: %+v", first)
	}
	second := commit(t, s, store.Entry{
		Type: store.Decision, Actor: "actor-2", Base: 1, Body: []byte(`{"publish":"service/mail"}`),
		Puts: []store.Put{put("mail", 3, 1), {UID: "uid-a", Delete: true, ExpectSeq: 1}},
	})
	if second.Seq != 2 || second.UIDs[0] != first.UIDs[0] {
		t.Fatalf("a put without uid takes the living object of its name: %+v after %+v", second, first)
	}

	entries, err := s.Entries(ctx, 0, 10)
	if err != nil || len(entries) != 2 {
		t.Fatalf("entries: %+v, %v", entries, err)
	}
	one, two := entries[0], entries[1]
	if one.Title != "Première version" || one.Reason != "Reprise de l’existant" || one.Body != nil || one.Type != store.Change || one.Actor != "actor-1" {
		t.Errorf("entry 1: %+v", one)
	}
	if two.Seq != 2 || two.Base != 1 || two.Title != "" || string(two.Body) != `{"publish":"service/mail"}` || two.Type != store.Decision {
		t.Errorf("entry 2: %+v", two)
	}
	ops := []store.Op{
		{UID: first.UIDs[0], Kind: "service", Name: "mail", Op: store.OpPut},
		{UID: "uid-a", Kind: "team", Name: "n1", Op: store.OpDelete},
	}
	slices.SortFunc(ops, func(a, b store.Op) int { return strings.Compare(a.UID, b.UID) })
	if !slices.Equal(two.Ops, ops) {
		t.Errorf("operations of entry 2: %+v, want %+v", two.Ops, ops)
	}
	if page, err := s.Entries(ctx, 1, 10); err != nil || len(page) != 1 || page[0].Seq != 2 {
		t.Errorf("entries after 1: %+v, %v", page, err)
	}
	if page, err := s.Entries(ctx, 2, 10); err != nil || len(page) != 0 {
		t.Errorf("entries after the last: %+v, %v", page, err)
	}

	history, err := s.History(ctx, "uid-a")
	if err != nil || len(history) != 2 {
		t.Fatalf("history: %+v, %v", history, err)
	}
	if v := history[0]; v.From != 1 || v.To != 2 || v.Deleted || string(v.Document) != `{"n":2}` {
		t.Errorf("first version: %+v", v)
	}
	if v := history[1]; v.From != 2 || v.To != 0 || !v.Deleted || v.Document != nil || v.Name != "n1" {
		t.Errorf("the deletion: %+v", v)
	}

	// Two living objects may exchange their names, and a name may be taken over
	// from an object that is deleted, in one entry.
	a, b := commit(t, s, change(put("a", 1, 0))).UIDs[0], commit(t, s, change(put("b", 2, 0))).UIDs[0]
	commit(t, s, change(
		store.Put{UID: a, Kind: "service", Name: "b", Document: document(1), ExpectSeq: store.AnyVersion},
		store.Put{UID: b, Kind: "service", Name: "a", Document: document(2), ExpectSeq: store.AnyVersion}))
	commit(t, s, change(
		store.Put{UID: a, Delete: true, ExpectSeq: store.AnyVersion},
		store.Put{UID: "uid-new", Kind: "service", Name: "b", Document: document(9)}))
	v, err := s.Object(ctx, store.Ref{Kind: "service", Name: "b"}, store.AtHead)
	if err != nil || v.UID != "uid-new" {
		t.Errorf("service/b is %+v, %v", v, err)
	}
	if v, err = s.Object(ctx, store.Ref{Kind: "service", Name: "b"}, head(t, s)-1); err != nil || v.UID != a {
		t.Errorf("service/b was %+v, %v", v, err)
	}
	// An object may come back under its uid.
	commit(t, s, change(store.Put{UID: "uid-a", Kind: "team", Name: "n1", Document: document(7), ExpectSeq: 2}))
	if history, err = s.History(ctx, "uid-a"); err != nil || len(history) != 3 || history[1].To != history[2].From {
		t.Errorf("history after the return: %+v, %v", history, err)
	}
	wantClean(t, s)
}

func testConflicts(t *testing.T, e Engine) {
	s := e.Open(t)
	commit(t, s, change( // 1
		store.Put{UID: "u1", Kind: "service", Name: "one", Document: document(1)},
		store.Put{UID: "u2", Kind: "service", Name: "two", Document: document(1)},
		store.Put{UID: "u3", Kind: "service", Name: "gone", Document: document(1)}))
	commit(t, s, change( // 2
		store.Put{UID: "u1", Kind: "service", Name: "one", Document: document(2), ExpectSeq: 1},
		store.Put{UID: "u3", Delete: true, ExpectSeq: 1}))

	tests := []struct {
		name string
		puts []store.Put
		want []store.Conflict
	}{
		{
			"a put on an older version is refused",
			[]store.Put{{UID: "u1", Kind: "service", Name: "one", Document: document(3), ExpectSeq: 1}},
			[]store.Conflict{{UID: "u1", Kind: "service", Name: "one", Expected: 1, Have: 2}},
		},
		{
			"a deletion of an older version is refused",
			[]store.Put{{UID: "u1", Delete: true, ExpectSeq: 1}},
			[]store.Conflict{{UID: "u1", Kind: "service", Name: "one", Expected: 1, Have: 2}},
		},
		{
			"creating what exists is refused, by name as by uid",
			[]store.Put{put("one", 3, store.MustNotExist), {UID: "u2", Kind: "service", Name: "two", Document: document(3)}},
			[]store.Conflict{
				{UID: "u1", Kind: "service", Name: "one", Expected: 0, Have: 2},
				{UID: "u2", Kind: "service", Name: "two", Expected: 0, Have: 1},
			},
		},
		{
			"a name that another object bears is refused",
			[]store.Put{{UID: "u9", Kind: "service", Name: "one", Document: document(3)}},
			[]store.Conflict{{UID: "u9", Kind: "service", Name: "one", Expected: 0, Have: 2, Holder: "u1"}},
		},
		{
			"a change of what was deleted is refused",
			[]store.Put{{UID: "u3", Kind: "service", Name: "gone", Document: document(3), ExpectSeq: 1}},
			[]store.Conflict{{UID: "u3", Kind: "service", Name: "gone", Expected: 1, Have: 0}},
		},
		{
			"deleting what does not live is refused even without expectation",
			[]store.Put{{UID: "u3", Delete: true, ExpectSeq: store.AnyVersion}},
			[]store.Conflict{{UID: "u3", Kind: "service", Name: "gone", Expected: store.AnyVersion, Have: 0}},
		},
		{
			"every conflict is listed, and the puts without one are not done either",
			[]store.Put{
				{UID: "u1", Kind: "service", Name: "one", Document: document(3), ExpectSeq: 1},
				{UID: "u2", Kind: "service", Name: "two", Document: document(3), ExpectSeq: 1},
				{UID: "u3", Delete: true, ExpectSeq: 1},
			},
			[]store.Conflict{
				{UID: "u1", Kind: "service", Name: "one", Expected: 1, Have: 2},
				{UID: "u3", Kind: "service", Name: "gone", Expected: 1, Have: 0},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := load(t, s, store.AtHead)
			_, err := s.Commit(context.Background(), change(tt.puts...))
			var conflict *store.ConflictError
			if !errors.As(err, &conflict) {
				t.Fatalf("got %v, want a conflict", err)
			}
			if !slices.Equal(conflict.Conflicts, tt.want) {
				t.Errorf("conflicts %+v, want %+v", conflict.Conflicts, tt.want)
			}
			if got := head(t, s); got != 2 {
				t.Errorf("the head moved to %d", got)
			}
			if after := load(t, s, store.AtHead); len(after) != len(before) || after["service/two"] != before["service/two"] {
				t.Errorf("the model changed: %v", after)
			}
		})
	}
	wantClean(t, s)
}

func testRefusals(t *testing.T, e Engine) {
	s := e.Open(t)
	commit(t, s, change(put("one", 1, 0)))
	tests := []struct {
		name  string
		entry store.Entry
	}{
		{"a change without objects", change()},
		{"an unknown type", store.Entry{Type: "rumour", Actor: "a"}},
		{"no actor", store.Entry{Type: store.Change, Puts: []store.Put{put("x", 1, 0)}}},
		{"a base beyond the head", store.Entry{Type: store.Decision, Actor: "a", Base: 2}},
		{"a base below the log", store.Entry{Type: store.Decision, Actor: "a", Base: -1}},
		{"no kind", change(store.Put{Name: "x", Document: document(1)})},
		{"no name", change(store.Put{Kind: "service", Document: document(1)})},
		{"a kind with a slash", change(store.Put{Kind: "a/b", Name: "x", Document: document(1)})},
		{"a name that is not UTF-8", change(put("x\xff", 1, 0))},
		{"a name with a zero byte", change(put("x\x00", 1, 0))},
		{"no document", change(store.Put{Kind: "service", Name: "x"})},
		{"a uid twice", change(store.Put{UID: "u", Kind: "k", Name: "x", Document: document(1)}, store.Put{UID: "u", Kind: "k", Name: "y", Document: document(1)})},
		{"a name twice", change(put("x", 1, 0), put("x", 2, 0))},
		{"an object by uid and by name", change(put("one", 1, store.AnyVersion), put("one", 1, store.AnyVersion))},
		{"an expectation below -1", change(put("x", 1, -2))},
	}
	for _, tt := range tests {
		t.Run(tt.name+" is refused", func(t *testing.T) {
			_, err := s.Commit(context.Background(), tt.entry)
			wantCode(t, err, store.CodeInvalid)
			if got := head(t, s); got != 1 {
				t.Errorf("the head moved to %d", got)
			}
		})
	}
	t.Run("what is not there is not found", func(t *testing.T) {
		ctx := context.Background()
		_, err := s.Object(ctx, store.Ref{UID: "nobody"}, store.AtHead)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.Object(ctx, store.Ref{Kind: "service", Name: "one"}, 0)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.Object(ctx, store.Ref{Kind: "service", Name: "one"}, 7)
		wantCode(t, err, store.CodeNotFound)
		_, err = s.History(ctx, "nobody")
		wantCode(t, err, store.CodeNotFound)
		_, err = s.Load(ctx, 2, func(store.ObjectVersion) error { return nil })
		wantCode(t, err, store.CodeNotFound)
		_, err = s.Entries(ctx, 0, 0)
		wantCode(t, err, store.CodeInvalid)
	})
}
