package model

import (
	"strings"
	"testing"
	"unicode/utf16"
)

const plainTeam = "apiVersion: diapason/v1\nkind: Team\nmetadata: {name: it, title: Équipe}\n"

func wide(s string, low, high int, mark bool) []byte {
	var out []byte
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		b := [2]byte{}
		b[low], b[high] = byte(u), byte(u>>8)
		out = append(out, b[:]...)
	}
	return out
}

func TestTextInAnotherEncodingIsToldAsSuch(t *testing.T) {
	for _, c := range []struct {
		name         string
		data         []byte
		says         string
		line, column int
	}{
		{"UTF-16, little end first, with its mark", wide(plainTeam, 0, 1, true), "UTF-16", 1, 1},
		{"UTF-16, big end first, with its mark", wide(plainTeam, 1, 0, true), "UTF-16", 1, 1},
		{"UTF-16, little end first", wide(plainTeam, 0, 1, false), "UTF-16", 1, 2},
		{"UTF-16, big end first", wide(plainTeam, 1, 0, false), "UTF-16", 1, 1},
		{"Latin-1", []byte(strings.ReplaceAll(plainTeam, "É", "\xc9")), "Latin-1", 3, 29},
		{"a text cut in the middle of a letter", []byte(plainTeam[:strings.Index(plainTeam, "É")+1]), "Latin-1", 3, 29},
		{"no text", []byte{0x89, 'P', 'N', 'G', 0, 0}, "UTF-8", 1, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects, issues := Decode("a.yaml", c.data)
			if len(objects) != 0 || len(issues) != 1 {
				t.Fatalf("%d objects, issues %v", len(objects), issues)
			}
			if i := issues[0]; !strings.Contains(i.Message, c.says) || i.Line != c.line || i.Column != c.column || i.Fault == nil {
				t.Errorf("%v", i)
			}
		})
	}
}

func TestTheMarkBeforeUTF8IsPassedOver(t *testing.T) {
	for _, text := range []string{plainTeam, "---\n" + plainTeam} {
		objects, issues := Decode("a.yaml", []byte("\ufeff"+text))
		if len(objects) != 1 || len(issues) != 0 || objects[0].Metadata.Title.All != "Équipe" {
			t.Errorf("%v %v", objects, issues)
		}
	}
}
