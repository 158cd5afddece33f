package model

import "github.com/gowebpki/jcs"

// CanonicalJSON brings JSON into its canonical form (RFC 8785): members sorted, numbers
// and strings written in one way only. The error says what is no JSON.
func CanonicalJSON(raw []byte) ([]byte, error) { return jcs.Transform(raw) }
