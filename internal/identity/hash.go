package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
)

// Argon2 holds the parameters of argon2id (RFC 9106).
type Argon2 struct {
	// Memory in KiB.
	Memory uint32
	// Time is the number of passes.
	Time uint32
	// Threads is the degree of parallelism.
	Threads uint8
}

// DefaultArgon2 is above the minimum of the OWASP Password Storage Cheat Sheet
// (19 MiB, two passes, one lane).
var DefaultArgon2 = Argon2{Memory: 32 << 10, Time: 2, Threads: 1}

const (
	saltSize = 16 // bytes
	hashSize = 32 // bytes
	// maxMemory (KiB) and maxTime bound what a stored hash can make the server do.
	maxMemory = 1 << 20
	maxTime   = 64
	// waitingHashes is how many sign-ins may wait for their turn, per place.
	waitingHashes = 32
)

// atLeast reports whether hashing with p costs no less than with other, in each respect.
func (p Argon2) atLeast(other Argon2) bool {
	return p.Memory >= other.Memory && p.Time >= other.Time && p.Threads >= other.Threads
}

// hasher hashes and verifies passwords, a bounded number at a time: each takes
// its parameters' worth of memory and a processor.
type hasher struct {
	params  Argon2
	places  chan struct{}
	waiting atomic.Int64
	dummy   string
}

func newHasher(params Argon2, places int) (*hasher, error) {
	if params == (Argon2{}) {
		params = DefaultArgon2
	}
	if params.Memory < 8 || params.Memory > maxMemory || params.Time < 1 || params.Time > maxTime || params.Threads < 1 {
		return nil, fmt.Errorf("argon2id parameters %+v are out of bounds: take at least %+v", params, DefaultArgon2)
	}
	if places <= 0 {
		places = min(4, runtime.GOMAXPROCS(0))
	}
	h := &hasher{params: params, places: make(chan struct{}, places)}
	dummy, err := h.hash(context.Background(), rand.Text())
	if err != nil {
		return nil, err
	}
	h.dummy = dummy
	return h, nil
}

// enter waits for a place; leave it by calling the result.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	if h.waiting.Add(1) > int64(cap(h.places)*(waitingHashes+1)) {
		h.waiting.Add(-1)
		return nil, &Error{Code: CodeTooManyAttempts, RetryAfter: time.Second}
	}
	select {
	case h.places <- struct{}{}:
		return func() { <-h.places; h.waiting.Add(-1) }, nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return nil, ctx.Err()
	}
}

// hash gives the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, saltSize)
	rand.Read(salt)
	p := phc{Argon2: h.params, salt: salt}
	p.hash = p.key(password, hashSize)
	return p.String(), nil
}

// verify compares a password with a PHC string, in constant time. An empty
// string stands for an account that has no password, or none at all: it costs
// the same and never matches. outdated says that the hash should be renewed.
func (h *hasher) verify(ctx context.Context, stored, password string) (ok, outdated bool, err error) {
	none := stored == ""
	if none {
		stored = h.dummy
	}
	p, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	same := subtle.ConstantTimeCompare(p.key(password, uint32(len(p.hash))), p.hash) == 1
	return same && !none, !p.atLeast(h.params) || len(p.salt) < saltSize || len(p.hash) < hashSize, nil
}

// phc is a parsed hash: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
type phc struct {
	Argon2
	salt, hash []byte
}

func (p phc) key(password string, size uint32) []byte {
	return argon2.IDKey([]byte(normalise(password)), p.salt, p.Time, p.Memory, p.Threads, size)
}

func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Time, p.Threads,
		b64.EncodeToString(p.salt), b64.EncodeToString(p.hash))
}

// parsePHC reads a hash in the PHC string format, argon2id version 19 only.
func parsePHC(s string) (phc, error) {
	bad := func(what string) (phc, error) {
		return phc{}, fmt.Errorf("read a stored password hash: %s: set a new password for the account", what)
	}
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" {
		return bad("not a PHC string")
	}
	if parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return bad("not argon2id version 19")
	}
	fields := strings.Split(parts[3], ",")
	if len(fields) != 3 {
		return bad("parameters are not m, t and p")
	}
	var n [3]uint64
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(fields[i], name)
		v, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil {
			return bad("parameters are not m, t and p")
		}
		n[i] = v
	}
	if n[0] < 8 || n[0] > maxMemory || n[1] < 1 || n[1] > maxTime || n[2] < 1 || n[2] > 255 {
		return bad("parameters are out of bounds")
	}
	p := phc{Argon2: Argon2{Memory: uint32(n[0]), Time: uint32(n[1]), Threads: uint8(n[2])}}
	var err error
	if p.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil || len(p.salt) < 8 || len(p.salt) > 64 {
		return bad("salt is not 8 to 64 bytes")
	}
	if p.hash, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil || len(p.hash) < 16 || len(p.hash) > 64 {
		return bad("hash is not 16 to 64 bytes")
	}
	return p, nil
}
