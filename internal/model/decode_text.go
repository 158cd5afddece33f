package model

import (
	"bytes"
	"unicode/utf8"
)

// plainText takes the mark off that some editors put before UTF-8 text, and says
// what is wrong with text in another encoding, which would read as something else.
func plainText(file string, data []byte) ([]byte, *Issue) {
	at := bytes.IndexByte(data, 0)
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		at = 0
	}
	var f *Fault
	switch {
	case at >= 0:
		f = &Fault{Format: "this is not UTF-8 text but looks like UTF-16 (or no text at all): save the file as UTF-8", Args: nil}
	case !utf8.Valid(data):
		for at = 0; ; {
			r, size := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && size <= 1 {
				break
			}
			at += size
		}
		f = &Fault{Format: "a character that is not UTF-8 stands here, as in files saved as Latin-1 or Windows-1252: save the file as UTF-8", Args: nil}
	default:
		return bytes.TrimPrefix(data, []byte("\ufeff")), nil
	}
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	return nil, &Issue{File: file, Line: 1 + bytes.Count(data[:start], []byte{'\n'}), Column: 1 + utf8.RuneCount(data[start:at]), Message: f.Error(), Fault: f}
}
