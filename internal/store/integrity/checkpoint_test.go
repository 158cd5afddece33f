package integrity

import (
	"strings"
	"testing"
)

func TestCheckpoint(t *testing.T) {
	origin, signer, verifier, err := GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	c := Checkpoint{Origin: origin, Size: 42, Root: Hash{1, 2, 3}}
	signed, err := c.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	want := origin + "\n42\nAQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— " + origin + " "
	if !strings.HasPrefix(string(signed), want) {
		t.Errorf("the note is %q", signed)
	}
	if got, err := OpenCheckpoint(signed, verifier); err != nil || got != c {
		t.Errorf("opened as %+v, %v", got, err)
	}
	forged := strings.Replace(string(signed), "\n42\n", "\n43\n", 1)
	if _, err := OpenCheckpoint([]byte(forged), verifier); err == nil {
		t.Error("a forged checkpoint opens")
	}
	_, _, other, err := GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(signed, other); err == nil {
		t.Error("a checkpoint opens with the key of another log")
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("diapason/1\n42\nAQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
	f.Add("diapason/1\n042\nAQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n")
	f.Add("\n1\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCheckpoint(text)
		if err == nil && !strings.HasPrefix(text, c.Text()) {
			t.Errorf("%q was read as %q", text, c.Text())
		}
	})
}
