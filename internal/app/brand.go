package app

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

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

// imageForm tells the form of an image by its content, never by its name. An SVG
// is well-formed XML whose first element is svg; it is served so that nothing in
// it can run.
func imageForm(data []byte) (string, error) {
	if form := http.DetectContentType(data); logoEndings[form] != "" {
		return form, nil
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	first := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", errNoImage
		}
		if e, ok := token.(xml.StartElement); ok && first == "" {
			first = e.Name.Local
		}
	}
	if first != "svg" {
		return "", errNoImage
	}
	return "image/svg+xml", nil
}
