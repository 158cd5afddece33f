package api

import (
	"context"

	"diapason/internal/app"
)

// Walkthrough is the walk-through of service levels on real targets of this machine: here,
// with targets to break, or to be started beside the example.
type Walkthrough struct {
	// Targets lists the targets; nil where the walk-through is only offered.
	Targets func(context.Context) []app.WalkthroughTarget
	// Turn breaks a target or lets it work again; false for one that there is not.
	Turn func(name string, works bool) bool
	// Start starts the walk-through, or finds it started, and gives its address.
	Start func(context.Context) (url string, err error)
}

type walkthroughView struct {
	Here    bool                    `json:"here" doc:"This server is the walk-through; else it can start it"`
	Targets []app.WalkthroughTarget `json:"targets"`
	Steps   []app.WalkthroughStep   `json:"steps"`
}

// walkthrough says whether the walk-through is here, offered, or neither.
func (s *Server) walkthrough() string {
	switch w := s.options.Walkthrough; {
	case w == nil:
		return ""
	case w.Targets != nil:
		return "here"
	}
	return "offered"
}

// cookieName is the name of the session's cookie: browsers share cookies among the ports
// of a machine, and the walk-through runs beside the example.
func (s *Server) cookieName() string {
	if s.walkthrough() == "here" {
		return cookieName + "_walkthrough"
	}
	return cookieName
}

func (s *Server) walkthroughRoutes() {
	const tag = "Walk-through"
	register(s, "GET", "/walkthrough", "walkthrough", "The walk-through of service levels: its targets, and how far somebody has come", tag, func(ctx context.Context, _ *struct{}) (*body[walkthroughView], error) {
		v := walkthroughView{Targets: []app.WalkthroughTarget{}, Steps: []app.WalkthroughStep{}}
		actor := callerOf(ctx).actor
		if err := s.app.SignedIn(actor); err != nil {
			return nil, err
		}
		w := s.options.Walkthrough
		switch {
		case w == nil:
			return nil, app.NoSuch("walkthrough")
		case w.Targets == nil:
			return answer(v, nil)
		}
		var err error
		v.Here, v.Targets = true, w.Targets(ctx)
		v.Steps, err = s.app.WalkthroughSteps(ctx, actor)
		return answer(v, err)
	})
	register(s, "POST", "/walkthrough", "start-walkthrough", "Start the walk-through beside the example, or find it started", tag, func(ctx context.Context, _ *struct{}) (*body[struct {
		URL string `json:"url" doc:"Its address on this machine"`
	}], error) {
		out := &body[struct {
			URL string `json:"url" doc:"Its address on this machine"`
		}]{}
		if err := s.app.SignedIn(callerOf(ctx).actor); err != nil {
			return nil, err
		}
		w := s.options.Walkthrough
		if w == nil || w.Start == nil {
			return nil, app.NoSuch("walkthrough")
		}
		var err error
		out.Body.URL, err = w.Start(ctx)
		return out, err
	})
	register(s, "POST", "/walkthrough/targets/{name}", "turn-walkthrough-target", "Break a target of the walk-through, or let it work again", tag, func(ctx context.Context, in *struct {
		Name string `path:"name"`
		Body struct {
			Works bool `json:"works"`
		}
	}) (*struct{}, error) {
		if err := s.app.SignedIn(callerOf(ctx).actor); err != nil {
			return nil, err
		}
		w := s.options.Walkthrough
		if w == nil || w.Turn == nil || !w.Turn(in.Name, in.Body.Works) {
			return nil, app.NoSuch(in.Name)
		}
		return nil, nil
	}, status(204))
}
