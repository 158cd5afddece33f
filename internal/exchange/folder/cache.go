package folder

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"diapason/internal/model"
)

// Cache remembers, by content hash, the canonical documents of files that were
// read without issue, so that unchanged files need not be parsed again. It lives
// in the user's cache folder; a nil Cache remembers nothing. A damaged or absent
// cache is only slower.
type Cache struct {
	dir string
}

// OpenCache opens the cache of a program version.
func OpenCache(version string) *Cache {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	tag := sha256.Sum256(append([]byte(version+"\x00"), model.JSONSchema("en")...))
	dir := filepath.Join(base, "diapason", "documents-"+hex.EncodeToString(tag[:6]))
	if os.MkdirAll(dir, 0o755) != nil {
		return nil
	}
	return &Cache{dir: dir}
}

// Smaller files are read faster than looked up.
const cacheFrom = 64 << 10

// Decode is model.Decode with the cache.
func (c *Cache) Decode(file string, data []byte) ([]*model.Object, []model.Issue) {
	if c == nil || len(data) < cacheFrom {
		return model.Decode(file, data)
	}
	sum := sha256.Sum256(data)
	path := filepath.Join(c.dir, hex.EncodeToString(sum[:]))
	if objects, err := readCached(path, file, data); err == nil {
		return objects, nil
	}
	objects, issues := model.Decode(file, data)
	if len(issues) == 0 {
		writeCached(path, objects, data)
	}
	return objects, issues
}

const cacheMagic = "diapason-documents-1\n"

// A cached file is the magic, then for each object: line, offset and length of
// its text in the file, length of its document, document; then a SHA-256 of all.
func writeCached(path string, objects []*model.Object, data []byte) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "new-")
	if err != nil {
		return
	}
	defer os.Remove(tmp.Name())
	h := sha256.New()
	w := bufio.NewWriter(io.MultiWriter(tmp, h))
	_, _ = w.WriteString(cacheMagic)
	var n [8]byte
	put := func(v int) {
		binary.LittleEndian.PutUint64(n[:], uint64(v))
		_, _ = w.Write(n[:])
	}
	put(len(objects))
	for _, o := range objects {
		// The text is a slice of data: its place is what lies before it.
		start := cap(data) - cap(o.Source.Text)
		doc := o.Document()
		put(o.Source.Line)
		put(start)
		put(len(o.Source.Text))
		put(len(doc))
		_, _ = w.Write(doc)
	}
	if w.Flush() != nil {
		tmp.Close()
		return
	}
	_, err = tmp.Write(h.Sum(nil))
	if tmp.Close() == nil && err == nil {
		_ = os.Rename(tmp.Name(), path)
	}
}

func readCached(path, file string, data []byte) ([]*model.Object, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	bad := fmt.Errorf("%s is damaged", path)
	if len(raw) < len(cacheMagic)+8+sha256.Size || string(raw[:len(cacheMagic)]) != cacheMagic {
		return nil, bad
	}
	body, sum := raw[:len(raw)-sha256.Size], raw[len(raw)-sha256.Size:]
	if got := sha256.Sum256(body); string(got[:]) != string(sum) {
		return nil, bad
	}
	rest := body[len(cacheMagic):]
	next := func() (int, bool) {
		if len(rest) < 8 {
			return 0, false
		}
		v := binary.LittleEndian.Uint64(rest)
		rest = rest[8:]
		return int(v), v < 1<<40
	}
	count, ok := next()
	if !ok || count > len(body) {
		return nil, bad
	}
	objects := make([]*model.Object, 0, count)
	for range count {
		line, ok1 := next()
		start, ok2 := next()
		length, ok3 := next()
		size, ok4 := next()
		if !ok1 || !ok2 || !ok3 || !ok4 || size > len(rest) || start+length > len(data) {
			return nil, bad
		}
		o, err := model.FromDocument(rest[:size:size])
		if err != nil {
			return nil, err
		}
		o.Source = &model.Source{File: file, Line: line, Text: data[start : start+length]}
		objects = append(objects, o)
		rest = rest[size:]
	}
	return objects, nil
}
