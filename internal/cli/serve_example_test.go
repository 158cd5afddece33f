package cli

import (
	"bytes"
	"context"
	"testing"
	"time"

	"diapason/examples"
	"diapason/internal/app"
	"diapason/internal/identity"
	"diapason/internal/language"
)

func TestTheExampleShowsWhatItsToolsMeasured(t *testing.T) {
	ctx := context.Background()
	o := storeOptions{data: t.TempDir()}
	st, err := o.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	dir, err := identity.NewDirectory(st, identity.Settings{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	books, err := o.openLedger(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer books.Close()
	a, err := app.Open(ctx, app.Options{Store: st, Directory: dir, On: examples.On, Ledger: books})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	term := &terminal{out: &bytes.Buffer{}, err: &bytes.Buffer{}, lang: language.EN}
	for range 2 { // the second time nothing is left to do
		if err := term.loadExample(ctx, a, dir); err != nil {
			t.Fatal(err, term.err)
		}
	}
	list, err := a.Objectives(ctx, identity.Operator(), app.ObjectivesQuery{Limit: 1000}, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	marks := map[app.Mark]int{}
	for _, x := range list.Items {
		marks[x.Mark]++
	}
	if marks[app.MarkGap] < 1 || marks[app.MarkRisk] < 3 || marks[app.MarkOK] < 50 {
		t.Errorf("the example teaches too little: %v", marks)
	}
}
