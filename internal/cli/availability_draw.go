package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// drawnDraft is a draft that gestures were drawn into, and what it would bring.
type drawnDraft struct {
	ID      string           `json:"draft"`
	Title   string           `json:"title"`
	Objects int              `json:"objects"` // that the draft writes or deletes
	WhatIf  *app.DrawnWhatIf `json:"whatIf"`
}

// acts are the gestures by how many objects they speak of.
var acts = map[availability.Act][2]int{
	availability.ActNeed: {2, 2}, availability.ActAlternative: {2, 2}, availability.ActReplica: {1, 2},
	availability.ActMove: {2, 2}, availability.ActRelease: {2, 2}, availability.ActRemove: {1, 1},
}

// availabilityDraw draws on the model as on the map: what it would bring, or as a draft.
func (t *terminal) availabilityDraw(o *availabilityOptions) *cobra.Command {
	var draft, title, login string
	c := &cobra.Command{
		Use: "draw [PATH] GESTURE...", Short: t.say("cli.draw", nil), Long: t.say("cli.draw.long", nil), Args: o.args(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			asks, keeps := *o, draft != "" || title != ""
			if keeps && !o.kept(cmd) {
				return unusable(errors.New(t.say("cli.draw.folder", nil)))
			}
			if keeps && login == "" {
				return unusable(errors.New(t.say("cli.draw.for.needed", nil)))
			}
			asks.store.reads = !keeps
			return t.askModel(cmd, args, asks, func(m asked) (any, error) {
				state := m.state
				if draft != "" { // what is in it can be drawn on
					var err error
					if state, err = m.app.At(cmd.Context(), app.View{Draft: draft}); err != nil {
						return nil, err
					}
				}
				gestures, err := t.gestures(state, m.words)
				if err != nil {
					return nil, err
				}
				if keeps {
					return t.drawInto(cmd.Context(), m, gestures, app.Drawing{Draft: draft, Title: title}, login)
				}
				if m.app != nil {
					return m.app.DrawWhatIf(cmd.Context(), identity.Operator(), m.view, gestures, t.lang)
				}
				return app.DrawIn(m.state, gestures, t.lang)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&draft, "draft", "", t.say("cli.draw.into", nil))
	f.StringVar(&title, "title", "", t.say("cli.draw.title", nil))
	f.StringVar(&login, "for", "", t.say("cli.draw.for", nil))
	return c
}

// gestures reads gestures, each of them one argument: "replica dicom-router data-room-b".
func (t *terminal) gestures(s *app.State, words []string) ([]availability.Gesture, error) {
	out := make([]availability.Gesture, 0, len(words))
	for _, text := range words {
		parts := strings.Fields(text)
		if len(parts) == 0 {
			return nil, errors.New(t.say("cli.draw.act", finding.Args{"gesture": text}))
		}
		g := availability.Gesture{Act: availability.Act(parts[0])}
		limits, known := acts[g.Act]
		parts = parts[1:]
		if g.Act == availability.ActRemove && len(parts) == 2 && parts[1] == "without" {
			g.Release, parts = true, parts[:1]
		}
		if !known || len(parts) < limits[0] || len(parts) > limits[1] {
			return nil, errors.New(t.say("cli.draw.act", finding.Args{"gesture": text}))
		}
		other := "component"
		if g.Act == availability.ActMove || g.Act == availability.ActReplica {
			other = "site"
		}
		copied := slices.ContainsFunc(out, func(g availability.Gesture) bool { return g.Act == availability.ActReplica })
		for i, kind := range []string{"component", other}[:len(parts)] {
			r, err := t.find(s, kind, parts[i])
			if err != nil && !copied { // a copy may be what an earlier gesture made
				return nil, err
			}
			*[]*model.Ref{&g.Of, &g.To}[i] = r
		}
		out = append(out, g)
	}
	return out, nil
}

// drawInto draws into a draft in the name of an account, with its rights.
func (t *terminal) drawInto(ctx context.Context, m asked, gestures []availability.Gesture, into app.Drawing, login string) (any, error) {
	account, err := m.app.Directory().AccountByLogin(ctx, login)
	if identity.CodeOf(err) == identity.CodeAccountUnknown {
		return nil, errors.New(t.say("cli.draw.for.unknown", finding.Args{"login": login}))
	}
	if err != nil {
		return nil, err
	}
	listed, err := m.app.Directory().Account(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	actor := identity.NewActor(identity.ActorFacts{Account: listed.ID, Person: listed.Person, Customer: listed.Customer, Teams: m.app.Teams(listed.Person), Grants: listed.Grants}, time.Now())
	// Nothing is begun that cannot be ended: all gestures are tried first.
	view := app.View{Draft: into.Draft}
	whatIf, err := m.app.DrawWhatIf(ctx, actor, view, gestures, t.lang)
	if err != nil {
		return nil, err
	}
	var d app.Draft
	for _, g := range gestures {
		into.Gesture = g
		if d, _, err = m.app.Draw(ctx, actor, into); err != nil {
			return nil, err
		}
		into.Draft = d.ID
	}
	return &drawnDraft{ID: d.ID, Title: d.Title, Objects: len(d.Puts) + len(d.Deletes), WhatIf: whatIf}, nil
}

// drawn writes what gestures would bring.
func (p printer) drawn(x *app.DrawnWhatIf) {
	for _, part := range []struct {
		key  string
		list []app.Named
	}{{"cli.draw.added", x.Added}, {"cli.draw.changed", x.Changed}, {"cli.draw.removed", x.Removed}} {
		if len(part.list) > 0 {
			fmt.Fprintln(p.t.out, p.t.say(part.key, finding.Args{"list": p.names(part.list)}))
		}
	}
	fmt.Fprintln(p.t.out, p.t.say("cli.draw.singles", finding.Args{"before": x.SinglesBefore, "after": x.Singles}))
	if len(x.Figures) == 0 {
		fmt.Fprintln(p.t.out, p.t.say("cli.draw.same", nil))
	}
	for _, f := range x.Figures {
		fmt.Fprintln(p.t.out, p.t.say("cli.draw.figure", finding.Args{"service": p.names([]app.Named{f.Service}), "before": f.Before, "after": f.After, "verdict": f.Verdict}))
	}
	for _, part := range []struct {
		key  string
		list []app.FindingView
	}{{"cli.draw.new", x.New}, {"cli.draw.worse", x.Worse}, {"cli.draw.resolved", x.Resolved}} {
		for _, f := range part.list {
			fmt.Fprintln(p.t.out, p.t.say(part.key, finding.Args{"rule": f.Rule, "subject": p.names([]app.Named{f.Subject}), "text": f.Text}))
		}
	}
}
