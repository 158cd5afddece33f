package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"diapason/examples"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
	"diapason/internal/store/pgtest"
	"diapason/internal/store/postgres"
	"diapason/internal/store/sqlite"
)

func TestQuestionnairesLiveInBothDatabases(t *testing.T) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		t.Run(engine, func(t *testing.T) {
			ctx := context.Background()
			var st store.Store
			var err error
			if engine == "SQLite" {
				st, err = sqlite.Open(ctx, t.TempDir(), sqlite.Options{})
			} else {
				st, err = postgres.Open(ctx, pgtest.URL(t), postgres.Options{})
			}
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			now := time.Date(2027, 3, 12, 9, 0, 0, 0, time.UTC)
			a, err := Open(ctx, Options{Store: st, On: examples.On, Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			activity := &model.Object{Kind: model.KindOf("business-activity"), Metadata: model.Metadata{Name: "care", Title: model.T("Care", "Soins")}, Spec: &model.BusinessActivity{}}
			if _, err := a.Apply(ctx, identity.Operator(), []*model.Object{activity}, false, "start", "start"); err != nil {
				t.Fatal(err)
			}
			manager := identity.NewActor(identity.ActorFacts{Account: "lea", Grants: []identity.Grant{{GrantKey: identity.GrantKey{Account: "lea", Role: identity.RoleContinuityManager}}}}, now)
			i, err := a.Ask(ctx, manager, NewQuestionnaire{Subject: activity.Ref(), Language: language.FR, Days: 2}, "http://x")
			if err != nil {
				t.Fatal(err)
			}
			token := identity.Token(strings.TrimPrefix(i.Path, "/questionnaire/"))
			if f, err := a.OpenQuestionnaire(ctx, token); err != nil || f.State != QuestionnaireSent || f.Title.FR != "Soins" {
				t.Fatalf("%+v %v", f, err)
			}
			two := model.Duration(2 * time.Hour)
			x := ImpactAnswer{Name: "Anne", Impact: []model.Impact{{Type: "people", After: ImpactHorizons[0], Level: 4}}, RTO: &two}
			now = now.Add(48 * time.Hour) // the very end of the second day is too late
			if state, _, err := a.AnswerQuestionnaire(ctx, token, x); err != nil || state != QuestionnaireExpired {
				t.Fatalf("%s %v", state, err)
			}
			now = now.Add(-time.Minute)
			if state, problems, err := a.AnswerQuestionnaire(ctx, token, x); err != nil || state != QuestionnaireAnswered || len(problems) > 0 {
				t.Fatalf("%s %v %v", state, problems, err)
			}
			now = now.Add(90 * 24 * time.Hour) // an answer stays an answer
			bell := func() *Notices {
				n, err := a.Notices(ctx, manager, language.FR)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			if n := bell(); n.Unread != 1 || n.Items[0].Kind != "questionnaire" || n.Items[0].Text != "Anne a répondu au questionnaire d'impact « Soins » : la réponse attend votre relecture." {
				t.Errorf("%+v", n)
			}
			if err := a.SeeNotices(ctx, manager, a.Head().Seq); err != nil {
				t.Fatal(err)
			}
			if n := bell(); n.Unread != 0 || len(n.Items) != 1 {
				t.Errorf("%+v", n)
			}
			list, err := a.Questionnaires(ctx, manager)
			if err != nil || len(list) != 1 || list[0].State != QuestionnaireAnswered || list[0].Respondent != "Anne" || list[0].Draft == "" || *list[0].Answer.RTO != two {
				t.Fatalf("%+v %v", list, err)
			}
			if _, err := a.CommitDraft(ctx, manager, list[0].Draft, "", "reviewed", nil); err != nil {
				t.Fatal(err)
			}
			if list, err = a.Questionnaires(ctx, manager); err != nil || list[0].State != QuestionnaireTaken {
				t.Fatalf("%+v %v", list, err)
			}
			b := a.Head().Get(activity.Ref()).Spec.(*model.BusinessActivity)
			if b.RTO != two || *b.Unacceptable != unacceptableFrom || b.AnalysedOn != examples.On || len(b.Impact) != 1 {
				t.Errorf("%+v", b)
			}
			if n := bell(); slices.ContainsFunc(n.Items, func(x Notice) bool { return x.Kind == "questionnaire" }) {
				t.Errorf("%+v", n)
			}
			if _, err := a.Remind(ctx, manager, list[0].ID, "http://x"); !codeIs(err, CodeClosed) || err.Error() != "This questionnaire has been answered already." {
				t.Error(err)
			}
			other, err := a.Ask(ctx, manager, NewQuestionnaire{Subject: activity.Ref(), Language: language.FR, Days: 2}, "http://x")
			if err != nil {
				t.Fatal(err)
			}
			if err := a.RevokeQuestionnaire(ctx, manager, other.Questionnaire.ID); err != nil {
				t.Fatal(err)
			}
			var closed *Error
			if _, err := a.Remind(ctx, manager, other.Questionnaire.ID, "http://x"); !errors.As(err, &closed) || closed.In(language.FR) != "Ce questionnaire a été retiré : ses liens n'ouvrent plus rien. Faites-en un nouveau." {
				t.Error(err)
			}
			if err := a.ForgetQuestionnaire(ctx, manager, list[0].ID); err != nil {
				t.Fatal(err)
			}
			if _, err := a.OpenQuestionnaire(ctx, token); !codeIs(err, CodeNotFound) {
				t.Error(err)
			}
		})
	}
}

func TestTheLevelThatIsUnacceptableFollowsFromTheLongestInterruption(t *testing.T) {
	h := ImpactHorizons
	curve := []model.Impact{{Type: "people", After: h[0], Level: 1}, {Type: "people", After: h[1], Level: 2}, {Type: "people", After: h[2], Level: 4}, {Type: "financial", After: h[3], Level: 3}}
	for _, c := range []struct {
		name string
		mtpd model.Duration
		want int
	}{
		{"the highest level first reached just then", h[2], 4},
		{"a lower level", h[1], 2},
		{"none is reached just then", h[4], unacceptableFrom},
		{"nothing was said", 0, unacceptableFrom},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := &ImpactAnswer{Impact: curve}
			if c.mtpd > 0 {
				x.MTPD = &c.mtpd
			}
			if got := unacceptableLevel(x); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
