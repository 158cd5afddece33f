package sqlite

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"diapason/internal/store"
	"diapason/internal/store/relational"
)

func (s *Store) blobFolder() string { return filepath.Join(s.folder, "blobs") }

// blobPath spreads attachments over 256 folders by the start of their address.
func (s *Store) blobPath(sha256 string) string {
	return filepath.Join(s.blobFolder(), sha256[:2], sha256)
}

// PutBlob implements store.Blobs: the file is synced, renamed into place and
// its folder synced before the row that refers to it is written.
func (s *Store) PutBlob(ctx context.Context, mediaType string, content io.Reader, limit int64) (store.Blob, error) {
	if s.writer == nil {
		return store.Blob{}, s.Tx(ctx, nil)
	}
	if err := os.MkdirAll(s.blobFolder(), 0o700); err != nil {
		return store.Blob{}, fileFault(err, s.blobFolder())
	}
	spooled, err := relational.Spool(s.blobFolder(), content, limit)
	if err != nil {
		return store.Blob{}, s.blobFault(err)
	}
	defer spooled.Discard()
	// Under one lock with DeleteBlob, or a row could outlive its file.
	s.blobs.Lock()
	defer s.blobs.Unlock()
	if err := place(spooled.File, s.blobPath(spooled.SHA256)); err != nil {
		return store.Blob{}, s.blobFault(err)
	}
	var blob store.Blob
	err = s.Tx(ctx, func(q store.Querier) (err error) {
		blob, _, err = s.RecordBlob(ctx, q, mediaType, spooled)
		return err
	})
	return blob, err
}

// place makes a temporary file the durable content of a path.
func place(f *os.File, path string) error {
	folder := filepath.Dir(path)
	_, err := os.Stat(folder)
	fresh := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	if err := syncFolder(folder); err != nil || !fresh {
		return err
	}
	return syncFolder(filepath.Dir(folder))
}

// OpenBlob implements store.Blobs.
func (s *Store) OpenBlob(ctx context.Context, sha256 string) (store.Blob, io.ReadCloser, error) {
	blob, err := s.FindBlob(ctx, sha256)
	if err != nil {
		return blob, nil, err
	}
	f, err := os.Open(s.blobPath(sha256))
	if err != nil {
		return blob, nil, s.blobFault(err)
	}
	return blob, f, nil
}

// DeleteBlob implements store.Blobs.
func (s *Store) DeleteBlob(ctx context.Context, sha256 string) error {
	s.blobs.Lock()
	defer s.blobs.Unlock()
	if err := s.RemoveBlob(ctx, sha256); err != nil {
		return err
	}
	if err := os.Remove(s.blobPath(sha256)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.blobFault(err)
	}
	return nil
}

// blobFault names failures of the file system, and leaves those of whoever
// sends the attachment alone.
func (s *Store) blobFault(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	if errors.As(err, &path) || errors.As(err, &link) {
		return fileFault(err, s.blobFolder())
	}
	return err
}

// Fsck implements store.Tree.
func (s *Store) Fsck(ctx context.Context, opts store.FsckOptions) (store.FsckReport, error) {
	return s.Log.Fsck(ctx, opts, s.OpenBlob)
}
