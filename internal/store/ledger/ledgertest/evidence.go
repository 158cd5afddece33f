package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/internal/store"
	"diapason/internal/store/ledger"
)

const (
	payroll = ledger.Series("measurement-source/probe service/payroll")
	mail    = ledger.Series("measurement-source/probe service/mail")
)

func testEvidence(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	first := ledger.Record{Series: payroll, Day: 20000, Engine: "prometheus 3.8 embedded", Slices: []byte{1, 2, 3}}
	if got := add(t, l, first, ledger.Record{Series: mail, Day: 20000, Slices: []byte{9}}); !slices.Equal(got, []int{1, 1}) {
		t.Fatalf("revisions %v", got)
	}
	before, err := l.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	corrected := ledger.Record{Series: payroll, Day: 20000, Author: "account-7", Reason: "L’outil a menti :\nvoir le procès-verbal", Slices: nil}
	if got := add(t, l, corrected, ledger.Record{Series: payroll, Day: 20001, Slices: []byte{4}}, corrected); !slices.Equal(got, []int{2, 1, 3}) {
		t.Fatalf("revisions %v", got)
	}
	both := []ledger.Series{payroll, "never heard of", mail, payroll}
	tests := []struct {
		name     string
		from, to int
		asOf     time.Time
		want     string
	}{
		{"the latest revision of each day", 19990, 20010, time.Time{}, "payroll 20000.3= payroll 20001.1=04 mail 20000.1=09"},
		{"as it was before the correction", 19990, 20010, before, "payroll 20000.1=010203 mail 20000.1=09"},
		{"as it was before anything", 19990, 20010, before.AddDate(-1, 0, 0), ""},
		{"both ends of the days count", 20001, 20001, time.Time{}, "payroll 20001.1=04"},
		{"no days", 20001, 20000, time.Time{}, ""},
		{"all days there are", -1 << 40, 1 << 40, before, "payroll 20000.1=010203 mail 20000.1=09"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, r := range collect(t, l.Read(t.Context(), both, tt.from, tt.to, tt.asOf)) {
				_, name, _ := strings.Cut(string(r.Series), "service/")
				got = append(got, fmt.Sprintf("%s %d.%d=%x", name, r.Day, r.Revision, r.Slices))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
	all, err := l.Revisions(t.Context(), payroll, 20000)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d revisions, %v", len(all), err)
	}
	if r := all[1]; r.Author != corrected.Author || r.Reason != corrected.Reason || r.Engine != "" || r.Revision != 2 || !r.At.After(all[0].At) || all[0].Engine != first.Engine {
		t.Errorf("%+v after %+v", r, all[0])
	}
	if none, err := l.Revisions(t.Context(), "never heard of", 20000); err != nil || len(none) > 0 {
		t.Errorf("%v, %v", none, err)
	}
	last, err := l.Last(t.Context())
	if err != nil || len(last) != 2 || last[payroll] != 20001 || last[mail] != 20000 {
		t.Errorf("last %v, %v", last, err)
	}
	for range l.Read(t.Context(), both, 0, 30000, time.Time{}) {
		break // a reader may stop when it has seen enough
	}
	if report := wantClean(t, l); report.Records != 5 || report.Series != 2 {
		t.Errorf("%+v", report)
	}
	report, err := l.Fsck(t.Context(), func(b []byte) error {
		if len(b) > 2 {
			return errors.New("too long")
		}
		return nil
	})
	if err != nil || report.Total != 1 || report.Problems[0].Type != ledger.SlicesUnreadable {
		t.Errorf("%+v, %v", report, err)
	}
}

func testRefusals(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	add(t, l, ledger.Record{Series: payroll, Day: 20000})
	good := ledger.Record{Series: mail, Day: 20000}
	tests := []struct {
		name   string
		record ledger.Record
		code   store.Code
	}{
		{"a series without a name", ledger.Record{Day: 1}, store.CodeInvalid},
		{"a name that is not UTF-8", ledger.Record{Series: "\xff", Day: 1}, store.CodeInvalid},
		{"a name with a zero byte", ledger.Record{Series: "a\x00", Day: 1}, store.CodeInvalid},
		{"a reason that no index would hold", ledger.Record{Series: "a", Day: 1, Reason: strings.Repeat("é", 1000)}, store.CodeInvalid},
		{"a day before 1970", ledger.Record{Series: "a", Day: -1}, store.CodeInvalid},
		{"a day beyond all calendars", ledger.Record{Series: "a", Day: 1 << 40}, store.CodeInvalid},
		{"slices of megabytes", ledger.Record{Series: "a", Day: 1, Slices: make([]byte, 2<<20)}, store.CodeInvalid},
		{"a correction of a revision that is not the last", ledger.Record{Series: payroll, Day: 20000, Revision: 1}, store.CodeConflict},
		{"a correction of a revision that is not there yet", ledger.Record{Series: payroll, Day: 20000, Revision: 3}, store.CodeConflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := l.Append(t.Context(), []ledger.Record{good, tt.record})
			wantCode(t, err, tt.code)
		})
	}
	if got := collect(t, l.Read(t.Context(), []ledger.Series{mail}, 0, 30000, time.Time{})); len(got) > 0 {
		t.Errorf("what was refused left %v", got)
	}
	if got := add(t, l, ledger.Record{Series: payroll, Day: 20000, Revision: 2}); got[0] != 2 {
		t.Errorf("revision %v", got)
	}
	if got, err := l.Append(t.Context(), nil); err != nil || len(got) > 0 {
		t.Errorf("nothing to append: %v, %v", got, err)
	}
	wantClean(t, l)
}

// testClock puts the system's clock forward and back by years.
func testClock(t *testing.T, e Engine) {
	now := at(10, 12)
	l := e.Open(t, func() time.Time { return now })
	var times []time.Time
	record := func() {
		t.Helper()
		revision := add(t, l, ledger.Record{Series: payroll, Day: 20000, Slices: []byte{byte(len(times))}})[0]
		all, err := l.Revisions(t.Context(), payroll, 20000)
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, all[revision-1].At)
	}
	record()
	record()
	now = now.AddDate(30, 0, 0)
	record()
	now = now.AddDate(-40, 0, 0)
	known, err := l.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	record()
	if !slices.IsSortedFunc(times, time.Time.Compare) || len(slices.Compact(slices.Clone(times))) != 4 {
		t.Errorf("times of recording %v", times)
	}
	if !known.After(times[2]) || !times[3].After(known) {
		t.Errorf("the ledger's clock said %v between %v and %v", known, times[2], times[3])
	}
	if got := collect(t, l.Read(t.Context(), []ledger.Series{payroll}, 0, 30000, known)); len(got) != 1 || got[0].Revision != 3 {
		t.Errorf("as of %v: %+v", known, got)
	}
	wantClean(t, l)
}

