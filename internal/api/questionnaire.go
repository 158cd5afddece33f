package api

import (
	"context"
	"time"

	"diapason/internal/app"
	"diapason/internal/language"
	"diapason/internal/model"
)

type questionnaireView struct {
	ID         string                 `json:"id"`
	Subject    app.Named              `json:"subject"`
	Recipient  string                 `json:"recipient"`
	Language   language.Lang          `json:"language"`
	Author     string                 `json:"author" doc:"Who asked, by name"`
	State      app.QuestionnaireState `json:"state" enum:"sent,expired,revoked,answered,taken" doc:"taken: the answer is in force"`
	Created    time.Time              `json:"created"`
	Expires    time.Time              `json:"expires"`
	Answered   *time.Time             `json:"answered,omitempty"`
	Respondent string                 `json:"respondent,omitempty"`
	Draft      string                 `json:"draft,omitempty" doc:"Draft of the answer, where the reader may work on it"`
	MTPD       *model.Duration        `json:"mtpd,omitempty" doc:"Longest tolerable interruption as the respondent put it; the curves of the draft may say another"`
	Comments   string                 `json:"comments,omitempty"`
}

type invitationView struct {
	Questionnaire questionnaireView `json:"questionnaire"`
	URL           string            `json:"url" doc:"The link, shown once: only its hash is kept"`
	Subject       string            `json:"subject" doc:"Subject of a message to send it with"`
	Text          string            `json:"text" doc:"Text of a message to send it with"`
}

func (s *Server) viewQuestionnaire(ctx context.Context, q app.Questionnaire) questionnaireView {
	v := questionnaireView{ID: q.ID, Subject: q.Subject, Recipient: q.Recipient, Language: q.Language, Author: s.app.ActorName(ctx, q.Author), State: q.State, Created: q.Created, Expires: q.Expires, Respondent: q.Respondent, Draft: q.Draft}
	if !q.Answered.IsZero() {
		v.Answered = &q.Answered
	}
	if q.Answer != nil {
		v.MTPD, v.Comments = q.Answer.MTPD, q.Answer.Comments
	}
	return v
}

func (s *Server) viewInvitation(ctx context.Context, i *app.Invitation, err error) (*body[invitationView], error) {
	if err != nil {
		return nil, err
	}
	return answer(invitationView{s.viewQuestionnaire(ctx, i.Questionnaire), callerOf(ctx).base + i.Path, i.Subject, i.Text}, nil)
}

// questionnaireRoutes serve the continuity manager; respondents have pages of
// their own.
func (s *Server) questionnaireRoutes() {
	const tag = "Questionnaires"
	type Path struct {
		ID string `path:"id"`
	}
	register(s, "GET", "/questionnaires", "list-questionnaires", "Impact questionnaires that the reader manages, the last made first", tag, func(ctx context.Context, _ *struct{}) (*body[[]questionnaireView], error) {
		list, err := s.app.Questionnaires(ctx, callerOf(ctx).actor)
		if err != nil {
			return nil, err
		}
		out := []questionnaireView{}
		for _, q := range list {
			out = append(out, s.viewQuestionnaire(ctx, q))
		}
		return answer(out, nil)
	})
	register(s, "POST", "/questionnaires", "ask", "Ask a business manager about the impact of an interruption: a link that needs no account", tag, func(ctx context.Context, in *struct {
		Body struct {
			Subject   string `json:"subject" doc:"business-activity/name, or service/name where its activity is not known yet"`
			Recipient string `json:"recipient,omitempty" doc:"Whom it is for, as a reminder"`
			Language  string `json:"language" enum:"en,fr"`
			Days      int    `json:"days,omitempty" minimum:"0" maximum:"90" doc:"Days until it closes; 21 when left out"`
		}
	}) (*body[invitationView], error) {
		ref, err := optionalRef("/subject", in.Body.Subject)
		if err != nil {
			return nil, err
		}
		i, err := s.app.Ask(ctx, callerOf(ctx).actor, app.NewQuestionnaire{Subject: ref, Recipient: in.Body.Recipient, Language: language.Lang(in.Body.Language), Days: in.Body.Days}, callerOf(ctx).base)
		return s.viewInvitation(ctx, i, err)
	}, status(201))
	register(s, "POST", "/questionnaires/{id}/reminder", "remind", "Another link of a questionnaire that waits, with a text to send it with", tag, func(ctx context.Context, in *Path) (*body[invitationView], error) {
		i, err := s.app.Remind(ctx, callerOf(ctx).actor, in.ID, callerOf(ctx).base)
		return s.viewInvitation(ctx, i, err)
	}, status(201))
	register(s, "POST", "/questionnaires/{id}/revocation", "revoke-questionnaire", "Close a questionnaire that waits: its links open nothing any more", tag, func(ctx context.Context, in *Path) (*struct{}, error) {
		return nil, s.app.RevokeQuestionnaire(ctx, callerOf(ctx).actor, in.ID)
	}, status(204))
	register(s, "POST", "/questionnaires/{id}/review", "review-answer", "The draft in which an answer is reviewed, made afresh where it is gone", tag, func(ctx context.Context, in *Path) (*body[struct {
		Draft string `json:"draft"`
	}], error) {
		id, err := s.app.ReviewAnswer(ctx, callerOf(ctx).actor, in.ID)
		return answer(struct {
			Draft string `json:"draft"`
		}{id}, err)
	}, status(200))
	register(s, "DELETE", "/questionnaires/{id}", "forget-questionnaire", "Remove a questionnaire and the names in it; what has come of it stays", tag, func(ctx context.Context, in *Path) (*struct{}, error) {
		return nil, s.app.ForgetQuestionnaire(ctx, callerOf(ctx).actor, in.ID)
	}, status(204))
}
