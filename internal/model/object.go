package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/gowebpki/jcs"
)

// APIVersion is the version of the document format.
const APIVersion = "diapason/v1"

// Attachment is a file kept by content hash beside an object.
type Attachment struct {
	Name      string `json:"name" l:"Name|Nom"`
	MediaType string `json:"mediaType,omitempty,omitzero" l:"Type|Type"`
	Size      int64  `json:"size,omitempty,omitzero" l:"Size|Taille"`
	Hash      string `json:"hash,omitempty,omitzero" l:"SHA-256|SHA-256"`
}

// Metadata is what every object has, whatever its kind.
type Metadata struct {
	Name        string            `json:"name"`
	Title       Text              `json:"title,omitzero"`
	Description Text              `json:"description,omitzero"`
	Labels      map[string]string `json:"labels,omitempty"`
	Owner       Ref               `json:"owner,omitzero"`
	Attachments []Attachment      `json:"attachments,omitempty,omitzero"`
}

// MetadataFields describes the fields of metadata that people edit.
var MetadataFields = func() []*Field {
	type shown struct {
		Title       Text         `json:"title,omitzero" l:"Title|Intitulé"`
		Description Text         `json:"description,omitzero" l:"Description|Description"`
		Owner       Ref          `json:"owner,omitzero" ref:"person,team" mat:"y" l:"Owner|Propriétaire" h:"The person or team accountable for it.|La personne ou l'équipe qui en répond."`
		Attachments []Attachment `json:"attachments,omitempty,omitzero" l:"Attachments|Pièces jointes"`
	}
	return fieldsOf(typeOf[shown]())
}()

// Object is one object of the model. It is never changed once made.
type Object struct {
	Kind     *Kind
	Metadata Metadata
	Spec     any // pointer to the Go struct of the kind

	UID     string  // opaque, given at the first commit
	Version int64   // sequence number of its last change, 0 when not from a log
	Source  *Source // where it was read, nil when from a log

	document []byte
}

// Ref names the object.
func (o *Object) Ref() Ref { return Ref{o.Kind.Slug, o.Metadata.Name} }

// Title is the object's title in a language, its name when it has none.
func (o *Object) Title(lang string) string {
	if s := o.Metadata.Title.In(lang); s != "" {
		return s
	}
	return o.Metadata.Name
}

type envelope struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   Metadata `json:"metadata"`
	Spec       any      `json:"spec"`
}

// Document is the object's canonical JSON (RFC 8785): the bytes that are stored
// and hashed. Callers must not change them.
func (o *Object) Document() []byte {
	if o.document == nil {
		o.document = canonical(envelope{APIVersion, o.Kind.Name, o.Metadata, o.Spec})
	}
	return o.document
}

func canonical(v any) []byte {
	raw, err := json.Marshal(v)
	if err == nil {
		raw, err = jcs.Transform(raw)
	}
	if err != nil { // every value of the schema can be written
		panic(fmt.Sprintf("model: canonical JSON: %v", err))
	}
	return raw
}

// Clone copies the object deeply, without its source, so that a caller may
// change metadata and spec before it becomes part of a snapshot.
func (o *Object) Clone() *Object {
	c, err := FromDocument(o.Document())
	if err != nil {
		panic(fmt.Sprintf("model: clone of %s: %v", o.Ref(), err))
	}
	c.document, c.UID, c.Version = nil, o.UID, o.Version
	return c
}

// FromDocument reads a canonical document as the store keeps it. For what people
// write, use Decode.
func FromDocument(doc []byte) (*Object, error) {
	var head struct {
		APIVersion string          `json:"apiVersion"`
		Kind       string          `json:"kind"`
		Metadata   Metadata        `json:"metadata"`
		Spec       json.RawMessage `json:"spec"`
	}
	if err := json.Unmarshal(doc, &head); err != nil {
		return nil, fmt.Errorf("document cannot be read: %w", err)
	}
	k := KindOf(head.Kind)
	if k == nil {
		return nil, fmt.Errorf("document has the unknown kind %q", head.Kind)
	}
	spec := k.New()
	if len(head.Spec) > 0 && !bytes.Equal(head.Spec, []byte("null")) {
		if err := json.Unmarshal(head.Spec, spec); err != nil {
			return nil, fmt.Errorf("%s/%s: spec cannot be read: %w", k.Slug, head.Metadata.Name, err)
		}
	}
	return &Object{Kind: k, Metadata: head.Metadata, Spec: spec, document: doc}, nil
}

// MaterialHash is the SHA-256 of the material fields: what an approval rests on.
func (o *Object) MaterialHash() [sha256.Size]byte {
	spec := o.Tree()["spec"]
	pruned := material(spec, o.Kind.Fields)
	return sha256.Sum256(canonical(map[string]any{"kind": o.Kind.Name, "name": o.Metadata.Name, "owner": o.Metadata.Owner, "spec": pruned}))
}

func material(v any, fields []*Field) any {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	out := map[string]any{}
	for _, f := range fields {
		if x, ok := m[f.Name]; ok && f.Material {
			out[f.Name] = x
		}
	}
	return out
}

// Tree is the document as generic JSON values, numbers kept as written.
func (o *Object) Tree() map[string]any {
	var t map[string]any
	d := json.NewDecoder(bytes.NewReader(o.Document()))
	d.UseNumber()
	if err := d.Decode(&t); err != nil {
		panic(fmt.Sprintf("model: tree of %s: %v", o.Ref(), err))
	}
	return t
}
