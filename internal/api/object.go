package api

import (
	"context"
	"encoding/json"
	"strings"

	"diapason/internal/app"
	"diapason/internal/app/assess"
	"diapason/internal/model"
)

type objectView struct {
	UID          string            `json:"uid"`
	Ref          model.Ref         `json:"ref"`
	Version      int64             `json:"version"`
	Seq          int64             `json:"seq"`
	Document     json.RawMessage   `json:"document"`
	YAML         string            `json:"yaml"`
	Findings     []app.FindingView `json:"findings"`
	References   []app.Neighbour   `json:"references"`
	ReferencedBy []app.Neighbour   `json:"referencedBy"`
	Permissions  map[string]bool   `json:"permissions"`
}

type objectPath struct {
	View
	Kind string `path:"kind" doc:"Slug of the kind"`
	Name string `path:"name"`
}

type listInput struct {
	View
	Kind   string   `query:"kind" doc:"Slugs, separated by commas; all kinds when empty"`
	Text   string   `query:"q" maxLength:"200" doc:"Words of names, titles and descriptions"`
	Owner  string   `query:"owner"`
	Status string   `query:"status" enum:"error,warning,unknown,ok"`
	Filter []string `query:"filter,explode" doc:"field:value, as written in documents; may be repeated"`
	Sort   string   `query:"sort" doc:"name, title, owner, findings or a field; a minus sign reverses"`
	Limit  int      `query:"limit" minimum:"1" maximum:"1000" default:"50"`
	Cursor string   `query:"cursor"`
}

func (in *listInput) query(ctx context.Context) (app.ListQuery, error) {
	q := app.ListQuery{Text: in.Text, Status: in.Status, Sort: in.Sort, Lang: string(callerOf(ctx).lang), Limit: in.Limit, Cursor: in.Cursor, Where: map[string]string{}}
	if in.Kind != "" {
		q.Kinds = strings.Split(in.Kind, ",")
	}
	for _, f := range in.Filter {
		if field, value, ok := strings.Cut(f, ":"); ok {
			q.Where[field] = value
		}
	}
	var err error
	q.Owner, err = optionalRef("/owner", in.Owner)
	return q, err
}

func (s *Server) viewFindings(ctx context.Context, st *app.State, list []assess.Judged) []app.FindingView {
	w := app.WriterFor(st.Snap, callerOf(ctx).lang)
	out := make([]app.FindingView, len(list))
	for i, j := range list {
		out[i] = app.ViewFinding(st.Snap, w, j)
	}
	return out
}

// written is one object that a client sends: a document or YAML.
type written struct {
	Document json.RawMessage `json:"document,omitempty"`
	YAML     string          `json:"yaml,omitempty"`
	Expect   *int64          `json:"expect,omitempty" doc:"Version the author saw; 0 for a new object, -1 to write over whatever is there"`
}

func (p written) objects() ([]*model.Object, error) {
	if p.YAML != "" {
		return app.DecodeObjects("yaml", []byte(p.YAML))
	}
	return app.DecodeObjects("document", p.Document)
}

// note remembers which version the author saw of what he sends.
func (p written) note(seen app.Versions, list []*model.Object) {
	if p.Expect == nil || *p.Expect == app.AnyVersion {
		return
	}
	for _, o := range list {
		seen[o.Ref()] = *p.Expect
	}
}

type deleted struct {
	Ref    model.Ref `json:"ref"`
	Expect *int64    `json:"expect,omitempty"`
}

type resolution struct {
	Ref  model.Ref `json:"ref"`
	Path string    `json:"path"`
	Take string    `json:"take" enum:"mine,theirs"`
}

func resolutions(list []resolution) map[model.Ref]map[string]string {
	out := map[model.Ref]map[string]string{}
	for _, r := range list {
		if out[r.Ref] == nil {
			out[r.Ref] = map[string]string{}
		}
		out[r.Ref][r.Path] = r.Take
	}
	return out
}

type seqView struct {
	Seq int64 `json:"seq"`
}

