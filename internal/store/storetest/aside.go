package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"strings"
	"testing"

	"diapason/internal/store"
)

func testDrafts(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	commit(t, s, change(put("a", 1, 0)))
	made, err := s.CreateDraft(ctx, store.Draft{Base: 1, Title: "Idée", Author: "actor-1", Puts: []store.Put{
		put("a", 2, 1), {UID: "u", Delete: true, ExpectSeq: store.AnyVersion}, put("z", 3, 0),
	}})
	if err != nil || made.ID == "" || made.Version != 1 || made.Count != 3 {
		t.Fatalf("create: %+v, %v", made, err)
	}
	got, err := s.GetDraft(ctx, made.ID)
	if err != nil || got.Title != "Idée" || got.Base != 1 || !got.Updated.Equal(made.Updated) || len(got.Puts) != 3 {
		t.Fatalf("get: %+v, %v", got, err)
	}
	if p := got.Puts[0]; p.Name != "a" || string(p.Document) != `{"n":2}` || p.ExpectSeq != 1 {
		t.Errorf("first put: %+v", p)
	}
	if p := got.Puts[1]; p.UID != "u" || !p.Delete || p.ExpectSeq != store.AnyVersion || p.Document != nil {
		t.Errorf("second put: %+v", p)
	}
	got.Title, got.Puts = "Autre", got.Puts[2:]
	updated, err := s.UpdateDraft(ctx, got)
	if err != nil || updated.Version != 2 {
		t.Fatalf("update: %+v, %v", updated, err)
	}
	_, err = s.UpdateDraft(ctx, got)
	wantCode(t, err, store.CodeDraftChanged)
	if again, err := s.GetDraft(ctx, made.ID); err != nil || again.Title != "Autre" || len(again.Puts) != 1 || again.Puts[0].Name != "z" {
		t.Errorf("after the update: %+v, %v", again, err)
	}
	second, err := s.CreateDraft(ctx, store.Draft{Author: "actor-2"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.ListDrafts(ctx)
	if err != nil || len(list) != 2 || list[0].Puts != nil || list[0].Count+list[1].Count != 1 {
		t.Errorf("list: %+v, %v", list, err)
	}
	if err := s.DeleteDraft(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.GetDraft(ctx, made.ID)
	wantCode(t, err, store.CodeNotFound)
	_, err = s.UpdateDraft(ctx, updated)
	wantCode(t, err, store.CodeNotFound)
	wantCode(t, s.DeleteDraft(ctx, made.ID), store.CodeNotFound)
	if list, err = s.ListDrafts(ctx); err != nil || len(list) != 1 || list[0].ID != second.ID {
		t.Errorf("list: %+v, %v", list, err)
	}
	if got := head(t, s); got != 1 {
		t.Errorf("drafts moved the head to %d", got)
	}
}

func testBlobs(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	content := bytes.Repeat([]byte("contrat signé "), 200_000) // 3 MB: several chunks
	blob, err := s.PutBlob(ctx, "application/pdf", bytes.NewReader(content), 4<<20)
	if err != nil || blob.Size != int64(len(content)) || len(blob.SHA256) != 64 || blob.MediaType != "application/pdf" {
		t.Fatalf("put: %+v, %v", blob, err)
	}
	again, err := s.PutBlob(ctx, "text/plain", bytes.NewReader(content), 4<<20)
	if err != nil || again != blob {
		t.Errorf("the same content again: %+v, %v", again, err)
	}
	empty, err := s.PutBlob(ctx, "text/plain", strings.NewReader(""), 10)
	if err != nil || empty.Size != 0 {
		t.Errorf("empty: %+v, %v", empty, err)
	}
	for _, want := range []struct {
		store.Blob
		content []byte
	}{{blob, content}, {empty, nil}} {
		info, r, err := s.OpenBlob(ctx, want.SHA256)
		if err != nil || info != want.Blob {
			t.Fatalf("open: %+v, %v", info, err)
		}
		got, err := io.ReadAll(r)
		if r.Close(); err != nil || !bytes.Equal(got, want.content) {
			t.Errorf("read %d bytes, %v", len(got), err)
		}
	}
	_, err = s.PutBlob(ctx, "text/plain", strings.NewReader("12345678901"), 10)
	wantCode(t, err, store.CodeBlobTooLarge)
	interrupted := errors.New("the upload broke")
	if _, err = s.PutBlob(ctx, "text/plain", io.MultiReader(strings.NewReader("abc"), failing{interrupted}), 10); !errors.Is(err, interrupted) {
		t.Errorf("a broken upload gives %v", err)
	}
	_, _, err = s.OpenBlob(ctx, strings.Repeat("0", 64))
	wantCode(t, err, store.CodeNotFound)
	_, _, err = s.OpenBlob(ctx, "../../../etc/passwd")
	wantCode(t, err, store.CodeInvalid)
	if report := wantClean(t, s); report.Blobs != 2 {
		t.Errorf("fsck saw %d attachments", report.Blobs)
	}
	if err := s.DeleteBlob(ctx, blob.SHA256); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.OpenBlob(ctx, blob.SHA256)
	wantCode(t, err, store.CodeNotFound)
	wantCode(t, s.DeleteBlob(ctx, blob.SHA256), store.CodeNotFound)
	wantClean(t, s)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func testSettings(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	_, err := s.Setting(ctx, "secret")
	wantCode(t, err, store.CodeNotFound)
	for _, value := range []string{"first", "second"} {
		if got, err := s.InitSetting(ctx, "secret", []byte(value)); err != nil || string(got) != "first" {
			t.Errorf("InitSetting: %q, %v", got, err)
		}
	}
	if err := s.SetSetting(ctx, "secret", []byte("third")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Setting(ctx, "secret"); err != nil || string(got) != "third" {
		t.Errorf("Setting: %q, %v", got, err)
	}
	if err := s.SetSetting(ctx, "empty", nil); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Setting(ctx, "empty"); err != nil || len(got) != 0 {
		t.Errorf("the empty setting: %q, %v", got, err)
	}

	commit(t, s, change(put("a", 1, 0)))
	if got, err := s.Cursor(ctx, "search"); err != nil || got != 0 {
		t.Errorf("a new consumer has cursor %d, %v", got, err)
	}
	if err := s.SetCursor(ctx, "search", 1); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Cursor(ctx, "search"); err != nil || got != 1 {
		t.Errorf("cursor %d, %v", got, err)
	}
	wantCode(t, s.SetCursor(ctx, "search", 2), store.CodeInvalid)
}

func testTransactions(t *testing.T, e Engine) {
	ctx := context.Background()
	s := e.Open(t)
	err := s.Tx(ctx, func(q store.Querier) error {
		if _, err := q.Exec(ctx, `CREATE TABLE beside (n BIGINT PRIMARY KEY, label TEXT NOT NULL)`); err != nil {
			return err
		}
		// $2 before $1, and $1 twice: parameters go by number on both engines.
		n, err := q.Exec(ctx, `INSERT INTO beside (label, n) VALUES ($2, $1), ($2, $1 + 1)`, int64(10), "ten")
		if err == nil && n != 2 {
			t.Errorf("%d rows inserted", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	err = s.Tx(ctx, func(q store.Querier) error {
		if _, err := q.Exec(ctx, `INSERT INTO beside (n, label) VALUES (99, 'x')`); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("the function's error became %v", err)
	}
	var numbers []int64
	err = s.View(ctx, func(q store.Querier) error {
		rows, err := q.Query(ctx, `SELECT n FROM beside ORDER BY n`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n int64
			if err := rows.Scan(&n); err != nil {
				return err
			}
			numbers = append(numbers, n)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		var label string
		if err := q.QueryRow(ctx, `SELECT label FROM beside WHERE n = $1`, int64(12)).Scan(&label); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row gives %v", err)
		}
		return nil
	})
	if err != nil || len(numbers) != 2 || numbers[0] != 10 || numbers[1] != 11 {
		t.Errorf("rows %v, %v", numbers, err)
	}
	if err := s.View(ctx, func(q store.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO beside (n, label) VALUES (50, 'x')`)
		return err
	}); err == nil {
		t.Error("a view could write")
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Commit(over, change(put("late", 1, 0))); !errors.Is(err, context.Canceled) {
		t.Errorf("a commit whose caller has gone gives %v", err)
	}
	if got := head(t, s); got != 0 {
		t.Errorf("it was committed all the same: head %d", got)
	}
}
