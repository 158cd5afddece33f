package app

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/report"
	ledgerstore "diapason/internal/store/ledger"
)

var updateLevels = flag.Bool("update-levels", false, "write the golden files of packs")

// outline writes a document for comparison: titles, paragraphs and cells with their marks.
func outline(d *report.Document) string {
	var b strings.Builder
	b.WriteString(d.Kind + " | " + d.Title + " | " + d.Lead + "\n")
	for _, s := range d.Sections {
		b.WriteString("# " + s.Title + "\n")
		for _, block := range s.Blocks {
			switch x := block.(type) {
			case report.Paragraph:
				b.WriteString(x.Text + "\n")
			case report.List:
				for _, item := range x.Items {
					b.WriteString("- " + string(item.Mark) + " " + item.Lead + item.Text + "\n")
				}
			case report.Facts:
				for _, f := range x {
					b.WriteString(f.Label + ": " + f.Value + "\n")
				}
			case report.Table:
				b.WriteString(strings.Join(x.Columns, " | ") + "\n")
				if len(x.Rows) == 0 {
					b.WriteString(x.Empty + "\n")
				}
				for _, row := range x.Rows {
					var cells []string
					for _, c := range row {
						cells = append(cells, strings.TrimSpace(string(c.Mark)+" "+strings.ReplaceAll(c.Text, "\n", " / ")))
					}
					b.WriteString(strings.Join(cells, " | ") + "\n")
				}
			}
		}
	}
	return strings.ReplaceAll(b.String(), "\u00a0", " ")
}

