package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// Token is a secret of 256 random bits that its bearer shows: of a session, or
// of a one-time link. Only its SHA-256 is ever stored; no salt is needed, since
// nobody can try 2^256 tokens.
type Token string

const tokenSize = 32 // bytes

func newToken() Token {
	b := make([]byte, tokenSize)
	rand.Read(b)
	return Token(base64.RawURLEncoding.EncodeToString(b))
}

// hash is what is stored of the token. A string that cannot be a token has none.
func (t Token) hash() (h [sha256.Size]byte, ok bool) {
	if len(t) != base64.RawURLEncoding.EncodedLen(tokenSize) {
		return h, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(t))
	if err != nil {
		return h, false
	}
	return sha256.Sum256(b), true
}

// String hides the secret from logs; convert with string(t) to show it to its bearer.
func (t Token) String() string { return "(secret token)" }

// GoString hides the secret from logs.
func (t Token) GoString() string { return t.String() }

// newID makes an opaque identifier: 128 random bits in hexadecimal.
func newID() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// NewToken makes a secret for links that other packages hand out.
func NewToken() Token { return newToken() }

// Hash is what is stored of the token; ok is false for what cannot be a token.
func (t Token) Hash() (h TokenHash, ok bool) { return t.hash() }
