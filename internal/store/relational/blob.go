package relational

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"time"

	"diapason/internal/store"
)

// Spooled is an attachment read to its end into a temporary file.
type Spooled struct {
	File   *os.File
	SHA256 string
	Size   int64 // bytes
}

// Discard closes and removes the temporary file, if it is still there.
func (s *Spooled) Discard() {
	s.File.Close()
	os.Remove(s.File.Name())
}

// Spool reads content into a temporary file of a folder, hashing it on the way.
func Spool(folder string, content io.Reader, limit int64) (*Spooled, error) {
	f, err := os.CreateTemp(folder, ".spool-*")
	if err != nil {
		return nil, err
	}
	s := &Spooled{File: f}
	h := sha256.New()
	s.Size, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(content, limit+1))
	if err == nil && s.Size > limit {
		err = &store.Error{
			Code:    store.CodeBlobTooLarge,
			Problem: fmt.Sprintf("the attachment is larger than %d bytes", limit),
			Remedy:  "attach a smaller file, or raise the limit",
		}
	}
	if err != nil {
		s.Discard()
		return nil, err
	}
	s.SHA256 = hex.EncodeToString(h.Sum(nil))
	return s, nil
}

var address = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{64}$`) })

// CheckAddress refuses what is no SHA-256 in hexadecimal: an address becomes a
// path on disk.
func CheckAddress(sha256 string) error {
	if !address().MatchString(sha256) {
		return invalid(sha256, fmt.Sprintf("%q is not the address of an attachment", sha256), "give a SHA-256 hash in lower-case hexadecimal")
	}
	return nil
}

// RecordBlob inserts an attachment's row unless it is there, inside a
// transaction. It returns the row that stands and whether it is new.
func (l *Log) RecordBlob(ctx context.Context, q store.Querier, mediaType string, s *Spooled) (store.Blob, bool, error) {
	n, err := q.Exec(ctx, `INSERT INTO blob (sha256, media_type, size, created) VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING`,
		s.SHA256, mediaType, s.Size, l.clock().UnixMicro())
	if err != nil {
		return store.Blob{}, false, err
	}
	b, err := blobRow(ctx, q, s.SHA256)
	return b, n > 0, err
}

// FindBlob reads an attachment's row.
func (l *Log) FindBlob(ctx context.Context, sha256 string) (store.Blob, error) {
	if err := CheckAddress(sha256); err != nil {
		return store.Blob{}, err
	}
	var b store.Blob
	err := l.db.View(ctx, func(q store.Querier) (err error) {
		b, err = blobRow(ctx, q, sha256)
		return err
	})
	return b, err
}

// RemoveBlob deletes an attachment's row.
func (l *Log) RemoveBlob(ctx context.Context, sha256 string) error {
	if err := CheckAddress(sha256); err != nil {
		return err
	}
	return l.db.Tx(ctx, func(q store.Querier) error {
		n, err := q.Exec(ctx, `DELETE FROM blob WHERE sha256 = $1`, sha256)
		if err == nil && n == 0 {
			return noBlob(sha256)
		}
		return err
	})
}

func blobRow(ctx context.Context, q store.Querier, sha256 string) (store.Blob, error) {
	b := store.Blob{SHA256: sha256}
	var created int64
	err := q.QueryRow(ctx, `SELECT media_type, size, created FROM blob WHERE sha256 = $1`, sha256).Scan(&b.MediaType, &b.Size, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return b, noBlob(sha256)
	}
	b.Created = time.UnixMicro(created).UTC()
	return b, err
}

func noBlob(sha256 string) error {
	return &store.Error{Code: store.CodeNotFound, Problem: "there is no attachment " + sha256, Place: sha256}
}
