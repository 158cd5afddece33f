// Package integrity holds the formats by which the log proves itself: salted
// commitments, the leaf of an entry, the Merkle tree of RFC 6962 stored as
// tiles, and signed checkpoints. It knows no database.
package integrity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

// Format is the number of the leaf format, the first member a verifier reads.
const Format = 1

// SaltSize is the length of a salt in bytes. It is fixed, so that salt and
// content cannot be shifted against each other.
const SaltSize = 16

// Hash is a SHA-256 hash.
type Hash = tlog.Hash

// NewSalts returns n fresh salts in one block of n·SaltSize bytes.
func NewSalts(n int) []byte {
	block := make([]byte, n*SaltSize)
	rand.Read(block) // never fails: it ends the program instead
	return block
}

// Commit is the commitment to a content: SHA-256(salt ‖ content).
func Commit(salt, content []byte) Hash {
	h := sha256.New()
	h.Write(salt)
	h.Write(content)
	var sum Hash
	h.Sum(sum[:0])
	return sum
}

// CommitName is the commitment to an object's kind and name:
// SHA-256(salt ‖ kind ‖ "/" ‖ name). A document starts with "{", so the two
// commitments that share a salt never have the same content.
func CommitName(salt []byte, kind, name string) Hash {
	return Commit(salt, []byte(kind+"/"+name))
}

// Leaf is what the tree commits to for one entry. Texts are absent when zero.
type Leaf struct {
	Seq    int64
	Type   string
	Time   time.Time
	Actor  string
	Base   int64
	Title  *Hash
	Reason *Hash
	Body   *Hash
	// Objects are ordered by UID, bytewise.
	Objects []LeafObject
	// Erased lists what this entry erased, ordered by UID then Seq; an empty UID
	// stands for the texts of the entry Seq.
	Erased []LeafErasure
}

// LeafObject is the trace of one object.
type LeafObject struct {
	UID string
	Op  string
	// Name commits to kind and name.
	Name Hash
	// Commitment commits to the document; zero for a deletion.
	Commitment Hash
}

// LeafErasure designates an erased version, or erased texts when UID is empty.
type LeafErasure struct {
	UID string
	Seq int64
}

// TimeLayout is how a leaf writes a time: UTC, RFC 3339, microseconds.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

// Canonical writes the leaf as canonical JSON (RFC 8785): members sorted,
// absent ones left out, hashes in lower-case hexadecimal. It writes the bytes
// itself because a leaf of 100 000 objects would pass three times through a
// general canonicaliser.
func (l Leaf) Canonical() []byte {
	b := make([]byte, 0, 256+len(l.Objects)*220)
	b = append(b, `{"actor":`...)
	b = appendString(b, l.Actor)
	b = append(b, `,"base":`...)
	b = strconv.AppendInt(b, l.Base, 10)
	b = appendHash(b, `,"body":`, l.Body)
	if len(l.Erased) > 0 {
		b = append(b, `,"erased":[`...)
		for i, e := range l.Erased {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"seq":`...)
			b = strconv.AppendInt(b, e.Seq, 10)
			if e.UID != "" {
				b = append(b, `,"uid":`...)
				b = appendString(b, e.UID)
			}
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	b = append(b, `,"format":`...)
	b = strconv.AppendInt(b, Format, 10)
	b = append(b, `,"objects":[`...)
	for i := range l.Objects {
		if i > 0 {
			b = append(b, ',')
		}
		b = l.Objects[i].appendTo(b)
	}
	b = append(b, ']')
	b = appendHash(b, `,"reason":`, l.Reason)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, l.Seq, 10)
	b = append(b, `,"time":"`...)
	b = l.Time.UTC().AppendFormat(b, TimeLayout)
	b = append(b, '"')
	b = appendHash(b, `,"title":`, l.Title)
	b = append(b, `,"type":`...)
	b = appendString(b, l.Type)
	return append(b, '}')
}

// Hash is the leaf hash of RFC 6962: SHA-256(0x00 ‖ canonical JSON).
func (l Leaf) Hash() Hash { return tlog.RecordHash(l.Canonical()) }

func (o *LeafObject) appendTo(b []byte) []byte {
	b = append(b, '{')
	if o.Commitment != (Hash{}) {
		b = append(b, `"commitment":"`...)
		b = hex.AppendEncode(b, o.Commitment[:])
		b = append(b, `",`...)
	}
	b = append(b, `"name":"`...)
	b = hex.AppendEncode(b, o.Name[:])
	b = append(b, `","op":`...)
	b = appendString(b, o.Op)
	b = append(b, `,"uid":`...)
	b = appendString(b, o.UID)
	return append(b, '}')
}

func appendHash(b []byte, member string, h *Hash) []byte {
	if h == nil {
		return b
	}
	b = append(b, member...)
	b = append(b, '"')
	b = hex.AppendEncode(b, h[:])
	return append(b, '"')
}

// appendString writes a JSON string as RFC 8785 section 3.2.2.2 has it: short
// escapes where they exist, \u00xx for other control characters, everything
// else as it is. Bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= 0x20:
			b = utf8.AppendRune(b, r)
		case r == '\b':
			b = append(b, '\\', 'b')
		case r == '\t':
			b = append(b, '\\', 't')
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\f':
			b = append(b, '\\', 'f')
		case r == '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
		}
	}
	return append(b, '"')
}
