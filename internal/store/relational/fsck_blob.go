package relational

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"diapason/internal/store"
)

// Fsck implements store.Tree, given how an attachment is opened.
func (l *Log) Fsck(ctx context.Context, opts store.FsckOptions, open func(ctx context.Context, sha256 string) (store.Blob, io.ReadCloser, error)) (store.FsckReport, error) {
	x, err := l.Examine(ctx, opts)
	if err != nil {
		return store.FsckReport{}, err
	}
	var addresses []string
	err = l.db.View(ctx, func(q store.Querier) error {
		return each(ctx, q, `SELECT sha256 FROM blob ORDER BY sha256`, func(rows store.Rows) error {
			var address string
			err := rows.Scan(&address)
			addresses = append(addresses, address)
			return err
		})
	})
	if err != nil {
		return store.FsckReport{}, err
	}
	for _, address := range addresses {
		x.Report.Blobs++
		kind, err := examineBlob(ctx, address, open)
		if err != nil {
			return store.FsckReport{}, err
		}
		if kind != "" {
			x.Add(store.Problem{Type: kind, Detail: address})
		}
	}
	return x.Report, nil
}

func examineBlob(ctx context.Context, address string, open func(ctx context.Context, sha256 string) (store.Blob, io.ReadCloser, error)) (store.ProblemType, error) {
	blob, content, err := open(ctx, address)
	if store.CodeOf(err) == store.CodeNotFound || store.CodeOf(err) == store.CodeInvalid {
		return store.BlobMissing, nil
	}
	if err != nil {
		return "", err
	}
	defer content.Close()
	h := sha256.New()
	n, err := io.Copy(h, content)
	if store.CodeOf(err) == store.CodeNotFound {
		return store.BlobMissing, nil
	}
	if err != nil {
		return "", err
	}
	if n != blob.Size || hex.EncodeToString(h.Sum(nil)) != address {
		return store.BlobChanged, nil
	}
	return "", nil
}