func (s *Server) objectRoutes() {
	const tag = "Model"
	register(s, "GET", "/objects", "list-objects", "List objects", tag, func(ctx context.Context, in *listInput) (*body[app.Page], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		q, err := in.query(ctx)
		if err != nil {
			return nil, err
		}
		return answer(s.app.List(ctx, callerOf(ctx).actor, v, q))
	})
	register(s, "GET", "/objects/{kind}/{name}", "get-object", "Read one object with its findings and neighbours", tag, func(ctx context.Context, in *objectPath) (*body[objectView], error) {
		v, err := s.view(ctx, in.View)
		if err != nil {
			return nil, err
		}
		d, err := s.app.Get(ctx, callerOf(ctx).actor, v, parseRef(in.Kind, in.Name))
		if err != nil {
			return nil, err
		}
		o := d.Object
		return answer(objectView{
			UID: o.UID, Ref: o.Ref(), Version: o.Version, Seq: d.State.Snap.Seq, Document: o.Document(), YAML: string(o.YAML()),
			Findings: s.viewFindings(ctx, d.State, d.Findings), References: d.References, ReferencedBy: d.ReferencedBy, Permissions: d.Permissions,
		}, nil)
	})
	register(s, "POST", "/changes", "commit-change", "Commit a change set: many objects, all of it or nothing", tag, func(ctx context.Context, in *struct {
		Body struct {
			Base        int64        `json:"base,omitempty" doc:"Entry of the log the author looked at"`
			Title       string       `json:"title,omitempty" maxLength:"500"`
			Reason      string       `json:"reason,omitempty" maxLength:"10000"`
			Puts        []written    `json:"puts,omitempty"`
			Deletes     []deleted    `json:"deletes,omitempty"`
			Resolutions []resolution `json:"resolutions,omitempty"`
		}
	}) (*body[seqView], error) {
		b := in.Body
		c := app.Change{Base: b.Base, Title: b.Title, Reason: b.Reason, Resolutions: resolutions(b.Resolutions)}
		head := s.app.Head()
		for _, p := range b.Puts {
			objects, err := p.objects()
			if err != nil {
				return nil, err
			}
			for _, o := range objects {
				expect := int64(0)
				if p.Expect != nil {
					expect = *p.Expect
				} else if now := head.Get(o.Ref()); now != nil && b.Base > 0 && now.Version <= b.Base {
					expect = now.Version
				}
				c.Puts = append(c.Puts, app.Put{Object: o, Expect: expect})
			}
		}
		for _, d := range b.Deletes {
			expect := app.AnyVersion
			if d.Expect != nil {
				expect = *d.Expect
			}
			c.Deletes = append(c.Deletes, app.Delete{Ref: d.Ref, Expect: expect})
		}
		seq, err := s.app.Commit(ctx, callerOf(ctx).actor, c)
		return answer(seqView{seq}, err)
	}, status(201))
	register(s, "GET", "/counts", "count-objects", "How many objects and findings of each kind", tag, func(ctx context.Context, in *View) (*body[[]app.KindCount], error) {
		v, err := s.view(ctx, *in)
		if err != nil {
			return nil, err
		}
		return answer(s.app.CountKinds(ctx, callerOf(ctx).actor, v))
	})
	register(s, "GET", "/search", "search", "Search objects by their words, in both languages", tag, func(ctx context.Context, in *struct {
		Text  string `query:"q" maxLength:"200"`
		Kind  string `query:"kind"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*body[struct {
		Objects []app.Hit `json:"objects"`
	}], error) {
		if err := s.app.SignedIn(callerOf(ctx).actor); err != nil {
			return nil, err
		}
		var kinds []string
		if in.Kind != "" {
			kinds = strings.Split(in.Kind, ",")
		}
		out := struct {
			Objects []app.Hit `json:"objects"`
		}{[]app.Hit{}}
		for _, o := range s.app.Search(callerOf(ctx).actor, in.Text, kinds, in.Limit) {
			out.Objects = append(out.Objects, app.HitOf(o))
		}
		return answer(out, nil)
	})
}
