package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// storedQuestionnaire is a row of the table questionnaire.
type storedQuestionnaire struct {
	ID         string
	Subject    model.Ref
	Recipient  string
	Language   language.Lang
	Author     string
	Created    time.Time
	Expires    time.Time
	Revoked    bool
	Answered   time.Time
	Respondent string
	Answer     *ImpactAnswer
	Evidence   string
	Draft      string
}

// state is where it stands at an instant, whatever has become of the answer.
func (q *storedQuestionnaire) state(now time.Time) QuestionnaireState {
	switch {
	case !q.Answered.IsZero():
		return QuestionnaireAnswered
	case q.Revoked:
		return QuestionnaireRevoked
	case !now.Before(q.Expires):
		return QuestionnaireExpired
	}
	return QuestionnaireSent
}

const questionnaireColumns = `id, subject, recipient, language, author, created, expires, revoked, answered, respondent, answer, evidence, draft`

func scanQuestionnaire(row store.Row) (*storedQuestionnaire, error) {
	var q storedQuestionnaire
	var subject, lang string
	var created, expires int64
	var revoked, answered sql.NullInt64
	var answer []byte
	if err := row.Scan(&q.ID, &subject, &q.Recipient, &lang, &q.Author, &created, &expires, &revoked, &answered, &q.Respondent, &answer, &q.Evidence, &q.Draft); err != nil {
		return nil, err
	}
	ref, err := model.ParseRef(subject)
	if err != nil {
		return nil, fmt.Errorf("read a questionnaire: %w", err)
	}
	q.Subject, q.Language, q.Revoked = ref, language.Lang(lang), revoked.Valid
	q.Created, q.Expires = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	if answered.Valid {
		q.Answered = time.UnixMicro(answered.Int64).UTC()
	}
	if len(answer) > 0 {
		q.Answer = &ImpactAnswer{}
		if err := json.Unmarshal(answer, q.Answer); err != nil {
			return nil, fmt.Errorf("read the answer of a questionnaire: %w", err)
		}
	}
	return &q, nil
}

// questionnaireWhere finds one questionnaire; nil when there is none.
func questionnaireWhere(ctx context.Context, t store.Querier, where string, args ...any) (*storedQuestionnaire, error) {
	q, err := scanQuestionnaire(t.QueryRow(ctx, `SELECT `+questionnaireColumns+` FROM questionnaire WHERE `+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return q, err
}

// questionnaireByToken finds the questionnaire that a link opens; nil for a link
// that is none.
func questionnaireByToken(ctx context.Context, t store.Querier, token identity.Token) (*storedQuestionnaire, error) {
	hash, ok := token.Hash()
	if !ok {
		return nil, nil
	}
	return questionnaireWhere(ctx, t, `id IN (SELECT questionnaire FROM questionnaire_link WHERE token_hash = $1)`, hash[:])
}

func allQuestionnaires(ctx context.Context, t store.Querier) ([]storedQuestionnaire, error) {
	rows, err := t.Query(ctx, `SELECT `+questionnaireColumns+` FROM questionnaire ORDER BY created DESC, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []storedQuestionnaire
	for rows.Next() {
		q, err := scanQuestionnaire(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, *q)
	}
	return out, rows.Err()
}

// answersToReview lists the questionnaires of the actor whose answer waits for its
// review, the last made first; those of the operator wait for all who may manage
// them.
func (a *App) answersToReview(ctx context.Context, actor identity.Actor) ([]storedQuestionnaire, error) {
	var list []storedQuestionnaire
	err := a.store.View(ctx, func(t store.Querier) (err error) {
		list, err = allQuestionnaires(ctx, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	head := a.Head()
	var out []storedQuestionnaire
	for _, q := range list {
		own := q.Author == actor.ID() || identityIsOperator(q.Author)
		if own && !q.Answered.IsZero() && len(out) < noticesShown && !carriesEvidence(head, q) && a.mayManage(actor, q) {
			out = append(out, q)
		}
	}
	return out, nil
}

func insertQuestionnaire(ctx context.Context, t store.Querier, q storedQuestionnaire) error {
	_, err := t.Exec(ctx, `INSERT INTO questionnaire (`+questionnaireColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, '', NULL, '', '')`,
		q.ID, q.Subject.String(), q.Recipient, string(q.Language), q.Author, q.Created.UnixMicro(), q.Expires.UnixMicro())
	return err
}

func insertQuestionnaireLink(ctx context.Context, t store.Querier, id string, token identity.Token, now time.Time) error {
	hash, _ := token.Hash()
	_, err := t.Exec(ctx, `INSERT INTO questionnaire_link (token_hash, questionnaire, created) VALUES ($1, $2, $3)`, hash[:], id, now.UnixMicro())
	return err
}
