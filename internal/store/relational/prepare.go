package relational

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// prepared is an entry with everything computed that needs no database: it is
// read only, because a transaction may run more than once.
type prepared struct {
	entry       store.Entry
	now         time.Time
	salts       []byte           // one salt per put
	commitments []integrity.Hash // of the documents, zero for deletions
	texts       []text
	fresh       []string // uids for puts without one, should they be new
	versions    []store.VersionRef
	erasedTexts []store.Seq
}

// numbered is the entry with the documents that name its number.
func (p *prepared) numbered(seq store.Seq) (*prepared, error) {
	out := *p
	out.entry.Puts = slices.Clone(p.entry.Puts)
	out.commitments = slices.Clone(p.commitments)
	for i, document := range p.entry.Numbered(seq) {
		if i < 0 || i >= len(out.entry.Puts) || out.entry.Puts[i].Delete || len(document) == 0 {
			return nil, invalid("", fmt.Sprintf("the entry has no object %d whose document could name its number", i+1), "give documents of objects that the entry puts")
		}
		out.entry.Puts[i].Document = document
		out.commitments[i] = integrity.Commit(p.salt(i), document)
	}
	return &out, nil
}

// text is a salted part of an entry.
type text struct {
	part          string
	content, salt []byte
	commitment    integrity.Hash
}

func (p *prepared) salt(i int) []byte {
	return p.salts[i*integrity.SaltSize : (i+1)*integrity.SaltSize]
}

func (l *Log) prepare(e store.Entry) (*prepared, error) {
	if err := validate(e); err != nil {
		return nil, err
	}
	p := &prepared{
		entry:       e,
		now:         e.Time,
		salts:       integrity.NewSalts(len(e.Puts)),
		commitments: make([]integrity.Hash, len(e.Puts)),
		fresh:       make([]string, len(e.Puts)),
	}
	if p.now.IsZero() {
		p.now = l.clock()
	}
	p.now = p.now.UTC().Truncate(time.Microsecond)
	for i, put := range e.Puts {
		if put.UID == "" {
			p.fresh[i] = NewUID()
		}
		if !put.Delete {
			p.commitments[i] = integrity.Commit(p.salt(i), put.Document)
		}
	}
	for _, t := range []text{
		{part: "body", content: e.Body},
		{part: "reason", content: []byte(e.Reason)},
		{part: "title", content: []byte(e.Title)},
	} {
		if len(t.content) == 0 {
			continue
		}
		t.salt = integrity.NewSalts(1)
		t.commitment = integrity.Commit(t.salt, t.content)
		p.texts = append(p.texts, t)
	}
	return p, nil
}

// NewUID makes an identifier that no other object has: a UUID of version 7 (RFC
// 9562), of which later ones sort after earlier ones, so that new rows go to
// the end of an index.
func NewUID() string {
	var b [16]byte
	rand.Read(b[6:])
	var millis [8]byte
	binary.BigEndian.PutUint64(millis[:], uint64(time.Now().UnixMilli()))
	copy(b[:6], millis[2:])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

func invalid(place, problem, remedy string) error {
	return &store.Error{Code: store.CodeInvalid, Problem: problem, Remedy: remedy, Place: place}
}

func validate(e store.Entry) error {
	switch e.Type {
	case store.Change:
		if len(e.Puts) == 0 {
			return invalid("", "the change changes nothing", "give it at least one object to put or delete")
		}
	case store.Decision, store.Approval, store.Seal, store.Access:
	default:
		return invalid("", fmt.Sprintf("an entry cannot be of type %q", e.Type), "use change, decision, approval, seal or access")
	}
	if err := plain("the actor of an entry", e.Actor); err != nil {
		return err
	}
	type name struct{ kind, name string }
	uids := make(map[string]bool, len(e.Puts))
	names := make(map[name]bool, len(e.Puts))
	for i, put := range e.Puts {
		place := fmt.Sprintf("%s/%s", put.Kind, put.Name)
		if put.UID != "" {
			if err := plain("the uid of "+place, put.UID); err != nil {
				return err
			}
			if uids[put.UID] {
				return invalid(place, fmt.Sprintf("the object %s appears twice in the entry", put.UID), "put or delete each object once")
			}
			uids[put.UID] = true
		}
		if put.ExpectSeq < store.AnyVersion {
			return invalid(place, fmt.Sprintf("%s expects version %d", place, put.ExpectSeq), "expect -1, 0 or the seq of an entry")
		}
		if put.Delete && put.UID != "" && put.Kind == "" && put.Name == "" {
			continue
		}
		if err := plain(fmt.Sprintf("the kind of object %d of the entry", i+1), put.Kind); err != nil {
			return err
		}
		if err := plain(fmt.Sprintf("the name of object %d of the entry", i+1), put.Name); err != nil {
			return err
		}
		if strings.Contains(put.Kind, "/") {
			return invalid(place, fmt.Sprintf("the kind %q contains a slash", put.Kind), "remove it")
		}
		if put.Delete {
			continue
		}
		if len(put.Document) == 0 {
			return invalid(place, place+" has no document", "give its canonical JSON, or delete it")
		}
		if names[name{put.Kind, put.Name}] {
			return invalid(place, place+" appears twice in the entry", "give every object its own name")
		}
		names[name{put.Kind, put.Name}] = true
	}
	return nil
}

// plain refuses what would not survive both engines and the leaf unchanged.
func plain(what, s string) error {
	switch {
	case s == "":
		return invalid("", what+" is empty", "give it a value")
	case !utf8.ValidString(s):
		return invalid("", what+" is not UTF-8 text", "encode it as UTF-8")
	case strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return invalid("", fmt.Sprintf("%s contains a control character: %q", what, s), "remove it")
	case len(s) > 1024:
		return invalid("", fmt.Sprintf("%s is %d bytes long", what, len(s)), "keep it under 1024 bytes")
	default:
		return nil
	}
}
