package app

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// ListQuery filters and orders objects.
type ListQuery struct {
	Kinds  []string // slugs; empty for all
	Text   string   // words of name, title, description
	Owner  model.Ref
	Status string            // "error", "warning", "unknown" or "ok"
	Where  map[string]string // spec field → value as written in documents
	Sort   string            // "name", "title", "-title", "findings" or a field
	Lang   string            // for ordering by title
	Limit  int
	Cursor string
}

// Page is one page of a list.
type Page struct {
	Items []Summary `json:"items"`
	Next  string    `json:"next,omitempty"`
	Total int       `json:"total"`
	// May says what the actor can do with the list as a whole.
	May ListRights `json:"may"`
}

// ListRights are what an actor can do with a list, for showing or hiding it.
type ListRights struct {
	Create   bool `json:"create" doc:"Commit a new object of the one kind listed, or draft one"`
	Export   bool `json:"export"`
	Findings bool `json:"findings" doc:"Read the findings of all that is listed"`
}

// List gives one page of the objects that the actor may see. A cursor stays
// valid while the model changes: it names the place, not a number.
func (a *App) List(ctx context.Context, actor identity.Actor, v View, q ListQuery) (Page, error) {
	if !actor.SignedIn() && actor.ID() == "" {
		return Page{}, fail(CodeSignIn, nil)
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return Page{}, err
	}
	if q.Limit <= 0 || q.Limit > 1000 {
		q.Limit = 50
	}
	may := a.listRights(actor, q)
	if !may.Findings { // neither a filter nor an order may tell what counts would
		q.Status = ""
		if strings.HasSuffix(q.Sort, "findings") {
			q.Sort = ""
		}
	}
	matched, err := a.matching(actor, s, q)
	if err != nil {
		return Page{}, err
	}
	order := orderOf(s, q)
	slices.SortFunc(matched, func(x, y *model.Object) int {
		return cmp.Or(order.compare(x, y), x.Ref().Compare(y.Ref()))
	})
	page := Page{Items: []Summary{}, Total: len(matched), May: may}
	start := 0
	if q.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
		key, ref, ok := strings.Cut(string(raw), "\x00")
		if err != nil || !ok {
			return Page{}, refused("/cursor", &model.Fault{Format: "this cursor was not given by this server"})
		}
		start, _ = slices.BinarySearchFunc(matched, key, func(o *model.Object, _ string) int {
			c := cmp.Or(order.compareKey(order.key(o), key), cmp.Compare(o.Ref().String(), ref))
			if c <= 0 {
				return -1
			}
			return 1
		})
	}
	reads := func(r identity.Resource) bool { return a.May(actor, identity.ActionReadFindings, r) }
	for _, o := range matched[start:] {
		if len(page.Items) == q.Limit {
			last := matched[start+q.Limit-1]
			page.Next = base64.RawURLEncoding.EncodeToString([]byte(order.key(last) + "\x00" + last.Ref().String()))
			break
		}
		row := s.Summarise(o)
		if reads(Resource(s.Snap, o)) {
			c := s.CountsOf(o.Ref())
			row.Findings = &c
		}
		page.Items = append(page.Items, row)
	}
	return page, nil
}

// listRights says what an actor can do with a list. Whoever drafts can propose
// an object of any kind, whoever puts it into force.
func (a *App) listRights(actor identity.Actor, q ListQuery) ListRights {
	r := ListRights{
		Export:   a.May(actor, identity.ActionExport, identity.Resource{Kind: "organisation"}),
		Findings: a.May(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}),
	}
	if len(q.Kinds) == 1 && !reservedKinds[q.Kinds[0]] {
		r.Create = a.May(actor, identity.ActionChangeDraft, draftResource(actor.ID())) || a.May(actor, identity.ActionChangeCommit, identity.Resource{Kind: q.Kinds[0]})
	}
	return r
}

func (a *App) matching(actor identity.Actor, s *State, q ListQuery) ([]*model.Object, error) {
	kinds := q.Kinds
	if len(kinds) == 0 {
		kinds = model.Slugs()
	}
	wanted := wordsOf(q.Text)
	var out []*model.Object
	for _, kind := range kinds {
		k := model.KindOf(kind)
		if k == nil {
			return nil, refused("/kind", &model.Fault{Format: "%q names no kind%s", Args: []any{kind, ""}})
		}
		for _, h := range s.Snap.OfKind(k.Slug) {
			o := s.Snap.Object(h)
			if !q.Owner.IsZero() && o.Metadata.Owner != q.Owner || len(wanted) > 0 && scoreOf(o, wanted) == 0 {
				continue
			}
			if !s.hasStatus(o, q.Status) || !hasValues(o, q.Where) || !a.Visible(actor, s.Snap, o) {
				continue
			}
			out = append(out, o)
		}
	}
	return out, nil
}

func (s *State) hasStatus(o *model.Object, status string) bool {
	c := Counts{}
	if status != "" {
		c = s.CountsOf(o.Ref())
	}
	switch status {
	case "error":
		return c.Error > 0
	case "warning":
		return c.Warning > 0
	case "unknown":
		return c.Unknown > 0
	case "ok":
		return c.Error+c.Warning+c.Unknown == 0
	}
	return true
}

func hasValues(o *model.Object, where map[string]string) bool {
	if len(where) == 0 {
		return true
	}
	spec, _ := o.Tree()["spec"].(map[string]any)
	for field, want := range where {
		switch v := spec[field].(type) {
		case []any:
			if !slices.ContainsFunc(v, func(x any) bool { return fmt.Sprint(x) == want }) {
				return false
			}
		case nil:
			if want != "" && want != "false" {
				return false
			}
		default:
			if fmt.Sprint(v) != want {
				return false
			}
		}
	}
	return true
}

type order struct {
	key     func(*model.Object) string
	descend bool
}

func (o order) compareKey(x, y string) int {
	if o.descend {
		return strings.Compare(y, x)
	}
	return strings.Compare(x, y)
}

func (o order) compare(x, y *model.Object) int { return o.compareKey(o.key(x), o.key(y)) }

func orderOf(s *State, q ListQuery) order {
	field, descend := strings.CutPrefix(q.Sort, "-")
	o := order{descend: descend}
	switch field {
	case "", "name":
		o.key = func(x *model.Object) string { return x.Metadata.Name }
	case "title":
		o.key = func(x *model.Object) string { return foldWord(x.Title(q.Lang)) }
	case "owner":
		o.key = func(x *model.Object) string { return x.Metadata.Owner.String() }
	case "findings":
		o.key = func(x *model.Object) string {
			c := s.CountsOf(x.Ref())
			return fmt.Sprintf("%05d%05d%05d", 99999-c.Error, 99999-c.Warning, 99999-c.Unknown)
		}
	default:
		o.key = func(x *model.Object) string {
			spec, _ := x.Tree()["spec"].(map[string]any)
			if v, ok := spec[field]; ok {
				if n, ok := v.(interface{ Float64() (float64, error) }); ok {
					f, _ := n.Float64()
					return fmt.Sprintf("%020.6f", f)
				}
				return fmt.Sprint(v)
			}
			return ""
		}
	}
	return o
}
