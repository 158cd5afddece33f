package ledgertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

func testExclusions(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	given := []ledger.Exclusion{
		{Scope: "service/payroll", From: at(10, 22), To: at(11, 2), Kind: ledger.PlannedMaintenance, Announced: at(1, 9), Author: "account-1", Reason: "Mise à jour"},
		{From: at(9, 0), To: at(10, 23), Kind: ledger.ForceMajeure, Author: "account-2", Reason: "Flood"},
		{Scope: "agreement/gold", From: at(20, 0), To: at(21, 0), Kind: ledger.CustomerCause},
	}
	for i, x := range given {
		got, err := l.AppendExclusion(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		x.ID, x.At = int64(i+1), got.At
		if got != x {
			t.Errorf("got %+v, want %+v", got, x)
		}
	}
	before, err := l.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	withdrawn, err := l.AppendExclusion(t.Context(), ledger.Exclusion{Withdraws: 2, Author: "account-3", Reason: "It did not rain"})
	if err != nil || withdrawn.ID != 4 || withdrawn.Kind != ledger.ForceMajeure || !withdrawn.From.Equal(at(9, 0)) || withdrawn.Author != "account-3" {
		t.Fatalf("%+v, %v", withdrawn, err)
	}
	reads := []struct {
		name     string
		from, to time.Time
		asOf     time.Time
		want     string
	}{
		{"what is withdrawn no longer counts", at(1, 0), at(30, 0), time.Time{}, "1 3"},
		{"it counted before", at(1, 0), at(30, 0), before, "2 1 3"},
		{"an exclusion ends before its end", at(11, 2), at(12, 0), before, ""},
		{"and begins at its beginning", at(5, 0), at(9, 0), before, ""},
		{"one that touches from the left", at(11, 1), at(12, 0), before, "1"},
		{"nothing was known then", at(1, 0), at(30, 0), before.AddDate(-9, 0, 0), ""},
	}
	for _, tt := range reads {
		t.Run(tt.name, func(t *testing.T) {
			found, err := l.Exclusions(t.Context(), tt.from, tt.to, tt.asOf)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range found {
				got = append(got, fmt.Sprint(x.ID))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %q", got, tt.want)
			}
		})
	}
	refusals := []struct {
		name string
		x    ledger.Exclusion
		code store.Code
	}{
		{"a kind that is not one", ledger.Exclusion{From: at(1, 0), To: at(2, 0), Kind: "bad luck"}, store.CodeInvalid},
		{"an end before its beginning", ledger.Exclusion{From: at(2, 0), To: at(1, 0), Kind: ledger.CustomerCause}, store.CodeInvalid},
		{"a withdrawal of what is not there", ledger.Exclusion{Withdraws: 99}, store.CodeNotFound},
		{"a withdrawal of a withdrawal", ledger.Exclusion{Withdraws: 4}, store.CodeInvalid},
		{"a second withdrawal", ledger.Exclusion{Withdraws: 2}, store.CodeConflict},
	}
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			_, err := l.AppendExclusion(t.Context(), tt.x)
			wantCode(t, err, tt.code)
		})
	}
	if report := wantClean(t, l); report.Exclusions != 4 {
		t.Errorf("%+v", report)
	}
}