// testGrows tries to change what is recorded.
func testGrows(t *testing.T, e Engine) {
	l := e.Open(t, nil)
	fill(t, l)
	for _, table := range []struct{ name, column string }{{"series", "name"}, {"origin", "reason"}, {"evidence", "at"}, {"exclusion", "reason"}, {"ticket", "at"}} {
		for _, statement := range []string{"UPDATE " + table.name + " SET " + table.column + " = " + table.column, "DELETE FROM " + table.name} {
			if err := e.Execute(t, l, statement); err == nil || !strings.Contains(err.Error(), "only grows") {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
	wantClean(t, l)
}

// fill records something of everything.
func fill(t testing.TB, l ledger.Ledger) {
	t.Helper()
	add(t, l, ledger.Record{Series: payroll, Day: 20000, Engine: "e", Slices: []byte{1}}, ledger.Record{Series: payroll, Day: 20000, Reason: "r", Slices: []byte{2}})
	add(t, l, ledger.Record{Series: payroll, Day: 20000, Slices: []byte{3}})
	if _, err := l.AppendExclusion(context.Background(), ledger.Exclusion{From: at(1, 0), To: at(2, 0), Kind: ledger.ForceMajeure, Reason: "Flood"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.AppendCases(context.Background(), []ledger.Case{
		{Source: "measurement-source/desk", ID: "I-1", Opened: at(1, 8)}, {Source: "measurement-source/desk", ID: "I-2", Opened: at(1, 9)},
		{Source: "measurement-source/desk", ID: "I-1", Opened: at(1, 8), Restored: at(1, 10)},
	}); err != nil {
		t.Fatal(err)
	}
}

// testDamage changes bytes behind the ledger's back: reading refuses them, and Fsck
// names them.
func testDamage(t *testing.T, e Engine) {
	tests := []struct {
		name      string
		statement string
		want      ledger.ProblemType
		read      bool // reading what is left must be refused
	}{
		{"slices", `UPDATE evidence SET slices = series_blob WHERE revision = 3`, ledger.RecordChanged, true},
		{"a day moved", `UPDATE evidence SET day = 20005`, ledger.RecordChanged, true},
		{"a time of recording", `UPDATE evidence SET at = at + 1 WHERE revision = 3`, ledger.RecordChanged, true},
		{"the name of a series", `UPDATE series SET name = 'other'`, ledger.RecordChanged, false},
		{"a reason", `UPDATE origin SET reason = 'better' WHERE reason = 'r'`, ledger.RecordChanged, false},
		{"an origin gone", `DELETE FROM origin`, ledger.NameUnknown, false},
		{"a revision gone", `DELETE FROM evidence WHERE revision = 2`, ledger.RevisionMissing, false},
		{"an exclusion", `UPDATE exclusion SET ends = ends + 1`, ledger.ExclusionChanged, true},
		{"a case", `UPDATE ticket SET revision = 5 WHERE revision = 2`, ledger.CaseChanged, true},
		{"what a case is found by", `UPDATE ticket SET ended = ended - 1 WHERE id = 'I-2'`, ledger.CaseChanged, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := e.Open(t, nil)
			fill(t, l)
			e.Unguarded(t, l, strings.ReplaceAll(tt.statement, "series_blob", "CAST('x' AS "+e.Bytes+")"))
			report, err := l.Fsck(t.Context(), readable)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(report.Problems, func(p ledger.Problem) bool { return p.Type == tt.want }) {
				t.Errorf("found %v, want %s", report.Problems, tt.want)
			}
			if !tt.read {
				return
			}
			var failed error
			for _, err := range l.Read(t.Context(), []ledger.Series{payroll}, 0, 30000, time.Time{}) {
				failed = errors.Join(failed, err)
			}
			_, err = l.Exclusions(t.Context(), at(1, 0), at(9, 0), time.Time{})
			failed = errors.Join(failed, err)
			for _, err := range l.Cases(t.Context(), "", at(1, 0), at(9, 0), time.Time{}) {
				failed = errors.Join(failed, err)
			}
			wantCode(t, failed, store.CodeCorrupt)
		})
	}
}
