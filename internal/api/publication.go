package api

import (
	"context"
	"time"

	"diapason/internal/app"
)

type submissionView struct {
	ID      string            `json:"id"`
	Service app.Named         `json:"service"`
	Author  app.NamedActor    `json:"author"`
	At      time.Time         `json:"at"`
	Note    string            `json:"note"`
	Blocked []app.FindingView `json:"blocked" doc:"Unwaived errors that stand against publication"`
	Mine    bool              `json:"mine" doc:"Submitted by the reader, who therefore cannot decide"`
}

func (s *Server) submissions(ctx context.Context) ([]submissionView, error) {
	actor := callerOf(ctx).actor
	list, err := s.app.Submissions(ctx, actor)
	if err != nil {
		return nil, err
	}
	st, err := s.app.At(ctx, app.View{})
	if err != nil {
		return nil, err
	}
	out := []submissionView{}
	for _, x := range list {
		out = append(out, submissionView{x.Ref.Name, app.Name(st.Snap, x.Service), app.NamedActor{ID: x.Author, Name: s.app.ActorName(ctx, x.Author)}, x.At, x.Note, s.viewFindings(ctx, st, x.Blocked), x.Author == actor.ID()})
	}
	return out, nil
}

func (s *Server) publicationRoutes() {
	const tag = "Publication"
	register(s, "POST", "/services/{name}/submission", "submit-service", "Submit a service for publication", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body struct {
			Note string `json:"note,omitempty" maxLength:"10000"`
		}
	}) (*body[seqView], error) {
		seq, err := s.app.Submit(ctx, callerOf(ctx).actor, parseRef("service", in.Name), in.Body.Note)
		return answer(seqView{seq}, err)
	}, status(201))
	register(s, "GET", "/submissions", "list-submissions", "What waits for a decision", tag, func(ctx context.Context, _ *struct{}) (*body[[]submissionView], error) {
		return answer(s.submissions(ctx))
	})
	register(s, "POST", "/submissions/{id}/decision", "decide-submission", "Publish or refuse", tag, func(ctx context.Context, in *struct {
		ID   string `path:"id"`
		Body struct {
			Outcome string `json:"outcome" enum:"publish,refuse"`
			Reason  string `json:"reason,omitempty" maxLength:"10000"`
		}
	}) (*body[seqView], error) {
		seq, err := s.app.Decide(ctx, callerOf(ctx).actor, in.ID, in.Body.Outcome == "publish", in.Body.Reason)
		return answer(seqView{seq}, err)
	}, status(201))
	register(s, "POST", "/services/{name}/withdrawal", "withdraw-service", "Take a service out of the catalogue", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body struct {
			Reason string `json:"reason" maxLength:"10000"`
		}
	}) (*body[seqView], error) {
		seq, err := s.app.Withdraw(ctx, callerOf(ctx).actor, parseRef("service", in.Name), in.Body.Reason)
		return answer(seqView{seq}, err)
	}, status(201))
}
