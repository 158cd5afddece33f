package app

import (
	"context"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// Summary is one row of a list of objects.
type Summary struct {
	UID         string         `json:"uid"`
	Kind        string         `json:"kind"`
	Name        string         `json:"name"`
	Ref         model.Ref      `json:"ref"`
	Title       model.Text     `json:"title"`
	Description model.Text     `json:"description"`
	Owner       *Named         `json:"owner,omitempty"`
	Version     int64          `json:"version"`
	Findings    *Counts        `json:"findings,omitempty" doc:"Absent for readers of the object alone, such as its customer"`
	Fields      map[string]any `json:"fields"`
}

// Counts is how many standing findings there are.
type Counts struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
	Unknown int `json:"unknown"`
	Waived  int `json:"waived"`
}

// CountsOf counts the findings on an object.
func (s *State) CountsOf(r model.Ref) Counts {
	var c Counts
	for _, j := range s.About(r) {
		switch {
		case !j.Waiver.IsZero():
			c.Waived++
		case !j.Counts():
		case j.Outcome == finding.Unknown:
			c.Unknown++
		case j.Severity == finding.Error:
			c.Error++
		case j.Severity == finding.Warning:
			c.Warning++
		default:
			c.Info++
		}
	}
	return c
}

// Summarise makes the row of an object.
func (s *State) Summarise(o *model.Object) Summary {
	n := Name(s.Snap, o.Ref())
	out := Summary{UID: o.UID, Kind: o.Kind.Slug, Name: o.Metadata.Name, Ref: o.Ref(), Title: n.Title, Description: o.Metadata.Description, Version: o.Version, Fields: map[string]any{}}
	if !o.Metadata.Owner.IsZero() {
		owner := Name(s.Snap, o.Metadata.Owner)
		out.Owner = &owner
	}
	spec, _ := o.Tree()["spec"].(map[string]any)
	for _, f := range o.Kind.Fields {
		switch f.Type {
		case model.TypeRecord, model.TypeDependency:
		case model.TypeList:
			if list, ok := spec[f.Name].([]any); ok && (f.Item.Type == model.TypeRef || f.Item.Type == model.TypeText || f.Item.Type == model.TypeEnum) && len(list) <= 20 {
				out.Fields[f.Name] = s.titled(list, f.Item.Type)
			}
		default:
			if v, ok := spec[f.Name]; ok {
				out.Fields[f.Name] = s.titled(v, f.Type)
			}
		}
	}
	return out
}

// titled gives references the title people know them by.
func (s *State) titled(v any, t model.Type) any {
	if t != model.TypeRef {
		return v
	}
	switch x := v.(type) {
	case string:
		if r, err := model.ParseRef(x); err == nil {
			return Name(s.Snap, r)
		}
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = s.titled(e, t)
		}
		return out
	}
	return v
}

// Detail is one object with all that surrounds it.
type Detail struct {
	Object       *model.Object
	State        *State
	References   []Neighbour
	ReferencedBy []Neighbour
	Findings     []assess.Judged // none for readers of the object alone, such as its customer
	Permissions  map[string]bool
}

// Neighbour is an object that another refers to, or that refers to it.
type Neighbour struct {
	Named
	Field   string `json:"field"`
	Pointer string `json:"pointer,omitempty"`
	Missing bool   `json:"missing,omitempty"`
}

// neighboursShown bounds the list of what refers to a hub.
const neighboursShown = 500

// Get reads one object.
func (a *App) Get(ctx context.Context, actor identity.Actor, v View, r model.Ref) (*Detail, error) {
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	o, err := a.readable(actor, s.Snap, r)
	if err != nil {
		return nil, err
	}
	h, _ := s.Snap.Find(r)
	d := &Detail{Object: o, State: s, References: []Neighbour{}, ReferencedBy: []Neighbour{}}
	for _, e := range s.Snap.Out(h) {
		ref := s.Snap.Ref(e.To)
		d.References = append(d.References, Neighbour{Name(s.Snap, ref), e.Field.Name, e.Pointer, s.Snap.Object(e.To) == nil})
	}
	for _, in := range s.Snap.In(h) {
		if len(d.ReferencedBy) == neighboursShown {
			break
		}
		if from := s.Snap.Object(in.From); a.Visible(actor, s.Snap, from) {
			d.ReferencedBy = append(d.ReferencedBy, Neighbour{Named: Name(s.Snap, from.Ref()), Field: in.Field.Name, Pointer: in.Pointer})
		}
	}
	res := Resource(s.Snap, o)
	may := func(x identity.Action) bool { return a.May(actor, x, res) }
	if may(identity.ActionReadFindings) {
		d.Findings = s.About(r)
	}
	editable := v.Seq == 0 && !reservedKinds[r.Kind]
	d.Permissions = map[string]bool{
		"edit": editable && may(identity.ActionChangeCommit), "delete": editable && may(identity.ActionChangeCommit),
		"submit": may(identity.ActionSubmit), "publish": may(identity.ActionPublish), "attach": may(identity.ActionWriteAttachment),
		"waive": may(identity.ActionGrantWaiver), "history": may(identity.ActionReadHistory),
	}
	return d, nil
}

// Hit is an object found by a search.
type Hit struct {
	Kind        string     `json:"kind"`
	Name        string     `json:"name"`
	Ref         model.Ref  `json:"ref"`
	Title       model.Text `json:"title"`
	Description model.Text `json:"description"`
}

// HitOf makes the row of a found object.
func HitOf(o *model.Object) Hit {
	t := o.Metadata.Title
	if t.IsZero() {
		t = model.Text{All: o.Metadata.Name}
	}
	return Hit{o.Kind.Slug, o.Metadata.Name, o.Ref(), t, o.Metadata.Description}
}

// KindCount is how many objects of a kind the actor may see, and what stands
// against them.
type KindCount struct {
	Kind  string `json:"kind"`
	Total int    `json:"total"`
	Counts
}

// CountKinds counts the objects of every kind.
func (a *App) CountKinds(ctx context.Context, actor identity.Actor, v View) ([]KindCount, error) {
	if !actor.SignedIn() && actor.ID() == "" {
		return nil, fail(CodeSignIn, nil)
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	out := []KindCount{}
	reads := a.May(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"})
	for _, k := range model.Kinds {
		n := KindCount{Kind: k.Slug}
		for _, h := range s.Snap.OfKind(k.Slug) {
			o := s.Snap.Object(h)
			if !a.Visible(actor, s.Snap, o) {
				continue
			}
			n.Total++
			if !reads {
				continue
			}
			c := s.CountsOf(o.Ref())
			n.Error += c.Error
			n.Warning += c.Warning
			n.Info += c.Info
			n.Unknown += c.Unknown
			n.Waived += c.Waived
		}
		out = append(out, n)
	}
	return out, nil
}
