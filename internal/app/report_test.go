package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/report"
)

// words is all that a document says.
func words(d *report.Document) string {
	var b strings.Builder
	say := func(list ...string) {
		for _, s := range list {
			b.WriteString(s + "\n")
		}
	}
	say(d.Organisation, d.Kind, d.Title, d.Lead)
	for _, s := range d.Sections {
		say(s.Title)
		for _, block := range s.Blocks {
			switch x := block.(type) {
			case report.Paragraph:
				say(x.Text)
			case report.Facts:
				for _, f := range x {
					say(f.Label + " = " + f.Value)
				}
			case report.List:
				for _, i := range x.Items {
					say(i.Lead, i.Text)
				}
			case report.Table:
				say(x.Caption, x.Empty)
				say(x.Columns...)
				for _, row := range x.Rows {
					for _, c := range row {
						say(c.Text)
					}
				}
			}
		}
	}
	say(d.Trace...)
	return b.String()
}

var reportKey = regexp.MustCompile(`\b(report|page|column|catalogue|process|outcome)\.[a-z]+[.a-zA-Z-]*`)

func TestReportsOfTheExampleAreWhole(t *testing.T) {
	a := hospital(t)
	queries := []ReportQuery{
		{Kind: "service", Name: "electronic-patient-record"}, {Kind: "service", Name: "electronic-patient-record", Customer: true},
		{Kind: "plan", Name: "loss-of-room-a"}, {Kind: "plan", Name: "cyber-attack"}, {Kind: "pack", Name: PackAll},
	}
	for _, p := range finding.Processes {
		queries = append(queries, ReportQuery{Kind: "pack", Name: string(p)})
	}
	folder := os.Getenv("DIAPASON_REPORTS") // to look at them
	hash := a.Head().Hash()
	for _, q := range queries {
		for _, lang := range language.Languages {
			t.Run(q.Kind+" "+q.Name+" in "+string(lang), func(t *testing.T) {
				d, err := a.Report(context.Background(), identity.Operator(), View{}, q, lang)
				if err != nil {
					t.Fatal(err)
				}
				all := words(d)
				if key := reportKey.FindString(all); key != "" {
					t.Errorf("the words of %s are missing", key)
				}
				if strings.Contains(all, "<no value>") || d.Title == "" || d.Organisation == "" || len(d.Sections) < 3 {
					t.Errorf("not whole: %q, %d sections", d.Title, len(d.Sections))
				}
				ids := map[string]bool{}
				for _, s := range d.Sections {
					if ids[s.ID] || s.Title == "" {
						t.Errorf("section %q stands twice or has no title", s.ID)
					}
					ids[s.ID] = true
					for _, b := range s.Blocks {
						if table, ok := b.(report.Table); ok {
							for _, row := range table.Rows {
								if len(row) != len(table.Columns) {
									t.Errorf("section %s: a row of %d cells under %d columns", s.ID, len(row), len(table.Columns))
								}
							}
						}
					}
				}
				if len(d.Trace) != 2 || !strings.Contains(d.Trace[1], hex.EncodeToString(hash[:])) {
					t.Errorf("the paper cannot be traced: %q", d.Trace)
				}
				for _, f := range report.Formats {
					var b, again bytes.Buffer
					if err := report.Write(&b, d, f); err != nil {
						t.Fatal(f, err)
					}
					if folder != "" {
						name := strings.Join([]string{q.Kind, q.Name, string(lang), map[bool]string{true: "customer"}[q.Customer]}, "-") + "." + string(f)
						if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o644); err != nil {
							t.Fatal(err)
						}
					}
					if f == report.PDF {
						twin, err := a.Report(context.Background(), identity.Operator(), View{}, q, lang)
						if err != nil {
							t.Fatal(err)
						}
						if err := report.Write(&again, twin, f); err != nil {
							t.Fatal(err)
						}
						if !bytes.Equal(b.Bytes(), again.Bytes()) {
							t.Error("made twice from the same view, the PDF differs")
						}
					}
				}
			})
		}
	}
}

func TestAContinuityPlanHoldsWhatACrisisNeeds(t *testing.T) {
	a := hospital(t)
	d, err := a.Report(context.Background(), identity.Operator(), View{}, ReportQuery{Kind: "plan", Name: "loss-of-room-a"}, language.FR)
	if err != nil {
		t.Fatal(err)
	}
	all := words(d)
	for _, want := range []string{
		"Perte d'un site", "Relancer en B les machines de A, par ordre de priorité", "T+0:00", "Coupure de la salle A un dimanche", "Reconstruire A, répliquer une semaine",
		"Tout doit être rétabli en (RTO)", "Main courante de crise", "non indiqué", "vérifié : 1er\u00a0février\u00a02027", "10. Exercices",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in the plan", want)
		}
	}
}

func TestReportsShowNobodyMoreThanHeMaySee(t *testing.T) {
	a := hospital(t)
	ctx := context.Background()
	customer := identity.NewActor(identity.ActorFacts{Account: "c", Grants: []identity.Grant{{GrantKey: identity.GrantKey{Account: "c", Role: identity.RoleCustomerRepresentative, Scope: "customer/emergency-department"}}}}, a.now())
	auditor := identity.NewActor(identity.ActorFacts{Account: "x", Grants: []identity.Grant{{GrantKey: identity.GrantKey{Account: "x", Role: identity.RoleAuditor}}}}, a.now())
	for _, c := range []struct {
		name  string
		actor identity.Actor
		query ReportQuery
		code  Code
	}{
		{"nobody gets a pack", identity.Anonymous(false), ReportQuery{Kind: "pack", Name: PackAll}, CodeSignIn},
		{"nobody gets a plan", identity.Anonymous(true), ReportQuery{Kind: "plan", Name: "cyber-attack"}, CodeSignIn},
		{"a customer gets no pack", customer, ReportQuery{Kind: "pack", Name: "supplier"}, CodeForbidden},
		{"a customer gets no plan", customer, ReportQuery{Kind: "plan", Name: "cyber-attack"}, CodeNotFound},
		{"a customer gets no unpublished service", customer, ReportQuery{Kind: "service", Name: "no-such-service"}, CodeNotFound},
		{"an auditor gets packs", auditor, ReportQuery{Kind: "pack", Name: "supplier"}, ""},
		{"an auditor gets plans", auditor, ReportQuery{Kind: "plan", Name: "cyber-attack"}, ""},
		{"there is no such process", auditor, ReportQuery{Kind: "pack", Name: "../secret"}, CodeNotFound},
		{"there is no such plan", auditor, ReportQuery{Kind: "plan", Name: "nothing"}, CodeNotFound},
		{"there is no such report", auditor, ReportQuery{Kind: "invoice", Name: "x"}, CodeNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := a.Report(ctx, c.actor, View{}, c.query, language.EN)
			if c.code == "" && err != nil || c.code != "" && !codeIs(err, c.code) {
				t.Errorf("%v", err)
			}
		})
	}
}
