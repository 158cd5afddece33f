package postgres

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"

	"diapason/internal/store"
	"diapason/internal/store/relational"
)

// chunkSize is the number of bytes of an attachment in one row.
const chunkSize = 1 << 20

// PutBlob implements store.Blobs: the content goes into rows of the same
// transaction as its description.
func (s *Store) PutBlob(ctx context.Context, mediaType string, content io.Reader, limit int64) (store.Blob, error) {
	spooled, err := relational.Spool(os.TempDir(), content, limit)
	if err != nil {
		return store.Blob{}, err
	}
	defer spooled.Discard()
	var blob store.Blob
	err = s.Tx(ctx, func(q store.Querier) error {
		recorded, fresh, err := s.RecordBlob(ctx, q, mediaType, spooled)
		blob = recorded
		if err != nil || !fresh {
			return err
		}
		chunk := make([]byte, chunkSize)
		for n := int64(0); n*chunkSize < spooled.Size; n++ {
			part := chunk[:min(chunkSize, spooled.Size-n*chunkSize)]
			if _, err := spooled.File.ReadAt(part, n*chunkSize); err != nil {
				return err
			}
			if _, err := q.Exec(ctx, `INSERT INTO blob_chunk (sha256, n, content) VALUES ($1, $2, $3)`, blob.SHA256, n, part); err != nil {
				return err
			}
		}
		return nil
	})
	return blob, err
}

// OpenBlob implements store.Blobs.
func (s *Store) OpenBlob(ctx context.Context, sha256 string) (store.Blob, io.ReadCloser, error) {
	blob, err := s.FindBlob(ctx, sha256)
	if err != nil {
		return blob, nil, err
	}
	return blob, &blobReader{ctx: ctx, s: s, blob: blob}, nil
}

// DeleteBlob implements store.Blobs.
func (s *Store) DeleteBlob(ctx context.Context, sha256 string) error {
	return s.RemoveBlob(ctx, sha256)
}

// blobReader fetches one chunk at a time: an attachment's content never
// changes, so that no transaction need stay open for a slow reader.
type blobReader struct {
	ctx  context.Context
	s    *Store
	blob store.Blob
	next int64 // chunk to fetch
	left []byte
}

// Read implements io.Reader.
func (r *blobReader) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		if r.next*chunkSize >= r.blob.Size {
			return 0, io.EOF
		}
		err := r.s.View(r.ctx, func(q store.Querier) error {
			return q.QueryRow(r.ctx, `SELECT content FROM blob_chunk WHERE sha256 = $1 AND n = $2`, r.blob.SHA256, r.next).Scan(&r.left)
		})
		switch {
		case errors.Is(err, sql.ErrNoRows) || err == nil && len(r.left) == 0:
			return 0, &store.Error{
				Code: store.CodeNotFound, Problem: "a part of the attachment " + r.blob.SHA256 + " is missing",
				Remedy: "run diapason fsck", Place: r.blob.SHA256, Cause: err,
			}
		case err != nil:
			return 0, err
		}
		r.next++
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

// Close implements io.Closer.
func (r *blobReader) Close() error { return nil }

// Fsck implements store.Tree.
func (s *Store) Fsck(ctx context.Context, opts store.FsckOptions) (store.FsckReport, error) {
	return s.Log.Fsck(ctx, opts, s.OpenBlob)
}
