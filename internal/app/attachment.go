package app

import (
	"context"
	"io"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// Attach stores a file by its content hash. It belongs to an object once the
// object names it in its metadata.
func (a *App) Attach(ctx context.Context, actor identity.Actor, name, mediaType string, content io.Reader, limit int64) (model.Attachment, error) {
	if err := a.Authorize(actor, identity.ActionChangeDraft, draftResource(actor.ID())); err != nil {
		return model.Attachment{}, err
	}
	if mediaType == "" {
		mediaType = "application/octet-stream"
	}
	b, err := a.store.PutBlob(ctx, mediaType, content, limit)
	if err != nil {
		return model.Attachment{}, err
	}
	if name == "" {
		name = b.SHA256[:12]
	}
	return model.Attachment{Name: name, MediaType: b.MediaType, Size: b.Size, Hash: b.SHA256}, nil
}

// OpenAttachment reads a file through an object that carries it and that the
// actor may see: a hash alone opens nothing.
func (a *App) OpenAttachment(ctx context.Context, actor identity.Actor, hash string, of model.Ref) (model.Attachment, io.ReadCloser, error) {
	s := a.Head()
	o := s.Get(of)
	if o == nil {
		return model.Attachment{}, nil, notFound(of.String())
	}
	if err := a.Authorize(actor, identity.ActionReadAttachment, Resource(s, o)); err != nil {
		return model.Attachment{}, nil, err
	}
	for _, x := range o.Metadata.Attachments {
		if x.Hash == hash {
			b, r, err := a.store.OpenBlob(ctx, hash)
			if err != nil {
				return x, nil, fromStore(err, x.Name)
			}
			x.Size, x.MediaType = b.Size, b.MediaType
			return x, r, nil
		}
	}
	return model.Attachment{}, nil, notFound(hash)
}
