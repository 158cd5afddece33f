// Package store is the contract of Diapason's memory: an append-only log of
// entries, the versions of every object they changed, drafts, attachments,
// settings and cursors, on SQLite (package sqlite) or PostgreSQL (package
// postgres).
//
// The store knows nothing of the kinds. An object is a uid, a kind, a name and
// a document: opaque canonical JSON (RFC 8785), kept byte for byte.
//
// Each entry is a leaf of a Merkle tree (RFC 6962). The leaf holds only salted
// commitments of documents, names and texts, so that personal data can be
// erased and every proof still holds; package integrity has the formats.
package store

import (
	"context"
	"io"
	"time"
)

// Seq is the position of an entry in the log: 1, 2, 3, … without gaps. The
// empty log has head 0. The leaf of an entry has index Seq-1 in the tree.
type Seq int64

const (
	// MustNotExist, as Put.ExpectSeq, demands that no object with this uid or
	// this kind and name exists yet.
	MustNotExist Seq = 0
	// AnyVersion, as Put.ExpectSeq, accepts whatever is there.
	AnyVersion Seq = -1
	// AtHead, as the "at" of a read, means the last entry.
	AtHead Seq = -1
)

// EntryType says what an entry records.
type EntryType string

// The closed list of entry types.
const (
	Change   EntryType = "change"   // objects put or deleted
	Decision EntryType = "decision" // a publication, a refusal, a waiver, an erasure
	Approval EntryType = "approval" // a signature of a person on what others wrote
	Seal     EntryType = "seal"     // figures of the evidence ledger, sealed
	Access   EntryType = "access"   // grants given and withdrawn
)

// Put is one object's part in an entry.
type Put struct {
	// UID identifies the object for ever. Empty means: the living object of
	// this kind and name, or a new one with a fresh uid.
	UID string
	// Kind and Name are together unique among the living objects. A kind has no
	// slash in it. A put under the same uid may change them.
	Kind, Name string
	// Document is canonical JSON; empty when Delete is set.
	Document []byte
	// ExpectSeq is the version the author saw: MustNotExist, AnyVersion, or the
	// seq of the object's last change.
	ExpectSeq Seq
	// Delete ends the object's life. Kind and Name may then be left empty when
	// UID is given.
	Delete bool
}

// Entry is what an author hands to Commit.
type Entry struct {
	Type EntryType
	// Actor is an opaque identifier of the author: it enters the leaf in clear.
	Actor string
	// Time of the entry; zero means the store's clock. A time before the last
	// entry's is raised to it, so that times never decrease along the log.
	Time time.Time
	// Base is the head the author saw.
	Base Seq
	// Title and Reason are the author's words, committed with a salt.
	Title, Reason string
	Puts          []Put
	// Body is canonical JSON for the types other than change, committed with a
	// salt.
	Body []byte
	// Numbered, when set, is called in the transaction of the entry with its seq,
	// before anything is written: it gives the documents that name that number, by
	// their index in Puts, in place of those given there. It may run more than once.
	Numbered func(seq Seq) map[int][]byte
	// With, when set, runs in the transaction of the entry, after it was
	// written: tables that follow from the log change with it or not at all. Its
	// error refuses the entry. It may run more than once (see SQL.Tx).
	With func(ctx context.Context, q Querier, done Committed) error
}

// Committed says how an entry entered the log.
type Committed struct {
	Seq  Seq
	Time time.Time
	// UIDs of the objects, in the order of Entry.Puts.
	UIDs []string
}

// OpKind says what an entry did to an object.
type OpKind string

// The two operations on an object.
const (
	OpPut    OpKind = "put"
	OpDelete OpKind = "delete"
)

// Op is the trace of one object in an entry. Name is empty once erased.
type Op struct {
	UID, Kind, Name string
	Op              OpKind
}

// EntryRecord is an entry as the log keeps it. Texts are empty once erased.
type EntryRecord struct {
	Seq           Seq
	Type          EntryType
	Actor         string
	Time          time.Time
	Base          Seq
	Title, Reason string
	Body          []byte
	Ops           []Op // ordered by uid
	// Erased tells that a title, reason or body was erased.
	Erased bool
}

// ObjectVersion is an object between two changes.
type ObjectVersion struct {
	UID, Kind, Name string
	// From is the seq of the change that made this version; To that of the next
	// change, 0 while there is none.
	From, To Seq
	// Deleted marks the version that follows a deletion: it has no document.
	Deleted  bool
	Document []byte
	// Salt opens the commitments of the leaf: see integrity.Commit.
	Salt []byte
	// ErasedBy is the seq of the entry that erased this version, 0 for none. An
	// erased version has neither name, document nor salt.
	ErasedBy Seq
}

// Ref designates an object by uid, or by kind and name when UID is empty.
type Ref struct {
	UID, Kind, Name string
}

