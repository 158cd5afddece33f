package model

import (
	"strings"
	"testing"
)

func TestATitleHasALimitThatNamesTheField(t *testing.T) {
	long := strings.Repeat("é", MaxTitle)
	for _, c := range []struct {
		name, title string
		wrong       bool
	}{
		{"characters are counted, not bytes", long, false},
		{"one more is too long", long + "é", true},
		{"of two languages each has the limit for itself", "{en: " + long + ", fr: " + long + "}", false},
		{"one of two languages is too long", "{en: x, fr: " + long + "é}", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects, issues := Decode("f", []byte("apiVersion: diapason/v1\nkind: Outage\nmetadata: {name: o, title: "+c.title+"}\nspec: {start: 2027-01-01T00:00:00Z}\n"))
			if !c.wrong {
				if len(issues) > 0 || len(objects) != 1 {
					t.Errorf("refused: %v", issues)
				}
				return
			}
			if len(objects) != 0 || len(issues) != 1 || issues[0].Pointer != "/metadata/title" || issues[0].Line != 3 {
				t.Fatalf("%d objects, issues %v", len(objects), issues)
			}
			if text := issues[0].Message; !strings.Contains(text, "256") || !strings.Contains(text, "255") {
				t.Errorf("it does not say the length and the limit: %s", text)
			}
		})
	}
}
