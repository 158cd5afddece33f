package api

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryColourOfAnOrganisationCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		brand := rgb{rapid.Byte().Draw(t, "red"), rapid.Byte().Draw(t, "green"), rapid.Byte().Draw(t, "blue")}
		if c := contrast(brand, brand.ink()); c < enough {
			t.Errorf("words on %s have a contrast of %.2f", brand, c)
		}
		light, lightSoft := brand.readable(rgb{}, lightSurface, lightSunken, lightSurface.mix(brand, 0.1)), lightSurface.mix(brand, 0.1)
		dark, darkSoft := brand.readable(rgb{255, 255, 255}, darkSurface, darkSunken, darkSurface.mix(brand, 0.25)), darkSurface.mix(brand, 0.25)
		for _, pair := range [][2]rgb{{light, lightSurface}, {light, lightSunken}, {light, lightSoft}, {dark, darkSurface}, {dark, darkSunken}, {dark, darkSoft}} {
			if c := contrast(pair[0], pair[1]); c < enough {
				t.Errorf("links of %s on %s have a contrast of %.2f", brand, pair[1], c)
			}
		}
	})
}

func TestColoursThatAreNoneGiveTheDefault(t *testing.T) {
	for _, s := range []string{"", "red", "#12", "#12345g", "url(x)", "#fff;} body{display:none"} {
		if _, ok := parseColor(s); ok {
			t.Errorf("%q is taken for a colour", s)
		}
		if !strings.Contains(string(themeOf(s)), brandDefault.String()) {
			t.Errorf("%q does not give the default", s)
		}
	}
	if c, ok := parseColor(" #Fa0 "); !ok || c != (rgb{0xff, 0xaa, 0}) {
		t.Errorf("#Fa0 is read as %v", c)
	}
}

func TestAddressesInProseBecomeLinks(t *testing.T) {
	for _, c := range []struct {
		name, text string
		links      []string
	}{
		{"plain words have none", "Call 4000.", nil},
		{"a web address ends before the full stop", "See https://desk.example.org/new?a=1.", []string{"https://desk.example.org/new?a=1"}},
		{"a web address in brackets ends before the bracket", "(http://example.org/x)", []string{"http://example.org/x"}},
		{"an e-mail address", "Write to it.desk@example.org, please", []string{"mailto:it.desk@example.org"}},
		{"a script is no address", "javascript:alert(1) data:text/html,x", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var links []string
			back := ""
			for _, f := range fragments(c.text) {
				back += f.Text
				if f.Link != "" {
					links = append(links, f.Link)
				}
			}
			if strings.Join(links, " ") != strings.Join(c.links, " ") || back != c.text {
				t.Errorf("links %q, text %q", links, back)
			}
		})
	}
}

func TestEveryPictogramIsDrawn(t *testing.T) {
	for alias, name := range pictogramAliases {
		if pictograms[name] == "" {
			t.Errorf("%s stands for %s, which has no drawing", alias, name)
		}
	}
	if pictogram(`"><script>`) != pictogram("service") {
		t.Error("an unknown name does not give the general drawing")
	}
}
