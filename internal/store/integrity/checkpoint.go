package integrity

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is the state of a log: its origin, size and root hash.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// Text is the body of c2sp.org/tlog-checkpoint: origin, size, root in base64,
// each on its line.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" +
		base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// Sign makes the signed note of a checkpoint.
func (c Checkpoint) Sign(key string) ([]byte, error) {
	signer, err := note.NewSigner(key)
	if err != nil {
		return nil, fmt.Errorf("the checkpoint key cannot be read: %w", err)
	}
	return note.Sign(&note.Note{Text: c.Text()}, signer)
}

// GenerateKey makes a fresh Ed25519 key pair for checkpoints, in the encodings
// of c2sp.org/signed-note. The origin carries a random part: two logs never
// share a name.
func GenerateKey() (origin, signer, verifier string, err error) {
	var id [8]byte
	rand.Read(id[:])
	origin = "diapason/" + hex.EncodeToString(id[:])
	signer, verifier, err = note.GenerateKey(rand.Reader, origin)
	return origin, signer, verifier, err
}

// OpenCheckpoint verifies a signed checkpoint with a verifier key and reads
// it.
func OpenCheckpoint(signed []byte, verifier string) (Checkpoint, error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the verifier key cannot be read: %w", err)
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint's signature is not that of %s: %w", v.Name(), err)
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != v.Name() {
		return Checkpoint{}, fmt.Errorf("the checkpoint is of %q, the key is of %q", c.Origin, v.Name())
	}
	return c, nil
}

// ParseCheckpoint reads the body of a checkpoint. Further lines are extensions
// of the format, and ignored.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return Checkpoint{}, errors.New("a checkpoint has at least three lines: origin, size, root hash")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("line 2 of the checkpoint must be the size of the tree, it is %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(Hash{}) {
		return Checkpoint{}, fmt.Errorf("line 3 of the checkpoint must be a SHA-256 hash in base64, it is %q", lines[2])
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: Hash(root)}, nil
}
