package language

import "testing"

func TestEveryFileOfProseCanBeRead(t *testing.T) {
	for _, l := range Languages {
		if _, err := load(l); err != nil {
			t.Error(err)
		}
	}
}

func TestBothLanguagesHaveTheSameMessages(t *testing.T) {
	has := map[string]bool{}
	for _, k := range Messages(EN) {
		has[k] = true
	}
	for _, k := range Messages(FR) {
		if !has[k] {
			t.Errorf("%s is French only", k)
		}
		delete(has, k)
	}
	for k := range has {
		t.Errorf("%s is English only", k)
	}
}
