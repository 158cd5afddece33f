package app

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"image"
	_ "image/jpeg" // the forms that a logo may have
	_ "image/png"
	"io"
	"net/http"
	"path"
	"strings"

	_ "golang.org/x/image/webp"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// logoName is the name, without its ending, of the attachment of the
// organisation that is its logo.
const logoName = "logo"

// MaxLogo is the largest logo, in bytes.
const MaxLogo = 512 << 10

// logoEndings are the forms that a logo may have.
var logoEndings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/svg+xml": ".svg"}

// LogoOf is the attachment of the organisation that is its logo; ok is false
// where it has none.
func LogoOf(s *model.Snapshot) (of model.Ref, logo model.Attachment, ok bool) {
	for _, h := range s.OfKind("organisation") {
		o := s.Object(h)
		for _, a := range o.Metadata.Attachments {
			if strings.TrimSuffix(a.Name, path.Ext(a.Name)) == logoName && logoEndings[a.MediaType] != "" && a.Size <= MaxLogo {
				return o.Ref(), a, true
			}
		}
	}
	return model.Ref{}, model.Attachment{}, false
}

// OpenLogo reads the logo that stands. It is shown to everybody, before signing
// in too: only the one file that the organisation chose is.
func (a *App) OpenLogo(ctx context.Context, hash string) (model.Attachment, []byte, error) {
	_, logo, ok := LogoOf(a.Head())
	if !ok || logo.Hash != hash {
		return model.Attachment{}, nil, notFound("logo")
	}
	_, r, err := a.store.OpenBlob(ctx, hash)
	if err != nil {
		return model.Attachment{}, nil, fromStore(err, "logo")
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, MaxLogo+1))
	if err != nil {
		return model.Attachment{}, nil, err
	}
	// The form was judged when it was chosen; what came another way is judged here.
	if form, err := imageForm(content); err != nil || form != logo.MediaType {
		return model.Attachment{}, nil, notFound("logo")
	}
	return logo, content, nil
}

// SetLogo makes an image the logo of the organisation, as a change of its object.
func (a *App) SetLogo(ctx context.Context, actor identity.Actor, content io.Reader, lang language.Lang) (int64, error) {
	o, err := a.organisation(actor)
	if err != nil {
		return 0, err
	}
	data, err := io.ReadAll(io.LimitReader(content, MaxLogo+1))
	if err != nil {
		return 0, err
	}
	w := language.Writer{Lang: lang}
	form, err := imageForm(data)
	if err != nil || len(data) > MaxLogo {
		message := w.Message("brand.refused", finding.Args{"most": MaxLogo >> 10})
		if errors.Is(err, errActive) {
			message = w.Message("brand.active", nil)
		}
		return 0, fail(CodeInvalid, finding.Args{"n": 1, "first": message}).with("/file", message)
	}
	b, err := a.store.PutBlob(ctx, form, bytes.NewReader(data), MaxLogo)
	if err != nil {
		return 0, err
	}
	list := append(withoutLogo(o), model.Attachment{Name: logoName + logoEndings[form], MediaType: form, Size: b.Size, Hash: b.SHA256})
	return a.changeLogo(ctx, actor, o, list, w.Message("brand.change", nil))
}

// RemoveLogo takes the logo away. The file stays, for the past to be seen as it was.
func (a *App) RemoveLogo(ctx context.Context, actor identity.Actor, lang language.Lang) (int64, error) {
	o, err := a.organisation(actor)
	if err != nil {
		return 0, err
	}
	if _, _, ok := LogoOf(a.Head()); !ok {
		return 0, notFound("logo")
	}
	return a.changeLogo(ctx, actor, o, withoutLogo(o), language.Writer{Lang: lang}.Message("brand.remove", nil))
}

