package app

import (
	"bytes"
	"context"
	"slices"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/openslo"
	"diapason/internal/exchange/promrules"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/slosource"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// The forms in which objectives are handed to other tools.
const (
	FormSloth   = "sloth"   // rules for Prometheus, as Sloth writes them
	FormPyrra   = "pyrra"   // rules for Prometheus, as Pyrra writes them
	FormOpenSLO = "openslo" // documents of openslo/v1
)

// ObjectiveFileQuery says which objectives are wanted, and in which form.
type ObjectiveFileQuery struct {
	Form     string      // one of the forms above
	Of       []model.Ref // agreements; all that the actor may read when empty
	Services []model.Ref // all when empty
	Version  string      // of the program, for the comment in the file
}

// ObjectiveFile is a file for another tool, and what was left out of it.
type ObjectiveFile struct {
	Name       string             `json:"name"`
	Text       string             `json:"text"`
	Objectives int                `json:"objectives" doc:"How many are in the file"`
	Groups     int                `json:"groups" doc:"Groups of rules, or documents"`
	LeftOut    []ObjectiveFileOut `json:"leftOut" doc:"Objectives that are not in the file, and why"`
	Notes      []ObjectiveFileOut `json:"notes" doc:"What somebody should look at"`
}

// ObjectiveFileOut is one thing that is told of a file.
type ObjectiveFileOut struct {
	What    string `json:"what"`
	Message string `json:"message"`
}

// ObjectiveFile writes the promises of agreements as rules for Prometheus or as OpenSLO.
func (a *App) ObjectiveFile(ctx context.Context, actor identity.Actor, q ObjectiveFileQuery, lang language.Lang) (*ObjectiveFile, error) {
	if err := a.Authorize(actor, identity.ActionReadModel, identity.Resource{Kind: "agreement"}); err != nil {
		return nil, err
	}
	head := a.Head()
	for _, r := range slices.Concat(q.Of, q.Services) {
		if _, err := a.readable(actor, head, r); err != nil {
			return nil, err
		}
	}
	part := a.promised(actor, head, &q)
	text, notes, err := openslo.Export(part)
	if err != nil {
		return nil, err
	}
	w := WriterFor(head, lang)
	out := &ObjectiveFile{Name: "openslo.yaml", LeftOut: []ObjectiveFileOut{}, Notes: []ObjectiveFileOut{}}
	for _, n := range notes {
		out.LeftOut = append(out.LeftOut, ObjectiveFileOut{n.Object.String(), n.Message(w)})
	}
	read := slosource.Read([]intake.File{{Name: "openslo.yaml", Data: text}})
	if q.Form == FormOpenSLO {
		out.Text, out.Objectives = string(text), len(read.Objectives)
		if len(text) > 0 {
			out.Groups = bytes.Count(text, []byte("\napiVersion: ")) + 1
		}
		return out, nil
	}
	var set *promrules.Set
	switch q.Form {
	case FormPyrra:
		set = promrules.Pyrra(read.Objectives, 0)
	case FormSloth:
		set = promrules.Sloth(read.Objectives, promrules.SlothOptions{})
	default:
		return nil, refused("/form", &model.Fault{Format: "%q is no form: write sloth, pyrra or openslo", Args: []any{q.Form}})
	}
	out.Name, out.Groups, out.Objectives = q.Form+"-rules.yaml", len(set.Groups), len(read.Objectives)-len(set.Problems)
	for _, p := range slices.Concat(read.Invalid, set.Problems) {
		out.LeftOut = append(out.LeftOut, ObjectiveFileOut{nearest(read.Objectives, p.Place), p.Message(w)})
	}
	for _, n := range slices.Concat(read.Notes, set.Notes) {
		out.Notes = append(out.Notes, ObjectiveFileOut{n.What, n.Message(w)})
	}
	if len(set.Groups) == 0 {
		return out, nil
	}
	written, err := set.Encode(w.Message("servicelevel.rules.comment", finding.Args{"preset": q.Form, "version": q.Version}))
	out.Text = string(written)
	return out, err
}

// nearest names the objective that a place of a file belongs to.
func nearest(list []*slofile.Objective, at intake.Place) string {
	name := at.String()
	line := 0
	for _, o := range list {
		if o.Line <= at.Line && o.Line >= line {
			name, line = o.ID(), o.Line
		}
	}
	return name
}

// promised is the part of a model that a file of objectives is written from: the agreements
// that were asked for and that the actor may read, with the services and sources in them.
func (a *App) promised(actor identity.Actor, head *model.Snapshot, q *ObjectiveFileQuery) *model.Snapshot {
	var objects []*model.Object
	used := map[model.Ref]bool{}
	today := a.Today()
	for _, h := range head.OfKind("agreement") {
		o := head.Object(h)
		if len(q.Of) > 0 && !slices.Contains(q.Of, o.Ref()) || !a.Visible(actor, head, o) {
			continue
		}
		spec := o.Spec.(*model.Agreement)
		if len(q.Of) == 0 && !spec.End.IsZero() && spec.End < today {
			continue // what has ended is written only where it is asked for
		}
		if len(q.Services) > 0 {
			o = o.Clone()
			spec = o.Spec.(*model.Agreement)
			spec.Services = slices.DeleteFunc(spec.Services, func(r model.Ref) bool { return !slices.Contains(q.Services, r) })
		}
		if len(spec.Services) == 0 {
			continue
		}
		objects = append(objects, o)
		for _, r := range spec.Services {
			used[r] = true
		}
		for i := range spec.Targets {
			used[spec.Targets[i].MeasuredBy] = true
		}
	}
	for _, kind := range []string{"service", "measurement-source", "tool", "calendar", "organisation", "team", "person"} {
		for _, h := range head.OfKind(kind) {
			o := head.Object(h)
			if (kind == "service" || kind == "measurement-source") && !used[o.Ref()] || kind != "organisation" && !a.Visible(actor, head, o) {
				continue
			}
			objects = append(objects, o)
		}
	}
	part, _ := model.NewSnapshot(head.Seq, objects)
	return part
}
