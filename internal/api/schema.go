package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"diapason/internal/app"
	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

type fieldView struct {
	Name     string         `json:"name"`
	Label    model.Text     `json:"label"`
	Help     model.Text     `json:"help"`
	Type     model.Type     `json:"type"`
	Required bool           `json:"required,omitempty"`
	Material bool           `json:"material,omitempty"`
	Key      string         `json:"key,omitempty"`
	Refs     []string       `json:"refs,omitempty"`
	Choices  []model.Choice `json:"enum,omitempty"`
	Item     *fieldView     `json:"item,omitempty"`
	Fields   []*fieldView   `json:"fields,omitempty"`
}

type kindView struct {
	Name   string       `json:"name"`
	Slug   string       `json:"slug"`
	P      model.FourP  `json:"p"`
	Label  model.Text   `json:"label"`
	Plural model.Text   `json:"plural"`
	Help   model.Text   `json:"help"`
	Fields []*fieldView `json:"fields"`
}

type schemaView struct {
	APIVersion string         `json:"apiVersion"`
	Kinds      []kindView     `json:"kinds"`
	Metadata   []*fieldView   `json:"metadata"`
	Stages     []model.Choice `json:"stages"`
	Roles      []model.Choice `json:"roles"`
	Pillars    []model.Choice `json:"pillars"`
	FourPs     []model.Choice `json:"fourPs"`
}

func viewField(f *model.Field) *fieldView {
	v := &fieldView{Name: f.Name, Label: f.Label, Help: f.Help, Type: f.Type, Required: f.Required, Material: f.Material, Key: f.Key(), Refs: f.Refs, Choices: f.Choices}
	if f.Item != nil {
		v.Item = viewField(f.Item)
		v.Refs, v.Choices = nil, nil
	}
	for _, x := range f.Fields {
		v.Fields = append(v.Fields, viewField(x))
	}
	return v
}

type ruleView struct {
	ID          string           `json:"id"`
	Process     finding.Process  `json:"process"`
	Severity    finding.Severity `json:"severity"`
	Title       string           `json:"title"`
	Explanation string           `json:"explanation"`
}

func viewRule(r *finding.Rule, lang language.Lang) ruleView {
	v := ruleView{ID: r.ID, Process: r.Process, Severity: r.Severity}
	if p := language.Rule(lang, r.ID); p != nil {
		v.Title, v.Explanation = p.Title, p.Explanation
	}
	return v
}

// valueDisplay is a typed unit as it was understood.
type valueDisplay struct {
	Value   string `json:"value" doc:"Stored form"`
	Display string `json:"display" doc:"Form for people"`
	Error   string `json:"error,omitempty"`
}

func (s *Server) schemaRoutes() {
	const tag = "Schema"
	register(s, "GET", "/schema", "get-schema", "Kinds, fields, labels and choices of the model", tag, func(context.Context, *struct{}) (*body[schemaView], error) {
		v := schemaView{APIVersion: model.APIVersion, Stages: model.Stages, Roles: model.Roles, Pillars: model.Pillars, FourPs: model.FourPs}
		for _, f := range model.MetadataFields {
			v.Metadata = append(v.Metadata, viewField(f))
		}
		for _, k := range model.Kinds {
			kv := kindView{Name: k.Name, Slug: k.Slug, P: k.P, Label: k.Label, Plural: k.Plural, Help: k.Help}
			for _, f := range k.Fields {
				kv.Fields = append(kv.Fields, viewField(f))
			}
			v.Kinds = append(v.Kinds, kv)
		}
		return answer(v, nil)
	})
	register(s, "GET", "/rules", "list-rules", "Rules of coherence", tag, func(ctx context.Context, _ *struct{}) (*body[[]ruleView], error) {
		out := []ruleView{}
		for i := range assess.Rules() {
			out = append(out, viewRule(&assess.Rules()[i], callerOf(ctx).lang))
		}
		return answer(out, nil)
	})
	register(s, "GET", "/rules/{id}", "get-rule", "One rule, explained", tag, func(ctx context.Context, in *struct {
		ID string `path:"id"`
	}) (*body[ruleView], error) {
		r := assess.Rule(strings.ToUpper(in.ID))
		if r == nil {
			return nil, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": in.ID}}
		}
		return answer(viewRule(r, callerOf(ctx).lang), nil)
	})
	register(s, "POST", "/value", "parse-value", "Understand a typed unit (4 h, 99,9 %, 1 200 €/mois)", tag, func(ctx context.Context, in *struct {
		Body struct {
			Type string `json:"type"`
			Text string `json:"text" maxLength:"1000"`
		}
	}) (*body[valueDisplay], error) {
		if err := signedIn(ctx); err != nil {
			return nil, err
		}
		stored, typed, err := model.ParseValue(model.Type(in.Body.Type), in.Body.Text)
		if err != nil {
			message := err.Error()
			var f *model.Fault
			if errors.As(err, &f) {
				message = language.Writer{Lang: callerOf(ctx).lang}.Fault(f)
			}
			return answer(valueDisplay{Value: in.Body.Text, Display: in.Body.Text, Error: message}, nil)
		}
		return answer(valueDisplay{Value: stored, Display: language.Writer{Lang: callerOf(ctx).lang}.Value(typed)}, nil)
	}, status(200))
	register(s, "POST", "/parse", "parse-yaml", "Read YAML strictly, with places of problems", tag, func(ctx context.Context, in *struct {
		Body struct {
			YAML string `json:"yaml"`
		}
	}) (*body[parsed], error) {
		if err := signedIn(ctx); err != nil {
			return nil, err
		}
		objects, issues := model.Decode("", []byte(in.Body.YAML))
		out := parsed{Documents: []json.RawMessage{}, Errors: language.Writer{Lang: callerOf(ctx).lang}.Issues(issues)}
		for _, o := range objects {
			out.Documents = append(out.Documents, o.Document())
		}
		return answer(out, nil)
	}, status(200))
	register(s, "POST", "/format", "format-yaml", "Write a document as YAML", tag, func(ctx context.Context, in *struct {
		Body struct {
			Document json.RawMessage `json:"document"`
		}
	}) (*body[struct {
		YAML string `json:"yaml"`
	}], error) {
		if err := signedIn(ctx); err != nil {
			return nil, err
		}
		objects, err := app.DecodeObjects("document", in.Body.Document)
		if err != nil {
			return nil, err
		}
		return answer(struct {
			YAML string `json:"yaml"`
		}{string(objects[0].YAML())}, nil)
	}, status(200))
	s.mux.HandleFunc("GET /api/v1/schema.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/schema+json")
		_, _ = w.Write(model.JSONSchema(string(callerOf(r.Context()).lang)))
	})
}

type parsed struct {
	Documents []json.RawMessage `json:"documents"`
	Errors    []model.Issue     `json:"errors"`
}

// signedIn refuses readers without an account.
func signedIn(ctx context.Context) error {
	if !callerOf(ctx).actor.SignedIn() {
		return &app.Error{Code: app.CodeSignIn}
	}
	return nil
}