func TestThePackOfAPeriodTellsWhatIsSealedAndWhatIsNot(t *testing.T) {
	for _, lang := range language.Languages {
		t.Run(string(lang), func(t *testing.T) {
			w, _, _ := sealing(t)
			got := ""
			for _, period := range []string{"2027-02", "2027-Q1"} {
				d, err := w.Report(w.ctx, identity.Operator(), View{}, ReportQuery{Kind: "levels", Name: period}, lang)
				if err != nil {
					t.Fatal(err)
				}
				got += outline(d) + "\n"
			}
			path := filepath.Join("testdata", "pack."+string(lang)+".golden")
			if *updateLevels {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || got != string(want) {
				t.Errorf("the pack reads, %v:\n%s", err, got)
			}
		})
	}
}

func TestASealedMonthOfTheSheetKeepsItsFigureAfterACorrection(t *testing.T) {
	w, l, _ := sealing(t)
	cell := func() LevelCell {
		t.Helper()
		s, err := w.LevelSheet(w.ctx, identity.Operator(), LevelSheetQuery{Until: "2027-03", Months: 3}, language.EN)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Rows {
			if r.Target == "availability" {
				return r.Cells[1]
			}
		}
		t.Fatalf("no row: %+v", s.Rows)
		return LevelCell{}
	}
	open := cell()
	if open.Attained == "" || open.Sealed != "" || open.Mark != MarkGap || open.Provisional || open.Basis != "evidence" || open.Excluded == "" {
		t.Fatalf("before the seal %+v", open)
	}
	seal, err := w.Seal(w.ctx, identity.Operator(), StatementQuery{Agreement: w.ref("agreement/payroll-sla"), Period: "2027-02"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if c := cell(); c.Sealed != seal.Hash || c.Attained != open.Attained || c.Since != "" {
		t.Errorf("sealed %+v", c)
	}
	day := slo.DayOf(time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC))
	b := slo.NewDayBuilder(day)
	b.Set(0, slo.DayMinutes, slo.Run{State: slo.Good})
	raw, err := slo.EncodeDay(b.Day())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(w.ctx, []ledgerstore.Record{{Series: "measurement-source/agent service/payroll", Day: day, Author: "mia", Reason: "the agent was wrong", Slices: raw}}); err != nil {
		t.Fatal(err)
	}
	w.standings.mu.Lock()
	w.standings.kept = nil
	w.standings.mu.Unlock()
	if c := cell(); c.Sealed != seal.Hash || c.Attained != open.Attained || c.Since == "" {
		t.Errorf("after the correction %+v", c)
	}
}

func TestMonthsOfTheSheet(t *testing.T) {
	w, _, _ := sealing(t)
	s, err := w.LevelSheet(w.ctx, identity.Operator(), LevelSheetQuery{Until: "2027-03", Months: 4}, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Rows {
		if r.Target == "restore" {
			if c := r.Cells[1]; c.Mark != MarkNone || c.Attained != "" || s.Counts.None != 1 {
				t.Errorf("a month without a case: %+v, %+v", c, s.Counts)
			}
		}
		if r.Target != "availability" {
			continue
		}
		for i, want := range []struct {
			name        string
			promised    bool
			provisional bool
			mark        Mark
		}{
			{"before the agreement began nothing was promised", false, false, ""},
			{"of January one day is known: what nobody saw is not kept", true, false, MarkUnknown},
			{"February was missed", true, false, MarkGap},
			{"March is not over, and nothing is known of it", true, true, MarkUnknown},
		} {
			if c := r.Cells[i]; c.Promised != want.promised || c.Provisional != want.provisional || c.Mark != want.mark {
				t.Errorf("%s: %+v", want.name, c)
			}
		}
	}
	if _, err := json.Marshal(s); err != nil {
		t.Error(err)
	}
	if _, err := w.LevelSheet(w.ctx, identity.Operator(), LevelSheetQuery{Until: "March"}, language.EN); codeOf(err) != CodePeriod {
		t.Errorf("an unreadable month gives %v", err)
	}
}

func TestAReviewFromItsAgendaToTheLastAction(t *testing.T) {
	w, _, _ := sealing(t)
	manager, reader := w.actor("mia", "service-level-manager"), w.actor("rex", "auditor")
	day := func(text string) model.Date {
		d, err := model.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	about := []model.Ref{w.ref("agreement/payroll-sla")}
	if _, _, err := w.PlanReview(w.ctx, reader, ReviewPlanned{About: about, Planned: day("2027-03-20")}); codeOf(err) != CodeForbidden {
		t.Errorf("an auditor plans a review: %v", err)
	}
	name, _, err := w.PlanReview(w.ctx, manager, ReviewPlanned{About: about, Planned: day("2027-03-20")})
	if err != nil {
		t.Fatal(err)
	}
	x, err := w.Review(w.ctx, manager, name, language.EN)
	if err != nil {
		t.Fatal(err)
	}
	topics := map[string]string{}
	for _, p := range x.Agenda {
		topics[p.Topic] += p.Text + "\n"
	}
	for topic, says := range map[string]string{"targets": "99.925", "credit": "10%", "customer": "complaints", "other": "next review"} {
		if !strings.Contains(topics[topic], says) {
			t.Errorf("topic %s says %q, want %q", topic, topics[topic], says)
		}
	}
	q := ReviewMinutes{Version: x.Version, Held: day("2027-03-10"), Minutes: "Too long an interruption.", Decisions: []ReviewDecision{{Text: "Announce earlier"}}}
	for _, p := range x.Agenda {
		q.Agenda = append(q.Agenda, AgendaSaid{Name: p.Name, Said: "heard " + p.Topic})
	}
	q.Agenda = append(q.Agenda, AgendaSaid{Text: "Holidays", Said: "none"})
	if _, err := w.WriteReview(w.ctx, manager, name, q, language.EN); err != nil {
		t.Fatal(err)
	}
	action, _, err := w.AskAction(w.ctx, manager, name, ActionAsked{Title: "Test the switch-over", Due: day("2027-03-11")})
	if err != nil {
		t.Fatal(err)
	}
	x, err = w.Review(w.ctx, reader, name, language.FR)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Actions) != 1 || x.Actions[0].State != "overdue" || x.MayEdit || len(x.Decisions) != 1 || len(x.Measures) == 0 || !x.Measures[0].Missed {
		t.Errorf("held %+v", x)
	}
	said := false
	for _, p := range x.Agenda {
		said = said || p.Topic == "targets" && strings.Contains(p.Text, "promis") && p.Said == "heard targets"
	}
	if !said {
		t.Errorf("the recorded agenda is not in both languages: %+v", x.Agenda)
	}
	due, err := w.ServiceReviews(w.ctx, manager, language.EN)
	if err != nil || len(due.Action) != 1 {
		t.Fatalf("reviews %+v, %v", due, err)
	}
	if _, err := w.FollowAction(w.ctx, manager, action, ActionFollowed{Done: day("2027-03-12")}); err != nil {
		t.Fatal(err)
	}
	if due, err = w.ServiceReviews(w.ctx, manager, language.EN); err != nil || len(due.Action) != 0 || due.Held[0].Open != 0 {
		t.Errorf("after it was done %+v, %v", due, err)
	}
	// Writing on what somebody else has changed meanwhile in the same place is refused.
	if _, err := w.WriteReview(w.ctx, manager, name, ReviewMinutes{Version: q.Version, Held: q.Held, Minutes: "Another story."}, language.EN); codeOf(err) != CodeConflict {
		t.Errorf("writing over what others wrote gives %v", err)
	}
}
