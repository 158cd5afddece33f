package api

import (
	"context"
	"encoding/json"
	"strconv"

	"diapason/internal/app"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// saidByDraft is what a draft says of an object: nothing, that it goes, or its document.
type saidByDraft struct {
	Deleted  bool            `json:"deleted,omitempty"`
	Document json.RawMessage `json:"document,omitempty"`
}

// drawnStep is what a gesture did to one object of a draft.
type drawnStep struct {
	Ref    string      `json:"ref"`
	Before saidByDraft `json:"before"`
	After  saidByDraft `json:"after"`
}

type drawnView struct {
	Draft draftView   `json:"draft"`
	Steps []drawnStep `json:"steps" doc:"Send them back to undo the gesture"`
}

func viewSaid(x app.DraftSays) saidByDraft {
	v := saidByDraft{Deleted: x.Deleted}
	if x.Object != nil {
		v.Document = x.Object.Document()
	}
	return v
}

func (x saidByDraft) said() (app.DraftSays, error) {
	out := app.DraftSays{Deleted: x.Deleted}
	if len(x.Document) == 0 {
		return out, nil
	}
	list, err := app.DecodeObjects("document", x.Document)
	if err != nil {
		return out, err
	}
	if len(list) == 1 {
		out.Object = list[0]
	}
	return out, nil
}

func (s *Server) drawingRoutes() {
	const tag = "Drafts"
	type gesture struct {
		Act     availability.Act `json:"act" enum:"need,alternative,replica,move,release,remove"`
		Of      string           `json:"of" minLength:"1"`
		To      string           `json:"to,omitempty"`
		Release bool             `json:"release,omitempty" doc:"With remove: what needs it no longer does"`
	}
	register(s, "POST", "/drawings/what-if", "draw-what-if", "What gestures on the map would bring, one after the other; nothing is kept", tag, func(ctx context.Context, in *struct {
		View
		Body struct {
			Gestures []gesture `json:"gestures" minItems:"1" maxItems:"100"`
		}
	}) (*body[*app.DrawnWhatIf], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		list := make([]availability.Gesture, len(in.Body.Gestures))
		for i, x := range in.Body.Gestures {
			at := "/gestures/" + strconv.Itoa(i)
			list[i] = availability.Gesture{Act: x.Act, Release: x.Release}
			if list[i].Of, err = optionalRef(at+"/of", x.Of); err != nil {
				return nil, err
			}
			if list[i].To, err = optionalRef(at+"/to", x.To); err != nil {
				return nil, err
			}
		}
		return answer(s.app.DrawWhatIf(ctx, callerOf(ctx).actor, v, list, callerOf(ctx).lang))
	}, status(200))
	register(s, "POST", "/drawings", "draw", "Draw on the map: a gesture goes into a draft", tag, func(ctx context.Context, in *struct {
		Body struct {
			Draft   string           `json:"draft,omitempty" doc:"The draft it goes into; without it one is started"`
			Title   string           `json:"title,omitempty" maxLength:"500" doc:"Of the draft that is started"`
			Act     availability.Act `json:"act" enum:"need,alternative,replica,move,release,remove" doc:"need: of needs to; alternative: wherever of is needed, to may stand in; replica: a second of, at the site to where given; move: of stands at the site to; release: of no longer needs to; remove: of is gone"`
			Of      string           `json:"of" minLength:"1"`
			To      string           `json:"to,omitempty"`
			Release bool             `json:"release,omitempty" doc:"With remove: what needs it no longer does"`
		}
	}) (*body[drawnView], error) {
		g := app.Drawing{Draft: in.Body.Draft, Title: in.Body.Title}
		g.Act, g.Release = in.Body.Act, in.Body.Release
		var err error
		if g.Of, err = optionalRef("/of", in.Body.Of); err != nil {
			return nil, err
		}
		if g.To, err = optionalRef("/to", in.Body.To); err != nil {
			return nil, err
		}
		d, steps, err := s.app.Draw(ctx, callerOf(ctx).actor, g)
		if err != nil {
			return nil, err
		}
		out := drawnView{Draft: s.viewDraft(ctx, d), Steps: []drawnStep{}}
		for _, step := range steps {
			out.Steps = append(out.Steps, drawnStep{step.Ref.String(), viewSaid(step.Before), viewSaid(step.After)})
		}
		return answer(out, nil)
	}, status(201))
	register(s, "POST", "/drafts/{id}/undo", "undo-in-draft", "Undo a gesture that was drawn into a draft, all of it or nothing", tag, func(ctx context.Context, in *struct {
		ID   string `path:"id"`
		Body struct {
			Steps []drawnStep `json:"steps" minItems:"1" maxItems:"10000"`
		}
	}) (*body[draftView], error) {
		steps := make([]app.DrawnStep, len(in.Body.Steps))
		for i, x := range in.Body.Steps {
			r, err := model.ParseRef(x.Ref)
			if err != nil {
				return nil, invalid("/steps", err)
			}
			steps[i].Ref = r
			if steps[i].Before, err = x.Before.said(); err != nil {
				return nil, err
			}
			if steps[i].After, err = x.After.said(); err != nil {
				return nil, err
			}
		}
		d, err := s.app.Undraw(ctx, callerOf(ctx).actor, in.ID, steps)
		if err != nil {
			return nil, err
		}
		return answer(s.viewDraft(ctx, d), nil)
	}, status(200))
}
