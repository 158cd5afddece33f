package model

import (
	"encoding/json"
	"maps"
)

// JSONSchema is the published schema of documents, JSON Schema 2020-12, for
// editors that complete and check YAML. lang chooses the language of titles.
func JSONSchema(lang string) []byte {
	defs := map[string]any{"dependency": dependencySchema(), "text": textOf(nil), "title": textOf(map[string]any{"maxLength": MaxTitle})}
	var alternatives []any
	for _, k := range Kinds {
		spec := recordSchema(k.Fields, lang)
		defs[k.Slug] = map[string]any{
			"type": "object", "title": k.Label.In(lang), "description": k.Help.In(lang),
			"required": []string{"apiVersion", "kind", "metadata"}, "additionalProperties": false,
			"properties": map[string]any{
				"apiVersion": map[string]any{"const": APIVersion}, "kind": map[string]any{"const": k.Name},
				"metadata": metadataSchema(lang), "spec": spec,
			},
		}
		alternatives = append(alternatives, map[string]any{"$ref": "#/$defs/" + k.Slug})
	}
	out, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Diapason " + APIVersion,
		"oneOf": alternatives, "$defs": defs,
	}, "", "  ")
	if err != nil {
		panic("model: JSON Schema: " + err.Error())
	}
	return append(out, '\n')
}

const namePattern = `^[a-z0-9][a-z0-9._-]*$`

func metadataSchema(lang string) any {
	s := recordSchema(MetadataFields, lang)
	p := s["properties"].(map[string]any)
	p["name"] = map[string]any{"type": "string", "pattern": namePattern, "maxLength": MaxName}
	p["title"].(map[string]any)["$ref"] = "#/$defs/title"
	p["labels"] = map[string]any{"type": "object", "additionalProperties": map[string]any{"type": []string{"string", "number", "boolean"}}}
	s["required"] = []string{"name"}
	return s
}

func recordSchema(fields []*Field, lang string) map[string]any {
	props := map[string]any{}
	for _, f := range fields {
		p := f.schema(lang)
		if l := f.Label.In(lang); l != "" {
			p["title"] = l
		}
		if h := f.Help.In(lang); h != "" {
			p["description"] = h
		}
		props[f.Name] = p
	}
	return map[string]any{"type": []string{"object", "null"}, "additionalProperties": false, "properties": props}
}

// textOf is a text of which each language keeps some limits.
func textOf(limits map[string]any) map[string]any {
	limited := func(types any) map[string]any {
		x := map[string]any{"type": types}
		maps.Copy(x, limits)
		return x
	}
	str := limited("string")
	return map[string]any{"oneOf": []any{
		limited([]string{"string", "number", "boolean", "null"}),
		map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{"en": str, "fr": str}},
	}}
}

func dependencySchema() any {
	self := map[string]any{"$ref": "#/$defs/dependency"}
	list := map[string]any{"type": "array", "items": self}
	return map[string]any{"oneOf": []any{
		map[string]any{"type": "string"},
		map[string]any{"type": "object", "required": []string{"on"}, "additionalProperties": false, "properties": map[string]any{
			"on": map[string]any{"type": "string"}, "for": map[string]any{"type": "array", "items": map[string]any{"enum": []string{"run", "start"}}}}},
		map[string]any{"type": "object", "required": []string{"anyOf"}, "additionalProperties": false, "properties": map[string]any{"anyOf": list, "takeover": map[string]any{"type": "string"}}},
		map[string]any{"type": "object", "required": []string{"atLeast", "of"}, "additionalProperties": false, "properties": map[string]any{"atLeast": map[string]any{"type": "integer"}, "of": list, "takeover": map[string]any{"type": "string"}}},
	}}
}

func (f *Field) schema(lang string) map[string]any {
	scalar := []string{"string", "number", "null"}
	switch f.Type {
	case TypeLocalText:
		return map[string]any{"$ref": "#/$defs/text"}
	case TypeDependency:
		return map[string]any{"$ref": "#/$defs/dependency"}
	case TypeBoolean:
		return map[string]any{"type": []string{"boolean", "null"}}
	case TypeInteger:
		return map[string]any{"type": []string{"integer", "null"}}
	case TypeEnum:
		var values []any
		for _, c := range f.Choices {
			values = append(values, c.Value)
		}
		return map[string]any{"enum": append(values, nil)}
	case TypeList:
		return map[string]any{"type": []string{"array", "null"}, "items": f.Item.schema(lang)}
	case TypeRecord:
		return recordSchema(f.Fields, lang)
	case TypeText:
		return map[string]any{"type": []string{"string", "number", "boolean", "null"}}
	}
	return map[string]any{"type": scalar}
}
