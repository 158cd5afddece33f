package app

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"diapason/examples"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store/sqlite"
)

// hospital is the example organisation in a store of its own.
func hospital(t *testing.T) *App {
	t.Helper()
	ctx := context.Background()
	st, err := sqlite.Open(ctx, t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	a, err := Open(ctx, Options{Store: st, On: examples.On})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	objects, issues := examples.Hospital()
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if _, err := a.Apply(ctx, identity.Operator(), objects, false, "example", "example"); err != nil {
		t.Fatal(err)
	}
	return a
}

var rawKey = regexp.MustCompile(`\b(page|column|catalogue|publication)\.[a-z]+[.a-zA-Z-]*`)

func TestEveryProcessAnswersItsManager(t *testing.T) {
	a := hospital(t)
	lists := map[finding.Process][]string{ // those that the example fills
		finding.Coordination: {"packages"}, finding.Catalogue: {"showcase"}, finding.ServiceLevel: {"promises", "agreements"}, finding.Availability: {"predictions"},
		finding.Capacity: {"exhaustions"}, finding.Continuity: {"plans", "timeline", "activities"}, finding.Security: {"pillars", "risks", "controls", "access"}, finding.Supplier: {"contracts", "suppliers", "reviews"},
	}
	for _, process := range finding.Processes {
		for _, lang := range language.Languages {
			t.Run(string(process)+" in "+string(lang), func(t *testing.T) {
				p, err := a.ProcessPage(context.Background(), identity.Operator(), View{}, string(process), lang)
				if err != nil {
					t.Fatal(err)
				}
				if len(p.Questions) != 3 {
					t.Fatalf("%d questions", len(p.Questions))
				}
				for _, q := range p.Questions {
					if !strings.HasSuffix(strings.TrimSpace(q.Question), "?") || q.Answer == "" || q.Mark == "" {
						t.Errorf("the question %s is %q, answered %q", q.ID, q.Question, q.Answer)
					}
					prose(t, q.Question, q.Answer)
					for _, i := range q.Items {
						if i.Ref.IsZero() || i.Title.IsZero() {
							t.Errorf("an item of %s names nothing: %+v", q.ID, i)
						}
						prose(t, i.Text)
					}
				}
				for _, want := range lists[process] {
					if i := slices.IndexFunc(p.Lists, func(l Table) bool { return l.ID == want }); i < 0 || len(p.Lists[i].Rows) == 0 {
						t.Errorf("the list %s is missing or empty", want)
					}
				}
				for _, l := range p.Lists {
					prose(t, l.Title)
					cells(t, l)
				}
			})
		}
	}
}

func prose(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if rawKey.MatchString(s) || strings.Contains(s, "<no value>") || strings.Contains(s, "{{") {
			t.Errorf("%q is no sentence", s)
		}
	}
}

// cells checks that values stand in the form in which their column is stored.
func cells(t *testing.T, l Table) {
	t.Helper()
	types := map[string]string{}
	for _, c := range l.Columns {
		types[c.Key] = c.Type
		if c.Label == "" {
			t.Errorf("%s has a column %s without label", l.ID, c.Key)
		}
		prose(t, c.Label)
	}
	for _, r := range l.Rows {
		if r.Ref == nil {
			t.Errorf("a row of %s leads nowhere", l.ID)
		}
		for key, v := range r.Cells {
			kind, known := types[key]
			if !known {
				t.Errorf("%s has cells %s without a column", l.ID, key)
			}
			if v == nil {
				continue
			}
			ok := true
			switch x := v.(type) {
			case string:
				switch kind {
				case "date":
					_, err := model.ParseDate(x)
					ok = err == nil
				case "duration":
					_, err := model.ParseDuration(x)
					ok = err == nil
				case "availability":
					ok = new(model.Availability).UnmarshalText([]byte(x)) == nil
				case "percent":
					ok = new(model.Percent).UnmarshalText([]byte(x)) == nil
				case "quantity":
					ok = new(model.Quantity).UnmarshalText([]byte(x)) == nil
				case "money":
					ok = new(model.Money).UnmarshalText([]byte(x)) == nil
				case "text", "figure":
					prose(t, x)
				default:
					ok = false
				}
			case Mark:
				ok = kind == "mark"
			case Named:
				ok = kind == "ref" && !x.Ref.IsZero()
			case []Named:
				ok = kind == "list"
			case bool:
				ok = kind == "boolean"
			case int:
				ok = kind == "integer"
			default:
				ok = false
			}
			if !ok {
				t.Errorf("%s %s: %v (%T) does not have the form of %q", l.ID, key, v, v, kind)
			}
		}
	}
}

func TestAProcessPageIsForStaff(t *testing.T) {
	a := hospital(t)
	if _, err := a.ProcessPage(context.Background(), identity.Anonymous(true), View{}, "supplier", language.EN); codeOf(err) != CodeSignIn {
		t.Errorf("an anonymous reader gets %v", err)
	}
}
