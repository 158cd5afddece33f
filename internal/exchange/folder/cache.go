package folder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"diapason/internal/model"
)

// Cache remembers, by content hash, the objects of files that were read without
// issue, so that unchanged files need not be parsed again. It lives in the user's
// cache folder; a nil Cache remembers nothing. Each file is written beside its
// place, then moved there, and is read only where its own hash, the file it was
// made from and the program agree, so that a damaged or absent cache is only
// slower, and several programs may use it at once.
type Cache struct {
	dir   string
	clean sync.Once
}

// OpenCache opens the cache of a program version.
func OpenCache(version string) *Cache {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	tag := sha256.Sum256([]byte(version + "\x00" + programStamp() + "\x00" + model.BinaryLayout()))
	dir := filepath.Join(base, "diapason", "objects-"+hex.EncodeToString(tag[:6]))
	if os.MkdirAll(dir, 0o700) != nil {
		return nil
	}
	return &Cache{dir: dir}
}

// programStamp tells builds of one version apart, as developers make them.
func programStamp() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.Size(), " ", info.ModTime().UnixNano())
}

// Smaller files are read faster than looked up.
const cacheFrom = 16 << 10

// Decode is model.Decode with the cache.
func (c *Cache) Decode(file string, data []byte) ([]*model.Object, []model.Issue) {
	if c == nil || len(data) < cacheFrom {
		return model.Decode(file, data)
	}
	sum := sha256.Sum256(data)
	path := filepath.Join(c.dir, hex.EncodeToString(sum[:]))
	if objects, err := readCached(path, file, data, sum); err == nil {
		return objects, nil
	}
	objects, issues := model.Decode(file, data)
	if len(issues) == 0 {
		writeCached(path, objects, data, sum)
		c.clean.Do(c.forget)
	}
	return objects, issues
}

const cacheMagic = "diapason-objects-2\n"

// A cached file is the magic, the SHA-256 of the file it was made from, the number
// of objects, then for each: line, offset and length of its text in that file and
// its binary form; then a SHA-256 of all that.
func writeCached(path string, objects []*model.Object, data []byte, sum [sha256.Size]byte) {
	b := append([]byte(cacheMagic), sum[:]...)
	b = binary.AppendUvarint(b, uint64(len(objects)))
	for _, o := range objects {
		// The text is a slice of data: its place is what lies before it.
		b = binary.AppendUvarint(b, uint64(o.Source.Line))
		b = binary.AppendUvarint(b, uint64(cap(data)-cap(o.Source.Text)))
		b = binary.AppendUvarint(b, uint64(len(o.Source.Text)))
		b = o.AppendBinary(b)
	}
	own := sha256.Sum256(b)
	tmp, err := os.CreateTemp(filepath.Dir(path), "new-")
	if err != nil {
		return
	}
	_, err = tmp.Write(append(b, own[:]...))
	if closeErr := tmp.Close(); err != nil || closeErr != nil || os.Rename(tmp.Name(), path) != nil {
		_ = os.Remove(tmp.Name())
	}
}

func readCached(path, file string, data []byte, sum [sha256.Size]byte) ([]*model.Object, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	bad := fmt.Errorf("%s is damaged", path)
	head := cacheMagic + string(sum[:])
	if len(raw) < len(head)+sha256.Size || string(raw[:len(head)]) != head {
		return nil, bad
	}
	end := len(raw) - sha256.Size
	if own := sha256.Sum256(raw[:end]); string(own[:]) != string(raw[end:]) {
		return nil, bad
	}
	rest := string(raw[len(head):end]) // the objects' texts share it
	next := func() int {
		v, n := binary.Uvarint([]byte(rest[:min(len(rest), binary.MaxVarintLen64)]))
		if n <= 0 || v > MaxFile {
			rest = ""
			return -1
		}
		rest = rest[n:]
		return int(v)
	}
	count := next()
	if count < 0 || count > len(rest) {
		return nil, bad
	}
	objects := make([]*model.Object, count)
	for i := range objects {
		line, start, length := next(), next(), next()
		if line < 0 || start < 0 || length < 0 || start+length > len(data) {
			return nil, bad
		}
		if objects[i], rest, err = model.FromBinary(rest); err != nil {
			return nil, err
		}
		objects[i].Source = &model.Source{File: file, Line: line, Text: data[start : start+length]}
	}
	return objects, nil
}

// What was not written for this long is forgotten, of other programs too: it
// is made again when it is needed.
const cacheFor = 30 * 24 * time.Hour

// forget removes old files of this cache and of those of other programs.
func (c *Cache) forget() {
	base := filepath.Dir(c.dir)
	folders, _ := os.ReadDir(base)
	for _, f := range folders {
		if !f.IsDir() || !strings.HasPrefix(f.Name(), "objects-") && !strings.HasPrefix(f.Name(), "documents-") {
			continue
		}
		dir := filepath.Join(base, f.Name())
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > cacheFor {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
		if dir != c.dir {
			_ = os.Remove(dir) // goes only when empty
		}
	}
}
