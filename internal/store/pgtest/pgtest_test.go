package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestURL(t *testing.T) {
	ctx := context.Background()
	first, second := URL(t), URL(t)
	if first == second {
		t.Fatalf("two tests share the database %s", first)
	}
	for _, url := range []string{first, second} {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		// The same table fits in both: each database is empty.
		if _, err := conn.Exec(ctx, `CREATE TABLE t (n BIGINT)`); err != nil {
			t.Fatal(err)
		}
	}
}