// organisation is the object whose logo the actor may change.
func (a *App) organisation(actor identity.Actor) (*model.Object, error) {
	head := a.Head()
	for _, h := range head.OfKind("organisation") {
		o := head.Object(h)
		return o, a.Authorize(actor, identity.ActionChangeCommit, Resource(head, o))
	}
	return nil, notFound("organisation")
}

func withoutLogo(o *model.Object) []model.Attachment {
	var out []model.Attachment
	for _, x := range o.Metadata.Attachments {
		if strings.TrimSuffix(x.Name, path.Ext(x.Name)) != logoName {
			out = append(out, x)
		}
	}
	return out
}

func (a *App) changeLogo(ctx context.Context, actor identity.Actor, o *model.Object, files []model.Attachment, title string) (int64, error) {
	meta := o.Metadata
	meta.Attachments = files
	next := &model.Object{Kind: o.Kind, Metadata: meta, Spec: o.Spec}
	return a.Commit(ctx, actor, Change{Base: a.Head().Seq, Title: title, Reason: title, Puts: []Put{{Object: next, Expect: o.Version}}})
}

// errNoImage refuses what is none of the forms of a logo.
var errNoImage = errors.New("neither PNG, JPEG, WebP nor SVG")

// errActive refuses an SVG that holds more than a drawing.
var errActive = errors.New("an SVG with scripts, actions or outside references")

// imageForm tells the form of an image by its content, never by its name: the
// header of a picture must be whole, and an SVG must be a drawing alone.
func imageForm(data []byte) (string, error) {
	if form := http.DetectContentType(data); logoEndings[form] != "" {
		size, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || size.Width == 0 || size.Height == 0 {
			return "", errNoImage
		}
		return form, nil
	}
	if err := drawing(data); err != nil {
		return "", err
	}
	return "image/svg+xml", nil
}

// drawing reads an SVG: well-formed XML whose first element is svg. It refuses
// scripts, actions, foreign content, and references beyond the file itself.
func drawing(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	first, active := true, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errNoImage
		}
		switch x := token.(type) {
		case xml.StartElement:
			if first && x.Name.Local != "svg" {
				return errNoImage
			}
			first = false
			active = active || activeElement(x)
		case xml.CharData:
			active = active || outside(string(x)) // a style sheet
		case xml.ProcInst:
			active = active || x.Target != "xml"
		case xml.Directive:
			active = active || bytes.Contains(bytes.ToUpper(x), []byte("<!ENTITY"))
		}
	}
	switch {
	case first:
		return errNoImage
	case active:
		return errActive
	}
	return nil
}

// activeElement reports whether an element of an SVG runs something or fetches
// something from elsewhere.
func activeElement(x xml.StartElement) bool {
	switch strings.ToLower(x.Name.Local) {
	case "script", "foreignobject", "iframe", "embed", "object", "handler", "listener":
		return true
	}
	for _, a := range x.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.ToLower(strings.TrimSpace(a.Value))
		reference := name == "href" || name == "src"
		if strings.HasPrefix(name, "on") || reference && !inside(value) || a.Name.Space != "xmlns" && name != "xmlns" && outside(value) {
			return true
		}
		// An animation may set a reference later.
		if name == "attributename" && (strings.HasSuffix(value, "href") || strings.HasPrefix(value, "on")) {
			return true
		}
	}
	return false
}

// inside reports whether a reference stays within the file.
func inside(reference string) bool {
	return reference == "" || strings.HasPrefix(reference, "#") || strings.HasPrefix(reference, "data:image/") && !strings.HasPrefix(reference, "data:image/svg")
}

// outside reports whether a style fetches something from elsewhere.
func outside(style string) bool {
	style = strings.ToLower(style)
	if strings.Contains(style, "@import") || strings.Contains(style, "javascript:") {
		return true
	}
	for {
		_, after, found := strings.Cut(style, "url(")
		if !found {
			return false
		}
		if !inside(strings.TrimLeft(after, " \t\n'\"")) {
			return true
		}
		style = after
	}
}