// Log is the append-only part of the store.
type Log interface {
	// Head is the seq of the last entry.
	Head(ctx context.Context) (Seq, error)
	// Commit appends an entry: all of it or nothing, durable before it returns.
	// It returns a *ConflictError naming every object whose version is not the
	// expected one.
	Commit(ctx context.Context, e Entry) (Committed, error)
	// Entries returns at most limit entries after a seq, in order.
	Entries(ctx context.Context, after Seq, limit int) ([]EntryRecord, error)
	// Load calls fn for every object alive at a seq, in the order of
	// "kind/name", and returns the seq it read at.
	Load(ctx context.Context, at Seq, fn func(ObjectVersion) error) (Seq, error)
	// Changes calls fn for every version made after a seq and up to another,
	// deletions included, in the order of the log: what brings a model from one
	// seq to the other.
	Changes(ctx context.Context, after, upTo Seq, fn func(ObjectVersion) error) error
	// Object returns an object as it was at a seq; CodeNotFound when it did not
	// live then.
	Object(ctx context.Context, ref Ref, at Seq) (ObjectVersion, error)
	// History returns every version of an object, oldest first.
	History(ctx context.Context, uid string) ([]ObjectVersion, error)
	// SeqAt is the last entry committed at or before a time, 0 for none.
	SeqAt(ctx context.Context, at time.Time) (Seq, error)
	// Watch sends the head each time it has grown beyond what was sent before,
	// starting from after; slow readers see only the latest. The channel closes
	// when ctx ends or the store closes.
	Watch(ctx context.Context, after Seq) <-chan Seq
	// Erase makes documents and texts unreadable for ever, and records that it
	// did so by a decision in the log.
	Erase(ctx context.Context, e Erasure) (Committed, error)
}

// VersionRef designates a version of an object.
type VersionRef struct {
	UID  string
	From Seq
}

// Erasure says what to erase and why.
type Erasure struct {
	Actor  string
	Time   time.Time
	Reason string
	// Versions to erase. The current version of a living object cannot be
	// erased: delete the object, or commit a version without the personal data,
	// first.
	Versions []VersionRef
	// Texts names the entries whose title, reason and body go.
	Texts []Seq
}

// Draft is work in progress: puts that are not in the log yet.
type Draft struct {
	ID      string
	Base    Seq
	Title   string
	Author  string
	Puts    []Put
	Updated time.Time
	// Version grows by one at each update, from 1.
	Version int64
	// Count of puts; ListDrafts fills it and leaves Puts empty.
	Count int
}

// Drafts keeps drafts, many at once.
type Drafts interface {
	// CreateDraft stores a draft under a fresh ID and returns it.
	CreateDraft(ctx context.Context, d Draft) (Draft, error)
	// UpdateDraft replaces a draft whose stored version is still d.Version;
	// CodeDraftChanged otherwise.
	UpdateDraft(ctx context.Context, d Draft) (Draft, error)
	GetDraft(ctx context.Context, id string) (Draft, error)
	// ListDrafts returns drafts without their puts, the last updated first.
	ListDrafts(ctx context.Context) ([]Draft, error)
	DeleteDraft(ctx context.Context, id string) error
}

// Blob describes an attachment.
type Blob struct {
	// SHA256 of the content, in lower-case hexadecimal: its address.
	SHA256    string
	MediaType string
	Size      int64 // bytes
	Created   time.Time
}

// Blobs keeps attachments by content hash.
type Blobs interface {
	// PutBlob reads content to its end and stores it, durable on return. More
	// than limit bytes is CodeBlobTooLarge, and nothing is kept. The media type
	// given first stays.
	PutBlob(ctx context.Context, mediaType string, content io.Reader, limit int64) (Blob, error)
	OpenBlob(ctx context.Context, sha256 string) (Blob, io.ReadCloser, error)
	// DeleteBlob removes an attachment, for instance when it holds personal
	// data.
	DeleteBlob(ctx context.Context, sha256 string) error
}

// Inclusion proves that an entry is in the tree of a checkpoint.
type Inclusion struct {
	Seq  Seq
	Size Seq // of the tree
	Root [32]byte
	// Leaf is the canonical JSON whose RFC 6962 hash is the leaf hash.
	Leaf  []byte
	Proof [][32]byte
}

// Tree proves what the log holds.
type Tree interface {
	// Root is the tree's size (the head) and root hash.
	Root(ctx context.Context) (Seq, [32]byte, error)
	// SignedCheckpoint is a signed note (c2sp.org/signed-note) whose text is
	// that of c2sp.org/tlog-checkpoint.
	SignedCheckpoint(ctx context.Context) ([]byte, error)
	// CheckpointVerifier is the public key that verifies checkpoints, as a
	// verifier key of c2sp.org/signed-note.
	CheckpointVerifier(ctx context.Context) (string, error)
	// InclusionProof proves an entry in the tree of the given size (AtHead for
	// the whole log).
	InclusionProof(ctx context.Context, seq, size Seq) (Inclusion, error)
	// ConsistencyProof proves that the tree of size a is a prefix of that of
	// size b.
	ConsistencyProof(ctx context.Context, a, b Seq) ([][32]byte, error)
	// Fsck verifies that log, tree and tables agree.
	Fsck(ctx context.Context, opts FsckOptions) (FsckReport, error)
}

// Settings is a small key/value table: keys and server secrets.
type Settings interface {
	// Setting returns a value; CodeNotFound when there is none.
	Setting(ctx context.Context, key string) ([]byte, error)
	SetSetting(ctx context.Context, key string, value []byte) error
	// InitSetting stores a value unless the key has one already, and returns
	// the value that stands: replicas starting together agree on one secret.
	InitSetting(ctx context.Context, key string, value []byte) ([]byte, error)
}

// Consumers remembers how far each consumer of the log has come.
type Consumers interface {
	// Cursor is the last seq a consumer has dealt with, 0 at first.
	Cursor(ctx context.Context, name string) (Seq, error)
	SetCursor(ctx context.Context, name string, seq Seq) error
}

// Store is the whole contract.
type Store interface {
	Log
	Drafts
	Blobs
	Tree
	Settings
	Consumers
	SQL
	Close() error
}