func testCases(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	const desk, other = "measurement-source/desk", "measurement-source/other"
	paris := time.FixedZone("CET", 3600)
	first := ledger.Case{
		Source: desk, ID: "I-1", Service: "service/payroll", Priority: "P1", Title: "Paie indisponible", Opened: at(1, 8), Acknowledged: at(1, 9),
		Suspensions: []ledger.Suspension{{From: at(1, 10), To: at(1, 11), Why: "waiting-customer"}, {From: at(1, 12), Why: "other"}},
	}
	put := func(added, changed int, cases ...ledger.Case) {
		t.Helper()
		a, c, err := l.AppendCases(t.Context(), cases)
		if err != nil || a != added || c != changed {
			t.Fatalf("%d new, %d changed, %v; want %d and %d", a, c, err, added, changed)
		}
	}
	put(3, 0, first, ledger.Case{Source: desk, ID: "I-2", Opened: at(3, 8), Restored: at(3, 12), Closed: at(6, 0)}, ledger.Case{Source: other, ID: "I-1", Opened: at(2, 0), Restored: at(2, 12)})
	same := first
	same.Opened, same.Revision, same.At = same.Opened.In(paris).Add(300*time.Nanosecond), 7, at(9, 0)
	put(0, 0, same)
	before, err := l.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	restored := first
	restored.Restored, restored.Priority = at(4, 0), "P2"
	put(0, 2, restored, ledger.Case{Source: desk, ID: "I-2", Opened: at(3, 8), Withdrawn: true})
	tests := []struct {
		name     string
		source   string
		from, to time.Time
		asOf     time.Time
		want     string
	}{
		{"the latest revision of each, of all sources", "", at(1, 0), at(30, 0), time.Time{}, "desk I-1.2 P2, other I-1.1 "},
		{"of one source", desk, at(1, 0), at(30, 0), time.Time{}, "desk I-1.2 P2"},
		{"as it was before", desk, at(1, 0), at(30, 0), before, "desk I-1.1 P1, desk I-2.1 "},
		{"one that lasts is open for ever", desk, at(29, 0), at(30, 0), before, "desk I-1.1 P1"},
		{"a case lasts until it is closed", desk, at(5, 0), at(5, 1), before, "desk I-1.1 P1, desk I-2.1 "},
		{"or restored where nobody closes it", "", at(5, 0), at(30, 0), time.Time{}, ""},
		{"the end does not count", "", at(1, 0), at(1, 8), time.Time{}, ""},
		{"the beginning does", other, at(2, 12), at(30, 0), time.Time{}, "other I-1.1 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range collect(t, l.Cases(t.Context(), tt.source, tt.from, tt.to, tt.asOf)) {
				got = append(got, fmt.Sprintf("%s %s.%d %s", strings.TrimPrefix(c.Source, "measurement-source/"), c.ID, c.Revision, c.Priority))
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	got := collect(t, l.Cases(t.Context(), desk, at(1, 0), at(2, 0), time.Time{}))[0]
	if got.Service != first.Service || got.Title != first.Title || !got.Opened.Equal(first.Opened) || !got.Acknowledged.Equal(first.Acknowledged) || !got.Restored.Equal(at(4, 0)) ||
		!got.Closed.IsZero() || len(got.Suspensions) != 2 || got.Suspensions[0] != first.Suspensions[0] || !got.Suspensions[1].To.IsZero() {
		t.Errorf("got %+v", got)
	}
	refusals := []struct {
		name string
		c    ledger.Case
	}{
		{"without a number", ledger.Case{Source: desk, Opened: at(1, 0)}},
		{"without a source", ledger.Case{ID: "I-9", Opened: at(1, 0)}},
		{"never opened", ledger.Case{Source: desk, ID: "I-9"}},
		{"restored before it was opened", ledger.Case{Source: desk, ID: "I-9", Opened: at(2, 0), Restored: at(1, 0)}},
		{"suspended backwards", ledger.Case{Source: desk, ID: "I-9", Opened: at(2, 0), Suspensions: []ledger.Suspension{{From: at(3, 0), To: at(2, 0)}}}},
	}
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := l.AppendCases(t.Context(), []ledger.Case{{Source: desk, ID: "I-8", Opened: at(1, 0)}, tt.c})
			wantCode(t, err, store.CodeInvalid)
		})
	}
	if report := wantClean(t, l); report.Cases != 5 {
		t.Errorf("%+v", report)
	}
}

// testTitles erases what cases are called; what is proven by them stays as it was.
func testTitles(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	const desk = "measurement-source/desk"
	ticket := func(id, title string) ledger.Case {
		return ledger.Case{Source: desk, ID: id, Title: title, Opened: at(1, 8), Restored: at(1, 9)}
	}
	put := func(added, changed int, cases ...ledger.Case) {
		t.Helper()
		if a, c, err := l.AppendCases(t.Context(), cases); err != nil || a != added || c != changed {
			t.Fatalf("%d new, %d changed, %v; want %d and %d", a, c, err, added, changed)
		}
	}
	titles := func() string {
		var out []string
		for _, c := range collect(t, l.Cases(t.Context(), desk, at(1, 0), at(2, 0), time.Time{})) {
			if c.Title != "" && !c.TitleErased.IsZero() {
				t.Errorf("%s is called %q though that was erased", c.ID, c.Title)
			}
			out = append(out, fmt.Sprintf("%s.%d %q %t", c.ID, c.Revision, c.Title, !c.TitleErased.IsZero()))
		}
		return strings.Join(out, ", ")
	}
	erase := func(want int, ids ...string) {
		t.Helper()
		n, err := l.EraseTitles(t.Context(), ledger.TitleErasure{Source: desk, IDs: ids, Author: "lea", Reason: "asked for"})
		if err != nil || n != want {
			t.Fatalf("%d erased, %v; want %d", n, err, want)
		}
	}
	want := func(want string) {
		t.Helper()
		if got := titles(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	put(3, 0, ticket("1", "Mrs Doe cannot sign in"), ticket("2", "Printer"), ticket("3", ""))
	put(0, 0, ticket("2", "Printer on fire")) // a new title is no new evidence
	want(`1.1 "Mrs Doe cannot sign in" false, 2.1 "Printer on fire" false, 3.1 "" false`)
	erase(1, "1", "9")
	erase(0, "1")
	put(0, 0, ticket("1", "Mrs Doe cannot sign in")) // the tool sends it again
	late := ticket("1", "Mrs Doe")
	late.Closed = at(2, 0)
	put(0, 1, late)
	want(`1.2 "" true, 2.1 "Printer on fire" false, 3.1 "" false`)
	erase(2)
	want(`1.2 "" true, 2.1 "" true, 3.1 "" true`)
	if _, err := l.EraseTitles(t.Context(), ledger.TitleErasure{Source: desk}); store.CodeOf(err) != store.CodeInvalid {
		t.Errorf("an erasure without a reason: %v", err)
	}
	wantClean(t, l)
}
